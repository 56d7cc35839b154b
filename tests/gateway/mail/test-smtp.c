#include "keeper.h"
#include "fake.h"

#include "gateway/mail/smtp.h"

/* SMTP servers that say no in every place, and what that means for the letter. */

#define USUAL \
	{0, "(greeting)", "220 fake\r\n", ALWAYS}, {0, "EHLO", "250-fake\r\n250 SIZE 1000000\r\n", ALWAYS}, {0, "MAIL FROM", "250 ok\r\n", ALWAYS}, \
	{0, "RCPT TO", "250 ok\r\n", ALWAYS}, {0, "DATA", "354 go\r\n", ALWAYS}, {0, "(dot)", "250 taken as 42\r\n", ALWAYS}, \
	{0, "QUIT", "221 bye\r\n", THEN_CLOSE}, {0, "HELO", "250 fake\r\n", ALWAYS}, {0, "NOOP", "250 ok\r\n", ALWAYS}, {0}

static const struct play {
	const char *name;
	enum sent sent;    /* of the last letter */
	unsigned code;
	const char *words; /* in its detail */
	int letters;       /* 0 = 1 */
	size_t size;       /* of a letter; 0 = a short one */
	const char *scheme; /* NULL = smtp */
	struct row rows[14];
} plays[] = {
	{"taken", SENT_OK, 250, "taken as 42", 0, 0, NULL, {USUAL}},
	{"a large one", SENT_OK, 250, "taken as 42", 0, 900000, NULL, {USUAL}},
	{"three on one connection", SENT_OK, 250, "taken", 3, 0, NULL, {{2, "(greeting)", "554 only one connection\r\n", ALWAYS}, USUAL}},
	{"refused recipient", SENT_REFUSED, 550, "no such", 0, 0, NULL, {{0, "RCPT TO", "550 5.1.1 no such user\r\n", ALWAYS}, USUAL}},
	{"recipient for later", SENT_LATER, 450, "grey", 0, 0, NULL, {{0, "RCPT TO", "450 4.2.0 grey\r\n", ALWAYS}, USUAL}},
	{"refused sender", SENT_REFUSED, 553, "who", 0, 0, NULL, {{0, "MAIL FROM", "553 who\r\n", ALWAYS}, USUAL}},
	{"a login is wanted", SENT_LATER, 530, "login", 0, 0, NULL, {{0, "MAIL FROM", "530 5.7.0 login first\r\n", ALWAYS}, USUAL}},
	{"DATA for later", SENT_LATER, 451, "busy", 0, 0, NULL, {{0, "DATA", "451 busy\r\n", ALWAYS}, USUAL}},
	{"DATA refused", SENT_REFUSED, 554, "never", 0, 0, NULL, {{0, "DATA", "554 never\r\n", ALWAYS}, USUAL}},
	{"the letter for later", SENT_LATER, 452, "full", 0, 0, NULL, {{0, "(dot)", "452 full\r\n", ALWAYS}, USUAL}},
	{"the letter refused", SENT_REFUSED, 550, "spam", 0, 0, NULL, {{0, "(dot)", "550 spam\r\n", ALWAYS}, USUAL}},
	{"closed after the dot", SENT_MAYBE, 354, "no answer to the end", 0, 0, NULL, {{0, "(dot)", NULL, ALWAYS}, USUAL}},
	{"silent after the dot", SENT_MAYBE, 354, "no answer to the end", 0, 0, NULL, {{0, "(dot)", "", THEN_WAIT}, USUAL}},
	{"closed after DATA, within the letter", SENT_LATER, 0, "", 0, 30000000, NULL, {{0, "DATA", "354 go\r\n", THEN_CLOSE}, USUAL}},
	{"closed before DATA", SENT_LATER, 0, "", 0, 0, NULL, {{0, "RCPT TO", NULL, ALWAYS}, USUAL}},
	{"closed at once", SENT_LATER, 0, "127.0.0.1", 0, 0, NULL, {{0, "(greeting)", "", THEN_CLOSE}, USUAL}},
	{"no service", SENT_LATER, 554, "", 0, 0, NULL, {{0, "(greeting)", "554 no service\r\n", ALWAYS}, USUAL}},
	{"busy", SENT_LATER, 421, "", 0, 0, NULL, {{0, "(greeting)", "421 busy\r\n", ALWAYS}, USUAL}},
	{"silent at once", SENT_LATER, 0, "127.0.0.1", 0, 0, NULL, {{0, "(greeting)", "", THEN_WAIT}, USUAL}},
	{"no STARTTLS", SENT_LATER, 0, "offers no STARTTLS", 0, 0, "smtp+starttls", {USUAL}},
	{"no TLS", SENT_LATER, 0, "no TLS came about", 0, 0, "smtps", {USUAL}},
	{"the kept connection was closed", SENT_OK, 250, "taken", 2, 0, NULL,
	 {{1, "MAIL FROM", "250 ok\r\n", ONCE}, {1, "MAIL FROM", NULL, ALWAYS}, USUAL}},
	{"the kept connection is unwanted", SENT_OK, 250, "taken", 2, 0, NULL,
	 {{1, "MAIL FROM", "250 ok\r\n", ONCE}, {1, "MAIL FROM", "421 idle for too long\r\n", THEN_CLOSE}, USUAL}},
	{"one refused, the next taken", SENT_OK, 250, "taken", 2, 0, NULL, {{0, "RCPT TO", "550 no\r\n", ONCE}, USUAL}},
};

