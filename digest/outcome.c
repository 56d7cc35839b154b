#include "digest/draft.h"

static const char *numbers_of(struct arena *arena, const struct outcome_list *list)
{
	int *numbers = arena_alloc(arena, (list->n + 1) * sizeof *numbers);
	for (size_t i = 0; i < list->n; i++)
		numbers[i] = list->v[i].number;
	return ranges_text(arena, numbers, list->n);
}

static void add_part(struct strs *parts, struct arena *arena, const char *verb, const struct outcome_list *list)
{
	if (list->n > 0)
		strs_add(parts, arena, arena_printf(arena, "%s %s", verb, numbers_of(arena, list)));
}

/* "7 at 30 min", "7, 9 at 30 min" for those that got the same minutes one after the other. */
static void add_changed(struct strs *parts, struct arena *arena, const struct outcome_list *list)
{
	for (size_t i = 0, n; i < list->n; i += n) {
		for (n = 1; i + n < list->n && list->v[i + n].minutes == list->v[i].minutes;)
			n++;
		struct outcome_list same = {list->v + i, n};
		strs_add(parts, arena, arena_printf(arena, "%s at %s", numbers_of(arena, &same), minutes_text(arena, list->v[i].minutes)));
	}
}

/* "Approved 1, 2, 4–6; 7 at 30 min; denied 3": empty when nothing was decided. */
static const char *decided_words(struct arena *arena, const struct outcome *o)
{
	struct strs parts = {0};
	add_part(&parts, arena, "approved", &o->approved);
	add_changed(&parts, arena, &o->changed);
	add_part(&parts, arena, "denied", &o->denied);
	add_part(&parts, arena, "asked about", &o->asked);
	add_part(&parts, arena, "taken back", &o->undone);
	const char *words = join(arena, &parts, "; ");
	if (words[0] >= 'a' && words[0] <= 'z')
		return arena_printf(arena, "%c%s", words[0] - 'a' + 'A', words + 1);
	return words[0] == '\0' ? words : arena_printf(arena, "Approved %s", words);
}

static void put_list(struct draft *d, const char *key, const struct outcome_list *list)
{
	struct value *items = set_list(d->root, key);
	for (size_t i = 0; i < list->n; i++) {
		struct value *item = list_map(items);
		set_number(item, "number", list->v[i].number);
		set_text(item, "teacher", one_line(d->arena, list->v[i].teacher, 80));
		set_text(item, "title", one_line(d->arena, list->v[i].title, 100));
		set_text(item, "minutes", minutes_text(d->arena, list->v[i].minutes));
		set_text(item, "why", one_line(d->arena, list->v[i].words, 300));
	}
}

/* What is said about several items in the same words is said once: "Items 1, 2 and 4–6 were decided before: …". */
static void put_grouped(struct draft *d, const char *key, const struct outcome_list *list)
{
	struct value *groups = set_list(d->root, key);
	bool *said = arena_alloc(d->arena, list->n + 1);
	for (size_t i = 0; i < list->n; i++) {
		struct outcome_list same = {arena_alloc(d->arena, (list->n + 1) * sizeof *same.v), 0};
		for (size_t k = i; k < list->n; k++)
			if (!said[k] && strcmp(list->v[k].words, list->v[i].words) == 0) {
				same.v[same.n++] = list->v[k];
				said[k] = true;
			}
		if (same.n == 0)
			continue;
		struct value *group = list_map(groups);
		set_text(group, "number", numbers_of(d->arena, &same));
		set_flag(group, "several", same.n > 1);
		set_text(group, "why", one_line(d->arena, list->v[i].words, 300));
	}
}

static void put_undecided(struct draft *d, const struct outcome_list *list)
{
	struct value *items = set_list(d->root, "undecided");
	for (size_t i = 0; i < list->n; i++) {
		struct value *item = list_map(items);
		set_number(item, "number", list->v[i].number);
		set_text(item, "why", one_line(d->arena, list->v[i].words, 200));
		set_text(item, "teacher", one_line(d->arena, list->v[i].teacher, 80));
		set_text(item, "title", one_line(d->arena, list->v[i].title, 100));
		draft_ready(d, item, "ready_one", arena_printf(d->arena, "%d ok", list->v[i].number));
	}
}

int letter_outcome(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct outcome *o,
                   struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	const char *decided = decided_words(arena, o);
	set_text(d.root, "decided", decided);
	set_text(d.root, "heading", one_line(arena, decided, 100));
	put_list(&d, "approved", &o->approved);
	put_list(&d, "changed", &o->changed);
	put_list(&d, "denied", &o->denied);
	put_list(&d, "asked", &o->asked);
	put_list(&d, "taken_back", &o->undone);
	put_grouped(&d, "already", &o->already);
	put_grouped(&d, "refused", &o->refused);
	put_undecided(&d, &o->undecided);
	set_text(d.root, "lead", o->lead);
	set_text(d.root, "by", one_line(arena, o->by, 80));
	set_flag(d.root, "others", o->by != NULL);
	struct value *earlier = set_list(d.root, "earlier");
	for (size_t i = 0; i < o->earlier.n; i++)
		list_text(earlier, one_line(arena, o->earlier.v[i], 200));
	set_flag(d.root, "details", o->changed.n + o->denied.n + o->asked.n + (o->by != NULL ? o->approved.n + o->undone.n : 0) > 0);
	struct value *unclear = set_list(d.root, "unclear");
	set_flag(d.root, "any_unclear", o->unclear.n > 0);
	for (size_t i = 0; i < o->unclear.n; i++)
		list_text(unclear, one_line(arena, o->unclear.v[i], 200));
	bool can_undo = o->approved.n + o->changed.n + o->denied.n > 0 && o->undo_until != DAY_NONE;
	set_text(d.root, "undo_until", can_undo ? day_name(arena, o->undo_until, facts->today) : "");
	draft_ready(&d, d.root, "ready_undo", "undo");
	return draft_write(&d, "outcome", letter, err);
}

int letter_decided(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct decided *v, size_t n,
                   struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	struct value *items = set_list(d.root, "items");
	for (size_t i = 0; i < n; i++) {
		struct value *item = list_map(items);
		draft_entry(&d, item, v[i].entry);
		if (n > 1)
			set_number(item, "number", (int64_t)i + 1);
		set_text(item, "approver", one_line(arena, v[i].approver, 80));
		set_text(item, "verb", v[i].verb);
		set_text(item, "why", one_line(arena, v[i].words, 500));
		set_flag(item, "question", v[i].verb != NULL && strcmp(v[i].verb, "asked") == 0);
	}
	if (n == 1) {
		set_text(d.root, "one_id", arena_printf(arena, "%lld", (long long)v[0].entry->id));
		set_text(d.root, "one_verb", v[0].verb);
	}
	set_flag(d.root, "several", n > 1);
	set_text(d.root, "count", count_text(arena, n, "entry", "entries"));
	return draft_write(&d, "decided", letter, err);
}
