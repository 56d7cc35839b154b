/* The report's tables tell of the same figures: what one hides must not follow from another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "digest/records.h"
#include "tests/digest/attack.h"
#include "tests/digest/sample.h"

#define PEOPLE 24
#define FIGURES 256
#define EQUATIONS 64

static void add(struct cell *cell, int64_t value)
{
	cell->value += value;
	cell->people += value != 0;
}

/* What one person did: a few entries of a few kinds, each with what became of its minutes. */
static void add_person(struct campus_report *r, uint64_t *seed, unsigned entries, unsigned luck)
{
	int64_t minutes[KIND_COUNT + 1][REPORT_MONTHS + 1] = {{0}}, credited[KIND_COUNT + 1] = {0}, outcome[OUTCOMES + 1] = {0}, flow[3][REPORT_MONTHS + 1] = {{0}};
	size_t columns = r->n_months + 1, volume = entries < 10 ? 0 : entries < 30 ? 1 : 2;
	for (unsigned i = 0; i < entries; i++) {
		size_t kind = random_bits(seed) % 5, month = random_bits(seed) % r->n_months, part = random_bits(seed) % 100 < luck ? 0 : random_bits(seed) % OUTCOME_ABOVE;
		int64_t stated = 5 + (int64_t)(random_bits(seed) % 60), counted = part == OUTCOME_UNCOUNTED ? 0 : random_bits(seed) % 8 == 0 ? 3 * stated : stated - stated / 4;
		for (size_t k = 0; k < 2; k++)
			for (size_t m = 0; m < 2; m++)
				minutes[k ? KIND_COUNT : kind][m ? r->n_months : month] += stated;
		for (size_t m = 0; m < 2; m++)
			flow[kind % 2][m ? r->n_months : month]++, flow[2][m ? r->n_months : month]++;
		outcome[part] += part == OUTCOME_UNCOUNTED ? 0 : counted;
		outcome[counted > stated ? OUTCOME_ABOVE : OUTCOME_UNCOUNTED] += stated - counted;
		outcome[OUTCOMES] += stated;
		credited[kind] += part == OUTCOME_APPROVED ? counted : 0;
	}
	credited[KIND_COUNT] = outcome[OUTCOME_APPROVED];
	for (size_t k = 0; k <= KIND_COUNT; k++) {
		add(&r->credited[k], credited[k]);
		for (size_t m = 0; m < columns; m++)
			add(&r->minutes[k * columns + m], minutes[k][m]);
	}
	for (size_t i = 0; i < 3; i++)
		for (size_t m = 0; m < columns; m++)
			add(&r->flow[i * columns + m], flow[i][m]);
	for (size_t i = 0; i <= OUTCOMES; i++)
		add(&r->outcome[i], outcome[i]);
	add(r->people, 1);
	add(r->entries, entries);
	for (size_t i = 0; i < 2; i++) {
		size_t at = i ? VOLUMES : volume;
		add(&r->volumes[at], 1);
		add(&r->volume_entries[at], entries);
		r->volume_minutes[at].value += outcome[OUTCOME_APPROVED];
		r->volume_minutes[at].people++;
	}
}

static void make(struct campus_report *r, struct arena *arena, uint64_t seed)
{
	uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15);
	unsigned people = 1 + (unsigned)(random_bits(&state) % PEOPLE), most = 1 + (unsigned)(random_bits(&state) % 35), luck = (unsigned)(random_bits(&state) % 100);
	*r = (struct campus_report){.from = DAY(2025, 9, 1), .to = DAY(2025, 12, 1), .credit = true};
	report_months(r, arena);
	for (unsigned i = 0; i < people; i++)
		add_person(r, &state, 1 + (unsigned)(random_bits(&state) % most), luck);
}

/* ---- the attack */

struct reader {
	struct campus_report *r;
	const struct cell *figures[FIGURES]; /* a figure that stands in two tables is one figure */
	size_t n_figures, n_equations;
	double m[EQUATIONS * FIGURES];
};

static const struct cell *figure_of(const struct campus_report *r, const struct cell *c)
{
	const struct cell *corner = &r->minutes[(KIND_COUNT + 1) * (r->n_months + 1) - 1], *flow = &r->flow[3 * (r->n_months + 1) - 1];
	if (c == corner)
		return &r->outcome[OUTCOMES];
	if (c == &r->credited[KIND_COUNT] || c == &r->volume_minutes[VOLUMES])
		return &r->outcome[OUTCOME_APPROVED];
	return c == flow || c == &r->volume_entries[VOLUMES] ? r->entries : c == &r->volumes[VOLUMES] ? r->people : c;
}

