#include <stdlib.h>

#include "rules/eight.h"
#include "rules/said-parts.h"

/* Every word that begins something in the tables of this grammar, with what it may begin: an open hash table, filled once. */
enum { SLOTS = 2048 };

static struct {
	bool loaded;
	size_t n, longest;
	uint64_t taken[SLOTS / 64]; /* a bit for each slot: most words are in none, and this stays in the cache */
	struct {
		struct span word;
		unsigned uses;
	} slots[SLOTS];
} table;

static bool is_taken(size_t slot)
{
	return (table.taken[slot / 64] >> slot % 64 & 1) != 0;
}

static size_t slot_of(struct span word)
{
	size_t at = eight_hash(word.p, word.n, 0) & (SLOTS - 1);
	while (is_taken(at) && (table.slots[at].word.n != word.n || memcmp(table.slots[at].word.p, word.p, word.n) != 0))
		at = (at + 1) & (SLOTS - 1);
	return at;
}

void word_add(const char *phrase, unsigned use)
{
	struct span word = {phrase, strcspn(phrase, " ")};
	size_t at = slot_of(word);
	if (!is_taken(at) && ++table.n > SLOTS / 2)
		abort(); /* the tables have outgrown it */
	table.taken[at / 64] |= (uint64_t)1 << at % 64;
	table.longest = word.n > table.longest ? word.n : table.longest;
	table.slots[at].word = word;
	table.slots[at].uses |= use;
}

void words_add(const char *const *list, unsigned use)
{
	for (; *list != NULL; list++)
		word_add(*list, use);
}

unsigned word_uses(struct span word)
{
	if (!table.loaded) {
		table.loaded = true;
		tags_words();
		days_words();
		minutes_words();
	}
	if (word.n == 0)
		return 0;
	unsigned figure = word.p[0] >= '0' && word.p[0] <= '9' ? WORD_FIGURE : 0;
	size_t at = word.n > table.longest ? SLOTS : slot_of(word);
	return figure | (at < SLOTS && is_taken(at) ? table.slots[at].uses : 0);
}
