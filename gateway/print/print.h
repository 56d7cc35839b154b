#ifndef GATEWAY_PRINT_PRINT_H
#define GATEWAY_PRINT_PRINT_H

#include <pango/pangocairo.h>

#include "gateway/paper.h"

/* plnpost-print: a packed paper on standard input, a PDF on standard output. What it sets is other people's text, so it runs
 * in a cage: no network, nothing but fonts to read, bounded memory and time. Lengths are points (1/72 inch). */

#define MARGIN 50.0
#define PAGES_MAX 1000
#define CELL_MAX 20000 /* bytes of one cell that are set; a longer one ends in "…" */

/* What everything is set on, twice: once to count the pages, once to draw. */
struct sheet {
	const struct paper *paper;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoFontDescription *font;
	double width, height, y; /* y: where the next thing begins */
	int page, pages;         /* from 1; of how many, 0 while they are counted */
	const struct paper_line *heads; /* of the table in hand, for the next page; NULL */
	int failed;              /* too many pages */
};

struct look {
	double size;    /* of the letters */
	gboolean bold;
	double grey;    /* 0 = black */
	double above, below; /* room */
	double rule;    /* how dark the line under it is: 0 none … 1 black */
	double keep;    /* how much must still fit below it on the page */
	double gap;     /* between columns */
};

/* layout.c */
gboolean sheet_drawing(const struct sheet *);
double sheet_bottom(const struct sheet *);
void sheet_next_page(struct sheet *);
int print_paper(const struct paper *, cairo_write_func_t, void *ctx, struct err *); /* 0, or -1 */
/* row.c: cells beside one another from the left margin to the right one, broken over pages where they must. */
void row_set(struct sheet *, const struct look *, const struct strs *cells, const struct paper_line *columns);
PangoLayout *text_layout(struct sheet *, const struct look *, const char *text, double width);
/* cage.c */
int print_cage(struct err *);

#endif
