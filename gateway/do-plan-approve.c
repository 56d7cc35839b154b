#include "gateway/plan-desk.h"

/* An approver's answer to a plan: ok, ask, no, undo. The first decision wins, and the others who were asked are told. In doubt nothing
 * is decided, and one question goes back. That the mail is the approver's, or a registered delegate's, is known already. */

static int64_t delegate_of(const struct plan_desk *p)
{
	return p->m->delegate == NULL ? 0 : p->m->delegate->id;
}

static const char *me(struct plan_desk *p)
{
	return p->m->delegate == NULL ? p->m->person->name : arena_printf(p->desk->arena, "%s for %s", p->m->delegate->name, p->m->person->name);
}

static int ask_back(struct plan_desk *p, const char *sentence)
{
	static const char *const replies[] = {"ok", "ask ", "no ", NULL};
	return plan_say(p, "unclear", false, sentence, replies);
}

/* ---- who is told */

static int tell_owner(struct plan_desk *p, const char *what, const char *subject, const char *sentence, const char *after)
{
	struct plan_letter l = {.subject = subject, .plan = &p->plan};
	plan_add(p, &l.before, "%s", sentence);
	if (p->plan.words[0] != '\0')
		strs_add(&l.before, p->desk->arena, p->plan.words);
	if (after != NULL)
		plan_add(p, &l.after, "%s", after);
	return plan_post(p, &p->owner, what, false, &l);
}

/* Every other approver who has been asked, at first or later on. */
static int tell_others(struct plan_desk *p, const char *sentence)
{
	struct roster people = {0};
	const char *letter;
	if (store_people(p->desk->store, false, p->desk->arena, &people, p->err) < 0)
		return -1;
	for (size_t i = 0; i < people.n; i++) {
		const struct person *other = &people.people[i];
		if (other->role != ROLE_APPROVER || other->id == p->m->person->id || other->id == p->owner.id)
			continue;
		int asked = store_letter_of_plan(p->desk->store, p->plan.id, other->id, p->desk->arena, &letter, p->err);
		struct plan_letter l = {.subject = arena_printf(p->desk->arena, "Plan of %s, %s", p->owner.name, p->year)};
		plan_add(p, &l.before, "%s", sentence);
		if (asked < 0 || (asked > 0 && plan_post(p, other, arena_printf(p->desk->arena, "told:%lld", (long long)other->id), false, &l) < 0))
			return -1;
	}
	return 0;
}

/* To the approver, and to the delegate who wrote it. */
static int tell_me(struct plan_desk *p, const char *subject, const char *sentence, const char *ready)
{
	struct plan_letter l = {.subject = subject};
	if (p->m->delegate != NULL)
		plan_add(p, &l.before, "%s answered for %s.", p->m->delegate->name, p->m->person->name);
	plan_add(p, &l.before, "%s", sentence);
	if (ready != NULL)
		strs_add(&l.replies, p->desk->arena, ready);
	if (plan_post(p, p->m->person, "outcome", true, &l) < 0)
		return -1;
	return p->m->delegate == NULL ? 0 : plan_post(p, p->m->delegate, "outcome:delegate", true, &l);
}

static const char *undo_until(struct plan_desk *p)
{
	int days = ruleset_policy(p->desk->campus->rules)->undo_days;
	return days == 0 ? "" : arena_printf(p->desk->arena, " *undo* until %s.", plan_day(p, p->desk->now + (int64_t)days * 86400));
}

/* ---- deciding */

static int keep_decision(struct plan_desk *p, enum plan_state state, const char *words)
{
	p->plan.state = state;
	p->plan.words = words;
	p->plan.decided_by = p->m->person->id;
	p->plan.delegate = delegate_of(p);
	p->plan.decided_at = state == PLAN_ASKED ? 0 : p->desk->now;
	return store_change_plan(p->desk->store, &p->plan, p->err);
}

static int ledger(struct plan_desk *p, enum ledger_verb verb, int64_t about, const char *reason)
{
	struct ledger_line line = {.at = p->desk->now, .person = p->owner.id, .verb = verb, .day = campus_today(p->desk->campus, NULL, p->desk->now),
	                           .actual = 0, .reason = reason, .flag = "", .by_person = p->m->person->id, .delegate = delegate_of(p), .message = p->m->message, .about = about};
	return store_add_ledger(p->desk->store, &line, p->err);
}

