#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/print/print.h"
#include "rules/days.h"

static const struct look looks[PAPER_KIND_COUNT] = {
	[PAPER_TITLE] = {17, TRUE, 0, 0, 5, 0, 60, 0},   [PAPER_HEADING] = {11.5, TRUE, 0, 13, 4, 0, 40, 0},
	[PAPER_TEXT] = {9.5, FALSE, 0, 0, 5, 0, 0, 0},   [PAPER_SMALL] = {8, FALSE, 0.35, 0, 4, 0, 0, 0},
	[PAPER_COLUMNS] = {8, TRUE, 0.25, 5, 5, 0.6, 22, 9}, [PAPER_ROW] = {8.5, FALSE, 0, 1, 5, 0.15, 0, 9},
	[PAPER_SUM] = {8.5, TRUE, 0, 1, 7, 0, 0, 9},     [PAPER_BAR] = {9.5, FALSE, 0, 0, 4, 0, 30, 0},
	[PAPER_SIGN] = {8, FALSE, 0.35, 34, 6, 0, 10, 30},
};
static const struct look foot_look = {.size = 7.5, .grey = 0.4};

gboolean sheet_drawing(const struct sheet *s)
{
	return s->pages > 0;
}

double sheet_bottom(const struct sheet *s)
{
	return s->height - MARGIN - 14;
}

static void foot(struct sheet *s)
{
	double width = s->width - 2 * MARGIN;
	char number[48];
	snprintf(number, sizeof number, "%d / %d", s->page, s->pages);
	PangoLayout *left = text_layout(s, &foot_look, s->paper->foot, width - 70), *right = text_layout(s, &foot_look, number, width);
	pango_layout_set_height(left, -1); /* one line */
	pango_layout_set_ellipsize(left, PANGO_ELLIPSIZE_END);
	pango_layout_set_single_paragraph_mode(left, TRUE);
	pango_layout_set_alignment(right, PANGO_ALIGN_RIGHT);
	cairo_set_source_rgb(s->cr, foot_look.grey, foot_look.grey, foot_look.grey);
	cairo_move_to(s->cr, MARGIN, s->height - MARGIN);
	pango_cairo_show_layout(s->cr, left);
	cairo_move_to(s->cr, MARGIN, s->height - MARGIN);
	pango_cairo_show_layout(s->cr, right);
	g_object_unref(left);
	g_object_unref(right);
}

static void page_end(struct sheet *s)
{
	if (sheet_drawing(s)) {
		foot(s);
		cairo_show_page(s->cr);
	}
}

void sheet_next_page(struct sheet *s)
{
	page_end(s);
	s->page++;
	s->failed = s->failed || s->page > PAGES_MAX;
	s->y = MARGIN;
	const struct paper_line *heads = s->heads;
	s->heads = NULL; /* they are set without themselves */
	if (heads != NULL && !s->failed)
		row_set(s, &looks[PAPER_COLUMNS], &heads->cells, heads);
	s->heads = heads;
}

static double minutes(const struct paper_line *line, size_t i)
{
	long n = i < line->cells.n ? strtol(line->cells.v[i], NULL, 10) : 0;
	return n < 0 ? 0 : n > 10000000 ? 10000000 : (double)n;
}

static void bar_part(struct sheet *s, double from, double to, double grey)
{
	double room = s->width - 2 * MARGIN;
	cairo_set_source_rgb(s->cr, grey, grey, grey);
	cairo_rectangle(s->cr, MARGIN + room * from, s->y, room * (to - from), 9);
	cairo_fill(s->cr);
}

/* Approved dark, waiting lighter, what is left a frame. */
static void bar_set(struct sheet *s, const struct paper_line *line)
{
	double approved = minutes(line, 1), waiting = minutes(line, 2), whole = minutes(line, 3);
	struct strs label = {line->cells.v, line->cells.n > 0};
	if (whole < approved + waiting || whole <= 0)
		whole = approved + waiting > 0 ? approved + waiting : 1;
	row_set(s, &looks[PAPER_BAR], &label, NULL);
	if (sheet_drawing(s)) {
		bar_part(s, 0, 1, 0.93);
		bar_part(s, 0, approved / whole, 0.2);
		bar_part(s, approved / whole, (approved + waiting) / whole, 0.65);
	}
	s->y += 18;
}

