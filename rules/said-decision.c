#include "rules/said-scan.h"

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
#define LINE_DECISIONS 30
#define MINUTES_BYTES 48  /* no duration is longer */
#define STEPS_MAX 4000    /* of reading one line: whatever needs more is unclear */

static const char *const ok_words[] = {
	"okay", "okey", "oky", "ok", "k", "yes", "yep", "yeah", "approved", "approve", "approves", "all ok", "all okay", "all good",
	"all approved", "looks good", "look good", "looks fine", "looks great", "sounds good", "lgtm",
	"accepted", "accept", "fine", "agreed", "thumbs up", "go ahead", "granted", "\xf0\x9f\x91\x8d", "\xf0\x9f\x91\x8c", "\xe2\x9c\x85",
	"\xe2\x9c\x94", "\xe2\x9c\x93",
	"approve all", "everything ok", "everything is ok", "everything looks good", "einverstanden", "genehmigt", "passt", "ja", "d'accord",
	"oui", "approuvé", "approuve", "aprobado", "apruebo", "vale", "de acuerdo", "sí", NULL,
};
/* May follow a consent without changing it. */
static const char *const polite_words[] = {
	"thanks", "thank you", "many thanks", "thx", "ty", "please", "everyone", "everybody", "everything", "all", "great job", "great work",
	"nice work", "good work", "good job", "well done", "great", "good",
	"nice", "cheers", "by me", "with me", "for me", "to me", "for all", "to all", "of them", "from me", "this week", "for the rest",
	"the rest", "rest", "for the others", "the others", "others", "danke", "merci",
	"gracias", "bitte", "\xf0\x9f\x99\x8f", "\xf0\x9f\x99\x82", "\xf0\x9f\x98\x8a", "\xf0\x9f\x8e\x89", NULL,
};
static const char *const except_words[] = {
	"except for", "except", "excepting", "but not", "but", "apart from", "other than", "without", "not", "minus", "außer", "ausser", "sauf",
	"excepto", "menos", NULL
};
static const char *const no_words[] = {
	"not approved", "not ok", "not okay", "no", "deny", "denied", "nope", "reject", "rejected", "decline", "declined", "nein", "abgelehnt",
	"refusé", "denegado", "\xf0\x9f\x91\x8e", "\xe2\x9d\x8c", "\xe2\x9c\x97", NULL
};
static const char *const at_words[] = {
	"at", "only", "just", "make it", "make", "give", "as", "for", "to", "be", "is", "=", "set to", "change to", "but", NULL
};
static const char *const change_words[] = {"change", "make", "set", "give", "reduce", "cut", "limit", NULL};
static const char *const quantity_words[] = {"everything", "all", "everyone", NULL};
static const char *const same_words[] = {"same as", "same reason as", "as", "see", "like", NULL};

struct reader {
	struct arena *arena;
	int steps;
	struct decision found[LINE_DECISIONS];
	size_t n;
	size_t ranges;
};

static bool add(struct reader *r, enum decision_verb verb, bool all, const struct list *list, int minutes, int same_as, struct span words)
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

static const struct span nothing = {"", 0};

static bool read_line(struct reader *, struct scan);

/* The end of the line, or a separator and instructions up to the end. */
static bool read_rest(struct reader *r, struct scan s)
{
	static const char *const separators[] = {"and", "but", "then", "/", NULL};
	if (scan_at_end(s))
		return true;
	bool sign = scan_sign(&s, ";,.!"), word = scan_one(&s, separators);
	return (sign || word) && read_line(r, s);
}

/* Puts back what a reading that failed has added. */
static bool or_back(struct reader *r, size_t n, size_t ranges, bool good)
{
	if (!good) {
		r->n = n;
		r->ranges = ranges;
	}
	return good;
}

/* ---- consents */
static bool take_polite(struct scan *s, const char *const *more)
{
	struct scan t = *s;
	while (scan_sign(&t, ",.!-"))
		;
	if (!scan_one(&t, polite_words) && !scan_one(&t, more))
		return false;
	*s = t;
	return true;
}

static bool take_ok(struct scan *s)
{
	if (!scan_one(s, ok_words))
		return false;
	while (take_polite(s, ok_words))
		;
	return true;
}

