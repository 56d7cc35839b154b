#include <ctype.h>

#include "rules/said-parts.h"

/* A command fills its line. Whatever is more than that is prose: "help me plan my lesson". */

enum argument {
	ARG_NONE,
	ARG_MAYBE_NUMBER, /* undo, undo 1042 */
	ARG_NUMBER,       /* show 1042 */
	ARG_FEW_WORDS,    /* list, list chats */
	ARG_WORDS,        /* find exit tickets */
	ARG_UNTIL,        /* pause, pause until 3 March */
	ARG_WISH,         /* receipts always */
	ARG_LINE,         /* goal add …: whatever follows */
	ARG_ADDRESS,      /* delegate kim@…, delegate remove kim@… */
	ARG_YEAR,         /* reopen 2025/26 until 30 September */
	ARG_OF_YEAR,      /* transcript, transcript 2025/26 */
	ARG_NUMBER_WORDS, /* thanks 2, used it in period 4 */
};

static const struct {
	const char *phrase;
	enum command_verb verb;
	enum argument argument;
} commands[] = {
	{"my status", COMMAND_STATUS, ARG_NONE}, {"status", COMMAND_STATUS, ARG_NONE}, {"stand", COMMAND_STATUS, ARG_NONE},
	{"statut", COMMAND_STATUS, ARG_NONE}, {"estado", COMMAND_STATUS, ARG_NONE},
	{"find", COMMAND_FIND, ARG_WORDS}, {"search", COMMAND_FIND, ARG_WORDS}, {"suche", COMMAND_FIND, ARG_WORDS},
	{"cherche", COMMAND_FIND, ARG_WORDS}, {"busca", COMMAND_FIND, ARG_WORDS},
	{"show", COMMAND_SHOW, ARG_NUMBER}, {"zeige", COMMAND_SHOW, ARG_NUMBER}, {"my list", COMMAND_LIST, ARG_NONE},
	{"list", COMMAND_LIST, ARG_FEW_WORDS}, {"liste", COMMAND_LIST, ARG_FEW_WORDS},
	{"undo", COMMAND_UNDO, ARG_MAYBE_NUMBER}, {"private", COMMAND_PRIVATE, ARG_MAYBE_NUMBER}, {"hide", COMMAND_PRIVATE, ARG_MAYBE_NUMBER},
	{"share", COMMAND_SHARE, ARG_MAYBE_NUMBER},
	{"star", COMMAND_STAR, ARG_MAYBE_NUMBER}, {STAR_MARK, COMMAND_STAR, ARG_MAYBE_NUMBER}, {"help", COMMAND_HELP, ARG_NONE},
	{"hilfe", COMMAND_HELP, ARG_NONE}, {"aide", COMMAND_HELP, ARG_NONE}, {"ayuda", COMMAND_HELP, ARG_NONE},
	{"commands", COMMAND_HELP, ARG_NONE}, {"pause", COMMAND_PAUSE, ARG_UNTIL}, {"resume", COMMAND_RESUME, ARG_NONE},
	{"unpause", COMMAND_RESUME, ARG_NONE},
	{"yes", COMMAND_YES, ARG_NONE}, {"yep", COMMAND_YES, ARG_NONE}, {"ja", COMMAND_YES, ARG_NONE}, {"oui", COMMAND_YES, ARG_NONE},
	{"sí", COMMAND_YES, ARG_NONE}, {"si", COMMAND_YES, ARG_NONE},
	{"yes that was me", COMMAND_YES, ARG_NONE}, {"yes it was me", COMMAND_YES, ARG_NONE}, {"that was me", COMMAND_YES, ARG_NONE},
	{"it was me", COMMAND_YES, ARG_NONE}, {"yes i did", COMMAND_YES, ARG_NONE}, {"yes it is mine", COMMAND_YES, ARG_NONE},
	{"no that was not me", COMMAND_NO, ARG_NONE}, {"that was not me", COMMAND_NO, ARG_NONE}, {"not me", COMMAND_NO, ARG_NONE},
	{"no", COMMAND_NO, ARG_NONE}, {"nope", COMMAND_NO, ARG_NONE}, {"nein", COMMAND_NO, ARG_NONE}, {"non", COMMAND_NO, ARG_NONE},
	{"thanks", COMMAND_THANKS, ARG_NUMBER_WORDS}, {"thank you", COMMAND_THANKS, ARG_NUMBER_WORDS},
	{"danke", COMMAND_THANKS, ARG_NUMBER_WORDS}, {"merci", COMMAND_THANKS, ARG_NUMBER_WORDS}, {"gracias", COMMAND_THANKS, ARG_NUMBER_WORDS},
	{"receipts", COMMAND_RECEIPTS, ARG_WISH},
	{"my plan", COMMAND_PLAN, ARG_NONE}, {"plan", COMMAND_PLAN, ARG_NONE}, {"mein plan", COMMAND_PLAN, ARG_NONE},
	{"goals", COMMAND_GOAL, ARG_NONE}, {"goal add", COMMAND_GOAL, ARG_LINE}, {"goal remove", COMMAND_GOAL, ARG_LINE},
	{"ready", COMMAND_READY, ARG_NONE}, {"i am ready", COMMAND_READY, ARG_NONE}, {"i'm ready", COMMAND_READY, ARG_NONE},
	{"bereit", COMMAND_READY, ARG_NONE},
	{"export", COMMAND_EXPORT, ARG_FEW_WORDS}, {"my transcript", COMMAND_EXPORT, ARG_OF_YEAR}, {"transcript", COMMAND_EXPORT, ARG_OF_YEAR},
	{"delegates", COMMAND_DELEGATE, ARG_NONE}, {"my delegates", COMMAND_DELEGATE, ARG_NONE}, {"delegate", COMMAND_DELEGATE, ARG_ADDRESS},
	{"reopen", COMMAND_REOPEN, ARG_YEAR},
};

