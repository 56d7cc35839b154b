#include "gateway/approvals.h"

#include <stdio.h>
#include <stdlib.h>

#include "digest/forms.h"
#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/plan-desk.h"

/* An approver who is away. After remind-after days what is still open is asked about once more, in the numbers of its letter;
 * after escalate-after days the approvers who were not asked yet are, or the operator is told that there are none. An entry is
 * reminded of and passed on once, from the letter in which it was asked about first: later letters list it again, and after a
 * time of standing still all of them would fall due at once. */

struct overdue { /* of one approver, in one round */
	struct desk desk;
	const struct roster *people;
	struct person *approver;     /* NULL: gone from the roster */
	struct approval **due;       /* oldest first */
	size_t n;
	int64_t before;              /* asked at or before it: overdue */
	struct strs *unheard;        /* for the operator, all approvers together */
	struct arena *arena;         /* of the round */
	size_t written;
};

static bool is_open(const struct entry *e)
{
	return (e->claim == CLAIM_WAITING || e->claim == CLAIM_ASKED) && !e->undone;
}

static bool decides(const struct person *p)
{
	return p->role == ROLE_APPROVER && !p->left;
}

static const char *day_of(const struct overdue *o, int64_t at)
{
	const struct campus *c = o->desk.campus;
	return day_text(o->desk.arena, campus_today(c, o->approver, at), campus_today(c, o->approver, o->desk.now));
}

/* What that approver was asked about the entry: 1, 0 never, -1. others: who else was. */
static int asked_of(struct overdue *o, const struct entry *e, struct asked_approver *mine, struct asked_approver **all, size_t *n, struct err *err)
{
	if (store_asked(o->desk.store, e->id, o->desk.arena, all, n, err) < 0)
		return -1;
	for (size_t i = 0; i < *n; i++)
		if ((*all)[i].approver == o->due[0]->approver) {
			*mine = (*all)[i];
			return 1;
		}
	return 0;
}

/* ---- the reminder */

/* Keeps the open items that were not reminded of yet. */
static int keep_new(struct overdue *o, struct approval *approval, struct err *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < approval->n; i++) {
		struct asked_approver mine = {0}, *all;
		size_t n;
		if (!is_open(&approval->items[i].entry))
			continue;
		if (asked_of(o, &approval->items[i].entry, &mine, &all, &n, err) < 0)
			return -1;
		if (!mine.reminded)
			approval->items[kept++] = approval->items[i];
	}
	approval->n = kept;
	return 0;
}

static int post_reminder(struct overdue *o, const struct approval *approval, struct err *err)
{
	struct arena *arena = o->desk.arena;
	struct approval_letter value;
	struct frame_facts facts;
	struct letter letter;
	struct stored_letter first;
	int found = store_letter_of_approval(o->desk.store, approval->id, arena, &first, err);
	struct post post = {.purpose = LETTER_REMINDER, .person = o->approver, .approval = approval->id, .follows = found > 0 ? first.message_id : NULL,
	                    .key = arena_printf(arena, "reminder:%lld", (long long)approval->id)};
	if (found < 0)
		return -1;
	approval_value(&o->desk, o->approver, approval, true, &value);
	value.reminder = true;
	value.lead = arena_printf(arena, "You were asked about this on %s, and it is still open. The numbers are those of that letter.", day_of(o, approval->asked_at));
	post_address(&o->desk, &post, &facts);
	if (letter_approval(&letter, &o->desk.campus->templates, &facts, &value, arena, err) < 0)
		return -1;
	int queued = post_letter(&o->desk, &post, &letter, err);
	o->written += queued > 0;
	return queued < 0 ? -1 : 0;
}

static int remind_of(struct overdue *o, int64_t id, struct err *err)
{
	struct approval approval;
	int found = store_approval(o->desk.store, id, o->desk.arena, &approval, err);
	if (found <= 0 || keep_new(o, &approval, err) < 0)
		return found == 0 ? 0 : -1;
	return approval.n == 0 ? 0 : post_reminder(o, &approval, err);
}

/* What was asked last, in one letter or in several parts, lists what earlier ones left open: one reminder of it is enough. */
static int remind(struct overdue *o, struct err *err)
{
	int64_t last = o->due[o->n - 1]->asked_at;
	for (size_t i = 0; o->approver != NULL && decides(o->approver) && i < o->n; i++)
		if (o->due[i]->asked_at == last && remind_of(o, o->due[i]->id, err) < 0)
			return -1;
	for (size_t i = 0; i < o->n; i++)
		if (store_set_overdue(o->desk.store, o->due[i]->id, false, o->desk.now, err) < 0)
			return -1;
	return 0;
}

/* ---- passing on */

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
	if (!is_open(&item->entry))
		return 0;
	if (asked_of(o, &item->entry, &mine, &asked, &n, err) < 0)
		return -1;
	if (mine.escalated)
		return 0;
	for (size_t i = 0; i < p->all.n; i++)
		if (p->all.v[i].id == item->entry.id)
			return 0;
	for (size_t i = 0; i < o->people->n; i++) {
		const struct person *other = &o->people->people[i];
		if (!decides(other) || other->id == item->entry.person || was_asked(asked, n, other->id))
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
	                    day_of(o, o->due[0]->asked_at));
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
	                                            p->all.n, p->all.n == 1 ? "entry" : "entries", day_of(o, o->due[0]->asked_at), p->all.n == 1 ? "it is still" : "they are still",
	                                            names, p->names.n == 1 ? "was" : "were"));
	for (size_t i = 0; i < p->all.n; i++)
		strs_add(&answer.lines, arena, arena_printf(arena, "%lld: %s", (long long)p->all.v[i].id, p->all.v[i].title));
	o->written++;
	return post_sentences(&o->desk, &post, &answer, err);
}

