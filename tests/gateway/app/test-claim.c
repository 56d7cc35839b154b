#include <locale.h>

#include "gateway/claim.h"
#include "gateway/clock.h"
#include "gateway/simulate.h"
#include "tests/gateway/store/store-test.h"

/* What is claimed, in a real log: caps that hold whatever the order, the school year's edges, flags, and a year counted again. */

#define ZONE "America/Chicago"

struct scene {
	struct bed *bed;
	struct campus campus;
	struct desk desk;
	struct person ana, bob;
};

static int32_t day_of(const char *iso)
{
	int32_t day;
	assert_int_equal(day_parse(span_of(iso), &day), 0);
	return day;
}

static int64_t noon(const char *iso)
{
	return clock_utc(ZONE, day_of(iso), 12 * 60);
}

static struct person somebody(struct scene *s, const char *name, const char *address, enum person_role role)
{
	const char *addresses[] = {address};
	struct person p = {.name = name, .role = role};
	strs_add(&p.addresses, &s->bed->arena, addresses[0]);
	OK(s->bed, store_put_person(s->bed->store, &p, &s->bed->err));
	return p;
}

static void open_scene(struct scene *s, struct bed *bed, const char *rules, const char *now)
{
	*s = (struct scene){.bed = bed};
	s->campus.config.zone = ZONE;
	s->campus.store = bed->store;
	s->campus.rules = ruleset_parse("r", span_of(rules), &bed->err);
	if (s->campus.rules == NULL)
		fail_msg("%s", bed->err.text);
	s->desk = (struct desk){&s->campus, bed->store, &bed->arena, noon(now)};
	OK(bed, store_begin(bed->store, &bed->err));
	s->ana = somebody(s, "Ana Rivera", "ana@campus.example", ROLE_TEACHER);
	s->bob = somebody(s, "Bob Lee", "bob@campus.example", ROLE_APPROVER);
}

static void close_scene(struct scene *s)
{
	OK(s->bed, store_commit(s->bed->store, &s->bed->err));
	ruleset_close(s->campus.rules);
	arena_release(&s->campus.arena);
}

static struct entry logged(struct scene *s, const struct person *p, struct entry e)
{
	e.person = p->id;
	e.logged_at = s->desk.now;
	e.title = e.title == NULL ? "Lab notebooks" : e.title;
	e.note = e.note == NULL ? "" : e.note;
	e.source = e.reason = e.flag = "";
	OK(s->bed, store_add_entry(s->bed->store, &e, &s->bed->err));
	OK(s->bed, credit_claim(&s->desk, p, &e, 0, &s->bed->err));
	return e;
}

static void changed(struct scene *s, const struct person *p, struct entry *e)
{
	OK(s->bed, store_change_entry(s->bed->store, e, p->id, 0, s->desk.now, &s->bed->err));
	OK(s->bed, credit_claim(&s->desk, p, e, 0, &s->bed->err));
}

static void decided(struct scene *s, struct entry *e, enum ledger_verb verb, int credited)
{
	struct ledger_line line = {.at = s->desk.now, .person = e->person, .entry = e->id, .verb = verb, .day = e->day, .actual = e->actual,
	                           .credited = credited, .reason = e->reason, .flag = "", .by_person = s->bob.id};
	OK(s->bed, store_add_ledger(s->bed->store, &line, &s->bed->err));
	YES(s->bed, store_entry(s->bed->store, e->id, &s->bed->arena, e, &s->bed->err));
}

#define HAS(e, minutes, words) \
	do { \
		if ((e).credited != (minutes) || strcmp((e).reason, (words)) != 0) \
			fail_msg("line %d: %d, \"%s\" (flag \"%s\")", __LINE__, (e).credited, (e).reason, (e).flag); \
	} while (0)
#define STATED "[credit \"all\"]\nminutes = as stated\n"

/* ---- caps hold, whatever happens in whatever order */

static const char capped[] =
	"[policy]\nmode = minutes\nrequirement = 10h\npln-cap = 400\nlate-after = 60d\n"
	"[credit \"star\"]\nstarred = yes\nminutes = 25\n" STATED
	"[cap \"stars\"]\nstarred = yes\nper = week\nminutes = 60\n"
	"[cap \"day\"]\nkind = webinar, course\nper = day\nminutes = 90\n"
	"[cap \"talks\"]\nkind = talk\nper = year\nminutes = 20 %\n";