static int approve(struct plan_desk *p, const char *words)
{
	struct arena *arena = p->desk->arena;
	const char *goal = p->plan.goal == 0 ? "" : arena_printf(arena, ", goal %lld", (long long)p->plan.goal);
	if (keep_decision(p, PLAN_APPROVED, words) < 0 ||
	    ledger(p, LEDGER_PLAN, p->plan.id, arena_printf(arena, "plan %s version %d approved%s", p->year, p->plan.version, goal)) < 0 ||
	    credit_again(p->desk, &p->owner, p->from, p->m->message, p->err) < 0)
		return -1;
	if (tell_owner(p, "approved", "Plan approved", arena_printf(arena, "Plan approved by %s.", me(p)), "From now on status and digest show how many of your entries are within it.") < 0 ||
	    tell_others(p, arena_printf(arena, "The plan of %s for %s was approved by %s. You need do nothing.", p->owner.name, p->year, me(p))) < 0)
		return -1;
	return tell_me(p, arena_printf(arena, "Plan approved: %s", p->owner.name),
	               arena_printf(arena, "Plan approved: %s, %s, version %d.%s", p->owner.name, p->year, p->plan.version, undo_until(p)), "undo");
}

static int deny(struct plan_desk *p, const char *words)
{
	struct arena *arena = p->desk->arena;
	if (words[0] == '\0')
		return ask_back(p, "Nothing is decided yet: why not? Reply *no* and the reason, which its owner reads.");
	if (keep_decision(p, PLAN_DENIED, words) < 0 ||
	    tell_owner(p, "denied", "Plan not approved", arena_printf(arena, "Your plan was not approved by %s:", me(p)), "Reply with what changes, as in: What I hope to learn: … You see the whole plan before it is sent again.") < 0 ||
	    tell_others(p, arena_printf(arena, "The plan of %s for %s was denied by %s: %s", p->owner.name, p->year, me(p), words)) < 0)
		return -1;
	return tell_me(p, arena_printf(arena, "Plan denied: %s", p->owner.name),
	               arena_printf(arena, "Plan denied: %s, %s, version %d.%s", p->owner.name, p->year, p->plan.version, undo_until(p)), "undo");
}

static int ask(struct plan_desk *p, const char *words)
{
	struct arena *arena = p->desk->arena;
	if (keep_decision(p, PLAN_ASKED, words) < 0 ||
	    tell_owner(p, "asked", arena_printf(arena, "Your plan for %s", p->year), arena_printf(arena, "%s asks about your plan:", me(p)),
	               arena_printf(arena, "Your answer to this mail goes to %s. To change the plan itself, write a new one with #plan.", p->m->person->name)) < 0)
		return -1;
	return tell_me(p, arena_printf(arena, "Plan of %s, %s", p->owner.name, p->year),
	               arena_printf(arena, "Your question is with %s; the answer comes to you. Nothing is decided yet.", p->owner.name), NULL);
}

/* ---- taking it back */

static int plan_line(struct plan_desk *p, int64_t *line)
{
	struct ledger list = {0};
	*line = 0;
	if (store_ledger(p->desk->store, p->owner.id, 0, p->desk->arena, &list, p->err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].verb == LEDGER_PLAN && list.v[i].about == p->plan.id)
			*line = list.v[i].id;
	return 0;
}

/* The version that it took the place of is valid again. */
static int restore_earlier(struct plan_desk *p)
{
	struct plan earlier;
	int found = store_plan_before(p->desk->store, p->plan.id, p->desk->arena, &earlier, p->err);
	if (found <= 0)
		return found;
	earlier.state = PLAN_APPROVED;
	return store_change_plan(p->desk->store, &earlier, p->err);
}

