/* Every letter against golden/NAME.txt (subject line, empty line, text) and golden/NAME.html.
 * After a change that is meant: PLN_GOLDEN=write ctest -R digest-letters, then look at the difference, in a browser too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <locale.h>
#include <cmocka.h>

#include "tests/digest/check.h"
#include "tests/digest/golden.h"
#include "tests/digest/sample.h"

struct scene {
	struct frame_facts facts;
	struct letter letter;
	struct arena arena;
	struct err err;
};

static int receipt(struct scene *s, const struct receipt *r)
{
	return letter_receipt(&s->letter, NULL, &s->facts, r, &s->arena, &s->err);
}

static int receipt_link(struct scene *s)
{
	struct entry e = sample_exit_tickets();
	return receipt(s, &(struct receipt){.entry = &e, .credit = true});
}

static int receipt_talk(struct scene *s)
{
	struct entry e = sample_talk();
	return receipt(s, &(struct receipt){.entry = &e, .credit = true});
}

static int receipt_amended(struct scene *s)
{
	struct entry e = sample_exit_tickets();
	e.starred = true;
	e.minutes = e.actual = e.credited = 10;
	return receipt(s, &(struct receipt){.entry = &e, .amended = true, .changes = &(struct strs)STRS("⭐", "10 min"), .credit = true});
}

static int receipt_private(struct scene *s)
{
	struct entry e = sample_talk();
	e.is_private = true;
	return receipt(s, &(struct receipt){.entry = &e, .amended = true, .changes = &(struct strs)STRS("hidden from colleagues"), .credit = true});
}

static int receipt_note(struct scene *s)
{
	struct entry e = sample_exit_tickets();
	e.is_private = true;
	return receipt(s, &(struct receipt){.entry = &e, .amended = true, .changes = &(struct strs)STRS("note added", "talk", "hidden from colleagues", "#assessment"), .credit = true});
}

static int receipt_nothing(struct scene *s)
{
	struct entry e = sample_exit_tickets();
	return receipt(s, &(struct receipt){.entry = &e, .amended = true, .changes = &(struct strs){0}, .remarks = &(struct strs)STRS("Nothing in your answer changes it. You may say *star*, *20m*, *undo*."), .credit = true});
}

static int receipt_undone(struct scene *s)
{
	struct entry e = sample_talk();
	e.undone = true;
	return receipt(s, &(struct receipt){.entry = &e, .undone = true, .credit = true});
}

static int receipt_off(struct scene *s)
{
	struct entry e = sample_talk();
	e.flag = "over the day cap";
	return receipt(s, &(struct receipt){.entry = &e, .remarks = &(struct strs)STRS("I did not understand “maybe Friday”: write on 6 March.")});
}

static int status(struct scene *s)
{
	struct credit_status status = sample_status();
	struct status_line lines[] = {
		{1047, SAMPLE_TODAY - 1, "Retrieval practice in mixed-ability classes", 60, 60, "60: webinar as stated", "approved", false},
		{1043, SAMPLE_TODAY - 1, "Lab notebooks", 20, 15, "15 of 20: talk rule", "waiting", false},
		{1042, SAMPLE_TODAY - 9, "Exit tickets", 10, 0, "0: weekly star cap reached", "none", true},
		{1031, SAMPLE_TODAY - 80, "Talk with Dave about note-taking, and why the rare thing that changes practice matters more", 45, 15, "15 of 45: talk rule", "denied", false},
	};
	const char *checks[] = {"6 h 01 of 18 h: you joined 1 Mar 2026.", "Breadth: 2 of 3 kinds, from 5 sites; try another."};
	status.checks = (struct strs){checks, COUNT(checks)};
	status.lines = lines;
	status.n_lines = COUNT(lines);
	return letter_status(&s->letter, NULL, &s->facts, &status, &s->arena, &s->err);
}

static int status_off(struct scene *s)
{
	struct credit_status status = sample_status();
	struct status_line lines[] = {{1043, SAMPLE_TODAY - 1, "Lab notebooks", 20, 0, "", "none", false}};
	status.credit = false;
	status.lines = lines;
	status.n_lines = 1;
	return letter_status(&s->letter, NULL, &s->facts, &status, &s->arena, &s->err);
}

static int status_full(struct scene *s)
{
	struct credit_status status = sample_status();
	status.approved = 360;
	status.waiting = 75;
	return letter_status(&s->letter, NULL, &s->facts, &status, &s->arena, &s->err);
}

static int hits(struct scene *s)
{
	struct entry v[] = {sample_exit_tickets(), sample_talk(), sample_webinar()};
	const char *who[] = {"Grace Lee", NULL, "Jürgen Müller"};
	v[0].starred = true;
	return letter_hits(&s->letter, NULL, &s->facts, &(struct hits){.title = "3 found for exit tickets", .v = v, .n = 3, .who = who}, &s->arena, &s->err);
}

static int hits_none(struct scene *s)
{
	return letter_hits(&s->letter, NULL, &s->facts, &(struct hits){.title = "Nothing found for zebra"}, &s->arena, &s->err);
}

static int show(struct scene *s)
{
	struct entry e = sample_webinar();
	struct strs history = STRS("Tue 3 Mar: minutes 45 → 60, by you", "Wed 4 Mar: starred, by you");
	e.note = "Two ideas for Year 9: brain dumps at the start.\n\nAnd the five-minute quiz nobody marks.";
	e.tags = (struct strs)STRS("pln", "webinar", "retrieval");
	e.with = (struct strs)STRS("Rivera", "Grace");
	e.claim = CLAIM_APPROVED;
	e.via = 1031;
	e.attachment = true;
	return letter_hits(&s->letter, NULL, &s->facts, &(struct hits){.title = "1047", .v = &e, .n = 1, .full = true, .history = &history}, &s->arena, &s->err);
}

static int answer(struct scene *s)
{
	struct answer a = {.subject = "Is this you?", .lines = STRS("A mail from ana.rivera@home.example asks to log something for you.", "Answer *yes* and that address counts as yours from now on."), .replies = STRS("yes", "no")};
	return letter_answer(&s->letter, NULL, &s->facts, &a, &s->arena, &s->err);
}

static int help(struct scene *s)
{
	return letter_help(&s->letter, NULL, &s->facts, true, &s->arena, &s->err);
}

static int digest_of(struct scene *s, const struct week *w)
{
	int64_t *ids;
	size_t n;
	return letter_digest(&s->letter, NULL, &s->facts, w, &ids, &n, &s->arena, &s->err) == 1 ? 0 : -1;
}

static int digest(struct scene *s)
{
	struct entry mine[] = {sample_exit_tickets(), sample_talk(), sample_webinar()};
	struct entry others[] = {
		sample_link(1038, "Why I stopped marking every notebook", "https://teacherhead.example/2026/02/notebooks?ref=a&b=c", "Whole-class feedback on one slide: saves me two hours, and they read it."),
		sample_talk(),
		sample_link(1040, "Zeichnen statt erklären: Mathe für Seiteneinsteiger", "https://mathe.example/zeichnen", "Diagrams that need no translation. Used them with my newcomers."),
	};
	struct takeaway takeaways[] = {{&others[0], "Grace Lee"}, {&others[1], "Zoë Nguyễn"}, {&others[2], "José Núñez"}};
	struct shared_link links[] = {
		{"https://www.cultofpedagogy.example/retrieval-practice/", "Retrieval practice: the most powerful strategy you are not using", 4, 1035},
		{"https://www.nytimes.example/section/learning", "", 3, 1036},
	};
	struct week w = {.week = {2026, 10}, .monday = DAY(2026, 3, 2), .mine = {mine, COUNT(mine)}, .minutes = 81, .status = sample_status(),
	                 .takeaways = takeaways, .n_takeaways = COUNT(takeaways), .links = links, .n_links = COUNT(links)};
	mine[0].starred = true;
	others[1].id = 1039;
	others[1].title = "Parents' evening in three questions";
	others[1].note = "Ask what the child says about school at home. Then wait.";
	return digest_of(s, &w);
}

static int digest_off(struct scene *s)
{
	struct entry other = sample_webinar();
	struct takeaway takeaway = {&other, "Grace Lee"};
	struct week w = {.week = {2026, 10}, .monday = DAY(2026, 3, 2), .status = sample_status(), .takeaways = &takeaway, .n_takeaways = 1};
	w.status.credit = false;
	return digest_of(s, &w);
}

static int approval(struct scene *s)
{
	struct entry a = sample_exit_tickets(), b = sample_talk(), c = sample_webinar(), d = sample_webinar();
	a.starred = true;
	a.actual = a.credited = 10;
	a.reason = "10: starred with a note";
	d.id = 1051;
	d.title = "Summer institute, day 1";
	d.minutes = d.actual = 420;
	d.credited = 360;
	d.reason = "360 of 420: day cap";
	d.attachment = true;
	struct approval_item items[] = {{1, &a, "Ana Rivera", ""}, {2, &b, "Grace Lee", ""}, {3, &c, "José Núñez", ""}, {4, &d, "José Núñez", "over the day cap"}};
	struct approval_letter l = {.week = "2026-W10", .items = items, .n = COUNT(items), .teachers = 3, .undo_until = DAY(2026, 3, 18)};
	return letter_approval(&s->letter, NULL, &s->facts, &l, &s->arena, &s->err);
}

static int approval_flagged(struct scene *s)
{
	struct entry a = sample_talk();
	struct approval_item item = {1, &a, "Grace Lee", "first of its kind"};
	struct approval_letter l = {.week = "2026-W10", .items = &item, .n = 1, .teachers = 1, .undo_until = DAY(2026, 3, 18)};
	return letter_approval(&s->letter, NULL, &s->facts, &l, &s->arena, &s->err);
}

/* Several of each teacher: headings instead of names. */
static int teacher_by_teacher(struct scene *s, struct approval_letter *l)
{
	static const char *const teachers[] = {"Ana Rivera", "Ana Rivera", "Ana Rivera", "Grace Lee", "Grace Lee", "José Núñez", "José Núñez", "José Núñez"};
	static struct entry entries[COUNT(teachers)];
	static struct approval_item items[COUNT(teachers)];
	for (size_t i = 0; i < COUNT(teachers); i++) {
		entries[i] = i % 3 == 0 ? sample_exit_tickets() : i % 3 == 1 ? sample_talk() : sample_webinar();
		items[i] = (struct approval_item){(int)i + 1, &entries[i], teachers[i], i == 6 ? "first of its kind" : ""};
	}
	*l = (struct approval_letter){.week = "2026-W10", .items = items, .n = COUNT(items), .teachers = 3, .undo_until = DAY(2026, 3, 18), .lead = l->lead, .reminder = l->reminder};
	return letter_approval(&s->letter, NULL, &s->facts, l, &s->arena, &s->err);
}

