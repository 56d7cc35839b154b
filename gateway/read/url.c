#include "gateway/read/url.h"

#include <ctype.h>

/* ---- the text in its parts */
struct parts {
	bool https;
	struct span authority;
	struct span base_path; /* what the path is relative to, up to its last '/' */
	struct span path;
	bool has_query, has_fragment;
	struct span query, fragment;
	const struct url *base; /* host and all are taken from here */
};

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* Where pieces end, and what only looks like a part of a link. */
enum { STOP_SLASH = 1, STOP_TAIL = 2, STOP_COLON = 4, STOP_BRACKET = 8, STOP_BREAK = 16 };
static const unsigned char stops[256] = {
	['\0'] = STOP_SLASH | STOP_TAIL | STOP_COLON | STOP_BRACKET | STOP_BREAK, ['/'] = STOP_SLASH, ['\\'] = STOP_SLASH, ['?'] = STOP_TAIL,
	['#'] = STOP_TAIL, [':'] = STOP_COLON, [']'] = STOP_BRACKET, ['\t'] = STOP_BREAK, ['\n'] = STOP_BREAK, ['\r'] = STOP_BREAK,
};

static struct span take_until(struct span *rest, unsigned kinds)
{
	size_t n = 0;
	while (n < rest->n && (stops[(unsigned char)rest->p[n]] & kinds) == 0)
		n++;
	struct span piece = {rest->p, n};
	*rest = span_skip(*rest, n);
	return piece;
}

static void split_tail(struct span rest, struct parts *p)
{
	const char *hash = memchr(rest.p, '#', rest.n);
	if (hash != NULL) {
		p->has_fragment = true;
		p->fragment = span_skip(rest, (size_t)(hash - rest.p) + 1);
		rest.n = (size_t)(hash - rest.p);
	}
	const char *mark = memchr(rest.p, '?', rest.n);
	if (mark != NULL) {
		p->has_query = true;
		p->query = span_skip(rest, (size_t)(mark - rest.p) + 1);
		rest.n = (size_t)(mark - rest.p);
	}
	p->path = rest;
}

static void split_authority(struct span rest, struct parts *p)
{
	while (rest.n > 0 && is_slash(rest.p[0]))
		rest = span_skip(rest, 1);
	p->authority = take_until(&rest, STOP_SLASH | STOP_TAIL);
	split_tail(rest, p);
}

static struct span up_to_slash(struct span path)
{
	while (path.n > 0 && path.p[path.n - 1] != '/')
		path.n--;
	return path;
}

static void split_relative(struct span rest, const struct url *base, struct parts *p)
{
	if (rest.n > 1 && is_slash(rest.p[0]) && is_slash(rest.p[1])) {
		split_authority(rest, p);
		return;
	}
	p->base = base;
	split_tail(rest, p);
	if (p->path.n > 0) {
		p->base_path = is_slash(p->path.p[0]) ? (struct span){0} : up_to_slash(base->pathname);
		return;
	}
	p->path = base->pathname;
	if (!p->has_query && base->search.n > 0) {
		p->has_query = true;
		p->query = span_skip(base->search, 1);
	}
}

/* "scheme:" off the front; empty when the text has none. */
static struct span take_scheme(struct span *rest)
{
	size_t n = 0;
	while (n < rest->n && (isalpha((unsigned char)rest->p[n]) || (n > 0 && (isdigit((unsigned char)rest->p[n]) || strchr("+-.", rest->p[n])))))
		n++;
	if (n == 0 || n == rest->n || rest->p[n] != ':')
		return (struct span){0};
	struct span scheme = {rest->p, n};
	*rest = span_skip(*rest, n + 1);
	return scheme;
}

static int split(struct span text, const struct url *base, struct parts *p, const char **why)
{
	struct span scheme = take_scheme(&text);
	bool base_https = base != NULL && span_eq(base->protocol, "https:");
	p->https = scheme.n == 0 ? base_https : span_eq_nocase(scheme, "https");
	if (scheme.n == 0 && base == NULL)
		*why = "a relative link without a page that it is on";
	else if (scheme.n > 0 && !p->https && !span_eq_nocase(scheme, "http"))
		*why = "not an http or https link";
	else if (base != NULL && p->https == base_https && (scheme.n == 0 || !span_starts(text, "//")))
		split_relative(text, base, p);
	else
		split_authority(text, p);
	return *why == NULL ? 0 : -1;
}

