#include "gateway/interview-answer.h"

/* A signature, a meeting or a "not yet" taken back. */

static int find_grant(struct interview_answer *a, struct ledger_line *grant)
{
	struct ledger all = {0};
	if (store_ledger(a->desk->store, a->teacher.id, 0, a->desk->arena, &all, a->err) < 0)
		return -1;
	int found = 0;
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].verb == LEDGER_GRANT && all.v[i].day >= a->from && all.v[i].day < a->to) {
			*grant = all.v[i];
			found = 1;
		}
	return found;
}

static int take_back_signature(struct interview_answer *a)
{
	const struct policy *policy = ruleset_policy(a->desk->campus->rules);
	struct ledger_line grant;
	int found = find_grant(a, &grant);
	if (found <= 0)
		return found;
	int32_t last = campus_today(a->desk->campus, a->m->person, a->iv.decided_at + (int64_t)policy->undo_days * 86400);
	if (a->iv.decided_by != a->m->person->id || campus_today(a->desk->campus, a->m->person, a->desk->now) > last) { /* that day, to its end */
		const char *by;
		if (interview_stored_decider(a, &by) < 0)
			return -1;
		const char *why = a->iv.decided_by != a->m->person->id ? arena_printf(a->desk->arena, "only %s, who signed, can take it back", by)
		                                                      : arena_printf(a->desk->arena, "it could be taken back for %d days, and they are over", policy->undo_days);
		return interview_say(a, "interview-undo", "Nothing was taken back", arena_printf(a->desk->arena, "Nothing was changed: %s.", why), NULL, NULL);
	}
	struct ledger_line line = {.at = a->desk->now, .person = a->teacher.id, .verb = LEDGER_REVOKE, .day = grant.day, .actual = grant.actual, .credited = grant.credited,
	                           .by_person = a->m->person->id, .delegate = a->m->delegate == NULL ? 0 : a->m->delegate->id, .message = a->m->message, .about = grant.id,
	                           .reason = arena_printf(a->desk->arena, "signature taken back by %s", interview_decider(a))};
	interview_decide(a, INTERVIEW_REVOKED, "");
	if (store_add_ledger(a->desk->store, &line, a->err) < 0 || store_change_interview(a->desk->store, &a->iv, a->err) < 0)
		return -1;
	const char *what = arena_printf(a->desk->arena, "%s taken back by %s", minutes_text(a->desk->arena, grant.credited), interview_decider(a));
	struct answer to_teacher = {.subject = what}, back = {.subject = what};
	strs_add(&to_teacher.lines, a->desk->arena, arena_printf(a->desk->arena, "%s: the package of %s is open again. Your evidence is still there; you need do nothing.", what, a->year));
	strs_add(&back.lines, a->desk->arena, arena_printf(a->desk->arena, "%s: %s's package of %s is open again. Reply *signed*, or *not yet* and the reason.", what, a->teacher.name, a->year));
	strs_add(&back.replies, a->desk->arena, "signed");
	strs_add(&back.replies, a->desk->arena, "not yet");
	return interview_tell(a, &a->teacher, "interview-undo", &to_teacher, NULL) < 0 || interview_tell(a, a->m->person, "interview-undo", &back, NULL) < 0
	               ? -1 : interview_tell_others(a, "interview-undo", what, arena_printf(a->desk->arena, "%s: %s's package of %s is open again.", what, a->teacher.name, a->year));
}

static int take_back_meeting(struct interview_answer *a)
{
	const char *when = meeting_text(a->desk, a->iv.meets_at);
	struct mail_part part = meeting_invitation(a->desk, &a->iv, CALENDAR_CANCEL, &a->teacher, a->m->person, a->iv.meets_at);
	struct answer answer = {.subject = "The interview is called off"};
	strs_add(&answer.lines, a->desk->arena, arena_printf(a->desk->arena, "The interview on %s is called off. The evidence stays with whoever may sign.", when));
	a->iv.meets_at = 0;
	a->iv.state = INTERVIEW_READY;
	if (store_change_interview(a->desk->store, &a->iv, a->err) < 0)
		return -1;
	return interview_tell(a, &a->teacher, "interview-off", &answer, &part) < 0 || interview_tell(a, a->m->person, "interview-off", &answer, &part) < 0 ? -1 : 0;
}

int interview_undo(struct interview_answer *a)
{
	if (interview_recorded(a))
		return take_back_signature(a);
	if (a->iv.state == INTERVIEW_PLANNED)
		return take_back_meeting(a);
	if (a->iv.state != INTERVIEW_NOT_YET)
		return interview_say(a, "interview-undo", "Nothing to take back", "Nothing was changed: there is no answer of yours to take back.", "signed", "not yet");
	interview_decide(a, INTERVIEW_READY, "");
	if (store_change_interview(a->desk->store, &a->iv, a->err) < 0)
		return -1;
	struct answer to_teacher = {.subject = "Your evidence is looked at again"};
	strs_add(&to_teacher.lines, a->desk->arena, arena_printf(a->desk->arena, "%s took the \"not yet\" back. You need do nothing.", interview_decider(a)));
	return interview_tell(a, &a->teacher, "interview-undo", &to_teacher, NULL) < 0
	               ? -1 : interview_say(a, "interview-undo", "Taken back", arena_printf(a->desk->arena, "Your \"not yet\" is taken back, and %s was told.", a->teacher.name), "signed", "not yet");
}
