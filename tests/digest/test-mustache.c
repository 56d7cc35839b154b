/* What the mustache specification says of the parts that we have, and our own limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <cmocka.h>

#include "digest/mustache.h"

#define COUNT(v) (sizeof(v) / sizeof *(v))

/* The value that all templates below see. */
static struct value *sample(struct arena *arena)
{
	struct value *root = value_map(arena), *list, *map;
	set_text(root, "name", "Ana");
	set_text(root, "html", "<b>\"Tom\" & 'Jerry'</b>");
	set_text(root, "empty", "");
	set_flag(root, "yes", true);
	set_flag(root, "no", false);
	set_number(root, "number", 85);
	set_list(root, "none");
	list = set_list(root, "words");
	list_text(list, "a");
	list_text(list, "b");
	list_text(list, "c");
	list = set_list(root, "people");
	for (int i = 0; i < 2; i++) {
		map = list_map(list);
		set_text(map, "who", i == 0 ? "Lee" : "Ho");
		list_text(set_list(map, "of"), i == 0 ? "x" : "y");
	}
	map = set_map(root, "person");
	set_text(map, "first", "Grace");
	set_text(set_map(map, "school"), "city", "Lincoln");
	set_text(root, "lines", "one\ntwo");
	return root;
}

static const char *partial(void *ctx, struct span name)
{
	static const struct {
		const char *name, *text;
	} partials[] = {
		{"text", "from partial"}, {"line", ">\n>"}, {"use", "*{{name}}*"}, {"node", "{{#people}}{{who}};{{/people}}"}, {"raw", "|\n{{{lines}}}\n|\n"},
		{"again", "{{>again}}"}, {"twice", "x{{>twice}}{{>twice}}"}, {"broken", "\n{{#a}}"}, {"nested", "[\n {{>line}}\n]\n"}, {"crlf", "a\r\nb\r\n"},
	};
	(void)ctx;
	for (size_t i = 0; i < COUNT(partials); i++)
		if (span_eq(name, partials[i].name))
			return partials[i].text;
	return NULL;
}

static int render(const char *text, enum mustache_output output, struct str *out, struct err *err)
{
	struct arena arena = {0};
	struct mustache m = {.name = "t", .text = text, .output = output, .partial = partial};
	int result = mustache_render(&m, sample(&arena), out, &arena, err);
	arena_release(&arena);
	return result;
}

