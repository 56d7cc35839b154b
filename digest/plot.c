#include "digest/plot.h"

#include "digest/forms.h"
#include "digest/mustache.h"

#define WIDTH 360
#define BAR_MOST 264 /* leaves room for the figure */
#define BAR_HEIGHT 13
#define LABEL_HEIGHT 17
#define BARS_GAP 9
#define STRIP_HEIGHT 38
#define STRIP_STEP 82
#define LEGEND_HEIGHT 22

static const char *figure(struct arena *arena, const struct plot *p, int64_t value)
{
	if (value < 0)
		return p->hidden;
	return p->minutes ? hours_text(arena, value) : grouped_text(arena, value);
}

static int64_t largest(const struct plot *p)
{
	int64_t most = 1;
	for (size_t r = 0; r < p->n_rows; r++)
		for (size_t c = 0; c < p->n_columns; c++)
			most = p->rows[r].values[c] > most ? p->rows[r].values[c] : most;
	return most;
}

/* Tenths of a unit, at least one unit for anything above nothing. */
static int scaled(int64_t value, int64_t most, int units)
{
	if (value <= 0)
		return 0;
	int tenths = (int)((double)value * units * 10 / (double)most);
	return tenths < 10 ? 10 : tenths;
}

static void put_text(struct str *out, const char *class, int x, int y, const char *anchor, const char *text)
{
	str_printf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\"%s%s%s>", class, x, y, anchor[0] == '\0' ? "" : " text-anchor=\"", anchor,
	           anchor[0] == '\0' ? "" : "\"");
	mustache_put(out, text, MUSTACHE_HTML);
	str_puts(out, "</text>\n");
}

static void begin(struct str *out, const struct plot *p, int height)
{
	str_printf(out, "<svg class=\"plot\" role=\"img\" aria-labelledby=\"%s-t %s-d\" viewBox=\"0 0 %d %d\" xmlns=\"http://www.w3.org/2000/svg\">\n", p->id,
	           p->id, WIDTH, height);
	str_printf(out, "<title id=\"%s-t\">", p->id);
	mustache_put(out, p->title, MUSTACHE_HTML);
	str_printf(out, "</title>\n<desc id=\"%s-d\">", p->id);
	mustache_put(out, p->desc, MUSTACHE_HTML);
	str_puts(out, "</desc>\n");
}

/* ---- bars to the right */

static void legend(struct str *out, const struct plot *p)
{
	for (size_t r = 0; r < p->n_rows; r++) {
		int x = (int)r * (WIDTH / 2);
		str_printf(out, "<rect class=\"%s\" x=\"%d\" y=\"4\" width=\"12\" height=\"10\"/>\n", r == 0 ? "plot-a" : "plot-b", x + 1);
		put_text(out, "plot-mute", x + 19, 13, "", p->rows[r].label);
	}
}

static void one_bar(struct str *out, const struct plot *p, size_t row, size_t column, int y, int64_t most, struct arena *arena)
{
	int64_t value = p->rows[row].values[column];
	int tenths = value < 0 ? 240 : scaled(value, most, BAR_MOST);
	const char *class = value < 0 ? "plot-hidden" : row == 0 ? "plot-a" : "plot-b";
	if (tenths > 0)
		str_printf(out, "<rect class=\"%s\" x=\"1\" y=\"%d\" width=\"%d.%d\" height=\"%d\"/>\n", class, y, tenths / 10, tenths % 10, BAR_HEIGHT - 2);
	put_text(out, "plot-ink", tenths / 10 + 8, y + 10, "", figure(arena, p, value));
}

void plot_bars(struct str *out, const struct plot *p, struct arena *arena)
{
	int top = p->n_rows > 1 ? LEGEND_HEIGHT : 0;
	int step = LABEL_HEIGHT + (int)p->n_rows * BAR_HEIGHT + BARS_GAP;
	int64_t most = largest(p);
	begin(out, p, top + (int)p->n_columns * step);
	if (p->n_rows > 1)
		legend(out, p);
	for (size_t c = 0; c < p->n_columns; c++) {
		int y = top + (int)c * step;
		put_text(out, "plot-mute", 0, y + 12, "", p->columns[c]);
		for (size_t r = 0; r < p->n_rows; r++)
			one_bar(out, p, r, c, y + LABEL_HEIGHT + (int)r * BAR_HEIGHT, most, arena);
	}
	str_puts(out, "</svg>\n");
}

/* ---- strips */

static size_t peak_of(const struct plot *p, const struct plot_row *row)
{
	size_t peak = 0;
	for (size_t c = 1; c < p->n_columns; c++)
		if (row->values[c] > row->values[peak])
			peak = c;
	return peak;
}

static void upright(struct str *out, const struct plot *p, const struct plot_row *row, size_t c, int base, int64_t most, struct arena *arena)
{
	int step = WIDTH / (int)p->n_columns, x = (int)c * step, width = step > 8 ? step - 6 : step;
	int64_t value = row->values[c];
	int tenths = value < 0 ? 60 : scaled(value, most, STRIP_HEIGHT);
	if (tenths == 0)
		return;
	int y = base * 10 - tenths;
	str_printf(out, "<rect class=\"%s\" x=\"%d\" y=\"%d.%d\" width=\"%d\" height=\"%d.%d\"><title>", value < 0 ? "plot-hidden" : "plot-a", x + 3, y / 10,
	           y % 10, width, tenths / 10, tenths % 10);
	mustache_put(out, arena_printf(arena, "%s, %s: %s", row->label, p->columns[c], figure(arena, p, value)), MUSTACHE_HTML);
	str_puts(out, "</title></rect>\n");
}

static void strip(struct str *out, const struct plot *p, const struct plot_row *row, int y, int64_t most, struct arena *arena)
{
	int base = y + STRIP_STEP - 20, step = WIDTH / (int)p->n_columns;
	size_t peak = peak_of(p, row);
	put_text(out, "plot-ink plot-label", 0, y + 13, "", row->label);
	if (row->values[peak] > 0)
		put_text(out, "plot-mute", WIDTH - 1, y + 13, "end", arena_printf(arena, "most: %s, %s", figure(arena, p, row->values[peak]), p->columns[peak]));
	for (size_t c = 0; c < p->n_columns; c++) {
		upright(out, p, row, c, base, most, arena);
		/* the month's first letters fit where twelve stand beside each other */
		put_text(out, "plot-mute plot-small", (int)c * step + step / 2, base + 12, "middle",
		         arena_strndup(arena, p->columns[c], utf8_prefix(p->columns[c], strlen(p->columns[c]), 3)));
	}
	str_printf(out, "<line class=\"plot-line\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", WIDTH, base, base);
}

void plot_strips(struct str *out, const struct plot *p, struct arena *arena)
{
	int64_t most = largest(p);
	str_puts(out, "<div class=\"strips\">\n");
	for (size_t r = 0; r < p->n_rows && p->n_columns > 0; r++) {
		struct plot one = *p;
		one.id = arena_printf(arena, "%s%zu", p->id, r);
		one.title = arena_printf(arena, "%s: %s", p->title, p->rows[r].label);
		begin(out, &one, STRIP_STEP);
		strip(out, p, &p->rows[r], 0, most, arena);
		str_puts(out, "</svg>\n");
	}
	str_puts(out, "</div>\n");
}
