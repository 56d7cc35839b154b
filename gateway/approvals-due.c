#include "gateway/approvals-overdue.h"

#include <stdio.h>
#include <stdlib.h>

#include "digest/forms.h"
#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/plan-desk.h"

bool overdue_open(const struct entry *e)
{
	return (e->claim == CLAIM_WAITING || e->claim == CLAIM_ASKED) && !e->undone;
}

bool overdue_decides(const struct person *p)
{
	return p->role == ROLE_APPROVER && !p->left;
}

const char *overdue_day(const struct overdue *o, int64_t at)
{
	const struct campus *c = o->desk.campus;
	return day_text(o->desk.arena, campus_today(c, o->approver, at), campus_today(c, o->approver, o->desk.now));
}

int overdue_asked(struct overdue *o, const struct entry *e, struct asked_approver *mine, struct asked_approver **all, size_t *n, struct err *err)
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
	return each_approver(o, v, n, escalated ? overdue_escalate : overdue_remind, err);
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
