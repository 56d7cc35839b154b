#include "tests/gateway/store/store-test.h"

static void an_interview_is_kept_and_the_latest_found(void **state)
{
	struct bed *bed = *state;
	struct interview got;
	begin(bed);
	int64_t ana = add_person(bed, "Ana", "ana@campus.example", ROLE_TEACHER), pat = add_person(bed, "Pat", "pat@campus.example", ROLE_APPROVER);
	struct interview first = {.person = ana, .year = 20635, .created_at = 1795000000, .words = "what I did"}, second = first;
	OK(bed, store_add_interview(bed->store, &first, &bed->err));
	first.state = INTERVIEW_NOT_YET;
	first.decided_at = 1795000100;
	first.decided_by = pat;
	first.words = "two examples are one";
	OK(bed, store_change_interview(bed->store, &first, &bed->err));
	second.approver = pat;
	second.meets_at = 1795500000;
	second.state = INTERVIEW_PLANNED;
	OK(bed, store_add_interview(bed->store, &second, &bed->err));
	commit(bed);
	assert_true(second.id > first.id);
	YES(bed, store_interview(bed->store, first.id, &bed->arena, &got, &bed->err));
	assert_int_equal(got.state, INTERVIEW_NOT_YET);
	assert_int_equal(got.decided_by, pat);
	assert_string_equal(got.words, "two examples are one");
	YES(bed, store_interview_of(bed->store, ana, 20635, &bed->arena, &got, &bed->err));
	assert_int_equal(got.id, second.id);
	assert_int_equal(got.meets_at, 1795500000);
	assert_int_equal(got.approver, pat);
	assert_int_equal(store_interview_of(bed->store, ana, 20270, &bed->arena, &got, &bed->err), 0);
	assert_int_equal(store_interview_of(bed->store, pat, 20635, &bed->arena, &got, &bed->err), 0);
	assert_int_equal(store_interview(bed->store, 999, &bed->arena, &got, &bed->err), 0);
	for (unsigned i = 0; i < INTERVIEW_STATE_COUNT; i++)
		assert_true(interview_state_name((enum interview_state)i)[0] != '\0');
}

static void what_cannot_be_is_refused(void **state)
{
	struct bed *bed = *state;
	struct interview nobody = {.person = 999, .year = 20635, .created_at = 1, .words = NULL}, gone = {.id = 77};
	REFUSED(bed, store_add_interview(bed->store, &nobody, &bed->err), "outside a transaction");
	begin(bed);
	REFUSED(bed, store_add_interview(bed->store, &nobody, &bed->err), "FOREIGN KEY");
	REFUSED(bed, store_change_interview(bed->store, &gone, &bed->err), "interview");
	commit(bed);
}

/* What the package's minutes look like in the ledger and the sums. */
static void a_grant_counts_until_it_is_taken_back(void **state)
{
	struct bed *bed = *state;
	struct totals t;
	begin(bed);
	int64_t ana = add_person(bed, "Ana", "ana@campus.example", ROLE_TEACHER), pat = add_person(bed, "Pat", "pat@campus.example", ROLE_APPROVER);
	struct ledger_line grant = {.at = 1795000000, .person = ana, .verb = LEDGER_GRANT, .day = 20775, .actual = 180, .credited = 180,
	                            .reason = "package 2026/27", .by_person = pat, .about = 1};
	struct ledger_line own = grant;
	own.by_person = ana;
	REFUSED(bed, store_add_ledger(bed->store, &own, &bed->err), "nobody decides about their own");
	OK(bed, store_add_ledger(bed->store, &grant, &bed->err));
	OK(bed, store_totals(bed->store, ana, 20635, 21000, &t, &bed->err));
	assert_int_equal(t.granted, 180);
	assert_int_equal(t.approved, 180);
	OK(bed, store_totals(bed->store, ana, 20270, 20635, &t, &bed->err));
	assert_int_equal(t.granted, 0);
	struct ledger_line back = {.at = 1795000500, .person = ana, .verb = LEDGER_REVOKE, .day = 20775, .credited = 180, .by_person = pat, .about = grant.id};
	OK(bed, store_add_ledger(bed->store, &back, &bed->err));
	OK(bed, store_totals(bed->store, ana, 20635, 21000, &t, &bed->err));
	assert_int_equal(t.granted, 0);
	commit(bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_interview_is_kept_and_the_latest_found),
		TEST(what_cannot_be_is_refused),
		TEST(a_grant_counts_until_it_is_taken_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