static int approval_teachers(struct scene *s)
{
	return teacher_by_teacher(s, &(struct approval_letter){0});
}

static int approval_reminder(struct scene *s)
{
	return teacher_by_teacher(s, &(struct approval_letter){.lead = "You were asked about this on Mon 16 Feb, and it is still open. The numbers are those of that letter.", .reminder = true});
}

static int outcome_other(struct scene *s)
{
	struct outcome_item approved[] = {{1, "Ana Rivera", "Exit tickets", 10, ""}, {2, "Ana Rivera", "Lab notebooks", 15, ""}};
	struct outcome_item denied = {3, "José Núñez", "Staff-room coffee", 0, "not about teaching"};
	struct outcome o = {.approved = {approved, COUNT(approved)}, .denied = {&denied, 1}, .undo_until = DAY_NONE, .by = "Kim Office for Pat Principal",
	                    .lead = "Kim Office for Pat Principal has decided about items that you were asked about too. There is nothing left for you to do about what is decided."};
	return letter_outcome(&s->letter, NULL, &s->facts, &o, &s->arena, &s->err);
}

static int outcome(struct scene *s)
{
	struct outcome_item approved[] = {{1, "Ana Rivera", "Exit tickets", 10, ""}, {2, "Ana Rivera", "Lab notebooks", 15, ""}, {4, "", "", 5, ""}, {5, "", "", 5, ""},
	                                  {6, "", "", 5, ""}, {8, "", "", 5, ""}, {9, "", "", 5, ""}, {10, "", "", 5, ""}, {12, "", "", 5, ""}, {13, "", "", 5, ""}, {14, "", "", 5, ""}};
	struct outcome_item changed = {7, "Grace Lee", "Summer institute, day 1", 30, ""}, denied = {3, "José Núñez", "Staff-room coffee", 0, "same as 1"};
	struct outcome_item undecided = {11, "José Núñez", "Summer institute, day 2", 360, "over the cap"};
	struct outcome o = {.approved = {approved, COUNT(approved)}, .changed = {&changed, 1}, .denied = {&denied, 1}, .undecided = {&undecided, 1}, .undo_until = DAY(2026, 3, 6)};
	return letter_outcome(&s->letter, NULL, &s->facts, &o, &s->arena, &s->err);
}

