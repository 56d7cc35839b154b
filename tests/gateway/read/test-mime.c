#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/read/charset.h"
#include "gateway/read/mime.h"
#include "gateway/read/rtf.h"
#include "rules/days.h"

/* ---- charsets */

#define SIXTY_FOUR "<p>sixty-four bytes of ASCII between two others, as pages hold.\n"

static const struct {
	const char *charset, *in, *out;
	enum charset_how how;
} charsets[] = {
	{"utf-8", "caf\xc3\xa9", "café", CHARSET_AS_SAID},
	{"UTF8", "a\r\nb\rc", "a\nb\nc", CHARSET_AS_SAID},
	{"", "plain", "plain", CHARSET_AS_SAID},
	{"", "caf\xe9", "café", CHARSET_UNKNOWN},
	{"us-ascii", "caf\xc3\xa9", "café", CHARSET_AS_SAID},
	{"\"iso-8859-1\"", "\x80 5", "€ 5", CHARSET_AS_SAID},
	{"iso-8859-1 (latin)", "\xe9", "é", CHARSET_AS_SAID},
	{"windows-1251", "\xcf\xf0\xe8", "При", CHARSET_AS_SAID},
	{"shift_jis", "\x82\xa0", "あ", CHARSET_AS_SAID},
	{"iso-2022-jp", "\x1b$B$\"\x1b(B", "あ", CHARSET_AS_SAID},
	{"iso-2022-jp", "\x1b$B$", "\xef\xbf\xbd", CHARSET_BROKEN},
	{"iso-2022-jp", "a" SIXTY_FOUR "\x1b$B$\"\x1b(B" SIXTY_FOUR "\x1b$B$\"\x1b(Bb", "a" SIXTY_FOUR "あ" SIXTY_FOUR "あb", CHARSET_AS_SAID},
	{"iso-2022-jp", "a\xe9" SIXTY_FOUR "\x1b$B$\"\x1b(B", "a\xef\xbf\xbd" SIXTY_FOUR "あ", CHARSET_BROKEN},
	{"gb2312", "a" SIXTY_FOUR "\xc4\xe3 \xc4\xe3" SIXTY_FOUR "\x81\x30\x81\x30<", "a" SIXTY_FOUR "你 你" SIXTY_FOUR "\xc2\x80<", CHARSET_AS_SAID},
	{"gbk", "\xc4\xe3" SIXTY_FOUR "\xc4 \xc4\xe3", "你" SIXTY_FOUR "\xef\xbf\xbd 你", CHARSET_BROKEN},
	{"shift_jis", "\x95\x5c\x83" SIXTY_FOUR "\xb1", "表\xef\xbf\xbd" SIXTY_FOUR "ｱ", CHARSET_BROKEN},
	{"euc-kr", SIXTY_FOUR "\xb0\xa1\xb0", SIXTY_FOUR "가\xef\xbf\xbd", CHARSET_BROKEN},
	{"euc-jp", "\xa4\xa2" SIXTY_FOUR "\x8f\xa2\xb7" SIXTY_FOUR, "あ" SIXTY_FOUR "～" SIXTY_FOUR, CHARSET_AS_SAID},
	{"x-cp1252", "\x93", "“", CHARSET_AS_SAID},
	{"win-1251", "\xcf\xf0\xe8", "При", CHARSET_AS_SAID},
	{"windows1250", "\xf3", "ó", CHARSET_AS_SAID},
	{"windows-1252", "\x93", "“", CHARSET_AS_SAID},
	{"win", "caf\xe9", "café", CHARSET_UNKNOWN},
	{"cp-850", "\x82", "é", CHARSET_AS_SAID},
	{"windows-1253", "\xaa\xe1", "\xef\xbf\xbdα", CHARSET_BROKEN},
	{"windows-1258", "a\xec", "á", CHARSET_AS_SAID},
	{"iso-8859-15", "\xa4\r\n5\r", "€\n5\n", CHARSET_AS_SAID},
	{"no-such-charset", "caf\xe9", "café", CHARSET_UNKNOWN},
	{"../../../etc/passwd", "x", "x", CHARSET_UNKNOWN},
	{"utf-8", "a\xff\xc3\xa9", "a\xef\xbf\xbd\xc3\xa9", CHARSET_BROKEN},
	{"utf-8", "caf\xe9", "café", CHARSET_BROKEN},
	{"utf-8", "\xef\xbb\xbfx", "x", CHARSET_AS_SAID},
};

static void test_charsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
		struct arena arena = {0};
		enum charset_how how;
		struct span text = charset_to_utf8(&arena, charsets[i].charset, span_of(charsets[i].in), &how);
		assert_string_equal(text.p, charsets[i].out);
		assert_int_equal(how, charsets[i].how);
		arena_release(&arena);
	}
}

