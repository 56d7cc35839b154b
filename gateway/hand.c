#include "gateway/approvals.h"
#include "rules/said-interview.h"

/* Whose hand an answer is. A letter that asks an approver is answered by that approver, or by a registered delegate: either in
 * the approver's name, with the delegate's own address in Sender, or from the delegate's own address. Whoever else has got hold
 * of the letter decides nothing; the approver is asked what to make of it. */

static bool is_deciding(const struct stored_letter *l)
{
	return l != NULL && (l->approval != 0 || l->purpose == LETTER_PLAN || l->purpose == LETTER_INTERVIEW);
}

static bool registered(struct desk *desk, int64_t approver, const struct person *p, int *failed, struct err *err)
{
	int is = store_is_delegate(desk->store, approver, p->id, err);
	*failed |= is < 0;
	return is > 0;
}

/* "Sender: kim@…" under the approver's own From. */
static int by_sender_field(struct desk *desk, struct matter *m, struct err *err)
{
	const char *addr = m->reading->sender.addr;
	struct person *p = arena_alloc(desk->arena, sizeof *p);
	int failed = 0;
	if (addr == NULL || addr[0] == '\0' || strcasecmp(addr, m->reading->from.addr) == 0)
		return 0;
	int found = store_person_by_address(desk->store, utf8_lower(desk->arena, addr, strlen(addr)), desk->arena, p, err);
	if (found < 0 || (found > 0 && p->id == m->person->id))
		return found < 0 ? -1 : 0;
	m->hand = addr;
	if (found > 0 && registered(desk, m->person->id, p, &failed, err))
		m->delegate = p;
	return failed ? -1 : 0;
}

/* Whom the letter asks, when that is not the writer: 1, 0, -1. */
static int whom_it_asks(struct desk *desk, const struct matter *m, struct person *out, struct err *err)
{
	int64_t asked = m->letter->person;
	struct approval approval;
	if (m->letter->approval != 0) { /* the delegate's copy of an answer is about the approver's items */
		int found = store_approval(desk->store, m->letter->approval, desk->arena, &approval, err);
		if (found <= 0)
			return found;
		asked = approval.approver;
	}
	if (asked == 0 || asked == m->person->id)
		return 0;
	int found = store_person(desk->store, asked, desk->arena, out, err);
	return found <= 0 ? found : out->role == ROLE_APPROVER && !out->left;
}

static bool signs(struct desk *desk, const struct matter *m)
{
	struct said_interview said;
	if (m->letter->purpose != LETTER_INTERVIEW)
		return false;
	said_interview(&said, m->reading->own, m->reading->date_day, desk->arena);
	return said.says != SAYS_UNCLEAR;
}

/* Somebody else's letter, answered from one's own address. */
static int by_letter(struct desk *desk, struct matter *m, struct err *err)
{
	bool others = m->letter->person != 0 && m->letter->person != m->person->id;
	struct person *asked = arena_alloc(desk->arena, sizeof *asked);
	int failed = 0, found = is_deciding(m->letter) ? whom_it_asks(desk, m, asked, err) : 0;
	if (found > 0 && registered(desk, asked->id, m->person, &failed, err)) {
		m->principal = asked;
		m->delegate = m->person;
		m->hand = m->reading->from.addr;
	} else if (found > 0 && m->letter->purpose == LETTER_INTERVIEW && m->person->role == ROLE_APPROVER) {
		return failed ? -1 : 0; /* an approver signs in their own right, whichever copy they answer */
	} else if (found > 0 && (m->reading->said.n_decisions > 0 || signs(desk, m))) {
		m->principal = asked;
		m->hand = m->reading->from.addr;
	} else if (others) {
		m->letter = NULL; /* somebody passed our letter on: what they write is not that person's answer */
	}
	return found < 0 || failed ? -1 : 0;
}

int find_hand(struct desk *desk, struct matter *m, struct err *err)
{
	if (m->person == NULL)
		return 0;
	if (m->letter != NULL && by_letter(desk, m, err) < 0)
		return -1;
	return m->principal != NULL ? 0 : by_sender_field(desk, m, err);
}

void settle_hand(struct matter *m)
{
	if (m->principal == NULL)
		return;
	if (m->verdict.action == ACTION_APPROVE) {
		m->person = m->principal;
		return;
	}
	if (m->letter->person != m->person->id)
		m->letter = NULL;
	m->delegate = NULL;
	m->hand = NULL;
}

const char *decider_name(struct arena *arena, const char *approver, const char *delegate)
{
	return delegate == NULL || delegate[0] == '\0' ? approver : arena_printf(arena, "%s for %s", delegate, approver);
}

#define QUOTED_MAX 1000
#define READY_MAX 160

int ask_principal(struct desk *desk, struct matter *m, struct err *err)
{
	const char *own = arena_strndup(desk->arena, m->reading->own, utf8_prefix(m->reading->own, strlen(m->reading->own), QUOTED_MAX));
	const char *name = m->letter->approval != 0 ? "an approval letter" : m->letter->subject;
	struct post post = {.purpose = m->letter->approval != 0 ? LETTER_OUTCOME : m->letter->purpose, .person = m->person,
	                    .approval = m->letter->approval, .plan = m->letter->plan, .interview = m->letter->interview,
	                    .key = arena_printf(desk->arena, "hand:%lld:%lld:%lld:%s", (long long)m->letter->approval, (long long)m->letter->plan,
	                                        (long long)m->letter->interview, utf8_lower(desk->arena, m->hand, strlen(m->hand)))};
	struct answer ask = {.subject = "Is this your decision?"};
	strs_add(&ask.lines, desk->arena, arena_printf(desk->arena, "%s answered %s in your name, and is not registered to do so. Nothing was decided. This was written:", m->hand, name));
	strs_add(&ask.lines, desk->arena, own);
	strs_add(&ask.lines, desk->arena, "Is it what you want? Then reply with the same words, and they are yours.");
	if (strlen(own) <= READY_MAX)
		strs_add(&ask.replies, desk->arena, own);
	return post_sentences(desk, &post, &ask, err);
}
