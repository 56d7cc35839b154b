#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/ruleset.h"
#include "rules/shipped.h"

#define TODAY 20778 /* Saturday 21 November 2026 */

/* What the log already holds, by the cap's period; and what was asked for. */
struct log {
	int used[4];
	int32_t from, to;
	const char *cap;
};

static int used(void *ctx, const struct cap *cap, int32_t from, int32_t to)
{
	struct log *log = ctx;
	log->from = from;
	log->to = to;
	log->cap = cap->name;
	return log->used[cap->per];
}

static struct ruleset *shipped(const char *name)
{
	const struct shipped *file = shipped_find(shipped_rules, name);
	struct err err = {0};
	struct ruleset *rs = ruleset_parse(name, (struct span){file->text, file->n}, &err);
	if (rs == NULL)
		fail_msg("%s", err.text);
	return rs;
}

/* In the tables a day counts from today, and 0 minutes are none stated. */
#define ZERO (-2)
#define E(...) {__VA_ARGS__}
#define LINK .n_links = 1

static struct entry full(const struct entry *short_form)
{
	struct entry e = *short_form;
	e.day += TODAY;
	e.minutes = e.minutes == 0 ? MINUTES_NONE : e.minutes == ZERO ? 0 : e.minutes;
	e.note = e.title != NULL ? e.title : "";
	return e;
}

