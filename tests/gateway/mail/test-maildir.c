#include "keeper.h"

#include <fcntl.h>
#include <poll.h>

#include "gateway/mail/maildir.h"

static void fill(const char *marking)
{
	char lines[200];
	empty_campus();
	snprintf(lines, sizeof lines, "url = maildir:in\nafter = %s\npoll = 1s\nmax-mail = 64k", marking);
	put_config(lines, "url = maildir:out");
	assert_int_equal(maildir_make(in_campus("in"), NULL), 0);
}

static bool there(const char *name)
{
	return file_exists(in_campus(name));
}

static void oldest_first_then_flagged(void **state)
{
	(void)state;
	struct worker w;
	fill("flag");
	put_file("in/new/1700000002.b", "Subject: b\n\nb\n");
	put_file("in/cur/1700000001.a:2,R", "Subject: a\n\na\n");
	put_file("in/cur/1700000000.done:2,S", "Subject: done\n\n");
	put_file("in/new/.hidden", "x");
	gate_begin(&w, false, 0, 0, NULL);
	assert_int_equal(gate_expect(&w, GATE_BOX)->number, 1);
	assert_int_equal(gate_expect(&w, GATE_ALL)->number, 2);
	const struct said *said = gate_expect(&w, GATE_MAIL);
	assert_string_equal(said->ident, "1700000001.a");
	assert_string_equal(str_c(&said->raw), "Subject: a\n\na\n");
	assert_int_equal(said->size, 14);
	assert_string_equal(gate_expect(&w, GATE_MAIL)->ident, "1700000002.b");
	gate_expect(&w, GATE_IDLE);
	assert_true(there("in/new/1700000002.b")); /* nothing is marked before the word comes */
	gate_say(&w, GATE_MARK, "1700000002.b");
	assert_string_equal(gate_expect(&w, GATE_MARKED)->ident, "1700000002.b");
	assert_true(there("in/cur/1700000002.b:2,S"));
	gate_say(&w, GATE_MARK, "1700000001.a");
	gate_expect(&w, GATE_MARKED);
	assert_true(there("in/cur/1700000001.a:2,RS"));
	gate_say(&w, GATE_MARK, "1700000001.gone");
	gate_expect(&w, GATE_MARKED);
	gate_say(&w, GATE_MARK, "../../plnpost.conf");
	gate_expect(&w, GATE_MARKED);
	assert_true(there("plnpost.conf"));
	assert_int_equal(gate_end(&w), 0);
}

static void what_was_not_marked_is_marked_first(void **state)
{
	(void)state;
	struct worker w;
	fill("flag");
	put_file("in/new/1.a", "Subject: a\n\n");
	gate_begin(&w, false, 0, 0, "1.a");
	gate_expect(&w, GATE_BOX);
	assert_string_equal(gate_expect(&w, GATE_MARKED)->ident, "1.a");
	gate_expect(&w, GATE_IDLE);
	assert_int_equal(gate_end(&w), 0);
}

static void moved_to_a_folder(void **state)
{
	(void)state;
	struct worker w;
	fill("move\nmove-to = Done/2026");
	put_file("in/new/1.a", "Subject: a\n\n");
	gate_begin(&w, false, 0, 0, NULL);
	gate_expect(&w, GATE_BOX);
	gate_expect(&w, GATE_ALL);
	gate_expect(&w, GATE_MAIL);
	gate_expect(&w, GATE_IDLE);
	gate_say(&w, GATE_MARK, "1.a");
	gate_expect(&w, GATE_MARKED);
	assert_true(there("in/.Done.2026/cur/1.a:2,S"));
	assert_false(there("in/new/1.a"));
	assert_int_equal(gate_end(&w), 0);
}

static void nowhere_to_move_to(void **state)
{
	(void)state;
	struct worker w;
	fill("move");
	put_file("in/.Logged", "a file where a folder should be");
	put_file("in/new/1.a", "Subject: a\n\n");
	gate_begin(&w, true, 0, 0, "0.b");
	gate_expect(&w, GATE_BOX);
	assert_non_null(strstr(gate_expect(&w, GATE_TROUBLE)->text, ".Logged"));
	gate_expect(&w, GATE_ALL);
	gate_expect(&w, GATE_MAIL);
	gate_expect(&w, GATE_IDLE);
	assert_int_equal(unlink(in_campus("in/.Logged")), 0);
	assert_string_equal(gate_expect(&w, GATE_MARKED)->ident, "0.b");
	assert_int_equal(gate_end(&w), 0);
}

static void left_and_not_sent_twice(void **state)
{
	(void)state;
	struct worker w;
	fill("leave");
	put_file("in/new/1.a", "Subject: a\n\n");
	gate_begin(&w, true, 0, 0, NULL);
	gate_expect(&w, GATE_BOX);
	gate_expect(&w, GATE_ALL);
	gate_expect(&w, GATE_MAIL);
	gate_expect(&w, GATE_IDLE);
	gate_say(&w, GATE_MARK, "1.a");
	gate_expect(&w, GATE_MARKED);
	assert_true(there("in/new/1.a"));
	put_file("in/tmp/2.b", "Subject: b\n\n");
	assert_int_equal(rename(in_campus("in/tmp/2.b"), in_campus("in/new/2.b")), 0);
	const struct said *said = gate_next(&w);
	while (said->type == GATE_IDLE) /* it may have looked once in between */
		said = gate_next(&w);
	assert_int_equal(said->type, GATE_ALL);
	assert_string_equal(gate_expect(&w, GATE_MAIL)->ident, "2.b");
	gate_expect(&w, GATE_IDLE);
	assert_int_equal(gate_end(&w), 0);
}

