#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

#include "rules/plan-said.h"
#include "rules/plan-words.h"

/* Plans in people's own words, and answers to letters about them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct plan_said *said)
{
	for (size_t i = 0; i < PLAN_PARTS; i++) {
		const char *part = *plan_part(&said->parts, i);
		if (strlen(part) > PLAN_PART_MAX || (part[0] == '\0') != (said->how[i] == PLAN_NOT_FOUND))
			abort();
	}
	if (said->goal < -1 || said->goal > 9999 || strlen(said->prose) > PLAN_OWN_MAX)
		abort();
}

static void answers(const char *own, struct arena *arena)
{
	struct reading r = {.own = own};
	struct said_input in = {.subject = "Re: Plan", .own = own, .today = 20778, .is_reply = true};
	struct plan_answered a;
	said_parse(&r.said, &in, arena);
	plan_answer_owner(&a, &r, arena);
	if (a.what == PLAN_ANSWER_GOAL && a.goal == 0)
		abort();
	plan_answer_approver(&a, &r, arena);
	if ((a.what == PLAN_ANSWER_ASK && a.words[0] == '\0') || a.words == NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static bool ready;
	struct arena arena = {0};
	struct plan_said said;
	if (!ready)
		ready = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
	const char *text = arena_strndup(&arena, (const char *)data, n), *quoted = text + strlen(text);
	quoted += quoted < text + n;
	const struct inline_answer answer = {quoted, text};
	const struct goal goals[] = {{1, "Formative assessment in every classroom"}, {2, text}};
	plan_read(&said, &(struct plan_input){.own = text}, &arena);
	check(&said);
	plan_guess_goal(&said.parts, goals, 2);
	plan_read(&said, &(struct plan_input){.own = text, .asked = true, .missing = {n % 2, n % 3, true}, .answers = &answer, .n_answers = quoted[0] != '\0'}, &arena);
	check(&said);
	answers(text, &arena);
	arena_release(&arena);
	return 0;
}
