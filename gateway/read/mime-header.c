#include <gmime/gmime.h>
#include <strings.h>

#include "gateway/read/charset.h"
#include "gateway/read/mime-content.h"
#include "gateway/read/mime.h"
#include "rules/eight.h"

#define DECODE_MAX 65536 /* bytes of one field that are decoded; what follows is cut */

const struct header *headers_find(const struct headers *h, const char *name, const struct header *after)
{
	for (size_t i = after == NULL ? 0 : (size_t)(after - h->v) + 1; i < h->n; i++)
		if (((h->v[i].name[0] ^ name[0]) & ~0x20) == 0 && strcasecmp(h->v[i].name, name) == 0) /* a letter's case is one bit */
			return &h->v[i];
	return NULL;
}

const char *headers_value(const struct headers *h, const char *name)
{
	const struct header *found = headers_find(h, name, NULL);
	return found == NULL ? NULL : found->value;
}

static char *line_in(struct arena *arena, const char *charset, struct span raw)
{
	enum charset_how how;
	bool ascii = charset[0] == '\0' && utf8_ascii(raw.p, raw.n) == raw.n && memchr(raw.p, '\0', raw.n) == NULL;
	struct span text = ascii ? raw : charset_to_utf8(arena, charset, raw, &how);
	char *out = arena_bytes(arena, text.n + 1);
	size_t n = 0;
	while (text.n > 0) {
		size_t run = eight_printable(text.p, text.n);
		memcpy(out + n, text.p, run);
		n += run;
		text = span_skip(text, run);
		if (text.n == 0)
			break;
		unsigned char c = (unsigned char)text.p[0];
		text = span_skip(text, 1);
		if (c == '\r' && text.n > 0 && text.p[0] == '\n')
			continue;
		if ((c == '\n' || c == '\r') && text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
			continue; /* unfolding keeps the blank (RFC 5322 2.2.3) */
		out[n++] = c < ' ' || c == 0x7f ? ' ' : (char)c;
	}
	out[n] = '\0';
	return out;
}

/* Raw bytes of a field as one line of UTF-8: UTF-8 as it is, Japanese with escapes, other 8-bit text as windows-1252, controls as
 * blanks. */
char *header_line(struct arena *arena, struct span raw)
{
	if (eight_printable(raw.p, raw.n) == raw.n)
		return arena_strndup(arena, raw.p, raw.n);
	return line_in(arena, memmem(raw.p, raw.n, "\x1b$", 2) != NULL ? "iso-2022-jp" : "", raw);
}

/* An encoded word begins with "=?"; most fields have an "=", few a "?". */
static bool may_have_word(const char *text)
{
	for (const char *p = text; (p = strchr(p, '?')) != NULL; p++)
		if (p > text && p[-1] == '=')
			return true;
	return false;
}

const char *header_decode(struct arena *arena, const char *text)
{
	size_t n = strlen(text);
	const char *bounded = n <= DECODE_MAX ? text : arena_strndup(arena, text, utf8_prefix(text, n, DECODE_MAX));
	if (!may_have_word(bounded))
		return bounded;
	char *decoded = g_mime_utils_header_decode_text(NULL, words_join(arena, bounded));
	const char *line = header_line(arena, span_of(decoded));
	g_free(decoded);
	return line;
}

static bool is_name(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == 0x7f || s.p[i] == ':')
			return false;
	return s.n > 0;
}

static bool continues(struct span rest)
{
	return rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t');
}

/* The first line of *rest and those that continue it (RFC 5322 2.2.3). */
static struct span take_field(struct span *rest)
{
	struct span line = {0}, field = {rest->p, 0};
	do {
		span_line(rest, &line);
		field.n = (size_t)(line.p + line.n - field.p);
	} while (continues(*rest));
	return field;
}

/* "Name: value" split in two; false when the line is no header field. A blank before the colon is tolerated. */
static bool field_split(struct span field, struct span *name, struct span *value)
{
	*value = field;
	if (!span_until(value, ':', name) || name->n == field.n)
		return false;
	while (name->n > 0 && (name->p[name->n - 1] == ' ' || name->p[name->n - 1] == '\t'))
		name->n--;
	return is_name(*name) && !span_starts(*value, "//"); /* a link is no field */
}

