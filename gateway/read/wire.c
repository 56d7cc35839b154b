#include "gateway/pack.h"
#include "gateway/read/read.h"
#include "rules/files.h"

/* Each noun has its put_ and get_ side by side, in the order of rules/reading.h. What a get_ cannot believe sets u->bad;
 * counts are bounded by the bytes that are there. */

#define WIRE_VERSION 3
#define LIST_MOST 20000    /* strings, addresses, parts: as many as the reader itself takes (mime.h) */
#define LINKS_MOST 200000
#define MINUTES_MOST 100000
#define NUMBER_MOST INT32_MAX

static void put_bool(struct str *s, bool value)
{
	pack_u8(s, value);
}

static bool get_bool(struct unpack *u)
{
	return unpack_enum(u, 2) == 1;
}

static void put_int(struct str *s, int64_t value)
{
	pack_u64(s, (uint64_t)value);
}

static int64_t get_int(struct unpack *u, int64_t least, int64_t most)
{
	int64_t value = (int64_t)unpack_u64(u);
	if (value >= least && value <= most)
		return value;
	u->bad = true;
	return least;
}

/* A small packed thing becomes a larger one in memory: so there is a bound beside the bytes that are there. */
static size_t get_count(struct unpack *u, size_t least, size_t most)
{
	size_t n = unpack_count(u, least);
	if (n <= most)
		return n;
	u->bad = true;
	return 0;
}

/* What is not UTF-8 would be refused on the other side, and the mail with it: so it is mended here. */
static void put_known(struct str *s, const char *text)
{
	if (text == NULL) {
		pack_text(s, NULL);
		return;
	}
	size_t n = strlen(text);
	if (utf8_valid(text, n)) {
		pack_bytes(s, text, n);
		return;
	}
	struct str mended = {.max = 3 * n};
	char code[4];
	for (const char *p = text, *end = text + n; p < end;)
		str_add(&mended, code, utf8_put(code, utf8_next(&p, end)));
	pack_bytes(s, mended.p, mended.n);
	str_release(&mended);
}

/* Text that is never NULL. */
static const char *get_text(struct unpack *u, struct arena *arena)
{
	const char *s = unpack_text(u, arena);
	if (s == NULL)
		u->bad = true;
	return s == NULL ? "" : s;
}

static void put_text(struct str *s, const char *text)
{
	put_known(s, text == NULL ? "" : text);
}

static void put_strs(struct str *s, const struct strs *list)
{
	pack_u32(s, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++)
		put_text(s, list->v[i]);
}

static struct strs get_strs(struct unpack *u, struct arena *arena)
{
	struct strs list = {.n = get_count(u, 4, LIST_MOST)};
	list.v = arena_alloc(arena, list.n * sizeof *list.v);
	for (size_t i = 0; i < list.n; i++)
		list.v[i] = get_text(u, arena);
	return list;
}

static void put_address(struct str *s, const struct mailaddr *a)
{
	put_text(s, a->name);
	put_text(s, a->addr);
}

static struct mailaddr get_address(struct unpack *u, struct arena *arena)
{
	const char *name = get_text(u, arena);
	return (struct mailaddr){name, get_text(u, arena)};
}

static void put_addresses(struct str *s, const struct mailaddrs *list)
{
	pack_u32(s, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++)
		put_address(s, &list->v[i]);
}

static struct mailaddrs get_addresses(struct unpack *u, struct arena *arena)
{
	struct mailaddrs list = {.n = get_count(u, 8, LIST_MOST)};
	list.v = arena_alloc(arena, list.n * sizeof *list.v);
	for (size_t i = 0; i < list.n; i++)
		list.v[i] = get_address(u, arena);
	return list;
}

/* ---- the header */

static void put_head(struct str *s, const struct reading *r)
{
	put_known(s, r->subject);
	put_address(s, &r->from);
	put_address(s, &r->sender);
	put_addresses(s, &r->to);
	put_addresses(s, &r->cc);
	put_addresses(s, &r->reply_to);
	put_strs(s, &r->recipients);
	put_bool(s, r->has_date);
	put_int(s, r->date_unix);
	put_int(s, r->date_day);
	put_known(s, r->message_id);
	put_known(s, r->in_reply_to);
	put_strs(s, &r->references);
	put_known(s, r->list_id);
	put_known(s, r->unsubscribe_http);
	put_known(s, r->unsubscribe_mailto);
	put_bool(s, r->one_click);
	put_bool(s, r->automated);
}

