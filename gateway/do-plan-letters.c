#include <stdio.h>

#include "gateway/plan-desk.h"

/* Letters about a plan. To its owner and to each approver they form one thread: an answer to the mail in hand, else following the last
 * letter that went to them about it. */

int plan_post(struct plan_desk *p, const struct person *to, const char *what, bool answers, struct plan_letter *l)
{
	struct arena *arena = p->desk->arena;
	struct frame_facts facts;
	struct letter letter;
	int64_t cause = p->m->message != 0 ? p->m->message : p->desk->now; /* on the command line there is no mail */
	struct post post = {.purpose = LETTER_PLAN, .person = to, .plan = p->plan.id, .answers = answers ? p->m->reading : NULL,
	                    .key = arena_printf(arena, "plan:%lld:%s:%lld", (long long)p->plan.id, what, (long long)cause)};
	if (!answers && p->plan.id != 0 && store_letter_of_plan(p->desk->store, p->plan.id, to->id, arena, &post.follows, p->err) < 0)
		return -1;
	if (l->plan != NULL && l->of == NULL)
		l->of = arena_printf(arena, "%s%s%s, version %d", to->id == p->owner.id ? "" : p->owner.name, to->id == p->owner.id ? "Plan " : ", ", p->year, p->plan.version);
	post_address(p->desk, &post, &facts);
	if (letter_plan(&letter, &p->desk->campus->templates, &facts, l, arena, p->err) < 0)
		return -1;
	int queued = post_letter(p->desk, &post, &letter, p->err);
	p->posted += queued > 0;
	return queued < 0 ? -1 : 0;
}

static const char *subject_for(struct plan_desk *p, bool owner)
{
	return owner ? arena_printf(p->desk->arena, "Your plan for %s", p->year) : arena_printf(p->desk->arena, "Plan of %s, %s", p->owner.name, p->year);
}

static void add_replies(struct plan_desk *p, struct plan_letter *l, const char *const *replies)
{
	for (; replies != NULL && *replies != NULL; replies++)
		strs_add(&l->replies, p->desk->arena, *replies);
}

int plan_say(struct plan_desk *p, const char *what, bool show, const char *sentence, const char *const *replies)
{
	struct plan_letter l = {.subject = subject_for(p, p->m->person->id == p->owner.id), .plan = show && p->plan.id != 0 ? &p->plan : NULL};
	plan_add(p, &l.before, "%s", sentence);
	add_replies(p, &l, replies);
	return plan_post(p, p->m->person, what, true, &l);
}

int plan_questions(struct plan_desk *p)
{
	struct plan_letter l = {.subject = subject_for(p, true), .questions = true};
	plan_add(p, &l.before, "A plan has three parts. Answer these questions in one reply: under each of them, by their numbers, or simply in their order. A sentence each will do.");
	plan_add(p, &l.after, "I then show you what I understood. Nothing goes to your approver before you say *yes*.");
	return plan_post(p, &p->owner, "questions", true, &l);
}

/* ---- to an approver */

void plan_offer_decision(struct plan_desk *p, struct plan_letter *l)
{
	static const char *const replies[] = {"ok", "ask ", "no ", NULL};
	l->subject = subject_for(p, false);
	plan_add(p, &l->after, "Reply *ok*, *ask* and your question, or *no* and the reason.");
	add_replies(p, l, replies);
}

int plan_ask(struct plan_desk *p, const struct person *approver, const char *what, const char *lead)
{
	struct plan valid;
	struct plan_letter l = {.plan = &p->plan};
	int found = store_plan_of(p->desk->store, p->owner.id, p->plan.year, true, p->desk->arena, &valid, p->err);
	if (found < 0)
		return -1;
	plan_add(p, &l.before, "%s asks you to approve this plan for %s.", p->owner.name, p->year);
	if (lead != NULL)
		plan_add(p, &l.before, "%s", lead);
	if (found > 0 && valid.id != p->plan.id)
		plan_add(p, &l.before, "It is to take the place of version %d, approved on %s, which stays valid until you decide.", valid.version, plan_day(p, valid.decided_at));
	if (p->plan.goal == 0 && p->goals.n > 0)
		plan_add(p, &l.after, "It serves none of the campus's goals, says its owner.");
	plan_offer_decision(p, &l);
	return plan_post(p, approver, arena_printf(p->desk->arena, "%s:%lld", what, (long long)approver->id), false, &l);
}

/* ---- the echo */

/* Exactly one question for each part that is not there. */
static size_t ask_parts(struct plan_desk *p, struct plan_letter *l)
{
	size_t n = 0;
	for (size_t i = 0; i < PLAN_PARTS; i++)
		if ((*plan_part(&p->plan.parts, i))[0] == '\0') {
			plan_add(p, &l->after, "%s", plan_part_question(i));
			n++;
		}
	if (n > 0)
		plan_add(p, &l->after, n == 1 ? "Reply with that part alone; the rest stays." : "Reply with those parts alone, in that order; the rest stays.");
	return n;
}

