#include "tests/gateway/store/store-test.h"

#define MONDAY 20052 /* 2024-11-25 */

static int64_t share(struct bed *bed, int64_t person, int32_t day, const char *title, bool starred, const char *url)
{
	struct entry e = plain_entry(person, day, title);
	struct entry_link link = {url, title};
	e.starred = starred;
	e.actual = 10;
	e.links = &link;
	e.n_links = url != NULL;
	return add_entry(bed, &e);
}

static void a_week_as_one_sees_it(void **state)
{
	struct bed *bed = *state;
	struct board board;
	struct week week;
	struct person person;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	int64_t roy = add_person(bed, "Dr Roy", "roy@school.example", ROLE_TEACHER);
	share(bed, lee, MONDAY - 1, "Sunday before", true, "https://a.example/1");
	share(bed, kim, MONDAY + 7, "Monday after", true, "https://a.example/1");
	share(bed, lee, MONDAY + 6, "Mine, Sunday", true, "https://a.example/1");
	struct entry hidden = plain_entry(lee, MONDAY, "Mine, private");
	hidden.is_private = true;
	hidden.actual = 5;
	add_entry(bed, &hidden);
	int64_t popular = share(bed, kim, MONDAY + 1, "Popular", false, "https://a.example/1");
	share(bed, roy, MONDAY + 2, "Popular too", false, "https://a.example/2");
	int64_t star = share(bed, roy, MONDAY + 3, "Star", true, "https://a.example/3");
	struct entry secret = plain_entry(kim, MONDAY, "Kim's private star");
	struct entry_link link = {"https://a.example/2", ""};
	secret.is_private = secret.starred = true;
	secret.links = &link;
	secret.n_links = 1;
	add_entry(bed, &secret);
	struct entry undone = plain_entry(kim, MONDAY, "Undone star");
	undone.starred = undone.undone = true;
	add_entry(bed, &undone);
	commit(bed);
	YES(bed, store_person(bed->store, lee, &bed->arena, &person, &bed->err));
	OK(bed, store_board(bed->store, MONDAY, &bed->arena, &board, &bed->err));
	OK(bed, store_week(bed->store, &person, &board, &bed->arena, &week, &bed->err));
	assert_int_equal(week.week.year, 2024);
	assert_int_equal(week.week.week, 48);
	assert_int_equal(week.mine.n, 2);
	assert_string_equal(week.mine.v[0].title, "Mine, private");
	assert_int_equal(week.minutes, 15);
	assert_int_equal(week.n_takeaways, 1);
	assert_int_equal(week.takeaways[0].entry->id, star);
	assert_string_equal(week.takeaways[0].who, "Dr Roy");
	assert_int_equal(week.takeaways[0].entry->n_links, 1);
	assert_int_equal(week.n_links, 1); /* a.example/2 is shared by one only: the other one's is private */
	assert_string_equal(week.links[0].url, "https://a.example/1");
	assert_int_equal(week.links[0].people, 2);
	assert_int_equal(week.links[0].entry, popular);
}

static void a_quiet_week(void **state)
{
	struct bed *bed = *state;
	struct board board;
	struct week week;
	struct person person;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	commit(bed);
	YES(bed, store_person(bed->store, lee, &bed->arena, &person, &bed->err));
	OK(bed, store_board(bed->store, MONDAY, &bed->arena, &board, &bed->err));
	OK(bed, store_week(bed->store, &person, &board, &bed->arena, &week, &bed->err));
	assert_int_equal(week.mine.n + week.n_takeaways + week.n_links, 0);
	begin(bed);
	for (int i = 0; i < 10; i++)
		share(bed, kim, MONDAY + i % 7, "Star", true, arena_printf(&bed->arena, "https://a.example/%d", i));
	share(bed, lee, MONDAY, "My own", true, "https://a.example/own");
	commit(bed);
	OK(bed, store_board(bed->store, MONDAY, &bed->arena, &board, &bed->err));
	OK(bed, store_week(bed->store, &person, &board, &bed->arena, &week, &bed->err));
	assert_int_equal(week.n_takeaways, 7);
	assert_int_equal(week.takeaways[0].entry->day, MONDAY + 6);
	assert_int_equal(week.n_links, 0); /* shared by one only: its star stands above */
}

/* One person's many must not push the others' out of their own digest. */
static void whoever_reads_it(void **state)
{
	struct bed *bed = *state;
	struct board board;
	struct week week;
	struct person lee, kim;
	begin(bed);
	lee.id = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	kim.id = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	for (int i = 0; i < 30; i++)
		share(bed, kim.id, MONDAY + 6, "Kim's", true, arena_printf(&bed->arena, "https://a.example/%d", i));
	for (int i = 0; i < 8; i++)
		share(bed, lee.id, MONDAY, "Lee's", true, arena_printf(&bed->arena, "https://b.example/%d", i));
	commit(bed);
	OK(bed, store_board(bed->store, MONDAY, &bed->arena, &board, &bed->err));
	OK(bed, store_week(bed->store, &kim, &board, &bed->arena, &week, &bed->err));
	assert_int_equal(week.mine.n, 30);
	assert_int_equal(week.n_takeaways, 7);
	assert_string_equal(week.takeaways[6].entry->title, "Lee's");
	assert_int_equal(week.n_links, 0);
	begin(bed);
	int64_t by_kim = share(bed, kim.id, MONDAY, "Both", false, "https://b.example/7"), by_lee = share(bed, lee.id, MONDAY, "Both", false, "https://b.example/7");
	commit(bed);
	OK(bed, store_board(bed->store, MONDAY, &bed->arena, &board, &bed->err));
	OK(bed, store_week(bed->store, &kim, &board, &bed->arena, &week, &bed->err));
	assert_int_equal(week.n_links, 1);
	assert_int_equal(week.links[0].entry, by_lee);
	OK(bed, store_week(bed->store, &lee, &board, &bed->arena, &week, &bed->err));
	assert_int_equal(week.links[0].entry, by_kim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_week_as_one_sees_it), TEST(a_quiet_week), TEST(whoever_reads_it)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
