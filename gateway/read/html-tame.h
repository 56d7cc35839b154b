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
	unsigned what;  /* of an element its kind, of an attribute of which kinds it says something; bits above ELEMENT_ANY are html-attribute.c's */
	unsigned does;  /* enum html_tag bits of an element */
	unsigned short place, holds; /* html-open.c's */
};
/* Of a table that ends with n = 0, which stands for all that it does not have. */
const struct html_name *html_name_find(const struct html_name *, struct span);
const struct html_name *html_element_named(struct span);
bool html_name_is_empty(const struct html_name *); /* <br>, <img> */

struct html_opened {
	const struct html_name *name;
	bool whole;         /* so far it may lie aside as a whole: */
	size_t from, piece; /* where it was written; its start, of what lies aside */
};
struct html_open {
	struct html_opened v[32]; /* the last is the innermost; around the first nothing is known */
	size_t n;
};
/* Whether it would close nothing of what lies open. */
bool html_open_takes(const struct html_open *, const struct html_name *);
void html_open_start(struct html_open *, const struct html_name *, bool empty);

/* ---- html-attribute.c: which attributes say something */
struct html_attribute {
	struct span all, name, value;
	const struct html_name *is;
	bool quoted;
	bool aside; /* it has a value, and that may lie aside */
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
bool html_aside_worth(struct span); /* to lie aside alone */
bool html_aside_full(const struct html_aside *);
bool html_aside_push(struct html_aside *, struct arena *, const struct html_piece *); /* false: it is full; an end always finds room */
/* Writes what stands for a piece; its length. */
size_t html_aside_code(size_t which, char out[4]);

/* ---- the page being written: html-tame.c */
struct html_tamed {
	struct span html;
	char *out; /* never longer than html: each byte that is written has been read */
	size_t n;
	struct arena *arena;
	struct html_aside *aside; /* NULL from where libxml2 may see tags elsewhere than this file does */
	bool pre;          /* from here on blanks may count */
	bool odd_comments; /* one was not in the plain form: no more are looked for */
	struct html_open open;
	size_t calm; /* here nothing that was written may go on */
	size_t own;  /* behind the last that libxml2 must read itself */
};

/* ---- elements that lie aside as a whole: html-whole.c */
struct html_start { /* a start tag */
	const struct html_name *name;
	bool empty;           /* "/>" */
	size_t from, n_aside; /* how much was written and lay aside before it */
	struct html_attribute told[8];
	size_t n_told;        /* may be more */
};
/* The tag ends at `at`: behind an element of words only, which lies aside now; 0 when it is no such element. */
size_t html_whole_leaf(struct html_tamed *, const struct html_start *, size_t at);
/* Any other start tag, and an end tag that has not been written; true: it need not be. */
void html_whole_start(struct html_tamed *, const struct html_start *);
bool html_whole_end(struct html_tamed *, const struct html_name *);

#endif
