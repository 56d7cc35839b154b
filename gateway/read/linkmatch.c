#include <ctype.h>

#include "gateway/read/linkrules.h"

/* Finding the few rules that may fit a link without asking all of them: by the host's ends, by a phrase's first bytes. */

bool glob_match(const char *pattern, struct span text)
{
	const char *star = NULL;
	size_t i = 0, mark = 0;
	while (i < text.n) {
		if (*pattern == '*') {
			star = pattern++;
			mark = i;
		} else if (*pattern != '\0' && tolower((unsigned char)*pattern) == tolower((unsigned char)text.p[i])) {
			pattern++;
			i++;
		} else if (star != NULL) {
			pattern = star + 1;
			i = ++mark;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool glob_any(const struct strs *patterns, struct span text)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (glob_match(patterns->v[i], text))
			return true;
	return false;
}

static size_t bucket(const char *p, size_t n)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)p[i]) * 16777619u;
	return (hash ^ hash >> 16) % LINK_BUCKETS;
}

static void index_hosts(struct linkrules *rules, size_t rule)
{
	const struct strs *hosts = &rules->v[rule].host;
	for (size_t i = 0; i < hosts->n; i++) {
		const char *host = hosts->v[i];
		bool below = strncmp(host, "*.", 2) == 0;
		host += below ? 2 : 0;
		size_t *head = &rules->host_bucket[bucket(host, strlen(host))];
		*ARENA_PUSH(&rules->arena, rules->hosts, rules->n_hosts) =
			(struct host_slot){.host = host, .below = below, .rule = rule, .next = *head};
		*head = rules->n_hosts;
	}
}

#define PHRASE_HEAD 3 /* every phrase has that many bytes */

static void index_phrases(struct linkrules *rules, const struct link_rule *rule)
{
	for (size_t i = 0; i < rule->phrase.n; i++) {
		const char *text = rule->phrase.v[i];
		bool whole = text[0] == '=';
		text += whole ? 1 : 0;
		const char *star = strstr(text, " * ");
		size_t *head = &rules->phrase_bucket[bucket(text, PHRASE_HEAD)];
		*ARENA_PUSH(&rules->arena, rules->phrases, rules->n_phrases) = (struct phrase_slot){
			.text = text, .n = star == NULL ? strlen(text) : (size_t)(star - text), .tail = star == NULL ? "" : star + 3,
			.role = rule->role, .whole = whole, .next = *head,
		};
		*head = rules->n_phrases;
	}
}

void linkrules_index(struct linkrules *rules)
{
	for (size_t i = rules->n; i-- > 0;) { /* from the end: chains then run in the order of the file */
		index_hosts(rules, i);
		index_phrases(rules, &rules->v[i]);
	}
	for (size_t i = 0; i < rules->n; i++) {
		enum link_section section = rules->v[i].section;
		if (rules->v[i].host.n == 0)
			*ARENA_PUSH(&rules->arena, rules->any[section], rules->n_any[section]) = i;
	}
}

struct search {
	const struct linkrules *rules;
	enum link_section section;
	struct span target; /* path and query: what the rules' path patterns are about */
	link_rule_fn *fn;
	void *ctx;
};

static bool fits(const struct search *s, const struct link_rule *rule)
{
	return rule->section == s->section && (rule->path.n == 0 || glob_any(&rule->path, s->target));
}

static bool try_host(const struct search *s, struct span host, bool exact)
{
	size_t next = s->rules->host_bucket[bucket(host.p, host.n)];
	while (next > 0) {
		const struct host_slot *slot = &s->rules->hosts[next - 1];
		const struct link_rule *rule = &s->rules->v[slot->rule];
		if ((exact || slot->below) && span_eq(host, slot->host) && fits(s, rule) && s->fn(s->ctx, rule))
			return true;
		next = slot->next;
	}
	return false;
}