/* ---- header fields */

static void read_header(const char *raw, struct arena *arena, struct headers *h, struct reading *r)
{
	*r = (struct reading){0};
	headers_read(span_of(raw), arena, h, r);
	headers_fill(h, arena, r);
}

static void test_fields(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct headers h;
	struct reading r;
	read_header("Received: a\nreceived: b\nFrom: \"Lee, Ada\" (staff) <Ada@Campus.Example>\nSender: s@x.example\nTo: A <a@x.example>, b@x.example\n"
	            "To: c@x.example\nDelivered-To: PLN+t1@Campus.example\nDate: Tue, 3 Mar 2026 23:30:00 -0600\nIn-Reply-To: <i@x>\n"
	            "References: <a@x>\n <b@x> junk <c@x>\n\nbody\n", &arena, &h, &r);
	const struct header *first = headers_find(&h, "RECEIVED", NULL);
	assert_string_equal(first->value, "a");
	assert_string_equal(headers_find(&h, "received", first)->value, "b");
	assert_null(headers_find(&h, "received", headers_find(&h, "received", first)));
	assert_null(headers_value(&h, "Subject"));
	assert_null(r.subject);
	assert_string_equal(r.from.name, "Lee, Ada");
	assert_string_equal(r.from.addr, "Ada@campus.example");
	assert_string_equal(r.sender.addr, "s@x.example");
	assert_int_equal(r.to.n, 3);
	assert_string_equal(r.recipients.v[3], "pln+t1@campus.example");
	assert_int_equal(r.date_day, day_from_civil((struct civil){2026, 3, 3})); /* the sender's day, though it is the 4th in UTC */
	assert_string_equal(r.in_reply_to, "i@x");
	assert_int_equal(r.references.n, 3);
	assert_string_equal(r.references.v[2], "c@x");
	arena_release(&arena);
}

/* ---- base64 words: each padded, one stream cut anywhere, without padding */

static const struct {
	const char *in, *out;
} words[] = {
	{"=?utf-8?B?TMO2?= =?utf-8?B?c3VuZyBmw7xy?=", "Lösung für"},
	{"=?utf-8?B?TMM=?= =?utf-8?b?tg==?= x", "Lö x"},
	{"=?utf-8?B?TMO2c?= =?utf-8?B?3VuZw==?=", "Lösung"},
	{"=?utf-8?B?TMO2c3?=\t=?utf-8?B?VuZw==?= =?utf-8?B?IGbDvHI=?= =?utf-8?B?IQ==?=", "Lösung für!"},
	{"Re: =?utf-8?B?TMO2?= =?utf-8?B?TMO2c3V?= =?UTF-8?B?uZyE=?=", "Re: LöLösung!"},
	{"=?utf-8?B?T?= =?utf-8?B?M?= =?utf-8?B?O?= =?utf-8?B?2?= =?utf-8?B?IQ==?=", "Lö!"},
	{"=?utf-8?B?TMO2c3VuZw?=", "Lösung"},
	{"=?utf-8?B?TMM?= =?utf-8?B?tnN1bmc=?=", "Lösung"},
	{"=?utf-8?B?TMO2c3?= =?utf-8?B?VuZw?=", "Lösung"},
	{"=?utf-8?B?TMO2c3VuZw=?=, =?iso-8859-1?B?9g?=", "Lösung, ö"},
	{"=?utf-8?B?TMO2?= =?iso-8859-1?B?9g==?= =?utf-8?Q?=C3=B6?=", "Lööö"},
	{"=?utf-8?B?\?= =?utf-8?B?=?= =?utf-8?B?====?= x", " x"},
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct arena arena = {0};
		const char *out = header_decode(&arena, words[i].in);
		if (strcmp(out, words[i].out) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", words[i].in, out, words[i].out);
		arena_release(&arena);
	}
}

/* ---- limits: a mail of many things is read up to the limit, says so, and takes no more than its share of time */

static struct str repeat(const char *front, const char *piece, size_t n, const char *end)
{
	struct str s = {.max = (size_t)64 << 20};
	str_puts(&s, front);
	for (size_t i = 0; i < n; i++)
		str_puts(&s, piece);
	str_puts(&s, end);
	return s;
}