static size_t column_of(struct reader *a, const struct cell *c)
{
	c = figure_of(a->r, c);
	size_t i = 0;
	while (i < a->n_figures && a->figures[i] != c)
		i++;
	if (i == a->n_figures)
		a->figures[a->n_figures++] = c;
	assert_true(a->n_figures <= FIGURES);
	return i;
}

/* n cells, so far apart: the last is their sum. */
static void read_line(struct reader *a, const struct cell *cells, size_t n, size_t step)
{
	double *row = &a->m[a->n_equations * FIGURES];
	int64_t sum = 0;
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		const struct cell *c = &cells[i * step];
		sum += i + 1 < n ? c->value : 0;
		if (c->hidden != figure_of(a->r, c)->hidden)
			fail_msg("a figure is hidden in one table and told in another");
		if (c->hidden)
			row[column_of(a, c)] += i + 1 < n ? 1 : -1;
		any = any || c->hidden;
	}
	assert_int_equal(sum, cells[(n - 1) * step].value);
	a->n_equations += any;
	assert_true(a->n_equations < EQUATIONS);
}

static void read_table(struct reader *a, const struct cell *cells, size_t rows, size_t columns)
{
	for (size_t i = 0; i < rows; i++)
		read_line(a, &cells[i * columns], columns, 1);
	for (size_t i = 0; i < columns; i++)
		read_line(a, &cells[i], rows, columns);
}

static size_t figures_told(struct campus_report *r)
{
	static struct reader a;
	memset(&a, 0, sizeof a);
	a.r = r;
	read_table(&a, r->minutes, KIND_COUNT + 1, r->n_months + 1);
	read_table(&a, r->flow, 3, r->n_months + 1);
	read_line(&a, r->credited, KIND_COUNT + 1, 1);
	read_line(&a, r->outcome, OUTCOMES + 1, 1);
	read_line(&a, r->volumes, VOLUMES + 1, 1);
	read_line(&a, r->volume_entries, VOLUMES + 1, 1);
	read_line(&a, r->volume_minutes, VOLUMES + 1, 1);
	return attack_told(a.m, a.n_equations, FIGURES);
}

static void check_small(const struct cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cells[i].people > 0 && cells[i].people < FEW)
			assert_true(cells[i].hidden);
}

/* Every row adds up, also where more was counted than was stated; and nothing that is hidden follows from all that is told. */
static void no_table_tells_of_another(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct campus_report *r = arena_alloc(&arena, sizeof *r);
	size_t approved = 0, entries = 0, people = 0, campuses = 600;
	for (uint64_t seed = 1; seed <= campuses; seed++) {
		make(r, &arena, seed);
		report_hide(r);
		if (figures_told(r) > 0)
			fail_msg("campus %d: a hidden figure can be worked out", (int)seed);
		check_small(r->outcome, OUTCOMES + 1);
		check_small(r->credited, KIND_COUNT + 1);
		check_small(r->volume_minutes, VOLUMES + 1);
		approved += !r->outcome[OUTCOME_APPROVED].hidden;
		entries += !r->entries->hidden;
		people += !r->people->hidden;
	}
	assert_true(approved > campuses / 2 && entries > campuses / 2 && people > campuses * 3 / 4); /* sums are hidden last */
	arena_release(&arena);
}

/* One person was denied an hour and waits for twenty minutes. What was approved is told by kind: it cannot hide them. */
static void what_is_told_elsewhere_hides_nobody(void **state)
{
	(void)state;
	struct campus_report r = {.n_months = 1};
	const struct cell outcome[OUTCOMES + 1] = {{60, 6, false}, {20, 1, false}, {60, 1, false}, {160, 6, false}, {-20, 6, false}, {280, 6, false}};
	memcpy(r.outcome, outcome, sizeof outcome);
	r.credited[KIND_READ] = r.credited[KIND_COUNT] = r.volume_minutes[0] = r.volume_minutes[VOLUMES] = r.outcome[OUTCOME_APPROVED];
	report_hide(&r);
	assert_true(r.outcome[OUTCOME_WAITING].hidden && r.outcome[OUTCOME_DENIED].hidden && r.outcome[OUTCOME_ABOVE].hidden);
	assert_false(r.outcome[OUTCOME_APPROVED].hidden || r.outcome[OUTCOME_UNCOUNTED].hidden || r.outcome[OUTCOMES].hidden || r.credited[KIND_COUNT].hidden);
	memcpy(r.outcome, outcome, sizeof outcome);
	r.outcome[OUTCOME_UNCOUNTED] = r.outcome[OUTCOME_ABOVE] = (struct cell){0, 0, false};
	report_hide(&r); /* nothing else is left */
	assert_true(r.outcome[OUTCOME_APPROVED].hidden && r.credited[KIND_COUNT].hidden && r.volume_minutes[VOLUMES].hidden);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_table_tells_of_another), cmocka_unit_test(what_is_told_elsewhere_hides_nobody)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
