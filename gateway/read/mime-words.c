#include <strings.h>

#include "gateway/read/charset.h"
#include "gateway/read/mime-content.h"
#include "gateway/read/mime.h"

/* RFC 2047: GMime 3.2.13 reads a run of base64 words of one charset as one stream, which ends at the first padding, and what
 * stands behind it is lost; so is what a stream without padding ends in. Programs pad each word, cut one stream anywhere, or leave
 * the padding out: such a run becomes one word here. */

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

static bool is_padded(const struct word *w)
{
	return w->payload.n > 0 && w->payload.p[w->payload.n - 1] == '=';
}

/* Whether GMime reads the run that begins with w to its end. */
static bool is_sound(struct word w)
{
	struct word next;
	for (; w.payload.n % 4 == 0 && follows(&w, &next); w = next)
		if (is_padded(&w))
			return false;
	return w.payload.n % 4 == 0;
}

/* Whether a stream cannot end in w after so many digits: bits would be left over. */
static bool is_torn(const struct word *w, size_t digits)
{
	static const char *const ends[] = {"", "", "AQgw", "AEIMQUYcgkosw048"};
	return digits % 4 == 1 || (w->payload.n > 0 && strchr(ends[digits % 4], w->payload.p[w->payload.n - 1]) == NULL);
}

/* How many words the stream goes over that begins with w: until it is whole, or all if it is cut where no word could end. Else w is
 * a word without its padding. */
static size_t stream_words(struct word w)
{
	enum { CUTS = 32 };
	size_t n = 1;
	bool torn = false;
	struct word next;
	for (size_t digits = w.payload.n; digits % 4 != 0; digits += w.payload.n, n++) {
		if (n == CUTS || is_padded(&w) || !follows(&w, &next))
			return torn ? n : 1;
		torn = torn || is_torn(&w, digits);
		w = next;
	}
	return n;
}

struct stream {
	gint state;
	guint save;
	size_t digits;
};

static void put_digits(struct stream *s, struct span digits, struct str *bytes)
{
	guchar room[3 * 256 + 3];
	for (; digits.n > 0 && digits.p[digits.n - 1] == '='; digits.n--)
		;
	s->digits += digits.n;
	while (digits.n > 0) {
		size_t n = digits.n < 1024 ? digits.n : 1024;
		str_add(bytes, room, g_base64_decode_step(digits.p, n, room, &s->state, &s->save));
		digits = span_skip(digits, n);
	}
}

static void put_padding(struct stream *s, struct str *bytes)
{
	guchar room[3];
	if (s->digits % 4 >= 2)
		str_add(bytes, room, g_base64_decode_step("==", 4 - s->digits % 4, room, &s->state, &s->save));
}

/* All words from w on that follow each other, as one. Answers where they end. */
static const char *put_run(struct word w, struct str *bytes, struct str *out)
{
	struct word last = w;
	str_clear(bytes);
	for (bool more = true; more;) {
		struct stream stream = {0};
		for (size_t n = stream_words(w); n > 0; n--) {
			put_digits(&stream, w.payload, bytes);
			last = w;
			more = follows(&last, &w);
		}
		put_padding(&stream, bytes);
	}
	char *code = g_base64_encode((const guchar *)str_c(bytes), bytes->n);
	str_printf(out, "=?%.*s?B?", SPAN_ARG(last.charset));
	str_puts(out, code);
	str_puts(out, "?=");
	g_free(code);
	return last.end;
}

/* The charset of the word that begins here, as it is written; empty when none does. */
static struct span label_at(const char *p)
{
	size_t n = strcspn(p + 2, "?* \t");
	return n > 0 && n < 24 && (p[2 + n] == '?' || p[2 + n] == '*') ? (struct span){p + 2, n} : (struct span){"", 0};
}

/* Bodies know more names of charsets than GMime, which reads a word of one unknown as windows-1252. */
static const char *relabel(struct arena *arena, const char *text)
{
	struct str out = {0};
	const char *from = text;
	for (const char *p = strstr(text, "=?"); p != NULL; p = strstr(p + 2, "=?")) {
		char written[24] = "", room[24];
		struct span label = label_at(p);
		memcpy(written, label.p, label.n);
		const char *meant = label.n == 0 || strncasecmp(written, "utf-8", 6) == 0 ? written : charset_meant(written, room);
		if (strcasecmp(meant, written) == 0)
			continue;
		str_add(&out, from, (size_t)(label.p - from));
		str_puts(&out, meant);
		from = label.p + label.n;
	}
	if (from == text)
		return text;
	str_puts(&out, from);
	const char *all = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	return all;
}

static const char *join_words(struct arena *arena, const char *text)
{
	struct str out = {0}, bytes = {0};
	struct word w, next;
	const char *from = text; /* what is not yet in out */
	for (const char *p = strstr(text, "=?"); p != NULL; p = strstr(p, "=?")) {
		if (!word_at(p, &w)) {
			p += 2;
		} else if (is_sound(w)) {
			for (p = w.end; follows(&w, &next); p = w.end)
				w = next;
		} else {
			str_add(&out, from, (size_t)(p - from));
			from = p = put_run(w, &bytes, &out);
		}
	}
	if (from == text)
		return text;
	str_puts(&out, from);
	const char *joined = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	str_release(&bytes);
	return joined;
}

const char *words_join(struct arena *arena, const char *text)
{
	return relabel(arena, join_words(arena, text));
}

/* The field where GMime may have lost the end of a name (mime-words.c) or taken the plain spelling that stands beside the full one
 * ("filename=x; filename*=UTF-8''…"), put so that it cannot; NULL when it reads it well. */
static const char *put_well(struct arena *arena, GMimePart *part, const char *field, const char *name)
{
	GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(part)), field);
	const char *raw = header == NULL ? NULL : g_mime_header_get_raw_value(header);
	if (raw == NULL || (strstr(raw, "=?") == NULL && strstr(raw, "*=") == NULL))
		return NULL;
	const char *line = header_line(arena, span_of(raw)), *joined = words_join(arena, line);
	const char *full = strcasestr(joined, arena_printf(arena, "%s*=", name)), *all = strchr(joined, ';');
	if (full != NULL && strcasestr(joined, arena_printf(arena, " %s=", name)) != NULL)
		return arena_printf(arena, "x/x; %s", full);
	return joined == line || all == NULL ? NULL : arena_printf(arena, "x/x%s", all);
}

/* A quote that nobody closed, and the charset of RFC 2231 where its first piece stood behind others. */
static const char *tidy_name(const char *name)
{
	static const char *const fronts[] = {"\"", "utf-8''", "iso-8859-1''"};
	for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++)
		if (strncasecmp(name, fronts[i], strlen(fronts[i])) == 0 && (i > 0 || strchr(name + 1, '"') == NULL))
			return name + strlen(fronts[i]);
	return name;
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
	return tidy_name(found != NULL ? found : plain == NULL ? "" : header_decode(arena, header_line(arena, span_of(plain))));
}