/* ---- writing them in one form */
enum piece { PROTOCOL, USERINFO, HOSTNAME, PORT, PATHNAME, SEARCH, HASH, PIECES };

struct written { /* buf moves while it grows: pieces are places in it until the end */
	struct str *buf;
	struct {
		size_t from, n;
	} piece[PIECES];
};

static void mark(struct written *w, enum piece piece, size_t from)
{
	w->piece[piece].from = from;
	w->piece[piece].n = w->buf->n - from;
}

static struct span piece_span(const struct written *w, enum piece piece)
{
	return (struct span){w->buf->p + w->piece[piece].from, w->piece[piece].n};
}

static void put_userinfo(struct span userinfo, struct written *w)
{
	struct str *buf = w->buf;
	struct span name = take_until(&userinfo, STOP_COLON);
	struct span password = span_skip(userinfo, 1);
	if (name.n + password.n == 0)
		return;
	size_t start = buf->n;
	url_encode(name, URL_IN_USERINFO, buf);
	if (password.n > 0) {
		str_putc(buf, ':');
		url_encode(password, URL_IN_USERINFO, buf);
	}
	mark(w, USERINFO, start);
	str_putc(buf, '@');
}

static int put_port(struct span port, bool https, struct written *w)
{
	unsigned long value = 0;
	for (size_t i = 0; i < port.n; i++) {
		if (!isdigit((unsigned char)port.p[i]))
			return -1;
		value = value * 10 + (unsigned long)(port.p[i] - '0');
		if (value > 65535)
			return -1;
	}
	if (port.n == 0 || value == (https ? 443 : 80))
		return 0;
	size_t start = w->buf->n + 1;
	str_printf(w->buf, ":%lu", value);
	mark(w, PORT, start);
	return 0;
}

static int put_authority(struct parts *p, struct written *w, const char **why)
{
	struct span host = p->authority;
	const char *at = memrchr(host.p, '@', host.n);
	if (at != NULL) {
		put_userinfo((struct span){host.p, (size_t)(at - host.p)}, w);
		host = span_skip(host, (size_t)(at - host.p) + 1);
	}
	struct span port = host;
	if (host.n > 0 && host.p[0] == '[')
		take_until(&port, STOP_BRACKET);
	take_until(&port, STOP_COLON);
	host.n -= port.n;
	size_t start = w->buf->n;
	if (url_host(host, w->buf) < 0)
		return *why = "its host is no host name", -1;
	mark(w, HOSTNAME, start);
	if (put_port(span_skip(port, 1), p->https, w) < 0)
		return *why = "its port is no port number", -1;
	return 0;
}

static void put_base_authority(const struct url *base, struct written *w)
{
	struct str *buf = w->buf;
	size_t start = buf->n;
	str_span(buf, base->userinfo);
	mark(w, USERINFO, start);
	if (base->userinfo.n > 0)
		str_putc(buf, '@');
	start = buf->n;
	str_span(buf, base->hostname);
	mark(w, HOSTNAME, start);
	if (base->port.n == 0)
		return;
	str_putc(buf, ':');
	start = buf->n;
	str_span(buf, base->port);
	mark(w, PORT, start);
}

/* 1 for ".", 2 for "..", also with its dots escaped; else 0. */
static int dots(struct span s)
{
	int n = 0;
	while (s.n > 0 && n < 3) {
		bool escaped = s.n >= 3 && s.p[0] == '%' && s.p[1] == '2' && (s.p[2] | 0x20) == 'e';
		if (!escaped && s.p[0] != '.')
			return 0;
		s = span_skip(s, escaped ? 3 : 1);
		n++;
	}
	return n < 3 ? n : 0;
}

static void put_path(struct span base_path, struct span path, enum url_set set, struct written *w)
{
	struct str *buf = w->buf;
	size_t start = buf->n;
	str_span(buf, base_path);
	if (buf->n == start)
		str_putc(buf, '/');
	if (path.n > 0 && base_path.n == 0 && is_slash(path.p[0]))
		path = span_skip(path, 1);
	for (bool more = true; more;) {
		struct span segment = take_until(&path, STOP_SLASH);
		more = path.n > 0;
		path = span_skip(path, 1);
		int n = dots(segment);
		if (n == 0)
			url_encode(segment, set, buf);
		if (n == 2 && buf->n - start > 1) {
			buf->n--;
			while (buf->p[buf->n - 1] != '/')
				buf->n--;
		}
		if (n == 0 && more)
			str_putc(buf, '/');
	}
	mark(w, PATHNAME, start);
}

