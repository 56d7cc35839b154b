#include <limits.h>

#include "gateway/claim.h"
#include "gateway/clock.h"

/* Credit: asks the rules what an entry counts for, and writes the answer into the ledger. */

struct claiming {
	struct desk *desk;
	const struct person *person;
	const struct entry *entry;
	struct plan plan;
	struct claim_facts facts;
	struct grant was;  /* what was last claimed; reason "" = nothing yet */
	int32_t was_day;   /* as the ledger says of the claim: the entry may have been moved since, into another year even */
	struct err *err;
	bool failed;
};

static int used(void *ctx, const struct cap *cap, int32_t from, int32_t to)
{
	struct claiming *c = ctx;
	int minutes = 0, granted = 0;
	if (store_credited(c->desk->store, c->entry->person, cap, from, to, c->entry->id, &minutes, c->err) < 0 ||
	    (cap->package && policy_package(ruleset_policy(c->desk->campus->rules)) &&
	     store_granted(c->desk->store, c->entry->person, from, to, &granted, c->err) < 0))
		c->failed = true;
	return minutes + granted;
}

static int outside(void *ctx, int32_t from, int32_t to)
{
	struct claiming *c = ctx;
	int within = 0, minutes = 0;
	if (store_plan_minutes(c->desk->store, c->entry->person, c->facts.plan, from, to, c->entry->id, &within, &minutes, c->err) < 0)
		c->failed = true;
	return minutes;
}

static bool decided(const struct entry *e)
{
	return e->claim == CLAIM_APPROVED || e->claim == CLAIM_DENIED;
}

/* A decision has put other figures in the claim's place. */
static int last_claim(struct claiming *c, struct err *err)
{
	const struct entry *e = c->entry;
	struct ledger ledger = {0};
	c->was = (struct grant){.actual = e->actual, .credited = e->credited, .reason = e->reason == NULL ? "" : e->reason, .flag = e->flag == NULL ? "" : e->flag};
	c->was_day = e->day;
	if (c->was.reason[0] == '\0' && e->claim == CLAIM_NONE)
		return 0;
	if (store_ledger(c->desk->store, 0, e->id, c->desk->arena, &ledger, err) < 0)
		return -1;
	for (size_t i = 0; i < ledger.n; i++) {
		const struct ledger_line *line = &ledger.v[i];
		if (line->verb == LEDGER_CLAIM || line->verb == LEDGER_WITHDRAW)
			c->was_day = line->day;
		if (line->verb == LEDGER_CLAIM && decided(e))
			c->was = (struct grant){.actual = line->actual, .credited = line->credited, .reason = line->reason, .flag = line->flag};
	}
	return 0;
}

static struct span without_sharing(const char *reason)
{
	const char *end = strstr(reason, COUNTS_ONCE);
	return (struct span){reason, end == NULL ? strlen(reason) : (size_t)(end - reason)};
}

/* What was decided stays so while flags come and go with what others log, and while more is shared. */
static bool same_claim(const struct claiming *c, const struct grant *g)
{
	const struct grant *was = &c->was;
	if (was->actual != g->actual || was->credited != g->credited || c->was_day != c->entry->day)
		return false;
	if (!decided(c->entry))
		return strcmp(was->reason, g->reason) == 0 && strcmp(was->flag, g->flag) == 0;
	struct span before = without_sharing(was->reason), now = without_sharing(g->reason);
	return before.n == now.n && memcmp(before.p, now.p, now.n) == 0;
}

/* ---- what the rules are told */

int claim_plan(struct desk *desk, int64_t person, int32_t year, struct plan *plan, struct err *err)
{
	return store_plan_of(desk->store, person, year, true, desk->arena, plan, err);
}

/* A year that was opened again takes what is claimed now; what it had taken while it was open stays taken. */
static int reopened(struct claiming *c, int32_t year, struct err *err)
{
	int32_t until = 0, now = campus_today(c->desk->campus, c->person, c->desk->now);
	if (ruleset_late(c->desk->campus->rules, c->entry->day, c->facts.today, 0, c->desk->arena) == NULL &&
	    ruleset_late(c->desk->campus->rules, c->entry->day, now, 0, c->desk->arena) == NULL)
		return 0;
	int found = store_reopened(c->desk->store, year, &until, err);
	if (found > 0 && (now <= until || c->was.credited > 0))
		c->facts.reopened_until = until;
	return found < 0 ? -1 : 0;
}

