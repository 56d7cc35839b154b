#include "said-text.h"

/* An approver's reply, and what is done about it. '?' before a line: asked back about, nothing is done. */
static const struct {
	const char *own, *want;
} cases[] = {
	/* plain consent */
	{"ok", "ok all"}, {"OK!", "ok all"}, {"Ok thanks", "ok all"}, {"Ok, thanks!", "ok all"}, {"OK. Thank you", "ok all"},
	{"approved", "ok all"}, {"Approved!", "ok all"}, {"yes", "ok all"},
	{"Yes please", "ok all"}, {"👍", "ok all"}, {"👍🏽", "ok all"}, {"👍👍", "ok all"}, {"ok 👍", "ok all"}, {"looks good", "ok all"},
	{"Looks good to me.", "ok all"}, {"All good", "ok all"},
	{"all ok", "ok all"}, {"ok for all", "ok all"}, {"Okay", "ok all"}, {"Yes, looks good, thanks!", "ok all"}, {"LGTM", "ok all"},
	{"✅", "ok all"}, {"approve all", "ok all"}, {"OK great, thanks everyone", "ok all"},
	{"Genehmigt", "ok all"}, {"D’accord, merci", "ok all"}, {"ｏｋ", "ok all"}, {"- ok", "ok all"}, {"• OK", "ok all"}, {"  ok  ", "ok all"},
	/* exceptions */
	{"ok except 3", "ok all except 3"}, {"Ok except 3.", "ok all except 3"}, {"ok except for 3 and 5", "ok all except 3,5"},
	{"ok except 3, 5-7", "ok all except 3,5-7"}, {"OK – except 3, 5–7", "ok all except 3,5-7"},
	{"all ok but 3", "ok all except 3"}, {"All good except #4", "ok all except 4"}, {"ok but not 3", "ok all except 3"},
	{"everything ok except items 2, 4 and 6", "ok all except 2,4,6"}, {"ok to all except 3 please", "ok all except 3"},
	{"all but 3 ok", "ok all except 3"}, {"yes, except 12", "ok all except 12"},
	{"ok except 3; 3 no too long", "ok all except 3; no 3 'too long'"}, {"ok except 3\n3 no reason", "ok all except 3; no 3 'reason'"},
	{"ok, 3 no", "ok all except 3; no 3"}, {"ok but 3 no too long", "ok all except 3; no 3 'too long'"},
	{"ok\n7 30m", "ok all except 7; minutes 7 =30"}, {"ok except 3 and 5 no too long", "ok all except 3,5; no 5 'too long'"},
	{"Ok except 3 / 3 no same as 1 / 7 30m", "ok all except 3,7; no 3 as 1; minutes 7 =30"},
	{"Ok except 3\n3 no same as 1\n7 30m\nSent from my iPhone", "ok all except 3,7; no 3 as 1; minutes 7 =30"},
	/* single items */
	{"11 ok", "ok 11"}, {"ok 11", "ok 11"}, {"1-4 ok", "ok 1-4"}, {"1 – 4 ok", "ok 1-4"}, {"1 to 4 ok", "ok 1-4"},
	{"1, 2 and 5 ok", "ok 1,2,5"}, {"1 2 5 ok", "ok 1,2,5"}, {"approve 3 and 4", "ok 3,4"}, {"3: ok", "ok 3"}, {"3) ok", "ok 3"},
	{"#3 ok", "ok 3"},
	{"item 3 is fine", "ok 3"}, {"1-4 ok, 5 no, 6-8 ok", "ok 1-4; no 5; ok 6-8"}, {"1 ok; 2 no; 3 30m", "ok 1; no 2; minutes 3 =30"},
	{"9999 ok", "ok 9999"},
	/* refusals */
	{"3 no", "no 3"}, {"3 No.", "no 3"}, {"3 no too long", "no 3 'too long'"}, {"3 no - too long", "no 3 'too long'"},
	{"3: no (too long)", "no 3 'too long'"}, {"no 3", "no 3"}, {"no to 3", "no 3"}, {"deny 3, 4", "no 3,4"}, {"3 not ok", "no 3"},
	{"3 no same as 1", "no 3 as 1"}, {"3 no, same as item 1.", "no 3 as 1"}, {"3 no too long, 5 ok", "no 3 'too long'; ok 5"},
	{"3 no not our topic, and twice logged", "no 3 'not our topic, and twice logged'"}, {"5-7 denied", "no 5-7"}, {"👎 3", "no 3"},
	{"3 ❌", "no 3"}, {"reject 3 it’s a duplicate", "no 3 'it's a duplicate'"}, {"3 no; 4 no same as 3", "no 3; no 4 as 3"},
	{"3 nein", "no 3"},
	/* minutes */
	{"7 30m", "minutes 7 =30"}, {"7 at 30 min", "minutes 7 =30"}, {"7 at 30", "minutes 7 =30"}, {"7: 30 minutes", "minutes 7 =30"},
	{"7 → 30m", "minutes 7 =30"}, {"7 ok at 45 min", "minutes 7 =45"}, {"7 only 1h30", "minutes 7 =90"},
	{"7 half an hour", "minutes 7 =30"},
	{"7 to 30 min", "minutes 7 =30"}, {"change 7 to 30", "minutes 7 =30"}, {"make 7 30m", "minutes 7 =30"},
	{"4 and 5 at 20 min", "minutes 4,5 =20"}, {"7 30m, 8 no", "minutes 7 =30; no 8"},
	{"7 30m because the rest was travel", "minutes 7 =30 'the rest was travel'"}, {"7 30m thanks", "minutes 7 =30"},
	/* questions and undo */
	{"5 ask which chapter?", "ask 5 'which chapter?'"}, {"ask 5: which chapter?", "ask 5 'which chapter?'"},
	{"5 ask which chapter? 6 ok", "ask 5 'which chapter?'; ok 6"}, {"Ask 5 what it was about", "ask 5 'what it was about'"},
	{"undo", "undo all"}, {"Undo, please", "undo all"},
	{"undo 3", "undo 3"}, {"undo 3 and 4", "undo 3,4"},
	/* phones, sign-offs, addresses */
	{"ok\n\nSent from my iPhone", "ok all"}, {"Sent from my iPhone\nok", ""}, {"ok except 3\n-- \n4 no", "ok all except 3"},
	{"ok\nBest regards,\nP. Lang\n3 no", "ok all"}, {"Tulsa, OK 74103", ""},
	{"3 no too far\nThanks,\nAna\nTulsa, OK 74103", "no 3 'too far'"},
	{"Thanks!\nok except 3", "ok all except 3"}, {"> ok\n3 no", "no 3"}, {"Von meinem iPhone gesendet\nok", ""},
	{"Hello Ana,\nok", "ok all"}, {"100 Main St, Tulsa, OK 74103\nok", "ok all except 100; ?100 Main St, Tulsa, OK 74103"},
	{"Ok except 3\n\nPat Lang\nPrincipal, Lincoln High\nTulsa, OK 74103", "ok all except 3"}, {"ok\nPat\n3 no", "ok all except 3; no 3"},
	{"ok\n\nPat Lang, Room 5", "ok all"},
	/* doubtful: nothing is done */
	{"3 maybe", "?3 maybe"}, {"ok I guess except some", "?ok I guess except some"},
	{"Ok, let me look at that tomorrow", "?Ok, let me look at that tomorrow"}, {"no", "?no"}, {"3", "?3"}, {"3 ok?", "?3 ok?"},
	{"ok except", "?ok except"}, {"ok except three", "?ok except three"},
	{"7 to 30", "?7 to 30"}, {"7 30", "?7 30"}, {"no. 3 ok", "?no. 3 ok"}, {"5-3 ok", "?5-3 ok"}, {"ask 5", "?ask 5"},
	{"yes but I wonder about the third", "?yes but I wonder about the third"}, {"all but 3", "?all but 3"}, {"not ok", "?not ok"},
	{"3 same as 1", "?3 same as 1"}, {"No worries about the delay", "?No worries about the delay"}, {"ok 3 no", "?ok 3 no"}, {"0 ok", ""},
	{"10000 ok", ""}, {"but not 3", "?but not 3"}, {"3 no 5 7", "?3 no 5 7"}, {"10:30 ok", ""}, {"3 7 30m or 45m?", "?3 7 30m or 45m?"},
	{"ok?", "?ok?"}, {"ok for now", "?ok for now"}, {"yes and no", "?yes and no"},
	{"ok but 3 needs a certificate", "?ok but 3 needs a certificate"},
	{"Approved with reservations", "?Approved with reservations"}, {"ok 3 days", "?ok 3 days"}, {"ok 30m", "?ok 30m"},
	{"3 ok, but not 5", "?3 ok, but not 5"},
	{"ok once 3 is fixed", "?ok once 3 is fixed"}, {"everything except 3", "?everything except 3"},
	{"3 and 4 are duplicates, rest ok", "?3 and 4 are duplicates, rest ok"},
	/* several lines: what is named counts before what is covered, doubt before consent */
	{"3 no, rest ok", "no 3; ok all except 3"}, {"3 no, the rest is fine", "no 3; ok all except 3"},
	{"3 30m\nothers ok", "minutes 3 =30; ok all except 3"}, {"approve the rest\n3 no", "ok all except 3; no 3"},
	{"1-14 ok except 3", "ok 1-2,4-14"}, {"1-14 ok except 3 and 7, 15 no", "ok 1-2,4-6,8-14; no 15"},
	{"1-14 ok\n3 no", "ok 1-2,4-14; no 3"}, {"1-14 ok\n3, 5 and 9-10 no", "ok 1-2,4,6-8,11-14; no 3,5,9-10"},
	{"3 no\n1-4 ok\n2 20m", "no 3; ok 1,4; minutes 2 =20"}, {"1-4 ok\n2-6 no", "?1-4 ok; ?2-6 no"},
	{"ok\n3 maybe", "ok all except 3; ?3 maybe"},
	{"ok\nbut not Ana's", "?but not Ana's; ?ok"}, {"ok\nI have doubts about 3", "ok all except 3; ?I have doubts about 3"},
	{"ok\nGreat work, everyone!", "ok all"}, {"ok\nAway until 3 December", "ok all"},
	{"3 no\n3 30m", "?3 no; ?3 30m"}, {"3 ok\n3 no", "?3 ok; ?3 no"}, {"3 no\n3 no", "no 3; no 3"}, {"ok\nundo", "?ok; ?undo"},
	{"3 ok\n4 no", "ok 3; no 4"}, {"ok\n3 ask why?\n4 30m", "ok all except 3,4; ask 3 'why?'; minutes 4 =30"},
	/* prose */
	{"I will look at these later.", ""}, {"Great work this month.", ""}, {"", ""}, {"\n\n", ""}, {"Booked for Tuesday", ""},
};

