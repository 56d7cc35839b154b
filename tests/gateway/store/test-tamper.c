#include "tests/gateway/store/store-test.h"

#include <sqlite3.h>

/* Whoever has the file can write to it: one bit of any column of any ledger line, a line less, a line elsewhere, the end cut off. The
 * audit finds each, in the log and in a backup of it. */

#define LINES 5

static void fill(struct bed *bed)
{
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER), head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER);
	int64_t office = add_person(bed, "Kim Office", "kim@school.example", ROLE_TEACHER);
	int64_t mail = add_mail(bed, "m1@school.example", "ok", ACTION_APPROVE);
	struct entry e = plain_entry(lee, 20000, "Exit tickets");
	int64_t entry = add_entry(bed, &e);
	struct approval approval = {.approver = head, .week = "2026-W47", .asked_at = 1700000000, .n = 1};
	approval.items = &(struct item){.number = 1, .entry = {.id = entry}, .flag = ""};
	add_line(bed, entry, LEDGER_CLAIM, 10, 0, "10: starred");
	OK(bed, store_add_approval(bed->store, &approval, &bed->err));
	struct ledger_line lines[] = {
		{.entry = entry, .verb = LEDGER_ASK, .actual = 10, .credited = 10, .by_person = head, .reason = "with whom?", .flag = "over the day cap", .at = 1700000100,
		 .delegate = office, .approval = approval.id, .message = mail},
		{.entry = entry, .verb = LEDGER_APPROVE, .actual = 10, .credited = 10, .by_person = head, .reason = "fine", .flag = "x", .at = 1700000200, .delegate = office,
		 .approval = approval.id, .message = mail},
		{.person = lee, .verb = LEDGER_GRANT, .day = 20010, .credited = 180, .by_person = head, .reason = "signed", .at = 1700000300, .about = 7, .message = mail},
		{.person = lee, .verb = LEDGER_REVOKE, .day = 20010, .credited = 180, .by_person = head, .reason = "by mistake", .at = 1700000400, .about = 4, .message = mail},
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		OK(bed, store_add_ledger(bed->store, &lines[i], &bed->err));
	commit(bed);
	assert_sound(bed);
}

/* As somebody with a database tool would: without triggers, without foreign keys. */
static sqlite3 *raw_open(const char *path)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA foreign_keys = OFF; DROP TRIGGER ledger_update; DROP TRIGGER ledger_delete", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static size_t findings_of(struct bed *bed, const char *path)
{
	struct findings f = {0};
	struct store *store = store_open(path, STORE_READ, &bed->err);
	if (store == NULL)
		fail_msg("open: %s", bed->err.text);
	if (store_audit(store, note_finding, &f, &bed->err) < 0)
		f.n++; /* so badly off that it cannot be read through */
	store_close(store);
	return f.n;
}

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static void copy(struct bed *bed, char path[128])
{
	snprintf(path, 128, "%s/copy.db", bed->folder);
	unlink(path);
	OK(bed, store_backup(bed->store, path, &bed->err));
}

/* One bit of that column: the lowest of a number, of the first byte of words or bytes; nothing becomes something. */
static const char *flip(struct bed *bed, const char *column, const char *type)
{
	if (strcmp(type, "INTEGER") == 0)
		return arena_printf(&bed->arena, "%s = CASE WHEN %s IS NULL THEN 1 WHEN %s %% 2 = 0 THEN %s + 1 ELSE %s - 1 END", column, column, column, column, column);
	if (strcmp(type, "TEXT") == 0)
		return arena_printf(&bed->arena, "%s = CASE WHEN coalesce(%s, '') = '' THEN '!' ELSE char(unicode(%s) + 1 - unicode(%s) %% 2 * 2) || substr(%s, 2) END",
		                    column, column, column, column, column);
	return arena_printf(&bed->arena, "%s = CASE WHEN %s IS NULL THEN x'01' WHEN hex(substr(%s, 1, 1)) = '00' THEN CAST(x'01' || substr(%s, 2) AS BLOB)"
	                    " ELSE CAST(x'00' || substr(%s, 2) AS BLOB) END",
	                    column, column, column, column, column);
}

static void any_bit_is_found(void **state)
{
	struct bed *bed = *state;
	char path[128];
	size_t columns = 0;
	fill(bed);
	copy(bed, path);
	sqlite3 *db = raw_open(path);
	sqlite3_stmt *stmt;
	struct strs names = {0}, types = {0};
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name, type FROM pragma_table_info('ledger')", -1, &stmt, NULL), SQLITE_OK);
	for (; sqlite3_step(stmt) == SQLITE_ROW; columns++) {
		strs_add(&names, &bed->arena, arena_strdup(&bed->arena, (const char *)sqlite3_column_text(stmt, 0)));
		strs_add(&types, &bed->arena, arena_strdup(&bed->arena, (const char *)sqlite3_column_text(stmt, 1)));
	}
	sqlite3_finalize(stmt);
	assert_true(columns >= 17);
	assert_int_equal(findings_of(bed, path), 0); /* the triggers' absence alone is nobody's credit */
	for (size_t c = 0; c < columns; c++)
		for (int line = 1; line <= LINES; line++) {
			run(db, "CREATE TEMP TABLE kept AS SELECT * FROM main.ledger");
			const char *to = strcmp(names.v[c], "id") == 0 ? "id = id + 100" : flip(bed, names.v[c], types.v[c]);
			run(db, arena_printf(&bed->arena, "UPDATE ledger SET %s WHERE id = %d", to, line));
			if (findings_of(bed, path) == 0)
				fail_msg("line %d: a changed %s is not found", line, names.v[c]);
			run(db, "DELETE FROM ledger; DROP TRIGGER IF EXISTS ledger_insert; INSERT INTO ledger SELECT * FROM kept; DROP TABLE kept");
		}
	assert_int_equal(findings_of(bed, path), 0);
	sqlite3_close(db);
}