static void ask_goal(struct plan_desk *p, struct plan_letter *l)
{
	l->choose = true;
	l->goals = p->goals.v;
	l->n_goals = p->goals.n;
	plan_add(p, &l->after, "Which of these goals of the campus does it serve? Reply *goal %lld*, say, or *goal none*.", (long long)p->goals.v[0].id);
}

static void offer(struct plan_desk *p, struct plan_letter *l)
{
	if (p->plan.goal != 0)
		plan_add(p, &l->after, "Send? Reply *yes*. %sor another goal reply *goal* and its number (*goals* lists them); for anything else write what changes, as in: My network: two blogs.",
		         p->guessed ? "The goal is a guess: f" : "F");
	else
		plan_add(p, &l->after, "Send? Reply *yes*. Otherwise write what changes, as in: My network: two blogs.");
	strs_add(&l->replies, p->desk->arena, "yes");
	strs_add(&l->replies, p->desk->arena, "no");
}

int plan_echo(struct plan_desk *p)
{
	struct plan_letter l = {.subject = subject_for(p, true), .plan = &p->plan};
	bool offers = false;
	if (p->remark != NULL)
		plan_add(p, &l.before, "%s", p->remark);
	plan_add(p, &l.before, "This is what I understood. Nothing has been sent yet.");
	if (ask_parts(p, &l) == 0) {
		offers = p->plan.goal != 0 || p->goals.n == 0 || p->no_goal;
		if (offers)
			offer(p, &l);
		else
			ask_goal(p, &l);
	}
	return plan_post(p, &p->owner, arena_printf(p->desk->arena, "%s:%lld", offers ? "echo" : "ask", (long long)p->plan.message), true, &l);
}

bool plan_echo_is_current(struct plan_desk *p, bool *offers)
{
	const char *key = p->m->letter->key;
	const char *echo = arena_printf(p->desk->arena, "plan:%lld:echo:%lld:", (long long)p->plan.id, (long long)p->plan.message);
	const char *ask = arena_printf(p->desk->arena, "plan:%lld:ask:%lld:", (long long)p->plan.id, (long long)p->plan.message);
	*offers = strncmp(key, echo, strlen(echo)) == 0;
	return *offers || strncmp(key, ask, strlen(ask)) == 0;
}

/* ---- how it stands */

static int add_standing(struct plan_desk *p, struct plan_letter *l)
{
	struct plan valid;
	int within, of, found;
	switch (p->plan.state) {
	case PLAN_WAITING:
		plan_add(p, &l->before, "Your plan waits for approval.");
		break;
	case PLAN_ASKED:
		plan_add(p, &l->before, "%s asks:\n%s\nYour answer to this mail goes to %s.", plan_name(p, p->plan.decided_by), p->plan.words, plan_name(p, p->plan.decided_by));
		break;
	case PLAN_APPROVED:
		plan_add(p, &l->before, "Your plan was approved on %s by %s.", plan_day(p, p->plan.decided_at), plan_decider(p));
		break;
	case PLAN_DENIED:
		plan_add(p, &l->before, "Your plan was not approved on %s by %s: %s", plan_day(p, p->plan.decided_at), plan_decider(p), p->plan.words);
		break;
	case PLAN_DRAFT:
	case PLAN_REPLACED:
	case PLAN_STATE_COUNT:
		break;
	}
	found = store_plan_of(p->desk->store, p->owner.id, p->from, true, p->desk->arena, &valid, p->err);
	if (found <= 0)
		return found;
	if (valid.id != p->plan.id)
		plan_add(p, &l->before, "Version %d, approved on %s, is valid until another one is.", valid.version, plan_day(p, valid.decided_at));
	if (store_plan_progress(p->desk->store, &valid, p->from, p->to, &within, &of, p->err) < 0)
		return -1;
	plan_add(p, &l->before, "%d of %d entr%s within your plan.", within, of, of == 1 ? "y" : "ies");
	return 0;
}

int plan_stands(struct plan_desk *p)
{
	struct plan_letter l = {.subject = subject_for(p, true), .plan = &p->plan};
	if (p->plan.state == PLAN_DRAFT)
		return plan_echo(p);
	if (p->remark != NULL)
		plan_add(p, &l.before, "%s", p->remark);
	if (add_standing(p, &l) < 0)
		return -1;
	plan_add(p, &l.after, "To change it, write a mail with #plan in the subject and the whole plan anew. What is approved stays valid until the new one is.");
	return plan_post(p, &p->owner, "stands", true, &l);
}
