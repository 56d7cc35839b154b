#include "digest/interview.h"

#include "digest/draft.h"

#define SHOWN 8       /* entries of a list in the letter; all are in the paper */
#define EXCERPT 700   /* characters of a write-up in the letter */

static void times_list(struct draft *d, const struct strs *times)
{
	struct value *list = set_list(d->root, "times");
	for (size_t i = 0; i < times->n; i++) {
		struct value *time = list_map(list);
		set_number(time, "number", (int64_t)i + 1);
		set_text(time, "time", times->v[i]);
		draft_ready(d, time, "ready_time", arena_printf(d->arena, "%zu", i + 1));
	}
	set_flag(d->root, "has_times", times->n > 0);
}

int letter_checklist(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct checklist *c,
                     struct arena *arena, struct err *err)
{
	struct draft d;
	size_t missing = 0;
	draft_begin(&d, templates, facts, arena);
	struct value *rows = set_list(d.root, "rows");
	for (size_t i = 0; i < c->n; i++) {
		struct value *row = list_map(rows);
		set_flag(row, "done", c->rows[i].done);
		set_text(row, "what", c->rows[i].what);
		set_text(row, "have", one_line(arena, c->rows[i].have, 200));
		set_text(row, "mend", c->rows[i].mend);
		missing += !c->rows[i].done;
	}
	set_text(d.root, "year", c->year);
	set_text(d.root, "minutes", minutes_text(arena, c->minutes));
	set_flag(d.root, "complete", c->complete);
	set_text(d.root, "missing", count_text(arena, missing, "thing", "things"));
	set_text(d.root, "asked", c->asked);
	set_flag(d.root, "file", c->file);
	times_list(&d, &c->times);
	draft_lines(&d, "remarks", &c->remarks);
	draft_ready(&d, d.root, "ready_ready", "ready");
	draft_ready(&d, d.root, "ready_status", "status");
	draft_ready(&d, d.root, "ready_plan", "plan");
	return draft_write(&d, "checklist", letter, err);
}

static void entry_list(struct draft *d, const char *key, const struct pack_list *list)
{
	size_t shown = list->n < SHOWN ? list->n : SHOWN;
	struct value *items = set_list(d->root, key);
	for (size_t i = 0; i < shown; i++) {
		struct value *item = list_map(items);
		draft_entry(d, item, list->v[i].entry);
		set_text(item, "via", one_line(d->arena, list->v[i].via, 100));
		set_text(item, "minutes", list->v[i].minutes > 0 ? minutes_text(d->arena, list->v[i].minutes) : "");
	}
	if (list->n > shown)
		set_number(d->root, arena_printf(d->arena, "%s_more", key), (int64_t)(list->n - shown));
	set_flag(d->root, arena_printf(d->arena, "has_%s", key), list->n > 0);
}

static void names_list(struct draft *d, const char *key, const struct strs *names)
{
	struct value *list = set_list(d->root, key);
	for (size_t i = 0; i < names->n; i++)
		set_text(list_map(list), "name", one_line(d->arena, names->v[i], 400));
}

static void plan_values(struct draft *d, const struct pack *p)
{
	set_text(d->root, "goal", one_line(d->arena, p->plan->goal_words, 300));
	set_text(d->root, "network", one_line(d->arena, p->plan->parts.network, EXCERPT));
	set_text(d->root, "learn", one_line(d->arena, p->plan->parts.learn, EXCERPT));
	set_text(d->root, "classroom", one_line(d->arena, p->plan->parts.classroom, EXCERPT));
	set_text(d->root, "plan_by", p->plan_by);
	set_text(d->root, "plan_day", p->plan_day == DAY_NONE ? "" : day_text(d->arena, p->plan_day, DAY_NONE));
}

int letter_pack(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct pack *p, struct arena *arena,
                struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	set_text(d.root, "teacher", one_line(arena, p->teacher, 100));
	set_text(d.root, "year", p->year);
	set_text(d.root, "minutes", minutes_text(arena, p->minutes));
	plan_values(&d, p);
	entry_list(&d, "applied", &p->applied);
	entry_list(&d, "starred", &p->starred);
	entry_list(&d, "shared", &p->shared);
	set_number(d.root, "n_applied", p->n_applied);
	set_number(d.root, "n_shared", p->n_shared);
	set_number(d.root, "n_starred", (int64_t)p->starred.n);
	set_text(d.root, "entries", count_text(arena, (size_t)p->entries, "entry", "entries"));
	set_text(d.root, "actual", p->actual > 0 ? minutes_text(arena, p->actual) : "");
	set_text(d.root, "credited", p->credited > 0 ? minutes_text(arena, p->credited) : "");
	set_number(d.root, "gave", p->gave);
	set_number(d.root, "took", p->took);
	set_text(d.root, "write_up", one_line(arena, p->write_up, EXCERPT));
	set_text(d.root, "write_up_where", p->write_up_where);
	set_flag(d.root, "file", p->file);
	names_list(&d, "files", &p->files);
	names_list(&d, "refused", &p->refused);
	set_flag(d.root, "came", p->files.n + p->refused.n > 0);
	set_text(d.root, "undo", p->undo_days > 0 ? count_text(arena, (size_t)p->undo_days, "day", "days") : "");
	times_list(&d, &p->times);
	draft_ready(&d, d.root, "ready_signed", "signed");
	draft_ready(&d, d.root, "ready_not_yet", "not yet: ");
	return draft_write(&d, "pack", letter, err);
}
