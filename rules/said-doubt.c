#include <ctype.h>

#include "rules/said-parts.h"

/* An approver's instructions taken together. What names an item counts before what covers it ("ok", "1-14 ok"); two that
 * contradict each other, and consent beside words that were not understood, are doubtful: nothing is done about them. */

/* In a line of prose that names a number, these cast doubt on that item. */
static const char *const doubts[] = {
	"but", "except", "not", "no", "doubt", "doubts", "wait", "hold", "unless", "question", "why", "which", "about", "unsure", "sure",
	"check",
	"problem", "issue", "wrong", "concern", "concerns", "maybe", "later", NULL,
};

bool casts_doubt(struct span line, struct arena *arena)
{
	struct words w;
	bool number = false, doubt = line.n > 0 && line.p[line.n - 1] == '?';
	words_split(&w, line, arena);
	for (size_t i = 0; i < w.n; i++) {
		struct span s = w.v[i].low;
		size_t digits = 0;
		while (digits < s.n && isdigit((unsigned char)s.p[digits]))
			digits++;
		number |= digits > 0 && digits == s.n && digits <= 3;
		doubt |= word_in(&w, i, doubts);
	}
	return number && doubt;
}

/* ---- the name under an answer, where nothing sets it apart */
#define NAME_LINES 6
#define NAME_BYTES 60
#define CLOSING_BYTES 1000

static bool is_name_word(const struct words *w, size_t i)
{
	static const char *const between[] = {
		"of", "and", "the", "at", "in", "for", "de", "la", "del", "von", "van", "der", "und", "et", "y", "e", NULL
	};
	struct span s = w->v[i].text;
	if (s.n == 0 || word_in(w, i, between) || is_url(s) || memchr(s.p, '@', s.n) != NULL)
		return true;
	bool capital = s.p[0] != w->v[i].low.p[0] || ((unsigned char)s.p[0] >= 0x80 && s.n > 1 && s.p[1] != w->v[i].low.p[1]);
	return !word_in(w, i, doubts) && (capital || isdigit((unsigned char)s.p[0]) || s.p[0] == '+');
}

/* A name, a title, a school, a telephone number: no sentence, no question, nothing that acts. */
static bool is_name_line(struct span line, struct arena *arena)
{
	struct words w;
	struct command command;
	struct said scratch = {0};
	if (line.n > NAME_BYTES || strchr("?!#", line.p[line.n - 1]) != NULL)
		return false;
	words_split(&w, line, arena);
	for (size_t i = 0; i < w.n; i++)
		if (!is_name_word(&w, i))
			return false;
	return !command_read(line, DAY_NONE, arena, &command) && decision_read(line, line, &scratch, arena) == DECISION_NOT;
}

static bool is_greeting(struct span line)
{
	static const char *const words[] = {
		"hi", "hello", "hey", "dear", "good", "thanks", "thank", "all", "team", "everyone", "folks", "colleagues", "morning", "guten", "hallo", "liebe", "lieber",
		"bonjour", "cher", "chère", "hola", "buenos", "buongiorno", "ciao", "sorry", "great", "nice", "well", "congratulations", NULL
	};
	struct arena arena = {0};
	struct words w;
	words_split(&w, line, &arena);
	bool greets = word_in(&w, 0, words);
	arena_release(&arena);
	return greets;
}

bool may_be_address(struct span line, bool first, bool apart)
{
	struct arena arena = {0};
	bool comma = line.n > 0 && line.p[line.n - 1] == ',';
	bool may = line.n > 0 && line.p[line.n - 1] != '.' && !(first && apart && comma) && !is_greeting(line) && is_name_line(line, &arena);
	arena_release(&arena);
	return may;
}

bool is_closing(struct span text)
{
	struct arena arena = {0};
	struct span line;
	bool closing = true;
	size_t n = 0;
	if (text.n > CLOSING_BYTES)
		return false;
	while (closing && span_line(&text, &line)) {
		line = said_fold(span_trim(line), &arena);
		if (line.n == 0)
			continue;
		if (is_sign_off(line, text))
			break;
		closing = ++n <= NAME_LINES && is_name_line(line, &arena);
	}
	arena_release(&arena);
	return closing;
}

/* ---- ranges */
static bool overlap(struct item_range a, struct item_range b)
{
	return a.from <= b.to && b.from <= a.to;
}

bool ranges_cut(struct decision *d, struct item_range out, struct arena *arena)
{
	struct item_range *kept = NULL;
	size_t n = 0;
	bool cut = false;
	for (size_t i = 0; i < d->n_ranges; i++) {
		struct item_range r = d->ranges[i];
		if (!overlap(r, out)) {
			*ARENA_PUSH(arena, kept, n) = r;
			continue;
		}
		cut = true;
		if (r.from < out.from)
			*ARENA_PUSH(arena, kept, n) = (struct item_range){r.from, out.from - 1};
		if (r.to > out.to)
			*ARENA_PUSH(arena, kept, n) = (struct item_range){out.to + 1, r.to};
	}
	d->ranges = kept;
	d->n_ranges = n;
	return cut;
}