static bool read_except(struct reader *r, struct scan s)
{
	struct list list;
	struct scan t = s;
	scan_sign(&t, ",.-");
	if (!scan_one(&t, except_words))
		return false;
	struct scan all = t;
	if (!scan_list(&all, &list, SCAN_RANGES))
		return false;
	for (size_t most = list.n; most > 0; most--) {
		struct scan u = t;
		size_t n = r->n, ranges = r->ranges;
		scan_list(&u, &list, most);
		while (take_polite(&u, polite_words))
			;
		if (or_back(r, n, ranges, add(r, DECISION_APPROVE, true, &list, 0, 0, nothing) && read_rest(r, u)))
			return true;
	}
	return false;
}

static bool read_ok(struct reader *r, struct scan s)
{
	struct list list;
	size_t n = r->n, ranges = r->ranges;
	if (!take_ok(&s))
		return false;
	if (or_back(r, n, ranges, add(r, DECISION_APPROVE, true, NULL, 0, 0, nothing) && read_rest(r, s)) || read_except(r, s))
		return true;
	static const char *const to[] = {"for", "to", "on", "with", ":", NULL};
	scan_one(&s, to);
	struct scan all = s;
	if (!scan_list(&all, &list, SCAN_RANGES))
		return false;
	for (size_t most = list.n; most > 0; most--) {
		struct scan t = s;
		scan_list(&t, &list, most);
		while (take_polite(&t, polite_words))
			;
		if (or_back(r, n, ranges, add(r, DECISION_APPROVE, false, &list, 0, 0, nothing) && read_rest(r, t)))
			return true;
	}
	return false;
}

/* "all but 3 ok" */
static bool read_all_but(struct reader *r, struct scan s)
{
	static const char *const be[] = {"is", "are", "looks", "look", NULL};
	struct list list;
	size_t n = r->n, ranges = r->ranges;
	if (!scan_one(&s, quantity_words) || !scan_one(&s, except_words) || !scan_list(&s, &list, SCAN_RANGES))
		return false;
	scan_one(&s, be);
	if (!take_ok(&s) && !scan_text(&s, "good"))
		return false;
	return or_back(r, n, ranges, add(r, DECISION_APPROVE, true, &list, 0, 0, nothing) && read_rest(r, s));
}

/* "the rest is ok": what others name is excepted by said_settle. */
static bool read_others(struct reader *r, struct scan s)
{
	static const char *const rest[] = {
		"the rest", "all the rest", "rest", "all others", "the others", "others", "everything else", "all the others", NULL
	};
	static const char *const be[] = {"is", "are", "looks", "look", ":", NULL};
	size_t n = r->n, ranges = r->ranges;
	if (!scan_one(&s, rest))
		return false;
	scan_one(&s, be);
	if (!take_ok(&s) && !scan_text(&s, "good"))
		return false;
	return or_back(r, n, ranges, add(r, DECISION_APPROVE, true, NULL, 0, 0, nothing) && read_rest(r, s));
}

/* ---- refusals and questions, with words up to the end or up to the next instruction */
static struct span words_between(const char *p, const char *end)
{
	struct span s = {p, (size_t)(end - p)};
	while (s.n > 0 && strchr(" \t-:,.(=", s.p[0]) != NULL)
		s = span_skip(s, 1);
	while (s.n > 0 && strchr(" \t,;(", s.p[s.n - 1]) != NULL)
		s.n--;
	if (s.n > 0 && s.p[s.n - 1] == ')' && memchr(s.p, '(', s.n) == NULL)
		s.n--;
	return span_trim(s);
}

/* A reason that begins like an instruction of its own is doubtful. */
static bool is_reason(struct reader *r, struct span words)
{
	struct scan s = {words.p, words.p + words.n, &r->steps};
	struct scan t = s;
	return scan_number(&s) == 0 && !scan_one(&t, ok_words) && !(words.n > 0 && words.p[words.n - 1] == '?' && words.n < 4);
}

static int take_same_as(struct reader *r, struct span words)
{
	struct scan s = {words.p, words.p + words.n, &r->steps};
	if (!scan_one(&s, same_words))
		return 0;
	scan_item_word(&s);
	int number = scan_number(&s);
	return scan_at_end(s) ? number : 0;
}

