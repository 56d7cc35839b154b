#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rules/entry.h"
#include "rules/plan-said.h"
#include "rules/plan-words.h"

/* Each mail with what each part begins and ends with ("begin|end"); NULL = not found, and asked for. */
struct prose {
	const char *own, *network, *learn, *classroom;
	int goal;
};

static const struct prose prose[] = {
	/* ---- one paragraph, by what the sentences say */
	{"I follow the Marshall Memo and two science teachers on Mastodon. I hope to learn how exit tickets show me what my group understood. My students will write one every Friday.",
	 "I follow|Mastodon.", "I hope|understood.", "My students|Friday.", 0},
	{"I want to learn how to run better labs. I read three blogs and talk to Ms Lee. In class I will try one new lab each unit.", "I read|Lee.", "I want|labs.", "In class|unit.", 0},
	{"#plan I follow Edutopia. I hope to get better at feedback. I'll use it in my classroom in period 3.", "I follow|Edutopia.", "I hope|feedback.", "I'll use|3.", 0},
	{"Hi Pat,\n\nI'd like to understand how pupils read graphs. It would help me a lot. I subscribe to two newsletters, e.g. Chalkbeat and the ASCD one. My kids will discuss one graph a week.\n\nBest,\nTerry",
	 "I subscribe|one.", "I'd like|lot.", "My kids|week.", 0},
	{"My PLN is the department, a chat on Tuesdays and the AP list. This year I want to learn about spaced practice, because my own quizzes are all over the place. "
	 "Each lesson will begin with two old questions.", "My PLN|list.", "This year|place.", "Each lesson|questions.", 0},
	{"My students forget what they read. I hope to learn why. I follow two researchers.", "I follow|researchers.", "I hope|why.", "My students|read.", 0},
	{"I learn most from colleagues in other schools. I would like to find out what a good discussion needs. I teach grade 8 and will use talk moves in class.",
	 "I learn|schools.", "I would|needs.", "I teach|class.", 0},
	/* ---- labels */
	{"Network: Edutopia, two podcasts, Ms Lee\nLearn: formative assessment\nClassroom: exit tickets on Fridays", "Edutopia|Lee", "formative|assessment", "exit|Fridays", 0},
	{"My network - newsletters and a chat\nWhat I hope to learn - phonics\nHow it reaches my classroom - reading groups", "newsletters|chat", "phonics|phonics", "reading|groups", 0},
	{"MY NETWORK\nA newsletter.\nTwo blogs.\n\nWHAT I HOPE TO LEARN\nHow to grade less.\n\nIN MY CLASSROOM\nOne rubric for all essays.", "A newsletter.|blogs.", "How|less.", "One|essays.", 0},
	{"**My PLN:** blogs\n**Goals:** number talks\n**Classroom:** ten minutes daily", "blogs|blogs", "number|talks", "ten|daily", 0},
	{"## Network\n- Chalkbeat\n- the physics list\n\n## Learning\nmodelling\n\n## Classroom\nwhiteboards", "- Chalkbeat|list", "modelling|modelling", "whiteboards|whiteboards", 0},
	{"Professional Learning Network: ASCD, my department\nLearning goals: questioning\nImpact on students: more talk", "ASCD|department", "questioning|questioning", "more|talk", 0},
	{"1. Network: two blogs\n2. Learning: retrieval\n3. Classroom: quizzes", "two|blogs", "retrieval|retrieval", "quizzes|quizzes", 0},
	{"Classroom: sketch notes\nNetwork: a podcast\nLearning: dual coding", "a|podcast", "dual|coding", "sketch|notes", 0},
	{"What is my network? The physics list.\nWhat do I hope to learn? Modelling.\nHow does it reach my classroom? Every Monday.", "The|list.", "Modelling.|Modelling.", "Every|Monday.", 0},
	{"Goal 2\nNetwork: blogs\nLearn: equity\nClassroom: groups", "blogs|blogs", "equity|equity", "groups|groups", 2},
	{"Network: blogs\nLearn: equity\nClassroom: groups\nGoal: 3", "blogs|blogs", "equity|equity", "groups|groups", 3},
	{"Network\xef\xbc\x9a" "blogs\nLearn\xef\xbc\x9a" "equity\nClassroom\xef\xbc\x9agroups", "blogs|blogs", "equity|equity", "groups|groups", 0},
	{"Network: I follow two blogs. I hope to learn sketching. My students will draw.", "I follow|blogs.", "I hope|sketching.", "My students|draw.", 0},
	/* ---- numbers */
	{"1. The maker list and Mr Ode\n2. Laser cutters without tears\n3. A box for each seventh grader", "The maker|Ode", "Laser|tears", "A box|grader", 0},
	{"1) Blogs\nand a podcast\n\n2) Rubrics\n\n3) One essay a month", "Blogs|podcast", "Rubrics|Rubrics", "One|month", 0},
	{"(1) Three chats (2 of them weekly)\n(2) Debate\n(3) Socratic circles", "Three|weekly)", "Debate|Debate", "Socratic|circles", 0},
	{"a) Bluesky\nb) Retrieval\nc) Starters", "Bluesky|Bluesky", "Retrieval|Retrieval", "Starters|Starters", 0},
	{"1. I want to learn to code.\n2. I follow Code Club.\n3. My class will build games.", "I follow|Club.", "I want|code.", "My class|games.", 0},
	/* ---- more shapes, written after the tables were */
	{"What my network is: Edutopia, MiddleWeb and Ms. Ode\nWhat I want to learn: project based learning\nHow I will use it: one project per semester", "Edutopia|Ode", "project|learning", "one|semester", 0},
	{"Network\n-------\nTwo podcasts\n\nLearning goals\n--------------\nRestorative practice\n\nClassroom\n---------\nCircles on Mondays", "Two|podcasts", "Restorative|practice", "Circles|Mondays", 0},
	{"1. Who is in my network: my department\n2. What I'm hoping to learn: how to differentiate\n3. How it will show up in my classroom: stations", "my|department", "how to|differentiate", "stations|stations", 0},
	{"I'd like to understand trauma better, because several of my students came to us this year. To do that I'll read two books and follow the ACEs newsletter. In my room, I'll set up a calm corner.",
	 "To do|newsletter.", "I'd like|year.", "In my|corner.", 0},
	{"Who do I learn from? Mostly from Ms Lee.\nWhat will I learn? Sketchnoting!\nWhat happens in class? Science notebooks.", "Mostly|Lee.", "Sketchnoting!|Sketchnoting!", "What happens|notebooks.", 0},
	{"My network consists of:\n* NCTE\n* Book Riot\n\nMy learning goal is to know more graphic novels.\n\nImpact: a graphic novel unit in grade 9.", "- NCTE|Riot", "My learning|novels.", "a graphic|9.", 0},
	{"Hi! I follow a few people. Want to learn AI. Will use it with kids.", "Hi!|people.", "Want|AI.", "Will|kids.", 0},
	{"I'm part of a reading group.\nI hope to find ways to talk about hard books.\nSeniors will choose one such book in spring.\n\nThanks for reading!\nSue", "I'm|group.", "I hope|books.", "Seniors|spring.", 0},
	{"Here is my plan for this year!\n\nI follow three math bloggers. I'm hoping to figure out number talks. I'll bring one into Algebra I each week.", "I follow|bloggers.", "I'm hoping|talks.", "I'll|week.", 0},
	/* ---- parts that are not there */
	{"I hope to learn about phonics.", NULL, "I hope|phonics.", NULL, 0},
	{"I follow two blogs. My students will write more.", "I follow|blogs.", NULL, "My students|more.", 0},
	{"Network: blogs\nClassroom: groups", "blogs|blogs", NULL, "groups|groups", 0},
	{"Something with computers", NULL, NULL, NULL, 0},
	{"", NULL, NULL, NULL, 0},
	{"#plan", NULL, NULL, NULL, 0},
	{"Network:\nLearn:\nClassroom:", NULL, NULL, NULL, 0},
	/* ---- by order, when nothing else tells */
	{"Edutopia.\n\nExit tickets.\n\nEvery Friday.", "Edutopia.|Edutopia.", "Exit|tickets.", "Every|Friday.", 0},
	{"Verkko: no\n\nJotain muuta\n\nKolmas asia", "Verkko|no", "Jotain|muuta", "Kolmas|asia", 0},
	/* ---- German, French, Spanish */
	{"Ich lese zwei Newsletter und tausche mich mit der Fachschaft aus. Ich m\xc3\xb6" "chte lernen, wie Exit-Tickets helfen. In meinem Unterricht schreiben alle freitags einen Satz.",
	 "Ich lese|aus.", "Ich m\xc3\xb6" "chte|helfen.", "In meinem|Satz.", 0},
	{"Netzwerk: Twitterlehrerzimmer\nZiele: Feedback\nUnterricht: Lerntageb\xc3\xbc" "cher", "Twitterlehrerzimmer|Twitterlehrerzimmer", "Feedback|Feedback", "Lern|cher", 0},
	{"Liebe Frau Lee,\n\nMein Netzwerk\nDie Fachschaft und ein Podcast.\n\nWas ich lernen m\xc3\xb6" "chte\nDifferenzierung.\n\nIm Unterricht\nStationen.\n\nViele Gr\xc3\xbc\xc3\x9f" "e\nTerry",
	 "Die|Podcast.", "Differenzierung.|Differenzierung.", "Stationen.|Stationen.", 0},
	{"Mon r\xc3\xa9seau : deux blogs\nCe que j'esp\xc3\xa8re apprendre : la diff\xc3\xa9renciation\nEn classe : des ateliers", "deux|blogs", "la diff|ciation", "des|ateliers", 0},
	{"Je lis les Cahiers p\xc3\xa9" "dagogiques. J'aimerais comprendre l'\xc3\xa9valuation formative. Mes \xc3\xa9l\xc3\xa8ves feront un bilan chaque vendredi.", "Je lis|giques.", "J'aimerais|formative.", "Mes|vendredi.", 0},
	{"Sigo a tres profesores y leo un bolet\xc3\xadn. Quiero aprender a hacer mejores preguntas. Mis alumnos trabajar\xc3\xa1n en parejas.", "Sigo|n.", "Quiero|preguntas.", "Mis|parejas.", 0},
	{"Mi red: dos blogs\nObjetivo: evaluaci\xc3\xb3n\nEn el aula: r\xc3\xba" "bricas\nObjetivo 2", "dos|blogs", "evaluaci|n", "r|bricas", 2},
	{"Ziel 1\n\nIch folge zwei Blogs. Mein Ziel ist besseres Feedback. Meine Klasse testet es.", "Ich folge|Blogs.", "Mein|Feedback.", "Meine|es.", 1},
	/* ---- what must not be read */
	{"I follow blogs. I hope to learn drama. My class will act.\n\n-- \nTerry Teacher, Network: none", "I follow|blogs.", "I hope|drama.", "My class|act.", 0},
	{"> Network: quoted\nI follow blogs. I hope to learn drama. My class will act.", "I follow|blogs.", "I hope|drama.", "My class|act.", 0},
	{"I follow blogs. I hope to learn drama. My class will act.\n\nSent from my iPhone", "I follow|blogs.", "I hope|drama.", "My class|act.", 0},
	/* ---- hostile */
	{"\xef\xbf\xbd\xe2\x80\xae Network: \xef\xbf\xbd(\nLearn: \xe2\x80\xa8\nClassroom: \xf0\x9f\x8e\x93", "\xef\xbf\xbd|(", "\xe2\x80\xa8|", "\xf0\x9f\x8e\x93|", 0},
	{":::::\n=====\n?????\n1.\n2.\n3.\n-----", NULL, NULL, NULL, 0},
	{"1.1.1.1.1\n2.2.2\n3.3.3\n4.4.4", NULL, NULL, NULL, 0},
	{"Network: a\nNetwork: b\nNetwork: c\nLearn: d\nClassroom: e", "a|c", "d|d", "e|e", 0},
	{"{{#network}} <script>alert(1)</script>\nLearn: {{learn}}\nClassroom: <b>x</b>\nNetwork: \x01\x02", "\x01|\x02", "{{learn}}|{{learn}}", "<b>x|</b>", 0},
};

