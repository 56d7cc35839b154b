#include "digest/draft.h"

#define HITS_MAX 50

/* The note of the one entry that is shown in full keeps its lines. */
static void note_lines(struct draft *d, struct value *map, const char *note)
{
	struct value *lines = set_list(map, "note_lines");
	struct span rest = span_of(note), line;
	while (span_line(&rest, &line)) {
		line = span_trim(line);
		if (line.n > 0)
			list_text(lines, arena_strndup(d->arena, line.p, line.n));
	}
}

static void full_values(struct draft *d, struct value *map, const struct entry *e)
{
	note_lines(d, map, e->note);
	struct value *links = set_list(map, "links");
	for (size_t i = 0; i < e->n_links; i++) {
		struct value *link = list_map(links);
		const char *title = one_line(d->arena, e->links[i].title, 120);
		set_text(link, "url", web_href(d->arena, e->links[i].url));
		set_text(link, "link_title", title[0] != '\0' ? title : site_text(d->arena, e->links[i].url));
	}
	set_text(map, "tags", e->tags.n > 0 ? arena_printf(d->arena, "#%s", join(d->arena, &e->tags, " #")) : "");
	set_text(map, "with", join(d->arena, &e->with, ", "));
	set_text(map, "minutes", e->minutes > 0 ? minutes_text(d->arena, e->minutes) : "");
	set_flag(map, "undone", e->undone);
	set_flag(map, "attachment", e->attachment);
	if (e->via > 0)
		set_number(map, "via", e->via);
	if (e->claim == CLAIM_NONE && e->credited == 0 && (e->reason == NULL || e->reason[0] == '\0'))
		return;
	set_text(map, "credited", minutes_text(d->arena, e->credited));
	set_text(map, "reason", reason_words(e->reason));
	set_text(map, "state", e->claim == CLAIM_NONE ? "" : claim_state_name(e->claim));
}

int letter_hits(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct hits *h,
                struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	set_text(d.root, "heading", one_line(arena, h->title, 150));
	set_flag(d.root, "full", h->full);
	set_flag(d.root, "numbered", h->n > 1);
	size_t shown = h->n < HITS_MAX ? h->n : HITS_MAX;
	struct value *items = set_list(d.root, "items");
	for (size_t i = 0; i < shown; i++) {
		struct value *item = list_map(items);
		draft_entry(&d, item, &h->v[i]);
		set_number(item, "number", (int64_t)i + 1);
		set_printf(item, "no", "%2zu", i + 1);
		set_text(item, "who", h->who == NULL || h->who[i] == NULL ? "" : one_line(arena, h->who[i], 80));
		if (h->full)
			full_values(&d, item, &h->v[i]);
	}
	struct value *history = set_list(d.root, "history");
	for (size_t i = 0; h->full && h->history != NULL && i < h->history->n; i++)
		list_text(history, one_line(arena, h->history->v[i], 300));
	set_flag(d.root, "changed", h->full && h->history != NULL && h->history->n > 0);
	if (h->n > shown)
		set_number(d.root, "more", (int64_t)(h->n - shown));
	return draft_write(&d, "hits", letter, err);
}
