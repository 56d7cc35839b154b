#ifndef TESTS_SAID_TEXT_H
#define TESTS_SAID_TEXT_H

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
/* cmocka wants these first */
#include <cmocka.h>

#include "rules/said.h"

/* What was understood, as one line a test can compare. */
#define TODAY 20778 /* Saturday 21 November 2026 */

static inline void text_list(struct str *out, const char *name, const struct strs *list)
{
	for (size_t i = 0; i < list->n; i++)
		str_printf(out, "%s%s%s", i == 0 ? name : ",", i == 0 ? "=" : "", list->v[i]);
	if (list->n > 0)
		str_putc(out, ' ');
}

static inline void text_ranges(struct str *out, const struct decision *d)
{
	for (size_t i = 0; i < d->n_ranges; i++) {
		str_printf(out, "%s%d", i == 0 ? " " : ",", d->ranges[i].from);
		if (d->ranges[i].to != d->ranges[i].from)
			str_printf(out, "-%d", d->ranges[i].to);
	}
}

static inline void text_decisions(struct str *out, const struct said *said)
{
	static const char *const verbs[] = {"ok", "no", "minutes", "ask", "undo"};
	for (size_t i = 0; i < said->n_decisions; i++) {
		const struct decision *d = &said->decisions[i];
		str_printf(out, "%s%s%s", out->n > 0 ? "; " : "", verbs[d->verb], d->all ? " all" : "");
		if (d->all && d->n_ranges > 0)
			str_puts(out, " except");
		text_ranges(out, d);
		if (d->verb == DECISION_MINUTES)
			str_printf(out, " =%d", d->minutes);
		if (d->same_as > 0)
			str_printf(out, " as %d", d->same_as);
		if (d->words[0] != '\0')
			str_printf(out, " '%s'", d->words);
	}
	for (size_t i = 0; i < said->unclear.n; i++)
		str_printf(out, "%s?%s", out->n > 0 ? "; " : "", said->unclear.v[i]);
}

static inline void text_commands(struct str *out, const struct said *said)
{
	for (size_t i = 0; i < said->n_commands; i++) {
		const struct command *c = &said->commands[i];
		char day[16];
		str_printf(out, "<%s", command_name(c->verb));
		if (c->number > 0)
			str_printf(out, " %d", c->number);
		if (c->day != DAY_NONE)
			str_printf(out, " %s", day_iso(day, c->day));
		str_printf(out, "%s%s> ", c->rest[0] != '\0' ? " " : "", c->rest);
	}
}

static inline void text_tagging(struct str *out, const struct said *said)
{
	const struct tagging *t = &said->tagging;
	char day[16];
	text_commands(out, said);
	text_list(out, "tags", &t->tags);
	if (t->kind != KIND_NONE)
		str_printf(out, "kind=%s ", kind_name(t->kind));
	text_list(out, "topics", &t->topics);
	text_list(out, "with", &t->with);
	if (t->minutes != MINUTES_NONE)
		str_printf(out, "min=%d ", t->minutes);
	if (t->day != DAY_NONE)
		str_printf(out, "day=%s ", day_iso(day, t->day));
	str_printf(out, "%s%s%s%s%s", t->starred ? "star " : "", t->unstar ? "unstar " : "", t->is_private ? "private " : "", t->share ? "share " : "",
	           t->nocredit ? "nocredit " : "");
	if (t->note[0] != '\0')
		str_printf(out, "note=%s", t->note);
	while (out->n > 0 && out->p[out->n - 1] == ' ')
		out->p[--out->n] = '\0';
}

#endif
