#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/mail/http.h"

/* ---- addresses */

static bool may_dial(const char *text, unsigned port, bool loopback)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} a = {0};
	if (strchr(text, ':') == NULL) {
		a.in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
		assert_int_equal(inet_pton(AF_INET, text, &a.in.sin_addr), 1);
		return http_may_dial(&a.any, sizeof a.in, loopback);
	}
	a.in6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
	assert_int_equal(inet_pton(AF_INET6, text, &a.in6.sin6_addr), 1);
	return http_may_dial(&a.any, sizeof a.in6, loopback);
}

static const char *const refused[] = {
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.0.1",
	"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255",
	"198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
	"::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:192.168.1.1", "::ffff:169.254.169.254", "::ffff:0:7f00:1",
	"64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:53aa:64c::1", "2001:2::1", "2001:10::1", "2001:20::1",
	"2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1", "2002:a9fe:a9fe::", "2620:4f:8000::1", "3fff::1", "3fff:fff::1", "4000::1",
	"5f00::1", "fc00::1", "fd00:ec2::254", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
};

static const char *const dialled[] = {
	"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0",
	"172.15.255.255", "172.32.0.0", "192.0.1.1", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
	"2606:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001::", "3ffe::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:200::1",
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void only_the_public_network_is_dialled(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++)
		if (may_dial(refused[i], 443, false))
			fail_msg("%s was not refused", refused[i]);
	for (size_t i = 0; i < COUNT(dialled); i++)
		if (!may_dial(dialled[i], 443, false))
			fail_msg("%s was refused", dialled[i]);
}

static void loopback_is_for_tests_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		bool is_loopback = strncmp(refused[i], "127.", 4) == 0 || strcmp(refused[i], "::1") == 0;
		if (may_dial(refused[i], 8099, true) != is_loopback)
			fail_msg("%s with loopback", refused[i]);
	}
}

static void ports(void **state)
{
	static const struct {
		unsigned port;
		bool may;
	} rows[] = {{80, true}, {443, true}, {8080, true}, {1024, true}, {0, false}, {22, false}, {25, false}, {465, false}, {993, false}, {1023, false}};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t v = 0; v < 2; v++)
			if (may_dial(v == 0 ? "8.8.8.8" : "2606:4700::1111", rows[i].port, false) != rows[i].may)
				fail_msg("port %u", rows[i].port);
}

static void odd_addresses(void **state)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} a = {.in = {.sin_family = AF_INET, .sin_port = htons(443), .sin_addr = {htonl(0x08080808)}}};
	(void)state;
	assert_true(http_may_dial(&a.any, sizeof a.in, false));
	assert_false(http_may_dial(&a.any, 4, false));
	a.any.sa_family = AF_UNIX;
	assert_false(http_may_dial(&a.any, sizeof a.in, false));
	assert_false(http_may_dial(&a.any, sizeof a.in, true));
	a.any.sa_family = AF_INET6;
	assert_false(http_may_dial(&a.any, sizeof a.in, true));
}

/* Names and spellings that lead inside are refused when dialled, whatever they look like. */
static void nothing_inside_is_reached(void **state)
{
	static const char *const urls[] = {
		"http://localhost/", "http://127.0.0.1:8080/", "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://0177.0.0.1/", "http://[::1]/",
		"http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]:8080/", "http://0/", "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/",
		"https://192.168.1.1/", "http://10.0.0.1:8080/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://1.1.1.1:25/",
		"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:25/_x", "dict://127.0.0.1/", "smtp://127.0.0.1/", "imap://127.0.0.1/",
		"http://user:secret@127.0.0.1/", "", "http://", "not a url",
	};
	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct arena arena = {0};
		struct http_page page;
		struct err err = {0};
		if (http_get(&(struct http_get){.url = urls[i], .max = 1000, .ms = 1000}, &arena, &page, &err) == 0)
			fail_msg("%s answered %ld", urls[i], page.status);
		if (strncmp(urls[i], "http", 4) == 0 && strlen(urls[i]) > 8 && strchr(urls[i], '@') == NULL && strstr(err.text, "public network") == NULL)
			fail_msg("%s: %s", urls[i], err.text);
		arena_release(&arena);
	}
}

