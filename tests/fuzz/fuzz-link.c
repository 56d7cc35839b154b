#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

#include "gateway/read/links.h"

/* A link, on a page when a second line says so: what comes out must be stable, and every layer a link again. A text that
 * begins with '[' is read as a campus's own rules instead. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void same(struct span a, struct span b)
{
	if (a.n != b.n || (a.n > 0 && memcmp(a.p, b.p, a.n) != 0))
		abort();
}

static void parse(struct span text, const struct url *base, enum url_form form)
{
	struct str buf = {.max = 4 * URL_MAX}, again = {.max = 4 * URL_MAX};
	struct url u, v;
	const char *why = NULL;
	if (url_parse(text, base, form, &buf, &u, &why) == 0 && u.href.n <= URL_MAX) {
		if (url_parse(u.href, NULL, form, &again, &v, &why) < 0)
			abort();
		same(u.href, v.href);
		same(u.hostname, v.hostname);
		if (u.hostname.n == 0 || u.pathname.n == 0 || u.pathname.p[0] != '/')
			abort();
	}
	str_release(&buf);
	str_release(&again);
}

/* The short way for plain links and the parser, to which a blank in front leads, give the same. */
static void parse_both_ways(struct span text)
{
	struct str blank = {.max = 4 * URL_MAX}, buf = {.max = 4 * URL_MAX}, again = {.max = 4 * URL_MAX};
	struct url u, v;
	str_putc(&blank, ' ');
	str_span(&blank, text);
	if (text.n < URL_MAX && url_plain(text, &buf, &u)) {
		if (url_parse((struct span){blank.p, blank.n}, NULL, URL_KEEP, &again, &v, NULL) < 0)
			abort();
		const struct span short_way[] = {u.href, u.protocol, u.userinfo, u.hostname, u.port, u.pathname, u.search, u.hash};
		const struct span parser[] = {v.href, v.protocol, v.userinfo, v.hostname, v.port, v.pathname, v.search, v.hash};
		for (size_t i = 0; i < sizeof parser / sizeof *parser; i++)
			same(short_way[i], parser[i]);
	}
	str_release(&blank);
	str_release(&buf);
	str_release(&again);
}

static void follow(struct span text)
{
	struct arena arena = {0};
	struct str out = {.max = 4 * URL_MAX}, again = {.max = 4 * URL_MAX};
	struct link_step steps[LINK_DEPTH];
	size_t layers = link_unwrap(linkrules_shipped(), text, &arena, steps);
	for (size_t i = 0; i < layers; i++)
		if (link_clean(linkrules_shipped(), span_of(steps[i].url), NULL, &out) < 0)
			abort();
	if (link_canonical(linkrules_shipped(), text, &out) == 0 && out.n <= URL_MAX) {
		if (link_canonical(linkrules_shipped(), (struct span){out.p, out.n}, &again) < 0)
			abort();
		same((struct span){out.p, out.n}, (struct span){again.p, again.n});
	}
	str_release(&out);
	str_release(&again);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span text = {(const char *)data, n}, first;
	struct str room = {.max = 4 * URL_MAX};
	struct url base;
	struct err err;
	setlocale(LC_CTYPE, "C.UTF-8");
	if (n > 0 && data[0] == '[') {
		linkrules_close(linkrules_parse("fuzz", text, &err));
		return 0;
	}
	if (!span_until(&text, '\n', &first))
		return 0;
	bool based = text.n > 0 && url_parse(text, NULL, URL_BROWSER, &room, &base, NULL) == 0;
	parse(first, based ? &base : NULL, URL_BROWSER);
	parse(first, NULL, URL_KEEP);
	parse_both_ways(first);
	follow(first);
	str_release(&room);
	return 0;
}
