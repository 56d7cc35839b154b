#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/days.h"
#include "rules/roster.h"

static int zone_ok(const char *zone, struct err *err)
{
	return strcmp(zone, "Mars/Base") == 0 ? err_set(err, "there is no such zone") : 0;
}

static void one_line(struct str *out, const struct person *p)
{
	str_printf(out, "%s <", p->name);
	for (size_t i = 0; i < p->addresses.n; i++)
		str_printf(out, "%s%s", i == 0 ? "" : " ", p->addresses.v[i]);
	str_printf(out, "> %s %s %s", person_role_name(p->role), wish_name(p->receipts), rhythm_name(p->digest));
	if (p->zone != NULL)
		str_printf(out, " %s", p->zone);
	if (p->approver != NULL)
		str_printf(out, " by %s", p->approver);
	if (p->joined != 0)
		str_printf(out, " since %s", day_iso((char[16]){0}, p->joined));
	for (size_t i = 0; i < p->shared.n; i++)
		str_printf(out, " shares %s", p->shared.v[i]);
	str_putc(out, '\n');
}

static const struct {
	const char *csv, *want;
} good[] = {
	{"name,address\nAna Lee,Ana@School.org\n", "Ana Lee <ana@school.org> teacher first weekly\n"},
	{"\xef\xbb\xbfname,address\r\nAna,a@b.c\r\n\r\nBob,b@b.c", "Ana <a@b.c> teacher first weekly\nBob <b@b.c> teacher first weekly\n"},
	{"E-Mail;Name;Role\na@b.c;Ana;Approver\n", "Ana <a@b.c> approver first weekly\n"},
	{"name\temail\nAna\ta@b.c", "Ana <a@b.c> teacher first weekly\n"},
	{"address,name,address2,address 3\na@b.c,Ana,a2@b.c,\n", "Ana <a@b.c a2@b.c> teacher first weekly\n"},
	{"name,addresses\nAna,\"a@b.c, a2@b.c a@b.c\"\n", "Ana <a@b.c a2@b.c> teacher first weekly\n"},
	{"First Name,Last_Name,Mail\nAna,Lee,a@b.c\n", "Ana Lee <a@b.c> teacher first weekly\n"},
	{"name,address\n\"Lee, \"\"Ana\"\"\",a@b.c\n", "Lee, \"Ana\" <a@b.c> teacher first weekly\n"},
	{"name,address\n\"Ana\nLee\",a@b.c\nBob,b@b.c\n", "Ana\nLee <a@b.c> teacher first weekly\nBob <b@b.c> teacher first weekly\n"},
	{"name,address,role,zone,approver,receipts,digest\nAna,a@b.c,guest,Europe/Berlin,P@b.c,never,monthly\n", "Ana <a@b.c> guest never monthly Europe/Berlin by p@b.c\n"},
	{"name,address,role\nAna,a@b.c\nBob,b@b.c,\n", "Ana <a@b.c> teacher first weekly\nBob <b@b.c> teacher first weekly\n"},
	{"name,address,,\nJosé Ñandú,josé@b.c,,\n", "José Ñandú <josé@b.c> teacher first weekly\n"},
	{"name,address\n", ""},
	{"name,address,joined\nAna,a@b.c,2026-03-09\nBob,b@b.c,\n", "Ana <a@b.c> teacher first weekly since 2026-03-09\nBob <b@b.c> teacher first weekly\n"},
	{"Name,E-mail,Start date\nAna,a@b.c,2026-03-09\n", "Ana <a@b.c> teacher first weekly since 2026-03-09\n"},
	{"name,address,since\nAna,a@b.c,1999-12-31\n", "Ana <a@b.c> teacher first weekly since 1999-12-31\n"},
	{"name,address,shared\nAna,art@b.c,yes\nBob,ART@b.c,Yes\n",
	 "Ana <art@b.c> teacher first weekly shares art@b.c\nBob <art@b.c> teacher first weekly shares art@b.c\n"},
	{"name,address,shared address\nAna,a@b.c,art@b.c\nBob,,art@b.c\n",
	 "Ana <a@b.c art@b.c> teacher first weekly shares art@b.c\nBob <art@b.c> teacher first weekly shares art@b.c\n"},
	{"shared address,name,address\nart@b.c,Ana,a@b.c\n", "Ana <a@b.c art@b.c> teacher first weekly shares art@b.c\n"},
	{"name,address,shared\nAna,art@b.c a@b.c,yes\nBob,art@b.c,yes\nCem,c@b.c,no\n",
	 "Ana <a@b.c art@b.c> teacher first weekly shares art@b.c\nBob <art@b.c> teacher first weekly shares art@b.c\nCem <c@b.c> teacher first weekly\n"},
};

