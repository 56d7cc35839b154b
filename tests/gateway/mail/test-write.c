/* Letters as mail: what every server must take, and that nothing of the text is lost on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <cmocka.h>

#include "gateway/mail/encode.h"
#include "gateway/mail/mail.h"

#define COUNT(v) (sizeof(v) / sizeof *(v))

static struct mail_out sample(void)
{
	return (struct mail_out){.from_name = "Lincoln High PLN", .from_addr = "pln@lincoln.example", .to_name = "Ana Rivera", .to_addr = "ana@lincoln.example",
	                         .reply_to = "pln+9f3c2a7d@lincoln.example", .subject = "Logged 1042: Exit tickets", .text = "Hello\n", .html = "<p>Hello</p>\n",
	                         .message_id = "1042.9f3c@lincoln.example", .auto_submitted = "auto-replied", .date = 1772632800, .zone_minutes = -300};
}

static struct str written(const struct mail_out *m)
{
	struct str out = {.max = 64 << 20};
	struct err err = {0};
	if (mail_write(&out, m, &err) != 0)
		fail_msg("%s", err.text);
	return out;
}

/* 7-bit, CRLF only, at most 76 columns but for a single unfoldable word. */
static void check_lines(const struct str *mail)
{
	size_t column = 0, blanks = 0;
	for (size_t i = 0; i < mail->n; i++) {
		unsigned char c = (unsigned char)mail->p[i];
		assert_true(c < 0x7f && (c >= 0x20 || c == '\t' || c == '\r' || c == '\n'));
		assert_true((c == '\r') == (i + 1 < mail->n && mail->p[i + 1] == '\n'));
		column = c == '\n' ? 0 : column + (c != '\r');
		blanks = c == '\n' ? 0 : blanks + (c == ' ');
		if (column > MAIL_LINE && blanks > 1)
			fail_msg("line too long: %.100s", mail->p + i - column + 1);
		assert_true(column <= 998);
	}
	assert_true(mail->n > 2 && memcmp(mail->p + mail->n - 2, "\r\n", 2) == 0);
}

static int hex_digit(char c)
{
	const char *digits = "0123456789ABCDEF", *at = strchr(digits, c);
	return at == NULL || c == '\0' ? -1 : (int)(at - digits);
}

static void decode_quoted(struct span s, bool word, struct str *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '_' && word)
			str_putc(out, ' ');
		else if (s.p[i] != '=')
			str_putc(out, s.p[i]);
		else if (s.p[i + 1] == '\r')
			i += 2;
		else
			str_putc(out, (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2]))), i += 2;
	}
}

static void decode_base64(struct span s, struct str *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, n = 0;
	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] == '\0' ? NULL : strchr(digits, s.p[i]);
		if (at == NULL)
			continue;
		bits = bits << 6 | (unsigned)(at - digits);
		n += 6;
		if (n >= 8) {
			n -= 8;
			str_putc(out, (char)(bits >> n & 255));
		}
	}
}

/* A header field's value, unfolded, its encoded words decoded each by itself (so that a character cut in two shows). */
static const char *decoded_field(const struct str *mail, const char *name, struct str *out)
{
	char line[64];
	snprintf(line, sizeof line, "\r\n%s:", name);
	const char *p = strstr(mail->p, line);
	str_clear(out);
	if (p == NULL)
		return NULL;
	struct str flat = {0};
	for (p += strlen(line); memcmp(p, "\r\n", 2) != 0 || p[2] == ' '; p++)
		if (*p != '\r' && *p != '\n')
			str_putc(&flat, *p);
	for (const char *at = str_c(&flat) + (flat.n > 0); *at != '\0';) {
		if (strncmp(at, "=?utf-8?", 8) != 0) {
			str_putc(out, *at++);
			continue;
		}
		struct str word = {0};
		const char *end = strstr(at + 10, "?=");
		assert_non_null(end);
		assert_true(end + 2 - at <= 75);
		struct span inner = {at + 10, (size_t)(end - at) - 10};
		if (at[8] == 'Q')
			decode_quoted(inner, true, &word);
		else
			decode_base64(inner, &word);
		assert_true(utf8_valid(word.p, word.n));
		str_add(out, word.p, word.n);
		str_release(&word);
		at = end + 2;
		if (strncmp(at, " =?utf-8?", 9) == 0)
			at++;
	}
	str_release(&flat);
	return str_c(out);
}

