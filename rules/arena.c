#include "rules/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_piece {
	struct arena_piece *next;
	max_align_t bytes[];
};

void *arena_alloc(struct arena *arena, size_t n)
{
	if (n > (size_t)1 << 40)
		abort();
	struct arena_piece *piece = calloc(1, sizeof *piece + n);
	if (piece == NULL) {
		fputs("plnpost: out of memory\n", stderr);
		abort();
	}
	piece->next = arena->pieces;
	arena->pieces = piece;
	arena->bytes += n;
	return piece->bytes;
}

void *arena_grow(struct arena *arena, const void *old, size_t old_n, size_t n)
{
	void *v = arena_alloc(arena, n);
	if (old_n > 0)
		memcpy(v, old, old_n < n ? old_n : n);
	return v;
}

char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_alloc(arena, n + 1);
	if (n > 0)
		memcpy(copy, s, n);
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
	char *s = arena_alloc(arena, (size_t)n + 1);
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
