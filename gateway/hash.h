#ifndef GATEWAY_HASH_H
#define GATEWAY_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256 (FIPS 180-4) by nettle, random bits by the kernel. */
#define HASH_BYTES 32

void hash_bytes(uint8_t out[HASH_BYTES], const void *p, size_t n);
/* The hash of a mail's body: what stands behind the first empty line, line ends as they are. */
void hash_body(uint8_t out[HASH_BYTES], const char *raw, size_t n);
void hash_hex(char out[2 * HASH_BYTES + 1], const uint8_t hash[HASH_BYTES]);

#define TOKEN_CHARS 32 /* 128 random bits in lower-case hex: a mail address may fold case */
void token_new(char out[TOKEN_CHARS + 1]);

#endif
