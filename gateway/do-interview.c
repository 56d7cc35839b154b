#include "gateway/approvals.h"
#include "gateway/interview-answer.h"

/* What an approver answers to an evidence pack: signed, not yet and why, a time, undo. First decision wins; whatever is doubtful
 * changes nothing and asks one question. */

const char *interview_decider(const struct interview_answer *a)
{
	return decider_name(a->desk->arena, a->m->person->name, a->m->delegate == NULL ? NULL : a->m->delegate->name);
}

/* Who decided as it is stored. */
int interview_stored_decider(struct interview_answer *a, const char **name)
{
	struct person by, hand;
	int found = a->iv.decided_by == 0 ? 0 : store_person(a->desk->store, a->iv.decided_by, a->desk->arena, &by, a->err);
	int handed = found <= 0 || a->iv.delegate == 0 ? 0 : store_person(a->desk->store, a->iv.delegate, a->desk->arena, &hand, a->err);
	*name = found > 0 ? decider_name(a->desk->arena, by.name, handed > 0 ? hand.name : NULL) : "somebody";
	return found < 0 || handed < 0 ? -1 : 0;
}

/* Minutes may be none, where a cap leaves none: it is signed all the same. */
bool interview_recorded(const struct interview_answer *a)
{
	return a->granted > 0 || a->iv.state == INTERVIEW_SIGNED;
}

/* ---- letters: to the one who answered, and to the others whom it concerns */

int interview_tell(struct interview_answer *a, const struct person *to, const char *what, const struct answer *answer, const struct mail_part *part)
{
	struct post post = {.purpose = LETTER_INTERVIEW, .person = to, .interview = a->iv.id, .answers = to->id == a->m->person->id ? a->m->reading : NULL,
	                    .parts = part, .n_parts = part != NULL, .numbered = to->id == a->m->person->id ? a->m->letter->numbered : NULL,
	                    .key = arena_printf(a->desk->arena, "%s:%lld:%lld", what, (long long)a->m->message, (long long)to->id)};
	return post_sentences(a->desk, &post, answer, a->err);
}

int interview_say(struct interview_answer *a, const char *what, const char *subject, const char *line, const char *reply_one, const char *reply_two)
{
	struct answer answer = {.subject = subject};
	strs_add(&answer.lines, a->desk->arena, line);
	if (reply_one != NULL)
		strs_add(&answer.replies, a->desk->arena, reply_one);
	if (reply_two != NULL)
		strs_add(&answer.replies, a->desk->arena, reply_two);
	return interview_tell(a, a->m->person, what, &answer, NULL);
}

int interview_ask(struct interview_answer *a, const char *question)
{
	const char *line = arena_printf(a->desk->arena, "%s Nothing was changed.", question);
	return interview_say(a, "interview-ask", arena_printf(a->desk->arena, "%s: signed?", a->teacher.name), line, "signed", "not yet");
}

/* The delegate who wrote it has a copy, the other approvers who were asked know that it is settled. */
int interview_tell_others(struct interview_answer *a, const char *what, const char *subject, const char *line)
{
	struct roster asked;
	struct answer answer = {.subject = subject};
	strs_add(&answer.lines, a->desk->arena, line);
	if (package_approvers(a->desk, &a->teacher, &asked, a->err) < 0)
		return -1;
	for (size_t i = 0; i < asked.n; i++)
		if (asked.people[i].id != a->m->person->id && interview_tell(a, &asked.people[i], what, &answer, NULL) < 0)
			return -1;
	return a->m->delegate != NULL && a->m->delegate->id != a->teacher.id ? interview_tell(a, a->m->delegate, what, &answer, NULL) : 0;
}

/* ---- signed */

static int grant(struct interview_answer *a, const struct grant *g)
{
	int32_t today = campus_today(a->desk->campus, &a->teacher, a->desk->now);
	struct ledger_line line = {.at = a->desk->now, .person = a->teacher.id, .verb = LEDGER_GRANT, .day = today < a->to ? today : a->to - 1,
	                           .actual = g->actual, .credited = g->credited, .by_person = a->m->person->id,
	                           .delegate = a->m->delegate == NULL ? 0 : a->m->delegate->id, .message = a->m->message, .about = a->iv.id,
	                           .reason = arena_printf(a->desk->arena, "%s%spackage %s, signed by %s", g->reason, g->reason[0] == '\0' ? "" : "; ", a->year, interview_decider(a))};
	return store_add_ledger(a->desk->store, &line, a->err);
}

