#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/read/links.h"
#include "gateway/read/parts.h"

/* ---- every rule's own example */
static bool same(const char *got, const char *want)
{
	return got == NULL || want == NULL ? got == want : strcmp(got, want) == 0;
}

static const char *becomes(const struct linkrules *rules, const struct link_example *e, struct str *room, struct arena *arena)
{
	struct link_step steps[LINK_DEPTH];
	struct str buf = {0};
	struct url u;
	if (strcmp(e->section, "clean") == 0)
		return link_clean(rules, span_of(e->in), NULL, room) < 0 ? NULL : str_c(room);
	if (strcmp(e->section, "same") == 0)
		return link_canonical(rules, span_of(e->in), room) < 0 ? NULL : str_c(room);
	if (strcmp(e->section, "role") == 0) {
		assert_int_equal(url_parse(span_of(e->in), NULL, URL_KEEP, &buf, &u, NULL), 0);
		struct link_clues clues = {.text = "", .around = "", .seen = span_of(e->in), .url = &u, .target = &u};
		const char *name = link_is_pixel(rules, -1, -1, &u) ? "pixel" : link_role_name(link_role_of(rules, &clues, NULL));
		str_release(&buf);
		return name;
	}
	size_t n = link_unwrap(rules, span_of(e->in), arena, steps);
	return n == 0 ? NULL : steps[n - 1].url;
}

static void test_examples(void **state)
{
	(void)state;
	const struct linkrules *rules = linkrules_shipped();
	size_t n, wrong = 0;
	const struct link_example *v = linkrules_examples(rules, &n);
	struct arena arena = {0};
	struct str room = {0};
	for (size_t i = 0; i < n; i++) {
		const char *got = becomes(rules, &v[i], &room, &arena);
		if (same(got, v[i].out))
			continue;
		wrong++;
		print_error("links.rules:%d: [%s \"%s\"]: %s\n  becomes %s\n  not     %s\n", v[i].line, v[i].section, v[i].name, v[i].in,
		            got == NULL ? "nothing" : got, v[i].out == NULL ? "nothing" : v[i].out);
	}
	assert_true(n > 120);
	assert_int_equal(wrong, 0);
	str_release(&room);
	arena_release(&arena);
}

/* ---- a campus's own file */
static const struct {
	const char *text, *complaint;
} bad[] = {
	{"host = a.example\n", "own:1: stands before the first [section"},
	{"[unwrap]\n", "own:1: write a name behind it"},
	{"[wrapper \"x\"]\n", "own:1: no section is called [wrapper]"},
	{"[unwrap \"x\"]\nhosts = a.example\n", "own:2: [unwrap] has no key \"hosts\""},
	{"[unwrap \"x\"]\nhost = a*.example\n", "own:2: host a*.example: a * stands for whole labels"},
	{"[unwrap \"x\"]\nhost = a.example | b.example\n", "own:2: host a.example | b.example: a comma stands between hosts"},
	{"[unwrap \"x\"]\nhost = A.example\n", "own:2: host A.example: write it in lower case"},
	{"[unwrap \"x\"]\ntake = base64\n", "own:2: \"base64\" cannot stand there"},
	{"[unwrap \"x\"]\ntake = query u | query v\n", "own:2: \"query\" cannot stand there"},
	{"[unwrap \"x\"]\ntake = query\n", "own:2: \"query\" wants a text behind it"},
	{"[unwrap \"x\"]\ntake = segment x\n", "own:2: \"segment\" wants a number behind it"},
	{"[unwrap \"x\"]\ntake = link | rot13\n", "own:2: no step is called \"rot13\""},
	{"[unwrap \"x\"]\ntake =\n", "own:2: take wants where the target is"},
	{"[unwrap \"x\"]\ntake = query u\n", "own: [unwrap \"x\"] wants a host or a path"},
	{"[unwrap \"x\"]\npath = */*\n", "own:2: path */* says too little without a host"},
	{"[clean \"x\"]\nexample = https://a.example/\n", "own:2: an example is written"},
	{"[clean \"x\"]\ntake = query u\n", "own:2: [clean] has no key \"take\""},
	{"[same \"x\"]\nhost = a.example\n", "own: [same \"x\"] wants host and becomes"},
	{"[role \"x\"]\n", "own:1: no role is called \"x\""},
	{"[role \"share\"]\nen = ab\n", "own:2: \"ab\" is too short"},
};

