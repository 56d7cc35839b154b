#include <strings.h>

#include "gateway/read/machine.h"

#define NOTICE_MAX ((size_t)256 << 10)
#define FAILURES_MAX 1000
#define ENOUGH 4       /* points of evidence that make a bounce of a mail without RFC 3464 fields */
#define MORE 5         /* of one from somebody else that says of itself that it is an automatic answer */
#define OVERWHELMING 6 /* of one that no mail system's name stands on */

void failures_add(struct failures *list, struct arena *arena, const struct failure *f)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i].recipient, f->recipient) == 0)
			return;
	if (list->n < FAILURES_MAX)
		*ARENA_PUSH(arena, list->v, list->n) = *f;
}

/* ---- where the returned mail begins inside a text */

/* Of a mail's header; the first few are never written by people or in reports. */
static const char *const field_names[] = {"Received", "Return-Path", "Message-ID", "MIME-Version", "DKIM-Signature", "X-Received",
	"DomainKey-Signature", "ARC-Seal", "From", "To", "Subject", "Date", "Cc", "Reply-To", "Sender", "Content-Type",
	"Content-Transfer-Encoding", "User-Agent", "X-Mailer", "Delivered-To", "In-Reply-To", "References", "Precedence"};
#define TELLING 8

/* 2 a telling header field, 1 another, 0 none. */
static int field_rank(struct span line)
{
	struct span value;
	for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++)
		if (bounce_field(line, field_names[i], &value))
			return i < TELLING ? 2 : 1;
	return 0;
}

/* Do three header fields, one of them telling, begin here? */
static bool is_header_start(struct span rest)
{
	struct span line;
	int fields = 0, best = 0;
	for (int i = 0; i < 24 && fields < 3 && span_line(&rest, &line); i++) {
		int rank = field_rank(line);
		bool continued = fields > 0 && line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
		bool other = rank == 0 && fields > 0 && (span_starts_nocase(line, "X-") || span_starts_nocase(line, "List-"));
		if (rank == 0 && !continued && !other)
			return false;
		fields += rank > 0;
		best = rank > best ? rank : best;
	}
	return fields >= 3 && best == 2;
}

/* "--- Below this line is a copy of the message." */
static bool announces_original(struct span line, struct arena *arena)
{
	struct says_hit hit;
	line = span_trim(line);
	if (line.n < 8 || line.n >= 160 || memchr(line.p, '@', line.n) != NULL)
		return false;
	struct span folded = says_fold(line, 160, arena);
	return says_find(SAYS_ORIGINAL, folded, &hit) && folded.n - hit.end < 48;
}

/* What a forward has put in front of every line. */
static struct span without_quotes(struct span line)
{
	while (span_starts(line, "> "))
		line = span_skip(line, 2);
	return span_eq(line, ">") ? span_skip(line, 1) : line;
}

/* Adds the lines of a text up to the returned mail, which becomes `original`. */
static void add_text(struct bounce *b, struct span text, bool field, size_t *room)
{
	struct span line;
	text.n = text.n < *room ? text.n : *room;
	*room -= text.n;
	while (true) {
		struct span here = text;
		if (!span_line(&text, &line))
			return;
		bool begins = !field && field_rank(line) > 0 && is_header_start(here);
		bool follows = !field && !begins && !b->whole && announces_original(line, b->arena);
		if ((begins || follows) && b->original.n == 0)
			b->original = begins ? here : text;
		if (begins || follows)
			return;
		*ARENA_PUSH(b->arena, b->lines, b->n) = (struct bounce_line){without_quotes(line), field};
	}
}

/* ---- the parts of the mail */

static bool is_status(const struct part *part)
{
	return strcmp(part->type, "message/delivery-status") == 0 || strcmp(part->type, "message/global-delivery-status") == 0;
}