static void odd_files(void **state)
{
	(void)state;
	struct worker w;
	fill("flag");
	struct str big = {.max = 200000};
	for (int i = 0; i < 10000; i++)
		str_puts(&big, "0123456789");
	put_file("in/new/1.big", str_c(&big));
	str_release(&big);
	put_file("in/new/2.empty", "");
	assert_int_equal(mkdir(in_campus("in/new/3.folder"), 0700), 0);
	assert_int_equal(mkfifo(in_campus("in/new/4.pipe"), 0600), 0);
	assert_int_equal(symlink("/etc/passwd", in_campus("in/new/5.link")), 0);
	put_file("in/new/6.last", "Subject: last\n\n");
	gate_begin(&w, false, 0, 0, NULL);
	gate_expect(&w, GATE_BOX);
	gate_expect(&w, GATE_ALL);
	const struct said *said = gate_expect(&w, GATE_MAIL);
	assert_string_equal(said->ident, "1.big");
	assert_int_equal(said->size, 100000);
	assert_int_equal(said->raw.n, 65536);
	assert_string_equal(gate_expect(&w, GATE_MAIL)->ident, "2.empty");
	for (int i = 0; i < 3; i++)
		assert_non_null(strstr(gate_expect(&w, GATE_TROUBLE)->text, "cannot be read"));
	assert_string_equal(gate_expect(&w, GATE_MAIL)->ident, "6.last");
	gate_expect(&w, GATE_IDLE);
	assert_int_equal(gate_end(&w), 0);
}

static void many_mails(void **state)
{
	(void)state;
	struct worker w;
	char name[64];
	fill("flag");
	for (int i = 0; i < 9000; i++) {
		snprintf(name, sizeof name, "in/new/%d.x", 1700000000 + (i * 7919) % 9000);
		int fd = open(in_campus(name), O_WRONLY | O_CREAT, 0600);
		assert_true(fd >= 0 && write(fd, "Subject: x\n\n", 12) == 12);
		close(fd);
	}
	gate_begin(&w, false, 0, 0, NULL);
	gate_expect(&w, GATE_BOX);
	assert_int_equal(gate_expect(&w, GATE_ALL)->number, 9000);
	int marked = 0;
	for (int i = 0; i < 9000;) {
		const struct said *said = gate_next(&w);
		if (said->type == GATE_MARKED) {
			marked++;
			continue;
		}
		assert_int_equal(said->type, GATE_MAIL);
		snprintf(name, sizeof name, "%d.x", 1700000000 + i++);
		assert_string_equal(said->ident, name);
		gate_say(&w, GATE_MARK, name);
	}
	while (marked < 9000) {
		const struct said *said = gate_next(&w);
		assert_true(said->type == GATE_MARKED || said->type == GATE_IDLE);
		marked += said->type == GATE_MARKED;
	}
	assert_int_equal(count_files("in/new"), 0);
	assert_int_equal(count_files("in/cur"), 9000);
	assert_int_equal(gate_end(&w), 0);
}

/* A keeper that takes nothing stops the fetching, not the gate's ears. */
static void waits_for_a_slow_keeper(void **state)
{
	(void)state;
	struct worker w;
	char name[64];
	fill("flag");
	struct str big = {.max = 100000};
	while (big.n < 60000)
		str_puts(&big, "0123456789012345678901234567890123456789\n");
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "in/new/%d.x", 1700000000 + i);
		put_file(name, str_c(&big));
	}
	str_release(&big);
	gate_begin(&w, false, 0, 0, NULL);
	poll(NULL, 0, 300);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "%d.none", i);
		gate_say(&w, GATE_MARK, name);
	}
	int mails = 0, marked = 0;
	for (const struct said *said = gate_next(&w); mails < 200 || marked < 100; said = gate_next(&w)) {
		assert_int_not_equal(said->type, UINT32_MAX);
		mails += said->type == GATE_MAIL;
		marked += said->type == GATE_MARKED;
		if (mails == 200 && marked == 100)
			break;
	}
	assert_int_equal(gate_end(&w), 0);
	gate_begin(&w, false, 0, 0, NULL);
	poll(NULL, 0, 300);
	int64_t before = clock_ms();
	assert_int_equal(worker_stop(&w, 5000), 0);
	assert_true(clock_ms() - before < 2000);
}