static const char *const polite[] = {"please", "thanks", "thank", "you", "thx", "bitte", "danke", "merci", "gracias", "por", "favor", NULL};

#define FIND_WORDS 8
#define LIST_WORDS 3

static int number_word(const struct words *w, size_t i)
{
	if (i >= w->n)
		return 0;
	struct span s = w->v[i].low;
	int64_t n = 0;
	if (s.n > 0 && s.p[0] == '#')
		s = span_skip(s, 1);
	if (s.n == 0 || s.n > 9)
		return 0;
	for (size_t k = 0; k < s.n; k++) {
		if (!isdigit((unsigned char)s.p[k]))
			return 0;
		n = n * 10 + (s.p[k] - '0');
	}
	return (int)n;
}

/* Words i … end as written. */
static const char *words_text(const struct words *w, size_t i, size_t end, struct arena *arena)
{
	if (i >= end)
		return "";
	struct span first = w->v[i].raw, last = w->v[end - 1].raw;
	return arena_strndup(arena, first.p, (size_t)(last.p + last.n - first.p));
}

static bool few_words(const struct words *w, size_t i, size_t end, size_t most, struct arena *arena, struct command *out)
{
	static const char *const prose[] = {
		"of", "attached", "enclosed", "below", "out", "it", "that", "the", "me", "my", "your", "a", "an", "here", "some", "more", "time",
		"ways", NULL
	};
	if (end - i > most || (i < end && word_in(w, i, prose)))
		return false;
	if (i < end && w->v[end - 1].raw.p[w->v[end - 1].raw.n - 1] == '.')
		return false;
	out->rest = words_text(w, i, end, arena);
	return true;
}

/* "for two weeks" in days; 0 = it is no such thing. */
static int span_days(const struct words *w, size_t i, size_t end)
{
	static const struct {
		const char *word;
		int n;
	} counts[] = {{"a", 1}, {"one", 1}, {"two", 2}, {"three", 3}}, units[] = {{"day", 1}, {"days", 1}, {"week", 7}, {"weeks", 7}, {"month", 30}, {"months", 30}};
	int n = number_word(w, i + 1), unit = 0;
	if (!word_is(w, i, "for") || i + 3 != end)
		return 0;
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
		n = word_is(w, i + 1, counts[k].word) ? counts[k].n : n;
	for (size_t k = 0; k < sizeof units / sizeof *units; k++)
		unit = word_is(w, i + 2, units[k].word) ? units[k].n : unit;
	return n <= 366 ? n * unit : 0;
}

/* "until 3 March", "till Friday", "for two weeks", or a day alone. */
static bool until(const struct words *w, size_t i, size_t end, int32_t today, struct command *out)
{
	struct when when;
	if (i == end)
		return true;
	int days = span_days(w, i, end);
	if (days > 0) {
		out->day = today == DAY_NONE ? DAY_NONE : today + days;
		return today != DAY_NONE;
	}
	static const char *const words[] = {"until", "till", "til", "to", "bis", "hasta", "jusqu'au", NULL};
	if (word_in(w, i, words))
		i++;
	size_t n = i < end ? when_at(w, i, &when) : 0;
	if (n == 0 || i + n != end)
		return false;
	out->day = when_future(&when, today);
	return out->day != DAY_NONE;
}

