#ifndef TESTS_MACHINE_HELP_H
#define TESTS_MACHINE_HELP_H

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/read/machine.h"
#include "gateway/read/mime.h"

/* A mail through mime.c and machine.c alone: its text is its own words, nothing is forwarded. */
static inline void read_machine(const char *raw, struct arena *arena, struct reading *r)
{
	struct mail_parts parts = {0};
	struct body body = {0};
	struct span text, line;
	mime_warm_up();
	mime_read((struct span){raw, strlen(raw)}, arena, &parts, r);
	text = parts.plain != NULL ? parts.plain->text : parts.page != NULL ? parts.page->text : (struct span){"", 0};
	r->text = r->own = arena_strndup(arena, text.p, text.n);
	r->quoted = "";
	if (parts.plain != NULL)
		r->plain = r->text;
	body.text = r->text;
	for (struct span rest = text; span_line(&rest, &line);)
		*ARENA_PUSH(arena, body.lines, body.n) = (struct body_line){.text = line};
	struct split split = {.own = r->own, .quoted = ""};
	machine_read(&parts, &body, &split, arena, r);
}

#endif
