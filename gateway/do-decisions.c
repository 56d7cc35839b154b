#include "gateway/clock.h"
#include "gateway/desk.h"

/* An approver's answer. The instructions of one mail are first put together item by item, the later line winning over the
 * earlier; then they are carried out. Where anything is in doubt nothing changes, and one letter says what was not done. */

struct plan_item { /* what is to happen to one item of the letter */
	bool named;      /* by its own number, not by a plain ok */
	bool any;
	enum decision_verb verb;
	int minutes;
	const char *words;
	bool clash;      /* two instructions that cannot both be meant */
};

struct answering {
	struct desk *desk;
	struct matter *m;
	struct approval approval;
	struct plan_item *plan; /* parallel to approval.items */
	struct outcome outcome;
	struct err *err;
};

static void add(struct answering *a, struct outcome_list *list, const struct item *item, int minutes, const char *words)
{
	*ARENA_PUSH(a->desk->arena, list->v, list->n) = (struct outcome_item){item->number, item->teacher, item->entry.title, minutes, words == NULL ? "" : words};
}

/* ---- what was said, item by item */

static bool in_ranges(const struct decision *d, int number)
{
	for (size_t i = 0; i < d->n_ranges; i++)
		if (number >= d->ranges[i].from && number <= d->ranges[i].to)
			return true;
	return false;
}

static bool ranges_exist(const struct answering *a, const struct decision *d)
{
	for (size_t i = 0; i < d->n_ranges; i++)
		if (d->ranges[i].from < 1 || (size_t)d->ranges[i].to > a->approval.n)
			return false;
	return d->same_as >= 0 && (size_t)d->same_as <= a->approval.n;
}

static void plan_one(struct plan_item *p, const struct decision *d)
{
	bool clash = p->named && p->any && (p->verb != d->verb || p->minutes != d->minutes);
	*p = (struct plan_item){.named = true, .any = true, .verb = d->verb, .minutes = d->minutes, .words = d->words, .clash = p->clash || clash};
}

static void plan_all(struct answering *a, const struct decision *d)
{
	for (size_t i = 0; i < a->approval.n; i++) {
		struct plan_item *p = &a->plan[i];
		if (p->named || in_ranges(d, a->approval.items[i].number))
			continue;
		*p = (struct plan_item){.any = true, .verb = d->verb, .words = d->words};
	}
}

static void plan_decision(struct answering *a, const struct decision *d)
{
	bool doubts = d->all && a->m->reading->said.unclear.n > 0; /* its exceptions are numbers of unclear lines: of a house, maybe */
	if (!doubts && !ranges_exist(a, d)) {
		strs_add(&a->outcome.unclear, a->desk->arena, arena_printf(a->desk->arena, "%s (there are %zu items)", d->line, a->approval.n));
		return;
	}
	if (d->all || (d->verb == DECISION_UNDO && d->n_ranges == 0)) {
		plan_all(a, d);
		return;
	}
	for (size_t i = 0; i < a->approval.n; i++)
		if (in_ranges(d, a->approval.items[i].number)) {
			plan_one(&a->plan[i], d);
			if (d->same_as > 0)
				a->plan[i].words = arena_printf(a->desk->arena, "\001%d", d->same_as); /* resolved when every line is known */
		}
}

static void resolve_same_as(struct answering *a)
{
	for (size_t i = 0; i < a->approval.n; i++) {
		struct plan_item *p = &a->plan[i];
		if (p->words == NULL || p->words[0] != '\001')
			continue;
		int n = 0;
		for (const char *c = p->words + 1; *c != '\0'; c++)
			n = n * 10 + (*c - '0');
		const char *words = a->plan[n - 1].words;
		const struct item *item = &a->approval.items[n - 1];
		p->words = words != NULL && words[0] != '\0' && words[0] != '\001' ? words : item->entry.reason != NULL ? item->entry.reason : "";
	}
}

/* said_parse has taken what a doubtful line names out of a plain ok. A number that no item has may be a slip for any other
 * one: then a plain ok decides nothing. */
static bool doubtful(struct answering *a)
{
	const struct said *s = &a->m->reading->said;
	bool all = false;
	for (size_t i = 0; i < s->n_decisions; i++)
		all = all || (s->decisions[i].all && s->decisions[i].verb == DECISION_APPROVE);
	return all && a->outcome.unclear.n > s->unclear.n;
}

