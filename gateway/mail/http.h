#ifndef GATEWAY_MAIL_HTTP_H
#define GATEWAY_MAIL_HTTP_H

#include <sys/socket.h>

#include "rules/arena.h"
#include "rules/err.h"
#include "rules/str.h"

/* One GET by libcurl, towards a host that nobody vouches for: no cookies, no referrer, no proxy, no redirect followed (the
 * caller looks at each anew), and every address is looked at when it is dialled, so that no name can lead inside. */

#define HTTP_AGENT "plnpost" /* what robots.txt calls us (RFC 9309, 2.2.1) */

struct http_get {
	const char *url;      /* http or https */
	const char *type;     /* the media type that is wanted: a body of another is not read. NULL = any */
	size_t max;           /* bytes of body at most: the rest is not read */
	int64_t ms;           /* until all is there; connecting may take half of it */
	bool allow_loopback;  /* for tests with a server of their own */
	bool (*enough)(struct span body, size_t from); /* what came so far, new from there on: true = read no more. NULL */
};

struct http_page {
	long status;          /* 200, 404 … */
	const char *type;     /* Content-Type as sent; "" */
	const char *location; /* where a redirect leads, absolute; NULL */
	struct span body;     /* of status 200 only; as much as was read */
};

/* 0, or -1: no answer came. */
int http_get(const struct http_get *, struct arena *, struct http_page *, struct err *);

/* ---- http-address.c: global unicast only (IANA's special-purpose registries), IPv4 inside IPv6 looked at as IPv4, and no port
 * of another protocol. loopback: on any port as well. */
bool http_may_dial(const struct sockaddr *, socklen_t, bool loopback);

/* ---- http-never.c: a link that acts when it is opened, or that holds a key to something: NULL, or what it looks like.
 * path_and_query: "/a/b?c=d". */
const char *http_never(struct span path_and_query);

#endif
