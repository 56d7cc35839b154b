#include "rules/said-decision-parts.h"

/* Consents: "ok", "ok except 3", "all but 3 ok", "the rest is fine". */

const char *const decision_ok_words[] = {
	"okay", "okey", "oky", "ok", "k", "yes", "yep", "yeah", "approved", "approve", "approves", "all ok", "all okay", "all good",
	"all approved", "looks good", "look good", "looks fine", "looks great", "sounds good", "lgtm",
	"accepted", "accept", "fine", "agreed", "thumbs up", "go ahead", "granted", "\xf0\x9f\x91\x8d", "\xf0\x9f\x91\x8c", "\xe2\x9c\x85",
	"\xe2\x9c\x94", "\xe2\x9c\x93",
	"approve all", "sure", "sure thing", "perfect", "all fine", "all great", "good to go", "fine by me", "ok'd", "everything ok", "everything is ok", "everything looks good", "einverstanden", "genehmigt", "passt", "ja", "d'accord",
	"oui", "approuvé", "approuve", "aprobado", "apruebo", "vale", "de acuerdo", "sí", NULL,
};
/* May follow a consent without changing it. */
const char *const decision_polite_words[] = {
	"thanks", "thank you", "many thanks", "thx", "ty", "please", "everyone", "everybody", "to everything", "everything", "all of these", "all of them", "of these", "these", "them all", "them", "all", "great job", "great work",
	"nice work", "good work", "good job", "well done", "great", "good",
	"nice", "cheers", "by me", "with me", "for me", "to me", "for all", "to all", "of them", "from me", "this week", "for the rest",
	"the rest", "rest", "for the others", "the others", "others", "danke", "merci",
	"gracias", "bitte", "\xf0\x9f\x99\x8f", "\xf0\x9f\x99\x82", "\xf0\x9f\x98\x8a", "\xf0\x9f\x8e\x89", NULL,
};
const char *const decision_except_words[] = {
	"except for", "except", "excepting", "but not", "but", "apart from", "other than", "without", "not", "minus", "außer", "ausser", "sauf",
	"excepto", "menos", NULL
};
/* May stand before a consent; what says how these are makes one of "good", too. */
static const char *const be_words[] = {
	"these are all", "these all look", "these look", "these are", "they are all", "they're all", "they all look", "they look", "all of these are", "all of these look",
	"all of them are", "everything is", "everything looks", "it's all", "it all looks", "that's all", "that's", "that is", "this is", "this looks", NULL
};
static const char *const lead_words[] = {"thanks", "thank you", "many thanks", "great", "i", "we", "hi", "hello", NULL};
static const char *const quantity_words[] = {"everything", "all", "everyone", NULL};

bool take_polite(struct scan *s, const char *const *more)
{
	struct scan t = *s;
	while (scan_sign(&t, ",.!-"))
		;
	if (!scan_one(&t, decision_polite_words) && !scan_one(&t, more))
		return false;
	*s = t;
	return true;
}

bool take_ok(struct scan *s)
{
	static const char *const good[] = {"good", "in order", NULL};
	struct scan t = *s;
	bool be = scan_one(&t, be_words), lead = be || scan_one(&t, lead_words);
	while (lead && scan_sign(&t, ",.!-"))
		;
	if (!scan_one(s, decision_ok_words)) {
		if (!lead || (!scan_one(&t, decision_ok_words) && !(be && scan_one(&t, good))))
			return false;
		*s = t;
	}
	while (take_polite(s, decision_ok_words))
		;
	return true;
}

static bool read_excepted(struct reader *r, const struct list *list, struct scan s)
{
	size_t n = r->n, ranges = r->ranges;
	while (take_polite(&s, decision_polite_words))
		;
	return decision_or_back(r, n, ranges, decision_add(r, DECISION_APPROVE, true, list, 0, 0, nothing) && (decision_rest(r, s) || read_question(r, list, s)));
}

static bool read_except(struct reader *r, struct scan s)
{
	struct scan t = s;
	scan_sign(&t, ",.-");
	scan_sign(&t, "(");
	if (!scan_one(&t, decision_except_words))
		return false;
	return decision_after_list(r, t, read_excepted);
}

static bool read_agreed(struct reader *r, const struct list *list, struct scan s)
{
	size_t n = r->n, ranges = r->ranges;
	while (take_polite(&s, decision_polite_words))
		;
	return decision_or_back(r, n, ranges, decision_add(r, DECISION_APPROVE, false, list, 0, 0, nothing) && decision_rest(r, s));
}

bool read_ok(struct reader *r, struct scan s)
{
	size_t n = r->n, ranges = r->ranges;
	if (!take_ok(&s))
		return false;
	if (decision_or_back(r, n, ranges, decision_add(r, DECISION_APPROVE, true, NULL, 0, 0, nothing) && decision_rest(r, s)) || read_except(r, s))
		return true;
	static const char *const to[] = {"for", "to", "on", "with", ":", NULL};
	scan_one(&s, to);
	return decision_after_list(r, s, read_agreed);
}

/* "all but 3 ok" */
bool read_all_but(struct reader *r, struct scan s)
{
	static const char *const be[] = {"is", "are", "looks", "look", NULL};
	struct list list;
	size_t n = r->n, ranges = r->ranges;
	if (!scan_one(&s, quantity_words) || !scan_one(&s, decision_except_words) || !scan_list(&s, &list, SCAN_RANGES))
		return false;
	scan_one(&s, be);
	if (!take_ok(&s) && !scan_text(&s, "good"))
		return false;
	return decision_or_back(r, n, ranges, decision_add(r, DECISION_APPROVE, true, &list, 0, 0, nothing) && decision_rest(r, s));
}

/* "the rest is ok": what others name is excepted by said_settle. */
bool read_others(struct reader *r, struct scan s)
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
	return decision_or_back(r, n, ranges, decision_add(r, DECISION_APPROVE, true, NULL, 0, 0, nothing) && decision_rest(r, s));
}

/* Consent to a list but for numbers that must all be on it. */
static bool add_without(struct reader *r, const struct list *list, const struct list *out)
{
	if (!decision_add(r, DECISION_APPROVE, false, list, 0, 0, nothing))
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
	if (!scan_one(&s, decision_except_words))
		return false;
	struct scan all = s;
	scan_list(&all, &out, SCAN_RANGES);
	for (size_t most = out.n; most > 0; most--) {
		struct scan t = s;
		scan_list(&t, &out, most);
		if (decision_or_back(r, n, ranges, add_without(r, list, &out) && decision_rest(r, t)))
			return true;
	}
	return false;
}

bool read_listed_ok(struct reader *r, const struct list *list, struct scan s)
{
	size_t n = r->n, ranges = r->ranges;
	struct scan t = s;
	if (take_ok(&t) && decision_or_back(r, n, ranges, decision_add(r, DECISION_APPROVE, false, list, 0, 0, nothing) && decision_rest(r, t)))
		return true;
	t = s;
	return take_ok(&t) && read_listed_except(r, list, t);
}
