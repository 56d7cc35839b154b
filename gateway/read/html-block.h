#ifndef GATEWAY_READ_HTML_BLOCK_H
#define GATEWAY_READ_HTML_BLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Sixteen bytes of a page at a time, where most blocks hold nothing that is looked for: comparisons tell of each byte. */

enum { BLOCK = 16 };
typedef unsigned char block __attribute__((vector_size(BLOCK)));

static inline block block_load(const char *p)
{
	block b;
	memcpy(&b, p, BLOCK);
	return b;
}

static inline bool block_any(block b)
{
	uint64_t half[2];
	memcpy(half, &b, BLOCK);
	return (half[0] | half[1]) != 0;
}

#endif
