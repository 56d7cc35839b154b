#include <ctype.h>

#include "gateway/read/url.h"

/* Percent-encode sets of the standard, 1.3; below 0x21 and above 0x7e everything is encoded in each. */
static const unsigned char encoded[128] = {
	['"'] = URL_IN_FRAGMENT | URL_IN_QUERY | URL_IN_PATH | URL_IN_USERINFO,
	['<'] = URL_IN_FRAGMENT | URL_IN_QUERY | URL_IN_PATH | URL_IN_USERINFO,
	['>'] = URL_IN_FRAGMENT | URL_IN_QUERY | URL_IN_PATH | URL_IN_USERINFO,
	['`'] = URL_IN_FRAGMENT | URL_IN_PATH | URL_IN_USERINFO,
	['#'] = URL_IN_QUERY | URL_IN_PATH | URL_IN_USERINFO,
	['\''] = URL_IN_QUERY,
	['?'] = URL_IN_PATH | URL_IN_USERINFO,
	['^'] = URL_IN_PATH | URL_IN_USERINFO,
	['{'] = URL_IN_PATH | URL_IN_USERINFO,
	['}'] = URL_IN_PATH | URL_IN_USERINFO,
	['/'] = URL_IN_USERINFO, [':'] = URL_IN_USERINFO, [';'] = URL_IN_USERINFO, ['='] = URL_IN_USERINFO, ['@'] = URL_IN_USERINFO,
	['['] = URL_IN_USERINFO, ['\\'] = URL_IN_USERINFO, [']'] = URL_IN_USERINFO, ['|'] = URL_IN_USERINFO,
};

void url_encode(struct span s, enum url_set set, struct str *out)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c > 0x20 && c < 0x7f && !(encoded[c] & (unsigned)set))
			continue;
		str_add(out, s.p + from, i - from);
		str_add(out, (const char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
		from = i + 1;
	}
	str_add(out, s.p + from, s.n - from);
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void url_decode(struct span s, struct str *out)
{
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(s.p[i + 2]);
		str_putc(out, low < 0 ? s.p[i] : (char)(high << 4 | low));
		i += low < 0 ? 0 : 2;
	}
}

bool url_unreserved(unsigned char c)
{
	return c < 0x80 && (isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~');
}
