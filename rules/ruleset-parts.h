#ifndef RULES_RULESET_PARTS_H
#define RULES_RULESET_PARTS_H

#include "rules/arena.h"
#include "rules/pattern.h"
#include "rules/ruleset.h"

/* Between ruleset.c (text form), ruleset-match.c (conditions), judge.c (what a mail is taken for) and credit*.c (what it counts for). */

enum field {
	FIELD_TAG,
	FIELD_KIND,
	FIELD_MAIL,
	FIELD_SUBJECT,
	FIELD_OWN,
	FIELD_BODY,
	FIELD_SENDER,
	FIELD_LIST,
	FIELD_LINK_HOST,
	FIELD_ATTACHMENT,
	FIELD_COUNT
};

struct condition {
	enum field field;
	bool negated;
	const char *value;       /* plain words, or the pattern's source */
	struct pattern *pattern; /* NULL for fields whose plain value is compared as a whole */
};

enum said_yes { EITHER, YES, NO }; /* zero = the rule does not ask */

struct rule {
	const char *name;
	int line;
	const char *what;
	struct condition *conditions;
	size_t n_conditions;
	int action; /* enum action + 1; 0 = leaves it to the others */
	enum entry_kind set_kind;
	struct strs add_tags;
	bool is_private, nocredit;
	const char *why; /* NULL */
};

struct credit_rule {
	const char *name;
	int line;
	const char *what;
	uint32_t kinds; /* 0 = every kind */
	struct strs tags;
	uint32_t roles; /* 0 = everybody */
	enum said_yes starred, note, link, attachment, shared;
	bool given;     /* minutes was said */
	bool as_stated;
	int minutes;    /* otherwise */
	int at_most;    /* 0 = no limit */
	int if_unstated;
	int multiply, first_multiply; /* per cent; 0 = 100 */
	int certificate_above; /* instead of the policy's; -1 = as there */
	const char *says;
};

struct cap_rule {
	struct cap cap; /* cap.name first: struct named */
	int line;
	const char *what;
	bool per_given;
};

/* What holds for a role instead of the policy. */
struct role_rule {
	bool given;
	int requirement;      /* -1 = the policy's */
	int pln_cap, percent; /* -1, 0 */
	enum said_yes credit;
	int line;
	const char *what;
};

struct ruleset {
	struct arena arena;
	struct policy policy;
	const char *policy_what;
	int policy_line;
	struct rule *rules;
	size_t n_rules;
	struct credit_rule *credits;
	size_t n_credits;
	struct cap_rule *caps;
	size_t n_caps;
	struct role_rule roles[PERSON_ROLE_COUNT];
};

/* ---- credit-cap.c: cuts what a rule granted, and says so */
void credit_caps(const struct ruleset *, const struct entry *, const struct claim_facts *, const struct terms *, struct arena *, struct grant *);

const struct rule *ruleset_find(const struct ruleset *, const char *name);

#endif