static void get_head(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->subject = unpack_text(u, arena);
	r->from = get_address(u, arena);
	r->sender = get_address(u, arena);
	r->to = get_addresses(u, arena);
	r->cc = get_addresses(u, arena);
	r->reply_to = get_addresses(u, arena);
	r->recipients = get_strs(u, arena);
	r->has_date = get_bool(u);
	r->date_unix = get_int(u, INT64_MIN / 2, INT64_MAX / 2);
	r->date_day = (int32_t)get_int(u, INT32_MIN, INT32_MAX);
	r->message_id = unpack_text(u, arena);
	r->in_reply_to = unpack_text(u, arena);
	r->references = get_strs(u, arena);
	r->list_id = unpack_text(u, arena);
	r->unsubscribe_http = unpack_text(u, arena);
	r->unsubscribe_mailto = unpack_text(u, arena);
	r->one_click = get_bool(u);
	r->automated = get_bool(u);
}

/* ---- the words */

static void put_forwarded(struct str *s, const struct forwarded *f)
{
	put_bool(s, f != NULL);
	if (f == NULL)
		return;
	put_address(s, &f->from);
	put_addresses(s, &f->to);
	put_addresses(s, &f->cc);
	put_addresses(s, &f->reply_to);
	put_known(s, f->date);
	put_known(s, f->subject);
	put_known(s, f->body);
	put_known(s, f->message_id);
}

static struct forwarded *get_forwarded(struct unpack *u, struct arena *arena)
{
	if (!get_bool(u))
		return NULL;
	struct forwarded *f = arena_alloc(arena, sizeof *f);
	f->from = get_address(u, arena);
	f->to = get_addresses(u, arena);
	f->cc = get_addresses(u, arena);
	f->reply_to = get_addresses(u, arena);
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
		put_text(s, r->answers[i].quoted);
		put_text(s, r->answers[i].own);
	}
}

static void get_answers(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->n_answers = get_count(u, 8, LIST_MOST);
	r->answers = arena_alloc(arena, r->n_answers * sizeof *r->answers);
	for (size_t i = 0; i < r->n_answers; i++) {
		r->answers[i].quoted = get_text(u, arena);
		r->answers[i].own = get_text(u, arena);
	}
}

static void put_words(struct str *s, const struct reading *r)
{
	pack_u8(s, r->kind);
	put_text(s, r->own);
	put_known(s, r->signature);
	put_known(s, r->after);
	put_text(s, r->quoted);
	put_known(s, r->text);
	put_known(s, r->plain);
	put_bool(s, r->html);
	put_forwarded(s, r->forwarded);
	put_answers(s, r);
}

static void get_words(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->kind = (enum mail_kind)unpack_enum(u, MAIL_KIND_COUNT);
	r->own = get_text(u, arena);
	r->signature = unpack_text(u, arena);
	r->after = unpack_text(u, arena);
	r->quoted = get_text(u, arena);
	r->text = unpack_text(u, arena);
	r->plain = unpack_text(u, arena);
	r->html = get_bool(u);
	r->forwarded = get_forwarded(u, arena);
	get_answers(u, arena, r);
}

/* ---- links and parts */

static void put_links(struct str *s, const struct reading *r)
{
	pack_u32(s, (uint32_t)r->n_links);
	for (size_t i = 0; i < r->n_links; i++) {
		put_text(s, r->links[i].url);
		put_text(s, r->links[i].seen);
		put_text(s, r->links[i].text);
		pack_u8(s, r->links[i].where);
		pack_u8(s, r->links[i].role);
	}
}

static void get_links(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->n_links = get_count(u, 14, LINKS_MOST);
	r->links = arena_alloc(arena, r->n_links * sizeof *r->links);
	for (size_t i = 0; i < r->n_links; i++) {
		r->links[i].url = get_text(u, arena);
		r->links[i].seen = get_text(u, arena);
		r->links[i].text = get_text(u, arena);
		r->links[i].where = (enum link_where)unpack_enum(u, WHERE_COUNT);
		r->links[i].role = (enum link_role)unpack_enum(u, ROLE_COUNT);
	}
}

