#include "gateway/read/mime-content.h"

#include <endian.h>
#include <stdlib.h>

/* uuencoded content begins after its "begin" line. */
static struct span after_begin(struct span in)
{
	struct span line;
	for (struct span rest = in; span_line(&rest, &line);)
		if (span_starts(line, "begin "))
			return rest;
	return in;
}

bool content_is_prose(struct span in)
{
	size_t blanks = 0, n = in.n < 4096 ? in.n : 4096;
	for (size_t i = 1; i + 1 < n; i++)
		blanks += in.p[i] == ' ' && in.p[i - 1] > ' ' && in.p[i + 1] > ' ';
	return n > 16 && blanks > n / 32;
}

/* A base64 text that was cut off: what its last characters, fewer than four, still hold. */
static size_t last_bytes(GMimeEncoding *state, char *out)
{
	int chars = abs(state->state);
	return chars < 2 || chars > 3 ? 0 : g_mime_encoding_step(state, "==", (size_t)(4 - chars), out);
}

/* The value of a hexadecimal digit and one more; 0 = it is none. */
static const unsigned char hex_digit[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
	['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
	['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

/* Quoted-printable as it should be, a run at a time; *in moves to the first "=" that is none, for GMime to mend. */
static size_t decode_quoted(struct span *in, char *out)
{
	const char *p = in->p, *end = p + in->n;
	char *to = out;
	while (p < end) {
		if (*p != '=') {
			const char *mark = memchr(p, '=', (size_t)(end - p));
			size_t run = (size_t)((mark == NULL ? end : mark) - p);
			memcpy(to, p, run);
			to += run;
			p += run;
			continue;
		}
		unsigned high = end - p > 2 ? hex_digit[(unsigned char)p[1]] : 0, low = high == 0 ? 0 : hex_digit[(unsigned char)p[2]];
		if (low != 0)
			*to++ = (char)((high - 1) << 4 | (low - 1));
		else if (!span_starts((struct span){p, (size_t)(end - p)}, "=\n") && !span_starts((struct span){p, (size_t)(end - p)}, "=\r\n"))
			break;
		p += low != 0 || p[1] == '\r' ? 3 : 2;
	}
	*in = (struct span){p, (size_t)(end - p)};
	return (size_t)(to - out);
}

/* The six bits of a character of base64; of what is none the upper bits are missing. */
#define S(value) ((uint64_t)1 << 32 | (value))
static const uint64_t sextets[256] = {
	['A'] = S(0), ['B'] = S(1), ['C'] = S(2), ['D'] = S(3), ['E'] = S(4), ['F'] = S(5), ['G'] = S(6), ['H'] = S(7), ['I'] = S(8),
	['J'] = S(9), ['K'] = S(10), ['L'] = S(11), ['M'] = S(12), ['N'] = S(13), ['O'] = S(14), ['P'] = S(15), ['Q'] = S(16), ['R'] = S(17),
	['S'] = S(18), ['T'] = S(19), ['U'] = S(20), ['V'] = S(21), ['W'] = S(22), ['X'] = S(23), ['Y'] = S(24), ['Z'] = S(25), ['a'] = S(26),
	['b'] = S(27), ['c'] = S(28), ['d'] = S(29), ['e'] = S(30), ['f'] = S(31), ['g'] = S(32), ['h'] = S(33), ['i'] = S(34), ['j'] = S(35),
	['k'] = S(36), ['l'] = S(37), ['m'] = S(38), ['n'] = S(39), ['o'] = S(40), ['p'] = S(41), ['q'] = S(42), ['r'] = S(43), ['s'] = S(44),
	['t'] = S(45), ['u'] = S(46), ['v'] = S(47), ['w'] = S(48), ['x'] = S(49), ['y'] = S(50), ['z'] = S(51), ['0'] = S(52), ['1'] = S(53),
	['2'] = S(54), ['3'] = S(55), ['4'] = S(56), ['5'] = S(57), ['6'] = S(58), ['7'] = S(59), ['8'] = S(60), ['9'] = S(61), ['+'] = S(62),
	['/'] = S(63),
};
#define FOUR_SEXTETS (S(0) << 18 | S(0) << 12 | S(0) << 6 | S(0))

/* Base64 as it should be, four characters at a time; *in moves to what is more than a line end: padding, or something for GMime to mend. */
static size_t decode_base64(struct span *in, char *out)
{
	const unsigned char *p = (const unsigned char *)in->p, *end = p + in->n;
	char *to = out;
	while (end - p >= 4) {
		uint64_t four = sextets[p[0]] << 18 | sextets[p[1]] << 12 | sextets[p[2]] << 6 | sextets[p[3]];
		if ((four & FOUR_SEXTETS) == FOUR_SEXTETS) {
			uint32_t bytes = htobe32((uint32_t)four << 8);
			memcpy(to, &bytes, sizeof bytes); /* a byte more than there is: out has room */
			to += 3;
			p += 4;
		} else if (p[0] == '\n' || (p[0] == '\r' && p[1] == '\n')) {
			p += p[0] == '\n' ? 1 : 2;
		} else {
			break;
		}
	}
	if (to > out) { /* padding that is too long eats into the group before it: GMime gets that one too */
		while (p[-1] == '\n' || p[-1] == '\r')
			p--;
		p -= 4, to -= 3;
	}
	*in = (struct span){(const char *)p, (size_t)(end - p)};
	return (size_t)(to - out);
}

/* What GMime need not look at. */
static size_t decode_plain(GMimeContentEncoding encoding, struct span *in, char *out)
{
	return encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ? decode_quoted(in, out) : encoding == GMIME_CONTENT_ENCODING_BASE64 ? decode_base64(in, out) : 0;
}

struct span content_decode(struct arena *arena, GMimeContentEncoding encoding, struct span in)
{
	GMimeEncoding state;
	switch (encoding) {
	case GMIME_CONTENT_ENCODING_UUENCODE:
		in = after_begin(in);
		break;
	case GMIME_CONTENT_ENCODING_BASE64:
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		break;
	case GMIME_CONTENT_ENCODING_DEFAULT:
	case GMIME_CONTENT_ENCODING_7BIT:
	case GMIME_CONTENT_ENCODING_8BIT:
	case GMIME_CONTENT_ENCODING_BINARY:
		return in;
	}
	g_mime_encoding_init_decode(&state, encoding);
	if (encoding == GMIME_CONTENT_ENCODING_UUENCODE)
		state.state |= GMIME_UUDECODE_STATE_BEGIN;
	char *out = arena_bytes(arena, g_mime_encoding_outlen(&state, in.n) + 16);
	size_t n = decode_plain(encoding, &in, out);
	n += g_mime_encoding_step(&state, in.p, in.n, out + n);
	if (encoding == GMIME_CONTENT_ENCODING_BASE64)
		n += last_bytes(&state, out + n);
	else
		n += g_mime_encoding_flush(&state, "", 0, out + n);
	return (struct span){out, n};
}

struct span content_with_footer(struct arena *arena, struct span in)
{
	const char *gap = memmem(in.p, in.n, "\n\n", 2);
	gap = gap != NULL ? gap : memmem(in.p, in.n, "\n\r\n", 3);
	struct span head = {in.p, gap == NULL ? 0 : (size_t)(gap - in.p)}, footer = span_skip(in, head.n);
	if (head.n < 4 || memchr(head.p, ' ', head.n) != NULL || !content_is_prose(footer))
		return (struct span){"", 0};
	struct span text = content_decode(arena, GMIME_CONTENT_ENCODING_BASE64, head);
	char *all = arena_bytes(arena, text.n + footer.n);
	memcpy(all, text.p, text.n);
	memcpy(all + text.n, footer.p, footer.n);
	return (struct span){all, text.n + footer.n};
}

/* Characters of the alphabet of base64; lanes of bytes, so that a compiler may count sixteen at once. */
static size_t base64_chars(const char *p, size_t n)
{
	enum { LANE = 64 };
	size_t chars = 0;
	while (n > 0) {
		unsigned char lane[LANE], sum = 0;
		size_t take = n < LANE ? n : LANE;
		memset(lane, 0, sizeof lane);
		memcpy(lane, p, take);
		for (size_t i = 0; i < LANE; i++) {
			unsigned char c = lane[i], letter = (unsigned char)((c | 0x20) - 'a'), digit = (unsigned char)(c - '0');
			sum = (unsigned char)(sum + ((letter < 26) | (digit < 10) | (c == '+') | (c == '/')));
		}
		chars += sum;
		p += take;
		n -= take;
	}
	return chars;
}

/* Only the end is decoded: there the padding is. */
size_t content_size(GMimeContentEncoding encoding, struct span in, struct arena *scratch)
{
	enum { TAIL = 256 };
	if (encoding != GMIME_CONTENT_ENCODING_BASE64 || in.n < 2 * TAIL)
		return content_decode(scratch, encoding, in).n;
	struct span head = {in.p, in.n - TAIL};
	if (memchr(head.p, '=', head.n) != NULL)
		return content_decode(scratch, encoding, in).n;
	size_t chars = base64_chars(head.p, head.n);
	for (; chars % 4 != 0 && head.n < in.n && in.p[head.n] != '='; head.n++)
		chars += base64_chars(in.p + head.n, 1);
	return chars % 4 == 0 ? chars / 4 * 3 + content_decode(scratch, encoding, span_skip(in, head.n)).n : content_decode(scratch, encoding, in).n;
}

/* ---- what a text says of itself */
const char *content_charset_named(struct arena *arena, struct span text)
{
	const char *head = arena_strndup(arena, text.p, text.n < 4096 ? text.n : 4096), *at = strcasestr(head, "charset=");
	at = at == NULL ? "" : at + strlen("charset=");
	at += strspn(at, "\"' ");
	size_t n = strcspn(at, "\"'>;/ \t\r\n");
	return n > 20 || strncasecmp(at, "utf", 3) == 0 ? "" : arena_strndup(arena, at, n);
}

const char *content_page_charset(struct arena *arena, struct span page)
{
	const char *head = arena_strndup(arena, page.p, page.n < 1024 ? page.n : 1024);
	return strcasestr(head, "<meta") == NULL ? "" : content_charset_named(arena, span_of(head));
}

struct span content_line_ends(struct arena *arena, struct span raw)
{
	if (raw.n == 0 || memchr(raw.p, '\n', raw.n) != NULL || memchr(raw.p, '\r', raw.n) == NULL)
		return raw;
	char *out = arena_strndup(arena, raw.p, raw.n);
	for (char *cr = out; (cr = memchr(cr, '\r', raw.n - (size_t)(cr - out))) != NULL;)
		*cr = '\n';
	return (struct span){out, raw.n};
}
