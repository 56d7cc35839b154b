/* A school year in the log: 2,000 teachers with 100 entries each, as a campus has them. Built and run by contrib/bench/year only.
 * usage: year CAMPUS PEOPLE ENTRIES APPROVERS
 * CAMPUS is a folder as `plnpost init` makes it. The year begins on 1 July 2025; entries are logged week by week until Sunday,
 * 14 June 2026, claimed under the campus's rules, and approved on the Monday after; those of the last week wait. Each week has its
 * own links, few of which many share. The same arguments make the same year. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/desk.h"

#define WEEKS 50
#define LINKS_A_WEEK 400
#define PEOPLE_MAX 20000
#define PER_TRANSACTION 500
#define DAY 86400LL

struct year {
	struct campus campus;
	struct err err;
	uint64_t random;
	struct person people[PEOPLE_MAX], approvers[PEOPLE_MAX / 10];
	int n_people, n_approvers;
	int32_t monday; /* of the first week */
	struct arena roster;
	int64_t messages;
};

static _Noreturn void stop(struct year *y, const char *what)
{
	fprintf(stderr, "year: %s: %s\n", what, y->err.text);
	exit(1);
}

static uint64_t next_random(struct year *y)
{
	y->random ^= y->random << 13;
	y->random ^= y->random >> 7;
	y->random ^= y->random << 17;
	return y->random;
}

static unsigned below(struct year *y, unsigned n)
{
	return (unsigned)(next_random(y) >> 11) % n;
}

static bool chance(struct year *y, unsigned percent)
{
	return below(y, 100) < percent;
}

/* Of n, the first ones far more often. */
static unsigned skewed(struct year *y, unsigned n, double power)
{
	return (unsigned)(pow((double)below(y, 1u << 20) / (1u << 20), power) * n);
}

/* ---- words */
static const char *const things[] = {
	"exit tickets", "retrieval practice", "cold calling", "formative assessment", "phonics", "lab notebooks", "number talks", "peer feedback", "reading logs",
	"seating plans", "worked examples", "Socratic seminars", "spaced quizzes", "growth mindset", "project boards", "field trips", "parent letters",
	"homework", "group roles", "rubrics", "bell ringers", "choral reading", "the flipped classroom", "fractions", "primary sources", "data walls",
};
static const char *const ways[] = {
	"that take two minutes", "in mixed-ability groups", "for period 3", "without marking at night", "when half the class is away", "in the first week",
	"with ninth graders", "for newcomers to English", "after a bad test", "from a colleague in Tulsa", "and what the evidence says", "on paper only",
};
static const char *const openings[] = {"Why I stopped", "A year of", "Five ways to", "Rethinking", "What works:", "Notes on", "Starting with", "The quiet power of", "Questions about", "Better"};
static const char *const notes[] = {
	"Trying it on Friday with period 3.", "Worked better than last year, fewer hands but longer answers.", "The second half is the useful part.",
	"Shared with the department; Rivera will adapt it for chemistry.", "Not sure yet whether it fits our timetable.",
	"One idea to keep: ask first, then wait ten seconds.", "The template at the end can be printed as it is.", "I disagree with the part on homework, but the data is good.",
};
static const char *const sources[] = {"Edutopia Weekly", "Cult of Pedagogy", "The Learning Scientists", "Education Week", "Mind/Shift", "Chalkbeat", "ASCD SmartBrief", ""};
static const char *const sites[] = {"www.edutopia.org", "www.cultofpedagogy.com", "www.learningscientists.org", "www.edweek.org", "blog.example", "teachers.example"};
#define PICK(y, list) list[below(y, sizeof list / sizeof *list)]

static const char *title_of(struct year *y, struct arena *arena)
{
	const char *opening = PICK(y, openings), *thing = PICK(y, things);
	return chance(y, 60) ? arena_printf(arena, "%s %s %s", opening, thing, PICK(y, ways)) : arena_printf(arena, "%s %s", opening, thing);
}

/* ---- people */
static void add_people(struct year *y)
{
	static const char *const first[] = {"Ada", "Ben", "Carla", "Dmitri", "Esther", "Farid", "Grace", "Hiro", "Ines", "Jamal", "Kayla", "Liam", "Mei", "Nora", "Omar", "Priya"};
	static const char *const last[] = {"Rivera", "Lee", "Okafor", "Schmidt", "Nguyen", "Haddad", "Johansson", "Silva", "Kowalski", "Brown", "Castillo", "Ivanova", "Mensah"};
	struct store *store = y->campus.store;
	if (store_begin(store, &y->err) < 0)
		stop(y, "people");
	for (int i = 0; i < y->n_approvers + y->n_people; i++) {
		bool approver = i < y->n_approvers;
		int n = approver ? i : i - y->n_approvers;
		struct person *p = approver ? &y->approvers[n] : &y->people[n];
		*p = (struct person){.name = arena_printf(&y->roster, "%s %s %s%d", PICK(y, first), PICK(y, last), approver ? "A" : "", n + 1),
		                     .role = approver ? ROLE_APPROVER : ROLE_TEACHER, .receipts = WISH_FIRST};
		strs_add(&p->addresses, &y->roster, arena_printf(&y->roster, "%s%d@school.example", approver ? "approver" : "teacher", n + 1));
		if (!approver && y->n_approvers > 1)
			p->approver = y->approvers[n % y->n_approvers].addresses.v[0];
		if (store_put_person(store, p, &y->err) < 0)
			stop(y, p->addresses.v[0]);
	}
	if (store_commit(store, &y->err) < 0)
		stop(y, "people");
}

