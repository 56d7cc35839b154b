#ifndef RULES_RULESET_H
#define RULES_RULESET_H

#include "rules/credit.h"
#include "rules/entry.h"
#include "rules/err.h"
#include "rules/person.h"
#include "rules/reading.h"

/* The campus's rules: what a mail is taken for, and what an entry counts for. Text form: see contrib/man/plnpost-rules.5
 * and rules/minutes.rules. A ruleset owns its memory; NULL may be closed. */
struct ruleset;

/* name: for messages, "file:line: what is wrong, what would be right". NULL and err filled when it is wrong. */
struct ruleset *ruleset_parse(const char *name, struct span text, struct err *);
void ruleset_close(struct ruleset *);

/* ---- in the reader, the only place where patterns meet untrusted text: fills reading->hits and ->failed. */
void ruleset_match(const struct ruleset *, struct reading *, struct arena *);

/* ---- what a mail is taken for */
enum action {
	ACTION_LOG,
	ACTION_HOLD,
	ACTION_COMMAND,
	ACTION_APPROVE, /* an answer to an approval letter */
	ACTION_SOURCE,  /* a newsletter or feed: kept to read, never credited */
	ACTION_RECORD,  /* kept, not acted on: a vacation reply, a bounce, … */
	ACTION_IGNORE,  /* kept, nobody told: our own mail, lists without a tag … */
	ACTION_QUARANTINE,
	ACTION_COUNT
};
const char *action_name(enum action);

/* Which of our letters a mail answers. */
enum answers { ANSWERS_NOTHING, ANSWERS_ENTRY, ANSWERS_DIGEST, ANSWERS_APPROVAL, ANSWERS_QUESTION, ANSWERS_OTHER, ANSWERS_PLAN, ANSWERS_INTERVIEW };

struct judged { /* what the judge needs to know beside the mail */
	const struct person *person;     /* the sender on the roster, NULL = unknown */
	bool genuine;                    /* authenticated as the ruleset and configuration ask */
	enum answers answers;
	bool own_letter;                 /* our own outgoing mail came back */
};

struct verdict {
	enum action action;
	struct strs rules; /* names of the rules that decided, in order */
	const char *why;   /* one sentence */
	bool amend;        /* ACTION_LOG: changes the entry that was answered rather than making one */
	int minutes;       /* actual minutes of the entry, MINUTES_NONE when no entry */
	int credited;      /* before caps that need the log; MINUTES_NONE */
	enum entry_kind kind; /* of the entry: as said, or as a rule sets it */
	struct strs tags;     /* that rules add */
	bool is_private, nocredit; /* of a new entry: as said, as a rule sets it, or a person's mail forwarded (private unless shared) */
};
/* Whether a file came with it that may prove something: no logo of a signature, no card, no cryptographic signature. */
bool reading_brings_file(const struct reading *);
bool attachment_proves(const struct attachment *);
void ruleset_judge(const struct ruleset *, const struct reading *, const struct judged *, struct arena *, struct verdict *);

/* ---- for `plnpost rules`: each rule as a row */
struct rule_row {
	const char *section, *name, *what; /* "credit", "talk", "kind talk: as stated, at most 15" */
	int line;
};
size_t ruleset_rows(const struct ruleset *, struct arena *, struct rule_row **rows);

#endif
