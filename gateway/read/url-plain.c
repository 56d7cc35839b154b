#include "gateway/read/url.h"
#include "rules/eight.h"

/* Links as most are written: http(s)://host/… of printable ASCII, in which neither a browser nor libcurl has anything to change. */

#define HOST_MAX 256

/* Small letters, digits, dots and hyphens, the last label without a digit and a letter at its end: no number, nothing to decode.
 * Its length; 0 when it is anything else, or no '/' follows. */
static size_t plain_host(struct span rest)
{
	bool digits = false; /* in the last label */
	size_t n = 0;
	for (; n < rest.n && rest.p[n] != '/'; n++) {
		char c = rest.p[n];
		bool digit = c >= '0' && c <= '9';
		if (!digit && (c < 'a' || c > 'z') && c != '.' && c != '-')
			return 0;
		digits = c != '.' && (digits || digit);
	}
	bool letter = n > 0 && rest.p[n - 1] >= 'a' && rest.p[n - 1] <= 'z';
	return n < rest.n && n <= HOST_MAX && letter && !digits ? n : 0;
}

/* No segment that is "." or "..", also with its dots escaped. */
static bool is_plain_path(struct span path)
{
	for (const char *p = path.p, *end = path.p + path.n; (p = memchr(p, '/', (size_t)(end - p))) != NULL;)
		if (++p < end && (*p == '.' || *p == '%'))
			return false;
	return true;
}

/* What begins with the mark, off the end of *rest; empty when nothing is behind the mark. */
static struct span take_from(struct span *rest, char mark)
{
	const char *at = memchr(rest->p, mark, rest->n);
	struct span piece = span_skip(*rest, at == NULL ? rest->n : (size_t)(at - rest->p));
	rest->n -= piece.n;
	return piece.n > 1 ? piece : (struct span){piece.p, 0};
}

bool url_plain(struct span text, struct str *buf, struct url *out)
{
	size_t scheme = span_starts(text, "https://") ? 6 : span_starts(text, "http://") ? 5 : 0;
	size_t host = scheme == 0 ? 0 : plain_host(span_skip(text, scheme + 2));
	if (host == 0 || eight_printable(text.p, text.n) < text.n || memchr(text.p, ' ', text.n) != NULL || memchr(text.p, '\\', text.n) != NULL)
		return false;
	str_span(buf, text);
	struct span rest = {buf->p, buf->n};
	*out = (struct url){.href = rest, .protocol = {rest.p, scheme}, .userinfo.p = rest.p, .port.p = rest.p};
	rest = span_skip(rest, scheme + 2);
	out->hostname = (struct span){rest.p, host};
	rest = span_skip(rest, host);
	out->hash = take_from(&rest, '#');
	out->search = take_from(&rest, '?');
	out->pathname = rest;
	return !buf->cut && is_plain_path(rest);
}
