#include "said-text.h"
#include "rules/said-parts.h"

/* A mail's own words, and what is logged or asked. Today is Saturday 21 November 2026. */
static const struct {
	const char *subject, *inner, *own, *want;
} logs[] = {
	/* hashtags */
	{"#pln", NULL, "", "tags=pln"}, {"Exit tickets #pln", NULL, "", "tags=pln"},
	{"Fwd: Edutopia Weekly #pln", "Edutopia Weekly", "Exit tickets idea for period 3", "tags=pln note=Exit tickets idea for period 3"},
	{NULL, NULL, "#PLN #Phonics great", "tags=pln,phonics topics=phonics note=great"},
	{NULL, NULL, "＃pln ＃数学 です", "tags=pln,数学 topics=数学 note=です"},
	{NULL, NULL, "#pln, #späte-förderung.", "tags=pln,späte-förderung topics=späte-förderung"},
	{NULL, NULL, "(#pln) and (#math!)", "tags=pln,math topics=math"}, {NULL, NULL, "#math#pln", "tags=math,pln topics=math"},
	{NULL, NULL, "#pln see #1042 and #12", "tags=pln note=see #1042 and #12"},
	{NULL, NULL, "#pln colour #fff or #a1b2c3", "tags=pln note=colour #fff or #a1b2c3"},
	{NULL, NULL, "#pln https://x.org/a#frag and www.y.org/#pin", "tags=pln note=https://x.org/a#frag and www.y.org/#pin"},
	{NULL, NULL, "issue&#39;s a#b C#", "note=issue&#39;s a#b C#"}, {NULL, NULL, "##pln", "note=##pln"}, {NULL, NULL, "#", "note=#"},
	{NULL, NULL, "#pln #Pln #PLN", "tags=pln"}, {NULL, NULL, "#a_b #c-d- x", "tags=a_b,c-d topics=a_b,c-d note=x"},
	{NULL, NULL, "#ÉCOLE x", "tags=école topics=école note=x"}, {NULL, NULL, "#facade x", "tags=facade topics=facade note=x"},
	{NULL, NULL, "Use #exittickets daily #pln", "tags=exittickets,pln topics=exittickets note=Use #exittickets daily"},
	/* kinds and flags by tag */
	{"#pln #talk @Rivera", NULL, "Lab notebooks, 20m yesterday", "tags=pln,talk kind=talk with=Rivera min=20 day=2026-11-20 note=Lab notebooks"},
	{NULL, NULL, "#pln #webinar #video x", "tags=pln,webinar,video kind=webinar note=x"},
	{NULL, NULL, "#pln #podcast x", "tags=pln,podcast kind=listen note=x"}, {NULL, NULL, "#pln #star x", "tags=pln,star star note=x"},
	{NULL, NULL, "#pln ⭐️ x", "tags=pln star note=x"}, {NULL, NULL, "🌟 x #pln", "tags=pln star note=x"}, {NULL, NULL, "★ x", "star note=x"},
	{NULL, NULL, "#pln #private x", "tags=pln,private private note=x"},
	{NULL, NULL, "#pln #nocredit x", "tags=pln,nocredit nocredit note=x"},
	{NULL, NULL, "#pln a star was born", "tags=pln note=a star was born"},
	{NULL, NULL, "#pln a private school", "tags=pln note=a private school"},
	{NULL, NULL, "#applied used it in period 4 15m", "tags=applied kind=applied min=15 note=used it in period 4 15m"},
	/* minutes */
	{NULL, NULL, "#pln 20m", "tags=pln min=20"}, {NULL, NULL, "#pln 20 min", "tags=pln min=20"},
	{NULL, NULL, "#pln 20 minutes", "tags=pln min=20"}, {NULL, NULL, "#pln 1.5 hours", "tags=pln min=90"},
	{NULL, NULL, "#pln 1,5 h", "tags=pln min=90"}, {NULL, NULL, "#pln 1h30", "tags=pln min=90"},
	{NULL, NULL, "#pln 1 h 30", "tags=pln min=90"}, {NULL, NULL, "#pln 1h 30m", "tags=pln min=90"},
	{NULL, NULL, "#pln 1 hour and 30 minutes", "tags=pln min=90"}, {NULL, NULL, "#pln an hour", "tags=pln min=60"},
	{NULL, NULL, "#pln half an hour", "tags=pln min=30"},
	{NULL, NULL, "#pln an hour and a half", "tags=pln min=90"}, {NULL, NULL, "#pln 2 hrs", "tags=pln min=120"},
	{NULL, NULL, "#pln 90'", "tags=pln min=90"}, {NULL, NULL, "#pln 45′", "tags=pln min=45"},
	{NULL, NULL, "#pln about 20 min.", "tags=pln min=20"}, {NULL, NULL, "#pln twenty minutes", "tags=pln min=20"},
	{NULL, NULL, "#pln eine halbe Stunde", "tags=pln min=30"}, {NULL, NULL, "#pln 20 Minuten", "tags=pln min=20"},
	{NULL, NULL, "#pln une heure et demie", "tags=pln min=90"}, {NULL, NULL, "#pln media hora", "tags=pln min=30"},
	{NULL, NULL, "#pln 2 Std", "tags=pln min=120"},
	{NULL, NULL, "#pln Talked with Ana for 25 minutes about fractions", "tags=pln min=25 note=Talked with Ana for 25 minutes about fractions"},
	{NULL, NULL, "#pln Great article (15 min)", "tags=pln min=15 note=Great article (15 min)"},
	{NULL, NULL, "#pln met at 10:30", "tags=pln note=met at 10:30"}, {NULL, NULL, "#pln met at 5pm", "tags=pln note=met at 5pm"},
	{NULL, NULL, "#pln grade 5 maths, p. 20", "tags=pln note=grade 5 maths, p. 20"},
	{NULL, NULL, "#pln it cost $20", "tags=pln note=it cost $20"},
	{NULL, NULL, "#pln starts in 20 minutes", "tags=pln note=starts in 20 minutes"},
	{NULL, NULL, "#pln he came 10 minutes late", "tags=pln note=he came 10 minutes late"},
	{NULL, NULL, "#pln a 10-minute warm-up", "tags=pln note=a 10-minute warm-up"},
	{NULL, NULL, "#pln every 20 minutes a break", "tags=pln note=every 20 minutes a break"},
	{NULL, NULL, "#pln à 15h30 en salle", "tags=pln note=à 15h30 en salle"},
	{NULL, NULL, "#pln 99999999999999 min", "tags=pln note=99999999999999 min"}, {NULL, NULL, "#pln 1h75", "tags=pln note=1h75"},
	{NULL, NULL, "#pln 3 ideas from page 4", "tags=pln note=3 ideas from page 4"},
	{NULL, NULL, "#pln Read 30 pages\n20 min", "tags=pln min=20 note=Read 30 pages"},
	{NULL, NULL, "#pln réunion de 9h à 10h", "tags=pln note=réunion de 9h à 10h"},
	{NULL, NULL, "#pln salle 12 15h30", "tags=pln note=salle 12 15h30"},
	{NULL, NULL, "#pln une lecture de 20 min", "tags=pln min=20 note=une lecture de 20 min"},
	{NULL, NULL, "#pln course, 40 hours", "tags=pln kind=course min=2400"}, {NULL, NULL, "#pln it took 14h", "tags=pln note=it took 14h"},
	/* days */
	{NULL, NULL, "#pln today x", "tags=pln day=2026-11-21 note=today x"}, {NULL, NULL, "#pln yesterday", "tags=pln day=2026-11-20"},
	{NULL, NULL, "#pln 20m Tuesday", "tags=pln min=20 day=2026-11-17"}, {NULL, NULL, "#pln last Tuesday", "tags=pln day=2026-11-17"},
	{NULL, NULL, "#pln last Saturday", "tags=pln day=2026-11-14"}, {NULL, NULL, "#pln 20m Saturday", "tags=pln min=20 day=2026-11-21"},
	{NULL, NULL, "#pln on Tuesday 20m", "tags=pln min=20 day=2026-11-17"}, {NULL, NULL, "#pln on 3 March", "tags=pln day=2026-03-03"},
	{NULL, NULL, "#pln March 3", "tags=pln day=2026-03-03"}, {NULL, NULL, "#pln March 3rd 2025", "tags=pln day=2025-03-03"},
	{NULL, NULL, "#pln 3rd of March", "tags=pln day=2026-03-03"}, {NULL, NULL, "#pln 2026-11-02", "tags=pln day=2026-11-02"},
	{NULL, NULL, "#pln 3/3 20m", "tags=pln min=20 day=2026-03-03"},
	{NULL, NULL, "#pln 13/3 20m", "tags=pln min=20 day=2026-03-13"}, {NULL, NULL, "#pln 3/4 20m", "tags=pln min=20 note=3/4 20m"},
	{NULL, NULL, "#pln 3.3. 20m", "tags=pln min=20 day=2026-03-03"}, {NULL, NULL, "#pln am 3. März", "tags=pln day=2026-03-03"},
	{NULL, NULL, "#pln gestern 20 Minuten", "tags=pln min=20 day=2026-11-20"},
	{NULL, NULL, "#pln hier 20 minutes", "tags=pln min=20 day=2026-11-20"}, {NULL, NULL, "#pln el 3 de marzo", "tags=pln day=2026-03-03"},
	{NULL, NULL, "#pln Dienstag 20m", "tags=pln min=20 day=2026-11-17"},
	{NULL, NULL, "#pln 2 days ago", "tags=pln day=2026-11-19"}, {NULL, NULL, "#pln Tuesday 17 November", "tags=pln day=2026-11-17"},
	{NULL, NULL, "#pln Met Ana on Tuesday", "tags=pln day=2026-11-17 note=Met Ana on Tuesday"},
	{NULL, NULL, "#pln trying it Friday", "tags=pln note=trying it Friday"},
	{NULL, NULL, "#pln will use it on Monday", "tags=pln note=will use it on Monday"},
	{NULL, NULL, "#pln\nUse it on Monday.", "tags=pln note=Use it on Monday."}, {NULL, NULL, "#pln tomorrow", "tags=pln"},
	{NULL, NULL, "#pln on 30 November", "tags=pln"}, {NULL, NULL, "#pln 2027-01-01", "tags=pln"},
	{NULL, NULL, "#pln on 15 December", "tags=pln"}, {NULL, NULL, "#pln 31 February", "tags=pln note=31 February"},
	{NULL, NULL, "#pln we sat and met Mon Ami", "tags=pln note=we sat and met Mon Ami"},
	{NULL, NULL, "#pln it may help 3 of us", "tags=pln note=it may help 3 of us"},
	{NULL, NULL, "#pln yesterday's newsletter", "tags=pln note=yesterday's newsletter"},
	{NULL, NULL, "#pln open 24/7 for 2/2", "tags=pln note=open 24/7 for 2/2"},
	/* companions */
	{NULL, NULL, "#talk @Rivera, @Lee-Smith.", "tags=talk kind=talk with=Rivera,Lee-Smith"},
	{NULL, NULL, "mail a@b.org or @ 10", "note=mail a@b.org or @ 10"}, {NULL, NULL, "with @José and @José", "with=José"},
	/* whose tags */
	{"Fwd: Reading list #pln", "Reading list #pln", "look", "note=look"},
	{"Fwd: Reading list #pln #pln", "Reading list #pln", "look", "tags=pln note=look"},
	{"#pln Fwd: Reading list #pln", "Reading list #pln", "", "tags=pln"},
	{"Fwd: 20 minute workouts #pln 10m", "20 minute workouts", "", "tags=pln min=10"},
	{"WG: 5 Minuten Spiele #pln", "5 Minuten Spiele", "", "tags=pln"}, {"Fwd: Changed title #pln #math", "Other #math", "", "tags=pln"},
	{"Fwd: 20 min workouts #pln", NULL, "", "tags=pln"},
	/* where reading stops */
	{NULL, NULL, "#pln good\n-- \n#private 20m", "tags=pln note=good"},
	{NULL, NULL, "#pln good\nSent from my iPhone #private", "tags=pln note=good"},
	{NULL, NULL, "#pln good\n\nBest regards\nAna #star", "tags=pln note=good"},
	{NULL, NULL, "#pln good\nThanks,\nAna", "tags=pln note=good"},
	{NULL, NULL, "Thanks\n#pln good", "tags=pln note=Thanks\ngood"}, {NULL, NULL, "> #star quoted\n#pln x", "tags=pln note=x"},
	{NULL, NULL, "#pln one\n\ntwo", "tags=pln note=one\n\ntwo"},
	/* commands */
	{NULL, NULL, "status", "<status>"}, {NULL, NULL, "Status?", "<status>"}, {NULL, NULL, "find exit tickets", "<find exit tickets>"},
	{NULL, NULL, "show 1042", "<show 1042>"}, {NULL, NULL, "Show #1042.", "<show 1042>"}, {NULL, NULL, "list", "<list>"},
	{NULL, NULL, "list chats", "<list chats>"},
	{NULL, NULL, "export", "<export>"}, {NULL, NULL, "export csv", "<export csv>"}, {NULL, NULL, "transcript", "<export transcript>"},
	{NULL, NULL, "My transcript please", "<export transcript>"}, {NULL, NULL, "transcript 2025/26", "<export transcript 2025/26>"},
	{NULL, NULL, "transcript of our talk", "note=transcript of our talk"},
	{NULL, NULL, "undo", "<undo>"}, {NULL, NULL, "undo 1042", "<undo 1042>"}, {NULL, NULL, "private", "<private> private"},
	{NULL, NULL, "share", "<share> share"}, {NULL, NULL, "star", "<star> star"}, {NULL, NULL, "⭐", "<star> star"},
	{NULL, NULL, "help", "<help>"}, {NULL, NULL, "Help!", "<help>"},
	{NULL, NULL, "help me plan my lesson", "note=help me plan my lesson"}, {NULL, NULL, "list of good blogs", "note=list of good blogs"},
	{NULL, NULL, "find attached the article", "note=find attached the article"}, {NULL, NULL, "show me", "note=show me"},
	{NULL, NULL, "pause", "<pause>"}, {NULL, NULL, "pause until 3 March", "<pause 2027-03-03>"},
	{NULL, NULL, "pause until Friday", "<pause 2026-11-27>"}, {NULL, NULL, "Pause for two weeks please", "<pause 2026-12-05>"},
	{NULL, NULL, "pause the video", "note=pause the video"}, {NULL, NULL, "pause until 2026-12-24", "<pause 2026-12-24>"},
	{NULL, NULL, "resume", "<resume>"}, {NULL, NULL, "yes", "<yes>"}, {NULL, NULL, "no", "<no>"}, {NULL, NULL, "thanks 2", "<thanks 2>"},
	{NULL, NULL, "thanks", ""}, {NULL, NULL, "2 thanks, used it period 4 15m", "<thanks 2 used it period 4 15m> min=15"},
	{NULL, NULL, "receipts always", "<receipts always>"},
	{NULL, NULL, "receipts sometimes", "note=receipts sometimes"}, {NULL, NULL, "status\nundo", "<status> <undo>"},
	{NULL, NULL, "Status, please", "<status>"}, {"status", NULL, "", "<status>"},
	{"Find exit tickets", NULL, "\n-- \nAna", "<find exit tickets>"},
	{"Help", NULL, "I need a plan for Monday", "note=I need a plan for Monday"},
	{"Re: status", NULL, "", ""},
	{"#pln", NULL, "Search engines for kids", "<find engines for kids> tags=pln note=Search engines for kids"},
	{"#pln", NULL, "private", "<private> tags=pln private"},
	{NULL, NULL, "#pln Von meinem Kollegen gelernt", "tags=pln note=Von meinem Kollegen gelernt"}, {NULL, NULL, "ayuda", "<help>"},
	{NULL, NULL, "status of the project", "note=status of the project"},
};

