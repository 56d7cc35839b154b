#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/days.h"

/* Days, their weekday and their ISO week; checked against Python's datetime and isocalendar. */
static const struct {
	const char *day;
	int32_t number;
	int weekday;
	const char *week;
} days[] = {
	{"1970-01-01", 0, 4, "1970-W01"}, {"1969-12-31", -1, 3, "1970-W01"}, {"2000-02-29", 11016, 2, "2000-W09"},
	{"2004-12-31", 12783, 5, "2004-W53"}, {"2005-01-01", 12784, 6, "2004-W53"}, {"2005-01-03", 12786, 1, "2005-W01"},
	{"2008-12-29", 14242, 1, "2009-W01"}, {"2009-12-31", 14609, 4, "2009-W53"}, {"2010-01-03", 14612, 7, "2009-W53"},
	{"2015-12-31", 16800, 4, "2015-W53"}, {"2020-12-31", 18627, 4, "2020-W53"}, {"2021-01-03", 18630, 7, "2020-W53"},
	{"2021-01-04", 18631, 1, "2021-W01"}, {"2024-02-29", 19782, 4, "2024-W09"}, {"2026-11-21", 20778, 6, "2026-W47"},
	{"2026-12-31", 20818, 4, "2026-W53"}, {"2027-01-03", 20821, 7, "2026-W53"}, {"2027-01-04", 20822, 1, "2027-W01"},
	{"1900-03-01", -25508, 4, "1900-W09"}, {"2100-02-28", 47540, 7, "2100-W08"}, {"2400-02-29", 157113, 2, "2400-W09"},
};

static void test_days(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		int32_t day;
		char text[16];
		assert_int_equal(day_parse(span_of(days[i].day), &day), 0);
		if (day != days[i].number || day_weekday(day) != days[i].weekday)
			fail_msg("%s: %d, weekday %d", days[i].day, day, day_weekday(day));
		assert_string_equal(day_iso(text, day), days[i].day);
		assert_string_equal(isoweek_text(text, day_isoweek(day)), days[i].week);
		assert_int_equal(isoweek_monday(day_isoweek(day)), day - days[i].weekday + 1);
	}
}

static void test_no_days(void **state)
{
	static const char *const none[] = {
		"", "2026", "2026-2-1", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-11-00", "2026-11-31", "2026-11-21x",
		" 2026-11-21", "-026-11-21", "2026/11/21"
	};
	static const char *const weeks[] = {"", "2026", "2026-47", "2026-W00", "2026-W54", "2025-W53", "2026-W4", "2026-w47", "2026-W471"};
	int32_t day = 7;
	struct isoweek week = {1, 2};
	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (day_parse(span_of(none[i]), &day) != -1 || day != 7)
			fail_msg("taken: %s", none[i]);
	for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++)
		if (isoweek_parse(span_of(weeks[i]), &week) != -1 || week.year != 1)
			fail_msg("taken: %s", weeks[i]);
	assert_int_equal(isoweek_parse(SPAN("2026-W53"), &week), 0);
	assert_int_equal(isoweek_monday(week), 20815);
}

static void test_round_trip(void **state)
{
	(void)state;
	for (int32_t day = -150000; day < 150000; day++) {
		struct civil c = day_civil(day);
		assert_int_equal(day_from_civil(c), day);
		assert_true(c.day >= 1 && c.day <= days_in_month(c.year, c.month));
		assert_int_equal(isoweek_monday(day_isoweek(day)), day - day_weekday(day) + 1);
	}
}

static void test_year_start(void **state)
{
	static const struct { const char *day; int month, mday; const char *start; } starts[] = {
		{"2026-11-21", 7, 1, "2026-07-01"}, {"2026-06-30", 7, 1, "2025-07-01"}, {"2026-07-01", 7, 1, "2026-07-01"},
		{"2026-01-01", 1, 1, "2026-01-01"}, {"2025-12-31", 1, 1, "2025-01-01"},
		{"2024-02-29", 2, 29, "2023-03-01"}, {"2024-03-01", 2, 29, "2024-03-01"}, {"2026-09-01", 12, 31, "2025-12-31"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		int32_t day;
		char text[16];
		assert_int_equal(day_parse(span_of(starts[i].day), &day), 0);
		assert_string_equal(day_iso(text, day_year_start(day, starts[i].month, starts[i].mday)), starts[i].start);
	}
}

static void test_short(void **state)
{
	char text[24];
	(void)state;
	assert_string_equal(day_short(text, 20778, 20700), "Sat 21 Nov");
	assert_string_equal(day_short(text, 20778, 20900), "Sat 21 Nov 2026");
	assert_string_equal(day_short(text, 20778, DAY_NONE), "Sat 21 Nov 2026");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_days), cmocka_unit_test(test_no_days), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_year_start), cmocka_unit_test(test_short)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