static void test_bad_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err = {0};
		assert_null(linkrules_parse("own", span_of(bad[i].text), &err));
		if (strncmp(err.text, bad[i].complaint, strlen(bad[i].complaint)) != 0)
			fail_msg("%s said of\n%s", err.text, bad[i].text);
	}
	linkrules_close(NULL);
}

/* More than a place in the tables can number: refused, and named. */
static void test_too_many(void **state)
{
	(void)state;
	struct err err = {0};
	struct str text = {.max = (size_t)4 << 20};
	str_puts(&text, "[unwrap \"x\"]\ntake = query u");
	for (int i = 0; i <= UINT16_MAX; i++)
		str_printf(&text, i % 50 == 0 ? "\nhost = h%x.a" : ", h%x.a", i);
	assert_null(linkrules_parse("own", (struct span){str_c(&text), text.n}, &err));
	assert_non_null(strstr(err.text, "hosts"));
	assert_non_null(strstr(err.text, "at most 65535 of each"));
	str_release(&text);
}

static void test_own_rules(void **state)
{
	(void)state;
	static const char text[] = "[unwrap \"our portal\"]\nhost = *.portal.school.example\npath = /leave*\ntake = query where | hex\n"
	                           "[unwrap \"Slack\"]\n"
	                           "[clean \"our shop\"]\nhost = shop.school.example\ndrop = teacher\nkeep = utm_source\n"
	                           "[same \"ours\"]\nhost = *.m.school.example\nbecomes = *.school.example\n"
	                           "[role \"app\"]\nhost = get.school.example\nen = fetch * app\n";
	struct err err;
	struct arena arena = {0};
	struct str out = {0};
	struct link_step steps[LINK_DEPTH];
	struct linkrules *rules = linkrules_parse("own", (struct span){text, sizeof text - 1}, &err);
	assert_non_null(rules);
	assert_int_equal(link_unwrap(rules, SPAN("https://a.portal.school.example/leave?where=68747470733a2f2f6f746865722e6578616d706c652f"), &arena, steps), 1);
	assert_string_equal(steps[0].url, "https://other.example/");
	assert_string_equal(steps[0].rule, "our portal");
	assert_int_equal(link_unwrap(rules, SPAN("https://slack-redir.net/link?url=https%3A%2F%2Fschool.example"), &arena, steps), 1);
	assert_string_equal(steps[0].rule, "redirector by its shape");
	assert_int_equal(link_clean(rules, SPAN("https://shop.school.example/?teacher=1&utm_source=a&utm_term=b&x"), NULL, &out), 0);
	assert_string_equal(str_c(&out), "https://shop.school.example/?utm_source=a&x");
	assert_int_equal(link_canonical(rules, SPAN("https://a.b.m.school.example/x"), &out), 0);
	assert_string_equal(str_c(&out), "https://a.b.school.example/x");
	struct link_clues clues = {.text = "Fetch our new app!", .around = ""};
	assert_int_equal(link_role_of(rules, &clues, NULL), ROLE_APP);
	linkrules_close(rules);
	str_release(&out);
	arena_release(&arena);
}

static const struct {
	const char *link, *page; /* NULL: refused */
} pages[] = {
	{"HTTPS://School.Example:443/a/./b/../c?utm_source=x#:~:text=some%20words", "https://school.example/a/c"},
	{"https://school.example./a?#", "https://school.example/a"},
	{"https://schüle.example/%7Elee/%e2%82%ac?q=%41%2f#s%2e", "https://xn--schle-mva.example/~lee/%E2%82%AC?q=A%2F#s."},
	{"https://school.example/a#part:~:text=x", "https://school.example/a#part"},
	{"http://school.example:8080/a?b='c'&d={e}", "http://school.example:8080/a?b='c'&d={e}"},
	{"https://u:p@school.example/%", "https://u:p@school.example/%"},
	{"https://en.m.wikipedia.org/wiki/School#History", "https://en.wikipedia.org/wiki/School#History"},
	{"mailto:lee@school.example", NULL},
	{"https://school.example\\@evil.example/", NULL},
};

