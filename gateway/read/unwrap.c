#include <ctype.h>

#include "gateway/read/linkrules.h"

/* Opening wrapped links: the rules that name a wrapper first, then what has the shape of one. */

struct opening {
	const struct url *link;
	struct str found;  /* the target, tidy */
	struct str room;   /* of inner */
	struct url inner;  /* the target, parsed */
	struct str a, b;   /* between two steps */
	struct str c, d;   /* in accept */
	const char *rule;
};

static struct span str_span_of(const struct str *s)
{
	return (struct span){str_c(s), s->n};
}

/* "https%3A%2F%2F…", "http%253A…", "https:%2F%2F…": encoded once more than need be. */
static bool still_encoded(struct span s)
{
	if (!span_starts_nocase(s, "http"))
		return false;
	s = span_skip(s, s.n > 4 && (s.p[4] | 0x20) == 's' ? 5 : 4);
	return span_starts_nocase(s, "%3a") || span_starts_nocase(s, "%253a") || span_starts_nocase(s, ":%2f") || span_starts_nocase(s, ":%252f");
}

/* Mail systems that tidy paths make "https:/host" of "https://host". */
static void mend_slashes(struct span *s, struct str *out)
{
	size_t n = span_starts_nocase(*s, "https:/") ? 7 : span_starts_nocase(*s, "http:/") ? 6 : 0;
	if (n == 0 && span_starts(*s, "//"))
		str_puts(out, "https:");
	if (n == 0 && span_starts_nocase(*s, "www."))
		str_puts(out, "https://");
	if (n == 0 || (n < s->n && s->p[n] == '/'))
		return;
	str_add(out, s->p, n);
	str_putc(out, '/');
	*s = span_skip(*s, n);
}

/* As written, but for what no link can hold: blanks and controls at the ends and inside. */
static void put_tidy(struct span s, struct str *out)
{
	bool text = utf8_valid(s.p, s.n);
	mend_slashes(&s, out);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '\t' || c == '\n' || c == '\r')
			continue;
		if (c <= ' ' || c == 0x7f || (c >= 0x80 && !text))
			str_printf(out, "%%%02X", c);
		else
			str_putc(out, (char)c);
	}
}

/* Takes the text for the target if it is a whole http(s) link to a host with a name of several labels, or a number. */
static bool accept(struct opening *o, struct span text)
{
	text = span_trim(text);
	for (int i = 0; i < 3 && still_encoded(text); i++) {
		struct str *plain = i % 2 == 0 ? &o->c : &o->d;
		str_clear(plain);
		url_decode(text, plain);
		text = str_span_of(plain);
	}
	struct url u;
	str_clear(&o->found);
	put_tidy(text, &o->found);
	struct span s = str_span_of(&o->found);
	bool ok = !o->found.cut && (span_starts_nocase(s, "http://") || span_starts_nocase(s, "https://")) &&
	          url_parse(s, NULL, URL_KEEP, &o->room, &u, NULL) == 0 && memchr(u.href.p, '\\', u.href.n) == NULL &&
	          (memchr(u.hostname.p, '.', u.hostname.n) != NULL || u.hostname.p[0] == '[') &&
	          !(u.href.n == o->link->href.n && memcmp(u.href.p, o->link->href.p, u.href.n) == 0);
	if (ok)
		o->inner = u;
	return ok;
}

static bool take(struct opening *o, const struct link_takes *takes)
{
	struct str *in = &o->a, *out = &o->b;
	str_clear(in);
	for (size_t i = 0; i < takes->n; i++) {
		if (link_decode(&takes->v[i], str_span_of(in), o->link, out) < 0)
			return false;
		struct str *old = in;
		in = out;
		out = old;
	}
	return accept(o, str_span_of(in));
}

static bool by_rule(void *ctx, const struct link_rule *rule)
{
	struct opening *o = ctx;
	for (size_t i = 0; i < rule->n_takes; i++)
		if (take(o, &rule->takes[i])) {
			o->rule = rule->name;
			return true;
		}
	return false;
}

/* ---- the shape of a redirector */
static bool never(const struct link_rule *rule, struct span words, const char *separators)
{
	while (words.n > 0) {
		size_t n = 0;
		while (n < words.n && strchr(separators, words.p[n]) == NULL)
			n++;
		if (n > 0 && glob_any(&rule->never_word, (struct span){words.p, n}))
			return true;
		words = span_skip(words, n + 1);
	}
	return false;
}

