#include "tests/gateway/store/store-test.h"

static void who_may_answer_for_whom(void **state)
{
	struct bed *bed = *state;
	struct roster list;
	begin(bed);
	int64_t head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER), deputy = add_person(bed, "Ms Deputy", "deputy@school.example", ROLE_APPROVER);
	int64_t office = add_person(bed, "Zoe Office", "office@school.example", ROLE_TEACHER), clerk = add_person(bed, "Abe Clerk", "clerk@school.example", ROLE_TEACHER);
	assert_int_equal(store_is_delegate(bed->store, head, office, &bed->err), 0);
	OK(bed, store_set_delegate(bed->store, head, office, true, 5, &bed->err));
	OK(bed, store_set_delegate(bed->store, head, office, true, 6, &bed->err)); /* again: no change */
	OK(bed, store_set_delegate(bed->store, head, clerk, true, 7, &bed->err));
	YES(bed, store_is_delegate(bed->store, head, office, &bed->err));
	assert_int_equal(store_is_delegate(bed->store, office, head, &bed->err), 0);
	assert_int_equal(store_is_delegate(bed->store, deputy, office, &bed->err), 0);
	OK(bed, store_delegates(bed->store, head, &bed->arena, &list, &bed->err));
	assert_int_equal(list.n, 2);
	assert_string_equal(list.people[0].name, "Abe Clerk");
	assert_string_equal(list.people[1].addresses.v[0], "office@school.example");
	OK(bed, store_set_delegate(bed->store, head, clerk, false, 8, &bed->err));
	OK(bed, store_set_delegate(bed->store, head, clerk, false, 8, &bed->err));
	assert_int_equal(store_is_delegate(bed->store, head, clerk, &bed->err), 0);
	REFUSED(bed, store_set_delegate(bed->store, head, 999, true, 9, &bed->err), "FOREIGN KEY");
	commit(bed);
	REFUSED(bed, store_set_delegate(bed->store, head, clerk, true, 9, &bed->err), "transaction");
}

static void it_ends_with_leaving(void **state)
{
	struct bed *bed = *state;
	struct roster list;
	struct person p;
	begin(bed);
	int64_t head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER), office = add_person(bed, "Zoe Office", "office@school.example", ROLE_TEACHER);
	OK(bed, store_set_delegate(bed->store, head, office, true, 5, &bed->err));
	YES(bed, store_person(bed->store, office, &bed->arena, &p, &bed->err));
	p.left = true;
	OK(bed, store_put_person(bed->store, &p, &bed->err));
	assert_int_equal(store_is_delegate(bed->store, head, office, &bed->err), 0);
	OK(bed, store_delegates(bed->store, head, &bed->arena, &list, &bed->err));
	assert_int_equal(list.n, 0);
	commit(bed);
	assert_sound(bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(who_may_answer_for_whom), TEST(it_ends_with_leaving)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
