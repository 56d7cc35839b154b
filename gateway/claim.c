#include "gateway/clock.h"
#include "gateway/desk.h"

/* Credit: asks the rules what an entry counts for, and writes the answer into the ledger. */

struct using {
	struct desk *desk;
	const struct entry *entry;
	struct err *err;
	bool failed;
};

static int used(void *ctx, const struct cap *cap, int32_t from, int32_t to)
{
	struct using *u = ctx;
	int minutes = 0;
	if (store_credited(u->desk->store, u->entry->person, cap, from, to, u->entry->id, &minutes, u->err) < 0)
		u->failed = true;
	return minutes;
}

static bool same_claim(const struct entry *e, const struct grant *g)
{
	return e->reason != NULL && e->actual == g->actual && e->credited == g->credited && strcmp(e->reason, g->reason) == 0 &&
	       strcmp(e->flag == NULL ? "" : e->flag, g->flag) == 0;
}

int credit_claim(struct desk *desk, const struct person *p, struct entry *e, int64_t message, struct err *err)
{
	struct using u = {desk, e, err, false};
	int earlier = store_has_kind(desk->store, e->person, e->kind, e->id, err);
	if (earlier < 0)
		return -1;
	struct claim_facts facts = {campus_today(desk->campus, p, desk->now), earlier == 0, used, &u};
	struct grant g = {.reason = "", .flag = ""};
	ruleset_credit(desk->campus->rules, e, &facts, desk->arena, &g);
	if (u.failed)
		return -1;
	if (ruleset_policy(desk->campus->rules)->mode != POLICY_MINUTES || same_claim(e, &g))
		return 0;
	struct ledger_line line = {.at = desk->now, .person = e->person, .entry = e->id, .day = e->day, .actual = g.actual, .credited = g.credited,
	                           .reason = g.reason, .flag = g.flag, .message = message,
	                           .verb = e->undone || e->nocredit ? LEDGER_WITHDRAW : LEDGER_CLAIM};
	if (store_add_ledger(desk->store, &line, err) < 0)
		return -1;
	struct entry now;
	if (store_entry(desk->store, e->id, desk->arena, &now, err) <= 0)
		return -1;
	*e = now;
	return 0;
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
		out->lines[i] = (struct status_line){e->id, e->day, e->title, e->actual, e->credited, e->reason == NULL ? "" : e->reason, claim_state_name(e->claim)};
	}
	return 0;
}

int credit_status_of(struct desk *desk, const struct person *p, size_t latest, struct credit_status *out, struct err *err)
{
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	struct totals totals;
	int32_t from, to;
	char name[16];
	campus_year(desk->campus, campus_today(desk->campus, p, desk->now), &from, &to, name);
	if (store_totals(desk->store, p->id, from, to, &totals, err) < 0)
		return -1;
	*out = (struct credit_status){
		.year = arena_strdup(desk->arena, name), .approved = totals.approved, .waiting = totals.waiting,
		.cap = policy->pln_cap, .requirement = policy->requirement, .gave = totals.gave, .took = totals.took, .entries = totals.entries,
		.credit = policy->mode == POLICY_MINUTES,
	};
	return latest_lines(desk, p, from, to, latest, out, err);
}
