#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/file.h"
#include "gateway/mail/mail.h"
#include "tests/scratch.h"

#define FROM "From lee@campus.example Sat Nov 21 10:00:00 2026\n"

static const struct row {
	const char *name, *text;
	size_t max;
	size_t n;
	const char *mails[4];
} rows[] = {
	{"one mail", "Subject: a\n\nFrom here on\n", 1000, 1, {"Subject: a\n\nFrom here on\n"}},
	{"no line end", "Subject: a\n\nb", 1000, 1, {"Subject: a\n\nb"}},
	{"a From line without a time", "From a@b.example\nSubject: a\n\nx\n", 1000, 1, {"Subject: a\n\nx\n"}},
	{"an mbox of two", FROM "Subject: a\n\nx\n\n" FROM "Subject: b\n\ny\n\n", 1000, 2, {"Subject: a\n\nx\n", "Subject: b\n\ny\n\n"}},
	{"CRLF", "From a@b Sat Nov 21 10:00:00 2026\r\nSubject: a\r\n\r\nx\r\n\r\nFrom a@b Sat Nov 21 10:00:00 2026\r\nSubject: b\r\n\r\n", 1000, 2,
	 {"Subject: a\r\n\r\nx\r\n", "Subject: b\r\n\r\n"}},
	{"a pipe's From line", FROM "Subject: a\n\nx\n", 1000, 1, {"Subject: a\n\nx\n"}},
	{"quoted From", FROM "Subject: a\n\n>From me\n>>From you\n> From her\n>Fromage\n", 1000, 1,
	 {"Subject: a\n\nFrom me\n>From you\n> From her\n>Fromage\n"}},
	{"unquoted From without an empty line before", FROM "Subject: a\n\nx\nFrom a@b Sat Nov 21 10:00:00 2026\n", 1000, 1,
	 {"Subject: a\n\nx\nFrom a@b Sat Nov 21 10:00:00 2026\n"}},
	{"From that is prose", FROM "Subject: a\n\n\nFrom now on\n", 1000, 1, {"Subject: a\n\n\nFrom now on\n"}},
	{"Content-Length lies", FROM "Content-Length: 9999\n\nx\n\n" FROM "Subject: b\n\n", 1000, 2, {"Content-Length: 9999\n\nx\n", "Subject: b\n\n"}},
	{"a large mail is cut, the next one is whole", FROM "Subject: a\n\n1234567890\n\n" FROM "Subject: b\n\nx\n", 16, 2,
	 {"Subject: a\n\n1234", "Subject: b\n\nx\n"}},
};

struct seen {
	size_t n;
	const struct row *row;
	int stop_after;
};

static int on_mail(void *ctx, struct span raw, struct err *err)
{
	struct seen *seen = ctx;
	if (seen->n >= seen->row->n)
		return err_set(err, "%s: too many mails", seen->row->name);
	if (!span_eq(raw, seen->row->mails[seen->n]))
		return err_set(err, "%s: mail %zu is \"%.*s\"", seen->row->name, seen->n, SPAN_ARG(raw));
	seen->n++;
	return --seen->stop_after == 0 ? err_set(err, "enough") : 0;
}

static scratch path;

static void put(const char *text)
{
	assert_int_equal(file_write(path, span_of(text), 0600, NULL), 0);
}

static void each_mail(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen seen = {.row = &rows[i]};
		struct err err = {.text = ""};
		put(rows[i].text);
		if (mail_file_each(path, rows[i].max, on_mail, &seen, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(seen.n, rows[i].n);
	}
}

static void stops_and_fails(void **state)
{
	(void)state;
	struct seen seen = {.row = &rows[2], .stop_after = 1};
	struct err err = {.text = ""};
	put(rows[2].text);
	assert_int_equal(mail_file_each(path, 1000, on_mail, &seen, &err), -1);
	assert_string_equal(err.text, "enough");
	put("");
	assert_int_equal(mail_file_each(path, 1000, on_mail, &seen, &err), -1);
	assert_non_null(strstr(err.text, "empty"));
	assert_int_equal(mail_file_each("/nowhere/at/all", 1000, on_mail, &seen, &err), -1);
	assert_non_null(strstr(err.text, "/nowhere/at/all"));
	assert_int_equal(mail_file_each("/", 1000, on_mail, &seen, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_mail), cmocka_unit_test(stops_and_fails)};
	scratch_file(path);
	int result = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return result;
}
