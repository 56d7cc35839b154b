#include "gateway/simulate.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"

#define OUTSIDE (2 * KIND_COUNT)  /* the sum of what lies outside the plan, behind one for each kind, starred or not */
#define SUMS (2 * KIND_COUNT + 1)

/* One person's year under one set of rules: minutes by day, summed by Fenwick trees, so that a cap of any period costs the same. */
struct replay {
	const struct ruleset *rules;
	int32_t from, to; /* days that its sums hold */
	int *trees[SUMS];
	int granted;
};

struct simulating {
	const struct campus *campus;
	int32_t from, to;
	int32_t reopened_until;
	struct replay now, other;
	struct arena arena; /* of the trees */
};

/* ---- sums */

static void sum_add(struct replay *r, int tree, int32_t day, int minutes)
{
	for (int32_t i = day - r->from + 1; i <= r->to - r->from; i += i & -i)
		r->trees[tree][i] += minutes;
}

static int sum_before(const struct replay *r, int tree, int32_t day)
{
	int sum = 0;
	for (int32_t i = day - r->from; i > 0; i -= i & -i)
		sum += r->trees[tree][i];
	return sum;
}

static int sum_between(const struct replay *r, int tree, int32_t from, int32_t to)
{
	from = from < r->from ? r->from : from;
	to = to > r->to ? r->to : to;
	return from >= to ? 0 : sum_before(r, tree, to) - sum_before(r, tree, from);
}

static int used(void *ctx, const struct cap *cap, int32_t from, int32_t to)
{
	const struct replay *r = ctx;
	int sum = cap->package && policy_package(ruleset_policy(r->rules)) ? r->granted : 0;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		for (int starred = 0; starred < 2; starred++)
			if ((cap->kinds >> kind & 1) != 0 && (cap->stars == STARS_ANY || (cap->stars == STARS_ONLY) == starred))
				sum += sum_between(r, 2 * kind + starred, from, to);
	return sum;
}

static int outside(void *ctx, int32_t from, int32_t to)
{
	return sum_between(ctx, OUTSIDE, from, to);
}

static void open_replay(struct simulating *s, struct replay *r, const struct ruleset *rules)
{
	int32_t from, to, first, last;
	policy_year(ruleset_policy(rules), s->from, &from, &to);
	first = (from < s->from ? from : s->from) - 7; /* a week may begin before the year */
	policy_year(ruleset_policy(rules), s->to - 1, &from, &to);
	last = (to > s->to ? to : s->to) + 7;
	*r = (struct replay){.rules = rules, .from = first, .to = last};
	for (int i = 0; i < SUMS; i++)
		r->trees[i] = arena_alloc(&s->arena, (size_t)(last - first + 1) * sizeof **r->trees);
}

struct simulating *simulate_open(const struct campus *campus, const struct ruleset *other, int32_t year)
{
	struct simulating *s = calloc(1, sizeof *s);
	int32_t until = 0;
	if (s == NULL)
		abort();
	s->campus = campus;
	policy_year(ruleset_policy(campus->rules), year, &s->from, &s->to);
	if (store_reopened(campus->store, s->from, &until, NULL) > 0)
		s->reopened_until = until;
	open_replay(s, &s->now, campus->rules);
	open_replay(s, &s->other, other);
	return s;
}

void simulate_close(struct simulating *s)
{
	if (s != NULL)
		arena_release(&s->arena);
	free(s);
}

/* ---- one person */

struct retelling {
	struct simulating *s;
	const struct person *person;
	int64_t first[KIND_COUNT];
	struct plan plan;
	bool has_plan;
	int shared, entries; /* so far */
	struct arena *arena;
};

static bool counted(enum claim_state claim)
{
	return claim == CLAIM_WAITING || claim == CLAIM_APPROVED || claim == CLAIM_ASKED;
}

static void note_minutes(struct retelling *t, struct replay *r, const struct entry *e, int minutes)
{
	if (minutes == 0 || e->day < r->from || e->day >= r->to)
		return;
	sum_add(r, 2 * (int)e->kind + e->starred, e->day, minutes);
	if (ruleset_policy(r->rules)->plan_share > 0 && !(t->has_plan && plan_covers(&t->plan, e)))
		sum_add(r, OUTSIDE, e->day, minutes);
}

static void count_again(struct retelling *t, struct replay *r, const struct entry *e, struct grant *g)
{
	struct claim_facts facts = {
		.today = campus_today(t->s->campus, t->person, e->logged_at), .first_time = t->first[e->kind] == e->id, .used = used, .outside = outside,
		.ctx = r, .role = t->person->role, .joined = t->person->joined, .reopened_until = t->s->reopened_until,
		.plan = t->has_plan ? &t->plan : NULL, .shared = t->shared, .entries = t->entries,
	};
	ruleset_credit(r->rules, e, &facts, t->arena, g);
	note_minutes(t, r, e, g->credited);
}

