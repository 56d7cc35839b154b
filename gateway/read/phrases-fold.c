#include <wctype.h>

#include "gateway/read/phrases.h"
#include "rules/eight.h"

/* ---- folding */
static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x202f || c == 0x3000 || (c >= 0x2000 && c <= 0x200a);
}

/* Direction marks, joiners, byte order marks, soft hyphens: there for the screen. */
static bool is_invisible(uint32_t c)
{
	return c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || c < ' ' || c == 0x7f;
}

/* The first of ten digits in the scripts that mail programs write dates with. */
static const uint32_t digits[] = {0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10};

static uint32_t plain_digit(uint32_t c) /* 0 = it is none of them */
{
	for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
		if (c >= digits[i] && c < digits[i] + 10)
			return '0' + (c - digits[i]);
	return 0;
}

static uint32_t plain_slowly(uint32_t c)
{
	if (plain_digit(c) != 0)
		return plain_digit(c);
	switch (c) {
	case 0xff1a: case 0xfe55: case 0x2236: case 0x17d6: return ':';
	case 0x2018: case 0x2019: case 0x201b: case 0x2bc: case 0xb4: return '\'';
	case 0x201c: case 0x201d: case 0x201e: case 0xab: case 0xbb: case 0x300c: case 0x300d: return '"';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212: case 0x2500: case 0x2501: return '-';
	case 0xff0c: case 0x3001: case 0x60c: return ',';
	case 0xff08: return '(';
	case 0xff09: return ')';
	}
	return (uint32_t)towlower((wint_t)c);
}

/* Surrogates: no text has them. */
enum { KEPT = 0x3400, BECOMES_BLANK = 0xd800, BECOMES_NOTHING = 0xd801 };

static uint32_t becomes_slowly(uint32_t c)
{
	return is_blank(c) ? BECOMES_BLANK : is_invisible(c) ? BECOMES_NOTHING : plain_slowly(c);
}

/* What a code point becomes: for most scripts from a table, Chinese characters and Hangul as they are. */
static uint32_t becomes(uint32_t c)
{
	static uint16_t kept[KEPT]; /* 0 = not asked for yet */
	if ((c >= KEPT && c < 0xa000) || (c >= 0xac00 && c < 0xd7a4))
		return c;
	if (c >= KEPT)
		return becomes_slowly(c);
	if (kept[c] == 0)
		kept[c] = (uint16_t)becomes_slowly(c);
	return kept[c];
}

/* Takes one code point; cut when there is no place for it. */
static void fold_one(struct folded *f, const char **p, const char *end)
{
	uint32_t c = becomes(utf8_next(p, end));
	if (c == BECOMES_BLANK)
		f->blank = f->n > 0;
	if (c == BECOMES_BLANK || c == BECOMES_NOTHING)
		return;
	f->cut = f->n + 5 >= FOLDED_MAX;
	if (f->cut)
		return;
	if (f->blank)
		f->text[f->n++] = ' ';
	f->blank = false;
	if (c < 0x80)
		f->text[f->n++] = (char)c;
	else
		f->n += utf8_put(f->text + f->n, c);
}

/* Eight bytes at a time, what nearly every text consists of: printable ASCII, no two blanks together. */
static const char *fold_ascii(struct folded *f, const char *p, const char *end)
{
	while (end - p >= EIGHT && f->n + EIGHT + 5 < FOLDED_MAX) {
		uint64_t w = eight_load(p), blanks = eight_between(w, ' ', ' ');
		bool first = (blanks & 0x80) != 0, last = blanks >> 63 != 0;
		if (eight_between(w, ' ', '~') != EIGHT_ALL || (blanks & blanks << 8) != 0 || (first && (f->blank || f->n == 0)))
			break;
		if (f->blank)
			f->text[f->n++] = ' ';
		eight_store(f->text + f->n, eight_lower(w));
		f->n += EIGHT - last;
		f->blank = last;
		p += EIGHT;
	}
	return p;
}

void folded_add(struct folded *f, struct span s)
{
	for (const char *p = s.p, *end = s.p + s.n; p < end && !f->cut;) {
		p = fold_ascii(f, p, end);
		for (int i = 0; i < EIGHT && p < end && !f->cut; i++)
			fold_one(f, &p, end);
	}
	f->text[f->n] = '\0';
}

void folded_start(struct folded *f)
{
	f->n = 0;
	f->cut = f->blank = false;
	f->text[0] = '\0';
}

void folded_read(struct folded *f, struct span s)
{
	folded_start(f);
	folded_add(f, s);
}

size_t folded_source(struct span s, size_t i)
{
	struct folded f;
	const char *p = s.p, *at = p, *end = p + s.n;
	folded_start(&f);
	while (f.n <= i && p < end && !f.cut) {
		at = p;
		fold_one(&f, &p, end);
	}
	if (f.n <= i)
		return s.n;
	bool blank = f.text[i] == ' '; /* came from the one before what stands here */
	return (size_t)(at - s.p) - blank;
}

