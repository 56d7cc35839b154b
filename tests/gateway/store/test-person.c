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
	REFUSED(bed, store_import_people(bed->store, &(struct roster){people, 2}, &count, &bed->err), "the row of Both has the address lee@school.example of Ms Lee");
	assert_int_equal(count.added, 77);
	commit(bed);
	OK(bed, store_people(bed->store, true, &bed->arena, &roster, &bed->err));
	assert_int_equal(roster.n, 2);
}

/* ---- addresses that go to somebody else: credit stays with the person */

static const struct {
	const char *what, *rows, *want, *refused; /* rows and want: NAME=ADDRESSES;… ; want: of the persons by number */
} moves[] = {
	{"as it is", "Ms Lee=lee@x;Mr Kim=kim@x", "1 Ms Lee lee@x;2 Mr Kim kim@x", NULL},
	{"two swap", "Ms Lee=kim@x;Mr Kim=lee@x", "1 Ms Lee kim@x;2 Mr Kim lee@x", NULL},
	{"two swap, other way round", "Mr Kim=lee@x;Ms Lee=kim@x", "1 Ms Lee kim@x;2 Mr Kim lee@x", NULL},
	{"siblings swap", "Ms Lee=lee@x;Mr Kim=kim@x;Ada Roy=bo@x;Bo Roy=ada@x", "3 Ada Roy bo@x;4 Bo Roy ada@x", NULL},
	{"one gets both", "Ms Lee=new@x;Mr Kim=kim@x lee@x", "1 Ms Lee new@x;2 Mr Kim kim@x lee@x", NULL},
	{"married", "Ms Lee-Brown=lee@x;Mr Kim=kim@x", "1 Ms Lee-Brown lee@x", NULL},
	{"one more initial", "Ms A. Lee=lee@x", "1 Ms A. Lee lee@x", NULL},
	{"wholly another name", "Ms Park=lee@x;Mr Kim=kim@x", NULL, "people rename lee@x"},
	{"a colleague's address, who has no row", "Mr Kim=lee@x kim@x", NULL, "who has no row"},
	{"only a title in common", "Ms Park=lee@x", NULL, "of Ms Lee, who has no row"},
	{"of one who left", "Mr Park=gone@x", "5 Old Owner ;6 Mr Park gone@x", NULL},
	{"a new address only", "Ms Lee=new@x", NULL, "Ms Lee is on the roster with lee@x"},
	{"a second one of that name", "Ms Lee=lee@x;Ms Lee=new@x", "1 Ms Lee lee@x;6 Ms Lee new@x", NULL},
	{"two of the same", "Ms Lee=lee@x;Ms Lee=lee2@x;Ms A. Lee=lee3@x lee@x", NULL, "stands in two rows"},
};

static void move_address(struct bed *bed, const char *text, struct person *people, size_t *n)
{
	struct span rest = span_of(text), row, name;
	while (span_until(&rest, ';', &row)) {
		span_until(&row, '=', &name);
		people[(*n)++] = person(bed, arena_strndup(&bed->arena, name.p, name.n), arena_strndup(&bed->arena, row.p, row.n));
	}
}