static void test_pages(void **state)
{
	(void)state;
	struct str out = {0}, again = {0};
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		int result = link_canonical(linkrules_shipped(), span_of(pages[i].link), &out);
		assert_int_equal(result, pages[i].page == NULL ? -1 : 0);
		if (result < 0)
			continue;
		assert_string_equal(str_c(&out), pages[i].page);
		assert_int_equal(link_canonical(linkrules_shipped(), (struct span){out.p, out.n}, &again), 0);
		assert_string_equal(str_c(&again), pages[i].page);
	}
	str_release(&out);
	str_release(&again);
}

/* ---- a whole mail */
#define A(url, words, row) {.seen = url, .text = words, .line = row, .what = ANCHOR_LINK, .width = -1, .height = -1, .heading = "", .around = ""}
#define IMG(url, w, h) {.seen = url, .text = "", .line = 0, .what = ANCHOR_IMAGE, .width = w, .height = h, .heading = "", .around = ""}
#define BARE(url, row) {.seen = url, .text = "", .line = row, .what = ANCHOR_BARE, .width = -1, .height = -1, .heading = "", .around = ""}

static void test_mail(void **state)
{
	(void)state;
	struct anchor anchors[] = {
		BARE("https://school.example/bare", 0),
		BARE("https://school.example/in-the-newsletter", 2),
		A("https://school.example/a?utm_source=x", "", 1),
		IMG("https://school.example/spacer.gif", 1, 30),
		A("mailto:lee@school.example", "Lee", 1),
		A("https://l.facebook.com/l.php?u=https%3A%2F%2Fschool.example%2Fb", "B", 2),
		A("https://school.example/a?utm_source=x", "Unsubscribe", 1),
		A("https://school.example/list", "here", 2),
		IMG("https://school.example/spacer.gif", 1, 1),
		A("https://school.example\\@evil.example/", "odd", 0),
		IMG("https://school.example/a.jpg", 600, 300),
		A("https://quoted.example/", "q", 3),
	};
	enum line_owner owners[] = {OWNER_OWN, OWNER_FORWARDED, OWNER_FORWARDED, OWNER_QUOTED};
	struct body_line lines[4] = {0};
	struct body page = {.lines = lines, .n = 4, .anchors = anchors, .n_anchors = sizeof anchors / sizeof *anchors, .text = ""};
	struct split split = {.owner = owners};
	struct reading r = {.unsubscribe_http = "https://school.example/list"};
	static const struct link want[] = {
		{"https://school.example/a", "https://school.example/a?utm_source=x", "Unsubscribe", "", WHERE_FORWARDED, ROLE_UNSUBSCRIBE},
		{"https://school.example/b", "https://l.facebook.com/l.php?u=https%3A%2F%2Fschool.example%2Fb", "B", "", WHERE_FORWARDED, ROLE_CONTENT},
		{"https://school.example/list", "https://school.example/list", "here", "", WHERE_FORWARDED, ROLE_UNSUBSCRIBE},
		{"https://school.example\\@evil.example/", "https://school.example\\@evil.example/", "odd", "", WHERE_OWN, ROLE_CONTENT},
		{"https://quoted.example/", "https://quoted.example/", "q", "", WHERE_QUOTED, ROLE_CONTENT},
		{"https://school.example/spacer.gif", "https://school.example/spacer.gif", "", "", WHERE_OWN, ROLE_PIXEL},
		{"https://school.example/a.jpg", "https://school.example/a.jpg", "", "", WHERE_OWN, ROLE_IMAGE},
	};
	struct arena arena = {0};
	links_read(&(struct read_options){0}, &page, &split, &arena, &r);
	assert_int_equal(r.n_links, sizeof want / sizeof *want);
	for (size_t i = 0; i < r.n_links; i++) {
		assert_string_equal(r.links[i].seen, want[i].seen);
		assert_string_equal(r.links[i].url, want[i].url);
		assert_string_equal(r.links[i].text, want[i].text);
		assert_int_equal(r.links[i].where, want[i].where);
		assert_int_equal(r.links[i].role, want[i].role);
	}
	struct newsletter_shape shape;
	newsletter_shape(&r, &shape);
	assert_true(shape.unsubscribe);
	assert_false(shape.view_online);
	assert_int_equal(shape.content, 3);
	assert_int_equal(shape.pixels, 1);
	assert_int_equal(shape.images, 1);
	arena_release(&arena);
}

