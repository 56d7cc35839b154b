#include "gateway/report.h"

/* What a person works towards: what the policy lets count of the requirement. */
static int need_of(const struct policy *p)
{
	return p->pln_cap > 0 ? p->pln_cap : p->requirement;
}

int report_make(struct campus *campus, int32_t from, int32_t to, const char *period, bool year, struct arena *arena, struct campus_report *out, struct err *err)
{
	const struct policy *policy = ruleset_policy(campus->rules);
	struct campus_report *r = arena_alloc(arena, sizeof *r);
	int need[PERSON_ROLE_COUNT];
	for (unsigned i = 0; i < PERSON_ROLE_COUNT; i++)
		need[i] = need_of(policy);
	*r = (struct campus_report){.campus = campus->config.name, .period = period, .from = from, .to = to, .year = year, .credit = policy->mode != POLICY_OFF};
	if (store_report(campus->store, need, arena, r, err) < 0)
		return -1;
	report_hide(r);
	*out = *r;
	return 0;
}

struct frame_facts report_facts(struct campus *campus, int32_t today)
{
	return (struct frame_facts){.campus = campus->config.name, .address = campus->config.address, .reply_to = campus->config.address, .person = "", .today = today};
}
