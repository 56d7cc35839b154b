#ifndef RULES_RULESET_VALUES_H
#define RULES_RULESET_VALUES_H

#include "rules/ruleset-keys.h"

/* Between ruleset-keys.c and the text of a value. Each answers -1 with err filled: what is wrong, and what would be right. */

struct choice { /* lists end with a NULL word */
	const char *word;
	int value;
};
int value_choice(const struct choice *, struct span word, const struct ini_line *, struct err *); /* the value that a word stands for */
bool value_word(struct span *rest, struct span *word); /* of a list with commas */
int value_kind(struct span word, const struct ini_line *, struct err *); /* enum entry_kind; "none" is one */

/* A duration in units of so many seconds; a bare number is taken as that unit. Goes where the key says. */
int value_units(const struct ruleset_parser *, const struct ruleset_key *, const struct ini_line *, int64_t unit, const char *example, struct err *);
int value_percent(const struct ini_line *, int64_t least, int64_t most, int *out, struct err *); /* "20 %": 1, 0 when the value is no share */

static inline void *value_place(const struct ruleset_parser *p, const struct ruleset_key *key)
{
	return (char *)p->into + key->offset;
}

#endif
