#include <ctype.h>

#include "rules/eight.h"
#include "rules/said-parts.h"

/* A line as clauses, and what is left of them as the note. */

/* ---- clauses of a line */
/* "am 3. März": the full stop behind one or two digits, with more to come. */
static bool is_ordinal(struct span s, size_t i)
{
	size_t digits = 0;
	while (digits < i && isdigit((unsigned char)s.p[i - 1 - digits]))
		digits++;
	return digits > 0 && digits <= 2 && (digits == i || s.p[i - 1 - digits] == ' ') && i + 1 < s.n;
}

static bool ends_clause(struct span s, size_t i, bool url)
{
	char c = s.p[i];
	bool blank = i + 1 >= s.n || s.p[i + 1] == ' ' || s.p[i + 1] == '\t';
	if (url)
		return (c == ',' || c == ';') && blank;
	switch (c) {
	case ';':
		return true;
	case ',':
		return blank || !(i > 0 && isdigit((unsigned char)s.p[i - 1]) && isdigit((unsigned char)s.p[i + 1]));
	case ':':
	case '!':
	case '?':
		return blank;
	case '.':
		return blank && !is_ordinal(s, i);
	case '-':
		return blank && i > 0 && s.p[i - 1] == ' ';
	case '\xe2': /* – and — */
		return s.n - i >= 3 && s.p[i + 1] == '\x80' && (s.p[i + 2] == '\x93' || s.p[i + 2] == '\x94') && i > 0 && s.p[i - 1] == ' ';
	}
	return false;
}

bool next_clause(struct span *rest, struct span *clause)
{
	bool url = false;
	size_t i = 0;
	if (rest->n == 0)
		return false;
	for (; i < rest->n; i++) {
		if (rest->p[i] == ' ' || rest->p[i] == '\t')
			url = false;
		else if (rest->p[i] == ':' && i + 2 < rest->n && rest->p[i + 1] == '/' && rest->p[i + 2] == '/')
			url = true;
		if (ends_clause(*rest, i, url)) {
			i += rest->p[i] == '\xe2' ? 3 : 1;
			break;
		}
	}
	*clause = (struct span){rest->p, i};
	*rest = span_skip(*rest, i);
	return true;
}

/* ---- the note: what is left of a line, without the tags at its ends */
static bool is_mark(struct span word)
{
	if (memchr(word.p, '#', word.n) == NULL && eight_printable(word.p, word.n) == word.n)
		return false;
	struct arena arena = {0};
	struct strs tags = {0};
	struct span folded = said_fold(word, &arena);
	bool mark = span_eq(folded, STAR_MARK) || (memchr(folded.p, '#', folded.n) != NULL && word_tags(folded, &arena, &tags));
	arena_release(&arena);
	return mark;
}

static struct span without_marks(struct span s)
{
	for (;;) {
		s = span_trim(s);
		size_t n = 0;
		while (n < s.n && s.p[n] != ' ')
			n++;
		if (n == 0 || !is_mark((struct span){s.p, n}))
			break;
		s = span_skip(s, n);
	}
	for (;;) {
		s = span_trim(s);
		size_t i = s.n;
		while (i > 0 && s.p[i - 1] != ' ')
			i--;
		if (i == s.n || !is_mark((struct span){s.p + i, s.n - i}))
			break;
		s.n = i;
	}
	return s;
}

void note_add(struct str *note, struct span line)
{
	struct span s = without_marks(line);
	while (s.n > 0 && strchr(",;:- ", s.p[s.n - 1]) != NULL)
		s.n--;
	if (s.n >= 3 && memcmp(s.p + s.n - 3, "\xe2\x80\x93", 3) == 0)
		s = span_trim((struct span){s.p, s.n - 3});
	if (s.n >= 3 && memcmp(s.p + s.n - 3, "\xe2\x80\x94", 3) == 0)
		s = span_trim((struct span){s.p, s.n - 3});
	if (s.n == 0)
		return;
	if (note->n > 0)
		str_putc(note, '\n');
	str_span(note, s);
}
