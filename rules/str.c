#include "rules/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <wchar.h>
#include <wctype.h>

#include "rules/arena.h"

#define STR_MAX ((size_t)1 << 20)

struct span span_of(const char *s)
{
	return s == NULL ? (struct span){"", 0} : (struct span){s, strlen(s)};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s.p++, s.n--;
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool span_eq(struct span s, const char *with)
{
	return s.n == strlen(with) && memcmp(s.p, with, s.n) == 0;
}

bool span_eq_nocase(struct span s, const char *with)
{
	return s.n == strlen(with) && strncasecmp(s.p, with, s.n) == 0;
}

bool span_starts_nocase(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.n >= n && strncasecmp(s.p, prefix, n) == 0;
}

bool span_ends_nocase(struct span s, const char *suffix)
{
	size_t n = strlen(suffix);
	return s.n >= n && strncasecmp(s.p + s.n - n, suffix, n) == 0;
}

bool span_until(struct span *rest, char separator, struct span *piece)
{
	if (rest->n == 0)
		return false;
	const char *end = memchr(rest->p, separator, rest->n);
	size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
	*piece = (struct span){rest->p, n};
	*rest = span_skip(*rest, end == NULL ? n : n + 1);
	return true;
}

bool span_line(struct span *rest, struct span *line)
{
	if (!span_until(rest, '\n', line))
		return false;
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

void str_release(struct str *s)
{
	free(s->p);
	*s = (struct str){.max = s->max};
}

void str_clear(struct str *s)
{
	s->n = 0;
	s->cut = false;
	if (s->p != NULL)
		s->p[0] = '\0';
}

void str_add(struct str *s, const void *p, size_t n)
{
	size_t max = s->max == 0 ? STR_MAX : s->max;
	if (n > max - s->n) {
		n = max - s->n;
		s->cut = true;
	}
	if (s->n + n + 1 > s->cap) {
		size_t cap = s->cap == 0 ? 64 : s->cap;
		while (cap < s->n + n + 1)
			cap *= 2;
		char *grown = realloc(s->p, cap);
		if (grown == NULL) {
			fputs("plnpost: out of memory\n", stderr);
			abort();
		}
		s->p = grown;
		s->cap = cap;
	}
	if (n > 0)
		memcpy(s->p + s->n, p, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void str_puts(struct str *s, const char *text)
{
	if (text != NULL)
		str_add(s, text, strlen(text));
}

void str_putc(struct str *s, char c)
{
	if (s->n + 1 < s->cap && s->n < (s->max == 0 ? STR_MAX : s->max)) {
		s->p[s->n++] = c;
		s->p[s->n] = '\0';
		return;
	}
	str_add(s, &c, 1);
}

void str_span(struct str *s, struct span span)
{
	str_add(s, span.p, span.n);
}

void str_printf(struct str *s, const char *format, ...)
{
	char small[256];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (n < 0)
		abort();
	if ((size_t)n < sizeof small) {
		str_add(s, small, (size_t)n);
		return;
	}
	char *large = malloc((size_t)n + 1);
	if (large == NULL)
		abort();
	va_start(args, format);
	vsnprintf(large, (size_t)n + 1, format, args);
	va_end(args);
	str_add(s, large, (size_t)n);
	free(large);
}

const char *str_c(const struct str *s)
{
	return s->p == NULL ? "" : s->p;
}

void strs_add(struct strs *list, struct arena *arena, const char *s)
{
	*ARENA_PUSH(arena, list->v, list->n) = s;
}

bool strs_has_nocase(const struct strs *list, const char *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcasecmp(list->v[i], s) == 0)
			return true;
	return false;
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes of the code point at p, 0 when it is not UTF-8: too short, an overlong form, a surrogate, above U+10FFFF. */
static size_t utf8_decode(const char *p, const char *end, uint32_t *code)
{
	unsigned char first = (unsigned char)*p;
	size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	if (n == 0 || (size_t)(end - p) < n)
		return 0;
	uint32_t c = n < 2 ? first : first & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (!is_tail(p[i]))
			return 0;
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	}
	if ((n == 3 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))) || (n == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	*code = c;
	return n;
}

uint32_t utf8_next_long(const char **p, const char *end)
{
	uint32_t code = 0xfffd;
	size_t n = utf8_decode(*p, end, &code);
	*p += n == 0 ? 1 : n;
	return code;
}

size_t utf8_put(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(0xf0u << (4 - n) | c);
	return n;
}

bool utf8_valid(const char *p, size_t n)
{
	uint32_t code;
	for (const char *end = p + n; p < end;) {
		uint64_t eight;
		if (end - p >= 8 && (memcpy(&eight, p, 8), (eight & 0x8080808080808080u) == 0)) {
			p += 8; /* plain ASCII, most of what there is */
			continue;
		}
		unsigned char first = (unsigned char)*p;
		if (first < 0x80 || (first >= 0xc2 && first < 0xe0 && end - p >= 2 && is_tail(p[1]))) {
			p += first < 0x80 ? 1 : 2;
			continue;
		}
		if (first > 0xe0 && first < 0xed && end - p >= 3 && is_tail(p[1]) && is_tail(p[2])) {
			p += 3; /* the most of what is not ASCII: no overlong form, no surrogate begins like that */
			continue;
		}
		size_t step = utf8_decode(p, end, &code);
		if (step == 0)
			return false;
		p += step;
	}
	return true;
}

size_t utf8_length(const char *p, size_t n)
{
	size_t length = 0;
	for (const char *end = p + n; p < end; length++)
		utf8_next(&p, end);
	return length;
}

size_t utf8_columns(const char *p, size_t n)
{
	size_t columns = 0;
	for (const char *end = p + n; p < end;) {
		int width = wcwidth((wchar_t)utf8_next(&p, end));
		columns += width > 0 ? (size_t)width : 0;
	}
	return columns;
}

size_t utf8_prefix(const char *p, size_t n, size_t max)
{
	if (n <= max)
		return n;
	while (max > 0 && ((unsigned char)p[max] & 0xc0) == 0x80)
		max--;
	return max;
}

char *utf8_lower(struct arena *arena, const char *p, size_t n)
{
	char *out = arena_alloc(arena, n * 4 + 1); /* a lower case form may be longer than its upper case */
	size_t used = 0;
	for (const char *end = p + n; p < end;)
		used += utf8_put(out + used, (uint32_t)towlower((wint_t)utf8_next(&p, end)));
	return out;
}
