#include "gateway/read/split.h"

enum { SEPARATOR_MAX = 4096, PHRASE_MAX = 80, DASHED_MAX = 250 }; /* between dashes a name and an address may stand */

/* "----- Words ----- From: …": the words between two runs of dashes, and what is behind them. */
static struct span between_dashes(const struct folded *f, struct span line, struct span *rest)
{
	struct span s = {f->text, f->n};
	while (s.n > 0 && strchr(" -=_*>|", *s.p) != NULL)
		s = span_skip(s, 1);
	const char *dashes = memmem(s.p, s.n, "--", 2);
	dashes = dashes == NULL ? memmem(s.p, s.n, "==", 2) : dashes;
	struct span words = {s.p, dashes == NULL ? s.n : (size_t)(dashes - s.p)};
	if (dashes == NULL)
		return words;
	size_t at = (size_t)(dashes - f->text);
	while (at < f->n && strchr("-= ", f->text[at]) != NULL)
		at++;
	*rest = at < f->n ? span_skip(line, folded_source(line, at)) : (struct span){0};
	return span_trim(words);
}

/* Cheap, since it is asked of every line: dashes of some kind in front, or a colon at the end. */
static bool may_separate(struct span text)
{
	bool dashes = strchr("-=_*#[~+", *text.p) != NULL || (unsigned char)*text.p == 0xe2;
	bool colon = text.p[text.n - 1] == ':' || (text.n > 3 && memcmp(text.p + text.n - 3, "：", 3) == 0);
	return dashes || (colon && text.n <= 2 * PHRASE_MAX);
}

void separator_read(const struct body_line *line, struct separator *sep)
{
	struct folded f;
	*sep = (struct separator){.kind = (line->marks & LINE_RULE) != 0 ? SEPARATOR_RULE : SEPARATOR_NONE};
	if (line->text.n == 0 || line->text.n > SEPARATOR_MAX)
		return;
	struct span text = span_trim(line->text);
	if (text.n == 0 || !may_separate(text))
		return;
	folded_read(&f, text);
	struct folded_core core = folded_core(&f);
	sep->dashed = core.dashed;
	sep->colon = core.colon;
	if (core.text.n == 0 && text.n >= 3)
		sep->kind = SEPARATOR_RULE;
	if (core.text.n == 0)
		return;
	bool led = f.n > 2 && strchr("-=_*", f.text[0]) != NULL && strchr("-=_*", f.text[1]) != NULL;
	struct span words = led ? between_dashes(&f, text, &sep->rest) : core.text;
	sep->dashed = sep->dashed || sep->rest.n > 0;
	if (!sep->dashed)
		words = core.text;
	if (words.n > (sep->dashed ? DASHED_MAX : PHRASE_MAX))
		return;
	if ((sep->languages = phrase_says(PHRASE_FORWARD, words)) != 0)
		sep->kind = SEPARATOR_FORWARD;
	else if ((sep->languages = phrase_says(PHRASE_ORIGINAL, words)) != 0)
		sep->kind = SEPARATOR_ORIGINAL;
	else if (phrase_is(PHRASE_ABOVE, words))
		sep->kind = SEPARATOR_ABOVE;
	else if (sep->dashed || (sep->colon && line_level(line) > 0))
		sep->kind = SEPARATOR_WORDS;
}