/* ---- links that are never opened */

static const struct {
	const char *link;
	bool never;
} links[] = {
	{"/unsubscribe", true}, {"/UNSUBSCRIBE/x", true}, {"/list/unsubscribe-me", true}, {"/email/optout?u=1", true}, {"/opt-out", true}, {"/optOut", true},
	{"/confirm/1234", true}, {"/confirm-email", true}, {"/account/verify_email", true}, {"/activate", true}, {"/activation/7", true}, {"/users/activateAccount", true},
	{"/login", true}, {"/log-in", true}, {"/logIn", true}, {"/signin?next=/", true}, {"/sign-in", true}, {"/users/sign_in", true}, {"/logout", true}, {"/sso/saml", true},
	{"/reset", true}, {"/reset-password", true}, {"/password/reset", true}, {"/magic-link", true}, {"/one-time", true}, {"/invite/7", true}, {"/rsvp", true},
	{"/abmelden", true}, {"/newsletter.php?action=unsubscribe", true}, {"/n?do=confirm", true}, {"/a?token=x", true}, {"/a?access_token=x", true},
	{"/a?apiKey=1", true}, {"/a?key=1", true}, {"/a?b=1&sig=2", true}, {"/a?email=t%40campus.example", true}, {"/a?confirm=1", true},
	{"/s/550e8400-e29b-41d4-a716-446655440000", true}, {"/c/d41d8cd98f00b204e9800998ecf8427e", true}, {"/x/eyJhbGciOiJIUzI1NiJ9eyJzdWIi", true},
	{"/t/kQ9xZ2mB7vL4pR1sT8wY", true}, {"/t?x=kQ9xZ2mB7vL4pR1sT8wY3n", true}, {"/t/abcdefghijklmnopqrstuvwxyzabcdefgh", true}, {"/t?kQ9xZ2mB7vL4pR1sT8wY3n", true},
	{"/preferences", true}, {"/manage/subscription", true},
	{"/", false}, {"", false}, {"/a//b?&&=&c", false}, {"/exit-tickets", false}, {"/2026/11/21/reading-aloud-in-the-classroom-with-30-children", false},
	{"/how-to-reset-your-classroom-after-lunch", false}, {"/blog/why-students-cancel-plans-and-what-helps", false}, {"/watch?v=dQw4w9WgXcQ", false},
	{"/wiki/Photosynthesis_(biology)", false}, {"/HowToTeachReadingInFirstGrade", false}, {"/article/123456789012345678", false}, {"/status/1729384756102938475", false},
	{"/p/the-confirmation-bias-in-grading-student-essays", false}, {"/news?id=4711&page=2&lang=de", false}, {"/top-10-tips-for-2026-and-3-more-ideas-in-5-minutes", false},
	{"/events/session/12", false}, {"/Donaudampfschifffahrtsgesellschaft", true /* one long word cannot be told from a key */}, {"/index.html", false},
	{"/10.1080/00220272.2021.1887361", false}, {"/doi/abs/10.3102/0013189X20912798", false},
};

static void some_links_are_never_opened(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(links); i++)
		if ((http_never(span_of(links[i].link)) != NULL) != links[i].never)
			fail_msg("%s: %s", links[i].link, links[i].never ? "would be opened" : http_never(span_of(links[i].link)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_public_network_is_dialled), cmocka_unit_test(loopback_is_for_tests_alone), cmocka_unit_test(ports),
		cmocka_unit_test(odd_addresses), cmocka_unit_test(nothing_inside_is_reached), cmocka_unit_test(some_links_are_never_opened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
