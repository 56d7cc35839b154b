#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gateway/mail/url.h"

static const struct good {
	const char *text;
	enum mail_way way;
	enum mail_scheme scheme;
	const char *user, *host;
	unsigned port;
	const char *folder, *path;
} good[] = {
	{"imaps://pln@imap.school.example/INBOX", MAIL_IN, MAIL_IMAPS, "pln", "imap.school.example", 993, "INBOX", NULL},
	{"imaps://pln@imap.school.example", MAIL_IN, MAIL_IMAPS, "pln", "imap.school.example", 993, "INBOX", NULL},
	{"imaps://pln@school.example@imap.school.example:9993/", MAIL_IN, MAIL_IMAPS, "pln@school.example", "imap.school.example", 9993, "INBOX", NULL},
	{"IMAPS://pln%40school.example@h/A%2FB/C", MAIL_IN, MAIL_IMAPS, "pln@school.example", "h", 993, "A/B/C", NULL},
	{"imaps://u@h/Entw%C3%BCrfe", MAIL_IN, MAIL_IMAPS, "u", "h", 993, "Entwürfe", NULL},
	{"imap+starttls://u@h", MAIL_IN, MAIL_IMAP_STARTTLS, "u", "h", 143, "INBOX", NULL},
	{"imap://u@127.0.0.1:1143/X", MAIL_IN, MAIL_IMAP, "u", "127.0.0.1", 1143, "X", NULL},
	{"imap://u@[::1]", MAIL_IN, MAIL_IMAP, "u", "::1", 143, "INBOX", NULL},
	{"imap://u@localhost", MAIL_IN, MAIL_IMAP, "u", "localhost", 143, "INBOX", NULL},
	{"smtps://u@h", MAIL_OUT, MAIL_SMTPS, "u", "h", 465, NULL, NULL},
	{"smtp+starttls://h:25/", MAIL_OUT, MAIL_SMTP_STARTTLS, NULL, "h", 25, NULL, NULL},
	{"smtp://127.0.0.1:2525", MAIL_OUT, MAIL_SMTP, NULL, "127.0.0.1", 2525, NULL, NULL},
	{"maildir:mail/in box", MAIL_IN, MAIL_MAILDIR, NULL, NULL, 0, NULL, "mail/in box"},
	{"maildir:/var/mail", MAIL_OUT, MAIL_MAILDIR, NULL, NULL, 0, NULL, "/var/mail"},
};

static const struct bad {
	const char *text;
	enum mail_way way;
	const char *words; /* what the message must say */
} bad[] = {
	{"", MAIL_IN, "not understood"},
	{"http://h/", MAIL_IN, "not understood"},
	{"smtps://u@h", MAIL_IN, "not understood"},
	{"imaps://u@h", MAIL_OUT, "not understood"},
	{"imaps://h/INBOX", MAIL_IN, "names no user"},
	{"imaps://u:secret@h/INBOX", MAIL_IN, "password does not belong"},
	{"imaps://@h/INBOX", MAIL_IN, "user"},
	{"imaps://u%0a@h/INBOX", MAIL_IN, "user"},
	{"imaps://u%ff@h/INBOX", MAIL_IN, "user"},
	{"imaps://u%4@h/INBOX", MAIL_IN, "user"},
	{"imaps://u%@h/INBOX", MAIL_IN, "user"},
	{"imaps://u@/INBOX", MAIL_IN, "host"},
	{"imaps://u@h:/INBOX", MAIL_IN, "port"},
	{"imaps://u@h:0/INBOX", MAIL_IN, "port"},
	{"imaps://u@h:65536/INBOX", MAIL_IN, "port"},
	{"imaps://u@h:99x/INBOX", MAIL_IN, "port"},
	{"imaps://u@h o/INBOX", MAIL_IN, "host"},
	{"imaps://u@[::1/INBOX", MAIL_IN, "]"},
	{"imaps://u@[::1]x/INBOX", MAIL_IN, "]"},
	{"imaps://u@h/A%00B", MAIL_IN, "folder"},
	{"imaps://u@h/A%0d%0aB", MAIL_IN, "folder"},
	{"imap://u@imap.school.example/INBOX", MAIL_IN, "in the clear"},
	{"imap://u@127.evil.example/INBOX", MAIL_IN, "in the clear"},
	{"smtp://mail.school.example", MAIL_OUT, "in the clear"},
	{"smtp://127.0.0.1:25/x", MAIL_OUT, "nothing may follow"},
	{"maildir:", MAIL_IN, "path"},
	{"maildir:a\nb", MAIL_IN, "path"},
};

static void check_text(const char *got, const char *want)
{
	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
}

static void urls_that_are_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct arena arena = {0};
		struct err err = {.text = ""};
		struct mail_url url;
		if (mail_url_parse(good[i].text, good[i].way, false, &arena, &url, &err) < 0)
			fail_msg("%s: %s", good[i].text, err.text);
		assert_int_equal(url.scheme, good[i].scheme);
		assert_int_equal(url.port, good[i].port);
		check_text(url.user, good[i].user);
		check_text(url.host, good[i].host);
		check_text(url.folder, good[i].folder);
		check_text(url.path, good[i].path);
		arena_release(&arena);
	}
}

static void urls_that_are_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena arena = {0};
		struct err err = {.text = ""};
		struct mail_url url;
		if (mail_url_parse(bad[i].text, bad[i].way, false, &arena, &url, &err) == 0)
			fail_msg("%s: was taken", bad[i].text);
		if (strstr(err.text, bad[i].words) == NULL)
			fail_msg("%s: \"%s\" does not say \"%s\"", bad[i].text, err.text, bad[i].words);
		assert_null(strstr(err.text, "secret"));
		arena_release(&arena);
	}
}

static void cleartext_when_told(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct mail_url url;
	assert_int_equal(mail_url_parse("smtp://relay.school.example:25", MAIL_OUT, true, &arena, &url, NULL), 0);
	assert_string_equal(mail_url_base(&url, &arena), "smtp://relay.school.example:25");
	assert_int_equal(mail_url_parse("imap://u@[::1]:99", MAIL_IN, false, &arena, &url, NULL), 0);
	assert_string_equal(mail_url_base(&url, &arena), "imap://[::1]:99");
	arena_release(&arena);
}

static void folder_names(void **state)
{
	(void)state;
	/* the last two: RFC 3501, 5.1.3, and a character beyond the 16 bits */
	static const char *const names[][2] = {
		{"INBOX", "INBOX"}, {"", ""}, {"R&D", "R&-D"}, {"Entwürfe", "Entw&APw-rfe"}, {"ü", "&APw-"}, {"a/b c", "a/b c"},
		{"Gelöscht & mehr", "Gel&APY-scht &- mehr"}, {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"}, {"😀", "&2D3eAA-"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_string_equal(mail_folder_name(&arena, names[i][0]), names[i][1]);
	assert_null(mail_folder_name(&arena, "a\r\nb"));
	assert_null(mail_folder_name(&arena, "\xff"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_that_are_right), cmocka_unit_test(urls_that_are_wrong), cmocka_unit_test(cleartext_when_told),
		cmocka_unit_test(folder_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
