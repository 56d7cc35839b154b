#include "digest/mustache-read.h"

#define STEPS_MAX 1000000 /* a template that includes itself ends here at the latest */
#define PARTIAL_MAX 65536

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

void mustache_put(struct str *out, const char *text, enum mustache_output output)
{
	bool escape = output == MUSTACHE_HTML;
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
		return mustache_fail(m, r->err, all->v[at].line, "sections are nested too deeply at", all->v[at].text);
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
		if (span_same((*found)->name, tag->text) && span_same((*found)->indent, tag->indent))
			return 0;
	const char *text = m->partial == NULL ? NULL : m->partial(m->ctx, tag->text);
	if (text == NULL)
		return mustache_fail(m, r->err, tag->line, "there is no partial", tag->text);
	if (strlen(text) > PARTIAL_MAX)
		return mustache_fail(m, r->err, tag->line, "this partial is too long:", tag->text);
	struct known_partial *known = arena_alloc(r->arena, sizeof *known);
	*known = (struct known_partial){.name = tag->text, .indent = tag->indent, .m = *m, .next = r->known};
	known->m.name = arena_printf(r->arena, "%.*s", SPAN_ARG(tag->text));
	known->m.text = indented(r->arena, text, tag->indent);
	if (mustache_read(&known->m, &known->pieces, r->arena, r->err) < 0)
		return -1;
	*found = r->known = known;
	return 0;
}

static int render_partial(struct render *r, const struct mustache *m, const struct piece *tag)
{
	const struct known_partial *known;
	if (r->partials == DEPTH_MAX)
		return mustache_fail(m, r->err, tag->line, "partials are nested too deeply at", tag->text);
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
			return mustache_fail(m, r->err, piece->line, "the letter grows too large here", (struct span){0});
		switch (piece->kind) {
		case 't':
			str_span(r->out, piece->text);
			break;
		case '$':
		case '&':
			mustache_put(r->out, value_text(lookup(r, piece->text)), piece->kind == '$' ? m->output : MUSTACHE_TEXT);
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
	if (mustache_read(m, &pieces, arena, err) < 0 || render_pieces(&r, m, &pieces, 0, pieces.n) < 0)
		return -1;
	return out->cut ? err_set(err, "%s: the letter is larger than %zu bytes", m->name, out->n) : 0;
}
