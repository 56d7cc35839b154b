#include "rules/said-decision-parts.h"

/* An approver's line, read as one or more instructions that fill it wholly. What begins like one and cannot be read to its
 * end is unclear: nothing is done about it. Grammar:
 *
 *   line   = instr { (";" | "," | "and" | "but" | "/") instr }
 *   instr  = ok [ except list ] | ok list | list ok [ except list ] | all except list ok | "the rest" ok
 *          | list no [reason] | no list [reason] | list "ask" question | "ask" list question
 *          | list [at] minutes | "change" list "to" minutes | "undo" [list] | list "undo"
 *   list   = n | n-n { ("," | "and" | blank) … }
 */
#define LINE_MAX_BYTES 500
#define DECISIONS_MAX 100 /* of one reply */

bool decision_add(struct reader *r, enum decision_verb verb, bool all, const struct list *list, int minutes, int same_as, struct span words)
{
	if (r->n == LINE_DECISIONS || (list != NULL && r->ranges + list->n > SCAN_RANGES))
		return false;
	struct decision *d = &r->found[r->n++];
	*d = (struct decision){.verb = verb, .all = all, .minutes = minutes, .same_as = same_as};
	d->words = arena_strndup(r->arena, words.p == NULL ? "" : words.p, words.n);
	for (size_t i = 0; list != NULL && i < list->n; i++)
		*ARENA_PUSH(r->arena, d->ranges, d->n_ranges) = list->v[i];
	r->ranges += list == NULL ? 0 : list->n;
	return true;
}

/* The end of the line, or a separator and instructions up to the end. */
bool decision_rest(struct reader *r, struct scan s)
{
	static const char *const separators[] = {"and", "but", "then", "/", NULL};
	if (scan_at_end(s))
		return true;
	scan_skip_blank(&s);
	if (*s.p == '#')
		return decision_line(r, s);
	bool sign = scan_sign(&s, ";,.!"), word = scan_one(&s, separators);
	return (sign || word) && decision_line(r, s);
}

/* Puts back what a reading that failed has added. */
bool decision_or_back(struct reader *r, size_t n, size_t ranges, bool good)
{
	if (!good) {
		r->n = n;
		r->ranges = ranges;
	}
	return good;
}

/* ---- numbers first */
static bool read_listed(struct reader *r, const struct list *list, struct scan s)
{
	static const char *const be[] = {"is", "are", "=", "also", "too", NULL};
	size_t n = r->n, ranges = r->ranges;
	scan_sign(&s, ".):");
	while (scan_sign(&s, "-:"))
		;
	scan_one(&s, be);
	struct scan t = s;
	if (read_listed_ok(r, list, s))
		return true;
	if (scan_one(&t, decision_no_words))
		return read_words(r, DECISION_DENY, list, t);
	if (scan_text(&t, "ask"))
		return read_words(r, DECISION_ASK, list, t);
	if (read_question(r, list, s))
		return true;
	if (scan_text(&t, "undo"))
		return decision_or_back(r, n, ranges, decision_add(r, DECISION_UNDO, false, list, 0, 0, nothing) && decision_rest(r, t));
	return read_minutes(r, list, s, false);
}

bool decision_after_list(struct reader *r, struct scan s, after_list_fn *read)
{
	struct list list;
	struct scan all = s;
	if (!scan_list(&all, &list, SCAN_RANGES))
		return false;
	for (size_t most = list.n; most > 0; most--) {
		struct scan t = s;
		scan_list(&t, &list, most);
		if (read(r, &list, t))
			return true;
	}
	return false;
}

static bool read_numbers(struct reader *r, struct scan s)
{
	struct list list;
	struct scan first = s;
	if (decision_after_list(r, s, read_listed))
		return true;
	/* "7 to 30 min" is no range */
	if (!scan_list(&first, &list, 1) || list.v[0].to == list.v[0].from)
		return false;
	list.n = 1;
	scan_item_word(&s);
	list.v[0].to = list.v[0].from = scan_number(&s);
	return list.v[0].from > 0 && read_listed(r, &list, s);
}

static bool read_undo(struct reader *r, struct scan s)
{
	static const char *const what[] = {"all", "that", "everything", "it", "my last", NULL};
	struct list list;
	size_t n = r->n, ranges = r->ranges;
	if (!scan_text(&s, "undo"))
		return false;
	if (scan_list(&s, &list, SCAN_RANGES))
		return decision_or_back(r, n, ranges, decision_add(r, DECISION_UNDO, false, &list, 0, 0, nothing) && decision_rest(r, s));
	scan_one(&s, what);
	while (take_polite(&s, decision_polite_words))
		;
	return decision_or_back(r, n, ranges, decision_add(r, DECISION_UNDO, true, NULL, 0, 0, nothing) && decision_rest(r, s));
}

/* ---- a line */
bool decision_line(struct reader *r, struct scan s)
{
	static bool (*const forms[])(struct reader *, struct scan) = {read_ok, read_all_but, read_others, read_numbers, read_no, read_ask, read_change, read_undo};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (r->steps++ < STEPS_MAX && forms[i](r, s))
			return true;
	return false;
}

/* Whether a line that could not be read begins as an instruction does. */
static bool begins_like_one(struct scan s)
{
	static const char *const starts[] = {
		"ok", "okay", "approve", "approved", "yes", "no", "deny", "denied", "reject", "rejected", "ask", "undo", "except", "but", "all",
		"not", "everything", "rest", "the rest", "others", "change", "looks good", "\xf0\x9f\x91\x8d", "\xf0\x9f\x91\x8e", NULL
	};
	struct scan t = s;
	if (scan_one(&t, starts))
		return true;
	scan_item_word(&s);
	int number = scan_number(&s);
	return number > 0 && number < 1000;
}

static struct scan without_bullet(struct scan s)
{
	while (s.p + 1 < s.end && strchr("-*+>", s.p[0]) != NULL && s.p[1] == ' ')
		s.p += 2;
	while (s.p + 1 < s.end && strchr("\"'*_", s.p[0]) != NULL) /* "ok", *ok* */
		s.p++;
	return s;
}

static size_t ranges_so_far(const struct said *said)
{
	size_t n = 0;
	for (size_t i = 0; i < said->n_decisions; i++)
		n += said->decisions[i].n_ranges;
	return n;
}

enum decision_answer decision_read(struct span folded, struct span line, struct said *said, struct arena *arena)
{
	if (folded.n == 0 || folded.n > LINE_MAX_BYTES * 4)
		return DECISION_NOT;
	struct reader r = {.arena = arena, .ranges = ranges_so_far(said)};
	struct scan s = without_bullet((struct scan){folded.p, folded.p + folded.n, &r.steps});
	scan_skip_blank(&s);
	bool abroad = folded.n <= LINE_MAX_BYTES && consents_abroad(folded, arena) && decision_add(&r, DECISION_APPROVE, true, NULL, 0, 0, nothing);
	if (folded.n > LINE_MAX_BYTES || (!abroad && !decision_line(&r, s)) || said->n_decisions + r.n > DECISIONS_MAX)
		return begins_like_one(s) ? DECISION_UNCLEAR : DECISION_NOT;
	const char *written = arena_strndup(arena, line.p, line.n);
	for (size_t i = 0; i < r.n; i++) {
		r.found[i].line = written;
		*ARENA_PUSH(arena, said->decisions, said->n_decisions) = r.found[i];
	}
	return DECISION_READ;
}