static void make_plan(struct answering *a)
{
	const struct said *s = &a->m->reading->said;
	for (size_t i = 0; i < s->unclear.n; i++)
		strs_add(&a->outcome.unclear, a->desk->arena, s->unclear.v[i]);
	for (size_t i = 0; i < s->n_decisions; i++)
		plan_decision(a, &s->decisions[i]);
	resolve_same_as(a);
	for (size_t i = 0; i < a->approval.n; i++)
		if (a->plan[i].clash) {
			strs_add(&a->outcome.unclear, a->desk->arena, arena_printf(a->desk->arena, "item %d: you said two different things about it", a->approval.items[i].number));
			a->plan[i].any = false;
		}
	if (!doubtful(a))
		return;
	for (size_t i = 0; i < a->approval.n; i++)
		if (!a->plan[i].named)
			a->plan[i].any = false;
}

/* ---- carrying it out */

static int ledger(struct answering *a, const struct item *item, enum ledger_verb verb, int credited, const char *reason)
{
	struct ledger_line line = {
		.at = a->desk->now, .person = item->entry.person, .entry = item->entry.id, .verb = verb, .day = item->entry.day,
		.actual = item->entry.actual, .credited = credited, .reason = reason, .flag = item->entry.flag == NULL ? "" : item->entry.flag,
		.by_person = a->m->person->id, .approval = a->approval.id, .message = a->m->message,
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
	return item->decided_by == a->m->person->id && a->desk->now <= item->decided_at + window;
}

static int undo(struct answering *a, const struct item *item, bool named)
{
	bool decided = item->entry.claim == CLAIM_APPROVED || item->entry.claim == CLAIM_DENIED || item->entry.claim == CLAIM_ASKED;
	if (!decided || !may_undo(a, item)) {
		if (named || decided)
			add(a, &a->outcome.refused, item, 0, decided ? "its time for undo is over, or somebody else decided it" : "there is nothing to undo");
		return 0;
	}
	if (ledger(a, item, LEDGER_UNDO, item->entry.credited, "taken back by the approver") < 0)
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
		return arena_printf(a->desk->arena, "%s%s%s", claim_state_name(item->entry.claim), item->decider == NULL ? "" : " by ", item->decider == NULL ? "" : item->decider);
	case CLAIM_NONE:
	case CLAIM_WITHDRAWN:
	case CLAIM_COUNT:
		break;
	}
	return "the teacher took it back";
}

static int carry_out(struct answering *a, const struct item *item, const struct plan_item *p)
{
	if (item->entry.person == a->m->person->id) { /* nobody approves their own */
		add(a, &a->outcome.refused, item, 0, "it is your own");
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

/* ---- who is told */

static const char *decided_verb(struct arena *arena, const struct plan_item *p)
{
	switch (p->verb) {
	case DECISION_DENY:
		return "denied";
	case DECISION_ASK:
		return "asked";
	case DECISION_MINUTES:
		return arena_printf(arena, "approved at %s", minutes_text(arena, p->minutes));
	case DECISION_APPROVE:
	case DECISION_UNDO:
	case DECISION_COUNT:
		break;
	}
	return NULL; /* what was simply approved stands in the digest */
}

static bool listed(const struct outcome_list *list, int number)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].number == number)
			return true;
	return false;
}

/* What the teacher's answer is about: the one entry, or the one that was asked about; 0 = several. */
static int64_t answerable(const struct answering *a, const struct decided *v, size_t n)
{
	int64_t asked = 0;
	size_t n_asked = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < a->outcome.asked.n; j++)
			if (&a->approval.items[a->outcome.asked.v[j].number - 1].entry == v[i].entry) {
				asked = v[i].entry->id;
				n_asked++;
			}
	return n_asked == 1 ? asked : n == 1 ? v[0].entry->id : 0;
}

static int tell_teacher(struct answering *a, int64_t person, const struct decided *v, size_t n)
{
	struct person p;
	struct frame_facts facts;
	struct letter letter;
	int found = store_person(a->desk->store, person, a->desk->arena, &p, a->err);
	if (found <= 0)
		return found;
	struct post post = {.purpose = LETTER_OUTCOME, .person = &p, .entry = answerable(a, v, n),
	                    .key = arena_printf(a->desk->arena, "decided:%lld:%lld", (long long)a->m->message, (long long)person)};
	post_address(a->desk, &post, &facts);
	if (letter_decided(&letter, &a->desk->campus->templates, &facts, v, n, a->desk->arena, a->err) < 0)
		return -1;
	return post_letter(a->desk, &post, &letter, a->err) < 0 ? -1 : 0;
}

