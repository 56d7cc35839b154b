#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/read/split.h"
#include "rules/arena.h"

/* Own words among quoted lines, and what each of them answers. */

static struct arena arena;

#define ON "On Tue, 3 Mar 2026 at 09:31, PLN <pln@lincoln.example> wrote:\n"
#define HON "<div class=\"gmail_attr\">On Tue, 3 Mar 2026 at 09:31, PLN &lt;pln@lincoln.example&gt; wrote:<br></div>"
#define CELL(no, title) "<tr><td>" no "</td><td><b>Grace Lee</b>: " title "<br>Tue 3 Mar · <b>20 min</b></td></tr>"

static const struct {
	const char *what, *text, *want; /* "own<quoted|own<quoted" */
} rows[] = {
	{"nothing but a quotation below", "ok\n\n" ON "> 1. A\n> 2. B\n", ""},
	{"no reply at all", "ok\n1. A\n", ""},
	{"under two items", ON "> 1. Ana: Exit tickets\n>     Wed 4 Mar · read\n\nok\n\n> 2. Grace: Lab notebooks\n>     Tue 3 Mar\n\nno, same as 1\n\n> What you do not answer stays open.\n",
	 "ok<1. Ana: Exit tickets Wed 4 Mar · read|no, same as 1<2. Grace: Lab notebooks Tue 3 Mar"},
	{"without empty lines", ON "> 1. A\nok\n> 2. B\n30m\n> end\n", "ok<1. A|30m<2. B"},
	{"items without an empty line between", ON "> 1. A\n>    one\n> 2. B\n>    two\n\nok\n\n> 3. C\n", "ok<2. B two"},
	{"deeper levels", ON "> On Mon, 2 Mar 2026, Ana <ana@x.example> wrote:\n>> Why 20?\n> Because.\n\nFine then.\n\n> More?\n\nNo.\n", "Fine then.<Because.|No.<More?"},
	{"at the bottom", ON "> Shall we?\n\nYes,\nlet us.\n", "Yes,\nlet us.<Shall we?"},
	{"both at the top and inside", "See below.\n\n" ON "> One?\n\nYes.\n\n> Two?\n", "Yes.<One?"},
	{"a signature is no answer", ON "> One?\n\nYes.\n-- \nGrace\n", "Yes.<One?"},
	{"a paragraph", ON "> Would you, when you\n> have the time,\n\nsure\n\n> come?\n", "sure<Would you, when you have the time,"},
	{"not the paragraph before", ON "> Good morning.\n>\n> Would you?\n\nsure\n", "sure<Would you?"},
	{"Gmail's page", "<div dir=ltr><div class=gmail_quote>" HON "<blockquote class=gmail_quote><ol><li>Exit tickets</li></ol></blockquote><div>ok</div>"
	 "<blockquote class=gmail_quote><div>Lab notebooks</div></blockquote><div>no</div><blockquote class=gmail_quote>foot</blockquote></div></div>",
	 "ok<Exit tickets|no<Lab notebooks"},
	{"Apple's page", "<blockquote type=cite><div>On 3 Mar 2026, at 09:31, PLN &lt;pln@lincoln.example&gt; wrote:</div><div>One?</div></blockquote><div>Yes.</div>"
	 "<blockquote type=cite><div>Two?</div></blockquote><div>No.</div>", "Yes.<One?|No.<Two?"},
	{"a table split in two", "<div class=gmail_quote>" HON "<blockquote class=gmail_quote><table>" CELL("1", "A") CELL("2", "B") "</table></blockquote></div><div>ok</div>"
	 "<blockquote class=gmail_quote><table>" CELL("3", "C") "</table></blockquote>", "ok<2 Grace Lee: B Tue 3 Mar · 20 min"},
};

static void answers_of(const char *text, struct str *out)
{
	struct body body;
	struct split split;
	if (*text == '<')
		html_read(span_of(text), &arena, &body);
	else
		text_read(&(struct part){.text = span_of(text)}, &arena, &body);
	body_split(&body, "Re: 4 entries", true, &arena, &split);
	for (size_t i = 0; i < split.n_answers; i++)
		str_printf(out, "%s%s<%s", i > 0 ? "|" : "", split.answers[i].own, split.answers[i].quoted);
}

static void words_below_quoted_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str got = {0};
		answers_of(rows[i].text, &got);
		if (strcmp(str_c(&got), rows[i].want) != 0)
			fail_msg("%s: \"%s\"", rows[i].what, str_c(&got));
		str_release(&got);
		arena_release(&arena);
	}
}

static void bounded(void **state)
{
	(void)state;
	struct str text = {.max = 1 << 24};
	struct body body;
	struct split split;
	str_puts(&text, ON);
	for (int i = 0; i < 20000; i++)
		str_puts(&text, "> é\nno\n");
	for (int i = 0; i < 20000; i++)
		str_puts(&text, i % 2 ? "> é\n" : "> ééééééééééééééééééééééééééééééééééééééééééééééééééé\n");
	str_puts(&text, "ok\n");
	text_read(&(struct part){.text = {text.p, text.n}}, &arena, &body);
	body_split(&body, "Re: x", true, &arena, &split);
	assert_int_equal(split.n_answers, 500);
	for (size_t i = 0; i < split.n_answers; i++)
		assert_true(strlen(split.answers[i].quoted) <= 400 && utf8_valid(split.answers[i].quoted, strlen(split.answers[i].quoted)));
	str_release(&text);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(words_below_quoted_lines), cmocka_unit_test(bounded)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
