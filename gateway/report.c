#include "gateway/report.h"

struct needs {
	const struct ruleset *rules;
	int32_t day;
};

/* What a person works towards: what the policy lets count of the requirement. */
static int need_of(void *ctx, enum person_role role, int32_t joined)
{
	const struct needs *n = ctx;
	struct arena arena = {0};
	struct terms terms;
	ruleset_terms(n->rules, role, joined, n->day, &arena, &terms);
	arena_release(&arena);
	return terms.pln_cap > 0 ? terms.pln_cap : terms.requirement;
}

int report_make(struct campus *campus, int32_t from, int32_t to, const char *period, bool year, struct arena *arena, struct campus_report *out, struct err *err)
{
	struct needs needs = {campus->rules, to - 1};
	struct campus_report *r = arena_alloc(arena, sizeof *r);
	*r = (struct campus_report){.campus = campus->config.name, .period = period, .from = from, .to = to, .year = year,
	                            .credit = ruleset_policy(campus->rules)->mode != POLICY_OFF};
	if (store_report(campus->store, need_of, &needs, arena, r, err) < 0)
		return -1;
	report_hide(r);
	*out = *r;
	return 0;
}

struct frame_facts report_facts(struct campus *campus, int32_t today)
{
	return (struct frame_facts){.campus = campus->config.name, .address = campus->config.address, .reply_to = campus->config.address, .person = "", .today = today};
}