static bool is_original(const struct part *part)
{
	return strcmp(part->type, "message/rfc822") == 0 || strcmp(part->type, "message/global") == 0 ||
	       strcmp(part->type, "message/global-headers") == 0 || strncmp(part->type, "text/rfc822-header", 18) == 0 ||
	       strncmp(part->type, "message/rfc822-header", 21) == 0;
}

/* The page's visible lines, where there is no plain text. */
static void add_page(struct bounce *b, const struct body *body, size_t *room)
{
	for (size_t i = 0; i < body->n && *room > 0; i++) {
		struct span line = body->lines[i].text;
		line.n = line.n < *room ? line.n : *room;
		*room -= line.n;
		if (!b->whole && announces_original(line, b->arena))
			return;
		*ARENA_PUSH(b->arena, b->lines, b->n) = (struct bounce_line){line, false};
	}
}

static void gather(struct bounce *b, const struct mail_parts *parts, const struct body *body)
{
	size_t room = NOTICE_MAX;
	bool plain = false;
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = &parts->v[i];
		if (part->inside_message)
			continue;
		if (is_original(part) && b->original.n == 0)
			b->original = part->text;
		else if (is_status(part))
			add_text(b, part->text, true, &room);
		else if (strncmp(part->type, "text/", 5) == 0 && strcmp(part->type, "text/html") != 0 && strcmp(part->type, "text/calendar") != 0)
			add_text(b, part->text, false, &room), plain = plain || part->text.n > 0;
	}
	if (!plain && body != NULL)
		add_page(b, body, &room);
}

/* The address of the list that a list manager speaks for. */
static const char *managed_list(const struct mailaddr *from, struct arena *arena)
{
	static const char *const roles[] = {"-admin", "-owner", "-bounces", "-request"};
	struct span addr = span_of(from->addr), domain = address_domain(addr);
	struct span local = {addr.p, domain.n == 0 ? 0 : addr.n - domain.n - 1};
	if (span_starts_nocase(local, "owner-"))
		return found_lower(arena, span_skip(addr, 6));
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (span_ends_nocase(local, roles[i]) && local.n > strlen(roles[i])) {
			const char *list = arena_printf(arena, "%.*s@%.*s", (int)(local.n - strlen(roles[i])), local.p, SPAN_ARG(domain));
			return found_lower(arena, span_of(list));
		}
	return NULL;
}

/* Sender and receiver of the report itself, and the sender of the returned mail. */
static void know_others(struct bounce *b, const struct reading *r)
{
	struct span rest = b->original, line, value;
	struct found_address found;
	b->list = managed_list(&r->from, b->arena);
	strs_add(&b->others, b->arena, found_lower(b->arena, span_of(r->from.addr)));
	for (size_t i = 0; i < r->to.n && i < 10; i++)
		strs_add(&b->others, b->arena, found_lower(b->arena, span_of(r->to.v[i].addr)));
	for (size_t i = 0; i < 200 && span_line(&rest, &line); i++) {
		size_t at = 0;
		if ((bounce_field(line, "From", &value) || bounce_field(line, "Return-Path", &value)) && address_next(value, &at, &found))
			strs_add(&b->others, b->arena, found_lower(b->arena, found.address));
	}
}

/* ---- is it one? */

struct evidence {
	int points;
	bool standard; /* RFC 3464 fields, or a content type that promises them */
	bool machine;  /* sent by a mail system */
	int enough;    /* points it takes */
	bool says, delay, success;
};

bool bounce_from_system(const struct mailaddr *from, struct arena *arena)
{
	struct span addr = span_of(from->addr), local;
	if (!span_until(&addr, '@', &local))
		local = span_of(from->addr);
	struct span name = says_fold(span_of(from->name), 200, arena);
	return !says_any(SAYS_ON_BEHALF, name) && (says_any(SAYS_BOUNCE_FROM, name) || says_any(SAYS_BOUNCE_FROM, says_fold(local, 200, arena)));
}

