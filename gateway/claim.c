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

#define CHANGED_AFTER "changed after it was " /* a flag of ours, not of the rules */

static bool decided(const struct entry *e)
{
	return e->claim == CLAIM_APPROVED || e->claim == CLAIM_DENIED;
}

/* What was last claimed for the entry: a decision has put other figures in its place. */
static int last_claim(struct desk *desk, const struct entry *e, struct grant *out, struct err *err)
{
	struct ledger ledger = {0};
	*out = (struct grant){.actual = e->actual, .credited = e->credited, .reason = e->reason, .flag = e->flag};
	if (!decided(e))
		return 0;
	if (store_ledger(desk->store, 0, e->id, desk->arena, &ledger, err) < 0)
		return -1;
	for (size_t i = 0; i < ledger.n; i++)
		if (ledger.v[i].verb == LEDGER_CLAIM)
			*out = (struct grant){.actual = ledger.v[i].actual, .credited = ledger.v[i].credited, .reason = ledger.v[i].reason, .flag = ledger.v[i].flag};
	return 0;
}

static bool same_claim(const struct grant *was, const struct grant *g)
{
	const char *flag = was->flag == NULL ? "" : was->flag;
	if (was->reason == NULL || was->actual != g->actual || was->credited != g->credited || strcmp(was->reason, g->reason) != 0)
		return false;
	return strcmp(flag, g->flag) == 0 || strncmp(flag, CHANGED_AFTER, strlen(CHANGED_AFTER)) == 0;
}

int credit_claim(struct desk *desk, const struct person *p, struct entry *e, int64_t message, struct err *err)
{
	struct using u = {desk, e, err, false};
	int earlier = store_has_kind(desk->store, e->person, e->kind, e->id, err);
	if (earlier < 0)
		return -1;
	/* a note added months later must not turn an entry into a late one */
	struct claim_facts facts = {.today = campus_today(desk->campus, p, e->logged_at), .first_time = earlier == 0, .used = used, .ctx = &u, .role = p->role, .joined = p->joined};
	struct grant g = {.reason = "", .flag = ""}, was;
	ruleset_credit(desk->campus->rules, e, &facts, desk->arena, &g);
	if (u.failed || last_claim(desk, e, &was, err) < 0)
		return -1;
	if (ruleset_policy(desk->campus->rules)->mode != POLICY_MINUTES || same_claim(&was, &g))
		return 0;
	if (decided(e) && g.credited > 0 && g.flag[0] == '\0') /* a plain ok to the next letter must not cover it */
		g.flag = arena_printf(desk->arena, CHANGED_AFTER "%s", claim_state_name(e->claim));
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