static bool try_ends(const struct search *s, struct span host)
{
	bool exact = true;
	for (int labels = 0; labels < 12; labels++, exact = false) {
		if (try_host(s, host, exact))
			return true;
		const char *dot = memchr(host.p, '.', host.n);
		if (dot == NULL)
			return false;
		host = span_skip(host, (size_t)(dot - host.p) + 1);
	}
	return false;
}

/* "www.google.co.uk" → "www.google.*": for firms with a name in every country. */
static bool stem(struct span host, char *out, size_t size)
{
	static const char *const second[] = {"co", "com", "org", "net", "ac", "gov", "edu"};
	const char *dot = memrchr(host.p, '.', host.n);
	if (dot == NULL || host.n + 2 >= size)
		return false;
	bool country = (size_t)(dot - host.p) + 3 == host.n;
	host.n = (size_t)(dot - host.p);
	dot = memrchr(host.p, '.', host.n);
	for (size_t i = 0; country && dot != NULL && i < sizeof second / sizeof *second; i++)
		if (span_eq(span_skip(host, (size_t)(dot - host.p) + 1), second[i]))
			host.n = (size_t)(dot - host.p);
	memcpy(out, host.p, host.n);
	memcpy(out + host.n, ".*", 3);
	return true;
}

bool linkrules_each(const struct linkrules *rules, enum link_section section, const struct url *url, link_rule_fn *fn, void *ctx)
{
	struct search s = {.rules = rules, .section = section, .fn = fn, .ctx = ctx};
	s.target = (struct span){url->pathname.p, url->pathname.n + url->search.n};
	char room[260];
	if (try_ends(&s, url->hostname) || (stem(url->hostname, room, sizeof room) && try_ends(&s, span_of(room))))
		return true;
	for (size_t i = 0; i < rules->n_any[section]; i++) {
		const struct link_rule *rule = &rules->v[rules->any[section][i]];
		if (fits(&s, rule) && fn(ctx, rule))
			return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return isalnum((unsigned char)c);
}

/* A phrase of a script with blanks begins and ends at a word's border. */
static bool at_border(struct span text, size_t at, size_t n)
{
	bool before = at == 0 || !is_letter(text.p[at]) || !is_letter(text.p[at - 1]);
	bool after = at + n == text.n || !is_letter(text.p[at + n - 1]) || !is_letter(text.p[at + n]);
	return before && after;
}

#define PHRASE_GAP 40 /* bytes that "*" may stand for */

/* Where slot's phrase, found at `at`, ends; 0 when it is not there after all. */
static size_t phrase_end(const struct phrase_slot *slot, struct span text, size_t at)
{
	if (slot->n > text.n - at || memcmp(slot->text, text.p + at, slot->n) != 0 || !at_border(text, at, slot->n))
		return 0;
	size_t end = at + slot->n, tail = strlen(slot->tail);
	if (tail == 0)
		return end;
	struct span rest = span_skip(text, end);
	rest.n = rest.n > PHRASE_GAP + tail ? PHRASE_GAP + tail : rest.n;
	const char *found = memmem(rest.p, rest.n, slot->tail, tail);
	return found == NULL || !at_border(text, (size_t)(found - text.p), tail) ? 0 : (size_t)(found - text.p) + tail;
}

bool linkrules_phrase(const struct linkrules *rules, struct span text, enum link_role *role)
{
	size_t longest = 0;
	for (size_t i = 0; i + PHRASE_HEAD <= text.n; i++) {
		size_t next = rules->phrase_bucket[bucket(text.p + i, PHRASE_HEAD)];
		for (; next > 0; next = rules->phrases[next - 1].next) {
			const struct phrase_slot *slot = &rules->phrases[next - 1];
			size_t end = phrase_end(slot, text, i), n = end == 0 ? 0 : slot->n + strlen(slot->tail);
			if (n <= longest || (slot->whole && (i > 0 || end < text.n)))
				continue;
			longest = n;
			*role = slot->role;
		}
	}
	return longest > 0;
}
