#include "gateway/plan-desk.h"
#include "rules/plan-words.h"

/* A plan and its owner: what was written becomes a draft, which changes in place until it is sent; what has been sent is only changed
 * by a new version. */

#define PROSE_MAX ((size_t)64 << 10)

static void set_goal(struct plan_desk *p, const struct goal *goal)
{
	p->plan.goal = goal == NULL ? 0 : goal->id;
	p->plan.goal_words = goal == NULL ? "" : goal->words;
}

/* What was said of a goal's number; a number that no goal has is asked about. */
static void said_goal(struct plan_desk *p, int number)
{
	const struct goal *goal = plan_find_goal(p, number);
	if (number < 0)
		p->no_goal = true;
	else if (goal == NULL)
		p->remark = arena_printf(p->desk->arena, "The campus has no goal %d.", number);
	set_goal(p, goal);
}

static void find_goal(struct plan_desk *p, int number)
{
	if (number != 0)
		said_goal(p, number);
	else if (plan_find_goal(p, p->plan.goal) == NULL) {
		set_goal(p, plan_guess_goal(&p->plan.parts, p->goals.v, p->goals.n));
		p->guessed = p->plan.goal != 0;
	}
}

/* Writes the draft, as a new version where the last one is no draft any more, and echoes it. */
static int write_draft(struct plan_desk *p)
{
	p->plan.message = p->m->message;
	if (p->plan.id != 0 && p->plan.state == PLAN_DRAFT)
		return store_change_plan(p->desk->store, &p->plan, p->err) < 0 ? -1 : plan_echo(p);
	p->plan.state = PLAN_DRAFT;
	p->plan.created_at = p->desk->now;
	p->plan.decided_at = p->plan.decided_by = p->plan.delegate = 0;
	p->plan.words = "";
	return store_add_plan(p->desk->store, &p->plan, p->err) < 0 ? -1 : plan_echo(p);
}

int plan_begin(struct plan_desk *p, const struct plan_said *said)
{
	struct plan latest;
	int found = store_plan_of(p->desk->store, p->owner.id, p->from, false, p->desk->arena, &latest, p->err);
	if (found < 0)
		return -1;
	if (found > 0 && latest.state == PLAN_DRAFT)
		p->plan = latest;
	p->plan.parts = said->parts;
	p->plan.prose = said->prose;
	set_goal(p, NULL);
	find_goal(p, said->goal);
	return write_draft(p);
}

/* ---- what changes */

static bool any_part(const struct plan_said *said)
{
	for (size_t i = 0; i < PLAN_PARTS; i++)
		if (said->how[i] != PLAN_NOT_FOUND)
			return true;
	return false;
}

static void merge(struct plan_desk *p, const struct plan_said *said)
{
	struct arena *arena = p->desk->arena;
	for (size_t i = 0; i < PLAN_PARTS; i++) {
		const char *was = *plan_part(&p->plan.parts, i), *now = *plan_part(&said->parts, i);
		if (said->how[i] == PLAN_NOT_FOUND)
			continue;
		if (said->adds[i] && was[0] != '\0')
			now = arena_printf(arena, "%s %s", was, now);
		plan_set_part(&p->plan.parts, i, arena_strndup(arena, now, utf8_prefix(now, strlen(now), PLAN_PART_MAX)));
	}
	const char *prose = arena_printf(arena, "%s%s%s", p->plan.prose, p->plan.prose[0] == '\0' ? "" : "\n\n", said->prose);
	p->plan.prose = arena_strndup(arena, prose, utf8_prefix(prose, strlen(prose), PROSE_MAX));
	find_goal(p, said->goal);
}

