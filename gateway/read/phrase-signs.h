#ifndef GATEWAY_READ_PHRASE_SIGNS_H
#define GATEWAY_READ_PHRASE_SIGNS_H

#include "rules/str.h"

/* Tables of phrases that are asked at each byte of a text. What tells most phrases apart lies in a few bytes beside each other,
 * because waiting for memory is what such a search costs. */

struct phrase_sign {
	uint16_t next; /* phrase of the same first bytes, its number + 1; 0 = none */
	uint8_t n;     /* bytes that it has at least */
	char last;     /* the one at n - 1 */
};

static inline struct phrase_sign phrase_sign(struct span phrase, uint16_t next)
{
	uint8_t n = phrase.n > UINT8_MAX ? UINT8_MAX : (uint8_t)phrase.n;
	return (struct phrase_sign){next, n, n == 0 ? '\0' : phrase.p[n - 1]};
}

/* False: it does not stand there. */
static inline bool phrase_may(struct phrase_sign sign, struct span text, size_t at)
{
	return sign.n <= text.n - at && (sign.n == 0 || text.p[at + sign.n - 1] == sign.last);
}

static inline bool phrase_letter(char c)
{
	char low = (char)(c | 0x20);
	return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9');
}

/* Does a word begin where the phrase does, or end with it? Only asked of ASCII letters and digits. */
static inline bool phrase_begins(struct span text, size_t at)
{
	return at == 0 || !phrase_letter(text.p[at]) || !phrase_letter(text.p[at - 1]);
}

static inline bool phrase_ends(struct span text, size_t end)
{
	return end >= text.n || !phrase_letter(text.p[end - 1]) || !phrase_letter(text.p[end]);
}

#endif
