#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/approvals.h"
#include "gateway/clock.h"
#include "gateway/read/read.h"
#include "gateway/reopen.h"
#include "gateway/transcript.h"
#include "rules/shipped.h"
#include "tests/gateway/app/bed.h"

/* A campus's year of what people happen to write, and after it the same sums wherever they are told: the log's totals, the status, the
 * transcript, the report, and the ledger read line by line by a reader of its own. */

#define TEACHERS 7
#define ROUNDS 420
#define YEAR "2025/26"

struct year {
	struct bed *bed;
	struct store *store;
	struct campus *campus;
	struct read_options reading;
	struct arena arena; /* of one step */
	struct desk desk;
	uint64_t seed;
	int64_t now;
	unsigned mails;
	int64_t above; /* counted more than was stated, in all years that were compared */
};

static unsigned pick(struct year *y, unsigned n)
{
	y->seed = y->seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(y->seed >> 33) % n;
}

#define MUST(y, call) do { if ((call) < 0) fail_msg("seed at %" PRIu64 ": %s", (y)->seed, (y)->bed->err.text); } while (0)

static const char *address(struct year *y, unsigned i)
{
	return i < TEACHERS ? arena_printf(&y->arena, "t%u@school.example", i) : i == TEACHERS ? "pat@school.example" : "val@school.example";
}

/* ---- mails */

