#include "tests/gateway/store/store-test.h"

#include <locale.h>

static struct person person(struct bed *bed, const char *name, const char *addresses)
{
	struct person p = {.name = name};
	struct span rest = span_of(addresses), piece;
	while (span_until(&rest, ' ', &piece))
		strs_add(&p.addresses, &bed->arena, arena_strndup(&bed->arena, piece.p, piece.n));
	return p;
}

static void found_by_address_and_name(void **state)
{
	struct bed *bed = *state;
	struct person got, lee = person(bed, "Zoë Lee", "Lee@School.example zoe@home.example");
	lee.role = ROLE_APPROVER;
	lee.zone = "Europe/Berlin";
	lee.approver = "Head@School.example";
	lee.digest = RHYTHM_MONTHLY;
	lee.paused_until = 5;
	lee.paused_why = "bounces";
	begin(bed);
	OK(bed, store_put_person(bed->store, &lee, &bed->err));
	add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	add_person(bed, "mr kim", "kim2@school.example", ROLE_TEACHER);
	OK(bed, store_add_address(bed->store, lee.id, "Third@home.example", &bed->err));
	OK(bed, store_add_address(bed->store, lee.id, "third@HOME.example", &bed->err));
	commit(bed);
	YES(bed, store_person_by_address(bed->store, "THIRD@home.example", &bed->arena, &got, &bed->err));
	assert_int_equal(got.id, lee.id);
	assert_int_equal(got.addresses.n, 3);
	assert_string_equal(got.addresses.v[0], "lee@school.example");
	assert_string_equal(got.zone, "Europe/Berlin");
	assert_string_equal(got.approver, "head@school.example");
	assert_string_equal(got.paused_why, "bounces");
	assert_int_equal(got.digest, RHYTHM_MONTHLY);
	assert_int_equal(got.role, ROLE_APPROVER);
	YES(bed, store_person_by_name(bed->store, "ZOË LEE", &bed->arena, &got, &bed->err));
	assert_int_equal(got.id, lee.id);
	assert_int_equal(store_person_by_name(bed->store, "Mr Kim", &bed->arena, &got, &bed->err), 0);
	assert_int_equal(store_person_by_address(bed->store, "nobody@x", &bed->arena, &got, &bed->err), 0);
	assert_int_equal(store_person(bed->store, 99, &bed->arena, &got, &bed->err), 0);
}

static void an_address_has_one_owner(void **state)
{
	struct bed *bed = *state;
	struct person got;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	int64_t kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	commit(bed);
	begin(bed);
	REFUSED(bed, store_add_address(bed->store, lee, "KIM@school.example", &bed->err), "belongs to another");
	struct person thief = person(bed, "Thief", "new@school.example kim@school.example");
	REFUSED(bed, store_put_person(bed->store, &thief, &bed->err), "belongs to another");
	assert_int_equal(thief.id, 0);
	store_rollback(bed->store);
	YES(bed, store_person_by_address(bed->store, "kim@school.example", &bed->arena, &got, &bed->err));
	assert_int_equal(got.id, kim);
}

static void who_left_keeps_records(void **state)
{
	struct bed *bed = *state;
	struct roster roster;
	struct person p;
	begin(bed);
	int64_t old = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	struct entry e = plain_entry(old, 20000, "x");
	add_entry(bed, &e);
	YES(bed, store_person(bed->store, old, &bed->arena, &p, &bed->err));
	p.left = true;
	OK(bed, store_put_person(bed->store, &p, &bed->err));
	YES(bed, store_person_by_name(bed->store, "ms lee", &bed->arena, &p, &bed->err));
	assert_true(p.left);
	int64_t new = add_person(bed, "Ms Lee", "lee2@school.example", ROLE_TEACHER);
	commit(bed);
	YES(bed, store_person_by_name(bed->store, "ms lee", &bed->arena, &p, &bed->err));
	assert_int_equal(p.id, new);
	OK(bed, store_people(bed->store, false, &bed->arena, &roster, &bed->err));
	assert_int_equal(roster.n, 1);
	OK(bed, store_people(bed->store, true, &bed->arena, &roster, &bed->err));
	assert_int_equal(roster.n, 2);
	assert_int_equal(roster.people[0].addresses.n, 1);
}

static void import_adds_changes_keeps(void **state)
{
	struct bed *bed = *state;
	struct import_count count;
	struct person people[3] = {person(bed, "Ms Lee", "lee@school.example"), person(bed, "Mr Kim", "kim@school.example"),
	                           person(bed, "Dr Roy", "roy@school.example")};
	struct roster roster = {people, 2};
	begin(bed);
	OK(bed, store_import_people(bed->store, &roster, &count, &bed->err));
	assert_int_equal(count.added, 2);
	/* By mail: another address, receipts always, and a pause. */
	struct person lee;
	YES(bed, store_person_by_address(bed->store, "lee@school.example", &bed->arena, &lee, &bed->err));
	lee.receipts = WISH_ALWAYS;
	lee.paused_until = 9;
	OK(bed, store_put_person(bed->store, &lee, &bed->err));
	OK(bed, store_add_address(bed->store, lee.id, "lee@home.example", &bed->err));
	people[1].name = "Mr A. Kim";
	people[1].addresses = person(bed, "", "a.kim@school.example KIM@school.example").addresses;
	roster.n = 3;
	OK(bed, store_import_people(bed->store, &roster, &count, &bed->err));
	commit(bed);
	assert_int_equal(count.added, 1);
	assert_int_equal(count.changed, 1);
	assert_int_equal(count.same, 1);
	YES(bed, store_person_by_address(bed->store, "lee@home.example", &bed->arena, &lee, &bed->err));
	assert_int_equal(lee.receipts, WISH_ALWAYS);
	assert_int_equal(lee.paused_until, 9);
	struct person kim;
	YES(bed, store_person_by_address(bed->store, "kim@school.example", &bed->arena, &kim, &bed->err));
	assert_string_equal(kim.name, "Mr A. Kim");
	assert_string_equal(kim.addresses.v[0], "a.kim@school.example");
}

static void import_is_all_or_nothing(void **state)
{
	struct bed *bed = *state;
	struct import_count count = {.added = 77};
	struct roster roster;
	begin(bed);
	add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	struct person people[] = {person(bed, "Dr Roy", "roy@school.example"), person(bed, "Both", "lee@school.example kim@school.example")};
	REFUSED(bed, store_import_people(bed->store, &(struct roster){people, 2}, &count, &bed->err), "addresses of Ms Lee and of Mr Kim");
	assert_int_equal(count.added, 77);
	commit(bed);
	OK(bed, store_people(bed->store, true, &bed->arena, &roster, &bed->err));
	assert_int_equal(roster.n, 2);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		TEST(found_by_address_and_name), TEST(an_address_has_one_owner), TEST(who_left_keeps_records),
		TEST(import_adds_changes_keeps), TEST(import_is_all_or_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
