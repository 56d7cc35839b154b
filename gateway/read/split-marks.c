#include "gateway/read/split.h"

/* Quotations marked by "|" or by an indented ">": runs of lines, so that a table or a single arrow stays what it is;
 * and a lonely line behind many arrows (">>> here <<<") is no quotation. */
enum { RUN_BARS = 3, RUN_ARROWS = 2, INDENT_MAX = 4, ARROWS = 3 };

/* How many bytes of another quote mark begin the line; 0 = none. */
static size_t mark_width(const struct body_line *line, char *mark)
{
	struct span s = line->text;
	size_t indent = 0;
	if (line->quote > 0 || line->quote_depth > 0)
		return 0;
	while (indent < s.n && indent < INDENT_MAX && s.p[indent] == ' ')
		indent++;
	if (indent == s.n || (s.p[indent] != '|' && (s.p[indent] != '>' || indent == 0)))
		return 0;
	*mark = s.p[indent];
	if (*mark == '|' && (s.p[s.n - 1] == '|' ? indent + 1 < s.n : indent + 1 < s.n && s.p[indent + 1] != ' '))
		return 0; /* a row of a table, a||b */
	return indent + 1 < s.n && s.p[indent + 1] == ' ' ? indent + 2 : indent + 1;
}

static size_t run_length(const struct body *body, size_t i, char mark)
{
	size_t n = 0;
	char c = 0;
	while (i + n < body->n && mark_width(&body->lines[i + n], &c) > 0 && c == mark)
		n++;
	return n;
}

/* GroupWise: ">>> Ana Press <ana@press.example> 10/27/2021 9:31 AM >>>" introduces what stands below it unmarked. */
static bool is_groupwise(const struct body_line *line)
{
	if (line->quote != ARROWS)
		return false;
	struct span s = span_trim(line->text);
	struct folded f;
	if (s.n > 300 || !span_ends_nocase(s, ">>>"))
		return false;
	folded_read(&f, s);
	return folded_has_date((struct span){f.text, f.n});
}

static bool is_lonely(const struct body *body, size_t i)
{
	return body->lines[i].quote >= ARROWS && (i == 0 || body->lines[i - 1].quote == 0) && (i + 1 == body->n || body->lines[i + 1].quote == 0) &&
	       memmem(body->lines[i].text.p, body->lines[i].text.n, "<<", 2) != NULL;
}

static void own_lines(struct body *body, struct arena *arena, struct body_line **lines)
{
	if (*lines == NULL)
		body->lines = *lines = arena_grow(arena, body->lines, body->n * sizeof **lines, body->n * sizeof **lines);
}

void split_marks(struct body *body, struct arena *arena)
{
	struct body_line *lines = NULL;
	for (size_t i = 0; i < body->n;) {
		char mark = 0;
		if (is_lonely(body, i)) {
			own_lines(body, arena, &lines);
			lines[i].quote = 0;
		} else if (is_groupwise(&body->lines[i])) {
			own_lines(body, arena, &lines);
			lines[i].quote = 0;
			lines[i].marks |= LINE_QUOTE_STRUCTURE; /* an introduction, as a page would mark it */
		}
		size_t run = mark_width(&body->lines[i], &mark) == 0 ? 0 : run_length(body, i, mark);
		if (run < (mark == '|' ? RUN_BARS : RUN_ARROWS)) {
			i += run == 0 ? 1 : run;
			continue;
		}
		own_lines(body, arena, &lines);
		for (size_t end = i + run; i < end; i++) {
			lines[i].text = span_skip(lines[i].text, mark_width(&lines[i], &mark));
			lines[i].quote = 1;
		}
	}
}
