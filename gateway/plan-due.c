#include "gateway/clock.h"
#include "gateway/plan-desk.h"

/* A plan that waits for an approver who is away: after remind-after days those who were asked are reminded, after escalate-after days the
 * other approvers are asked as well, or the operator is told that there are none. The letters' keys see to it that each comes once. */

static bool among(const struct person_list *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].id == id)
			return true;
	return false;
}

static int remind(struct plan_desk *p, const struct person_list *asked, const char *since)
{
	const char *lead = arena_printf(p->desk->arena, "You were asked on %s, and it is still open.", since);
	for (size_t i = 0; i < asked->n; i++)
		if (plan_ask(p, &asked->v[i], "remind", lead) < 0)
			return -1;
	return 0;
}

static int tell_operator(struct plan_desk *p, const char *since)
{
	struct strs lines = {0};
	plan_add(p, &lines, "The plan of %s for %s waits since %s, and there is no other approver to ask.", p->owner.name, p->year, since);
	plan_add(p, &lines, "plnpost people add NAME ADDRESS --role approver adds one; plnpost plan approve decides.");
	return post_trouble(p->desk, arena_printf(p->desk->arena, "plan:%lld:operator:%lld", (long long)p->plan.id, (long long)p->plan.message), "Nobody decides about a plan", &lines, p->err);
}

static int escalate(struct plan_desk *p, const struct person_list *asked, const char *since)
{
	struct roster people = {0};
	bool any = false;
	const char *lead = arena_printf(p->desk->arena, "%s was asked on %s and has not decided yet. You are asked now as well; whoever answers first decides.",
	                                asked->n > 0 ? asked->v[0].name : "Somebody who left", since);
	if (store_people(p->desk->store, false, p->desk->arena, &people, p->err) < 0)
		return -1;
	for (size_t i = 0; i < people.n; i++) {
		const struct person *other = &people.people[i];
		if (other->role != ROLE_APPROVER || other->id == p->owner.id || among(asked, other->id))
			continue;
		any = true;
		if (plan_ask(p, other, "escalate", lead) < 0)
			return -1;
	}
	return any ? 0 : tell_operator(p, since);
}

/* Whole local days since then. */
static int days_since(const struct campus *c, int64_t at, int64_t now)
{
	return clock_day(c->config.zone, now) - clock_day(c->config.zone, at);
}

static int one_plan(struct desk *desk, const struct plan *plan, size_t *n, struct err *err)
{
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	struct message sent;
	struct person owner;
	struct plan_desk p;
	struct person_list asked;
	int found = store_message(desk->store, plan->message, desk->arena, &sent, err);
	if (found > 0)
		found = store_person(desk->store, plan->person, desk->arena, &owner, err);
	if (found <= 0 || owner.left)
		return found < 0 ? -1 : 0;
	int days = days_since(desk->campus, sent.received_at, desk->now);
	bool late = policy->remind_days > 0 && days >= policy->remind_days, later = policy->escalate_days > 0 && days >= policy->escalate_days;
	if (!late && !later)
		return 0;
	struct matter m = {.person = &owner, .message = plan->message};
	if (plan_desk_open(&p, desk, &m, err) < 0 || plan_desk_load(&p, plan->id) <= 0 || plan_approvers(&p, &asked) < 0)
		return -1;
	const char *since = plan_day(&p, sent.received_at);
	if ((late && remind(&p, &asked, since) < 0) || (later && escalate(&p, &asked, since) < 0))
		return -1;
	*n += p.posted;
	return 0;
}

static int year_of_plans(struct desk *desk, int32_t year, size_t *n, struct err *err)
{
	struct plans plans;
	if (store_plans(desk->store, 0, year, desk->arena, &plans, err) < 0)
		return -1;
	for (size_t i = 0; i < plans.n; i++)
		if (plans.v[i].state == PLAN_WAITING && one_plan(desk, &plans.v[i], n, err) < 0)
			return -1;
	return 0;
}

int plans_overdue(struct campus *campus, int64_t now, size_t *n, struct err *err)
{
	struct arena arena = {0};
	struct desk desk = {campus, campus->store, &arena, now};
	int32_t from, to, last;
	char name[16];
	size_t written = 0;
	campus_year(campus, campus_today(campus, NULL, now), &from, &to, name);
	campus_year(campus, from - 1, &last, &to, name);
	int result = store_begin(campus->store, err);
	if (result == 0) {
		if (year_of_plans(&desk, last, &written, err) < 0 || year_of_plans(&desk, from, &written, err) < 0) {
			store_rollback(campus->store);
			result = -1;
		} else
			result = store_commit(campus->store, err);
	}
	arena_release(&arena);
	*n = written;
	return result;
}
