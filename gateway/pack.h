#ifndef GATEWAY_PACK_H
#define GATEWAY_PACK_H

#include <stdint.h>

#include "rules/arena.h"
#include "rules/str.h"

/* The byte form of what crosses a process border: little-endian integers, length-prefixed bytes. The reading side
 * trusts nothing: a length that does not fit, a string that is not UTF-8 or holds a NUL sets `bad`, and every later
 * get answers 0 or "". Check unpack_done() once at the end. */

void pack_u8(struct str *, unsigned value);
void pack_u32(struct str *, uint32_t value);
void pack_u64(struct str *, uint64_t value);
void pack_bytes(struct str *, const void *p, size_t n);
void pack_text(struct str *, const char *text); /* NULL stays NULL */
void pack_strs(struct str *, const struct strs *);

struct unpack {
	const unsigned char *p;
	size_t n;
	bool bad;
};

unsigned unpack_u8(struct unpack *);
uint32_t unpack_u32(struct unpack *);
uint64_t unpack_u64(struct unpack *);
struct span unpack_bytes(struct unpack *);                          /* points into the frame */
const char *unpack_text(struct unpack *, struct arena *);           /* a copy; NULL if NULL was packed */
struct strs unpack_strs(struct unpack *, struct arena *);             /* copies; none is NULL */
unsigned unpack_enum(struct unpack *, unsigned count);              /* u8 below count */
/* A count of things that each take at least `least` packed bytes: what could not fit is bad. */
size_t unpack_count(struct unpack *, size_t least);
bool unpack_done(const struct unpack *); /* nothing bad, nothing left over */

#endif
