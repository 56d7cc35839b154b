#include <ctype.h>

#include "gateway/read/machine.h"

#define LOCAL_MAX 256
#define DOMAIN_MAX 253

/* Beyond ASCII only letters of alphabets (two bytes) may join: in Chinese or Japanese prose an address has no blanks around it.
 * An address that is not ASCII beside its '@' may hold anything. */
static bool is_foreign(unsigned char c, bool any)
{
	return c >= 0x80 && (any || c < 0xd8);
}

static bool is_local(char c)
{
	return isalnum((unsigned char)c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool is_domain(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '.' || c == '_';
}

/* Where the local part before the '@' begins; at itself when there is none. */
static size_t local_start(struct span text, size_t from, size_t at)
{
	size_t start = at;
	if (at > from + 1 && text.p[at - 1] == '"') { /* a quoted local part */
		for (size_t i = at - 1; i > from && at - i < LOCAL_MAX; i--)
			if (text.p[i - 1] == '"')
				return i - 1;
		return at;
	}
	bool any = at > from && (unsigned char)text.p[at - 1] >= 0x80;
	while (start > from && at - start < LOCAL_MAX && (is_local(text.p[start - 1]) || is_foreign((unsigned char)text.p[start - 1], any)))
		start--;
	while (start < at && ((unsigned char)text.p[start] & 0xc0) == 0x80) /* not in the middle of a letter */
		start++;
	while (start < at && (text.p[start] == '\'' || text.p[start] == '.' || text.p[start] == '=' || text.p[start] == '*'))
		start++;
	return start;
}

static size_t domain_end(struct span text, size_t at)
{
	size_t end = at + 1;
	if (end < text.n && text.p[end] == '[') {
		const char *close = memchr(text.p + end, ']', text.n - end < 64 ? text.n - end : 64);
		return close == NULL ? end : (size_t)(close - text.p) + 1;
	}
	bool any = end < text.n && (unsigned char)text.p[end] >= 0x80;
	while (end < text.n && end - at <= DOMAIN_MAX && (is_domain(text.p[end]) || is_foreign((unsigned char)text.p[end], any)))
		end++;
	end = at + 1 + utf8_prefix(text.p + at + 1, text.n - at - 1, end - at - 1);
	while (end > at + 1 && (text.p[end - 1] == '.' || text.p[end - 1] == '-' || text.p[end - 1] == '_'))
		end--;
	return end;
}

/* Part of a web address, or of a name with slashes? */
static bool is_inside_url(struct span local)
{
	return memchr(local.p, '/', local.n) != NULL || memchr(local.p, '?', local.n) != NULL;
}

bool address_next(struct span text, size_t *from, struct found_address *found)
{
	while (*from < text.n) {
		const char *sign = memchr(text.p + *from, '@', text.n - *from);
		if (sign == NULL)
			break;
		size_t at = (size_t)(sign - text.p), start = local_start(text, *from, at), end = domain_end(text, at);
		*from = end > at ? end : at + 1;
		struct span local = {text.p + start, at - start};
		if (start == at || end == at + 1 || is_inside_url(local))
			continue;
		*found = (struct found_address){{text.p + start, end - start}, start, end};
		return true;
	}
	*from = text.n;
	return false;
}

const char *found_lower(struct arena *arena, struct span address)
{
	return utf8_lower(arena, address.p, address.n);
}

struct span address_domain(struct span address)
{
	const char *at = memrchr(address.p, '@', address.n);
	return at == NULL ? (struct span){address.p, 0} : span_skip(address, (size_t)(at - address.p) + 1);
}