static void read_change(struct plan_desk *p, struct plan_said *said)
{
	const struct reading *r = p->m->reading;
	struct plan_input in = {.own = r->own, .answers = r->answers, .n_answers = r->n_answers};
	size_t missing = 0, only = 0;
	for (size_t i = 0; i < PLAN_PARTS; i++) {
		in.missing[i] = (*plan_part(&p->plan.parts, i))[0] == '\0';
		missing += in.missing[i];
		only = in.missing[i] ? i : only;
	}
	in.asked = missing > 0;
	plan_read(said, &in, p->desk->arena);
	for (size_t i = 0; i < PLAN_PARTS; i++)
		if (said->how[i] == PLAN_BY_LABEL || said->how[i] == PLAN_BY_NUMBER)
			return;
	if (missing != 1 || said->prose[0] == '\0' || said->goal != 0)
		return;
	for (size_t i = 0; i < PLAN_PARTS; i++) { /* one part was asked for: these words are it, whatever else they speak of */
		plan_set_part(&said->parts, i, i == only ? said->prose : "");
		said->how[i] = i == only ? PLAN_BY_ORDER : PLAN_NOT_FOUND;
		said->adds[i] = false;
	}
}

static int change_draft(struct plan_desk *p)
{
	struct plan_said said;
	read_change(p, &said);
	if (!any_part(&said) && said.goal == 0) {
		p->remark = "I could not tell what your answer changes, so nothing was changed. Begin with the part that you mean, as in: My network: …";
		return plan_echo(p);
	}
	merge(p, &said);
	return write_draft(p);
}

/* ---- sending */

static int nobody(struct plan_desk *p)
{
	struct strs lines = {0};
	plan_add(p, &lines, "%s has written a plan for %s, and the roster has no approver who may decide about it.", p->owner.name, p->year);
	plan_add(p, &lines, "Add one: plnpost people add NAME ADDRESS --role approver. Then tell %s to reply yes again.", p->owner.name);
	if (post_trouble(p->desk, arena_printf(p->desk->arena, "trouble:plan:%lld", (long long)p->plan.id), "A plan has no approver", &lines, p->err) < 0)
		return -1;
	return plan_say(p, "nobody", false, "Your plan could not be sent: nobody on the campus may approve it. The operator has been told; the draft is kept.", NULL);
}

static int send_plan(struct plan_desk *p)
{
	struct person_list approvers;
	const char *names = "";
	if (plan_approvers(p, &approvers) < 0)
		return -1;
	if (approvers.n == 0)
		return nobody(p);
	p->plan.state = PLAN_WAITING;
	p->plan.message = p->m->message; /* when it was sent: a plan that waits for too long is reminded of */
	if (store_change_plan(p->desk->store, &p->plan, p->err) < 0)
		return -1;
	for (size_t i = 0; i < approvers.n; i++) {
		names = arena_printf(p->desk->arena, "%s%s%s", names, i == 0 ? "" : i + 1 == approvers.n ? " and " : ", ", approvers.v[i].name);
		if (plan_ask(p, &approvers.v[i], "for", NULL) < 0)
			return -1;
	}
	return plan_say(p, "sent", false, arena_printf(p->desk->arena, "Sent to %s%s. You hear from me when it is decided.", names, approvers.n > 1 ? "; the first who answers decides" : ""), NULL);
}

static int drop(struct plan_desk *p)
{
	p->plan.state = PLAN_REPLACED;
	p->plan.words = "dropped by its owner";
	if (store_change_plan(p->desk->store, &p->plan, p->err) < 0)
		return -1;
	return plan_say(p, "dropped", false, "The draft is dropped; nothing was sent. To begin again, write #plan and your words.", NULL);
}

static int yes(struct plan_desk *p)
{
	bool offers;
	if (plan_echo_is_current(p, &offers) && offers)
		return send_plan(p);
	if (!offers && !plan_echo_is_current(p, &offers))
		p->remark = "The draft has changed since the mail that you answered.";
	return plan_echo(p);
}

static int change_goal(struct plan_desk *p, int number)
{
	if (number > 0 && plan_find_goal(p, number) == NULL) { /* the goal that was chosen stays */
		p->remark = arena_printf(p->desk->arena, "The campus has no goal %d, so nothing was changed: *goals* lists those that it has.", number);
		return plan_echo(p);
	}
	said_goal(p, number);
	return write_draft(p);
}

