#include "tests/gateway/store/store-test.h"

#include <sqlite3.h>

#define TOKEN "0123456789abcdef0123456789abcdef"

static struct stored_letter letter(const char *key)
{
	return (struct stored_letter){
		.key = key, .purpose = LETTER_RECEIPT, .message_id = key, .recipient = "Lee@school.example", .envelope_from = "pln+" TOKEN "@school.example",
		.subject = "Logged 1042", .token = TOKEN, .token_expires = 5000, .created_at = 1000, .next_at = 1000,
		.bytes = SPAN("Reply-To: pln+" TOKEN "\r\n\0x"), .own_text = "Logged 1042",
	};
}

static int64_t queue(struct bed *bed, const char *key, int64_t next_at)
{
	struct stored_letter l = letter(key);
	l.next_at = next_at;
	YES(bed, store_queue_letter(bed->store, &l, &bed->err));
	return l.id;
}

static void queued_once(void **state)
{
	struct bed *bed = *state;
	struct stored_letter l = letter("digest:2026-W47:12"), got;
	begin(bed);
	l.person = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	l.numbered = "1042 1050";
	YES(bed, store_queue_letter(bed->store, &l, &bed->err));
	struct stored_letter again = letter("digest:2026-W47:12");
	assert_int_equal(store_queue_letter(bed->store, &again, &bed->err), 0);
	assert_int_equal(again.id, 0);
	commit(bed);
	YES(bed, store_letter(bed->store, l.id, &bed->arena, &got, &bed->err));
	assert_string_equal(got.key, l.key);
	assert_string_equal(got.recipient, "lee@school.example");
	assert_string_equal(got.numbered, "1042 1050");
	assert_string_equal(got.own_text, "Logged 1042");
	assert_int_equal(got.person, l.person);
	assert_int_equal(got.bytes.n, l.bytes.n);
	assert_memory_equal(got.bytes.p, l.bytes.p, l.bytes.n);
	assert_null(got.token);
	YES(bed, store_letter_by_message_id(bed->store, l.message_id, &bed->arena, &got, &bed->err));
	assert_int_equal(got.id, l.id);
	assert_int_equal(got.bytes.n, 0);
	assert_int_equal(store_letter_by_message_id(bed->store, "nothing", &bed->arena, &got, &bed->err), 0);
}

