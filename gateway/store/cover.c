#include "gateway/store/store-sql.h"

#include <stdlib.h>

/* The REDACT lines of a ledger, and which of them covers a line: the first of its person that comes later, names it or a later
 * one, and whose day lies behind the line's. */

static int by_person(const void *a, const void *b)
{
	const struct cover *x = a, *y = b;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

int covers_read(struct store *store, struct arena *arena, struct covers *covers, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT person, id, about, day, flag FROM ledger WHERE verb = ? AND entry IS NULL",
	                               BIND(v_int(LEDGER_REDACT)), err);
	if (stmt == NULL)
		return -1;
	struct covers found = {0};
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, found.v, found.n) = (struct cover){
			.person = col_int(stmt, 0), .line = col_int(stmt, 1), .about = col_int(stmt, 2), .day = col_day(stmt, 3), .says = col_words(stmt, 4, arena)};
	sql_end(stmt);
	if (found.n > 1)
		qsort(found.v, found.n, sizeof *found.v, by_person);
	if (got == 0)
		*covers = found;
	return got;
}

static size_t first_of(const struct covers *covers, int64_t person)
{
	size_t from = 0, to = covers->n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (covers->v[middle].person < person)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct cover *cover_of(const struct covers *covers, const struct ledger_line *line)
{
	for (size_t i = first_of(covers, line->person); i < covers->n && covers->v[i].person == line->person; i++) {
		struct cover *c = &covers->v[i];
		if (c->line > line->id && c->about >= line->id && c->day > line->day && line->verb != LEDGER_REDACT)
			return c;
	}
	return NULL;
}
