#include "rules/ruleset-parts.h"

#define NO_WEEKDAY 4 /* bytes of "Thu " */

/* What holds for one person: by role, by the days of the year that they were there, and while the year takes claims. */

void policy_year(const struct policy *p, int32_t day, int32_t *from, int32_t *to)
{
	if (day == DAY_NONE) { /* a mail without a date, before its arrival is known */
		*from = *to = day;
		return;
	}
	*from = day_year_start(day, p->year_month, p->year_day);
	*to = day_year_start(*from + 367, p->year_month, p->year_day);
}

static int share(int64_t minutes, int64_t part, int64_t whole)
{
	return (int)((minutes * part + whole / 2) / whole);
}

/* Of the role where it says so, else of the policy. A share is one of the whole requirement. */
static void whole_year(const struct ruleset *rs, enum person_role role, struct terms *t)
{
	const struct role_rule *own = &rs->roles[role];
	int cap = own->given && own->pln_cap >= 0 ? own->pln_cap : rs->policy.pln_cap;
	int percent = own->given && own->pln_cap >= 0 ? own->percent : rs->policy.pln_cap_percent;
	t->earns = own->given && own->credit != EITHER ? own->credit == YES : role != ROLE_GUEST;
	t->requirement = own->given && own->requirement >= 0 ? own->requirement : role == ROLE_GUEST ? 0 : rs->policy.requirement;
	t->pln_cap = percent > 0 ? share(t->requirement, percent, 100) : cap;
	t->whole_requirement = t->requirement;
}

void ruleset_terms(const struct ruleset *rs, enum person_role role, int32_t joined, int32_t day, struct arena *arena, struct terms *t)
{
	int32_t from, to;
	char text[24];
	*t = (struct terms){.why = ""};
	whole_year(rs, role, t);
	policy_year(&rs->policy, day, &from, &to);
	if (joined <= from || joined >= to || joined == 0)
		return;
	t->requirement = share(t->requirement, to - joined, to - from);
	if (t->pln_cap > 0)
		t->pln_cap = share(t->pln_cap, to - joined, to - from) > 0 ? share(t->pln_cap, to - joined, to - from) : 1; /* 0 would be no cap */
	t->why = arena_printf(arena, "joined %s", day_short(text, joined, DAY_NONE) + NO_WEEKDAY);
}

const char *ruleset_late(const struct ruleset *rs, int32_t day, int32_t today, int32_t reopened_until, struct arena *arena)
{
	const struct policy *policy = &rs->policy;
	int32_t from, to;
	char text[24];
	if (today == DAY_NONE || day == DAY_NONE || (reopened_until != 0 && today <= reopened_until))
		return NULL;
	if (policy->late_days > 0 && (int64_t)day < (int64_t)today - policy->late_days)
		return arena_printf(arena, "more than %d days ago", policy->late_days);
	policy_year(policy, day, &from, &to);
	if (policy->closes_days > 0 && (int64_t)today >= (int64_t)to + policy->closes_days)
		return arena_printf(arena, "that school year closed on %s", day_short(text, to + policy->closes_days - 1, DAY_NONE) + NO_WEEKDAY);
	return NULL;
}
