#include <limits.h>

#include "gateway/read/split.h"

/* The lines of one owner, or of one block, as text again. */

enum { END_MAX = 80 };

/* The marks that stand before a line again. */
static size_t marks_of(const struct body_line *line, unsigned base)
{
	enum { MARKS_MAX = 50 };
	unsigned n = line->quote > base ? line->quote - base : 0;
	return n < MARKS_MAX ? n : MARKS_MAX;
}

/* The bytes of a line at most, with the blank behind its marks, its end and an empty line before it. */
static size_t line_bytes(const struct body_line *line, unsigned base)
{
	return marks_of(line, base) + line->text.n + 3;
}

static char *put_line(char *to, const struct body_line *line, unsigned base)
{
	size_t marks = marks_of(line, base);
	memset(to, '>', marks);
	to += marks;
	if (marks > 0 && line->text.n > 0)
		*to++ = ' ';
	if (line->text.n > 0)
		memcpy(to, line->text.p, line->text.n);
	to += line->text.n;
	*to++ = '\n';
	return to;
}

/* The text up to its end, trimmed in its place. */
static const char *finish(char *text, const char *end)
{
	struct span all = span_trim((struct span){text, (size_t)(end - text)});
	while (span_starts(all, "\ufeff"))
		all = span_trim(span_skip(all, 3));
	text += all.p - text;
	text[all.n] = '\0';
	return text;
}

/* The lines of one owner; where others stand between, an empty line does. */
const char *owned_text(const struct scan *scan, enum line_owner owner, bool marks)
{
	const struct body *body = scan->body;
	unsigned base = marks ? 0 : UINT_MAX;
	size_t last = SIZE_MAX, bytes = 1;
	for (size_t i = 0; i < body->n; i++)
		bytes += scan->owner[i] == owner ? line_bytes(&body->lines[i], base) : 0;
	char *text = arena_bytes(scan->arena, bytes), *to = text;
	for (size_t i = 0; i < body->n; i++) {
		if (scan->owner[i] != owner)
			continue;
		bool gap = last != SIZE_MAX && last + 1 != i && !line_is_blank(&body->lines[i]);
		if (gap && (to - text < 2 || to[-2] != '\n'))
			*to++ = '\n';
		to = put_line(to, &body->lines[i], base);
		last = i;
	}
	return finish(text, to);
}

/* One in another language closes a forward inside. */
size_t block_closed(const struct scan *scan, const struct block *b, uint64_t languages)
{
	const struct body *body = scan->body;
	bool cut_out = b->body > b->start && span_starts(body->lines[b->body - 1].text, SCISSORS);
	size_t end = b->end;
	languages |= cut_out ? phrase_says(PHRASE_END, SPAN("8<")) : 0;
	for (size_t i = b->body; i < b->end && languages != 0; i++) {
		struct folded f;
		struct span line = span_trim(body->lines[i].text);
		if (line.n < 4 || line.n > END_MAX || strchr("-=_", *line.p) == NULL)
			continue;
		folded_read(&f, line);
		if ((phrase_says(PHRASE_END, folded_core(&f).text) & languages) != 0)
			end = i;
	}
	return end;
}

const char *block_text(const struct scan *scan, const struct block *b, unsigned base)
{
	const struct body *body = scan->body;
	size_t bytes = 1;
	for (size_t i = b->body; i < b->end; i++)
		bytes += line_bytes(&body->lines[i], base);
	char *text = arena_bytes(scan->arena, bytes), *to = text;
	for (size_t i = b->body; i < b->end; i++)
		to = put_line(to, &body->lines[i], base);
	return finish(text, to);
}
