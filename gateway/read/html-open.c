#include <strings.h>

#include "gateway/read/html-tame.h"
#include "rules/eight.h"

/* What elements are, and which of them surely lie open in libxml2 at a place of the page: the innermost ones, as far as each
 * start tag tells. One that closes none of them, and is closed by its own end tag, leaves libxml2 as it was: it may lie aside
 * as a whole (html-whole.c). */

/* Where an element stands in libxml2's table of what closes what, so far as these are concerned. */
enum {
	INLINE = 1, /* closes nothing; <a> its own kind */
	BLOCK = 2,  /* closes paragraphs, headings and inline ones; <ol> and <ul> each other */
	EMPTY = 4,  /* closes nothing, and is not open behind its start tag */
	FIRM = 8,   /* is closed by no INLINE and no BLOCK */
	SECTION = 16, TABLE_ROW = 32, CELL = 64, ITEM = 128 /* close their own kind and more, but nothing where they belong */
};

#define NAME(s) s, sizeof(s) - 1
static const struct html_name elements[] = { /* the most frequent first */
	{NAME("p"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH, BLOCK, 0},
	{NAME("td"), ELEMENT_OTHER, HTML_CELL, FIRM | CELL, 0},
	{NAME("a"), ELEMENT_LINK, HTML_LINK, INLINE, 0},
	{NAME("tr"), ELEMENT_OTHER, HTML_BLOCK, FIRM | TABLE_ROW, CELL},
	{NAME("div"), ELEMENT_OTHER, HTML_BLOCK, BLOCK | FIRM, 0},
	{NAME("span"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("img"), ELEMENT_IMAGE, HTML_IMAGE, EMPTY, 0},
	{NAME("br"), ELEMENT_OTHER, HTML_BREAK, EMPTY, 0},
	{NAME("table"), ELEMENT_OTHER, HTML_BLOCK, BLOCK | FIRM, SECTION | TABLE_ROW},
	{NAME("tbody"), ELEMENT_OTHER, 0, FIRM | SECTION, TABLE_ROW},
	{NAME("b"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("strong"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("font"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("em"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("i"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("u"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("li"), ELEMENT_OTHER, HTML_BLOCK | HTML_ITEM, FIRM | ITEM, 0},
	{NAME("ul"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH, BLOCK, ITEM},
	{NAME("ol"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH, BLOCK, ITEM},
	{NAME("th"), ELEMENT_OTHER, HTML_CELL, FIRM | CELL, 0},
	{NAME("center"), ELEMENT_OTHER, HTML_BLOCK, BLOCK | FIRM, 0},
	{NAME("h1"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH | HTML_HEADING, BLOCK, 0},
	{NAME("h2"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH | HTML_HEADING, BLOCK, 0},
	{NAME("h3"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH | HTML_HEADING, BLOCK, 0},
	{NAME("h4"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH | HTML_HEADING, BLOCK, 0},
	{NAME("small"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("sup"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("sub"), ELEMENT_OTHER, 0, INLINE, 0},
	{NAME("blockquote"), ELEMENT_QUOTE, HTML_BLOCK | HTML_BLOCKQUOTE, BLOCK | FIRM, 0},
	{NAME("address"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("area"), ELEMENT_LINK, HTML_LINK, 0, 0},
	{NAME("article"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("aside"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("body"), ELEMENT_WHOLE, HTML_BLOCK, 0, 0},
	{NAME("caption"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("dd"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("dir"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("dl"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH, 0, 0},
	{NAME("dt"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("fieldset"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("figcaption"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("figure"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("footer"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("form"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("h5"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH | HTML_HEADING, 0, 0},
	{NAME("h6"), ELEMENT_OTHER, HTML_BLOCK | HTML_PARAGRAPH | HTML_HEADING, 0, 0},
	{NAME("head"), ELEMENT_WHOLE, 0, 0, 0},
	{NAME("header"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("hr"), ELEMENT_OTHER, HTML_BLOCK | HTML_RULE, 0, 0},
	{NAME("html"), ELEMENT_WHOLE, 0, 0, 0},
	{NAME("iframe"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("main"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("menu"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("meta"), ELEMENT_WHOLE, 0, 0, 0},
	{NAME("nav"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("noframes"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("object"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("pre"), ELEMENT_PRE, HTML_BLOCK | HTML_PARAGRAPH | HTML_PRE, 0, 0},
	{NAME("script"), ELEMENT_RAW, HTML_SKIP, 0, 0},
	{NAME("section"), ELEMENT_OTHER, HTML_BLOCK, 0, 0},
	{NAME("select"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("style"), ELEMENT_RAW, HTML_SKIP, 0, 0},
	{NAME("svg"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("template"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("textarea"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("title"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME("xml"), ELEMENT_OTHER, HTML_SKIP, 0, 0},
	{NAME(""), ELEMENT_OTHER, 0, 0, 0},
};

/* The first letters in lower case. Nothing but control characters changes into another that a name has. */
static uint64_t key_of(struct span name)
{
	uint64_t key = 0;
	for (size_t i = 0; i < name.n && i < EIGHT; i++)
		key |= (uint64_t)(unsigned char)(name.p[i] | 0x20) << 8 * i;
	return key;
}

const struct html_name *html_name_find(const struct html_name *v, struct span name)
{
	uint64_t key = key_of(name);
	for (; v->n > 0; v++)
		if (eight_load(v->name) == key && v->n == name.n && (name.n <= EIGHT || strncasecmp(v->name + EIGHT, name.p + EIGHT, name.n - EIGHT) == 0))
			break;
	return v;
}

const struct html_name *html_element_named(struct span name)
{
	return html_name_find(elements, name);
}

bool html_name_is_empty(const struct html_name *name)
{
	return (name->place & EMPTY) != 0;
}

bool html_open_takes(const struct html_open *open, const struct html_name *name)
{
	if (open->n == 0)
		return false;
	const struct html_name *inner = open->v[open->n - 1].name;
	if ((name->place & (INLINE | EMPTY)) != 0)
		return name->what != ELEMENT_LINK || name != inner;
	return (name->place & inner->holds) != 0 || ((name->place & BLOCK) != 0 && (inner->place & FIRM) != 0);
}

void html_open_start(struct html_open *open, const struct html_name *name, bool empty)
{
	if (html_name_is_empty(name))
		return;
	if (!html_open_takes(open, name) || open->n == sizeof open->v / sizeof *open->v)
		open->n = 0;
	if (name->place != 0 && !empty)
		open->v[open->n++] = (struct html_opened){.name = name};
}