/* The same in an answer to a receipt: an amendment. */
static const struct {
	const char *own, *want;
} amendments[] = {
	{"star 10 min, trying it Friday", "min=10 star note=trying it Friday"}, {"star", "<star> star"}, {"⭐ 10m", "min=10 star"},
	{"45m", "min=45"}, {"It was 45 minutes", "min=45"}, {"yesterday", "day=2026-11-20"}, {"it was on Tuesday", "day=2026-11-17"},
	{"private", "<private> private"},
	{"not private", "share"}, {"no star", "unstar"}, {"star, private", "star private"}, {"webinar, 45m", "kind=webinar min=45"},
	{"it was a podcast", "kind=listen"}, {"#talk with @Rivera", "tags=talk kind=talk with=Rivera"}, {"no credit please", "nocredit"},
	{"#nocredit", "tags=nocredit nocredit"},
	{"Used it on Tuesday", "note=Used it on Tuesday"}, {"Used it 15m", "min=15 note=Used it 15m"},
	{"A wonderful idea", "note=A wonderful idea"}, {"ok", ""}, {"undo", "<undo>"}, {"star\n\nSent from my iPhone", "<star> star"},
	{"20 min yesterday; star", "min=20 day=2026-11-20 star"},
	{"10 min — starred — will try it Monday", "min=10 star note=will try it Monday"},
	{"share it", "share"}, {"Please mark as private", "private"}, {"public", "share"}, {"1,5 h", "min=90"},
	{"#pln #read yesterday 5m", "tags=pln,read kind=read min=5 day=2026-11-20"}, {"", ""},
};