static uint32_t dice(uint64_t *seed, uint32_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % n;
}

static void roll(struct entry *e, uint64_t *seed, int32_t first)
{
	static const enum entry_kind kinds[] = {KIND_TALK, KIND_WEBINAR, KIND_COURSE, KIND_READ};
	e->kind = kinds[dice(seed, 4)];
	e->minutes = dice(seed, 5) == 0 ? MINUTES_NONE : (int)dice(seed, 130);
	e->starred = dice(seed, 3) == 0;
	e->day = first + (int32_t)dice(seed, 30); /* before and after 1 July */
}

static bool counts(const struct entry *e)
{
	return !e->undone && (e->claim == CLAIM_WAITING || e->claim == CLAIM_APPROVED || e->claim == CLAIM_ASKED);
}

/* Sums of each cap's periods, told by hand. */
static void check_caps(const struct entry *v, size_t n, uint64_t round)
{
	int32_t july = day_of("2026-07-01");
	for (size_t i = 0; i < n; i++) {
		int stars = 0, day = 0, talks = 0, year = 0;
		for (size_t j = 0; j < n; j++) {
			if (!counts(&v[j]))
				continue;
			bool same_year = (v[i].day >= july) == (v[j].day >= july);
			int32_t monday = v[i].day - day_weekday(v[i].day) + 1;
			stars += v[j].starred && v[j].day >= monday && v[j].day < monday + 7 ? v[j].credited : 0;
			day += (v[j].kind == KIND_WEBINAR || v[j].kind == KIND_COURSE) && v[j].day == v[i].day ? v[j].credited : 0;
			talks += v[j].kind == KIND_TALK && same_year ? v[j].credited : 0;
			year += same_year ? v[j].credited : 0;
		}
		if (stars > 60 || day > 90 || talks > 120 || year > 400)
			fail_msg("round %llu: stars %d, day %d, talks %d, year %d", (unsigned long long)round, stars, day, talks, year);
	}
}

static void step(struct scene *s, struct entry *v, size_t *n, uint64_t *seed, int32_t first)
{
	uint32_t what = dice(seed, 8);
	if (*n == 0 || (what < 3 && *n < 60)) {
		struct entry e = {0};
		roll(&e, seed, first);
		v[(*n)++] = logged(s, &s->ana, e);
		return;
	}
	struct entry *e = &v[dice(seed, (uint32_t)*n)];
	bool open = e->claim == CLAIM_WAITING || e->claim == CLAIM_ASKED, shut = e->claim == CLAIM_APPROVED || e->claim == CLAIM_DENIED;
	if (what == 7 && open)
		decided(s, e, dice(seed, 2) == 0 ? LEDGER_APPROVE : LEDGER_DENY, e->credited);
	else if (what == 6 && shut) {
		decided(s, e, LEDGER_UNDO, e->credited);
		OK(s->bed, credit_claim(&s->desk, &s->ana, e, 0, &s->bed->err)); /* as do-decisions.c does */
	} else if (what == 5) {
		e->undone = !e->undone;
		changed(s, &s->ana, e);
	} else {
		roll(e, seed, first);
		changed(s, &s->ana, e);
	}
}

static void test_caps_hold(void **state)
{
	struct scene s;
	open_scene(&s, *state, capped, "2026-07-12");
	for (uint64_t round = 0; round < 6; round++) {
		struct entry v[60];
		size_t n = 0;
		uint64_t seed = round * 977 + 5;
		s.ana = somebody(&s, "Ana Rivera", arena_printf(&s.bed->arena, "ana%d@campus.example", (int)round), ROLE_TEACHER);
		for (int i = 0; i < 200; i++) {
			step(&s, v, &n, &seed, day_of("2026-06-12"));
			check_caps(v, n, round);
		}
	}
	close_scene(&s);
}

