#include "tests/gateway/store/store-test.h"

static struct entry full_entry(struct bed *bed, int64_t person)
{
	static struct entry_link links[] = {{"https://www.edutopia.org/exit-tickets", "Exit tickets"}, {"https://phet.colorado.edu/sims?id=2", ""}};
	struct entry e = plain_entry(person, 20000, "Exit tickets");
	e.note = "idea for period 3";
	e.source = "Edutopia Weekly";
	e.links = links;
	e.n_links = 2;
	strs_add(&e.tags, &bed->arena, "pln");
	strs_add(&e.tags, &bed->arena, "assessment");
	strs_add(&e.with, &bed->arena, "Rivera");
	e.minutes = 20;
	e.starred = e.attachment = true;
	e.actual = 20;
	e.reason = "nothing is counted";
	return e;
}

static void keeps_every_field(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	struct entry e = full_entry(bed, lee);
	e.message = add_mail(bed, "a@x", "text", ACTION_LOG);
	int64_t first = add_entry(bed, &e);
	e.via = first;
	int64_t second = add_entry(bed, &e);
	commit(bed);
	assert_int_equal(first, 1001);
	assert_int_equal(second, 1002);
	struct entry got = get_entry(bed, second);
	assert_string_equal(got.title, e.title);
	assert_string_equal(got.note, e.note);
	assert_string_equal(got.source, e.source);
	assert_int_equal(got.n_links, 2);
	assert_string_equal(got.links[1].url, e.links[1].url);
	assert_string_equal(got.links[0].title, "Exit tickets");
	assert_string_equal(got.links[1].title, "");
	assert_int_equal(got.tags.n, 2);
	assert_string_equal(got.tags.v[1], "assessment");
	assert_string_equal(got.with.v[0], "Rivera");
	assert_int_equal(got.via, first);
	assert_int_equal(got.message, e.message);
	assert_int_equal(got.day, 20000);
	assert_int_equal(got.minutes, 20);
	assert_true(got.starred && got.attachment && !got.is_private && !got.undone && !got.nocredit);
	assert_int_equal(got.claim, CLAIM_NONE);
	assert_int_equal(got.actual, 20);
	assert_string_equal(got.reason, "nothing is counted");
	struct entry none;
	assert_int_equal(store_entry(bed->store, 1003, &bed->arena, &none, &bed->err), 0);
	assert_sound(bed);
}

static void refuses_what_is_outside_a_transaction(void **state)
{
	struct bed *bed = *state;
	struct entry e = plain_entry(1, 20000, "x");
	REFUSED(bed, store_add_entry(bed->store, &e, &bed->err), "outside a transaction");
	begin(bed);
	REFUSED(bed, store_add_entry(bed->store, &e, &bed->err), "FOREIGN KEY");
	assert_int_equal(e.id, 0);
	store_rollback(bed->store);
}

static void history_has_old_and_new(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	struct entry e = full_entry(bed, lee);
	int64_t id = add_entry(bed, &e);
	struct entry now = get_entry(bed, id);
	OK(bed, store_change_entry(bed->store, &now, lee, 0, 1700000001, &bed->err));
	struct changes none;
	OK(bed, store_history(bed->store, id, &bed->arena, &none, &bed->err));
	assert_int_equal(none.n, 0);
	now.is_private = true;
	now.minutes = 45;
	now.day = 20001;
	now.note = "trying it Friday";
	now.tags.n = 1;
	now.n_links = 1;
	OK(bed, store_change_entry(bed->store, &now, lee, 0, 1700000002, &bed->err));
	commit(bed);
	static const struct {
		const char *field, *was, *is;
	} want[] = {
		{"day", "2024-10-04", "2024-10-05"},
		{"note", "idea for period 3", "trying it Friday"},
		{"links", "https://www.edutopia.org/exit-tickets https://phet.colorado.edu/sims?id=2", "https://www.edutopia.org/exit-tickets"},
		{"tags", "pln assessment", "pln"},
		{"minutes", "20", "45"},
		{"private", "no", "yes"},
	};
	struct changes changes;
	OK(bed, store_history(bed->store, id, &bed->arena, &changes, &bed->err));
	assert_int_equal(changes.n, sizeof want / sizeof *want);
	for (size_t i = 0; i < changes.n; i++) {
		assert_string_equal(changes.v[i].field, want[i].field);
		assert_string_equal(changes.v[i].was, want[i].was);
		assert_string_equal(changes.v[i].is, want[i].is);
		assert_int_equal(changes.v[i].by_person, lee);
	}
	struct entry got = get_entry(bed, id);
	assert_int_equal(got.day, 20001);
	assert_int_equal(got.tags.n, 1);
	assert_int_equal(got.n_links, 1);
	now.id = 77;
	begin(bed);
	REFUSED(bed, store_change_entry(bed->store, &now, lee, 0, 1, &bed->err), "no entry 77");
	store_rollback(bed->store);
	assert_sound(bed);
}

static void filters(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	for (int i = 0; i < 12; i++) {
		struct entry e = plain_entry(i % 2 ? kim : lee, 20000 + i / 2, "x");
		e.kind = i % 3 ? KIND_READ : KIND_TALK;
		e.starred = i == 4;
		e.is_private = i == 5;
		e.undone = i == 6;
		if (i == 7)
			strs_add(&e.tags, &bed->arena, "phonics");
		add_entry(bed, &e);
	}
	commit(bed);
	const struct {
		struct entry_filter filter;
		size_t n;
		int64_t first;
	} cases[] = {
		{{.from = DAY_NONE, .to = DAY_NONE}, 11, 1012},
		{{.from = DAY_NONE, .to = DAY_NONE, .person = lee}, 5, 1011},
		{{.from = DAY_NONE, .to = DAY_NONE, .also_undone = true}, 12, 1012},
		{{.from = 20001, .to = 20002}, 2, 1004},
		{{.from = DAY_NONE, .to = DAY_NONE, .kind = KIND_TALK}, 3, 1010},
		{{.from = DAY_NONE, .to = DAY_NONE, .tag = "Phonics"}, 1, 1008},
		{{.from = DAY_NONE, .to = DAY_NONE, .starred = true}, 1, 1005},
		{{.from = DAY_NONE, .to = DAY_NONE, .shared = true, .also_undone = true}, 10, 1012},
		{{.from = DAY_NONE, .to = DAY_NONE, .limit = 3, .offset = 2}, 3, 1010},
		{{.from = DAY_NONE, .to = DAY_NONE, .person = 99}, 0, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct entries got;
		OK(bed, store_entries(bed->store, &cases[i].filter, &bed->arena, &got, &bed->err));
		assert_int_equal(got.n, cases[i].n);
		assert_int_equal(got.n ? got.v[0].id : 0, cases[i].first);
	}
	int64_t n;
	OK(bed, store_count_entries(bed->store, lee, &n, &bed->err));
	assert_int_equal(n, 5);
	assert_int_equal(store_has_kind(bed->store, lee, KIND_TALK, 1001, &bed->err), 0);
	assert_int_equal(store_has_kind(bed->store, lee, KIND_TALK, 0, &bed->err), 1);
	assert_int_equal(store_has_kind(bed->store, lee, KIND_COURSE, 0, &bed->err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_every_field),
		TEST(refuses_what_is_outside_a_transaction),
		TEST(history_has_old_and_new),
		TEST(filters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
