#ifndef RULES_CSV_H
#define RULES_CSV_H

#include "rules/err.h"
#include "rules/str.h"

/* Comma-separated values (RFC 4180), record by record; comma, semicolon or tab, whichever is commonest in the first line. */
#define CSV_FIELDS 64
#define CSV_FIELD_BYTES 4096

struct csv {
	const char *file; /* for messages */
	struct span rest;
	char separator;
	int line;         /* where the record begins */
	int next_line;
	struct str field[CSV_FIELDS];
	size_t n;
};

void csv_open(struct csv *, const char *file, struct span text); /* the text stays the caller's */
void csv_close(struct csv *);
/* The next record that is not an empty line: 1, 0 at the end, -1 with file:line. */
int csv_record(struct csv *, struct err *);
struct span csv_field(const struct csv *, size_t i); /* trimmed; empty behind the last; until the next record */

/* ---- writing: a comma before every cell but the first, quotes where they must be. What a spreadsheet would run as a formula (it
 * begins with = + - @ or their full-width forms, and is no plain number) gets an apostrophe in front, which the reader keeps. */
#define CSV_BOM "\xef\xbb\xbf"
void csv_cell(struct str *, const char *text, bool first); /* NULL is empty */
void csv_end(struct str *);                                /* of the record */

#endif
