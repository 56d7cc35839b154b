#include <stdlib.h>
#include <strings.h>

#include "gateway/read/charset.h"
#include "gateway/read/mime-tree.h"

#define ATTACHED_TEXT ((size_t)1 << 20) /* bytes of an attached text that are kept as text */

/* One mail on its way through the tree of its parts. */
struct walk {
	struct arena *arena;
	struct mail_parts *parts;
	struct reading *reading;
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

/* ---- content */

static struct span part_text(struct walk *w, const struct part *p, struct span bytes)
{
	enum charset_how how;
	const char *charset = p->charset;
	if (bytes.n > *w->text_left) {
		reading_defect(w->reading, w->arena, "a text of %zu bytes: read up to %zu", bytes.n, *w->text_left);
		bytes.n = *w->text_left;
	}
	*w->text_left -= bytes.n;
	if (p->charset[0] == '\0' && strcmp(p->type, "text/html") == 0 && !utf8_valid(bytes.p, bytes.n))
		charset = content_page_charset(w->arena, bytes);
	struct span text = charset_to_utf8(w->arena, charset, bytes, &how);
	if (how == CHARSET_BROKEN)
		reading_defect(w->reading, w->arena, "bytes that are not %s became U+FFFD", charset);
	else if (how == CHARSET_UNKNOWN && charset[0] != '\0')
		reading_defect(w->reading, w->arena, "charset %s: read as UTF-8 or windows-1252", charset);
	return text;
}

/* ---- parts */

static struct part *add_part(struct walk *w, const struct entity *e)
{
	if (w->parts->n == MIME_PARTS) {
		reading_defect(w->reading, w->arena, "more than %d parts: the rest is not read", MIME_PARTS);
		return NULL;
	}
	struct part *p = ARENA_PUSH(w->arena, w->parts->v, w->parts->n);
	*p = (struct part){
		.type = e->type,
		.filename = "",
		.charset = e->charset,
		.report_type = e->report_type,
		.attachment = e->attachment,
		.flowed = strcasecmp(e->format, "flowed") == 0,
		.delsp = strcasecmp(e->delsp, "yes") == 0,
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

static struct span content_bytes(struct walk *w, const struct entity *e, bool text, struct arena *scratch)
{
	if (e->encoding == GMIME_CONTENT_ENCODING_BASE64 && text && content_is_prose(e->content)) {
		struct span both = content_with_footer(scratch, e->content);
		if (both.n > 0) {
			reading_defect(w->reading, w->arena, "words stand behind the base64 of a text: read as they are");
			return both;
		}
		reading_defect(w->reading, w->arena, "a text says base64 but is not: read as it is");
		return e->content;
	}
	return content_decode(scratch, e->encoding, e->content);
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

static void attached_message(struct walk *w, const struct headers *head)
{
	const struct header *from = headers_find(head, "From", NULL);
	struct mailaddrs list = header_addresses(w->arena, from == NULL ? "" : from->raw);
	*ARENA_PUSH(w->arena, w->reading->attached, w->reading->n_attached) = (struct attached_message){
		headers_value(head, "Subject"), list.n > 0 ? list.v[0] : (struct mailaddr){"", ""}};
}

static bool is_tnef(const struct part *p)
{
	return strcmp(p->type, "application/ms-tnef") == 0 || strcmp(p->type, "application/vnd.ms-tnef") == 0 || strcasecmp(p->filename, "winmail.dat") == 0;
}

/* The header of a message inside the mail, as text for those who look into it: bounces, and forwards as attachment. */
static struct span message_text(struct walk *w, const struct part *p, struct span bytes)
{
	return part_text(w, p, (struct span){bytes.p, bytes.n < ATTACHED_TEXT ? bytes.n : ATTACHED_TEXT});
}

static bool more_messages(struct walk *w)
{
	if (w->reading->n_attached < MIME_MESSAGES)
		return true;
	reading_defect(w->reading, w->arena, "more than %d attached messages: the rest is not read", MIME_MESSAGES);
	return false;
}

/* A message that GMime leaves alone: one in base64, or a file of a mail. */
static bool may_be_message(const struct part *p)
{
	return strcmp(p->type, "message/rfc822") == 0 || (span_ends_nocase(span_of(p->filename), ".eml") && (p->attachment || strncmp(p->type, "text/", 5) != 0));
}

static void walk_inner(struct walk *w, const struct entity *e);

/* false: it is only called so. */
static bool message_file(struct walk *w, struct part *p, struct span bytes)
{
	struct headers head;
	struct reading ignored = {0};
	struct entity top;
	struct gmime gmime = {0};
	struct span body = headers_read(bytes, w->arena, &head, &ignored);
	if (strcmp(p->type, "message/rfc822") != 0 && headers_find(&head, "From", NULL) == NULL && headers_find(&head, "Subject", NULL) == NULL)
		return false;
	p->text = message_text(w, p, (struct span){bytes.p, body.n == 0 ? bytes.n : (size_t)(body.p - bytes.p)});
	attached_message(w, &head);
	if (gmime_read(&gmime, &head, body, w->arena, w->reading, &top))
		walk_inner(w, &top);
	gmime_close(&gmime);
	return true;
}

static void leaf(struct walk *w, const struct entity *e)
{
	struct part *p = add_part(w, e);
	if (p == NULL)
		return;
	p->filename = e->filename;
	struct arena scratch = {0};
	bool text = keeps_text(p), tnef = !w->inside && is_tnef(p), keep = w->keep && !w->inside, message = !w->inside && may_be_message(p) && more_messages(w);
	if (!text && !tnef && !keep && !message) {
		p->bytes = content_size(e->encoding, e->content, &scratch);
		arena_release(&scratch);
		return;
	}
	struct span bytes = content_bytes(w, e, text, &scratch);
	p->bytes = bytes.n;
	if (keep)
		p->content = bytes = (struct span){arena_strndup(w->arena, bytes.p, bytes.n), bytes.n};
	if (tnef)
		read_tnef(w, p, bytes);
	if ((!message || !message_file(w, p, bytes)) && text && (!p->attachment || bytes.n <= ATTACHED_TEXT))
		p->text = part_text(w, p, bytes);
	arena_release(&scratch);
}

static void walk_entity(struct walk *w, const struct entity *e);

static void walk_inner(struct walk *w, const struct entity *e)
{
	struct walk inner = *w;
	inner.inside = true;
	inner.shown = false;
	inner.depth++;
	walk_entity(&inner, e);
}

static void message_header(struct walk *w, struct part *p, GMimeObject *message)
{
	struct headers head;
	struct reading ignored = {0};
	GByteArray *header = gmime_message_header(message);
	p->text = message_text(w, p, (struct span){(const char *)header->data, header->len});
	g_byte_array_unref(header);
	headers_read(p->text, w->arena, &head, &ignored);
	attached_message(w, &head);
}

static void message_part(struct walk *w, const struct entity *e)
{
	struct part *p = add_part(w, e);
	if (p == NULL || e->message == NULL || (!w->inside && !more_messages(w)))
		return;
	if (!w->inside)
		message_header(w, p, e->message);
	if (e->n > 0)
		walk_inner(w, e->parts);
}

/* ---- multiparts: which children are the visible body */

static bool holds_text(const struct entity *e, int text, int depth)
{
	if (e->what == ENTITY_MULTIPART && depth < MIME_DEPTH) {
		for (size_t i = 0; i < e->n && i < 100; i++)
			if (holds_text(&e->parts[i], text, depth + 1))
				return true;
		return false;
	}
	return (text == TEXT_OTHER ? e->text != TEXT_NONE : (int)e->text == text) && !e->attachment;
}

/* Of alternatives the last one with HTML, else with plain text, else with any; of related parts the first; of all others each: -1. */
static int shown_child(struct walk *w, const struct entity *e)
{
	static const int best[] = {TEXT_HTML, TEXT_PLAIN, TEXT_OTHER};
	if (e->shows == SHOWS_EACH || e->n == 0 || e->n > 100)
		return -1;
	if (e->shows == SHOWS_FIRST)
		return holds_text(e->parts, TEXT_OTHER, w->depth) ? 0 : -1;
	for (size_t b = 0; b < sizeof best / sizeof *best; b++)
		for (int i = (int)e->n - 1; i >= 0; i--)
			if (holds_text(&e->parts[i], best[b], w->depth))
				return i;
	return -1;
}

static void multipart(struct walk *w, const struct entity *e)
{
	int shown = w->shown ? shown_child(w, e) : -1;
	struct walk inner = *w;
	inner.depth++;
	for (size_t i = 0; i < e->n; i++) {
		inner.shown = w->shown && (shown < 0 || (size_t)shown == i);
		walk_entity(&inner, &e->parts[i]);
	}
}

static void walk_entity(struct walk *w, const struct entity *e)
{
	static void (*const walks[])(struct walk *, const struct entity *) = {
		[ENTITY_LEAF] = leaf, [ENTITY_MESSAGE] = message_part, [ENTITY_MULTIPART] = multipart};
	if (w->depth >= MIME_DEPTH)
		reading_defect(w->reading, w->arena, "parts are nested too deep: the inner ones are not read");
	else
		walks[e->what](w, e);
}

/* ---- the whole */

static void read_structure(struct walk *w, struct span body)
{
	const struct headers *h = &w->parts->headers;
	struct entity top;
	struct gmime gmime = {0};
	if (gmime_read(&gmime, h, body, w->arena, w->reading, &top)) {
		w->parts->top_type = top.type;
		w->parts->report_type = top.report_type;
		walk_entity(w, &top);
	}
	gmime_close(&gmime);
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

static struct span line_ends(struct span raw, struct arena *arena, struct reading *reading)
{
	struct span lines = content_line_ends(arena, raw);
	if (lines.p != raw.p)
		reading_defect(reading, arena, "lines end with CR alone");
	return lines;
}

static void read_whole(struct span raw, struct arena *arena, struct mail_parts *parts, struct reading *reading, bool keep)
{
	mime_warm_up();
	*parts = (struct mail_parts){.top_type = "text/plain", .report_type = ""};
	struct span body = headers_read(line_ends(raw, arena, reading), arena, &parts->headers, reading);
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
