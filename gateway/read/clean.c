#include "gateway/read/linkrules.h"

/* Links without what tells who clicked, and one form for all links to the same page. */

#define CLEAN_RULES 16

struct applying {
	const struct link_rule *v[CLEAN_RULES];
	size_t n;
};

static bool applies(void *ctx, const struct link_rule *rule)
{
	struct applying *a = ctx;
	a->v[a->n++] = rule;
	return a->n == CLEAN_RULES;
}

static bool dropped(const struct linkrules *rules, const struct applying *a, struct span written)
{
	char room[64]; /* "utm%5Fsource" is one too; no name of a rule is that long */
	struct span name = written;
	if (written.n < sizeof room && memchr(written.p, '%', written.n) != NULL) {
		struct str plain = {.max = sizeof room - 1};
		url_decode(written, &plain);
		memcpy(room, str_c(&plain), plain.n);
		name = (struct span){room, plain.n};
		str_release(&plain);
	}
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i]->keep.n > 0 && glob_any(&a->v[i]->keep, name))
			return false;
	return linkrules_drops(rules, a->v, a->n, name);
}

static void put_path(const struct applying *a, struct span path, struct str *out)
{
	for (size_t at = 1; at < path.n; at++) {
		if (path.p[at] != '/')
			continue;
		for (size_t i = 0; i < a->n; i++)
			if (glob_any(&a->v[i]->cut, span_skip(path, at))) {
				str_add(out, path.p, at);
				return;
			}
	}
	str_span(out, path);
}

static void put_query(const struct linkrules *rules, const struct applying *a, struct span search, struct str *out)
{
	struct span rest = span_skip(search, 1);
	struct param p;
	char join = '?';
	size_t start = out->n;
	bool any = false;
	while (param_next(&rest, &p)) {
		if (p.name.n > 0 && dropped(rules, a, p.name)) {
			any = true;
			continue;
		}
		str_putc(out, join);
		str_span(out, p.all);
		join = '&';
	}
	if (!any) { /* untouched, with all its oddities */
		out->n = start;
		str_span(out, search);
	}
}

static bool fragment_dropped(const struct applying *a, struct span hash)
{
	for (size_t i = 0; i < a->n; i++)
		if (glob_any(&a->v[i]->fragment, span_skip(hash, 1)))
			return true;
	return false;
}

static void put_clean(struct link_found *link, struct str *out)
{
	const struct url *u = &link->url;
	struct applying a;
	a.n = 0;
	linkrules_each(link, SECTION_CLEAN, applies, &a);
	str_add(out, u->href.p, (size_t)(u->pathname.p - u->href.p));
	put_path(&a, u->pathname, out);
	put_query(link->rules, &a, u->search, out);
	if (!fragment_dropped(&a, u->hash))
		str_span(out, u->hash);
}

int link_clean(const struct linkrules *rules, struct span link, const struct url *base, struct str *out)
{
	struct str buf = {.max = 4 * URL_MAX};
	struct link_found found;
	struct url u;
	int result = url_parse(link, base, URL_KEEP, &buf, &u, NULL);
	str_clear(out);
	if (result == 0) {
		linkrules_find(rules, &u, &found);
		put_clean(&found, out);
	}
	str_release(&buf);
	return result;
}

/* ---- the same page */
struct host_change {
	struct span host;
	struct str *out;
};

/* host = *.m.school.example, becomes = *.school.example: what the star stood for stays. */
static bool change_host(void *ctx, const struct link_rule *rule)
{
	struct host_change *c = ctx;
	for (size_t i = 0; i < rule->host.n; i++) {
		const char *host = rule->host.v[i];
		if (!glob_match(host, c->host))
			continue;
		if (host[0] == '*' && rule->becomes[0] == '*') {
			c->host.n -= strlen(host) - 1;
			str_span(c->out, c->host);
			str_puts(c->out, rule->becomes + 1);
		} else {
			str_puts(c->out, rule->becomes);
		}
		return true;
	}
	return false;
}