static int escalate(struct overdue *o, struct err *err)
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

/* ---- rounds */

static struct person *find_person(const struct roster *people, int64_t id)
{
	for (size_t i = 0; i < people->n; i++)
		if (people->people[i].id == id)
			return &people->people[i];
	return NULL;
}

static int one_approver(struct overdue *o, int (*each)(struct overdue *, struct err *), struct err *err)
{
	struct arena arena = {0};
	o->desk.arena = &arena;
	int result = store_begin(o->desk.store, err);
	if (result == 0 && (result = each(o, err)) < 0)
		store_rollback(o->desk.store);
	else if (result == 0)
		result = store_commit(o->desk.store, err);
	arena_release(&arena);
	return result;
}

/* Once for every approver with letters that are due. */
static int each_approver(struct overdue *o, struct approval *v, size_t n, int (*each)(struct overdue *, struct err *), struct err *err)
{
	bool *done = arena_alloc(o->arena, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (done[i])
			continue;
		o->due = arena_alloc(o->arena, (n + 1) * sizeof *o->due);
		o->n = 0;
		for (size_t k = i; k < n; k++)
			if (v[k].approver == v[i].approver) {
				done[k] = true;
				o->due[o->n++] = &v[k];
			}
		o->approver = find_person(o->people, v[i].approver);
		if (one_approver(o, each, err) < 0)
			return -1;
	}
	return 0;
}

static int tell_operator(struct overdue *o, struct err *err)
{
	char day[16];
	struct strs lines = {0};
	if (o->unheard->n == 0)
		return 0;
	strs_add(&lines, o->arena, "Nobody has decided about these for too long, and there is no approver left to ask. They go on waiting; plnpost people add NAME ADDRESS --role approver adds one, plnpost approve decides.");
	for (size_t i = 0; i < o->unheard->n; i++)
		strs_add(&lines, o->arena, o->unheard->v[i]);
	o->desk.arena = o->arena;
	if (store_begin(o->desk.store, err) < 0)
		return -1;
	const char *key = arena_printf(o->arena, "escalation:operator:%s", day_iso(day, campus_today(o->desk.campus, NULL, o->desk.now)));
	if (post_trouble(&o->desk, key, "Nobody answers approval letters", &lines, err) < 0) {
		store_rollback(o->desk.store);
		return -1;
	}
	return store_commit(o->desk.store, err);
}

static int overdue_round(struct overdue *o, int days, bool escalated, struct err *err)
{
	struct approval *v = NULL;
	size_t n = 0;
	const char *zone = o->desk.campus->config.zone;
	if (days == 0)
		return 0;
	/* local days: an hour more or less in spring and autumn moves nothing */
	o->before = clock_utc(zone, clock_day(zone, o->desk.now) - days + 1, 0) - 1;
	if (store_overdue(o->desk.store, escalated, o->before, o->arena, &v, &n, err) < 0)
		return -1;
	return each_approver(o, v, n, escalated ? escalate : remind, err);
}

int approvals_overdue(struct campus *campus, int64_t now, size_t *n, struct err *err)
{
	struct arena arena = {0};
	struct roster people = {0};
	struct strs unheard = {0};
	const struct policy *policy = ruleset_policy(campus->rules);
	struct overdue o = {.desk = {campus, campus->store, &arena, now}, .people = &people, .unheard = &unheard, .arena = &arena};
	int result = store_people(campus->store, false, &arena, &people, err);
	if (result >= 0)
		result = overdue_round(&o, policy->remind_days, false, err);
	if (result >= 0)
		result = overdue_round(&o, policy->escalate_days, true, err);
	if (result >= 0)
		result = tell_operator(&o, err);
	arena_release(&arena);
	size_t plans = 0;
	if (result >= 0)
		result = plans_overdue(campus, now, &plans, err);
	*n = o.written + plans;
	return result < 0 ? -1 : 0;
}

/* ---- once a day, at the hour at which approval letters go out */

static int seen_day(struct campus *campus, int32_t *day, struct err *err)
{
	struct arena arena = {0};
	const char *text = NULL;
	int found = store_meta(campus->store, "overdue-day", &arena, &text, err);
	*day = found > 0 ? (int32_t)strtol(text, NULL, 10) : DAY_NONE;
	arena_release(&arena);
	return found;
}

static int set_seen_day(struct campus *campus, int32_t day, struct err *err)
{
	char text[16];
	snprintf(text, sizeof text, "%d", (int)day);
	if (store_begin(campus->store, err) < 0)
		return -1;
	if (store_set_meta(campus->store, "overdue-day", text, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	return store_commit(campus->store, err);
}

int approvals_due(struct campus *campus, int64_t now, struct err *err)
{
	int32_t day, seen;
	int minute;
	size_t n = 0;
	clock_local(campus->config.zone, now, &day, &minute);
	if (minute < (int)campus->config.approval_minute)
		day--;
	int found = seen_day(campus, &seen, err);
	if (found < 0 || (found > 0 && seen >= day))
		return found < 0 ? -1 : 0;
	if (approvals_overdue(campus, now, &n, err) < 0)
		return -1;
	if (n > 0) {
		log_begin(LOG_LINE_INFO, "approvals-overdue");
		log_int("letters", (int64_t)n);
		log_end();
	}
	return set_seen_day(campus, day, err);
}
