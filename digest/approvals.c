#include "digest/draft.h"

#define BRIEF_MAX 80

/* Gmail hides what is beyond 102 KB, and an approver must see every number: a long letter gives up its finery first, then
 * notes and links (the text part keeps them). */
#define CLIPPED ((size_t)100 * 1024)
enum detail { DETAIL_ALL, DETAIL_COMPACT, DETAIL_BARE };

static void item_values(struct draft *d, struct value *map, const struct approval_item *item, bool grouped, enum detail detail)
{
	const struct entry *e = item->entry;
	set_flag(map, "compact", detail != DETAIL_ALL);
	if (detail == DETAIL_COMPACT)
		set_text(map, "brief", one_line(d->arena, e->note, BRIEF_MAX));
	set_flag(map, "bare", detail == DETAIL_BARE);
	draft_entry(d, map, e);
	set_number(map, "number", item->number);
	set_printf(map, "no", "%2d", item->number);
	if (!grouped)
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

static bool is_flagged(const struct approval_item *item)
{
	return item->flag != NULL && item->flag[0] != '\0';
}

static bool same_teacher(const struct approval_item *a, const struct approval_item *b)
{
	return a->entry->person == b->entry->person && strcmp(a->teacher, b->teacher) == 0;
}

/* Routine items of one teacher, as many as follow one another, with a heading when that saves names. */
static void put_group(struct draft *d, struct value *groups, const struct approval_item **v, size_t n, bool grouped, enum detail detail)
{
	struct value *group = list_map(groups), *items = set_list(group, "items");
	int minutes = 0;
	for (size_t i = 0; i < n; i++)
		minutes += v[i]->entry->credited;
	if (grouped) {
		set_text(group, "who", one_line(d->arena, v[0]->teacher, 80));
		set_text(group, "sum", arena_printf(d->arena, "%s, %s", count_text(d->arena, n, "entry", "entries"), minutes_text(d->arena, minutes)));
	}
	for (size_t i = 0; i < n; i++)
		item_values(d, list_map(items), v[i], grouped, detail);
}

/* Whether each teacher's entries follow one another, and there are enough of them for headings to pay. */
static bool goes_by_teacher(const struct approval_item **v, size_t n)
{
	size_t runs = 0;
	for (size_t i = 0; i < n; i++) {
		runs += i == 0 || !same_teacher(v[i], v[i - 1]);
		for (size_t k = 0; k + 1 < i; k++)
			if (same_teacher(v[k], v[i]) && !same_teacher(v[i - 1], v[i]))
				return false;
	}
	return n >= 2 * runs && n >= 3;
}

static void put_routine(struct draft *d, const struct approval_letter *a, enum detail detail)
{
	const struct approval_item **v = arena_alloc(d->arena, (a->n + 1) * sizeof *v);
	struct value *groups = set_list(d->root, "groups");
	size_t n = 0;
	for (size_t i = 0; i < a->n; i++)
		if (!is_flagged(&a->items[i]))
			v[n++] = &a->items[i];
	bool grouped = goes_by_teacher(v, n);
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && (!grouped || same_teacher(v[k], v[i]));)
			k++;
		put_group(d, groups, v + i, k - i, grouped, detail);
	}
}

static int write_detailed(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct approval_letter *a,
                          enum detail detail, struct arena *arena, struct err *err)
{
	struct draft d;
	size_t n_flagged = 0;
	int minutes = 0;
	draft_begin(&d, templates, facts, arena);
	struct value *flagged = set_list(d.root, "flagged");
	put_routine(&d, a, detail);
	for (size_t i = 0; i < a->n; i++) {
		minutes += a->items[i].entry->credited;
		if (!is_flagged(&a->items[i]))
			continue;
		n_flagged++;
		item_values(&d, list_map(flagged), &a->items[i], false, detail);
	}
	set_text(d.root, "week", a->week);
	set_text(d.root, "lead", a->lead);
	set_flag(d.root, "reminder", a->reminder);
	set_text(d.root, "entries", count_text(arena, a->n, "entry", "entries"));
	set_text(d.root, "teachers", count_text(arena, (size_t)(a->teachers > 0 ? a->teachers : 0), "teacher", "teachers"));
	set_text(d.root, "sum", minutes_text(arena, minutes));
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
