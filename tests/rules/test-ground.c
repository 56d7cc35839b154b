#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/arena.h"
#include "rules/ini.h"
#include "rules/kind.h"
#include "rules/near.h"
#include "rules/shipped.h"

/* The shared ground of the rules: text, lists, the INI form, names. */

/* ---- INI: each line as "line section/name key=value" */
static int show(void *ctx, const struct ini_line *at, struct err *err)
{
	if (at->key != NULL && strcmp(at->key, "stop") == 0)
		return err_at(err, at, "stopped");
	str_printf(ctx, "%d %s/%s", at->line, at->section, at->name);
	if (at->key != NULL)
		str_printf(ctx, " %s=%s", at->key, at->value);
	str_putc(ctx, '\n');
	return 0;
}

static const struct {
	const char *text, *want; /* want: the lines, or "!" and the error */
} inis[] = {
	{"", ""}, {"# a comment\n\n; another\n", ""}, {"[a]\nx = 1\n", "1 a/\n2 a/ x=1\n"}, {"\xef\xbb\xbf[a]\r\nx=1\r\n", "1 a/\n2 a/ x=1\n"},
	{"[A \"My Name\"]\nX-y =  two words # not a comment \n", "1 a/My Name\n2 a/My Name x-y=two words # not a comment\n"},
	{"x = /a\\d+\"[b]/i", "1 / x=/a\\d+\"[b]/i\n"}, {"[a]\nx =\n", "1 a/\n2 a/ x=\n"}, {"  [a]  \n  x = 1", "1 a/\n2 a/ x=1\n"},
	{"x = 1\nx = 2", "1 / x=1\n2 / x=2\n"},
	{"[", "!f:1: a section needs a name"}, {"[a", "!f:1: a section line ends with ]"}, {"[a] x", "!f:1: a section line ends with ]"},
	{"[a \"\"]", "!f:1: the name of [a"}, {"[a \"b]", "!f:1: the name of [a"}, {"\n\nwords alone", "!f:3: \"words\" needs a value"},
	{"= 1", "!f:1: expected key = value"}, {"x = \xff", "!f:1: is not UTF-8"}, {"a = 1\nstop = 2\nb = 3", "!f:2: stopped"},
};

static void test_ini(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof inis / sizeof *inis; i++) {
		struct str out = {0};
		struct err err = {0};
		int result = ini_parse("f", inis[i].text, strlen(inis[i].text), show, &out, &err);
		bool fails = inis[i].want[0] == '!';
		if (result != (fails ? -1 : 0) || (fails ? !span_starts(span_of(err.text), inis[i].want + 1) : strcmp(str_c(&out), inis[i].want) != 0))
			fail_msg("%s\n got %d: %s%s", inis[i].text, result, str_c(&out), err.text);
		str_release(&out);
	}
	struct err err;
	assert_int_equal(ini_parse("f", "a = 1\0b", 7, show, NULL, &err), -1);
	struct str big = {.max = (size_t)2 << 20};
	for (int i = 0; i < 300000; i++)
		str_puts(&big, "# x\n");
	str_puts(&big, "#");
	assert_int_equal(ini_parse("f", big.p, big.n, show, NULL, &err), -1);
	assert_non_null(strstr(err.text, "at most"));
	str_release(&big);
}