static int compare(const struct said_input *in, const char *want)
{
	struct arena arena = {0};
	struct str got = {0};
	struct said said;
	said_parse(&said, in, &arena);
	text_tagging(&got, &said);
	bool same = strcmp(str_c(&got), want) == 0;
	if (!same)
		printf("%s | %s\n   got  %s\n   want %s\n", in->subject != NULL ? in->subject : "", in->own, str_c(&got), want);
	str_release(&got);
	arena_release(&arena);
	return !same;
}

static void test_logs(void **state)
{
	(void)state;
	int failed = 0;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
		failed += compare(&(struct said_input){logs[i].subject, logs[i].inner, logs[i].own, TODAY, false}, logs[i].want);
	printf("%zu mails\n", sizeof logs / sizeof *logs);
	assert_int_equal(failed, 0);
}

static void test_amendments(void **state)
{
	(void)state;
	int failed = 0;
	for (size_t i = 0; i < sizeof amendments / sizeof *amendments; i++)
		failed += compare(&(struct said_input){"Re: Logged 1042: Exit tickets", NULL, amendments[i].own, TODAY, true}, amendments[i].want);
	failed += compare(&(struct said_input){"Re: Exit tickets 20m #math #pln", NULL, "good", TODAY, true}, "tags=pln note=good");
	failed += compare(&(struct said_input){"Re: Exit tickets #pln", "Exit tickets #pln", "good", TODAY, true}, "note=good");
	assert_int_equal(failed, 0);
}

