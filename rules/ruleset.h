#ifndef RULES_RULESET_H
#define RULES_RULESET_H

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
void ruleset_judge(const struct ruleset *, const struct reading *, const struct judged *, struct arena *, struct verdict *);

/* ---- credit */
enum policy_mode { POLICY_OFF, POLICY_FLAT, POLICY_MINUTES };

struct policy {
	enum policy_mode mode;
	int requirement, pln_cap; /* minutes a year; 0 = none */
	int year_month, year_day; /* first day of the school year */
	int late_days;            /* claims for days longer ago are not credited; 0 = no limit */
	int certificate_above;    /* minutes stated above which a certificate is asked; 0 = never */
	int remind_days, escalate_days, retention_years;
	int flat_minutes, flat_shared, flat_applied; /* POLICY_FLAT: granted as a whole, needs */
	int undo_days;            /* how long an approver may take a decision back */
};
const struct policy *ruleset_policy(const struct ruleset *);

enum cap_period { PER_ENTRY, PER_DAY, PER_WEEK, PER_YEAR };
enum cap_stars { STARS_ANY, STARS_ONLY, STARS_NOT };

struct cap {
	const char *name;
	uint32_t kinds;     /* bit 1 << enum entry_kind; all set = every kind */
	enum cap_stars stars;
	enum cap_period per;
	int minutes;
};

/* Minutes already claimed or approved for the person of this entry, by other entries that the cap covers, on days from <= day < to. */
typedef int used_fn(void *ctx, const struct cap *, int32_t from, int32_t to);

struct grant {
	int actual;         /* minutes: as stated, or as the rule takes them */
	int credited;
	const char *reason; /* "15 of 20: talk rule", "0: weekly star cap reached" */
	const char *rule;   /* the credit rule's name, "" = none applies */
	const char *flag;   /* "" = routine; else why the approver must look: "over the day cap", "no certificate" … */
};

/* What an entry counts for under the policy. `today`: the local day the claim is made on (for late claims).
 * first_presentation: no earlier `present` entry of this person has that title. */
struct claim_facts {
	int32_t today;
	bool first_time; /* this person has no earlier entry of that kind */
	used_fn *used;
	void *ctx;
};
void ruleset_credit(const struct ruleset *, const struct entry *, const struct claim_facts *, struct arena *, struct grant *);

/* ---- for `plnpost rules`: each rule as a row */
struct rule_row {
	const char *section, *name, *what; /* "credit", "talk", "kind talk: as stated, at most 15" */
	int line;
};
size_t ruleset_rows(const struct ruleset *, struct arena *, struct rule_row **rows);

#endif
