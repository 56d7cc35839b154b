#include "gateway/pack.h"
#include "gateway/paper.h"

#define MAGIC "PLNPAPER1"

static size_t width_count(const struct paper_line *line)
{
	return line->kind == PAPER_COLUMNS && line->widths != NULL ? line->cells.n : 0;
}

static void pack_line(struct str *s, const struct paper_line *line)
{
	pack_u8(s, line->kind);
	pack_strs(s, &line->cells);
	pack_u32(s, (uint32_t)width_count(line));
	for (size_t i = 0; i < width_count(line); i++)
		pack_u32(s, (uint32_t)line->widths[i]);
}

void paper_pack(struct str *s, const struct paper *p)
{
	str_puts(s, MAGIC);
	pack_u8(s, p->size);
	pack_u64(s, (uint64_t)p->date);
	pack_text(s, p->title);
	pack_text(s, p->author);
	pack_text(s, p->foot);
	pack_u32(s, (uint32_t)p->n);
	for (size_t i = 0; i < p->n; i++)
		pack_line(s, &p->lines[i]);
}

static const char *text(struct unpack *u, struct arena *arena)
{
	const char *s = unpack_text(u, arena);
	return s == NULL ? "" : s;
}

static void unpack_widths(struct unpack *u, struct arena *arena, struct paper_line *line)
{
	size_t n = unpack_count(u, 4);
	if (n != 0 && (line->kind != PAPER_COLUMNS || n != line->cells.n))
		u->bad = true;
	int *widths = n == 0 || u->bad ? NULL : arena_alloc(arena, n * sizeof *widths);
	for (size_t i = 0; widths != NULL && i < n; i++) {
		widths[i] = (int)unpack_u32(u);
		if (widths[i] < 1 || widths[i] > 10000)
			u->bad = true;
	}
	line->widths = widths;
}

static void unpack_line(struct unpack *u, struct arena *arena, struct paper_line *line)
{
	line->kind = unpack_enum(u, PAPER_KIND_COUNT);
	line->cells = unpack_strs(u, arena);
	if (line->cells.n > PAPER_COLUMNS_MAX || (line->cells.n == 0 && line->kind == PAPER_COLUMNS))
		u->bad = true;
	unpack_widths(u, arena, line);
}

int paper_unpack(struct span packed, struct arena *arena, struct paper *out, struct err *err)
{
	if (!span_starts(packed, MAGIC))
		return err_set(err, "this is no paper: plnpost-print is started by plnpost, with what is to be printed on its standard input");
	struct unpack u = {(const unsigned char *)packed.p + strlen(MAGIC), packed.n - strlen(MAGIC), false};
	struct paper p = {.size = unpack_enum(&u, PAPER_LETTER + 1), .date = (int64_t)unpack_u64(&u)};
	p.title = text(&u, arena);
	p.author = text(&u, arena);
	p.foot = text(&u, arena);
	p.n = unpack_count(&u, 9);
	p.lines = arena_alloc(arena, p.n * sizeof *p.lines);
	for (size_t i = 0; i < p.n && !u.bad; i++)
		unpack_line(&u, arena, &p.lines[i]);
	if (!unpack_done(&u))
		return err_set(err, "the paper is damaged, not UTF-8, or has a table of more than %d columns", PAPER_COLUMNS_MAX);
	*out = p;
	return 0;
}