/* ---- entries: of 1,000, so many of each kind, and the minutes that are stated */
static const struct habit {
	enum entry_kind kind;
	unsigned share, from, to, stated; /* minutes from … to, in stated percent of them */
} habits[] = {
	{KIND_NONE, 180, 5, 20, 15}, {KIND_READ, 380, 5, 30, 25}, {KIND_WATCH, 70, 10, 45, 60}, {KIND_LISTEN, 50, 20, 60, 60}, {KIND_CHAT, 50, 20, 60, 90},
	{KIND_FORUM, 30, 10, 30, 50}, {KIND_WEBINAR, 40, 30, 90, 95}, {KIND_COURSE, 8, 60, 360, 95}, {KIND_CONF, 5, 120, 480, 95}, {KIND_TALK, 90, 10, 40, 80},
	{KIND_MENTOR, 20, 20, 60, 90}, {KIND_PRESENT, 12, 20, 60, 90}, {KIND_PROJECT, 15, 30, 120, 70}, {KIND_APPLIED, 40, 15, 50, 60}, {KIND_REFLECT, 10, 10, 30, 40},
};

static const struct habit *habit_of(struct year *y)
{
	unsigned at = below(y, 1000);
	const struct habit *h = habits;
	while (at >= h->share) {
		at -= h->share;
		h++;
	}
	return h;
}

/* A link of that week: its address says which; few are shared by many. */
static void add_link(struct year *y, struct arena *arena, struct entry *e, int week)
{
	unsigned n = chance(y, 70) ? skewed(y, LINKS_A_WEEK, 2.5) : LINKS_A_WEEK + below(y, 1u << 30);
	struct year words = {.random = 88172645463325252u + n * 7919u + (unsigned)week * 104729u};
	for (int i = 0; i < 4; i++)
		next_random(&words);
	const char *site = PICK(&words, sites), *title = title_of(&words, arena);
	*ARENA_PUSH(arena, e->links, e->n_links) = (struct entry_link){arena_printf(arena, "https://%s/article/%d-%u", site, week, n), title};
}

static void fill(struct year *y, struct arena *arena, struct entry *e, int week, const struct person *p)
{
	const struct habit *h = habit_of(y);
	static const unsigned hours[] = {7, 8, 10, 12, 15, 16, 17, 20, 21};
	*e = (struct entry){.person = p->id, .day = y->monday + week * 7 + (int32_t)skewed(y, 7, 1.4), .kind = h->kind, .minutes = MINUTES_NONE, .reason = "", .flag = ""};
	e->logged_at = clock_utc(y->campus.config.zone, e->day, (int)(PICK(y, hours) * 60 + below(y, 60)));
	e->starred = chance(y, 15);
	e->is_private = chance(y, 8);
	e->note = chance(y, 65) ? chance(y, 30) ? arena_printf(arena, "%s %s", PICK(y, notes), PICK(y, notes)) : PICK(y, notes) : "";
	e->source = PICK(y, sources);
	if (chance(y, h->stated))
		e->minutes = (int)(h->from + below(y, h->to - h->from + 1)) / 5 * 5;
	for (unsigned n = h->kind == KIND_TALK ? 0 : 1 + skewed(y, 4, 3); n > 0; n--)
		add_link(y, arena, e, week);
	e->title = e->n_links > 0 ? e->links[0].title : title_of(y, arena);
	e->attachment = h->to > 120 && chance(y, 80);
	strs_add(&e->tags, arena, PICK(y, things));
	if (h->kind == KIND_TALK)
		strs_add(&e->with, arena, "Rivera");
}

static int64_t add_message(struct year *y, struct arena *arena, const struct entry *e, const struct person *p)
{
	struct message m = {
		.message_id = arena_printf(arena, "%lld.%llx@school.example", (long long)++y->messages, (unsigned long long)next_random(y)),
		.received_at = e->logged_at, .from_addr = p->addresses.v[0], .subject = arena_printf(arena, "#pln %s", e->title), .kind = "note",
		.action = ACTION_LOG, .reason = "tagged", .text = e->note, .person = p->id, .marked = true,
	};
	const char *raw = arena_printf(arena, "From: %s <%s>\nTo: pln@school.example\nSubject: %s\nMessage-ID: <%s>\n\n%s\n%s\n", p->name, m.from_addr, m.subject,
	                               m.message_id, e->note, e->n_links > 0 ? e->links[0].url : "");
	int64_t id = 0;
	hash_bytes(m.body_hash, raw, strlen(raw));
	if (store_add_message(y->campus.store, &m, span_of(raw), &id, &y->err) < 0)
		stop(y, "message");
	return id;
}