/* The same rules change nothing, whatever was amended and decided; other rules keep their own caps, and what was decided by hand. */
static void test_simulated(void **state)
{
	static const char half[] = "[policy]\nmode = minutes\nrequirement = 10h\npln-cap = 200\nlate-after = 60d\n[credit \"all\"]\nminutes = as stated\nmultiply = 0.5\n";
	struct scene s;
	struct entry v[60];
	size_t n = 0;
	uint64_t seed = 41;
	open_scene(&s, *state, capped, "2026-07-12");
	for (int i = 0; i < 300; i++)
		step(&s, v, &n, &seed, day_of("2026-06-12"));
	struct entry *talk = &v[0];
	*talk = logged(&s, &s.ana, (struct entry){.kind = KIND_READ, .minutes = 44, .day = day_of("2026-06-12"), .title = "by hand"});
	if (talk->claim == CLAIM_WAITING)
		decided(&s, talk, LEDGER_APPROVE, 7);
	for (int year = 2025; year <= 2026; year++) {
		struct simulation same, other;
		struct ruleset *rules = ruleset_parse("half", span_of(half), NULL), *again = ruleset_parse("r", span_of(capped), NULL);
		int32_t from = day_from_civil((struct civil){year, 7, 1});
		struct simulating *x = simulate_open(&s.campus, again, from);
		OK(s.bed, simulate_person(x, &s.ana, &s.bed->arena, &same, &s.bed->err));
		assert_true(same.n > 5);
		assert_int_equal(same.changed, 0);
		assert_int_equal(same.was, same.is);
		assert_string_equal(simulation_why(&same, &s.bed->arena), "");
		simulate_close(x);
		x = simulate_open(&s.campus, rules, from);
		OK(s.bed, simulate_person(x, &s.ana, &s.bed->arena, &other, &s.bed->err));
		assert_int_equal(other.n, same.n);
		assert_int_equal(other.was, same.was);
		assert_true(other.changed > 0);
		for (size_t i = 0; i < other.n; i++)
			if (other.v[i].by_hand)
				assert_int_equal(other.v[i].is, other.v[i].was);
		assert_true(strstr(simulation_why(&other, &s.bed->arena), "rule") != NULL);
		simulate_close(x);
		ruleset_close(rules);
		ruleset_close(again);
	}
	close_scene(&s);
}

/* ---- the school year */

static void test_year(void **state)
{
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\nrequirement = 10h\npln-cap = 60\nlate-after = 30d\n" STATED, "2026-07-05");
	struct entry june = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 50, .day = day_of("2026-06-30")});
	struct entry cut = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 50, .day = day_of("2026-06-30")});
	struct entry july = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 50, .day = day_of("2026-07-01")});
	HAS(june, 50, "50: all rule");
	HAS(cut, 10, "10 of 50: yearly PLN cap (60 min) leaves no more");
	HAS(july, 50, "50: all rule"); /* a new year starts at zero */
	/* moved over the edge, it is the other year's */
	cut.day = day_of("2026-07-02");
	changed(&s, &s.ana, &cut);
	HAS(cut, 10, "10 of 50: yearly PLN cap (60 min) leaves no more");
	june.undone = true;
	changed(&s, &s.ana, &june);
	cut.day = day_of("2026-06-29");
	changed(&s, &s.ana, &cut);
	HAS(cut, 50, "50: all rule");
	/* the new year's sums */
	struct credit_status status;
	OK(s.bed, credit_status_of(&s.desk, &s.ana, 10, &status, &s.bed->err));
	assert_string_equal(status.year, "2026/27");
	assert_int_equal(status.waiting, 50);
	close_scene(&s);
}