static const struct {
	const char *front, *piece;
	size_t n;
	const char *end, *defect;
} limits[] = {
	{"", "X: y\n", 100000, "\nbody\n", "more than 1000 header fields"},
	{"From: a@b.example\n", "garbage\n", 100000, "X: y\n\n", "a header line without a field name"},
	{"Subject: ", "a b ", 250000, "\n\nx\n", NULL},
	{"Subject: ", "=?utf-8?Q?", 100000, "\n\nx\n", NULL},
	{"Subject: ", "=?utf-8?B?a?= ", 100000, "\n\nx\n", NULL},
	{"To: ", "=?a?b?a?=", 100000, " <a@b>\n\nx\n", NULL},
	{"From: ", "a:", 100000, "\n\nx\n", NULL},
	{"From: ", "(", 200000, "\n\nx\n", NULL},
	{"To: ", "a@b.example,", 100000, "\n\nx\n", NULL},
	{"References: ", "<a@b>", 100000, "\n\nx\n", "more than 100 References"},
	{"Content-Type: text/plain", "; a=b", 100000, "\n\nx\n", NULL},
	{"Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 30000, "--b--\n", "more than 20000 parts"},
	{"Content-Type: multipart/mixed; boundary=b\n\n", "--b\nContent-Type: message/rfc822\n\nSubject: x\n\nx\n", 5000, "--b--\n", "more than 1000 attached messages"},
	{"Content-Type: multipart/mixed; boundary=b\n\n", "--b\nContent-Type: x/y; name=a.eml\n\nSubject: x\n\nx\n", 5000, "--b--\n", "more than 1000 attached messages"},
	{"Content-Type: message/rfc822\n\n", "Content-Type: message/rfc822\n\n", 40000, "x\n", "nested too deep"},
	{"Content-Type: text/plain\n\n", "0123456789abcde\n", 1000000, "", "read up to"},
};

static void test_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct arena arena = {0};
		struct mail_parts parts;
		struct reading r = {0};
		struct str raw = repeat(limits[i].front, limits[i].piece, limits[i].n, limits[i].end);
		bool said = limits[i].defect == NULL;
		int64_t from = clock_ms();
		mime_read((struct span){raw.p, raw.n}, &arena, &parts, &r);
		if (clock_ms() - from > 15000)
			fail_msg("%zu: %d ms", i, (int)(clock_ms() - from)); /* with sanitizers on a busy machine; else well under a second */
		for (size_t k = 0; k < r.defects.n; k++)
			said = said || strstr(r.defects.v[k], limits[i].defect) != NULL;
		if (!said)
			fail_msg("%zu does not say: %s", i, limits[i].defect);
		assert_true(r.defects.n <= 40);
		str_release(&raw);
		arena_release(&arena);
	}
}

/* ---- which parts are the body */

static void test_parts(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct mail_parts p;
	struct reading r = {0};
	mime_read(SPAN("Content-Type: multipart/report; report-type=\"delivery-status\"; boundary=b\n\n"
	               "--b\n\nYour mail could not be delivered.\n"
	               "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n"
	               "--b\nContent-Type: message/rfc822\n\nSubject: Inner\nContent-Type: text/html\n\n<p>x</p>\n"
	               "--b--\n"), &arena, &p, &r);
	assert_string_equal(p.top_type, "multipart/report");
	assert_string_equal(p.report_type, "delivery-status");
	assert_int_equal(p.n, 4);
	assert_ptr_equal(p.plain, &p.v[0]);
	assert_null(p.page); /* the attached message's is not ours */
	assert_string_equal(p.v[1].type, "message/delivery-status");
	assert_non_null(strstr(p.v[1].text.p, "Action: failed"));
	assert_true(span_starts(p.v[2].text, "Subject: Inner"));
	assert_true(p.v[3].inside_message && !p.v[3].shown);
	assert_int_equal(r.leaves.n, 3);
	assert_int_equal(r.n_attached, 1);
	arena_release(&arena);
}

/* A file in an attached message leaves room for the words beside it. */
static void test_large_message(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct mail_parts p;
	struct reading r = {0};
	struct str mail = repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n"
	                         "Subject: Inner\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n",
	                         "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURl\n", MIME_TEXT / 60,
	                         "--c\nContent-Type: text/html\n\n<p>x</p>\n--c--\n--b--\n");
	mime_read((struct span){mail.p, mail.n}, &arena, &p, &r);
	assert_int_equal(p.n, 4);
	assert_true(span_starts(p.v[1].text, "Subject: Inner"));
	assert_true(p.v[3].inside_message && span_starts(p.v[3].text, "<p>x"));
	str_release(&mail);
	arena_release(&arena);
}

/* ---- RTF */

