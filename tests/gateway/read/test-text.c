#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "gateway/read/parts.h"

/* Each line as "LEVEL|text", joined by '/'. */
static const struct {
	const char *in;
	bool flowed, delsp;
	const char *lines, *urls;
} cases[] = {
	{"", false, false, "", ""},
	{"one\ntwo", false, false, "0|one/0|two", ""},
	{"> a\n>> b\n> > c\n>d", false, false, "1|a/2|b/2|c/1|d", ""},
	{" > not a quote", false, false, "0| > not a quote", ""},
	{">", false, false, "1|", ""},
	{"-- \nAda", false, false, "0|-- /0|Ada", ""},
	/* RFC 3676 */
	{"soft \nbreak\nhard", true, false, "0|soft break/0|hard", ""},
	{" stuffed\n From here", true, false, "0|stuffed/0|From here", ""},
	{"> q1 \n> q2\nown", true, false, "1|q1 q2/0|own", ""},
	{"> q \n>> deeper", true, false, "1|q /2|deeper", ""},
	{"text \n-- \nAda", true, false, "0|text /0|-- /0|Ada", ""},
	{"del \nsp", true, true, "0|delsp", ""},
	{"open at the end ", true, false, "0|open at the end ", ""},
	/* bare links */
	{"see https://a.example/x.", false, false, "0|see https://a.example/x.", "https://a.example/x"},
	{"(http://a.example/(b))", false, false, "0|(http://a.example/(b))", "http://a.example/(b)"},
	{"<https://a.example/x.>", false, false, "0|<https://a.example/x.>", "https://a.example/x."},
	{"<https://a.exam\nple/y> z", false, false, "0|<https://a.exam/0|ple/y> z", "https://a.example/y"},
	{"<https://a.exam\nple/y z", false, false, "0|<https://a.exam/0|ple/y z", "https://a.exam"},
	{"HTTPS://A.example, http://", false, false, "0|HTTPS://A.example, http://", "HTTPS://A.example"},
	{"xhttp://a.example ftp://b.example", false, false, "0|xhttp://a.example ftp://b.example", ""},
	{"*https://a.example/b* \"https://c.example\"", false, false, "0|*https://a.example/b* \"https://c.example\"", "https://a.example/b https://c.example"},
	{"> https://q.example", false, false, "1|https://q.example", "https://q.example"},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct body b;
		struct str lines = {0}, urls = {0};
		text_read(&(struct part){.text = span_of(cases[i].in), .flowed = cases[i].flowed, .delsp = cases[i].delsp}, &arena, &b);
		for (size_t k = 0; k < b.n; k++)
			str_printf(&lines, "%s%u|%.*s", k == 0 ? "" : "/", b.lines[k].quote, SPAN_ARG(b.lines[k].text));
		for (size_t k = 0; k < b.n_anchors; k++)
			str_printf(&urls, "%s%s", k == 0 ? "" : " ", b.anchors[k].seen);
		assert_string_equal(str_c(&lines), cases[i].lines);
		assert_string_equal(str_c(&urls), cases[i].urls);
		str_release(&lines);
		str_release(&urls);
		arena_release(&arena);
	}
}

static void test_text_keeps_the_marks(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct body b;
	text_read(&(struct part){.text = SPAN("own\n> > q\n>\nend")}, &arena, &b);
	assert_string_equal(b.text, "own\n>> q\n>\nend");
	arena_release(&arena);
}

/* Twice as much text must not take four times as long. */
static void test_hostile_text_is_linear(void **state)
{
	(void)state;
	static const char *const pieces[] = {">", "> ", "<http://a", "http://", "x \n", "(", "<https://a\n", "\n"};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct arena arena = {0};
		struct str in = {.max = (size_t)4 << 20};
		struct body b;
		while (!in.cut)
			str_puts(&in, pieces[i]);
		struct timespec from, to;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		text_read(&(struct part){.text = {in.p, in.n}, .flowed = i % 2 == 0}, &arena, &b);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		assert_in_range(to.tv_sec - from.tv_sec, 0, 20); /* of CPU; quadratic would be hours */
		str_release(&in);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_text_keeps_the_marks),
		cmocka_unit_test(test_hostile_text_is_linear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