static int undo(struct plan_desk *p)
{
	int64_t window = (int64_t)ruleset_policy(p->desk->campus->rules)->undo_days * 86400, line = 0;
	bool decided = p->plan.state == PLAN_APPROVED || p->plan.state == PLAN_DENIED, approved = p->plan.state == PLAN_APPROVED;
	if (!decided)
		return plan_say(p, "undo", false, "There is nothing to undo: the plan is not decided.", NULL);
	if (p->plan.decided_by != p->m->person->id)
		return plan_say(p, "undo", false, arena_printf(p->desk->arena, "Nothing was changed: %s decided it.", plan_decider(p)), NULL);
	if (p->desk->now > p->plan.decided_at + window)
		return plan_say(p, "undo", false, "Nothing was changed: its time for undo is over.", NULL);
	if (plan_line(p, &line) < 0)
		return -1;
	p->plan.state = PLAN_WAITING;
	p->plan.words = "";
	p->plan.decided_at = p->plan.decided_by = p->plan.delegate = 0;
	if (store_change_plan(p->desk->store, &p->plan, p->err) < 0 || (approved && ledger(p, LEDGER_REVOKE, line, "the approval of the plan taken back by the approver") < 0) ||
	    (approved && restore_earlier(p) < 0) || (approved && credit_again(p->desk, &p->owner, p->from, p->m->message, p->err) < 0))
		return -1;
	if (tell_owner(p, "undone", arena_printf(p->desk->arena, "Your plan for %s", p->year), arena_printf(p->desk->arena, "%s took the decision about your plan back. It waits again.", me(p)), NULL) < 0 ||
	    tell_others(p, arena_printf(p->desk->arena, "%s took the decision about the plan of %s back: it waits again.", me(p), p->owner.name)) < 0)
		return -1;
	return tell_me(p, arena_printf(p->desk->arena, "Plan of %s, %s", p->owner.name, p->year), "Taken back: the plan waits again. Reply *ok*, *ask* and your question, or *no* and the reason.", "ok");
}

/* ---- what the answer is to */

/* NULL = it can be decided. */
static const char *settled(struct plan_desk *p)
{
	switch (p->plan.state) {
	case PLAN_WAITING:
	case PLAN_ASKED:
		return NULL;
	case PLAN_APPROVED:
	case PLAN_DENIED:
		return arena_printf(p->desk->arena, "Nothing was changed: the plan was %s by %s on %s.", plan_state_name(p->plan.state), plan_decider(p), plan_day(p, p->plan.decided_at));
	case PLAN_DRAFT:
	case PLAN_REPLACED:
	case PLAN_STATE_COUNT:
		break;
	}
	return arena_printf(p->desk->arena, "Nothing was decided: %s has written another version since. It comes to you when it is sent.", p->owner.name);
}

const char *plan_barred(struct plan_desk *p)
{
	const struct person *person = p->m->person, *delegate = p->m->delegate;
	if (person->id == p->plan.person || (delegate != NULL && delegate->id == p->plan.person))
		return "Nothing was decided: it is your own plan.";
	if (person->role != ROLE_APPROVER || person->left)
		return "Nothing was decided: you are not an approver on the roster any more.";
	return settled(p);
}

int plan_decide(struct plan_desk *p, const struct plan_answered *a)
{
	switch (a->what) {
	case PLAN_ANSWER_YES:
		return approve(p, a->words);
	case PLAN_ANSWER_NO:
		return deny(p, a->words);
	case PLAN_ANSWER_ASK:
		return ask(p, a->words);
	case PLAN_ANSWER_NOTHING:
	case PLAN_ANSWER_GOAL:
	case PLAN_ANSWER_UNDO:
	case PLAN_ANSWER_WORDS:
	case PLAN_ANSWER_UNCLEAR:
		break;
	}
	return ask_back(p, "I was not sure what you mean, so nothing was decided. Do you approve it? Reply *ok*, *ask* and your question, or *no* and the reason.");
}

int plan_approver_answers(struct plan_desk *p)
{
	struct plan_answered a;
	plan_answer_approver(&a, p->m->reading, p->desk->arena);
	bool theirs = p->m->person->role == ROLE_APPROVER && !p->m->person->left;
	const char *why = theirs && a.what == PLAN_ANSWER_UNDO ? NULL : plan_barred(p);
	if (why != NULL)
		return plan_say(p, "settled", false, why, NULL);
	return a.what == PLAN_ANSWER_UNDO ? undo(p) : plan_decide(p, &a);
}