static void plain_letter(void **state)
{
	(void)state;
	struct mail_out m = sample();
	m.html = NULL;
	m.text = "Logged 1042.\n\n-- \nLincoln\n";
	struct str mail = written(&m);
	assert_string_equal(mail.p,
	                    "Date: Wed, 04 Mar 2026 09:00:00 -0500\r\n"
	                    "From: Lincoln High PLN <pln@lincoln.example>\r\n"
	                    "To: Ana Rivera <ana@lincoln.example>\r\n"
	                    "Reply-To: pln+9f3c2a7d@lincoln.example\r\n"
	                    "Subject: Logged 1042: Exit tickets\r\n"
	                    "Message-ID: <1042.9f3c@lincoln.example>\r\n"
	                    "Auto-Submitted: auto-replied\r\n"
	                    "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
	                    "MIME-Version: 1.0\r\n"
	                    "Content-Type: text/plain; charset=utf-8\r\n"
	                    "Content-Transfer-Encoding: 7bit\r\n"
	                    "\r\n"
	                    "Logged 1042.\r\n\r\n-- \r\nLincoln\r\n");
	str_release(&mail);
}

static const struct {
	int64_t utc;
	int32_t zone;
	const char *want;
} dates[] = {
	{0, 0, "Thu, 01 Jan 1970 00:00:00 +0000"}, {-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"}, {1772632800, 60, "Wed, 04 Mar 2026 15:00:00 +0100"},
	{1772632800, 345, "Wed, 04 Mar 2026 19:45:00 +0545"}, {1772632800, -570, "Wed, 04 Mar 2026 04:30:00 -0930"}, {1798761599, 1, "Fri, 01 Jan 2027 00:00:59 +0001"},
	{1709164800, 840, "Thu, 29 Feb 2024 14:00:00 +1400"},
};

static void date_shows_the_zone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dates); i++) {
		struct mail_out m = sample();
		m.date = dates[i].utc;
		m.zone_minutes = dates[i].zone;
		struct str mail = written(&m);
		assert_memory_equal(mail.p + 6, dates[i].want, strlen(dates[i].want));
		str_release(&mail);
	}
}

static const char *const texts[] = {
	"Logged 1042: Exit tickets",
	"14 entries, 3 teachers",
	"Fünf Einträge, drei Kolleginnen",
	"1042: ⭐, 10 min logged and credited",
	"数学の授業で使える図と、先生たちが今週いちばん役に立ったと言っている三つの記事について",
	"👩‍🏫👍🏽👩‍🏫👍🏽👩‍🏫👍🏽👩‍🏫👍🏽👩‍🏫👍🏽👩‍🏫👍🏽👩‍🏫👍🏽👩‍🏫👍🏽",
	"A subject of many plain words that is much longer than one line can be and has to be folded between its words, twice at least",
	"aWordThatIsLongerThanAnyLineMayBeAndHasNoBlankInItAtAllSoThatItCannotBeFoldedAnywhere_aWordThatIsLonger",
	"=?utf-8?Q?not_encoded_by_us?= really",
	"\"quoted\", (brackets) <angles> a@b; c:d\\e",
	"é",
	"",
	"ends with a long run of ascii words after one ünlaut so that most of it needs no encoding but some of it does, and more",
};

static void subjects_come_back(void **state)
{
	(void)state;
	struct str out = {0};
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct mail_out m = sample();
		m.subject = texts[i];
		m.to_name = texts[i];
		struct str mail = written(&m);
		check_lines(&mail);
		assert_string_equal(decoded_field(&mail, "Subject", &out), texts[i]);
		const char *to = decoded_field(&mail, "To", &out);
		if (strpbrk(texts[i], "\"\\") == NULL && texts[i][0] != '\0') {
			assert_true(strstr(to, texts[i]) != NULL);
			assert_non_null(strstr(to, "<ana@lincoln.example>"));
		}
		str_release(&mail);
	}
	str_release(&out);
}

static const struct {
	const char *name, *want;
} phrases[] = {
	{"Ana Rivera", " Ana Rivera <ana@lincoln.example>"},
	{NULL, " ana@lincoln.example"},
	{"", " ana@lincoln.example"},
	{"Rivera, Ana", " \"Rivera, Ana\" <ana@lincoln.example>"},
	{"Ana \"the\\one\" R.", " \"Ana \\\"the\\\\one\\\" R.\" <ana@lincoln.example>"},
	{"a@b.c", " \"a@b.c\" <ana@lincoln.example>"},
	{"Zoë Nguyễn", " =?utf-8?B?Wm/DqyBOZ3V54buFbg==?= <ana@lincoln.example>"},
	{"Zoë", " =?utf-8?Q?Zo=C3=AB?= <ana@lincoln.example>"},
	{"Ana\r\nBcc: x@y", " \"Ana Bcc: x@y\" <ana@lincoln.example>"},
};

static void names_are_phrases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(phrases); i++) {
		struct mail_out m = sample();
		m.to_name = phrases[i].name;
		struct str mail = written(&m);
		const char *to = strstr(mail.p, "\r\nTo:") + 5;
		if (strncmp(to, phrases[i].want, strlen(phrases[i].want)) != 0)
			fail_msg("%.80s is not %s", to, phrases[i].want);
		assert_null(strstr(mail.p, "\nBcc:"));
		str_release(&mail);
	}
}