static int outcome_unclear(struct scene *s)
{
	struct outcome_item already = {2, "Grace Lee", "Lab notebooks", 15, "approved by Ms Ho on Mon 2 Mar"};
	struct outcome_item refused = {5, "Ms Ho", "Department meeting", 30, "it is your own"};
	struct outcome o = {.already = {&already, 1}, .refused = {&refused, 1}, .unclear = STRS("3 maybe"), .undo_until = DAY_NONE};
	return letter_outcome(&s->letter, NULL, &s->facts, &o, &s->arena, &s->err);
}

static int decided(struct scene *s)
{
	struct entry a = sample_talk(), b = sample_exit_tickets(), c = sample_webinar();
	struct decided v[] = {{&a, "Ms Ho", "denied", "we do not count staff-room talk this term"}, {&b, "Ms Ho", "approved at 30 min", ""}, {&c, "Ms Ho", "asked", "What will Year 9 do differently?"}};
	return letter_decided(&s->letter, NULL, &s->facts, v, COUNT(v), &s->arena, &s->err);
}

static int trouble(struct scene *s)
{
	struct trouble t = {"the mailbox \"main\" cannot be reached", STRS("imaps://pln@mail.lincoln.example/INBOX: the certificate has expired.", "It is tried again every 15 minutes. To mend it: renew the certificate of mail.lincoln.example.")};
	return letter_trouble(&s->letter, NULL, &s->facts, &t, &s->arena, &s->err);
}