/* Does one of the host's labels, but for the last two, or one of the path's segments before `end` say that it redirects? */
static bool host_redirects(const struct link_rule *rule, struct span host, size_t least)
{
	struct span label;
	const char *end = memrchr(host.p, '.', host.n);
	end = end == NULL ? NULL : memrchr(host.p, '.', (size_t)(end - host.p));
	host.n = end == NULL ? 0 : (size_t)(end - host.p);
	while (span_until(&host, '.', &label)) {
		while (label.n > 1 && (isdigit((unsigned char)label.p[label.n - 1]) || label.p[label.n - 1] == '-'))
			label.n--;
		if (label.n >= least && glob_any(&rule->host_word, label))
			return true;
	}
	return false;
}

static bool path_redirects(const struct link_rule *rule, struct span path)
{
	struct span segment;
	for (int i = 0; i < 8 && span_until(&path, '/', &segment); i++)
		if (segment.n > 0 && segment.n <= 64 && glob_any(&rule->path_word, segment))
			return true;
	return false;
}

static bool is_base64_link(struct span s)
{
	static const char *const starts[] = {"aHR0cDovL", "aHR0cHM6Ly", "aHR0cCUzQ", "aHR0cHMlM0", "aHR0cCUzY", "aHR0cHMlM2"}; /* "://", "%3A", "%3a" */
	for (size_t i = 0; s.n >= 16 && i < sizeof starts / sizeof *starts; i++)
		if (span_starts(s, starts[i]))
			return true;
	return false;
}

static bool is_hex_link(struct span s)
{
	return span_starts_nocase(s, "687474703a2f2f") || span_starts_nocase(s, "68747470733a2f2f");
}

static bool accept_value(struct opening *o, struct span value)
{
	str_clear(&o->a);
	url_decode(value, &o->a);
	struct span plain = str_span_of(&o->a);
	struct link_take take = {.op = is_base64_link(plain) ? TAKE_BASE64 : TAKE_HEX};
	if (take.op == TAKE_HEX && !is_hex_link(plain))
		return accept(o, plain);
	return link_decode(&take, plain, o->link, &o->b) == 0 && accept(o, str_span_of(&o->b));
}

/* A JSON object with the link under a name that says so. */
static bool accept_json(struct opening *o, const struct link_rule *rule)
{
	struct link_take json = {.op = TAKE_JSON};
	for (size_t k = 0; k < rule->json_key.n; k++) {
		json.text = rule->json_key.v[k];
		if (link_decode(&json, str_span_of(&o->a), o->link, &o->b) == 0 && accept(o, str_span_of(&o->b)))
			return true;
	}
	return false;
}

/* The object as it is, or in base64 a part of a token (between dots, as in a JWT). */
static bool accept_token(struct opening *o, const struct link_rule *rule, struct span value)
{
	struct link_take base64 = {.op = TAKE_BASE64};
	struct span part;
	if (span_starts(value, "{") || span_starts_nocase(value, "%7b")) {
		str_clear(&o->a);
		url_decode(value, &o->a);
		return accept_json(o, rule);
	}
	for (int i = 0; i < 4 && span_until(&value, '.', &part); i++)
		if (span_starts(part, "eyJ") && link_decode(&base64, part, o->link, &o->a) == 0 && accept_json(o, rule))
			return true;
	return false;
}

static bool may_be_token(struct span s)
{
	return span_starts(s, "{") || span_starts_nocase(s, "%7b") || memmem(s.p, s.n, "eyJ", 3) != NULL;
}

#define TOKENS 8 /* looked at in one link */

static bool by_token(struct opening *o, const struct link_rule *rule)
{
	struct span path = o->link->pathname, query = span_skip(o->link->search, 1), segment;
	struct param p;
	int seen = 0;
	while (seen < TOKENS && span_until(&path, '/', &segment))
		if (may_be_token(segment) && (seen++, accept_token(o, rule, segment)))
			return true;
	while (seen < TOKENS && param_next(&query, &p))
		if (may_be_token(p.value) && (seen++, accept_token(o, rule, p.value)))
			return true;
	return false;
}

static bool may_be_link(struct span value)
{
	return span_starts_nocase(value, "http") || span_starts(value, "aHR0c") || span_starts(value, "//") || span_starts_nocase(value, "%2f%2f") ||
	       span_starts_nocase(value, "www.") || is_hex_link(value);
}

#define VALUES 8 /* looked at in one link */

/* Of several links inside, the one whose parameter stands first in the rule: "url" before "loc", the page where the link was. */
static bool by_param(struct opening *o, const struct link_rule *rule)
{
	struct span query = span_skip(o->link->search, 1), value[VALUES];
	size_t rank[VALUES], n = 0, i;
	struct param p;
	while (n < VALUES && param_next(&query, &p)) {
		while (span_starts(p.value, "%20") || span_starts(p.value, "+"))
			p.value = span_skip(p.value, p.value.p[0] == '+' ? 1 : 3);
		size_t place = 0;
		while (p.value.n >= 10 && may_be_link(p.value) && place < rule->param.n && !glob_match(rule->param.v[place], p.name))
			place++;
		if (p.value.n < 10 || !may_be_link(p.value) || place == rule->param.n || glob_any(&rule->never_param, p.name))
			continue;
		for (i = n++; i > 0 && rank[i - 1] > place; i--)
			rank[i] = rank[i - 1], value[i] = value[i - 1];
		rank[i] = place, value[i] = p.value;
	}
	for (i = 0; i < n; i++)
		if (accept_value(o, value[i]))
			return true;
	return false;
}

