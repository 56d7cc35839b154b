#include "tests/gateway/store/store-test.h"

static struct message mail(int64_t mailbox, const char *ident, const char *message_id, const char *body)
{
	struct message m = {.mailbox = mailbox, .ident = ident, .message_id = message_id, .received_at = 1700000000, .from_addr = "lee@school.example",
	                    .subject = "Exit tickets", .kind = "forward", .action = ACTION_LOG, .reason = "tagged"};
	hash_bytes(m.body_hash, body, strlen(body));
	return m;
}

static void cursor_is_made_once(void **state)
{
	struct bed *bed = *state;
	struct cursor cursor, again;
	REFUSED(bed, store_cursor(bed->store, "imap", &cursor, &bed->err), "outside a transaction");
	begin(bed);
	OK(bed, store_cursor(bed->store, "imap", &cursor, &bed->err));
	assert_int_equal(cursor.last_uid, 0);
	cursor.uidvalidity = 4294967295u;
	cursor.last_uid = 17;
	OK(bed, store_set_cursor(bed->store, &cursor, &bed->err));
	commit(bed);
	OK(bed, store_cursor(bed->store, "imap", &again, &bed->err));
	assert_memory_equal(&cursor, &again, sizeof cursor);
	begin(bed);
	REFUSED(bed, store_set_cursor(bed->store, &(struct cursor){.mailbox = 9}, &bed->err), "no mailbox 9");
	store_rollback(bed->store);
}

static void dedupes(void **state)
{
	struct bed *bed = *state;
	struct cursor cursor;
	int64_t id, second, copy = 0;
	begin(bed);
	OK(bed, store_cursor(bed->store, "imap", &cursor, &bed->err));
	struct message m = mail(cursor.mailbox, "7.1", "a@x", "body");
	assert_int_equal(store_seen_ident(bed->store, cursor.mailbox, "7.1", &bed->err), 0);
	assert_int_equal(store_seen_copy(bed->store, "a@x", m.body_hash, &copy, &bed->err), 0);
	OK(bed, store_add_message(bed->store, &m, SPAN("raw bytes"), &id, &bed->err));
	assert_int_equal(store_seen_ident(bed->store, cursor.mailbox, "7.1", &bed->err), 1);
	assert_int_equal(store_seen_ident(bed->store, cursor.mailbox, "8.1", &bed->err), 0);
	YES(bed, store_seen_copy(bed->store, "a@x", m.body_hash, &copy, &bed->err));
	assert_int_equal(copy, id);
	assert_int_equal(store_seen_copy(bed->store, "b@x", m.body_hash, &copy, &bed->err), 0);
	assert_int_equal(store_seen_copy(bed->store, NULL, m.body_hash, &copy, &bed->err), 0);
	REFUSED(bed, store_add_message(bed->store, &m, SPAN("raw bytes"), &second, &bed->err), "UNIQUE");
	m = mail(cursor.mailbox, "8.1", "a@x", "body");
	m.duplicate_of = id;
	OK(bed, store_add_message(bed->store, &m, SPAN("raw bytes"), &second, &bed->err));
	commit(bed);
	struct str raw = {0};
	YES(bed, store_raw(bed->store, second, &raw, &bed->err));
	assert_string_equal(raw.p, "raw bytes");
	str_release(&raw);
	assert_sound(bed);
}

static void keeps_every_field(void **state)
{
	struct bed *bed = *state;
	struct cursor cursor;
	struct message got, m;
	int64_t id;
	begin(bed);
	OK(bed, store_cursor(bed->store, "imap", &cursor, &bed->err));
	m = mail(cursor.mailbox, "7.1", "a@x", "body");
	m.list_id = "news.example";
	m.person = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	OK(bed, store_add_message(bed->store, &m, SPAN("raw"), &id, &bed->err));
	OK(bed, store_set_message_action(bed->store, id, ACTION_QUARANTINE, "killed the reader twice", &bed->err));
	REFUSED(bed, store_set_message_action(bed->store, 99, ACTION_LOG, "", &bed->err), "no message 99");
	commit(bed);
	YES(bed, store_message(bed->store, id, &bed->arena, &got, &bed->err));
	assert_string_equal(got.ident, "7.1");
	assert_string_equal(got.message_id, "a@x");
	assert_memory_equal(got.body_hash, m.body_hash, HASH_BYTES);
	assert_string_equal(got.from_addr, m.from_addr);
	assert_string_equal(got.subject, m.subject);
	assert_string_equal(got.kind, "forward");
	assert_string_equal(got.list_id, "news.example");
	assert_string_equal(got.reason, "killed the reader twice");
	assert_int_equal(got.action, ACTION_QUARANTINE);
	assert_int_equal(got.person, m.person);
	assert_int_equal(got.raw_size, 3);
	assert_false(got.marked);
	assert_int_equal(store_message(bed->store, 99, &bed->arena, &got, &bed->err), 0);
}

static void marks(void **state)
{
	struct bed *bed = *state;
	struct cursor cursor;
	struct strs idents;
	int64_t id;
	begin(bed);
	OK(bed, store_cursor(bed->store, "imap", &cursor, &bed->err));
	for (int i = 0; i < 5; i++) {
		struct message m = mail(cursor.mailbox, arena_printf(&bed->arena, "7.%d", i), NULL, "b");
		m.marked = i == 4;
		OK(bed, store_add_message(bed->store, &m, SPAN("raw"), &id, &bed->err));
	}
	OK(bed, store_set_marked(bed->store, cursor.mailbox, "7.1", &bed->err));
	REFUSED(bed, store_set_marked(bed->store, cursor.mailbox, "7.9", &bed->err), "no mail");
	commit(bed);
	OK(bed, store_unmarked(bed->store, cursor.mailbox, &bed->arena, &idents, &bed->err));
	assert_int_equal(idents.n, 3);
	assert_string_equal(idents.v[0], "7.0");
	assert_string_equal(idents.v[2], "7.3");
}

