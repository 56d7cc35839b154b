#include <ctype.h>

#include "gateway/decisions.h"

/* "ok", "no, too long", "20m", "why so long?" under a quoted item of our letter is about that item. The reader has found what
 * stands under which quoted lines; which item they belong to is known here. Words under anything else that is quoted (the
 * letter's foot, say, by one who answers at the bottom) are about the letter as a whole. */

#define OWN_MAX ((size_t)64 << 10)
#define MISSING_MAX 100 /* lines of answers that are looked for in vain */
#define QUOTED_LEAST 8 /* bytes of a quoted line without its number, to be found in the letter */

/* Single blanks between words, no marks of emphasis, lower case: clients break lines anew. */
static const char *plain(struct arena *arena, struct span s)
{
	struct str out = {0};
	for (size_t i = 0; i < s.n; i++) {
		bool blank = (unsigned char)s.p[i] <= ' ';
		if (!blank && s.p[i] != '*' && s.p[i] != '>')
			str_putc(&out, (char)tolower((unsigned char)s.p[i]));
		else if (blank && out.n > 0 && out.p[out.n - 1] != ' ')
			str_putc(&out, ' ');
	}
	const char *copy = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	return copy;
}

/* The number that a line begins with, 0 = none; *rest is what follows it. */
static size_t leading_number(const char *line, const char **rest)
{
	size_t n = 0, digits = 0;
	while (*line == ' ')
		line++;
	for (; isdigit((unsigned char)line[digits]) && digits < 4; digits++)
		n = n * 10 + (size_t)(line[digits] - '0');
	line += digits;
	if (digits == 0 || (*line != '\0' && strchr(" .):\t", *line) == NULL))
		return 0;
	while (*line != '\0' && strchr(" .):\t", *line) != NULL)
		line++;
	*rest = line;
	return n;
}

/* Whether what a client quotes after an item's number is what the letter said there. */
static bool quotes_item(struct arena *arena, const struct item *item, const char *rest)
{
	const char *teacher = plain(arena, span_of(item->teacher)), *title = plain(arena, span_of(item->entry.title));
	size_t near = strlen(title) < 20 ? strlen(title) : 20;
	return *rest == '\0' || strncmp(rest, teacher, strlen(teacher)) == 0 || (near > 0 && memmem(rest, strlen(rest), title, near) != NULL);
}

/* The one item whose teacher and title the quoted words hold, or whose title stands in no other item; NULL = none, or several. */
static const struct item *item_by_words(const struct answering *a, const char *quoted)
{
	const struct item *found = NULL;
	struct arena *arena = a->desk->arena;
	for (size_t i = 0; i < a->approval.n; i++) {
		const struct item *item = &a->approval.items[i];
		const char *title = plain(arena, span_of(item->entry.title));
		size_t n = strlen(title) < 40 ? strlen(title) : 40;
		if (n < QUOTED_LEAST || memmem(quoted, strlen(quoted), title, n) == NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = item;
	}
	return found;
}

/* The item in whose paragraph of the letter the words stand, when they stand in one alone. */
static const struct item *item_by_letter(const struct answering *a, const char *quoted)
{
	struct span rest = span_of(a->m->letter->own_text == NULL ? "" : a->m->letter->own_text), line;
	size_t number = 0, found = 0;
	if (strlen(quoted) < QUOTED_LEAST)
		return NULL;
	while (span_line(&rest, &line)) {
		const char *ours = plain(a->desk->arena, line), *behind;
		size_t n = leading_number(ours, &behind);
		number = ours[0] == '\0' ? 0 : n > 0 ? n : number;
		if (number == 0 || memmem(ours, strlen(ours), quoted, strlen(quoted)) == NULL)
			continue;
		if (found != 0 && found != number)
			return NULL;
		found = number;
	}
	return found >= 1 && found <= a->approval.n ? &a->approval.items[found - 1] : NULL;
}

static const struct item *item_quoted(const struct answering *a, const char *line)
{
	const char *quoted = plain(a->desk->arena, span_of(line)), *rest = quoted;
	size_t n = leading_number(quoted, &rest);
	if (n >= 1 && n <= a->approval.n && quotes_item(a->desk->arena, &a->approval.items[n - 1], rest))
		return &a->approval.items[n - 1];
	const struct item *item = item_by_words(a, quoted);
	return item != NULL ? item : item_by_letter(a, quoted);
}

/* Takes the lines of an answer off the front of *own; what stands before them is kept. */
static void take_lines(struct span *own, const char *answer, struct str *kept, size_t *missing)
{
	struct span wanted, lines = span_of(answer), line;
	while (span_line(&lines, &wanted)) {
		struct span rest = *own;
		bool found = false;
		wanted = span_trim(wanted);
		while (wanted.n > 0 && !found && *missing < MISSING_MAX && span_line(&rest, &line))
			found = span_trim(line).n == wanted.n && memcmp(span_trim(line).p, wanted.p, wanted.n) == 0;
		*missing += wanted.n > 0 && !found;
		if (!found)
			continue;
		str_span(kept, (struct span){own->p, (size_t)(line.p - own->p)});
		*own = rest;
	}
}

static void plan_about(struct answering *a, const struct item *item, const char *own)
{
	struct said said;
	struct plan_item *p = &a->plan[item->number - 1];
	said_about(&said, own, item->number, a->desk->arena);
	for (size_t i = 0; i < said.n_decisions; i++)
		plan_decision(a, &said.decisions[i]);
	for (size_t i = 0; i < said.unclear.n; i++)
		strs_add(&a->outcome.unclear, a->desk->arena, arena_printf(a->desk->arena, "%s (under item %d)", said.unclear.v[i], item->number));
	if (said.unclear.n > 0)
		*p = (struct plan_item){.doubtful = true};
}

/* What is left of the own words is read as if nothing else had been written. */
static void read_rest(struct answering *a, struct span rest, struct str *kept)
{
	struct reading *r = a->m->reading;
	struct said *said = arena_alloc(a->desk->arena, sizeof *said);
	str_span(kept, rest);
	struct said_input in = {.subject = r->subject, .own = arena_strndup(a->desk->arena, str_c(kept), kept->n), .today = r->date_day, .is_reply = true};
	said_parse(said, &in, a->desk->arena);
	a->said = said;
}

void plan_answers(struct answering *a)
{
	struct reading *r = a->m->reading;
	struct span own = {r->own, utf8_prefix(r->own, strlen(r->own), OWN_MAX)}; /* no more is read as words */
	struct str kept = {0};
	size_t missing = 0;
	bool any = false;
	for (size_t i = 0; i < r->n_answers; i++) {
		const struct item *item = item_quoted(a, r->answers[i].quoted);
		if (item == NULL)
			continue;
		any = true;
		take_lines(&own, r->answers[i].own, &kept, &missing);
		plan_about(a, item, r->answers[i].own);
	}
	if (missing >= MISSING_MAX) { /* which words stand where is not sure: nothing else of it counts */
		strs_add(&a->outcome.unclear, a->desk->arena, "what you wrote between the quoted lines");
		a->said = arena_alloc(a->desk->arena, sizeof *a->said);
	} else if (any) {
		read_rest(a, own, &kept);
	}
	str_release(&kept);
}
