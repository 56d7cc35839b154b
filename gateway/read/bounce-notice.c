#include "gateway/read/linkrules.h"
#include "gateway/read/machine.h"

/* What Amazon SES tells by mail through SNS: one JSON object instead of a report (docs.aws.amazon.com/ses, "notification contents"). */

#define NOTICE_MAX ((size_t)256 << 10)

static const struct notice {
	const char *type, *list; /* of its recipients */
	enum mail_kind kind;
} notices[] = {
	{"Bounce", "\"bouncedRecipients\"", MAIL_BOUNCE},
	{"DeliveryDelay", "\"delayedRecipients\"", MAIL_DELAY_WARNING},
	{"Delivery", "\"recipients\"", MAIL_DSN_SUCCESS},
	{"Complaint", "\"complainedRecipients\"", MAIL_FEEDBACK},
};

/* Lines of more than 990 bytes were broken with "!" on the way. */
static struct span whole_lines(struct span text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.n - i > 2 && memcmp(text.p + i, "!\n ", 3) == 0)
			i += 2;
		else
			out[n++] = text.p[i];
	}
	return (struct span){out, n};
}

/* The string of that name; empty when there is none. */
static struct span value_of(struct span json, const char *key, struct arena *arena)
{
	struct str room = {.max = 4096};
	struct span value = {"", 0};
	if (link_json(json, key, &room) == 0)
		value = (struct span){arena_strndup(arena, str_c(&room), room.n), room.n};
	str_release(&room);
	return value;
}

static const struct notice *notice_of(struct span json, struct arena *arena)
{
	struct span type = value_of(json, "notificationType", arena);
	if (type.n == 0)
		type = value_of(json, "eventType", arena);
	for (size_t i = 0; i < sizeof notices / sizeof *notices; i++)
		if (span_eq(type, notices[i].type) && memmem(json.p, json.n, notices[i].list, strlen(notices[i].list)) != NULL)
			return &notices[i];
	return NULL;
}

/* Takes what stands before the mark, which is in no string, off the front of rest; false when there is none. */
static bool until_mark(struct span *rest, char mark, struct span *before)
{
	bool quoted = false;
	for (size_t i = 0; i < rest->n; i++) {
		char c = rest->p[i];
		if (c == mark && !quoted) {
			*before = (struct span){rest->p, i};
			*rest = span_skip(*rest, i + 1);
			return true;
		}
		if (c == '"')
			quoted = !quoted;
		else if (c == '\\' && quoted)
			i++;
	}
	return false;
}

static void add_recipient(const struct notice *notice, struct span item, struct span subtype, struct arena *arena, struct failures *out)
{
	struct found_address found;
	size_t at = 0;
	struct failure f = {.action = value_of(item, "action", arena), .status = value_of(item, "status", arena), .alone = true};
	struct span address = value_of(item, "emailAddress", arena), said = value_of(item, "diagnosticCode", arena);
	f.diagnostic = said.n > 0 ? said : subtype;
	f.delayed = notice->kind == MAIL_DELAY_WARNING;
	f.delivered = notice->kind == MAIL_DSN_SUCCESS;
	if (!address_next(address.n > 0 ? address : item, &at, &found))
		return;
	f.recipient = found_lower(arena, found.address);
	failures_add(out, arena, &f);
}

/* An object for each, or, of those who got it, the address alone. */
static void add_recipients(const struct notice *notice, struct span json, struct arena *arena, struct failures *out)
{
	const char *at = memmem(json.p, json.n, notice->list, strlen(notice->list));
	struct span rest = span_skip(json, (size_t)(at - json.p) + strlen(notice->list)), list, item;
	struct span subtype = value_of(json, "bounceSubType", arena);
	if (!until_mark(&rest, '[', &item) || !until_mark(&rest, ']', &list))
		return;
	const char mark = notice->kind == MAIL_DSN_SUCCESS ? ',' : '}';
	while (out->n < 1000 && until_mark(&list, mark, &item))
		add_recipient(notice, item, subtype, arena, out);
	if (mark == ',')
		add_recipient(notice, list, subtype, arena, out);
}

enum mail_kind notice_read(const struct mail_parts *parts, struct arena *arena, struct reading *r)
{
	struct span json = parts->plain == NULL ? (struct span){"", 0} : span_trim(parts->plain->text);
	struct bounce b = {.arena = arena};
	struct failures list = {0};
	if (json.n == 0 || json.p[0] != '{' || json.n > NOTICE_MAX)
		return MAIL_KIND_COUNT;
	json = whole_lines(json, arena);
	const struct notice *notice = notice_of(json, arena);
	if (notice == NULL)
		return MAIL_KIND_COUNT;
	add_recipients(notice, json, arena, &list);
	if (notice->kind == MAIL_FEEDBACK) {
		struct span type = value_of(json, "complaintFeedbackType", arena);
		strs_add(&r->feedback_types, arena, type.n > 0 ? utf8_lower(arena, type.p, type.n < 60 ? type.n : 60) : "abuse");
		return notice->kind;
	}
	for (size_t i = 0; i < list.n; i++)
		bounce_report(&b, &list.v[i], ARENA_PUSH(arena, r->reports, r->n_reports));
	return notice->kind;
}