static void test_values(void **state)
{
	static const struct { const char *text; int64_t seconds; } durations[] = {
		{"90s", 90}, {"20m", 1200}, {"1h30", 5400}, {"1h30m", 5400}, {"1.5h", 5400}, {"1,5h", 5400}, {"6h", 21600}, {"30d", 2592000},
		{"2w", 1209600}, {"10y", 315360000}, {"1d12h", 129600}, {" 5m ", 300}, {"0s", 0},
		{"", -1}, {"5", -1}, {"m", -1}, {"5x", -1}, {"5m1h", -1}, {"5m5m", -1}, {"-5m", -1}, {"99999999m", -1}, {"1h 30", -1}, {"1.h", -1},
	};
	static const struct { const char *text; int64_t bytes; } sizes[] = {
		{"5", 5}, {"64k", 65536}, {"25M", 26214400}, {"1G", 1073741824}, {"1g", 1073741824}, {"", -1}, {"k", -1}, {"5kk", -1}, {"-1", -1},
		{"99999999999G", -1}, {"5T", -1}
	};
	static const struct { const char *text; int value; } bools[] = {
		{"on", 1}, {"off", 0}, {"Yes", 1}, {"no", 0}, {"TRUE", 1}, {"false", 0}, {"1", -1}, {"", -1}, {"maybe", -1}
	};
	struct ini_line at = {.file = "f", .line = 3, .section = "s", .name = "", .key = "k"};
	struct err err;
	(void)state;
	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
		int64_t seconds = -1;
		if (duration_parse(span_of(durations[i].text), &seconds) != (durations[i].seconds < 0 ? -1 : 0) || seconds != durations[i].seconds)
			fail_msg("%s: %lld", durations[i].text, (long long)seconds);
	}
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		int64_t bytes = -1;
		at.value = sizes[i].text;
		if (ini_size(&at, 0, INT64_C(1) << 40, &bytes, &err) != (sizes[i].bytes < 0 ? -1 : 0) || bytes != sizes[i].bytes)
			fail_msg("%s: %lld", sizes[i].text, (long long)bytes);
	}
	for (size_t i = 0; i < sizeof bools / sizeof *bools; i++) {
		bool value = false;
		at.value = bools[i].text;
		assert_int_equal(ini_bool(&at, &value, &err), bools[i].value < 0 ? -1 : 0);
		assert_true(bools[i].value < 0 || value == (bools[i].value == 1));
	}
	int64_t n = 7;
	at.value = "12x";
	assert_int_equal(ini_int(&at, 0, 20, &n, &err), -1);
	assert_string_equal(err.text, "f:3: k = 12x: say a whole number from 0 to 20");
	at.value = "21";
	assert_int_equal(ini_int(&at, 0, 20, &n, &err), -1);
	assert_int_equal(n, 7);
	at.value = "20";
	assert_int_equal(ini_int(&at, 0, 20, &n, &err), 0);
	assert_int_equal(n, 20);
}

/* ---- text */
static void test_utf8(void **state)
{
	static const struct { const char *text; bool valid; size_t length; } texts[] = {
		{"", true, 0}, {"abc", true, 3}, {"é", true, 1}, {"日本", true, 2}, {"👍", true, 1}, {"\xc0\x80", false, 2},
		{"\xed\xa0\x80", false, 3}, {"\xf4\x90\x80\x80", false, 4}, {"\xe2\x82", false, 2}, {"a\xff", false, 2},
		{"\xf8\x88\x80\x80\x80", false, 5},
	};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(utf8_valid(texts[i].text, strlen(texts[i].text)), texts[i].valid);
		assert_int_equal(utf8_length(texts[i].text, strlen(texts[i].text)), texts[i].length);
	}
	static const unsigned char borders[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
	for (unsigned i = 0x80 * 100; i < 0x100 * 100; i++) { /* every first byte with borders behind it, alone and amid others: as one code point after another */
		char text[24] = {'a', 'b', (char)(i / 100), (char)borders[i / 10 % 10], (char)borders[i % 10], "\xbf\x80x"[i % 3]};
		memcpy(text + 6, "\xe6\x97\xa5 and the rest", 17);
		for (size_t n = 3; n <= 23; n++) {
			bool valid = true;
			for (const char *p = text; p < text + n && valid;)
				valid = utf8_next(&p, text + n) != 0xfffd;
			if (utf8_valid(text, n) != valid)
				fail_msg("%02x %02x %02x, %zu bytes", i / 100, borders[i / 10 % 10], borders[i % 10], n);
		}
	}
	assert_int_equal(utf8_ascii("twelve bytes, and twice as many: é", 35), 33);
	assert_int_equal(utf8_prefix("aé", 3, 2), 1);
	assert_int_equal(utf8_prefix("aé", 3, 3), 3);
	assert_int_equal(utf8_prefix("👍", 4, 3), 0);
	for (uint32_t c = 1; c < 0x110000; c += c < 0x800 ? 1 : 97) {
		char out[4];
		const char *p = out;
		if (c >= 0xd800 && c < 0xe000)
			continue;
		size_t n = utf8_put(out, c);
		assert_int_equal(utf8_next(&p, out + n), c);
		assert_ptr_equal(p, out + n);
	}
	struct arena arena = {0};
	assert_string_equal(utf8_lower(&arena, "ÀÉ Straße Ω", strlen("ÀÉ Straße Ω")), "àé straße ω");
	arena_release(&arena);
}

static void test_str(void **state)
{
	struct str s = {.max = 5};
	(void)state;
	assert_string_equal(str_c(&s), "");
	str_puts(&s, "abc");
	assert_false(s.cut);
	str_printf(&s, "%d", 12345);
	assert_string_equal(str_c(&s), "abc12");
	assert_true(s.cut);
	str_clear(&s);
	assert_false(s.cut);
	str_puts(&s, NULL);
	assert_int_equal(s.n, 0);
	str_release(&s);
	assert_int_equal(s.max, 5);
}