static void tokens(void **state)
{
	struct bed *bed = *state;
	struct stored_letter got;
	begin(bed);
	int64_t id = queue(bed, "a", 1000);
	commit(bed);
	static const struct {
		const char *token;
		int64_t now;
		int found;
	} cases[] = {
		{TOKEN, 4999, 1}, {TOKEN, 5000, 0}, {"0123456789ABCDEF0123456789abcdef", 1, 1}, {"0123456789abcdef0123456789abcdee", 1, 0}, {"", 1, 0},
		{TOKEN TOKEN TOKEN, 1, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(store_letter_by_token(bed->store, cases[i].token, cases[i].now, &bed->arena, &got, &bed->err), cases[i].found);
	assert_int_equal(got.id, id);
}

static int count_bytes(const char *path, const char *needle)
{
	struct str file = {.max = (size_t)1 << 24};
	int n = 0;
	assert_int_equal(file_read(path, &file, NULL), 0);
	for (size_t i = 0; i + strlen(needle) <= file.n; i++)
		n += memcmp(file.p + i, needle, strlen(needle)) == 0;
	str_release(&file);
	return n;
}

/* Once a letter is out, the log holds its token as a hash only. */
static void a_sent_letter_keeps_no_token(void **state)
{
	struct bed *bed = *state;
	struct stored_letter got;
	char copy[128];
	snprintf(copy, sizeof copy, "%s/copy.db", bed->folder);
	begin(bed);
	int64_t id = queue(bed, "a", 1000);
	commit(bed);
	OK(bed, store_backup(bed->store, copy, &bed->err));
	assert_true(count_bytes(copy, TOKEN) > 0);
	unlink(copy);
	begin(bed);
	OK(bed, store_letter_sent(bed->store, id, 1001, "250 2.0.0 ok", &bed->err));
	commit(bed);
	OK(bed, store_backup(bed->store, copy, &bed->err));
	assert_int_equal(count_bytes(copy, TOKEN), 0);
	YES(bed, store_letter_by_token(bed->store, TOKEN, 1, &bed->arena, &got, &bed->err));
	assert_int_equal(got.state, LETTER_SENT);
	assert_string_equal(got.detail, "250 2.0.0 ok");
	assert_string_equal(got.own_text, "Logged 1042");
}

static void leases(void **state)
{
	struct bed *bed = *state;
	struct stored_letter *v, got;
	size_t n;
	int64_t at = 0;
	REFUSED(bed, store_claim_letters(bed->store, 1, 2, 1, &bed->arena, &v, &n, &bed->err), "inside a transaction");
	assert_int_equal(store_next_letter_at(bed->store, &at, &bed->err), 0);
	begin(bed);
	int64_t later = queue(bed, "later", 2000), a = queue(bed, "a", 900), b = queue(bed, "b", 901), c = queue(bed, "c", 902);
	YES(bed, store_next_letter_at(bed->store, &at, &bed->err));
	assert_int_equal(at, 900);
	OK(bed, store_claim_letters(bed->store, 1000, 1060, 2, &bed->arena, &v, &n, &bed->err));
	assert_int_equal(n, 2);
	assert_int_equal(v[0].id, a);
	assert_int_equal(v[1].id, b);
	assert_int_equal(v[0].state, LETTER_SENDING);
	assert_int_equal(v[0].tries, 1);
	assert_true(v[0].bytes.n > 0);
	OK(bed, store_claim_letters(bed->store, 1000, 1060, 9, &bed->arena, &v, &n, &bed->err));
	assert_int_equal(n, 1);
	assert_int_equal(v[0].id, c);
	OK(bed, store_letter_sent(bed->store, a, 1001, "250", &bed->err));
	OK(bed, store_letter_later(bed->store, b, 1300, "451 later", &bed->err));
	YES(bed, store_next_letter_at(bed->store, &at, &bed->err));
	assert_int_equal(at, 1060);
	OK(bed, store_claim_letters(bed->store, 1059, 1100, 9, &bed->arena, &v, &n, &bed->err));
	assert_int_equal(n, 0);
	/* c's lease ends: whoever held it is gone. */
	OK(bed, store_claim_letters(bed->store, 1060, 1100, 9, &bed->arena, &v, &n, &bed->err));
	assert_int_equal(n, 1);
	assert_int_equal(v[0].id, c);
	assert_int_equal(v[0].tries, 2);
	OK(bed, store_letter_failed(bed->store, c, 1070, "550 no such user", &bed->err));
	OK(bed, store_claim_letters(bed->store, 9000, 9100, 9, &bed->arena, &v, &n, &bed->err));
	assert_int_equal(n, 2);
	assert_int_equal(v[0].id, later);
	assert_int_equal(v[1].id, b);
	commit(bed);
	OK(bed, store_letters(bed->store, LETTER_FAILED, 9, &bed->arena, &v, &n, &bed->err));
	assert_int_equal(n, 1);
	OK(bed, store_letters(bed->store, -1, 9, &bed->arena, &v, &n, &bed->err));
	assert_int_equal(n, 4);
	assert_int_equal(v[0].id, c);
	YES(bed, store_letter(bed->store, b, &bed->arena, &got, &bed->err));
	assert_string_equal(got.detail, "451 later");
	begin(bed);
	REFUSED(bed, store_letter_sent(bed->store, 99, 1, "", &bed->err), "no letter 99");
	store_rollback(bed->store);
}

static void rate_and_bounces(void **state)
{
	struct bed *bed = *state;
	enum { DAY = 86400 };
	int n = -1;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t ids[4];
	for (int i = 0; i < 4; i++) {
		struct stored_letter l = letter(arena_printf(&bed->arena, "k%d", i));
		l.purpose = i == 3 ? LETTER_DIGEST : LETTER_ANSWER;
		l.created_at = 1000 + i;
		l.person = lee;
		YES(bed, store_queue_letter(bed->store, &l, &bed->err));
		ids[i] = l.id;
	}
	OK(bed, store_letters_since(bed->store, "LEE@school.example", 1001, &n, &bed->err));
	assert_int_equal(n, 2);
	const struct {
		int64_t letter;
		bool hard;
		int64_t at;
		int recent;
	} bounces[] = {
		{ids[0], true, 1 * DAY, 1}, {ids[0], true, 1 * DAY, 1}, {ids[1], false, 2 * DAY, 1}, {ids[2], true, 3 * DAY, 2}, {ids[3], true, 32 * DAY, 2},
	};
	for (size_t i = 0; i < sizeof bounces / sizeof *bounces; i++) {
		OK(bed, store_note_bounce(bed->store, bounces[i].letter, bounces[i].hard, bounces[i].at, &n, &bed->err));
		assert_int_equal(n, bounces[i].recent);
	}
	struct stored_letter stranger = letter("s");
	YES(bed, store_queue_letter(bed->store, &stranger, &bed->err));
	OK(bed, store_note_bounce(bed->store, stranger.id, true, 3 * DAY, &n, &bed->err));
	assert_int_equal(n, 1);
	REFUSED(bed, store_note_bounce(bed->store, 99, true, 1, &n, &bed->err), "no letter 99");
	commit(bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(queued_once), TEST(tokens), TEST(a_sent_letter_keeps_no_token), TEST(leases), TEST(rate_and_bounces)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
