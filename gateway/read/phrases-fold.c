#include <wctype.h>

#include "gateway/read/phrases.h"

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

static uint32_t plain_slowly(uint32_t c)
{
	for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
		if (c >= digits[i] && c < digits[i] + 10)
			return '0' + (c - digits[i]);
	switch (c) {
	case 0xff1a: case 0xfe55: case 0x2236: return ':';
	case 0x2018: case 0x2019: case 0x201b: case 0x2bc: case 0xb4: return '\'';
	case 0x201c: case 0x201d: case 0x201e: case 0xab: case 0xbb: case 0x300c: case 0x300d: return '"';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212: case 0x2500: case 0x2501: return '-';
	case 0xff0c: case 0x3001: return ',';
	case 0xff08: return '(';
	case 0xff09: return ')';
	}
	return (uint32_t)towlower((wint_t)c);
}

/* The letters of Europe from a table, Chinese characters and Hangul as they are. */
static uint32_t plain(uint32_t c)
{
	enum { KEPT = 0x600 };
	static uint16_t kept[KEPT]; /* 0 = not asked for yet */
	if ((c >= 0x3400 && c < 0xa000) || (c >= 0xac00 && c < 0xd7a4))
		return c;
	if (c >= KEPT)
		return plain_slowly(c);
	if (kept[c] == 0)
		kept[c] = (uint16_t)plain_slowly(c);
	return kept[c];
}

/* Bytes that stay, or become lower case, and what nearly every text consists of. */
static char plain_byte(char c)
{
	return c > ' ' && c < 0x7f ? c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c : '\0';
}

void folded_read(struct folded *f, struct span s)
{
	bool blank = false;
	f->n = 0;
	f->cut = false;
	for (const char *p = s.p, *end = s.p + s.n; p < end;) {
		const char *start = p;
		char low = plain_byte(*p);
		if (low != '\0' && !blank && f->n + 5 < FOLDED_MAX && (size_t)(p - s.p) <= UINT16_MAX) {
			f->at[f->n] = (uint16_t)(p++ - s.p);
			f->text[f->n++] = low;
			continue;
		}
		uint32_t c = utf8_next(&p, end);
		if (is_blank(c)) {
			blank = f->n > 0;
			continue;
		}
		if (is_invisible(c))
			continue;
		if (f->n + 5 >= FOLDED_MAX || (size_t)(start - s.p) > UINT16_MAX) {
			f->cut = true;
			break;
		}
		if (blank) {
			f->at[f->n] = (uint16_t)(start - s.p - 1);
			f->text[f->n++] = ' ';
		}
		blank = false;
		size_t n = utf8_put(f->text + f->n, plain(c));
		for (size_t i = 0; i < n; i++)
			f->at[f->n + i] = (uint16_t)(start - s.p);
		f->n += n;
	}
	f->at[f->n] = (uint16_t)(s.n < UINT16_MAX ? s.n : UINT16_MAX);
	f->text[f->n] = '\0';
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
