#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/config.h"
#include "gateway/file.h"
#include "rules/days.h"
#include "tests/scratch.h"

#define GOOD "[campus]\nname = N\naddress = pln@s.example\nzone = UTC\n[mailbox \"main\"]\nurl = maildir:in\n"

static scratch folder;

static int load(const char *text, struct arena *arena, struct config *config, struct err *err)
{
	char path[128];
	snprintf(path, sizeof path, "%s/plnpost.conf", folder);
	assert_int_equal(file_write(path, span_of(text), 0600, err), 0);
	return config_load(folder, arena, config, err);
}

/* What config_print says of c, loaded. */
static void load_printed(const struct config *c, struct arena *arena, struct config *again)
{
	struct err err;
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	config_print(f, c);
	fclose(f);
	if (load(text, arena, again, &err) < 0)
		fail_msg("%s", err.text);
	free(text);
}

static void defaults_and_values(void **state)
{
	struct arena arena = {0};
	struct config c;
	struct err err;
	(void)state;
	if (load(GOOD "after = move\npoll = 90s\nmax-mail = 2M\n[auth]\nauthserv = MX.S.Example\nauthserv = other\n[week]\ndigest-day = friday\ndigest-time = 16:05\n",
	         &arena, &c, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(c.name, "N");
	assert_string_equal(c.rules, "campus.rules");
	assert_int_equal(c.n_mailboxes, 1);
	assert_int_equal(c.mailboxes[0].marking, MARK_MOVE);
	assert_string_equal(c.mailboxes[0].move_to, "Logged");
	assert_int_equal(c.mailboxes[0].poll_seconds, 90);
	assert_int_equal(c.mailboxes[0].max_mail, 2 << 20);
	assert_true(c.mailboxes[0].idle);
	assert_int_equal(c.authservs.n, 2);
	assert_string_equal(c.authservs.v[0], "mx.s.example");
	assert_int_equal(c.digest_weekday, 5);
	assert_int_equal(c.digest_minute, 16 * 60 + 5);
	assert_int_equal(c.give_up_seconds, 3 * 86400);
	assert_int_equal(c.unstamped, UNSTAMPED_CONFIRM);
	assert_int_equal(c.closed.n, 0);
	arena_release(&arena);
}

static void holidays_are_no_school_days(void **state)
{
	static const struct {
		const char *day;
		bool school;
	} days[] = {{"2026-11-25", true}, {"2026-11-26", false}, {"2026-11-27", true}, {"2026-11-28", false}, {"2026-12-18", true}, {"2026-12-20", false}, {"2026-12-21", false},
	            {"2026-12-31", false}, {"2027-01-01", false}, {"2027-01-03", false}, {"2027-01-04", true}};
	struct arena arena = {0};
	struct config c, again;
	struct err err;
	(void)state;
	if (load("[campus]\nclosed = 2026-12-21..2027-01-03\nclosed = 2026-11-26\n" GOOD, &arena, &c, &err) < 0)
		fail_msg("%s", err.text);
	load_printed(&c, &arena, &again); /* and what is printed says the same */
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		int32_t day;
		assert_int_equal(day_parse(span_of(days[i].day), &day), 0);
		if (config_school_day(&c, day) != days[i].school || config_school_day(&again, day) != days[i].school)
			fail_msg("%s", days[i].day);
	}
	arena_release(&arena);
}

static const struct {
	const char *text, *says;
} wrong[] = {
	{"", "[campus] needs name"},
	{"name = x\n", ":1: \"name\" stands before the first [section]"},
	{"[campus]\nname\n", ":2: \"name\" needs a value"},
	{"[campus\n", ":1: a section line ends with ]"},
	{"[campus]\nnaem = x\n", ":2: [campus] has no key \"naem\"; it has: name,"},
	{"[campsu]\n", ":1: no section [campsu]"},
	{"[campus]\nzone = Mars/Base\n", "no time zone \"Mars/Base\""},
	{"[campus]\nname = a\nname = b\n", ":3: name is set twice"},
	{GOOD "after = burn\n", ":7: after = burn: say flag, move or leave"},
	{GOOD "poll = soon\n", "say a duration"},
	{GOOD "poll = 0s\n", "say a duration from 1s"},
	{GOOD "max-mail = 900G\n", "say a size"},
	{GOOD "[mailbox \"main\"]\n", "there is a mailbox \"main\" already"},
	{GOOD "[mailbox]\n", "a mailbox needs a name"},
	{GOOD "[mailbox \"two\"]\n", "[mailbox \"two\"] needs url"},
	{GOOD "[send]\npostmen = 5\n", "a whole number from 1 to 4"},
	{GOOD "[week]\ndigest-time = 24:00\n", "a time of day"},
	{GOOD "[week]\ndigest-day = Sonntag\n", "say Monday"},
	{GOOD "[send]\ncleartext = perhaps\n", "say on or off"},
	{"[campus]\nname = N\naddress = not an address\nzone = UTC\n[mailbox \"m\"]\nurl = maildir:in\n", "say a mail address"},
	{"[campus]\nname = N\naddress = pln+x@s.example\nzone = UTC\n[mailbox \"m\"]\nurl = maildir:in\n", "without a plus part"},
	{"[campus]\nname = N\naddress = pln@s.example\nzone = UTC\n", "no mailbox to read"},
	{"[campus]\nname = \xff\n", ":2: is not UTF-8"},
	{"[campus]\nclosed = Christmas\n", ":2: closed = Christmas: say a day or days"},
	{"[campus]\nclosed = 2026-12-21..\n", "say a day or days"},
	{"[campus]\nclosed = ..2026-12-21\n", "say a day or days"},
	{"[campus]\nclosed = 2026-02-30\n", "say a day or days"},
	{"[campus]\nclosed = 2026-12-21..2026-12-20\n", "say the earlier day first"},
	{"[campus]\nclosed = 2026-12-21..2028-01-03\n", "at most 366 days"},
};

static void mistakes_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct arena arena = {0};
		struct config c = {.name = "untouched"};
		struct err err = {0};
		assert_int_equal(load(wrong[i].text, &arena, &c, &err), -1);
		if (strstr(err.text, wrong[i].says) == NULL)
			fail_msg("\"%s\" says \"%s\", not \"%s\"", wrong[i].text, err.text, wrong[i].says);
		assert_string_equal(c.name, "untouched");
		arena_release(&arena);
	}
}

