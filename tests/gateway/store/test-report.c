#include "tests/gateway/store/store-test.h"

#include "digest/records.h"

/* A year's sums, counted by hand beside; and what was issued. */

#define HOUR 3600
#define T0 1700000000

static int need(void *ctx, enum person_role role, int32_t joined)
{
	(void)ctx, (void)role, (void)joined;
	return 360;
}

static int32_t from, to;

static int64_t log_one(struct bed *bed, int64_t person, int32_t day, enum entry_kind kind, int minutes, const char *url, const char *tag)
{
	struct entry e = plain_entry(person, day, "x");
	e.kind = kind;
	e.starred = kind == KIND_READ;
	e.minutes = minutes;
	if (url != NULL)
		*ARENA_PUSH(&bed->arena, e.links, e.n_links) = (struct entry_link){url, ""};
	if (tag != NULL)
		strs_add(&e.tags, &bed->arena, tag);
	int64_t id = add_entry(bed, &e);
	struct ledger_line line = {.entry = id, .verb = LEDGER_CLAIM, .actual = minutes, .credited = minutes / 2, .reason = "r", .flag = minutes > 100 ? "over the day cap" : "", .at = T0};
	OK(bed, store_add_ledger(bed->store, &line, &bed->err));
	return id;
}

static void decide(struct bed *bed, int64_t entry, enum ledger_verb verb, int minutes, int64_t by, int64_t at)
{
	struct ledger_line line = {.entry = entry, .verb = verb, .actual = minutes, .credited = minutes, .by_person = by, .reason = "", .at = at};
	OK(bed, store_add_ledger(bed->store, &line, &bed->err));
}

static struct campus_report *read_report(struct bed *bed)
{
	struct campus_report *r = arena_alloc(&bed->arena, sizeof *r);
	*r = (struct campus_report){.from = from, .to = to, .period = "2025/26", .credit = true, .year = true};
	OK(bed, store_report(bed->store, need, NULL, &bed->arena, r, &bed->err));
	return r;
}

static void cell_is(const char *what, const struct cell *c, int64_t value, int people)
{
	if (c->value != value || c->people != people)
		fail_msg("%s: %lld of %d people, wanted %lld of %d", what, (long long)c->value, c->people, (long long)value, people);
}
#define CELL(c, value, people) cell_is(#c, &(c), value, people)