/* Every piece of want, separated by '|', must be said. */
static const struct {
	const char *csv, *want;
} bad[] = {
	{"", "people.csv: is empty"},
	{"name\nAna\n", "people.csv:1:|\"name\" and \"address\""},
	{"address\na@b.c\n", "people.csv:1:|\"name\" and \"address\""},
	{"name,adress\nAna,a@b.c\n", "people.csv:1:|no column \"adress\"|did you mean \"address\"?"},
	{"name,address,shoe size\n", "people.csv:1:|no column \"shoe size\"|the columns are"},
	{"name,address,role,role\n", "people.csv:1:|is there twice"},
	{"name,address\nAna,a@b.c\nBob,A@B.C\n", "people.csv:3:|a@b.c is already in line 2"},
	{"name,address,shared\nAna,a@b.c,yes\nBob,A@B.C,\n", "people.csv:3:|a@b.c is already in line 2|shared address"},
	{"name,address,shared\nAna,a@b.c,no\nBob,A@B.C,yes\n", "people.csv:3:|a@b.c is already in line 2"},
	{"name,address,shared address\nAna,a@b.c,\nBob,b@b.c,a@b.c\n", "people.csv:3:|a@b.c is already in line 2"},
	{"name,address,shared\nAna,a@b.c,maybe\n", "people.csv:2:|shared \"maybe\"|no, yes"},
	{"name,address,joined\nAna,a@b.c,9 March\n", "people.csv:2:|joined \"9 March\" is not a day|2026-03-01"},
	{"name,address,joined\nAna,a@b.c,2026-02-30\n", "people.csv:2:|is not a day"},
	{"name,address\n\n\nAna,nowhere\n", "people.csv:4:|\"nowhere\" is not an address"},
	{"name,address\nAna,<a@b.c>\n", "people.csv:2:|is not an address"}, {"name,address\nAna,a@b@c\n", "people.csv:2:|is not an address"},
	{"name,address\nAna,@b.c\n", "people.csv:2:|is not an address"}, {"name,address\nAna,a@\n", "people.csv:2:|is not an address"},
	{"name,address\n,a@b.c\n", "people.csv:2:|has no name"}, {"name,address\nAna,\n", "people.csv:2:|Ana has no address"},
	{"name,address,role\nAna,a@b.c,boss\n", "people.csv:2:|role \"boss\"|teacher, approver, auditor, guest, operator"},
	{"name,address,receipts\nAna,a@b.c,sometimes\n", "people.csv:2:|first, always, digest, never"},
	{"name,address,digest\nAna,a@b.c,daily\n", "people.csv:2:|weekly, monthly, never"},
	{"name,address,zone\nAna,a@b.c,Mars/Base\n", "people.csv:2:|no such zone"},
	{"name,address,approver\nAna,a@b.c,principal\n", "people.csv:2:|approver \"principal\" is not an address"},
	{"name,address\nAna,a@b.c,extra\n", "people.csv:2:|has 3 fields, the first line names 2"},
	{"name,address\n\"Ana,a@b.c\n", "people.csv:2:|never closed"},
	{"name,address\n\"Ana\" Lee,a@b.c\n", "people.csv:2:|behind a closing quote"},
	{"name,address\nAn\xff" "a,a@b.c\n", "people.csv:2:|UTF-8"}, {"\xff\xfen\0a\0", "people.csv:1:|UTF-8"},
	{"name,address\n\"Ana\nLee\",a@b.c\nBob,nowhere\n", "people.csv:4:|nowhere"},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct arena arena = {0};
		struct str got = {0};
		struct roster roster;
		struct err err = {0};
		if (roster_parse("people.csv", span_of(good[i].csv), zone_ok, &arena, &roster, &err) < 0)
			fail_msg("%s\n%s", good[i].csv, err.text);
		for (size_t k = 0; k < roster.n; k++)
			one_line(&got, &roster.people[k]);
		assert_string_equal(str_c(&got), good[i].want);
		str_release(&got);
		arena_release(&arena);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena arena = {0};
		struct roster roster = {.n = 99};
		struct err err = {0};
		if (roster_parse("people.csv", span_of(bad[i].csv), zone_ok, &arena, &roster, &err) == 0)
			fail_msg("taken: %s", bad[i].csv);
		assert_int_equal(roster.n, 99);
		struct span rest = span_of(bad[i].want), piece;
		while (span_until(&rest, '|', &piece))
			if (memmem(err.text, strlen(err.text), piece.p, piece.n) == NULL)
				fail_msg("%s\n  said: %s\n  not there: %.*s", bad[i].csv, err.text, SPAN_ARG(piece));
		arena_release(&arena);
	}
}

/* As many as there may be, quickly; one more is refused; an endless field is refused. */
static void test_size(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct str csv = {.max = (size_t)64 << 20};
	struct roster roster;
	struct err err = {0};
	str_puts(&csv, "name,address\n");
	for (int i = 0; i < 50000; i++)
		str_printf(&csv, "Person %d,p%d@school.org\n", i, i);
	assert_int_equal(roster_parse("p", (struct span){csv.p, csv.n}, NULL, &arena, &roster, &err), 0);
	assert_int_equal(roster.n, 50000);
	str_puts(&csv, "One,more@school.org\n");
	assert_int_equal(roster_parse("p", (struct span){csv.p, csv.n}, NULL, &arena, &roster, &err), -1);
	assert_non_null(strstr(err.text, "p:50002: has more than 50000 people"));
	str_clear(&csv);
	str_puts(&csv, "name,address\n\"");
	for (int i = 0; i < 10000; i++)
		str_puts(&csv, "a, ");
	str_puts(&csv, "\",x@y.z\n");
	assert_int_equal(roster_parse("p", (struct span){csv.p, csv.n}, NULL, &arena, &roster, &err), -1);
	assert_non_null(strstr(err.text, "p:2: field 1 is longer than"));
	str_release(&csv);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad), cmocka_unit_test(test_size)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
