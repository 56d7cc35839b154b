#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/read/url.h"

static int parse(const char *text, const char *base, enum url_form form, struct str *buf, struct url *u, const char **why)
{
	struct str room = {0};
	struct url from;
	int result = base == NULL ? 0 : url_parse(span_of(base), NULL, URL_BROWSER, &room, &from, why);
	if (result == 0)
		result = url_parse(span_of(text), base == NULL ? NULL : &from, form, buf, u, why);
	str_release(&room);
	return result;
}

/* href NULL: refused */
static const struct {
	const char *text, *base, *href;
} good[] = {
	{"http://School.Example", NULL, "http://school.example/"},
	{"  https://school.example:443/a/./b/../c?x=1#top\n", NULL, "https://school.example/a/c?x=1#top"},
	{"https://school.example:8443/", NULL, "https://school.example:8443/"},
	{"http://school.example:000080/", NULL, "http://school.example/"},
	{"HTTPS:\\\\school.example\\a\\b", NULL, "https://school.example/a/b"},
	{"ht\ntps://sch\tool.example/a\rb", NULL, "https://school.example/ab"},
	{"https:school.example/a", NULL, "https://school.example/a"},
	{"https:///school.example", NULL, "https://school.example/"},
	{"http://sch%6fol.example/%6f", NULL, "http://school.example/%6f"},
	{"http://schüle.example/ü?ü#ü", NULL, "http://xn--schle-mva.example/%C3%BC?%C3%BC#%C3%BC"},
	{"http://ｓｃｈｏｏｌ。example/", NULL, "http://school.example/"},
	{"https://straße.example/", NULL, "https://xn--strae-oqa.example/"},
	{"http://0x7f.1/", NULL, "http://127.0.0.1/"},
	{"http://017700000001", NULL, "http://127.0.0.1/"},
	{"http://2130706433.", NULL, "http://127.0.0.1/"},
	{"http://１２７.0.0.1/", NULL, "http://127.0.0.1/"},
	{"http://[2001:DB8:0:0:1:0:0:1]/", NULL, "http://[2001:db8::1:0:0:1]/"},
	{"http://[::ffff:1.2.3.4]", NULL, "http://[::ffff:102:304]/"},
	{"http://[::]:81/", NULL, "http://[::]:81/"},
	{"http://a b@school.example/", NULL, "http://a%20b@school.example/"},
	{"http://:@school.example/", NULL, "http://school.example/"},
	{"https://school.example/a b\"<>`{}^|", NULL, "https://school.example/a%20b%22%3C%3E%60%7B%7D%5E|"},
	{"https://school.example/?a b\"<>`{}^'#a b\"<>`{}", NULL, "https://school.example/?a%20b%22%3C%3E`{}^%27#a%20b%22%3C%3E%60{}"},
	{"https://school.example/%2e%2E/a/%2e./b", NULL, "https://school.example/b"},
	{"https://school.example?", NULL, "https://school.example/?"},
	{"b", "http://school.example/x/y?q#f", "http://school.example/x/b"},
	{"../b", "http://school.example/x/y/z", "http://school.example/x/b"},
	{"/b", "http://school.example/x/y", "http://school.example/b"},
	{"//other.example/b", "https://school.example/x/y", "https://other.example/b"},
	{"\\\\other.example\\b", "https://school.example/x/y", "https://other.example/b"},
	{"?b", "http://school.example/x/y?q#f", "http://school.example/x/y?b"},
	{"#b", "http://u:p@school.example:81/x/y?q#f", "http://u:p@school.example:81/x/y?q#b"},
	{"", "http://school.example/x/y?q#f", "http://school.example/x/y?q"},
	{"http:b", "http://school.example/x/y", "http://school.example/x/b"},
	{"https:b", "http://school.example/x/y", "https://b/"},
	/* refused */
	{"", NULL, NULL},
	{"school.example", NULL, NULL},
	{"mailto:lee@school.example", NULL, NULL},
	{"javascript:alert(1)", "http://school.example/", NULL},
	{"http://", NULL, NULL},
	{"http://?x", NULL, NULL},
	{"http://u:p@/", NULL, NULL},
	{"http://school.example:65536/", NULL, NULL},
	{"http://school.example:8o/", NULL, NULL},
	{"http://sch ool.example/", NULL, NULL},
	{"http://sch%00ool.example/", NULL, NULL},
	{"http://sch%2fool.example/", NULL, NULL},
	{"http://sch<ool.example/", NULL, NULL},
	{"http://school.example\xff/", NULL, NULL},
	{"http://1.2.3.4.5/", NULL, NULL},
	{"http://1.2.3.256/", NULL, NULL},
	{"http://1.2.3.09/", NULL, NULL},
	{"http://4294967296/", NULL, NULL},
	{"http://a.0x1g.1/", NULL, NULL},
	{"http://[::1", NULL, NULL},
	{"http://[::1%25eth0]/", NULL, NULL},
	{"http://[1:2]/", NULL, NULL},
	{"http://\xef\xbf\xbf.example/", NULL, NULL},
	/* a browser goes to the first host, libcurl to the second */
	{"http://school.example\\@evil.example/", NULL, NULL},
};