static void an_address_never_moves_credit(void **state)
{
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		struct bed *bed = *state;
		struct person people[8], p;
		struct roster roster = {people, 0};
		struct import_count count;
		struct totals t;
		begin(bed);
		int64_t ids[] = {add_person(bed, "Ms Lee", "lee@x", ROLE_TEACHER), add_person(bed, "Mr Kim", "kim@x", ROLE_TEACHER),
		                 add_person(bed, "Ada Roy", "ada@x", ROLE_TEACHER), add_person(bed, "Bo Roy", "bo@x", ROLE_TEACHER),
		                 add_person(bed, "Old Owner", "gone@x", ROLE_TEACHER)};
		YES(bed, store_person(bed->store, ids[4], &bed->arena, &p, &bed->err));
		p.left = true;
		OK(bed, store_put_person(bed->store, &p, &bed->err));
		for (int k = 0; k < 5; k++) {
			struct entry e = plain_entry(ids[k], 20000, "x");
			add_line(bed, add_entry(bed, &e), LEDGER_CLAIM, 10 + k, 0, "r");
		}
		move_address(bed, moves[i].rows, people, &roster.n);
		bed->err.text[0] = '\0';
		int result = store_import_people(bed->store, &roster, &count, &bed->err);
		commit(bed);
		if ((result < 0) != (moves[i].refused != NULL) || (result < 0 && strstr(bed->err.text, moves[i].refused) == NULL))
			fail_msg("%s: %s", moves[i].what, bed->err.text);
		for (int k = 0; k < 5; k++) {
			OK(bed, store_totals(bed->store, ids[k], 0, DAY_NONE, &t, &bed->err));
			assert_int_equal(t.waiting, 10 + k);
		}
		struct span rest = span_of(moves[i].want), piece;
		while (span_until(&rest, ';', &piece)) {
			YES(bed, store_person(bed->store, strtol(piece.p, NULL, 10), &bed->arena, &p, &bed->err));
			const char *is = arena_printf(&bed->arena, "%lld %s ", (long long)p.id, p.name);
			for (size_t a = 0; a < p.addresses.n; a++)
				is = arena_printf(&bed->arena, "%s%s%s", is, a == 0 ? "" : " ", p.addresses.v[a]);
			if (!span_eq(piece, is))
				fail_msg("%s: is %s, not %.*s", moves[i].what, is, SPAN_ARG(piece));
		}
		assert_sound(bed);
		bed_teardown((void **)&bed);
		bed_setup((void **)&bed);
		*state = bed;
	}
}

/* ---- a mailbox that several write from */
static void a_shared_mailbox_is_nobodys(void **state)
{
	struct bed *bed = *state;
	struct person p, lee = person(bed, "Ms Lee", "lee@x art@x"), kim = person(bed, "Mr Kim", "art@x");
	struct roster sharers;
	struct import_count count;
	lee.shared = kim.shared = person(bed, "", "art@x").addresses;
	lee.joined = 19500;
	begin(bed);
	OK(bed, store_put_person(bed->store, &lee, &bed->err));
	OK(bed, store_put_person(bed->store, &kim, &bed->err));
	commit(bed);
	assert_int_equal(store_person_by_address(bed->store, "art@x", &bed->arena, &p, &bed->err), 0);
	OK(bed, store_sharers(bed->store, "ART@x", &bed->arena, &sharers, &bed->err));
	assert_int_equal(sharers.n, 2);
	assert_string_equal(sharers.people[0].name, "Mr Kim");
	YES(bed, store_person(bed->store, lee.id, &bed->arena, &p, &bed->err));
	assert_int_equal(p.joined, 19500);
	assert_int_equal(p.addresses.n, 2);
	assert_string_equal(p.addresses.v[0], "lee@x");
	assert_int_equal(p.shared.n, 1);
	begin(bed);
	OK(bed, store_put_person(bed->store, &p, &bed->err));
	REFUSED(bed, store_add_address(bed->store, kim.id, "art@x", &bed->err), "art@x is a shared mailbox");
	/* The roster takes it from one: it is still the other's, and nobody's own. */
	struct person rows[] = {person(bed, "Ms Lee", "lee@x")};
	OK(bed, store_import_people(bed->store, &(struct roster){rows, 1}, &count, &bed->err));
	assert_int_equal(count.changed, 1);
	commit(bed);
	OK(bed, store_sharers(bed->store, "art@x", &bed->arena, &sharers, &bed->err));
	assert_int_equal(sharers.n, 1);
	OK(bed, store_sharers(bed->store, "lee@x", &bed->arena, &sharers, &bed->err));
	assert_int_equal(sharers.n, 0);
}

