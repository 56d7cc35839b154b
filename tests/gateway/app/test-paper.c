#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/pack.h"
#include "gateway/paper.h"
#include "tests/scratch.h"

static char program[4096]; /* the real plnpost-print, as ctest names it */

static void row(struct paper *p, struct arena *a, enum paper_kind kind, const char *const *cells)
{
	struct paper_line *line = paper_add(p, a, kind, NULL);
	for (; *cells != NULL; cells++)
		strs_add(&line->cells, a, *cells);
}

#define ROW(p, a, kind, ...) row(p, a, kind, (const char *const[]){__VA_ARGS__, NULL})

static const int widths[] = {2, 10, 3};

/* Everything that a paper can hold, and scripts from both directions. */
static void sample(struct paper *p, struct arena *a, size_t rows)
{
	*p = (struct paper){.title = "Evidence", .author = "Lincoln High PLN", .foot = "Lincoln High · Ana Lee", .date = 1795000000};
	paper_add(p, a, PAPER_TITLE, "Ana Lee: what 2026/27 brought");
	paper_add(p, a, PAPER_SMALL, "Printed for Pat Moss");
	paper_add(p, a, PAPER_TEXT, "مرحبا بالعالم, שלום עולם, 日本語のテキスト, ไทย, Ωμέγα, naïve – “quoted” 🎉");
	ROW(p, a, PAPER_BAR, "3 h 10 of 6 h", "130", "60", "360");
	paper_add(p, a, PAPER_HEADING, "Entries");
	ROW(p, a, PAPER_COLUMNS, "Day", "Title", ">Minutes");
	p->lines[p->n - 1].widths = widths;
	for (size_t i = 0; i < rows; i++)
		ROW(p, a, PAPER_ROW, "3 Mar", arena_printf(a, "%zu: Exit tickets in period 3, and what the class made of them on Friday", i), "15");
	ROW(p, a, PAPER_SUM, "", "Together", "3 h 10");
	ROW(p, a, PAPER_SIGN, "Pat Moss, principal", "Day");
}

static int pages_of(const struct str *pdf)
{
	const char *count = memmem(str_c(pdf), pdf->n, "/Count ", 7);
	return count == NULL ? 0 : (int)strtol(count + 7, NULL, 10);
}

static void a_paper_becomes_a_pdf_the_same_each_time(void **state)
{
	struct arena a = {0};
	struct paper p;
	struct str one = {0}, two = {0};
	struct err err = {0};
	sample(&p, &a, 120);
	if (paper_pdf(&p, &one, &err) < 0)
		fail_msg("%s", err.text);
	const char *keep = getenv("PLN_KEEP_PDF");
	if (keep != NULL)
		file_write(keep, (struct span){str_c(&one), one.n}, 0644, &err);
	assert_int_equal(paper_pdf(&p, &two, &err), 0);
	assert_memory_equal(str_c(&one), "%PDF-", 5);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(str_c(&one), str_c(&two), one.n);
	assert_true(pages_of(&one) >= 3 && pages_of(&one) <= 5);
	assert_non_null(memmem(str_c(&one), one.n, "CreationDate (20261118", 22)); /* the paper's date, not today's */
	str_release(&one);
	str_release(&two);
	arena_release(&a);
	(void)state;
}

static const char *much(struct arena *a, const char *unit, size_t times)
{
	size_t n = strlen(unit);
	char *all = arena_alloc(a, n * times + 1);
	for (size_t i = 0; i < times; i++)
		memcpy(all + i * n, unit, n);
	return all;
}

