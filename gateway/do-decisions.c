#include "gateway/decisions.h"

/* An approver's answer. The instructions of one mail are first put together item by item; then they are carried out. Where
 * anything is in doubt nothing changes, and one letter says what was not done. */

static void add(struct answering *a, struct outcome_list *list, const struct item *item, int minutes, const char *words)
{
	*ARENA_PUSH(a->desk->arena, list->v, list->n) = (struct outcome_item){item->number, item->teacher, item->entry.title, minutes, words == NULL ? "" : words};
}

static int ledger(struct answering *a, const struct item *item, enum ledger_verb verb, int credited, const char *reason)
{
	struct ledger_line line = {
		.at = a->desk->now, .person = item->entry.person, .entry = item->entry.id, .verb = verb, .day = item->entry.day,
		.actual = item->entry.actual, .credited = credited, .reason = reason, .flag = item->entry.flag == NULL ? "" : item->entry.flag,
		.by_person = a->m->person->id, .delegate = a->m->delegate == NULL ? 0 : a->m->delegate->id, .approval = a->approval.id, .message = a->m->message,
	};
	return store_add_ledger(a->desk->store, &line, a->err);
}

static int approve(struct answering *a, const struct item *item, const struct plan_item *p)
{
	int minutes = p->verb == DECISION_MINUTES ? p->minutes : item->entry.credited;
	const char *reason = p->verb == DECISION_MINUTES ? arena_printf(a->desk->arena, "%d min set by the approver", minutes) : item->entry.reason;
	if (ledger(a, item, LEDGER_APPROVE, minutes, reason) < 0)
		return -1;
	add(a, p->verb == DECISION_MINUTES ? &a->outcome.changed : &a->outcome.approved, item, minutes, NULL);
	return 0;
}

static bool may_undo(const struct answering *a, const struct item *item)
{
	int64_t window = (int64_t)ruleset_policy(a->desk->campus->rules)->undo_days * 86400;
	if (item->entry.claim == CLAIM_ASKED) /* a question decides nothing */
		return true;
	int32_t last = campus_today(a->desk->campus, a->m->person, item->decided_at + window); /* the day that the answer named, to its end */
	return item->decided_by == a->m->person->id && campus_today(a->desk->campus, a->m->person, a->desk->now) <= last;
}

/* While an item was denied, others may have used up what a cap leaves. */
static int claim_again(struct answering *a, const struct item *item)
{
	struct entry e;
	struct person owner;
	if (store_entry(a->desk->store, item->entry.id, a->desk->arena, &e, a->err) <= 0 ||
	    store_person(a->desk->store, e.person, a->desk->arena, &owner, a->err) <= 0)
		return -1;
	return credit_claim(a->desk, &owner, &e, a->m->message, a->err);
}

static int undo(struct answering *a, const struct item *item, bool named)
{
	bool decided = item->entry.claim == CLAIM_APPROVED || item->entry.claim == CLAIM_DENIED || item->entry.claim == CLAIM_ASKED;
	if (!decided || !may_undo(a, item)) {
		if (named || decided)
			add(a, &a->outcome.refused, item, 0, decided ? "its time for undo is over, or somebody else decided it" : "there is nothing to undo");
		return 0;
	}
	if (ledger(a, item, LEDGER_UNDO, item->entry.credited, "taken back by the approver") < 0 || claim_again(a, item) < 0)
		return -1;
	add(a, &a->outcome.undone, item, 0, NULL);
	return 0;
}

/* What must be said about an item that cannot be decided (again); NULL = it can. */
static const char *settled(struct answering *a, const struct item *item)
{
	switch (item->entry.claim) {
	case CLAIM_WAITING:
	case CLAIM_ASKED:
		return NULL;
	case CLAIM_APPROVED:
	case CLAIM_DENIED:
		return arena_printf(a->desk->arena, "%s%s%s", claim_state_name(item->entry.claim), item->decider == NULL ? "" : " by ",
		                    item->decider == NULL ? "" : decider_name(a->desk->arena, item->decider, item->delegate));
	case CLAIM_NONE:
	case CLAIM_WITHDRAWN:
	case CLAIM_COUNT:
		break;
	}
	return "the teacher took it back";
}

