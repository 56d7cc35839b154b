/* Letters about what nobody should write, about nothing, and about very much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "tests/digest/check.h"
#include "tests/digest/sample.h"

static const char *const nasty[] = {
	"<script>alert(1)</script>",
	"\"><img src=x onerror=\"alert(1)\">",
	"' style='position:fixed' & \"quoted\" &amp; </td></table></body>",
	"x\r\nBcc: victim@example.org\r\n\r\nbody",
	"\u202Egpj.exe \u2066hidden\u2069 \x1b]0;title\a \x1b[2J",
	"{{name}} {{{html}}} {{#yes}} {{>foot}} }}",
	"javascript:alert(1)",
	"\xff\xfe\xc0\xaf not UTF-8 \xe2\x80",
	"Ünïcödé 日本語 العربية עברית 👩‍🏫👍🏽",
	"*bold* **two** *a b c* * x* 2*3*4 *",
	"averylongwordwithoutanyblankaverylongwordwithoutanyblankaverylongwordwithoutanyblankaverylongwordwithoutanyblank",
	"",
	" \n\t ",
};

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct frame_facts facts_of(const char *s)
{
	return (struct frame_facts){s, s, s, s, SAMPLE_TODAY};
}

static struct entry entry_of(const char *s)
{
	static struct entry_link links[2];
	static const char *words[1];
	words[0] = s;
	links[0] = links[1] = (struct entry_link){s, s};
	return (struct entry){.id = 1042, .day = SAMPLE_TODAY, .kind = KIND_READ, .title = s, .note = s, .source = s, .links = links, .n_links = 2,
	                      .tags = {words, 1}, .with = {words, 1}, .minutes = 20, .starred = true, .claim = CLAIM_WAITING, .actual = 20, .credited = 15,
	                      .reason = s, .flag = s};
}

#define WRITTEN(call) \
	do { \
		struct letter l = {0}; \
		struct err err = {0}; \
		if ((call) < 0) \
			fail_msg("%s", err.text); \
		if (l.subject != NULL && l.subject[0] == '\0') \
			l.subject = "?"; \
		if (l.html != NULL) \
			check_hostile(&l); \
	} while (0)

/* A word of the data may well look like mustache or a script; as data it is harmless. */
static void check_hostile(const struct letter *l)
{
	assert_null(strcasestr(l->html, "<script"));
	assert_null(strcasestr(l->html, "<img"));
	assert_null(strcasestr(l->html, "href=\"javascript"));
	assert_null(strstr(l->html, "\"alert"));
	assert_null(strstr(l->html, "victim@example.org\r"));
	check_lines(l->text);
	check_controls(l->text, true);
	check_controls(l->html, true);
	check_controls(l->subject, false);
	assert_true(utf8_valid(l->html, strlen(l->html)) && utf8_valid(l->text, strlen(l->text)) && utf8_valid(l->subject, strlen(l->subject)));
	assert_true(count_of(l->html, "<td ") == count_of(l->html, "</td>") && count_of(l->html, "<table ") == count_of(l->html, "</table>"));
	assert_int_equal(count_of(l->html, "</body>"), 1);
}

static void to_a_teacher(const char *s)
{
	struct frame_facts facts = facts_of(s);
	struct entry e = entry_of(s);
	struct strs list = STRS(s, s);
	WRITTEN(letter_receipt(&l, NULL, &facts, &(struct receipt){.entry = &e, .remarks = &list, .credit = true}, &arena, &err));
	WRITTEN(letter_receipt(&l, NULL, &facts, &(struct receipt){.entry = &e, .amended = true, .changes = &list, .credit = true}, &arena, &err));
	WRITTEN(letter_receipt(&l, NULL, &facts, &(struct receipt){.entry = &e, .undone = true}, &arena, &err));
	struct credit_status status = sample_status();
	struct status_line line = {1042, SAMPLE_TODAY, s, 20, 15, s, s, true};
	status.year = s;
	status.lines = &line;
	status.n_lines = 1;
	WRITTEN(letter_status(&l, NULL, &facts, &status, &arena, &err));
	WRITTEN(letter_hits(&l, NULL, &facts, &(struct hits){.title = s, .v = &e, .n = 1, .who = &s}, &arena, &err));
	WRITTEN(letter_hits(&l, NULL, &facts, &(struct hits){.title = s, .v = &e, .n = 1, .full = true, .history = &list}, &arena, &err));
	WRITTEN(letter_answer(&l, NULL, &facts, &(struct answer){s, list, list}, &arena, &err));
	WRITTEN(letter_decided(&l, NULL, &facts, &(struct decided){&e, s, s, s}, 1, &arena, &err));
	struct takeaway takeaway = {&e, s};
	struct shared_link link = {s, s, 3, 1042};
	struct week w = {.week = {2026, 10}, .monday = DAY(2026, 3, 2), .mine = {&e, 1}, .status = status, .takeaways = &takeaway, .n_takeaways = 1, .links = &link, .n_links = 1};
	int64_t *ids;
	size_t n;
	WRITTEN(letter_digest(&l, NULL, &facts, &w, &ids, &n, &arena, &err));
}