static const struct {
	const char *in, *out;
} rtfs[] = {
	{"{\\rtf1\\ansi Hello\\par World}", "Hello\nWorld"},
	{"{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\*\\generator X;}caf\\'e9}", "café"},
	{"{\\rtf1\\ansicpg1251 \\'cf\\'f0}", "Пр"},
	{"{\\rtf1 \\u8364?5 \\{x\\}\\~y}", "€5 {x} y"},
	{"{\\rtf1\\fromhtml1{\\*\\htmltag <p>}words\\htmlrtf \\par\\htmlrtf0 more}", "wordsmore"},
	{"}}}}{{{{\\", ""},
	{"", ""},
};

static void test_rtf(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rtfs / sizeof *rtfs; i++) {
		struct arena arena = {0};
		assert_string_equal(rtf_text(&arena, span_of(rtfs[i].in)), rtfs[i].out);
		arena_release(&arena);
	}
	struct arena arena = {0}; /* literals, then a reference to its own end */
	struct span packed = SPAN("\x14\0\0\0\x05\0\0\0LZFu\0\0\0\0\x20Hello\x0d\x40");
	struct span out = rtf_unpack(&arena, packed);
	assert_int_equal(out.n, 5);
	assert_string_equal(out.p, "Hello");
	assert_int_equal(rtf_unpack(&arena, (struct span){packed.p, 10}).n, 0);
	arena_release(&arena);
}

/* ---- transfer encodings: as they should be, and as they come */

static const struct {
	const char *encoding, *content, *text;
} encodings[] = {
	{"base64", "QUJDREVGR0hJSktM\r\nTU5P\nUA==\r\n", "ABCDEFGHIJKLMNOP"},
	{"base64", "QUJDREVGR0hJSktM\nTU5PUFE=", "ABCDEFGHIJKLMNOPQ"},
	{"base64", "QUJD REVG\tR0hJ\n\n SktM\n", "QUJD REVG\tR0hJ\n\n SktM\n"},
	{"base64", "QUJ\nDRE\nVGR\n0hJ", "ABCDEFGHI"},
	{"base64", "QUJDREVG\r\n\r\n=\n", "ABCDEF"},
	{"base64", "QUJDREVG====", "ABCDEF"},
	{"base64", "QUJDREVGQQ", "ABCDEFA"},
	{"base64", "QUJDREVG-QUJD*QUI=", "ABCDEFABCAB"},
	{"base64", "4oKs", "€"},
	{"quoted-printable", "caf=C3=A9 =\nau lait=\r\n =3D=3d.", "café au lait ==."},
	{"quoted-printable", "a = b =4 =G0 =c3=a9=", "a = b =4 =G0 é"},
	{"quoted-printable", "one= \ntwo==33\n", "one= \ntwo==33\n"},
	{"quoted-printable", "=41=42=4", "AB"},
	{"quoted-printable", "", ""},
};

static void test_encodings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
		struct arena arena = {0};
		struct reading r = {0};
		struct mail_parts parts;
		struct str mail = {0};
		str_printf(&mail, "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: %s\n\n%s", encodings[i].encoding, encodings[i].content);
		mime_read((struct span){mail.p, mail.n}, &arena, &parts, &r);
		if (!span_eq(parts.v[0].text, encodings[i].text))
			fail_msg("%zu: %.*s", i, SPAN_ARG(parts.v[0].text));
		str_release(&mail);
		arena_release(&arena);
	}
}

/* Sizes of files are counted, not decoded: whatever stands between the characters, and however they end. */
static void test_sizes(void **state)
{
	(void)state;
	static const struct {
		const char *line, *end;
		uint64_t bytes;
	} rows[] = {
		{"QUJDREVGR0hJSktM\r\n", "", 1200}, {"QUJDREVGR0hJSktM\n", "QQ==\r\n", 1201}, {"QUJDREVGR0hJSktM", "QUI=", 1202},
		{"QUJD REVG\tR0hJ-SktM\r\n", "QUJD", 1203}, {"QUJDREVGR0hJSktM\r\n", "QQ", 1201}, {"QUJDREVGR0hJSktM\r\n", "QUI", 1202},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct reading r = {0};
		struct mail_parts parts;
		struct str mail = repeat("Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n", rows[i].line, 100, rows[i].end);
		mime_read((struct span){mail.p, mail.n}, &arena, &parts, &r);
		assert_int_equal(r.n_attachments, 1);
		if (r.attachments[0].bytes != rows[i].bytes)
			fail_msg("%zu: %llu bytes", i, (unsigned long long)r.attachments[0].bytes);
		str_release(&mail);
		arena_release(&arena);
	}
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	mime_warm_up();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_charsets), cmocka_unit_test(test_fields), cmocka_unit_test(test_words), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_parts),    cmocka_unit_test(test_large_message), cmocka_unit_test(test_rtf), cmocka_unit_test(test_encodings), cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