static void test_prose(void **state)
{
	static const struct { const char *own; bool prose; } cases[] = {
		{"status", false}, {"20m yesterday", false}, {"ok except 3", false}, {"3 maybe", true}, {"A note", true},
		{"status\nand a note", true}, {"Ok except 3\n\nPat Lang\nPrincipal, Lincoln High\nTulsa, OK 74103", false}, {"ok\nPat", false},
		{"ok\nPat Lang\n+1 555 123 4567\npat@school.org", false}, {"ok\nÉmile Zola", false}, {"ok\n三番は保留", true}, {"ok\nWait", true}, {"ok\nI will look at it", true}, {"ok\nPat?", true},
		{"ok\nNot Ana", true}, {"ok\nPat\nbut see me", true}, {"Pat Lang", true}, {"", false}, {"-- \nAna", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct said said;
		said_parse(&said, &(struct said_input){NULL, NULL, cases[i].own, TODAY, true}, &arena);
		if (said.prose != cases[i].prose)
			fail_msg("%s: prose %d", cases[i].own, said.prose);
		arena_release(&arena);
	}
}

/* No words of any size or shape stall or overrun. */
static void test_hostile(void **state)
{
	static const char *const pieces[] = {
		"#", "# ", "#a", "@a ", "1 h ", "\n", "\xf0\x9f\x91\x8d", "ok 3 no, ", "thanks\n", ", ", "an hour and ", "last last ", "3/3 ",
		"\xff\xfe", "a", "⭐", "3 no a, ", "1 2 3 4 5 6 7 8 9 ok but not "
	};
	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct arena arena = {0};
		struct str own = {0};
		struct said said;
		while (own.n < 30000)
			str_puts(&own, pieces[i]);
		said_parse(&said, &(struct said_input){str_c(&own), str_c(&own), str_c(&own), DAY_NONE, false}, &arena);
		said_parse(&said, &(struct said_input){NULL, NULL, str_c(&own), TODAY, true}, &arena);
		assert_true(said.n_commands <= 50);
		str_release(&own);
		arena_release(&arena);
	}
}

/* What no table has is passed by; what one has must not be. */
static void test_words_are_known(void **state)
{
	(void)state;
	static const struct {
		const char *word;
		unsigned uses;
	} rows[] = {
		{"", 0}, {"exit", 0}, {"tickets", 0}, {"tuesda", 0}, {"tuesdays", 0}, {"3rd", WORD_FIGURE}, {"tuesday", WORD_DAY}, {"märz", WORD_DAY},
		{"the", WORD_DAY | WORD_BEFORE_DAY | WORD_FILLER}, {"half", WORD_MINUTES}, {"twenty-five", WORD_MINUTES}, {"podcast", WORD_KIND},
		{"étoile", WORD_FLAG}, {"bring", WORD_BIDDING}, {"nächsten", WORD_AHEAD}, {"apply", WORD_KIND | WORD_BIDDING},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (word_uses(span_of(rows[i].word)) != rows[i].uses)
			fail_msg("%s: %u", rows[i].word, word_uses(span_of(rows[i].word)));
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_logs), cmocka_unit_test(test_amendments), cmocka_unit_test(test_prose), cmocka_unit_test(test_words_are_known), cmocka_unit_test(test_hostile)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
