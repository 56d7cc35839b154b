#ifndef TESTS_FUZZ_FUZZ_BODY_H
#define TESTS_FUZZ_FUZZ_BODY_H

#include <locale.h>
#include <stdlib.h>

#include "gateway/read/parts.h"

/* What is made of a text, and what must hold of it: its lines and anchors, and whose lines they are. */
typedef void fuzz_reader(const char *text, size_t n, struct arena *, struct body *);

static void check(const struct body *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!utf8_valid(b->lines[i].text.p, b->lines[i].text.n))
			abort();
	for (size_t i = 0; i < b->n_anchors; i++)
		if (b->anchors[i].seen == NULL || b->anchors[i].text == NULL || (b->n > 0 && b->anchors[i].line >= b->n))
			abort();
}

static void fuzz_body(const uint8_t *data, size_t n, fuzz_reader *read)
{
	static bool ready;
	struct arena arena = {0};
	struct body body;
	struct split split = {0};
	const char *text = "";
	if (!ready)
		ready = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
	if (utf8_valid((const char *)data, n) && memchr(data, '\0', n) == NULL)
		text = arena_strndup(&arena, (const char *)data, n); /* mime.c gives it nothing else */
	read(text, n, &arena, &body);
	check(&body);
	body_split(&body, n % 2 ? "Fwd: Exit tickets" : "Re: Exit tickets", n % 3 == 0, &arena, &split);
	if (split.own == NULL || split.quoted == NULL)
		abort();
	arena_release(&arena);
}

#endif