static const struct {
	const char *what;
	struct entry entry;
	bool first;
	int used[4]; /* entry, day, week, year */
	int actual, credited;
	const char *reason, *flag;
} cases[] = {
	{"a forward", E(LINK), false, {0}, 1, 1, "1: unstarred rule", ""},
	{"a forward that took long", E(LINK, .minutes = 20), false, {0}, 20, 1, "1 of 20: unstarred rule", ""},
	{"starred link", E(LINK, .starred = true), false, {0}, 5, 5, "5: starred link", ""},
	{"starred with a note", E(LINK, .starred = true, .title = "try it"), false, {0}, 10, 10, "10: starred with a note", ""},
	{"starred with a note, less time", E(.starred = true, .title = "try it", .minutes = 7), false, {0}, 7, 7, "7: starred with a note", ""},
	{"starred, nothing said", E(.starred = true), false, {0}, 1, 1, "1: unstarred rule", ""},
	{"talk", E(.kind = KIND_TALK), false, {0}, 15, 15, "15: talk rule", ""},
	{"talk of 20 minutes", E(.kind = KIND_TALK, .minutes = 20), false, {0}, 20, 15, "15 of 20: talk rule", ""},
	{"short talk", E(.kind = KIND_TALK, .minutes = 5), false, {0}, 5, 5, "5: talk rule", ""},
	{"starred talk", E(.kind = KIND_TALK, .starred = true, .title = "x"), false, {0}, 15, 15, "15: talk rule", ""},
	{"chat", E(.kind = KIND_CHAT, .minutes = 45), false, {0}, 45, 45, "45: chat rule", ""},
	{"long chat", E(.kind = KIND_CHAT, .minutes = 90), false, {0}, 90, 60, "60 of 90: chat rule", "90 min stated, over the limit of the chat rule (60 min)"},
	{"chat without minutes", E(.kind = KIND_CHAT), false, {0}, 0, 0, "0: chat rule, as stated, and no minutes were stated", ""},
	{"webinar", E(.kind = KIND_WEBINAR, .minutes = 60), false, {0}, 60, 60, "60: course rule", ""},
	{"long course", E(.kind = KIND_COURSE, .minutes = 180), false, {0}, 180, 180, "180: course rule", "180 min stated without a certificate"},
	{"long course with certificate", E(.kind = KIND_COURSE, .minutes = 180, .attachment = true), false, {0}, 180, 180, "180: course rule", ""},
	{"whole day", E(.kind = KIND_CONF, .minutes = 480, .attachment = true), false, {0}, 480, 360, "360 of 480: day cap on courses (360 min) leaves no more", "over the day cap on courses"},
	{"second course of the day", E(.kind = KIND_CONF, .minutes = 60), false, {0, 330, 330, 0}, 60, 30, "30 of 60: day cap on courses (360 min) leaves no more", "over the day cap on courses"},
	{"presenting again", E(.kind = KIND_PRESENT, .minutes = 40), false, {0}, 40, 40, "40: presenting rule", ""},
	{"presenting the first time", E(.kind = KIND_PRESENT, .minutes = 40), true, {0}, 40, 120, "120, that is 40 × 3: presenting rule", ""},
	{"mentoring", E(.kind = KIND_MENTOR, .minutes = 45), false, {0, 0, 30, 0}, 45, 30, "30 of 45: weekly mentoring cap (60 min) leaves no more", "over the weekly mentoring cap"},
	{"stars used up", E(.starred = true, .title = "x"), false, {0, 0, 60, 0}, 10, 0, "0: weekly star cap reached (60 of 60 min)", "over the weekly star cap"},
	{"stars nearly used up", E(.starred = true, .title = "x"), false, {0, 0, 56, 0}, 10, 4, "4 of 10: weekly star cap (60 min) leaves no more", "over the weekly star cap"},
	{"unstarred used up", E(LINK), false, {0, 0, 10, 0}, 1, 0, "0: weekly cap on unstarred entries reached (10 of 10 min)", "over the weekly cap on unstarred entries"},
	{"year used up", E(.kind = KIND_TALK), false, {0, 0, 0, 360}, 15, 0, "0: yearly PLN cap reached (360 of 360 min)", "over the yearly PLN cap"},
	{"year nearly used up", E(.kind = KIND_TALK), false, {0, 0, 0, 350}, 15, 10, "10 of 15: yearly PLN cap (360 min) leaves no more", "over the yearly PLN cap"},
	{"thirty days ago", E(.kind = KIND_TALK, .day = -30), false, {0}, 15, 15, "15: talk rule", ""},
	{"late", E(.kind = KIND_TALK, .day = -31), false, {0}, 0, 0, "0: more than 30 days ago", ""},
	{"to come", E(.kind = KIND_TALK, .day = 1), false, {0}, 0, 0, "0: the day is still to come", ""},
	{"no credit", E(.kind = KIND_TALK, .minutes = 20, .nocredit = true), false, {0}, 20, 0, "0: #nocredit", ""},
	{"undone", E(.kind = KIND_TALK, .undone = true), false, {0}, 0, 0, "0: undone", ""},
	{"private", E(.kind = KIND_TALK, .is_private = true), false, {0}, 15, 15, "15: talk rule", ""},
	{"nothing taken", E(.kind = KIND_TALK, .minutes = ZERO), false, {0}, 0, 0, "0: talk rule", ""},
};

static void test_minutes(void **state)
{
	(void)state;
	struct ruleset *rs = shipped("minutes.rules");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct log log = {0};
		struct grant g;
		memcpy(log.used, cases[i].used, sizeof log.used);
		struct entry e = full(&cases[i].entry);
		ruleset_credit(rs, &e, &(struct claim_facts){TODAY, cases[i].first, used, &log}, &arena, &g);
		if (g.actual != cases[i].actual || g.credited != cases[i].credited || strcmp(g.reason, cases[i].reason) != 0 || strcmp(g.flag, cases[i].flag) != 0)
			fail_msg("%s: %d of %d, \"%s\", \"%s\"", cases[i].what, g.credited, g.actual, g.reason, g.flag);
		arena_release(&arena);
	}
	ruleset_close(rs);
}

static void test_modes(void **state)
{
	static const struct { const char *file, *reason; } modes[] = {
		{"off.rules", "0: learning only, nothing is counted"}, {"flat.rules", "0: counts toward the package, not by minutes"}
	};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena arena = {0};
		struct grant g;
		struct entry e = {.kind = KIND_TALK, .minutes = 20, .note = ""};
		struct ruleset *rs = shipped(modes[i].file);
		ruleset_credit(rs, &e, &(struct claim_facts){.today = TODAY}, &arena, &g);
		assert_int_equal(g.actual, 20);
		assert_int_equal(g.credited, 0);
		assert_string_equal(g.reason, modes[i].reason);
		assert_string_equal(g.rule, "");
		ruleset_close(rs);
		arena_release(&arena);
	}
}