/* Sizes around the least that is compressed, text, noise, and NUL bytes: what comes back is what went in. */
static void raw_bytes_come_back(void **state)
{
	struct bed *bed = *state;
	static const size_t sizes[] = {1, 2, 511, 512, 513, 8192, 100000, 3000000};
	uint64_t random = 88172645463325252u;
	begin(bed);
	for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
		size_t n = sizes[i / 2];
		char *bytes = arena_alloc(&bed->arena, n);
		for (size_t k = 0; k < n; k++) {
			random ^= random << 13, random ^= random >> 7, random ^= random << 17;
			bytes[k] = i % 2 ? (char)random : "lesson \0 plan\r\n"[k % 15];
		}
		struct message m = mail(0, NULL, NULL, "b");
		struct str raw = {.max = 4000000};
		int64_t id;
		OK(bed, store_add_message(bed->store, &m, (struct span){bytes, n}, &id, &bed->err));
		YES(bed, store_raw(bed->store, id, &raw, &bed->err));
		assert_int_equal(raw.n, n);
		assert_memory_equal(raw.p, bytes, n);
		str_release(&raw);
		raw.max = n - 1 + (n == 1);
		if (n > 1)
			REFUSED(bed, store_raw(bed->store, id, &raw, &bed->err), "more than the");
		str_release(&raw);
	}
	commit(bed);
	struct str raw = {0};
	assert_int_equal(store_raw(bed->store, 9999, &raw, &bed->err), 0);
}

static void lists_and_counts_by_action(void **state)
{
	struct bed *bed = *state;
	int64_t counts[ACTION_COUNT], id;
	struct messages held;
	begin(bed);
	for (int i = 0; i < 10; i++) {
		struct message m = mail(0, NULL, NULL, "b");
		m.received_at = 1000 + i;
		m.action = i % 2 ? ACTION_HOLD : ACTION_SOURCE;
		OK(bed, store_add_message(bed->store, &m, SPAN("raw"), &id, &bed->err));
	}
	OK(bed, store_note_source(bed->store, "news.example", "News", 1000, &bed->err));
	OK(bed, store_note_source(bed->store, "news.example", NULL, 1002, &bed->err));
	commit(bed);
	OK(bed, store_messages(bed->store, ACTION_HOLD, 1002, 3, &bed->arena, &held, &bed->err));
	assert_int_equal(held.n, 3);
	assert_int_equal(held.v[0].received_at, 1009);
	assert_int_equal(held.v[2].received_at, 1005);
	OK(bed, store_held(bed->store, NULL, NULL, 100, &bed->arena, &held, &bed->err));
	assert_int_equal(held.n, 5);
	assert_int_equal(held.v[0].received_at, 1009);
	OK(bed, store_held(bed->store, "nobody@elsewhere.example", NULL, 100, &bed->arena, &held, &bed->err));
	assert_int_equal(held.n, 0);
	OK(bed, store_held(bed->store, NULL, "of no such reason", 100, &bed->arena, &held, &bed->err));
	assert_int_equal(held.n, 0);
	OK(bed, store_count_actions(bed->store, 1004, counts, &bed->err));
	assert_int_equal(counts[ACTION_HOLD], 3);
	assert_int_equal(counts[ACTION_SOURCE], 3);
	assert_int_equal(counts[ACTION_LOG], 0);
}

static void one_mail_of_a_batch_is_undone(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	for (int i = 0; i < 3; i++) {
		OK(bed, store_savepoint(bed->store, &bed->err));
		struct entry e = plain_entry(lee, 20000, "x");
		e.message = add_mail(bed, i == 0 ? "a@x" : i == 1 ? "b@x" : "c@x", "phonics", ACTION_LOG);
		add_entry(bed, &e);
		if (i == 1)
			store_undo_savepoint(bed->store);
		else
			OK(bed, store_release(bed->store, &bed->err));
	}
	commit(bed);
	struct entry_filter all = {.from = DAY_NONE, .to = DAY_NONE};
	struct entries entries;
	OK(bed, store_entries(bed->store, &all, &bed->arena, &entries, &bed->err));
	assert_int_equal(entries.n, 2);
	begin(bed);
	add_mail(bed, "d@x", "gone", ACTION_LOG);
	store_rollback(bed->store);
	store_rollback(bed->store);
	struct entry e = plain_entry(lee, 20000, "y");
	begin(bed);
	e.message = add_mail(bed, "e@x", NULL, ACTION_LOG);
	add_entry(bed, &e);
	commit(bed);
	struct entries found;
	OK(bed, store_find(bed->store, "gone", 0, 10, &bed->arena, &found, &bed->err));
	assert_int_equal(found.n, 0);
	assert_sound(bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cursor_is_made_once), TEST(dedupes), TEST(keeps_every_field), TEST(marks),
		TEST(raw_bytes_come_back), TEST(lists_and_counts_by_action), TEST(one_mail_of_a_batch_is_undone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
