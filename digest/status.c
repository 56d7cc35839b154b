#include "digest/status.h"

#include "digest/bar.h"

#define CELLS 24
#define LINES_MAX 40

static void bar_values(struct value *map, const char *key, int percent)
{
	if (percent > 0)
		set_number(map, key, percent);
}

void status_values(struct draft *d, const struct credit_status *s)
{
	struct bar bar = bar_parts(s, 100);
	struct value *v = d->root;
	int64_t sum = bar_counted(s);
	int counted = sum > INT32_MAX ? INT32_MAX : (int)sum;
	set_number(v, "gave", s->gave);
	set_number(v, "took", s->took);
	set_text(v, "entries", count_text(d->arena, s->entries > 0 ? (size_t)s->entries : 0, "entry", "entries"));
	set_text(v, "year", s->year);
	set_text(v, "plan", s->plan);
	set_text(v, "plan_progress", s->plan_of > 0 ? arena_printf(d->arena, "%d of %s within your plan", s->plan_within, count_text(d->arena, (size_t)s->plan_of, "entry", "entries")) : "");
	set_flag(v, "plan_wanted", s->plan_wanted);
	draft_ready(d, v, "ready_plan", "plan");
	set_flag(v, "credit", s->credit);
	set_text(v, "approved", minutes_text(d->arena, s->approved));
	set_text(v, "waiting", minutes_text(d->arena, s->waiting));
	set_text(v, "counted", minutes_text(d->arena, counted));
	set_text(v, "cap", s->cap > 0 ? minutes_text(d->arena, s->cap) : "");
	set_text(v, "requirement", s->requirement > 0 ? minutes_text(d->arena, s->requirement) : "");
	set_flag(v, "cap_reached", s->cap > 0 && counted >= s->cap);
	set_flag(v, "all_approved", s->cap > 0 && s->approved >= s->cap);
	set_text(v, "bar", credit_bar(d->arena, s, CELLS));
	draft_lines(d, "checks", &s->checks);
	bar_values(v, "approved_percent", bar.approved);
	bar_values(v, "waiting_percent", bar.waiting);
	bar_values(v, "left_percent", bar.left);
}

/* "15 min approved", "denied", "nothing credited": where a line's credit stands. */
static const char *standing(struct arena *arena, const struct status_line *line)
{
	const char *state = line->state == NULL ? "" : line->state;
	if (strcmp(state, "denied") == 0 || strcmp(state, "withdrawn") == 0)
		return state;
	if (line->credited <= 0)
		return "nothing credited";
	return arena_printf(arena, "%s %s", minutes_text(arena, line->credited),
	                    state[0] == '\0' || strcmp(state, "none") == 0 ? "credited" : state);
}

static void line_values(struct draft *d, struct value *map, const struct status_line *line, bool credit)
{
	set_number(map, "id", line->entry);
	set_text(map, "day", day_text(d->arena, line->day, d->facts->today));
	set_text(map, "title", one_line(d->arena, line->title, 100));
	set_text(map, "minutes", line->actual > 0 ? minutes_text(d->arena, line->actual) : "");
	set_flag(map, "unstated", line->actual > 0 && line->unstated);
	set_text(map, "standing", credit ? standing(d->arena, line) : "");
	set_text(map, "reason", credit ? reason_words(line->reason) : "");
}

int letter_status(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct credit_status *s,
                  struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	status_values(&d, s);
	size_t shown = s->n_lines < LINES_MAX ? s->n_lines : LINES_MAX;
	struct value *lines = set_list(d.root, "lines");
	for (size_t i = 0; i < shown; i++)
		line_values(&d, list_map(lines), &s->lines[i], s->credit);
	if (s->n_lines > shown)
		set_number(d.root, "more", (int64_t)(s->n_lines - shown));
	draft_ready(&d, d.root, "ready_list", "list");
	return draft_write(&d, "status", letter, err);
}
