#include "digest/draft.h"

#define BRIEF_MAX 80

/* Gmail hides what is beyond 102 KB, and an approver must see every number: a long letter gives up its finery first, then
 * notes and links (the text part keeps them). */
#define CLIPPED ((size_t)100 * 1024)
enum detail { DETAIL_ALL, DETAIL_COMPACT, DETAIL_BARE };

static void item_values(struct draft *d, struct value *map, const struct approval_item *item, enum detail detail)
{
	const struct entry *e = item->entry;
	set_flag(map, "compact", detail != DETAIL_ALL);
	if (detail == DETAIL_COMPACT)
		set_text(map, "brief", one_line(d->arena, e->note, BRIEF_MAX));
	set_flag(map, "bare", detail == DETAIL_BARE);
	draft_entry(d, map, e);
	set_number(map, "number", item->number);
	set_printf(map, "no", "%2d", item->number);
	set_text(map, "teacher", one_line(d->arena, item->teacher, 80));
	int actual = e->actual > 0 ? e->actual : e->minutes;
	set_text(map, "minutes", minutes_text(d->arena, actual > 0 ? actual : 0));
	set_text(map, "credited", e->credited != actual ? minutes_text(d->arena, e->credited) : "");
	set_text(map, "reason", one_line(d->arena, reason_words(e->reason), 160));
	set_flag(map, "attachment", e->attachment);
	set_text(map, "flag", one_line(d->arena, item->flag, 160));
	if (item->flag != NULL && item->flag[0] != '\0')
		draft_ready(d, map, "ready_one", arena_printf(d->arena, "%d ok", item->number));
}

static int write_detailed(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct approval_letter *a,
                          enum detail detail, struct arena *arena, struct err *err)
{
	struct draft d;
	size_t n_flagged = 0;
	draft_begin(&d, templates, facts, arena);
	struct value *routine = set_list(d.root, "routine"), *flagged = set_list(d.root, "flagged");
	for (size_t i = 0; i < a->n; i++) {
		bool flag = a->items[i].flag != NULL && a->items[i].flag[0] != '\0';
		n_flagged += flag;
		item_values(&d, list_map(flag ? flagged : routine), &a->items[i], detail);
	}
	set_text(d.root, "week", a->week);
	set_text(d.root, "entries", count_text(arena, a->n, "entry", "entries"));
	set_text(d.root, "teachers", count_text(arena, (size_t)(a->teachers > 0 ? a->teachers : 0), "teacher", "teachers"));
	set_text(d.root, "routine_count", a->n > n_flagged ? count_text(arena, a->n - n_flagged, "entry", "entries") : "");
	set_text(d.root, "flagged_count", n_flagged > 0 ? count_text(arena, n_flagged, "entry", "entries") : "");
	set_text(d.root, "undo_until", day_name(arena, a->undo_until, facts->today));
	if (a->n > n_flagged)
		draft_ready(&d, d.root, "ready_ok", "ok");
	draft_ready(&d, d.root, "ready_except", "ok except ");
	draft_ready(&d, d.root, "ready_undo", "undo");
	return draft_write(&d, "approval", letter, err);
}

int letter_approval(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct approval_letter *a,
                    struct arena *arena, struct err *err)
{
	for (enum detail detail = DETAIL_ALL;; detail++) {
		struct letter done = {0};
		if (write_detailed(&done, templates, facts, a, detail, arena, err) < 0)
			return -1;
		if (strlen(done.html) <= CLIPPED || detail == DETAIL_BARE) {
			*letter = done;
			return 0;
		}
	}
}
