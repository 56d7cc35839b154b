#include "rules/ruleset-parts.h"

/* What a rule granted, cut by every cap that covers the entry. */

struct cutting {
	const struct ruleset *rs;
	const struct entry *e;
	const struct claim_facts *facts;
	const struct terms *terms;
	struct arena *arena;
	struct grant *out;
};

static bool covers(const struct cap *cap, const struct entry *e, enum person_role role)
{
	return (cap->kinds >> e->kind & 1) != 0 && (cap->stars == STARS_ANY || (cap->stars == STARS_ONLY) == e->starred) &&
	       (cap->roles == 0 || (cap->roles >> role & 1) != 0);
}

static void cap_days(const struct policy *policy, enum cap_period per, int32_t day, int32_t *from, int32_t *to)
{
	*from = day;
	*to = day + 1;
	switch (per) {
	case PER_ENTRY:
	case PER_DAY:
		break;
	case PER_WEEK:
		*from = day - day_weekday(day) + 1;
		*to = *from + 7;
		break;
	case PER_YEAR:
		policy_year(policy, day, from, to);
		break;
	}
}

static int cap_used(const struct cutting *c, const struct cap *cap)
{
	int32_t from, to;
	if (cap->per == PER_ENTRY || c->facts->used == NULL)
		return 0;
	cap_days(&c->rs->policy, cap->per, c->e->day, &from, &to);
	int used = c->facts->used(c->facts->ctx, cap, from, to);
	return used > 0 ? used : 0;
}

static void cut_to(struct cutting *c, int left, const char *reason, const char *name, const char *flag)
{
	c->out->reason = reason;
	c->out->credited = left;
	c->out->cause = name;
	if (policy_raises(&c->rs->policy, FLAG_CAP))
		c->out->flag = flag_add(c->arena, c->out->flag, flag);
}

static void apply_cap(struct cutting *c, const struct cap *cap)
{
	if (c->out->credited == 0 || !covers(cap, c->e, c->facts->role) || (cap->percent > 0 && c->terms->whole_requirement == 0))
		return; /* who owes nothing has no share of it to fill */
	int most = cap->percent > 0 ? (int)((int64_t)c->terms->requirement * cap->percent / 100) : cap->minutes;
	int used = cap_used(c, cap), left = used < most ? most - used : 0;
	if (c->out->credited <= left)
		return;
	const char *reason = left == 0 ? arena_printf(c->arena, "0: %s reached (%d of %d min)", cap->name, used, most)
	                               : arena_printf(c->arena, "%d of %d: %s (%d min) leaves no more", left, c->out->credited, cap->name, most);
	cut_to(c, left, reason, cap->name, arena_printf(c->arena, "over the %s", cap->name));
}

/* What lies outside the plan may fill what the plan need not: no later entry can undo the share, whatever comes first. */
static void apply_plan(struct cutting *c)
{
	const struct policy *policy = &c->rs->policy;
	int whole = c->terms->pln_cap > 0 ? c->terms->pln_cap : c->terms->requirement;
	int32_t from, to;
	if (policy->plan_share == 0 || whole == 0 || c->out->credited == 0 || (c->facts->plan != NULL && plan_covers(c->facts->plan, c->e)))
		return;
	policy_year(policy, c->e->day, &from, &to);
	int most = (int)((int64_t)whole * (100 - policy->plan_share) / 100);
	int used = c->facts->outside == NULL ? 0 : c->facts->outside(c->facts->ctx, from, to), left = used < most ? most - used : 0;
	if (c->out->credited <= left)
		return;
	const char *where = c->facts->plan == NULL ? "no plan is approved yet; without one" : "outside your plan";
	const char *reason = left == 0 ? arena_printf(c->arena, "0: %s %d min a year count (%d used)", where, most, used)
	                               : arena_printf(c->arena, "%d of %d: %s %d min a year count", left, c->out->credited, where, most);
	cut_to(c, left, reason, "share of the plan", "outside the plan");
}

void credit_caps(const struct ruleset *rs, const struct entry *e, const struct claim_facts *facts, const struct terms *terms, struct arena *arena,
                 struct grant *out)
{
	struct cutting c = {rs, e, facts, terms, arena, out};
	const struct cap year = {.name = "yearly PLN cap", .kinds = UINT32_MAX, .per = PER_YEAR, .minutes = terms->pln_cap, .package = true};
	for (size_t i = 0; i < rs->n_caps; i++)
		apply_cap(&c, &rs->caps[i].cap);
	if (terms->pln_cap > 0)
		apply_cap(&c, &year);
	apply_plan(&c);
}
