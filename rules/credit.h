#ifndef RULES_CREDIT_H
#define RULES_CREDIT_H

#include "rules/arena.h"
#include "rules/entry.h"
#include "rules/person.h"
#include "rules/plan.h"

/* What an entry counts for under the campus's policy. Pure: what the log holds already is given as facts, or asked back for. */
struct ruleset;

enum policy_mode { POLICY_OFF, POLICY_FLAT, POLICY_MINUTES };

/* Why an approver must look at an entry by itself; each can be switched off (no-flag). */
enum claim_flag { FLAG_CAP, FLAG_CERTIFICATE, FLAG_UNUSUAL, FLAG_FIRST, FLAG_DUPLICATE, FLAG_UNVERIFIED, FLAG_CHANGED, CLAIM_FLAG_COUNT };
const char *claim_flag_name(enum claim_flag); /* over-cap, no-certificate, unusual, first-of-kind, duplicate, unverified, changed */

struct policy {
	enum policy_mode mode;
	int requirement;              /* minutes a year; 0 = none. Of one person: ruleset_terms */
	int pln_cap, pln_cap_percent; /* minutes a year, or (percent > 0) that share of the requirement; 0 = none */
	int year_month, year_day; /* first day of the school year */
	int late_days;            /* claims for days longer ago are not credited; 0 = no limit */
	int closes_days;          /* a year that ended takes claims for so many days more; 0 = no limit */
	int certificate_above;    /* minutes stated above which a certificate is asked; 0 = never */
	bool evidence_required;   /* nothing is credited before it comes; else the approver is asked to look */
	int share_minimum, share_percent; /* entries of a year to share before its minutes count toward the requirement; 0 = none */
	int breadth;              /* kinds that a year's credit must spread over; 0 = any */
	int plan_share;           /* per cent of a year's minutes that must lie within the approved plan; 0 = none */
	int unusual_above, unusual_times; /* minutes stated above both that and so many times their median are unusual; 0 = never */
	int first_above;          /* the first of a kind is flagged when it is credited more */
	uint32_t no_flags;        /* bit 1 << enum claim_flag: not raised */
	int remind_days, escalate_days, retention_years;
	int flat_minutes, flat_shared, flat_applied; /* the package: granted as a whole, needs. In mode flat, or beside minutes */
	int undo_days;            /* how long an approver may take a decision back */
};
const struct policy *ruleset_policy(const struct ruleset *);

static inline bool policy_raises(const struct policy *p, enum claim_flag flag)
{
	return (p->no_flags >> flag & 1) == 0;
}

/* Whether a package is granted after the interview or write-up, alone or beside minutes. */
static inline bool policy_package(const struct policy *p)
{
	return p->mode != POLICY_OFF && p->flat_minutes > 0;
}

/* What holds for one person in the school year of that day: by role, and by days for who joined within it. */
struct terms {
	bool earns;                       /* false: a guest; shares, and is credited nothing */
	int requirement, pln_cap;         /* minutes; 0 = none */
	int whole_requirement;            /* of who was there all year */
	const char *why;                  /* "joined 1 Mar 2027", "" = the whole year */
};
void ruleset_terms(const struct ruleset *, enum person_role, int32_t joined, int32_t day, struct arena *, struct terms *);

/* Why days of then are not credited any more when claimed today; NULL = they are. reopened_until: the last day on which
 * claims for that year are taken all the same, 0 = the year was not opened again. */
const char *ruleset_late(const struct ruleset *, int32_t day, int32_t today, int32_t reopened_until, struct arena *);
/* First days [from, to) of the school year that day lies in. */
void policy_year(const struct policy *, int32_t day, int32_t *from, int32_t *to);

enum cap_period { PER_ENTRY, PER_DAY, PER_WEEK, PER_YEAR };
enum cap_stars { STARS_ANY, STARS_ONLY, STARS_NOT };

struct cap {
	const char *name;
	uint32_t kinds;       /* bit 1 << enum entry_kind; all set = every kind */
	enum cap_stars stars;
	enum cap_period per;
	int minutes, percent; /* percent > 0: minutes are that share of the person's requirement */
	uint32_t roles;       /* bit 1 << enum person_role; 0 = everybody */
	bool package;         /* the minutes of a package count here too */
};

/* Minutes already claimed or approved for the person of this entry, by other entries that the cap covers, on days from <= day < to. */
typedef int used_fn(void *ctx, const struct cap *, int32_t from, int32_t to);
/* The same of entries outside the person's plan (all of them when there is none). */
typedef int outside_fn(void *ctx, int32_t from, int32_t to);

#define COUNTS_ONCE "; counts once " /* ends a reason while too little is shared */

struct grant {
	int actual;         /* minutes: as stated, or as the rule takes them */
	const char *took;   /* why these: "as stated", "none stated: talk rule" */
	int credited;
	const char *reason; /* "15 of 20: talk rule", "0: weekly star cap reached" */
	const char *rule;   /* the credit rule's name, "" = none applies */
	const char *cause;  /* what had the last word: the rule as the reason names it, or the cap's name */
	const char *flag;   /* "" = routine; else why the approver must look: "over the day cap; 180 min stated without a certificate" */
};

/* What an entry counts for under the policy. `today`: the local day the claim is made on (for late claims; DAY_NONE = not asked). */
struct claim_facts {
	int32_t today;
	bool first_time; /* this person has no earlier entry of that kind */
	used_fn *used;   /* NULL = nothing */
	void *ctx;
	enum person_role role;
	int32_t joined;             /* struct person; 0 */
	int32_t reopened_until;     /* ruleset_late */
	const struct plan *plan;    /* the approved one of that year, NULL = none; asked when policy.plan_share > 0 */
	outside_fn *outside;        /* with the same ctx; NULL = nothing */
	int shared, entries;        /* the person's other entries of that year; asked when policy.share_minimum or .share_percent > 0 */
};
void ruleset_credit(const struct ruleset *, const struct entry *, const struct claim_facts *, struct arena *, struct grant *);
/* "a; b": one more reason to look. */
const char *flag_add(struct arena *, const char *flag, const char *more);

#endif
