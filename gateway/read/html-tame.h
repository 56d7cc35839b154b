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

/* ---- names, and what lies open: html-open.c */
enum html_kind { ELEMENT_OTHER = 1, ELEMENT_IMAGE = 2, ELEMENT_LINK = 4, ELEMENT_QUOTE = 8, ELEMENT_WHOLE = 16, ELEMENT_RAW = 32, ELEMENT_PRE = 64, ELEMENT_ANY = 127 };
struct html_name {
	char name[16];
	unsigned char n;
	unsigned short what;  /* of an element its kind, of an attribute of which kinds it says something; bits above ELEMENT_ANY are html-attribute.c's */
	unsigned short place; /* html-open.c's */
};
/* Of a table that ends with n = 0, which stands for all that it does not have. */
const struct html_name *html_name_find(const struct html_name *, struct span);
const struct html_name *html_element_named(struct span);

struct html_open {
	const struct html_name *v[8]; /* the last is the innermost; around the first nothing is known */
	size_t n;
};
/* Whether it would close nothing of what lies open. */
bool html_open_takes(const struct html_open *, const struct html_name *);
void html_open_start(struct html_open *, const struct html_name *, bool empty);
void html_open_end(struct html_open *, const struct html_name *);

/* ---- html-attribute.c: which attributes say something */
struct html_attribute {
	struct span all, name, value;
	const struct html_name *is;
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
/* Whether the last of it stands for what lies aside. */
bool html_aside_ends(struct span tamed);
/* Writes what stands for the text; 0 bytes when it shall not lie aside. */
size_t html_aside_put(struct html_aside *, struct arena *, struct span text, char out[4]);
/* The same for an element with its words, however few. */
size_t html_aside_put_element(struct html_aside *, struct arena *, const struct html_piece *, char out[4]);

#endif
