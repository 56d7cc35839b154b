#include <ctype.h>
#include <wctype.h>

#include "gateway/read/split.h"

/* What "On … wrote:" says of the mail below it: where its date ends and the name begins. */

/* An introduction as written and as compared. */
struct intro {
	struct span text;
	struct folded folded;
};

static struct span original(const struct intro *in, struct span folded)
{
	size_t from = (size_t)(folded.p - in->folded.text), to = from + folded.n;
	size_t a = folded_source(in->text, from), b = to < in->folded.n ? folded_source(in->text, to) : in->text.n;
	return b > a ? (struct span){in->text.p + a, b - a} : (struct span){0};
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the last number of a date or time ends: "12:46", "2021", "27." or "9h", but not the one of "Class 4b". */
static size_t numbers_end(struct span folded)
{
	size_t end = 0;
	for (size_t i = 0; i < folded.n;) {
		size_t from = i;
		while (i < folded.n && is_digit(folded.p[i]))
			i++;
		bool glued = i > from && i < folded.n && folded.p[i] >= 'a' && folded.p[i] <= 'z' && folded.p[i] != 'h' && (from == 0 || folded.p[from - 1] == ' ');
		if (i > from && !glued)
			end = i;
		i += i == from;
	}
	return end;
}

/* What stands between a time and a name: "AM", "CEST", "(GMT+2)", "Uhr", "г." and the small words of any language. */
static bool is_between(struct span word)
{
	static const char *const others[] = {"am", "pm", "a.m.", "p.m.", "uhr", "mez", "mesz", "msk", "wib", "utc", "gmt"};
	bool capitals = word.n == 2 || (word.n >= 3 && word.n <= 5 && word.p[word.n - 1] == 'T'); /* PG, SA; CEST, JST */
	for (size_t i = 0; i < word.n && capitals; i++)
		capitals = isupper((unsigned char)word.p[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (span_eq_nocase(word, others[i]))
			return true;
	if (capitals || span_starts(word, "GMT") || span_starts(word, "UTC") || strchr("([+-", *word.p) != NULL)
		return true;
	const char *p = word.p;
	uint32_t c = utf8_next(&p, word.p + word.n);
	return iswlower((wint_t)c) || c == 0x2013 || c == 0x2014;
}

static size_t comma_width(struct span s)
{
	static const char *const commas[] = {",", "，", "、", "،"};
	for (size_t i = 0; i < sizeof commas / sizeof *commas; i++)
		if (span_starts(s, commas[i]))
			return strlen(commas[i]);
	return 0;
}

static struct span without_commas(struct span s)
{
	for (;;) {
		size_t before = comma_width(s = span_trim(s)), after = 0;
		for (size_t n = 1; n <= 3 && n < s.n; n++)
			after = comma_width(span_skip(s, s.n - n)) == n ? n : after;
		if (before + after == 0)
			return s;
		s = span_skip(s, before);
		s.n -= after < s.n ? after : s.n;
	}
}

static struct span next_word(struct span s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] != ' ' && comma_width(span_skip(s, n)) == 0)
		n++;
	return (struct span){s.p, n};
}

/* Where the name begins in "28/10/2021 12:46 PM, John Doe": behind the first comma after the figures (which end at at),
 * else behind the words that go with them. */
static size_t name_start(struct span s, size_t at)
{
	for (size_t first = at; at > 0 && at < s.n;) {
		while (at < s.n && (s.p[at] == ' ' || s.p[at] == '.'))
			at++;
		struct span rest = span_skip(s, at), word = next_word(rest);
		size_t comma = comma_width(rest);
		if (comma > 0)
			return at + comma;
		if (word.n == 0) /* all of it is small: "ana press" */
			return first;
		if (!is_between(word))
			break;
		at += word.n;
	}
	return at;
}

/* The same for what a star stands for. */
static size_t hole_name(const struct intro *in, struct span folded)
{
	struct span hole = original(in, folded);
	const char *open = memchr(hole.p, '<', hole.n), *low = memchr(folded.p, '<', folded.n);
	size_t figures = numbers_end((struct span){folded.p, low == NULL ? folded.n : (size_t)(low - folded.p)});
	if (figures == 0)
		return 0;
	size_t at = original(in, (struct span){folded.p, figures}).n;
	return name_start((struct span){hole.p, open == NULL ? hole.n : (size_t)(open - hole.p)}, at);
}

static void fill_both(struct forwarded *f, struct span s, size_t name, struct arena *arena)
{
	s.n -= span_ends_nocase(s, " >>>") ? 4 : 0; /* GroupWise */
	const char *close = memrchr(s.p, '>', s.n);
	struct span date = span_trim((struct span){s.p, name});
	person_read(span_skip(s, name), arena, &f->from);
	if (date.n == 0 && close != NULL)
		date = span_trim(span_skip(s, (size_t)(close - s.p) + 1));
	date = without_commas(date);
	f->date = date.n == 0 ? NULL : arena_strndup(arena, date.p, date.n);
}

/* "uživatel „Ana Press“ <": the small words before a quoted name are none of it. */
static struct span from_quote(struct span s)
{
	static const char *const quotes[] = {"\"", "“", "„", "«", "「"};
	for (struct span rest = span_trim(s); rest.n > 0; rest = span_trim(rest)) {
		for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
			if (span_starts(rest, quotes[i]))
				return rest;
		struct span word = next_word(rest);
		const char *p = word.p;
		if (word.n == 0 || !iswlower((wint_t)utf8_next(&p, word.p + word.n)))
			break;
		rest = span_skip(rest, word.n);
	}
	return s;
}

void intro_fill(struct forwarded *f, const struct folded_intro *intro, struct arena *arena)
{
	struct span holes[4];
	struct intro in = {.text = intro->text};
	folded_read(&in.folded, in.text);
	struct span core = folded_core(&in.folded).text;
	int n = phrase_holes(PHRASE_INTRO, core, holes, 4);
	if (n <= 0) {
		holes[0] = core;
		n = 1;
	}
	for (int i = 0; i < n; i++) {
		struct span hole = original(&in, holes[i]);
		bool date = folded_has_date(holes[i]), address = folded_has_address(holes[i]);
		if (hole.n > 0 && date && (address || n == 1))
			fill_both(f, hole, hole_name(&in, holes[i]), arena);
		else if (hole.n > 0 && date)
			f->date = arena_strndup(arena, span_trim(hole).p, span_trim(hole).n);
		else if (span_trim(hole).n > 0 && (address || (*f->from.name == '\0' && *f->from.addr == '\0')))
			person_read(from_quote(hole), arena, &f->from);
	}
}
