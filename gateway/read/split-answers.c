#include <ctype.h>

#include "gateway/read/split.h"

/* Own words below quoted lines, each with the lines that it answers: the paragraph above it, or of that what belongs
 * to its last numbered item. */
enum { ANSWERS_MAX = 500, QUOTED_LINES = 8, QUOTED_BYTES = 400 };

/* "3. Ana Rivera: …", "3) …", the cell of a table that holds a number, an element of a list. */
static bool begins_item(const struct body_line *line)
{
	struct span s = span_trim(line->text);
	size_t digits = 0;
	while (digits < s.n && isdigit((unsigned char)s.p[digits]))
		digits++;
	if (digits == 0 || digits > 4)
		return (line->marks & LINE_ITEM) != 0;
	s = span_skip(s, digits);
	return s.n == 0 || *s.p == '\t' || ((*s.p == '.' || *s.p == ')') && s.n > 1 && (s.p[1] == ' ' || s.p[1] == '\t'));
}

static bool same_paragraph(const struct scan *scan, size_t i)
{
	const struct body_line *lines = scan->body->lines;
	return scan->owner[i] == OWNER_QUOTED && !scan->introduces[i] && !line_is_blank(&lines[i]) && line_level(&lines[i]) == line_level(&lines[i + 1]);
}

static void add_folded(struct str *s, struct span text)
{
	for (size_t i = 0; i < text.n && s->n < QUOTED_BYTES + 4; i++)
		if ((unsigned char)text.p[i] > ' ')
			str_putc(s, text.p[i]);
		else if (s->n > 0 && s->p[s->n - 1] != ' ')
			str_putc(s, ' ');
}

/* The paragraph that ends with that line, as one. */
static const char *quoted_above(const struct scan *scan, size_t last)
{
	const struct body_line *lines = scan->body->lines;
	struct str s = {.max = 2 * QUOTED_BYTES};
	size_t first = last;
	while (first > 0 && last - first + 1 < QUOTED_LINES && !begins_item(&lines[first]) && same_paragraph(scan, first - 1))
		first--;
	for (size_t i = first; i <= last; i++) {
		add_folded(&s, lines[i].text);
		add_folded(&s, SPAN(" "));
	}
	struct span all = span_trim((struct span){str_c(&s), s.n});
	const char *quoted = arena_strndup(scan->arena, all.p, utf8_prefix(all.p, all.n, QUOTED_BYTES));
	str_release(&s);
	return quoted;
}

static const char *own_text(const struct scan *scan, size_t from, size_t to)
{
	struct str s = {.max = SIZE_MAX / 2};
	for (size_t i = from; i < to; i++) {
		str_span(&s, scan->body->lines[i].text);
		str_putc(&s, '\n');
	}
	struct span all = span_trim((struct span){str_c(&s), s.n});
	const char *own = arena_strndup(scan->arena, all.p, all.n);
	str_release(&s);
	return own;
}

void answers_find(const struct scan *scan, struct split *split)
{
	const struct body *body = scan->body;
	size_t quoted = SIZE_MAX;
	for (size_t i = 0, end; i < body->n && split->n_answers < ANSWERS_MAX; i = end) {
		end = i + 1;
		if (line_is_blank(&body->lines[i]))
			continue;
		if (scan->owner[i] == OWNER_QUOTED)
			quoted = i;
		if (scan->owner[i] != OWNER_OWN || quoted == SIZE_MAX)
			continue;
		while (end < body->n && (scan->owner[end] == OWNER_OWN || line_is_blank(&body->lines[end])))
			end++;
		*ARENA_PUSH(scan->arena, split->answers, split->n_answers) =
			(struct inline_answer){quoted_above(scan, quoted), own_text(scan, i, end)};
	}
}
