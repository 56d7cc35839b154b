#include "digest/draft.h"

#define BOLD_MAX 60

static bool is_gap(char c)
{
	return c == '\0' || c == ' ' || c == '\n' || strchr(".,;:!?()", c) != NULL;
}

/* The end of "*word*" that begins at p; NULL when this star is only a star. */
static const char *bold_end(const char *start, const char *p)
{
	if (*p != '*' || (p > start && !is_gap(p[-1])) || p[1] == ' ' || p[1] == '*' || p[1] == '\0')
		return NULL;
	for (const char *end = p + 1; *end != '\0' && *end != '\n' && end - p < BOLD_MAX; end++)
		if (*end == '*')
			return is_gap(end[1]) && end[-1] != ' ' ? end : NULL;
	return NULL;
}

static void add_run(struct draft *d, struct value *runs, const char *from, const char *to, bool bold)
{
	if (from == to)
		return;
	struct value *run = list_map(runs);
	set_text(run, "run", arena_strndup(d->arena, from, (size_t)(to - from)));
	set_flag(run, "bold", bold);
}

static void add_line(struct draft *d, struct value *lines, const char *text)
{
	struct value *line = list_map(lines), *runs = set_list(line, "runs");
	const char *from = text, *end;
	set_text(line, "line", text);
	for (const char *p = text; *p != '\0'; p++) {
		if ((end = bold_end(text, p)) == NULL)
			continue;
		add_run(d, runs, from, p, false);
		add_run(d, runs, p + 1, end, true);
		from = end + 1;
		p = end;
	}
	add_run(d, runs, from, from + strlen(from), false);
}

void draft_lines(struct draft *d, const char *key, const struct strs *from)
{
	struct value *lines = set_list(d->root, key);
	for (size_t i = 0; from != NULL && i < from->n; i++) {
		struct span rest = span_of(from->v[i]), line;
		while (span_line(&rest, &line)) {
			line = span_trim(line);
			if (line.n > 0)
				add_line(d, lines, arena_strndup(d->arena, line.p, line.n));
		}
	}
}