static bool at_end(struct span rest)
{
	return rest.n == 0 || rest.p[0] == '\n' || (rest.p[0] == '\r' && rest.n > 1 && rest.p[1] == '\n');
}

/* A line that is no field: is there still one before the empty line? Then it is only skipped. */
static bool more_fields(struct span rest)
{
	struct span name, value;
	while (!at_end(rest))
		if (field_split(take_field(&rest), &name, &value))
			return true;
	return false;
}

static void set_value(struct header *field, struct arena *arena, const char *raw)
{
	field->raw = raw;
	field->value = header_decode(arena, raw);
	struct span trimmed = span_trim(span_of(field->value));
	if (field->value[trimmed.n] != '\0')
		field->value = arena_strndup(arena, trimmed.p, trimmed.n);
}

static void add_field(struct headers *h, struct arena *arena, struct span name, struct span value)
{
	struct header *field = ARENA_PUSH(arena, h->v, h->n);
	field->name = header_line(arena, name);
	set_value(field, arena, header_line(arena, span_trim(value)));
}

/* ---- 8-bit fields, whose charset the mail says elsewhere */

#define FOREIGN 32

struct foreign {
	struct {
		size_t field;
		struct span value;
	} v[FOREIGN];
	size_t n;
};

static void note_foreign(struct foreign *f, size_t field, struct span value)
{
	if (f->n == FOREIGN || utf8_valid(value.p, value.n))
		return;
	f->v[f->n].field = field;
	f->v[f->n++].value = span_trim(value);
}

/* By what the header names, or else the parts' headers at the front of the body. */
static void read_foreign(const struct foreign *f, struct headers *h, struct span body, struct arena *arena)
{
	const struct header *type = f->n == 0 ? NULL : headers_find(h, "Content-Type", NULL);
	bool said = type != NULL && strcasestr(type->raw, "charset=") != NULL;
	const char *charset = f->n == 0 ? "" : content_charset_named(arena, said ? span_of(type->raw) : body);
	for (size_t i = 0; charset[0] != '\0' && i < f->n; i++)
		set_value(&h->v[f->v[i].field], arena, line_in(arena, charset, f->v[i].value));
}

/* What some programs put in front of a mail: empty lines, an mbox separator. */
static struct span skip_front(struct span raw)
{
	struct span line;
	while (raw.n > 0 && (raw.p[0] == '\n' || raw.p[0] == '\r'))
		raw = span_skip(raw, 1);
	if (span_starts(raw, "\xef\xbb\xbf"))
		raw = span_skip(raw, 3);
	if (span_starts(raw, "From ") || span_starts(raw, ">From "))
		span_line(&raw, &line);
	return raw;
}

struct span headers_read(struct span raw, struct arena *arena, struct headers *h, struct reading *reading)
{
	struct span rest = skip_front(raw), name, value, line;
	bool ahead = false; /* a bad line was met, and a field is known to follow */
	bool skipped = false, many = false;
	struct foreign foreign = {.n = 0};
	*h = (struct headers){0};
	while (!at_end(rest)) {
		struct span before = rest;
		if (field_split(take_field(&rest), &name, &value)) {
			ahead = false;
			if (h->n < MIME_HEADERS) {
				note_foreign(&foreign, h->n, value);
				add_field(h, arena, name, value);
			} else {
				many = true;
			}
		} else if (ahead || more_fields(rest)) {
			ahead = skipped = true;
		} else {
			reading_defect(reading, arena, "no empty line after the header: the first line that is no field begins the body");
			rest = before;
			break;
		}
	}
	if (at_end(rest))
		span_line(&rest, &line);
	read_foreign(&foreign, h, rest, arena);
	if (skipped)
		reading_defect(reading, arena, "a header line without a field name was skipped");
	if (many)
		reading_defect(reading, arena, "more than %d header fields: the rest is not read", MIME_HEADERS);
	return rest;
}
