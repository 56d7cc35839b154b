#include <gmime/gmime.h>
#include <stdlib.h>
#include <strings.h>

#include "gateway/read/charset.h"
#include "gateway/read/mime-content.h"
#include "gateway/read/mime.h"

#define ATTACHED_TEXT ((size_t)1 << 20) /* bytes of an attached text that are kept as text */

/* One mail on its way through GMime's tree. */
struct walk {
	struct arena *arena;
	struct mail_parts *parts;
	struct reading *reading;
	uint64_t warned;   /* bits of GMimeParserWarning already said */
	size_t *text_left; /* of MIME_TEXT */
	int depth;
	bool inside, shown; /* in an attached message; part of the visible body */
	bool keep;          /* the contents of its files */
};

void reading_defect(struct reading *r, struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *text = arena_vprintf(arena, format, args);
	va_end(args);
	if (r->defects.n < 40 && !strs_has_nocase(&r->defects, text))
		strs_add(&r->defects, arena, text);
}

void mime_warm_up(void)
{
	static bool ready;
	static const char *fallback[] = {"utf-8", "windows-1252", NULL};
	if (ready)
		return;
	ready = true;
	g_mime_init();
	GMimeParserOptions *options = g_mime_parser_options_get_default();
	g_mime_parser_options_set_fallback_charsets(options, fallback);
	g_mime_parser_options_set_allow_addresses_without_domain(options, TRUE);
	charset_warm_up();
}

/* What GMime says about the structure; what it says about header fields is said by mime-fields.c. */
static const char *const warnings[] = {
	[GMIME_WARN_INVALID_CONTENT_TYPE] = "a Content-Type cannot be read",
	[GMIME_WARN_MALFORMED_MULTIPART] = "a multipart without parts",
	[GMIME_WARN_TRUNCATED_MESSAGE] = "a part ends before its boundary",
	[GMIME_WARN_MALFORMED_MESSAGE] = "an attached message cannot be read",
	[GMIME_CRIT_INVALID_HEADER_NAME] = "a part has a header line without a field name",
	[GMIME_CRIT_CONFLICTING_HEADER] = "a part has a header field twice: the last counts",
	[GMIME_CRIT_CONFLICTING_PARAMETER] = "a part has a parameter twice",
	[GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY] = "a multipart names no boundary",
	[GMIME_CRIT_NESTING_OVERFLOW] = "parts are nested too deep: the inner ones are not read",
	[GMIME_WARN_PART_WITHOUT_CONTENT] = "a part ends within its header",
	[GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT] = "a part is empty",
};

static void on_warning(gint64 offset, GMimeParserWarning code, const gchar *item, gpointer data)
{
	struct walk *w = data;
	(void)offset, (void)item;
	if ((size_t)code >= sizeof warnings / sizeof *warnings || warnings[code] == NULL || (w->warned & 1u << code))
		return;
	w->warned |= 1u << code;
	reading_defect(w->reading, w->arena, "%s", warnings[code]);
}

/* ---- content */

static struct span stream_bytes(GMimeDataWrapper *content)
{
	GMimeStream *stream = content == NULL ? NULL : g_mime_data_wrapper_get_stream(content);
	if (stream == NULL || !GMIME_IS_STREAM_MEM(stream))
		return (struct span){"", 0};
	GByteArray *all = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	gint64 end = stream->bound_end < 0 || stream->bound_end > all->len ? (gint64)all->len : stream->bound_end;
	if (stream->bound_start >= end)
		return (struct span){"", 0};
	return (struct span){(const char *)all->data + stream->bound_start, (size_t)(end - stream->bound_start)};
}

static struct span part_text(struct walk *w, const struct part *p, struct span bytes)
{
	enum charset_how how;
	if (bytes.n > *w->text_left) {
		reading_defect(w->reading, w->arena, "a text of %zu bytes: read up to %zu", bytes.n, *w->text_left);
		bytes.n = *w->text_left;
	}
	*w->text_left -= bytes.n;
	struct span text = charset_to_utf8(w->arena, p->charset, bytes, &how);
	if (how == CHARSET_BROKEN)
		reading_defect(w->reading, w->arena, "bytes that are not %s became U+FFFD", p->charset);
	else if (how == CHARSET_UNKNOWN && p->charset[0] != '\0')
		reading_defect(w->reading, w->arena, "charset %s: read as UTF-8 or windows-1252", p->charset);
	return text;
}