static void check(const struct play *play)
{
	struct fake fake = fake_start(play->rows);
	struct config config = {.dir = campus, .send_password_file = "", .send_ca_file = "", .send_helo = "gateway.campus.example"};
	struct arena arena = {0};
	struct mail_url url;
	struct err err = {.text = ""};
	struct str detail = {0}, message = {.max = (size_t)64 << 20};
	char text[64];
	unsigned code = 0;
	enum sent sent = SENT_COUNT;
	snprintf(text, sizeof text, "%s://127.0.0.1:%d", play->scheme == NULL ? "smtp" : play->scheme, fake.port);
	assert_int_equal(mail_url_parse(text, MAIL_OUT, false, &arena, &url, &err), 0);
	str_puts(&message, "Subject: x\r\n\r\n.dot\r\n");
	while (message.n < play->size)
		str_puts(&message, "0123456789012345678901234567890123456789012345678901234567890123456789\r\n");
	struct smtp *smtp = smtp_open(&config, &url, &(struct smtp_limits){.connect_ms = 1000, .reply_s = 1, .letter_s = 20}, &err);
	assert_non_null(smtp);
	for (int i = 0; i < (play->letters == 0 ? 1 : play->letters); i++) {
		str_clear(&detail);
		sent = smtp_send(smtp, "pln+b@campus.example", "lee@campus.example", (struct span){message.p, message.n}, &code, &detail);
	}
	smtp_close(smtp);
	fake_stop(&fake);
	if (sent != play->sent || code != play->code || strstr(str_c(&detail), play->words) == NULL)
		fail_msg("%s: %d %u \"%s\"", play->name, (int)sent, code, str_c(&detail));
	str_release(&detail);
	str_release(&message);
	arena_release(&arena);
}

static void outcomes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++)
		check(&plays[i]);
}

static void no_addresses(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "a b@x", "a@x\r\nRCPT TO:<b@x", "a@x>", "<a@x", "a@x\x7f", "\xff@x"};
	struct config config = {.dir = campus, .send_helo = ""};
	struct mail_url url = {.scheme = MAIL_SMTP, .host = "127.0.0.1", .port = 1};
	struct smtp *smtp = smtp_open(&config, &url, NULL, NULL);
	struct str detail = {0};
	unsigned code;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(smtp_send(smtp, "a@x", bad[i], SPAN("x"), &code, &detail), SENT_REFUSED);
		if (bad[i][0] != '\0')
			assert_int_equal(smtp_send(smtp, bad[i], "a@x", SPAN("x"), &code, &detail), SENT_REFUSED);
	}
	str_release(&detail);
	smtp_close(smtp);
}

