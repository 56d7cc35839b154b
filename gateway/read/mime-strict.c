#include "gateway/read/mime-tree.h"

#include <strings.h>

/* The structure of a mail that is as RFC 2045, 2046 and 2183 say, in one pass over its lines. Whatever is unusual (a
 * comment, an escape, an encoded or a missing parameter, a field twice, a line that is nearly a boundary, an attached
 * message …) is left to GMime, which knows what to make of it: so there is nothing to mend here. */

enum { STRICT_DEPTH = 8, STRICT_FIELDS = 16, STRICT_FIELD = 2000, STRICT_PARTS = 1000 };

struct strict {
	struct arena *arena;
	struct span boundaries[STRICT_DEPTH]; /* of the multiparts that are open */
	size_t open, parts;
};

/* The fields that say what a part is. */
enum { FIELD_TYPE, FIELD_ENCODING, FIELD_DISPOSITION, FIELD_COUNT };
static const char *const field_names[FIELD_COUNT] = {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"};

struct fields {
	struct span v[FIELD_COUNT]; /* p NULL = there is none */
};

/* ---- values */

static bool is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '+';
}

static bool take_token(struct span *rest, struct span *token)
{
	size_t n = 0;
	while (n < rest->n && is_token(rest->p[n]))
		n++;
	*token = (struct span){rest->p, n};
	*rest = span_skip(*rest, n);
	return n > 0;
}

static bool take_char(struct span *rest, char c)
{
	if (rest->n == 0 || rest->p[0] != c)
		return false;
	*rest = span_skip(*rest, 1);
	return true;
}

static void skip_blanks(struct span *rest)
{
	while (take_char(rest, ' ') || take_char(rest, '\t'))
		;
}

/* What stands between quotes, as it is meant: no escape, no encoded word, no line end. */
static bool take_quoted(struct span *rest, struct span *value)
{
	const char *end = rest->n == 0 ? NULL : memchr(rest->p, '"', rest->n);
	if (end == NULL || end == rest->p)
		return false;
	*value = (struct span){rest->p, (size_t)(end - rest->p)};
	*rest = span_skip(*rest, value->n + 1);
	for (size_t i = 0; i < value->n; i++)
		if (value->p[i] < ' ' || value->p[i] > '~' || value->p[i] == '\\')
			return false;
	return value->p[0] != ' ' && end[-1] != ' ' && memmem(value->p, value->n, "=?", 2) == NULL;
}

/* The next ";name=value": 1; 0 at the end; -1 is unusual. */
static int take_parameter(struct span *rest, struct span *name, struct span *value)
{
	skip_blanks(rest);
	if (rest->n == 0)
		return 0;
	if (!take_char(rest, ';'))
		return -1;
	skip_blanks(rest);
	if (!take_token(rest, name) || !take_char(rest, '='))
		return -1;
	return (take_char(rest, '"') ? take_quoted(rest, value) : take_token(rest, value)) ? 1 : -1;
}

