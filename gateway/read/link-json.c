#include "gateway/read/linkrules.h"

/* As much JSON (RFC 8259) as it takes to find one string; read loosely, since what carries it is cut and escaped freely. */

static void json_escape(struct span *in, struct str *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	char c = in->p[0], utf8[4];
	const char *known = c == '\0' ? NULL : strchr(from, c);
	*in = span_skip(*in, 1);
	if (c != 'u' || in->n < 4) {
		str_putc(out, known == NULL ? c : to[known - from]);
		return;
	}
	uint32_t code = 0;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(in->p[i]);
		code = code << 4 | (uint32_t)(digit < 0 ? 0 : digit);
	}
	*in = span_skip(*in, 4);
	str_add(out, utf8, utf8_put(utf8, code >= 0xd800 && code < 0xe000 ? 0xfffd : code));
}

/* The string that begins behind the quote at in->p[-1]; in then stands behind its end. */
static int json_string(struct span *in, struct str *out)
{
	while (in->n > 0) {
		char c = in->p[0];
		*in = span_skip(*in, 1);
		if (c == '"')
			return 0;
		if (c == '\\' && in->n > 0)
			json_escape(in, out);
		else
			str_putc(out, c);
	}
	return -1;
}

int link_json(struct span in, const char *key, struct str *out)
{
	while (in.n > 0) {
		bool quote = in.p[0] == '"';
		in = span_skip(in, 1);
		if (!quote)
			continue;
		size_t start = out->n;
		if (json_string(&in, out) < 0)
			return -1;
		bool named = span_eq_nocase((struct span){str_c(out) + start, out->n - start}, key);
		out->n = start;
		in = span_trim(in);
		if (!named || in.n == 0 || in.p[0] != ':')
			continue;
		in = span_trim(span_skip(in, 1));
		if (in.n > 0 && in.p[0] == '"') {
			in = span_skip(in, 1);
			return json_string(&in, out);
		}
	}
	return -1;
}
