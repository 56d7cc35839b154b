#include "gateway/retention.h"
#include "gateway/reopen.h"

#define LONGEST 366 /* days that a year stays open again */
#define REASON_MAX 300

static const char *day_text(struct desk *desk, int32_t day)
{
	return day_short(arena_alloc(desk->arena, 24), day, campus_today(desk->campus, NULL, desk->now));
}

/* Why not; NULL = it may. */
static const char *refusal(struct desk *desk, const struct person *by, int32_t year, const char *name, int32_t until)
{
	int32_t today = campus_today(desk->campus, NULL, desk->now);
	if (by->role != ROLE_APPROVER && by->role != ROLE_OPERATOR)
		return "Nothing was changed: only an approver or the operator opens a year again.";
	if (until == DAY_NONE)
		return arena_printf(desk->arena, "Nothing was changed: until when? Write reopen %s until and a day, as in: reopen %s until 30 September.", name, name);
	if (until < today || until > today + LONGEST)
		return arena_printf(desk->arena, "Nothing was changed: %s is not within a year from today.", day_text(desk, until));
	if (year > today)
		return arena_printf(desk->arena, "Nothing was changed: the year %s has not begun.", name);
	if (year < retention_before(desk->campus, desk->now))
		return arena_printf(desk->arena, "Nothing was changed: the records of %s are past the years for which they are kept.", name);
	return NULL;
}

static const char *recount_text(struct desk *desk, const struct recount *again)
{
	if (again->entries == 0)
		return "";
	return arena_printf(desk->arena, " %zu entr%s that had come too late now count%s: %s more wait for approval.", again->entries,
	                    again->entries == 1 ? "y" : "ies", again->entries == 1 ? "s" : "", minutes_text(desk->arena, again->minutes));
}

int reopen_year(struct desk *desk, const struct person *by, const char *words, int32_t until, const char *reason, int64_t message, const char **sentence,
                struct err *err)
{
	int32_t year, from, to;
	char name[16];
	struct err why;
	if (campus_year_of(desk->campus, words, desk->now, &year, &why) < 0) {
		*sentence = arena_printf(desk->arena, "Nothing was changed: %s.", why.text);
		return 0;
	}
	campus_year(desk->campus, year, &from, &to, name);
	*sentence = refusal(desk, by, from, name, until);
	if (*sentence != NULL)
		return 0;
	struct ledger_line line = {.at = desk->now, .person = by->id, .verb = LEDGER_REOPEN, .day = from, .about = until, .reason = reason, .by_person = by->id,
	                           .message = message};
	struct recount again;
	if (store_reopen(desk->store, &line, err) < 0 || credit_reopened(desk, from, to, message, &again, err) < 0)
		return -1;
	*sentence = arena_printf(desk->arena, "The school year %s takes late claims again until %s, by %s (ledger line %lld). It closes by itself.%s", name,
	                         day_text(desk, until), by->name, (long long)line.id, recount_text(desk, &again));
	return 1;
}

/* The other words of the mail are its reason. */
static const char *reason_of(struct desk *desk, const struct matter *m)
{
	const char *note = m->reading->said.tagging.note;
	struct span words = span_trim(span_of(note));
	return words.n == 0 ? "by mail" : arena_strndup(desk->arena, words.p, utf8_prefix(words.p, words.n, REASON_MAX));
}

int on_reopen(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct answer answer = {0};
	const char *sentence = NULL;
	int done = reopen_year(desk, m->person, c->rest, c->day, reason_of(desk, m), m->message, &sentence, err);
	if (done < 0)
		return -1;
	answer.subject = done > 0 ? arena_printf(desk->arena, "%s is open again", c->rest) : arena_printf(desk->arena, "%s was not opened", c->rest);
	strs_add(&answer.lines, desk->arena, sentence);
	return post_answer(desk, m, "reopen", &answer, err);
}