static void put_tail(const struct parts *p, enum url_form form, struct written *w)
{
	struct str *buf = w->buf;
	size_t start = buf->n;
	if (p->has_query) {
		str_putc(buf, '?');
		url_encode(p->query, form == URL_KEEP ? URL_IN_KEEP : URL_IN_QUERY, buf);
		if (buf->n > start + 1)
			mark(w, SEARCH, start);
	}
	start = buf->n;
	if (p->has_fragment) {
		str_putc(buf, '#');
		url_encode(p->fragment, form == URL_KEEP ? URL_IN_KEEP : URL_IN_FRAGMENT, buf);
		if (buf->n > start + 1)
			mark(w, HASH, start);
	}
}

static int put_all(struct parts *p, enum url_form form, struct str *buf, struct url *out, const char **why)
{
	struct written w = {.buf = buf};
	str_puts(buf, p->https ? "https:" : "http:");
	mark(&w, PROTOCOL, 0);
	str_puts(buf, "//");
	if (p->base != NULL)
		put_base_authority(p->base, &w);
	else if (put_authority(p, &w, why) < 0)
		return -1;
	put_path(p->base_path, p->path, form == URL_KEEP ? URL_IN_KEEP : URL_IN_PATH, &w);
	put_tail(p, form, &w);
	*out = (struct url){
		.href = {buf->p, buf->n},
		.protocol = piece_span(&w, PROTOCOL),
		.userinfo = piece_span(&w, USERINFO),
		.hostname = piece_span(&w, HOSTNAME),
		.port = piece_span(&w, PORT),
		.pathname = piece_span(&w, PATHNAME),
		.search = piece_span(&w, SEARCH),
		.hash = piece_span(&w, HASH),
	};
	return 0;
}

/* Letters, digits, dots and hyphens that do not end like a number, and no backslash: every parser agrees about such a host. */
static bool is_plain(struct span text, struct span authority)
{
	if (memchr(text.p, '\\', text.n) != NULL)
		return false;
	for (size_t i = 0; i < authority.n; i++)
		if (!isalnum((unsigned char)authority.p[i]) && authority.p[i] != '.' && authority.p[i] != '-')
			return false;
	return authority.n > 0 && isalpha((unsigned char)authority.p[authority.n - 1]);
}

static struct span strip(struct span text, struct str *room)
{
	while (text.n > 0 && (unsigned char)text.p[0] <= ' ')
		text = span_skip(text, 1);
	while (text.n > 0 && (unsigned char)text.p[text.n - 1] <= ' ')
		text.n--;
	struct span rest = text;
	take_until(&rest, STOP_BREAK);
	if (rest.n == 0)
		return text;
	for (rest = text; rest.n > 0; rest = span_skip(rest, 1))
		str_span(room, take_until(&rest, STOP_BREAK));
	return (struct span){str_c(room), room->n};
}

int url_parse(struct span text, const struct url *base, enum url_form form, struct str *buf, struct url *out, const char **why)
{
	const char *none;
	struct parts p = {.authority.p = "", .path.p = "", .base_path.p = ""};
	struct str room = {0};
	struct url u = {0};
	int result = -1;
	why = why == NULL ? &none : why;
	*why = NULL;
	str_clear(buf);
	if (text.n > URL_MAX) {
		*why = "too long for a link";
		return -1;
	}
	if (text.p == NULL)
		text.p = "";
	if (form == URL_KEEP && url_plain(text, buf, &u)) {
		*out = u;
		return 0;
	}
	str_clear(buf);
	struct span stripped = strip(text, &room);
	if (split(stripped, base, &p, why) < 0 || put_all(&p, form, buf, &u, why) < 0)
		goto out;
	if (buf->cut)
		*why = "too long for a link";
	else if (p.base == NULL && !is_plain(stripped, p.authority) && (!url_agrees(u.href, u.hostname) || !url_agrees(stripped, u.hostname)))
		*why = "a browser and libcurl would go to different hosts";
	else
		result = 0;
out:
	str_release(&room);
	if (result == 0)
		*out = u;
	return result;
}