static const struct {
	const char *text, *want;
} cases[] = {
	/* interpolation */
	{"", ""},
	{"Hello", "Hello"},
	{"Hello, {{name}}!", "Hello, Ana!"},
	{"{{html}}", "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;"},
	{"{{{html}}}", "<b>\"Tom\" & 'Jerry'</b>"},
	{"{{&html}}", "<b>\"Tom\" & 'Jerry'</b>"},
	{"{{& html }}", "<b>\"Tom\" & 'Jerry'</b>"},
	{"{{number}} miles", "85 miles"},
	{"I {{cannot}} be", "I  be"},
	{"I {{{cannot}}} be {{&seen}}", "I  be "},
	{"{{person.first}} {{#person}}{{first}}{{/person}}", "Grace Grace"},
	{"{{person.school.city}}", "Lincoln"},
	{"{{person.nothing.city}}|{{nothing.at.all}}|{{name.of}}", "||"},
	{"{{#person}}{{school.city}}, {{name}}{{/person}}", "Lincoln, Ana"},
	{"| {{name}} |", "| Ana |"},
	{"  {{name}}\n", "  Ana\n"},
	{"|{{ name }}|{{\tname\t}}|{{{ name }}}|", "|Ana|Ana|Ana|"},
	{"{{#words}}({{.}}){{/words}}", "(a)(b)(c)"},
	{"{{.}}", ""},
	{"{{name}}}", "Ana}"},
	/* sections */
	{"{{#yes}}on{{/yes}}{{#no}}off{{/no}}", "on"},
	{"{{#number}}{{.}}{{/number}}", "85"},
	{"{{#empty}}x{{/empty}}{{^empty}}none{{/empty}}", "none"},
	{"{{#none}}x{{/none}}{{^none}}none{{/none}}", "none"},
	{"{{#missing}}x{{/missing}}{{^missing}}none{{/missing}}", "none"},
	{"{{#people}}{{who}} of {{name}}, {{/people}}", "Lee of Ana, Ho of Ana, "},
	{"{{#people}}{{who}}{{#of}}={{.}};{{/of}}{{/people}}", "Lee=x;Ho=y;"},
	{"{{#yes}}\n* first\n{{/yes}}\n* {{name}}\n{{#yes}}\n* third\n{{/yes}}\n", "* first\n* Ana\n* third\n"},
	{"{{#yes}}A {{#yes}}B {{#no}}C{{/no}} D{{/yes}} E{{/yes}}", "A B  D E"},
	{"{{# yes }}={{/ yes }}", "="},
	{"{{^yes}}x{{/yes}}{{^people}}x{{/people}}", ""},
	{"{{#person.school.city}}here{{/person.school.city}}", "here"},
	{"{{#people}}{{^missing}}{{who}}{{/missing}}{{/people}}", "LeeHo"},
	/* alone on a line */
	{"|\n| This Is\n{{#yes}}\n|\n{{/yes}}\n| A Line\n", "|\n| This Is\n|\n| A Line\n"},
	{"|\n  {{#yes}}\n|\n  {{/yes}}\n|", "|\n|\n|"},
	{"|\r\n{{#yes}}\r\n{{/yes}}\r\n|", "|\r\n|"},
	{"  {{#yes}}\n#{{/yes}}\n/", "#\n/"},
	{"#{{#yes}}\n/\n  {{/yes}}", "#\n/\n"},
	{" | {{#yes}}\t|\t{{/yes}} | \n", " | \t|\t | \n"},
	{" {{#yes}}YES{{/yes}}\n {{#yes}}GOOD{{/yes}}\n", " YES\n GOOD\n"},
	{"|\n{{^no}}\n|\n{{/no}}\n|", "|\n|\n|"},
	{"  {{name}}  \nx", "  Ana  \nx"},
	/* comments */
	{"12345{{! a comment }}67890", "1234567890"},
	{"12345{{!\n many\n lines\n}}67890\n", "1234567890\n"},
	{"Begin.\n  {{! alone }}\nEnd.\n", "Begin.\nEnd.\n"},
	{"Begin.\n{{!\nSomething\n}}\nEnd.\n", "Begin.\nEnd.\n"},
	{"  12 {{! 34 }}\n", "  12 \n"},
	{"{{! {{name}}", ""},
	/* partials */
	{"\"{{>text}}\"", "\"from partial\""},
	{"{{>use}} {{#people}}{{>use}}{{/people}}", "*Ana* *Ana**Ana*"},
	{"{{> node }}", "Lee;Ho;"},
	{"  |  {{> line}}\n", "  |  >\n>\n"},
	{"  {{>line}}\n>", "  >\n  >>"},
	{"\\\n {{>raw}}\n/\n", "\\\n |\n one\ntwo\n |\n/\n"},
	{">\n  {{>line}}", ">\n  >\n  >"},
	{"|\r\n{{>text}}\r\n|", "|\r\nfrom partial|"},
	{" {{>nested}}", " [\n  >\n  > ]\n"},
};

static void spec(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str out = {0};
		struct err err = {0};
		if (render(cases[i].text, MUSTACHE_HTML, &out, &err) != 0)
			fail_msg("%s: %s", cases[i].text, err.text);
		if (strcmp(str_c(&out), cases[i].want) != 0)
			fprintf(stderr, "template: %s\n", cases[i].text);
		assert_string_equal(str_c(&out), cases[i].want);
		str_release(&out);
	}
}

static const struct {
	const char *text, *want;
} wrong[] = {
	{"{{name", "t:1: a tag is not closed"},
	{"\n\n  {{{name}}", "t:3: a tag is not closed"},
	{"a\n{{#yes}}\nb", "t:2: this section is never closed: yes"},
	{"{{#yes}}\n{{#no}}\n{{/no}}", "t:1: this section is never closed: yes"},
	{"a\n{{/yes}}", "t:2: nothing is open to be closed by yes"},
	{"{{#yes}}\n\n{{/no}}", "t:3: {{/no}} cannot close {{#yes}} of line 1"},
	{"{{=<% %>=}}", "t:1: other delimiters are not supported"},
	{"x\n{{a b}}", "t:2: this is no name: a b"},
	{"{{}}", "t:1: this is no name:"},
	{"{{<parent}}", "t:1: this is no name: <parent"},
	{"{{>nowhere}}", "t:1: there is no partial nowhere"},
	{"\n{{>broken}}", "broken:2: this section is never closed: a"},
	{"{{>again}}", "again:1: partials are nested too deeply at again"},
	{"{{>twice}}", "twice:1: partials are nested too deeply at twice"},
};

