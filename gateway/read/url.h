#ifndef GATEWAY_READ_URL_H
#define GATEWAY_READ_URL_H

#include "rules/str.h"

/* http and https links as a browser reads them (WHATWG URL Standard), on libcurl's parser: the text is brought into the
 * form on which both agree; where they would still go to different hosts, the link is refused. */

struct url { /* spans into the buffer that url_parse was given, named as in the standard */
	struct span href;
	struct span protocol; /* with its colon: "https:" */
	struct span userinfo; /* "user:pass", usually empty */
	struct span hostname; /* lower case, A-labels, IPv4 in dots, [IPv6] */
	struct span port;     /* empty = the protocol's own */
	struct span pathname; /* begins with '/' */
	struct span search;   /* with its '?', or empty */
	struct span hash;     /* with its '#', or empty */
};

enum url_form {
	URL_BROWSER, /* percent-encoded as a browser sends it */
	URL_KEEP     /* only blanks, controls and non-ASCII bytes are encoded: the rest stays as written */
};

#define URL_MAX ((size_t)64 << 10) /* longer texts are refused */

/* base: may be NULL; must not lie in buf. buf is cleared first. 0; or -1 with *why saying what is wrong (a constant). */
int url_parse(struct span text, const struct url *base, enum url_form, struct str *buf, struct url *out, const char **why);

/* ---- what needs no parser (url-plain.c). As url_parse with URL_KEEP and no base, appended to buf; false: ask the parser. */
bool url_plain(struct span text, struct str *buf, struct url *out);

/* ---- libcurl (url-curl.c). The host as libcurl would dial it: IDNA by its library. Appended to out; 0, or -1 when libcurl refuses it. */
int url_host_ascii(struct span host, struct str *out);
/* libcurl reads the same host out of text as hostname says, or refuses text altogether. */
bool url_agrees(struct span text, struct span hostname);

/* ---- hosts (url-host.c) as the standard reads them: appended to out; 0, or -1. */
int url_host(struct span written, struct str *out);

/* ---- escapes (url-encode.c). The standard's percent-encode sets, 1.3. */
enum url_set { URL_IN_FRAGMENT = 1, URL_IN_QUERY = 2, URL_IN_PATH = 4, URL_IN_USERINFO = 8, URL_IN_KEEP = 16 };
void url_encode(struct span, enum url_set, struct str *out);
/* Every %XX, everything else as it is. */
void url_decode(struct span, struct str *out);
/* As a part of a link would be decoded by the server that gets it: only escapes of letters, digits and -._~ go. */
bool url_unreserved(unsigned char c);
int hex_digit(char c); /* 0-15, -1 */

#endif
