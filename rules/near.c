#include "rules/near.h"

#include <string.h>

#define WORD_MAX 40

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* Levenshtein, one row at a time. */
static size_t distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), row[WORD_MAX + 1];
	if (na > WORD_MAX || nb > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t above = row[j];
			row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[nb];
}

struct near near_to(const char *word)
{
	return (struct near){.word = word, .distance = strlen(word) / 3 + 2};
}

void near_try(struct near *near, const char *candidate)
{
	size_t d = distance(near->word, candidate);
	if (d < near->distance && d < strlen(candidate)) {
		near->distance = d;
		near->best = candidate;
	}
}
