#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "digest/plan.h"
#include "rules/plan-said.h"
#include "rules/plan-words.h"
#include "tests/digest/check.h"
#include "tests/digest/sample.h"

static const struct goal goals[] = {{1, "Formative assessment in every classroom"}, {4, "Reading <b>across</b> all subjects & ages"}};

static struct plan sample_plan(void)
{
	return (struct plan){.id = 7, .version = 2, .state = PLAN_DRAFT, .goal = 4, .goal_words = goals[1].words,
	                     .parts = {"The Marshall Memo\n- Ms Lee\n- two chats", "How exit tickets show me what was understood.", "One every Friday."}};
}

static void written(struct letter *letter, const struct plan_letter *l, struct arena *arena)
{
	struct frame_facts facts = sample_facts();
	struct err err = {0};
	if (letter_plan(letter, NULL, &facts, l, arena, &err) < 0)
		fail_msg("%s", err.text);
	check_letter(letter);
}

static void holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("does not hold \"%s\":\n%s", part, text);
}

static void the_echo(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct letter letter;
	struct plan plan = sample_plan();
	written(&letter, &(struct plan_letter){.subject = "Your plan for 2026/27", .before = STRS("This is what I understood."), .plan = &plan, .of = "Plan 2026/27, version 2",
	                                       .after = STRS("Send? Reply *yes*."), .replies = STRS("yes", "no")}, &arena);
	assert_string_equal(letter.subject, "Your plan for 2026/27");
	holds(letter.text, "\nMy network:\n    The Marshall Memo\n    - Ms Lee\n    - two chats\n");
	holds(letter.text, "\nWhat I hope to learn:\n    How exit tickets show me what was understood.\n");
	holds(letter.text, "\nGoal 4: Reading <b>across</b> all subjects & ages\n\nSend? Reply *yes*.\n");
	holds(letter.html, "Reading &lt;b&gt;across&lt;/b&gt; all subjects &amp; ages");
	holds(letter.html, "body=yes\"");
	holds(letter.html, "body=no\"");
	assert_null(strstr(letter.html, "body=My%20network"));
	arena_release(&arena);
}

static void what_is_missing(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct letter letter;
	struct plan plan = sample_plan();
	plan.parts.classroom = "";
	plan.goal = 0;
	written(&letter, &(struct plan_letter){.subject = "Plan", .plan = &plan, .choose = true, .goals = goals, .n_goals = 2, .after = STRS("How will it reach your classroom?")}, &arena);
	holds(letter.text, "How it reaches my classroom:\n    (nothing yet)\n");
	holds(letter.text, "    4. Reading");
	holds(letter.html, "body=goal%204\"");
	holds(letter.html, "body=How%20it%20reaches%20my%20classroom%3A");
	assert_null(strstr(letter.text, "Goal"));
	arena_release(&arena);
}

/* What an answer quotes of ours is found again: each title and each question names its part. */
static void titles_are_labels(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct letter letter;
	struct span rest;
	for (size_t i = 0; i < PLAN_PARTS; i++) {
		assert_int_equal(plan_label_of(span_of(plan_part_title(i)), false, &rest, &arena), (int)i);
		assert_int_equal(plan_label_of(span_of(plan_part_question(i)), true, &rest, &arena), (int)i);
	}
	written(&letter, &(struct plan_letter){.subject = "Your plan", .questions = true}, &arena);
	holds(letter.text, "1. My network: whom do you read, follow, listen to, meet?\n");
	holds(letter.html, "body=My%20network%3A");
	arena_release(&arena);
}

static void hostile(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct letter letter;
	struct str much = {.max = 1 << 20};
	for (int i = 0; i < 4000; i++)
		str_puts(&much, i % 9 == 8 ? "\n" : "{&amp; w\xc3\xb6rds");
	struct plan plan = {.version = 1, .goal = INT64_MAX, .goal_words = "<script>\r\nBcc: a@b.example\n</script>\x07",
	                    .parts = {"</td></tr><script>alert(1)</script>\xe2\x80\xae", "\xff\xfe\xc3\x28", much.p}};
	struct goal bad[] = {{-1, "\"><i x=x>"}, {0, ""}};
	written(&letter, &(struct plan_letter){.subject = "a\r\nBcc: b@c.example", .of = "\n\n", .plan = &plan, .choose = true, .goals = bad, .n_goals = 2,
	                                       .before = STRS("*", "**", "\"><b>"), .replies = STRS("\"><b>")}, &arena);
	str_release(&much);
	arena_release(&arena);
}

/* Exchange 5 of the mission, word for word. */
static void the_status(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct letter letter;
	struct err err = {0};
	struct frame_facts facts = sample_facts();
	struct credit_status s = {.year = "2025/26", .approved = 130, .waiting = 40, .cap = 360, .gave = 6, .took = 9, .entries = 15, .credit = true, .plan = "goal 2", .plan_within = 12, .plan_of = 18};
	assert_int_equal(letter_status(&letter, NULL, &facts, &s, &arena, &err), 0);
	check_letter(&letter);
	holds(letter.text, "Gave 6, took 9. Plan: goal 2. Credit 2 h 10 approved, 40 min waiting,\ncap 6 h.");
	holds(letter.text, "12 of 18 entries within your plan.");
	holds(letter.html, "12 of 18 entries within your plan");
	struct credit_status none = {.year = "2025/26", .credit = true, .plan_wanted = true};
	assert_int_equal(letter_status(&letter, NULL, &facts, &none, &arena, &err), 0);
	check_letter(&letter);
	holds(letter.text, "You have no plan yet. Write *plan*");
	holds(letter.html, "body=plan\"");
	assert_null(strstr(letter.text, "Plan:"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_echo), cmocka_unit_test(what_is_missing), cmocka_unit_test(titles_are_labels), cmocka_unit_test(hostile), cmocka_unit_test(the_status),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