static void test_href(void **state)
{
	(void)state;
	struct str buf = {0};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct url u;
		const char *why = NULL;
		int result = parse(good[i].text, good[i].base, URL_BROWSER, &buf, &u, &why);
		if (good[i].href == NULL) {
			if (result == 0)
				fail_msg("%s: taken for %.*s", good[i].text, SPAN_ARG(u.href));
			assert_non_null(why);
		} else if (result < 0 || !span_eq(u.href, good[i].href)) {
			fail_msg("%s: %.*s, not %s", good[i].text, result < 0 ? (int)strlen(why) : (int)u.href.n, result < 0 ? why : u.href.p,
			         good[i].href);
		}
	}
	str_release(&buf);
}

static void test_pieces(void **state)
{
	(void)state;
	struct str buf = {0};
	struct url u;
	assert_int_equal(parse("https://u:p@School.Example:81/a/b?c#d", NULL, URL_BROWSER, &buf, &u, NULL), 0);
	assert_true(span_eq(u.protocol, "https:"));
	assert_true(span_eq(u.userinfo, "u:p"));
	assert_true(span_eq(u.hostname, "school.example"));
	assert_true(span_eq(u.port, "81"));
	assert_true(span_eq(u.pathname, "/a/b"));
	assert_true(span_eq(u.search, "?c"));
	assert_true(span_eq(u.hash, "#d"));
	assert_int_equal(parse("https://school.example?#", NULL, URL_BROWSER, &buf, &u, NULL), 0);
	assert_true(span_eq(u.href, "https://school.example/?#"));
	assert_int_equal(u.search.n + u.hash.n + u.port.n + u.userinfo.n, 0);
	str_release(&buf);
}

static void test_keep(void **state)
{
	(void)state;
	struct str buf = {0};
	struct url u;
	assert_int_equal(parse("https://school.example/a'{b}?c'd`#e\"f g", NULL, URL_KEEP, &buf, &u, NULL), 0);
	assert_true(span_eq(u.href, "https://school.example/a'{b}?c'd`#e\"f%20g"));
	str_release(&buf);
}

static void test_long(void **state)
{
	(void)state;
	struct str text = {0}, buf = {0};
	struct url u;
	const char *why = NULL;
	str_puts(&text, "https://school.example/");
	while (text.n < URL_MAX - 8)
		str_puts(&text, "a/../\xc3\xa9");
	assert_int_equal(url_parse((struct span){text.p, text.n}, NULL, URL_BROWSER, &buf, &u, &why), 0);
	str_puts(&text, "a/../bbbbb");
	assert_int_equal(url_parse((struct span){text.p, text.n}, NULL, URL_BROWSER, &buf, &u, &why), -1);
	assert_string_equal(why, "too long for a link");
	str_release(&text);
	str_release(&buf);
}

static struct span piece(const struct url *u, size_t i)
{
	const struct span pieces[] = {u->href, u->protocol, u->userinfo, u->hostname, u->port, u->pathname, u->search, u->hash};
	return pieces[i];
}

/* A blank in front, which changes nothing, keeps a link from the short way for plain ones: both ways must give the same pieces. */
static bool same_both_ways(const char *link)
{
	struct str text = {0}, bufs[2] = {{0}, {0}};
	struct url u[2];
	int result[2];
	bool same = true;
	str_printf(&text, " %s", link);
	for (size_t i = 0; i < 2; i++)
		result[i] = url_parse(span_of(text.p + 1 - i), NULL, URL_KEEP, &bufs[i], &u[i], NULL);
	same = result[0] == result[1];
	for (size_t i = 0; i < 8 && same && result[0] == 0; i++) {
		struct span a = piece(&u[0], i), b = piece(&u[1], i);
		same = a.p != NULL && a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
	}
	str_release(&text);
	str_release(&bufs[0]);
	str_release(&bufs[1]);
	return same;
}

static void test_plain(void **state)
{
	(void)state;
	static const char *const schemes[] = {"http://", "https://", "HTTP://", "https:/", "https:\\\\", "http:///", "ftp://"};
	static const char *const hosts[] = {"school.example", "a-b.school.example", "School.Example", "127.1", "a.b1", "1.a", "a.0x7f", "a-", "-", ".", "a..b",
		"a.b.", "u@h.example", "h.example:80", "h.example:443", "h.example:81", "xn--a", "x.xn--p1ai", "[::1]", "h_x.example", "h%61.example", ""};
	static const char *const paths[] = {"", "/", "//", "/a/b", "/a//b/", "/.", "/..", "/a/../b", "/a/.hidden", "/%2e", "/a/%2E%2e/b", "/a%2e", "/a.", "/a\\b",
		"/a b", "/\t", "/a\tb", "/\x7f", "/ü", "/a|b{}\"<>^`'", "/a:b@c;d=e"};
	static const char *const tails[] = {"", "?", "#", "?#", "?a=b&c", "?a=/../b", "#a", "#?", "?a#b?c#d", "?a b", "?\\", "#\\", " ", "?ü#ü"};
	struct str link = {0};
	for (size_t s = 0; s < sizeof schemes / sizeof *schemes; s++)
		for (size_t h = 0; h < sizeof hosts / sizeof *hosts; h++)
			for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
				for (size_t t = 0; t < sizeof tails / sizeof *tails; t++) {
					str_clear(&link);
					str_printf(&link, "%s%s%s%s", schemes[s], hosts[h], paths[p], tails[t]);
					if (!same_both_ways(link.p))
						fail_msg("%s", link.p);
				}
	str_release(&link);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_href),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
