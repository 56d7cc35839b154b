#include "digest/mustache.h"

#define DEPTH_MAX 32        /* sections and partials inside each other */
#define STEPS_MAX 1000000   /* a template that includes itself ends here at the latest */
#define PARTIAL_MAX 65536

/* A template, cut into pieces: literal text, or a tag. A section knows where it ends. */
struct piece {
	char kind;        /* 't' literal, '$' variable, '&' raw, '#', '^', '/', '>' */
	struct span text; /* the literal, or the tag's name */
	struct span indent; /* of a partial that stands alone on its line */
	int line;
	size_t end;       /* sections: index of the closing piece */
};

struct pieces {
	struct piece *v;
	size_t n;
};

struct parser {
	const struct mustache *m;
	struct arena *arena;
	struct err *err;
	struct pieces *pieces;
	const char *line_start;
	int line;
	size_t open[DEPTH_MAX], depth;
};

static int fail(const struct mustache *m, struct err *err, int line, const char *what, struct span name)
{
	return err_set(err, "%s:%d: %s%s%.*s", m->name, line, what, name.n > 0 ? " " : "", SPAN_ARG(name));
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

static bool same(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static int close_section(struct parser *p, const struct piece *tag)
{
	if (p->depth == 0)
		return fail(p->m, p->err, tag->line, "nothing is open to be closed by", tag->text);
	struct piece *open = &p->pieces->v[p->open[--p->depth]];
	if (!same(open->text, tag->text))
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
		return fail(p->m, p->err, tag->line, "other delimiters are not supported", (struct span){0});
	if (!is_name(tag->text))
		return fail(p->m, p->err, tag->line, "this is no name:", tag->text);
	if (tag->kind == '#' || tag->kind == '^') {
		if (p->depth == DEPTH_MAX)
			return fail(p->m, p->err, tag->line, "sections are nested too deeply at", tag->text);
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

static int parse(const struct mustache *m, struct pieces *out, struct arena *arena, struct err *err)
{
	struct parser p = {.m = m, .arena = arena, .err = err, .pieces = out, .line_start = m->text, .line = 1};
	const char *at = m->text, *open;
	while ((open = strstr(at, "{{")) != NULL) {
		struct piece tag = {0};
		int line = p.line;
		count_lines(&p, at, open);
		const char *after = read_tag(open, &tag);
		if (after == NULL)
			return fail(m, err, p.line, "a tag is not closed", (struct span){0});
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
		return fail(m, err, last->line, "this section is never closed:", last->text);
	}
	return 0;
}

/* ---- rendering */

/* A partial that was read already, for lists that use it for each element. */
struct known_partial {
	struct span name, indent;
	struct mustache m;
	struct pieces pieces;
	struct known_partial *next;
};

struct render {
	struct str *out;
	struct known_partial *known;
	struct arena *arena;
	struct err *err;
	const struct value *stack[DEPTH_MAX + 1];
	size_t depth, partials, steps;
};

static int render_pieces(struct render *, const struct mustache *, const struct pieces *, size_t from, size_t to);

static const struct value *lookup(const struct render *r, struct span name)
{
	if (span_eq(name, "."))
		return r->stack[r->depth - 1];
	struct span part;
	const struct value *found = NULL;
	if (!span_until(&name, '.', &part))
		return NULL;
	for (size_t i = r->depth; i > 0 && found == NULL; i--)
		found = value_get(r->stack[i - 1], part);
	while (found != NULL && span_until(&name, '.', &part))
		found = value_get(found, part);
	return found;
}

/* What no letter may carry: controls (a terminal's escapes, a header's line end) and what turns the order of other text. */
static bool is_dropped(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

static const char *entity(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

/* Most of a value is plain ASCII, which goes over at once. */
static size_t plain_run(const char *p, bool escape)
{
	size_t n = 0;
	while (p[n] >= 0x20 && p[n] < 0x7f && (!escape || entity((unsigned char)p[n]) == NULL))
		n++;
	return n;
}

static void put_value(struct str *out, const char *text, bool escape)
{
	for (const char *p = text, *end = text + strlen(text); p < end;) {
		size_t plain = plain_run(p, escape);
		if (plain > 0) {
			str_add(out, p, plain);
			p += plain;
			continue;
		}
		uint32_t c = utf8_next(&p, end);
		const char *as = escape ? entity(c) : NULL;
		char bytes[4];
		if (as != NULL)
			str_puts(out, as);
		else if (!is_dropped(c))
			str_add(out, bytes, utf8_put(bytes, c));
	}
}

static int render_inside(struct render *r, const struct mustache *m, const struct pieces *all, size_t at, const struct value *v)
{
	if (r->depth > DEPTH_MAX)
		return fail(m, r->err, all->v[at].line, "sections are nested too deeply at", all->v[at].text);
	r->stack[r->depth++] = v;
	int result = render_pieces(r, m, all, at + 1, all->v[at].end);
	r->depth--;
	return result;
}

static int render_section(struct render *r, const struct mustache *m, const struct pieces *all, size_t at)
{
	const struct value *v = lookup(r, all->v[at].text);
	if (all->v[at].kind == '^')
		return value_true(v) ? 0 : render_pieces(r, m, all, at + 1, all->v[at].end);
	if (!value_true(v))
		return 0;
	if (!value_is_list(v))
		return render_inside(r, m, all, at, v);
	for (const struct value *e = value_first(v); e != NULL; e = value_next(e))
		if (render_inside(r, m, all, at, e) < 0)
			return -1;
	return 0;
}

/* The specification indents a partial's own lines, not those of its values: so its text is indented before it is read. */
static const char *indented(struct arena *arena, const char *text, struct span indent)
{
	if (indent.n == 0)
		return text;
	struct str s = {.max = 16 * PARTIAL_MAX};
	struct span rest = span_of(text), line;
	while (span_until(&rest, '\n', &line)) {
		str_span(&s, indent);
		str_span(&s, line);
		if (line.p[line.n] == '\n')
			str_putc(&s, '\n');
	}
	const char *copy = arena_strndup(arena, str_c(&s), s.n);
	str_release(&s);
	return copy;
}

static int read_partial(struct render *r, const struct mustache *m, const struct piece *tag, const struct known_partial **found)
{
	for (*found = r->known; *found != NULL; *found = (*found)->next)
		if (same((*found)->name, tag->text) && same((*found)->indent, tag->indent))
			return 0;
	const char *text = m->partial == NULL ? NULL : m->partial(m->ctx, tag->text);
	if (text == NULL)
		return fail(m, r->err, tag->line, "there is no partial", tag->text);
	if (strlen(text) > PARTIAL_MAX)
		return fail(m, r->err, tag->line, "this partial is too long:", tag->text);
	struct known_partial *known = arena_alloc(r->arena, sizeof *known);
	*known = (struct known_partial){.name = tag->text, .indent = tag->indent, .m = *m, .next = r->known};
	known->m.name = arena_printf(r->arena, "%.*s", SPAN_ARG(tag->text));
	known->m.text = indented(r->arena, text, tag->indent);
	if (parse(&known->m, &known->pieces, r->arena, r->err) < 0)
		return -1;
	*found = r->known = known;
	return 0;
}

static int render_partial(struct render *r, const struct mustache *m, const struct piece *tag)
{
	const struct known_partial *known;
	if (r->partials == DEPTH_MAX)
		return fail(m, r->err, tag->line, "partials are nested too deeply at", tag->text);
	if (read_partial(r, m, tag, &known) < 0)
		return -1;
	r->partials++;
	int result = render_pieces(r, &known->m, &known->pieces, 0, known->pieces.n);
	r->partials--;
	return result;
}

static int render_pieces(struct render *r, const struct mustache *m, const struct pieces *all, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct piece *piece = &all->v[i];
		int result = 0;
		if (++r->steps > STEPS_MAX || r->out->cut)
			return fail(m, r->err, piece->line, "the letter grows too large here", (struct span){0});
		switch (piece->kind) {
		case 't':
			str_span(r->out, piece->text);
			break;
		case '$':
		case '&':
			put_value(r->out, value_text(lookup(r, piece->text)), piece->kind == '$' && m->output == MUSTACHE_HTML);
			break;
		case '#':
		case '^':
			result = render_section(r, m, all, i);
			i = piece->end;
			break;
		case '>':
			result = render_partial(r, m, piece);
			break;
		}
		if (result < 0)
			return -1;
	}
	return 0;
}

int mustache_render(const struct mustache *m, const struct value *root, struct str *out, struct arena *arena, struct err *err)
{
	struct pieces pieces = {0};
	struct render r = {.out = out, .arena = arena, .err = err, .stack = {root}, .depth = 1};
	if (parse(m, &pieces, arena, err) < 0 || render_pieces(&r, m, &pieces, 0, pieces.n) < 0)
		return -1;
	return out->cut ? err_set(err, "%s: the letter is larger than %zu bytes", m->name, out->n) : 0;
}

int mustache_each_tag(const struct mustache *m, mustache_tag_fn *fn, void *ctx, struct arena *arena, struct err *err)
{
	struct pieces pieces = {0};
	if (parse(m, &pieces, arena, err) < 0)
		return -1;
	for (size_t i = 0; i < pieces.n; i++) {
		const struct piece *piece = &pieces.v[i];
		if (piece->kind != 't' && piece->kind != '/' && fn(ctx, piece->kind, piece->text, piece->line, err) < 0)
			return -1;
	}
	return 0;
}
