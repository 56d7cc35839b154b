#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/clock.h"
#include "gateway/keeper.h"
#include "tests/gateway/app/bed.h"

/* The month's report: when it falls due, to whom it goes, and that it goes once. */

static int64_t berlin(int year, int month, int day, int minute)
{
	return clock_utc("Europe/Berlin", day_from_civil((struct civil){year, month, day}), minute);
}

static size_t letters(struct bed *bed, struct stored_letter **v)
{
	size_t n = 0;
	if (store_letters(bed->campus.store, -1, 100, &bed->arena, v, &n, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
	return n;
}

static void due(struct bed *bed, int64_t now, size_t want, const char *newest)
{
	struct stored_letter *v = NULL;
	if (monthly_due(&bed->campus, now, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
	size_t n = letters(bed, &v);
	if (n != want)
		fail_msg("%zu letters, wanted %zu (%s)", n, want, newest);
	if (n > 0 && strncmp(v[0].key, newest, strlen(newest)) != 0)
		fail_msg("the newest is %s, wanted %s", v[0].key, newest);
}

#define SIX_THIRTY (6 * 60 + 30)

static void on_the_first_of_the_month(void **state)
{
	struct bed *bed = *state;
	add_person(bed, "Alma Auditor", "alma@district.example", ROLE_AUDITOR, 0, false);
	add_person(bed, "Otto Auditor", "otto@district.example", ROLE_AUDITOR, 0, false);
	add_person(bed, "Paul Paused", "paul@district.example", ROLE_AUDITOR, INT64_MAX, false);
	add_person(bed, "Gone", "gone@district.example", ROLE_AUDITOR, 0, true);
	add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER, 0, false);
	add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER, 0, false);
	due(bed, berlin(2026, 3, 15, 600), 0, "");                 /* a new campus waits for the next first */
	due(bed, berlin(2026, 4, 1, SIX_THIRTY) - 1, 0, "");
	due(bed, berlin(2026, 4, 1, SIX_THIRTY), 2, "report:2026-03:");
	due(bed, berlin(2026, 4, 1, SIX_THIRTY) + 3600, 2, "report:2026-03:");
	due(bed, berlin(2026, 4, 30, 1439), 2, "report:2026-03:");
	due(bed, berlin(2026, 5, 1, SIX_THIRTY), 4, "report:2026-04:");
	due(bed, berlin(2026, 8, 20, 600), 6, "report:2026-07:");  /* down for months: the last one only */
	due(bed, berlin(2027, 1, 1, SIX_THIRTY), 8, "report:2026-12:");
}

static void begun_again_after_a_crash(void **state)
{
	struct bed *bed = *state;
	add_person(bed, "Alma Auditor", "alma@district.example", ROLE_AUDITOR, 0, false);
	due(bed, berlin(2026, 3, 15, 600), 0, "");
	due(bed, berlin(2026, 4, 1, SIX_THIRTY), 1, "report:2026-03:");
	if (due_done(&bed->campus, "reports-done", 0, &bed->err) < 0) /* the letters were queued, the note of it was not written */
		fail_msg("%s", bed->err.text);
	due(bed, berlin(2026, 4, 1, SIX_THIRTY) + 60, 1, "report:2026-03:");
}

static void it_brings_the_report(void **state)
{
	struct bed *bed = *state;
	struct stored_letter *v = NULL, letter;
	add_person(bed, "Alma Auditor", "alma@district.example", ROLE_AUDITOR, 0, false);
	due(bed, berlin(2026, 3, 15, 600), 0, "");
	due(bed, berlin(2026, 4, 1, SIX_THIRTY), 1, "report:2026-03:");
	letters(bed, &v);
	if (store_letter(bed->campus.store, v[0].id, &bed->arena, &letter, &bed->err) != 1)
		fail_msg("%s", bed->err.text);
	assert_int_equal(letter.purpose, LETTER_REPORT);
	assert_string_equal(letter.recipient, "alma@district.example");
	assert_string_equal(letter.subject, "Professional learning in March 2026");
	const char *bytes = arena_strndup(&bed->arena, letter.bytes.p, letter.bytes.n);
	assert_non_null(strstr(bytes, "report-2026-03.html"));
	assert_non_null(strstr(bytes, "report-2026-03.csv"));
	assert_non_null(strstr(letter.own_text, "attached"));
}

static void switched_off(void **state)
{
	struct bed *bed = *state;
	add_person(bed, "Alma Auditor", "alma@district.example", ROLE_AUDITOR, 0, false);
	due(bed, berlin(2026, 3, 15, 600), 0, "");
	campus_close(&bed->campus);
	open_campus(bed, "[week]\nreports = off\n");
	due(bed, berlin(2026, 4, 1, SIX_THIRTY), 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(on_the_first_of_the_month), TEST(begun_again_after_a_crash), TEST(it_brings_the_report), TEST(switched_off)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