static void except(struct decision *all, struct item_range range, struct arena *arena)
{
	for (size_t i = 0; i < all->n_ranges; i++)
		if (all->ranges[i].from <= range.from && all->ranges[i].to >= range.to)
			return;
	*ARENA_PUSH(arena, all->ranges, all->n_ranges) = range;
}

static bool is_consent(const struct decision *d)
{
	return d->all && d->verb == DECISION_APPROVE;
}

/* ---- contradictions */

/* "1-14 ok" beside "3 no": the wider one gives way. False when neither is wider. */
static bool give_way(struct decision *wide, const struct decision *narrow, struct item_range at, struct arena *arena)
{
	bool wider = false;
	for (size_t i = 0; i < wide->n_ranges; i++)
		wider |= overlap(wide->ranges[i], at) && wide->ranges[i].to - wide->ranges[i].from > at.to - at.from;
	if (wide->verb != DECISION_APPROVE || narrow->verb == DECISION_APPROVE || !wider)
		return false;
	return ranges_cut(wide, at, arena);
}

static bool same(const struct decision *a, const struct decision *b)
{
	return a->verb == b->verb && a->minutes == b->minutes;
}

/* The first ranges of the two that share a number. */
static bool shared(const struct decision *a, const struct decision *b, struct item_range *of_a, struct item_range *of_b)
{
	for (size_t i = 0; i < a->n_ranges; i++)
		for (size_t k = 0; k < b->n_ranges; k++)
			if (overlap(a->ranges[i], b->ranges[k])) {
				*of_a = a->ranges[i];
				*of_b = b->ranges[k];
				return true;
			}
	return false;
}

/* False when they contradict each other. */
static bool agree(struct decision *a, struct decision *b, struct arena *arena)
{
	struct item_range of_a, of_b;
	if (a->all || b->all)
		return a->all != b->all || same(a, b);
	while (!same(a, b) && shared(a, b, &of_a, &of_b))
		if (!give_way(a, b, of_b, arena) && !give_way(b, a, of_a, arena))
			return false;
	return true;
}

static void withdraw(struct said *said, const bool *doubtful, struct arena *arena)
{
	size_t kept = 0;
	for (size_t i = 0; i < said->n_decisions; i++) {
		const char *line = said->decisions[i].line;
		if (!doubtful[i])
			said->decisions[kept++] = said->decisions[i];
		else if (said->unclear.n < UNCLEAR_MAX && !strs_has_nocase(&said->unclear, line))
			strs_add(&said->unclear, arena, line);
	}
	said->n_decisions = kept;
}

/* ---- consent beside what was not understood */

/* The numbers of an unclear line are no part of a general consent; false when it has none. */
static bool except_numbers(struct said *said, const char *line, struct arena *arena)
{
	bool any = false;
	for (const char *p = line; *p != '\0';) {
		int value = 0;
		size_t n = 0;
		for (; isdigit((unsigned char)p[n]); n++)
			value = n < 5 ? value * 10 + (p[n] - '0') : value;
		for (size_t i = 0; value > 0 && value <= 9999 && i < said->n_decisions; i++)
			if (is_consent(&said->decisions[i]))
				except(&said->decisions[i], (struct item_range){value, value}, arena);
		any |= n > 0;
		p += n > 0 ? n : 1;
	}
	return any;
}

static void except_named(struct said *said, struct decision *all, struct arena *arena)
{
	for (size_t i = 0; i < said->n_decisions; i++) {
		const struct decision *d = &said->decisions[i];
		for (size_t r = 0; !d->all && d->verb != DECISION_APPROVE && r < d->n_ranges; r++)
			except(all, d->ranges[r], arena);
	}
}

void said_settle(struct said *said, struct arena *arena)
{
	if (said->n_decisions == 0)
		return;
	bool *doubtful = arena_alloc(arena, said->n_decisions * sizeof *doubtful), consents = true;
	for (size_t i = 0; i < said->n_decisions; i++)
		for (size_t k = 0; k < i; k++)
			if (!agree(&said->decisions[i], &said->decisions[k], arena))
				doubtful[i] = doubtful[k] = true;
	withdraw(said, doubtful, arena);
	for (size_t i = 0; i < said->unclear.n; i++)
		consents &= except_numbers(said, said->unclear.v[i], arena);
	memset(doubtful, 0, said->n_decisions * sizeof *doubtful);
	for (size_t i = 0; i < said->n_decisions; i++) {
		doubtful[i] = !consents && is_consent(&said->decisions[i]);
		if (is_consent(&said->decisions[i]))
			except_named(said, &said->decisions[i], arena);
	}
	withdraw(said, doubtful, arena);
}
