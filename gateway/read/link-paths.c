#include "gateway/read/linkrules.h"

/* Rules that name a path alone: found by a piece of their pattern that must stand in whatever it fits. */

#define PATH_KEY 3

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

/* Of three bytes, asked for at each byte of each path: letters lose their case bit, and so may others. A fourth one can be read:
 * URLs and patterns end in a NUL. */
static uint32_t bucket_of(const char *piece)
{
	uint32_t key, of_three;
	memcpy(&key, piece, sizeof key);
	memcpy(&of_three, "\xdf\xdf\xdf", sizeof of_three);
	return (key & of_three) * 2654435761u >> 20;
}
_Static_assert(LINK_BUCKETS == 1 << 12, "bucket_of gives 12 bits");

void linkrules_index_paths(struct linkrules *rules, size_t rule)
{
	const struct strs *paths = &rules->v[rule].path;
	for (size_t i = 0; rules->v[rule].host.n == 0 && i < paths->n; i++) {
		struct span piece = path_piece(paths->v[i]);
		enum link_section section = rules->v[rule].section;
		if (piece.n == 0)
			continue; /* linkrules_parse refuses it */
		size_t at = bucket_of(piece.p);
		*ARENA_PUSH(&rules->arena, rules->paths, rules->n_paths) = (struct path_slot){
			.pattern = paths->v[i], .piece = piece.p, .piece_n = piece.n, .rule = rule, .section = section};
		*ARENA_PUSH(&rules->arena, rules->path_signs, rules->n_path_signs) = phrase_sign(piece, rules->path_bucket[at]);
		rules->path_bucket[at] = (link_index)rules->n_paths;
		rules->path_flags[at] |= PATH_RULES;
		rules->has_paths[section] = true;
	}
}

/* Of a link inside a link one of these must be there: percent-encoded or not, base64, JSON in base64, without a scheme, in hex. */
static const char *const signs[] = {"http", "aHR0c", "eyJ", "=//", "=%2F%2F", "=%2f%2f", "=www.", "68747470"};

int linkrules_check_paths(struct linkrules *rules, struct err *err)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		rules->path_flags[bucket_of(signs[i])] |= PATH_SIGN;
	return rules->n_paths <= PATH_SLOTS ? 0 : err_set(err, "%zu paths without a host in the link rules: at most %d", rules->n_paths, PATH_SLOTS);
}

static bool same_folded(const char *a, const char *b, size_t n)
{
	while (n > 0 && link_fold(*a) == link_fold(*b))
		a++, b++, n--;
	return n == 0;
}

static void try_slot(struct link_found *f, size_t slot_at, struct span rest, unsigned char *tried)
{
	const struct path_slot *slot = &f->rules->paths[slot_at];
	unsigned char *byte = &tried[slot_at / 8], bit = (unsigned char)(1u << slot_at % 8);
	size_t i = 0, *v = f->paths[slot->section].v, *n = &f->paths[slot->section].n;
	if (slot->piece_n > rest.n || (*byte & bit) != 0 || !same_folded(slot->piece, rest.p, slot->piece_n))
		return;
	*byte = *byte | bit;
	while (i < *n && v[i] < slot->rule)
		i++;
	if ((i < *n && v[i] == slot->rule) || *n == PATH_HITS || !glob_match(slot->pattern, f->target))
		return;
	memmove(v + i + 1, v + i, ((*n)++ - i) * sizeof *v);
	v[i] = slot->rule;
}

void linkrules_find_paths(struct link_found *f)
{
	const struct linkrules *rules = f->rules;
	unsigned char tried[PATH_SLOTS / 8]; /* each pattern once, however often its piece comes */
	unsigned seen = 0;
	if (f->paths_known)
		return;
	f->paths_known = true;
	for (int i = 0; i < SECTION_COUNT; i++)
		f->paths[i].n = 0;
	memset(tried, 0, (rules->n_paths + 7) / 8);
	for (const char *p = f->target.p, *end = p + f->target.n; end - p >= PATH_KEY; p++) {
		uint32_t in = bucket_of(p);
		unsigned flags = rules->path_flags[in];
		if (flags == 0)
			continue;
		seen |= flags;
		struct phrase_sign sign;
		for (link_index next = rules->path_bucket[in]; next > 0; next = sign.next) {
			sign = rules->path_signs[next - 1];
			if (sign.n <= end - p && link_fold(p[sign.n - 1]) == link_fold(sign.last))
				try_slot(f, next - 1, (struct span){p, (size_t)(end - p)}, tried);
		}
	}
	f->signs = (seen & PATH_SIGN) != 0 || f->target.n != f->url.pathname.n + f->url.search.n || f->url.hash.n > 0;
}

bool linkrules_may_carry(struct link_found *f)
{
	const struct url *url = &f->url;
	linkrules_find_paths(f);
	struct span tail = {url->pathname.p, (size_t)(url->href.p + url->href.n - url->pathname.p)};
	if (!f->signs)
		return false;
	for (size_t i = 1; i < sizeof signs / sizeof *signs; i++)
		if (memmem(tail.p, tail.n, signs[i], strlen(signs[i])) != NULL)
			return true;
	return strcasestr(tail.p, signs[0]) != NULL;
}
