#include <ctype.h>

#include "gateway/read/linkrules.h"

/* Finding the few rules that may fit a link without asking all of them: by the host's ends. */

bool glob_match(const char *pattern, struct span text)
{
	const char *star = NULL;
	size_t i = 0, mark = 0;
	while (i < text.n) {
		if (*pattern == '*') {
			star = pattern++;
			mark = i;
		} else if (*pattern != '\0' && link_fold(*pattern) == link_fold(text.p[i])) {
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

/* ---- hosts, by a hash from their end to their beginning: one pass over a host gives those of all its ends */

#define HASH_START 2166136261u

static uint32_t hash_before(char c, uint32_t hash)
{
	return (hash ^ (unsigned char)c) * 16777619u;
}

static size_t bucket(uint32_t hash)
{
	return (hash ^ hash >> 16) % LINK_BUCKETS;
}

static const struct link_host *host_at(const struct linkrules *rules, uint32_t hash, struct span name)
{
	for (size_t next = rules->host_bucket[bucket(hash)]; next > 0; next = rules->hosts[next - 1].next) {
		const struct link_host *host = &rules->hosts[next - 1];
		if (host->n == name.n && memcmp(host->name, name.p, name.n) == 0)
			return host;
	}
	return NULL;
}

/* The host's place among those of the rules; there afterwards. */
static size_t host_place(struct linkrules *rules, struct span name)
{
	uint32_t hash = HASH_START;
	for (size_t i = name.n; i-- > 0;)
		hash = hash_before(name.p[i], hash);
	const struct link_host *known = host_at(rules, hash, name);
	if (known != NULL)
		return (size_t)(known - rules->hosts);
	link_index *head = &rules->host_bucket[bucket(hash)];
	*ARENA_PUSH(&rules->arena, rules->hosts, rules->n_hosts) = (struct link_host){.name = name.p, .n = name.n, .next = *head};
	*head = (link_index)rules->n_hosts;
	return rules->n_hosts - 1;
}

static void index_hosts(struct linkrules *rules, size_t rule)
{
	const struct strs *hosts = &rules->v[rule].host;
	for (size_t i = 0; i < hosts->n; i++) {
		bool below = strncmp(hosts->v[i], "*.", 2) == 0;
		size_t place = host_place(rules, span_of(hosts->v[i] + (below ? 2 : 0)));
		struct link_host *host = &rules->hosts[place];
		*ARENA_PUSH(&rules->arena, rules->slots, rules->n_slots) = (struct host_slot){.below = below, .rule = rule, .next = host->first};
		host->first = rules->n_slots;
		host->sections |= 1u << rules->v[rule].section;
	}
}

/* The host and what stands behind its dots, from the end: the longest are kept. */
static void find_ends(struct link_found *f, struct span host)
{
	const struct link_host *ends[HOST_ENDS]; /* a ring */
	uint32_t hash = HASH_START;
	size_t n = 0;
	for (size_t at = host.n;; hash = hash_before(host.p[--at], hash)) {
		if (at > 0 && host.p[at - 1] != '.')
			continue;
		ends[n++ % HOST_ENDS] = host_at(f->rules, hash, span_skip(host, at));
		if (at == 0)
			break;
	}
	for (size_t i = n; i > 0 && i + HOST_ENDS > n; i--)
		if (ends[(i - 1) % HOST_ENDS] != NULL) {
			f->hosts[f->n_hosts].host = ends[(i - 1) % HOST_ENDS];
			f->hosts[f->n_hosts++].exact = i == n;
		}
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

int linkrules_index(struct linkrules *rules, struct err *err)
{
	for (size_t i = rules->n; i-- > 0;) { /* from the end: chains then run in the order of the file */
		index_hosts(rules, i);
		linkrules_index_paths(rules, i);
		linkrules_index_words(rules, &rules->v[i]);
	}
	for (size_t i = 0; i < rules->n; i++) {
		enum link_section section = rules->v[i].section;
		if (rules->v[i].host.n + rules->v[i].path.n == 0)
			*ARENA_PUSH(&rules->arena, rules->any[section], rules->n_any[section]) = i;
	}
	if (rules->n_hosts > UINT16_MAX || rules->n_names > UINT16_MAX || rules->n_phrases > UINT16_MAX)
		return err_set(err, "%zu hosts, %zu parameters and %zu phrases in the link rules: at most %d of each", rules->n_hosts, rules->n_names,
		               rules->n_phrases, UINT16_MAX);
	return linkrules_check_paths(rules, err);
}

#define TARGET_LOOKED_AT 4096 /* bytes of path and query that patterns are compared with */

void linkrules_find(const struct linkrules *rules, const struct url *url, struct link_found *f)
{
	char room[260];
	f->rules = rules;
	f->url = *url;
	f->target = (struct span){url->pathname.p, url->pathname.n + url->search.n};
	f->target.n = f->target.n < TARGET_LOOKED_AT ? f->target.n : TARGET_LOOKED_AT;
	f->n_hosts = 0;
	f->paths_known = false;
	find_ends(f, url->hostname);
	if (stem(url->hostname, room, sizeof room))
		find_ends(f, span_of(room));
}

struct asking {
	const struct link_found *found;
	enum link_section section;
	link_rule_fn *fn;
	void *ctx;
};

static bool ask_host(const struct asking *a, const struct link_host *host, bool exact)
{
	const struct linkrules *rules = a->found->rules;
	for (size_t next = host->first; next > 0; next = rules->slots[next - 1].next) {
		const struct host_slot *slot = &rules->slots[next - 1];
		const struct link_rule *rule = &rules->v[slot->rule];
		if (rule->section == a->section && (exact || slot->below) && (rule->path.n == 0 || glob_any(&rule->path, a->found->target)) &&
		    a->fn(a->ctx, rule))
			return true;
	}
	return false;
}

bool linkrules_each(struct link_found *f, enum link_section section, link_rule_fn *fn, void *ctx)
{
	const struct linkrules *rules = f->rules;
	struct asking a = {f, section, fn, ctx};
	for (size_t i = 0; i < f->n_hosts; i++)
		if ((f->hosts[i].host->sections & 1u << section) != 0 && ask_host(&a, f->hosts[i].host, f->hosts[i].exact))
			return true;
	if (rules->has_paths[section])
		linkrules_find_paths(f);
	for (size_t i = 0; rules->has_paths[section] && i < f->paths[section].n; i++)
		if (fn(ctx, &rules->v[f->paths[section].v[i]]))
			return true;
	for (size_t i = 0; i < rules->n_any[section]; i++)
		if (fn(ctx, &rules->v[rules->any[section][i]]))
			return true;
	return false;
}
