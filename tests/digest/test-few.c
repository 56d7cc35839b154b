/* What is told of small groups, and that nobody can work out what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <cmocka.h>

#include "digest/few.h"
#include "tests/digest/attack.h"
#include "tests/digest/sample.h"

#define CELLS 12

/* Cells as "value/people", the sum last; what is told afterwards: a figure, or x. */
static const struct {
	const char *cells, *told;
} lines[] = {
	{"0/0 0/0", "0 0"},
	{"10/5 20/6 30/11", "10 20 30"},
	{"10/4 20/6 30/10", "x x 30"},          /* 30 - 20 would tell the four */
	{"10/4 20/6 40/7 70/17", "x x 40 70"},  /* the smallest of the rest goes with it */
	{"10/1 5/2 40/7 55/10", "x x x 55"},    /* one and two together are three people: 55 - 40 would tell them */
	{"10/3 5/2 4/4 19/9", "x x x 19"},      /* together nine */
	{"10/3 0/0 10/3", "x 0 x"},             /* the sum is theirs alone */
	{"10/3 0/0 40/8 0/0 50/11", "x 0 x 0 50"},
	{"3/3 3/3", "x x"},
	{"9/4", "x"},
	{"9/5", "9"},
};

static size_t parse(const char *text, struct cell *cells)
{
	size_t n = 0;
	for (const char *p = text; *p != '\0';) {
		int used = 0, value = 0, people = 0;
		assert_int_equal(sscanf(p, "%d/%d %n", &value, &people, &used), 2);
		cells[n++] = (struct cell){value, people, false};
		p += used;
	}
	return n;
}

static void told(char *out, const struct cell *cells, size_t n)
{
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(out + strlen(out), 16, cells[i].hidden ? "%sx" : "%s%d", i == 0 ? "" : " ", (int)cells[i].value);
}

static void small_groups_are_hidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct cell cells[CELLS];
		char out[200];
		size_t n = parse(lines[i].cells, cells);
		few_hide_line(cells, n);
		told(out, cells, n);
		if (strcmp(out, lines[i].told) != 0)
			fail_msg("%s: told %s, wanted %s", lines[i].cells, out, lines[i].told);
	}
}

/* ---- the attack: every sum is an equation in what is hidden; a figure that all solutions agree on is told */
#define ROWS 9
#define COLUMNS 8
#define PEOPLE 14

struct campus {
	int64_t minutes[PEOPLE][ROWS - 1][COLUMNS - 1];
	struct cell cells[ROWS * COLUMNS];
	unsigned members[ROWS * COLUMNS];
};

static void count_in(struct campus *c, size_t cell, size_t person, int64_t minutes)
{
	c->cells[cell].value += minutes;
	if (minutes != 0)
		c->members[cell] |= 1u << person;
	c->cells[cell].people = __builtin_popcount(c->members[cell]);
}

static void make_campus(struct campus *c, uint64_t seed, unsigned percent)
{
	memset(c, 0, sizeof *c);
	for (size_t p = 0; p < PEOPLE; p++)
		for (size_t r = 0; r + 1 < ROWS; r++)
			for (size_t k = 0; k + 1 < COLUMNS; k++) {
				int64_t m = random_bits(&seed) % 100 < percent ? (int64_t)(1 + random_bits(&seed) % 90) : 0;
				count_in(c, r * COLUMNS + k, p, m);
				count_in(c, r * COLUMNS + COLUMNS - 1, p, m);
				count_in(c, (ROWS - 1) * COLUMNS + k, p, m);
				count_in(c, ROWS * COLUMNS - 1, p, m);
			}
}