/* ---- parts */

static const char *text_of(struct walk *w, const char *s)
{
	if (s == NULL || s[0] == '\0')
		return "";
	return header_decode(w->arena, header_line(w->arena, span_of(s)));
}

static const char *type_of(struct walk *w, GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	const char *media = type == NULL ? NULL : g_mime_content_type_get_media_type(type);
	const char *sub = type == NULL ? NULL : g_mime_content_type_get_media_subtype(type);
	if (media == NULL || sub == NULL)
		return "text/plain";
	const char *written = g_mime_object_get_header(object, "Content-Type");
	if (written != NULL && strchr(written, '/') == NULL)
		return "text/plain"; /* RFC 2045 5.2: what is no type is plain text */
	const char *both = text_of(w, arena_printf(w->arena, "%s/%s", media, sub));
	return utf8_lower(w->arena, both, strlen(both));
}

static const char *parameter(struct walk *w, GMimeObject *object, const char *name)
{
	return text_of(w, g_mime_object_get_content_type_parameter(object, name));
}

static bool is_attachment(GMimeObject *object)
{
	GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(object);
	return disposition != NULL && g_mime_content_disposition_is_attachment(disposition);
}

static struct part *add_part(struct walk *w, GMimeObject *object)
{
	if (w->parts->n == MIME_PARTS) {
		reading_defect(w->reading, w->arena, "more than %d parts: the rest is not read", MIME_PARTS);
		return NULL;
	}
	struct part *p = ARENA_PUSH(w->arena, w->parts->v, w->parts->n);
	*p = (struct part){
		.type = type_of(w, object),
		.filename = "",
		.charset = parameter(w, object, "charset"),
		.report_type = parameter(w, object, "report-type"),
		.attachment = is_attachment(object),
		.flowed = strcasecmp(parameter(w, object, "format"), "flowed") == 0,
		.delsp = strcasecmp(parameter(w, object, "delsp"), "yes") == 0,
		.text = {"", 0},
		.depth = w->depth,
		.inside_message = w->inside,
		.shown = w->shown,
	};
	return p;
}

static bool keeps_text(const struct part *p)
{
	return strncmp(p->type, "text/", 5) == 0 || strncmp(p->type, "message/", 8) == 0;
}

static struct span content_bytes(struct walk *w, GMimeDataWrapper *content, bool text, struct arena *scratch)
{
	struct span raw = stream_bytes(content);
	GMimeContentEncoding encoding = content == NULL ? GMIME_CONTENT_ENCODING_DEFAULT : g_mime_data_wrapper_get_encoding(content);
	if (encoding == GMIME_CONTENT_ENCODING_BASE64 && text && content_is_prose(raw)) {
		reading_defect(w->reading, w->arena, "a text says base64 but is not: read as it is");
		return raw;
	}
	return content_decode(scratch, encoding, raw);
}

static void read_tnef(struct walk *w, struct part *p, struct span bytes)
{
	struct tnef *tnef = arena_alloc(w->arena, sizeof *tnef);
	if (tnef_read(bytes, w->arena, tnef) < 0)
		reading_defect(w->reading, w->arena, "%s cannot be read", p->filename[0] == '\0' ? "winmail.dat" : p->filename);
	for (size_t i = 0; !w->keep && i < tnef->n_files; i++)
		tnef->files[i].content = (struct span){"", 0}; /* the bytes do not stay */
	p->tnef = tnef;
}

static void attached_message(struct walk *w, struct part *p)
{
	struct headers head;
	struct reading ignored = {0};
	headers_read(p->text, w->arena, &head, &ignored);
	const struct header *from = headers_find(&head, "From", NULL);
	struct mailaddrs list = header_addresses(w->arena, from == NULL ? "" : from->raw);
	*ARENA_PUSH(w->arena, w->reading->attached, w->reading->n_attached) = (struct attached_message){
		headers_value(&head, "Subject"), list.n > 0 ? list.v[0] : (struct mailaddr){"", ""}};
}

static bool is_tnef(const struct part *p)
{
	return strcmp(p->type, "application/ms-tnef") == 0 || strcmp(p->type, "application/vnd.ms-tnef") == 0 || strcasecmp(p->filename, "winmail.dat") == 0;
}

