#include <inttypes.h>
#include <stdlib.h>

#include "gateway/claim.h"

#define SAME_LINK "the same link as entry " /* the number follows: an approver reads whose it is, nobody else does */

static const char *add(struct desk *desk, const char *flag, const char *more)
{
	return flag_add(desk->arena, flag, more);
}

/* Longer than anybody needs, and much longer than this person usually does. */
static int flag_unusual(struct desk *desk, const struct policy *policy, const struct entry *e, struct grant *g, struct err *err)
{
	int usual = 0;
	if (policy->unusual_above == 0 || e->minutes <= policy->unusual_above)
		return 0;
	int known = store_usual_minutes(desk->store, e->person, e->kind, e->id, &usual, err);
	if (known < 0 || (int64_t)e->minutes <= (int64_t)usual * policy->unusual_times)
		return known < 0 ? -1 : 0;
	g->flag = add(desk, g->flag, known == 0 ? arena_printf(desk->arena, "unusually long: %d min", e->minutes)
	                                        : arena_printf(desk->arena, "unusually long: %d min, usually %d", e->minutes, usual));
	return 0;
}

static void flag_first(struct desk *desk, const struct policy *policy, const struct entry *e, struct grant *g)
{
	if (g->credited > policy->first_above)
		g->flag = add(desk, g->flag, e->kind == KIND_NONE ? "the first without a kind" : arena_printf(desk->arena, "the first %s", kind_name(e->kind)));
}

static int flag_duplicate(struct desk *desk, const struct entry *e, struct grant *g, struct err *err)
{
	int64_t other;
	int found = store_same_link(desk->store, e, &other, err);
	if (found > 0)
		g->flag = add(desk, g->flag, arena_printf(desk->arena, SAME_LINK "%" PRId64 " of that day", other));
	return found;
}

int claim_flags(struct desk *desk, const struct entry *e, bool first_time, bool unverified, struct grant *g, struct err *err)
{
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	if (g->credited == 0)
		return 0;
	if (policy_raises(policy, FLAG_UNUSUAL) && flag_unusual(desk, policy, e, g, err) < 0)
		return -1;
	if (policy_raises(policy, FLAG_FIRST) && first_time)
		flag_first(desk, policy, e, g);
	if (policy_raises(policy, FLAG_DUPLICATE) && flag_duplicate(desk, e, g, err) < 0)
		return -1;
	if (policy_raises(policy, FLAG_UNVERIFIED) && unverified)
		g->flag = add(desk, g->flag, UNVERIFIED);
	return 0;
}

int flag_for_approver(struct desk *desk, const char **flag, struct err *err)
{
	const char *found = *flag == NULL ? NULL : strstr(*flag, SAME_LINK);
	struct entry e;
	struct person p;
	char *end;
	if (found == NULL)
		return 0;
	const char *number = found + strlen(SAME_LINK);
	int64_t id = strtoll(number, &end, 10);
	int got = end == number ? 0 : store_entry(desk->store, id, desk->arena, &e, err);
	if (got > 0)
		got = store_person(desk->store, e.person, desk->arena, &p, err);
	if (got > 0)
		*flag = arena_printf(desk->arena, "%.*s by %s%s", (int)(end - *flag), *flag, p.name, end);
	return got < 0 ? -1 : 0;
}
