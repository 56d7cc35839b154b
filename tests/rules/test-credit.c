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
		ruleset_credit(rs, &e, &(struct claim_facts){.today = TODAY, .first_time = cases[i].first, .used = used, .ctx = &log}, &arena, &g);
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

/* ---- every further key: an entry under a few lines of policy, and what comes of it */
#define KEYS "[policy]\nmode = minutes\nrequirement = 1000\n"
#define STATED "[credit \"all\"]\nminutes = as stated\n"

static int outside(void *ctx, int32_t from, int32_t to)
{
	struct log *log = ctx;
	log->from = from;
	log->to = to;
	return log->used[0];
}

static const struct plan phonics = {.state = PLAN_APPROVED, .parts = {"", "phonics for first readers", ""}, .goal_words = ""};

static const struct {
	const char *what, *rules;
	struct entry entry;
	struct claim_facts facts;
	int used[4]; /* [0]: outside the plan */
	int actual, credited;
	const char *reason, *flag, *took;
} keys[] = {
	{"a certificate is asked", KEYS "certificate-above = 2h\n" STATED, E(.minutes = 121), {.today = TODAY}, {0}, 121, 121, "121: all rule", "121 min stated without a certificate", "as stated"},
	{"or needed", KEYS "certificate-above = 2h\nevidence = require\n" STATED, E(.minutes = 121), {.today = TODAY}, {0}, 121, 0,
	 "0 of 121: above 120 min a certificate is needed; reply with it attached, and it counts", "", "as stated"},
	{"and it came", KEYS "certificate-above = 2h\nevidence = require\n" STATED, E(.minutes = 121, .attachment = true), {.today = TODAY}, {0}, 121, 121, "121: all rule", "", "as stated"},
	{"not above", KEYS "certificate-above = 2h\nevidence = require\n" STATED, E(.minutes = 120), {.today = TODAY}, {0}, 120, 120, "120: all rule", "", "as stated"},
	{"a limit of one rule's own", KEYS "evidence = require\n[credit \"all\"]\nminutes = as stated\ncertificate-above = 1h\n", E(.minutes = 90), {.today = TODAY}, {0}, 90, 0,
	 "0 of 90: above 60 min a certificate is needed; reply with it attached, and it counts", "", "as stated"},
	{"no limit for one rule", KEYS "certificate-above = 1h\n[credit \"all\"]\nminutes = as stated\ncertificate-above = 0\n", E(.minutes = 90), {.today = TODAY}, {0}, 90, 90, "90: all rule", "", "as stated"},
	{"its flag switched off", KEYS "certificate-above = 2h\nno-flag = no-certificate, over-cap\n" STATED, E(.minutes = 121), {.today = TODAY}, {0}, 121, 121, "121: all rule", "", "as stated"},
	{"two flags", KEYS "certificate-above = 1h\n" STATED "[cap \"day cap\"]\nper = day\nminutes = 100\n", E(.minutes = 121), {.today = TODAY}, {0}, 121, 100,
	 "100 of 121: day cap (100 min) leaves no more", "121 min stated without a certificate; over the day cap", "as stated"},
	{"a cap's flag switched off", KEYS "no-flag = over-cap\n" STATED "[cap \"day cap\"]\nper = day\nminutes = 100\n", E(.minutes = 121), {.today = TODAY}, {0}, 121, 100,
	 "100 of 121: day cap (100 min) leaves no more", "", "as stated"},
	{"too little shared", KEYS "share-minimum = 3\n" STATED, E(.minutes = 20), {.today = TODAY, .shared = 1, .entries = 9}, {0}, 20, 20, "20: all rule; counts once 3 entries of the year are shared", "", "as stated"},
	{"a private one adds nothing", KEYS "share-minimum = 3\n" STATED, E(.minutes = 20, .is_private = true), {.today = TODAY, .shared = 2, .entries = 9}, {0}, 20, 20, "20: all rule; counts once 3 entries of the year are shared", "", "as stated"},
	{"enough shared", KEYS "share-minimum = 3\n" STATED, E(.minutes = 20), {.today = TODAY, .shared = 2, .entries = 9}, {0}, 20, 20, "20: all rule", "", "as stated"},
	{"half of them shared", KEYS "share-minimum = 50 %\n" STATED, E(.minutes = 20), {.today = TODAY, .shared = 4, .entries = 9}, {0}, 20, 20, "20: all rule", "", "as stated"},
	{"less than half", KEYS "share-minimum = 50 %\n" STATED, E(.minutes = 20, .is_private = true), {.today = TODAY, .shared = 4, .entries = 9}, {0}, 20, 20,
	 "20: all rule; counts once 50 % of the year's entries are shared", "", "as stated"},
	{"a share of the requirement", KEYS STATED "[cap \"independent study\"]\nkind = read\nper = year\nminutes = 20 %\n", E(.kind = KIND_READ, .minutes = 60), {.today = TODAY}, {0, 0, 0, 180}, 60, 20,
	 "20 of 60: independent study (200 min) leaves no more", "over the independent study", "as stated"},
	{"other kinds are free", KEYS STATED "[cap \"independent study\"]\nkind = read\nper = year\nminutes = 20 %\n", E(.kind = KIND_TALK, .minutes = 60), {.today = TODAY}, {0, 0, 0, 180}, 60, 60, "60: all rule", "", "as stated"},
	{"a share of nothing is no cap", KEYS STATED "[role \"approver\"]\nrequirement = 0\n[cap \"c\"]\nper = year\nminutes = 20 %\n", E(.minutes = 60), {.today = TODAY, .role = ROLE_APPROVER}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"pln-cap as a share", KEYS "pln-cap = 33 %\n" STATED, E(.minutes = 60), {.today = TODAY}, {0, 0, 0, 300}, 60, 30, "30 of 60: yearly PLN cap (330 min) leaves no more", "over the yearly PLN cap", "as stated"},
	{"within the plan", KEYS "plan-share = 80\n" STATED, E(.minutes = 60, .title = "phonics for readers"), {.today = TODAY, .plan = &phonics}, {200}, 60, 60, "60: all rule", "", "as stated"},
	{"outside the plan", KEYS "plan-share = 80\n" STATED, E(.minutes = 60, .title = "gradebook software"), {.today = TODAY, .plan = &phonics}, {180}, 60, 20,
	 "20 of 60: outside your plan 200 min a year count", "outside the plan", "as stated"},
	{"outside, and all used", KEYS "plan-share = 80 %\n" STATED, E(.minutes = 60, .title = "gradebook software"), {.today = TODAY, .plan = &phonics}, {200}, 60, 0,
	 "0: outside your plan 200 min a year count (200 used)", "outside the plan", "as stated"},
	{"outside, of the cap", KEYS "pln-cap = 6h\nplan-share = 80\n" STATED, E(.minutes = 100, .title = "gradebook software"), {.today = TODAY, .plan = &phonics}, {0}, 100, 72,
	 "72 of 100: outside your plan 72 min a year count", "outside the plan", "as stated"},
	{"no plan yet", KEYS "plan-share = 80\n" STATED, E(.minutes = 60, .title = "phonics"), {.today = TODAY}, {180}, 60, 20,
	 "20 of 60: no plan is approved yet; without one 200 min a year count", "outside the plan", "as stated"},
	{"a guest", KEYS STATED, E(.minutes = 60), {.today = TODAY, .role = ROLE_GUEST}, {0}, 60, 0, "0: guests share, and earn no credit", "", "as stated"},
	{"a guest who does", KEYS STATED "[role \"guest\"]\ncredit = yes\n", E(.minutes = 60), {.today = TODAY, .role = ROLE_GUEST}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"an auditor who does not", KEYS STATED "[role \"auditor\"]\ncredit = no\n", E(.minutes = 60), {.today = TODAY, .role = ROLE_AUDITOR}, {0}, 60, 0, "0: auditors share, and earn no credit", "", "as stated"},
	{"a cap of a role", KEYS STATED "[role \"approver\"]\npln-cap = 50\n", E(.minutes = 60), {.today = TODAY, .role = ROLE_APPROVER}, {0}, 60, 50, "50 of 60: yearly PLN cap (50 min) leaves no more", "over the yearly PLN cap", "as stated"},
	{"not of another", KEYS STATED "[role \"approver\"]\npln-cap = 50\n", E(.minutes = 60), {.today = TODAY}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"a cap for a role", KEYS STATED "[cap \"lead\"]\nrole = approver\nper = day\nminutes = 9\n", E(.minutes = 60), {.today = TODAY, .role = ROLE_APPROVER}, {0}, 60, 9, "9 of 60: lead (9 min) leaves no more", "over the lead", "as stated"},
	{"which is nobody else's", KEYS STATED "[cap \"lead\"]\nrole = approver\nper = day\nminutes = 9\n", E(.minutes = 60), {.today = TODAY}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"a rule for a role", KEYS "[credit \"lead\"]\nrole = approver\nminutes = 2\n" STATED, E(.minutes = 60), {.today = TODAY, .role = ROLE_APPROVER}, {0}, 60, 2, "2 of 60: lead rule", "", "as stated"},
	{"which is not another's", KEYS "[credit \"lead\"]\nrole = approver\nminutes = 2\n" STATED, E(.minutes = 60), {.today = TODAY}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"late", KEYS "late-after = 30d\n" STATED, E(.minutes = 60, .day = -31), {.today = TODAY}, {0}, 60, 0, "0: more than 30 days ago", "", "as stated"},
	{"late, the year is open again", KEYS "late-after = 30d\n" STATED, E(.minutes = 60, .day = -31), {.today = TODAY, .reopened_until = TODAY}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"and over again", KEYS "late-after = 30d\n" STATED, E(.minutes = 60, .day = -31), {.today = TODAY, .reopened_until = TODAY - 1}, {0}, 60, 0, "0: more than 30 days ago", "", "as stated"},
	{"last year", KEYS "closes-after = 30d\n" STATED, E(.minutes = 60, .day = -300), {.today = TODAY}, {0}, 60, 0, "0: that school year closed on 30 Jul 2026", "", "as stated"},
	{"last year, open again", KEYS "closes-after = 30d\n" STATED, E(.minutes = 60, .day = -300), {.today = TODAY, .reopened_until = TODAY + 5}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"this year never closes", KEYS "closes-after = 30d\n" STATED, E(.minutes = 60, .day = -140), {.today = TODAY}, {0}, 60, 60, "60: all rule", "", "as stated"},
	{"none stated", KEYS "[credit \"talk\"]\nminutes = 15\n", E(.kind = KIND_TALK), {.today = TODAY}, {0}, 15, 15, "15: talk rule", "", "none stated: talk rule"},
	{"joined in March", KEYS "pln-cap = 365\n" STATED, E(.minutes = 300, .day = 120), {.today = DAY_NONE, .joined = TODAY + 100}, {0}, 300, 122, "122 of 300: yearly PLN cap (122 min) leaves no more", "over the yearly PLN cap", "as stated"},
};

