#include "tests/gateway/store/store-test.h"

#include <sqlite3.h>

struct cast {
	int64_t lee, kim, head, entry;
};

static struct cast cast(struct bed *bed)
{
	struct cast c = {.lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER)};
	c.kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	c.head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER);
	struct entry e = plain_entry(c.lee, 20000, "Exit tickets");
	c.entry = add_entry(bed, &e);
	return c;
}

/* Each step is one line of one entry; the claim that follows from it. */
static void every_step_of_a_claim(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	struct cast c = cast(bed);
	static const struct {
		enum ledger_verb verb;
		int minutes;
		const char *reason;
		enum claim_state claim;
		int credited;
		const char *says;
	} steps[] = {
		{LEDGER_CLAIM, 0, "0: weekly cap reached", CLAIM_NONE, 0, "0: weekly cap reached"},
		{LEDGER_CLAIM, 15, "15 of 20: talk rule", CLAIM_WAITING, 15, "15 of 20: talk rule"},
		{LEDGER_ASK, 0, "with whom?", CLAIM_ASKED, 15, "15 of 20: talk rule"},
		{LEDGER_UNDO, 0, "", CLAIM_WAITING, 15, "15 of 20: talk rule"},
		{LEDGER_APPROVE, 30, "", CLAIM_APPROVED, 30, "15 of 20: talk rule"},
		{LEDGER_UNDO, 0, "", CLAIM_WAITING, 15, "15 of 20: talk rule"},
		{LEDGER_DENY, 0, "no plan", CLAIM_DENIED, 15, "no plan"},
		{LEDGER_UNDO, 0, "", CLAIM_WAITING, 15, "15 of 20: talk rule"},
		{LEDGER_CLAIM, 10, "10: amended", CLAIM_WAITING, 10, "10: amended"},
		{LEDGER_ASK, 0, "sure?", CLAIM_ASKED, 10, "10: amended"},
		{LEDGER_APPROVE, 10, "ok", CLAIM_APPROVED, 10, "ok"},
		{LEDGER_WITHDRAW, 0, "undone", CLAIM_WITHDRAWN, 0, "undone"},
		{LEDGER_CLAIM, 5, "5: back", CLAIM_WAITING, 5, "5: back"},
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		add_line(bed, c.entry, steps[i].verb, steps[i].minutes, c.head, steps[i].reason);
		struct entry e = get_entry(bed, c.entry);
		assert_int_equal(e.claim, steps[i].claim);
		assert_int_equal(e.credited, steps[i].credited);
		assert_string_equal(e.reason, steps[i].says);
	}
	commit(bed);
	struct ledger lines;
	OK(bed, store_ledger(bed->store, 0, c.entry, &bed->arena, &lines, &bed->err));
	assert_int_equal(lines.n, sizeof steps / sizeof *steps);
	assert_int_equal(lines.v[3].id, 4);
	assert_int_equal(lines.v[3].verb, LEDGER_UNDO);
	assert_int_equal(lines.v[3].person, c.lee);
	assert_int_equal(lines.v[3].day, 20000);
	OK(bed, store_ledger(bed->store, c.kim, 0, &bed->arena, &lines, &bed->err));
	assert_int_equal(lines.n, 0);
	assert_sound(bed);
}