static void put_host(struct link_found *link, struct str *out)
{
	struct host_change c = {.host = link->url.hostname, .out = out};
	if (linkrules_each(link, SECTION_SAME, change_host, &c))
		return;
	if (c.host.n > 1 && c.host.p[c.host.n - 1] == '.' && c.host.p[c.host.n - 2] != '.')
		c.host.n--;
	str_span(out, c.host);
}

/* The end of what is written is the beginning of an escape, which another digit would complete. */
static bool half_escape(const struct str *s)
{
	return (s->n > 0 && s->p[s->n - 1] == '%') || (s->n > 1 && s->p[s->n - 2] == '%' && hex_digit(s->p[s->n - 1]) >= 0);
}

/* RFC 3986, 6.2.2: escapes in upper case, none for what needs none. */
static void put_escapes(struct span s, struct str *out)
{
	static const char digits[] = "0123456789ABCDEF";
	for (const char *percent; s.n > 0 && (percent = memchr(s.p, '%', s.n)) != NULL;) {
		str_add(out, s.p, (size_t)(percent - s.p));
		s = span_skip(s, (size_t)(percent - s.p));
		int high = s.n > 2 ? hex_digit(s.p[1]) : -1, low = high < 0 ? -1 : hex_digit(s.p[2]);
		if (low < 0)
			str_putc(out, '%');
		else if (url_unreserved((unsigned char)(high << 4 | low)) && !half_escape(out))
			str_putc(out, (char)(high << 4 | low));
		else
			str_add(out, (const char[]){'%', digits[high], digits[low]}, 3);
		s = span_skip(s, low < 0 ? 1 : 3);
	}
	str_span(out, s);
}

/* "#:~:text=…" says what to show of the page, not which page. */
static struct span without_directive(struct span hash)
{
	const char *at = hash.n == 0 ? NULL : memmem(hash.p, hash.n, ":~:", 3);
	if (at != NULL)
		hash.n = (size_t)(at - hash.p);
	return hash.n > 1 ? hash : (struct span){0};
}

static void put_canonical(struct link_found *link, struct str *out)
{
	const struct url *u = &link->url;
	str_span(out, u->protocol);
	str_puts(out, "//");
	if (u->userinfo.n > 0) {
		str_span(out, u->userinfo);
		str_putc(out, '@');
	}
	put_host(link, out);
	if (u->port.n > 0) {
		str_putc(out, ':');
		str_span(out, u->port);
	}
	put_escapes(u->pathname, out);
	put_escapes(u->search, out);
	put_escapes(without_directive(u->hash), out);
}

int link_canonical_found(struct link_found *link, struct link_rooms *rooms, struct str *out)
{
	struct url u;
	str_clear(out);
	str_clear(&rooms->clean);
	put_clean(link, &rooms->clean);
	struct span clean = {rooms->clean.p, rooms->clean.n};
	if (clean.n == link->url.href.n && memcmp(clean.p, link->url.href.p, clean.n) == 0) {
		put_canonical(link, out);
		return 0;
	}
	if (url_parse(clean, NULL, URL_KEEP, &rooms->buf, &u, NULL) < 0)
		return -1;
	struct link_found cleaned;
	linkrules_find(link->rules, &u, &cleaned);
	put_canonical(&cleaned, out);
	return 0;
}

int link_canonical(const struct linkrules *rules, struct span link, struct str *out)
{
	struct str buf = {.max = 4 * URL_MAX};
	struct link_rooms rooms = {.clean.max = 4 * URL_MAX, .buf.max = 4 * URL_MAX};
	struct link_found found;
	struct url u;
	str_clear(out);
	int result = url_parse(link, NULL, URL_KEEP, &buf, &u, NULL);
	if (result == 0) {
		linkrules_find(rules, &u, &found);
		result = link_canonical_found(&found, &rooms, out);
	}
	str_release(&buf);
	str_release(&rooms.clean);
	str_release(&rooms.buf);
	return result;
}
