/* Transcript, report and sceptic's page of a made-up year against golden/; and what hostile words do to them: nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "digest/records.h"
#include "rules/csv.h"
#include "tests/digest/check.h"
#include "tests/digest/golden.h"
#include "tests/digest/sample.h"

static struct transcript_row rows[4];

static struct transcript sample(void)
{
	const struct transcript_row made[] = {
		{.entry = 1042, .day = DAY(2025, 9, 3), .title = "Exit tickets", .kind = KIND_READ, .actual = 20, .credited = 10, .claimed = 10, .state = "approved",
		 .reason = "10 of 20: starred with a note", .provider = "Edutopia Weekly", .link = "https://www.edutopia.org/article/exit-tickets", .note = true, .message = 17,
		 .approver = "Dr Head", .delegate = "", .decided = DAY(2025, 9, 9), .line = 5},
		{.entry = 1043, .day = DAY(2025, 9, 4), .title = "Lab notebooks, with \"Rivera\"", .kind = KIND_TALK, .actual = 20, .credited = 15, .claimed = 15, .state = "approved",
		 .reason = "15 of 20: talk rule", .provider = "", .link = "", .note = true, .message = 18, .approver = "Dr Head", .delegate = "Kim Office", .decided = DAY(2025, 9, 9), .line = 6},
		{.entry = 1050, .day = DAY(2025, 10, 1), .title = "Phonics course", .kind = KIND_COURSE, .actual = 180, .claimed = 180, .state = "waiting", .reason = "180: course as stated",
		 .provider = "ascd.example", .link = "https://ascd.example/c", .file = true, .message = 25, .approver = "", .delegate = "", .decided = DAY_NONE},
		{.day = DAY(2026, 5, 20), .title = "Package: plan, evidence and interview or write-up", .credited = 180, .claimed = 180, .state = "granted", .reason = "signed after the interview",
		 .provider = "", .link = "", .message = 90, .approver = "Dr Head", .delegate = "", .decided = DAY(2026, 5, 21), .line = 41},
	};
	memcpy(rows, made, sizeof rows);
	return (struct transcript){.campus = "Lincoln High PLN", .person = "Ana Rivera", .year = "2025/26", .code = "7K3M-9PQX-2B5D-HT0V", .issued = DAY(2026, 6, 1), .line = 44,
	                           .line_hash = "00aa11bb22cc33dd44ee55ff66778899aabbccddeeff00112233445566778899", .rows = rows, .n = COUNT(rows), .approved = 205,
	                           .granted = 180, .waiting = 180, .cap = 360, .requirement = 1080, .credit = true};
}

static const char *csv_of(struct arena *arena, const struct transcript *t)
{
	struct str csv = {.max = 1 << 20};
	transcript_csv(&csv, t, arena);
	const char *text = arena_strndup(arena, str_c(&csv), csv.n);
	str_release(&csv);
	return text;
}

/* A page loads and runs nothing, and every link is a web address. */
static void check_page(const struct letter *page)
{
	static const char *const paired[] = {"table", "tr", "td", "th", "p", "div", "span", "a", "b", "small", "svg", "text", "title", "main", "thead", "tbody", "body", "html"};
	static const char *const never[] = {"<script", "<img", "<link", "<iframe", "url(", "@import", "javascript:", "{{"};
	for (size_t i = 0; i < COUNT(never); i++)
		if (strstr(page->html, never[i]) != NULL)
			fail_msg("the page holds %s", never[i]);
	for (const char *p = page->html; (p = strstr(p, "href=\"")) != NULL; p += 6)
		if (strncmp(p + 6, "https://", 8) != 0 && strncmp(p + 6, "http://", 7) != 0)
			fail_msg("a link leads to %.40s", p + 6);
	for (size_t i = 0; i < COUNT(paired); i++) {
		char open[16], bare[16], close[16];
		snprintf(open, sizeof open, "<%s ", paired[i]);
		snprintf(bare, sizeof bare, "<%s>", paired[i]);
		snprintf(close, sizeof close, "</%s>", paired[i]);
		if (count_of(page->html, open) + count_of(page->html, bare) != count_of(page->html, close))
			fail_msg("<%s> is not closed as often as opened", paired[i]);
	}
	assert_non_null(strstr(page->html, "@media print"));
	assert_non_null(strstr(page->html, "prefers-color-scheme: dark"));
	check_controls(page->html, true);
	check_controls(page->text, true);
	check_lines(page->text);
}

