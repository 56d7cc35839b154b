#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/mail/robots.h"

/* The cases of RFC 9309, and what robots.txt files really hold. */
static const struct {
	const char *file, *path;
	bool allowed;
} cases[] = {
	{"", "/", true},
	{"User-agent: *\nDisallow:\n", "/a", true},
	{"User-agent: *\nDisallow: /\n", "/a", false},
	{"user-AGENT:*\r\ndisallow:/a\r\n", "/a/b", false},
	{"User-agent: *\nDisallow: /a\n", "/A", true},
	{"User-agent: other\nDisallow: /\n", "/a", true},
	{"User-agent: plnpost\nDisallow: /\n", "/a", false},
	{"User-agent: PLNpost/2.0\nDisallow: /\n", "/a", false},
	{"User-agent: plnposter\nDisallow: /\n", "/a", true},
	{"User-agent: *\nDisallow: /\n\nUser-agent: plnpost\nDisallow: /x\n", "/a", true},
	{"User-agent: *\nDisallow: /\n\nUser-agent: plnpost\nDisallow: /x\n", "/x", false},
	{"User-agent: a\nUser-agent: plnpost\nUser-agent: b\nDisallow: /x\n", "/x", false},
	{"User-agent: plnpost\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: plnpost\nDisallow: /y\n", "/y", false},
	{"User-agent: plnpost\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: plnpost\nDisallow: /y\n", "/z", true},
	{"User-agent: plnpost\n\nDisallow: /x # why\n", "/x", false},
	{"User-agent: plnpost\nCrawl-delay: 9\nUser-agent: b\nDisallow: /x\n", "/x", false},
	{"Disallow: /\nUser-agent: *\nAllow: /\n", "/a", true},
	{"User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", true},
	{"User-agent: *\nAllow: /a/b\nDisallow: /a\n", "/a/c", false},
	{"User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", true},
	{"User-agent: *\nDisallow: /*.php\n", "/x/y.php?a=1", false},
	{"User-agent: *\nDisallow: /*.php$\n", "/x/y.php?a=1", true},
	{"User-agent: *\nDisallow: /*.php$\n", "/x.php/y.php", false},
	{"User-agent: *\nDisallow: *\n", "/x", false},
	{"User-agent: *\nDisallow: /$\n", "/", false},
	{"User-agent: *\nDisallow: /$\n", "/x", true},
	{"User-agent: *\nDisallow: /a*b*c\n", "/a.b.b.c", false},
	{"User-agent: *\nDisallow: /a*b*c\n", "/a.c.b", true},
	{"User-agent: *\nDisallow: /?\n", "/?q=1", false},
	{"User-agent: *\nDisallow: /f%6fo\n", "/foo", false},
	{"User-agent: *\nDisallow: /f\xc3\xbc\n", "/f%c3%bc", false},
	{"User-agent: *\nDisallow: /a%2fb\n", "/a/b", true},
	{"User-agent: *\nDisallow: /a%2Fb\n", "/a%2fb", false},
	{"User-agent: *\nDisallow: /50%25\n", "/50%25", false},
	{"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", "/a", false},
	{"<html><body>User-agent: *\nnothing here\nDisallow\n:\n#\n", "/a", true},
	{"User-agent: *\nSitemap: https://school.example/s.xml\nDisallow: /x", "/x", false},
};

static void files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str rules = {.max = ROBOTS_KEPT};
		robots_take(span_of(cases[i].file), "plnpost", &rules);
		if (robots_allow((struct span){str_c(&rules), rules.n}, span_of(cases[i].path)) != cases[i].allowed)
			fail_msg("%s for %s: want %s; rules:\n%s", cases[i].file, cases[i].path, cases[i].allowed ? "allowed" : "not", str_c(&rules));
		str_release(&rules);
	}
}

/* As nasty as a file can be: stars that never match, to the limit of what is kept. */
static void is_quick(void **state)
{
	(void)state;
	struct str file = {0}, rules = {.max = ROBOTS_KEPT}, path = {0};
	str_puts(&file, "User-agent: *\n");
	while (file.n < ROBOTS_READ)
		str_puts(&file, "Disallow: /*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b\n");
	str_putc(&path, '/');
	while (path.n < 100000)
		str_putc(&path, 'a');
	robots_take((struct span){file.p, file.n}, "plnpost", &rules);
	assert_true(rules.n <= ROBOTS_KEPT);
	assert_true(robots_allow((struct span){str_c(&rules), rules.n}, (struct span){path.p, path.n}));
	str_release(&file);
	str_release(&rules);
	str_release(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(files), cmocka_unit_test(is_quick)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