/* "Today" is the local day, also in the hour that the clock skips or repeats: a claim of yesterday is in time, one of the day before is late. */
static void test_zones(void **state)
{
	static const struct { const char *zone; int64_t utc; const char *today; } rows[] = {
		{"Africa/Cairo", 1776981599, "2026-04-23"},    /* 23:59:59, the second before 00:00 becomes 01:00 */
		{"Africa/Cairo", 1776981600, "2026-04-24"},
		{"Europe/Berlin", 1774738799, "2026-03-28"},   /* midnight before the 23-hour day */
		{"Europe/Berlin", 1774738800, "2026-03-29"},
		{"Europe/Berlin", 1774821599, "2026-03-29"},   /* and after it */
		{"Europe/Berlin", 1774821600, "2026-03-30"},
		{"America/Chicago", 1782881999, "2026-06-30"}, /* the last second of the school year */
		{"America/Chicago", 1782882000, "2026-07-01"},
		{"Pacific/Kiritimati", 1782813600, "2026-07-01"},
	};
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\nlate-after = 1d\n" STATED, "2026-03-01");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int32_t today = day_of(rows[i].today);
		s.ana.zone = rows[i].zone;
		s.desk.now = rows[i].utc;
		struct entry now = logged(&s, &s.ana, (struct entry){.kind = KIND_READ, .minutes = 1, .day = today});
		struct entry before = logged(&s, &s.ana, (struct entry){.kind = KIND_READ, .minutes = 1, .day = today - 1});
		struct entry late = logged(&s, &s.ana, (struct entry){.kind = KIND_READ, .minutes = 1, .day = today - 2});
		struct entry early = logged(&s, &s.ana, (struct entry){.kind = KIND_READ, .minutes = 1, .day = today + 1});
		if (now.credited != 1 || before.credited != 1 || late.credited != 0 || early.credited != 0)
			fail_msg("row %zu: %s / %s / %s / %s", i, now.reason, before.reason, late.reason, early.reason);
	}
	close_scene(&s);
}

static void test_joined(void **state)
{
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\nrequirement = 18h\npln-cap = 6h\n" STATED, "2027-03-05");
	s.ana.joined = day_of("2027-03-01");
	struct entry e = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 200, .day = day_of("2027-03-04")});
	HAS(e, 120, "120 of 200: yearly PLN cap (120 min) leaves no more");
	struct credit_status status;
	OK(s.bed, credit_status_of(&s.desk, &s.ana, 0, &status, &s.bed->err));
	assert_int_equal(status.requirement, 361);
	assert_int_equal(status.cap, 120);
	assert_int_equal(status.checks.n, 1);
	assert_string_equal(status.checks.v[0], "6 h 01 of 18 h: you joined 1 Mar 2027.");
	close_scene(&s);
}

/* A year that is opened again takes its days until the day said; what comes too late stays what it was. */
static void test_late(void **state)
{
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\nlate-after = 30d\ncertificate-above = 2h\nevidence = require\n" STATED, "2026-09-15");
	struct entry late = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 50, .day = day_of("2026-06-10")});
	HAS(late, 0, "0: more than 30 days ago");
	struct entry early = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 50, .day = day_of("2026-09-10")});
	struct entry course = logged(&s, &s.ana, (struct entry){.kind = KIND_COURSE, .minutes = 180, .day = day_of("2026-09-10")});
	HAS(course, 0, "0 of 180: above 120 min a certificate is needed; reply with it attached, and it counts");

	struct ledger_line line = {.at = s.desk.now, .verb = LEDGER_REOPEN, .person = s.bob.id, .day = day_of("2025-07-01"), .about = day_of("2026-09-30"), .reason = "", .flag = "", .by_person = s.bob.id};
	OK(s.bed, store_reopen(s.bed->store, &line, &s.bed->err));
	struct entry taken = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 50, .day = day_of("2026-06-11")});
	HAS(taken, 50, "50: all rule");
	s.desk.now = noon("2026-09-30");
	late.note = "again, while it is open";
	changed(&s, &s.ana, &late);
	HAS(late, 50, "50: all rule");

	s.desk.now = noon("2026-12-01"); /* closed again, and everything is long ago */
	struct entry after = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 50, .day = day_of("2026-06-12")});
	HAS(after, 0, "0: more than 30 days ago");
	taken.note = "a thought that came later";
	changed(&s, &s.ana, &taken);
	HAS(taken, 50, "50: all rule");
	early.minutes = 110;
	changed(&s, &s.ana, &early);
	HAS(early, 50, "50 of 110: raised too late (more than 30 days ago)");
	early.minutes = 20;
	changed(&s, &s.ana, &early);
	HAS(early, 20, "20: all rule");
	course.attachment = true; /* the certificate may take its time */
	changed(&s, &s.ana, &course);
	HAS(course, 180, "180: all rule");
	close_scene(&s);
}

/* ---- the plan */