static bool add_words(struct reader *r, enum decision_verb verb, const struct list *list, struct span words)
{
	if (verb == DECISION_ASK)
		return words.n > 0 && add(r, verb, false, list, 0, 0, words);
	int same_as = take_same_as(r, words);
	if (same_as > 0)
		return add(r, verb, false, list, 0, same_as, nothing);
	return is_reason(r, words) && add(r, verb, false, list, 0, 0, words);
}

/* Whether instructions begin at s: a number, or a word of consent; "and so on" is a reason still. */
static bool begins_instruction(struct scan s)
{
	static const char *const starts[] = {"ok", "no", "ask", "rest", "the rest", "others", "the others", "everything else", "all", NULL};
	struct scan t = s;
	return scan_number(&s) > 0 || scan_one(&t, starts);
}

static bool read_words(struct reader *r, enum decision_verb verb, const struct list *list, struct scan s)
{
	size_t n = r->n, ranges = r->ranges;
	for (const char *p = s.p; p < s.end; p++) {
		struct scan rest = {p + 1, s.end, s.steps};
		bool hard = *p == ';' || (*p == '/' && p > s.p && p[-1] == ' ');
		if (!hard && !((*p == ',' || *p == '.' || *p == '?') && rest.p < s.end && *rest.p == ' '))
			continue;
		(*s.steps)++;
		scan_text(&rest, "and");
		if (!hard && !begins_instruction(rest))
			continue;
		struct span words = words_between(s.p, *p == '?' ? p + 1 : p);
		if (or_back(r, n, ranges, add_words(r, verb, list, words) && read_line(r, rest)))
			return true;
		if (hard)
			return false;
	}
	return or_back(r, n, ranges, add_words(r, verb, list, words_between(s.p, s.end)));
}

static bool read_no(struct reader *r, struct scan s)
{
	static const char *const to[] = {"to", "for", "on", ":", NULL};
	struct list list;
	if (!scan_one(&s, no_words))
		return false;
	scan_one(&s, to);
	return scan_list(&s, &list, SCAN_RANGES) && read_words(r, DECISION_DENY, &list, s);
}

static bool read_ask(struct reader *r, struct scan s)
{
	static const char *const about[] = {"about", "on", "for", NULL};
	struct list list;
	if (!scan_text(&s, "ask"))
		return false;
	scan_one(&s, about);
	return scan_list(&s, &list, SCAN_RANGES) && read_words(r, DECISION_ASK, &list, s);
}

/* ---- minutes */
static bool take_minutes(struct reader *r, struct scan *s, bool bare, int *minutes)
{
	struct words w;
	struct scan t = *s;
	size_t near = (size_t)(s->end - s->p);
	words_split(&w, (struct span){s->p, utf8_prefix(s->p, near, MINUTES_BYTES)}, r->arena);
	r->steps += 10;
	size_t n = minutes_at(&w, 0, minutes);
	if (n > 0) {
		s->p = w.v[n - 1].text.p + w.v[n - 1].text.n;
		if (s->p < s->end && *s->p == '\'')
			s->p++;
		return true;
	}
	int value = bare ? scan_number(&t) : 0;
	if (value == 0)
		return false;
	*minutes = value;
	*s = t;
	return true;
}

static bool read_minutes(struct reader *r, const struct list *list, struct scan s, bool change)
{
	static const char *const reasons[] = {"because", "since", "as", "(", ":", "-", ",", NULL};
	size_t n = r->n, ranges = r->ranges;
	bool bare = false;
	int minutes;
	scan_one(&s, ok_words);
	for (;;) {
		struct scan before = s;
		if (!scan_one(&s, at_words))
			break;
		struct scan t = before;
		bare = scan_text(&t, "at") || scan_text(&t, "=") || change || bare;
	}
	if (!take_minutes(r, &s, bare, &minutes))
		return false;
	while (take_polite(&s, polite_words))
		;
	if (or_back(r, n, ranges, add(r, DECISION_MINUTES, false, list, minutes, 0, nothing) && read_rest(r, s)))
		return true;
	if (!scan_one(&s, reasons))
		return false;
	struct span words = words_between(s.p, s.end);
	if (words.n == 0 || memchr(words.p, '?', words.n) != NULL || !is_reason(r, words))
		return false;
	return or_back(r, n, ranges, add(r, DECISION_MINUTES, false, list, minutes, 0, words));
}