static void one_entry(struct year *y, int week)
{
	struct arena arena = {0};
	struct entry e;
	struct person *p = &y->people[skewed(y, (unsigned)y->n_people, 1.4)];
	fill(y, &arena, &e, week, p);
	struct desk desk = {&y->campus, y->campus.store, &arena, e.logged_at};
	e.message = add_message(y, &arena, &e, p);
	if (store_add_entry(desk.store, &e, &y->err) < 0 || credit_claim(&desk, p, &e, e.message, &y->err) < 0)
		stop(y, "entry");
	arena_release(&arena);
}

/* ---- the Monday after: nearly all is approved, a little denied, changed, asked about or left lying */
static void decide(struct year *y, struct arena *arena, const struct person *approver, const struct entry *e, int64_t at)
{
	static const enum ledger_verb verbs[] = {LEDGER_APPROVE, LEDGER_DENY, LEDGER_APPROVE, LEDGER_ASK};
	unsigned fate = below(y, 100), which = fate < 93 ? 0 : fate < 95 ? 1 : fate < 98 ? 2 : 3;
	if (fate == 99)
		return;
	struct ledger_line line = {
		.at = at, .person = e->person, .entry = e->id, .day = e->day, .verb = verbs[which], .actual = e->actual, .by_person = approver->id, .flag = e->flag,
		.credited = which == 1 ? 0 : which == 2 ? e->credited / 2 : e->credited,
		.reason = which == 0 ? e->reason : which == 1 ? "same as last week's" : which == 2 ? arena_printf(arena, "%d min set by the approver", e->credited / 2) : "which one?",
	};
	if (store_add_ledger(y->campus.store, &line, &y->err) < 0)
		stop(y, "decision");
}

static void decide_week(struct year *y, int week)
{
	int64_t at = clock_utc(y->campus.config.zone, y->monday + week * 7 + 7, 8 * 60);
	for (int a = 0; a < y->n_approvers; a++) {
		struct arena arena = {0};
		struct undecided all = {0};
		struct entries list = {0};
		if (store_begin(y->campus.store, &y->err) < 0 || store_waiting(y->campus.store, &arena, &all, &y->err) < 0 ||
		    store_waiting_for(y->campus.store, &all, y->approvers[a].id, 1 << 20, &arena, &list, &y->err) < 0)
			stop(y, "waiting");
		for (size_t i = 0; i < list.n; i++)
			if (list.v[i].day >= y->monday + week * 7)
				decide(y, &arena, &y->approvers[a], &list.v[i], at);
		if (store_commit(y->campus.store, &y->err) < 0)
			stop(y, "decisions");
		arena_release(&arena);
	}
}

/* Holidays in July, at the year's end and in spring: about a tenth of a school week's mails. */
static int weight(int week)
{
	return week < 7 || week == 25 || week == 26 || week == 40 ? 1 : 10;
}

static void write_year(struct year *y, long entries)
{
	long left = entries, weights = 0;
	for (int w = 0; w < WEEKS; w++)
		weights += weight(w);
	for (int w = 0; w < WEEKS; w++) {
		long n = left * weight(w) / weights;
		left -= n;
		weights -= weight(w);
		for (long i = 0; i < n; i += PER_TRANSACTION) {
			if (store_begin(y->campus.store, &y->err) < 0)
				stop(y, "begin");
			for (long k = i; k < n && k < i + PER_TRANSACTION; k++)
				one_entry(y, w);
			if (store_commit(y->campus.store, &y->err) < 0)
				stop(y, "commit");
		}
		if (w + 1 < WEEKS)
			decide_week(y, w);
	}
}

int main(int argc, char **argv)
{
	static struct year y = {.random = 88172645463325252u};
	if (argc != 5) {
		fprintf(stderr, "usage: year CAMPUS PEOPLE ENTRIES APPROVERS\n");
		return 64;
	}
	y.n_people = (int)strtol(argv[2], NULL, 10);
	y.n_approvers = (int)strtol(argv[4], NULL, 10);
	if (y.n_people < 1 || y.n_people > PEOPLE_MAX || y.n_approvers < 1 || y.n_approvers > PEOPLE_MAX / 10) {
		fprintf(stderr, "year: 1 to %d people, 1 to %d approvers\n", PEOPLE_MAX, PEOPLE_MAX / 10);
		return 64;
	}
	if (campus_open(&y.campus, argv[1], STORE_CREATE, &y.err) < 0)
		stop(&y, argv[1]);
	int32_t first = day_from_civil((struct civil){2025, 7, 1});
	y.monday = first - (day_weekday(first) - 1);
	add_people(&y);
	write_year(&y, strtol(argv[3], NULL, 10));
	campus_close(&y.campus);
	arena_release(&y.roster);
	return 0;
}