static void test_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct arena arena = {0};
		struct log log = {0};
		struct err err = {0};
		struct grant g;
		struct ruleset *rs = ruleset_parse("r", span_of(keys[i].rules), &err);
		if (rs == NULL)
			fail_msg("%s: %s", keys[i].what, err.text);
		memcpy(log.used, keys[i].used, sizeof log.used);
		struct claim_facts facts = keys[i].facts;
		facts.used = used, facts.outside = outside, facts.ctx = &log;
		struct entry e = full(&keys[i].entry);
		ruleset_credit(rs, &e, &facts, &arena, &g);
		if (g.actual != keys[i].actual || g.credited != keys[i].credited || strcmp(g.reason, keys[i].reason) != 0 || strcmp(g.flag, keys[i].flag) != 0 ||
		    strcmp(g.took, keys[i].took) != 0)
			fail_msg("%s: %d of %d (%s), \"%s\", \"%s\"", keys[i].what, g.credited, g.actual, g.took, g.reason, g.flag);
		ruleset_close(rs);
		arena_release(&arena);
	}
}

/* The package's half of mixed.rules earns no minutes, the other half does. */
static void test_mixed(void **state)
{
	static const struct { struct entry entry; int credited; const char *reason; } rows[] = {
		{E(.kind = KIND_READ, .starred = true, LINK), 0, "0: counts toward the package"},
		{E(.kind = KIND_APPLIED, .minutes = 15), 0, "0 of 15: counts toward the package"},
		{E(.kind = KIND_TALK, .minutes = 20), 15, "15 of 20: talk rule"},
		{E(.kind = KIND_WEBINAR, .minutes = 60), 60, "60: course rule"},
		{E(.kind = KIND_COURSE, .minutes = 180), 0, "0 of 180: above 120 min a certificate is needed; reply with it attached, and it counts"},
		{E(.kind = KIND_COURSE, .minutes = 180, .attachment = true), 180, "180: course rule"},
	};
	(void)state;
	struct ruleset *rs = shipped("mixed.rules");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct grant g;
		struct entry e = full(&rows[i].entry);
		ruleset_credit(rs, &e, &(struct claim_facts){.today = TODAY}, &arena, &g);
		assert_string_equal(g.reason, rows[i].reason);
		assert_int_equal(g.credited, rows[i].credited);
		arena_release(&arena);
	}
	ruleset_close(rs);
}

