#include "gateway/pack.h"
#include "gateway/read/read.h"
#include "gateway/read/wire-values.h"
#include "rules/files.h"

/* Each noun has its put_ and get_ side by side, in the order of rules/reading.h (wire-said.c: what the words say to the program);
 * counts are bounded by the bytes that are there. */

#define WIRE_VERSION 4
#define LINKS_MOST 200000

/* ---- the header */

static void put_head(struct str *s, const struct reading *r)
{
	wire_put_known(s, r->subject);
	wire_put_address(s, &r->from);
	wire_put_address(s, &r->sender);
	wire_put_addresses(s, &r->to);
	wire_put_addresses(s, &r->cc);
	wire_put_addresses(s, &r->reply_to);
	wire_put_strs(s, &r->recipients);
	wire_put_bool(s, r->has_date);
	wire_put_int(s, r->date_unix);
	wire_put_int(s, r->date_day);
	wire_put_known(s, r->message_id);
	wire_put_known(s, r->in_reply_to);
	wire_put_strs(s, &r->references);
	wire_put_known(s, r->list_id);
	wire_put_known(s, r->unsubscribe_http);
	wire_put_known(s, r->unsubscribe_mailto);
	wire_put_bool(s, r->one_click);
	wire_put_bool(s, r->automated);
}

static void get_head(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->subject = unpack_text(u, arena);
	r->from = wire_get_address(u, arena);
	r->sender = wire_get_address(u, arena);
	r->to = wire_get_addresses(u, arena);
	r->cc = wire_get_addresses(u, arena);
	r->reply_to = wire_get_addresses(u, arena);
	r->recipients = wire_get_strs(u, arena);
	r->has_date = wire_get_bool(u);
	r->date_unix = wire_get_int(u, INT64_MIN / 2, INT64_MAX / 2);
	r->date_day = (int32_t)wire_get_int(u, INT32_MIN, INT32_MAX);
	r->message_id = unpack_text(u, arena);
	r->in_reply_to = unpack_text(u, arena);
	r->references = wire_get_strs(u, arena);
	r->list_id = unpack_text(u, arena);
	r->unsubscribe_http = unpack_text(u, arena);
	r->unsubscribe_mailto = unpack_text(u, arena);
	r->one_click = wire_get_bool(u);
	r->automated = wire_get_bool(u);
}

/* ---- the words */

static void put_forwarded(struct str *s, const struct forwarded *f)
{
	wire_put_bool(s, f != NULL);
	if (f == NULL)
		return;
	wire_put_address(s, &f->from);
	wire_put_addresses(s, &f->to);
	wire_put_addresses(s, &f->cc);
	wire_put_addresses(s, &f->reply_to);
	wire_put_known(s, f->date);
	wire_put_known(s, f->subject);
	wire_put_known(s, f->body);
	wire_put_known(s, f->message_id);
}

static struct forwarded *get_forwarded(struct unpack *u, struct arena *arena)
{
	if (!wire_get_bool(u))
		return NULL;
	struct forwarded *f = arena_alloc(arena, sizeof *f);
	f->from = wire_get_address(u, arena);
	f->to = wire_get_addresses(u, arena);
	f->cc = wire_get_addresses(u, arena);
	f->reply_to = wire_get_addresses(u, arena);
	f->date = unpack_text(u, arena);
	f->subject = unpack_text(u, arena);
	f->body = unpack_text(u, arena);
	f->message_id = unpack_text(u, arena);
	return f;
}

static void put_answers(struct str *s, const struct reading *r)
{
	pack_u32(s, (uint32_t)r->n_answers);
	for (size_t i = 0; i < r->n_answers; i++) {
		wire_put_text(s, r->answers[i].quoted);
		wire_put_text(s, r->answers[i].own);
	}
}

static void get_answers(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->n_answers = wire_get_count(u, 8, WIRE_LIST_MOST);
	r->answers = arena_alloc(arena, r->n_answers * sizeof *r->answers);
	for (size_t i = 0; i < r->n_answers; i++) {
		r->answers[i].quoted = wire_get_text(u, arena);
		r->answers[i].own = wire_get_text(u, arena);
	}
}

