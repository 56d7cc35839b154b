#include <stdlib.h>

#include "gateway/desk.h"

/* Answers to the numbered items of a digest or a list: "2 thanks, used it in period 4, 15m". */

struct item_answer {
	int64_t entry;
	struct span words;
};

/* The entry behind item n of the letter, 0 = there is no such item. */
static int64_t numbered_entry(const char *numbered, long n)
{
	char *end = NULL;
	int64_t id = 0;
	for (const char *p = numbered; n > 0 && *p != '\0'; n--, p = end) {
		id = strtoll(p, &end, 10);
		if (end == p)
			return 0;
	}
	return n == 0 ? id : 0;
}

/* "2 hours in all" names no item. */
static bool is_unit(struct span words)
{
	static const char *const units[] = {"hour", "min", "h ", "m ", "day", "week", "stunde", "heure", "hora"};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (span_starts_nocase(words, units[i]))
			return true;
	return false;
}

static bool read_item(const struct stored_letter *letter, struct span line, struct item_answer *out)
{
	char *end;
	line = span_trim(line);
	if (line.n == 0 || line.p[0] < '1' || line.p[0] > '9')
		return false;
	long n = strtol(line.p, &end, 10); /* own words end with a NUL */
	size_t used = (size_t)(end - line.p);
	if (used >= line.n || n > 500 || strchr(" .:)\t-", *end) == NULL)
		return false;
	out->entry = numbered_entry(letter->numbered, n);
	out->words = span_trim(span_skip(line, used + 1));
	return out->entry != 0 && out->words.n > 0 && !(*end == ' ' && is_unit(out->words));
}

static bool says_thanks(const struct said *s, struct span words)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (s->commands[i].verb == COMMAND_THANKS)
			return true;
	return memmem(words.p, words.n, "hank", 4) != NULL;
}

/* *done becomes the owner's name when there is somebody to thank. */
static int thank(struct desk *desk, struct matter *m, const struct entry *e, const char **done, struct err *err)
{
	struct person owner;
	int found = store_person(desk->store, e->person, desk->arena, &owner, err);
	if (found <= 0)
		return found;
	struct post post = {.purpose = LETTER_ANSWER, .person = &owner, .entry = e->id,
	                    .key = arena_printf(desk->arena, "thanks:%lld:%lld", (long long)e->id, (long long)m->person->id)};
	struct answer note = {.subject = arena_printf(desk->arena, "%s thanks you for %s", m->person->name, e->title)};
	strs_add(&note.lines, desk->arena, arena_printf(desk->arena, "%s thanks you for %lld: %s.", m->person->name, (long long)e->id, e->title));
	if (post_sentences(desk, &post, &note, err) < 0)
		return -1;
	*done = owner.name;
	return 0;
}

/* Using what a colleague shared is an entry of one's own, which keeps whom to thank. */
static int log_use(struct desk *desk, struct matter *m, const struct entry *from, const struct said *said, const char **done, struct err *err)
{
	struct entry e = {
		.person = m->person->id, .message = m->message, .logged_at = desk->now,
		.day = said->tagging.day != DAY_NONE ? said->tagging.day : campus_today(desk->campus, m->person, desk->now),
		.kind = said->tagging.kind != KIND_NONE ? said->tagging.kind : KIND_APPLIED,
		.title = from->title, .note = said->tagging.note, .source = from->source, .links = from->links, .n_links = from->n_links,
		.tags = said->tagging.topics, .via = from->id, .minutes = said->tagging.minutes, .starred = said->tagging.starred,
		.is_private = said->tagging.is_private, .nocredit = said->tagging.nocredit, .reason = "", .flag = "",
	};
	if (store_add_entry(desk->store, &e, err) < 0 || credit_claim_of(desk, m, &e, err) < 0)
		return -1;
	const char *credit = e.credited > 0 ? arena_printf(desk->arena, " %s credited.", minutes_text(desk->arena, e.credited)) : "";
	*done = arena_printf(desk->arena, "ogged %lld #%s, via %lld.%s", (long long)e.id, kind_name(e.kind), (long long)from->id, credit);
	return 0;
}