static int gather(struct claiming *c, struct err *err)
{
	const struct policy *policy = ruleset_policy(c->desk->campus->rules);
	const struct entry *e = c->entry;
	struct claim_facts *f = &c->facts;
	int32_t from, to;
	policy_year(policy, e->day, &from, &to);
	int earlier = store_has_kind(c->desk->store, e->person, e->kind, e->id, err);
	if (earlier < 0)
		return -1;
	f->first_time = earlier == 0;
	f->role = c->person->role;
	f->joined = c->person->joined;
	f->today = campus_today(c->desk->campus, c->person, e->logged_at); /* a note added months later makes nothing late */
	f->used = used, f->outside = outside, f->ctx = c;
	if ((policy->share_minimum > 0 || policy->share_percent > 0) &&
	    store_count_shared(c->desk->store, e->person, from, to, e->id, &f->shared, &f->entries, err) < 0)
		return -1;
	int plan = policy->plan_share == 0 ? 0 : claim_plan(c->desk, e->person, from, &c->plan, err);
	f->plan = plan > 0 ? &c->plan : NULL;
	return plan < 0 ? -1 : reopened(c, from, err);
}

#define RAISED_LATE "raised too late"

/* More minutes, said when their day is over and done with, are a late claim; a certificate that comes late is not. What was held
 * once stays held, whatever else is said about the entry. */
static void hold_late(struct claiming *c, struct grant *g)
{
	int32_t now = campus_today(c->desk->campus, c->person, c->desk->now);
	bool raised = g->actual > c->was.actual || strstr(c->was.reason, RAISED_LATE) != NULL;
	if (c->was.reason[0] == '\0' || !raised || g->credited <= c->was.credited)
		return;
	const char *why = ruleset_late(c->desk->campus->rules, c->entry->day, now, c->facts.reopened_until, c->desk->arena);
	if (why == NULL)
		return;
	g->reason = arena_printf(c->desk->arena, "%d of %d: " RAISED_LATE " (%s)", c->was.credited, g->credited, why);
	g->credited = c->was.credited;
}

/* ---- the claim */

static int write_claim(struct claiming *c, const struct grant *g, struct entry *e, int64_t message, struct err *err)
{
	struct ledger_line line = {.at = c->desk->now, .person = e->person, .entry = e->id, .day = e->day, .actual = g->actual, .credited = g->credited,
	                           .reason = g->reason, .flag = g->flag, .message = message,
	                           .verb = e->undone || e->nocredit ? LEDGER_WITHDRAW : LEDGER_CLAIM};
	struct entry now;
	if (store_add_ledger(c->desk->store, &line, err) < 0 || store_entry(c->desk->store, e->id, c->desk->arena, &now, err) <= 0)
		return -1;
	*e = now;
	return 0;
}

/* What is decided already was decided before the change: it is a new question, which a plain ok to the next letter must not cover. */
static int claim_changed(struct claiming *c, struct grant *g, struct entry *e, int64_t message, struct err *err)
{
	if (same_claim(c, g))
		return 0;
	if (decided(e) && g->credited > 0 && policy_raises(ruleset_policy(c->desk->campus->rules), FLAG_CHANGED))
		g->flag = flag_add(c->desk->arena, g->flag, arena_printf(c->desk->arena, CHANGED_AFTER "%s", claim_state_name(e->claim)));
	return write_claim(c, g, e, message, err);
}

/* No minutes are counted now. What was claimed while they were stays so, but for the day that the entry is about. */
static int claim_moved(struct claiming *c, struct entry *e, int64_t message, struct err *err)
{
	struct grant g = c->was;
	if (e->undone || e->nocredit)
		g.credited = 0;
	return claim_changed(c, &g, e, message, err);
}

/* unverified: of the mail in hand; NULL = none, so that what was known about the last one holds. */
static int claim(struct desk *desk, const struct person *p, struct entry *e, int64_t message, const bool *unverified, struct err *err)
{
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	struct claiming c = {.desk = desk, .person = p, .entry = e, .err = err};
	struct grant g;
	if (last_claim(&c, err) < 0)
		return -1;
	if (policy->mode != POLICY_MINUTES)
		return c.was_day == e->day ? 0 : claim_moved(&c, e, message, err);
	if (gather(&c, err) < 0)
		return -1;
	ruleset_credit(desk->campus->rules, e, &c.facts, desk->arena, &g);
	hold_late(&c, &g);
	bool doubtful = unverified != NULL ? *unverified : strstr(c.was.flag, UNVERIFIED) != NULL;
	if (c.failed || claim_flags(desk, e, c.facts.first_time, doubtful, &g, err) < 0)
		return -1;
	const char *changed = decided(e) ? NULL : strstr(c.was.flag, CHANGED_AFTER); /* it stays a new question until it is answered */
	if (changed != NULL && g.credited > 0)
		g.flag = flag_add(desk->arena, g.flag, changed);
	return claim_changed(&c, &g, e, message, err);
}

