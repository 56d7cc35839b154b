#include <strings.h>

#include "gateway/read/mime-content.h"
#include "gateway/read/mime.h"

/* RFC 2047: GMime 3.2.13 reads a run of base64 words of one charset as one stream, which ends at the first padding, and what
 * stands behind it is lost. Most programs pad each word. Such a run becomes one word here. */

struct word {
	struct span charset, payload;
	const char *end;
};

static bool word_at(const char *p, struct word *w)
{
	if (strncmp(p, "=?", 2) != 0)
		return false;
	const char *charset = p + 2, *type = strchr(charset, '?');
	if (type == NULL || type - charset > 60 || (type[1] | 0x20) != 'b' || type[2] != '?')
		return false;
	const char *payload = type + 3;
	size_t n = strcspn(payload, "? \t");
	if (strncmp(payload + n, "?=", 2) != 0)
		return false;
	*w = (struct word){{charset, (size_t)(type - charset)}, {payload, n}, payload + n + 2};
	return true;
}

static bool follows(const struct word *w, struct word *next)
{
	return word_at(w->end + strspn(w->end, " \t"), next) && next->charset.n == w->charset.n &&
	       strncasecmp(next->charset.p, w->charset.p, w->charset.n) == 0;
}

static void put_bytes(const struct word *w, struct str *bytes)
{
	gint state = 0;
	guint save = 0;
	guchar room[3 * 256 + 3];
	for (struct span rest = w->payload; rest.n > 0;) {
		size_t n = rest.n < 1024 ? rest.n : 1024;
		str_add(bytes, room, g_base64_decode_step(rest.p, n, room, &state, &save));
		rest = span_skip(rest, n);
	}
}

/* All words from w on that follow each other, as one. Answers where they end. */
static const char *put_run(struct word w, struct str *bytes, struct str *out)
{
	struct word next;
	str_clear(bytes);
	put_bytes(&w, bytes);
	for (; follows(&w, &next); w = next)
		put_bytes(&next, bytes);
	char *code = g_base64_encode((const guchar *)str_c(bytes), bytes->n);
	str_printf(out, "=?%.*s?B?", SPAN_ARG(w.charset));
	str_puts(out, code);
	str_puts(out, "?=");
	g_free(code);
	return w.end;
}

const char *words_join(struct arena *arena, const char *text)
{
	struct str out = {0}, bytes = {0};
	struct word w, next;
	if (strstr(text, "=?= ") == NULL && strstr(text, "=?=\t") == NULL && strstr(text, "=?==?") == NULL)
		return text;
	for (const char *p = text; *p != '\0';) {
		if (!word_at(p, &w)) {
			str_putc(&out, *p++);
		} else if (follows(&w, &next)) {
			p = put_run(w, &bytes, &out);
		} else {
			str_add(&out, p, (size_t)(w.end - p));
			p = w.end;
		}
	}
	const char *joined = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	str_release(&bytes);
	return joined;
}

/* The field where GMime may have lost the end of a name (mime-words.c) or taken the plain spelling that stands beside the full one
 * ("filename=x; filename*=UTF-8''…"), put so that it cannot; NULL when it reads it well. */
static const char *put_well(struct arena *arena, GMimePart *part, const char *field, const char *name)
{
	GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(part)), field);
	const char *raw = header == NULL ? NULL : g_mime_header_get_raw_value(header);
	if (raw == NULL || (strstr(raw, "=?=") == NULL && strstr(raw, "*=") == NULL))
		return NULL;
	const char *line = header_line(arena, span_of(raw)), *joined = words_join(arena, line);
	const char *full = strcasestr(joined, arena_printf(arena, "%s*=", name)), *all = strchr(joined, ';');
	if (full != NULL && strcasestr(joined, arena_printf(arena, " %s=", name)) != NULL)
		return arena_printf(arena, "x/x; %s", full);
	return joined == line || all == NULL ? NULL : arena_printf(arena, "x/x%s", all);
}

const char *mime_filename(GMimePart *part, struct arena *arena)
{
	static const char *const fields[] = {"Content-Disposition", "Content-Type"}, *const names[] = {"filename", "name"};
	const char *found = NULL;
	for (size_t i = 0; found == NULL && i < 2; i++) {
		const char *line = put_well(arena, part, fields[i], names[i]);
		GMimeContentType *parsed = line == NULL ? NULL : g_mime_content_type_parse(NULL, line);
		const char *name = parsed == NULL ? NULL : g_mime_content_type_get_parameter(parsed, names[i]);
		found = name == NULL ? NULL : header_decode(arena, header_line(arena, span_of(name)));
		g_clear_object(&parsed);
	}
	const char *plain = found != NULL ? NULL : g_mime_part_get_filename(part);
	return found != NULL ? found : plain == NULL ? "" : header_decode(arena, header_line(arena, span_of(plain)));
}
