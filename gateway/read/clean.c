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
		if (glob_any(&a->v[i]->keep, name))
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

static void put_clean(const struct linkrules *rules, const struct url *u, struct str *out)
{
	struct applying a = {0};
	linkrules_each(rules, SECTION_CLEAN, u, applies, &a);
	str_add(out, u->href.p, (size_t)(u->pathname.p - u->href.p));
	put_path(&a, u->pathname, out);
	put_query(rules, &a, u->search, out);
	if (!fragment_dropped(&a, u->hash))
		str_span(out, u->hash);
}

int link_clean(const struct linkrules *rules, struct span link, const struct url *base, struct str *out)
{
	struct str buf = {.max = 4 * URL_MAX};
	struct url u;
	int result = url_parse(link, base, URL_KEEP, &buf, &u, NULL);
	str_clear(out);
	if (result == 0)
		put_clean(rules, &u, out);
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

static void put_host(const struct linkrules *rules, const struct url *u, struct str *out)
{
	struct host_change c = {.host = u->hostname, .out = out};
	if (linkrules_each(rules, SECTION_SAME, u, change_host, &c))
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
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(s.p[i + 2]);
		if (low < 0) {
			str_putc(out, s.p[i]);
			continue;
		}
		if (url_unreserved((unsigned char)(high << 4 | low)) && !half_escape(out))
			str_putc(out, (char)(high << 4 | low));
		else
			str_add(out, (const char[]){'%', digits[high], digits[low]}, 3);
		i += 2;
	}
}

/* "#:~:text=…" says what to show of the page, not which page. */
static struct span without_directive(struct span hash)
{
	const char *at = hash.n == 0 ? NULL : memmem(hash.p, hash.n, ":~:", 3);
	if (at != NULL)
		hash.n = (size_t)(at - hash.p);
	return hash.n > 1 ? hash : (struct span){0};
}

static void put_canonical(const struct linkrules *rules, const struct url *u, struct str *out)
{
	str_span(out, u->protocol);
	str_puts(out, "//");
	if (u->userinfo.n > 0) {
		str_span(out, u->userinfo);
		str_putc(out, '@');
	}
	put_host(rules, u, out);
	if (u->port.n > 0) {
		str_putc(out, ':');
		str_span(out, u->port);
	}
	put_escapes(u->pathname, out);
	put_escapes(u->search, out);
	put_escapes(without_directive(u->hash), out);
}

int link_canonical_parsed(const struct linkrules *rules, const struct url *u, struct str *out)
{
	struct str clean = {.max = 4 * URL_MAX}, buf = {.max = 4 * URL_MAX};
	struct url cleaned;
	int result = 0;
	str_clear(out);
	put_clean(rules, u, &clean);
	if (clean.n == u->href.n && memcmp(clean.p, u->href.p, clean.n) == 0)
		put_canonical(rules, u, out);
	else if ((result = url_parse((struct span){clean.p, clean.n}, NULL, URL_KEEP, &buf, &cleaned, NULL)) == 0)
		put_canonical(rules, &cleaned, out);
	str_release(&clean);
	str_release(&buf);
	return result;
}

int link_canonical(const struct linkrules *rules, struct span link, struct str *out)
{
	struct str buf = {.max = 4 * URL_MAX};
	struct url u;
	str_clear(out);
	int result = url_parse(link, NULL, URL_KEEP, &buf, &u, NULL) < 0 ? -1 : link_canonical_parsed(rules, &u, out);
	str_release(&buf);
	return result;
}