/* Rows of the system over the hidden cells; false = it holds none. */
static bool equation(const struct campus *c, size_t line, double *row)
{
	bool any = false;
	memset(row, 0, ROWS * COLUMNS * sizeof *row);
	for (size_t i = 0; i < (line < ROWS ? COLUMNS : ROWS); i++) {
		size_t cell = line < ROWS ? line * COLUMNS + i : i * COLUMNS + line - ROWS;
		size_t last = line < ROWS ? COLUMNS - 1 : ROWS - 1;
		row[cell] = c->cells[cell].hidden ? (i == last ? -1 : 1) : 0;
		any = any || c->cells[cell].hidden;
	}
	return any;
}

static size_t cells_told(const struct campus *c)
{
	static double m[(ROWS + COLUMNS) * ROWS * COLUMNS];
	size_t n = 0;
	for (size_t line = 0; line < ROWS + COLUMNS; line++)
		n += equation(c, line, m + n * ROWS * COLUMNS);
	return attack_told(m, n, ROWS * COLUMNS);
}

/* What a row or column hides under a sum that is told stands for five people at least. */
static void check_groups(const struct campus *c, uint64_t seed)
{
	for (size_t line = 0; line < ROWS + COLUMNS; line++) {
		size_t n = line < ROWS ? COLUMNS : ROWS, hidden = 0;
		unsigned members = 0;
		for (size_t i = 0; i + 1 < n; i++) {
			size_t cell = line < ROWS ? line * COLUMNS + i : i * COLUMNS + line - ROWS;
			hidden += c->cells[cell].hidden;
			members |= c->cells[cell].hidden ? c->members[cell] : 0;
		}
		size_t sum = line < ROWS ? line * COLUMNS + n - 1 : (n - 1) * COLUMNS + line - ROWS;
		if (hidden > 0 && !c->cells[sum].hidden && __builtin_popcount(members) < FEW)
			fail_msg("campus %d: line %zu tells of %d people", (int)seed, line, __builtin_popcount(members));
	}
}

static void nothing_hidden_follows_from_what_is_told(void **state)
{
	(void)state;
	static struct campus c;
	size_t told_cells = 0;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		make_campus(&c, seed * UINT64_C(0x9e3779b97f4a7c15), 1 + (unsigned)seed % 60);
		few_hide_table(c.cells, ROWS, COLUMNS);
		if (cells_told(&c) > 0)
			fail_msg("campus %d: a hidden figure can be worked out", (int)seed);
		check_groups(&c, seed);
		for (size_t i = 0; i < ROWS * COLUMNS; i++) {
			told_cells += !c.cells[i].hidden;
			if (c.cells[i].people > 0 && c.cells[i].people < FEW)
				assert_true(c.cells[i].hidden);
		}
	}
	assert_true(told_cells > 400 * ROWS * COLUMNS / 3); /* it does tell something */
}

/* The attack itself finds what is hidden badly. */
static void the_attack_works(void **state)
{
	(void)state;
	static struct campus c;
	make_campus(&c, 7, 40);
	c.cells[3].hidden = true;
	assert_int_equal(cells_told(&c), 1);
	/* two squares that share one cell's row and column, joined by a bridge: every line hides two or more, yet the bridge is told */
	make_campus(&c, 7, 40);
	static const size_t hidden[][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 2}, {2, 3}, {3, 2}, {3, 3}, {1, 2}};
	for (size_t i = 0; i < COUNT(hidden); i++)
		c.cells[hidden[i][0] * COLUMNS + hidden[i][1]].hidden = true;
	assert_int_equal(cells_told(&c), 1);
	few_hide_table(c.cells, ROWS, COLUMNS);
	assert_int_equal(cells_told(&c), 0);
}

static void what_was_hidden_stays(void **state)
{
	(void)state;
	struct cell cells[] = {{10, 9, true}, {20, 9, false}, {30, 9, false}, {60, 9, false}};
	few_hide_line(cells, 4);
	assert_true(cells[0].hidden && cells[1].hidden && !cells[2].hidden && !cells[3].hidden);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_groups_are_hidden),
		cmocka_unit_test(the_attack_works),
		cmocka_unit_test(nothing_hidden_follows_from_what_is_told),
		cmocka_unit_test(what_was_hidden_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
