#ifndef GATEWAY_READ_HTML_H
#define GATEWAY_READ_HTML_H

#include "gateway/read/parts.h"

/* Between the html-*.c files. html-parse.c has libxml2 read the page, html.c walks it, html-tag.c knows what elements and their attributes
 * mean, html-text.c writes the lines. */

/* ---- what an element does */
enum html_tag {
	HTML_BLOCK = 1,      /* begins and ends a line */
	HTML_PARAGRAPH = 2,  /* with an empty line around it */
	HTML_SKIP = 4,       /* its text is not for readers */
	HTML_PRE = 8,
	HTML_BREAK = 16,
	HTML_RULE = 32,
	HTML_ITEM = 64,
	HTML_CELL = 128,
	HTML_HEADING = 256,
	HTML_LINK = 512,
	HTML_IMAGE = 1024,
	HTML_BLOCKQUOTE = 2048,
	HTML_HIDDEN = 4096,  /* the rest come from attributes: not displayed */
	HTML_QUOTE = 8192,   /* a container that a mail program puts around what it quotes or forwards */
	HTML_TAIL = 16384,   /* from here on it is quoted or forwarded */
	HTML_INTRO = 32768,  /* "On … wrote:" */
	HTML_SIGNATURE = 65536
};

struct html_element {
	unsigned does; /* enum html_tag bits */
	const char *href, *src, *alt; /* as libxml2 decoded them; NULL */
	int width, height;            /* -1 unknown */
};
/* name in lower case, attributes as libxml2's pairs ending with NULL. */
void html_element_read(const char *name, const char *const *attributes, struct html_element *);
/* An address as written, for comparing and for following: no blanks around, no tabs, line breaks or controls inside. NULL when it is not http(s). */
const char *html_url_seen(struct arena *, struct span written);

/* ---- html-parse.c: what a page holds, in its order */
struct html_events {
	void (*start)(void *ctx, const char *name, const char *const *attributes); /* as html_element_read takes them */
	void (*end)(void *ctx);
	void (*text)(void *ctx, struct span); /* not empty */
};
void html_parse(struct span page, struct arena *, const struct html_events *, void *ctx);

/* ---- html.c */
/* html_read; aside: whether words may lie aside. The answers are the same. */
void html_page_read(struct span page, bool aside, struct arena *, struct body *);

/* ---- what libxml2 need not look at: html-aside.c */
enum html_piece_is { PIECE_READ /* by libxml2 */, PIECE_WORDS, PIECE_VALUE, PIECE_START, PIECE_END, PIECE_ELEMENT /* with its words, or without any content */ };
struct html_piece {
	enum html_piece_is is;
	unsigned does;                      /* of an element without attributes that say something; else */
	const struct html_element *element; /* this */
	struct span words;                  /* of the page, with &amp; and &nbsp; */
	size_t end;                         /* of a start: behind its end */
};
struct html_pieces {
	const struct html_piece *v;
	size_t n;
};
struct html_aside {
	struct html_piece *v;
	size_t n;
};
/* Takes the first pieces off what libxml2 has made; own: room for one that it has read itself. *text is not empty. */
struct html_pieces html_aside_next(const struct html_aside *, struct span *text, struct html_piece *own);
struct span html_aside_words(const struct html_piece *, struct arena *); /* without references */

/* A copy of the page without what libxml2 would read for nothing, or at too high a cost: comments, style sheets, attributes
 * that html_element_read does not ask for, NULs. */
struct span html_tame(struct span html, struct arena *, struct html_aside *);

/* ---- the lines being written */
struct html_text {
	struct arena *arena;
	struct str out;
	struct body_line *lines; /* text.p is set by html_text_end */
	size_t n;
	size_t line_start;
	bool open;               /* the line has visible text */
	int want;                /* before the next text: 0 nothing, 1 a new line, 2 and an empty one */
	bool blank;              /* a blank before the next text */
	bool tab;                /* the next text is another cell of the row */
	unsigned blanks;         /* empty lines just written */
	unsigned marks, next_marks; /* of the text now; of the next line only */
	unsigned depth;             /* quote structures around the text now */
	unsigned line_marks, line_depth;
};
void html_text_break(struct html_text *, int want);
void html_text_line(struct html_text *); /* <br>: ends the line, even an empty one */
void html_text_add(struct html_text *, const char *p, size_t n, bool pre);
/* Closes the last line, sets the spans and their quote levels. */
void html_text_end(struct html_text *, struct body *);

/* The first bare http(s) URL or www. name in the text at or after *from, which moves behind it; false when there is none. */
bool html_bare_url(struct span text, size_t *from, struct span *url);

#endif
