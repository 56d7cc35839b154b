#include "tests/gateway/store/store-test.h"

#include <signal.h>
#include <sys/wait.h>

#include "gateway/store/store-sql.h"

#define BATCH 4

/* What the keeper does with one mail: all of it, or nothing. */
static void one_mail(struct bed *bed, int64_t person, int64_t number)
{
	struct entry e = plain_entry(person, 20000, "Exit tickets");
	char key[40];
	snprintf(key, sizeof key, "%lld@x", (long long)number);
	e.message = add_mail(bed, key, "the text of this mail has some words to search for", ACTION_LOG);
	int64_t id = add_entry(bed, &e);
	add_line(bed, id, LEDGER_CLAIM, 10, 0, "rule");
	struct stored_letter l = {.key = key, .message_id = key, .recipient = "lee@school.example", .person = person, .entry = id, .bytes = SPAN("bytes")};
	YES(bed, store_queue_letter(bed->store, &l, &bed->err));
}

static int64_t count(struct bed *bed, const char *sql)
{
	int64_t n = -1;
	YES(bed, sql_int(bed->store, sql, NULL, &n, &bed->err));
	return n;
}

/* Writes batches until killed, and says so down the pipe after each commit. */
static _Noreturn void child(struct bed *bed, int64_t person, int out)
{
	bed->store = bed_open(bed, STORE_WRITE);
	int64_t number = count(bed, "SELECT count(*) FROM message");
	for (;;) {
		if (store_begin(bed->store, &bed->err) < 0)
			_exit(1);
		for (int i = 0; i < BATCH; i++)
			one_mail(bed, person, number++);
		if (store_commit(bed->store, &bed->err) < 0 || write(out, "c", 1) != 1)
			_exit(1);
	}
}

static int64_t commits_said(int in)
{
	char bytes[256];
	int64_t n = 0;
	for (ssize_t got; (got = read(in, bytes, sizeof bytes)) > 0;)
		n += got;
	return n;
}

static void killed_at_any_point(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER), stored = 0;
	commit(bed);
	for (int round = 0; round < 30; round++) {
		int ends[2], status;
		store_close(bed->store);
		bed->store = NULL;
		assert_int_equal(pipe(ends), 0);
		pid_t pid = fork();
		if (pid == 0)
			child(bed, lee, ends[1]);
		close(ends[1]);
		usleep((useconds_t)(12000 + round * 1771 % 30000));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		int64_t said = commits_said(ends[0]);
		close(ends[0]);
		bed->store = bed_open(bed, STORE_WRITE);
		int64_t now = count(bed, "SELECT count(*) FROM message");
		assert_true(now - stored == said * BATCH || now - stored == (said + 1) * BATCH);
		assert_int_equal(count(bed, "SELECT count(*) FROM entry"), now);
		assert_int_equal(count(bed, "SELECT count(*) FROM ledger"), now);
		assert_int_equal(count(bed, "SELECT count(*) FROM letter"), now);
		assert_int_equal(count(bed, "SELECT count(*) FROM words WHERE words MATCH 'search'"), now);
		assert_sound(bed);
		stored = now;
	}
	assert_true(stored > 0);
}

/* The run loop and a command at the same time: each waits for the other, nothing is lost. */
static void two_writers(void **state)
{
	struct bed *bed = *state;
	enum { ROUNDS = 25 };
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	commit(bed);
	store_close(bed->store);
	pid_t pids[2];
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		bed->store = bed_open(bed, STORE_WRITE);
		for (int k = 0; k < ROUNDS; k++) {
			if (store_begin(bed->store, &bed->err) < 0)
				_exit(1);
			one_mail(bed, lee, i * 1000 + k);
			if (store_commit(bed->store, &bed->err) < 0)
				_exit(1);
		}
		_exit(0);
	}
	for (int i = 0; i < 2; i++) {
		int status = -1;
		waitpid(pids[i], &status, 0);
		assert_int_equal(status, 0);
	}
	bed->store = bed_open(bed, STORE_WRITE);
	assert_int_equal(count(bed, "SELECT count(*) FROM entry"), 2 * ROUNDS);
	assert_sound(bed);
}

static void a_busy_log_is_temporary(void **state)
{
	struct bed *bed = *state;
	struct store *other = bed_open(bed, STORE_WRITE);
	sqlite3_busy_timeout(other->db, 20);
	begin(bed);
	struct err err = {0};
	assert_int_equal(store_begin(other, &err), -1);
	assert_true(err.temporary);
	assert_non_null(strstr(err.text, "try again"));
	commit(bed);
	OK(bed, store_begin(other, &bed->err));
	store_rollback(other);
	store_close(other);
}

/* A full disk: the mail in hand is not stored, said to be for now only, and what was there stays whole. */
static void a_full_disk_loses_nothing(void **state)
{
	struct bed *bed = *state;
	char sql[80];
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	one_mail(bed, lee, 0);
	commit(bed);
	snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld", (long long)count(bed, "PRAGMA page_count") + 3);
	assert_int_equal(sqlite3_exec(bed->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
	char *noise = arena_alloc(&bed->arena, 200000);
	uint64_t random = 88172645463325252u;
	for (size_t i = 0; i < 200000; i++) {
		random ^= random << 13, random ^= random >> 7, random ^= random << 17;
		noise[i] = (char)random;
	}
	struct message m = {.kind = "note", .action = ACTION_LOG};
	struct err err = {0};
	int64_t id = -7;
	begin(bed);
	OK(bed, store_savepoint(bed->store, &bed->err));
	assert_int_equal(store_add_message(bed->store, &m, (struct span){noise, 200000}, &id, &err), -1);
	assert_int_equal(id, -7);
	assert_true(err.temporary);
	assert_non_null(strstr(err.text, "no room is left"));
	store_undo_savepoint(bed->store);
	store_rollback(bed->store);
	assert_sound(bed);
	assert_int_equal(sqlite3_exec(bed->store->db, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL), SQLITE_OK);
	begin(bed);
	one_mail(bed, lee, 1);
	commit(bed);
	assert_int_equal(count(bed, "SELECT count(*) FROM entry"), 2);
	assert_sound(bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(killed_at_any_point), TEST(two_writers), TEST(a_busy_log_is_temporary), TEST(a_full_disk_loses_nothing)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