static void test_table(void **state)
{
	(void)state;
	int failed = 0;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct str got = {0};
		struct said said;
		struct said_input in = {.own = cases[i].own, .today = TODAY, .is_reply = true};
		said_parse(&said, &in, &arena);
		text_decisions(&got, &said);
		if (strcmp(str_c(&got), cases[i].want) != 0) {
			printf("\"%s\"\n   got  %s\n   want %s\n", cases[i].own, str_c(&got), cases[i].want);
			failed++;
		}
		str_release(&got);
		arena_release(&arena);
	}
	printf("%zu replies\n", sizeof cases / sizeof *cases);
	assert_int_equal(failed, 0);
}

/* A list is bounded, and what is too long is asked back about rather than half read. */
static void test_bounds(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct str own = {0};
	struct said said;
	for (int i = 0; i < 5000; i++)
		str_printf(&own, "%d, %d-%d, ", i % 900 + 1, i % 900 + 1, i % 900 + 2);
	str_puts(&own, "ok\n");
	for (int i = 0; i < 20000; i++)
		str_puts(&own, i % 2 ? "3 no, 3 no\n" : "1 ");
	struct said_input in = {.own = str_c(&own), .today = TODAY, .is_reply = true};
	said_parse(&said, &in, &arena);
	assert_true(said.n_decisions <= 100);
	assert_true(said.unclear.n <= 50);
	str_clear(&own);
	for (int i = 1; i <= 45; i++)
		str_printf(&own, "%d maybe\n%d ok\n%d no\n", i, i, i);
	in.own = str_c(&own);
	said_parse(&said, &in, &arena);
	assert_int_equal(said.n_decisions, 0);
	assert_int_equal(said.unclear.n, 50);
	str_release(&own);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_bounds)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
