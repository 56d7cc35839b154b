#include <ctype.h>

#include "gateway/read/split.h"

/* Lines around a signature that are none of it, and one above all words. */

enum { SPENT_MAX = 40, LINE_MAX = 400, BANNER_MAX = 160 };

/* "90m", "1h 30": nobody has that in a signature. */
static bool is_time_spent(struct span s)
{
	static const char *const units[] = {"m", "min", "mins", "min.", "minutes", "minuten", "minutos", "minuti", "h", "hr", "hrs", "hour", "hours", "std", "stunden", "'"};
	size_t known = 0;
	if (s.n > SPENT_MAX)
		return false;
	while (s.n > 0) {
		size_t digits = 0, letters = 0, k = 0;
		while (digits < s.n && (isdigit((unsigned char)s.p[digits]) || (digits > 0 && strchr(".,", s.p[digits]) != NULL)))
			digits++;
		s = span_trim(span_skip(s, digits));
		while (letters < s.n && s.p[letters] != ' ' && !isdigit((unsigned char)s.p[letters]))
			letters++;
		while (k < sizeof units / sizeof *units && !span_eq_nocase((struct span){s.p, letters}, units[k]))
			k++;
		bool unit = k < sizeof units / sizeof *units;
		if (digits == 0 || (!unit && (known == 0 || s.n > 0)))
			return false;
		known += unit;
		s = span_trim(span_skip(s, letters));
	}
	return known > 0;
}

bool line_is_command(struct span s)
{
	return is_time_spent(s) || (span_starts_nocase(s, "#pln") && (s.n == 4 || !isalnum((unsigned char)s.p[4])));
}

bool line_is_postscript(struct span s)
{
	struct folded f;
	if (s.n > LINE_MAX || s.n < 3 || islower((unsigned char)*s.p))
		return false;
	folded_read(&f, s);
	return phrase_is(PHRASE_POSTSCRIPT, (struct span){f.text, f.n});
}

/* "CAUTION: This email originated from outside …", put above the words by the mail server: one line, wrapped or not. */
void banner_find(const struct scan *scan)
{
	enum { WRAPPED_FROM = 50, WRAPPED_TO = 80, LINES = 6 };
	const struct body_line *lines = scan->body->lines;
	size_t first = line_next(scan, 0), end = first, columns = WRAPPED_FROM;
	struct folded f;
	folded_start(&f);
	for (; end < scan->body->n && end < first + LINES && !line_is_blank(&lines[end]) && scan->owner[end] == OWNER_OWN; end++) {
		if (columns < WRAPPED_FROM || columns > WRAPPED_TO)
			break;
		struct span s = span_trim(lines[end].text);
		columns = s.n > LINE_MAX ? WRAPPED_TO + 1 : utf8_columns(s.p, s.n);
		folded_add(&f, SPAN(" "));
		folded_add(&f, (struct span){s.p, s.n < BANNER_MAX ? s.n : BANNER_MAX});
	}
	if (end == first || line_next(scan, end) == scan->body->n || !phrase_is(PHRASE_BANNER, (struct span){f.text, f.n}))
		return;
	for (size_t i = first; i < end; i++)
		scan->owner[i] = OWNER_SIGNATURE;
}
