#include "gateway/clock.h"
#include "gateway/interview-answer.h"

/* A time to meet: one of those proposed, or the approver's own. */

#define EARLIEST (6 * 60) /* "Thursday 3:00" is hardly meant for the night */
#define FURTHEST (200LL * 86400)

static int plan_meeting(struct interview_answer *a, int64_t at)
{
	const char *when = meeting_text(a->desk, at);
	a->iv.meets_at = at;
	a->iv.approver = a->m->person->id;
	a->iv.state = INTERVIEW_PLANNED;
	if (store_change_interview(a->desk->store, &a->iv, a->err) < 0)
		return -1;
	struct mail_part part = meeting_invitation(a->desk, &a->iv, CALENDAR_REQUEST, &a->teacher, a->m->person, at);
	struct answer to_teacher = {.subject = arena_printf(a->desk->arena, "Interview: %s", when)}, back = to_teacher;
	strs_add(&to_teacher.lines, a->desk->arena, arena_printf(a->desk->arena, "You and %s meet on %s.", a->m->person->name, when));
	strs_add(&to_teacher.lines, a->desk->arena, "The attached file puts it into your calendar.");
	strs_add(&back.lines, a->desk->arena, arena_printf(a->desk->arena, "You and %s meet on %s.", a->teacher.name, when));
	strs_add(&back.lines, a->desk->arena, "The attached file puts it into your calendar. After it, reply *signed*, or *not yet* and the reason. Another time, or *undo*, changes it.");
	strs_add(&back.replies, a->desk->arena, "signed");
	strs_add(&back.replies, a->desk->arena, "not yet");
	return interview_tell(a, &a->teacher, "interview-time", &to_teacher, &part) < 0 || interview_tell(a, a->m->person, "interview-time", &back, &part) < 0 ? -1 : 0;
}

static void proposed(struct interview_answer *a, struct slots *slots)
{
	slots_unpack(a->m->letter->numbered, slots);
	if (slots->n == 0)
		meeting_slots(a->desk->campus, a->iv.created_at, slots);
}

int interview_slot(struct interview_answer *a)
{
	struct slots slots;
	proposed(a, &slots);
	if (slots.n == 0)
		return interview_ask(a, "No times were proposed. Which is meant, as in *Thu 3pm*?");
	if (a->said.slot < 1 || (size_t)a->said.slot > slots.n)
		return interview_ask(a, arena_printf(a->desk->arena, "There are %zu times, 1 to %zu: which?", slots.n, slots.n));
	int64_t at = slots.at[a->said.slot - 1];
	return at <= a->desk->now ? interview_ask(a, arena_printf(a->desk->arena, "%s is past. Which other time, as in *Thu 3pm*?", meeting_text(a->desk, at))) : plan_meeting(a, at);
}

/* A day without an hour is one of those proposed, or a question. */
int interview_time(struct interview_answer *a)
{
	const char *zone = a->desk->campus->config.zone;
	struct slots slots;
	char day[24];
	int64_t at = a->said.minute < 0 ? 0 : clock_utc(zone, a->said.day, a->said.minute);
	proposed(a, &slots);
	for (size_t i = 0; a->said.minute < 0 && i < slots.n; i++)
		if (clock_day(zone, slots.at[i]) == a->said.day)
			at = slots.at[i];
	const char *named = arena_strdup(a->desk->arena, day_short(day, a->said.day, campus_today(a->desk->campus, NULL, a->desk->now)));
	if (at == 0)
		return interview_ask(a, arena_printf(a->desk->arena, "At what time on %s? Reply as in *%s 15:30*.", named, named));
	if (a->said.minute >= 0 && a->said.minute < EARLIEST)
		return interview_ask(a, arena_printf(a->desk->arena, "%s is in the night. Which time is meant, as in *%s 15:30*?", meeting_text(a->desk, at), named));
	if (at <= a->desk->now || at > a->desk->now + FURTHEST)
		return interview_ask(a, arena_printf(a->desk->arena, "%s cannot be. Which time is meant, as in *Thu 3pm*?", meeting_text(a->desk, at)));
	return plan_meeting(a, at);
}
