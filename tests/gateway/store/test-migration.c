#include "tests/gateway/store/store-test.h"

#include <sqlite3.h>

#include "gateway/store/store-sql.h"

static int64_t version(struct bed *bed)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	assert_int_equal(sqlite3_open(bed->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t v = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return v;
}

static void all_is_there(struct bed *bed)
{
	struct entry e = get_entry(bed, 1001);
	assert_string_equal(e.title, "Exit tickets");
	assert_int_equal(e.claim, CLAIM_APPROVED);
	assert_int_equal(e.n_links, 1);
	assert_string_equal(e.tags.v[0], "pln");
	e = get_entry(bed, 1002);
	assert_true(e.is_private);
	assert_string_equal(e.with.v[0], "Rivera");
	assert_string_equal(e.reason, "15 of 20: talk rule");
	struct entries found;
	OK(bed, store_find(bed->store, "photosynthesis", e.person, 9, &bed->arena, &found, &bed->err));
	assert_int_equal(found.n, 1);
	struct ledger lines;
	OK(bed, store_ledger(bed->store, e.person, 0, &bed->arena, &lines, &bed->err));
	assert_true(lines.n >= 3);
	assert_int_equal(lines.v[2].verb, LEDGER_APPROVE);
	struct stored_letter l;
	YES(bed, store_letter_by_token(bed->store, "0123456789abcdef0123456789abcdef", 1700000000, &bed->arena, &l, &bed->err));
	assert_int_equal(l.entry, 1001);
	struct str raw = {0};
	YES(bed, store_raw(bed->store, 1, &raw, &bed->err));
	assert_string_equal(raw.p, "Subject: Fwd: Exit tickets #pln\n\nidea for period 3\n");
	str_release(&raw);
	struct changes changes;
	OK(bed, store_history(bed->store, 1002, &bed->arena, &changes, &bed->err));
	assert_int_equal(changes.n, 1);
	assert_sound(bed);
}

static void bring_up_to_date(struct bed *bed, int from)
{
	int64_t current = version(bed);
	char words[32];
	load_version(bed, from, "");
	assert_int_equal(version(bed), from);
	assert_null(store_open(bed->path, STORE_READ, &bed->err));
	snprintf(words, sizeof words, "version %d of the log", from);
	assert_non_null(strstr(bed->err.text, words));
	bed->store = bed_open(bed, STORE_WRITE);
	assert_int_equal(version(bed), current);
	all_is_there(bed);
	begin(bed);
	struct entry e = plain_entry(get_entry(bed, 1001).person, 20000, "New");
	assert_int_equal(add_entry(bed, &e), 1003);
	add_line(bed, 1003, LEDGER_CLAIM, 5, 0, "r");
	commit(bed);
	store_close(bed->store);
	bed->store = bed_open(bed, STORE_READ);
	all_is_there(bed);
}

static void brings_version_1_up_to_date(void **state)
{
	bring_up_to_date(*state, 1);
}

static void brings_version_2_up_to_date(void **state)
{
	bring_up_to_date(*state, 2);
}

static void brings_version_3_up_to_date(void **state)
{
	bring_up_to_date(*state, 3);
}

/* Old lines keep the formula that they were written by, new ones go on behind them; neither may pass for the other. */
static void the_chain_goes_on(void **state)
{
	struct bed *bed = *state;
	static const struct {
		const char *sql, *finding;
	} cases[] = {
		{"UPDATE ledger SET credited = 500 WHERE id = 3", "line 3 (entry 1001) was changed"},
		{"UPDATE ledger SET about = 7 WHERE id = 4", "line 4 (entry 1002) was changed"},
		{"UPDATE ledger SET form = 1 WHERE id = 2", "line 2"},
		{"UPDATE ledger SET form = 0 WHERE id = 4", "line 4 (entry 1002) was changed"},
		{"UPDATE ledger SET redacted = 1, reason = '', flag = '' WHERE id = 2", "line 2: its words were taken out, but no later line says so"},
	};
	load_version(bed, 3, "");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct findings f = {0};
		sqlite3 *db;
		bed->store = bed_open(bed, STORE_WRITE);
		begin(bed);
		add_line(bed, 1002, LEDGER_CLAIM, 5, 0, "r");
		commit(bed);
		assert_sound(bed);
		assert_int_equal(sqlite3_open(bed->path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, "DROP TRIGGER ledger_update", NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		assert_int_equal(store_audit(bed->store, note_finding, &f, &bed->err), 0);
		if (strstr(f.all, cases[i].finding) == NULL)
			fail_msg("%s: found %s", cases[i].sql, f.all);
		load_version(bed, 3, "");
	}
	bed->store = bed_open(bed, STORE_WRITE);
}

/* A migration that fails half-way leaves the log as it was. */
static void a_failed_migration_changes_nothing(void **state)
{
	struct bed *bed = *state;
	load_version(bed, 1, "DROP INDEX letter_token;");
	assert_null(store_open(bed->path, STORE_WRITE, &bed->err));
	if (strstr(bed->err.text, "from version 1 to 2 of the log") == NULL)
		fail_msg("%s", bed->err.text);
	assert_int_equal(version(bed), 1);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(bed->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "SELECT * FROM ledger INDEXED BY ledger_person WHERE person = 1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* A log made anew and one brought up to date have the same schema. */
static char *schema(struct bed *bed)
{
	struct str all = {0};
	sqlite3_stmt *stmt = sql_start(bed->store, "SELECT coalesce(sql, name) FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name", NULL, &bed->err);
	while (sql_next(bed->store, stmt, &bed->err) == 1)
		str_printf(&all, "%s\n", (const char *)sqlite3_column_text(stmt, 0));
	sql_end(stmt);
	char *text = arena_strdup(&bed->arena, str_c(&all));
	str_release(&all);
	return text;
}

static void old_and_new_are_the_same(void **state)
{
	struct bed *bed = *state;
	char *made = schema(bed);
	load_version(bed, 1, "");
	bed->store = bed_open(bed, STORE_WRITE);
	char *migrated = schema(bed);
	/* the dump quotes and words the search index's own tables a little differently */
	for (const char *line = made; *line != '\0'; line += strcspn(line, "\n") + 1) {
		char *one = arena_strndup(&bed->arena, line, strcspn(line, "\n") + 1);
		if (strstr(one, "words_") == NULL && strstr(migrated, one) == NULL)
			fail_msg("not in the migrated log: %s", one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(brings_version_1_up_to_date), TEST(brings_version_2_up_to_date), TEST(brings_version_3_up_to_date), TEST(the_chain_goes_on),
		TEST(a_failed_migration_changes_nothing), TEST(old_and_new_are_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
