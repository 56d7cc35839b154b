#include <stdlib.h>

#include "rules/said-parts.h"

/* Every word that begins something in the tables of this grammar, with what it may begin: an open hash table, filled once. */
enum { SLOTS = 2048 };

static struct {
	bool loaded;
	size_t n, longest;
	struct {
		struct span word; /* p NULL = free */
		unsigned uses;
	} slots[SLOTS];
} table;

static size_t slot_of(struct span word)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < word.n; i++)
		h = (h ^ (unsigned char)word.p[i]) * 16777619u;
	size_t at = (h ^ h >> 15) & (SLOTS - 1);
	while (table.slots[at].word.p != NULL && (table.slots[at].word.n != word.n || memcmp(table.slots[at].word.p, word.p, word.n) != 0))
		at = (at + 1) & (SLOTS - 1);
	return at;
}

void word_add(const char *phrase, unsigned use)
{
	struct span word = {phrase, strcspn(phrase, " ")};
	size_t at = slot_of(word);
	if (table.slots[at].word.p == NULL && ++table.n > SLOTS / 2)
		abort(); /* the tables have outgrown it */
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
	return figure | (word.n > table.longest ? 0 : table.slots[slot_of(word)].uses);
}
