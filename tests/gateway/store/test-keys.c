#include "tests/gateway/store/store-test.h"

#include "gateway/store/store-sql.h"

static int64_t hash_of(int64_t row)
{
	return (int64_t)((uint64_t)row * UINT64_C(0x9e3779b97f4a7c15));
}

static int64_t number(struct bed *bed, const char *sql, const struct value *values)
{
	int64_t n = -1;
	YES(bed, sql_int(bed->store, sql, values, &n, &bed->err));
	return n;
}

/* Rows move down as whole levels, none is lost, and each is found wherever it lies. */
static void every_row_is_found(void **state)
{
	struct bed *bed = *state;
	static const struct {
		int64_t rows, levels[4];
	} cases[] = {
		{2047, {2047}}, {2048, {0, 2048}}, {5000, {904, 4096}}, {32767, {2047, 30720}}, {32768, {0, 0, 32768}}, {40000, {1088, 6144, 32768}},
	};
	int64_t row = 0;
	begin(bed);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		while (row++ < cases[i].rows) {
			OK(bed, keys_add(bed->store, KEY_LINK, hash_of(row), row, &bed->err));
			OK(bed, keys_settle(bed->store, KEY_LINK, row, &bed->err));
		}
		row--;
		for (int level = 0; level < 4; level++)
			assert_int_equal(number(bed, "SELECT count(*) FROM key WHERE kind = 0 AND level = ?", BIND(v_int(level))), cases[i].levels[level]);
		for (int64_t k = 1; k <= row; k += 97)
			assert_int_equal(number(bed, "SELECT row FROM key k WHERE " SQL_KEY(0), BIND(v_int(hash_of(k)))), k);
	}
	commit(bed);
}

/* The same hash twice, and a hash of another kind: all are candidates of their own kind only. */
static void hits_are_compared(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	for (int64_t row = 1; row <= 3; row++)
		OK(bed, keys_add(bed->store, row == 3 ? KEY_TOKEN : KEY_COPY, 42, row, &bed->err));
	commit(bed);
	assert_int_equal(number(bed, "SELECT count(*) FROM key k WHERE " SQL_KEY(1), BIND(v_int(42))), 2);
	assert_int_equal(number(bed, "SELECT count(*) FROM key k WHERE " SQL_KEY(2), BIND(v_int(42))), 1);
	assert_int_equal(number(bed, "SELECT count(*) FROM key k WHERE " SQL_KEY(0), BIND(v_int(42))), 0);
}

/* One row per canonical URL, however many entries share it, across the moves of a level. */
static void links_are_stored_once(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	for (int i = 0; i < 260; i++) {
		struct entry_link links[20];
		struct entry e = plain_entry(lee, 20000, "x");
		for (int k = 0; k < 20; k++)
			links[k] = (struct entry_link){arena_printf(&bed->arena, "https://site%d.example/%d", k % 3, (i / 2) * 20 + k), ""};
		e.links = links;
		e.n_links = 20;
		add_entry(bed, &e);
	}
	commit(bed);
	assert_int_equal(number(bed, "SELECT count(*) FROM link", NULL), 2600);
	assert_int_equal(number(bed, "SELECT count(DISTINCT url) FROM link", NULL), 2600);
	assert_int_equal(number(bed, "SELECT count(*) FROM key WHERE kind = 0 AND level = 1", NULL), 2048);
	assert_string_equal(get_entry(bed, 1001).links[19].url, get_entry(bed, 1002).links[19].url);
	assert_sound(bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(every_row_is_found), TEST(hits_are_compared), TEST(links_are_stored_once)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
