#ifndef GATEWAY_READ_HTML_TAME_H
#define GATEWAY_READ_HTML_TAME_H

#include "gateway/read/html.h"

/* Between html-tame.c, html-attribute.c and html-aside.c: the page before libxml2 reads it. */

static inline bool html_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool html_is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static inline size_t html_skip_blanks(struct span s, size_t at)
{
	while (at < s.n && html_is_blank(s.p[at]))
		at++;
	return at;
}

/* ---- html-attribute.c: what an element is, and which attributes say something of it */
enum html_kind { ELEMENT_OTHER = 1, ELEMENT_IMAGE = 2, ELEMENT_LINK = 4, ELEMENT_QUOTE = 8, ELEMENT_WHOLE = 16, ELEMENT_RAW = 32, ELEMENT_PRE = 64, ELEMENT_ANY = 127 };
unsigned html_kind_of(struct span name);

struct html_attribute {
	struct span all, name, value;
	unsigned tells; /* of which kinds of elements; bits above ELEMENT_ANY are html-attribute.c's */
	bool aside;     /* it has a value, and that may lie aside */
};
/* name, name=value, name="value" at *at, which moves behind it. false: it is not in the plain form. */
bool html_attribute_read(struct span html, size_t *at, struct html_attribute *);
/* Whether html-tag.c asks for it; *pre becomes true when blanks may count from here on. */
bool html_attribute_tells(const struct html_attribute *, unsigned kind, bool *pre);

/* ---- html-aside.c */
bool html_aside_can(struct span page);
bool html_aside_forged(struct span tamed); /* NUL-terminated; it must be tamed again without */
/* How many bytes from the start may lie aside, as far as their characters go. */
size_t html_aside_run(struct span);
/* Writes what stands for the text; 0 bytes when it shall not lie aside. */
size_t html_aside_put(struct html_aside *, struct arena *, struct span text, char out[4]);

#endif
