#include "gateway/decisions.h"

/* What is to happen to each item: the instructions of one mail are put together, the later line winning over the earlier; what
 * cannot be meant is unclear, and nothing is done about it. */

static bool in_ranges(const struct decision *d, int number)
{
	for (size_t i = 0; i < d->n_ranges; i++)
		if (number >= d->ranges[i].from && number <= d->ranges[i].to)
			return true;
	return false;
}

static bool ranges_exist(const struct answering *a, const struct decision *d)
{
	for (size_t i = 0; i < d->n_ranges; i++)
		if (d->ranges[i].from < 1 || (size_t)d->ranges[i].to > a->approval.n)
			return false;
	return d->same_as >= 0 && (size_t)d->same_as <= a->approval.n;
}

static void plan_one(struct plan_item *p, const struct decision *d)
{
	bool clash = p->named && p->any && (p->verb != d->verb || p->minutes != d->minutes);
	*p = (struct plan_item){.named = true, .any = true, .verb = d->verb, .minutes = d->minutes, .words = d->words, .clash = p->clash || clash, .doubtful = p->doubtful};
}

static void plan_all(struct answering *a, const struct decision *d)
{
	for (size_t i = 0; i < a->approval.n; i++) {
		struct plan_item *p = &a->plan[i];
		if (p->named || p->doubtful || in_ranges(d, a->approval.items[i].number))
			continue;
		*p = (struct plan_item){.any = true, .verb = d->verb, .words = d->words};
	}
}

void plan_decision(struct answering *a, const struct decision *d)
{
	bool doubts = d->all && a->said->unclear.n > 0; /* its exceptions are numbers of unclear lines: of a house, maybe */
	if (!doubts && !ranges_exist(a, d)) {
		strs_add(&a->outcome.unclear, a->desk->arena, arena_printf(a->desk->arena, "%s (there are %zu items)", d->line, a->approval.n));
		return;
	}
	if (d->all || (d->verb == DECISION_UNDO && d->n_ranges == 0)) {
		plan_all(a, d);
		return;
	}
	for (size_t i = 0; i < a->approval.n; i++)
		if (in_ranges(d, a->approval.items[i].number)) {
			plan_one(&a->plan[i], d);
			if (d->same_as > 0)
				a->plan[i].words = arena_printf(a->desk->arena, "\001%d", d->same_as); /* resolved when every line is known */
		}
}

static void resolve_same_as(struct answering *a)
{
	for (size_t i = 0; i < a->approval.n; i++) {
		struct plan_item *p = &a->plan[i];
		if (p->words == NULL || p->words[0] != '\001')
			continue;
		int n = 0;
		for (const char *c = p->words + 1; *c != '\0'; c++)
			n = n * 10 + (*c - '0');
		const char *words = a->plan[n - 1].words;
		const struct item *item = &a->approval.items[n - 1];
		p->words = words != NULL && words[0] != '\0' && words[0] != '\001' ? words : item->entry.reason != NULL ? item->entry.reason : "";
	}
}

/* said_parse has taken what a doubtful line names out of a plain ok. A number that no item has may be a slip for any other
 * one: then a plain ok decides nothing. */
static bool doubtful(struct answering *a, size_t before)
{
	const struct said *s = a->said;
	bool all = false;
	for (size_t i = 0; i < s->n_decisions; i++)
		all = all || (s->decisions[i].all && s->decisions[i].verb == DECISION_APPROVE);
	return all && a->outcome.unclear.n - before > s->unclear.n;
}

void make_plan(struct answering *a)
{
	const struct said *s = a->said;
	size_t before = a->outcome.unclear.n; /* of words under quoted items */
	for (size_t i = 0; i < s->unclear.n; i++)
		strs_add(&a->outcome.unclear, a->desk->arena, s->unclear.v[i]);
	for (size_t i = 0; i < s->n_decisions; i++)
		plan_decision(a, &s->decisions[i]);
	resolve_same_as(a);
	for (size_t i = 0; i < a->approval.n; i++)
		if (a->plan[i].clash) {
			strs_add(&a->outcome.unclear, a->desk->arena, arena_printf(a->desk->arena, "item %d: you said two different things about it", a->approval.items[i].number));
			a->plan[i].any = false;
		}
	if (!doubtful(a, before))
		return;
	for (size_t i = 0; i < a->approval.n; i++)
		if (!a->plan[i].named)
			a->plan[i].any = false;
}