static void test_spans(void **state)
{
	struct span s = SPAN("a\r\n\nb"), line;
	(void)state;
	assert_true(span_line(&s, &line) && span_eq(line, "a"));
	assert_true(span_line(&s, &line) && line.n == 0);
	assert_true(span_line(&s, &line) && span_eq(line, "b"));
	assert_false(span_line(&s, &line));
	assert_int_equal(span_trim(SPAN(" \t\r\n")).n, 0);
	assert_true(span_eq(span_trim(SPAN("  a b ")), "a b"));
	assert_int_equal(span_count(SPAN("a,b,,c,"), ','), 4);
	assert_int_equal(span_count(SPAN(""), ','), 0);
	assert_int_equal(span_of(NULL).n, 0);
	assert_int_equal(span_skip(SPAN("ab"), 9).n, 0);
	assert_true(span_starts_nocase(SPAN("ABC"), "ab") && !span_starts(SPAN("ABC"), "ab") && span_ends_nocase(SPAN("ABC"), "bc") && !span_ends_nocase(SPAN("C"), "bc"));
}

static void test_arena(void **state)
{
	struct arena arena = {0};
	int *v = NULL;
	size_t n = 0;
	(void)state;
	for (int i = 0; i < 1000; i++)
		*ARENA_PUSH(&arena, v, n) = i;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v[i], i);
	assert_string_equal(arena_printf(&arena, "%d-%s", 5, "x"), "5-x");
	assert_null(arena_strdup(&arena, NULL));
	arena_release(&arena);
	assert_int_equal(arena.bytes, 0);
	assert_non_null(arena_alloc(&arena, 0));
	arena_release(&arena);
}

static void test_err(void **state)
{
	struct err err = {0};
	(void)state;
	assert_int_equal(err_later(&err, "wait %d", 3), -1);
	assert_true(err.temporary);
	assert_int_equal(err_prefix(&err, "%s: ", "file"), -1);
	assert_string_equal(err.text, "file: wait 3");
	assert_true(err.temporary);
	err_set(&err, "%0600d", 1);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	assert_false(err.temporary);
	assert_int_equal(err_set(NULL, "x"), -1);
}

/* ---- names */
static void test_kinds(void **state)
{
	static const struct { const char *word; enum entry_kind kind; bool gives; } words[] = {
		{"read", KIND_READ, false}, {"Article", KIND_READ, false}, {"podcast", KIND_LISTEN, false}, {"workshop", KIND_COURSE, false},
		{"conference", KIND_CONF, false}, {"MENTOR", KIND_MENTOR, true}, {"present", KIND_PRESENT, true},
		{"applied", KIND_APPLIED, true}, {"phonics", KIND_NONE, false}, {"", KIND_NONE, false}, {"rea", KIND_NONE, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		assert_int_equal(kind_of_word(span_of(words[i].word)), words[i].kind);
		assert_int_equal(kind_gives(words[i].kind), words[i].gives);
	}
	for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
		assert_int_equal(kind_of_word(span_of(kind_name((enum entry_kind)k))), k);
	assert_string_equal(kind_name(KIND_NONE), "");
	assert_string_equal(kind_name((enum entry_kind)99), "");
}

static void test_near(void **state)
{
	static const struct { const char *word, *best; } words[] = {
		{"requirment", "requirement"}, {"mod", "mode"}, {"wholly-else", NULL}, {"", NULL}, {"x", NULL}
	};
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct near near = near_to(words[i].word);
		near_try(&near, "requirement");
		near_try(&near, "mode");
		if (words[i].best == NULL ? near.best != NULL : near.best == NULL || strcmp(near.best, words[i].best) != 0)
			fail_msg("%s: %s", words[i].word, near.best ? near.best : "none");
	}
}

static void test_shipped(void **state)
{
	(void)state;
	assert_non_null(shipped_find(shipped_rules, "minutes.rules"));
	assert_null(shipped_find(shipped_rules, "minutes"));
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ini), cmocka_unit_test(test_values), cmocka_unit_test(test_utf8), cmocka_unit_test(test_str), cmocka_unit_test(test_spans), cmocka_unit_test(test_arena),
		cmocka_unit_test(test_err), cmocka_unit_test(test_kinds), cmocka_unit_test(test_near), cmocka_unit_test(test_shipped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
