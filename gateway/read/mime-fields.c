#include <strings.h>

#include "gateway/read/mime-content.h"
#include "gateway/read/mime.h"
#include "rules/days.h"

#define ADDRESS_BYTES 131072 /* of one field */
#define ADDRESS_GROUPS 500   /* colons of one field: GMime reads groups by recursion */
#define REFERENCES 100

static const char *clean_copy(struct arena *arena, const char *s)
{
	return header_decode(arena, header_line(arena, span_trim(span_of(s))));
}

/* The domain in lower case, the local part as written. */
static const char *clean_address(struct arena *arena, const char *s)
{
	const char *text = clean_copy(arena, s), *at = strrchr(text, '@');
	if (at == NULL)
		return text;
	return arena_printf(arena, "%.*s%s", (int)(at - text), text, utf8_lower(arena, at, strlen(at)));
}

static void add_mailboxes(struct mailaddrs *list, struct arena *arena, InternetAddressList *from, int depth)
{
	int n = internet_address_list_length(from);
	for (int i = 0; i < n && list->n < MIME_ADDRESSES; i++) {
		InternetAddress *one = internet_address_list_get_address(from, i);
		if (INTERNET_ADDRESS_IS_GROUP(one)) {
			if (depth < 4)
				add_mailboxes(list, arena, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)), depth + 1);
			continue;
		}
		struct mailaddr a = {clean_copy(arena, internet_address_get_name(one)),
			clean_address(arena, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)))};
		if (a.name[0] == '\0' && strchr(a.addr, '@') == NULL)
			a = (struct mailaddr){a.addr, ""}; /* a bare word names somebody, but is no address */
		*ARENA_PUSH(arena, list->v, list->n) = a;
	}
}

/* As many bytes of an address field as can be read without harm. */
static size_t harmless(const char *value)
{
	size_t n = utf8_prefix(value, strlen(value), ADDRESS_BYTES);
	for (size_t i = 0, colons = 0; i < n; i++)
		if (value[i] == ':' && ++colons > ADDRESS_GROUPS)
			return i;
	return n;
}

static bool names_address(const struct mailaddrs *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (strchr(list->v[i].addr, '@') != NULL)
			return true;
	return false;
}

/* "[School] Kim <kim@school.example>", "Kim <mailto:kim@school.example>": what stands in the last angle brackets, and before them. */
static void add_angle(struct mailaddrs *list, struct arena *arena, const char *value)
{
	const char *open = strrchr(value, '<'), *close = open == NULL ? NULL : strchr(open, '>');
	if (close == NULL || close - open > 320)
		return;
	struct span name = span_trim((struct span){value, (size_t)(open - value)}), inside = span_trim((struct span){open + 1, (size_t)(close - open) - 1});
	if (span_starts_nocase(inside, "mailto:"))
		inside = span_skip(inside, strlen("mailto:"));
	const char *address = arena_strndup(arena, inside.p, inside.n);
	if (strchr(address, '@') == NULL || strpbrk(address, " :;,") != NULL || memchr(name.p, '<', name.n) != NULL)
		return;
	*list = (struct mailaddrs){0};
	*ARENA_PUSH(arena, list->v, list->n) = (struct mailaddr){clean_copy(arena, arena_strndup(arena, name.p, name.n)),
		clean_address(arena, address)};
}

struct mailaddrs header_addresses(struct arena *arena, const char *value)
{
	struct mailaddrs list = {0};
	const char *bounded = arena_strndup(arena, value, harmless(value));
	InternetAddressList *parsed = internet_address_list_parse(NULL, words_join(arena, bounded));
	if (parsed != NULL)
		add_mailboxes(&list, arena, parsed, 0);
	g_clear_object(&parsed);
	if (!names_address(&list))
		add_angle(&list, arena, bounded);
	return list;
}

/* The addresses of every field of that name. */
static struct mailaddrs addresses_of(const struct headers *h, const char *name, struct arena *arena)
{
	struct mailaddrs all = {0};
	for (const struct header *f = NULL; (f = headers_find(h, name, f)) != NULL;) {
		struct mailaddrs some = header_addresses(arena, f->raw);
		for (size_t i = 0; i < some.n && all.n < MIME_ADDRESSES; i++)
			*ARENA_PUSH(arena, all.v, all.n) = some.v[i];
	}
	return all;
}

static struct mailaddr first_of(const struct mailaddrs *list)
{
	return list->n > 0 ? list->v[0] : (struct mailaddr){"", ""};
}

/* "Lee, Ada <ada@campus.example>" without quotes: the comma belongs to the name. */
static struct mailaddr sender_of(const struct mailaddrs *all, struct arena *arena)
{
	const char *name = "";
	for (size_t i = 0; i < all->n; i++) {
		const struct mailaddr *a = &all->v[i];
		name = arena_printf(arena, "%s%s%s", name, i == 0 ? "" : ", ", a->name);
		if (a->addr[0] != '\0')
			return (struct mailaddr){i == 0 ? a->name : name, a->addr};
		if (i == 4)
			break;
	}
	return first_of(all);
}