static bool has_null_return(const struct headers *headers)
{
	const char *path = headers_value(headers, "Return-Path");
	struct span s = span_trim(span_of(path));
	return path != NULL && (s.n == 0 || span_eq(s, "<>") || span_starts_nocase(s, "<mailer-daemon") || span_starts_nocase(s, "mailer-daemon"));
}

static struct evidence weigh_headers(const struct mail_parts *parts, const struct reading *r, struct arena *arena)
{
	struct evidence e = {0};
	struct span subject = says_fold(span_of(r->subject), 500, arena);
	bool failed = headers_value(&parts->headers, "X-Failed-Recipients") != NULL;
	e.standard = strcasecmp(parts->report_type, "delivery-status") == 0 || strcmp(parts->top_type, "message/delivery-status") == 0;
	for (size_t i = 0; i < parts->n; i++)
		e.standard = e.standard || (!parts->v[i].inside_message && is_status(&parts->v[i]));
	bool system = bounce_from_system(&r->from, arena) || (r->from.addr[0] == '\0' && headers_value(&parts->headers, "From") != NULL);
	bool null_return = has_null_return(&parts->headers);
	e.says = says_any(SAYS_BOUNCE_SUBJECT, subject);
	e.delay = says_any(SAYS_DELAY, subject);
	e.success = says_any(SAYS_SUCCESS, subject);
	e.machine = failed || e.standard || system || null_return || says_header(HEADER_BOUNCE, &parts->headers);
	const char *automatic = headers_value(&parts->headers, "Auto-Submitted");
	bool answer = automatic != NULL && strcasestr(automatic, "auto-replied") != NULL;
	e.enough = !e.machine ? OVERWHELMING : answer && !system && !failed ? MORE : ENOUGH;
	e.points = 3 * failed + 2 * system + null_return + 2 * (e.says || e.delay || e.success) + 2 * e.standard;
	return e;
}

static struct span notice_text(const struct bounce *b)
{
	struct str all = {.max = 64 << 10};
	for (size_t i = 0; i < b->n && !all.cut; i++) {
		str_span(&all, b->lines[i].text);
		str_putc(&all, ' ');
	}
	struct span folded = says_fold((struct span){str_c(&all), all.n}, all.n, b->arena);
	str_release(&all);
	return folded;
}

/* In any language: an SMTP reply with an enhanced status code, or about an address. */
static bool quotes_refusal(const struct bounce *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct span line = b->lines[i].text;
		line.n = line.n < 1024 ? line.n : 1024;
		if (!b->lines[i].field && bounce_reply_code(line) != 0 && (bounce_status_code(line).n > 0 || memchr(line.p, '@', line.n) != NULL))
			return true;
	}
	return false;
}

static void weigh_text(const struct bounce *b, struct evidence *e)
{
	struct span notice = notice_text(b);
	bool says = says_any(SAYS_BOUNCE_BODY, notice), delay = says_any(SAYS_DELAY, notice);
	bool transcript = memmem(notice.p, notice.n, "rcpt to:", 8) != NULL, refusal = quotes_refusal(b);
	e->points += 2 * (says || delay || refusal) + (b->original.n > 0) + transcript;
	e->says = e->says || says || (refusal && !delay);
	e->delay = e->delay || delay;
}

/* ---- what it reports */

static enum mail_kind kind_of(const struct failures *list, const struct evidence *e, bool standard)
{
	size_t failed = 0, delayed = 0, delivered = 0;
	for (size_t i = 0; i < list->n; i++)
		*(list->v[i].delivered ? &delivered : list->v[i].delayed ? &delayed : &failed) += 1;
	if (standard)
		return failed > 0 ? MAIL_BOUNCE : delayed > 0 ? MAIL_DELAY_WARNING : delivered > 0 ? MAIL_DSN_SUCCESS : MAIL_BOUNCE;
	return e->success && !e->says ? MAIL_DSN_SUCCESS : e->delay ? MAIL_DELAY_WARNING : MAIL_BOUNCE;
}

