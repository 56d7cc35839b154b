#ifndef RULES_SHIPPED_H
#define RULES_SHIPPED_H

#include <stddef.h>

/* Data files that are part of the program, built in by contrib/embed. Each table ends with a NULL name. */
struct shipped {
	const char *name; /* the file's base name */
	const char *text; /* its bytes, and a NUL behind them */
	size_t n;         /* bytes, without that NUL */
};

extern const struct shipped shipped_rules[];     /* rules/(name).rules */
extern const struct shipped shipped_templates[]; /* digest/templates/ */
extern const struct shipped shipped_phrases[];   /* gateway/read/(name).phrases */

/* NULL when the table has no file of that name. */
const struct shipped *shipped_find(const struct shipped *table, const char *name);

#endif
