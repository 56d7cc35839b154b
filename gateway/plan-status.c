#include "gateway/desk.h"
#include "rules/credit.h"

/* What the credit status says of a person's plan: which one is valid, what becomes of a newer one, how much lies within it. */

static const char *goal_words(struct arena *arena, const struct plan *p)
{
	return p->goal == 0 ? "approved" : arena_printf(arena, "goal %lld", (long long)p->goal);
}

/* The latest version, where that is not the valid one; NULL = nothing to say of it. */
static const char *pending(const struct plan *p)
{
	static const char *const words[] = {
		[PLAN_DRAFT] = "is a draft that is not sent", [PLAN_WAITING] = "waits", [PLAN_ASKED] = "waits for your answer", [PLAN_DENIED] = "was not approved", [PLAN_REPLACED] = NULL,
	};
	_Static_assert(sizeof words / sizeof *words == PLAN_STATE_COUNT, "words for each");
	return words[p->state];
}

static const char *alone(struct arena *arena, const struct plan *p)
{
	const char *state = pending(p);
	if (state == NULL)
		return NULL;
	return p->goal == 0 ? state : arena_printf(arena, "goal %lld, %s", (long long)p->goal, state);
}

int plan_status_of(struct desk *desk, const struct person *p, int32_t from, int32_t to, struct credit_status *out, struct err *err)
{
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	struct plan valid, latest;
	int is_valid = store_plan_of(desk->store, p->id, from, true, desk->arena, &valid, err);
	int is_any = is_valid < 0 ? -1 : store_plan_of(desk->store, p->id, from, false, desk->arena, &latest, err);
	if (is_any < 0)
		return -1;
	bool asked_for = policy_package(policy) || policy->plan_share > 0;
	out->plan_wanted = is_valid == 0 && (is_any == 0 || latest.state == PLAN_DENIED) && asked_for && (p->role == ROLE_TEACHER || p->role == ROLE_APPROVER);
	if (is_valid == 0) {
		out->plan = is_any > 0 ? alone(desk->arena, &latest) : NULL;
		return 0;
	}
	out->plan = goal_words(desk->arena, &valid);
	if (latest.id != valid.id && pending(&latest) != NULL)
		out->plan = arena_printf(desk->arena, "%s (version %d %s)", out->plan, latest.version, pending(&latest));
	return store_plan_progress(desk->store, &valid, from, to, &out->plan_within, &out->plan_of, err);
}