static int answer_draft(struct plan_desk *p, const struct plan_answered *a)
{
	switch (a->what) {
	case PLAN_ANSWER_YES:
		return yes(p);
	case PLAN_ANSWER_NO:
		return drop(p);
	case PLAN_ANSWER_GOAL:
		return change_goal(p, a->goal);
	case PLAN_ANSWER_WORDS:
		return change_draft(p);
	case PLAN_ANSWER_UNCLEAR:
		p->remark = "Your answer said several things at once, so nothing was changed. Reply with yes alone, or with what changes alone.";
		return plan_echo(p);
	case PLAN_ANSWER_NOTHING:
	case PLAN_ANSWER_ASK:
	case PLAN_ANSWER_UNDO:
		break;
	}
	p->remark = p->m->reading->n_answers > 0 ? NULL : "I found no words of yours in that mail.";
	return p->m->reading->n_answers > 0 ? change_draft(p) : plan_echo(p);
}

/* ---- when it has been sent */

/* The owner's answer goes to whoever asked, in their thread. */
static int answer_asker(struct plan_desk *p, const char *words)
{
	struct person asker;
	int found = store_person(p->desk->store, p->plan.decided_by, p->desk->arena, &asker, p->err);
	if (found <= 0)
		return found;
	p->plan.state = PLAN_WAITING;
	p->plan.words = arena_printf(p->desk->arena, "%s\n%s", p->plan.words, words);
	if (store_change_plan(p->desk->store, &p->plan, p->err) < 0)
		return -1;
	struct plan_letter l = {.plan = &p->plan};
	plan_add(p, &l.before, "%s answers your question:", p->owner.name);
	strs_add(&l.before, p->desk->arena, words);
	plan_offer_decision(p, &l);
	if (plan_post(p, &asker, "answer", false, &l) < 0)
		return -1;
	return plan_say(p, "answered", false, arena_printf(p->desk->arena, "Your answer is with %s.", asker.name), NULL);
}

static bool is_polite(struct plan_desk *p, const char *words)
{
	static const char *const polite[] = {" thanks ", " thank you ", " great thanks ", " great thank you ", " thanks a lot ", " danke ", " vielen dank ", " merci ", " gracias ", " many thanks ", " ok ", " great "};
	const char *plain = plain_text(p->desk->arena, span_of(words));
	for (size_t i = 0; i < sizeof polite / sizeof *polite; i++)
		if (strcmp(plain, polite[i]) == 0)
			return true;
	return false;
}

/* Words with parts of a plan in them, in answer to what was decided: the next version. A plan that waits is not replaced by a hint. */
static int answer_decided(struct plan_desk *p, const struct plan_answered *a)
{
	struct plan_said said;
	bool labelled = false;
	if (a->what != PLAN_ANSWER_WORDS || p->plan.state == PLAN_REPLACED)
		return plan_stands(p);
	if (is_polite(p, a->words))
		return 0;
	read_change(p, &said);
	for (size_t i = 0; i < PLAN_PARTS; i++)
		labelled = labelled || said.how[i] == PLAN_BY_LABEL;
	if (!any_part(&said) || (p->plan.state != PLAN_DENIED && !labelled))
		return plan_stands(p);
	merge(p, &said);
	return write_draft(p);
}

int plan_owner_answers(struct plan_desk *p)
{
	struct plan_answered a;
	struct plan latest;
	plan_answer_owner(&a, p->m->reading, p->desk->arena);
	if (p->plan.state == PLAN_DRAFT) {
		bool offers;
		p->no_goal = plan_echo_is_current(p, &offers) && offers && p->plan.goal == 0; /* as it was when this was offered */
		return answer_draft(p, &a);
	}
	if (p->plan.state == PLAN_ASKED && a.what != PLAN_ANSWER_NOTHING)
		return answer_asker(p, a.words);
	int found = p->plan.state != PLAN_REPLACED ? 0 : store_plan_of(p->desk->store, p->owner.id, p->plan.year, false, p->desk->arena, &latest, p->err);
	if (found < 0)
		return -1;
	if (found > 0) {
		p->plan = latest;
		p->remark = "The version that you answered has been replaced. This is how your plan stands:";
		return plan_stands(p);
	}
	if (p->plan.state == PLAN_REPLACED)
		return plan_say(p, "gone", false, "That draft was dropped. To begin again, write #plan and your words.", NULL);
	return answer_decided(p, &a);
}