/* ---- two rows of the roster are one person */
static void merged_they_have_one_history(void **state)
{
	struct bed *bed = *state;
	size_t undone = 9;
	begin(bed);
	int64_t keep = add_person(bed, "Ada Lee", "ada@x", ROLE_TEACHER), gone = add_person(bed, "A. Lee", "home@x", ROLE_APPROVER);
	int64_t third = add_person(bed, "Lee, Ada", "third@x", ROLE_TEACHER), head = add_person(bed, "Head", "head@x", ROLE_APPROVER);
	int64_t people[] = {keep, gone, third};
	int64_t entries[6];
	for (int i = 0; i < 6; i++) {
		struct entry e = plain_entry(people[i % 3], 20000, "x");
		entries[i] = add_entry(bed, &e);
		add_line(bed, entries[i], LEDGER_CLAIM, 10 + i, 0, "r");
		if (i < 4)
			add_line(bed, entries[i], LEDGER_APPROVE, 10 + i, i == 0 ? gone : head, "ok");
	}
	for (int i = 0; i < 3; i++) {
		struct ledger_line grant = {.at = 1, .person = people[i], .verb = LEDGER_GRANT, .day = 20000, .credited = 60, .reason = "signed", .by_person = head};
		OK(bed, store_add_ledger(bed->store, &grant, &bed->err));
		struct plan plan = {.person = people[i], .year = 19900, .state = PLAN_APPROVED, .parts = {"n", "l", "c"}, .goal_words = "", .prose = "p", .words = "", .created_at = i};
		OK(bed, store_add_plan(bed->store, &plan, &bed->err));
	}
	commit(bed);
	struct totals sum = {0}, t;
	for (int i = 0; i < 3; i++) {
		OK(bed, store_totals(bed->store, people[i], 0, DAY_NONE, &t, &bed->err));
		sum.approved += t.approved;
		sum.waiting += t.waiting;
		sum.granted += t.granted;
		sum.entries += t.entries;
	}
	begin(bed);
	OK(bed, store_merge(bed->store, gone, third, 0, 5, "the same person", &undone, &bed->err));
	assert_int_equal(undone, 0);
	OK(bed, store_merge(bed->store, keep, gone, head, 6, "the same person", &undone, &bed->err));
	assert_int_equal(undone, 1); /* gone had approved an entry of keep's */
	commit(bed);
	assert_sound(bed);
	OK(bed, store_totals(bed->store, keep, 0, DAY_NONE, &t, &bed->err));
	assert_int_equal(t.approved, sum.approved - 10);
	assert_int_equal(t.waiting, sum.waiting + 10);
	assert_int_equal(t.granted, sum.granted);
	assert_int_equal(t.entries, sum.entries);
	struct cap all = {.kinds = UINT32_MAX, .stars = STARS_ANY};
	int used;
	OK(bed, store_credited(bed->store, keep, &all, DAY_NONE, DAY_NONE, 0, &used, &bed->err));
	assert_int_equal(used, sum.approved - sum.granted + sum.waiting);
	struct ledger lines;
	OK(bed, store_ledger(bed->store, keep, 0, &bed->arena, &lines, &bed->err));
	assert_int_equal(lines.n, 6 + 4 + 3 + 3 + 1);
	assert_int_equal(lines.v[0].person, keep);
	assert_int_equal(get_entry(bed, entries[2]).person, keep);
	struct person p;
	const char *addresses[] = {"ada@x", "home@x", "third@x"};
	for (int i = 0; i < 3; i++) {
		YES(bed, store_person_by_address(bed->store, addresses[i], &bed->arena, &p, &bed->err));
		assert_int_equal(p.id, keep);
	}
	assert_string_equal(p.addresses.v[0], "ada@x");
	struct roster roster;
	OK(bed, store_people(bed->store, true, &bed->arena, &roster, &bed->err));
	assert_int_equal(roster.n, 2);
	struct plan plan;
	YES(bed, store_plan_of(bed->store, keep, 19900, true, &bed->arena, &plan, &bed->err));
	assert_int_equal(plan.created_at, 0); /* keep's own goes on */
	begin(bed);
	REFUSED(bed, store_merge(bed->store, keep, gone, 0, 7, "again", &undone, &bed->err), "goes on as person 1 already");
	REFUSED(bed, store_merge(bed->store, keep, keep, 0, 7, "again", &undone, &bed->err), "is one person already");
	REFUSED(bed, store_merge(bed->store, keep, 99, 0, 7, "again", &undone, &bed->err), "no such person");
	/* Nobody approves their own, whatever they were called then. */
	struct ledger_line own = {.at = 8, .entry = entries[5], .verb = LEDGER_APPROVE, .credited = 15, .by_person = keep};
	REFUSED(bed, store_add_ledger(bed->store, &own, &bed->err), "nobody decides about their own");
	commit(bed);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		TEST(found_by_address_and_name), TEST(an_address_has_one_owner), TEST(who_left_keeps_records),
		TEST(import_adds_changes_keeps), TEST(import_is_all_or_nothing), TEST(an_address_never_moves_credit),
		TEST(a_shared_mailbox_is_nobodys), TEST(merged_they_have_one_history),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
