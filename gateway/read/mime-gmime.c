#include "gateway/read/mime-tree.h"

#include <string.h>

/* GMime's view of a mail as entities. */

struct told {
	struct arena *arena;
	struct reading *reading;
	uint64_t warned; /* bits of GMimeParserWarning already said */
};

struct reader {
	struct arena *arena;
	size_t leaves;
};

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
	struct told *t = data;
	(void)offset, (void)item;
	if ((size_t)code >= sizeof warnings / sizeof *warnings || warnings[code] == NULL || (t->warned & 1u << code))
		return;
	t->warned |= 1u << code;
	reading_defect(t->reading, t->arena, "%s", warnings[code]);
}

/* ---- one entity */

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

static const char *text_of(struct arena *arena, const char *s)
{
	if (s == NULL || s[0] == '\0')
		return "";
	return header_decode(arena, header_line(arena, span_of(s)));
}

static const char *parameter(struct arena *arena, GMimeObject *object, const char *name)
{
	return text_of(arena, g_mime_object_get_content_type_parameter(object, name));
}

static void classify(struct entity *e, const char *type)
{
	e->shows = strcmp(type, "multipart/related") == 0 ? SHOWS_FIRST : strcmp(type, "multipart/alternative") == 0 ? SHOWS_BEST : SHOWS_EACH;
	e->text = strncmp(type, "text/", 5) != 0 ? TEXT_NONE : strcmp(type + 5, "html") == 0 ? TEXT_HTML : strcmp(type + 5, "plain") == 0 ? TEXT_PLAIN : TEXT_OTHER;
}

static void read_type(struct arena *arena, GMimeObject *object, struct entity *e)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	const char *media = type == NULL ? NULL : g_mime_content_type_get_media_type(type);
	const char *sub = type == NULL ? NULL : g_mime_content_type_get_media_subtype(type);
	const char *written = g_mime_object_get_header(object, "Content-Type");
	e->type = "text/plain";
	if (media == NULL || sub == NULL)
		return;
	const char *both = text_of(arena, arena_printf(arena, "%s/%s", media, sub));
	both = utf8_lower(arena, both, strlen(both));
	classify(e, both);
	if (written == NULL || strchr(written, '/') != NULL)
		e->type = both; /* else RFC 2045 5.2: what is no type is plain text */
}

static void read_fields(struct arena *arena, GMimeObject *object, struct entity *e)
{
	GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(object);
	read_type(arena, object, e);
	e->charset = parameter(arena, object, "charset");
	e->report_type = parameter(arena, object, "report-type");
	e->format = parameter(arena, object, "format");
	e->delsp = parameter(arena, object, "delsp");
	e->attachment = disposition != NULL && g_mime_content_disposition_is_attachment(disposition);
}

/* "quoted-printable;", "\"base64\"", "Quoted_Printable": GMime knows none of them. */
static GMimeContentEncoding loose_encoding(GMimeObject *part)
{
	const char *written = g_mime_object_get_header(part, "Content-Transfer-Encoding");
	char name[24];
	size_t n = 0;
	if (written == NULL)
		return GMIME_CONTENT_ENCODING_DEFAULT;
	written += strspn(written, " \t\"'=");
	for (; n + 1 < sizeof name && written[n] != '\0' && strchr("\"' \t;,.(", written[n]) == NULL; n++)
		name[n] = written[n] == '_' ? '-' : written[n];
	name[n] = '\0';
	return g_mime_content_encoding_from_string(name);
}

static void read_content(struct arena *arena, GMimePart *part, struct entity *e)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	e->filename = mime_filename(part, arena);
	if (content == NULL)
		return;
	e->encoding = g_mime_data_wrapper_get_encoding(content);
	if (e->encoding == GMIME_CONTENT_ENCODING_DEFAULT)
		e->encoding = loose_encoding(GMIME_OBJECT(part));
	e->content = stream_bytes(content);
}

/* ---- the tree */

static void read_entity(struct reader *r, GMimeObject *object, int depth, struct entity *e);

static void read_parts(struct reader *r, GMimeMultipart *all, int depth, struct entity *e)
{
	int n = g_mime_multipart_get_count(all);
	e->parts = arena_alloc(r->arena, (size_t)n * sizeof *e->parts);
	for (int i = 0; i < n && r->leaves <= MIME_PARTS; i++) /* one more than is kept: so that it is seen that there are more */
		read_entity(r, g_mime_multipart_get_part(all, i), depth + 1, &e->parts[e->n++]);
}

static void read_message(struct reader *r, GMimeMessage *message, int depth, struct entity *e)
{
	if (message == NULL)
		return;
	e->message = GMIME_OBJECT(message);
	if (message->mime_part == NULL || depth >= MIME_DEPTH)
		return;
	e->n = 1;
	e->parts = arena_alloc(r->arena, sizeof *e->parts);
	read_entity(r, message->mime_part, depth + 1, e->parts);
}

static void read_entity(struct reader *r, GMimeObject *object, int depth, struct entity *e)
{
	*e = (struct entity){.what = ENTITY_LEAF, .filename = "", .content = {"", 0}};
	read_fields(r->arena, object, e);
	if (GMIME_IS_MULTIPART(object)) {
		e->what = ENTITY_MULTIPART;
		if (depth < MIME_DEPTH)
			read_parts(r, GMIME_MULTIPART(object), depth, e);
		return;
	}
	r->leaves++;
	if (GMIME_IS_MESSAGE_PART(object)) {
		e->what = ENTITY_MESSAGE;
		read_message(r, g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), depth, e);
	} else if (GMIME_IS_PART(object)) {
		read_content(r->arena, GMIME_PART(object), e);
	}
}

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

int gmime_read(struct gmime *g, const struct headers *h, struct span body, struct arena *arena, struct reading *reading, struct entity *top)
{
	struct told told = {.arena = arena, .reading = reading};
	struct reader r = {.arena = arena};
	g->stream = g_mime_stream_mem_new_with_byte_array(content_of(h, body)); /* which owns them now */
	GMimeParser *parser = g_mime_parser_new_with_stream(g->stream);
	GMimeParserOptions *options = g_mime_parser_options_clone(g_mime_parser_options_get_default());
	g_mime_parser_options_set_warning_callback(options, on_warning, &told);
	g->top = g_mime_parser_construct_part(parser, options);
	if (g->top != NULL)
		read_entity(&r, g->top, 0, top);
	g_mime_parser_options_free(options);
	g_object_unref(parser);
	return g->top != NULL;
}

void gmime_close(struct gmime *g)
{
	g_clear_object(&g->top);
	g_clear_object(&g->stream);
}

GByteArray *gmime_message_header(GMimeObject *message)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	char *header = g_mime_object_get_headers(message, NULL);
	if (header[0] != '\0')
		g_mime_stream_write_string(stream, header);
	else
		g_mime_object_write_to_stream(message, NULL, stream);
	g_free(header);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_object_unref(stream);
	return bytes;
}
