#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/mail/mail.h"

static struct mail_out letter(const struct mail_part *parts, size_t n)
{
	return (struct mail_out){.from_name = "Lincoln High PLN", .from_addr = "pln@campus.example", .to_name = "Ana Lee", .to_addr = "ana@campus.example",
	                         .subject = "Evidence", .text = "See the files.\n", .html = "<p>See the files.</p>\n", .message_id = "1@campus.example",
	                         .date = 1795000000, .parts = parts, .n_parts = n};
}

/* Pure 7-bit, CRLF, at most 76 columns. */
static void is_clean(const struct str *out)
{
	size_t column = 0;
	for (size_t i = 0; i < out->n; i++) {
		unsigned char c = (unsigned char)out->p[i];
		if (c == '\r') {
			assert_int_equal(out->p[++i], '\n');
			column = 0;
			continue;
		}
		assert_true(c >= 0x20 && c < 0x7f);
		if (++column > 76)
			fail_msg("a line of more than 76 columns: %.90s", out->p + i - 76);
	}
}

static int count(const struct str *out, const char *what)
{
	int n = 0;
	for (const char *p = str_c(out); (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static void names_are_told_so_that_any_reader_finds_one(void **state)
{
	static const struct {
		const char *name, *want, *also;
	} cases[] = {
		{"evidence.pdf", "filename=\"evidence.pdf\"\r\nContent", NULL},
		{"Ana Lee 2026-27.pdf", "filename=\"Ana Lee 2026-27.pdf\"", NULL},
		{"Zoë.pdf", "filename=\"Zo_.pdf\";\r\n filename*0*=utf-8''Zo%C3%AB.pdf\r\n", NULL},
		{"../../etc/passwd", "filename=\"passwd\"", NULL},
		{"a\r\nBcc: x@y.example\"b", "filename=\"a__Bcc_ x@y.example_b\"", NULL},
		{"", "filename=\"file\"", NULL},
		{NULL, "filename=\"file\"", NULL},
		{"証拠証拠証拠証拠証拠証拠証拠証拠証拠証拠証拠証拠証拠証拠.pdf", "filename*0*=utf-8''%E8%A8%BC", "filename*4*="},
		{"x\xe2\x80\xaegpj.exe", "filename=\"x_gpj.exe\"", NULL},
		{"\xff\xfe", "filename=\"__\"", "utf-8''%EF%BF%BD%EF%BF%BD"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mail_part part = {cases[i].name, "application/pdf", SPAN("%PDF-")};
		struct mail_out m = letter(&part, 1);
		struct str out = {0};
		assert_int_equal(mail_write(&out, &m, NULL), 0);
		is_clean(&out);
		if (strstr(str_c(&out), cases[i].want) == NULL || (cases[i].also != NULL && strstr(str_c(&out), cases[i].also) == NULL))
			fail_msg("%s: %s", cases[i].want, strstr(str_c(&out), "Content-Disposition"));
		str_release(&out);
	}
	(void)state;
}

static void files_stand_around_the_letter_and_an_invitation_beside_it(void **state)
{
	static char bytes[100000];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7);
	const struct mail_part parts[] = {{"evidence.pdf", "application/pdf", {bytes, sizeof bytes}},
	                                  {"interview.ics", "text/calendar; charset=utf-8; method=REQUEST", SPAN("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")}};
	struct mail_out m = letter(parts, 2);
	struct str out = {.max = 1 << 20};
	assert_int_equal(mail_write(&out, &m, NULL), 0);
	is_clean(&out);
	const char *text = str_c(&out), *mixed = strstr(text, "multipart/mixed"), *either = strstr(text, "multipart/alternative");
	assert_true(mixed != NULL && either != NULL && mixed < either);
	assert_int_equal(count(&out, "Content-Type: text/calendar"), 2);
	assert_int_equal(count(&out, "Content-Disposition: attachment"), 2);
	assert_int_equal(count(&out, "QkVHSU46VkNBTEVOREFSDQpFTkQ6VkNBTEVOREFSDQo="), 2);
	assert_true(strstr(text, "<p>") < strstr(text, "text/calendar"));
	assert_true(strstr(text, "text/calendar") < strstr(text, "application/pdf")); /* the last of the alternatives, before the files */
	struct str again = {.max = 1 << 20};
	assert_int_equal(mail_write(&again, &m, NULL), 0);
	assert_string_equal(text, str_c(&again));
	str_release(&out);
	str_release(&again);
	(void)state;
}

static void proposals_are_only_a_file(void **state)
{
	struct mail_part part = {"times.ics", "text/calendar; charset=utf-8; method=PUBLISH", SPAN("BEGIN:VCALENDAR\r\n")};
	struct mail_out m = letter(&part, 1);
	struct str out = {0};
	assert_int_equal(mail_write(&out, &m, NULL), 0);
	assert_int_equal(count(&out, "Content-Type: text/calendar"), 1);
	str_clear(&out);
	m.html = NULL; /* text alone with a file */
	assert_int_equal(mail_write(&out, &m, NULL), 0);
	is_clean(&out);
	assert_null(strstr(str_c(&out), "alternative"));
	assert_non_null(strstr(str_c(&out), "multipart/mixed"));
	str_release(&out);
	(void)state;
}

static void what_is_no_type_or_too_large_is_refused(void **state)
{
	static const char *const types[] = {"", "pdf", "/pdf", "application/pdf\r\nBcc: x@y.example", "text/\xc3\xa9"};
	struct str out = {0};
	struct err err;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct mail_part part = {"a", types[i], SPAN("x")};
		struct mail_out m = letter(&part, 1);
		assert_int_equal(mail_write(&out, &m, &err), -1);
		assert_non_null(strstr(err.text, "no type of a file"));
		assert_int_equal(out.n, 0);
	}
	static char large[2 << 20];
	struct mail_part part = {"a", "application/octet-stream", {large, sizeof large}};
	struct mail_out m = letter(&part, 1);
	assert_int_equal(mail_write(&out, &m, &err), -1); /* a buffer of 1 MiB */
	assert_int_equal(out.n, 0);
	struct mail_part empty = {"empty.txt", "text/plain", {NULL, 0}};
	struct mail_out e = letter(&empty, 1);
	struct str small = {0};
	assert_int_equal(mail_write(&small, &e, &err), 0);
	str_release(&small);
	str_release(&out);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_told_so_that_any_reader_finds_one),
		cmocka_unit_test(files_stand_around_the_letter_and_an_invitation_beside_it),
		cmocka_unit_test(proposals_are_only_a_file),
		cmocka_unit_test(what_is_no_type_or_too_large_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
