#include "rules/said-decision-parts.h"

/* Refusals and questions, with words up to the end of the line or up to the next instruction. */

const char *const decision_no_words[] = {
	"not approved", "not ok", "not okay", "no", "deny", "denied", "nope", "reject", "rejected", "decline", "declined", "nein", "abgelehnt",
	"refusé", "denegado", "\xf0\x9f\x91\x8e", "\xe2\x9d\x8c", "\xe2\x9c\x97", NULL
};
static const char *const same_words[] = {"same as", "same reason as", "as", "see", "like", NULL};

struct span words_between(const char *p, const char *end)
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
bool is_reason(struct reader *r, struct span words)
{
	struct scan s = {words.p, words.p + words.n, &r->steps};
	struct scan t = s;
	return scan_number(&s) == 0 && !scan_one(&t, decision_ok_words) && !(words.n > 0 && words.p[words.n - 1] == '?' && words.n < 4);
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
		return words.n > 0 && decision_add(r, verb, false, list, 0, 0, words);
	int same_as = take_same_as(r, words);
	if (same_as > 0)
		return decision_add(r, verb, false, list, 0, same_as, nothing);
	return is_reason(r, words) && decision_add(r, verb, false, list, 0, 0, words);
}

/* Whether instructions begin at s: a number, or a word of consent; "and so on" is a reason still. */
static bool begins_instruction(struct scan s)
{
	static const char *const starts[] = {"ok", "no", "ask", "rest", "the rest", "others", "the others", "everything else", "all", NULL};
	struct scan t = s;
	return scan_number(&s) > 0 || scan_one(&t, starts);
}

bool read_words(struct reader *r, enum decision_verb verb, const struct list *list, struct scan s)
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
		if (decision_or_back(r, n, ranges, add_words(r, verb, list, words) && decision_line(r, rest)))
			return true;
		if (hard)
			return false;
	}
	return decision_or_back(r, n, ranges, add_words(r, verb, list, words_between(s.p, s.end)));
}

bool read_no(struct reader *r, struct scan s)
{
	static const char *const to[] = {"to", "for", "on", ":", NULL};
	struct list list;
	if (!scan_one(&s, decision_no_words))
		return false;
	scan_one(&s, to);
	return scan_list(&s, &list, SCAN_RANGES) && read_words(r, DECISION_DENY, &list, s);
}

bool read_ask(struct reader *r, struct scan s)
{
	static const char *const about[] = {"about", "on", "for", NULL};
	struct list list;
	if (!scan_text(&s, "ask"))
		return false;
	scan_one(&s, about);
	return scan_list(&s, &list, SCAN_RANGES) && read_words(r, DECISION_ASK, &list, s);
}


bool read_question(struct reader *r, const struct list *list, struct scan s)
{
	static const char *const starts[] = {
		"why", "what", "which", "how", "who", "when", "where", "was", "were", "is", "did", "does", "do", "can", "could", "have", "has",
		"warum", "wieso", "was", "welche", "wie", "pourquoi", "quel", "quelle", "comment", "por qué", "por que", "qué", "cómo", "perché", NULL
	};
	while (scan_sign(&s, ",:-"))
		;
	scan_skip_blank(&s);
	struct scan t = s;
	struct span words = span_trim((struct span){s.p, (size_t)(s.end - s.p)});
	if (!scan_one(&t, starts) || words.n < 4 || words.p[words.n - 1] != '?' || scan_one(&t, decision_ok_words) || scan_one(&t, decision_no_words))
		return false;
	size_t n = r->n, ranges = r->ranges;
	return decision_or_back(r, n, ranges, decision_add(r, DECISION_ASK, false, list, 0, 0, words));
}