/* Fills the reports. A delay whose cause is named is a (soft) failure that may be counted; one that only says "not yet" is a warning. */
static enum mail_kind report_all(const struct bounce *b, const struct failures *list, enum mail_kind kind, struct reading *r)
{
	bool caused = false;
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].delivered == (kind == MAIL_DSN_SUCCESS))
			caused = bounce_report(b, &list->v[i], ARENA_PUSH(b->arena, r->reports, r->n_reports)) || caused;
	return kind == MAIL_DELAY_WARNING && caused ? MAIL_BOUNCE : kind;
}

/* In the report's own lines; else in all lines, because words that seemed to announce the returned mail may not have. */
static void find_recipients(struct bounce *b, const struct mail_parts *parts, const struct body *body, struct failures *list)
{
	if (bounce_search(b, list))
		return;
	struct bounce again = *b;
	again.lines = NULL;
	again.n = 0;
	again.whole = true;
	if (parts != NULL)
		gather(&again, parts, body);
	if (again.n > b->n && bounce_search(&again, list))
		*b = again;
	else
		bounce_guess(b, list);
}

static enum mail_kind conclude(struct bounce *b, const struct mail_parts *parts, const struct body *body, struct evidence *e,
                               struct reading *r)
{
	struct failures list = {0};
	bool standard = bounce_groups(b, &list);
	weigh_text(b, e);
	bool says = e->says || e->delay || e->success;
	if (!e->standard && !(standard && (e->machine || says)) && !(says && e->points >= e->enough))
		return MAIL_KIND_COUNT;
	know_others(b, r);
	if (standard)
		bounce_explain(b, &list);
	else
		find_recipients(b, parts, body, &list);
	enum mail_kind kind = kind_of(&list, e, standard);
	for (size_t i = 0; i < list.n && !standard; i++)
		list.v[i].delivered = kind == MAIL_DSN_SUCCESS, list.v[i].delayed = kind == MAIL_DELAY_WARNING;
	return report_all(b, &list, kind, r);
}

/* Hardly any words of one's own, and no tag. */
static bool is_passed_on(const struct split *split)
{
	const char *own = split == NULL || split->own == NULL ? "" : split->own;
	return strlen(own) < 160 && strchr(own, '#') == NULL;
}

/* Somebody forwards a bounce without words of their own. */
static enum mail_kind forwarded_bounce(const struct split *split, struct arena *arena, struct reading *r)
{
	const struct forwarded *f = split == NULL ? NULL : split->forwarded;
	struct bounce b = {.arena = arena};
	size_t room = NOTICE_MAX;
	if (f == NULL || f->body == NULL || !is_passed_on(split) || !bounce_from_system(&f->from, arena))
		return MAIL_KIND_COUNT;
	struct evidence e = {.points = 2, .machine = true, .enough = ENOUGH};
	e.says = says_any(SAYS_BOUNCE_SUBJECT, says_fold(span_of(f->subject), 500, arena));
	e.points += 2 * e.says;
	add_text(&b, span_of(f->body), false, &room);
	return conclude(&b, NULL, NULL, &e, r);
}

enum mail_kind bounce_read(const struct mail_parts *parts, const struct body *body, const struct split *split, struct arena *arena,
                           struct reading *r)
{
	struct bounce b = {.arena = arena, .failed = headers_value(&parts->headers, "X-Failed-Recipients")};
	struct evidence e = weigh_headers(parts, r, arena);
	if (!e.machine && !e.says)
		return forwarded_bounce(split, arena, r);
	bool forward = split != NULL && split->forwarded != NULL, answers = r->in_reply_to != NULL || (split != NULL && split->reply);
	if (!e.machine && (answers || (forward && !is_passed_on(split))))
		return MAIL_KIND_COUNT;
	gather(&b, parts, body);
	return conclude(&b, parts, body, &e, r);
}
