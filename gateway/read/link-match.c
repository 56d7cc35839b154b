#include <ctype.h>

#include "gateway/read/linkrules.h"

/* Finding the few rules that may fit a link without asking all of them: by the host's ends, by a phrase's first bytes. */

static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool same_folded(const char *a, const char *b, size_t n)
{
	while (n > 0 && fold(*a) == fold(*b))
		a++, b++, n--;
	return n == 0;
}

bool glob_match(const char *pattern, struct span text)
{
	const char *star = NULL;
	size_t i = 0, mark = 0;
	while (i < text.n) {
		if (*pattern == '*') {
			star = pattern++;
			mark = i;
		} else if (*pattern != '\0' && fold(*pattern) == fold(text.p[i])) {
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
		hash = (hash ^ fold(p[i])) * 16777619u;
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

#define PATH_KEY 3
#define PATH_SLOTS 4096 /* patterns */

/* What stands in whatever the pattern fits: its longest piece without a star. Empty when none has the bytes of a key. */
static struct span path_piece(const char *pattern)
{
	struct span best = {0};
	while (*pattern != '\0') {
		size_t n = strcspn(pattern, "*");
		if (n >= PATH_KEY && n > best.n)
			best = (struct span){pattern, n};
		pattern += n + (pattern[n] == '*');
	}
	return best;
}

/* Asked for each byte of each path: letters lose their case bit, and so may others. */
static size_t path_bucket(const char *p)
{
	uint32_t key = (uint32_t)(p[0] & 0xdf) | (uint32_t)(p[1] & 0xdf) << 8 | (uint32_t)(p[2] & 0xdf) << 16;
	return key * 2654435761u >> 20;
}
_Static_assert(LINK_BUCKETS == 1 << 12, "path_bucket gives 12 bits");

static void index_paths(struct linkrules *rules, size_t rule)
{
	const struct strs *paths = &rules->v[rule].path;
	for (size_t i = 0; rules->v[rule].host.n == 0 && i < paths->n; i++) {
		struct span piece = path_piece(paths->v[i]);
		enum link_section section = rules->v[rule].section;
		if (piece.n == 0)
			continue; /* linkrules_parse refuses it */
		size_t at = path_bucket(piece.p);
		*ARENA_PUSH(&rules->arena, rules->paths, rules->n_paths) = (struct path_slot){
			.pattern = paths->v[i], .piece = piece.p, .piece_n = piece.n, .rule = rule, .section = section, .next = rules->path_bucket[at]};
		rules->path_bucket[at] = rules->n_paths;
		rules->path_sections[at] = (unsigned char)(rules->path_sections[at] | 1u << section);
		rules->has_paths[section] = true;
	}
}

static void index_names(struct linkrules *rules, struct link_rule *rule)
{
	struct strs globs = {0};
	for (size_t i = 0; i < rule->drop.n; i++) {
		const char *name = rule->drop.v[i];
		if (strchr(name, '*') != NULL) {
			strs_add(&globs, &rules->arena, name);
			continue;
		}
		size_t *head = &rules->name_bucket[bucket(name, strlen(name))];
		*ARENA_PUSH(&rules->arena, rules->names, rules->n_names) = (struct name_slot){.name = name, .rule = rule, .next = *head};
		*head = rules->n_names;
	}
	rule->drop = globs;
}

bool linkrules_drops(const struct linkrules *rules, const struct link_rule *const *v, size_t n, struct span name)
{
	for (size_t next = rules->name_bucket[bucket(name.p, name.n)]; next > 0; next = rules->names[next - 1].next)
		for (size_t i = 0; i < n; i++)
			if (v[i] == rules->names[next - 1].rule && span_eq_nocase(name, rules->names[next - 1].name))
				return true;
	for (size_t i = 0; i < n; i++)
		if (glob_any(&v[i]->drop, name))
			return true;
	return false;
}

int linkrules_index(struct linkrules *rules, struct err *err)
{
	for (size_t i = rules->n; i-- > 0;) { /* from the end: chains then run in the order of the file */
		index_hosts(rules, i);
		index_paths(rules, i);
		index_names(rules, &rules->v[i]);
		index_phrases(rules, &rules->v[i]);
	}
	for (size_t i = 0; i < rules->n; i++) {
		enum link_section section = rules->v[i].section;
		if (rules->v[i].host.n + rules->v[i].path.n == 0)
			*ARENA_PUSH(&rules->arena, rules->any[section], rules->n_any[section]) = i;
	}
	return rules->n_paths <= PATH_SLOTS ? 0 : err_set(err, "%zu paths without a host in the link rules: at most %d", rules->n_paths, PATH_SLOTS);
}

#define TARGET_LOOKED_AT 4096 /* bytes of path and query that patterns are compared with */

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

#define PATH_HITS 32

struct path_hits { /* rules in the order of the file */
	size_t v[PATH_HITS], n;
	unsigned char tried[PATH_SLOTS / 8]; /* each pattern once, however often its piece comes */
};

static void try_slot(const struct search *s, size_t slot_at, struct span rest, struct path_hits *hits)
{
	const struct path_slot *slot = &s->rules->paths[slot_at];
	unsigned char *tried = &hits->tried[slot_at / 8], bit = (unsigned char)(1u << slot_at % 8);
	size_t i = 0;
	if (slot->section != s->section || slot->piece_n > rest.n || (*tried & bit) != 0 || !same_folded(slot->piece, rest.p, slot->piece_n))
		return;
	*tried = *tried | bit;
	while (i < hits->n && hits->v[i] < slot->rule)
		i++;
	if ((i < hits->n && hits->v[i] == slot->rule) || hits->n == PATH_HITS || !glob_match(slot->pattern, s->target))
		return;
	memmove(hits->v + i + 1, hits->v + i, (hits->n++ - i) * sizeof *hits->v);
	hits->v[i] = slot->rule;
}

/* Rules that name a path alone. */
static bool try_paths(const struct search *s)
{
	struct path_hits hits;
	unsigned section = 1u << s->section;
	if (!s->rules->has_paths[s->section])
		return false;
	hits.n = 0;
	memset(hits.tried, 0, (s->rules->n_paths + 7) / 8);
	for (size_t at = 0; at + PATH_KEY <= s->target.n; at++) {
		size_t in = path_bucket(s->target.p + at);
		if ((s->rules->path_sections[in] & section) != 0)
			for (size_t next = s->rules->path_bucket[in]; next > 0; next = s->rules->paths[next - 1].next)
				try_slot(s, next - 1, span_skip(s->target, at), &hits);
	}
	for (size_t i = 0; i < hits.n; i++)
		if (s->fn(s->ctx, &s->rules->v[hits.v[i]]))
			return true;
	return false;
}

bool linkrules_each(const struct linkrules *rules, enum link_section section, const struct url *url, link_rule_fn *fn, void *ctx)
{
	struct search s = {.rules = rules, .section = section, .fn = fn, .ctx = ctx};
	s.target = (struct span){url->pathname.p, url->pathname.n + url->search.n};
	s.target.n = s.target.n < TARGET_LOOKED_AT ? s.target.n : TARGET_LOOKED_AT;
	char room[260];
	if (try_ends(&s, url->hostname) || (stem(url->hostname, room, sizeof room) && try_ends(&s, span_of(room))))
		return true;
	if (try_paths(&s))
		return true;
	for (size_t i = 0; i < rules->n_any[section]; i++)
		if (fn(ctx, &rules->v[rules->any[section][i]]))
			return true;
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