/* "jump.php?https://…": the link is all there is, or one encoded piece. */
static bool by_query(struct opening *o)
{
	struct span query = span_skip(o->link->search, 1), piece = query;
	if (span_starts_nocase(query, "http://") || span_starts_nocase(query, "https://"))
		piece.n = (size_t)(o->link->href.p + o->link->href.n - query.p);
	else if (!still_encoded(query) || !span_until(&query, '&', &piece))
		return false;
	return accept(o, piece);
}

/* A segment of the path that is a link by itself: base64, percent-encoded, or as it is with all that follows. */
static bool by_segment(struct opening *o, const struct link_rule *rule)
{
	struct span path = o->link->pathname, rest = path, segment;
	while (span_until(&rest, '/', &segment)) {
		bool plain = span_eq_nocase(segment, "http:") || span_eq_nocase(segment, "https:") || span_eq_nocase(segment, "http%3a") ||
		             span_eq_nocase(segment, "https%3a");
		bool coded = is_base64_link(segment) || is_hex_link(segment);
		if (!plain && !coded && !still_encoded(segment))
			continue;
		struct span before = {path.p, (size_t)(segment.p - path.p)};
		if (!coded && !path_redirects(rule, before) && !host_redirects(rule, o->link->hostname, plain ? 4 : 1))
			return false;
		if (plain)
			segment.n = (size_t)(o->link->href.p + o->link->href.n - segment.p);
		return plain ? accept(o, segment) : accept_value(o, segment);
	}
	return false;
}

static bool by_shape(void *ctx, const struct link_rule *rule)
{
	struct opening *o = ctx;
	const struct url *link = o->link;
	if (never(rule, link->hostname, ".-") || never(rule, link->pathname, "/.-_"))
		return false;
	o->rule = rule->name;
	if ((host_redirects(rule, link->hostname, 1) || path_redirects(rule, link->pathname)) &&
	    (by_param(o, rule) || by_token(o, rule) || by_query(o)))
		return true;
	return by_segment(o, rule);
}

static bool leave(void *ctx, const struct link_rule *rule)
{
	(void)ctx;
	return rule->host.n + rule->path.n > 0;
}

static bool open_once(struct opening *o, struct link_found *link)
{
	o->link = &link->url;
	if (linkrules_each(link, SECTION_LEAVE, leave, NULL))
		return false;
	return linkrules_each(link, SECTION_UNWRAP, by_rule, o) ||
	       (linkrules_may_carry(link) && linkrules_each(link, SECTION_REDIRECTOR, by_shape, o));
}

size_t link_unwrap_found(struct link_found *link, struct arena *arena, struct link_step steps[LINK_DEPTH], struct link_inside *inside)
{
	struct opening o = {.found.max = URL_MAX, .room.max = 4 * URL_MAX, .a.max = URL_MAX, .b.max = URL_MAX, .c.max = URL_MAX, .d.max = URL_MAX};
	const struct linkrules *rules = link->rules;
	size_t n = 0;
	while (n < LINK_DEPTH && open_once(&o, link)) {
		steps[n++] = (struct link_step){.rule = o.rule, .url = arena_strndup(arena, o.found.p, o.found.n)};
		struct str old = inside->room; /* the inner link keeps its text, the next one is written over the last but one */
		inside->room = o.room;
		o.room = old;
		link = &inside->found;
		linkrules_find(rules, &o.inner, link);
	}
	str_release(&o.found);
	str_release(&o.room);
	str_release(&o.a);
	str_release(&o.b);
	str_release(&o.c);
	str_release(&o.d);
	return n;
}

size_t link_unwrap(const struct linkrules *rules, struct span text, struct arena *arena, struct link_step steps[LINK_DEPTH])
{
	struct str buf = {.max = 4 * URL_MAX};
	struct link_inside inside = {.room.max = 4 * URL_MAX};
	struct link_found link;
	struct url u;
	size_t n = 0;
	if (url_parse(text, NULL, URL_KEEP, &buf, &u, NULL) == 0) {
		linkrules_find(rules, &u, &link);
		n = link_unwrap_found(&link, arena, steps, &inside);
	}
	str_release(&buf);
	str_release(&inside.room);
	return n;
}
