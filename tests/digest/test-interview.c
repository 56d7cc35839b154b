/* The letters of the end of the year against golden/; and what hostile words do to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "digest/interview.h"
#include "tests/digest/check.h"
#include "tests/digest/golden.h"
#include "tests/digest/sample.h"

static const struct check_row rows[] = {
	{true, "An approved plan", "Feedback that moves learning on", ""},
	{true, "5 shared resources", "you have 12", ""},
	{false, "2 examples of use in class", "you have 1", "Write #pln #applied and what you tried with your class."},
	{true, "An interview or a write-up", "an interview: times are proposed", ""},
};

static struct strs times(void)
{
	static const char *v[] = {"Fri 6 Mar, 15:30", "Mon 9 Mar, 15:30", "Tue 10 Mar, 15:30"};
	return (struct strs){v, 3};
}

static struct checklist checklist(bool complete)
{
	struct checklist c = {.year = "2025/26", .minutes = 180, .rows = rows, .n = COUNT(rows), .complete = complete, .asked = ""};
	if (complete) {
		c.rows = rows + 3;
		c.n = 1;
		c.asked = "Pat Moss and Kim Lee";
		c.times = times();
		c.file = true;
	}
	return c;
}

static struct pack pack(struct plan *plan, struct entry *entries, struct pack_entry *list)
{
	*plan = (struct plan){.parts = {"Two newsletters, #edchat and Ms Lee next door", "Exit tickets that show what was learnt", "Period 3, each Friday"},
	                      .goal_words = "Feedback that moves learning on"};
	entries[0] = sample_exit_tickets();
	entries[1] = sample_talk();
	list[0] = (struct pack_entry){&entries[0], 10, ""};
	list[1] = (struct pack_entry){&entries[1], 20, "Cold calling, kindly"};
	return (struct pack){.teacher = "Ana Rivera", .year = "2025/26", .minutes = 180, .plan = plan, .plan_by = "Pat Moss", .plan_day = DAY(2025, 9, 3),
	                     .applied = {list + 1, 1}, .starred = {list, 1}, .shared = {list, 2}, .n_applied = 1, .n_shared = 2, .entries = 14, .actual = 390,
	                     .credited = 60, .gave = 5, .took = 9, .write_up = "", .write_up_where = "", .times = times(), .file = true, .undo_days = 4};
}

static void keep(const char *name, struct letter *letter, struct arena *arena)
{
	check_letter(letter);
	golden_letter(arena, name, letter);
}

static void letters_are_as_written(void **state)
{
	struct arena arena = {0};
	struct frame_facts facts = sample_facts();
	struct letter letter;
	struct plan plan;
	struct entry entries[2];
	struct pack_entry list[2];
	struct err err;
	struct checklist missing = checklist(false), complete = checklist(true);
	struct pack p = pack(&plan, entries, list);
	assert_int_equal(letter_checklist(&letter, NULL, &facts, &missing, &arena, &err), 0);
	keep("checklist", &letter, &arena);
	assert_int_equal(letter_checklist(&letter, NULL, &facts, &complete, &arena, &err), 0);
	keep("checklist-complete", &letter, &arena);
	assert_int_equal(letter_pack(&letter, NULL, &facts, &p, &arena, &err), 0);
	keep("pack", &letter, &arena);
	arena_release(&arena);
	(void)state;
}

/* The approver's two commonest answers, and the times, open a ready reply. */
static void answers_are_ready(void **state)
{
	struct arena arena = {0};
	struct frame_facts facts = sample_facts();
	struct letter letter;
	struct plan plan;
	struct entry entries[2];
	struct pack_entry list[2];
	struct err err;
	struct pack p = pack(&plan, entries, list);
	assert_int_equal(letter_pack(&letter, NULL, &facts, &p, &arena, &err), 0);
	assert_non_null(strstr(letter.html, "body=signed\""));
	assert_non_null(strstr(letter.html, "body=not%20yet"));
	assert_non_null(strstr(letter.html, "body=2\""));
	assert_non_null(strstr(letter.html, "mailto:pln%2B9f3c2a7d@lincoln.example") != NULL ? "" : strstr(letter.html, "mailto:pln+9f3c2a7d@lincoln.example"));
	const char *came[] = {"essay.pdf, 1.2 MB"}, *not[] = {"game.exe: it is empty"};
	p.files = (struct strs){came, 1};
	p.refused = (struct strs){not, 1};
	assert_int_equal(letter_pack(&letter, NULL, &facts, &p, &arena, &err), 0);
	assert_non_null(strstr(letter.text, "FILES FROM Ana Rivera"));
	assert_non_null(strstr(letter.text, "\n- essay.pdf, 1.2 MB\n"));
	assert_non_null(strstr(letter.text, "not handed on: game.exe: it is empty"));
	assert_non_null(strstr(letter.html, ">essay.pdf, 1.2 MB<"));
	assert_non_null(strstr(letter.html, "Not handed on: game.exe: it is empty"));
	p.files.n = p.refused.n = 0;
	p.times.n = 0;
	p.file = false;
	p.write_up = "What changed in my room";
	assert_int_equal(letter_pack(&letter, NULL, &facts, &p, &arena, &err), 0);
	assert_null(strstr(letter.text, "attached"));
	assert_non_null(strstr(letter.text, "\nA write-up is below, so you need not meet. To meet first, reply a time"));
	assert_non_null(strstr(letter.html, "A write-up is below, so you need not meet. <b>To meet first</b>, reply a time of your own"));
	assert_null(strstr(letter.text, "reply the number"));
	assert_null(strstr(letter.text, "FILES FROM"));
	assert_non_null(strstr(letter.text, "What changed in my room"));
	arena_release(&arena);
	(void)state;
}

static void hostile_words_stay_words(void **state)
{
	static const char evil[] = "</td><script>alert(1)</script> \r\nBcc: x@y.example \x01 \xe2\x80\xae";
	struct arena arena = {0};
	struct frame_facts facts = sample_facts();
	struct letter letter;
	struct plan plan;
	struct entry entries[2];
	struct pack_entry list[2];
	struct err err;
	struct pack p = pack(&plan, entries, list);
	const char *evils[] = {evil};
	p.files = p.refused = (struct strs){evils, 1};
	p.teacher = p.write_up = p.write_up_where = evil;
	plan.parts = (struct plan_parts){evil, evil, evil};
	entries[0].title = entries[0].note = entries[1].title = evil;
	assert_int_equal(letter_pack(&letter, NULL, &facts, &p, &arena, &err), 0);
	check_letter(&letter);
	assert_null(strstr(letter.html, "<script"));
	assert_null(strchr(letter.subject, '\n'));
	struct check_row row = {false, evil, evil, evil};
	struct checklist c = {.year = "2025/26", .minutes = 180, .rows = &row, .n = 1, .asked = evil};
	assert_int_equal(letter_checklist(&letter, NULL, &facts, &c, &arena, &err), 0);
	assert_null(strstr(letter.html, "<script"));
	arena_release(&arena);
	(void)state;
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(letters_are_as_written), cmocka_unit_test(answers_are_ready), cmocka_unit_test(hostile_words_stay_words)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
