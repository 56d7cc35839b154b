#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/interview.h"

#define AHEAD 2      /* days to the first proposal: nobody is to be surprised */
#define FURTHEST 100 /* to the last: behind the longest holidays there are none, and the approver names a time */

void meeting_slots(const struct campus *c, int64_t from, struct slots *out)
{
	const char *zone = c->config.zone;
	*out = (struct slots){0};
	int32_t today = clock_day(zone, from);
	for (int32_t day = today + AHEAD; out->n < MEETING_SLOTS && day <= today + FURTHEST; day++)
		if (config_school_day(&c->config, day))
			out->at[out->n++] = clock_utc(zone, day, (int)c->config.interview_minute);
}

const char *meeting_text(struct desk *desk, int64_t at)
{
	char text[24];
	int32_t day;
	int minute;
	clock_local(desk->campus->config.zone, at, &day, &minute);
	return arena_printf(desk->arena, "%s, %02d:%02d", day_short(text, day, campus_today(desk->campus, NULL, desk->now)), minute / 60, minute % 60);
}

const char *slots_pack(struct arena *arena, const struct slots *s)
{
	const char *text = "";
	for (size_t i = 0; i < s->n; i++)
		text = arena_printf(arena, "%s%s%lld", text, i == 0 ? "" : " ", (long long)s->at[i]);
	return text;
}

void slots_unpack(const char *text, struct slots *out)
{
	struct span rest = span_of(text), word;
	*out = (struct slots){0};
	while (out->n < MEETING_SLOTS && span_until(&rest, ' ', &word))
		out->at[out->n++] = strtoll(word.p, NULL, 10);
}

static const char *domain(const struct desk *desk)
{
	return strrchr(desk->campus->config.address, '@') + 1;
}

static struct mail_part as_part(struct desk *desk, enum calendar_method method, const char *name, const struct calendar_event *v, size_t n)
{
	struct str text = {0};
	calendar_write(&text, method, desk->now, v, n);
	struct mail_part part = {name, calendar_type(method), {arena_strndup(desk->arena, str_c(&text), text.n), text.n}};
	str_release(&text);
	return part;
}

struct mail_part meeting_proposals(struct desk *desk, const struct interview *iv, const char *teacher, const struct slots *slots)
{
	struct calendar_event events[MEETING_SLOTS];
	for (size_t i = 0; i < slots->n; i++)
		events[i] = (struct calendar_event){
			.uid = arena_printf(desk->arena, "interview-%lld-proposal-%zu@%s", (long long)iv->id, i + 1, domain(desk)),
			.from = slots->at[i], .minutes = MEETING_MINUTES,
			.summary = arena_printf(desk->arena, "Proposal %zu: PLN interview with %s", i + 1, teacher),
			.description = arena_printf(desk->arena, "To take this time, answer the letter with %zu.", i + 1),
			.organizer = {desk->campus->config.name, desk->campus->config.address}};
	return as_part(desk, CALENDAR_PUBLISH, "times.ics", events, slots->n);
}

/* A later invitation must have a higher sequence: the minutes since the interview was asked for are one. */
struct mail_part meeting_invitation(struct desk *desk, const struct interview *iv, enum calendar_method method, const struct person *teacher,
                                    const struct person *approver, int64_t at)
{
	struct calendar_event event = {
		.uid = arena_printf(desk->arena, "interview-%lld@%s", (long long)iv->id, domain(desk)),
		.from = at, .minutes = MEETING_MINUTES, .sequence = (int)((desk->now - iv->created_at) / 60),
		.summary = arena_printf(desk->arena, "PLN interview: %s and %s", teacher->name, approver->name),
		.description = "The evidence is in the letter that this came from.",
		.organizer = {desk->campus->config.name, desk->campus->config.address},
		.guests = {{teacher->name, teacher->addresses.v[0]}, {approver->name, approver->addresses.v[0]}}, .n_guests = 2};
	return as_part(desk, method, "interview.ics", &event, 1);
}