/* Which days a cap looks at. */
static void test_periods(void **state)
{
	static const struct { const char *per; const char *day, *from, *to; } periods[] = {
		{"day", "2026-11-21", "2026-11-21", "2026-11-22"},
		{"week", "2026-11-22", "2026-11-16", "2026-11-23"}, {"week", "2026-11-16", "2026-11-16", "2026-11-23"},
		{"week", "2027-01-03", "2026-12-28", "2027-01-04"},
		{"year", "2026-11-21", "2026-07-01", "2027-07-01"}, {"year", "2026-06-30", "2025-07-01", "2026-07-01"},
		{"year", "2026-07-01", "2026-07-01", "2027-07-01"}, {"year", "2028-02-29", "2027-07-01", "2028-07-01"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
		struct arena arena = {0};
		struct log log = {0};
		struct grant g;
		char text[200], from[16], to[16];
		snprintf(text, sizeof text, "[policy]\nmode = minutes\nyear-starts = 07-01\n[credit \"all\"]\nminutes = 50\n[cap \"c\"]\nper = %s\nminutes = 40\n", periods[i].per);
		struct ruleset *rs = ruleset_parse("r", span_of(text), NULL);
		struct entry e = {.minutes = MINUTES_NONE, .note = ""};
		assert_int_equal(day_parse(span_of(periods[i].day), &e.day), 0);
		ruleset_credit(rs, &e, &(struct claim_facts){.today = DAY_NONE, .used = used, .ctx = &log}, &arena, &g);
		assert_int_equal(g.credited, 40);
		assert_string_equal(log.cap, "c");
		assert_string_equal(day_iso(from, log.from), periods[i].from);
		assert_string_equal(day_iso(to, log.to), periods[i].to);
		ruleset_close(rs);
		arena_release(&arena);
	}
}

/* Conditions and effects that the shipped rules do not use. */
static void test_rules(void **state)
{
	static const char text[] =
		"[policy]\nmode = minutes\n"
		"[credit \"shared phonics\"]\ntag = phonics\nshared = yes\nminutes = as stated\nif-unstated = 12m\nmultiply = 1.5\n"
		"[credit \"certificate\"]\nattachment = yes\nminutes = as stated\nat-most = 100\n"
		"[credit \"plain\"]\nkind = read, none\nminutes = 2\n"
		"[cap \"entry cap\"]\nper = entry\nminutes = 90\n";
	static const char *tags[] = {"pln", "phonics"};
	static const struct { struct entry entry; int actual, credited; const char *rule; } rows[] = {
		{E(.tags = {tags, 2}), 12, 18, "shared phonics"}, {E(.tags = {tags, 2}, .minutes = 40), 40, 60, "shared phonics"},
		{E(.tags = {tags, 2}, .is_private = true), 2, 2, "plain"},
		{E(.attachment = true, .minutes = 120), 120, 90, "certificate"}, {E(.kind = KIND_WATCH, .minutes = 9), 9, 0, ""},
	};
	(void)state;
	struct err err = {0};
	struct ruleset *rs = ruleset_parse("r", span_of(text), &err);
	if (rs == NULL)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct grant g;
		struct entry e = full(&rows[i].entry);
		ruleset_credit(rs, &e, &(struct claim_facts){.today = TODAY}, &arena, &g);
		if (g.actual != rows[i].actual || g.credited != rows[i].credited || strcmp(g.rule, rows[i].rule) != 0)
			fail_msg("row %zu: %d of %d by \"%s\": %s", i, g.credited, g.actual, g.rule, g.reason);
		arena_release(&arena);
	}
	ruleset_close(rs);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_minutes), cmocka_unit_test(test_modes), cmocka_unit_test(test_periods), cmocka_unit_test(test_rules)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