/* The school year: where it begins and ends, who was there for how much of it, and until when it takes claims. */
static void test_terms(void **state)
{
	static const struct { const char *starts, *joined, *day; int requirement, cap; const char *why; } rows[] = {
		{"07-01", NULL, "2027-03-05", 1080, 360, ""},
		{"07-01", "2027-03-01", "2027-03-05", 361, 120, "joined 1 Mar 2027"}, /* 122 of 365 days */
		{"07-01", "2027-03-01", "2027-06-30", 361, 120, "joined 1 Mar 2027"},
		{"07-01", "2027-03-01", "2027-07-01", 1080, 360, ""},                     /* the next year is a whole one */
		{"07-01", "2026-07-01", "2026-07-01", 1080, 360, ""},
		{"07-01", "2026-07-02", "2026-07-02", 1077, 359, "joined 2 Jul 2026"},
		{"07-01", "2026-06-30", "2026-06-30", 3, 1, "joined 30 Jun 2026"},
		{"07-01", "2028-03-01", "2028-03-01", 360, 120, "joined 1 Mar 2028"}, /* 122 of 366 days */
		{"02-29", "2027-03-01", "2027-03-01", 1080, 360, ""},                     /* a year from 29 February begins on 1 March */
		{"02-29", "2028-08-31", "2028-08-31", 539, 180, "joined 31 Aug 2028"}, /* 182 days left of 366: 29 Feb 2028 … 28 Feb 2029 */
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct terms t;
		char text[200];
		int32_t day, joined = 0;
		snprintf(text, sizeof text, "[policy]\nmode = minutes\nrequirement = 18h\npln-cap = 6h\nyear-starts = %s\n", rows[i].starts);
		struct ruleset *rs = ruleset_parse("r", span_of(text), NULL);
		assert_non_null(rs);
		assert_int_equal(day_parse(span_of(rows[i].day), &day), 0);
		if (rows[i].joined != NULL)
			assert_int_equal(day_parse(span_of(rows[i].joined), &joined), 0);
		ruleset_terms(rs, ROLE_TEACHER, joined, day, &arena, &t);
		if (t.requirement != rows[i].requirement || t.pln_cap != rows[i].cap || strcmp(t.why, rows[i].why) != 0 || t.whole_requirement != 1080)
			fail_msg("row %zu: %d of %d, cap %d, \"%s\"", i, t.requirement, t.whole_requirement, t.pln_cap, t.why);
		ruleset_terms(rs, ROLE_GUEST, joined, day, &arena, &t);
		assert_false(t.earns);
		assert_int_equal(t.requirement, 0);
		ruleset_close(rs);
		arena_release(&arena);
	}
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_minutes), cmocka_unit_test(test_modes), cmocka_unit_test(test_periods), cmocka_unit_test(test_rules), cmocka_unit_test(test_keys), cmocka_unit_test(test_mixed), cmocka_unit_test(test_terms)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
