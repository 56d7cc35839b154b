#ifndef GATEWAY_EXPLAIN_H
#define GATEWAY_EXPLAIN_H

#include "gateway/read/read.h"
#include "rules/ruleset.h"

/* What a mail says and what the rules would do, for people (cmd-explain.c does the rest). */
struct explanation {
	const char *file;
	const struct reading *reading;
	struct verdict verdict;
	struct grant grant; /* reason NULL: no entry, so nothing to count */
	bool colour;
};

/* What the entry would count for if nothing had been logged before; fills the verdict's minutes too. */
void explain_credit(const struct ruleset *, const struct reading *, struct arena *, struct explanation *);
void explain_page(struct str *out, const struct explanation *);

#endif
