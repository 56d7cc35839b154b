/* The sentences that people learn to rely on, word for word, and their grammar where there is one, many or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "tests/digest/check.h"
#include "tests/digest/sample.h"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* The text as one line, as a reader sees it. */
static const char *flat(const struct letter *l)
{
	char *text = arena_strdup(&arena, l->text);
	for (char *p = text; (p = strchr(p, '\n')) != NULL;)
		*p = ' ';
	check_letter(l);
	return text;
}

static void says(const struct letter *l, const char *sentence)
{
	if (strstr(flat(l), sentence) == NULL)
		fail_msg("\"%s\" is not in: %s", sentence, flat(l));
}

static struct letter receipt(const struct receipt *r)
{
	struct letter l;
	struct frame_facts facts = sample_facts();
	assert_int_equal(letter_receipt(&l, NULL, &facts, r, &arena, NULL), 0);
	return l;
}

static void receipts(void **state)
{
	(void)state;
	struct entry link = sample_exit_tickets(), talk = sample_talk(), starred = link, capped = talk, more = talk, hidden = link, bare = talk;
	struct letter l = receipt(&(struct receipt){.entry = &link, .credit = true});
	says(&l, "Logged 1042: Exit tickets (edutopia.org/…), shared, 1 min. Really useful? Reply *star*. Wrong? Reply *undo*.");
	l = receipt(&(struct receipt){.entry = &talk, .credit = true});
	says(&l, "Logged 1043, Tue 3 Mar: 20 min, 15 credited (talk rule).");
	starred.starred = true;
	starred.minutes = starred.actual = starred.credited = 10;
	l = receipt(&(struct receipt){.entry = &starred, .amended = true, .changes = &(struct strs)STRS("⭐", "10 min"), .credit = true});
	says(&l, "1042: ⭐, 10 min logged and credited.");
	l = receipt(&(struct receipt){.entry = &starred, .amended = true, .changes = &(struct strs)STRS("⭐"), .credit = true});
	says(&l, "1042: ⭐, 10 min credited.");
	l = receipt(&(struct receipt){.entry = &talk, .amended = true, .changes = &(struct strs)STRS("20 min"), .credit = true});
	says(&l, "1043: 20 min logged, 15 credited (talk rule).");
	l = receipt(&(struct receipt){.entry = &talk, .amended = true, .changes = &(struct strs)STRS("20 min")});
	says(&l, "1043: 20 min logged.");
	l = receipt(&(struct receipt){.entry = &talk, .amended = true, .changes = &(struct strs)STRS("hidden from colleagues"), .credit = true});
	says(&l, "1043 is hidden from colleagues.");
	capped.credited = 0;
	capped.reason = "0: weekly star cap reached";
	l = receipt(&(struct receipt){.entry = &capped, .credit = true});
	says(&l, "20 min, 0 credited (weekly star cap reached).");
	more.credited = 60;
	more.reason = "60 of 20: presented for the first time";
	l = receipt(&(struct receipt){.entry = &more, .credit = true});
	says(&l, "20 min, 1 h credited (presented for the first time).");
	hidden.is_private = true;
	l = receipt(&(struct receipt){.entry = &hidden, .credit = true});
	says(&l, "Logged 1042: Exit tickets (edutopia.org/…), hidden from colleagues, 1 min.");
	bare.minutes = MINUTES_NONE;
	bare.actual = bare.credited = 0;
	l = receipt(&(struct receipt){.entry = &bare, .credit = true});
	says(&l, "Logged 1043, Tue 3 Mar: Lab notebooks, shared. Wrong? Reply *undo*.");
}

static void status(void **state)
{
	(void)state;
	struct letter l;
	struct frame_facts facts = sample_facts();
	struct credit_status s = sample_status();
	assert_int_equal(letter_status(&l, NULL, &facts, &s, &arena, NULL), 0);
	says(&l, "Gave 6, took 9. Credit 2 h 10 approved, 40 min waiting, cap 6 h.");
	s.cap = 0;
	assert_int_equal(letter_status(&l, NULL, &facts, &s, &arena, NULL), 0);
	says(&l, "Credit 2 h 10 approved, 40 min waiting. ");
	says(&l, "2 h 50 of 18 h");
	s.requirement = 0;
	assert_int_equal(letter_status(&l, NULL, &facts, &s, &arena, NULL), 0);
	says(&l, " 2 h 50 █ approved");
}

static const char *outcome(const struct outcome *o)
{
	struct letter l;
	struct frame_facts facts = sample_facts();
	assert_int_equal(letter_outcome(&l, NULL, &facts, o, &arena, NULL), 0);
	return flat(&l);
}

