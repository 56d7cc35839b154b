#include "gateway/approvals.h"
#include "gateway/clock.h"

/* Who may answer for an approver: registered by the approver herself or by the operator, and both are told. */

static int tell(struct desk *desk, const struct person *to, const char *key, const char *subject, const char *line, const struct reading *answers, struct err *err)
{
	struct answer answer = {.subject = subject};
	struct post post = {.purpose = LETTER_ANSWER, .person = to, .answers = answers, .key = arena_printf(desk->arena, "%s:%lld", key, (long long)to->id)};
	strs_add(&answer.lines, desk->arena, line);
	return post_sentences(desk, &post, &answer, err);
}

static int tell_both(struct desk *desk, const struct person *approver, const struct person *p, bool on, const struct reading *answers, struct err *err)
{
	struct arena *arena = desk->arena;
	const char *key = arena_printf(arena, "delegate:%lld:%lld:%s:%lld", (long long)approver->id, (long long)p->id, on ? "on" : "off", (long long)desk->now);
	const char *hers = on ? arena_printf(arena, "%s (%s) may answer approval letters for you from now on. Both names are kept with each decision, and you get a copy of every answer. To end it, reply *delegate remove %s*.", p->name, p->addresses.v[0], p->addresses.v[0])
	                      : arena_printf(arena, "%s (%s) may no longer answer for you.", p->name, p->addresses.v[0]);
	const char *theirs = on ? arena_printf(arena, "You may answer approval letters for %s from now on, from your own address or in %s's name. Your name is kept with each decision. Nobody decides about their own entries.", approver->name, approver->name)
	                        : arena_printf(arena, "You may no longer answer approval letters for %s.", approver->name);
	const char *subject = on ? arena_printf(arena, "%s may answer for %s", p->name, approver->name) : arena_printf(arena, "%s no longer answers for %s", p->name, approver->name);
	return tell(desk, approver, key, subject, hers, answers, err) < 0 || tell(desk, p, key, subject, theirs, NULL, err) < 0 ? -1 : 0;
}

/* Why that person may not answer for the approver; NULL = may. */
static const char *unfit(struct arena *arena, const struct person *approver, const struct person *p)
{
	if (approver->role != ROLE_APPROVER || approver->left)
		return arena_printf(arena, "%s is no approver on the roster", approver->name);
	if (p->id == approver->id)
		return arena_printf(arena, "%s needs nobody's leave to answer their own letters: name somebody else", p->name);
	if (p->left)
		return arena_printf(arena, "%s has left the campus", p->name);
	return p->role == ROLE_GUEST ? arena_printf(arena, "%s is a guest: only somebody of the campus may answer for an approver", p->name) : NULL;
}

int delegate_change(struct desk *desk, const struct person *approver, const char *address, bool on, const struct reading *answers, const char **refusal, struct err *err)
{
	struct person p;
	int found = store_person_by_address(desk->store, address, desk->arena, &p, err), is = 0;
	*refusal = NULL;
	if (found < 0)
		return -1;
	if (found == 0)
		*refusal = arena_printf(desk->arena, "nobody on the roster has the address %s", address);
	else if (on)
		*refusal = unfit(desk->arena, approver, &p);
	if (*refusal == NULL && (is = store_is_delegate(desk->store, approver->id, p.id, err)) < 0)
		return -1;
	if (*refusal == NULL && is == on)
		*refusal = arena_printf(desk->arena, on ? "%s may answer for %s already" : "%s is not registered to answer for %s", p.name, approver->name);
	if (*refusal != NULL)
		return 0;
	return store_set_delegate(desk->store, approver->id, p.id, on, desk->now, err) < 0 || tell_both(desk, approver, &p, on, answers, err) < 0 ? -1 : 1;
}

/* ---- by mail: delegates · delegate ADDRESS · delegate remove ADDRESS */

static int say(struct desk *desk, struct matter *m, const char *line, struct err *err)
{
	struct answer answer = {.subject = "Who may answer for you"};
	strs_add(&answer.lines, desk->arena, line);
	return post_answer(desk, m, "delegate", &answer, err);
}

static int say_list(struct desk *desk, struct matter *m, struct err *err)
{
	struct roster list = {0};
	struct str s = {0};
	if (store_delegates(desk->store, m->person->id, desk->arena, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		str_printf(&s, "%s%s (%s)", i == 0 ? "" : ", ", list.people[i].name, list.people[i].addresses.v[0]);
	const char *names = arena_strdup(desk->arena, str_c(&s));
	str_release(&s);
	return say(desk, m, list.n == 0 ? "Nobody may answer approval letters for you. To let somebody, write *delegate* and their address." : arena_printf(desk->arena, "These may answer approval letters for you: %s. To end it, write *delegate remove* and the address.", names), err);
}

int on_delegate(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	static const char remove[] = "remove ";
	bool on = strncasecmp(c->rest, remove, strlen(remove)) != 0;
	const char *refusal, *address = on ? c->rest : c->rest + strlen(remove);
	if (m->person->role != ROLE_APPROVER)
		return say(desk, m, "Only approvers have somebody answer for them, so nothing was changed.", err);
	if (m->hand != NULL)
		return say(desk, m, arena_printf(desk->arena, "%s wrote this in your name. Who may answer for you is only changed by a mail of your own, so nothing was changed.", m->hand), err);
	if (address[0] == '\0')
		return say_list(desk, m, err);
	int changed = delegate_change(desk, m->person, address, on, m->reading, &refusal, err);
	return changed != 0 ? (changed < 0 ? -1 : 0) : say(desk, m, arena_printf(desk->arena, "Nothing was changed: %s.", refusal), err);
}
