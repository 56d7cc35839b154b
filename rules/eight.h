#ifndef RULES_EIGHT_H
#define RULES_EIGHT_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Eight bytes at a time, for texts that are mostly ASCII: the first byte is the lowest. */

enum { EIGHT = 8 };
#define EIGHT_OF(byte) (0x0101010101010101u * (uint64_t)(unsigned char)(byte))
#define EIGHT_ALL EIGHT_OF(0x80)

static inline uint64_t eight_load(const char *p)
{
	uint64_t w;
	memcpy(&w, p, EIGHT);
	return le64toh(w);
}

static inline void eight_store(char *p, uint64_t w)
{
	w = htole64(w);
	memcpy(p, &w, EIGHT);
}

/* The high bit of every byte that is ASCII and from low up to high; EIGHT_ALL: every byte is. */
static inline uint64_t eight_between(uint64_t w, char low, char high)
{
	uint64_t seven = w & ~EIGHT_ALL;
	return (seven + EIGHT_OF(0x80 - low)) & ~(seven + EIGHT_OF(0x7f - high)) & ~w & EIGHT_ALL;
}

/* Not 0 when one of the bytes is that one; which one is not told. */
static inline uint64_t eight_has(uint64_t w, char byte)
{
	uint64_t x = w ^ EIGHT_OF(byte);
	return (x - EIGHT_OF(1)) & ~x & EIGHT_ALL;
}

static inline uint64_t eight_lower(uint64_t w)
{
	return w | eight_between(w, 'A', 'Z') >> 2;
}

/* Of a text, for a table of this process alone: its bits depend on the machine. Secret seeds keep strangers from filling one slot. */
static inline uint64_t eight_hash(const char *p, size_t n, uint64_t seed)
{
	uint64_t hash = seed ^ n, last = 0;
	for (; n >= EIGHT; p += EIGHT, n -= EIGHT) {
		hash = (hash ^ eight_load(p)) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	memcpy(&last, p, n);
	hash = (hash ^ last) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

/* How many of n bytes are printable ASCII before the first that is not. */
static inline size_t eight_printable(const char *p, size_t n)
{
	size_t i = 0;
	while (i + EIGHT <= n && eight_between(eight_load(p + i), ' ', '~') == EIGHT_ALL)
		i += EIGHT;
	while (i < n && p[i] >= ' ' && p[i] <= '~')
		i++;
	return i;
}

#endif