static void nothing_is_injected(void **state)
{
	(void)state;
	struct mail_out m = sample();
	m.subject = "x\r\nBcc: victim@example.org\r\n\r\nbody";
	m.from_name = "a\nBcc: b";
	m.list_id = "List\r\nBcc: c <id\r\n.example>";
	m.in_reply_to = "a\r\nBcc: d";
	m.references = (struct strs){(const char *[]){"x\r\n\r\n", "good@example.org", "ü@example.org"}, 3};
	struct str mail = written(&m);
	check_lines(&mail);
	assert_null(strstr(mail.p, "\nBcc"));
	assert_non_null(strstr(mail.p, "\r\nSubject: x Bcc: victim@example.org body\r\n"));
	assert_non_null(strstr(mail.p, "\r\nReferences: <good@example.org>\r\n"));
	assert_null(strstr(mail.p, "In-Reply-To"));
	str_release(&mail);
}

static void bad_addresses_are_refused(void **state)
{
	static const char *const bad[] = {
		NULL, "", "ana", "@example.org", "ana@", "a b@example.org", "ana@example.org\r\nBcc: x@y", "ana@example.org\n", "a@b@c", "<ana@example.org>", "ana@exam ple.org",
		"änä@example.org", "ana@exämple.org", "\"ana\"@example.org", "ana@example.org,b@c", "ana;x@example.org", "ana\t@example.org", "ana\x7f@example.org", "(x)ana@example.org",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org",
	};
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct mail_out from = sample(), to = sample(), reply = sample();
		struct str out = {0};
		struct err err = {0};
		str_puts(&out, "before");
		from.from_addr = to.to_addr = bad[i];
		assert_int_equal(mail_write(&out, &from, &err), -1);
		assert_int_equal(mail_write(&out, &to, &err), -1);
		reply.reply_to = bad[i];
		if (bad[i] != NULL)
			assert_int_equal(mail_write(&out, &reply, &err), -1);
		assert_string_equal(out.p, "before");
		assert_true(err.text[0] != '\0');
		str_release(&out);
	}
}

static void bad_ids_are_refused(void **state)
{
	static const char *const bad[] = {NULL, "", "a b@c", "a@b\r\nX: y", "<a@b>", "ä@b"};
	(void)state;
	struct str out = {0};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct mail_out m = sample();
		m.message_id = bad[i];
		assert_int_equal(mail_write(&out, &m, NULL), -1);
		m = sample();
		m.list_unsubscribe = bad[i];
		if (bad[i] != NULL && i > 1)
			assert_int_equal(mail_write(&out, &m, NULL), -1);
	}
	struct mail_out m = sample();
	m.auto_submitted = "no\r\nBcc: x";
	assert_int_equal(mail_write(&out, &m, NULL), -1);
	str_release(&out);
}

static void threads_are_folded_and_limited(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct mail_out m = sample();
	for (int i = 0; i < 500; i++)
		strs_add(&m.references, &arena, arena_printf(&arena, "%d.AM0PR04MB1234567890ABCDEF@AM0PR04MB1234.eurprd04.prod.outlook.com", i));
	m.in_reply_to = m.references.v[499];
	m.list_id = "Lincoln High PLN für alle <pln.lincoln.example>";
	m.list_unsubscribe = "mailto:pln+9f3c2a7d9f3c2a7d9f3c2a7d9f3c2a7d@lincoln.example?subject=unsubscribe";
	struct str mail = written(&m), out = {0};
	check_lines(&mail);
	const char *references = decoded_field(&mail, "References", &out);
	assert_memory_equal(references, "<0.AM0", 6);
	assert_non_null(strstr(references, "<499.AM0"));
	assert_non_null(strstr(references, "<481.AM0"));
	assert_null(strstr(references, "<480.AM0"));
	assert_non_null(strstr(mail.p, "\r\n <mailto:pln+9f3c2a7d9f3c2a7d9f3c2a7d9f3c2a7d@lincoln.example?subject=unsubscribe>\r\n"));
	assert_string_equal(decoded_field(&mail, "List-Id", &out), "Lincoln High PLN für alle <pln.lincoln.example>");
	str_release(&mail);
	char *endless = arena_alloc(&arena, 2001);
	memset(endless, 'x', 2000);
	m = sample();
	m.list_id = m.in_reply_to = endless;
	mail = written(&m);
	check_lines(&mail);
	assert_null(strstr(mail.p, "List-Id"));
	assert_null(strstr(mail.p, "In-Reply-To"));
	str_release(&mail);
	str_release(&out);
	arena_release(&arena);
}

/* ---- bodies */