static void transcript_is_as_written(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct err err = {0};
	struct letter page;
	struct transcript t = sample();
	struct frame_facts facts = sample_facts();
	golden_is("transcript.csv", csv_of(&arena, &t));
	assert_int_equal(page_transcript(&page, NULL, &facts, &t, &arena, &err), 0);
	check_page(&page);
	golden_is("transcript.html", page.html);
	golden_is("transcript.txt", page.text);
	t.n = 0;
	t.credit = false;
	assert_int_equal(page_transcript(&page, NULL, &facts, &t, &arena, &err), 0);
	check_page(&page);
	assert_non_null(strstr(page.text, "Nothing is logged"));
	arena_release(&arena);
}

/* What a cell becomes; the fields of a record are as many as its head's, whatever stands in them. */
static const struct {
	const char *title, *cell;
} hostile[] = {
	{"plain", ",plain,"},
	{"=HYPERLINK(\"http://evil.example\";\"x\")", ",\"'=HYPERLINK(\"\"http://evil.example\"\";\"\"x\"\")\","},
	{"=1+1", ",\"'=1+1\","},
	{"+1-2", ",\"'+1-2\","},
	{"@SUM(A1)", ",\"'@SUM(A1)\","},
	{"-2+3+cmd|' /C calc'!A0", ",\"'-2+3+cmd|' /C calc'!A0\","},
	{"-12", ",-12,"},
	{"  =A1", ",\"'=A1\","},
	{"\uff1d" "A1", ",\"'\uff1d" "A1\","},
	{"two\nlines\r\n\"quoted\"", ",\"two lines \"\"quoted\"\"\","},
	{"a;b\tc", ",\"a;b c\","},
	{"\u202e" "txet\u2066 <b>", ",txet <b>,"},
	{"\x1b[31mred", ",[31mred,"},
	{"caf\xc3\xa9 \xf0\x9f\x8e\x93 \xff", ",caf\xc3\xa9 \xf0\x9f\x8e\x93 \xef\xbf\xbd,"},
};

static void no_title_breaks_a_record(void **state)
{
	(void)state;
	struct err err = {0};
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct arena arena = {0};
		struct transcript t = sample();
		struct letter page;
		struct frame_facts facts = sample_facts();
		struct csv csv;
		struct transcript_row row = rows[0];
		row.title = row.provider = row.reason = row.approver = hostile[i].title;
		t.rows = &row;
		t.n = 1;
		t.person = hostile[i].title;
		const char *text = csv_of(&arena, &t);
		if (strstr(text, hostile[i].cell) == NULL)
			fail_msg("%s became\n%s", hostile[i].title, text);
		csv_open(&csv, "transcript.csv", span_of(text));
		while (csv_record(&csv, &err) == 1)
			assert_int_equal(csv.n, 17);
		assert_string_equal(err.text, "");
		csv_close(&csv);
		assert_int_equal(page_transcript(&page, NULL, &facts, &t, &arena, &err), 0);
		check_page(&page);
		arena_release(&arena);
	}
}

/* ---- the report */

static void put(struct cell *c, int64_t value, int people)
{
	*c = (struct cell){.value = value, .people = people};
}

static void put_minutes(struct campus_report *r, enum entry_kind kind, const int64_t *minutes, const int *people, int all_people, int64_t credited)
{
	size_t columns = r->n_months + 1;
	for (size_t m = 0; m < r->n_months; m++) {
		put(&r->minutes[kind * columns + m], minutes[m], people[m]);
		r->minutes[kind * columns + r->n_months].value += minutes[m];
		r->minutes[KIND_COUNT * columns + m].value += minutes[m];
		r->minutes[KIND_COUNT * columns + r->n_months].value += minutes[m];
		r->minutes[KIND_COUNT * columns + m].people = 12;
	}
	r->minutes[kind * columns + r->n_months].people = all_people;
	r->minutes[KIND_COUNT * columns + r->n_months].people = 14;
	put(&r->credited[kind], credited, all_people);
	put(&r->credited[KIND_COUNT], r->credited[KIND_COUNT].value + credited, 14);
}