static void troubles(void **state)
{
	(void)state;
	struct worker w;
	fill("flag");
	put_config("url = maildir:nowhere", "");
	gate_begin(&w, false, 0, 0, NULL);
	const struct said *said = gate_expect(&w, GATE_TROUBLE);
	assert_int_equal(said->number, 1);
	assert_non_null(strstr(said->text, "no Maildir"));
	assert_int_not_equal(worker_stop(&w, 5000), 0);
	put_config("url = maildir:in\nmax-mail = 1", "");
	gate_begin(&w, false, 0, 0, NULL);
	assert_non_null(strstr(gate_expect(&w, GATE_TROUBLE)->text, "plnpost.conf:"));
	worker_stop(&w, 5000);
	put_config("url = maildir:in", "");
	assert_int_equal(worker_start(&w, "gate", campus, NULL), 0);
	gate_say(&w, GATE_MARK, "not the first word");
	assert_non_null(strstr(gate_expect(&w, GATE_TROUBLE)->text, "not understood"));
	worker_stop(&w, 5000);
	gate_begin(&w, true, 0, 0, NULL);
	gate_expect(&w, GATE_BOX);
	gate_expect(&w, GATE_IDLE);
	assert_int_equal(worker_stop(&w, 3000), 0); /* the end of the channel ends it */
}

/* ---- letters into a Maildir */

static int deliver(const char *stem)
{
	struct err err = {.text = ""};
	int result = maildir_deliver(in_campus("out"), stem, "pln+b1@campus.example", "lee@campus.example", SPAN("Subject: a\r\n\r\nx\r\ny\rz\r\n"), &err);
	if (result < 0)
		print_message("%s\n", err.text);
	return result;
}

static void delivered_once(void **state)
{
	(void)state;
	struct str text = {0};
	empty_campus();
	assert_int_equal(maildir_make(in_campus("out"), NULL), 0);
	assert_int_equal(deliver("a.1"), 1);
	assert_int_equal(deliver("a.1"), 0);
	assert_int_equal(file_read(in_campus("out/new/a.1.eml"), &text, NULL), 0);
	assert_string_equal(str_c(&text), "Return-Path: <pln+b1@campus.example>\nDelivered-To: lee@campus.example\nSubject: a\n\nx\ny\rz\n");
	str_release(&text);
	assert_int_equal(rename(in_campus("out/new/a.1.eml"), in_campus("out/cur/a.1.eml:2,FS")), 0);
	assert_int_equal(deliver("a.1"), 0); /* it was read meanwhile */
	assert_int_equal(deliver("a"), 1);
	assert_int_equal(deliver("../../x:2,S"), 1);
	assert_true(there("out/new/_._.._x_2_S.eml"));
	assert_int_equal(count_files("out/new"), 2);
	assert_int_equal(count_files("out/tmp"), 0);
}

static void no_place_to_deliver(void **state)
{
	(void)state;
	struct err err = {.text = ""};
	empty_campus();
	assert_int_equal(maildir_deliver(in_campus("out"), "a", "s@x", "r@x", SPAN("x"), &err), -1);
	assert_true(err.temporary);
	char stem[400];
	memset(stem, 'a', sizeof stem - 1);
	stem[sizeof stem - 1] = '\0';
	assert_int_equal(maildir_make(in_campus("out"), NULL), 0);
	assert_int_equal(maildir_deliver(in_campus("out"), stem, "s@x", "r@x", SPAN("x"), &err), -1);
}

static void by_postman(void **state)
{
	(void)state;
	struct worker w;
	struct frame frame;
	struct str s = {0};
	fill("flag");
	assert_int_equal(worker_start(&w, "postman", campus, NULL), 0);
	for (unsigned i = 0; i < 2; i++) {
		str_clear(&s);
		pack_u64(&s, 42 + i);
		pack_text(&s, "");
		pack_text(&s, "lee@campus.example");
		pack_text(&s, "digest-lee");
		pack_bytes(&s, "Subject: d\r\n\r\nx\r\n", 17);
		chan_send(&w.chan, POSTMAN_LETTER, (struct span){s.p, s.n});
	}
	chan_flush_wait(&w.chan, 1000, NULL);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(chan_next_wait(&w.chan, &frame, 5000, NULL), 1);
		struct unpack u = {(const unsigned char *)frame.payload.p, frame.payload.n, false};
		assert_int_equal(unpack_u64(&u), 42 + i);
		assert_int_equal(unpack_u8(&u), SENT_OK);
	}
	assert_int_equal(count_files("out/new"), 1);
	chan_send(&w.chan, POSTMAN_STOP, (struct span){"", 0});
	chan_flush_wait(&w.chan, 1000, NULL);
	assert_int_equal(worker_stop(&w, 5000), 0);
	str_release(&s);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oldest_first_then_flagged), cmocka_unit_test(what_was_not_marked_is_marked_first), cmocka_unit_test(moved_to_a_folder), cmocka_unit_test(nowhere_to_move_to),
		cmocka_unit_test(left_and_not_sent_twice), cmocka_unit_test(odd_files), cmocka_unit_test(many_mails), cmocka_unit_test(waits_for_a_slow_keeper), cmocka_unit_test(troubles),
		cmocka_unit_test(delivered_once), cmocka_unit_test(no_place_to_deliver), cmocka_unit_test(by_postman),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return test_main(argc, argv, run);
}
