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

bool html_aside_full(const struct html_aside *aside)
{
	return aside->n >= ASIDE_MAX;
}

bool html_aside_push(struct html_aside *aside, struct arena *arena, const struct html_piece *piece)
{
	if (html_aside_full(aside) && piece->is != PIECE_END)
		return false;
	*ARENA_PUSH(arena, aside->v, aside->n) = *piece;
	return true;
}

size_t html_aside_code(size_t which, char out[4])
{
	return utf8_put(out, FIRST + (uint32_t)which);
}

bool html_aside_worth(struct span s)
{
	return s.n >= LEAST && span_trim(s).n > 0;
}

/* ---- and back */
struct span html_aside_words(const struct html_piece *piece, struct arena *arena)
{
	struct span s = piece->words;
	const char *from = s.p, *end = s.p + s.n, *at = s.n == 0 || piece->is == PIECE_READ ? NULL : memchr(from, '&', s.n);
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

struct html_pieces html_aside_next(const struct html_aside *aside, struct span *text, struct html_piece *own)
{
	const char *at = aside->n == 0 ? NULL : *text->p == lead ? text->p : memchr(text->p, lead, text->n);
	if (at != NULL && at == text->p) {
		size_t which = (size_t)utf8_next(&at, text->p + text->n) - FIRST;
		const struct html_piece *piece = which < aside->n ? aside->v + which : own;
		*own = (struct html_piece){.is = PIECE_READ, .words = {text->p, (size_t)(at - text->p)}};
		*text = span_skip(*text, own->words.n);
		return (struct html_pieces){piece, piece->is == PIECE_START ? piece->end - which : 1};
	}
	*own = (struct html_piece){.is = PIECE_READ, .words = {text->p, at == NULL ? text->n : (size_t)(at - text->p)}}; /* what libxml2 has read itself */
	*text = span_skip(*text, own->words.n);
	return (struct html_pieces){own, 1};
}
