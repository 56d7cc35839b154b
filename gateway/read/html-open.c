#include <strings.h>

#include "gateway/read/html-tame.h"
#include "rules/eight.h"

/* What surely lies open in libxml2 at a place of the page: the innermost elements, as far as each start tag tells. An element
 * that closes none of them, with nothing but words before its end tag, leaves libxml2 as it was: it may lie aside as a whole. */

/* What an element does to those that are open (libxml2's table of what closes what), so far as these are concerned. */
enum {
	INLINE = 1, /* closes nothing; <a> its own kind */
	BLOCK = 2,  /* closes paragraphs, headings and inline ones */
	ROW = 4,    /* closes more, and its own kind */
	FIRM = 8,   /* is closed by no INLINE and no BLOCK */
	VOID = 16   /* is not open behind its start tag, and closes nothing */
};

/* The most frequent first. */
static const struct html_name elements[] = {
	{"p", 1, ELEMENT_OTHER, BLOCK}, {"td", 2, ELEMENT_OTHER, ROW | FIRM}, {"a", 1, ELEMENT_LINK, INLINE}, {"tr", 2, ELEMENT_OTHER, ROW | FIRM}, {"div", 3, ELEMENT_OTHER, BLOCK | FIRM},
	{"span", 4, ELEMENT_OTHER, INLINE}, {"img", 3, ELEMENT_IMAGE, VOID}, {"br", 2, ELEMENT_OTHER, VOID}, {"table", 5, ELEMENT_OTHER, BLOCK | FIRM}, {"tbody", 5, ELEMENT_OTHER, ROW | FIRM},
	{"b", 1, ELEMENT_OTHER, INLINE}, {"strong", 6, ELEMENT_OTHER, INLINE}, {"font", 4, ELEMENT_OTHER, INLINE}, {"em", 2, ELEMENT_OTHER, INLINE}, {"i", 1, ELEMENT_OTHER, INLINE},
	{"u", 1, ELEMENT_OTHER, INLINE}, {"li", 2, ELEMENT_OTHER, ROW | FIRM}, {"ul", 2, ELEMENT_OTHER, BLOCK | FIRM}, {"ol", 2, ELEMENT_OTHER, BLOCK | FIRM}, {"th", 2, ELEMENT_OTHER, ROW | FIRM},
	{"center", 6, ELEMENT_OTHER, BLOCK | FIRM}, {"h1", 2, ELEMENT_OTHER, BLOCK}, {"h2", 2, ELEMENT_OTHER, BLOCK}, {"h3", 2, ELEMENT_OTHER, BLOCK}, {"h4", 2, ELEMENT_OTHER, BLOCK},
	{"small", 5, ELEMENT_OTHER, INLINE}, {"sup", 3, ELEMENT_OTHER, INLINE}, {"blockquote", 10, ELEMENT_QUOTE, BLOCK | FIRM}, {"area", 4, ELEMENT_LINK, 0}, {"style", 5, ELEMENT_RAW, 0},
	{"script", 6, ELEMENT_RAW, 0}, {"pre", 3, ELEMENT_PRE, 0}, {"html", 4, ELEMENT_WHOLE, 0}, {"body", 4, ELEMENT_WHOLE, 0}, {"head", 4, ELEMENT_WHOLE, 0}, {"meta", 4, ELEMENT_WHOLE, 0},
	{"", 0, ELEMENT_OTHER, 0},
};

/* The first letters in lower case; what is no letter stays, of what may stand in a name. */
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

bool html_open_takes(const struct html_open *open, const struct html_name *name)
{
	if (open->n == 0)
		return false;
	const struct html_name *inner = open->v[open->n - 1];
	if ((name->place & INLINE) != 0)
		return name->what != ELEMENT_LINK || name != inner;
	return (name->place & BLOCK) != 0 && (inner->place & FIRM) != 0;
}

void html_open_start(struct html_open *open, const struct html_name *name, bool empty)
{
	if ((name->place & VOID) != 0)
		return;
	if (!html_open_takes(open, name) || open->n == sizeof open->v / sizeof *open->v)
		open->n = 0;
	if (name->place != 0 && !empty)
		open->v[open->n++] = name;
}

void html_open_end(struct html_open *open, const struct html_name *name)
{
	open->n = open->n > 0 && open->v[open->n - 1] == name ? open->n - 1 : 0;
}