static void put_line(struct cell *cells, size_t n, const int64_t *v)
{
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++) {
		put(&cells[i], v[i], (int)v[i]);
		sum += v[i];
	}
	put(&cells[n], sum, (int)sum);
}

static struct campus_report *made_up(struct arena *arena)
{
	static struct named_count hosts[] = {{"edutopia.org", 40, 11}, {"<script>.example", 9, 5}}, topics[] = {{"phonics", 12, 6}};
	struct campus_report *r = arena_alloc(arena, sizeof *r);
	*r = (struct campus_report){.campus = "Lincoln High PLN", .period = "2025/26", .from = DAY(2025, 9, 1), .to = DAY(2025, 12, 1), .staff = 16, .credit = true, .year = true,
	                            .hosts = hosts, .n_hosts = 2, .topics = topics, .n_topics = 1};
	report_months(r, arena);
	assert_int_equal(r->n_months, 3);
	put(r->people, 14, 14);
	put_minutes(r, KIND_READ, (const int64_t[]){300, 420, 380}, (const int[]){11, 12, 12}, 14, 200);
	put_minutes(r, KIND_TALK, (const int64_t[]){60, 75, 90}, (const int[]){6, 7, 5}, 9, 140);
	put_minutes(r, KIND_MENTOR, (const int64_t[]){0, 60, 120}, (const int[]){0, 1, 2}, 2, 180);
	put_minutes(r, KIND_WEBINAR, (const int64_t[]){90, 60, 0}, (const int[]){5, 6, 0}, 7, 120);
	for (size_t m = 0; m < 3; m++) {
		put(&r->active[m], m == 0 ? 4 : 12, m == 0 ? 4 : 12);
		put(&r->flow[m], 10 + (int64_t)m, 6);
		put(&r->flow[4 + m], 40, 12);
		put(&r->flow[8 + m], 50 + (int64_t)m, 12);
	}
	put(&r->flow[3], 33, 8), put(&r->flow[7], 120, 14), put(&r->flow[11], 153, 14);
	put_line(r->delays, DELAYS, (const int64_t[]){10, 40, 60, 12, 0, 0, 0});
	put(&r->speed[0], 70, 14), put(&r->speed[1], 140, 14);
	put_line(r->bands, BANDS, (const int64_t[]){2, 3, 6, 3, 2, 0});
	put_line(r->breadths, BREADTHS, (const int64_t[]){0, 6, 8, 0, 0});
	put(r->all_hosts, 23, 14), put(r->entries, 153, 14), put(r->starred, 31, 12), put(r->applied, 9, 3), put(r->capped, 12, 6);
	put(&r->outcome[OUTCOME_APPROVED], 640, 14), put(&r->outcome[OUTCOME_WAITING], 60, 7), put(&r->outcome[OUTCOME_DENIED], 30, 2), put(&r->outcome[OUTCOME_UNCOUNTED], 965, 14), put(&r->outcome[OUTCOME_ABOVE], -40, 6), put(&r->outcome[OUTCOMES], 1655, 14);
	put(r->granted, 180, 1);
	put_line(r->volumes, VOLUMES, (const int64_t[]){6, 7, 1, 0});
	put(&r->volume_entries[0], 30, 6), put(&r->volume_entries[1], 83, 7), put(&r->volume_entries[2], 40, 1), put(&r->volume_entries[4], 153, 14);
	put(&r->volume_minutes[0], 240, 6), put(&r->volume_minutes[1], 320, 7), put(&r->volume_minutes[2], 80, 1), put(&r->volume_minutes[4], 640, 14);
	report_hide(r);
	return r;
}