static bool like(const char *got, const char *want)
{
	if (want == NULL)
		return got[0] == '\0';
	size_t head = strcspn(want, "|"), n = strlen(got), tail = strlen(want + head + 1);
	return n >= head && n >= tail && strncmp(got, want, head) == 0 && strcmp(got + n - tail, want + head + 1) == 0;
}

static size_t wrong;

static void check(size_t i, const char *part, const char *got, const char *want)
{
	wrong += !like(got, want);
	if (!like(got, want))
		print_error("mail %zu: %.60s…\n  %s: \"%s\"\n  want: %s\n", i, prose[i].own, part, got, want == NULL ? "nothing" : want);
}

static void parts_in_prose(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof prose / sizeof *prose; i++) {
		struct arena arena = {0};
		struct plan_said said;
		plan_read(&said, &(struct plan_input){.own = prose[i].own}, &arena);
		check(i, "network", said.parts.network, prose[i].network);
		check(i, "learn", said.parts.learn, prose[i].learn);
		check(i, "classroom", said.parts.classroom, prose[i].classroom);
		assert_int_equal(said.goal, prose[i].goal);
		arena_release(&arena);
	}
	assert_int_equal(wrong, 0);
}

/* ---- the three questions, answered */
static void questions_answered(void **state)
{
	(void)state;
	static const struct {
		const char *own;
		bool missing[PLAN_PARTS];
		const char *want[PLAN_PARTS];
	} cases[] = {
		{"Blogs\nRubrics\nEssays", {true, true, true}, {"Blogs", "Rubrics", "Essays"}},
		{"Blogs\nand chats\n\nRubrics\n\nEssays", {true, true, true}, {"Blogs and chats", "Rubrics", "Essays"}},
		{"1. Blogs\n2. Rubrics\n3. Essays", {true, true, true}, {"Blogs", "Rubrics", "Essays"}},
		{"1. Blogs\n3. Essays", {true, true, true}, {"Blogs", "", "Essays"}},
		{"Every Friday, with exit tickets", {false, false, true}, {"", "", "Every Friday, with exit tickets"}},
		{"Rubrics\n\nEssays", {false, true, true}, {"", "Rubrics", "Essays"}},
		{"Learn: Rubrics", {true, true, true}, {"", "Rubrics", ""}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct plan_said said;
		struct plan_input in = {.own = cases[i].own, .asked = true};
		memcpy(in.missing, cases[i].missing, sizeof in.missing);
		plan_read(&said, &in, &arena);
		for (size_t k = 0; k < PLAN_PARTS; k++)
			assert_string_equal(*plan_part(&said.parts, k), cases[i].want[k]);
		arena_release(&arena);
	}
}

static void answered_inline(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct plan_said said;
	const struct inline_answer answers[] = {
		{"1. What is your network: whom do you read, follow, listen to, meet?", "Two blogs"},
		{"2. What do you hope to learn this year?", "Rubrics"},
		{"That is all.", "Thanks"},
		{"3. How does it reach your classroom?", "Essays\n\nTerry"},
	};
	plan_read(&said, &(struct plan_input){.own = "Two blogs\nRubrics\nThanks\nEssays", .answers = answers, .n_answers = 4, .asked = true, .missing = {true, true, true}}, &arena);
	assert_string_equal(said.parts.network, "Two blogs");
	assert_string_equal(said.parts.learn, "Rubrics");
	assert_true(strncmp(said.parts.classroom, "Essays", 6) == 0);
	arena_release(&arena);
}

/* ---- goals */
static const struct goal goals[] = {
	{1, "Formative assessment in every classroom"}, {2, "Reading comprehension across all subjects"}, {4, "Student wellbeing and belonging"},
	{5, "Mathematics: talk and reasoning"}, {6, "Lesekompetenz f\xc3\xb6rdern"},
};

static void goals_guessed(void **state)
{
	(void)state;
	static const struct {
		const char *learn, *classroom;
		int64_t goal;
	} cases[] = {
		{"how quick formative checks work", "exit tickets", 1},
		{"assessing while they work", "", 1},
		{"help them read and comprehend long texts", "", 2},
		{"READING aloud", "", 2},
		{"how they feel that they belong", "", 4},
		{"well-being, mostly", "", 0},
		{"better math talks", "", 5},
		{"how pupils reason", "", 5},
		{"die Lesekompetenzen st\xc3\xa4rken", "", 6},
		{"laser cutters", "boxes", 0},
		{"", "", 0},
		{"students in every classroom", "my lessons", 0},
		{"formative assessment", "and reading comprehension", 0}, /* two of them: asked */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct plan_parts parts = {"two blogs", cases[i].learn, cases[i].classroom};
		const struct goal *g = plan_guess_goal(&parts, goals, sizeof goals / sizeof *goals);
		if ((g == NULL ? 0 : g->id) != cases[i].goal)
			fail_msg("\"%s\": goal %d, not %d", cases[i].learn, g == NULL ? 0 : (int)g->id, (int)cases[i].goal);
	}
	assert_null(plan_guess_goal(&(struct plan_parts){"a", "b", "c"}, NULL, 0));
}

static void covers(void **state)
{
	(void)state;
	static const struct {
		const char *title, *note, *tag;
		bool within;
	} cases[] = {
		{"Exit tickets that work", "", NULL, true}, {"A ticket for the exit", "", NULL, true}, {"Train tickets", "", NULL, false},
		{"Lab notebooks", "", NULL, false}, {"A talk", "about assessing by the minute", NULL, true}, {"Anything", "", "formative", true},
		{"Anything", "", "labs", false}, {"", "", NULL, false}, {"What students want from school", "", NULL, false},
	};
	const struct plan plan = {.goal_words = "Formative assessment", .parts = {"blogs", "How exit tickets show me what my students understood", "Fridays"}};
	const struct plan narrow = {.goal_words = "", .parts = {"", "Phonics", ""}}, empty = {.goal_words = "", .parts = {"", "", ""}};
	struct entry e = {.title = "Phonics for five-year-olds", .note = ""};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct entry one = {.title = cases[i].title, .note = cases[i].note, .tags = {cases[i].tag == NULL ? NULL : (const char **)(uintptr_t)&cases[i].tag, cases[i].tag != NULL}};
		if (plan_covers(&plan, &one) != cases[i].within)
			fail_msg("\"%s\" %s", cases[i].title, cases[i].within ? "is within the plan" : "is not within the plan");
	}
	assert_true(plan_covers(&narrow, &e));
	assert_false(plan_covers(&empty, &e));
}

