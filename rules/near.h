#ifndef RULES_NEAR_H
#define RULES_NEAR_H

#include <stddef.h>

/* The nearest right spelling of a word that was not known: start with near_to, try each candidate, read best. */
struct near {
	const char *word;
	const char *best; /* NULL while nothing is near enough */
	size_t distance;
};

struct near near_to(const char *word);
void near_try(struct near *, const char *candidate);

#endif
