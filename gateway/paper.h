#ifndef GATEWAY_PAPER_H
#define GATEWAY_PAPER_H

#include "rules/arena.h"
#include "rules/err.h"
#include "rules/str.h"

/* A printable document: what is on it, from top to bottom, and a PDF of it. Text is UTF-8 of any script; the layout is done by a
 * program of its own (plnpost-print: Pango and Cairo), so that the gateway need not load a text engine to answer `status`. */
enum paper_kind {
	PAPER_TITLE,   /* one cell */
	PAPER_HEADING,
	PAPER_TEXT,    /* a paragraph */
	PAPER_SMALL,
	PAPER_COLUMNS, /* begins a table: its heads; widths: relative, one a column; a head that begins with '>' is set to the right */
	PAPER_ROW,     /* of the table */
	PAPER_SUM,     /* its last line, in bold */
	PAPER_BAR,     /* cells: label, approved, waiting, whole (minutes) */
	PAPER_SIGN,    /* a line to sign on: its caption; a second cell: another line beside it */
	PAPER_KIND_COUNT
};
struct paper_line {
	enum paper_kind kind;
	struct strs cells;
	const int *widths; /* PAPER_COLUMNS; NULL = all alike */
};
enum paper_size { PAPER_A4, PAPER_LETTER };
struct paper {
	const char *title, *author, *foot; /* foot: on every page, with the page's number */
	struct paper_line *lines;
	size_t n;
	enum paper_size size; /* config_paper_size */
	int64_t date;         /* UTC seconds, in the file's properties: the same paper gives the same bytes */
};
struct paper_line *paper_add(struct paper *, struct arena *, enum paper_kind, const char *first); /* first NULL: no cell yet */
/* 0; -1 with what is wrong and the mend (plnpost-print is not installed, took too long …). pdf->max 0 = PAPER_PDF_MAX. */
int paper_pdf(const struct paper *, struct str *pdf, struct err *);
int paper_pdf_within(const struct paper *, int ms, struct str *pdf, struct err *); /* paper_pdf: PAPER_MS */
#define PAPER_MS 20000
#define PAPER_PDF_MAX ((size_t)16 << 20)

/* ---- the way to plnpost-print */
#define PAPER_MAX ((size_t)16 << 20) /* bytes of a packed paper */
#define PAPER_COLUMNS_MAX 16
void paper_pack(struct str *, const struct paper *);
int paper_unpack(struct span, struct arena *, struct paper *, struct err *); /* trusts nothing. 0, or -1 */

#endif