static void leaf(struct walk *w, GMimeObject *object)
{
	struct part *p = add_part(w, object);
	if (p == NULL || !GMIME_IS_PART(object))
		return;
	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
	p->filename = mime_filename(GMIME_PART(object), w->arena);
	struct arena scratch = {0};
	bool text = keeps_text(p), tnef = !w->inside && is_tnef(p), keep = w->keep && !w->inside;
	if (!text && !tnef && !keep) {
		p->bytes = content == NULL ? 0 : content_size(g_mime_data_wrapper_get_encoding(content), stream_bytes(content), &scratch);
		arena_release(&scratch);
		return;
	}
	struct span bytes = content_bytes(w, content, text, &scratch);
	p->bytes = bytes.n;
	if (keep)
		p->content = bytes = (struct span){arena_strndup(w->arena, bytes.p, bytes.n), bytes.n};
	if (text && (!p->attachment || bytes.n <= ATTACHED_TEXT))
		p->text = part_text(w, p, bytes);
	if (tnef)
		read_tnef(w, p, bytes);
	if (!w->inside && strcmp(p->type, "message/rfc822") == 0)
		attached_message(w, p); /* one in base64, which GMime leaves alone */
	arena_release(&scratch);
}

static void walk_object(struct walk *w, GMimeObject *object);

/* The bytes of a message inside the mail, as text for those who look into it (bounces, forwards as attachment). */
static void message_text(struct walk *w, struct part *p, GMimeMessage *message)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, stream);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	p->bytes = bytes->len;
	p->text = part_text(w, p, (struct span){(const char *)bytes->data, bytes->len});
	g_object_unref(stream);
}

static void message_part(struct walk *w, GMimeObject *object)
{
	GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
	struct part *p = add_part(w, object);
	if (p == NULL || message == NULL)
		return;
	if (!w->inside) {
		message_text(w, p, message);
		attached_message(w, p);
	}
	struct walk inner = *w;
	inner.inside = true;
	inner.shown = false;
	inner.depth++;
	if (message->mime_part != NULL)
		walk_object(&inner, message->mime_part);
	w->warned = inner.warned;
}

/* ---- multiparts: which children are the visible body */

static bool holds_text(GMimeObject *object, const char *subtype, int depth)
{
	if (GMIME_IS_MULTIPART(object) && depth < MIME_DEPTH) {
		int n = g_mime_multipart_get_count(GMIME_MULTIPART(object));
		for (int i = 0; i < n && i < 100; i++)
			if (holds_text(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), subtype, depth + 1))
				return true;
		return false;
	}
	GMimeContentType *type = g_mime_object_get_content_type(object);
	return type != NULL && g_mime_content_type_is_type(type, "text", subtype) && !is_attachment(object);
}

/* Of alternatives the last one with HTML, else with plain text; of related parts the first; of all others each: -1. */
static int shown_child(struct walk *w, GMimeMultipart *multipart)
{
	static const char *const best[] = {"html", "plain", "*"};
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(multipart));
	int n = g_mime_multipart_get_count(multipart);
	if (type == NULL || n == 0 || n > 100)
		return -1;
	if (g_mime_content_type_is_type(type, "multipart", "related"))
		return holds_text(g_mime_multipart_get_part(multipart, 0), "*", w->depth) ? 0 : -1;
	if (!g_mime_content_type_is_type(type, "multipart", "alternative"))
		return -1;
	for (size_t b = 0; b < sizeof best / sizeof *best; b++)
		for (int i = n - 1; i >= 0; i--)
			if (holds_text(g_mime_multipart_get_part(multipart, i), best[b], w->depth))
				return i;
	return -1;
}

static void multipart(struct walk *w, GMimeObject *object)
{
	GMimeMultipart *all = GMIME_MULTIPART(object);
	int n = g_mime_multipart_get_count(all), shown = w->shown ? shown_child(w, all) : -1;
	struct walk inner = *w;
	inner.depth++;
	for (int i = 0; i < n; i++) {
		inner.shown = w->shown && (shown < 0 || shown == i);
		walk_object(&inner, g_mime_multipart_get_part(all, i));
	}
	w->warned = inner.warned;
}

static void walk_object(struct walk *w, GMimeObject *object)
{
	if (object == NULL)
		return;
	if (w->depth >= MIME_DEPTH)
		reading_defect(w->reading, w->arena, "parts are nested too deep: the inner ones are not read");
	else if (GMIME_IS_MULTIPART(object))
		multipart(w, object);
	else if (GMIME_IS_MESSAGE_PART(object))
		message_part(w, object);
	else
		leaf(w, object);
}

/* ---- the whole */

