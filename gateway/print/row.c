#include "gateway/print/print.h"

#define WORD_MAX 100

struct cell {
	PangoLayout *layout;
	PangoLayoutIter *at; /* the next line to set */
	double x, width;
	gboolean done;
};

static double points(int units)
{
	return (double)units / PANGO_SCALE;
}

/* Controls and what turns the reading direction of others around are not set; line and paragraph ends are. */
static uint32_t tame(uint32_t c)
{
	if (c == '\n' || c == 0x2028 || c == 0x2029)
		return '\n';
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return ' ';
	if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || c == 0xfffc)
		return 0;
	return c;
}

/* A word without end gets places to break it: Pango looks for its own in time that grows with the square. */
static void tame_text(struct str *out, const char *text)
{
	size_t n = strlen(text), keep = utf8_prefix(text, n, CELL_MAX);
	const char *p = text, *end = text + keep;
	int word = 0, ends = 0;
	while (p < end) {
		char bytes[4];
		uint32_t c = tame(utf8_next(&p, end));
		ends = c == '\n' ? ends + 1 : 0;
		word = c == '\n' || c == ' ' ? 0 : word + 1;
		if (c != 0 && ends <= 2)
			str_add(out, bytes, utf8_put(bytes, c));
		if (word % WORD_MAX == WORD_MAX - 1)
			str_puts(out, "\xe2\x80\x8b");
	}
	if (keep < n)
		str_puts(out, " …");
}

PangoLayout *text_layout(struct sheet *s, const struct look *look, const char *text, double width)
{
	struct str tamed = {0};
	PangoLayout *layout = pango_cairo_create_layout(s->cr);
	tame_text(&tamed, text);
	pango_font_description_set_absolute_size(s->font, look->size * PANGO_SCALE);
	pango_font_description_set_weight(s->font, look->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, s->font);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_text(layout, str_c(&tamed), (int)tamed.n);
	str_release(&tamed);
	return layout;
}

static gboolean right(const struct paper_line *columns, size_t i)
{
	return columns != NULL && columns->cells.v[i][0] == '>';
}

static double width_of(const struct sheet *s, const struct look *look, const struct paper_line *columns, size_t i)
{
	double all = 0, room = s->width - 2 * MARGIN;
	if (columns == NULL)
		return room;
	size_t n = columns->cells.n;
	room -= look->gap * (double)(n - 1);
	if (columns->widths == NULL)
		return room / (double)n;
	for (size_t k = 0; k < n; k++)
		all += columns->widths[k];
	return room * columns->widths[i] / all;
}

static double cells_begin(struct sheet *s, const struct look *look, const struct strs *texts, const struct paper_line *columns, struct cell *cells,
                          size_t n)
{
	double x = MARGIN, height = 0;
	for (size_t i = 0; i < n; i++) {
		int width, high;
		const char *text = i < texts->n ? texts->v[i] : "";
		struct cell *c = &cells[i];
		c->x = x;
		c->width = width_of(s, look, columns, i);
		x += c->width + look->gap;
		c->layout = text_layout(s, look, &text[columns != NULL && texts == &columns->cells && text[0] == '>'], c->width);
		if (right(columns, i))
			pango_layout_set_alignment(c->layout, PANGO_ALIGN_RIGHT);
		c->at = pango_layout_get_iter(c->layout);
		pango_layout_get_size(c->layout, &width, &high);
		if (points(high) > height)
			height = points(high);
	}
	return height;
}

static void draw_line(struct sheet *s, const struct cell *c, double y)
{
	PangoRectangle line;
	pango_layout_iter_get_line_extents(c->at, NULL, &line);
	cairo_move_to(s->cr, c->x + points(line.x), y);
	pango_cairo_show_layout_line(s->cr, pango_layout_iter_get_line_readonly(c->at));
}

/* Sets what fits of a cell above `bottom`; the first line in any case, or a page too small would never end. Answers how far it came. */
static double cell_lines(struct sheet *s, struct cell *c, double bottom)
{
	int top, end, first;
	double y = s->y;
	pango_layout_iter_get_line_yrange(c->at, &first, NULL);
	while (!c->done) {
		pango_layout_iter_get_line_yrange(c->at, &top, &end);
		if (s->y + points(end - first) > bottom && top != first)
			break;
		if (sheet_drawing(s))
			draw_line(s, c, s->y + points(pango_layout_iter_get_baseline(c->at) - first));
		y = s->y + points(end - first);
		c->done = !pango_layout_iter_next_line(c->at);
	}
	return y;
}

static gboolean cells_set(struct sheet *s, struct cell *cells, size_t n)
{
	double y = s->y, bottom = sheet_bottom(s);
	gboolean left = FALSE;
	for (size_t i = 0; i < n; i++) {
		if (cells[i].done)
			continue;
		cairo_save(s->cr);
		cairo_rectangle(s->cr, cells[i].x - 1, s->y - 1, cells[i].width + 2, bottom - s->y + 4);
		cairo_clip(s->cr); /* piled-up accents stay out of the neighbours */
		double reached = cell_lines(s, &cells[i], bottom);
		cairo_restore(s->cr);
		y = reached > y ? reached : y;
		left = left || !cells[i].done;
	}
	s->y = y;
	return left;
}

static void rule_below(struct sheet *s, const struct look *look)
{
	if (look->rule > 0 && sheet_drawing(s)) {
		cairo_set_source_rgb(s->cr, 1 - look->rule, 1 - look->rule, 1 - look->rule);
		cairo_set_line_width(s->cr, 0.6);
		cairo_move_to(s->cr, MARGIN, s->y + look->below / 2);
		cairo_line_to(s->cr, s->width - MARGIN, s->y + look->below / 2);
		cairo_stroke(s->cr);
	}
}

void row_set(struct sheet *s, const struct look *look, const struct strs *texts, const struct paper_line *columns)
{
	struct cell cells[PAPER_COLUMNS_MAX] = {0};
	size_t n = columns == NULL ? 1 : columns->cells.n;
	double height = cells_begin(s, look, texts, columns, cells, n), page = sheet_bottom(s) - MARGIN;
	if (s->y + look->above + height + look->keep > sheet_bottom(s) && (height + look->keep < page * 0.8 || s->y + 40 > sheet_bottom(s)))
		sheet_next_page(s);
	s->y += look->above;
	cairo_set_source_rgb(s->cr, look->grey, look->grey, look->grey);
	while (cells_set(s, cells, n) && !s->failed) {
		sheet_next_page(s);
		cairo_set_source_rgb(s->cr, look->grey, look->grey, look->grey);
	}
	rule_below(s, look);
	s->y += look->below;
	for (size_t i = 0; i < n; i++) {
		pango_layout_iter_free(cells[i].at);
		g_object_unref(cells[i].layout);
	}
}
