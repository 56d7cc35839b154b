#include "rules/plan-said.h"
#include "rules/plan-words.h"

/* Which of the campus's goals a plan serves: the one whose words it shares. A word that many goals have tells little. */

#define GOALS_MAX 100
#define SHARE_LEAST 300 /* of 1000: of a goal's words, by weight */
#define LEAD_LEAST 100  /* before the next goal */

struct guess {
	struct stems words[GOALS_MAX];
	size_t n;
};

static int weight(const struct guess *g, const struct stem *word)
{
	int goals = 0;
	for (size_t i = 0; i < g->n; i++)
		for (size_t k = 0; k < g->words[i].n; k++)
			if (stems_match(word, &g->words[i].v[k])) {
				goals++;
				break;
			}
	return 1000 / (goals == 0 ? 1 : goals * goals);
}

/* In thousandths, how much of the goal the plan speaks of. */
static int share(const struct guess *g, const struct stems *goal, const struct stems *plan)
{
	int all = 0, met = 0;
	for (size_t i = 0; i < goal->n; i++) {
		int w = weight(g, &goal->v[i]);
		all += w;
		for (size_t k = 0; k < plan->n; k++)
			if (stems_match(&goal->v[i], &plan->v[k])) {
				met += w;
				break;
			}
	}
	return all == 0 ? 0 : met * 1000 / all;
}

const struct goal *plan_guess_goal(const struct plan_parts *parts, const struct goal *goals, size_t n)
{
	struct arena arena = {0};
	struct guess *g = arena_alloc(&arena, sizeof *g);
	struct stems *plan = arena_alloc(&arena, sizeof *plan);
	int best = 0, next = 0;
	size_t at = 0;
	stems_add(plan, span_of(parts->learn)); /* first: it counts when there are too many words */
	stems_add(plan, span_of(parts->classroom));
	stems_add(plan, span_of(parts->network));
	g->n = n < GOALS_MAX ? n : GOALS_MAX;
	for (size_t i = 0; i < g->n; i++)
		stems_add(&g->words[i], span_of(goals[i].words));
	for (size_t i = 0; i < g->n; i++) {
		int s = share(g, &g->words[i], plan);
		if (s > best) {
			next = best;
			best = s;
			at = i;
		} else if (s > next)
			next = s;
	}
	arena_release(&arena);
	return best >= SHARE_LEAST && best - next >= LEAD_LEAST ? &goals[at] : NULL;
}