static void sign_set(struct sheet *s, const struct paper_line *line)
{
	static const int widths[] = {3, 2};
	const char *captions[] = {"", ""};
	const struct paper_line columns = {.cells = {captions, line->cells.n > 1 ? 2 : 1}, .widths = line->cells.n > 1 ? widths : NULL};
	const struct look *look = &looks[PAPER_SIGN];
	row_set(s, look, &line->cells, &columns);
	double room = s->width - 2 * MARGIN - (columns.cells.n > 1 ? look->gap : 0), y = s->y - look->below - 12;
	if (!sheet_drawing(s))
		return;
	cairo_set_source_rgb(s->cr, 0, 0, 0);
	cairo_set_line_width(s->cr, 0.6);
	cairo_move_to(s->cr, MARGIN, y);
	cairo_line_to(s->cr, MARGIN + room * 0.6, y);
	if (columns.cells.n > 1) {
		cairo_move_to(s->cr, MARGIN + room * 0.6 + look->gap, y);
		cairo_line_to(s->cr, s->width - MARGIN, y);
	}
	cairo_stroke(s->cr);
}

static void line_set(struct sheet *s, const struct paper_line *line)
{
	bool table = line->kind == PAPER_COLUMNS || line->kind == PAPER_ROW || line->kind == PAPER_SUM;
	if (!table || line->kind == PAPER_COLUMNS)
		s->heads = NULL;
	if (line->kind == PAPER_BAR)
		bar_set(s, line);
	else if (line->kind == PAPER_SIGN)
		sign_set(s, line);
	else
		row_set(s, &looks[line->kind], &line->cells, line->kind == PAPER_COLUMNS ? line : table ? s->heads : NULL);
	if (line->kind == PAPER_COLUMNS)
		s->heads = line;
}

static void set_all(struct sheet *s)
{
	s->page = 1;
	s->y = MARGIN;
	s->heads = NULL;
	for (size_t i = 0; i < s->paper->n && !s->failed; i++)
		line_set(s, &s->paper->lines[i]);
	page_end(s);
}

static void properties(cairo_surface_t *surface, const struct paper *p)
{
	int32_t day = (int32_t)(p->date / 86400);
	int second = (int)(p->date % 86400);
	struct civil c = day_civil(p->date < 0 ? 0 : day);
	char date[64];
	snprintf(date, sizeof date, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, second / 3600, second / 60 % 60, second % 60);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, p->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, p->author);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "plnpost");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

/* Without any font Pango sets empty pages and says nothing. */
static bool has_letters(struct sheet *s)
{
	PangoLayout *l = text_layout(s, &foot_look, "a", s->width);
	bool has = pango_layout_get_unknown_glyphs_count(l) == 0;
	g_object_unref(l);
	return has;
}

int print_paper(const struct paper *paper, cairo_write_func_t write, void *ctx, struct err *err)
{
	struct sheet s = {.paper = paper, .width = paper->size == PAPER_A4 ? 595.28 : 612, .height = paper->size == PAPER_A4 ? 841.89 : 792};
	s.surface = cairo_pdf_surface_create_for_stream(write, ctx, s.width, s.height);
	s.cr = cairo_create(s.surface);
	s.font = pango_font_description_from_string("Sans");
	properties(s.surface, paper);
	bool fonts = has_letters(&s);
	if (fonts)
		set_all(&s);
	s.pages = s.page;
	if (fonts && !s.failed)
		set_all(&s);
	cairo_destroy(s.cr);
	cairo_surface_finish(s.surface);
	cairo_status_t status = cairo_surface_status(s.surface);
	cairo_surface_destroy(s.surface);
	pango_font_description_free(s.font);
	if (!fonts)
		return err_set(err, "no font is installed: install one, fonts-dejavu-core for example");
	if (s.failed)
		return err_set(err, "more than %d pages: print less", PAGES_MAX);
	return status == CAIRO_STATUS_SUCCESS ? 0 : err_set(err, "%s", cairo_status_to_string(status));
}
