#include "digest/status.h"

/* Two minutes of reading: what is beyond these is counted, not shown. */
#define MINE_MAX 12
#define TAKEAWAYS_MAX 10
#define LINKS_MAX 5

struct numbers {
	int64_t *ids;
	size_t n;
};

static struct value *numbered_item(struct frame *f, struct value *list, struct numbers *numbers, int64_t entry)
{
	struct value *item = list_map(list);
	*ARENA_PUSH(f->arena, numbers->ids, numbers->n) = entry;
	set_number(item, "number", (int64_t)numbers->n);
	set_printf(item, "no", "%2zu", numbers->n);
	return item;
}

static size_t shown(struct frame *f, size_t n, size_t most, const char *more)
{
	if (n > most)
		set_number(f->root, more, (int64_t)(n - most));
	return n > most ? most : n;
}

static void put_mine(struct frame *f, const struct week *w, struct numbers *numbers)
{
	struct value *list = set_list(f->root, "mine");
	size_t n = shown(f, w->mine.n, MINE_MAX, "mine_more");
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &w->mine.v[i];
		struct value *item = numbered_item(f, list, numbers, e->id);
		frame_entry(f, item, e);
		int actual = e->actual > 0 ? e->actual : e->minutes;
		bool apart = w->status.credit && e->credited != actual && actual > 0;
		set_text(item, "minutes", actual > 0 ? minutes_text(f->arena, actual) : "");
		set_text(item, "credited", apart ? minutes_text(f->arena, e->credited) : "");
		set_text(item, "reason", apart ? reason_words(e->reason) : "");
	}
	set_text(f->root, "mine_count", w->mine.n > 0 ? count_text(f->arena, w->mine.n, "entry", "entries") : "");
	set_text(f->root, "mine_minutes", w->minutes > 0 ? minutes_text(f->arena, w->minutes) : "");
}

static void put_takeaways(struct frame *f, const struct week *w, struct numbers *numbers)
{
	struct value *list = set_list(f->root, "takeaways");
	size_t n = shown(f, w->n_takeaways, TAKEAWAYS_MAX, "takeaways_more");
	for (size_t i = 0; i < n; i++) {
		struct value *item = numbered_item(f, list, numbers, w->takeaways[i].entry->id);
		frame_entry(f, item, w->takeaways[i].entry);
		set_text(item, "who", one_line(f->arena, w->takeaways[i].who, 80));
		frame_ready(f, item, "ready_thanks", arena_printf(f->arena, "%zu thanks", numbers->n));
	}
	if (n > 0)
		set_number(f->root, "example", (int64_t)(numbers->n - n + 1));
}

static void put_links(struct frame *f, const struct week *w, struct numbers *numbers)
{
	struct value *list = set_list(f->root, "links");
	size_t n = shown(f, w->n_links, LINKS_MAX, "links_more");
	set_flag(f->root, "has_links", n > 0);
	for (size_t i = 0; i < n; i++) {
		const struct shared_link *link = &w->links[i];
		struct value *item = numbered_item(f, list, numbers, link->entry);
		const char *title = one_line(f->arena, link->title, 120), *site = site_text(f->arena, link->url);
		set_text(item, "title", title[0] != '\0' ? title : site);
		set_text(item, "site", title[0] != '\0' ? site : "");
		set_text(item, "url", web_href(f->arena, link->url));
		set_text(item, "people", count_text(f->arena, (size_t)(link->people > 0 ? link->people : 0), "person", "people"));
	}
}

static void put_week(struct frame *f, const struct week *w)
{
	char text[16];
	set_number(f->root, "week_number", w->week.week);
	set_text(f->root, "week", arena_strdup(f->arena, isoweek_text(text, w->week)));
	set_text(f->root, "first_day", day_text(f->arena, w->monday, f->facts->today));
	struct strs parts = {0};
	if (w->mine.n > 0)
		strs_add(&parts, f->arena, arena_printf(f->arena, "%s of yours", count_text(f->arena, w->mine.n, "entry", "entries")));
	if (w->n_takeaways > 0)
		strs_add(&parts, f->arena, arena_printf(f->arena, "%s from colleagues", count_text(f->arena, w->n_takeaways, "takeaway", "takeaways")));
	if (parts.n == 0)
		strs_add(&parts, f->arena, count_text(f->arena, w->n_links, "shared link", "shared links"));
	set_text(f->root, "summary", join(f->arena, &parts, ", "));
	set_text(f->root, "last_day", day_text(f->arena, w->monday + 6, f->facts->today));
}

int letter_digest(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct week *w,
                  int64_t **numbered, size_t *n_numbered, struct arena *arena, struct err *err)
{
	struct frame f;
	struct numbers numbers = {0};
	if (w->mine.n == 0 && w->n_takeaways == 0 && w->n_links == 0)
		return 0;
	frame_begin(&f, templates, facts, arena);
	put_week(&f, w);
	status_values(&f, &w->status);
	put_mine(&f, w, &numbers);
	put_takeaways(&f, w, &numbers);
	put_links(&f, w, &numbers);
	frame_ready(&f, f.root, "ready_status", "status");
	frame_ready(&f, f.root, "ready_pause", "pause");
	if (frame_write(&f, "digest", letter, err) < 0)
		return -1;
	*numbered = numbers.ids;
	*n_numbered = numbers.n;
	return 1;
}
