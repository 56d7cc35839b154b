#include "gateway/desk.h"

/* A newsletter that was ordered for the campus address asks to be confirmed. Its link is never followed here: the mail goes on
 * to the one who ordered it. Who that is, the address tells: pln+terry@… was given out by the person whose address begins with
 * terry; everything else goes to the operator. */

#define TEXT_MAX 3000
#define LINE_MAX 500
#define LINKS_SEEN 500
#define LINK_MAX 2000

static bool owned_by(const struct person *p, struct span name)
{
	for (size_t i = 0; i < p->addresses.n; i++) {
		const char *at = strrchr(p->addresses.v[i], '@');
		struct span local = {p->addresses.v[i], at == NULL ? 0 : (size_t)(at - p->addresses.v[i])};
		if (local.n == name.n && strncasecmp(local.p, name.p, name.n) == 0)
			return true;
	}
	return false;
}

/* What stands between + and @ in a recipient at the campus address. */
static bool plus_name(const struct campus *c, const char *recipient, struct span *name)
{
	const char *address = c->config.address, *at = strrchr(address, '@');
	size_t local = (size_t)(at - address);
	const char *end = strrchr(recipient, '@');
	if (end == NULL || strcasecmp(end, at) != 0 || strncasecmp(recipient, address, local) != 0 || recipient[local] != '+')
		return false;
	*name = (struct span){recipient + local + 1, (size_t)(end - recipient) - local - 1};
	return name->n > 0;
}

/* 1 with *owner, 0 nobody in particular, -1. */
static int owner_of(struct desk *desk, const struct strs *recipients, struct person *owner, struct err *err)
{
	struct roster people = {0};
	struct span name;
	for (size_t i = 0; i < recipients->n; i++) {
		if (!plus_name(desk->campus, recipients->v[i], &name))
			continue;
		if (people.n == 0 && store_people(desk->store, false, desk->arena, &people, err) < 0)
			return -1;
		for (size_t p = 0; p < people.n; p++)
			if (owned_by(&people.people[p], name)) {
				*owner = people.people[p];
				return 1;
			}
	}
	return 0;
}

static void fill(struct desk *desk, const struct reading *r, struct strs *lines)
{
	const char *text = r->text == NULL ? "" : arena_strndup(desk->arena, r->text, utf8_prefix(r->text, strlen(r->text), TEXT_MAX));
	const char *subject = r->subject == NULL ? "" : r->subject;
	const char *from = r->from.name != NULL && r->from.name[0] != '\0' ? r->from.name : r->from.addr;
	strs_add(lines, desk->arena, arena_printf(desk->arena, "%.*s asks to confirm something that was ordered for %s. plnpost opens no such link: if you ordered it, open it yourself; otherwise do nothing.",
	                                          (int)utf8_prefix(from, strlen(from), LINE_MAX), from, desk->campus->config.address));
	strs_add(lines, desk->arena, arena_printf(desk->arena, "Subject: %.*s", (int)utf8_prefix(subject, strlen(subject), LINE_MAX), subject));
	strs_add(lines, desk->arena, text);
	for (size_t i = 0, n = 0; i < r->n_links && i < LINKS_SEEN && n < 5; i++)
		if (r->links[i].role == ROLE_CONTENT && strlen(r->links[i].seen) < LINK_MAX && strstr(text, r->links[i].seen) == NULL) {
			strs_add(lines, desk->arena, arena_printf(desk->arena, "%.*s%s%s", (int)utf8_prefix(r->links[i].text, strlen(r->links[i].text), LINE_MAX), r->links[i].text,
			                                          r->links[i].text[0] == '\0' ? "" : ": ", r->links[i].seen));
			n++;
		}
}

int do_confirmation(struct desk *desk, struct matter *m, struct err *err)
{
	struct person owner;
	struct answer answer = {.subject = "A subscription to confirm"};
	if (m->reading->auth == AUTH_FAIL) /* links of nobody knows whom are not handed on */
		return 0;
	const char *key = arena_printf(desk->arena, "confirmation:%lld", (long long)m->message);
	int found = owner_of(desk, &m->reading->recipients, &owner, err);
	if (found < 0)
		return -1;
	fill(desk, m->reading, &answer.lines);
	if (found == 0)
		return post_trouble(desk, key, answer.subject, &answer.lines, err);
	struct post post = {.purpose = LETTER_ANSWER, .person = &owner, .key = key};
	return post_sentences(desk, &post, &answer, err);
}
