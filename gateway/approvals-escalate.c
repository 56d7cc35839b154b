#include "gateway/approvals-overdue.h"

struct passing { /* what goes to each person of the roster, parallel to it */
	struct entries *lists;
	struct entries all; /* that went to anybody */
	struct strs names;
};

static bool was_asked(const struct asked_approver *v, size_t n, int64_t approver)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].approver == approver)
			return true;
	return false;
}

static bool within_time(const struct overdue *o, const struct asked_approver *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].first_at > o->before)
			return true;
	return false;
}

static void note_unheard(struct overdue *o, const struct item *item)
{
	const char *line = arena_printf(o->arena, "%lld, %s: %s", (long long)item->entry.id, item->teacher, item->entry.title);
	if (!strs_has_nocase(o->unheard, line))
		strs_add(o->unheard, o->arena, line);
}

static int pass_item(struct overdue *o, struct passing *p, const struct item *item, struct err *err)
{
	struct asked_approver mine = {0}, *asked = NULL;
	size_t n = 0;
	bool any = false;
	if (!overdue_open(&item->entry))
		return 0;
	if (overdue_asked(o, &item->entry, &mine, &asked, &n, err) < 0)
		return -1;
	if (mine.escalated)
		return 0;
	for (size_t i = 0; i < p->all.n; i++)
		if (p->all.v[i].id == item->entry.id)
			return 0;
	for (size_t i = 0; i < o->people->n; i++) {
		const struct person *other = &o->people->people[i];
		if (!overdue_decides(other) || other->id == item->entry.person || was_asked(asked, n, other->id))
			continue;
		*ARENA_PUSH(o->desk.arena, p->lists[i].v, p->lists[i].n) = item->entry;
		any = true;
	}
	if (any)
		*ARENA_PUSH(o->desk.arena, p->all.v, p->all.n) = item->entry;
	else if (!within_time(o, asked, n))
		note_unheard(o, item);
	return 0;
}

static const char *waits(const struct overdue *o)
{
	return arena_printf(o->desk.arena, "%s was asked about this on %s and has not decided yet", o->approver == NULL ? "Somebody who left" : o->approver->name,
	                    overdue_day(o, o->due[0]->asked_at));
}

static int ask_others(struct overdue *o, struct passing *p, struct err *err)
{
	const char *lead = arena_printf(o->desk.arena, "%s. You are asked now as well; whoever answers first decides, and the other is told.", waits(o));
	for (size_t i = 0; i < o->people->n; i++) {
		const struct person *other = &o->people->people[i];
		if (p->lists[i].n == 0)
			continue;
		const char *key = arena_printf(o->desk.arena, "escalation:%lld:%lld", (long long)o->due[o->n - 1]->id, (long long)other->id);
		int queued = approval_post(&o->desk, other, &p->lists[i], key, lead, err);
		if (queued < 0)
			return -1;
		o->written += queued > 0;
		strs_add(&p->names, o->desk.arena, other->name);
	}
	return 0;
}

static int tell_approver(struct overdue *o, const struct passing *p, struct err *err)
{
	struct arena *arena = o->desk.arena;
	struct answer answer = {.subject = arena_printf(arena, "%zu %s passed on", p->all.n, p->all.n == 1 ? "entry was" : "entries were")};
	const char *names = "";
	if (p->names.n == 0 || o->approver == NULL || o->approver->left)
		return 0;
	for (size_t i = 0; i < p->names.n; i++)
		names = arena_printf(arena, "%s%s%s", names, i == 0 ? "" : i + 1 < p->names.n ? ", " : " and ", p->names.v[i]);
	struct post post = {.purpose = LETTER_REMINDER, .person = o->approver, .approval = o->due[o->n - 1]->id,
	                    .key = arena_printf(arena, "escalated:%lld", (long long)o->due[o->n - 1]->id)};
	strs_add(&answer.lines, arena, arena_printf(arena, "You were asked about %zu %s on %s, and %s open. %s %s asked now as well; whoever answers first decides.",
	                                            p->all.n, p->all.n == 1 ? "entry" : "entries", overdue_day(o, o->due[0]->asked_at), p->all.n == 1 ? "it is still" : "they are still",
	                                            names, p->names.n == 1 ? "was" : "were"));
	for (size_t i = 0; i < p->all.n; i++)
		strs_add(&answer.lines, arena, arena_printf(arena, "%lld: %s", (long long)p->all.v[i].id, p->all.v[i].title));
	o->written++;
	return post_sentences(&o->desk, &post, &answer, err);
}

int overdue_escalate(struct overdue *o, struct err *err)
{
	struct passing p = {.lists = arena_alloc(o->desk.arena, (o->people->n + 1) * sizeof *p.lists)};
	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0; k < o->due[i]->n; k++)
			if (pass_item(o, &p, &o->due[i]->items[k], err) < 0)
				return -1;
	if (ask_others(o, &p, err) < 0 || tell_approver(o, &p, err) < 0)
		return -1;
	for (size_t i = 0; i < o->n; i++)
		if (store_set_overdue(o->desk.store, o->due[i]->id, true, o->desk.now, err) < 0)
			return -1;
	return 0;
}