static void refuses(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	struct cast c = cast(bed);
	struct ledger_line claim = {.entry = c.entry, .verb = LEDGER_CLAIM, .credited = 5}, line;
	OK(bed, store_add_ledger(bed->store, &claim, &bed->err));
	const struct {
		struct ledger_line line;
		const char *words;
	} cases[] = {
		{{.entry = 99, .verb = LEDGER_CLAIM}, "no entry 99"},
		{{.entry = c.entry, .verb = LEDGER_APPROVE, .credited = 5, .by_person = c.lee}, "nobody decides about their own"},
		{{.entry = c.entry, .verb = LEDGER_CLAIM, .credited = -1}, "below zero"},
		{{.entry = c.entry, .verb = LEDGER_UNDO, .by_person = c.head}, "cannot be followed by undo"},
		{{.entry = c.entry, .verb = LEDGER_APPROVE, .by_person = 77}, "FOREIGN KEY"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		line = cases[i].line;
		REFUSED(bed, store_add_ledger(bed->store, &line, &bed->err), cases[i].words);
		assert_int_equal(line.id, 0);
	}
	/* The first decision wins. */
	add_line(bed, c.entry, LEDGER_DENY, 0, c.head, "no");
	line = (struct ledger_line){.entry = c.entry, .verb = LEDGER_APPROVE, .credited = 5, .by_person = c.kim};
	REFUSED(bed, store_add_ledger(bed->store, &line, &bed->err), "its claim is denied");
	commit(bed);
	assert_sound(bed);
}

static void sums(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	struct cast c = cast(bed);
	for (int i = 0; i < 40; i++) {
		struct entry e = plain_entry(i % 4 ? c.lee : c.kim, 20000 + i % 10, "x");
		e.kind = i % 3 ? KIND_READ : i % 2 ? KIND_PRESENT : KIND_APPLIED;
		e.starred = i % 5 == 0;
		e.is_private = i % 8 == 1;
		e.undone = i % 16 == 2;
		int64_t id = add_entry(bed, &e);
		if (e.undone)
			continue;
		add_line(bed, id, LEDGER_CLAIM, i, 0, "r");
		if (i % 4 == 1 && i > 0)
			add_line(bed, id, LEDGER_APPROVE, i, c.head, "");
		if (i % 4 == 2)
			add_line(bed, id, LEDGER_DENY, 0, c.head, "");
		if (i % 4 == 3)
			add_line(bed, id, LEDGER_ASK, 0, c.head, "");
	}
	commit(bed);
	/* The same sums, the slow way. */
	struct entry_filter filter = {.person = c.lee, .from = 20002, .to = 20008, .limit = 1000};
	struct entries all;
	struct totals want = {0}, got;
	int covered = 0, minutes;
	OK(bed, store_entries(bed->store, &filter, &bed->arena, &all, &bed->err));
	for (size_t i = 0; i < all.n; i++) {
		const struct entry *e = &all.v[i];
		want.entries++;
		want.gave += kind_gives(e->kind);
		want.took += !kind_gives(e->kind);
		want.applied += e->kind == KIND_APPLIED;
		want.starred += e->starred;
		want.shared += !e->is_private;
		want.actual += e->actual;
		want.approved += e->claim == CLAIM_APPROVED ? e->credited : 0;
		want.denied += e->claim == CLAIM_DENIED ? e->credited : 0;
		want.waiting += e->claim == CLAIM_WAITING || e->claim == CLAIM_ASKED ? e->credited : 0;
		if (e->kind == KIND_READ && !e->starred && e->claim != CLAIM_DENIED && e->id != all.v[0].id)
			covered += e->credited;
	}
	OK(bed, store_totals(bed->store, c.lee, 20002, 20008, &got, &bed->err));
	assert_memory_equal(&got, &want, sizeof want);
	assert_true(want.approved > 0 && want.denied > 0 && want.waiting > 0 && covered > 0);
	struct cap cap = {.kinds = 1u << KIND_READ, .stars = STARS_NOT};
	OK(bed, store_credited(bed->store, c.lee, &cap, 20002, 20008, all.v[0].id, &minutes, &bed->err));
	assert_int_equal(minutes, covered);
	cap = (struct cap){.kinds = UINT32_MAX, .stars = STARS_ANY};
	OK(bed, store_credited(bed->store, c.lee, &cap, 20002, 20008, 0, &minutes, &bed->err));
	assert_int_equal(minutes, want.approved + want.waiting);
	OK(bed, store_credited(bed->store, 99, &cap, DAY_NONE, DAY_NONE, 0, &minutes, &bed->err));
	assert_int_equal(minutes, 0);
}

/* What somebody with the file in hand may try; each is refused at once, or found. */
static void a_ledger_cannot_be_changed(void **state)
{
	struct bed *bed = *state;
	static const char *const refused[] = {
		"UPDATE ledger SET credited = 500 WHERE id = 2",
		"DELETE FROM ledger WHERE id = 3",
		"INSERT OR REPLACE INTO ledger SELECT id, at, person, entry, verb, day, actual, 500, reason, flag, by_person, delegate, approval, message, about, redacted,"
		" form, salt, words, hash FROM ledger WHERE id = 2",
		"INSERT INTO ledger SELECT 0, at, person, entry, verb, day, actual, 500, reason, flag, by_person, delegate, approval, message, about, redacted, form, salt, words, hash"
		" FROM ledger WHERE id = 2",
	};
	begin(bed);
	struct cast c = cast(bed);
	for (int i = 1; i <= 5; i++)
		add_line(bed, c.entry, LEDGER_CLAIM, i, 0, "r");
	commit(bed);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(bed->path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		assert_int_equal(sqlite3_exec(db, refused[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
		assert_string_equal(sqlite3_errmsg(db), "the ledger is append-only");
	}
	sqlite3_close(db);
	assert_sound(bed);
}

static void tampering_is_found(void **state)
{
	struct bed *bed = *state;
	static const struct {
		const char *sql, *finding;
	} cases[] = {
		{"UPDATE ledger SET credited = 500 WHERE id = 2", "line 2 (entry 1001) was changed"},
		{"UPDATE ledger SET reason = 'better' WHERE id = 2", "line 2 (entry 1001) was changed"},
		{"UPDATE ledger SET by_person = NULL WHERE id = 4", "line 4 (entry 1001) was changed"},
		{"DELETE FROM ledger WHERE id = 2", "line 3 follows line 1: lines are missing"},
		{"DELETE FROM ledger WHERE id = 5", "ends with line 4, but its last line was 5"},
		{"DELETE FROM ledger", "ends with line 0, but its last line was 5"},
		{"UPDATE ledger SET id = 9 WHERE id = 2; UPDATE ledger SET id = 2 WHERE id = 3; UPDATE ledger SET id = 3 WHERE id = 9",
		 "line 2 (entry 1001) was changed or is out of its place"},
		{"UPDATE ledger SET hash = zeroblob(32) WHERE id = 3", "line 3 (entry 1001) was changed"},
		{"UPDATE ledger SET hash = x'00' WHERE id = 3", "line 3 (entry 1001) was changed"},
		{"DELETE FROM meta", "the note of its last line is missing"},
		{"UPDATE entry SET credited = 500 WHERE id = 1001", "entry 1001: says approved, 500 min; the ledger says approved, 3 min"},
		{"UPDATE entry SET claim = 2, credited = 60 WHERE id = 1002", "entry 1002: has a claim (60 min) that no ledger line makes"},
		{"UPDATE entry SET person = 99 WHERE id = 1002", "table entry, row 1002: points to a row that is not there"},
		{"DELETE FROM words WHERE rowid = 1002", "entry 1002: cannot be found by its words"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin(bed);
		struct cast c = cast(bed);
		struct entry other = plain_entry(c.lee, 20000, "Other");
		add_entry(bed, &other);
		for (int k = 1; k <= 3; k++)
			add_line(bed, c.entry, LEDGER_CLAIM, k, 0, "r");
		add_line(bed, c.entry, LEDGER_ASK, 0, c.head, "which?");
		add_line(bed, c.entry, LEDGER_APPROVE, 3, c.head, "");
		commit(bed);
		assert_sound(bed);
		tamper(bed, cases[i].sql);
		assert_finding(bed, bed->store, cases[i].sql, cases[i].finding);
		bed_teardown((void **)&bed);
		bed_setup((void **)&bed);
		*state = bed;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_step_of_a_claim), TEST(refuses), TEST(sums), TEST(a_ledger_cannot_be_changed), TEST(tampering_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
