#include "tests/gateway/store/store-test.h"

struct cast {
	int64_t lee, kim, head, deputy, entries[4];
};

static struct cast cast(struct bed *bed)
{
	struct cast c = {.head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER)};
	c.deputy = add_person(bed, "Ms Deputy", "deputy@school.example", ROLE_APPROVER);
	c.lee = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER);
	struct person kim = {.name = "Mr Kim", .approver = "DEPUTY@school.example"};
	strs_add(&kim.addresses, &bed->arena, "kim@school.example");
	OK(bed, store_put_person(bed->store, &kim, &bed->err));
	c.kim = kim.id;
	const int64_t who[] = {c.lee, c.kim, c.head, c.lee};
	for (int i = 0; i < 4; i++) {
		struct entry e = plain_entry(who[i], 20010 - i, arena_printf(&bed->arena, "entry %d", i));
		strs_add(&e.tags, &bed->arena, "pln");
		c.entries[i] = add_entry(bed, &e);
		add_line(bed, c.entries[i], LEDGER_CLAIM, 10 + i, 0, "rule");
	}
	return c;
}

static struct entries waits_for(struct bed *bed, int64_t approver, size_t limit)
{
	struct undecided all;
	struct entries list;
	OK(bed, store_waiting(bed->store, &bed->arena, &all, &bed->err));
	OK(bed, store_waiting_for(bed->store, &all, approver, limit, &bed->arena, &list, &bed->err));
	return list;
}

static void who_may_decide_what(void **state)
{
	struct bed *bed = *state;
	struct entries waiting;
	begin(bed);
	struct cast c = cast(bed);
	waiting = waits_for(bed, c.head, 10);
	assert_int_equal(waiting.n, 2); /* not his own, not Mr Kim's */
	assert_int_equal(waiting.v[0].id, c.entries[3]);
	assert_int_equal(waiting.v[1].id, c.entries[0]);
	assert_int_equal(waiting.v[0].tags.n, 1);
	waiting = waits_for(bed, c.deputy, 10);
	assert_int_equal(waiting.n, 4);
	waiting = waits_for(bed, c.deputy, 1);
	assert_int_equal(waiting.n, 1);
	add_line(bed, c.entries[3], LEDGER_ASK, 0, c.head, "which?");
	add_line(bed, c.entries[0], LEDGER_APPROVE, 10, c.head, "");
	waiting = waits_for(bed, c.head, 10);
	assert_int_equal(waiting.n, 1);
	assert_int_equal(waiting.v[0].claim, CLAIM_ASKED);
	/* looked through once, used again and again: what was decided or taken out meanwhile is not asked about */
	struct undecided all;
	OK(bed, store_waiting(bed->store, &bed->arena, &all, &bed->err));
	assert_int_equal(all.n, 3);
	add_line(bed, c.entries[1], LEDGER_DENY, 0, c.head, "no");
	add_line(bed, c.entries[3], LEDGER_WITHDRAW, 0, 0, "undone");
	OK(bed, store_waiting_for(bed->store, &all, c.deputy, 10, &bed->arena, &waiting, &bed->err));
	assert_int_equal(waiting.n, 1);
	assert_int_equal(waiting.v[0].id, c.entries[2]);
	/* whose approver has no address here waits for nobody */
	struct person kim;
	YES(bed, store_person(bed->store, c.kim, &bed->arena, &kim, &bed->err));
	kim.approver = "gone@school.example";
	OK(bed, store_put_person(bed->store, &kim, &bed->err));
	struct entry e = plain_entry(c.kim, 20001, "unheard");
	add_line(bed, add_entry(bed, &e), LEDGER_CLAIM, 5, 0, "rule");
	assert_int_equal(waits_for(bed, c.deputy, 10).n, 1);
	assert_int_equal(waits_for(bed, c.head, 10).n, 0);
	commit(bed);
}

static struct approval ask(struct bed *bed, const struct cast *c, int64_t approver)
{
	struct item *items = arena_alloc(&bed->arena, 2 * sizeof *items);
	for (int i = 0; i < 2; i++)
		items[i] = (struct item){.number = i + 1, .entry.id = c->entries[i], .flag = i ? "over the day cap" : ""};
	struct approval approval = {.approver = approver, .asked_at = 1700000000, .week = "2026-W47", .items = items, .n = 2};
	OK(bed, store_add_approval(bed->store, &approval, &bed->err));
	return approval;
}