static void test_plan(void **state)
{
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\nrequirement = 10h\nplan-share = 80\n" STATED, "2026-11-20");
	struct entry outside = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 100, .day = day_of("2026-11-18"), .title = "Gradebook software"});
	struct entry inside = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 100, .day = day_of("2026-11-19"), .title = "Phonics for first readers"});
	HAS(outside, 100, "100: all rule");
	HAS(inside, 20, "20 of 100: no plan is approved yet; without one 120 min a year count");
	struct plan plan = {.person = s.ana.id, .year = day_of("2026-07-01"), .parts = {"", "phonics for first readers", ""}, .prose = "", .words = "", .created_at = s.desk.now, .state = PLAN_WAITING};
	OK(s.bed, store_add_plan(s.bed->store, &plan, &s.bed->err));
	plan.state = PLAN_APPROVED;
	OK(s.bed, store_change_plan(s.bed->store, &plan, &s.bed->err));
	OK(s.bed, credit_again(&s.desk, &s.ana, day_of("2026-11-20"), 0, &s.bed->err));
	YES(s.bed, store_entry(s.bed->store, inside.id, &s.bed->arena, &inside, &s.bed->err));
	YES(s.bed, store_entry(s.bed->store, outside.id, &s.bed->arena, &outside, &s.bed->err));
	HAS(inside, 100, "100: all rule");
	HAS(outside, 100, "100: all rule");
	struct entry more = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 60, .day = day_of("2026-11-20"), .title = "Photocopiers"});
	HAS(more, 20, "20 of 60: outside your plan 120 min a year count");
	struct credit_status status;
	OK(s.bed, credit_status_of(&s.desk, &s.ana, 10, &status, &s.bed->err));
	assert_string_equal(status.checks.v[0], "Within your plan: 45 % of the minutes, 80 % are asked.");
	close_scene(&s);
}

/* ---- flags */

static struct entry_link *a_link(struct scene *s)
{
	struct entry_link *link = arena_alloc(&s->bed->arena, sizeof *link);
	*link = (struct entry_link){"https://site.example/exit-tickets", "Exit tickets"};
	return link;
}

static void test_flags(void **state)
{
	struct scene s;
	struct err *err;
	open_scene(&s, *state, "[policy]\nmode = minutes\n" STATED, "2026-11-20");
	err = &s.bed->err;
	int32_t day = day_of("2026-11-19");
	struct entry e = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 15, .day = day});
	assert_string_equal(e.flag, ""); /* the first of its kind, and small */
	e = logged(&s, &s.ana, (struct entry){.kind = KIND_COURSE, .minutes = 90, .day = day});
	assert_string_equal(e.flag, "the first course");
	e = logged(&s, &s.ana, (struct entry){.kind = KIND_COURSE, .minutes = 90, .day = day});
	assert_string_equal(e.flag, ""); /* once a person and kind */
	e = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 121, .day = day});
	assert_string_equal(e.flag, "unusually long: 121 min, usually 15");
	e = logged(&s, &s.ana, (struct entry){.kind = KIND_COURSE, .minutes = 300, .day = day});
	assert_string_equal(e.flag, ""); /* less than four times their ninety */

	struct entry hers = logged(&s, &s.ana, (struct entry){.kind = KIND_READ, .minutes = 5, .day = day, .links = a_link(&s), .n_links = 1});
	struct entry his = logged(&s, &s.bob, (struct entry){.kind = KIND_READ, .minutes = 5, .day = day, .links = a_link(&s), .n_links = 1});
	struct entry other_day = logged(&s, &s.bob, (struct entry){.kind = KIND_READ, .minutes = 5, .day = day - 1, .links = a_link(&s), .n_links = 1});
	assert_string_equal(hers.flag, "");
	assert_string_equal(other_day.flag, "");
	assert_string_equal(his.flag, arena_printf(&s.bed->arena, "the same link as entry %lld of that day", (long long)hers.id)); /* no name in the log */
	const char *shown = his.flag;
	OK(s.bed, flag_for_approver(&s.desk, &shown, err));
	assert_string_equal(shown, arena_printf(&s.bed->arena, "the same link as entry %lld by Ana Rivera of that day", (long long)hers.id));
	shown = "over the weekly star cap";
	OK(s.bed, flag_for_approver(&s.desk, &shown, err));
	assert_string_equal(shown, "over the weekly star cap");

	/* let in by a question's yes; then changed by a mail that is vouched for */
	struct reading reading = {.auth = AUTH_NONE};
	struct incoming mail = {.released = 7, .reading = &reading};
	struct matter m = {.mail = &mail, .reading = &reading, .person = &s.ana};
	struct entry held = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 20, .day = day});
	held.minutes = 25;
	OK(s.bed, store_change_entry(s.bed->store, &held, s.ana.id, 0, s.desk.now, err));
	OK(s.bed, credit_claim_of(&s.desk, &m, &held, err));
	assert_string_equal(held.flag, UNVERIFIED);
	OK(s.bed, credit_claim(&s.desk, &s.ana, &held, 0, err)); /* no mail at hand: what was known holds */
	assert_string_equal(held.flag, UNVERIFIED);
	mail.released = 0;
	reading.auth = AUTH_PASS;
	held.minutes = 30;
	OK(s.bed, store_change_entry(s.bed->store, &held, s.ana.id, 0, s.desk.now, err));
	OK(s.bed, credit_claim_of(&s.desk, &m, &held, err));
	assert_string_equal(held.flag, "");

	/* changed after it was decided, and again before the next answer */
	decided(&s, &held, LEDGER_APPROVE, held.credited);
	held.minutes = 40;
	changed(&s, &s.ana, &held);
	assert_int_equal(held.claim, CLAIM_WAITING);
	assert_string_equal(held.flag, "changed after it was approved");
	held.minutes = 41;
	changed(&s, &s.ana, &held);
	assert_string_equal(held.flag, "changed after it was approved");
	decided(&s, &held, LEDGER_APPROVE, held.credited);
	held.note = "what a colleague logs, and a note, change no figure";
	changed(&s, &s.ana, &held);
	assert_int_equal(held.claim, CLAIM_APPROVED);
	close_scene(&s);
}

