#include "rules/said-decision-parts.h"

/* Minutes: "7 30m", "change 7 to 30". */

#define MINUTES_BYTES 48  /* no duration is longer */

static const char *const at_words[] = {
	"at", "only", "just", "make it", "make", "give", "as", "for", "to", "be", "is", "=", "set to", "change to", "but", NULL
};
static const char *const change_words[] = {"change", "make", "set", "give", "reduce", "cut", "limit", NULL};

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

bool read_minutes(struct reader *r, const struct list *list, struct scan s, bool change)
{
	static const char *const reasons[] = {"because", "since", "as", "(", ":", "-", ",", NULL};
	size_t n = r->n, ranges = r->ranges;
	bool bare = false;
	int minutes;
	scan_one(&s, decision_ok_words);
	for (;;) {
		struct scan before = s;
		if (!scan_one(&s, at_words))
			break;
		struct scan t = before;
		bare = scan_text(&t, "at") || scan_text(&t, "=") || change || bare;
	}
	if (!take_minutes(r, &s, bare, &minutes))
		return false;
	while (take_polite(&s, decision_polite_words))
		;
	if (decision_or_back(r, n, ranges, decision_add(r, DECISION_MINUTES, false, list, minutes, 0, nothing) && decision_rest(r, s)))
		return true;
	if (!scan_one(&s, reasons))
		return false;
	struct span words = words_between(s.p, s.end);
	if (words.n == 0 || memchr(words.p, '?', words.n) != NULL || !is_reason(r, words))
		return false;
	return decision_or_back(r, n, ranges, decision_add(r, DECISION_MINUTES, false, list, minutes, 0, words));
}

static bool read_changed(struct reader *r, const struct list *list, struct scan s)
{
	return read_minutes(r, list, s, true);
}

bool read_change(struct reader *r, struct scan s)
{
	struct list list;
	if (!scan_one(&s, change_words))
		return false;
	if (decision_after_list(r, s, read_changed))
		return true;
	struct scan first = s;
	if (!scan_list(&first, &list, 1))
		return false;
	list.n = 1; /* "change 7 to 30": no range */
	list.v[0].to = list.v[0].from = scan_number(&s);
	return list.v[0].from > 0 && read_minutes(r, &list, s, true);
}

