#include "rules/str.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <wchar.h>
#include <wctype.h>

#include "rules/arena.h"
#include "rules/eight.h"

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

size_t span_count(struct span s, char c)
{
	size_t n = 0;
	const char *at;
	for (; s.n > 0 && (at = memchr(s.p, c, s.n)) != NULL; n++)
		s = span_skip(s, (size_t)(at - s.p) + 1);
	return n;
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

static size_t max_of(const struct str *s)
{
	return s->max == 0 ? STR_MAX : s->max;
}

/* Room for n bytes more and the NUL. */
static void grow(struct str *s, size_t n)
{
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

void str_reserve(struct str *s, size_t n)
{
	size_t room = max_of(s) - s->n;
	n = n < room ? n : room;
	if (s->n + n + 1 <= s->cap)
		return;
	grow(s, n);
	s->p[s->n] = '\0';
}

void str_add(struct str *s, const void *p, size_t n)
{
	size_t max = max_of(s);
	if (n > max - s->n) {
		n = max - s->n;
		s->cut = true;
	}
	if (s->n + n + 1 > s->cap)
		grow(s, n);
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

static uint32_t tail(char c)
{
	return (unsigned char)c & 0x3f;
}

/* Bytes of the code point at p, 0 when it is not UTF-8: too short, an overlong form, a surrogate, above U+10FFFF. */
static inline size_t utf8_decode(const char *p, const char *end, uint32_t *code)
{
	uint32_t first = (unsigned char)*p, c;
	size_t left = (size_t)(end - p);
	if (first < 0x80) {
		*code = first;
		return 1;
	}
	if (first < 0xe0) {
		if (first < 0xc2 || left < 2 || !is_tail(p[1]))
			return 0;
		*code = (first & 0x1f) << 6 | tail(p[1]);
		return 2;
	}
	if (left < 3 || !is_tail(p[1]) || !is_tail(p[2]))
		return 0;
	c = (first & 0x0f) << 12 | tail(p[1]) << 6 | tail(p[2]);
	if (first < 0xf0) {
		*code = c;
		return c < 0x800 || (c >= 0xd800 && c <= 0xdfff) ? 0 : 3;
	}
	if (first > 0xf4 || left < 4 || !is_tail(p[3]))
		return 0;
	c = (first & 0x07) << 18 | tail(p[1]) << 12 | tail(p[2]) << 6 | tail(p[3]);
	*code = c;
	return c < 0x10000 || c > 0x10ffff ? 0 : 4;
}

uint32_t utf8_next_long(const char **p, const char *end)
{
	uint32_t code;
	size_t n = utf8_decode(*p, end, &code);
	*p += n == 0 ? 1 : n;
	return n == 0 ? 0xfffd : code;
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

static inline size_t ascii_run(const char *p, size_t n)
{
	size_t i = 0;
	for (; i + 4 * EIGHT <= n; i += 4 * EIGHT)
		if (((eight_load(p + i) | eight_load(p + i + 8) | eight_load(p + i + 16) | eight_load(p + i + 24)) & EIGHT_ALL) != 0)
			break;
	for (; i + EIGHT <= n; i += EIGHT) {
		uint64_t high = eight_load(p + i) & EIGHT_ALL;
		if (high != 0)
			return i + (size_t)__builtin_ctzll(high) / 8;
	}
	while (i < n && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

size_t utf8_ascii(const char *p, size_t n)
{
	return ascii_run(p, n);
}

/* Of two bytes both are a code point: most of what is above ASCII in Europe. */
static bool is_two(const char *p)
{
	return (unsigned char)p[0] >= 0xc2 && (unsigned char)p[0] < 0xe0 && is_tail(p[1]);
}

/* Of four bytes the first three are a code point, and one that cannot be an overlong form or a surrogate: most of what is Chinese or Japanese. */
static bool is_three(const char *p)
{
	uint32_t four;
	memcpy(&four, p, sizeof four);
	return (four & htobe32(0xf0c0c000)) == htobe32(0xe0808000) && (unsigned char)*p != 0xe0 && (unsigned char)*p != 0xed;
}

bool utf8_valid(const char *p, size_t n)
{
	const char *end = p + n;
	uint32_t code;
	while ((p += ascii_run(p, (size_t)(end - p))) < end)
		do {
			size_t step = end - p < 4 ? utf8_decode(p, end, &code) : is_three(p) ? 3 : is_two(p) ? 2 : utf8_decode(p, end, &code);
			if (step == 0)
				return false;
			p += step;
		} while (p < end && (unsigned char)*p >= 0x80);
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
	size_t most = n + 3 * (n - utf8_ascii(p, n)); /* a lower case form may be longer than its upper case */
	char *out = arena_bytes(arena, most + 1);
	size_t used = 0;
	for (const char *end = p + n; p < end;) {
		unsigned char c = (unsigned char)*p;
		if (c < 0x80) {
			out[used++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
			p++;
		} else {
			used += utf8_put(out + used, (uint32_t)towlower((wint_t)utf8_next(&p, end)));
		}
	}
	out[used] = '\0';
	return out;
}
