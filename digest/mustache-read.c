#include "digest/mustache-read.h"

struct parser {
	const struct mustache *m;
	struct arena *arena;
	struct err *err;
	struct pieces *pieces;
	const char *line_start;
	int line;
	size_t open[DEPTH_MAX], depth;
};

int mustache_fail(const struct mustache *m, struct err *err, int line, const char *what, struct span name)
{
	return err_set(err, "%s:%d: %s%s%.*s", m->name, line, what, name.n > 0 ? " " : "", (int)name.n, name.n > 0 ? name.p : "");
}

static void push(struct parser *p, struct piece piece)
{
	*ARENA_PUSH(p->arena, p->pieces->v, p->pieces->n) = piece;
}

static void push_literal(struct parser *p, const char *from, const char *to)
{
	if (to > from)
		push(p, (struct piece){.kind = 't', .text = {from, (size_t)(to - from)}, .line = p->line});
}

static bool is_name(struct span s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
	for (size_t i = 0; i < s.n; i++)
		if (memchr(letters, s.p[i], sizeof letters - 1) == NULL)
			return false;
	return s.n > 0;
}

static const char *skip_blanks_back(const char *from, const char *p)
{
	while (p > from && (p[-1] == ' ' || p[-1] == '\t'))
		p--;
	return p;
}

/* Where the next line begins when nothing but blanks follows on this one; NULL when something does. */
static const char *blank_to_line_end(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	if (*p == '\r' && p[1] == '\n')
		p++;
	return *p == '\n' ? p + 1 : *p == '\0' ? p : NULL;
}

/* What stands between the braces: its kind, its name, where the tag ends. */
static const char *read_tag(const char *open, struct piece *tag)
{
	const char *inner = open + 2;
	bool triple = *inner == '{';
	const char *close = strstr(inner, triple ? "}}}" : "}}");
	if (close == NULL)
		return NULL;
	tag->kind = '$';
	if (triple)
		tag->kind = '&', inner++;
	else if (*inner != '\0' && strchr("#^/>&!=", *inner) != NULL)
		tag->kind = *inner++;
	tag->text = span_trim((struct span){inner, (size_t)(close - inner)});
	return close + (triple ? 3 : 2);
}

bool span_same(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static int close_section(struct parser *p, const struct piece *tag)
{
	if (p->depth == 0)
		return mustache_fail(p->m, p->err, tag->line, "nothing is open to be closed by", tag->text);
	struct piece *open = &p->pieces->v[p->open[--p->depth]];
	if (!span_same(open->text, tag->text))
		return err_set(p->err, "%s:%d: {{/%.*s}} cannot close {{%c%.*s}} of line %d", p->m->name, tag->line,
		               SPAN_ARG(tag->text), open->kind, SPAN_ARG(open->text), open->line);
	open->end = p->pieces->n;
	return 0;
}

static int take_tag(struct parser *p, const struct piece *tag)
{
	if (tag->kind == '!')
		return 0;
	if (tag->kind == '=')
		return mustache_fail(p->m, p->err, tag->line, "other delimiters are not supported", (struct span){0});
	if (!is_name(tag->text))
		return mustache_fail(p->m, p->err, tag->line, "this is no name:", tag->text);
	if (tag->kind == '#' || tag->kind == '^') {
		if (p->depth == DEPTH_MAX)
			return mustache_fail(p->m, p->err, tag->line, "sections are nested too deeply at", tag->text);
		p->open[p->depth++] = p->pieces->n;
	}
	if (tag->kind == '/' && close_section(p, tag) < 0)
		return -1;
	push(p, *tag);
	return 0;
}

/* Counts lines between two places and remembers where the last one began. */
static void count_lines(struct parser *p, const char *from, const char *to)
{
	for (; from < to; from++)
		if (*from == '\n')
			p->line++, p->line_start = from + 1;
}

/* A tag (other than a variable) alone on its line takes the whole line with it. */
static const char *standalone(const struct parser *p, const char *at, const char *open, const char *after, const struct piece *tag,
                              const char **literal_end)
{
	if (tag->kind == '$' || tag->kind == '&')
		return NULL;
	const char *blanks = skip_blanks_back(p->line_start > at ? p->line_start : at, open);
	if (blanks != p->line_start)
		return NULL;
	const char *next = blank_to_line_end(after);
	if (next != NULL)
		*literal_end = blanks;
	return next;
}

int mustache_read(const struct mustache *m, struct pieces *out, struct arena *arena, struct err *err)
{
	struct parser p = {.m = m, .arena = arena, .err = err, .pieces = out, .line_start = m->text, .line = 1};
	const char *at = m->text, *open;
	while ((open = strstr(at, "{{")) != NULL) {
		struct piece tag = {0};
		int line = p.line;
		count_lines(&p, at, open);
		const char *after = read_tag(open, &tag);
		if (after == NULL)
			return mustache_fail(m, err, p.line, "a tag is not closed", (struct span){0});
		tag.line = p.line;
		const char *literal_end = open;
		const char *next = standalone(&p, at, open, after, &tag, &literal_end);
		if (next != NULL && tag.kind == '>')
			tag.indent = (struct span){literal_end, (size_t)(open - literal_end)};
		int tag_line = p.line;
		p.line = line;
		push_literal(&p, at, literal_end);
		p.line = tag_line;
		if (take_tag(&p, &tag) < 0)
			return -1;
		at = next != NULL ? next : after;
		count_lines(&p, open, at);
	}
	push_literal(&p, at, at + strlen(at));
	if (p.depth > 0) {
		const struct piece *last = &out->v[p.open[p.depth - 1]];
		return mustache_fail(m, err, last->line, "this section is never closed:", last->text);
	}
	return 0;
}

int mustache_each_tag(const struct mustache *m, mustache_tag_fn *fn, void *ctx, struct arena *arena, struct err *err)
{
	struct pieces pieces = {0};
	if (mustache_read(m, &pieces, arena, err) < 0)
		return -1;
	for (size_t i = 0; i < pieces.n; i++) {
		const struct piece *piece = &pieces.v[i];
		if (piece->kind != 't' && piece->kind != '/' && fn(ctx, piece->kind, piece->text, piece->line, err) < 0)
			return -1;
	}
	return 0;
}
