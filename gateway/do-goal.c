#include <stdlib.h>

#include "gateway/desk.h"

/* The campus's goals by mail: anybody on the roster may list them, an administrator adds and removes. */

#define GOALS_MAX 50
#define WORDS_MOST 300

static int say(struct desk *desk, struct matter *m, const char *subject, const struct strs *lines, struct err *err)
{
	struct answer answer = {.subject = subject, .lines = *lines};
	const char *what = arena_printf(desk->arena, "goal:%s", lines->v[0]); /* several commands of one mail are answered each */
	return post_answer(desk, m, what, &answer, err);
}

static int add_list(struct desk *desk, struct strs *lines, struct err *err)
{
	struct goals goals;
	if (store_goals(desk->store, desk->arena, &goals, err) < 0)
		return -1;
	if (goals.n == 0)
		strs_add(lines, desk->arena, "The campus has no goals yet.");
	for (size_t i = 0; i < goals.n; i++)
		strs_add(lines, desk->arena, arena_printf(desk->arena, "Goal %lld: %s", (long long)goals.v[i].id, goals.v[i].words));
	return 0;
}

static bool may_change(const struct person *p)
{
	return p->role == ROLE_APPROVER || p->role == ROLE_OPERATOR;
}

static int add_goal(struct desk *desk, struct matter *m, const char *words, struct strs *lines, struct err *err)
{
	struct goals goals;
	int64_t id = 0;
	struct span s = span_trim(span_of(words));
	const char *clean = arena_strndup(desk->arena, s.p, s.n);
	if (store_goals(desk->store, desk->arena, &goals, err) < 0)
		return -1;
	for (size_t i = 0; i < goals.n && id == 0; i++)
		id = span_eq_nocase(s, goals.v[i].words) ? goals.v[i].id : 0;
	const char *why = s.n == 0                ? "Nothing was added: write *goal add* and the goal's words."
	                  : s.n > WORDS_MOST      ? "Nothing was added: say it in fewer words."
	                  : id != 0               ? arena_printf(desk->arena, "Nothing was added: that is goal %lld already.", (long long)id)
	                  : goals.n >= GOALS_MAX ? "Nothing was added: there are enough goals; remove one first."
	                                          : NULL;
	if (why == NULL && store_add_goal(desk->store, clean, m->person->id, desk->now, &id, err) < 0)
		return -1;
	strs_add(lines, desk->arena, why != NULL ? why : arena_printf(desk->arena, "Goal %lld added: %s", (long long)id, clean));
	return 0;
}

static int remove_goal(struct desk *desk, const char *words, struct strs *lines, struct err *err)
{
	struct span s = span_trim(span_of(words));
	int64_t id = s.n > 0 && s.n < 10 && strspn(words, " 0123456789") == strlen(words) ? strtoll(s.p, NULL, 10) : 0;
	int found = id == 0 ? 0 : store_remove_goal(desk->store, id, err);
	if (found < 0)
		return -1;
	strs_add(lines, desk->arena, found > 0 ? arena_printf(desk->arena, "Goal %lld is removed. Plans that chose it keep it; nobody can choose it any more.", (long long)id)
	                                       : "Nothing was removed: write *goal remove* and the number of a goal below.");
	return 0;
}

/* goals · goal add WORDS · goal remove N: rest holds what follows "goal" */
int on_goal(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct strs lines = {0};
	struct span rest = span_of(c->rest);
	int result = 0;
	if (rest.n > 0 && !may_change(m->person))
		strs_add(&lines, desk->arena, "Nothing was changed: the goals are the administrators' to set.");
	else if (span_starts_nocase(rest, "add"))
		result = add_goal(desk, m, c->rest + strlen("add"), &lines, err);
	else if (span_starts_nocase(rest, "remove"))
		result = remove_goal(desk, c->rest + strlen("remove"), &lines, err);
	if (result < 0 || add_list(desk, &lines, err) < 0)
		return -1;
	if (rest.n == 0)
		strs_add(&lines, desk->arena, may_change(m->person) ? "*goal add* and words adds one, *goal remove 2* removes one." : "Your plan serves one of them: write *plan*.");
	return say(desk, m, "The campus's goals", &lines, err);
}
