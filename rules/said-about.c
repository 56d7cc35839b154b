#include "rules/said-decision-parts.h"

/* An approver's words under one item. */

#define WORDS_BYTES 1000 /* of a reason that goes on in further lines */

struct about {
	struct said *said;
	struct arena *arena;
	int number;
};

static bool is_about(const struct decision *d, int number)
{
	for (size_t i = 0; i < d->n_ranges; i++)
		if (d->ranges[i].from != number || d->ranges[i].to != number)
			return false;
	return d->n_ranges > 0 && !d->all;
}

/* A line that says the number itself, "3 no", or consents wholly. */
static bool read_alone(struct about *a, struct span folded, struct span line)
{
	struct said found = {0};
	if (decision_read(folded, line, &found, a->arena) != DECISION_READ)
		return false;
	for (size_t i = 0; i < found.n_decisions; i++) {
		struct decision *d = &found.decisions[i];
		if (d->all && d->n_ranges == 0 && d->verb == DECISION_APPROVE && found.n_decisions == 1) {
			struct item_range *one = arena_alloc(a->arena, sizeof *one);
			*one = (struct item_range){a->number, a->number};
			*d = (struct decision){.verb = DECISION_APPROVE, .ranges = one, .n_ranges = 1, .words = "", .line = d->line};
		} else if (!is_about(d, a->number)) {
			return false;
		}
	}
	for (size_t i = 0; i < found.n_decisions; i++)
		*ARENA_PUSH(a->arena, a->said->decisions, a->said->n_decisions) = found.decisions[i];
	return true;
}

/* The line as if it began with the item's number. */
static bool read_numbered(struct about *a, struct span folded, struct span line)
{
	struct scan s = {folded.p, folded.p + folded.n, &(int){0}};
	size_t unclear = a->said->unclear.n, before = a->said->n_decisions;
	bool number = scan_number(&s) > 0; /* of minutes only: whose is "5 no" under item 3? */
	const char *text = arena_printf(a->arena, number ? "%d at %.*s" : "%d %.*s", a->number, SPAN_ARG(folded));
	if (decision_read(span_of(text), line, a->said, a->arena) != DECISION_READ) {
		a->said->unclear.n = unclear;
		return false;
	}
	for (size_t i = before; i < a->said->n_decisions; i++)
		if (!is_about(&a->said->decisions[i], a->number)) {
			a->said->n_decisions = before;
			return false;
		}
	return true;
}

static void add_words(struct about *a, enum decision_verb verb, struct span words, struct span line)
{
	struct item_range *one = arena_alloc(a->arena, sizeof *one);
	*one = (struct item_range){a->number, a->number};
	*ARENA_PUSH(a->arena, a->said->decisions, a->said->n_decisions) = (struct decision){
		.verb = verb, .ranges = one, .n_ranges = 1, .words = arena_strndup(a->arena, words.p, words.n), .line = arena_strndup(a->arena, line.p, line.n)};
}

/* "why so long?", but "ok?" and "no?" are no questions to the teacher. */
static bool is_question(struct span folded)
{
	int steps = 0;
	struct scan s = {folded.p, folded.p + folded.n, &steps}, t = s;
	if (folded.n < 4 || folded.p[folded.n - 1] != '?')
		return false;
	return !scan_one(&s, decision_ok_words) && !scan_one(&t, decision_no_words);
}

/* A reason or question that goes on in the next line. */
static bool goes_on(struct about *a, struct span line)
{
	struct decision *d = a->said->n_decisions == 0 ? NULL : &a->said->decisions[a->said->n_decisions - 1];
	if (d == NULL || a->said->unclear.n > 0 || (d->verb != DECISION_DENY && d->verb != DECISION_ASK) || d->words[0] == '\0')
		return false;
	if (strlen(d->words) < WORDS_BYTES)
		d->words = arena_printf(a->arena, "%s %.*s", d->words, SPAN_ARG(line));
	return true;
}

static void read_one(struct about *a, struct span folded, struct span line)
{
	if (read_alone(a, folded, line) || read_numbered(a, folded, line))
		return;
	if (goes_on(a, line))
		return;
	if (is_question(folded))
		add_words(a, DECISION_ASK, line, line);
	else if (a->said->unclear.n < UNCLEAR_MAX)
		strs_add(&a->said->unclear, a->arena, arena_strndup(a->arena, line.p, line.n));
}

/* "thanks", "great work!" change nothing. */
static bool only_polite(struct span folded)
{
	int steps = 0;
	struct scan s = {folded.p, folded.p + folded.n, &steps};
	while (take_polite(&s, decision_polite_words))
		;
	return scan_at_end(s);
}

#define LINES_MAX 50 /* that decide */

void said_about(struct said *out, const char *own, int number, struct arena *arena)
{
	struct about a = {out, arena, number};
	struct span rest = span_of(own), line;
	*out = (struct said){.tagging = {.minutes = MINUTES_NONE, .day = DAY_NONE, .note = ""}};
	for (struct span from = rest; span_line(&rest, &line) && out->n_decisions < LINES_MAX; from = rest) {
		line = span_trim(line);
		struct span folded = said_fold(line, arena);
		if (folded.n == 0 || folded.p[0] == '>' || only_polite(folded))
			continue;
		if (is_sign_off(folded, rest) || (out->n_decisions > 0 && is_closing(from)))
			break;
		read_one(&a, folded, line);
	}
	said_settle(out, arena);
}