/* Neither the approver nor the delegate decides about their own: why not; NULL = it is neither's. */
static const char *own_words(const struct answering *a, const struct item *item)
{
	const struct person *delegate = a->m->delegate;
	if (item->entry.person == a->m->person->id)
		return delegate == NULL ? "it is your own" : arena_printf(a->desk->arena, "it is %s's own", a->m->person->name);
	return delegate != NULL && item->entry.person == delegate->id ? arena_printf(a->desk->arena, "it is %s's own: %s has to answer it", delegate->name, a->m->person->name) : NULL;
}

int carry_out(struct answering *a, const struct item *item, const struct plan_item *p)
{
	const char *own = own_words(a, item);
	if (own != NULL) { /* nobody approves their own */
		add(a, &a->outcome.refused, item, 0, own);
		return 0;
	}
	if (item->entry.redacted) { /* somebody was removed since: nobody can know any more what it was */
		add(a, &a->outcome.refused, item, 0, "the words were removed from the log");
		return 0;
	}
	if (p->verb == DECISION_UNDO)
		return undo(a, item, p->named);
	const char *words = settled(a, item);
	if (words != NULL) {
		add(a, &a->outcome.already, item, 0, words);
		return 0;
	}
	if (!p->named && item->flag[0] != '\0') {
		add(a, &a->outcome.undecided, item, item->entry.credited, item->flag);
		return 0;
	}
	if (!p->named && item->entry.claim == CLAIM_ASKED) {
		add(a, &a->outcome.refused, item, item->entry.credited, "you asked about it and its answer is open; give its own number to approve it");
		return 0;
	}
	switch (p->verb) {
	case DECISION_APPROVE:
	case DECISION_MINUTES:
		return approve(a, item, p);
	case DECISION_DENY:
		add(a, &a->outcome.denied, item, 0, p->words);
		return ledger(a, item, LEDGER_DENY, 0, p->words == NULL || p->words[0] == '\0' ? "denied" : p->words);
	case DECISION_ASK:
		add(a, &a->outcome.asked, item, 0, p->words);
		return ledger(a, item, LEDGER_ASK, item->entry.credited, p->words == NULL ? "" : p->words);
	case DECISION_UNDO:
	case DECISION_COUNT:
		break;
	}
	return 0;
}

static int refuse(struct desk *desk, struct matter *m, const char *why, struct err *err)
{
	struct answer answer = {.subject = "Nothing was decided"};
	strs_add(&answer.lines, desk->arena, why);
	return post_answer(desk, m, "refused", &answer, err);
}

/* Carries out what is planned; *any tells whether anything was. */
static int carry_all(struct answering *a, bool *any)
{
	for (size_t i = 0; i < a->approval.n; i++) {
		if (!a->plan[i].any)
			continue;
		*any = true;
		if (carry_out(a, &a->approval.items[i], &a->plan[i]) < 0)
			return -1;
	}
	return 0;
}

int do_decisions(struct desk *desk, struct matter *m, struct err *err)
{
	struct answering a = {.desk = desk, .m = m, .said = &m->reading->said, .err = err};
	a.moment = arena_printf(desk->arena, "%lld", (long long)m->message);
	bool any = false;
	int found = store_approval(desk->store, m->letter->approval, desk->arena, &a.approval, err);
	if (found <= 0)
		return found;
	if (a.approval.approver != m->person->id || m->person->role != ROLE_APPROVER)
		return refuse(desk, m, "That approval was asked of somebody else, so nothing was decided.", err);
	a.plan = arena_alloc(desk->arena, (a.approval.n + 1) * sizeof *a.plan);
	plan_answers(&a);
	make_plan(&a);
	if (carry_all(&a, &any) < 0)
		return -1;
	if (!any && a.outcome.unclear.n == 0)
		strs_add(&a.outcome.unclear, desk->arena, "No decision was found in your answer. Say ok, ok except 3, 3 no and why, 4 30m, or 5 ask and your question.");
	return answer_approver(&a) < 0 || tell_teachers(&a) < 0 || tell_other_approvers(&a) < 0 ? -1 : 0;
}
