#include <stddef.h>

#include "gateway/decisions.h"

/* Who hears of a decision: the approver (and the delegate who wrote it), the teachers, the other approvers who were asked. */

static const char *decided_verb(struct arena *arena, const struct plan_item *p)
{
	switch (p->verb) {
	case DECISION_DENY:
		return "denied";
	case DECISION_ASK:
		return "asked";
	case DECISION_MINUTES:
		return arena_printf(arena, "approved at %s", minutes_text(arena, p->minutes));
	case DECISION_APPROVE:
	case DECISION_UNDO:
	case DECISION_COUNT:
		break;
	}
	return NULL; /* what was simply approved stands in the digest */
}

static bool listed(const struct outcome_list *list, int number)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].number == number)
			return true;
	return false;
}

/* What the teacher's answer is about: the one entry, or the one that was asked about; 0 = several. */
static int64_t answerable(const struct answering *a, const struct decided *v, size_t n)
{
	int64_t asked = 0;
	size_t n_asked = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < a->outcome.asked.n; j++)
			if (&a->approval.items[a->outcome.asked.v[j].number - 1].entry == v[i].entry) {
				asked = v[i].entry->id;
				n_asked++;
			}
	return n_asked == 1 ? asked : n == 1 ? v[0].entry->id : 0;
}

static const char *entry_ids(const struct answering *a, const struct decided *v, size_t n)
{
	const char *ids = "";
	for (size_t i = 0; i < n; i++)
		ids = arena_printf(a->desk->arena, "%s%s%lld", ids, i == 0 ? "" : " ", (long long)v[i].entry->id);
	return ids;
}

static int tell_teacher(struct answering *a, int64_t person, const struct decided *v, size_t n)
{
	struct person p;
	struct frame_facts facts;
	struct letter letter;
	int found = store_person(a->desk->store, person, a->desk->arena, &p, a->err);
	if (found <= 0)
		return found;
	struct post post = {.purpose = LETTER_OUTCOME, .person = &p, .entry = answerable(a, v, n), .numbered = n > 1 ? entry_ids(a, v, n) : NULL,
	                    .key = arena_printf(a->desk->arena, "decided:%s:%lld", a->moment, (long long)person)};
	post_address(a->desk, &post, &facts);
	if (letter_decided(&letter, &a->desk->campus->templates, &facts, v, n, a->desk->arena, a->err) < 0)
		return -1;
	return post_letter(a->desk, &post, &letter, a->err) < 0 ? -1 : 0;
}

int tell_teachers(struct answering *a)
{
	size_t n = a->approval.n;
	struct decided *v = arena_alloc(a->desk->arena, (n + 1) * sizeof *v);
	bool *told = arena_alloc(a->desk->arena, n + 1);
	for (size_t i = 0; i < n; i++) {
		size_t count = 0;
		for (size_t j = i; j < n; j++) {
			const struct item *item = &a->approval.items[j];
			const char *verb = a->plan[j].any ? decided_verb(a->desk->arena, &a->plan[j]) : NULL;
			bool done = listed(&a->outcome.denied, item->number) || listed(&a->outcome.asked, item->number) || listed(&a->outcome.changed, item->number);
			if (told[j] || !done || verb == NULL || item->entry.person != a->approval.items[i].entry.person)
				continue;
			told[j] = true;
			v[count++] = (struct decided){&item->entry, decider_name(a->desk->arena, a->m->person->name, a->m->delegate == NULL ? NULL : a->m->delegate->name), verb, a->plan[j].words == NULL ? "" : a->plan[j].words};
		}
		if (count > 0 && tell_teacher(a, a->approval.items[i].entry.person, v, count) < 0)
			return -1;
	}
	return 0;
}

static int post_outcome(struct answering *a, struct post *post, const struct outcome *outcome)
{
	struct frame_facts facts;
	struct letter letter;
	post_address(a->desk, post, &facts);
	if (letter_outcome(&letter, &a->desk->campus->templates, &facts, outcome, a->desk->arena, a->err) < 0)
		return -1;
	return post_letter(a->desk, post, &letter, a->err) < 0 ? -1 : 0;
}

/* What was approved without her has to be named: an answer to her own letter need not be. */
static void lead_of_command(struct answering *a)
{
	struct arena *arena = a->desk->arena;
	a->outcome.lead = "This was decided in your name on the gateway's command line. If it is not what you want, take it back by answering this.";
	for (size_t i = 0; i < a->outcome.approved.n; i++) {
		const struct outcome_item *item = &a->outcome.approved.v[i];
		strs_add(&a->outcome.earlier, arena, arena_printf(arena, "%d: %s, %s: %s", item->number, item->teacher, item->title, minutes_text(arena, item->minutes)));
	}
}

