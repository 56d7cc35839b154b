#include "gateway/hash.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void hash_bytes(uint8_t out[HASH_BYTES], const void *p, size_t n)
{
	struct sha256_ctx ctx;
	sha256_init(&ctx);
	sha256_update(&ctx, n, p);
	sha256_digest(&ctx, HASH_BYTES, out);
}

void hash_body(uint8_t out[HASH_BYTES], const char *raw, size_t n)
{
	const char *end = raw + n, *body = end;
	for (const char *p = raw; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL;) {
		p++;
		size_t empty = p < end && *p == '\n' ? 1 : end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
		if (empty > 0) {
			body = p + empty;
			break;
		}
	}
	hash_bytes(out, body, (size_t)(end - body));
}

static void to_hex(char *out, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

void hash_hex(char out[2 * HASH_BYTES + 1], const uint8_t hash[HASH_BYTES])
{
	to_hex(out, hash, HASH_BYTES);
}

void token_new(char out[TOKEN_CHARS + 1])
{
	uint8_t bits[TOKEN_CHARS / 2];
	if (getrandom(bits, sizeof bits, 0) != (ssize_t)sizeof bits) {
		fputs("plnpost: no random numbers from the kernel\n", stderr);
		abort();
	}
	to_hex(out, bits, sizeof bits);
}
