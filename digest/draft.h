#ifndef DIGEST_DRAFT_H
#define DIGEST_DRAFT_H

#include "digest/forms.h"
#include "digest/value.h"

/* One letter being written: its tree of values, and the way from there to subject, text and HTML.
 * NAME.txt begins with "Subject: …"; NAME.html is optional in a campus folder, both are shipped. */
struct draft {
	const struct templates *templates;
	const struct frame_facts *facts;
	struct arena *arena;
	struct value *root;
	struct ready *ready; /* answers whose mailto: needs the subject, which the template writes */
	size_t n_ready;
};

void draft_begin(struct draft *, const struct templates *, const struct frame_facts *, struct arena *);
/* A mailto: URL under that key which opens an answer with that body. */
void draft_ready(struct draft *, struct value *map, const char *key, const char *body);
/* Title, link, site, note and so on of an entry, as the templates know them. */
void draft_entry(struct draft *, struct value *map, const struct entry *);
/* Paragraphs of ours, in which *word* is a thing to reply: a list of lines, each a list of runs with "bold" and "run". */
void draft_lines(struct draft *, const char *key, const struct strs *lines);
/* 0, or -1; the letter is untouched then. */
int draft_write(struct draft *, const char *name, struct letter *, struct err *);

/* templates.c: the campus's template of that name, else the shipped one; NULL. */
const char *template_text(const struct templates *, struct span name);
/* Puts the styles of look.ini into the map: those of the campus, then those that it leaves out. */
int template_look(const struct templates *, struct value *map, struct arena *, struct err *);
/* What {{> name}} means in a template: the file NAME with the same ending. NULL. */
const char *template_partial(const struct templates *, const char *user, struct span name);

/* wrap.c: prose wrapped at 72 columns with the indent of its own line, no blanks at line ends, one empty line at most. */
const char *wrap_text(struct arena *, const char *text);

#endif