/* GMime gets the content fields of the header that headers_read found, then the body: so both agree where the body begins. */
static GByteArray *content_of(const struct headers *h, struct span body)
{
	static const char *const fields[] = {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "Content-Location"};
	struct str head = {0};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct header *f = headers_find(h, fields[i], NULL);
		if (f != NULL && strlen(f->raw) < 65536)
			str_printf(&head, "%s: %s\n", fields[i], f->raw);
		else if (i == 0)
			str_puts(&head, "Content-Type: text/plain\n");
	}
	str_putc(&head, '\n');
	GByteArray *all = g_byte_array_sized_new((guint)(head.n + body.n));
	g_byte_array_append(all, (const guint8 *)head.p, (guint)head.n);
	g_byte_array_append(all, (const guint8 *)body.p, (guint)body.n);
	str_release(&head);
	return all;
}

static void read_structure(struct walk *w, struct span body)
{
	GByteArray *bytes = content_of(&w->parts->headers, body);
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes); /* which owns them now */
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeParserOptions *options = g_mime_parser_options_clone(g_mime_parser_options_get_default());
	g_mime_parser_options_set_warning_callback(options, on_warning, w);
	GMimeObject *top = g_mime_parser_construct_part(parser, options);
	if (top != NULL) {
		w->parts->top_type = type_of(w, top);
		w->parts->report_type = parameter(w, top, "report-type");
		walk_object(w, top);
		g_object_unref(top);
	}
	g_mime_parser_options_free(options);
	g_object_unref(parser);
	g_object_unref(stream);
}

static void add_attachment(struct walk *w, struct attachment a)
{
	*ARENA_PUSH(w->arena, w->reading->attachments, w->reading->n_attachments) = a;
}

static bool is_body(const struct part *p, const char *type)
{
	return !p->inside_message && !p->attachment && strcmp(p->type, type) == 0;
}

/* Leaves and attachments, and the parts that others ask for by name. */
static void choose(struct walk *w)
{
	struct mail_parts *parts = w->parts;
	for (size_t i = 0; i < parts->n; i++) {
		struct part *p = &parts->v[i];
		if (p->inside_message)
			continue;
		strs_add(&w->reading->leaves, w->arena, p->type);
		bool message = strcmp(p->type, "message/rfc822") == 0;
		if (!message && (p->filename[0] != '\0' || p->attachment))
			add_attachment(w, (struct attachment){p->filename, p->type, p->bytes, p->content});
		for (size_t k = 0; p->tnef != NULL && k < p->tnef->n_files; k++)
			add_attachment(w, p->tnef->files[k]);
		if (parts->plain == NULL && is_body(p, "text/plain"))
			parts->plain = p;
		if (parts->page == NULL && p->shown && is_body(p, "text/html"))
			parts->page = p;
		if (parts->calendar == NULL && strcmp(p->type, "text/calendar") == 0)
			parts->calendar = p;
	}
}

/* A multipart in which no part was found (no boundary, or another one): a reader would see its text. */
static void whole_body(struct walk *w, struct span body)
{
	struct part *p = ARENA_PUSH(w->arena, w->parts->v, w->parts->n);
	*p = (struct part){.type = w->parts->top_type, .filename = "", .charset = "", .report_type = "", .bytes = body.n, .shown = true};
	p->text = part_text(w, p, body);
	w->parts->plain = p;
	reading_defect(w->reading, w->arena, "no part was found in the multipart: read as plain text");
}

static void read_whole(struct span raw, struct arena *arena, struct mail_parts *parts, struct reading *reading, bool keep)
{
	mime_warm_up();
	*parts = (struct mail_parts){.top_type = "text/plain", .report_type = ""};
	struct span body = headers_read(raw, arena, &parts->headers, reading);
	headers_fill(&parts->headers, arena, reading);
	size_t text_left = MIME_TEXT;
	struct walk w = {.arena = arena, .parts = parts, .reading = reading, .text_left = &text_left, .shown = true, .keep = keep};
	read_structure(&w, body);
	if (parts->n == 0)
		whole_body(&w, body);
	choose(&w);
}

void mime_read(struct span raw, struct arena *arena, struct mail_parts *parts, struct reading *reading)
{
	read_whole(raw, arena, parts, reading, false);
}

void mime_files(struct span raw, struct arena *arena, struct mail_parts *parts, struct reading *reading)
{
	read_whole(raw, arena, parts, reading, true);
}
