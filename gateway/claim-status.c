#include "gateway/claim.h"
#include "gateway/clock.h"

/* How a person stands: sums, what is required of them, and what the rules ask beside minutes. */

struct standing {
	struct desk *desk;
	const struct person *person;
	const struct policy *policy;
	const struct terms *terms;
	const struct totals *totals;
	int32_t from, to;
	struct strs *out;
};

static void say(struct standing *s, const char *line)
{
	strs_add(s->out, s->desk->arena, line);
}

static void say_joined(struct standing *s)
{
	struct arena *arena = s->desk->arena;
	if (s->terms->why[0] != '\0' && s->terms->whole_requirement > 0)
		say(s, arena_printf(arena, "%s of %s: you %s.", minutes_text(arena, s->terms->requirement),
		                    minutes_text(arena, s->terms->whole_requirement), s->terms->why));
}

static int say_package(struct standing *s, struct err *err)
{
	struct interview iv;
	struct person by;
	struct arena *arena = s->desk->arena;
	if (s->totals->granted <= 0)
		return 0;
	int found = store_interview_of(s->desk->store, s->person->id, s->from, arena, &iv, err);
	if (found > 0)
		found = store_person(s->desk->store, iv.decided_by, arena, &by, err);
	const char *minutes = minutes_text(arena, s->totals->granted);
	say(s, found > 0 ? arena_printf(arena, "%s granted (package, signed by %s).", minutes, by.name) : arena_printf(arena, "%s of it were granted as a package.", minutes));
	return found < 0 ? -1 : 0;
}

static void say_shared(struct standing *s)
{
	int shared = s->totals->shared, all = s->totals->entries, least = s->policy->share_minimum;
	if (s->policy->share_percent > 0)
		least = (int)(((int64_t)all * s->policy->share_percent + 99) / 100);
	if (s->policy->share_minimum == 0 && s->policy->share_percent == 0)
		return;
	say(s, shared >= least ? arena_printf(s->desk->arena, "Shared: %d of %d, as many as asked.", shared, all)
	                       : arena_printf(s->desk->arena, "Shared so far: %d; your minutes count toward the requirement once it is %d.", shared, least));
}

static int say_breadth(struct standing *s, bool fully, struct err *err)
{
	int kinds = 0, hosts = 0;
	if (s->policy->breadth == 0)
		return 0;
	if (store_breadth(s->desk->store, s->person->id, s->from, s->to, &kinds, fully ? &hosts : NULL, err) < 0)
		return -1;
	const char *sites = hosts == 0 ? "" : arena_printf(s->desk->arena, ", from %d site%s", hosts, hosts == 1 ? "" : "s");
	say(s, arena_printf(s->desk->arena, "Breadth: %d of %d kinds%s%s.", kinds, s->policy->breadth, sites, kinds < s->policy->breadth ? "; try another" : ""));
	return 0;
}

static int say_plan(struct standing *s, struct err *err)
{
	struct plan plan;
	int within, outside;
	int found = claim_plan(s->desk, s->person->id, s->from, &plan, err);
	if (found < 0 || store_plan_minutes(s->desk->store, s->person->id, found > 0 ? &plan : NULL, s->from, s->to, 0, &within, &outside, err) < 0)
		return -1;
	int64_t sum = (int64_t)within + outside;
	say(s, found == 0 ? arena_printf(s->desk->arena, "No plan is approved yet: %d %% of the minutes must lie within one.", s->policy->plan_share)
	                  : arena_printf(s->desk->arena, "Within your plan: %d %% of the minutes, %d %% are asked.", sum == 0 ? 100 : (int)(within * 100 / sum), s->policy->plan_share));
	return 0;
}

/* fully: also what takes a look at every entry of the year. */
static int checks(struct standing *s, bool fully, struct err *err)
{
	say_joined(s);
	if (say_package(s, err) < 0)
		return -1;
	say_shared(s);
	if (say_breadth(s, fully, err) < 0)
		return -1;
	return fully && s->policy->plan_share > 0 ? say_plan(s, err) : 0;
}

static int latest_lines(struct desk *desk, const struct person *p, int32_t from, int32_t to, size_t latest, struct credit_status *out, struct err *err)
{
	struct entries list = {0};
	struct entry_filter filter = {.person = p->id, .from = from, .to = to, .limit = (int)latest};
	if (latest == 0)
		return 0;
	if (store_entries(desk->store, &filter, desk->arena, &list, err) < 0)
		return -1;
	out->lines = arena_alloc(desk->arena, list.n * sizeof *out->lines);
	out->n_lines = list.n;
	for (size_t i = 0; i < list.n; i++) {
		const struct entry *e = &list.v[i];
		out->lines[i] = (struct status_line){.entry = e->id, .day = e->day, .title = e->title, .actual = e->actual, .credited = e->credited,
		                                     .reason = e->reason == NULL ? "" : e->reason, .state = claim_state_name(e->claim),
		                                     .unstated = e->minutes == MINUTES_NONE};
	}
	return 0;
}

/* Of the person's year in hand: the terms, the sums as `read` finds them, and what of both the status shows. */
static int sum_up(struct standing *s, struct terms *terms, struct totals *totals,
                  int (*read)(struct store *, int64_t, int32_t, int32_t, struct totals *, struct err *), struct credit_status *out, struct err *err)
{
	struct desk *desk = s->desk;
	int32_t today = campus_today(desk->campus, s->person, desk->now);
	char name[16];
	campus_year(desk->campus, today, &s->from, &s->to, name);
	if (read(desk->store, s->person->id, s->from, s->to, totals, err) < 0)
		return -1;
	ruleset_terms(desk->campus->rules, s->person->role, s->person->joined, today, desk->arena, terms);
	*out = (struct credit_status){
		.year = arena_strdup(desk->arena, name), .approved = totals->approved, .waiting = totals->waiting,
		.cap = terms->pln_cap, .requirement = terms->requirement, .gave = totals->gave, .took = totals->took, .entries = totals->entries,
		.credit = terms->earns && (s->policy->mode == POLICY_MINUTES || policy_package(s->policy)),
	};
	return 0;
}

int credit_standing_of(struct desk *desk, const struct person *p, struct credit_status *out, struct err *err)
{
	struct totals totals;
	struct terms terms;
	struct standing s = {.desk = desk, .person = p, .policy = ruleset_policy(desk->campus->rules)};
	return sum_up(&s, &terms, &totals, store_standing, out, err);
}

int credit_status_of(struct desk *desk, const struct person *p, size_t latest, struct credit_status *out, struct err *err)
{
	struct totals totals;
	struct terms terms;
	struct standing s = {.desk = desk, .person = p, .policy = ruleset_policy(desk->campus->rules), .terms = &terms, .totals = &totals, .out = &out->checks};
	if (sum_up(&s, &terms, &totals, store_totals, out, err) < 0 || plan_status_of(desk, p, s.from, s.to, out, err) < 0)
		return -1;
	if (out->credit && checks(&s, latest > 0, err) < 0)
		return -1;
	return latest_lines(desk, p, s.from, s.to, latest, out, err);
}