static void report_is_as_written(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct err err = {0};
	struct letter page;
	struct str csv = {.max = 1 << 20};
	struct frame_facts facts = sample_facts();
	struct campus_report *r = made_up(&arena);
	report_csv(&csv, r, &arena);
	golden_is("report.csv", str_c(&csv));
	assert_int_equal(page_report(&page, NULL, &facts, r, &arena, &err), 0);
	check_page(&page);
	golden_is("report.html", page.html);
	golden_is("report.txt", page.text);
	assert_int_equal(page_sceptic(&page, NULL, &facts, r, &arena, &err), 0);
	check_page(&page);
	golden_is("sceptic.html", page.html);
	golden_is("sceptic.txt", page.text);
	str_release(&csv);
	arena_release(&arena);
}

/* The two mentors' time, the three who applied, the one with a package: nowhere, in no form. */
static void few_are_not_told(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct err err = {0};
	struct letter report, sceptic;
	struct str csv = {.max = 1 << 20};
	struct frame_facts facts = sample_facts();
	struct campus_report *r = made_up(&arena);
	size_t columns = r->n_months + 1;
	report_csv(&csv, r, &arena);
	assert_int_equal(page_report(&report, NULL, &facts, r, &arena, &err), 0);
	assert_int_equal(page_sceptic(&sceptic, NULL, &facts, r, &arena, &err), 0);
	const char *const texts[] = {str_c(&csv), report.html, report.text, sceptic.html, sceptic.text};
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_null(strstr(texts[i], "3 h<"));
		assert_null(strstr(texts[i], ",180,"));
		assert_null(strstr(texts[i], "9 applied"));
	}
	assert_true(r->minutes[KIND_MENTOR * columns + 3].hidden && r->credited[KIND_MENTOR].hidden);
	size_t hidden = 0; /* the kinds hidden in one table are those hidden in the other */
	for (size_t k = 0; k < KIND_COUNT; k++) {
		assert_int_equal(r->minutes[k * columns + 3].hidden, r->credited[k].hidden);
		hidden += r->credited[k].hidden;
	}
	assert_true(hidden >= 2);
	assert_true(r->granted->hidden && r->applied->hidden && r->outcome[OUTCOME_DENIED].hidden && r->active[0].hidden);
	assert_true(r->volumes[2].hidden && r->volume_minutes[2].hidden && r->volume_entries[2].hidden);
	str_release(&csv);
	arena_release(&arena);
}

static void nothing_at_all(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct err err = {0};
	struct letter page;
	struct frame_facts facts = sample_facts();
	struct campus_report *r = arena_alloc(&arena, sizeof *r);
	*r = (struct campus_report){.campus = "Lincoln High PLN", .period = "2025/26", .from = DAY(2025, 7, 15), .to = DAY(2026, 7, 15), .credit = true};
	report_months(r, &arena);
	assert_int_equal(r->n_months, REPORT_MONTHS);
	assert_int_equal(report_month_of(r, DAY(2025, 7, 31)), 0);
	assert_int_equal(report_month_of(r, DAY(2026, 7, 1)), 12);
	report_hide(r);
	assert_int_equal(page_report(&page, NULL, &facts, r, &arena, &err), 0);
	check_page(&page);
	assert_int_equal(page_sceptic(&page, NULL, &facts, r, &arena, &err), 0);
	check_page(&page);
	arena_release(&arena);
}

static void the_monthly_letter(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct err err = {0};
	struct letter letter;
	struct frame_facts facts = sample_facts();
	struct campus_report *r = made_up(&arena);
	r->period = "November 2025";
	assert_int_equal(letter_monthly(&letter, NULL, &facts, r, &arena, &err), 0);
	check_letter(&letter);
	golden_letter(&arena, "monthly", &letter);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transcript_is_as_written), cmocka_unit_test(no_title_breaks_a_record), cmocka_unit_test(report_is_as_written),
		cmocka_unit_test(few_are_not_told), cmocka_unit_test(nothing_at_all), cmocka_unit_test(the_monthly_letter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
