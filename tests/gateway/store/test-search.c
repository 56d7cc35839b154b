#include "tests/gateway/store/store-test.h"

#include <locale.h>

static size_t hits(struct bed *bed, const char *words, int64_t viewer)
{
	struct entries found = {0};
	OK(bed, store_find(bed->store, words, viewer, 50, &bed->arena, &found, &bed->err));
	return found.n;
}

static int64_t logged(struct bed *bed, int64_t person, const char *title, const char *note, const char *mail, bool is_private)
{
	static int number;
	struct entry e = plain_entry(person, 20000, title);
	e.note = note;
	e.is_private = is_private;
	if (mail != NULL)
		e.message = add_mail(bed, arena_printf(&bed->arena, "%d@x", number++), mail, ACTION_LOG);
	return add_entry(bed, &e);
}

static void privacy(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	logged(bed, lee, "Exit tickets", "for period 3", "secret budget of the district", false);
	logged(bed, lee, "Conflict in class", "quiet corner", NULL, true);
	struct entry undone = plain_entry(lee, 20000, "Exit undone");
	undone.undone = true;
	add_entry(bed, &undone);
	commit(bed);
	const struct {
		const char *words;
		size_t own, colleague, operator;
	} cases[] = {
		{"exit", 1, 1, 1}, {"tickets exit", 1, 1, 1}, {"tick", 1, 1, 1}, {"exit nothing", 0, 0, 0},
		{"budget", 1, 0, 1}, /* the mail's text is its owner's */
		{"exit budget", 1, 0, 1}, {"conflict", 1, 0, 1}, {"corner", 1, 0, 1}, {"undone", 0, 0, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(hits(bed, cases[i].words, lee), cases[i].own);
		assert_int_equal(hits(bed, cases[i].words, kim), cases[i].colleague);
		assert_int_equal(hits(bed, cases[i].words, 0), cases[i].operator);
	}
}

/* Nothing that people type is an operator, an error or a way around a column. */
static void any_words_are_safe(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	logged(bed, lee, "C++ and AND gates, it's \"quoted\"", "NEAR the end", "hidden words", false);
	commit(bed);
	static const struct {
		const char *words;
		size_t n;
	} cases[] = {
		{"", 0}, {"   ", 0}, {"\"", 0}, {"* ^ + - : ( ) { }", 0}, {"AND", 1}, {"NEAR", 1}, {"OR gates", 0}, {"gates\"", 1}, {"\"quoted", 1},
		{"it's", 1}, {"C++", 1}, {"mail : hidden", 0}, {"mail:hidden", 0}, {"x) OR mail : (hidden", 0}, {"NOT gates", 0}, {"gates *", 1},
		{"gates; DROP TABLE words", 0}, {"\xff\xfe", 0}, {"gates \xc3", 1}, {"-- gates", 1}, {"{mail} : hidden", 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t got = hits(bed, cases[i].words, kim);
		if (got != cases[i].n)
			fail_msg("%s: %zu, not %zu", cases[i].words, got, cases[i].n);
	}
	char *many = arena_alloc(&bed->arena, 200001);
	for (size_t i = 0; i < 200000; i++)
		many[i] = "gates \""[i % 7];
	assert_int_equal(hits(bed, many, kim), 1);
}

static void many_scripts(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	static const char *const notes[] = {
		"Übung für die Größe", "leçon élémentaire", "Домашнее задание", "下周课程关于分数和光合作用", "来週の授業は光合成について", "źródło ćwiczenie",
	};
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		logged(bed, lee, "x", notes[i], notes[i], false);
	commit(bed);
	static const struct {
		const char *words;
		size_t n;
	} cases[] = {
		{"ubung", 1}, {"GRÖSSE", 0}, {"größe", 1}, {"ÜBUNG grö", 1}, {"elementaire", 1}, {"Élém", 1}, {"ДОМАШНЕЕ", 1}, {"задан", 1},
		{"光合作用", 1}, {"光合", 2}, {"合作", 1}, {"作合", 0}, {"授業", 1}, {"分数 课程", 1}, {"cwiczenie", 1}, {"zrodlo", 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t got = hits(bed, cases[i].words, lee);
		if (got != cases[i].n)
			fail_msg("%s: %zu, not %zu", cases[i].words, got, cases[i].n);
	}
}

static void follows_changes(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t id = logged(bed, lee, "Exit tickets", "old words", "mail text", false);
	struct entry e = get_entry(bed, id);
	e.note = "new ones";
	strs_add(&e.tags, &bed->arena, "phonics");
	OK(bed, store_change_entry(bed->store, &e, lee, 0, 1, &bed->err));
	commit(bed);
	assert_int_equal(hits(bed, "old", lee), 0);
	assert_int_equal(hits(bed, "new phonics", lee), 1);
	assert_int_equal(hits(bed, "mail text exit", lee), 1);
	begin(bed);
	e.undone = true;
	OK(bed, store_change_entry(bed->store, &e, lee, 0, 2, &bed->err));
	commit(bed);
	assert_int_equal(hits(bed, "phonics", lee), 0);
}

/* A mail that was held is found by its text once it is let in; one that never becomes an entry is not. */
static void held_mail_let_in(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t held = add_mail(bed, "h@x", "photosynthesis sheets", ACTION_HOLD);
	add_mail(bed, "s@x", "photosynthesis newsletter", ACTION_SOURCE);
	commit(bed);
	begin(bed);
	OK(bed, store_set_message_action(bed->store, held, ACTION_LOG, "confirmed", &bed->err));
	struct entry e = plain_entry(lee, 20000, "Sheets");
	e.message = held;
	add_entry(bed, &e);
	commit(bed);
	assert_int_equal(hits(bed, "photosynthesis", lee), 1);
	assert_int_equal(hits(bed, "newsletter", 0), 0);
	assert_sound(bed);
}

/* The text is cut at 64 KiB between characters; the rest is not indexed. */
static void long_texts_are_cut(void **state)
{
	struct bed *bed = *state;
	size_t n = 100000;
	char *text = arena_alloc(&bed->arena, n + 20);
	for (size_t i = 0; i + 1 < n; i += 2)
		memcpy(text + i, i % 10 == 8 ? "  " : "é", 2);
	memcpy(text, "first ", 6);
	memcpy(text + n, " lastword", 9);
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	logged(bed, lee, "x", "", text, false);
	commit(bed);
	assert_int_equal(hits(bed, "first", lee), 1);
	assert_int_equal(hits(bed, "lastword", lee), 0);
	assert_sound(bed);
}

static void best_first(void **state)
{
	struct bed *bed = *state;
	struct entries found;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	logged(bed, lee, "Something", "", "phonics deep in a mail", false);
	int64_t title = logged(bed, lee, "Phonics", "", NULL, false);
	for (int i = 0; i < 20; i++)
		logged(bed, lee, "Other", "words", NULL, false);
	commit(bed);
	OK(bed, store_find(bed->store, "phonics", lee, 10, &bed->arena, &found, &bed->err));
	assert_int_equal(found.n, 2);
	assert_int_equal(found.v[0].id, title);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		TEST(privacy), TEST(any_words_are_safe), TEST(many_scripts), TEST(follows_changes), TEST(held_mail_let_in), TEST(long_texts_are_cut), TEST(best_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
