#ifndef RULES_PATTERN_H
#define RULES_PATTERN_H

#include <stdbool.h>

#include "rules/str.h"

/* Patterns of the campus's rules, run against text that anybody may have sent. pattern.c is the only owner of PCRE2. */
#define PATTERN_SUBJECT_MAX ((size_t)16 << 10) /* bytes of a text that are looked at */

struct pattern;

enum pattern_form {
	PATTERN_WORDS, /* the words as they are, in any case */
	PATTERN_REGEX  /* PCRE2 with Unicode; ^ and $ match at lines */
};

struct pattern_error {
	size_t offset; /* bytes into the source */
	char why[160];
};

/* NULL and *error filled when it is not a pattern. */
struct pattern *pattern_compile(struct span source, enum pattern_form, bool caseless, struct pattern_error *error);
void pattern_free(struct pattern *); /* NULL is fine */

/* 1 matches, 0 does not, -1 a limit was reached before that could be said. */
int pattern_match(const struct pattern *, struct span subject);

#endif