int credit_claim(struct desk *desk, const struct person *p, struct entry *e, int64_t message, struct err *err)
{
	return claim(desk, p, e, message, NULL, err);
}

/* Where a campus takes unstamped mail as it comes, its being unstamped says nothing. */
int credit_claim_of(struct desk *desk, const struct matter *m, struct entry *e, struct err *err)
{
	bool unverified = m->mail->released != 0 || (m->reading->auth != AUTH_PASS && desk->campus->config.unstamped != UNSTAMPED_ACCEPT);
	return claim(desk, m->person, e, m->message, &unverified, err);
}

int credit_again(struct desk *desk, const struct person *p, int32_t day, int64_t message, struct err *err)
{
	struct entries list = {0};
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	int32_t from, to;
	if (policy->mode != POLICY_MINUTES || policy->plan_share == 0)
		return 0; /* nothing depends on a plan */
	policy_year(policy, day, &from, &to);
	struct entry_filter filter = {.person = p->id, .from = from, .to = to, .limit = INT_MAX};
	if (store_entries(desk->store, &filter, desk->arena, &list, err) < 0)
		return -1;
	for (size_t i = list.n; i > 0; i--) /* oldest day first */
		if (!decided(&list.v[i - 1]) && !list.v[i - 1].nocredit && credit_claim(desk, p, &list.v[i - 1], message, err) < 0)
			return -1;
	return 0;
}

static bool came_late(const struct desk *desk, const struct person *p, const struct entry *e)
{
	if (decided(e) || e->nocredit || e->undone)
		return false;
	if (strstr(e->reason, RAISED_LATE) != NULL)
		return true;
	return e->claim == CLAIM_NONE && ruleset_late(desk->campus->rules, e->day, campus_today(desk->campus, p, e->logged_at), 0, desk->arena) != NULL;
}

static int reopen_person(struct desk *desk, const struct person *p, int32_t from, int32_t to, int64_t message, struct recount *n, struct err *err)
{
	struct entries list = {0};
	struct entry_filter filter = {.person = p->id, .from = from, .to = to, .limit = INT_MAX};
	if (store_entries(desk->store, &filter, desk->arena, &list, err) < 0)
		return -1;
	for (size_t i = list.n; i > 0; i--) { /* oldest day first */
		struct entry *e = &list.v[i - 1];
		int before = e->credited;
		if (!came_late(desk, p, e))
			continue;
		if (credit_claim(desk, p, e, message, err) < 0)
			return -1;
		n->entries += e->credited > before;
		n->minutes += e->credited - before;
	}
	return 0;
}

int credit_reopened(struct desk *desk, int32_t from, int32_t to, int64_t message, struct recount *n, struct err *err)
{
	struct roster people = {0};
	struct arena arena = {0};
	struct desk one = *desk;
	one.arena = &arena; /* of one person at a time */
	*n = (struct recount){0};
	if (ruleset_policy(desk->campus->rules)->mode != POLICY_MINUTES)
		return 0;
	int result = store_people(desk->store, true, desk->arena, &people, err);
	for (size_t i = 0; i < people.n && result == 0; i++) {
		result = reopen_person(&one, &people.people[i], from, to, message, n, err);
		arena_release(&arena);
	}
	return result;
}

int credit_package(struct desk *desk, const struct person *p, int32_t day, struct grant *out, struct err *err)
{
	static const struct cap all = {.name = "", .kinds = UINT32_MAX, .per = PER_YEAR};
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	struct terms terms;
	int32_t from, to;
	int claimed = 0, granted = 0;
	policy_year(policy, day, &from, &to);
	ruleset_terms(desk->campus->rules, p->role, p->joined, day, desk->arena, &terms);
	if (store_credited(desk->store, p->id, &all, from, to, 0, &claimed, err) < 0 || store_granted(desk->store, p->id, from, to, &granted, err) < 0)
		return -1;
	int used = claimed + granted, left = used < terms.pln_cap ? terms.pln_cap - used : 0;
	bool cut = terms.pln_cap > 0 && left < policy->flat_minutes;
	*out = (struct grant){.actual = policy->flat_minutes, .credited = cut ? left : policy->flat_minutes, .reason = "", .rule = "", .flag = ""};
	if (cut)
		out->reason = arena_printf(desk->arena, "%d of %d: yearly PLN cap (%d min) leaves no more", left, out->actual, terms.pln_cap);
	return 0;
}
