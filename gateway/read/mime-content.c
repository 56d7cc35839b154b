#include "gateway/read/mime-content.h"

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

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Quoted-printable as it should be, a run at a time; *in moves to the first "=" that is none, for GMime to mend. */
static size_t decode_quoted(struct span *in, char *out)
{
	size_t n = 0;
	while (in->n > 0) {
		const char *mark = memchr(in->p, '=', in->n);
		size_t run = mark == NULL ? in->n : (size_t)(mark - in->p);
		memcpy(out + n, in->p, run);
		n += run;
		*in = span_skip(*in, run);
		int high = in->n > 2 ? hex(in->p[1]) : -1, low = high < 0 ? -1 : hex(in->p[2]);
		if (low >= 0)
			out[n++] = (char)(high << 4 | low);
		else if (!span_starts(*in, "=\n") && !span_starts(*in, "=\r\n"))
			break;
		*in = span_skip(*in, low >= 0 || in->p[1] == '\r' ? 3 : 2);
	}
	return n;
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
	char *out = arena_alloc(arena, g_mime_encoding_outlen(&state, in.n) + 16);
	size_t n = encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ? decode_quoted(&in, out) : 0;
	n += g_mime_encoding_step(&state, in.p, in.n, out + n);
	if (encoding == GMIME_CONTENT_ENCODING_BASE64)
		n += last_bytes(&state, out + n);
	else
		n += g_mime_encoding_flush(&state, "", 0, out + n);
	return (struct span){out, n};
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
