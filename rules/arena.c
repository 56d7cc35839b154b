#include "rules/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer every allocation is a piece of its own, so that each overflow is seen; else small ones share pieces. */
#ifdef __SANITIZE_ADDRESS__
enum { SHARED_LEAST = 0, SHARED_MOST = 0 };
#elif defined __has_feature
#if __has_feature(address_sanitizer)
enum { SHARED_LEAST = 0, SHARED_MOST = 0 };
#else
enum { SHARED_LEAST = 2048, SHARED_MOST = 65536 };
#endif
#else
enum { SHARED_LEAST = 2048, SHARED_MOST = 65536 };
#endif

struct arena_piece {
	struct arena_piece *next;
	size_t used, size;
	max_align_t bytes[];
};

static struct arena_piece *new_piece(struct arena *arena, size_t size)
{
	struct arena_piece *piece = malloc(sizeof *piece + size);
	if (piece == NULL) {
		fputs("plnpost: out of memory\n", stderr);
		abort();
	}
	piece->next = arena->pieces;
	piece->used = 0;
	piece->size = size;
	arena->pieces = piece;
	return piece;
}

/* The next shared piece is as large as all before it, up to the most: small arenas stay small. */
static size_t shared_size(const struct arena *arena, size_t n)
{
	size_t size = SHARED_LEAST + (arena->bytes > SHARED_MOST ? SHARED_MOST : arena->bytes);
	return n > size / 4 ? n : size;
}

void *arena_bytes(struct arena *arena, size_t n)
{
	if (n > (size_t)1 << 40)
		abort();
	size_t take = n < 1 ? 1 : n;
	if (SHARED_MOST > 0)
		take = (take + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	struct arena_piece *piece = arena->pieces;
	if (piece == NULL || piece->size - piece->used < take) {
		struct arena_piece *last = piece;
		piece = new_piece(arena, shared_size(arena, take));
		if (piece->size == take && last != NULL) { /* a large one must not hide the piece that still has room */
			arena->pieces = last;
			piece->next = last->next;
			last->next = piece;
		}
	}
	void *p = (char *)piece->bytes + piece->used;
	piece->used += take;
	arena->bytes += n;
	return p;
}

void *arena_alloc(struct arena *arena, size_t n)
{
	return memset(arena_bytes(arena, n), 0, n);
}

void *arena_grow(struct arena *arena, const void *old, size_t old_n, size_t n)
{
	size_t kept = old_n < n ? old_n : n;
	char *v = arena_bytes(arena, n);
	if (kept > 0)
		memcpy(v, old, kept);
	memset(v + kept, 0, n - kept);
	return v;
}

char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_bytes(arena, n + 1);
	if (n > 0)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return s == NULL ? NULL : arena_strndup(arena, s, strlen(s));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		abort();
	char *s = arena_bytes(arena, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, format, args);
	return s;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *s = arena_vprintf(arena, format, args);
	va_end(args);
	return s;
}

void arena_release(struct arena *arena)
{
	while (arena->pieces != NULL) {
		struct arena_piece *piece = arena->pieces;
		arena->pieces = piece->next;
		free(piece);
	}
	arena->bytes = 0;
}
