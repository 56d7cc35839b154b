#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/read/links.h"

/* What rules/links.rules does not show by its own examples (test-links runs those): layers, what is left alone, hostile links. */

static size_t unwrap(const char *link, struct arena *arena, struct link_step steps[LINK_DEPTH])
{
	return link_unwrap(linkrules_shipped(), span_of(link), arena, steps);
}

static const struct {
	const char *link;
	size_t layers;
	const char *target;
} nested[] = {
	{"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Furldefense.proofpoint.com%2Fv2%2Furl%3Fu%3Dhttps-3A__school.example_a%26d%3Dx&data=05", 2,
	 "https://school.example/a"},
	{"https://www.google.com/url?q=https://click.pstmrk.it/3s/school.example%252Fa%253Fid%253D42/AbC/1&source=gmail", 2,
	 "https://school.example/a?id=42"},
	{"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fnam02.safelinks.protection.outlook.com%2f%3furl%3dhttps%253A%252F%252Fl.facebook.com%252Fl.php%253Fu%253Dhttps%25253A%25252F%25252Fschool.example%25252Fa&c=E", 3,
	 "https://school.example/a"},
	{"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fprotect-us.mimecast.com%2Fs%2FAbC%3Fdomain%3Dschool.example&data=1", 1,
	 "https://protect-us.mimecast.com/s/AbC?domain=school.example"},
	{"https://track.school.example/click?url=https%253A%252F%252Fother.example%252Fa", 1, "https://other.example/a"},
	{"https://track.school.example/click?url=%20https://other.example/a%0A", 1, "https://other.example/a"},
	{"https://track.school.example/click?url=https://other.example/a%20b", 1, "https://other.example/a%20b"},
	{"https://nam02.safelinks.protection.outlook.com/?amp;url=https%3A%2F%2Fschool.example%2Fa", 1, "https://school.example/a"},
	{"HTTPS://NAM02.SafeLinks.Protection.Outlook.COM/?URL=https%3A%2F%2FSchool.example%2FA", 1, "https://School.example/A"},
	{"https://go.school.example/r?u=aHR0cHM6Ly9vdGhlci5leGFtcGxlL2E_Yg", 1, "https://other.example/a?b"},
};

static void test_nested(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct link_step steps[LINK_DEPTH];
	for (size_t i = 0; i < sizeof nested / sizeof *nested; i++) {
		size_t n = unwrap(nested[i].link, &arena, steps);
		if (n != nested[i].layers || strcmp(steps[n - 1].url, nested[i].target) != 0)
			fail_msg("%s: %zu layers, %s", nested[i].link, n, n == 0 ? "nothing" : steps[n - 1].url);
	}
	arena_release(&arena);
}

static const char *const alone[] = {
	"https://school.example/a?id=42",
	"https://school.example/a?url=https%3A%2F%2Fother.example%2Fa",
	"https://u123.ct.sendgrid.net/ls/click?upn=u001.AbC-2FdEf-3D-3D_gHi",
	"https://d2v8.eu.hubspotlinks.com/Ctc/5F+113/d2v8/VWj1",
	"https://bit.ly/3abcdef",
	"https://t.co/abcdef",
	"https://clicks.school.example/y/ct/?l=abc&m=def",
	"https://shared.outlook.inky.com/link?domain=school.example&t=h.eJxVj01PhDAYhP",
	"https://accounts.google.com/ServiceLogin?continue=https%3A%2F%2Fmail.google.com%2F",
	"https://login.school.example/redirect?url=https%3A%2F%2Fschool.example%2F",
	"https://school.example/oauth/redirect?redirect_uri=https%3A%2F%2Fother.example%2F",
	"https://t.me/share/url?url=https%3A%2F%2Fschool.example",
	"https://www.reddit.com/submit?url=https%3A%2F%2Fschool.example",
	"https://docs.google.com/viewer?url=https%3A%2F%2Fschool.example%2Fa.pdf",
	"https://www.google.com/search?q=https://school.example/",
	"https://school.example/calendar?location=https%3A%2F%2Fmeet.example%2F1",
	"https://archive.ph/https://school.example/a",
	"https://click.school.example/?return_url=https%3A%2F%2Fother.example%2F",
	"https://click.school.example/?image_url=https%3A%2F%2Fother.example%2Fa.png",
	/* what is inside is no web link, or none that a browser would follow */
	"https://nam02.safelinks.protection.outlook.com/?url=javascript%3Aalert%281%29",
	"https://nam02.safelinks.protection.outlook.com/?url=ftp%3A%2F%2Fschool.example",
	"https://nam02.safelinks.protection.outlook.com/?url=mailto%3Alee%40school.example",
	"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2F",
	"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Flocalhost%2F",
	"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fschool.example%5C%40evil.example%2F",
	"https://nam02.safelinks.protection.outlook.com/?url=",
	"https://nam02.safelinks.protection.outlook.com/",
	"https://urldefense.com/v3/__https://school.example/**A__;w6TD!!AbC!z$",
	"https://urldefense.com/v3/__;!!$",
	"https://urldefense.proofpoint.com/v2/url?u=-",
	"https://mandrillapp.com/track/click/3/x?p=eyJwIjog",
	"https://mandrillapp.com/track/click/3/x?p=eyJwIjoie1widXJsXCI6XCJodHRwczov",
	"https://email.school.example/c/eJwDAAAAAAE",
	"https://click.school.example/f/a/x~~/y~/RP__aHR0cHM6Ly9zY2hvb2wuZXhhbXBsZS8",
	"https://lnks.gd/l/..",
	"https://lnks.gd/l/eyJ1cmwiOiJ4In0.eyJ1cmwiOiJ4In0.",
	"https://duckduckgo.com/l/?uddg",
	"https://href.li/?",
	"https://href.li/",
	"not a link",
	"",
};

