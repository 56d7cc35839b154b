#include "tests/gateway/store/store-test.h"

#define DAY 86400

static void titles_are_kept_and_failures_for_a_week(void **state)
{
	struct bed *bed = *state;
	static const struct {
		const char *url, *title;
		int64_t later; /* asked about so many seconds after */
		int found;
	} rows[] = {
		{"https://a.example/", "Exit tickets", 0, 1},       {"https://a.example/", "Exit tickets", 4000 * DAY, 1},
		{"https://b.example/", "", 0, 1},                   {"https://b.example/", "", 7 * DAY - 1, 1},
		{"https://b.example/", "", 7 * DAY, 0},             {"https://never.example/", NULL, 0, 0},
		{"https://a.example/x' OR 1", NULL, 0, 0},
	};
	const int64_t at = 1700000000;
	begin(bed);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].title != NULL)
			OK(bed, store_put_title(bed->store, rows[i].url, rows[i].title, at, &bed->err));
	commit(bed);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *title = NULL;
		int found = store_title(bed->store, rows[i].url, at + rows[i].later, &bed->arena, &title, &bed->err);
		if (found != rows[i].found)
			fail_msg("row %zu: %d", i, found);
		if (found == 1)
			assert_string_equal(title, rows[i].title);
	}
	const char *title;
	begin(bed);
	OK(bed, store_put_title(bed->store, "https://b.example/", "Back again", at + 8 * DAY, &bed->err));
	commit(bed);
	YES(bed, store_title(bed->store, "https://b.example/", at + 9 * DAY, &bed->arena, &title, &bed->err));
	assert_string_equal(title, "Back again");
	REFUSED(bed, store_put_title(bed->store, "https://c.example/", "", at, &bed->err), "outside a transaction");
}

static void a_link_gets_its_title_and_is_found_by_it(void **state)
{
	struct bed *bed = *state;
	struct entry_link links[] = {{"https://a.example/1", ""}, {"https://a.example/2", "Kept"}};
	struct entries found;
	int64_t last;
	OK(bed, store_last_entry(bed->store, &last, &bed->err));
	assert_int_equal(last, 0);
	begin(bed);
	struct entry e = plain_entry(add_person(bed, "Terry", "terry@campus.example", ROLE_TEACHER), 20000, "Something");
	e.links = links;
	e.n_links = 2;
	e.id = add_entry(bed, &e);
	links[0].title = "Photosynthesis in period three";
	OK(bed, store_set_link_titles(bed->store, &e, &bed->err));
	commit(bed);
	OK(bed, store_last_entry(bed->store, &last, &bed->err));
	assert_int_equal(last, e.id);
	struct entry got = get_entry(bed, e.id);
	assert_int_equal(got.n_links, 2);
	assert_string_equal(got.links[0].title, "Photosynthesis in period three");
	assert_string_equal(got.links[1].title, "Kept");
	OK(bed, store_find(bed->store, "photosynthesis", e.person, 9, &bed->arena, &found, &bed->err));
	assert_int_equal(found.n, 1);
}

static int seen(struct bed *bed, int64_t person, uint64_t hash)
{
	int n = -1;
	OK(bed, store_trailer_seen(bed->store, person, hash, &n, &bed->err));
	return n;
}

static void trailers_are_counted_by_person(void **state)
{
	struct bed *bed = *state;
	assert_int_equal(seen(bed, 1, 7), 0);
	begin(bed);
	for (int i = 0; i < 3; i++)
		OK(bed, store_note_trailer(bed->store, 1, UINT64_MAX, &bed->err));
	OK(bed, store_note_trailer(bed->store, 2, UINT64_MAX, &bed->err));
	commit(bed);
	assert_int_equal(seen(bed, 1, UINT64_MAX), 3);
	assert_int_equal(seen(bed, 2, UINT64_MAX), 1);
	assert_int_equal(seen(bed, 1, 0), 0);
	REFUSED(bed, store_note_trailer(bed->store, 1, 1, &bed->err), "outside a transaction");
}

static void only_so_many_trailers_are_kept(void **state)
{
	struct bed *bed = *state;
	int kept = 0;
	begin(bed);
	for (int i = 0; i < 2; i++)
		OK(bed, store_note_trailer(bed->store, 1, 5000, &bed->err));
	OK(bed, store_note_trailer(bed->store, 2, 5001, &bed->err));
	for (uint64_t hash = 1; hash <= 1000; hash++)
		OK(bed, store_note_trailer(bed->store, 1, hash, &bed->err));
	commit(bed);
	for (uint64_t hash = 1; hash <= 1000; hash++)
		kept += seen(bed, 1, hash);
	assert_int_equal(kept, 199);
	assert_int_equal(seen(bed, 1, 1000), 1); /* the newest is there */
	assert_int_equal(seen(bed, 1, 5000), 2); /* what comes again stays */
	assert_int_equal(seen(bed, 2, 5001), 1); /* and nobody else's goes */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(titles_are_kept_and_failures_for_a_week), TEST(a_link_gets_its_title_and_is_found_by_it), TEST(trailers_are_counted_by_person),
		TEST(only_so_many_trailers_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