static void put_parts(struct str *s, const struct reading *r)
{
	put_strs(s, &r->leaves);
	pack_u32(s, (uint32_t)r->n_attachments);
	for (size_t i = 0; i < r->n_attachments; i++) {
		put_text(s, r->attachments[i].filename);
		put_text(s, r->attachments[i].type);
		pack_u64(s, r->attachments[i].bytes);
		pack_bytes(s, r->attachments[i].content.n == 0 ? "" : r->attachments[i].content.p, r->attachments[i].content.n);
	}
	pack_u32(s, (uint32_t)r->n_attached);
	for (size_t i = 0; i < r->n_attached; i++) {
		put_known(s, r->attached[i].subject);
		put_address(s, &r->attached[i].from);
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
	r->leaves = get_strs(u, arena);
	uint64_t left = FILES_BYTES;
	r->n_attachments = get_count(u, 20, LIST_MOST);
	r->attachments = arena_alloc(arena, r->n_attachments * sizeof *r->attachments);
	for (size_t i = 0; i < r->n_attachments; i++) {
		r->attachments[i].filename = get_text(u, arena);
		r->attachments[i].type = get_text(u, arena);
		r->attachments[i].bytes = (uint64_t)get_int(u, 0, INT64_MAX);
		r->attachments[i].content = get_content(u, arena, &left);
	}
	r->n_attached = get_count(u, 12, LIST_MOST);
	r->attached = arena_alloc(arena, r->n_attached * sizeof *r->attached);
	for (size_t i = 0; i < r->n_attached; i++) {
		r->attached[i].subject = unpack_text(u, arena);
		r->attached[i].from = get_address(u, arena);
	}
}

/* ---- machines and authentication */

static void put_reports(struct str *s, const struct reading *r)
{
	pack_u32(s, (uint32_t)r->n_reports);
	for (size_t i = 0; i < r->n_reports; i++) {
		put_text(s, r->reports[i].recipient);
		put_known(s, r->reports[i].status);
		put_known(s, r->reports[i].reason);
		put_bool(s, r->reports[i].hard);
	}
	put_strs(s, &r->feedback_types);
}

static void get_reports(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->n_reports = get_count(u, 13, LIST_MOST);
	r->reports = arena_alloc(arena, r->n_reports * sizeof *r->reports);
	for (size_t i = 0; i < r->n_reports; i++) {
		r->reports[i].recipient = get_text(u, arena);
		r->reports[i].status = unpack_text(u, arena);
		r->reports[i].reason = unpack_text(u, arena);
		r->reports[i].hard = get_bool(u);
	}
	r->feedback_types = get_strs(u, arena);
}

static void put_auth(struct str *s, const struct reading *r)
{
	put_known(s, r->authserv);
	pack_u8(s, r->auth);
	pack_u32(s, (uint32_t)r->n_auth_results);
	for (size_t i = 0; i < r->n_auth_results; i++) {
		const struct auth_result *a = &r->auth_results[i];
		put_text(s, a->method);
		put_text(s, a->result);
		pack_u32(s, (uint32_t)a->n_props);
		for (size_t k = 0; k < a->n_props; k++) {
			put_text(s, a->props[k].name);
			put_text(s, a->props[k].value);
		}
	}
}

static void get_auth(struct unpack *u, struct arena *arena, struct reading *r)
{
	r->authserv = unpack_text(u, arena);
	r->auth = (enum auth_verdict)unpack_enum(u, AUTH_FAIL + 1);
	r->n_auth_results = get_count(u, 12, LIST_MOST);
	r->auth_results = arena_alloc(arena, r->n_auth_results * sizeof *r->auth_results);
	for (size_t i = 0; i < r->n_auth_results; i++) {
		struct auth_result *a = &r->auth_results[i];
		a->method = get_text(u, arena);
		a->result = get_text(u, arena);
		a->n_props = get_count(u, 8, LIST_MOST);
		a->props = arena_alloc(arena, a->n_props * sizeof *a->props);
		for (size_t k = 0; k < a->n_props; k++) {
			a->props[k].name = get_text(u, arena);
			a->props[k].value = get_text(u, arena);
		}
	}
}

/* ---- what was said */

static void put_tagging(struct str *s, const struct tagging *t)
{
	put_bool(s, t->pln);
	put_strs(s, &t->tags);
	pack_u8(s, t->kind);
	put_strs(s, &t->topics);
	put_strs(s, &t->with);
	put_int(s, t->minutes);
	put_int(s, t->day);
	put_bool(s, t->starred);
	put_bool(s, t->is_private);
	put_bool(s, t->nocredit);
	put_bool(s, t->unstar);
	put_bool(s, t->share);
	put_text(s, t->note);
}

static void get_tagging(struct unpack *u, struct arena *arena, struct tagging *t)
{
	t->pln = get_bool(u);
	t->tags = get_strs(u, arena);
	t->kind = (enum entry_kind)unpack_enum(u, KIND_COUNT);
	t->topics = get_strs(u, arena);
	t->with = get_strs(u, arena);
	t->minutes = (int)get_int(u, MINUTES_NONE, MINUTES_MOST);
	t->day = (int32_t)get_int(u, INT32_MIN, INT32_MAX);
	t->starred = get_bool(u);
	t->is_private = get_bool(u);
	t->nocredit = get_bool(u);
	t->unstar = get_bool(u);
	t->share = get_bool(u);
	t->note = get_text(u, arena);
}

static void put_commands(struct str *s, const struct said *said)
{
	pack_u32(s, (uint32_t)said->n_commands);
	for (size_t i = 0; i < said->n_commands; i++) {
		pack_u8(s, said->commands[i].verb);
		put_int(s, said->commands[i].number);
		put_int(s, said->commands[i].day);
		put_text(s, said->commands[i].rest);
	}
}

static void get_commands(struct unpack *u, struct arena *arena, struct said *said)
{
	said->n_commands = get_count(u, 21, LIST_MOST);
	said->commands = arena_alloc(arena, said->n_commands * sizeof *said->commands);
	for (size_t i = 0; i < said->n_commands; i++) {
		said->commands[i].verb = (enum command_verb)unpack_enum(u, COMMAND_COUNT);
		said->commands[i].number = (int)get_int(u, 0, NUMBER_MOST);
		said->commands[i].day = (int32_t)get_int(u, INT32_MIN, INT32_MAX);
		said->commands[i].rest = get_text(u, arena);
	}
}

static void put_decisions(struct str *s, const struct said *said)
{
	pack_u32(s, (uint32_t)said->n_decisions);
	for (size_t i = 0; i < said->n_decisions; i++) {
		const struct decision *d = &said->decisions[i];
		pack_u8(s, d->verb);
		put_bool(s, d->all);
		pack_u32(s, (uint32_t)d->n_ranges);
		for (size_t k = 0; k < d->n_ranges; k++) {
			put_int(s, d->ranges[k].from);
			put_int(s, d->ranges[k].to);
		}
		put_int(s, d->minutes);
		put_int(s, d->same_as);
		put_text(s, d->words);
		put_text(s, d->line);
	}
}

static void get_decision(struct unpack *u, struct arena *arena, struct decision *d)
{
	d->verb = (enum decision_verb)unpack_enum(u, DECISION_COUNT);
	d->all = get_bool(u);
	d->n_ranges = get_count(u, 16, LIST_MOST);
	d->ranges = arena_alloc(arena, d->n_ranges * sizeof *d->ranges);
	for (size_t k = 0; k < d->n_ranges; k++) {
		d->ranges[k].from = (int)get_int(u, 0, NUMBER_MOST);
		d->ranges[k].to = (int)get_int(u, d->ranges[k].from, NUMBER_MOST);
	}
	d->minutes = (int)get_int(u, MINUTES_NONE, MINUTES_MOST);
	d->same_as = (int)get_int(u, 0, NUMBER_MOST);
	d->words = get_text(u, arena);
	d->line = get_text(u, arena);
}

static void put_said(struct str *s, const struct said *said)
{
	put_tagging(s, &said->tagging);
	put_commands(s, said);
	put_decisions(s, said);
	put_strs(s, &said->unclear);
	put_bool(s, said->prose);
}

static void get_said(struct unpack *u, struct arena *arena, struct said *said)
{
	get_tagging(u, arena, &said->tagging);
	get_commands(u, arena, said);
	said->n_decisions = get_count(u, 30, LIST_MOST);
	said->decisions = arena_alloc(arena, said->n_decisions * sizeof *said->decisions);
	for (size_t i = 0; i < said->n_decisions; i++)
		get_decision(u, arena, &said->decisions[i]);
	said->unclear = get_strs(u, arena);
	said->prose = get_bool(u);
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
	put_said(s, &r->said);
	put_strs(s, &r->hits);
	put_strs(s, &r->failed);
	put_strs(s, &r->defects);
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
	get_said(&u, arena, &r.said);
	r.hits = get_strs(&u, arena);
	r.failed = get_strs(&u, arena);
	r.defects = get_strs(&u, arena);
	if (!unpack_done(&u))
		return -1;
	*out = r;
	return 0;
}
