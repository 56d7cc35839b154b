#include "tests/gateway/store/store-test.h"

#define YEAR 20635

static struct plan a_plan(int64_t person, const char *learn)
{
	return (struct plan){.person = person, .year = YEAR, .state = PLAN_DRAFT, .created_at = 1700000000, .prose = learn,
	                     .parts = {.network = "Two newsletters", .learn = learn, .classroom = "Every Friday"}};
}

static struct plan get(struct bed *bed, int64_t id)
{
	struct plan p;
	YES(bed, store_plan(bed->store, id, &bed->arena, &p, &bed->err));
	return p;
}

static void set_state(struct bed *bed, int64_t id, enum plan_state state, int64_t by)
{
	struct plan p = get(bed, id);
	p.state = state;
	p.decided_by = by;
	p.decided_at = by == 0 ? 0 : 1700000100;
	OK(bed, store_change_plan(bed->store, &p, &bed->err));
}

static void goals_keep_their_numbers(void **state)
{
	struct bed *bed = *state;
	int64_t first, second, third;
	struct goals goals;
	begin(bed);
	int64_t head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	OK(bed, store_add_goal(bed->store, "Formative assessment", head, 1700000000, &first, &bed->err));
	OK(bed, store_add_goal(bed->store, "Reading in every subject", 0, 1700000000, &second, &bed->err));
	struct plan p = a_plan(lee, "Reading aloud");
	p.goal = second;
	OK(bed, store_add_plan(bed->store, &p, &bed->err));
	YES(bed, store_remove_goal(bed->store, second, &bed->err));
	assert_int_equal(store_remove_goal(bed->store, second, &bed->err), 0);
	assert_int_equal(store_remove_goal(bed->store, 99, &bed->err), 0);
	OK(bed, store_add_goal(bed->store, "Wellbeing", head, 1700000000, &third, &bed->err));
	OK(bed, store_goals(bed->store, &bed->arena, &goals, &bed->err));
	assert_int_equal(first, 1);
	assert_int_equal(third, 3);
	assert_int_equal(goals.n, 2);
	assert_string_equal(goals.v[1].words, "Wellbeing");
	assert_string_equal(get(bed, p.id).goal_words, "Reading in every subject"); /* plans keep it */
	commit(bed);
	assert_sound(bed);
}

static void versions(void **state)
{
	struct bed *bed = *state;
	struct plan now;
	struct plans all;
	begin(bed);
	int64_t head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	assert_int_equal(store_plan_of(bed->store, lee, YEAR, false, &bed->arena, &now, &bed->err), 0);
	struct plan one = a_plan(lee, "Exit tickets"), two = a_plan(lee, "Lab notebooks"), three = a_plan(lee, "Phonics");
	OK(bed, store_add_plan(bed->store, &one, &bed->err));
	assert_int_equal(one.version, 1);
	set_state(bed, one.id, PLAN_WAITING, 0);
	OK(bed, store_add_plan(bed->store, &two, &bed->err)); /* written before the first was decided */
	assert_int_equal(two.version, 2);
	assert_int_equal(get(bed, one.id).state, PLAN_REPLACED);
	assert_int_equal(store_plan_of(bed->store, lee, YEAR, true, &bed->arena, &now, &bed->err), 0);
	set_state(bed, two.id, PLAN_APPROVED, head);
	OK(bed, store_add_plan(bed->store, &three, &bed->err));
	assert_int_equal(get(bed, two.id).state, PLAN_APPROVED); /* stays valid until the new one is approved */
	YES(bed, store_plan_of(bed->store, lee, YEAR, true, &bed->arena, &now, &bed->err));
	assert_int_equal(now.id, two.id);
	YES(bed, store_plan_of(bed->store, lee, YEAR, false, &bed->arena, &now, &bed->err));
	assert_int_equal(now.id, three.id);
	set_state(bed, three.id, PLAN_DENIED, head);
	YES(bed, store_plan_of(bed->store, lee, YEAR, true, &bed->arena, &now, &bed->err));
	assert_int_equal(now.id, two.id);
	set_state(bed, three.id, PLAN_APPROVED, head);
	assert_int_equal(get(bed, two.id).state, PLAN_REPLACED);
	YES(bed, store_plan_before(bed->store, three.id, &bed->arena, &now, &bed->err));
	assert_int_equal(now.id, two.id);
	assert_int_equal(store_plan_before(bed->store, two.id, &bed->arena, &now, &bed->err), 0); /* the first was never approved */
	OK(bed, store_plans(bed->store, lee, YEAR, &bed->arena, &all, &bed->err));
	assert_int_equal(all.n, 3);
	OK(bed, store_plans(bed->store, 0, YEAR, &bed->arena, &all, &bed->err));
	assert_int_equal(all.n, 3);
	OK(bed, store_plans(bed->store, 0, YEAR + 365, &bed->arena, &all, &bed->err));
	assert_int_equal(all.n, 0);
	struct plan nobody = {.id = 99, .person = lee, .year = YEAR};
	REFUSED(bed, store_change_plan(bed->store, &nobody, &bed->err), "no plan 99");
	commit(bed);
	assert_sound(bed);
}

static void progress(void **state)
{
	struct bed *bed = *state;
	int within = -1, of = -1;
	begin(bed);
	int64_t lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	static const char *const titles[] = {"Exit tickets that take two minutes", "Lab notebooks", "More exit tickets"};
	for (size_t i = 0; i < 3; i++) {
		struct entry e = plain_entry(lee, YEAR + (int32_t)i, titles[i]);
		add_entry(bed, &e);
	}
	struct entry tagged = plain_entry(lee, YEAR + 9, "A talk"), gone = plain_entry(lee, YEAR + 9, "Exit tickets"), other = plain_entry(lee, YEAR - 1, "Exit tickets");
	strs_add(&tagged.tags, &bed->arena, "tickets");
	gone.undone = true;
	add_entry(bed, &tagged);
	add_entry(bed, &gone);
	add_entry(bed, &other);
	struct plan p = a_plan(lee, "How exit tickets show me what my students have understood");
	OK(bed, store_plan_progress(bed->store, &p, YEAR, YEAR + 365, &within, &of, &bed->err));
	assert_int_equal(of, 4);
	assert_int_equal(within, 3);
	commit(bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(goals_keep_their_numbers), TEST(versions), TEST(progress)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
