#ifndef RULES_SAID_SCAN_H
#define RULES_SAID_SCAN_H

#include "rules/said-parts.h"

/* A place in a folded line, for reading decisions: each function takes what it is asked for, blanks before it included, or
 * leaves the place as it was. */
#define SCAN_RANGES 200

struct scan {
	const char *p, *end;
	int *steps;
};

struct list {
	struct item_range v[SCAN_RANGES];
	size_t n;
};

void scan_skip_blank(struct scan *);
bool scan_at_end(struct scan); /* nothing but closing punctuation is left */
bool scan_sign(struct scan *, const char *signs);
bool scan_text(struct scan *, const char *text);          /* in any case, as whole words */
bool scan_one(struct scan *, const char *const *list);    /* the first of a list that ends with NULL */
void scan_item_word(struct scan *);                       /* "item", "#", if there is one */
int scan_number(struct scan *);                           /* 1 to 9999, "#3" too; 0 = there is none */
bool scan_list(struct scan *, struct list *, size_t most); /* "1, 3-5 and 7": up to so many ranges */

#endif