static void put_mail(struct year *y, struct str *out, const char *from, const char *subject, const char *words, const struct stored_letter *l)
{
	const char *bounce = l == NULL ? "" : l->envelope_from, *mark = strstr(bounce, "+b-");
	const char *to = mark == NULL ? "pln@school.example" : arena_printf(&y->arena, "%.*s+%s", (int)(mark - bounce), bounce, mark + 3);
	str_printf(out, "Authentication-Results: mx.school.example; dmarc=pass header.from=school.example\r\nFrom: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <m%u@school.example>\r\n", from,
	           to, subject, ++y->mails);
	if (l != NULL)
		str_printf(out, "In-Reply-To: <%s>\r\n", l->message_id);
	str_printf(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", words);
}

static void arrives(struct year *y, const char *from, const char *subject, const char *words, const struct stored_letter *l)
{
	struct str raw = {.max = 1 << 20};
	struct reading reading;
	struct decided_mail decided;
	struct err *err = &y->bed->err;
	put_mail(y, &raw, from, subject, words, l);
	struct incoming in = {.arrival = y->now, .raw = {str_c(&raw), raw.n}, .reading = &reading};
	read_mail(&y->reading, in.raw, &y->arena, &reading);
	MUST(y, store_begin(y->store, err));
	MUST(y, decide_mail(&y->desk, &in, &decided, err));
	MUST(y, store_commit(y->store, err));
	str_release(&raw);
}

/* One of the latest letters to somebody whose key begins so; false = none. */
static bool letter_to(struct year *y, const char *to, const char *key, struct stored_letter *out)
{
	struct stored_letter *v;
	size_t n;
	MUST(y, store_letters(y->store, -1, 60, &y->arena, &v, &n, &y->bed->err));
	for (size_t i = pick(y, 8); i < n; i++)
		if (strcmp(v[i].recipient, to) == 0 && strncmp(v[i].key, key, strlen(key)) == 0)
			return store_letter(y->store, v[i].id, &y->arena, out, &y->bed->err) == 1;
	return false;
}

/* ---- what people do */

static void somebody_logs(struct year *y)
{
	static const char *const tags[] = {"#pln", "#pln #talk", "#pln #webinar", "#pln #present", "#pln #mentor", "#pln #chat", "#pln #applied", "#pln star", "#pln #private #talk", "#pln #nocredit", "#pln #course"};
	static const char *const lengths[] = {"", "10m", "15m", "25m", "45m", "1h", "2h", "3h", "7h", "0m"};
	static const char *const days[] = {"", "", "", "yesterday", "on 1 September", "on 30 June", "on 1 July", "last Friday"};
	const char *words = arena_printf(&y->arena, "Thing %u %s %s %s", y->mails, lengths[pick(y, 10)], days[pick(y, 8)],
	                                 pick(y, 3) == 0 ? arena_printf(&y->arena, "\r\nhttps://site%u.example/page-%u", pick(y, 9), pick(y, 40)) : "");
	arrives(y, address(y, pick(y, pick(y, 6) == 0 ? TEACHERS + 2 : TEACHERS)), tags[pick(y, 11)], words, NULL);
}

static void somebody_amends(struct year *y)
{
	static const char *const says[] = {"star", "45m", "20m", "90m", "5m", "yesterday", "private", "share", "undo", "A better note.", "on 30 June", "on 1 July", "on 3 March", "#talk", "#webinar 1h", "3h"};
	struct stored_letter l;
	const char *who = address(y, pick(y, TEACHERS + 2));
	if (letter_to(y, who, "receipt:", &l) || letter_to(y, who, "decided:", &l))
		arrives(y, who, "Re: your entry", says[pick(y, sizeof says / sizeof *says)], &l);
}

static void approvers_are_asked(struct year *y)
{
	size_t n = 0;
	MUST(y, approvals_ask(y->campus, y->now, y->now, &n, &y->bed->err));
}

static void approver_answers(struct year *y)
{
	static const char *const says[] = {"ok", "ok", "ok except 2", "1 no too long", "2 30m", "1 ask What was it about?", "undo", "undo 1", "1-3 ok", "1 ok\r\n2 no same as 1\r\n3 20m", "3 200m", "2 0m", "ok 9999"};
	struct stored_letter l;
	const char *who = address(y, TEACHERS + pick(y, 2));
	if (letter_to(y, who, pick(y, 3) == 0 ? "outcome:" : "approval:", &l))
		arrives(y, who, "Re: entries", says[pick(y, sizeof says / sizeof *says)], &l);
}

static void somebody_types_in(struct year *y)
{
	struct person by;
	struct undecided all = {0};
	struct entries waiting = {0};
	static const enum decision_verb verbs[] = {DECISION_APPROVE, DECISION_APPROVE, DECISION_DENY, DECISION_MINUTES};
	struct err *err = &y->bed->err;
	int64_t ids[3];
	size_t n = 0;
	assert_int_equal(store_person_by_address(y->store, address(y, TEACHERS + pick(y, 2)), &y->arena, &by, err), 1);
	MUST(y, store_waiting(y->store, &y->arena, &all, err));
	MUST(y, store_waiting_for(y->store, &all, by.id, 3, &y->arena, &waiting, err));
	for (size_t i = 0; i < waiting.n; i++)
		ids[n++] = waiting.v[i].id;
	if (n == 0)
		return;
	MUST(y, store_begin(y->store, err));
	MUST(y, decide_by_command(&y->desk, &by, ids, n, verbs[pick(y, 4)], (int)pick(y, 100), "no", err));
	MUST(y, store_commit(y->store, err));
}

/* A package, as exchanges by mail would record it; sometimes taken back. */
static void package_is_signed(struct year *y)
{
	struct person p;
	struct grant g;
	struct err *err = &y->bed->err;
	int32_t today = campus_today(y->campus, NULL, y->now);
	assert_int_equal(store_person_by_address(y->store, address(y, pick(y, TEACHERS)), &y->arena, &p, err), 1);
	MUST(y, store_begin(y->store, err));
	MUST(y, credit_package(&y->desk, &p, today, &g, err));
	struct interview iv = {.person = p.id, .year = today, .state = INTERVIEW_SIGNED, .created_at = y->now, .decided_by = p.id, .words = ""};
	MUST(y, store_add_interview(y->store, &iv, err));
	struct ledger_line line = {.at = y->now, .person = p.id, .verb = LEDGER_GRANT, .day = today, .actual = g.actual, .credited = g.credited, .reason = "package", .about = iv.id};
	if (g.credited > 0)
		MUST(y, store_add_ledger(y->store, &line, err));
	if (g.credited > 0 && pick(y, 2) == 0) {
		struct ledger_line back = {.at = y->now, .person = p.id, .verb = LEDGER_REVOKE, .day = line.day, .credited = line.credited, .reason = "taken back", .about = line.id};
		MUST(y, store_add_ledger(y->store, &back, err));
	}
	MUST(y, store_commit(y->store, err));
}

static void a_step(struct year *y)
{
	unsigned what = pick(y, 100);
	y->now += 3600 * (int64_t)(1 + pick(y, 40));
	y->desk = (struct desk){y->campus, y->store, &y->arena, y->now};
	if (what < 48)
		somebody_logs(y);
	else if (what < 68)
		somebody_amends(y);
	else if (what < 76)
		approvers_are_asked(y);
	else if (what < 93)
		approver_answers(y);
	else if (what < 97)
		somebody_types_in(y);
	else
		package_is_signed(y);
	arena_release(&y->arena);
}

/* ---- the ledger, read by rules of its own */

struct sums {
	int64_t approved, waiting, granted;
};

struct stands {
	int64_t entry, person;
	int32_t day;
	enum ledger_verb verb;
	int claimed, approved;
};

static struct stands *stands_of(struct stands *v, size_t *n, const struct ledger_line *line)
{
	for (size_t i = 0; i < *n; i++)
		if (v[i].entry == line->entry)
			return &v[i];
	v[*n] = (struct stands){.entry = line->entry};
	return &v[(*n)++];
}

static struct sums by_ledger(struct year *y, const struct ledger *all, int64_t person, int32_t from, int32_t to)
{
	struct stands *v = arena_alloc(&y->arena, (all->n + 1) * sizeof *v);
	struct sums sums = {0};
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct ledger_line *line = &all->v[i];
		if (line->person == person && line->entry == 0 && line->day >= from && line->day < to)
			sums.granted += line->verb == LEDGER_GRANT ? line->credited : line->verb == LEDGER_REVOKE ? -line->credited : 0;
		if (line->credited > 0 && line->verb <= LEDGER_APPROVE)
			assert_true(line->reason[0] != '\0'); /* every minute explains itself */
		if (line->person != person || line->entry == 0)
			continue;
		struct stands *s = stands_of(v, &n, line);
		s->day = line->day;
		s->verb = line->verb;
		if (line->verb == LEDGER_CLAIM)
			s->claimed = line->credited;
		s->approved = line->verb == LEDGER_APPROVE ? line->credited : 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (v[i].day < from || v[i].day >= to)
			continue;
		sums.approved += v[i].approved;
		sums.waiting += v[i].verb == LEDGER_CLAIM || v[i].verb == LEDGER_ASK || v[i].verb == LEDGER_UNDO ? v[i].claimed : 0;
	}
	sums.approved += sums.granted;
	return sums;
}