static bool same_name(struct span a, struct span b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* A name of this set, and not yet in it. */
struct names {
	struct span v[STRICT_FIELDS];
	size_t n;
};

static bool is_new(struct names *names, struct span name)
{
	for (size_t i = 0; i < names->n; i++)
		if (same_name(names->v[i], name))
			return false;
	if (names->n == STRICT_FIELDS)
		return false;
	names->v[names->n++] = name;
	return true;
}

struct parameter {
	const char *name;
	struct span value;
};

/* Fills those that are asked for; every other one is passed over. */
static bool read_parameters(struct span rest, struct parameter *asked, size_t n)
{
	struct names names = {.n = 0};
	struct span name, value;
	int more;
	while ((more = take_parameter(&rest, &name, &value)) > 0) {
		if (!is_new(&names, name))
			return false;
		for (size_t i = 0; i < n; i++)
			if (span_eq_nocase(name, asked[i].name))
				asked[i].value = value;
	}
	return more == 0;
}

static const char *copy(struct strict *s, struct span value)
{
	return value.n == 0 ? "" : arena_strndup(s->arena, value.p, value.n);
}

void entity_classify(struct entity *e, const char *type)
{
	e->shows = strcmp(type, "multipart/related") == 0 ? SHOWS_FIRST : strcmp(type, "multipart/alternative") == 0 ? SHOWS_BEST : SHOWS_EACH;
	e->text = strncmp(type, "text/", 5) != 0 ? TEXT_NONE : strcmp(type + 5, "html") == 0 ? TEXT_HTML : strcmp(type + 5, "plain") == 0 ? TEXT_PLAIN : TEXT_OTHER;
}

enum { TYPE_CHARSET, TYPE_REPORT, TYPE_FORMAT, TYPE_DELSP, TYPE_NAME, TYPE_BOUNDARY, TYPE_COUNT };

static bool read_type(struct strict *s, struct span field, struct entity *e, struct span *boundary)
{
	struct parameter asked[TYPE_COUNT] = {[TYPE_CHARSET] = {"charset", {"", 0}}, [TYPE_REPORT] = {"report-type", {"", 0}}, [TYPE_FORMAT] = {"format", {"", 0}},
		[TYPE_DELSP] = {"delsp", {"", 0}}, [TYPE_NAME] = {"name", {"", 0}}, [TYPE_BOUNDARY] = {"boundary", {"", 0}}};
	struct span rest = field.p == NULL ? SPAN("text/plain") : field, media, sub;
	const char *start = rest.p;
	if (!take_token(&rest, &media) || !take_char(&rest, '/') || !take_token(&rest, &sub) || !read_parameters(rest, asked, TYPE_COUNT))
		return false;
	e->type = utf8_lower(s->arena, start, media.n + 1 + sub.n);
	e->charset = copy(s, asked[TYPE_CHARSET].value);
	e->report_type = copy(s, asked[TYPE_REPORT].value);
	e->format = copy(s, asked[TYPE_FORMAT].value);
	e->delsp = copy(s, asked[TYPE_DELSP].value);
	e->filename = copy(s, asked[TYPE_NAME].value);
	*boundary = asked[TYPE_BOUNDARY].value;
	entity_classify(e, e->type);
	return strncmp(e->type, "message/", 8) != 0 && strcmp(e->type, "multipart/digest") != 0;
}

static bool read_encoding(struct span field, struct entity *e)
{
	static const struct {
		const char *name;
		GMimeContentEncoding encoding;
	} encodings[] = {
		{"7bit", GMIME_CONTENT_ENCODING_7BIT}, {"8bit", GMIME_CONTENT_ENCODING_8BIT}, {"binary", GMIME_CONTENT_ENCODING_BINARY},
		{"base64", GMIME_CONTENT_ENCODING_BASE64}, {"quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE},
	};
	if (field.p == NULL)
		return true;
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
		if (span_eq_nocase(field, encodings[i].name)) {
			e->encoding = encodings[i].encoding;
			return true;
		}
	return false;
}

static bool read_disposition(struct strict *s, struct span field, struct entity *e)
{
	struct parameter filename = {"filename", {"", 0}};
	struct span value;
	if (field.p == NULL)
		return true;
	if (!take_token(&field, &value) || !read_parameters(field, &filename, 1))
		return false;
	e->attachment = span_eq_nocase(value, "attachment");
	if (filename.value.n > 0)
		e->filename = copy(s, filename.value);
	return e->attachment || span_eq_nocase(value, "inline");
}

static bool read_fields(struct strict *s, const struct fields *f, struct entity *e, struct span *boundary)
{
	*e = (struct entity){.what = ENTITY_LEAF, .content = {"", 0}};
	return read_type(s, f->v[FIELD_TYPE], e, boundary) && read_encoding(f->v[FIELD_ENCODING], e) && read_disposition(s, f->v[FIELD_DISPOSITION], e);
}

/* ---- the header of a part */

static bool is_field_name(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_token(s.p[i]) || (i == 0 && s.p[i] == '-'))
			return false;
	return s.n > 0;
}

/* A field with the lines that continue it, each line end left out; what it says is ASCII. */
static bool take_field(struct strict *s, struct span line, struct span *rest, struct span *name, struct span *value)
{
	struct str text = {.max = STRICT_FIELD};
	bool plain = true;
	do {
		str_span(&text, line);
		plain = plain && span_trim(line).n > 0;
	} while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t') && span_line(rest, &line));
	for (size_t i = 0; i < text.n && plain; i++)
		plain = (text.p[i] >= ' ' && text.p[i] <= '~') || text.p[i] == '\t';
	*value = (struct span){arena_strndup(s->arena, str_c(&text), text.n), text.n};
	plain = plain && !text.cut && span_until(value, ':', name) && name->n < text.n && is_field_name(*name);
	*value = span_trim(*value);
	str_release(&text);
	return plain;
}

/* Up to the empty line, which must be there. */
static bool read_header(struct strict *s, struct span *rest, struct fields *f)
{
	struct names names = {.n = 0};
	struct span line, name, value;
	*f = (struct fields){.v = {{NULL, 0}}};
	while (span_line(rest, &line)) {
		if (line.n == 0)
			return true;
		if (!take_field(s, line, rest, &name, &value) || !is_new(&names, name))
			return false;
		for (size_t i = 0; i < FIELD_COUNT; i++)
			if (span_eq_nocase(name, field_names[i]))
				f->v[i] = value;
	}
	return false;
}

/* ---- boundaries */

enum mark { MARK_NONE, MARK_NEXT, MARK_END, MARK_ODD };

/* What a line says that begins with "--". Only the innermost multipart that is open may be meant, and by exactly its boundary. */
static enum mark mark_of(const struct strict *s, struct span line)
{
	enum mark mark = MARK_NONE;
	line = span_skip(line, 2);
	for (size_t i = 0; i < s->open; i++) {
		struct span b = s->boundaries[i];
		if (line.n < b.n || memcmp(line.p, b.p, b.n) != 0)
			continue;
		struct span after = span_skip(line, b.n);
		if (i + 1 < s->open || (after.n > 0 && !span_eq(after, "--")))
			return MARK_ODD;
		mark = after.n == 0 ? MARK_NEXT : MARK_END;
	}
	return mark;
}

/* Bytes of the line end with which [from, to) ends. */
static size_t line_end(const char *from, const char *to)
{
	return to == from || to[-1] != '\n' ? 0 : to - from > 1 && to[-2] == '\r' ? 2 : 1;
}

/* Takes the lines before the next boundary, and that one, off *rest. The line end before a boundary belongs to it (RFC 2046 5.1.1). */
static enum mark take_content(const struct strict *s, struct span *rest, struct span *content)
{
	const char *start = rest->p, *end = rest->p + rest->n;
	for (const char *p = start; p < end; p++) {
		if (p[0] == '-' && end - p > 2 && p[1] == '-') {
			struct span line;
			*rest = (struct span){p, (size_t)(end - p)};
			span_line(rest, &line);
			size_t before = line_end(start, p), behind = line_end(p, rest->p);
			enum mark mark = mark_of(s, line);
			*content = (struct span){start, (size_t)(p - start) - before};
			if (mark != MARK_NONE)
				return before == 0 || before == (behind == 2 ? 2 : 1) ? mark : MARK_ODD; /* GMime takes the one for the other */
		}
		p = memchr(p, '\n', (size_t)(end - p));
		if (p == NULL)
			break;
	}
	return MARK_ODD; /* a boundary is missing */
}

/* ---- the tree */

static bool read_part(struct strict *s, struct span *rest, struct entity *e, enum mark *mark);

static bool read_parts(struct strict *s, struct span boundary, struct span *rest, struct entity *e)
{
	struct span preamble;
	if (boundary.n == 0 || s->open == STRICT_DEPTH || e->encoding > GMIME_CONTENT_ENCODING_BINARY)
		return false;
	e->what = ENTITY_MULTIPART;
	s->boundaries[s->open++] = boundary;
	enum mark mark = take_content(s, rest, &preamble);
	while (mark == MARK_NEXT) {
		if (++s->parts > STRICT_PARTS || !read_part(s, rest, ARENA_PUSH(s->arena, e->parts, e->n), &mark))
			return false;
	}
	s->open--;
	return mark == MARK_END && e->n > 0;
}

static bool is_multipart(const struct entity *e)
{
	return strncmp(e->type, "multipart/", 10) == 0;
}

static bool read_part(struct strict *s, struct span *rest, struct entity *e, enum mark *mark)
{
	struct fields fields;
	struct span boundary, epilogue;
	if (!read_header(s, rest, &fields) || !read_fields(s, &fields, e, &boundary))
		return false;
	if (is_multipart(e)) {
		if (!read_parts(s, boundary, rest, e))
			return false;
		*mark = take_content(s, rest, &epilogue);
		return *mark != MARK_ODD;
	}
	*mark = take_content(s, rest, &e->content);
	return *mark != MARK_ODD && e->content.n > 0;
}

static bool top_fields(const struct headers *h, struct fields *f)
{
	*f = (struct fields){.v = {{NULL, 0}}};
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct header *found = headers_find(h, field_names[i], NULL);
		if (found == NULL)
			continue;
		f->v[i] = span_of(found->raw);
		if (f->v[i].n > STRICT_FIELD)
			return false;
	}
	return true;
}

int strict_read(const struct headers *h, struct span body, struct arena *arena, struct entity *top)
{
	struct strict s = {.arena = arena};
	struct fields fields;
	struct span boundary;
	if (body.n == 0 || !top_fields(h, &fields) || !read_fields(&s, &fields, top, &boundary))
		return 0;
	if (is_multipart(top))
		return read_parts(&s, boundary, &body, top);
	top->content = body;
	return 1;
}