static int tell_teachers(struct answering *a)
{
	size_t n = a->approval.n;
	struct decided *v = arena_alloc(a->desk->arena, (n + 1) * sizeof *v);
	bool *told = arena_alloc(a->desk->arena, n + 1);
	for (size_t i = 0; i < n; i++) {
		size_t count = 0;
		for (size_t j = i; j < n; j++) {
			const struct item *item = &a->approval.items[j];
			const char *verb = a->plan[j].any ? decided_verb(a->desk->arena, &a->plan[j]) : NULL;
			bool done = listed(&a->outcome.denied, item->number) || listed(&a->outcome.asked, item->number) || listed(&a->outcome.changed, item->number);
			if (told[j] || !done || verb == NULL || item->entry.person != a->approval.items[i].entry.person)
				continue;
			told[j] = true;
			v[count++] = (struct decided){&item->entry, a->m->person->name, verb, a->plan[j].words == NULL ? "" : a->plan[j].words};
		}
		if (count > 0 && tell_teacher(a, a->approval.items[i].entry.person, v, count) < 0)
			return -1;
	}
	return 0;
}

static int answer_approver(struct answering *a)
{
	struct frame_facts facts;
	struct letter letter;
	struct post post = {.purpose = LETTER_OUTCOME, .person = a->m->person, .answers = a->m->reading, .approval = a->approval.id,
	                    .key = arena_printf(a->desk->arena, "outcome:%lld", (long long)a->m->message)};
	const struct policy *policy = ruleset_policy(a->desk->campus->rules);
	a->outcome.undo_until = campus_today(a->desk->campus, a->m->person, a->desk->now + (int64_t)policy->undo_days * 86400);
	post_address(a->desk, &post, &facts);
	if (letter_outcome(&letter, &a->desk->campus->templates, &facts, &a->outcome, a->desk->arena, a->err) < 0)
		return -1;
	return post_letter(a->desk, &post, &letter, a->err) < 0 ? -1 : 0;
}

static int refuse(struct desk *desk, struct matter *m, const char *why, struct err *err)
{
	struct answer answer = {.subject = "Nothing was decided"};
	strs_add(&answer.lines, desk->arena, why);
	return post_answer(desk, m, "refused", &answer, err);
}

/* Whether somebody else's hand wrote it: a Sender that is no address of the same person. 1, 0, -1. */
static int by_other_hand(struct desk *desk, const struct matter *m, struct err *err)
{
	const char *addr = m->reading->sender.addr;
	struct person p;
	if (addr == NULL || addr[0] == '\0' || strcasecmp(addr, m->reading->from.addr) == 0)
		return 0;
	int found = store_person_by_address(desk->store, utf8_lower(desk->arena, addr, strlen(addr)), desk->arena, &p, err);
	return found < 0 ? -1 : found == 0 || p.id != m->person->id;
}

int do_decisions(struct desk *desk, struct matter *m, struct err *err)
{
	struct answering a = {.desk = desk, .m = m, .err = err};
	const struct mailaddr *hand = &m->reading->sender;
	int other = by_other_hand(desk, m, err);
	if (other < 0)
		return -1;
	if (other > 0)
		return refuse(desk, m, arena_printf(desk->arena, "%s wrote this in your name, and is not registered to do so. Nothing was decided: please answer yourself.", hand->addr), err);
	int found = store_approval(desk->store, m->letter->approval, desk->arena, &a.approval, err);
	if (found <= 0)
		return found;
	if (a.approval.approver != m->person->id || m->person->role != ROLE_APPROVER)
		return refuse(desk, m, "That approval was asked of somebody else, so nothing was decided.", err);
	a.plan = arena_alloc(desk->arena, (a.approval.n + 1) * sizeof *a.plan);
	make_plan(&a);
	bool any = false;
	for (size_t i = 0; i < a.approval.n; i++) {
		if (!a.plan[i].any)
			continue;
		any = true;
		if (carry_out(&a, &a.approval.items[i], &a.plan[i]) < 0)
			return -1;
	}
	if (!any && a.outcome.unclear.n == 0)
		strs_add(&a.outcome.unclear, desk->arena, "No decision was found in your answer. Say ok, ok except 3, 3 no and why, 4 30m, or 5 ask and your question.");
	return answer_approver(&a) < 0 || tell_teachers(&a) < 0 ? -1 : 0;
}
