/* Plots: every figure is text, what is not told has no length, nothing of a label gets out of its element. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "digest/plot.h"
#include "tests/digest/check.h"
#include "tests/digest/golden.h"
#include "tests/digest/sample.h"

static const char *const months[] = {"Jul", "Aug", "Sep", "Oct"};
static const int64_t read_minutes[] = {0, 90, 30, PLOT_HIDDEN}, talk_minutes[] = {15, 1, 0, 45};
static const struct plot_row rows[] = {{"read", read_minutes}, {"talk", talk_minutes}};
static const struct plot plot = {.id = "p", .title = "Minutes by kind and month", .desc = "Two strips.", .columns = months, .n_columns = 4, .rows = rows, .n_rows = 2,
                                 .minutes = true, .hidden = "not told"};

static const char *drawn(struct arena *arena, void (*draw)(struct str *, const struct plot *, struct arena *), const struct plot *p)
{
	struct str svg = {.max = 1 << 20};
	draw(&svg, p, arena);
	const char *text = arena_strndup(arena, str_c(&svg), svg.n);
	str_release(&svg);
	return text;
}

static void check_svg(const char *svg, const char *id)
{
	static const char *const never[] = {"<script", "href", "url(", "onload", "nan", "inf", "-nan", "width=\"-", "height=\"-"};
	static const char *const paired[] = {"svg", "title", "desc", "text"};
	for (size_t i = 0; i < COUNT(never); i++)
		if (strstr(svg, never[i]) != NULL)
			fail_msg("the plot holds %s", never[i]);
	for (size_t i = 0; i < COUNT(paired); i++) {
		char open[16], bare[16], close[16];
		snprintf(open, sizeof open, "<%s ", paired[i]);
		snprintf(bare, sizeof bare, "<%s>", paired[i]);
		snprintf(close, sizeof close, "</%s>", paired[i]);
		assert_int_equal(count_of(svg, open) + count_of(svg, bare), count_of(svg, close));
	}
	char want[100];
	snprintf(want, sizeof want, "role=\"img\" aria-labelledby=\"%s-t %s-d\"", id, id);
	if (strstr(svg, "<svg ") != NULL) {
		assert_non_null(strstr(svg, want));
		assert_int_equal(count_of(svg, "<svg "), count_of(svg, "<desc "));
	}
	check_controls(svg, true);
}

static void plots_are_as_drawn(void **state)
{
	(void)state;
	struct arena arena = {0};
	const char *strips = drawn(&arena, plot_strips, &plot), *bars = drawn(&arena, plot_bars, &plot);
	check_svg(strips, "p0");
	check_svg(bars, "p");
	golden_is("plot-strips.svg", strips);
	golden_is("plot-bars.svg", bars);
	assert_int_equal(count_of(strips, "plot-hidden"), 1);
	assert_non_null(strstr(bars, ">1 h 30<"));
	assert_non_null(strstr(bars, ">not told<"));
	arena_release(&arena);
}

static void labels_stay_text(void **state)
{
	(void)state;
	struct arena arena = {0};
	const char *const columns[] = {"</text><script>alert(1)</script>", "\"a\" & 'b'", "\u202eevil\n\x1b[31m", "<b>"};
	const struct plot_row hostile[] = {{"</title><svg onload=x>", read_minutes}, {"x", talk_minutes}};
	struct plot p = plot;
	p.columns = columns;
	p.rows = hostile;
	p.title = p.desc = "</desc><script>";
	const char *strips = drawn(&arena, plot_strips, &p), *bars = drawn(&arena, plot_bars, &p);
	assert_null(strstr(strips, "<script"));
	assert_null(strstr(bars, "<script"));
	assert_null(strstr(strips, "<svg onload"));
	assert_null(strstr(bars, "<b>"));
	check_controls(bars, true);
	check_controls(strips, true);
	arena_release(&arena);
}

/* Nothing, one, very many, very much. */
static void extremes(void **state)
{
	(void)state;
	struct arena arena = {0};
	enum { MANY = 200 };
	const char *names[MANY];
	int64_t values[MANY] = {0};
	for (size_t i = 0; i < MANY; i++)
		names[i] = "x";
	const struct plot_row row = {"r", values};
	struct plot p = {.id = "p", .title = "t", .desc = "d", .columns = names, .rows = &row, .n_rows = 1, .hidden = "not told"};
	for (p.n_columns = 0; p.n_columns <= MANY; p.n_columns += 1 + p.n_columns / 2) {
		check_svg(drawn(&arena, plot_bars, &p), "p");
		check_svg(drawn(&arena, plot_strips, &p), "p0");
	}
	p.n_columns = 2;
	values[0] = INT64_MAX;
	values[1] = 1;
	const char *bars = drawn(&arena, plot_bars, &p);
	check_svg(bars, "p");
	assert_non_null(strstr(bars, "width=\"264.0\""));
	assert_non_null(strstr(bars, "width=\"1.0\"")); /* anything above nothing shows */
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plots_are_as_drawn),
		cmocka_unit_test(labels_stay_text),
		cmocka_unit_test(extremes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
