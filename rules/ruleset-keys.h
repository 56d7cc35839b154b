#ifndef RULES_RULESET_KEYS_H
#define RULES_RULESET_KEYS_H

#include "rules/ini.h"
#include "rules/ruleset-parts.h"

/* The keys of each section and how their values are read: the table behind ruleset.c, plnpost-rules(5) in code. */
#define RULESET_MAX 1000 /* sections, and conditions of one rule */

struct ruleset_name {
	const char *section, *name;
};

struct ruleset_parser {
	struct ruleset *out;
	const struct section *section; /* the open one, NULL before the first */
	struct ini_line at;            /* its line */
	const char *name;
	void *into;                    /* its struct in the ruleset */
	uint64_t seen;                 /* bit = index of a key that was said */
	struct str what;               /* the section's keys as one line */
	struct ruleset_name *names;
	size_t n_names;
};

struct ruleset_key {
	const char *name;
	int (*set)(struct ruleset_parser *, const struct ruleset_key *, const struct ini_line *, struct err *);
	size_t offset; /* into the section's struct; of a condition: its field */
	bool many;     /* may be said more than once */
	int64_t least, most;
};

int ruleset_role(const char *name, const struct ini_line *, struct err *); /* enum person_role, or -1 and what would be right */

/* Each ends with a NULL name. */
extern const struct ruleset_key ruleset_policy_keys[], ruleset_role_keys[], ruleset_rule_keys[], ruleset_credit_keys[], ruleset_cap_keys[];

#endif