static bool wish(const struct words *w, size_t i, size_t end, struct arena *arena, struct command *out)
{
	static const char *const wishes[] = {"always", "never", "digest", "first", NULL};
	if (i + 1 != end || !word_in(w, i, wishes))
		return false;
	out->rest = arena_strndup(arena, w->v[i].low.p, w->v[i].low.n);
	return true;
}

static bool address(const struct words *w, size_t i, size_t end, struct arena *arena, struct command *out)
{
	bool remove = word_is(w, i, "remove");
	if (i + 1 + remove != end || memchr(w->v[end - 1].low.p, '@', w->v[end - 1].low.n) == NULL)
		return false;
	out->rest = arena_printf(arena, "%s%.*s", remove ? "remove " : "", SPAN_ARG(w->v[end - 1].low));
	return true;
}

static bool argument(enum argument kind, const struct words *w, size_t i, size_t end, int32_t today, struct arena *arena, struct command *out)
{
	switch (kind) {
	case ARG_NONE:
		return i == end;
	case ARG_MAYBE_NUMBER:
		return i == end || (i + 1 == end && (out->number = number_word(w, i)) > 0);
	case ARG_NUMBER:
		return i + 1 == end && (out->number = number_word(w, i)) > 0;
	case ARG_FEW_WORDS:
		return few_words(w, i, end, LIST_WORDS, arena, out);
	case ARG_WORDS:
		return i < end && few_words(w, i, end, FIND_WORDS, arena, out);
	case ARG_UNTIL:
		return until(w, i, end, today, out);
	case ARG_WISH:
		return wish(w, i, end, arena, out);
	case ARG_LINE: /* with the phrase's last word: "add", "remove" */
		if (i >= end)
			return false;
		out->rest = words_text(w, i - 1, end, arena);
		return true;
	case ARG_ADDRESS:
		return i == end || address(w, i, end, arena, out);
	case ARG_YEAR:
		if (i >= end || w->v[i].raw.n > 9 || !isdigit((unsigned char)w->v[i].raw.p[0]))
			return false;
		out->rest = arena_strndup(arena, w->v[i].raw.p, w->v[i].raw.n);
		return until(w, i + 1, end, today, out);
	case ARG_OF_YEAR: /* with the phrase's last word */
		if (i < end && (i + 1 != end || w->v[i].raw.n > 9 || !isdigit((unsigned char)w->v[i].raw.p[0])))
			return false;
		out->rest = words_text(w, i - 1, end, arena);
		return true;
	case ARG_NUMBER_WORDS:
		if (i >= end || (out->number = number_word(w, i)) == 0 || out->number > 999)
			return false;
		out->rest = words_text(w, i + 1, end, arena);
		return true;
	}
	return false;
}

/* "2 thanks, used it period 4 15m" */
static bool numbered_thanks(const struct words *w, struct arena *arena, struct command *out)
{
	static const char *const thanks[] = {"thanks", "danke", "merci", "gracias", NULL};
	size_t n = phrase_at(w, 1, "thank you"), i = n > 0 ? 3 : 2;
	int number = number_word(w, 0);
	if (number == 0 || number > 999 || (n == 0 && !word_in(w, 1, thanks)))
		return false;
	*out = (struct command){COMMAND_THANKS, number, DAY_NONE, words_text(w, i, w->n, arena)};
	return true;
}

static bool is_question(struct span line)
{
	return line.n > 0 && line.p[line.n - 1] == '?';
}

/* yes, no, thanks: "no?" asks something. */
static bool asks_back(enum command_verb verb)
{
	return verb == COMMAND_YES || verb == COMMAND_NO || verb == COMMAND_UNDO;
}

bool command_read(struct span line, int32_t today, struct arena *arena, struct command *out)
{
	if (line.n == 0 || line.n > 200)
		return false;
	struct words split, *w = &split;
	words_split(w, line, arena);
	while (w->n > 0 && w->v[0].text.n == 0)
		memmove(w->v, w->v + 1, --w->n * sizeof *w->v); /* a bullet */
	if (numbered_thanks(w, arena, out))
		return true;
	for (size_t k = 0; k < sizeof commands / sizeof *commands; k++) {
		size_t n = phrase_at(w, 0, commands[k].phrase), end = w->n;
		if (n == 0)
			continue;
		while (end > n && commands[k].argument != ARG_NUMBER_WORDS && (w->v[end - 1].text.n == 0 || word_in(w, end - 1, polite)))
			end--;
		struct command found = {commands[k].verb, 0, DAY_NONE, ""};
		if ((!is_question(line) || !asks_back(found.verb)) && argument(commands[k].argument, w, n, end, today, arena, &found)) {
			*out = found;
			return true;
		}
	}
	return false;
}
