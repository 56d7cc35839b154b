#ifndef GATEWAY_READ_PHRASES_AHEAD_H
#define GATEWAY_READ_PHRASES_AHEAD_H

#include "rules/eight.h"
#include "rules/str.h"

/* Several texts looked for at once, by their first eight bytes: two bytes of a text tell how far ahead the next of them can
 * end at the nearest (Wu and Manber 1994). Start with {0}. */
enum { AHEAD_MAX = 32, AHEAD_SLOTS = 1024 };
struct ahead {
	uint64_t first[AHEAD_MAX];
	size_t n;
	bool always; /* one is too short, or there are too many: anything may hold one */
	uint8_t nearer[AHEAD_SLOTS]; /* how much nearer than the farthest */
};

void ahead_add(struct ahead *, struct span text);
bool ahead_may(const struct ahead *, struct span); /* false: none of them is in there */

#endif
