/* A campus's own templates: what is taken, and what is refused with a place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "digest/draft.h"
#include "rules/shipped.h"
#include "tests/digest/check.h"
#include "tests/digest/sample.h"

static const struct {
	const char *name, *text, *want; /* want NULL: fine */
} cases[] = {
	{"receipt.txt", "Subject: {{campus}}: {{id}}\n\n{{title}} {{words}}\n{{> foot}}\n", NULL},
	{"receipt.html", "{{> head}}{{> card}}<p style=\"{{look.text}}\">{{id}}</p>{{> foot}}", NULL},
	{"foot.txt", "-- \nOur school, {{address}}\n", NULL},
	{"look.ini", "[look]\ntitle = color:#800000\nours = color:#008000\n", NULL},
	{"receipt.txt", "Hello\n{{id}}\n", "receipt.txt:1: the first line must be the subject: write Subject: …"},
	{"receipt.txt", "Subject: x\n\n{{titel}}\n", "receipt.txt:3: nothing is called titel here"},
	{"receipt.txt", "Subject: x\n{{routine_count}}\n", "receipt.txt:2: nothing is called routine_count here"},
	{"receipt.html", "<p>\n{{#new}}\n</p>", "receipt.html:2: this section is never closed: new"},
	{"receipt.html", "{{> feet}}", "receipt.html:1: there is no partial feet"},
	{"receipt.html", "{{look.nothing}}", "receipt.html:1: nothing is called look.nothing here"},
	{"recipt.txt", "Subject: x\n", "recipt.txt: no letter uses a template of this name"},
	{"foot.txt", "{{#address}", "foot.txt:1: a tag is not closed"},
	{"foot.txt", "\xff", "foot.txt: is not UTF-8 text: save the file as UTF-8"},
	{"look.ini", "[look]\ntitle\n", "look.ini:2: \"title\" needs a value: write title = …"},
	{"look.ini", "[colours]\n", "look.ini:1: only the section [look] is known here"},
};

static void checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct template_file file = {cases[i].name, cases[i].text};
		struct err err = {0};
		int result = templates_check(&(struct templates){&file, 1}, &err);
		if (cases[i].want == NULL && result != 0)
			fail_msg("%s: %s", cases[i].name, err.text);
		if (cases[i].want != NULL) {
			assert_int_equal(result, -1);
			assert_string_equal(err.text, cases[i].want);
		}
	}
	assert_int_equal(templates_check(NULL, NULL), 0);
	assert_int_equal(templates_check(&(struct templates){0}, NULL), 0);
}

/* What we ship passes our own check, as if a campus had copied it all. */
static void shipped_ones_pass(void **state)
{
	(void)state;
	struct template_file files[64];
	struct err err = {0};
	size_t n = 0;
	for (const struct shipped *s = shipped_templates; s->name != NULL; s++)
		files[n++] = (struct template_file){s->name, s->text};
	assert_true(n > 20 && n <= COUNT(files));
	if (templates_check(&(struct templates){files, n}, &err) != 0)
		fail_msg("%s", err.text);
}

static void a_campus_has_its_own_words(void **state)
{
	(void)state;
	struct template_file files[] = {
		{"receipt.txt", "Subject: Got it: {{id}}\r\n\r\nThank you, {{person}}!\r\n{{> foot}}\r\n"},
		{"look.ini", "[look]\ntext = color:#800000\n"},
		{"foot.txt", "-- \nEnglish department\n"},
	};
	struct templates own = {files, COUNT(files)};
	struct arena arena = {0};
	struct frame_facts facts = sample_facts();
	struct entry e = sample_talk();
	struct letter l;
	assert_int_equal(templates_check(&own, NULL), 0);
	assert_int_equal(letter_receipt(&l, &own, &facts, &(struct receipt){.entry = &e, .credit = true}, &arena, NULL), 0);
	assert_string_equal(l.subject, "Got it: 1043");
	assert_string_equal(l.text, "Thank you, Ana Rivera!\n-- \nEnglish department\n");
	assert_non_null(strstr(l.html, "<p class=\"ink\" style=\"color:#800000\">Logged"));
	check_letter(&l);
	arena_release(&arena);
}

static void a_broken_one_leaves_the_letter_untouched(void **state)
{
	(void)state;
	static const char *const broken[] = {"Subject: x\n{{#new}}", "no subject\n", ""};
	struct arena arena = {0};
	struct frame_facts facts = sample_facts();
	struct entry e = sample_talk();
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct template_file file = {"receipt.txt", broken[i]};
		struct letter l = {"before", "before", "before"};
		struct err err = {0};
		assert_int_equal(letter_receipt(&l, &(struct templates){&file, 1}, &facts, &(struct receipt){.entry = &e}, &arena, &err), -1);
		assert_string_equal(l.subject, "before");
		assert_non_null(strstr(err.text, "receipt.txt:"));
	}
	arena_release(&arena);
}

static const struct {
	const char *text, *want;
} wraps[] = {
	{"", ""},
	{"\n\n\na  \n\n\n\nb\t\n\n", "a\n\nb\n"},
	{"a\r\nb\r\n", "a\nb\n"},
	{"-- \nx", "-- \nx\n"},
	{"one two three four five six seven eight nine ten eleven twelve thirteen fourteen", "one two three four five six seven eight nine ten eleven twelve thirteen\nfourteen\n"},
	{" 9. one two three four five six seven eight nine ten eleven twelve thirteen", " 9. one two three four five six seven eight nine ten eleven twelve\n    thirteen\n"},
	{"- one two three four five six seven eight nine ten eleven twelve thirteen fourteen", "- one two three four five six seven eight nine ten eleven twelve\n  thirteen fourteen\n"},
	{"1042  one two three four five six seven eight nine ten eleven twelve thirteen", "1042  one two three four five six seven eight nine ten eleven twelve\n      thirteen\n"},
	{"see https://example.org/a/very/long/address/that/cannot/be/broken/because/it/would/not/work here", "see\nhttps://example.org/a/very/long/address/that/cannot/be/broken/because/it/would/not/work\nhere\n"},
	{"日本語日本語日本語日本語日本語日本語日本語日本語日本語 日本語日本語日本語日本語日本語日本語", "日本語日本語日本語日本語日本語日本語日本語日本語日本語\n日本語日本語日本語日本語日本語日本語\n"},
};

static void wrapped(void **state)
{
	(void)state;
	struct arena arena = {0};
	for (size_t i = 0; i < COUNT(wraps); i++)
		assert_string_equal(wrap_text(&arena, wraps[i].text), wraps[i].want);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checked), cmocka_unit_test(shipped_ones_pass), cmocka_unit_test(a_campus_has_its_own_words),
		cmocka_unit_test(a_broken_one_leaves_the_letter_untouched), cmocka_unit_test(wrapped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