static void test_no_flags(void **state)
{
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\nno-flag = unusual, first-of-kind, duplicate, unverified\nno-flag = changed\n" STATED, "2026-11-20");
	int32_t day = day_of("2026-11-19");
	logged(&s, &s.bob, (struct entry){.kind = KIND_READ, .minutes = 5, .day = day, .links = a_link(&s), .n_links = 1});
	struct entry e = logged(&s, &s.ana, (struct entry){.kind = KIND_READ, .minutes = 500, .day = day, .links = a_link(&s), .n_links = 1});
	assert_string_equal(e.flag, "");
	decided(&s, &e, LEDGER_APPROVE, e.credited);
	e.minutes = 510;
	changed(&s, &s.ana, &e);
	assert_string_equal(e.flag, "");
	assert_int_equal(e.claim, CLAIM_WAITING); /* a new question all the same */
	close_scene(&s);
}

/* ---- a package beside minutes, and what the status asks */

static void test_mixed(void **state)
{
	struct scene s;
	struct grant g;
	struct credit_status status;
	open_scene(&s, *state, "[policy]\nmode = minutes\nrequirement = 10h\npln-cap = 5h\npackage = 3h\nshare-minimum = 3\nbreadth = 3\n" STATED, "2026-11-20");
	int32_t day = day_of("2026-11-19");
	struct entry e = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 100, .day = day, .is_private = true});
	HAS(e, 100, "100: all rule; counts once 3 entries of the year are shared");
	OK(s.bed, credit_package(&s.desk, &s.ana, day, &g, &s.bed->err));
	assert_int_equal(g.credited, 180);
	assert_string_equal(g.reason, "");
	struct ledger_line line = {.at = s.desk.now, .verb = LEDGER_GRANT, .person = s.ana.id, .day = day, .actual = 180, .credited = 180, .reason = "", .flag = "", .by_person = s.bob.id};
	OK(s.bed, store_add_ledger(s.bed->store, &line, &s.bed->err));
	e = logged(&s, &s.ana, (struct entry){.kind = KIND_CHAT, .minutes = 100, .day = day, .links = a_link(&s), .n_links = 1});
	HAS(e, 20, "20 of 100: yearly PLN cap (300 min) leaves no more; counts once 3 entries of the year are shared");
	OK(s.bed, credit_package(&s.desk, &s.ana, day, &g, &s.bed->err));
	assert_int_equal(g.credited, 0);
	assert_string_equal(g.reason, "0 of 180: yearly PLN cap (300 min) leaves no more");
	OK(s.bed, credit_status_of(&s.desk, &s.ana, 10, &status, &s.bed->err));
	static const char *const want[] = {
		"3 h of it were granted as a package.",
		"Shared so far: 1; your minutes count toward the requirement once it is 3.",
		"Breadth: 2 of 3 kinds, from 1 site; try another.",
	};
	assert_int_equal(status.checks.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(status.checks.v[i], want[i]);
	close_scene(&s);
}

