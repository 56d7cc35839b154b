#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/page-title.h"

#define HUNDRED "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

static const struct {
	const char *type, *html, *title;
} pages[] = {
	{"text/html", "<title>Exit tickets</title>", "Exit tickets"},
	{"text/html", "<!DOCTYPE html><HTML><HEAD><TITLE lang=en data-x='>'>\n  Exit\n\ttickets </TITLE>", "Exit tickets"},
	{"text/html", "<title>a<b>c</title>", "a<b>c"},
	{"text/html", "<title>Q&amp;A &lt;3 &quot;x&quot; &#8211; &#x2014; caf&eacute;&hellip; &#150; &bogus; & &#xD800; &#99999999; AT&T</title>", "Q&A <3 \"x\" – — café… – &bogus; & AT&T"},
	{"text/html", "<title>&nbsp;\xe3\x80\x80 a\xc2\xa0 b &shy;\xe2\x80\xae\xe2\x80\x8b" "c&#0;&#1;&#27;[31m</title>", "a b c&#0; [31m"},
	{"text/html", "<title></title><meta property=\"og:title\" content='Shared &amp; seen'>", "Shared & seen"},
	{"text/html", "<meta content=\"First\" property=og:title><title>Own</title>", "Own"},
	{"text/html", "<meta name=description content=no><meta name='og:title' content=yes>", "yes"},
	{"text/html", "<script>document.write('<title>wrong</title>')</script><style>/*<title>wrong</title>*/</style><!-- <title>wrong</title> --><title>right</title>", "right"},
	{"text/html", "<titles>no</titles><head></head><title>too late</title>", ""},
	{"text/html", "<body><svg><title>icon</title></svg>", ""},
	{"text/html", "<title>never closed", ""},
	{"text/html", "<title", ""}, {"text/html", "", ""}, {"text/html", "<", ""}, {"text/html", "<!--<title>x</title>", ""}, {"text/html", "<meta content='", ""},
	{"text/html; charset=iso-8859-1", "<title>caf\xe9</title>", "café"},
	{"text/html; Charset = \"windows-1251\"", "<title>\xd3\xf0\xee\xea</title>", "Урок"},
	{"text/html", "<meta charset=shift_jis><title>\x8e\xf6\x8b\xc6</title>", "授業"},
	{"text/html", "<meta http-equiv=content-type content='text/html; charset=iso-8859-2'><title>\xb9kola</title>", "škola"},
	{"text/html", "<meta charset=utf-16><title>caf\xc3\xa9</title>", "café"},
	{"text/html; charset=iso-8859-1", "\xef\xbb\xbf<title>caf\xc3\xa9</title>", "café"},
	{"text/html", "<title>caf\xe9</title>", "café"},
	{"text/html; charset=utf-8", "<title>a\xff\xfe" "b</title>", "aÿþb"},
	{"text/html; charset=x-no-such-thing", "<title>plain</title>", "plain"},
	{"", "<title>no type</title>", "no type"},
	{"text/html", "<title>" HUNDRED HUNDRED "</title>", HUNDRED HUNDRED},
	{"text/html", "<title>" HUNDRED HUNDRED "x</title>", NULL /* cut */},
};

static void titles(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		struct arena arena = {0};
		const char *title = page_title(&arena, pages[i].type, span_of(pages[i].html));
		assert_true(strlen(title) <= PAGE_TITLE_MAX);
		assert_true(utf8_valid(title, strlen(title)));
		if (pages[i].title != NULL ? strcmp(title, pages[i].title) != 0 : strlen(title) != PAGE_TITLE_MAX || strstr(title, "7890123456…") == NULL)
			fail_msg("%s: got \"%s\", want \"%s\"", pages[i].html, title, pages[i].title == NULL ? "a cut one" : pages[i].title);
		arena_release(&arena);
	}
}

/* Linear whatever it is full of. */
static void is_quick(void **state)
{
	static const char *const fill[] = {"<title ", "<meta content=\"", "<", "<!--", "<script ", "<meta x ", "&amp", "<title>&#", "   ", "</title", "<meta charset=",
	                                   "<meta property=og:title content=' '>"};
	(void)state;
	for (size_t i = 0; i < sizeof fill / sizeof *fill; i++) {
		struct arena arena = {0};
		struct str page = {.max = (size_t)1 << 20};
		size_t from = 0;
		while (page.n < (size_t)512 << 10)
			str_puts(&page, fill[i]);
		page_title(&arena, "text/html", (struct span){page.p, page.n});
		for (; from < page.n; from += 4096)
			page_title_seen((struct span){page.p, from}, from < 4096 ? 0 : from - 4096);
		str_release(&page);
		arena_release(&arena);
	}
}

static void stops_early(void **state)
{
	static const struct {
		const char *html;
		size_t pad, from;
		bool seen;
	} rows[] = {
		{"<title>x</title>", 0, 0, false}, /* the charset may still come */
		{"<title>x</title>", 1100, 0, true}, {"<title>x</title>", 1100, 1000, true}, {"<head></head>", 0, 0, true}, {"<body>", 0, 0, true}, {"<title>x", 2000, 0, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str page = {0};
		str_puts(&page, rows[i].html);
		for (size_t n = 0; n < rows[i].pad; n++)
			str_putc(&page, ' ');
		if (page_title_seen((struct span){page.p, page.n}, rows[i].from) != rows[i].seen)
			fail_msg("row %zu", i);
		str_release(&page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(titles), cmocka_unit_test(is_quick), cmocka_unit_test(stops_early)};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