static void keep(struct retelling *t, const struct claimed *c, int minutes)
{
	note_minutes(t, &t->s->now, &c->entry, minutes);
	note_minutes(t, &t->s->other, &c->entry, minutes);
}

static void retell(struct retelling *t, const struct claimed *c, struct simulation *out)
{
	const struct entry *e = &c->entry;
	struct grant now, other;
	int was = counted(e->claim) ? e->credited : 0;
	if (e->day < t->s->from || e->day >= t->s->to) { /* of a week that reaches into the year, or of the other rules' year */
		keep(t, c, was);
		return;
	}
	struct simulated *v = ARENA_PUSH(t->arena, out->v, out->n);
	*v = (struct simulated){.entry = e, .by_hand = c->by_hand, .was = was, .is = was, .why = e->reason, .cause = ""};
	if (c->by_hand) {
		keep(t, c, was);
		out->by_hand++;
	} else {
		count_again(t, &t->s->now, e, &now);
		count_again(t, &t->s->other, e, &other);
		if (now.credited != other.credited && other.credited != was) {
			v->is = other.credited;
			v->why = other.reason;
			v->cause = other.cause;
			out->changed++;
		}
	}
	t->entries++;
	t->shared += !e->is_private;
	out->was += v->was;
	out->is += v->is;
}

static void forget(struct replay *r, int granted)
{
	for (int i = 0; i < SUMS; i++)
		memset(r->trees[i], 0, (size_t)(r->to - r->from + 1) * sizeof **r->trees);
	r->granted = granted;
}

static int read_person(struct simulating *s, struct retelling *t, struct err *err)
{
	struct store *store = s->campus->store;
	bool asks_plan = ruleset_policy(s->now.rules)->plan_share > 0 || ruleset_policy(s->other.rules)->plan_share > 0;
	int granted = 0, plan = 0;
	if (store_first_of_kinds(store, t->person->id, t->first, err) < 0 || store_granted(store, t->person->id, s->from, s->to, &granted, err) < 0)
		return -1;
	if (asks_plan)
		plan = store_plan_of(store, t->person->id, s->from, true, t->arena, &t->plan, err);
	t->has_plan = plan > 0;
	forget(&s->now, granted);
	forget(&s->other, granted);
	return plan < 0 ? -1 : 0;
}

int simulate_person(struct simulating *s, const struct person *p, struct arena *arena, struct simulation *out, struct err *err)
{
	struct retelling t = {.s = s, .person = p, .arena = arena};
	struct claimed *v = NULL;
	size_t n = 0;
	int32_t first = s->now.from < s->other.from ? s->now.from : s->other.from, last = s->now.to > s->other.to ? s->now.to : s->other.to;
	*out = (struct simulation){0};
	ruleset_terms(s->other.rules, p->role, p->joined, s->from, arena, &out->terms);
	if (read_person(s, &t, err) < 0 || store_claimed(s->campus->store, p->id, first, last, arena, &v, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		retell(&t, &v[i], out);
	return 0;
}

/* ---- why, in a few words */

#define CAUSES_MAX 64
#define CAUSES_SHOWN 3

struct cause {
	const char *name;
	int minutes;
};

static int by_weight(const void *a, const void *b)
{
	const struct cause *x = a, *y = b;
	return (abs(x->minutes) < abs(y->minutes)) - (abs(x->minutes) > abs(y->minutes));
}

static size_t gather_causes(const struct simulation *s, struct cause causes[CAUSES_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct simulated *v = &s->v[i];
		size_t at = 0;
		if (v->is == v->was)
			continue;
		while (at < n && strcmp(causes[at].name, v->cause) != 0)
			at++;
		if (at == n && n == CAUSES_MAX)
			continue; /* there are no more than rules and caps: a ruleset of hundreds */
		if (at == n)
			causes[n++] = (struct cause){v->cause, 0};
		causes[at].minutes += v->is - v->was;
	}
	return n;
}

const char *simulation_why(const struct simulation *s, struct arena *arena)
{
	struct cause causes[CAUSES_MAX];
	size_t n = gather_causes(s, causes);
	const char *out = "";
	if (n > 0)
		qsort(causes, n, sizeof *causes, by_weight);
	for (size_t i = 0; i < n && i < CAUSES_SHOWN; i++)
		out = arena_printf(arena, "%s%s%s %+d", out, i == 0 ? "" : ", ", causes[i].name, causes[i].minutes);
	return n > CAUSES_SHOWN ? arena_printf(arena, "%s and %zu more", out, n - CAUSES_SHOWN) : out;
}