/* What was approved is asked about again when it is corrected, not when something is shared. */
static void test_stays(void **state)
{
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\nshare-minimum = 2\n[credit \"talk\"]\nkind = talk\nminutes = 15\n[credit \"chat\"]\nkind = chat\nminutes = 15\n", "2026-11-20");
	struct entry e = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = MINUTES_NONE, .day = day_of("2026-11-19")});
	HAS(e, 15, "15: talk rule; counts once 2 entries of the year are shared");
	decided(&s, &e, LEDGER_APPROVE, e.credited);
	logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = MINUTES_NONE, .day = day_of("2026-11-19")});
	e.note = "a note";
	changed(&s, &s.ana, &e);
	assert_int_equal(e.claim, CLAIM_APPROVED);
	e.kind = KIND_CHAT; /* as many minutes, for something else */
	changed(&s, &s.ana, &e);
	assert_int_equal(e.claim, CLAIM_WAITING);
	HAS(e, 15, "15: chat rule");
	assert_string_equal(e.flag, "changed after it was approved");
	close_scene(&s);
}

/* A campus that counts no more: what had been claimed is a new question once it is about another day, and withdrawn with its entry. */
static void test_moved(void **state)
{
	struct scene s;
	open_scene(&s, *state, "[policy]\nmode = minutes\n" STATED, "2026-11-20");
	struct entry e = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 20, .day = day_of("2026-11-19")});
	decided(&s, &e, LEDGER_APPROVE, 15);
	struct entry never = logged(&s, &s.ana, (struct entry){.kind = KIND_TALK, .minutes = 20, .nocredit = true, .day = day_of("2026-11-19")});
	ruleset_close(s.campus.rules);
	s.campus.rules = ruleset_parse("r", span_of("[policy]\nmode = off\n"), &s.bed->err);
	e.note = "a note";
	changed(&s, &s.ana, &e);
	assert_int_equal(e.claim, CLAIM_APPROVED);
	e.day = never.day = day_of("2026-06-10");
	changed(&s, &s.ana, &e);
	changed(&s, &s.ana, &never);
	assert_int_equal(e.claim, CLAIM_WAITING);
	assert_int_equal(never.credited, 0);
	HAS(e, 20, "20: all rule");
	assert_string_equal(e.flag, "changed after it was approved");
	e.undone = true;
	e.day--;
	changed(&s, &s.ana, &e);
	assert_int_equal(e.claim, CLAIM_WITHDRAWN);
	assert_sound(s.bed);
	close_scene(&s);
}

static void test_guest(void **state)
{
	struct scene s;
	struct credit_status status;
	open_scene(&s, *state, "[policy]\nmode = minutes\nrequirement = 10h\n" STATED, "2026-11-20");
	struct person guest = somebody(&s, "Gil Guest", "gil@elsewhere.example", ROLE_GUEST);
	struct entry e = logged(&s, &guest, (struct entry){.kind = KIND_TALK, .minutes = 100, .day = day_of("2026-11-19")});
	HAS(e, 0, "0: guests share, and earn no credit");
	assert_int_equal(e.claim, CLAIM_NONE);
	OK(s.bed, credit_status_of(&s.desk, &guest, 0, &status, &s.bed->err));
	assert_false(status.credit);
	assert_int_equal(status.requirement, 0);
	close_scene(&s);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		TEST(test_caps_hold), TEST(test_simulated), TEST(test_year), TEST(test_zones), TEST(test_joined), TEST(test_late), TEST(test_plan),
		TEST(test_flags), TEST(test_no_flags), TEST(test_mixed), TEST(test_stays), TEST(test_moved), TEST(test_guest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
