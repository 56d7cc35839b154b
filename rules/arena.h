#ifndef RULES_ARENA_H
#define RULES_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/* All memory of one unit of work (a mail, a letter, a command), freed together.
 * A chain of mallocs rather than one block, so that AddressSanitizer sees every overflow.
 * Out of memory ends the process: transactions make that safe. Start with {0}. */
struct arena {
	struct arena_piece *pieces;
	size_t bytes; /* handed out so far */
};

void *arena_alloc(struct arena *, size_t n); /* zeroed; n may be 0 */
void *arena_bytes(struct arena *, size_t n); /* not zeroed: for what is written over at once */
void *arena_grow(struct arena *, const void *old, size_t old_n, size_t n); /* a zero-filled copy; the old piece stays until release */
char *arena_strdup(struct arena *, const char *); /* NULL for NULL */
char *arena_strndup(struct arena *, const char *, size_t n);
char *arena_printf(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *, const char *format, va_list) __attribute__((format(printf, 2, 0)));
void arena_release(struct arena *); /* usable again afterwards */

/* Makes room for one more element in an arena array of *n elements whose capacity is a power of two. */
#define ARENA_PUSH(arena, v, n) \
	(((n) & ((n) - 1)) == 0 ? (void)((v) = arena_grow((arena), (v), (n) * sizeof *(v), ((n) ? (n) * 2 : 1) * sizeof *(v))) : (void)0, \
	 &(v)[(n)++])

#endif
