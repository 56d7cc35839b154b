#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/read/html-tame.h"
#include "rules/arena.h"
#include "tests/same-body.h"

static struct arena arena;

static void must_be_same(struct span page)
{
	struct body fast, slow;
	html_page_read(page, true, &arena, &fast);
	html_page_read(page, false, &arena, &slow);
	const char *difference = body_difference(&fast, &slow);
	if (difference != NULL)
		fail_msg("%s: %.*s\n%s\n%s", difference, SPAN_ARG(page), fast.text, slow.text);
	arena_release(&arena);
}

/* ---- what lies aside */
static void words_and_addresses_lie_aside(void **state)
{
	(void)state;
	static const struct {
		const char *page;
		size_t aside;
	} rows[] = {
		{"<p>These are words.</p>", 1},
		{"<p>few</p>", 0},
		{"<p>Fish &amp; chips,&nbsp;too</p>", 1},
		{"<p>It was the crew&rsquo;s idea, and the crew&#8217;s</p>", 2},
		{"<a href=\"https://x.example/?a=1&amp;b=2\">the whole story</a>", 2},
		{"<a href=https://x.example/>story</a><img src='https://x.example/i.png' alt='What it shows'>", 3},
		{"<a href=\"https://x.example/?a=1&copy=2\">story</a>", 0},
		{"<p class=\"a_class_of_its_own\" title=\"nobody asks for this\">x</p>", 0},
		{"<p>          </p>", 0},
		{"<p>zwei kurze W\xc3\xb6rter\x01</p>", 0},
		{"<p>zwei kurze W\xc3\xb6rter\xef\xbf\xbf</p>", 0},
		{"<<!-- joined -->http://x.example/ in a tag>", 0},
		{"<p>Some words &n<!-- joined -->bsp; and more</p>", 2},
		{"<!DOCTYPE html PUBLIC \"a <b>\"><p>These are words.</p>", 0},
		{"<!-- <p>These are words. --!> <p>These are words, too. --></p>", 0},
		{"<p \"<a>These are words.</p>\">", 0},
		{"<?x <p>These are words.</p>", 0},
		{"<style>a</b>These are words.</style>", 0},
		{"<p>These are words.</p>\xf3\xb0\x80\x80", 0},
		{"<p>These are words.</p>&#xf0000;", 0},
		{"<p>These are words.</p>&#983040;", 0},
		{"<p>These are words.</p>&#xc0000;", 0},
		{"<p>These are words.</p>&#978943;", 0},
		{"<p>These are words.</p>&#xbffff;", 1},
		{"<p>These are words.</p>&#128512;", 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct html_aside aside = {0};
		html_tame(span_of(rows[i].page), &arena, &aside);
		if (aside.n != rows[i].aside)
			fail_msg("%s: %zu", rows[i].page, aside.n);
		arena_release(&arena);
		must_be_same(span_of(rows[i].page));
	}
}

/* ---- elements that lie aside as a whole */
static void whole_elements_lie_aside(void **state)
{
	(void)state;
	static const struct {
		const char *page;
		size_t tags; /* that libxml2 still sees */
	} rows[] = {
		{"<div><p>Words</p>", 1},
		{"<div><p></p>", 1},
		{"<DIV><P title=x>Words</P>", 1},
		{"<td><br/><img alt=\"\"><b>Fish &amp; chips</b>", 1},
		{"<td><b>few<i>few</i>few<br></b>", 1},
		{"<td><b><i>few</i>", 2},
		{"<p><b>few</b></p>", 2},
		{"<ul><li><p>few</p></li>\n<li> </li></ul>", 2},
		{"<table><tbody>\n<tr><td>few</td> <td class=signature><p>few</p></td></tr>\n<tr></tr></tbody></table>", 2},
		{"<div><div><a>few</a></div></div></div>", 3},
		{"<div><a href=\"https://x.example/?a=1&amp;b=2\" href=\"https://y.example/\">few</a>", 1},
		{"<div><p style='display: none' class=a_class>few</p>", 1},
		{"<div><p/><b>few</b>", 2},
		/* what lies open is not known, or would be closed */
		{"<p>These are words.</p>", 2},
		{"<body><p>These are words.</p>", 3},
		{"<p><p>These are words.</p>", 3},
		{"<b><p>These are words.</p>", 3},
		{"<a><a>These are words.</a>", 3},
		{"<div></div><p>These are words.</p>", 4},
		{"<div></p><p>These are words.</p>", 4},
		{"<div><p \\><p>These are words.</p>", 4},
		{"<div><p><p>These are words.</p></p>", 5},
		{"<h1><div><b></div><p>These are words.</p>", 6},
		{"<p/><b>These are words.</b>", 3},
		{"<td><td/><b>These are words.</b>", 4},
		{"<td><td>These are words.</td>", 3},
		{"<ul><li><li>These are words.</li>", 4},
		{"<div><ol><ul>These are words.</ul></ol><b>few</b>", 7},
		/* something is for libxml2 to read */
		{"<div><p>few<br \\></p>", 4},
		{"<div><p>few</b>", 3},
		{"<div><p>few</p >", 3},
		{"<div><p>few</>", 3},
		{"<div><p>few", 2},
		{"<div><p>&eacute;</p>", 3},
		{"<div><p>few<b>&eacute;</b>few</p>", 5},
		{"<div><p class=\"signature &eacute;\">few</p>", 3},
		{"<div><p class=>few</p>", 3},
		{"<div><a href=\"https://x.example/?a=1&copy=2\">few</a>", 3},
		/* what stands before may go on */
		{"<div>&am<p>p;ere are words.</p>", 3},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct html_aside aside = {0};
		size_t tags = span_count(html_tame(span_of(rows[i].page), &arena, &aside), '<');
		if (tags != rows[i].tags)
			fail_msg("%s: %zu", rows[i].page, tags);
		arena_release(&arena);
		must_be_same(span_of(rows[i].page));
	}
}

/* libxml2 knows which closes which; html-open.c knows only some. */
static void any_element_in_any_other_reads_the_same(void **state)
{
	(void)state;
	static const char *const names[] = {"a", "address", "b", "big", "blockquote", "body", "button", "caption", "center", "col", "colgroup", "dd", "div", "dl", "dt", "em",
		"fieldset", "font", "form", "h1", "h2", "h3", "h4", "h6", "head", "i", "label", "legend", "li", "menu", "noscript", "o:p", "object", "ol", "option", "p", "pre",
		"s", "select", "small", "span", "strong", "sub", "sup", "svg", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "u", "ul"};
	static const char *const around[] = {"<div>", "<b>", "<table><tr><td>", "<ul><li>"};
	enum { NAMES = sizeof names / sizeof *names, AROUND = sizeof around / sizeof *around };
	struct str page = {.max = 1 << 10};
	for (size_t i = 0; i < NAMES * NAMES * AROUND; i++) {
		const char *outer = names[i % NAMES], *inner = names[i / NAMES % NAMES];
		str_clear(&page);
		str_printf(&page, "%sone<%s>two<%s>three</%s>four</%s>five<b>six</b>seven", around[i / NAMES / NAMES], outer, inner, inner, outer);
		must_be_same((struct span){page.p, page.n});
	}
	str_release(&page);
}

/* ---- whatever the page: pieces in all orders that a fixed seed gives */
static const char *const pieces[] = {
	"Some words ", " of a page", "wenig Stra\xc3\x9f""en", "   \n\t  ", "x", "\x01 a control \v character", "a noncharacter \xef\xbf\xbe here",
	"\xe2\x80\x8b\xe2\x80\x8bzero\xc2\xad", "&nbsp;", "&amp;", " Fish &amp; chips&nbsp;", "&rsquo;", "&#8217;s idea was this", "&bogus;", "&", "&#0;", "&amp",
	"<", "<3 hearts and", "</", "</ not a tag>", "<!", "<![endif]-->", "<?php is here", "?>", ">", "\"", "'", "=", "--!>", "-->", "<!-- words in here -->", "<!-- and here",
	"<!DOCTYPE html>", "<!DOCTYPE html PUBLIC \"a long one\" 'another'>", "<html>", "<head>", "<title>The title of it</title>", "</head>", "<body bgcolor=white>", "</body>", "</html>",
	"<meta http-equiv='Content-Type' content='text/html; charset=utf-16'>", "<p>", "<p class=MsoNormal>", "</p>", "<div>", "<div style='white-space: pre'>", "<div hidden>", "</div>",
	"<pre>", "</pre>", "<br>", "<br/>", "<b>", "</b>", "<o:p>", "</o:p>", "<p/>", "<td>", "<tr>", "<table>", "</table>", "<li>", "<h2>A heading</h2>", "<hr>",
	"<blockquote type=cite>", "</blockquote>", "<select><option>An option</option>", "</select>", "<a>", "</a>", "<a href=\"https://x.example/long?a=1&amp;b=2\">",
	"<a href='https://x.example/\n long'>", "<a href=https://x.example/long/>", "<a href=\"https://x.example/?a&copy=1\">", "<a href=\"https://x.example/</p>\">", "<a href=\"https://x.example/>--> \">",
	"<a href=\"mailto:somebody@x.example\">", "<a href=\"https://x.example/\" href=\"https://y.example/\">", "<a href=\"https://x.example/", "<a title=\"href\" href", "<a href=\"https://x.example/\"class=x>",
	"<img src=\"https://x.example/image.png\" alt=\"What it shows\" width=20>", "<img alt='Much &amp; more\xc2\xa0of it'>", "<img src=https://x.example/image.png/>", "<area href=https://x.example/area>",
	"<style>", "<style>a { color: red }</style>", "<style/>", "<style \"", "</style>", "<script>", "<script>if (a < b) words();</script>", "</script>", "<script>a</b>", "www.example.org/page", "http://x.example/bare",
	"<p>Words</p>", "<p>Some &amp; more words</p>\n", "<p></p>", "<b>few</b>", "<h1>A heading</h1>", "<div>A line</div>", "<div><br></div>", "<i>", "</i>", "<span>", "</span>", "<center>", "<ul>", "</ul>", "<ol>", "</ol>",
	"<a href=\"https://x.example/\">A link</a>", "<a>", "<td><p>In a cell</p></td>", "</td>", "</tr>", "<tbody>", "</li>", "<blockquote>", "<p>", "</p>", "<div>", "</div>", "<font>", "</font>",
};

static uint32_t seed = 1;

static size_t pick(size_t n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static void any_page_reads_the_same(void **state)
{
	(void)state;
	struct str page = {.max = 1 << 16};
	for (int i = 0; i < 10000; i++) {
		str_clear(&page);
		for (size_t n = 1 + pick(24); n > 0; n--)
			str_puts(&page, pieces[pick(sizeof pieces / sizeof *pieces)]);
		must_be_same((struct span){page.p, page.n});
	}
	str_release(&page);
}

/* More words than code points: the rest is read the long way. */
static void a_page_of_many_words_reads_the_same(void **state)
{
	(void)state;
	struct str page = {.max = 4 << 20};
	for (int i = 0; i < 66000; i++)
		str_printf(&page, "<p>Paragraph %d</p>", i);
	must_be_same((struct span){page.p, page.n});
	str_release(&page);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_addresses_lie_aside),
		cmocka_unit_test(whole_elements_lie_aside),
		cmocka_unit_test(any_element_in_any_other_reads_the_same),
		cmocka_unit_test(any_page_reads_the_same),
		cmocka_unit_test(a_page_of_many_words_reads_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
