#include <stdlib.h>

#include "gateway/read/html-tame.h"

/* libxml2 spends some 150 instructions on each character. Words, and the addresses of links and images, say nothing about
 * the structure of a page: they lie aside while it reads the rest. One code point of plane 15 stands for each, which libxml2
 * takes for a letter like others; it goes on to decide which element each belongs to, and whether it is shown at all. */
enum { FIRST = 0xf0000, ASIDE_MAX = 0x10000, LEAST = 8, LEAD_FIRST = 0xc0000 };
static const char lead = '\xf3'; /* of every code point from FIRST on, until ASIDE_MAX more; and of planes 12 to 14, from LEAD_FIRST on */

/* Most control characters: libxml2 drops them from words. */
static bool is_dropped(unsigned char c)
{
	return c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

static bool has_dropped(struct span s)
{
	enum { BLOCK = 64 }; /* so that compilers look at many bytes at once */
	size_t i = 0, found = 0;
	for (; s.n - i >= BLOCK && found == 0; i += BLOCK) {
		unsigned char any = 0;
		for (size_t k = 0; k < BLOCK; k++)
			any |= is_dropped((unsigned char)s.p[i + k]);
		found += any;
	}
	for (; i < s.n; i++)
		found += is_dropped((unsigned char)s.p[i]);
	return found > 0;
}

/* U+FFFE or U+FFFF: behind one in a tag libxml2 tells of no more words. */
static bool has_noncharacter(struct span s)
{
	for (const char *p = s.p, *end = s.p + s.n; (p = memchr(p, '\xef', (size_t)(end - p))) != NULL; p++)
		if (end - p >= 3 && p[1] == '\xbf' && (unsigned char)p[2] >= 0xbe)
			return true;
	return false;
}

/* A page that has such code points of its own, by a character reference too, is read the long way. */
bool html_aside_can(struct span html)
{
	return html.n > 0 && memchr(html.p, lead, html.n) == NULL && !has_noncharacter(html) && !has_dropped(html);
}

bool html_aside_forged(struct span tamed)
{
	const char *p = tamed.p, *end = tamed.p + tamed.n; /* a NUL stands there */
	while ((p = memchr(p, '&', (size_t)(end - p))) != NULL) {
		p++;
		bool hex = p[0] == '#' && (p[1] | 0x20) == 'x';
		if (p[0] == '#' && strtoul(p + 1 + hex, NULL, hex ? 16 : 10) >= LEAD_FIRST)
			return true;
	}
	return false;
}

/* ---- what may lie aside */
static const struct reference { /* whatever stands around it, libxml2 reads it as this */
	const char *name, *means;
	size_t n;
} references[] = {{"&amp;", "&", 1}, {"&nbsp;", "\xc2\xa0", 2}};

static const struct reference *reference_at(struct span s)
{
	for (size_t i = 0; i < sizeof references / sizeof *references; i++)
		if (span_starts(s, references[i].name))
			return &references[i];
	return NULL;
}

size_t html_aside_run(struct span s)
{
	const char *p = s.p, *end = s.p + s.n;
	const struct reference *reference;
	while ((p = memchr(p, '&', (size_t)(end - p))) != NULL && (reference = reference_at((struct span){p, (size_t)(end - p)})) != NULL)
		p += strlen(reference->name);
	return p == NULL ? s.n : (size_t)(p - s.p);
}

bool html_aside_ends(struct span tamed)
{
	return tamed.n >= 4 && tamed.p[tamed.n - 4] == lead;
}

size_t html_aside_put_element(struct html_aside *aside, struct arena *arena, const struct html_piece *piece, char out[4])
{
	if (aside->n == ASIDE_MAX)
		return 0;
	*ARENA_PUSH(arena, aside->v, aside->n) = *piece;
	return utf8_put(out, FIRST + (uint32_t)aside->n - 1);
}

size_t html_aside_put(struct html_aside *aside, struct arena *arena, struct span s, char out[4])
{
	if (s.n < LEAST || span_trim(s).n == 0)
		return 0;
	return html_aside_put_element(aside, arena, &(struct html_piece){.words = s}, out);
}

/* ---- and back */
static struct span decoded(struct span s, struct arena *arena)
{
	const char *from = s.p, *end = s.p + s.n, *at = s.n == 0 ? NULL : memchr(from, '&', s.n);
	if (at == NULL)
		return s;
	char *out = arena_alloc(arena, s.n), *to = out;
	for (; at != NULL; at = memchr(from, '&', (size_t)(end - from))) {
		const struct reference *reference = reference_at((struct span){at, (size_t)(end - at)});
		to = mempcpy(mempcpy(to, from, (size_t)(at - from)), reference->means, reference->n);
		from = at + strlen(reference->name);
	}
	to = mempcpy(to, from, (size_t)(end - from));
	return (struct span){out, (size_t)(to - out)};
}

struct html_piece html_aside_next(const struct html_aside *aside, struct arena *arena, struct span *text)
{
	const char *at = aside->n == 0 ? NULL : *text->p == lead ? text->p : memchr(text->p, lead, text->n);
	struct html_piece piece = {.words = {text->p, at == NULL ? text->n : (size_t)(at - text->p)}};
	if (at != text->p) {
		*text = span_skip(*text, piece.words.n); /* what libxml2 has read itself */
		return piece;
	}
	const char *after = at;
	size_t which = (size_t)utf8_next(&after, at + text->n) - FIRST;
	*text = span_skip(*text, (size_t)(after - at));
	if (which >= aside->n)
		return (struct html_piece){.words = {at, (size_t)(after - at)}};
	piece = aside->v[which];
	piece.words = decoded(piece.words, arena);
	piece.href = decoded(piece.href, arena);
	return piece;
}
