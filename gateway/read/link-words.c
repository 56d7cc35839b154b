#include "gateway/read/linkrules.h"

/* What the rules know by its words: parameters that are dropped, by their names, and phrases, by their first bytes. */

static size_t name_bucket(struct span name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < name.n; i++)
		hash = (hash ^ link_fold(name.p[i])) * 16777619u;
	return (hash ^ hash >> 16) % LINK_BUCKETS;
}

/* Of a name's first byte, in any case. */
static uint32_t first_bit(char c)
{
	return (uint32_t)1 << (c & 31);
}

static void index_names(struct linkrules *rules, struct link_rule *rule)
{
	struct strs globs = {0};
	for (size_t i = 0; i < rule->drop.n; i++) {
		const char *name = rule->drop.v[i];
		if (strchr(name, '*') != NULL) {
			strs_add(&globs, &rules->arena, name);
			rule->drop_first |= name[0] == '*' ? UINT32_MAX : first_bit(name[0]);
			continue;
		}
		link_index *head = &rules->name_bucket[name_bucket(span_of(name))];
		*ARENA_PUSH(&rules->arena, rules->names, rules->n_names) = (struct name_slot){.name = name, .rule = rule, .next = *head};
		*head = (link_index)rules->n_names;
	}
	rule->drop = globs;
}

bool linkrules_drops(const struct linkrules *rules, const struct link_rule *const *v, size_t n, struct span name)
{
	for (size_t next = rules->name_bucket[name_bucket(name)]; next > 0; next = rules->names[next - 1].next)
		for (size_t i = 0; i < n; i++)
			if (v[i] == rules->names[next - 1].rule && span_eq_nocase(name, rules->names[next - 1].name))
				return true;
	for (size_t i = 0; i < n && name.n > 0; i++)
		if ((v[i]->drop_first & first_bit(name.p[0])) != 0 && glob_any(&v[i]->drop, name))
			return true;
	return false;
}

#define PHRASE_HEAD 3 /* every phrase has that many bytes */

static size_t phrase_bucket(const char *p)
{
	uint32_t head = (unsigned char)p[0] | (uint32_t)(unsigned char)p[1] << 8 | (uint32_t)(unsigned char)p[2] << 16;
	return head * 2654435761u >> 20;
}
_Static_assert(LINK_BUCKETS == 1 << 12, "phrase_bucket gives 12 bits");

static void index_phrases(struct linkrules *rules, const struct link_rule *rule)
{
	for (size_t i = 0; i < rule->phrase.n; i++) {
		const char *text = rule->phrase.v[i];
		bool whole = text[0] == '=';
		text += whole ? 1 : 0;
		const char *star = strstr(text, " * "), *tail = star == NULL ? "" : star + 3;
		size_t n = star == NULL ? strlen(text) : (size_t)(star - text);
		link_index *head = &rules->phrase_bucket[phrase_bucket(text)];
		*ARENA_PUSH(&rules->arena, rules->phrases, rules->n_phrases) = (struct phrase_slot){
			.text = text, .n = n, .tail = tail, .tail_n = strlen(tail), .role = rule->role, .whole = whole,
		};
		*ARENA_PUSH(&rules->arena, rules->phrase_signs, rules->n_phrase_signs) = phrase_sign((struct span){text, n}, *head);
		*head = (link_index)rules->n_phrases;
	}
}

void linkrules_index_words(struct linkrules *rules, struct link_rule *rule)
{
	index_names(rules, rule);
	index_phrases(rules, rule);
}

#define PHRASE_GAP 40 /* bytes that "*" may stand for */

/* Where slot's phrase, found at `at`, ends; 0 when it is not there after all. */
static size_t phrase_end(const struct phrase_slot *slot, struct span text, size_t at)
{
	if (slot->n > text.n - at || memcmp(slot->text, text.p + at, slot->n) != 0 || !phrase_ends(text, at + slot->n))
		return 0;
	size_t end = at + slot->n;
	if (slot->tail_n == 0)
		return end;
	struct span rest = span_skip(text, end);
	rest.n = rest.n > PHRASE_GAP + slot->tail_n ? PHRASE_GAP + slot->tail_n : rest.n;
	const char *found = memmem(rest.p, rest.n, slot->tail, slot->tail_n);
	size_t from = found == NULL ? 0 : (size_t)(found - text.p);
	return found == NULL || !phrase_begins(text, from) || !phrase_ends(text, from + slot->tail_n) ? 0 : from + slot->tail_n;
}

bool linkrules_phrase(const struct linkrules *rules, struct span text, enum link_role *role)
{
	size_t longest = 0;
	bool inside = false; /* a word: no phrase begins there */
	for (size_t i = 0; i + PHRASE_HEAD <= text.n; i++) {
		bool letter = phrase_letter(text.p[i]), skip = letter && inside;
		inside = letter;
		if (skip)
			continue;
		struct phrase_sign sign;
		for (link_index next = rules->phrase_bucket[phrase_bucket(text.p + i)]; next > 0; next = sign.next) {
			const struct phrase_slot *slot = &rules->phrases[next - 1];
			sign = rules->phrase_signs[next - 1];
			if (!phrase_may(sign, text, i))
				continue;
			size_t n = slot->n + slot->tail_n, end = n <= longest || (slot->whole && i > 0) ? 0 : phrase_end(slot, text, i);
			if (end == 0 || (slot->whole && end < text.n))
				continue;
			longest = n;
			*role = slot->role;
		}
	}
	return longest > 0;
}