static struct outcome_list items(int minutes, const char *words, int n, const int *numbers)
{
	struct outcome_list list = {arena_alloc(&arena, (size_t)n * sizeof *list.v), (size_t)n};
	for (int i = 0; i < n; i++)
		list.v[i] = (struct outcome_item){numbers[i], "Grace Lee", "Lab notebooks", minutes, words};
	return list;
}
#define ITEMS(minutes, words, ...) items(minutes, words, (int)COUNT(((int[]){__VA_ARGS__})), (int[]){__VA_ARGS__})

static void outcomes(void **state)
{
	(void)state;
	const struct {
		struct outcome o;
		const char *want;
	} cases[] = {
		{{.approved = ITEMS(15, "", 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14), .changed = ITEMS(30, "", 7), .denied = ITEMS(0, "same as 1", 3),
		  .undecided = ITEMS(0, "over the cap", 11), .undo_until = DAY(2026, 3, 6)},
		 "Approved 1, 2, 4–6, 8–10, 12–14; 7 at 30 min; denied 3. Item 11 was flagged (over the cap) and NOT approved: reply *11 ok*. *undo* until Friday."},
		{{.changed = ITEMS(30, "", 7), .undo_until = DAY(2026, 3, 18)}, "Approved 7 at 30 min. *undo* until Wed 18 Mar."},
		{{.changed = ITEMS(30, "", 7, 8, 9), .denied = ITEMS(0, "", 1), .undo_until = DAY_NONE}, "Approved 7–9 at 30 min; denied 1. "},
		{{.denied = ITEMS(0, "a coffee", 2), .undo_until = DAY_NONE}, "Denied 2. "},
		{{.asked = ITEMS(0, "What for?", 2, 3), .undo_until = DAY(2026, 3, 6)}, "Asked about 2, 3. "},
		{{.undone = ITEMS(0, "", 1, 2, 3), .undo_until = DAY(2026, 3, 6)}, "Taken back 1–3. "},
		{{.undecided = ITEMS(0, "first of its kind", 1), .undo_until = DAY(2026, 3, 6)},
		 "Nothing was decided. Item 1 was flagged (first of its kind) and NOT approved: reply *1 ok*. "},
		{{.refused = ITEMS(0, "it is your own", 4), .undo_until = DAY_NONE}, "Item 4 was not decided: it is your own."},
		{{.already = ITEMS(0, "approved by Ms Ho", 4), .undo_until = DAY_NONE}, "Item 4 was decided before: approved by Ms Ho. Nothing was changed."},
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		if (strstr(outcome(&cases[i].o), cases[i].want) == NULL)
			fail_msg("\"%s\" is not in: %s", cases[i].want, outcome(&cases[i].o));
}

static void subjects(void **state)
{
	(void)state;
	struct frame_facts facts = sample_facts();
	struct entry e = sample_talk();
	struct approval_item items14[14];
	struct letter l;
	for (int i = 0; i < 14; i++)
		items14[i] = (struct approval_item){i + 1, &e, "Grace Lee", ""};
	assert_int_equal(letter_approval(&l, NULL, &facts, &(struct approval_letter){"2026-W10", items14, 14, 3, DAY_NONE, NULL, false}, &arena, NULL), 0);
	assert_string_equal(l.subject, "14 entries, 3 teachers");
	assert_non_null(strstr(l.html, "href=\"mailto:pln+9f3c2a7d@lincoln.example?subject=Re%3A%2014%20entries%2C%203%20teachers&amp;body=ok\""));
	assert_non_null(strstr(l.html, "&amp;body=ok%20except%20\""));
	assert_int_equal(letter_decided(&l, NULL, &facts, &(struct decided){&e, "Ms Ho", "denied", "no"}, 1, &arena, NULL), 0);
	assert_string_equal(l.subject, "1043: denied");
	struct week w = {.week = {2026, 10}, .monday = DAY(2026, 3, 2), .links = &(struct shared_link){"https://example.org/a", "A", 2, 1}, .n_links = 1};
	int64_t *ids;
	size_t n;
	assert_int_equal(letter_digest(&l, NULL, &facts, &w, &ids, &n, &arena, NULL), 1);
	assert_string_equal(l.subject, "PLN week 10: 1 shared link");
	assert_true(n == 1 && ids[0] == 1);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(receipts, release), cmocka_unit_test_teardown(status, release),
	                                   cmocka_unit_test_teardown(outcomes, release), cmocka_unit_test_teardown(subjects, release)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
