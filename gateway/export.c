#include "gateway/export.h"

#include "digest/forms.h"
#include "digest/mustache.h"
#include "digest/records.h"
#include "rules/csv.h"

static const char *clean(struct arena *arena, const char *text)
{
	struct str s = {.max = 256 << 10};
	mustache_put(&s, text == NULL ? "" : text, MUSTACHE_TEXT);
	const char *copy = arena_strndup(arena, str_c(&s), s.n);
	str_release(&s);
	return copy;
}

static const char *number(struct arena *arena, int64_t n)
{
	return arena_printf(arena, "%lld", (long long)n);
}

static const char *yes(bool flag)
{
	return flag ? "yes" : "";
}

static const char *urls_of(struct arena *arena, const struct entry *e)
{
	struct strs urls = {0};
	for (size_t i = 0; i < e->n_links; i++)
		strs_add(&urls, arena, e->links[i].url);
	return join(arena, &urls, "\n");
}

static const char *const columns[] = {"entry", "date", "kind", "title", "note", "links", "tags", "with", "source", "via", "minutes", "credited", "state",
                                      "reason", "starred", "private", "nocredit", "undone", "file", "mail"};
#define COLUMNS (sizeof columns / sizeof *columns)

static void put(struct str *out, const char *const *cells)
{
	for (size_t i = 0; i < COLUMNS; i++)
		csv_cell(out, cells[i], i == 0);
	csv_end(out);
}

static void put_entry(struct str *out, const struct entry *e, struct arena *arena)
{
	char day[16];
	const char *cells[COLUMNS] = {
		number(arena, e->id), day_iso(day, e->day), record_kind(e->kind), clean(arena, e->title), clean(arena, e->note), clean(arena, urls_of(arena, e)),
		join(arena, &e->tags, " "), clean(arena, join(arena, &e->with, ", ")), clean(arena, e->source), e->via == 0 ? "" : number(arena, e->via),
		number(arena, e->actual > 0 ? e->actual : 0), number(arena, e->credited), claim_state_name(e->claim), clean(arena, e->reason), yes(e->starred),
		yes(e->is_private), yes(e->nocredit), yes(e->undone), yes(e->attachment), e->message == 0 ? "" : number(arena, e->message),
	};
	put(out, cells);
}

/* What the lists come as: the newest day first. */
void export_entries(struct str *out, const struct entries *list, struct arena *arena)
{
	put(out, columns);
	for (size_t i = list->n; i-- > 0;)
		put_entry(out, &list->v[i], arena);
}

/* ---- bookmarks */

static void put_bookmark(struct str *out, const struct entry *e, const struct entry_link *link, struct arena *arena)
{
	const char *url = web_href(arena, link->url);
	if (url[0] == '\0')
		return;
	str_puts(out, "    <DT><A HREF=\"");
	mustache_put(out, url, MUSTACHE_HTML);
	str_printf(out, "\" ADD_DATE=\"%lld\" PRIVATE=\"%d\" TAGS=\"", (long long)e->day * 86400, e->is_private || e->nocredit);
	mustache_put(out, join(arena, &e->tags, ","), MUSTACHE_HTML);
	str_puts(out, "\">");
	mustache_put(out, one_line(arena, link->title != NULL && link->title[0] != '\0' ? link->title : e->title, 300), MUSTACHE_HTML);
	str_puts(out, "</A>\n");
	if (e->note == NULL || e->note[0] == '\0')
		return;
	str_puts(out, "    <DD>");
	mustache_put(out, e->note, MUSTACHE_HTML);
	str_putc(out, '\n');
}

void export_bookmarks(struct str *out, const struct entries *list, const char *title, struct arena *arena)
{
	str_puts(out, "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<!-- This is an automatically generated file.\n     It will be read and overwritten.\n"
	              "     DO NOT EDIT! -->\n<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n<TITLE>Bookmarks</TITLE>\n<H1>");
	mustache_put(out, one_line(arena, title, 200), MUSTACHE_HTML);
	str_puts(out, "</H1>\n<DL><p>\n");
	for (size_t i = list->n; i-- > 0;)
		for (size_t l = 0; l < list->v[i].n_links && !list->v[i].undone; l++)
			put_bookmark(out, &list->v[i], &list->v[i].links[l], arena);
	str_puts(out, "</DL><p>\n");
}
