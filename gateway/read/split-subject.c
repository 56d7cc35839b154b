#include <ctype.h>

#include "gateway/read/split.h"

enum { PREFIX_MAX = 40, PREFIXES_MAX = 50 };

static const char *skip_blanks(const char *p)
{
	for (;;) {
		if (*p == ' ' || *p == '\t')
			p++;
		else if (strncmp(p, "\xc2\xa0", 2) == 0)
			p += 2;
		else if (strncmp(p, "\u3000", 3) == 0 || strncmp(p, "\ufeff", 3) == 0 || strncmp(p, "\u200e", 3) == 0 || strncmp(p, "\u200f", 3) == 0)
			p += 3;
		else
			return p;
	}
}

/* "RE", "Re[2]", "AW(3)" without its count. */
static struct span without_count(struct span word)
{
	word = span_trim(word);
	if (word.n > 2 && (word.p[word.n - 1] == ']' || word.p[word.n - 1] == ')')) {
		size_t n = word.n - 1;
		while (n > 0 && isdigit((unsigned char)word.p[n - 1]))
			n--;
		if (n > 1 && n < word.n - 1 && (word.p[n - 1] == '[' || word.p[n - 1] == '('))
			word.n = n - 1;
	}
	while (word.n > 1 && isdigit((unsigned char)word.p[word.n - 1])) /* "Re2:", "Re^2:" */
		word.n--;
	if (word.n > 1 && word.p[word.n - 1] == '^')
		word.n--;
	return span_trim(word);
}

/* The prefix at p; *after is set behind its colon. */
static enum subject_prefix prefix_at(const char *p, const char **after)
{
	size_t n = 0;
	while (n < PREFIX_MAX && p[n] != '\0' && p[n] != ':' && strncmp(p + n, "：", 3) != 0)
		n++;
	if (n == 0 || n == PREFIX_MAX || p[n] == '\0')
		return SUBJECT_PLAIN;
	struct span word = without_count((struct span){p, n});
	if (word.n == 1 && islower((unsigned char)*word.p)) /* "i: " is no Italian's forward */
		return SUBJECT_PLAIN;
	struct folded folded;
	folded_read(&folded, word);
	struct span text = {folded.text, folded.n};
	bool reply = phrase_is(PHRASE_RE, text), forward = phrase_is(PHRASE_FWD, text);
	*after = p + n + (p[n] == ':' ? 1 : 3);
	return reply && forward ? SUBJECT_EITHER : reply ? SUBJECT_REPLY : forward ? SUBJECT_FORWARD : SUBJECT_PLAIN;
}

/* "[External] FW: …": a mark before a prefix goes with it. */
static const char *skip_mark(const char *p)
{
	const char *close = *p == '[' ? strchr(p, ']') : NULL;
	return close == NULL || close - p > 60 ? p : skip_blanks(close + 1);
}

const char *subject_bare(const char *subject, enum subject_prefix *outermost)
{
	const char *p = skip_blanks(subject == NULL ? "" : subject), *after = p;
	enum subject_prefix first = SUBJECT_PLAIN;
	for (int i = 0; i < PREFIXES_MAX; i++) {
		const char *at = p;
		enum subject_prefix is = prefix_at(at, &after);
		if (is == SUBJECT_PLAIN)
			is = prefix_at(at = skip_mark(p), &after);
		if (is == SUBJECT_PLAIN)
			break;
		first = i == 0 ? is : first;
		p = skip_blanks(after);
	}
	if (outermost != NULL)
		*outermost = first;
	return p;
}
