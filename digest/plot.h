#ifndef DIGEST_PLOT_H
#define DIGEST_PLOT_H

#include "rules/arena.h"
#include "rules/str.h"

/* Plots as SVG (SVG 1.1) to stand inside an HTML page: no script, nothing loaded, a title and a description for who cannot see it,
 * every figure as text. Series differ by form (solid, outlined), never by colour alone; colours come from the page's style by the
 * classes plot-ink, plot-mute, plot-a, plot-b, plot-hidden and plot-line. Drawn for 360 units, so that its text reads on a phone. */

#define PLOT_HIDDEN (-1) /* a figure that is not told: too few people stand behind it */

struct plot_row {
	const char *label;
	const int64_t *values; /* one a column, from 0 up, or PLOT_HIDDEN */
};

struct plot {
	const char *id;           /* unique in its page: letters and digits */
	const char *title, *desc; /* what it shows, and what to see in it */
	const char *const *columns;
	size_t n_columns;
	const struct plot_row *rows;
	size_t n_rows;
	bool minutes;             /* figures are minutes (hours_text); else plain numbers */
	const char *hidden;       /* what stands for a figure that is not told */
};

void plot_bars(struct str *out, const struct plot *, struct arena *);   /* each column a bar to the right; a row is a series, two at most */
void plot_strips(struct str *out, const struct plot *, struct arena *); /* each row a drawing of its own: a strip of upright bars; one scale for all */

#endif