static bool read_change(struct reader *r, struct scan s)
{
	struct list list;
	if (!scan_one(&s, change_words))
		return false;
	struct scan all = s;
	if (!scan_list(&all, &list, SCAN_RANGES))
		return false;
	for (size_t most = list.n; most > 0; most--) {
		struct scan t = s;
		scan_list(&t, &list, most);
		if (read_minutes(r, &list, t, true))
			return true;
	}
	list.n = 1; /* "change 7 to 30": no range */
	list.v[0].to = list.v[0].from = scan_number(&s);
	return list.v[0].from > 0 && read_minutes(r, &list, s, true);
}

/* ---- numbers first */

/* Consent to a list but for numbers that must all be on it. */
static bool add_without(struct reader *r, const struct list *list, const struct list *out)
{
	if (!add(r, DECISION_APPROVE, false, list, 0, 0, nothing))
		return false;
	struct decision *d = &r->found[r->n - 1];
	for (size_t i = 0; i < out->n; i++)
		if (!ranges_cut(d, out->v[i], r->arena))
			return false;
	return d->n_ranges > 0;
}

/* "1-14 ok except 3", from behind the ok. */
static bool read_listed_except(struct reader *r, const struct list *list, struct scan s)
{
	struct list out;
	size_t n = r->n, ranges = r->ranges;
	scan_sign(&s, ",.-");
	if (!scan_one(&s, except_words))
		return false;
	struct scan all = s;
	scan_list(&all, &out, SCAN_RANGES);
	for (size_t most = out.n; most > 0; most--) {
		struct scan t = s;
		scan_list(&t, &out, most);
		if (or_back(r, n, ranges, add_without(r, list, &out) && read_rest(r, t)))
			return true;
	}
	return false;
}

static bool read_listed(struct reader *r, const struct list *list, struct scan s)
{
	static const char *const be[] = {"is", "are", "=", "also", "too", NULL};
	size_t n = r->n, ranges = r->ranges;
	scan_sign(&s, ".):");
	while (scan_sign(&s, "-:"))
		;
	scan_one(&s, be);
	struct scan t = s;
	if (take_ok(&t) && or_back(r, n, ranges, add(r, DECISION_APPROVE, false, list, 0, 0, nothing) && read_rest(r, t)))
		return true;
	t = s;
	if (take_ok(&t) && read_listed_except(r, list, t))
		return true;
	t = s;
	if (scan_one(&t, no_words))
		return read_words(r, DECISION_DENY, list, t);
	if (scan_text(&t, "ask"))
		return read_words(r, DECISION_ASK, list, t);
	if (scan_text(&t, "undo"))
		return or_back(r, n, ranges, add(r, DECISION_UNDO, false, list, 0, 0, nothing) && read_rest(r, t));
	return read_minutes(r, list, s, false);
}

static bool read_numbers(struct reader *r, struct scan s)
{
	struct list list;
	struct scan all = s;
	if (!scan_list(&all, &list, SCAN_RANGES))
		return false;
	for (size_t most = list.n; most > 0; most--) {
		struct scan t = s;
		scan_list(&t, &list, most);
		if (read_listed(r, &list, t))
			return true;
	}
	/* "7 to 30 min" is no range */
	if (list.v[0].to == list.v[0].from)
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
		return or_back(r, n, ranges, add(r, DECISION_UNDO, false, &list, 0, 0, nothing) && read_rest(r, s));
	scan_one(&s, what);
	while (take_polite(&s, polite_words))
		;
	return or_back(r, n, ranges, add(r, DECISION_UNDO, true, NULL, 0, 0, nothing) && read_rest(r, s));
}

/* ---- a line */
static bool read_line(struct reader *r, struct scan s)
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
	if (folded.n > LINE_MAX_BYTES || !read_line(&r, s) || said->n_decisions + r.n > DECISIONS_MAX)
		return begins_like_one(s) ? DECISION_UNCLEAR : DECISION_NOT;
	const char *written = arena_strndup(arena, line.p, line.n);
	for (size_t i = 0; i < r.n; i++) {
		r.found[i].line = written;
		*ARENA_PUSH(arena, said->decisions, said->n_decisions) = r.found[i];
	}
	return DECISION_READ;
}