static bool is_edge(char c)
{
	return c != '\0' && strchr(" -=_*~|#>[]", c) != NULL;
}

struct folded_core folded_core(const struct folded *f)
{
	struct folded_core core = {.text = {f->text, f->n}};
	struct span *s = &core.text;
	size_t before = 0, after = 0;
	for (; s->n > 0 && is_edge(*s->p); *s = span_skip(*s, 1))
		before += *s->p != ' ' && *s->p != '>' && *s->p != '|' && *s->p != '*';
	for (; s->n > 0 && (is_edge(s->p[s->n - 1]) || s->p[s->n - 1] == ':') && s->p[s->n - 1] != '>'; s->n--) {
		after += strchr(" :*|]", s->p[s->n - 1]) == NULL;
		core.colon = core.colon || s->p[s->n - 1] == ':';
	}
	core.dashed = before >= 2 && after >= 1;
	return core;
}

/* ---- what the text holds */
static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

bool folded_has_address(struct span s)
{
	for (const char *p = s.p, *end = s.p + s.n; (p = memchr(p, '@', (size_t)(end - p))) != NULL; p++)
		if (p > s.p && (is_word(p[-1]) || strchr("._-+\"=", p[-1]) != NULL) && p + 1 < end && is_word(p[1]))
			return true;
	return false;
}

struct number {
	unsigned value, digits;
	char before, after; /* the bytes around it */
};

static size_t numbers_of(struct span s, struct number *v, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < max;) {
		if (i + EIGHT <= s.n && eight_between(eight_load(s.p + i), '0', '9') == 0) {
			i += EIGHT;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9') {
			i++;
			continue;
		}
		v[n] = (struct number){.before = i > 0 ? s.p[i - 1] : ' '};
		for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			if (++v[n].digits < 6)
				v[n].value = v[n].value * 10 + (unsigned)(s.p[i] - '0');
		v[n++].after = i < s.n ? s.p[i] : ' ';
	}
	return n;
}

/* Whether a digit of any script stands at *p, which moves behind what stands there. */
static bool take_digit(const char **p, const char *end)
{
	unsigned char first = (unsigned char)**p;
	if (first < 0xd9) {
		++*p;
		return first >= '0' && first <= '9';
	}
	uint32_t c = utf8_next(p, end);
	return (c < 0x1000 || c >= 0xff10) && plain_digit(c) != 0;
}

/* A figure, or the byte that one of other scripts begins with. */
static bool eight_may_hold_digit(uint64_t w)
{
	if (eight_between(w, '0', '9') != 0)
		return true;
	bool ascii = (w & EIGHT_ALL) == 0;
	return !ascii && (eight_has(w, '\xd9') | eight_has(w, '\xdb') | eight_has(w, '\xe0') | eight_has(w, '\xef')) != 0;
}

bool may_hold_date(struct span s)
{
	unsigned numbers = 0;
	bool inside = false;
	for (const char *p = s.p, *end = s.p + s.n; p < end && numbers < 2;) {
		if (end - p >= EIGHT && !eight_may_hold_digit(eight_load(p))) {
			inside = false;
			p += EIGHT;
			continue;
		}
		for (int i = 0; i < EIGHT && p < end; i++) {
			bool digit = take_digit(&p, end);
			numbers += digit && !inside;
			inside = digit;
		}
	}
	return numbers > 1;
}

static bool is_year(const struct number *x)
{
	unsigned y = x->value; /* Gregorian, Persian and Arab, Thai */
	return x->digits == 4 && ((y >= 1970 && y <= 2099) || (y >= 1390 && y <= 1500) || (y >= 2513 && y <= 2642));
}

bool folded_has_date(struct span s)
{
	struct number v[24];
	size_t n = numbers_of(s, v, sizeof v / sizeof *v);
	bool year = false, day = false, time = false, triple = false;
	for (size_t i = 0; i < n; i++) {
		bool word = is_word(v[i].before) && is_word(v[i].after) && (unsigned char)v[i].before < 0x80;
		if (word)
			continue;
		year = year || is_year(&v[i]);
		day = day || (v[i].digits <= 2 && v[i].value >= 1 && v[i].value <= 31);
		bool next = i + 1 < n && v[i].after != ' ';
		time = time || (next && v[i].value < 25 && v[i].digits <= 2 && v[i + 1].digits == 2 && v[i + 1].value < 60 &&
		                strchr(":.h", v[i].after) != NULL && v[i + 1].before == v[i].after);
		triple = triple || (next && i + 2 < n && strchr("/.-", v[i].after) != NULL && v[i + 1].after == v[i].after &&
		                    v[i].digits <= 4 && v[i + 1].digits <= 2 && v[i + 2].digits <= 4 && v[i].digits + v[i + 2].digits >= 3);
	}
	return (year && day) || (triple && day) || (time && n >= 3);
}
