#include <arpa/inet.h>
#include <ctype.h>

#include "gateway/read/url.h"

/* Hosts as the WHATWG standard reads them (3.5): domain, IPv4 in its many number forms, IPv6. */

static bool forbidden(unsigned char c)
{
	return c <= ' ' || c == 0x7f || strchr("#%/:<>?@[\\]^|", c) != NULL;
}

/* One part of an IPv4 number: decimal, 0octal or 0xhex; -1 when it is none. */
static int64_t number(struct span s)
{
	int base = 10;
	if (s.n >= 2 && s.p[0] == '0') {
		base = (s.p[1] | 0x20) == 'x' ? 16 : 8;
		s = span_skip(s, base == 16 ? 2 : 1);
	}
	int64_t value = 0;
	for (size_t i = 0; i < s.n; i++) {
		int digit = hex_digit(s.p[i]);
		if (digit < 0 || digit >= base)
			return -1;
		value = value * base + digit;
		if (value > UINT32_MAX)
			value = (int64_t)UINT32_MAX + 1;
	}
	return value;
}

static bool ends_in_number(struct span host)
{
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	const char *dot = memrchr(host.p, '.', host.n);
	struct span last = dot == NULL ? host : span_skip(host, (size_t)(dot - host.p) + 1);
	if (last.n == 0)
		return false;
	size_t digits = 0;
	while (digits < last.n && isdigit((unsigned char)last.p[digits]))
		digits++;
	return digits == last.n || (span_starts_nocase(last, "0x") && number(last) >= 0);
}

static int put_ipv4(struct span host, struct str *out)
{
	int64_t v[4];
	size_t n = 0;
	struct span part;
	if (host.p[host.n - 1] == '.')
		host.n--;
	size_t dots_seen = 0;
	for (size_t i = 0; i < host.n; i++)
		dots_seen += host.p[i] == '.';
	if (host.n == 0 || host.p[host.n - 1] == '.' || dots_seen > 3)
		return -1;
	while (span_until(&host, '.', &part)) {
		v[n] = part.n == 0 ? -1 : number(part);
		if (v[n++] < 0)
			return -1;
	}
	uint64_t address = (uint64_t)v[n - 1];
	if (address >= (uint64_t)1 << (8 * (5 - n)))
		return -1;
	for (size_t i = 0; i + 1 < n; i++) {
		if (v[i] > 255)
			return -1;
		address += (uint64_t)v[i] << (8 * (3 - i));
	}
	str_printf(out, "%u.%u.%u.%u", (unsigned)(address >> 24), (unsigned)(address >> 16 & 255), (unsigned)(address >> 8 & 255),
	           (unsigned)(address & 255));
	return 0;
}

/* RFC 5952, but for IPv4 inside, which the standard writes in hex as well. */
static int put_ipv6(struct span host, struct str *out)
{
	char text[64];
	unsigned char b[16];
	if (host.n < 4 || host.n >= sizeof text || host.p[host.n - 1] != ']' || memchr(host.p, '\0', host.n) != NULL)
		return -1;
	memcpy(text, host.p + 1, host.n - 2);
	text[host.n - 2] = '\0';
	if (inet_pton(AF_INET6, text, b) != 1)
		return -1;
	int best = -1, best_n = 1;
	for (int i = 0, n; i < 8; i += n > 0 ? n : 1) {
		for (n = 0; i + n < 8 && b[2 * (i + n)] == 0 && b[2 * (i + n) + 1] == 0; n++)
			;
		if (n > best_n)
			best = i, best_n = n;
	}
	str_putc(out, '[');
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			str_puts(out, i == 0 ? "::" : ":");
			i += best_n - 1;
			continue;
		}
		str_printf(out, "%x%s", (unsigned)b[2 * i] << 8 | b[2 * i + 1], i < 7 ? ":" : "");
	}
	str_putc(out, ']');
	return 0;
}

static int put_domain(struct span host, struct str *out)
{
	size_t start = out->n;
	bool ascii = true;
	for (size_t i = 0; i < host.n; i++)
		ascii = ascii && (unsigned char)host.p[i] < 0x80;
	if (ascii)
		str_span(out, host);
	else if (!utf8_valid(host.p, host.n) || url_host_ascii(host, out) < 0)
		return -1;
	if (out->n == start || out->cut)
		return -1;
	for (size_t i = start; i < out->n; i++) {
		if (forbidden((unsigned char)out->p[i]))
			return -1;
		out->p[i] = (char)tolower((unsigned char)out->p[i]);
	}
	return 0;
}

/* Letters, digits, dots and hyphens, the last label without a digit: nothing to decode, and no number. */
static bool put_plain(struct span host, struct str *out)
{
	char room[256];
	bool letters = false, digits = false; /* in the last label */
	if (host.n > sizeof room)
		return false;
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i], low = (char)(c | 0x20);
		bool letter = low >= 'a' && low <= 'z', digit = c >= '0' && c <= '9';
		if (!letter && !digit && c != '.' && c != '-')
			return false;
		letters = c != '.' && (letters || letter);
		digits = c != '.' && (digits || digit);
		room[i] = letter ? low : c;
	}
	if (letters && !digits)
		str_add(out, room, host.n);
	return letters && !digits;
}

int url_host(struct span written, struct str *out)
{
	if (put_plain(written, out))
		return 0;
	if (written.n > 0 && written.p[0] == '[')
		return put_ipv6(written, out);
	struct str plain = {.max = URL_MAX}, domain = {.max = URL_MAX};
	url_decode(written, &plain);
	int result = put_domain((struct span){str_c(&plain), plain.n}, &domain);
	if (result == 0 && ends_in_number((struct span){domain.p, domain.n}))
		result = put_ipv4((struct span){domain.p, domain.n}, out);
	else if (result == 0)
		str_add(out, domain.p, domain.n);
	str_release(&plain);
	str_release(&domain);
	return result;
}