void interview_decide(struct interview_answer *a, enum interview_state state, const char *words)
{
	a->iv.state = state;
	a->iv.decided_at = a->desk->now;
	a->iv.decided_by = a->m->person->id;
	a->iv.delegate = a->m->delegate == NULL ? 0 : a->m->delegate->id;
	a->iv.words = words;
}

static int already_signed(struct interview_answer *a)
{
	const char *by;
	if (interview_stored_decider(a, &by) < 0)
		return -1;
	const char *when = a->iv.decided_at == 0 ? "" : arena_printf(a->desk->arena, " on %s", meeting_text(a->desk, a->iv.decided_at));
	return interview_say(a, "interview-late", "Signed already",
	           arena_printf(a->desk->arena, "%s's package of %s is recorded: %s, signed by %s%s. Nothing was changed.", a->teacher.name, a->year,
	                        minutes_text(a->desk->arena, a->granted), by, when), NULL, NULL);
}

static const char *undo_until(struct interview_answer *a)
{
	const struct policy *policy = ruleset_policy(a->desk->campus->rules);
	char day[24];
	int32_t last = campus_today(a->desk->campus, a->m->person, a->desk->now + (int64_t)policy->undo_days * 86400);
	return policy->undo_days <= 0 ? "" : arena_printf(a->desk->arena, " *undo* until %s.", day_short(day, last, campus_today(a->desk->campus, NULL, a->desk->now)));
}

static int do_signed(struct interview_answer *a)
{
	struct grant g;
	if (!policy_package(ruleset_policy(a->desk->campus->rules)))
		return interview_say(a, "interview-late", "Nothing to sign", "The campus's rules grant no package any more. Nothing was changed.", NULL, NULL);
	interview_decide(a, INTERVIEW_SIGNED, "");
	if (credit_package(a->desk, &a->teacher, a->from, &g, a->err) < 0 || grant(a, &g) < 0 || store_change_interview(a->desk->store, &a->iv, a->err) < 0)
		return -1;
	const char *recorded = arena_printf(a->desk->arena, "%s recorded, signed by %s", minutes_text(a->desk->arena, g.credited), interview_decider(a));
	struct answer to_teacher = {.subject = recorded}, to_signer = {.subject = recorded};
	strs_add(&to_teacher.lines, a->desk->arena, arena_printf(a->desk->arena, "%s.", recorded));
	if (g.reason[0] != '\0')
		strs_add(&to_teacher.lines, a->desk->arena, arena_printf(a->desk->arena, "That is %s.", g.reason));
	strs_add(&to_teacher.lines, a->desk->arena, arena_printf(a->desk->arena, "Your package of %s is complete. Well done.", a->year));
	strs_add(&to_teacher.replies, a->desk->arena, "status");
	strs_add(&to_teacher.replies, a->desk->arena, "transcript");
	strs_add(&to_signer.lines, a->desk->arena, arena_printf(a->desk->arena, "%s.", recorded));
	strs_add(&to_signer.lines, a->desk->arena, arena_printf(a->desk->arena, "It is %s's package of %s.%s", a->teacher.name, a->year, undo_until(a)));
	if (undo_until(a)[0] != '\0')
		strs_add(&to_signer.replies, a->desk->arena, "undo");
	return interview_tell(a, &a->teacher, "interview-signed", &to_teacher, NULL) < 0 || interview_tell(a, a->m->person, "interview-signed", &to_signer, NULL) < 0
	               ? -1 : interview_tell_others(a, "interview-signed", recorded, arena_printf(a->desk->arena, "%s. It is %s's package of %s; you need not answer.", recorded, a->teacher.name, a->year));
}

/* ---- not yet */

static int do_not_yet(struct interview_answer *a)
{
	if (a->said.words[0] == '\0')
		return interview_ask(a, arena_printf(a->desk->arena, "What does %s still need? Reply *not yet* and the reason, in one line.", a->teacher.name));
	interview_decide(a, INTERVIEW_NOT_YET, a->said.words);
	if (store_change_interview(a->desk->store, &a->iv, a->err) < 0)
		return -1;
	struct answer to_teacher = {.subject = "Not yet"}, back = {.subject = arena_printf(a->desk->arena, "%s was told: not yet", a->teacher.name)};
	strs_add(&to_teacher.lines, a->desk->arena, arena_printf(a->desk->arena, "%s says not yet: %s", interview_decider(a), a->said.words));
	strs_add(&to_teacher.lines, a->desk->arena, "When you have what is missing, write *ready* again.");
	strs_add(&to_teacher.replies, a->desk->arena, "ready");
	strs_add(&back.lines, a->desk->arena, arena_printf(a->desk->arena, "%s was told: not yet: %s", a->teacher.name, a->said.words));
	strs_add(&back.lines, a->desk->arena, "Nothing is recorded. You may still reply *signed*, or *undo*.");
	strs_add(&back.replies, a->desk->arena, "signed");
	strs_add(&back.replies, a->desk->arena, "undo");
	return interview_tell(a, &a->teacher, "interview-not-yet", &to_teacher, NULL) < 0 || interview_tell(a, a->m->person, "interview-not-yet", &back, NULL) < 0 ? -1 : 0;
}

