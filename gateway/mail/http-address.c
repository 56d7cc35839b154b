#include <netinet/in.h>

#include "gateway/mail/http.h"

/* Which addresses belong to the public network: the IANA special-purpose address registries (RFC 6890 and later). */

struct prefix {
	uint8_t bytes[16];
	uint8_t bits;
};

static const struct prefix not_public_4[] = {
	{{0}, 8},              /* this network */
	{{10}, 8},             /* private, RFC 1918 */
	{{100, 64}, 10},       /* shared by carriers, RFC 6598 */
	{{127}, 8},            /* loopback */
	{{169, 254}, 16},      /* link-local: the clouds' metadata services too */
	{{172, 16}, 12},       /* private */
	{{192, 0, 0}, 24},     /* protocol assignments */
	{{192, 0, 2}, 24},     /* documentation */
	{{192, 31, 196}, 24},  /* AS112 */
	{{192, 52, 193}, 24},  /* AMT */
	{{192, 88, 99}, 24},   /* 6to4 relays */
	{{192, 168}, 16},      /* private */
	{{192, 175, 48}, 24},  /* AS112 */
	{{198, 18}, 15},       /* benchmarks */
	{{198, 51, 100}, 24},  /* documentation */
	{{203, 0, 113}, 24},   /* documentation */
	{{224}, 4},            /* multicast */
	{{240}, 4},            /* reserved, broadcast */
};

static const struct prefix public_6 = {{0x20}, 3};
static const struct prefix not_public_6[] = {
	{{0x20, 0x01}, 23},                   /* protocol assignments: Teredo, ORCHID, benchmarks */
	{{0x20, 0x01, 0x0d, 0xb8}, 32},       /* documentation */
	{{0x26, 0x20, 0, 0x4f, 0x80}, 48},    /* AS112 */
	{{0x3f, 0xff}, 20},                   /* documentation, RFC 9637 */
};

/* An IPv4 address stands inside these, behind so many bytes: it is the one that is reached. */
static const struct {
	struct prefix prefix;
	size_t at;
} holds_4[] = {
	{{{[10] = 0xff, [11] = 0xff}, 96}, 12},       /* mapped */
	{{{0, 0x64, 0xff, 0x9b}, 96}, 12},            /* NAT64, RFC 6052 */
	{{{0x20, 0x02}, 16}, 2},                      /* 6to4, RFC 3056 */
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool is_in(const uint8_t *address, const struct prefix *p)
{
	size_t whole = p->bits / 8, rest = p->bits % 8;
	if (memcmp(address, p->bytes, whole) != 0)
		return false;
	return rest == 0 || ((address[whole] ^ p->bytes[whole]) >> (8 - rest)) == 0;
}

static bool is_in_any(const uint8_t *address, const struct prefix *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_in(address, &table[i]))
			return true;
	return false;
}

static bool is_public_4(const uint8_t *address)
{
	return !is_in_any(address, not_public_4, COUNT(not_public_4));
}

static bool is_public_6(const uint8_t *address)
{
	for (size_t i = 0; i < COUNT(holds_4); i++)
		if (is_in(address, &holds_4[i].prefix))
			return is_public_4(address + holds_4[i].at);
	return is_in(address, &public_6) && !is_in_any(address, not_public_6, COUNT(not_public_6));
}

/* Below 1024 lie services that would take a request for something else. */
static bool is_web_port(unsigned port)
{
	return port == 80 || port == 443 || port >= 1024;
}

bool http_may_dial(const struct sockaddr *to, socklen_t n, bool loopback)
{
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} a;
	if (n > sizeof a || n < sizeof a.in)
		return false;
	memcpy(&a, to, n);
	if (to->sa_family == AF_INET) {
		uint8_t bytes[4];
		memcpy(bytes, &a.in.sin_addr, sizeof bytes);
		return (loopback && bytes[0] == 127) || (is_public_4(bytes) && is_web_port(ntohs(a.in.sin_port)));
	}
	if (to->sa_family != AF_INET6 || n < sizeof a.in6)
		return false;
	const uint8_t *bytes = a.in6.sin6_addr.s6_addr;
	return (loopback && IN6_IS_ADDR_LOOPBACK(&a.in6.sin6_addr)) || (is_public_6(bytes) && is_web_port(ntohs(a.in6.sin6_port)));
}
