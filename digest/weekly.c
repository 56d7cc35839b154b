#include "digest/status.h"

/* Two minutes of reading: what is beyond these is counted, not shown. */
#define MINE_MAX 12
#define TAKEAWAYS_MAX 10
#define LINKS_MAX 5

struct numbers {
	int64_t *ids;
	size_t n;
};

static struct value *numbered_item(struct draft *d, struct value *list, struct numbers *numbers, int64_t entry)
{
	struct value *item = list_map(list);
	*ARENA_PUSH(d->arena, numbers->ids, numbers->n) = entry;
	set_number(item, "number", (int64_t)numbers->n);
	set_printf(item, "no", "%2zu", numbers->n);
	return item;
}

static size_t shown(struct draft *d, size_t n, size_t most, const char *more)
{
	if (n > most)
		set_number(d->root, more, (int64_t)(n - most));
	return n > most ? most : n;
}

static void put_mine(struct draft *d, const struct week *w, struct numbers *numbers)
{
	struct value *list = set_list(d->root, "mine");
	size_t n = shown(d, w->mine.n, MINE_MAX, "mine_more");
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &w->mine.v[i];
		struct value *item = numbered_item(d, list, numbers, e->id);
		draft_entry(d, item, e);
		int actual = e->actual > 0 ? e->actual : e->minutes;
		bool apart = w->status.credit && e->credited != actual && actual > 0;
		set_text(item, "minutes", actual > 0 ? minutes_text(d->arena, actual) : "");
		set_text(item, "credited", apart ? minutes_text(d->arena, e->credited) : "");
		set_text(item, "reason", apart ? reason_words(e->reason) : "");
	}
	set_text(d->root, "mine_count", w->mine.n > 0 ? count_text(d->arena, w->mine.n, "entry", "entries") : "");
	set_text(d->root, "mine_minutes", w->minutes > 0 ? minutes_text(d->arena, w->minutes) : "");
}

static void put_takeaways(struct draft *d, const struct week *w, struct numbers *numbers)
{
	struct value *list = set_list(d->root, "takeaways");
	size_t n = shown(d, w->n_takeaways, TAKEAWAYS_MAX, "takeaways_more");
	for (size_t i = 0; i < n; i++) {
		struct value *item = numbered_item(d, list, numbers, w->takeaways[i].entry->id);
		draft_entry(d, item, w->takeaways[i].entry);
		set_text(item, "who", one_line(d->arena, w->takeaways[i].who, 80));
		draft_ready(d, item, "ready_thanks", arena_printf(d->arena, "%zu thanks", numbers->n));
	}
	if (n > 0)
		set_number(d->root, "example", (int64_t)(numbers->n - n + 1));
}

static void put_links(struct draft *d, const struct week *w, struct numbers *numbers)
{
	struct value *list = set_list(d->root, "links");
	size_t n = shown(d, w->n_links, LINKS_MAX, "links_more");
	set_flag(d->root, "has_links", n > 0);
	for (size_t i = 0; i < n; i++) {
		const struct shared_link *link = &w->links[i];
		struct value *item = numbered_item(d, list, numbers, link->entry);
		const char *title = one_line(d->arena, link->title, 120), *site = site_text(d->arena, link->url);
		set_text(item, "title", title[0] != '\0' ? title : site);
		set_text(item, "site", title[0] != '\0' ? site : "");
		set_text(item, "url", web_href(d->arena, link->url));
		set_text(item, "people", count_text(d->arena, (size_t)(link->people > 0 ? link->people : 0), "person", "people"));
	}
}

static void put_week(struct draft *d, const struct week *w)
{
	char text[16];
	set_number(d->root, "week_number", w->week.week);
	set_text(d->root, "week", arena_strdup(d->arena, isoweek_text(text, w->week)));
	set_text(d->root, "first_day", day_text(d->arena, w->monday, d->facts->today));
	struct strs parts = {0};
	if (w->mine.n > 0)
		strs_add(&parts, d->arena, arena_printf(d->arena, "%s of yours", count_text(d->arena, w->mine.n, "entry", "entries")));
	if (w->n_takeaways > 0)
		strs_add(&parts, d->arena, arena_printf(d->arena, "%s from colleagues", count_text(d->arena, w->n_takeaways, "takeaway", "takeaways")));
	if (parts.n == 0)
		strs_add(&parts, d->arena, count_text(d->arena, w->n_links, "shared link", "shared links"));
	set_text(d->root, "summary", join(d->arena, &parts, ", "));
	set_text(d->root, "last_day", day_text(d->arena, w->monday + 6, d->facts->today));
}

int letter_digest(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct week *w,
                  int64_t **numbered, size_t *n_numbered, struct arena *arena, struct err *err)
{
	struct draft d;
	struct numbers numbers = {0};
	if (w->mine.n == 0 && w->n_takeaways == 0 && w->n_links == 0)
		return 0;
	draft_begin(&d, templates, facts, arena);
	put_week(&d, w);
	status_values(&d, &w->status);
	put_mine(&d, w, &numbers);
	put_takeaways(&d, w, &numbers);
	put_links(&d, w, &numbers);
	draft_ready(&d, d.root, "ready_pause", "pause");
	if (draft_write(&d, "digest", letter, err) < 0)
		return -1;
	*numbered = numbers.ids;
	*n_numbered = numbers.n;
	return 1;
}