static void a_year_is_counted(void **state)
{
	struct bed *bed = *state;
	int32_t sep = day_from_civil((struct civil){2025, 9, 10}), oct = sep + 30;
	int64_t people[7];
	from = day_from_civil((struct civil){2025, 9, 1});
	to = day_from_civil((struct civil){2025, 11, 1});
	begin(bed);
	int64_t head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER);
	int64_t guest = add_person(bed, "Guest", "guest@other.example", ROLE_GUEST), auditor = add_person(bed, "Auditor", "audit@district.example", ROLE_AUDITOR);
	for (int i = 0; i < 7; i++)
		people[i] = add_person(bed, arena_printf(&bed->arena, "T%d", i), arena_printf(&bed->arena, "t%d@school.example", i), ROLE_TEACHER);
	for (int i = 0; i < 6; i++) {
		int64_t id = log_one(bed, people[i], sep, KIND_READ, 20, "https://www.edutopia.org/a", "phonics");
		decide(bed, id, LEDGER_APPROVE, 10, head, T0 + (i + 1) * 24 * HOUR);
	}
	int64_t denied = log_one(bed, people[0], oct, KIND_TALK, 120, NULL, "phonics");
	decide(bed, denied, LEDGER_DENY, 60, head, T0 + 100 * 24 * HOUR);
	log_one(bed, people[0], oct, KIND_MENTOR, 40, "http://one.example/x?y", "rare");
	log_one(bed, people[6], to, KIND_READ, 500, NULL, NULL);      /* behind the last day */
	log_one(bed, people[6], from - 1, KIND_READ, 500, NULL, NULL); /* before the first */
	log_one(bed, guest, sep, KIND_READ, 500, "https://www.edutopia.org/b", "phonics");
	log_one(bed, auditor, sep, KIND_READ, 500, NULL, NULL);
	struct entry hidden = plain_entry(people[1], sep, "mine alone");
	hidden.nocredit = hidden.is_private = true;
	add_entry(bed, &hidden);
	struct ledger_line grant = {.person = people[2], .verb = LEDGER_GRANT, .day = oct, .credited = 180, .by_person = head, .reason = "signed", .at = T0};
	OK(bed, store_add_ledger(bed->store, &grant, &bed->err));
	commit(bed);

	struct campus_report *r = read_report(bed);
	size_t columns = r->n_months + 1;
	assert_int_equal(r->n_months, 2);
	assert_int_equal(r->staff, 8);
	CELL(r->people[0], 6, 6);
	CELL(r->entries[0], 8, 6);
	CELL(r->minutes[KIND_READ * columns], 120, 6);
	CELL(r->minutes[KIND_READ * columns + 1], 0, 0);
	CELL(r->minutes[KIND_TALK * columns + 1], 120, 1);
	CELL(r->minutes[KIND_COUNT * columns + 1], 160, 1);
	CELL(r->minutes[KIND_COUNT * columns + 2], 280, 6);
	CELL(r->credited[KIND_READ], 60, 6);
	CELL(r->credited[KIND_COUNT], 60, 6);
	CELL(r->active[0], 6, 6);
	CELL(r->active[1], 1, 1);
	CELL(r->flow[1], 1, 1);             /* October: mentoring gives */
	CELL(r->flow[columns + 1], 1, 1);   /* a talk takes in */
	CELL(r->flow[2 * columns + 2], 8, 6);
	CELL(r->delays[0], 1, 1);           /* within a day */
	CELL(r->delays[1], 2, 2);
	CELL(r->delays[2], 3, 3);
	CELL(r->delays[6], 1, 1);           /* 100 days */
	CELL(r->delays[DELAYS], 7, 6);
	assert_int_equal(r->speed[0].value, 96);   /* the fourth of seven */
	assert_int_equal(r->speed[1].value, 2400); /* the seventh */
	CELL(r->bands[0], 2, 2);            /* Dr Head and T6: nothing yet */
	CELL(r->bands[1], 5, 5);
	CELL(r->bands[3], 1, 1);            /* 190 of 360, with the package */
	CELL(r->bands[BANDS], 8, 8);
	CELL(r->breadths[0], 5, 5);
	CELL(r->breadths[2], 1, 1);
	CELL(r->outcome[OUTCOME_APPROVED], 60, 6);
	CELL(r->outcome[OUTCOME_WAITING], 20, 1);
	CELL(r->outcome[OUTCOME_DENIED], 60, 1);
	CELL(r->outcome[OUTCOMES], 280, 6);
	CELL(r->granted[0], 180, 1);
	CELL(r->starred[0], 6, 6);
	CELL(r->capped[0], 1, 1);
	CELL(r->volumes[0], 6, 6);
	CELL(r->volume_entries[0], 8, 6);
	CELL(r->volume_minutes[VOLUMES], 60, 6);
	assert_int_equal(r->n_hosts, 1); /* one.example is one person's */
	assert_string_equal(r->hosts[0].name, "edutopia.org");
	assert_int_equal(r->hosts[0].people, 6);
	assert_int_equal(r->all_hosts[0].value, 2);
	assert_int_equal(r->n_topics, 1);
	assert_int_equal(r->topics[0].people, 6);
	report_hide(r);
	assert_true(r->minutes[KIND_TALK * columns + 1].hidden && r->outcome[OUTCOME_DENIED].hidden && r->active[1].hidden && r->granted[0].hidden);
}