static void put_words(struct str *s, const struct reading *r)
{
	pack_u8(s, r->kind);
	wire_put_text(s, r->own);
	wire_put_known(s, r->signature);
	wire_put_known(s, r->after);
	wire_put_text(s, r->quoted);
	wire_put_known(s, r->text);
	wire_put_known(s, r->plain);
	wire_put_bool(s, r->html);
	put_forwarded(s, r->forwarded);
	put_answers(s, r);
}

static void get_words(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->kind = (enum mail_kind)unpack_enum(u, MAIL_KIND_COUNT);
	r->own = wire_get_text(u, arena);
	r->signature = unpack_text(u, arena);
	r->after = unpack_text(u, arena);
	r->quoted = wire_get_text(u, arena);
	r->text = unpack_text(u, arena);
	r->plain = unpack_text(u, arena);
	r->html = wire_get_bool(u);
	r->forwarded = get_forwarded(u, arena);
	get_answers(u, arena, r);
}

/* ---- links and parts */

static void put_links(struct str *s, const struct reading *r)
{
	pack_u32(s, (uint32_t)r->n_links);
	for (size_t i = 0; i < r->n_links; i++) {
		wire_put_text(s, r->links[i].url);
		wire_put_text(s, r->links[i].seen);
		wire_put_text(s, r->links[i].text);
		wire_put_known(s, i > 0 && strcmp(r->links[i].heading, r->links[i - 1].heading) == 0 ? NULL : r->links[i].heading); /* NULL: as before */
		pack_u8(s, r->links[i].where);
		pack_u8(s, r->links[i].role);
	}
}

static void get_links(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->n_links = wire_get_count(u, 18, LINKS_MOST);
	r->links = arena_alloc(arena, r->n_links * sizeof *r->links);
	for (size_t i = 0; i < r->n_links; i++) {
		r->links[i].url = wire_get_text(u, arena);
		r->links[i].seen = wire_get_text(u, arena);
		r->links[i].text = wire_get_text(u, arena);
		const char *heading = unpack_text(u, arena);
		r->links[i].heading = heading != NULL ? heading : i > 0 ? r->links[i - 1].heading : "";
		r->links[i].where = (enum link_where)unpack_enum(u, WHERE_COUNT);
		r->links[i].role = (enum link_role)unpack_enum(u, ROLE_COUNT);
	}
}

static void put_parts(struct str *s, const struct reading *r)
{
	wire_put_strs(s, &r->leaves);
	pack_u32(s, (uint32_t)r->n_attachments);
	for (size_t i = 0; i < r->n_attachments; i++) {
		wire_put_text(s, r->attachments[i].filename);
		wire_put_text(s, r->attachments[i].type);
		pack_u64(s, r->attachments[i].bytes);
		pack_bytes(s, r->attachments[i].content.n == 0 ? "" : r->attachments[i].content.p, r->attachments[i].content.n);
	}
	pack_u32(s, (uint32_t)r->n_attached);
	for (size_t i = 0; i < r->n_attached; i++) {
		wire_put_known(s, r->attached[i].subject);
		wire_put_address(s, &r->attached[i].from);
	}
}

/* What a frame holds of files is bounded by what is handed on of a mail. */
static struct span get_content(struct unpack *u, struct arena *arena, uint64_t *left)
{
	struct span s = unpack_bytes(u);
	if (s.n > *left)
		u->bad = true;
	if (u->bad)
		return (struct span){"", 0};
	*left -= s.n;
	return (struct span){arena_strndup(arena, s.p, s.n), s.n};
}

static void get_parts(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->leaves = wire_get_strs(u, arena);
	uint64_t left = FILES_BYTES;
	r->n_attachments = wire_get_count(u, 20, WIRE_LIST_MOST);
	r->attachments = arena_alloc(arena, r->n_attachments * sizeof *r->attachments);
	for (size_t i = 0; i < r->n_attachments; i++) {
		r->attachments[i].filename = wire_get_text(u, arena);
		r->attachments[i].type = wire_get_text(u, arena);
		r->attachments[i].bytes = (uint64_t)wire_get_int(u, 0, INT64_MAX);
		r->attachments[i].content = get_content(u, arena, &left);
	}
	r->n_attached = wire_get_count(u, 12, WIRE_LIST_MOST);
	r->attached = arena_alloc(arena, r->n_attached * sizeof *r->attached);
	for (size_t i = 0; i < r->n_attached; i++) {
		r->attached[i].subject = unpack_text(u, arena);
		r->attached[i].from = wire_get_address(u, arena);
	}
}