static const struct {
	const char *name;
	int (*write)(struct scene *);
} scenes[] = {
	{"receipt", receipt_link}, {"receipt-talk", receipt_talk}, {"receipt-amended", receipt_amended}, {"receipt-private", receipt_private},
	{"receipt-note", receipt_note}, {"receipt-nothing", receipt_nothing},
	{"receipt-undone", receipt_undone}, {"receipt-off", receipt_off}, {"status", status}, {"status-off", status_off}, {"status-full", status_full},
	{"hits", hits}, {"hits-none", hits_none}, {"show", show}, {"answer", answer}, {"help", help}, {"digest", digest}, {"digest-off", digest_off},
	{"approval", approval}, {"approval-flagged", approval_flagged}, {"approval-teachers", approval_teachers}, {"approval-reminder", approval_reminder}, {"outcome-other", outcome_other},
	{"outcome", outcome}, {"outcome-unclear", outcome_unclear},
	{"decided", decided}, {"trouble", trouble},
};

static void letters_are_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scenes); i++) {
		struct scene s = {.facts = sample_facts()};
		if (scenes[i].write(&s) != 0)
			fail_msg("%s: %s", scenes[i].name, s.err.text);
		check_letter(&s.letter);
		golden_letter(&s.arena, scenes[i].name, &s.letter);
		arena_release(&s.arena);
	}
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(letters_are_as_written)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