/* ---- answers */
static struct plan_answered answer_of(const char *own, bool approver, struct arena *arena)
{
	struct reading r = {.own = own};
	struct plan_answered a;
	struct said_input in = {.subject = "Re: Plan", .own = own, .today = 20778, .is_reply = true};
	said_parse(&r.said, &in, arena);
	(approver ? plan_answer_approver : plan_answer_owner)(&a, &r, arena);
	return a;
}

static const char *const answer_names[] = {"nothing", "yes", "no", "ask", "goal", "undo", "words", "unclear"};

static void owners_answers(void **state)
{
	(void)state;
	static const struct {
		const char *own;
		enum plan_answer what;
		int goal;
	} cases[] = {
		{"yes", PLAN_ANSWER_YES, 0}, {"Yes!", PLAN_ANSWER_YES, 0}, {"YES\n\nSent from my iPhone", PLAN_ANSWER_YES, 0}, {"Yes, please send it.", PLAN_ANSWER_YES, 0},
		{"Ja", PLAN_ANSWER_YES, 0}, {"Oui, merci", PLAN_ANSWER_YES, 0}, {"S\xc3\xad", PLAN_ANSWER_YES, 0}, {"send", PLAN_ANSWER_YES, 0}, {"ok", PLAN_ANSWER_YES, 0}, {"\xf0\x9f\x91\x8d", PLAN_ANSWER_YES, 0},
		{"Hi,\n\nyes\n\nBest,\nTerry", PLAN_ANSWER_YES, 0}, {"yes?", PLAN_ANSWER_WORDS, 0}, {"yes, but change the goal", PLAN_ANSWER_UNCLEAR, 0}, {"Yes. My students will also present.", PLAN_ANSWER_UNCLEAR, 0}, {"Yes, looks good!", PLAN_ANSWER_YES, 0}, {"No, the network is wrong", PLAN_ANSWER_UNCLEAR, 0},
		{"yes\nI also follow a podcast.", PLAN_ANSWER_UNCLEAR, 0}, {"yes\nno", PLAN_ANSWER_UNCLEAR, 0}, {"yes\ngoal 2", PLAN_ANSWER_UNCLEAR, 2},
		{"no", PLAN_ANSWER_NO, 0}, {"No thanks", PLAN_ANSWER_NO, 0}, {"nein", PLAN_ANSWER_NO, 0}, {"goal 2", PLAN_ANSWER_GOAL, 2}, {"Goal: 2", PLAN_ANSWER_GOAL, 2},
		{"Please change it to goal 12", PLAN_ANSWER_GOAL, 12}, {"goal none", PLAN_ANSWER_GOAL, -1}, {"goal 1\ngoal 2", PLAN_ANSWER_UNCLEAR, 2}, {"Ziel 3", PLAN_ANSWER_GOAL, 3},
		{"Yes\nTerry", PLAN_ANSWER_YES, 0}, {"yes\n\nTerry Teacher\nRoom 12", PLAN_ANSWER_YES, 0}, {"goal 2\nTerry", PLAN_ANSWER_GOAL, 2}, {"goal 2\nLearn: equity", PLAN_ANSWER_WORDS, 2}, {"Learn: equity", PLAN_ANSWER_WORDS, 0}, {"", PLAN_ANSWER_NOTHING, 0}, {"> yes", PLAN_ANSWER_NOTHING, 0},
		{"> Send? Reply yes.\n> yes\n", PLAN_ANSWER_NOTHING, 0}, {"-- \nyes", PLAN_ANSWER_NOTHING, 0}, {"goal 99999999999999999999", PLAN_ANSWER_WORDS, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct plan_answered a = answer_of(cases[i].own, false, &arena);
		if (a.what != cases[i].what || a.goal != cases[i].goal)
			fail_msg("\"%s\": %s %d, not %s %d", cases[i].own, answer_names[a.what], a.goal, answer_names[cases[i].what], cases[i].goal);
		arena_release(&arena);
	}
}

static void approvers_answers(void **state)
{
	(void)state;
	static const struct {
		const char *own;
		enum plan_answer what;
		const char *words;
	} cases[] = {
		{"ok", PLAN_ANSWER_YES, ""}, {"OK!", PLAN_ANSWER_YES, ""}, {"Ok thanks", PLAN_ANSWER_YES, ""}, {"approved", PLAN_ANSWER_YES, ""}, {"\xf0\x9f\x91\x8d", PLAN_ANSWER_YES, ""},
		{"Genehmigt", PLAN_ANSWER_YES, ""}, {"Hi Terry,\n\nok\n\nBest,\nPat", PLAN_ANSWER_YES, ""}, {"ok\n\nA fine plan.", PLAN_ANSWER_YES, "A fine plan."}, {"yes", PLAN_ANSWER_YES, ""}, {"ok\nPat", PLAN_ANSWER_YES, ""}, {"Ok, thanks!\n\nPat Principal\nLincoln High", PLAN_ANSWER_YES, ""},
		{"ok\n\nSent from my iPhone", PLAN_ANSWER_YES, ""}, {"ok?", PLAN_ANSWER_UNCLEAR, NULL}, {"ok but talk to me first", PLAN_ANSWER_UNCLEAR, NULL},
		{"ok\nbut not the chat", PLAN_ANSWER_UNCLEAR, NULL}, {"ok\nCan we talk?", PLAN_ANSWER_UNCLEAR, NULL}, {"ok, I'll look at it tomorrow", PLAN_ANSWER_UNCLEAR, NULL},
		{"ask which newsletters?", PLAN_ANSWER_ASK, "which newsletters?"}, {"Ask: how will you know?\nAnd when?", PLAN_ANSWER_ASK, "how will you know?\nAnd when?"},
		{"ask", PLAN_ANSWER_UNCLEAR, NULL}, {"ask why?\nok", PLAN_ANSWER_UNCLEAR, NULL}, {"no too vague", PLAN_ANSWER_NO, "too vague"}, {"No, the goal does not fit.", PLAN_ANSWER_NO, "the goal does not fit."},
		{"No \xe2\x80\x93 too vague", PLAN_ANSWER_NO, "too vague"}, {"no\nIt is last year's.", PLAN_ANSWER_NO, "It is last year's."}, {"no", PLAN_ANSWER_NO, ""},
		{"no?", PLAN_ANSWER_UNCLEAR, NULL}, {"No objections", PLAN_ANSWER_UNCLEAR, NULL}, {"no problem, approved", PLAN_ANSWER_UNCLEAR, NULL}, {"no\nok", PLAN_ANSWER_UNCLEAR, NULL},
		{"Looking into it", PLAN_ANSWER_UNCLEAR, NULL}, {"maybe", PLAN_ANSWER_UNCLEAR, NULL}, {"How will you measure it?", PLAN_ANSWER_UNCLEAR, NULL}, {"3 ok", PLAN_ANSWER_UNCLEAR, NULL},
		{"undo", PLAN_ANSWER_UNDO, NULL}, {"", PLAN_ANSWER_NOTHING, ""}, {"> ok", PLAN_ANSWER_NOTHING, ""}, {"-- \nTulsa, OK 74103", PLAN_ANSWER_NOTHING, ""}, {"nein, zu vage", PLAN_ANSWER_NO, "zu vage"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct plan_answered a = answer_of(cases[i].own, true, &arena);
		if (a.what != cases[i].what || (cases[i].words != NULL && strcmp(a.words, cases[i].words) != 0))
			fail_msg("\"%s\": %s \"%s\", not %s", cases[i].own, answer_names[a.what], a.words, answer_names[cases[i].what]);
		arena_release(&arena);
	}
}

/* Much of anything is read in time: lines, labels, sentences, one endless word. */
static void much(void **state)
{
	(void)state;
	static const char *const bits[] = {"Network: a\n", "1. x\n", "I hope to learn. ", "a", "\n", ". ", "> q\n", "goal 1\n", "\xe6\xbc\xa2", "# "};
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		struct arena arena = {0};
		struct str text = {.max = 1 << 20};
		struct plan_said said;
		while (text.n < 300000)
			str_puts(&text, bits[i]);
		plan_read(&said, &(struct plan_input){.own = text.p, .asked = true, .missing = {true, true, true}}, &arena);
		for (size_t k = 0; k < PLAN_PARTS; k++)
			assert_true(strlen(*plan_part(&said.parts, k)) <= PLAN_PART_MAX);
		assert_true(strlen(said.prose) <= PLAN_OWN_MAX);
		str_release(&text);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_in_prose), cmocka_unit_test(questions_answered), cmocka_unit_test(answered_inline), cmocka_unit_test(goals_guessed),
		cmocka_unit_test(covers), cmocka_unit_test(owners_answers), cmocka_unit_test(approvers_answers), cmocka_unit_test(much),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
