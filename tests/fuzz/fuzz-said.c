#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

#include "rules/said.h"

/* The mail grammar: subject, inner subject and own words are cut from the input at NUL bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct said *said)
{
	const struct tagging *t = &said->tagging;
	if (!(t->minutes >= MINUTES_NONE && t->minutes < 10000) || said->n_commands > 50 || said->n_decisions > 100 || said->unclear.n > 50 || t->note == NULL)
		abort();
	for (size_t i = 0; i < said->n_decisions; i++)
		for (size_t r = 0; r < said->decisions[i].n_ranges; r++)
			if (said->decisions[i].ranges[r].from < 1 || said->decisions[i].ranges[r].from > said->decisions[i].ranges[r].to || said->decisions[i].ranges[r].to > 9999)
				abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static bool ready;
	struct arena arena = {0};
	struct said said;
	if (!ready)
		ready = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
	const char *text = arena_strndup(&arena, (const char *)data, n), *end = text + n;
	const char *inner = text + strlen(text), *own;
	inner += inner < end;
	own = inner + strlen(inner);
	own += own < end;
	struct said_input in = {text, inner[0] == '\0' ? NULL : inner, own[0] == '\0' ? text : own, 20778, n % 2 == 0};
	said_parse(&said, &in, &arena);
	check(&said);
	said_about(&said, in.own, 7, &arena);
	check(&said);
	in.today = DAY_NONE;
	in.is_reply = !in.is_reply;
	said_parse(&said, &in, &arena);
	check(&said);
	arena_release(&arena);
	return 0;
}
