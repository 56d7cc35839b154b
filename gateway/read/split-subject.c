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

struct prefix {
	const char *after;       /* behind its colon */
	uint64_t reply, forward; /* the languages that say so */
};

static enum subject_prefix prefix_at(const char *p, struct prefix *prefix)
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
	*prefix = (struct prefix){p + n + (p[n] == ':' ? 1 : 3), phrase_says(PHRASE_RE, text), phrase_says(PHRASE_FWD, text)};
	if (prefix->reply != 0)
		return prefix->forward != 0 ? SUBJECT_EITHER : SUBJECT_REPLY;
	return prefix->forward != 0 ? SUBJECT_FORWARD : SUBJECT_PLAIN;
}

/* "[External] FW: …": a mark before a prefix goes with it. */
static const char *skip_mark(const char *p)
{
	const char *close = *p == '[' ? strchr(p, ']') : NULL;
	return close == NULL || close - p > 60 ? p : skip_blanks(close + 1);
}

/* The same, perhaps behind a mark. */
static enum subject_prefix next_prefix(const char *p, struct prefix *prefix)
{
	enum subject_prefix is = prefix_at(p, prefix);
	return is != SUBJECT_PLAIN ? is : prefix_at(skip_mark(p), prefix);
}

const char *subject_bare(const char *subject, enum subject_prefix *outermost)
{
	const char *p = skip_blanks(subject == NULL ? "" : subject);
	enum subject_prefix first = SUBJECT_PLAIN, is;
	struct prefix prefix;
	for (int i = 0; i < PREFIXES_MAX && (is = next_prefix(p, &prefix)) != SUBJECT_PLAIN; i++) {
		first = i == 0 ? is : first;
		p = skip_blanks(prefix.after);
	}
	if (outermost != NULL)
		*outermost = first;
	return p;
}

void subject_languages(const char *subject, uint64_t *reply, uint64_t *forward)
{
	struct prefix prefix = {0};
	next_prefix(skip_blanks(subject == NULL ? "" : subject), &prefix);
	*reply = prefix.reply;
	*forward = prefix.forward;
}

enum subject_prefix subject_either(const struct scan *scan, uint64_t languages)
{
	bool reply = (languages & scan->replies_in) != 0, forward = (languages & scan->forwards_in) != 0;
	return reply == forward ? SUBJECT_EITHER : reply ? SUBJECT_REPLY : SUBJECT_FORWARD;
}

/* A forward without a header has the subject of its mail, less the tags: those may be the sender's own. */
const char *subject_guess(const struct scan *scan)
{
	struct str s = {.max = 4096};
	struct span rest = span_of(scan->subject), word;
	while (span_until(&rest, ' ', &word)) {
		if (word.n == 0 || *word.p == '#' || span_starts(word, "＃"))
			continue;
		if (s.n > 0)
			str_putc(&s, ' ');
		str_span(&s, word);
	}
	const char *subject = s.n == 0 ? NULL : arena_strndup(scan->arena, str_c(&s), s.n);
	str_release(&s);
	return subject;
}
