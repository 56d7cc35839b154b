#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/said-interview.h"

#define TODAY ((struct civil){2026, 11, 18}) /* a Wednesday */

static const struct {
	const char *own;
	enum interview_says says;
	const char *want; /* the reason, "2026-11-19 15:00", the slot */
} answers[] = {
	/* signed */
	{"signed", SAYS_SIGNED, ""}, {"Signed, great", SAYS_SIGNED, ""}, {"signed, great!\n\nPat", SAYS_SIGNED, ""}, {"SIGNED.", SAYS_SIGNED, ""},
	{"signed off", SAYS_SIGNED, ""}, {"Ok, signed. Well done!", SAYS_SIGNED, ""}, {"Great work, signed", SAYS_SIGNED, ""}, {"I sign", SAYS_SIGNED, ""},
	{"approved", SAYS_SIGNED, ""}, {"Approved, thanks Ana", SAYS_SIGNED, ""}, {"unterschrieben", SAYS_SIGNED, ""}, {"Hiermit unterschrieben, danke", SAYS_SIGNED, ""},
	{"signé", SAYS_SIGNED, ""}, {"Signée, merci", SAYS_SIGNED, ""}, {"firmado", SAYS_SIGNED, ""}, {"Muy bien, firmado", SAYS_SIGNED, ""},
	{"signed\n\nSent from my iPhone", SAYS_SIGNED, ""}, {"Signed \xe2\x9c\x85", SAYS_SIGNED, ""}, {"That was a good hour.\nsigned\nThanks", SAYS_SIGNED, ""},
	{"signed\n> not yet", SAYS_SIGNED, ""}, {"signed\n-- \nnot yet", SAYS_SIGNED, ""}, {"Signed\nBest regards\nPat Moss, not here on Thursday 3pm", SAYS_SIGNED, ""},
	/* not yet */
	{"not yet, the two examples are the same one", SAYS_NOT_YET, "the two examples are the same one"},
	{"Not yet: tell me more about period 4", SAYS_NOT_YET, "tell me more about period 4"},
	{"not yet because I have not seen the plan", SAYS_NOT_YET, "I have not seen the plan"},
	{"Sorry, not yet - the write-up is short.\nAdd what the class said.", SAYS_NOT_YET, "the write-up is short. Add what the class said."},
	{"not yet", SAYS_NOT_YET, ""}, {"noch nicht, weil ein Beispiel fehlt", SAYS_NOT_YET, "ein Beispiel fehlt"}, {"pas encore : il manque un exemple", SAYS_NOT_YET, "il manque un exemple"},
	{"todavía no, porque falta un ejemplo", SAYS_NOT_YET, "falta un ejemplo"}, {"not ready: one example more", SAYS_NOT_YET, "one example more"},
	{"No, not yet. What did the class say?", SAYS_NOT_YET, "What did the class say?"}, {"not signed, there is no plan", SAYS_NOT_YET, "there is no plan"},
	/* a time */
	{"Thursday 3pm", SAYS_TIME, "2026-11-19 15:00"}, {"Let's meet on Thursday at 3 pm", SAYS_TIME, "2026-11-19 15:00"}, {"Thursday at 3:30 p.m. works", SAYS_TIME, "2026-11-19 15:30"},
	{"24 Nov 15:30", SAYS_TIME, "2026-11-24 15:30"}, {"Nov 24, 15:30 please", SAYS_TIME, "2026-11-24 15:30"}, {"tomorrow 9:00", SAYS_TIME, "2026-11-19 09:00"},
	{"Tuesday 24 November at 15:30", SAYS_TIME, "2026-11-24 15:30"}, {"2026-11-24 08:15", SAYS_TIME, "2026-11-24 08:15"}, {"Donnerstag 15 Uhr 30", SAYS_TIME, "2026-11-19 15:30"},
	{"Donnerstag um 15 Uhr", SAYS_TIME, "2026-11-19 15:00"}, {"jeudi 15h30", SAYS_TIME, "2026-11-19 15:30"}, {"jeudi à 9h", SAYS_TIME, "2026-11-19 09:00"},
	{"el viernes 10:00", SAYS_TIME, "2026-11-20 10:00"}, {"Friday 12pm", SAYS_TIME, "2026-11-20 12:00"}, {"Friday 12am", SAYS_TIME, "2026-11-20 00:00"},
	{"Friday would work", SAYS_TIME, "2026-11-20 -"}, {"Friday at noon\nThanks", SAYS_TIME, "2026-11-20 -"}, {"I can do Monday 8:00", SAYS_TIME, "2026-11-23 08:00"},
	/* a slot */
	{"2", SAYS_SLOT, "2"}, {"slot 2", SAYS_SLOT, "2"}, {"Slot 3 please", SAYS_SLOT, "3"}, {"#1", SAYS_SLOT, "1"}, {"The second works for me.", SAYS_SLOT, "2"},
	{"option 1 is fine", SAYS_SLOT, "1"}, {"Termin 2 passt", SAYS_SLOT, "2"}, {"2.\nThanks, Pat", SAYS_SLOT, "2"},
	/* undo */
	{"undo", SAYS_UNDO, ""}, {"Undo please", SAYS_UNDO, ""}, {"rückgängig", SAYS_UNDO, ""},
	/* doubt: one question */
	{"", SAYS_UNCLEAR, ""}, {"ok", SAYS_UNCLEAR, ""}, {"Thanks, looks good", SAYS_UNCLEAR, ""}, {"signed?", SAYS_UNCLEAR, ""}, {"I will sign tomorrow", SAYS_UNCLEAR, ""},
	{"signed, but add one more example", SAYS_UNCLEAR, ""}, {"not yet\nsigned", SAYS_UNCLEAR, ""}, {"signed\nnot yet: no plan", SAYS_UNCLEAR, ""}, {"I have not signed this", SAYS_UNCLEAR, ""},
	{"to be signed", SAYS_UNCLEAR, ""}, {"signed when we have met", SAYS_UNCLEAR, ""}, {"can't sign that", SAYS_UNCLEAR, ""}, {"Thursday 3pm or Friday 4pm", SAYS_UNCLEAR, ""},
	{"Thursday 3pm?", SAYS_UNCLEAR, ""}, {"not Thursday 3pm", SAYS_UNCLEAR, ""}, {"3pm", SAYS_UNCLEAR, ""}, {"Thursday 3pm or 4pm", SAYS_UNCLEAR, ""}, {"1 or 2", SAYS_UNCLEAR, ""},
	{"1\n2", SAYS_UNCLEAR, ""}, {"signed\n2", SAYS_UNCLEAR, ""}, {"signed\nWhen do we meet?", SAYS_UNCLEAR, ""}, {"almost signed", SAYS_UNCLEAR, ""}, {"maybe 2", SAYS_UNCLEAR, ""},
	{"Friday 25:00", SAYS_TIME, "2026-11-20 -"}, {"0", SAYS_UNCLEAR, ""}, {"12345", SAYS_UNCLEAR, ""}, {"Wednesday 25 November at 3pm, or so", SAYS_UNCLEAR, ""},
	{"Tuesday 25 November 3pm", SAYS_UNCLEAR, ""}, {"signed off by nobody yet, wait", SAYS_UNCLEAR, ""}, {"unsigned", SAYS_UNCLEAR, ""}, {"undo 3", SAYS_UNCLEAR, ""},
	{"👍", SAYS_UNCLEAR, ""}, {"Could you send the plan?", SAYS_UNCLEAR, ""}, {"yesterday 3pm", SAYS_UNCLEAR, ""},
};