/* A first presentation counts three times: what was counted above the stated minutes is a part of its own, and the parts make the whole. */
static void more_may_be_counted_than_stated(void **state)
{
	struct bed *bed = *state;
	static const struct {
		int stated, claimed;
		enum ledger_verb verb; /* CLAIM: it waits */
		int decided;
	} entries[] = {{30, 90, LEDGER_APPROVE, 90}, {20, 60, LEDGER_CLAIM, 0}, {10, 30, LEDGER_DENY, 0}, {30, 90, LEDGER_APPROVE, 15}, {40, 20, LEDGER_APPROVE, 20}, {50, 0, LEDGER_CLAIM, 0}};
	int64_t sum = 0;
	from = day_from_civil((struct civil){2025, 9, 1});
	to = from + 30;
	begin(bed);
	int64_t head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER), lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
		struct entry e = plain_entry(lee, from + 3, "x");
		int64_t id = add_entry(bed, &e);
		struct ledger_line line = {.entry = id, .verb = LEDGER_CLAIM, .actual = entries[i].stated, .credited = entries[i].claimed, .reason = "r", .at = T0};
		OK(bed, store_add_ledger(bed->store, &line, &bed->err));
		if (entries[i].verb != LEDGER_CLAIM)
			decide(bed, id, entries[i].verb, entries[i].decided, head, T0 + HOUR);
	}
	commit(bed);
	struct campus_report *r = read_report(bed);
	CELL(r->outcome[OUTCOME_APPROVED], 125, 1);
	CELL(r->outcome[OUTCOME_WAITING], 60, 1);
	CELL(r->outcome[OUTCOME_DENIED], 30, 1);
	CELL(r->outcome[OUTCOME_UNCOUNTED], 15 + 20 + 50, 1);
	CELL(r->outcome[OUTCOME_ABOVE], -60 - 40 - 20, 1);
	CELL(r->outcome[OUTCOMES], 180, 1);
	for (size_t i = 0; i < OUTCOMES; i++)
		sum += r->outcome[i].value;
	assert_int_equal(sum, 180);
}

static void an_empty_log(void **state)
{
	struct bed *bed = *state;
	from = day_from_civil((struct civil){2025, 7, 1});
	to = from + 365;
	struct campus_report *r = read_report(bed);
	CELL(r->people[0], 0, 0);
	CELL(r->minutes[KIND_COUNT * (r->n_months + 1) + r->n_months], 0, 0);
	assert_int_equal(r->n_months, 12);
	assert_int_equal(r->n_hosts, 0);
	assert_true(r->speed[0].hidden);
}

static void what_was_issued_is_found(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	struct issued_transcript t = {.code = "7K3M-9PQX-2B5D-HT0V", .person = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER), .year = 20270, .issued_at = T0, .line = 5},
	                         found = {0};
	memset(t.line_hash, 7, HASH_BYTES);
	memset(t.content_hash, 9, HASH_BYTES);
	OK(bed, store_add_transcript(bed->store, &t, &bed->err));
	struct issued_transcript again = t;
	again.issued_at = T0 + 1;
	OK(bed, store_add_transcript(bed->store, &again, &bed->err)); /* the same once more: the first stays */
	commit(bed);
	YES(bed, store_transcript(bed->store, t.code, &bed->arena, &found, &bed->err));
	assert_int_equal(found.person, t.person);
	assert_int_equal(found.year, 20270);
	assert_int_equal(found.issued_at, T0);
	assert_int_equal(found.line, 5);
	assert_memory_equal(found.line_hash, t.line_hash, HASH_BYTES);
	assert_memory_equal(found.content_hash, t.content_hash, HASH_BYTES);
	assert_int_equal(store_transcript(bed->store, "0000-0000-0000-0000", &bed->arena, &found, &bed->err), 0);
	REFUSED(bed, store_add_transcript(bed->store, &t, &bed->err), "outside a transaction");
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_year_is_counted), TEST(more_may_be_counted_than_stated), TEST(an_empty_log), TEST(what_was_issued_is_found)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
