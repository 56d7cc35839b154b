#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gateway/calendar.h"
#include "gateway/clock.h"

static struct calendar_event sample(void)
{
	return (struct calendar_event){.uid = "interview-7@campus.example", .from = 1795708200, .minutes = 30, .sequence = 2,
	                               .summary = "PLN interview: Ana Lee, Pat Moss", .description = "Bring: notes; plans, \\ and\nquestions",
	                               .organizer = {"Lincoln \"High\" PLN", "pln@campus.example"},
	                               .guests = {{"Ana Lee", "ana@campus.example"}, {"Pat Moss", "pat@campus.example"}}, .n_guests = 2};
}

static void an_appointment_is_written_as_the_standard_asks(void **state)
{
	struct str out = {0};
	struct calendar_event e = sample();
	calendar_write(&out, CALENDAR_REQUEST, 1795000000, &e, 1);
	assert_string_equal(str_c(&out),
	                    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//plnpost//plnpost " PLN_VERSION "//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:REQUEST\r\n"
	                    "BEGIN:VEVENT\r\nUID:interview-7@campus.example\r\nSEQUENCE:2\r\nDTSTAMP:20261118T110640Z\r\nDTSTART:20261126T155000Z\r\n"
	                    "DTEND:20261126T162000Z\r\nSUMMARY:PLN interview: Ana Lee\\, Pat Moss\r\nDESCRIPTION:Bring: notes\\; plans\\, \\\\ and\\nquestions\r\n"
	                    "ORGANIZER;CN=\"Lincoln High PLN\":mailto:pln@campus.example\r\n"
	                    "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;CN=\"Ana Lee\":mai\r\n lto:ana@campus.example\r\n"
	                    "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;CN=\"Pat Moss\":ma\r\n ilto:pat@campus.example\r\n"
	                    "STATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
	str_release(&out);
	(void)state;
}

static void proposals_invite_nobody_and_a_cancelled_one_says_so(void **state)
{
	struct str out = {0};
	struct calendar_event e[] = {sample(), sample()};
	calendar_write(&out, CALENDAR_PUBLISH, 1795000000, e, 2);
	assert_null(strstr(str_c(&out), "ATTENDEE"));
	assert_non_null(strstr(str_c(&out), "STATUS:TENTATIVE"));
	str_clear(&out);
	calendar_write(&out, CALENDAR_CANCEL, 1795000000, e, 1);
	assert_non_null(strstr(str_c(&out), "METHOD:CANCEL"));
	assert_non_null(strstr(str_c(&out), "STATUS:CANCELLED"));
	assert_string_equal(calendar_type(CALENDAR_REQUEST), "text/calendar; charset=utf-8; method=REQUEST");
	str_release(&out);
	(void)state;
}

/* 75 octets, never inside a character, whatever stands in it. */
static void hostile_text_stays_in_its_line(void **state)
{
	static const char *const texts[] = {
		"\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:mine", "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語", "\x01\x02\x7f\xc2\x85\xe2\x80\xa8",
		"\xff\xfe broken", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct str out = {0};
		struct calendar_event e = sample();
		e.summary = e.description = e.organizer.name = e.guests[0].name = texts[i];
		calendar_write(&out, CALENDAR_REQUEST, 1795000000, &e, 1);
		struct span rest = {out.p, out.n}, line;
		int begun = 0;
		while (span_until(&rest, '\n', &line)) {
			assert_true(line.n > 1 && line.n <= 76 && line.p[line.n - 1] == '\r');
			assert_true(utf8_valid(line.p, line.n));
			assert_null(memchr(line.p, '\r', line.n - 1));
			begun += span_starts(line, "BEGIN:VEVENT");
		}
		assert_int_equal(begun, 1);
		str_release(&out);
	}
	(void)state;
}

/* 15:30 on the wall, before and after the clocks change. */
static void a_slot_keeps_its_hour_over_a_change_of_the_clocks(void **state)
{
	const int32_t friday = day_from_civil((struct civil){2026, 10, 30}), monday = friday + 3; /* Chicago: 1 November */
	struct str out = {0};
	struct calendar_event e[] = {sample(), sample()};
	e[0].from = clock_utc("America/Chicago", friday, 15 * 60 + 30);
	e[1].from = clock_utc("America/Chicago", monday, 15 * 60 + 30);
	calendar_write(&out, CALENDAR_PUBLISH, 1795000000, e, 2);
	assert_non_null(strstr(str_c(&out), "DTSTART:20261030T203000Z"));
	assert_non_null(strstr(str_c(&out), "DTSTART:20261102T213000Z"));
	str_release(&out);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_appointment_is_written_as_the_standard_asks),
		cmocka_unit_test(proposals_invite_nobody_and_a_cancelled_one_says_so),
		cmocka_unit_test(hostile_text_stays_in_its_line),
		cmocka_unit_test(a_slot_keeps_its_hour_over_a_change_of_the_clocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
