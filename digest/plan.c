#include "digest/plan.h"

#include "digest/draft.h"
#include "rules/plan-said.h"

/* Titles and questions are read again as labels when they come back in an answer (rules/plan-cues.c). */
static const struct {
	const char *title, *question;
} parts[PLAN_PARTS] = {
	{"My network", "My network: whom do you read, follow, listen to, meet?"},
	{"What I hope to learn", "What do you hope to learn this year?"},
	{"How it reaches my classroom", "How will it reach your classroom?"},
};

const char *plan_part_title(size_t i)
{
	return parts[i].title;
}

const char *plan_part_question(size_t i)
{
	return parts[i].question;
}

/* A part keeps its lines: a list stays a list. */
static void part_values(struct draft *d, struct value *map, size_t i, const struct plan *p)
{
	struct span rest = span_of(*plan_part(&p->parts, i)), line;
	set_text(map, "title", parts[i].title);
	struct value *lines = set_list(map, "text");
	while (span_line(&rest, &line))
		list_text(lines, one_line(d->arena, arena_strndup(d->arena, line.p, line.n), PLAN_PART_MAX));
}

static void plan_values(struct draft *d, const struct plan_letter *l)
{
	struct value *list = set_list(d->root, "parts");
	for (size_t i = 0; i < PLAN_PARTS; i++)
		part_values(d, list_map(list), i, l->plan);
	if (l->plan->goal > 0) {
		set_number(d->root, "goal", l->plan->goal);
		set_text(d->root, "goal_words", one_line(d->arena, l->plan->goal_words, 300));
	}
}

static void goal_values(struct draft *d, const struct plan_letter *l)
{
	struct value *list = set_list(d->root, "choices");
	for (size_t i = 0; i < l->n_goals; i++) {
		struct value *map = list_map(list);
		set_number(map, "number", l->goals[i].id);
		set_text(map, "words", one_line(d->arena, l->goals[i].words, 300));
		draft_ready(d, map, "ready", arena_printf(d->arena, "goal %lld", (long long)l->goals[i].id));
	}
}

/* A ready answer that holds the titles of what is still to be said. */
static void form_value(struct draft *d, const struct plan_letter *l)
{
	const char *form = "";
	for (size_t i = 0; i < PLAN_PARTS; i++)
		if (l->questions || (l->plan != NULL && (*plan_part(&l->plan->parts, i))[0] == '\0'))
			form = arena_printf(d->arena, "%s%s: \n\n", form, parts[i].title);
	if (form[0] != '\0')
		draft_ready(d, d->root, "ready_form", form);
}

static void reply_values(struct draft *d, const struct strs *replies)
{
	struct value *list = set_list(d->root, "replies");
	for (size_t i = 0; i < replies->n; i++) {
		struct value *map = list_map(list);
		set_text(map, "word", replies->v[i]);
		set_flag(map, "first", i == 0);
		draft_ready(d, map, "ready", replies->v[i]);
	}
}

int letter_plan(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct plan_letter *l,
                struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	set_text(d.root, "heading", one_line(arena, l->subject, 200));
	set_text(d.root, "of", one_line(arena, l->of == NULL ? "" : l->of, 200));
	draft_lines(&d, "before", &l->before);
	draft_lines(&d, "after", &l->after);
	if (l->questions) {
		struct value *list = set_list(d.root, "questions");
		for (size_t i = 0; i < PLAN_PARTS; i++) {
			struct value *map = list_map(list);
			set_number(map, "number", (int64_t)i + 1);
			set_text(map, "question", parts[i].question);
		}
	}
	if (l->plan != NULL)
		plan_values(&d, l);
	if (l->choose)
		goal_values(&d, l);
	form_value(&d, l);
	reply_values(&d, &l->replies);
	return draft_write(&d, "plan", letter, err);
}
