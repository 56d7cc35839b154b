#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