static void hostile_text_is_set_or_refused_in_time(void **state)
{
	static const struct {
		const char *name, *unit;
		size_t times;
		int result; /* 0, or -1: refused */
	} cases[] = {
		{"a word of a megabyte", "x", 1 << 20, 0},
		{"a megabyte of words", "word and ", 120000, 0},
		{"controls", "\x01\x02\x1b[31m\x7f\r\n\t", 100, 0},
		{"directions turned around", "\xe2\x80\xae" "abc" "\xe2\x81\xa6", 5000, 0},
		{"piled-up accents", "a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85", 3000, 0},
		{"nothing but line ends", "\n", 30000, 0},
		{"Arabic", "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 ", 20000, 0},
		{"markup", "<b>&amp;</b>", 1000, 0},
		{"not UTF-8", "abc \xff\xfe ", 3, -1},
		{"half a letter", "abc \xe2\x82", 1, -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena a = {0};
		struct paper p;
		struct str pdf = {0};
		struct err err = {0};
		sample(&p, &a, 2);
		const char *text = much(&a, cases[i].unit, cases[i].times);
		for (int kind = 0; kind < PAPER_KIND_COUNT; kind++)
			paper_add(&p, &a, kind, text);
		int64_t before = clock_ms();
		int result = paper_pdf(&p, &pdf, &err);
		if (result != cases[i].result || clock_ms() - before > 15000)
			fail_msg("%s: %d after %lld ms, %s", cases[i].name, result, (long long)(clock_ms() - before), err.text);
		if (getenv("PLN_SHOW_TIMES") != NULL)
			print_message("%s: %lld ms\n", cases[i].name, (long long)(clock_ms() - before));
		if (result < 0)
			assert_non_null(strstr(err.text, "not UTF-8"));
		str_release(&pdf);
		arena_release(&a);
	}
	(void)state;
}

static void five_thousand_rows_keep_their_heads(void **state)
{
	struct arena a = {0};
	struct paper p;
	struct str pdf = {0};
	struct err err = {0};
	sample(&p, &a, 5000);
	if (paper_pdf_within(&p, 60000, &pdf, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(pages_of(&pdf) > 100);
	str_release(&pdf);
	arena_release(&a);
	(void)state;
}

static void a_paper_without_end_is_refused(void **state)
{
	struct arena a = {0};
	struct paper p = {.title = "", .author = "", .foot = ""};
	struct str pdf = {0};
	struct err err = {0};
	for (int i = 0; i < 90000; i++)
		paper_add(&p, &a, PAPER_HEADING, "x");
	assert_int_equal(paper_pdf_within(&p, 60000, &pdf, &err), -1);
	assert_non_null(strstr(err.text, "more than 1000 pages"));
	assert_int_equal(pdf.n, 0);
	struct paper large = {.title = much(&a, "y", PAPER_MAX), .author = "", .foot = ""};
	assert_int_equal(paper_pdf(&large, &pdf, &err), -1);
	assert_non_null(strstr(err.text, "larger than"));
	str_release(&pdf);
	arena_release(&a);
	(void)state;
}

static void a_program_that_fails_is_told_of(void **state)
{
	static const struct {
		const char *script; /* NULL: there is none */
		const char *want;
	} cases[] = {
		{NULL, "does not start"},
		{"#!/bin/sh\nexec sleep 60\n", "took longer than"},
		{"#!/bin/sh\nkill -9 $$\n", "signal 9"},
		{"#!/bin/sh\ncat >/dev/null\necho the fonts are gone >&2\nexit 70\n", "exit 70: the fonts are gone"},
		{"#!/bin/sh\nexit 0\n", "ended with exit 0"},
		{"#!/bin/sh\nexec yes %PDF-\n", "larger than"},
		{"#!/bin/sh\nexec 1>&- 2>&-\nexec sleep 60\n", "signal 9"},
	};
	struct arena a = {0};
	struct paper p;
	scratch path;
	scratch_file(path);
	sample(&p, &a, 3000); /* more than a pipe holds */
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str pdf = {0};
		struct err err = {0};
		unlink(path);
		if (cases[i].script != NULL)
			assert_int_equal(file_write(path, span_of(cases[i].script), 0755, &err), 0);
		setenv("PLNPOST_PRINT", path, 1);
		int64_t before = clock_ms();
		assert_int_equal(paper_pdf_within(&p, 1000, &pdf, &err), -1);
		if (strstr(err.text, cases[i].want) == NULL || clock_ms() - before > 5000)
			fail_msg("case %zu: %s (%lld ms)", i, err.text, (long long)(clock_ms() - before));
		assert_int_equal(pdf.n, 0);
		str_release(&pdf);
	}
	unlink(path);
	setenv("PLNPOST_PRINT", program, 1);
	arena_release(&a);
	(void)state;
}

/* An empty page would be signed for. */
static void without_fonts_there_is_no_paper(void **state)
{
	static const char config[] = "/usr/share/fontconfig/conf.avail/10-hinting-slight.conf"; /* one that names no folder of fonts */
	struct arena a = {0};
	struct paper p;
	struct str pdf = {0}, script = {0};
	struct err err = {0};
	scratch path;
	if (access(config, R_OK) < 0)
		skip();
	scratch_file(path);
	str_printf(&script, "#!/bin/sh\nFONTCONFIG_FILE=%s exec %s \"$@\"\n", config, program);
	assert_int_equal(file_write(path, (struct span){script.p, script.n}, 0755, &err), 0);
	setenv("PLNPOST_PRINT", path, 1);
	sample(&p, &a, 2);
	assert_int_equal(paper_pdf(&p, &pdf, &err), -1);
	if (strstr(err.text, "no font is installed") == NULL)
		fail_msg("%s", err.text);
	setenv("PLNPOST_PRINT", program, 1);
	unlink(path);
	str_release(&pdf);
	str_release(&script);
	arena_release(&a);
	(void)state;
}

static void what_is_no_paper_is_refused(void **state)
{
	struct arena a = {0};
	struct paper p, out;
	struct str packed = {0};
	struct err err = {0};
	sample(&p, &a, 3);
	paper_pack(&packed, &p);
	assert_int_equal(paper_unpack((struct span){str_c(&packed), packed.n}, &a, &out, &err), 0);
	assert_int_equal(out.n, p.n);
	assert_string_equal(out.lines[5].cells.v[2], ">Minutes");
	assert_int_equal(out.lines[5].widths[1], 10);
	for (size_t n = 0; n < packed.n; n++)
		assert_int_equal(paper_unpack((struct span){str_c(&packed), n}, &a, &out, &err), -1);
	for (size_t i = 9; i < packed.n; i++) { /* any byte may lie: no crash, whatever it answers */
		packed.p[i] = (char)(packed.p[i] ^ 0x80);
		paper_unpack((struct span){str_c(&packed), packed.n}, &a, &out, &err);
		packed.p[i] = (char)(packed.p[i] ^ 0x80);
	}
	str_putc(&packed, 'x');
	assert_int_equal(paper_unpack((struct span){str_c(&packed), packed.n}, &a, &out, &err), -1);
	str_release(&packed);
	arena_release(&a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_paper_becomes_a_pdf_the_same_each_time), cmocka_unit_test(hostile_text_is_set_or_refused_in_time),
		cmocka_unit_test(five_thousand_rows_keep_their_heads),      cmocka_unit_test(a_paper_without_end_is_refused),
		cmocka_unit_test(a_program_that_fails_is_told_of),          cmocka_unit_test(what_is_no_paper_is_refused),
		cmocka_unit_test(without_fonts_there_is_no_paper),
	};
	const char *named = getenv("PLNPOST_PRINT");
	for (size_t i = 0; named != NULL && i < sizeof program - 1 && named[i] != '\0'; i++)
		program[i] = named[i];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