static void test_alone(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct link_step steps[LINK_DEPTH];
	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
		size_t n = unwrap(alone[i], &arena, steps);
		if (n != 0)
			fail_msg("%s: taken for a wrapper of %s", alone[i], steps[n - 1].url);
	}
	arena_release(&arena);
}

static void test_depth(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct str link = {0}, next = {0};
	struct link_step steps[LINK_DEPTH];
	str_puts(&link, "https://school.example/");
	for (int i = 0; i < 20; i++) { /* one that needs no escaping, layer in layer */
		str_clear(&next);
		str_printf(&next, "https://href.li/?%s", str_c(&link));
		str_clear(&link);
		str_puts(&link, str_c(&next));
	}
	assert_int_equal(unwrap(str_c(&link), &arena, steps), LINK_DEPTH);
	str_release(&link);
	str_release(&next);
	arena_release(&arena);
}

/* A hostile link costs no more than its length: many parameters, many segments, deep JSON, quotes without end. */
static void test_hostile(void **state)
{
	(void)state;
	static const struct {
		const char *head, *again, *tail;
	} v[] = {
		{"https://click.school.example/?", "url=http&", "x=1"},
		{"https://click.school.example/track", "/http:", "/aHR0c"},
		{"https://click.school.example/redirect", "/aHR0cHM6Ly9", ""},
		{"https://school.example/", "~https:", "~"},
		{"https://r.search.yahoo.com/", "RU=", "/RU=%"},
		{"https://urldefense.com/v3/__https://school.example/", "**_", "__;QUJD!!a!"},
		{"https://urldefense.com/v3/__", "__;", ""},
		{"https://mandrillapp.com/track/click/3/x?p=", "eyJw", ""},
		{"https://mandrillapp.com/track/click/3/x?p=", "W3siYSI6", ""},
		{"https://links.govdelivery.com/track?enid=", "&http", ""},
		{"https://click.school.example/f/a/b/c/", "QUFB", ""},
		{"https://school.example/?", "utm_source=a&", ""},
		{"https://www.amazon.de", "/ref", "/x"},
		{"https://", "a.", "example/"},
	};
	struct arena arena = {0};
	struct link_step steps[LINK_DEPTH];
	struct str link = {0}, out = {0};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		str_clear(&link);
		str_puts(&link, v[i].head);
		while (link.n + 40 < URL_MAX)
			str_puts(&link, v[i].again);
		str_puts(&link, v[i].tail);
		link_unwrap(linkrules_shipped(), (struct span){link.p, link.n}, &arena, steps);
		link_clean(linkrules_shipped(), (struct span){link.p, link.n}, NULL, &out);
		link_canonical(linkrules_shipped(), (struct span){link.p, link.n}, &out);
	}
	str_release(&link);
	str_release(&out);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