static void errors_name_the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct str out = {0};
		struct err err = {0};
		assert_int_equal(render(wrong[i].text, MUSTACHE_HTML, &out, &err), -1);
		assert_string_equal(err.text, wrong[i].want);
		str_release(&out);
	}
}

static void depth_is_bounded(void **state)
{
	(void)state;
	struct str text = {0}, out = {0};
	struct err err = {0};
	for (int i = 0; i < 33; i++)
		str_puts(&text, "{{#yes}}");
	for (int i = 0; i < 33; i++)
		str_puts(&text, "{{/yes}}");
	assert_int_equal(render(text.p, MUSTACHE_HTML, &out, &err), -1);
	assert_string_equal(err.text, "t:1: sections are nested too deeply at yes");
	str_clear(&text);
	for (int i = 0; i < 32; i++)
		str_puts(&text, "{{#yes}}");
	str_puts(&text, "in");
	for (int i = 0; i < 32; i++)
		str_puts(&text, "{{/yes}}");
	assert_int_equal(render(text.p, MUSTACHE_HTML, &out, &err), 0);
	assert_string_equal(out.p, "in");
	str_release(&text);
	str_release(&out);
}

static void size_is_bounded(void **state)
{
	(void)state;
	struct str out = {.max = 1000};
	struct err err = {0};
	struct arena arena = {0};
	struct value *root = value_map(&arena), *list = set_list(root, "list");
	for (int i = 0; i < 1000; i++)
		list_text(list, "0123456789");
	struct mustache m = {.name = "t", .text = "\n{{#list}}{{.}}{{/list}}"};
	assert_int_equal(mustache_render(&m, root, &out, &arena, &err), -1);
	assert_string_equal(err.text, "t:2: the letter grows too large here");
	arena_release(&arena);
	str_release(&out);
}

static const struct {
	const char *value, *text, *html;
} values[] = {
	{"<script>alert(1)</script>", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
	{"a & b \"c\" 'd'", "a & b \"c\" 'd'", "a &amp; b &quot;c&quot; &#39;d&#39;"},
	{"\x1b[31mred\x1b[0m\a", "[31mred[0m", "[31mred[0m"},
	{"one\r\nBcc: x", "one\nBcc: x", "one\nBcc: x"},
	{"\u202Egpj.exe\u2066", "gpj.exe", "gpj.exe"},
	{"bad \xff\xc0\xaf end", "bad \uFFFD\uFFFD\uFFFD end", "bad \uFFFD\uFFFD\uFFFD end"},
	{"\xc2\x9b" "31m\u2028x\ufeff", "31mx", "31mx"},
	{"Zo\u00eb \u65e5\u672c \U0001F44D\U0001F3FD", "Zo\u00eb \u65e5\u672c \U0001F44D\U0001F3FD", "Zo\u00eb \u65e5\u672c \U0001F44D\U0001F3FD"},
	{"{{name}}", "{{name}}", "{{name}}"},
};

static void output_chooses_the_escaping(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		for (int html = 0; html < 2; html++) {
			struct arena arena = {0};
			struct str out = {0};
			struct value *root = value_map(&arena);
			set_text(root, "v", values[i].value);
			struct mustache m = {.name = "t", .text = "{{v}}", .output = html ? MUSTACHE_HTML : MUSTACHE_TEXT};
			assert_int_equal(mustache_render(&m, root, &out, &arena, NULL), 0);
			assert_string_equal(str_c(&out), html ? values[i].html : values[i].text);
			str_release(&out);
			arena_release(&arena);
		}
	}
}

static int list_tag(void *ctx, char kind, struct span name, int line, struct err *err)
{
	(void)err;
	str_printf(ctx, "%c%.*s:%d ", kind, SPAN_ARG(name), line);
	return span_eq(name, "stop") ? -1 : 0;
}

static void tags_are_listed(void **state)
{
	(void)state;
	struct str seen = {0};
	struct arena arena = {0};
	struct mustache m = {.name = "t", .text = "{{a}}\n{{#b}}{{{c}}}{{/b}}\n{{!x}}{{>p}}{{^d}}{{/d}}{{stop}}{{e}}"};
	assert_int_equal(mustache_each_tag(&m, list_tag, &seen, &arena, NULL), -1);
	assert_string_equal(seen.p, "$a:1 #b:2 &c:2 >p:3 ^d:3 $stop:3 ");
	str_release(&seen);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spec),
		cmocka_unit_test(errors_name_the_line),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(size_is_bounded),
		cmocka_unit_test(output_chooses_the_escaping),
		cmocka_unit_test(tags_are_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