static const struct {
	const char *text, *encoding, *back; /* back NULL: as it was */
} bodies[] = {
	{"Hello\n", "7bit", NULL},
	{"", "7bit", NULL},
	{"no end of line", "7bit", "no end of line\n"},
	{".\n..\nFrom here\n", "7bit", NULL},
	{"Zoë\n", "quoted-printable", NULL},
	{"ëëë\n", "base64", NULL},
	{"Zoë Nguyen and many plain words\n", "quoted-printable", NULL},
	{"日本語の文章は短くなるほうで送られる。日本語の文章は短くなるほうで送られる。\n", "base64", NULL},
	{"ümlaut and a blank at the end \nand a tab\t\nand = signs\n", "quoted-printable", NULL},
	{"a\r\nb\rc\n", "7bit", "a\nbc\n"},
	{"bell\a escape\x1b[31m del\x7f\n", "7bit", "bell escape[31m del\n"},
	{"not utf-8: \xff and many plain words behind it\n", "quoted-printable", "not utf-8: \uFFFD and many plain words behind it\n"},
	{"012345678901234567890123456789012345678901234567890123456789012345678901234\n", "7bit", NULL},
	{"0123456789012345678901234567890123456789012345678901234567890123456789012345\n", "7bit", NULL},
	{"01234567890123456789012345678901234567890123456789012345678901234567890123456\n", "quoted-printable", NULL},
	{"01234567890123456789012345678901234567890123456789012345678901234567890123é6\n", "quoted-printable", NULL},
	{"0123456789012345678901234567890123456789012345678901234567890123456789012 = 5\n", "quoted-printable", NULL},
};

static void bodies_come_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct str out = {0}, back = {0}, lf = {0};
		const char *encoding = body_encode(&out, bodies[i].text);
		if (strcmp(encoding, bodies[i].encoding) != 0)
			fail_msg("%s is %s", bodies[i].text, encoding);
		if (out.n > 0)
			check_lines(&out);
		struct span s = {str_c(&out), out.n};
		if (encoding[0] == 'q')
			decode_quoted(s, false, &back);
		else if (encoding[0] == 'b')
			decode_base64(s, &back);
		else
			str_span(&back, s);
		for (size_t j = 0; j < back.n; j++)
			if (back.p[j] != '\r')
				str_putc(&lf, back.p[j]);
		assert_string_equal(str_c(&lf), bodies[i].back == NULL ? bodies[i].text : bodies[i].back);
		str_release(&out);
		str_release(&back);
		str_release(&lf);
	}
}

static void both_parts_and_the_boundary(void **state)
{
	(void)state;
	struct mail_out m = sample();
	struct str first = written(&m), again = written(&m);
	assert_string_equal(first.p, again.p);
	const char *boundary = strstr(first.p, "boundary=\"") + 10;
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)(strchr(boundary, '"') - boundary), boundary);
	const char *text = strstr(first.p, "Content-Type: text/plain"), *html = strstr(first.p, "Content-Type: text/html");
	assert_true(text != NULL && html != NULL && text < html);
	/* A text that holds the boundary gets another one. */
	struct str trap = {0};
	str_printf(&trap, "--%s\n", name);
	m.text = trap.p;
	struct str other = written(&m);
	const char *line = strstr(other.p, "boundary=\"") + 10;
	assert_int_not_equal(strncmp(line, name, strlen(name)), 0);
	check_lines(&other);
	/* Another letter, another boundary. */
	m = sample();
	m.message_id = "1043@lincoln.example";
	struct str third = written(&m);
	assert_null(strstr(third.p, name));
	str_release(&first);
	str_release(&again);
	str_release(&trap);
	str_release(&other);
	str_release(&third);
}

static void large_letters(void **state)
{
	(void)state;
	struct str text = {.max = 8 << 20};
	while (text.n < 4 << 20)
		str_puts(&text, "Zeile für Zeile, ein langer Brief an alle Kolleginnen und Kollegen dieser Schule.\n");
	struct mail_out m = sample();
	m.text = m.html = text.p;
	struct str mail = written(&m);
	check_lines(&mail);
	str_release(&mail);
	struct str small = {.max = 1000};
	struct err err = {0};
	assert_int_equal(mail_write(&small, &m, &err), -1);
	assert_string_equal(err.text, "the letter is too large to be written");
	assert_string_equal(str_c(&small), "");
	str_release(&small);
	str_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_letter), cmocka_unit_test(date_shows_the_zone), cmocka_unit_test(subjects_come_back), cmocka_unit_test(names_are_phrases),
		cmocka_unit_test(nothing_is_injected), cmocka_unit_test(bad_addresses_are_refused), cmocka_unit_test(bad_ids_are_refused),
		cmocka_unit_test(threads_are_folded_and_limited), cmocka_unit_test(bodies_come_back), cmocka_unit_test(both_parts_and_the_boundary),
		cmocka_unit_test(large_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
