#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "digest/bar.h"
#include "digest/forms.h"
#include "tests/digest/sample.h"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void minutes(void **state)
{
	static const struct {
		int minutes;
		const char *want;
	} cases[] = {{0, "0 min"}, {1, "1 min"}, {45, "45 min"}, {59, "59 min"}, {60, "1 h"}, {65, "1 h 05"}, {130, "2 h 10"}, {360, "6 h"}, {6001, "100 h 01"}, {-45, "-45 min"}, {INT32_MIN, "-35791394 h 07"}};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(minutes_text(&arena, cases[i].minutes), cases[i].want);
}

static void ranges(void **state)
{
	static const struct {
		int numbers[16];
		size_t n;
		const char *want;
	} cases[] = {
		{{0}, 0, ""}, {{5}, 1, "5"}, {{1, 2}, 2, "1, 2"}, {{1, 2, 3}, 3, "1–3"}, {{1, 3}, 2, "1, 3"},
		{{1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14}, 11, "1, 2, 4–6, 8–10, 12–14"}, {{2, 2, 3, 3, 4}, 5, "2–4"}, {{7, 7}, 2, "7"},
		{{3, 1}, 2, "3, 1"}, {{INT32_MAX - 1, INT32_MAX}, 2, "2147483646, 2147483647"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(ranges_text(&arena, cases[i].numbers, cases[i].n), cases[i].want);
}

static void bars(void **state)
{
	static const struct {
		int approved, waiting, cap, requirement, cells;
		const char *want;
	} cases[] = {
		{0, 0, 360, 0, 6, "░░░░░░"}, {180, 60, 360, 0, 6, "███▒░░"}, {360, 0, 360, 0, 6, "██████"}, {500, 100, 360, 0, 6, "██████"},
		{359, 0, 360, 0, 6, "█████░"}, {1, 1, 360, 0, 6, "█▒░░░░"}, {355, 5, 360, 0, 6, "█████▒"}, {359, 1, 360, 0, 6, "█████▒"},
		{300, 200, 360, 0, 6, "█████▒"}, {60, 0, 0, 360, 6, "█░░░░░"}, {30, 30, 0, 0, 6, "███▒▒▒"}, {0, 0, 0, 0, 6, "░░░░░░"},
		{1, 1, 360, 0, 1, "▒"}, {-5, -5, 360, 0, 3, "░░░"}, {INT32_MAX, INT32_MAX, INT32_MAX, 0, 4, "████"}, {10, 0, 10, 0, -3, "█"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct credit_status s = {.approved = cases[i].approved, .waiting = cases[i].waiting, .cap = cases[i].cap, .requirement = cases[i].requirement};
		assert_string_equal(credit_bar(&arena, &s, cases[i].cells), cases[i].want);
		struct bar bar = bar_parts(&s, 100);
		assert_true(bar.approved >= 0 && bar.waiting >= 0 && bar.left >= 0);
		assert_int_equal(bar.approved + bar.waiting + bar.left, 100);
	}
}

static void lines(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *want;
	} cases[] = {
		{NULL, 10, ""}, {"", 10, ""}, {"  a \r\n\t b\u00a0c ", 10, "a b c"}, {"exactly te", 10, "exactly te"}, {"exactly ten", 10, "exactly…"},
		{"abcdefghijklm", 5, "abcde…"}, {"日本語の長い題名", 4, "日本語の…"}, {"a\0b", 10, "a"}, {"\x1b[31m red", 20, "[31m red"}, {"a bbbbbbbbbb", 6, "a bbbb…"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(one_line(&arena, cases[i].text, cases[i].max), cases[i].want);
}

static void addresses(void **state)
{
	static const struct {
		const char *url, *href, *site;
	} cases[] = {
		{"https://www.edutopia.org/article/x", "https://www.edutopia.org/article/x", "edutopia.org/…"},
		{"http://example.org", "http://example.org", "example.org"},
		{"https://example.org/", "https://example.org/", "example.org"},
		{"HTTPS://example.org?a=b&c=%20d#e", "HTTPS://example.org?a=b&c=%20d#e", "example.org/…"},
		{"https://user:secret@example.org/x", "https://user:secret@example.org/x", "example.org/…"},
		{"https://example.org/\"onload='x'<y> z\n", "https://example.org/%22onload=%27x%27%3Cy%3E%20z%0A", "example.org/…"},
		{"https://example.org/日", "https://example.org/%E6%97%A5", "example.org/…"},
		{"javascript:alert(1)", "", ""}, {"data:text/html,x", "", ""}, {"mailto:a@b", "", ""}, {"/relative", "", ""}, {"", "", ""},
		{"\nhttps://x", "", ""},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(web_href(&arena, cases[i].url), cases[i].href);
		assert_string_equal(site_text(&arena, cases[i].url), cases[i].site);
	}
	assert_string_equal(web_href(&arena, NULL), "");
	char *enormous = arena_alloc(&arena, 10001);
	memset(enormous, 'a', 10000);
	memcpy(enormous, "https://", 8);
	assert_string_equal(web_href(&arena, enormous), "");
}

static void ready_answers(void **state)
{
	(void)state;
	assert_string_equal(mailto_href(&arena, "pln+9f@lincoln.example", "Re: 14 entries & “more”", "ok except 3"),
	                    "mailto:pln+9f@lincoln.example?subject=Re%3A%2014%20entries%20%26%20%E2%80%9Cmore%E2%80%9D&body=ok%20except%203");
	assert_string_equal(mailto_href(&arena, "a\"b?cc=x@y", "s\r\nBcc: x", "b"), "mailto:a%22b%3Fcc%3Dx@y?subject=s%0D%0ABcc%3A%20x&body=b");
	assert_string_equal(mailto_href(&arena, "", "s", "b"), "");
	assert_string_equal(mailto_href(&arena, NULL, "s", "b"), "");
}

static void days(void **state)
{
	(void)state;
	assert_string_equal(day_name(&arena, DAY(2026, 3, 6), SAMPLE_TODAY), "Friday");
	assert_string_equal(day_name(&arena, DAY(2026, 3, 10), SAMPLE_TODAY), "Tuesday");
	assert_string_equal(day_name(&arena, DAY(2026, 3, 11), SAMPLE_TODAY), "Wed 11 Mar");
	assert_string_equal(day_name(&arena, SAMPLE_TODAY, SAMPLE_TODAY), "Wed 4 Mar");
	assert_string_equal(day_name(&arena, DAY(2027, 1, 1), SAMPLE_TODAY), "Fri 1 Jan 2027");
	assert_string_equal(day_name(&arena, DAY_NONE, SAMPLE_TODAY), "");
	assert_string_equal(reason_words("15 of 20: talk rule"), "talk rule");
	assert_string_equal(reason_words("talk rule"), "talk rule");
	assert_string_equal(reason_words(NULL), "");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(minutes, release), cmocka_unit_test_teardown(ranges, release), cmocka_unit_test_teardown(bars, release),
		cmocka_unit_test_teardown(lines, release), cmocka_unit_test_teardown(addresses, release), cmocka_unit_test_teardown(ready_answers, release),
		cmocka_unit_test_teardown(days, release),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