static int own_item(struct desk *desk, struct matter *m, struct entry *e, const struct said *said, const char *words, struct answer *answer, struct err *err)
{
	struct strs changes = {0};
	bool asked = e->claim == CLAIM_ASKED && m->letter->purpose == LETTER_OUTCOME;
	if (amend_entry(desk, m, said, e, &changes, err) < 0 || (asked && tell_asker(desk, m, e, words, err) < 0))
		return -1;
	const char *what = "nothing in your answer changes it";
	for (size_t i = 0; i < changes.n; i++)
		what = i == 0 ? changes.v[0] : arena_printf(desk->arena, "%s, %s", what, changes.v[i]);
	strs_add(&answer->lines, desk->arena, arena_printf(desk->arena, "%lld: %s.", (long long)e->id, what));
	return 0;
}

static const char *say_done(struct arena *arena, const struct item_answer *item, const char *thanked, const char *logged)
{
	if (thanked != NULL && logged != NULL)
		return arena_printf(arena, "Thanked %s; l%s", thanked, logged);
	if (logged != NULL)
		return arena_printf(arena, "L%s", logged);
	if (thanked != NULL)
		return arena_printf(arena, "Thanked %s for %lld.", thanked, (long long)item->entry);
	return arena_printf(arena, "About %lld I did not understand \"%.*s\"; nothing was done. Say thanks, or how you used it and how long.", (long long)item->entry,
	                    (int)utf8_prefix(item->words.p, item->words.n, 120), item->words.p);
}

static int one_item(struct desk *desk, struct matter *m, const struct item_answer *item, struct answer *answer, struct err *err)
{
	struct entry e;
	struct said said = {0};
	const char *words = arena_strndup(desk->arena, item->words.p, item->words.n);
	struct said_input in = {.own = words, .today = campus_today(desk->campus, m->person, desk->now), .is_reply = true};
	said_parse(&said, &in, desk->arena);
	int found = store_entry(desk->store, item->entry, desk->arena, &e, err);
	if (found <= 0)
		return found;
	if (e.person == m->person->id)
		return own_item(desk, m, &e, &said, words, answer, err);
	if (e.is_private || e.nocredit || e.undone) {
		strs_add(&answer->lines, desk->arena, arena_printf(desk->arena, "%lld is no longer shared.", (long long)e.id));
		return 0;
	}
	bool thanks = says_thanks(&said, item->words);
	bool use = said.tagging.minutes != MINUTES_NONE || said.tagging.kind != KIND_NONE || strcasestr(words, "used") != NULL || strcasestr(words, "tried") != NULL;
	const char *thanked = NULL, *logged = NULL;
	if ((thanks && thank(desk, m, &e, &thanked, err) < 0) || (use && log_use(desk, m, &e, &said, &logged, err) < 0))
		return -1;
	strs_add(&answer->lines, desk->arena, say_done(desk->arena, item, thanked, logged));
	return 0;
}

int do_digest_items(struct desk *desk, struct matter *m, bool *done, struct err *err)
{
	struct span rest = span_of(m->reading->own), line;
	struct answer answer = {.subject = arena_printf(desk->arena, "Re: %s", m->letter->subject)};
	for (size_t n = 0; n < 100 && m->letter->numbered != NULL && span_line(&rest, &line);) {
		struct item_answer item;
		if (!read_item(m->letter, line, &item))
			continue;
		if (one_item(desk, m, &item, &answer, err) < 0)
			return -1;
		*done = true;
		n++;
	}
	if (!*done && m->letter->purpose == LETTER_OUTCOME && m->letter->entry == 0 && m->reading->said.n_commands == 0 && m->reading->own[0] != '\0') {
		strs_add(&answer.lines, desk->arena, "That letter was about several entries. Which one do you mean? Begin a line with its number, as in *2 it was 20m*. Nothing was changed.");
		*done = true;
	}
	return *done ? post_answer(desk, m, "items", &answer, err) : 0;
}