static void what_is_printed_can_be_read(void **state)
{
	struct arena arena = {0};
	struct config c, again;
	struct err err;
	(void)state;
	assert_int_equal(load(GOOD "after = leave\n[auth]\nunstamped = accept\n[week]\napproval-time = 07:45\n", &arena, &c, &err), 0);
	load_printed(&c, &arena, &again);
	assert_int_equal(again.mailboxes[0].marking, MARK_LEAVE);
	assert_int_equal(again.unstamped, UNSTAMPED_ACCEPT);
	assert_int_equal(again.approval_minute, 465);
	assert_int_equal(again.log_level, c.log_level);
	arena_release(&arena);
}

static void secrets_are_private(void **state)
{
	struct str s = {0};
	struct err err;
	char path[128];
	(void)state;
	snprintf(path, sizeof path, "%s/secret", folder);
	assert_int_equal(file_write(path, SPAN("hush\r\n"), 0640, &err), 0);
	assert_int_equal(file_read_secret(path, &s, &err), -1);
	assert_non_null(strstr(err.text, "chmod 600"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(file_read_secret(path, &s, &err), 0);
	assert_string_equal(str_c(&s), "hush");
	unlink(path);
	assert_int_equal(file_read_secret(path, &s, &err), -1);
	assert_non_null(strstr(err.text, path));
	str_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_and_values), cmocka_unit_test(mistakes_are_named), cmocka_unit_test(holidays_are_no_school_days),
	                                   cmocka_unit_test(what_is_printed_can_be_read), cmocka_unit_test(secrets_are_private)};
	char path[128];
	scratch_folder(folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof path, "%s/plnpost.conf", folder);
	unlink(path);
	rmdir(folder);
	return failed;
}
