#include <strings.h>

#include "rules/ruleset-parts.h"

/* What a condition of each field is held against. */
#define VALUES_MAX 2000

static struct span url_host(const char *url)
{
	const char *p = strstr(url, "://");
	if (p == NULL)
		return (struct span){url, 0};
	p += 3;
	size_t n = strcspn(p, "/?#");
	const char *at = memchr(p, '@', n);
	if (at != NULL)
		n -= (size_t)(at + 1 - p), p = at + 1;
	const char *port = memchr(p, ':', n);
	return (struct span){p, port != NULL && p[0] != '[' ? (size_t)(port - p) : n};
}

static void add_address(struct strs *out, const struct mailaddr *a, struct arena *arena)
{
	if (a->addr != NULL && a->addr[0] != '\0')
		strs_add(out, arena, a->addr);
	if (a->name != NULL && a->name[0] != '\0')
		strs_add(out, arena, a->name);
}

static void add_hosts(struct strs *out, const struct reading *r, struct arena *arena)
{
	for (size_t i = 0; i < r->n_links && out->n < VALUES_MAX; i++) {
		struct span host = url_host(r->links[i].url != NULL ? r->links[i].url : "");
		if (r->links[i].role == ROLE_CONTENT && host.n > 0)
			strs_add(out, arena, arena_strndup(arena, host.p, host.n));
	}
}

static void add_text(struct strs *out, const char *text, struct arena *arena)
{
	if (text != NULL)
		strs_add(out, arena, text);
}

static void add_attachments(struct strs *out, const struct reading *r, struct arena *arena)
{
	for (size_t i = 0; i < r->n_attachments && out->n < VALUES_MAX; i++) {
		add_text(out, r->attachments[i].filename, arena);
		add_text(out, r->attachments[i].type, arena);
	}
}

static struct strs field_values(enum field field, const struct reading *r, struct arena *arena)
{
	struct strs out = {0};
	switch (field) {
	case FIELD_TAG:
		return r->said.tagging.tags;
	case FIELD_KIND:
		add_text(&out, r->said.tagging.kind == KIND_NONE ? "none" : kind_name(r->said.tagging.kind), arena);
		break;
	case FIELD_MAIL:
		add_text(&out, mail_kind_name(r->kind), arena);
		break;
	case FIELD_SUBJECT:
		add_text(&out, r->subject, arena);
		if (r->forwarded != NULL)
			add_text(&out, r->forwarded->subject, arena);
		break;
	case FIELD_OWN:
		add_text(&out, r->own, arena);
		break;
	case FIELD_BODY:
		add_text(&out, r->text != NULL ? r->text : r->plain, arena);
		break;
	case FIELD_SENDER:
		add_address(&out, &r->from, arena);
		if (r->forwarded != NULL)
			add_address(&out, &r->forwarded->from, arena);
		break;
	case FIELD_LIST:
		add_text(&out, r->list_id, arena);
		break;
	case FIELD_LINK_HOST:
		add_hosts(&out, r, arena);
		break;
	case FIELD_ATTACHMENT:
		add_attachments(&out, r, arena);
		break;
	case FIELD_COUNT:
		break;
	}
	return out;
}

/* "edutopia.org" is that host and every host under it. */
static bool is_under(const char *host, const char *domain)
{
	size_t nh = strlen(host), nd = strlen(domain);
	return nh >= nd && strcasecmp(host + nh - nd, domain) == 0 && (nh == nd || host[nh - nd - 1] == '.');
}

/* 1, 0, or -1 when a limit was reached. */
static int value_meets(const struct condition *c, const char *value)
{
	if (c->pattern != NULL)
		return pattern_match(c->pattern, span_of(value));
	return c->field == FIELD_LINK_HOST ? is_under(value, c->value) : strcasecmp(value, c->value) == 0;
}

static int any_meets(const struct condition *c, const struct strs *values)
{
	int answer = 0;
	for (size_t i = 0; i < values->n && answer == 0; i++)
		answer = value_meets(c, values->v[i]);
	return answer;
}

/* Of the conditions on one field: any of the plain ones (if there are any), and none of the negated ones. */
static int field_meets(const struct rule *rule, enum field field, const struct strs *values)
{
	bool asked = false, met = false;
	for (size_t i = 0; i < rule->n_conditions; i++) {
		const struct condition *c = &rule->conditions[i];
		if (c->field != field || (met && !c->negated))
			continue;
		int answer = any_meets(c, values);
		if (answer < 0)
			return -1;
		if (c->negated && answer == 1)
			return 0;
		if (!c->negated)
			asked = true, met = answer == 1;
	}
	return !asked || met;
}

static int rule_meets(const struct rule *rule, const struct strs values[FIELD_COUNT])
{
	for (int field = 0; field < FIELD_COUNT; field++) {
		int answer = field_meets(rule, (enum field)field, &values[field]);
		if (answer <= 0)
			return answer;
	}
	return 1;
}

void ruleset_match(const struct ruleset *rs, struct reading *r, struct arena *arena)
{
	struct strs values[FIELD_COUNT];
	if (rs->n_rules == 0)
		return;
	for (int field = 0; field < FIELD_COUNT; field++)
		values[field] = field_values((enum field)field, r, arena);
	for (size_t i = 0; i < rs->n_rules; i++) {
		int answer = rule_meets(&rs->rules[i], values);
		if (answer != 0)
			strs_add(answer > 0 ? &r->hits : &r->failed, arena, arena_strdup(arena, rs->rules[i].name));
	}
}
