#include "digest/draft.h"

#define COLUMNS 72

/* How far the following lines of a paragraph stand in: as far as its own words, behind "12. ", "1042  " or "- ". */
static size_t indent_of(struct span line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == ' ')
		n++;
	size_t mark = n;
	while (mark < line.n && line.p[mark] >= '0' && line.p[mark] <= '9')
		mark++;
	if (mark > n && mark + 2 < line.n && line.p[mark] == ' ' && line.p[mark + 1] == ' ')
		return mark + 2;
	if (mark > n && mark < line.n && line.p[mark] == '.')
		mark++;
	else if (mark == n && mark < line.n && line.p[mark] == '-')
		mark++;
	else
		return n;
	return mark + 1 < line.n && line.p[mark] == ' ' ? mark + 1 : n;
}

static void put_blanks(struct str *out, size_t n)
{
	while (n-- > 0)
		str_putc(out, ' ');
}

static void wrap_line(struct str *out, struct span line)
{
	size_t indent = indent_of(line), column = indent;
	struct span word, rest = span_skip(line, indent);
	if (indent > COLUMNS / 2 || utf8_columns(line.p, line.n) <= COLUMNS) {
		str_span(out, line);
		return;
	}
	str_add(out, line.p, indent);
	for (bool first = true; span_until(&rest, ' ', &word); first = false) {
		size_t width = utf8_columns(word.p, word.n);
		if (!first && column + 1 + width > COLUMNS) {
			str_putc(out, '\n');
			put_blanks(out, indent);
			column = indent;
			first = true;
		}
		if (!first)
			str_putc(out, ' '), column++;
		str_span(out, word);
		column += width;
	}
}

static struct span without_end_blanks(struct span s)
{
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

const char *wrap_text(struct arena *arena, const char *text)
{
	struct str out = {.max = 16 << 20};
	char *blanks = arena_strdup(arena, text);
	for (char *tab = blanks; (tab = strchr(tab, '\t')) != NULL;)
		*tab = ' ';
	struct span rest = span_of(blanks), line;
	size_t empty = 0;
	while (span_until(&rest, '\n', &line)) {
		bool signature = span_eq(line, "-- "); /* the one line whose blank means something (RFC 3676) */
		line = signature ? line : without_end_blanks(line);
		if (line.n == 0) {
			empty++;
			continue;
		}
		if (empty > 0 && out.n > 0)
			str_putc(&out, '\n');
		empty = 0;
		wrap_line(&out, line);
		str_putc(&out, '\n');
	}
	const char *copy = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	return copy;
}