/* ---- machines and authentication */

static void put_reports(struct str *s, const struct reading *r)
{
	pack_u32(s, (uint32_t)r->n_reports);
	for (size_t i = 0; i < r->n_reports; i++) {
		wire_put_text(s, r->reports[i].recipient);
		wire_put_known(s, r->reports[i].status);
		wire_put_known(s, r->reports[i].reason);
		wire_put_bool(s, r->reports[i].hard);
	}
	wire_put_strs(s, &r->feedback_types);
}

static void get_reports(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->n_reports = wire_get_count(u, 13, WIRE_LIST_MOST);
	r->reports = arena_alloc(arena, r->n_reports * sizeof *r->reports);
	for (size_t i = 0; i < r->n_reports; i++) {
		r->reports[i].recipient = wire_get_text(u, arena);
		r->reports[i].status = unpack_text(u, arena);
		r->reports[i].reason = unpack_text(u, arena);
		r->reports[i].hard = wire_get_bool(u);
	}
	r->feedback_types = wire_get_strs(u, arena);
}

static void put_auth(struct str *s, const struct reading *r)
{
	wire_put_known(s, r->authserv);
	pack_u8(s, r->auth);
	pack_u32(s, (uint32_t)r->n_auth_results);
	for (size_t i = 0; i < r->n_auth_results; i++) {
		const struct auth_result *a = &r->auth_results[i];
		wire_put_text(s, a->method);
		wire_put_text(s, a->result);
		pack_u32(s, (uint32_t)a->n_props);
		for (size_t k = 0; k < a->n_props; k++) {
			wire_put_text(s, a->props[k].name);
			wire_put_text(s, a->props[k].value);
		}
	}
}

static void get_auth(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->authserv = unpack_text(u, arena);
	r->auth = (enum auth_verdict)unpack_enum(u, AUTH_FAIL + 1);
	r->n_auth_results = wire_get_count(u, 12, WIRE_LIST_MOST);
	r->auth_results = arena_alloc(arena, r->n_auth_results * sizeof *r->auth_results);
	for (size_t i = 0; i < r->n_auth_results; i++) {
		struct auth_result *a = &r->auth_results[i];
		a->method = wire_get_text(u, arena);
		a->result = wire_get_text(u, arena);
		a->n_props = wire_get_count(u, 8, WIRE_LIST_MOST);
		a->props = arena_alloc(arena, a->n_props * sizeof *a->props);
		for (size_t k = 0; k < a->n_props; k++) {
			a->props[k].name = wire_get_text(u, arena);
			a->props[k].value = wire_get_text(u, arena);
		}
	}
}

/* ---- the whole */

void wire_pack(struct str *s, const struct reading *r)
{
	str_reserve(s, 2 * (span_of(r->text).n + span_of(r->plain).n) + 4096); /* most of a reading are these, and what was cut out of them */
	pack_u8(s, WIRE_VERSION);
	put_head(s, r);
	put_words(s, r);
	put_links(s, r);
	put_parts(s, r);
	put_reports(s, r);
	put_auth(s, r);
	wire_put_said(s, &r->said);
	wire_put_strs(s, &r->hits);
	wire_put_strs(s, &r->failed);
	wire_put_strs(s, &r->defects);
}

int wire_unpack(struct span bytes, struct arena *arena, struct reading *out)
{
	struct unpack u = {(const unsigned char *)bytes.p, bytes.n, false};
	struct reading r = {0};
	if (unpack_u8(&u) != WIRE_VERSION)
		return -1;
	get_head(&u, arena, &r);
	get_words(&u, arena, &r);
	get_links(&u, arena, &r);
	get_parts(&u, arena, &r);
	get_reports(&u, arena, &r);
	get_auth(&u, arena, &r);
	wire_get_said(&u, arena, &r.said);
	r.hits = wire_get_strs(&u, arena);
	r.failed = wire_get_strs(&u, arena);
	r.defects = wire_get_strs(&u, arena);
	if (!unpack_done(&u))
		return -1;
	*out = r;
	return 0;
}