/* ---- the others */

static void same(const char *where, const struct person *p, const struct sums *want, int64_t approved, int64_t waiting, int64_t granted)
{
	if (want->approved != approved || want->waiting != waiting || want->granted != granted)
		fail_msg("%s of %s: approved %" PRId64 ", waiting %" PRId64 ", granted %" PRId64 "; the log says %" PRId64 ", %" PRId64 ", %" PRId64, where, p->name, approved, waiting,
		         granted, want->approved, want->waiting, want->granted);
}

/* What the table of everybody shows, worked out with less. */
static void same_standing(struct year *y, const struct person *p, const struct credit_status *want)
{
	struct credit_status s;
	MUST(y, credit_standing_of(&y->desk, p, &s, &y->bed->err));
	assert_string_equal(s.year, want->year);
	const int got[] = {s.entries, s.gave, s.took, s.approved, s.waiting, s.cap, s.requirement, s.credit};
	const int wanted[] = {want->entries, want->gave, want->took, want->approved, want->waiting, want->cap, want->requirement, want->credit};
	assert_memory_equal(got, wanted, sizeof got);
}

static void compare_person(struct year *y, const struct person *p, const struct ledger *all, int32_t year, struct sums *sum)
{
	struct err *err = &y->bed->err;
	struct totals totals;
	struct transcript t;
	struct credit_status status;
	int32_t from, to;
	char name[16];
	campus_year(y->campus, year, &from, &to, name);
	MUST(y, store_totals(y->store, p->id, from, to, &totals, err));
	struct sums want = {totals.approved, totals.waiting, totals.granted}, rows = {0}, ledger = by_ledger(y, all, p->id, from, to);
	same("the ledger", p, &want, ledger.approved, ledger.waiting, ledger.granted);
	MUST(y, transcript_make(&y->desk, p, year, &t, err));
	for (size_t i = 0; i < t.n; i++) {
		rows.approved += t.rows[i].credited;
		rows.granted += t.rows[i].entry == 0 ? t.rows[i].credited : 0;
		rows.waiting += strcmp(t.rows[i].state, "waiting") == 0 || strcmp(t.rows[i].state, "asked") == 0 ? t.rows[i].claimed : 0;
	}
	same("the transcript", p, &want, rows.approved, rows.waiting, rows.granted);
	if (campus_today(y->campus, p, y->now) >= from && campus_today(y->campus, p, y->now) < to) {
		MUST(y, credit_status_of(&y->desk, p, 5, &status, err));
		same("the status", p, &want, status.approved, status.waiting, want.granted);
		same_standing(y, p, &status);
	}
	if (p->role == ROLE_TEACHER || p->role == ROLE_APPROVER)
		*sum = (struct sums){sum->approved + want.approved, sum->waiting + want.waiting, sum->granted + want.granted};
}

static int no_need(void *ctx, enum person_role role, int32_t joined)
{
	(void)ctx, (void)role, (void)joined;
	return 0;
}

