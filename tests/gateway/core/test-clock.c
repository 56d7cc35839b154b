#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "tests/scratch.h"

static int32_t day_of(const char *text)
{
	int32_t day;
	assert_int_equal(day_parse(span_of(text), &day), 0);
	return day;
}

/* Local minutes to UTC and back, where the clocks change: Berlin (in the night) and Cairo (at midnight, since 2023 again). */
static const struct {
	const char *zone, *day;
	int minute;
	int64_t utc;
	const char *why;
} conversions[] = {
	{"UTC", "1970-01-01", 0, 0, "the epoch"},
	{"Europe/Berlin", "2026-01-15", 390, 1768455000, "winter"},
	{"Europe/Berlin", "2026-07-15", 390, 1784089800, "summer"},
	{"Europe/Berlin", "2026-03-29", 0, 1774738800, "a day of 23 hours begins"},
	{"Europe/Berlin", "2026-03-29", 119, 1774745940, "the last minute before the gap"},
	{"Europe/Berlin", "2026-03-29", 150, 1774746000, "in the gap: the first minute after it"},
	{"Europe/Berlin", "2026-03-30", 0, 1774821600, "the day after it"},
	{"Europe/Berlin", "2026-10-25", 0, 1792879200, "a day of 25 hours begins"},
	{"Europe/Berlin", "2026-10-25", 150, 1792888200, "comes twice: the first"},
	{"Europe/Berlin", "2026-10-25", 180, 1792893600, "behind the second"},
	{"Africa/Cairo", "2026-04-24", 0, 1776981600, "midnight does not exist: 01:00 is the first minute"},
	{"Africa/Cairo", "2026-04-23", 1439, 1776981540, "the minute before"},
	{"Africa/Cairo", "2026-10-29", 1410, 1793305800, "23:30 comes twice: the first"},
	{"America/Chicago", "2026-11-23", 390, 1795437000, "the sample campus"},
	{"Pacific/Kiritimati", "2026-11-23", 0, 1795341600, "UTC+14"},
	{"Asia/Kathmandu", "2026-11-23", 0, 1795371300, "UTC+5:45"},
};

static void converts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof conversions / sizeof *conversions; i++) {
		int64_t got = clock_utc(conversions[i].zone, day_of(conversions[i].day), conversions[i].minute);
		if (got != conversions[i].utc)
			fail_msg("%s %s %d (%s): got %lld, want %lld", conversions[i].zone, conversions[i].day, conversions[i].minute, conversions[i].why,
			         (long long)got, (long long)conversions[i].utc);
	}
}

/* Weeks are half-open intervals of local days: they touch, and none is missed or counted twice, whatever the clocks do. */
static void weeks_touch(void **state)
{
	static const char *const zones[] = {"Europe/Berlin", "Africa/Cairo", "America/Chicago", "Australia/Lord_Howe", "UTC"};
	(void)state;
	for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
		for (int32_t monday = day_of("2026-01-05"); monday < day_of("2027-01-11"); monday += 7) {
			int64_t start = clock_utc(zones[z], monday, 0);
			assert_int_equal(clock_day(zones[z], start), monday);
			assert_int_equal(clock_day(zones[z], start - 1), monday - 1);
		}
}

static void due_moments(void **state)
{
	(void)state;
	int64_t due = clock_utc("Europe/Berlin", day_of("2026-03-30"), 390); /* Monday 06:30, the day after the change */
	assert_int_equal(clock_last_due("Europe/Berlin", 1, 390, due), due);
	assert_int_equal(clock_last_due("Europe/Berlin", 1, 390, due - 1), clock_utc("Europe/Berlin", day_of("2026-03-23"), 390));
	assert_int_equal(due - clock_last_due("Europe/Berlin", 1, 390, due - 1), 7 * 86400 - 3600);
	assert_int_equal(clock_last_due("Europe/Berlin", 1, 390, due + 6 * 86400), due);
}

static void bad_zones(void **state)
{
	static const char *const bad[] = {"", "Nowhere/Town", "../../etc/passwd", "/etc/passwd", "Europe"};
	struct err err;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(clock_zone_check(bad[i], &err), -1);
	assert_int_equal(clock_zone_check("Europe/Berlin", &err), 0);
}

static void given_clock(void **state)
{
	scratch path;
	(void)state;
	scratch_file(path);
	assert_int_equal(file_write(path, SPAN("1772647200\n"), 0600, NULL), 0);
	setenv("PLNPOST_CLOCK", path, 1);
	assert_int_equal(clock_now(), 1772647200);
	unsetenv("PLNPOST_CLOCK");
	unlink(path);
	assert_true(clock_now() > 1772647200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(converts), cmocka_unit_test(weeks_touch), cmocka_unit_test(due_moments),
	                                   cmocka_unit_test(bad_zones), cmocka_unit_test(given_clock)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
