#include "rules/eight.h"
#include "rules/said-parts.h"

static const struct {
	uint32_t from, to;
	const char *becomes;
} folds[] = {
	{0x01, 0x08, ""},        {0x00a0, 0x00a0, " "},   {0x00ad, 0x00ad, ""},    {0x2000, 0x200a, " "},   {0x200b, 0x200f, ""},
	{0x2010, 0x2015, "-"},   {0x2018, 0x201b, "'"},   {0x201c, 0x201f, "\""},  {0x2022, 0x2023, "- "},  {0x2026, 0x2026, "..."},
	{0x202a, 0x202e, ""},    {0x202f, 0x202f, " "},   {0x2032, 0x2032, "'"},   {0x205f, 0x205f, " "},   {0x2060, 0x2069, ""},
	{0x2192, 0x2192, " = "}, {0x2212, 0x2212, "-"},   {0x2605, 0x2606, " " STAR_MARK " "}, {0x2b50, 0x2b50, " " STAR_MARK " "},
	{0x3000, 0x3000, " "},   {0x3001, 0x3001, ", "},  {0x3002, 0x3002, ". "},  {0xfe0e, 0xfe0f, ""},    {0xfeff, 0xfeff, ""},
	{0x1f31f, 0x1f31f, " " STAR_MARK " "}, {0x1f3fb, 0x1f3ff, ""},
};

static bool is_picture(uint32_t c)
{
	return (c >= 0x2600 && c <= 0x27bf) || (c >= 0x1f000 && c <= 0x1faff);
}

static const char *fold_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
		if (c >= folds[i].from && c <= folds[i].to)
			return folds[i].becomes;
	return NULL;
}

struct span said_fold(struct span s, struct arena *arena)
{
	size_t as_it_is = eight_printable(s.p, s.n);
	if (as_it_is == s.n) {
		s = span_trim(s);
		return (struct span){arena_strndup(arena, s.p, s.n), s.n};
	}
	struct str out = {.max = s.n * 4 + 16};
	for (const char *p = s.p, *end = s.p + s.n; p < end; as_it_is = eight_printable(p, (size_t)(end - p))) {
		str_add(&out, p, as_it_is);
		const char *start = p += as_it_is;
		if (p == end)
			break;
		uint32_t c = utf8_next(&p, end);
		const char *becomes = fold_of(c);
		if (becomes != NULL)
			str_puts(&out, becomes);
		else if (c >= 0xff01 && c <= 0xff5e)
			str_putc(&out, (char)(c - 0xff01 + '!'));
		else if (is_picture(c))
			str_printf(&out, " %.*s ", (int)(p - start), start);
		else
			str_add(&out, start, (size_t)(p - start));
	}
	struct span folded = span_trim((struct span){str_c(&out), out.n});
	folded.p = arena_strndup(arena, folded.p, folded.n);
	str_release(&out);
	return folded;
}

static bool is_edge(char c)
{
	return c != '\0' && strchr("()[]{}<>\"'*_.,;:!?-", c) != NULL;
}

static struct span lowered(struct span s, struct arena *arena)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80 || (s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return span_of(utf8_lower(arena, s.p, s.n));
	return s;
}

void words_split(struct words *w, struct span s, struct arena *arena)
{
	w->n = 0;
	while (w->n < WORDS_MAX) {
		s = span_trim(s);
		if (s.n == 0)
			return;
		size_t n = 0;
		while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t' && s.p[n] != '\n' && s.p[n] != '\r')
			n++;
		struct word *word = &w->v[w->n++];
		word->raw = word->text = (struct span){s.p, n};
		while (word->text.n > 0 && is_edge(word->text.p[0]))
			word->text = span_skip(word->text, 1);
		while (word->text.n > 0 && is_edge(word->text.p[word->text.n - 1]))
			word->text.n--;
		word->low = lowered(word->text, arena);
		word->uses = word_uses(word->low);
		s = span_skip(s, n);
	}
}

bool word_is(const struct words *w, size_t i, const char *text)
{
	return i < w->n && word_same(w->v[i].low, text);
}

bool word_in(const struct words *w, size_t i, const char *const *list)
{
	for (; i < w->n && *list != NULL; list++)
		if (word_same(w->v[i].low, *list))
			return true;
	return false;
}

size_t phrase_at(const struct words *w, size_t i, const char *phrase)
{
	if (i >= w->n || w->v[i].low.n == 0 || w->v[i].low.p[0] != phrase[0])
		return 0;
	struct span rest = span_of(phrase), word;
	size_t n = 0;
	while (span_until(&rest, ' ', &word)) {
		if (i + n >= w->n || w->v[i + n].low.n != word.n || memcmp(w->v[i + n].low.p, word.p, word.n) != 0)
			return 0;
		n++;
	}
	return n;
}