static void compare_all(struct year *y, const char *year)
{
	struct err *err = &y->bed->err;
	struct roster people = {0};
	struct ledger all = {0};
	struct sums sum = {0};
	int32_t first, from, to;
	char name[16];
	MUST(y, campus_year_of(y->campus, year, y->now, &first, err));
	campus_year(y->campus, first, &from, &to, name);
	MUST(y, store_people(y->store, true, &y->arena, &people, err));
	MUST(y, store_ledger(y->store, 0, 0, &y->arena, &all, err));
	for (size_t i = 0; i < people.n; i++)
		compare_person(y, &people.people[i], &all, first, &sum);
	struct campus_report *r = arena_alloc(&y->arena, sizeof *r);
	*r = (struct campus_report){.campus = "", .period = "", .from = from, .to = to, .year = true};
	report_months(r, &y->arena);
	MUST(y, store_report(y->store, no_need, NULL, &y->arena, r, err));
	assert_int_equal(r->outcome[OUTCOME_APPROVED].value + r->granted[0].value, sum.approved);
	assert_int_equal(r->outcome[OUTCOME_WAITING].value, sum.waiting);
	assert_int_equal(r->credited[KIND_COUNT].value, sum.approved - sum.granted);
	int64_t stated = 0;
	for (size_t i = 0; i < OUTCOMES; i++)
		stated += r->outcome[i].value;
	assert_int_equal(r->outcome[OUTCOMES].value, stated);
	y->above += r->outcome[OUTCOME_ABOVE].value;
	if (store_audit(y->store, NULL, NULL, err) != 1)
		fail_msg("the audit found something");
	arena_release(&y->arena);
}

/* ---- a year of it */

static void open_year(struct year *y, void **state, uint64_t seed, const char *rules)
{
	struct bed *bed = *state;
	*y = (struct year){.bed = bed, .campus = &bed->campus, .seed = seed, .now = 1750583400}; /* 22 June 2025: the school year begins while they write */
	struct err *err = &bed->err;
	y->store = bed->campus.store;
	ruleset_close(bed->campus.rules);
	bed->campus.rules = ruleset_parse(rules, span_of(shipped_find(shipped_rules, rules)->text), err);
	assert_non_null(bed->campus.rules);
	bed->campus.config.answers_per_hour = 1000;
	y->reading = (struct read_options){.rules = bed->campus.rules};
	strs_add(&y->reading.authservs, &bed->arena, "mx.school.example");
	strs_add(&y->reading.campus, &bed->arena, "pln@school.example");
	MUST(y, store_begin(y->store, err));
	for (unsigned i = 0; i < TEACHERS + 2; i++) {
		struct person p = {.name = arena_printf(&bed->arena, "Person %c", 'A' + (char)i), .role = i < TEACHERS ? ROLE_TEACHER : ROLE_APPROVER, .receipts = WISH_ALWAYS};
		strs_add(&p.addresses, &bed->arena, i < TEACHERS ? arena_printf(&bed->arena, "t%u@school.example", i) : address(y, i));
		MUST(y, store_put_person(y->store, &p, err));
	}
	MUST(y, store_commit(y->store, err));
}

static int64_t a_year(void **state, uint64_t seed, const char *rules)
{
	struct year y;
	const char *sentence;
	struct person pat;
	open_year(&y, state, seed, rules);
	for (int i = 0; i < ROUNDS; i++) {
		a_step(&y);
		if (i % 60 == 59) {
			compare_all(&y, YEAR);
			compare_all(&y, "2024/25"); /* days that were moved across the edge */
		}
	}
	y.desk = (struct desk){y.campus, y.store, &y.arena, y.now};
	assert_int_equal(store_person_by_address(y.store, "pat@school.example", &y.arena, &pat, &y.bed->err), 1);
	MUST(&y, store_begin(y.store, &y.bed->err));
	assert_int_equal(reopen_year(&y.desk, &pat, YEAR, campus_today(y.campus, NULL, y.now) + 3, "for the test", 0, &sentence, &y.bed->err), 1);
	MUST(&y, store_commit(y.store, &y.bed->err));
	compare_all(&y, YEAR);
	arena_release(&y.arena);
	return y.above;
}

static void minutes_agree(void **state)
{
	assert_true(a_year(state, 1, "minutes.rules") < 0); /* somebody presented for the first time */
}

static void mixtures_agree(void **state)
{
	a_year(state, 1, "mixed.rules");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	read_warm_up();
	const struct CMUnitTest tests[] = {TEST(minutes_agree), TEST(mixtures_agree)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