static void tried(void **state)
{
	(void)state;
	static const struct row rows[] = {USUAL};
	struct fake fake = fake_start(rows);
	struct arena arena = {0};
	struct err err = {.text = ""};
	struct config config = {.dir = campus, .send_password_file = "", .send_ca_file = "", .send_helo = ""};
	const char *detail = NULL;
	config.send_url = arena_printf(&arena, "smtp://127.0.0.1:%d", fake.port);
	if (mail_check_send(&config, &arena, &detail, &err) < 0)
		fail_msg("%s", err.text);
	assert_non_null(strstr(detail, "no login"));
	fake_stop(&fake);
	assert_int_equal(mail_check_send(&config, &arena, &detail, &err), -1);
	assert_non_null(strstr(err.text, "does not answer"));
	config.send_url = "smtp://mail.school.example";
	assert_int_equal(mail_check_send(&config, &arena, &detail, &err), -1);
	assert_non_null(strstr(err.text, "in the clear"));
	config.send_url = "maildir:out";
	assert_int_equal(mail_check_send(&config, &arena, &detail, &err), 0);
	arena_release(&arena);
}

static void post(struct worker *w, uint64_t ticket)
{
	struct str s = {0};
	pack_u64(&s, ticket);
	pack_text(&s, "pln@campus.example");
	pack_text(&s, "lee@campus.example");
	pack_text(&s, "letter");
	pack_bytes(&s, "Subject: x\r\n\r\nx\r\n", 17);
	chan_send(&w->chan, POSTMAN_LETTER, (struct span){s.p, s.n});
	chan_flush_wait(&w->chan, 1000, NULL);
	str_release(&s);
}

static void ends_with_its_keeper(void **state)
{
	(void)state;
	static const struct row taken[] = {USUAL}, silent[] = {{0, "(greeting)", "", THEN_WAIT}, USUAL};
	struct fake fake = fake_start(taken);
	struct worker w;
	struct frame frame;
	char lines[64];
	snprintf(lines, sizeof lines, "url = smtp://127.0.0.1:%d", fake.port);
	put_config("url = maildir:in", lines);
	assert_int_equal(worker_start(&w, "postman", campus, NULL), 0);
	post(&w, 7);
	post(&w, 8);
	for (uint64_t ticket = 7; ticket < 9; ticket++) {
		assert_int_equal(chan_next_wait(&w.chan, &frame, 5000, NULL), 1);
		struct unpack u = {(const unsigned char *)frame.payload.p, frame.payload.n, false};
		assert_int_equal(unpack_u64(&u), ticket);
		assert_int_equal(unpack_u8(&u), SENT_OK);
		assert_int_equal(unpack_u32(&u), 250);
	}
	assert_int_equal(worker_stop(&w, 5000), 0);
	fake_stop(&fake);
	fake = fake_start(silent);
	snprintf(lines, sizeof lines, "url = smtp://127.0.0.1:%d", fake.port);
	put_config("url = maildir:in", lines);
	assert_int_equal(worker_start(&w, "postman", campus, NULL), 0);
	post(&w, 9);
	poll(NULL, 0, 300);
	int64_t before = clock_ms();
	assert_int_equal(worker_stop(&w, 5000), 0);
	assert_true(clock_ms() - before < 3000);
	fake_stop(&fake);
}

static int run_all(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(outcomes), cmocka_unit_test(no_addresses), cmocka_unit_test(tried),
		cmocka_unit_test(ends_with_its_keeper)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return test_main(argc, argv, run_all);
}