/* What a newsletter does: the picture, the headline and "Read more" lead to the same page. */
static void test_headings(void **state)
{
	(void)state;
	struct anchor anchors[] = {A("https://a.example/1", "A child reads", 0), A("https://a.example/1", "Small groups", 0), A("https://a.example/1", "Read more", 0),
	                           A("https://a.example/2", "", 0), A("https://a.example/2", "Logo", 0), A("https://a.example/unsubscribe", "Unsubscribe", 0)};
	static const char *const want[][2] = {{"Small groups", "Reading"}, {"Logo", "Maths"}, {"Unsubscribe", ""}};
	struct body_line lines[1] = {0};
	struct body page = {.lines = lines, .n = 1, .anchors = anchors, .n_anchors = sizeof anchors / sizeof *anchors, .text = ""};
	struct reading r = {0};
	struct arena arena = {0};
	for (size_t i = 0; i < page.n_anchors; i++)
		anchors[i].heading = i < 3 ? "Reading" : "Maths";
	anchors[0].alt = anchors[4].alt = true;
	links_read(NULL, &page, &(struct split){0}, &arena, &r);
	assert_int_equal(r.n_links, sizeof want / sizeof *want);
	for (size_t i = 0; i < r.n_links; i++) {
		assert_string_equal(r.links[i].text, want[i][0]);
		assert_string_equal(r.links[i].heading, want[i][1]);
	}
	arena_release(&arena);
}

/* A bare URL counts on a page that a person wrote; in a mass mail's page what is meant can be clicked. */
static void test_bare(void **state)
{
	(void)state;
	struct anchor anchors[] = {BARE("https://school.example/bare", 0), BARE("https://school.example/below", 1), A("https://school.example/a", "A", 0),
	                           A("https://school.example/unsubscribe", "", 1)};
	enum line_owner owners[] = {OWNER_OWN, OWNER_FORWARDED};
	struct body_line lines[2] = {0};
	struct body page = {.lines = lines, .n = 2, .anchors = anchors, .n_anchors = 4, .text = ""};
	struct split split = {.owner = owners};
	struct reading r = {0}, mass = {.unsubscribe_mailto = "mailto:x@school.example"};
	struct arena arena = {0};
	links_read(NULL, &page, &split, &arena, &r);
	assert_int_equal(r.n_links, 3);
	assert_string_equal(r.links[2].url, "https://school.example/bare");
	links_read(NULL, &page, &split, &arena, &mass);
	assert_int_equal(mass.n_links, 2);
	arena_release(&arena);
}

static void test_plain(void **state)
{
	(void)state;
	struct anchor anchors[] = {BARE("https://school.example/a", 0), BARE("https://school.example/a", 0), BARE("http:", 0)};
	struct body none = {.text = ""}, text = {.anchors = anchors, .n_anchors = 3, .text = ""};
	struct split split = {0};
	struct reading r = {0};
	struct arena arena = {0};
	links_read(NULL, &text, &split, &arena, &r);
	assert_int_equal(r.n_links, 2);
	assert_string_equal(r.links[0].url, "https://school.example/a");
	assert_string_equal(r.links[1].url, "http:");
	links_read(NULL, &none, &split, &arena, &r);
	assert_int_equal(r.n_links, 0);
	struct anchor letter[] = {BARE("https://school.example/unsubscribe", 0), BARE("https://school.example/a", 0)};
	struct body plain = {.anchors = letter, .n_anchors = 2, .text = ""};
	links_read(NULL, &plain, &split, &arena, &r);
	assert_int_equal(r.n_links, 2);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_bad_rules),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_own_rules),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_headings), cmocka_unit_test(test_bare),
		cmocka_unit_test(test_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