static void fill_from(struct headers *h, struct arena *arena, struct reading *r)
{
	const struct header *field = headers_find(h, "From", NULL);
	struct mailaddrs all = h->from = addresses_of(h, "From", arena), senders = addresses_of(h, "Sender", arena);
	r->from = sender_of(&all, arena);
	r->sender = first_of(&senders);
	if (field == NULL)
		reading_defect(r, arena, "no From field");
	else if (all.n == 0 && field->value[0] != '\0')
		r->from.name = field->value;
	if (field != NULL && r->from.addr[0] == '\0')
		reading_defect(r, arena, "From names no address");
	if (headers_find(h, "From", field) != NULL && field != NULL)
		reading_defect(r, arena, "several From fields: the first counts");
	else if (all.n > 1 && all.v[0].addr[0] != '\0')
		reading_defect(r, arena, "several addresses in From: the first counts");
}

static void add_recipients(struct reading *r, struct arena *arena, const struct mailaddrs *list)
{
	for (size_t i = 0; i < list->n && r->recipients.n < MIME_ADDRESSES; i++)
		if (list->v[i].addr[0] != '\0')
			strs_add(&r->recipients, arena, utf8_lower(arena, list->v[i].addr, strlen(list->v[i].addr)));
}

static void fill_recipients(const struct headers *h, struct arena *arena, struct reading *r)
{
	static const char *const more[] = {"Delivered-To", "X-Original-To"};
	r->to = addresses_of(h, "To", arena);
	r->cc = addresses_of(h, "Cc", arena);
	r->reply_to = addresses_of(h, "Reply-To", arena);
	add_recipients(r, arena, &r->to);
	add_recipients(r, arena, &r->cc);
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		struct mailaddrs list = addresses_of(h, more[i], arena);
		add_recipients(r, arena, &list);
	}
}

static void fill_date(const struct headers *h, struct arena *arena, struct reading *r)
{
	const char *value = headers_value(h, "Date");
	r->date_day = DAY_NONE;
	if (value == NULL)
		return;
	GDateTime *date = date_read(value);
	if (date == NULL) {
		reading_defect(r, arena, "Date cannot be read");
		return;
	}
	r->has_date = true;
	r->date_unix = g_date_time_to_unix(date);
	r->date_day = day_from_civil((struct civil){g_date_time_get_year(date), g_date_time_get_month(date), g_date_time_get_day_of_month(date)});
	g_date_time_unref(date);
}

/* What stands in the next <…> of *rest; false when there is none. */
static bool next_angle(struct span *rest, struct span *inside)
{
	struct span before;
	if (!span_until(rest, '<', &before) || rest->n == 0 || memchr(rest->p, '>', rest->n) == NULL)
		return false;
	span_until(rest, '>', inside);
	*inside = span_trim(*inside);
	return true;
}

static const char *without_blanks(struct arena *arena, struct span s)
{
	char *out = arena_alloc(arena, s.n + 1);
	for (size_t i = 0, n = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t')
			out[n++] = s.p[i];
	return out;
}

static const char *first_id(const struct headers *h, const char *name, struct arena *arena)
{
	const struct header *field = headers_find(h, name, NULL);
	if (field == NULL)
		return NULL;
	struct span rest = span_of(field->raw), id;
	if (!next_angle(&rest, &id)) {
		rest = span_trim(span_of(field->raw));
		if (!span_until(&rest, ' ', &id))
			return NULL;
	}
	return id.n == 0 ? NULL : without_blanks(arena, id);
}

static void fill_identifiers(const struct headers *h, struct arena *arena, struct reading *r)
{
	r->message_id = first_id(h, "Message-ID", arena);
	r->in_reply_to = first_id(h, "In-Reply-To", arena);
	const struct header *field = headers_find(h, "References", NULL);
	struct span rest = span_of(field == NULL ? "" : field->raw), id;
	while (r->references.n < REFERENCES && next_angle(&rest, &id))
		if (id.n > 0)
			strs_add(&r->references, arena, without_blanks(arena, id));
	if (r->references.n == REFERENCES && rest.n > 0)
		reading_defect(r, arena, "more than %d References: the rest is not read", REFERENCES);
}

static void fill_list(const struct headers *h, struct arena *arena, struct reading *r)
{
	const char *list = headers_value(h, "List-Id"), *post = headers_value(h, "List-Unsubscribe-Post");
	const struct header *field = headers_find(h, "List-Unsubscribe", NULL);
	struct span rest = span_of(list), inside;
	if (list != NULL && next_angle(&rest, &inside))
		r->list_id = arena_strndup(arena, inside.p, inside.n);
	else if (list != NULL && list[0] != '\0')
		r->list_id = list;
	rest = span_of(field == NULL ? NULL : field->value);
	while (next_angle(&rest, &inside)) {
		const char *url = without_blanks(arena, inside);
		if (r->unsubscribe_http == NULL && span_starts_nocase(inside, "http"))
			r->unsubscribe_http = url;
		else if (r->unsubscribe_mailto == NULL && span_starts_nocase(inside, "mailto:"))
			r->unsubscribe_mailto = url + strlen("mailto:");
	}
	r->one_click = post != NULL && strcasestr(post, "List-Unsubscribe=One-Click") != NULL;
}

void headers_fill(struct headers *h, struct arena *arena, struct reading *r)
{
	r->subject = headers_value(h, "Subject");
	fill_from(h, arena, r);
	fill_recipients(h, arena, r);
	fill_date(h, arena, r);
	fill_identifiers(h, arena, r);
	fill_list(h, arena, r);
}