/* Two approvers got the same entries: whoever decides first, both letters show it. */
static void first_decision_shows_in_every_letter(void **state)
{
	struct bed *bed = *state;
	struct approval got, *list;
	size_t n;
	begin(bed);
	struct cast c = cast(bed);
	struct approval one = ask(bed, &c, c.head), two = ask(bed, &c, c.deputy);
	struct ledger_line line = {.entry = c.entries[0], .verb = LEDGER_APPROVE, .actual = 10, .credited = 7, .by_person = c.deputy, .approval = two.id, .at = 55};
	OK(bed, store_add_ledger(bed->store, &line, &bed->err));
	commit(bed);
	YES(bed, store_approval(bed->store, one.id, &bed->arena, &got, &bed->err));
	assert_int_equal(got.approver, c.head);
	assert_string_equal(got.week, "2026-W47");
	assert_int_equal(got.n, 2);
	assert_int_equal(got.items[0].entry.claim, CLAIM_APPROVED);
	assert_int_equal(got.items[0].entry.credited, 7);
	assert_int_equal(got.items[0].entry.tags.n, 1);
	assert_int_equal(got.items[0].decided_by, c.deputy);
	assert_int_equal(got.items[0].decided_at, 55);
	assert_string_equal(got.items[0].decider, "Ms Deputy");
	assert_string_equal(got.items[0].teacher, "Ms Lee");
	assert_int_equal(got.items[1].decided_by, 0);
	assert_null(got.items[1].decider);
	assert_string_equal(got.items[1].flag, "over the day cap");
	begin(bed);
	add_line(bed, c.entries[0], LEDGER_UNDO, 0, c.deputy, "");
	commit(bed);
	YES(bed, store_approval(bed->store, one.id, &bed->arena, &got, &bed->err));
	assert_int_equal(got.items[0].decided_by, 0);
	assert_int_equal(got.items[0].entry.claim, CLAIM_WAITING);
	begin(bed);
	add_line(bed, c.entries[0], LEDGER_DENY, 0, c.head, "no");
	OK(bed, store_overdue(bed->store, false, INT64_MAX, &bed->arena, &list, &n, &bed->err));
	assert_int_equal(n, 2);
	add_line(bed, c.entries[1], LEDGER_APPROVE, 5, c.deputy, "");
	OK(bed, store_overdue(bed->store, false, INT64_MAX, &bed->arena, &list, &n, &bed->err));
	assert_int_equal(n, 0);
	commit(bed);
	YES(bed, store_approval(bed->store, one.id, &bed->arena, &got, &bed->err));
	assert_int_equal(got.items[0].decided_by, c.head);
	assert_int_equal(store_approval(bed->store, 9, &bed->arena, &got, &bed->err), 0);
	assert_sound(bed);
}

/* Who was asked about an entry, in which letter last, and what of it has been done about waiting. */
static void who_was_asked_and_what_is_overdue(void **state)
{
	struct bed *bed = *state;
	struct asked_approver *asked;
	struct approval *due;
	size_t n;
	begin(bed);
	struct cast c = cast(bed);
	struct approval one = ask(bed, &c, c.head);
	struct approval two = ask(bed, &c, c.head), three = ask(bed, &c, c.deputy);
	OK(bed, store_asked(bed->store, c.entries[0], &bed->arena, &asked, &n, &bed->err));
	assert_int_equal(n, 2);
	assert_int_equal(asked[0].approver, c.head);
	assert_int_equal(asked[0].approval, two.id);
	assert_int_equal(asked[0].number, 1);
	assert_int_equal(asked[0].first_at, 1700000000);
	assert_false(asked[0].reminded);
	OK(bed, store_overdue(bed->store, false, 1699999999, &bed->arena, &due, &n, &bed->err));
	assert_int_equal(n, 0);
	OK(bed, store_overdue(bed->store, false, 1700000000, &bed->arena, &due, &n, &bed->err));
	assert_int_equal(n, 3);
	assert_int_equal(due[0].id, one.id);
	assert_int_equal(due[0].n, 2);
	OK(bed, store_set_overdue(bed->store, one.id, false, 1700000009, &bed->err));
	OK(bed, store_overdue(bed->store, false, 1700000000, &bed->arena, &due, &n, &bed->err));
	assert_int_equal(n, 2);
	OK(bed, store_overdue(bed->store, true, 1700000000, &bed->arena, &due, &n, &bed->err));
	assert_int_equal(n, 3); /* a reminder is not yet passing on */
	OK(bed, store_set_overdue(bed->store, three.id, true, 1700000009, &bed->err));
	OK(bed, store_asked(bed->store, c.entries[0], &bed->arena, &asked, &n, &bed->err));
	assert_true(asked[0].reminded && !asked[0].escalated && asked[1].escalated && !asked[1].reminded);
	add_line(bed, c.entries[0], LEDGER_APPROVE, 10, c.head, "");
	add_line(bed, c.entries[1], LEDGER_DENY, 0, c.head, "");
	OK(bed, store_overdue(bed->store, false, 1700000000, &bed->arena, &due, &n, &bed->err));
	assert_int_equal(n, 0); /* decided */
	OK(bed, store_asked(bed->store, c.entries[3], &bed->arena, &asked, &n, &bed->err));
	assert_int_equal(n, 0);
	REFUSED(bed, store_set_overdue(bed->store, 99, true, 1, &bed->err), "approval");
	commit(bed);
	assert_sound(bed);
}

/* Both names stay with a decision that a delegate wrote. */
static void both_names_are_kept(void **state)
{
	struct bed *bed = *state;
	struct approval got;
	begin(bed);
	struct cast c = cast(bed);
	struct approval one = ask(bed, &c, c.head);
	struct ledger_line line = {.entry = c.entries[0], .verb = LEDGER_APPROVE, .actual = 10, .credited = 7, .by_person = c.head, .delegate = c.kim, .approval = one.id, .at = 55};
	OK(bed, store_add_ledger(bed->store, &line, &bed->err));
	commit(bed);
	YES(bed, store_approval(bed->store, one.id, &bed->arena, &got, &bed->err));
	assert_string_equal(got.items[0].decider, "Dr Head");
	assert_string_equal(got.items[0].delegate, "Mr Kim");
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(who_may_decide_what), TEST(first_decision_shows_in_every_letter), TEST(who_was_asked_and_what_is_overdue),
	                                   TEST(both_names_are_kept)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