static void to_others(const char *s)
{
	struct frame_facts facts = facts_of(s);
	struct entry e = entry_of(s);
	struct approval_item item = {1, &e, s, s};
	WRITTEN(letter_approval(&l, NULL, &facts, &(struct approval_letter){s, &item, 1, 1, SAMPLE_TODAY, s, true}, &arena, &err));
	struct outcome_item one = {1, s, s, 20, s};
	struct outcome_list some = {&one, 1};
	struct outcome o = {some, some, some, some, some, some, some, some, STRS(s), SAMPLE_TODAY, s, s, STRS(s)};
	WRITTEN(letter_outcome(&l, NULL, &facts, &o, &arena, &err));
	WRITTEN(letter_trouble(&l, NULL, &facts, &(struct trouble){s, STRS(s, s)}, &arena, &err));
	WRITTEN(letter_help(&l, NULL, &facts, true, &arena, &err));
}

static void hostile_words_stay_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(nasty); i++) {
		to_a_teacher(nasty[i]);
		to_others(nasty[i]);
	}
}

static void nothing_new_no_mail(void **state)
{
	(void)state;
	struct frame_facts facts = sample_facts();
	struct letter l = {"untouched", NULL, NULL};
	struct week w = {.week = {2026, 10}, .monday = DAY(2026, 3, 2), .status = sample_status()};
	int64_t *ids = NULL;
	size_t n = 7;
	assert_int_equal(letter_digest(&l, NULL, &facts, &w, &ids, &n, &arena, NULL), 0);
	assert_string_equal(l.subject, "untouched");
	assert_null(ids);
	assert_int_equal(n, 7);
}

static void a_large_week_is_cut_and_numbered(void **state)
{
	(void)state;
	enum { MANY = 500 };
	static struct entry v[MANY];
	static struct takeaway takeaways[MANY];
	static struct shared_link links[MANY];
	struct str words = {0};
	for (int i = 0; i < 300; i++)
		str_puts(&words, "Wörter & <Zeichen> ");
	struct str url = {0};
	str_puts(&url, "https://example.org/");
	for (int i = 0; i < 150; i++)
		str_puts(&url, "a?b=c&d=");
	for (int i = 0; i < MANY; i++) {
		v[i] = sample_link(1000 + i, words.p, url.p, words.p);
		takeaways[i] = (struct takeaway){&v[i], "Zoë Nguyễn"};
		links[i] = (struct shared_link){url.p, words.p, 9, 3000 + i};
	}
	struct week w = {.week = {2026, 10}, .monday = DAY(2026, 3, 2), .mine = {v, 49}, .status = sample_status(), .takeaways = takeaways, .n_takeaways = MANY, .links = links, .n_links = MANY};
	struct frame_facts facts = sample_facts();
	struct letter l;
	int64_t *ids;
	size_t n;
	assert_int_equal(letter_digest(&l, NULL, &facts, &w, &ids, &n, &arena, NULL), 1);
	check_letter(&l);
	assert_int_equal(n, 12 + 10 + 5);
	assert_int_equal(ids[0], 1000);
	assert_int_equal(ids[11], 1011);
	assert_int_equal(ids[12], 1000);
	assert_int_equal(ids[22], 3000);
	assert_non_null(strstr(l.text, "and 37 more: reply *list*"));
	assert_non_null(strstr(l.text, "\n27. "));
	assert_null(strstr(l.text, "\n28. "));
	str_release(&words);
	str_release(&url);
}