/* ---- who answers, and what */

static int by_approver(struct interview_answer *a)
{
	said_interview(&a->said, a->m->reading->own, campus_today(a->desk->campus, a->m->person, a->m->reading->has_date ? a->m->reading->date_unix : a->desk->now), a->desk->arena);
	if (a->m->delegate != NULL && a->m->delegate->id == a->teacher.id)
		return interview_say(a, "interview-own", "Nothing was signed", "Nothing was changed: nobody signs their own package, in nobody's name.", NULL, NULL);
	if (interview_recorded(a) && a->said.says != SAYS_UNDO && a->said.says != SAYS_UNCLEAR)
		return already_signed(a);
	switch (a->said.says) {
	case SAYS_SIGNED:
		return do_signed(a);
	case SAYS_NOT_YET:
		return do_not_yet(a);
	case SAYS_TIME:
		return interview_time(a);
	case SAYS_SLOT:
		return interview_slot(a);
	case SAYS_UNDO:
		return interview_undo(a);
	case SAYS_UNCLEAR:
		break;
	}
	return interview_ask(a, arena_printf(a->desk->arena, "Is %s's package signed? Reply *signed*, *not yet* and the reason, or a time to meet, as in *Thu 3pm*.", a->teacher.name));
}

/* The teacher's own words under a letter of theirs; nobody signs their own. */
static int by_owner(struct interview_answer *a)
{
	const struct said *said = &a->m->reading->said;
	if (said->n_commands > 0 && said->n_decisions == 0)
		return do_commands(a->desk, a->m, a->err);
	said_interview(&a->said, a->m->reading->own, campus_today(a->desk->campus, a->m->person, a->desk->now), a->desk->arena);
	if (a->said.says == SAYS_SIGNED || a->said.says == SAYS_NOT_YET)
		return interview_say(a, "interview-own", "Nothing was signed", "Nothing was changed: nobody signs their own package.", "status", NULL);
	return interview_say(a, "interview-own", "Nothing was changed",
	           "That letter asked nothing of you, and what you wrote was not handed on. Write to whoever signs directly; *status* shows how you stand.", "status", NULL);
}

/* The latest interview of the year that the letter is about: an answer to an old letter counts as well. 1, 0, -1. */
static int gather(struct interview_answer *a)
{
	struct totals totals;
	struct interview asked;
	int found = store_interview(a->desk->store, a->m->letter->interview, a->desk->arena, &asked, a->err);
	if (found > 0)
		found = store_interview_of(a->desk->store, asked.person, asked.year, a->desk->arena, &a->iv, a->err);
	if (found > 0)
		found = store_person(a->desk->store, asked.person, a->desk->arena, &a->teacher, a->err);
	if (found <= 0)
		return found;
	campus_year(a->desk->campus, a->iv.year, &a->from, &a->to, a->year);
	if (store_totals(a->desk->store, a->teacher.id, a->from, a->to, &totals, a->err) < 0)
		return -1;
	a->granted = totals.granted;
	return 1;
}

static int may_sign(struct interview_answer *a)
{
	struct roster asked;
	if (package_approvers(a->desk, &a->teacher, &asked, a->err) < 0)
		return -1;
	for (size_t i = 0; i < asked.n; i++)
		if (asked.people[i].id == a->m->person->id)
			return 1;
	return 0;
}

int do_interview(struct desk *desk, struct matter *m, bool *done, struct err *err)
{
	struct interview_answer a = {.desk = desk, .m = m, .err = err};
	*done = m->letter != NULL && m->letter->purpose == LETTER_INTERVIEW && m->letter->interview != 0;
	if (!*done)
		return 0;
	int found = gather(&a);
	if (found <= 0)
		return found;
	if (m->person->id == a.teacher.id)
		return by_owner(&a);
	int may = may_sign(&a);
	if (may < 0)
		return -1;
	return may > 0 ? by_approver(&a) : interview_say(&a, "interview-no", "Nothing was changed", "Nothing was changed: only an approver of that teacher can sign.", NULL, NULL);
}