/* To the approver, and when a delegate wrote it to both. */
int answer_approver(struct answering *a)
{
	struct arena *arena = a->desk->arena;
	const struct person *delegate = a->m->delegate;
	struct post post = {.purpose = LETTER_OUTCOME, .person = a->m->person, .answers = a->m->reading, .approval = a->approval.id,
	                    .key = arena_printf(arena, "outcome:%s", a->moment)};
	const struct policy *policy = ruleset_policy(a->desk->campus->rules);
	a->outcome.undo_until = campus_today(a->desk->campus, a->m->person, a->desk->now + (int64_t)policy->undo_days * 86400);
	a->outcome.lead = delegate == NULL ? NULL : arena_printf(arena, "%s answered for you.", delegate->name);
	if (a->by_command)
		lead_of_command(a);
	if (post_outcome(a, &post, &a->outcome) < 0)
		return -1;
	if (delegate == NULL)
		return 0;
	post.person = delegate;
	post.key = arena_printf(arena, "outcome:%s:delegate", a->moment);
	a->outcome.lead = arena_printf(arena, "You answered for %s, who has a copy of this.", a->m->person->name);
	return post_outcome(a, &post, &a->outcome);
}

/* ---- the other approvers who were asked: one letter each, in the numbers of their own letter */

struct other {
	int64_t approver, approval; /* the latest of their letters that holds one of the items */
	struct outcome outcome;
};

struct others {
	struct other *v;
	size_t n;
};

static struct other *other_of(struct answering *a, struct others *all, int64_t approver)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].approver == approver)
			return &all->v[i];
	struct other *o = ARENA_PUSH(a->desk->arena, all->v, all->n);
	*o = (struct other){.approver = approver, .outcome = {.undo_until = DAY_NONE}};
	return o;
}

static const struct {
	size_t list; /* in struct outcome */
	const char *verb;
} announced[] = {
	{offsetof(struct outcome, approved), "approved"}, {offsetof(struct outcome, changed), "approved"},
	{offsetof(struct outcome, denied), "denied"}, {offsetof(struct outcome, undone), "open again"},
};

static const struct outcome_list *list_of(const struct outcome *o, size_t k)
{
	return (const struct outcome_list *)(const void *)((const char *)o + announced[k].list);
}

typedef void asked_fn(struct answering *, struct others *, const struct asked_approver *, size_t k, const struct outcome_item *);

static void note_latest(struct answering *a, struct others *all, const struct asked_approver *asked, size_t k, const struct outcome_item *item)
{
	struct other *o = other_of(a, all, asked->approver);
	(void)k, (void)item;
	if (asked->approval > o->approval)
		o->approval = asked->approval;
}

static void note_item(struct answering *a, struct others *all, const struct asked_approver *asked, size_t k, const struct outcome_item *item)
{
	struct other *o = other_of(a, all, asked->approver);
	struct arena *arena = a->desk->arena;
	if (asked->approval != o->approval) {
		strs_add(&o->outcome.earlier, arena, arena_printf(arena, "%s, %s: %s", item->teacher, item->title, announced[k].verb));
		return;
	}
	struct outcome_list *list = (struct outcome_list *)(void *)((char *)&o->outcome + announced[k].list);
	*ARENA_PUSH(arena, list->v, list->n) = *item;
	list->v[list->n - 1].number = asked->number;
}

static int each_asked(struct answering *a, struct others *all, asked_fn *fn)
{
	for (size_t k = 0; k < sizeof announced / sizeof *announced; k++)
		for (size_t i = 0; i < list_of(&a->outcome, k)->n; i++) {
			const struct outcome_item *item = &list_of(&a->outcome, k)->v[i];
			struct asked_approver *asked = NULL;
			size_t n = 0;
			if (store_asked(a->desk->store, a->approval.items[item->number - 1].entry.id, a->desk->arena, &asked, &n, a->err) < 0)
				return -1;
			for (size_t j = 0; j < n; j++)
				if (asked[j].approver != a->m->person->id)
					fn(a, all, &asked[j], k, item);
		}
	return 0;
}

int tell_other_approvers(struct answering *a)
{
	struct others all = {0};
	if (each_asked(a, &all, note_latest) < 0 || each_asked(a, &all, note_item) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		struct person *p = arena_alloc(a->desk->arena, sizeof *p);
		int found = store_person(a->desk->store, all.v[i].approver, a->desk->arena, p, a->err);
		if (found < 0)
			return -1;
		if (found == 0 || p->left || p->role != ROLE_APPROVER || (a->m->delegate != NULL && a->m->delegate->id == p->id))
			continue;
		struct outcome *o = &all.v[i].outcome;
		struct post post = {.purpose = LETTER_OUTCOME, .person = p, .approval = all.v[i].approval,
		                    .key = arena_printf(a->desk->arena, "decided-by-other:%s:%lld", a->moment, (long long)p->id)};
		o->by = decider_name(a->desk->arena, a->m->person->name, a->m->delegate == NULL ? NULL : a->m->delegate->name);
		o->lead = arena_printf(a->desk->arena, "%s has decided about items that you were asked about too. There is nothing left for you to do about what is decided.", o->by);
		if (post_outcome(a, &post, o) < 0)
			return -1;
	}
	return 0;
}
