#include "tests/gateway/store/store-test.h"

#include <sqlite3.h>
#include <sys/stat.h>

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void opens_only_what_is_its_own(void **state)
{
	struct bed *bed = *state;
	static const struct {
		const char *name, *sql;
		enum store_mode mode;
		const char *words;
	} cases[] = {
		{"another program's", "CREATE TABLE t(x)", STORE_WRITE, "another program's database"},
		{"wrong id", "PRAGMA application_id = 7", STORE_CREATE, "another program's database"},
		{"newer", "PRAGMA application_id = 1347178064; PRAGMA user_version = 1000", STORE_WRITE, "newer plnpost (version 1000"},
		{"older, only read", "PRAGMA application_id = 1347178064; PRAGMA user_version = 0", STORE_READ, "brings it up to date"},
	};
	char path[128];
	snprintf(path, sizeof path, "%s/copy.db", bed->folder);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		run_sql(path, cases[i].sql);
		bed->err.text[0] = '\0';
		assert_null(store_open(path, cases[i].mode, &bed->err));
		if (strstr(bed->err.text, cases[i].words) == NULL)
			fail_msg("%s: %s", cases[i].name, bed->err.text);
		unlink(path);
	}
	assert_null(store_open(path, STORE_WRITE, &bed->err));
	assert_non_null(strstr(bed->err.text, "run plnpost init"));
	assert_false(file_exists(path));
	OK(bed, file_write(path, SPAN("this is a text file, and a rather long one, so that it may well be taken for something else"), 0600, &bed->err));
	assert_null(store_open(path, STORE_WRITE, &bed->err));
	assert_non_null(strstr(bed->err.text, "not a log of plnpost"));
	unlink(path);
	store_close(NULL);
}

static void belongs_to_its_owner_alone(void **state)
{
	struct bed *bed = *state;
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	begin(bed);
	add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	commit(bed);
	for (size_t i = 0; i < 3; i++) {
		struct stat st;
		char path[128];
		snprintf(path, sizeof path, "%s%s", bed->path, suffixes[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static void a_reader_changes_nothing(void **state)
{
	struct bed *bed = *state;
	struct roster roster;
	begin(bed);
	add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	commit(bed);
	struct store *writer = bed->store;
	bed->store = bed_open(bed, STORE_READ);
	OK(bed, store_people(bed->store, false, &bed->arena, &roster, &bed->err));
	assert_int_equal(roster.n, 1);
	assert_sound(bed);
	if (store_begin(bed->store, &bed->err) == 0)
		REFUSED(bed, store_set_meta(bed->store, "a", "b", &bed->err), "readonly");
	store_rollback(bed->store);
	store_close(bed->store);
	bed->store = writer;
}

static void facts(void **state)
{
	struct bed *bed = *state;
	const char *value = NULL;
	assert_int_equal(store_meta(bed->store, "last-digest", &bed->arena, &value, &bed->err), 0);
	begin(bed);
	OK(bed, store_set_meta(bed->store, "last-digest", "2026-W46", &bed->err));
	OK(bed, store_set_meta(bed->store, "last-digest", "2026-W47", &bed->err));
	commit(bed);
	YES(bed, store_meta(bed->store, "last-digest", &bed->arena, &value, &bed->err));
	assert_string_equal(value, "2026-W47");
}

/* A backup taken while others write is a log of its own: whole, sound, and of one moment. */
static void backup(void **state)
{
	struct bed *bed = *state;
	char path[128];
	struct stat st;
	snprintf(path, sizeof path, "%s/copy.db", bed->folder);
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	struct entry e = plain_entry(lee, 20000, "Exit tickets");
	e.message = add_mail(bed, "a@x", "text", ACTION_LOG);
	add_line(bed, add_entry(bed, &e), LEDGER_CLAIM, 5, 0, "r");
	commit(bed);
	begin(bed);
	add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	struct store *reader = bed_open(bed, STORE_READ);
	OK(bed, store_backup(reader, path, &bed->err));
	store_close(reader);
	commit(bed);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	REFUSED(bed, store_backup(bed->store, path, &bed->err), "is there already");
	REFUSED(bed, store_backup(bed->store, "/nowhere/at/all.db", &bed->err), "/nowhere/at/all.db");
	struct store *writer = bed->store;
	bed->store = store_open(path, STORE_WRITE, &bed->err);
	assert_non_null(bed->store);
	struct roster roster;
	OK(bed, store_people(bed->store, true, &bed->arena, &roster, &bed->err));
	assert_int_equal(roster.n, 1);
	struct str raw = {0};
	YES(bed, store_raw(bed->store, get_entry(bed, 1001).message, &raw, &bed->err));
	str_release(&raw);
	assert_sound(bed);
	store_close(bed->store);
	bed->store = writer;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(opens_only_what_is_its_own), TEST(belongs_to_its_owner_alone), TEST(a_reader_changes_nothing), TEST(facts), TEST(backup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