/* An approver must see every number that an "ok" covers. */
static void every_approval_item_is_there(void **state)
{
	(void)state;
	enum { MANY = 200 };
	static struct entry v[MANY];
	static struct approval_item items[MANY];
	for (int i = 0; i < MANY; i++) {
		v[i] = sample_link(1000 + i, "Retrieval practice in mixed-ability classes", "https://webinars.ascd.example/2026/retrieval/practice/in/classes", "Two ideas for Year 9: brain dumps at the start, and the five-minute quiz nobody marks. I will try both before Easter and compare what the class remembers after a week.");
		v[i].actual = 20;
		items[i] = (struct approval_item){i + 1, &v[i], "José Núñez", i % 10 == 3 ? "over the day cap" : ""};
	}
	struct frame_facts facts = sample_facts();
	struct letter l;
	assert_int_equal(letter_approval(&l, NULL, &facts, &(struct approval_letter){"2026-W10", items, MANY, 9, SAMPLE_TODAY + 14, NULL, false}, &arena, NULL), 0);
	assert_string_equal(l.subject, "200 entries, 9 teachers");
	for (int i = 1; i <= MANY; i++) {
		char text[32], html[32];
		snprintf(text, sizeof text, "\n%2d. %s", i, (i - 1) % 10 == 3 ? "José" : "Retrieval");
		snprintf(html, sizeof html, "<b>%d</b>", i);
		assert_non_null(strstr(l.text, text));
		assert_non_null(strstr(l.html, html));
	}
	check_letter(&l);
	FILE *page = getenv("PLN_PAGE") == NULL ? NULL : fopen(getenv("PLN_PAGE"), "w"); /* to look at it */
	if (page != NULL) {
		fputs(l.html, page);
		fclose(page);
	}
}

static void long_lists_are_cut(void **state)
{
	(void)state;
	static struct entry v[300];
	static struct status_line lines[300];
	for (size_t i = 0; i < COUNT(v); i++) {
		v[i] = sample_webinar();
		lines[i] = (struct status_line){1000 + (int64_t)i, SAMPLE_TODAY, "Lab notebooks", 20, 15, "15 of 20: talk rule", "waiting", false};
	}
	struct frame_facts facts = sample_facts();
	struct credit_status status = sample_status();
	struct letter l;
	assert_int_equal(letter_hits(&l, NULL, &facts, &(struct hits){.title = "300 found", .v = v, .n = COUNT(v)}, &arena, NULL), 0);
	check_letter(&l);
	assert_non_null(strstr(l.text, "and 250 more"));
	status.lines = lines;
	status.n_lines = COUNT(lines);
	assert_int_equal(letter_status(&l, NULL, &facts, &status, &arena, NULL), 0);
	check_letter(&l);
	assert_non_null(strstr(l.text, "and 260 more: reply *list*"));
}

static void learning_only_says_nothing_of_credit(void **state)
{
	(void)state;
	struct frame_facts facts = sample_facts();
	struct entry e = sample_talk();
	struct credit_status status = sample_status();
	struct status_line line = {1043, SAMPLE_TODAY, "Lab notebooks", 20, 15, "15 of 20: talk rule", "waiting", false};
	struct letter l[4];
	status.credit = false;
	status.lines = &line;
	status.n_lines = 1;
	struct week w = {.week = {2026, 10}, .monday = DAY(2026, 3, 2), .mine = {&e, 1}, .status = status};
	int64_t *ids;
	size_t n;
	assert_int_equal(letter_receipt(&l[0], NULL, &facts, &(struct receipt){.entry = &e}, &arena, NULL), 0);
	assert_int_equal(letter_receipt(&l[1], NULL, &facts, &(struct receipt){.entry = &e, .amended = true, .changes = &(struct strs)STRS("20 min", "⭐")}, &arena, NULL), 0);
	assert_int_equal(letter_status(&l[2], NULL, &facts, &status, &arena, NULL), 0);
	assert_int_equal(letter_digest(&l[3], NULL, &facts, &w, &ids, &n, &arena, NULL), 1);
	for (size_t i = 0; i < COUNT(l); i++) {
		assert_null(strstr(l[i].text, "redit"));
		assert_null(strstr(l[i].text, "waiting"));
		assert_null(strstr(l[i].html, "redited"));
		assert_null(strstr(l[i].html, "waiting<"));
	}
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(hostile_words_stay_words, release), cmocka_unit_test_teardown(nothing_new_no_mail, release),
		cmocka_unit_test_teardown(a_large_week_is_cut_and_numbered, release), cmocka_unit_test_teardown(every_approval_item_is_there, release),
		cmocka_unit_test_teardown(long_lists_are_cut, release), cmocka_unit_test_teardown(learning_only_says_nothing_of_credit, release),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