static void gaps_and_moves_are_found(void **state)
{
	struct bed *bed = *state;
	static const char *const attacks[] = {
		"DELETE FROM ledger WHERE id = 1",
		"DELETE FROM ledger WHERE id = 3",
		"DELETE FROM ledger WHERE id = 5",
		"DELETE FROM ledger",
		"DELETE FROM ledger WHERE id = 3; UPDATE ledger SET id = id - 1 WHERE id > 3",
		"UPDATE ledger SET id = 99 WHERE id = 2; UPDATE ledger SET id = 2 WHERE id = 3; UPDATE ledger SET id = 3 WHERE id = 99",
		"DELETE FROM ledger WHERE id = 5; UPDATE meta SET value = '4 ' || substr(value, 3) WHERE key = 'ledger-head'",
		"DELETE FROM meta WHERE key = 'ledger-head'",
		"UPDATE entry SET credited = 600",
		"UPDATE entry SET claim = 0, credited = 0",
	};
	fill(bed);
	for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
		char path[128];
		copy(bed, path);
		sqlite3 *db = raw_open(path);
		run(db, attacks[i]);
		sqlite3_close(db);
		if (findings_of(bed, path) == 0)
			fail_msg("not found: %s", attacks[i]);
	}
}

/* The day decides in which week and year minutes count: of a claim decided, waiting or withdrawn. Lines of logs before version 4 may differ. */
static void a_moved_day_is_found(void **state)
{
	struct bed *bed = *state;
	static const struct {
		const char *attack, *want;
	} attacks[] = {
		{"UPDATE entry SET day = day + 1 WHERE id = 1001", "entry 1001: says that it is about 2024-10-05; ledger line 1, its claim, says 2024-10-04"},
		{"UPDATE entry SET day = day - 365 WHERE id = 1002", "entry 1002: says that it is about 2023-10-06; ledger line 7, its claim, says 2024-10-05"},
		{"UPDATE entry SET day = day + 1; UPDATE ledger SET form = 0 WHERE entry = 1002", "entry 1001: says that it is about 2024-10-05; ledger line 1, its claim, says 2024-10-04"},
	};
	fill(bed);
	begin(bed);
	struct entry e = plain_entry(1, 20001, "Lab notebooks");
	int64_t entry = add_entry(bed, &e);
	add_line(bed, entry, LEDGER_CLAIM, 10, 0, "10: starred");
	add_line(bed, entry, LEDGER_WITHDRAW, 0, 0, "0: #nocredit");
	commit(bed);
	assert_sound(bed);
	for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
		char path[128];
		copy(bed, path);
		sqlite3 *db = raw_open(path);
		run(db, attacks[i].attack);
		sqlite3_close(db);
		struct store *store = store_open(path, STORE_READ, &bed->err);
		assert_finding(bed, store, attacks[i].attack, attacks[i].want);
		store_close(store);
	}
}

/* The one thing that the file alone cannot show: its end cut off with the note of it. A head that was noted elsewhere does. */
static void a_noted_head_shows_what_the_file_cannot(void **state)
{
	struct bed *bed = *state;
	char path[128], hex[2 * HASH_BYTES + 1];
	uint8_t noted[HASH_BYTES], found[HASH_BYTES], before[HASH_BYTES];
	int64_t last = 0, id = 0;
	fill(bed);
	YES(bed, store_line_hash(bed->store, 0, &last, noted, &bed->err));
	assert_int_equal(last, LINES);
	YES(bed, store_line_hash(bed->store, LINES - 1, &id, before, &bed->err));
	copy(bed, path);
	hash_hex(hex, before);
	sqlite3 *db = raw_open(path);
	run(db, "DELETE FROM ledger WHERE id = 5");
	run(db, arena_printf(&bed->arena, "UPDATE meta SET value = '%d %s' WHERE key = 'ledger-head'", LINES - 1, hex));
	sqlite3_close(db);
	assert_int_equal(findings_of(bed, path), 0);
	struct store *cut = store_open(path, STORE_READ, &bed->err);
	assert_non_null(cut);
	assert_int_equal(store_line_hash(cut, last, &id, found, &bed->err), 0);
	store_close(cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(any_bit_is_found), TEST(gaps_and_moves_are_found), TEST(a_moved_day_is_found), TEST(a_noted_head_shows_what_the_file_cannot)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