static const char *shown(const struct said_interview *s, char out[256])
{
	char day[16];
	if (s->says == SAYS_SLOT)
		snprintf(out, 256, "%d", s->slot);
	else if (s->says == SAYS_TIME && s->minute < 0)
		snprintf(out, 256, "%s -", day_iso(day, s->day));
	else if (s->says == SAYS_TIME)
		snprintf(out, 256, "%s %02d:%02d", day_iso(day, s->day), s->minute / 60, s->minute % 60);
	else
		snprintf(out, 256, "%s", s->says == SAYS_NOT_YET ? s->words : "");
	return out;
}

static void each_answer_has_its_outcome(void **state)
{
	int failed = 0;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct arena arena = {0};
		struct said_interview said;
		char got[256];
		said_interview(&said, answers[i].own, day_from_civil(TODAY), &arena);
		if (said.says != answers[i].says || strcmp(shown(&said, got), answers[i].want) != 0) {
			print_message("\"%s\": got %d %s, want %d %s\n", answers[i].own, said.says, got, answers[i].says, answers[i].want);
			failed++;
		}
		arena_release(&arena);
	}
	assert_int_equal(failed, 0);
	(void)state;
}

static void any_words_end(void **state)
{
	static const char *const units[] = {"signed ", "not yet ", "Thursday 3pm\n", "\xff\xfe", "2\n", ">\n", "3:", "uhr ", "\n"};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct arena arena = {0};
		struct str text = {0};
		struct said_interview said;
		for (int k = 0; k < 20000; k++)
			str_puts(&text, units[i]);
		said_interview(&said, str_c(&text), day_from_civil(TODAY), &arena);
		said_interview(&said, str_c(&text), DAY_NONE, &arena);
		str_release(&text);
		arena_release(&arena);
	}
	(void)state;
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_answer_has_its_outcome), cmocka_unit_test(any_words_end)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
