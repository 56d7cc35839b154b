#ifndef RULES_PLAN_H
#define RULES_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/arena.h"
#include "rules/str.h"

/* What a teacher means to learn this year, within the campus's goals (mission C2). */
enum plan_state {
	PLAN_DRAFT,    /* echoed to its owner, not sent yet */
	PLAN_WAITING,  /* sent to the approver */
	PLAN_ASKED,    /* the approver asked a question */
	PLAN_APPROVED,
	PLAN_DENIED,
	PLAN_REPLACED, /* a later version was approved, or written before this one was decided */
	PLAN_STATE_COUNT
};
const char *plan_state_name(enum plan_state); /* draft, waiting, asked, approved, denied, replaced */

/* Its three parts; "" = not said. */
struct plan_parts {
	const char *network;   /* what my PLN is */
	const char *learn;     /* what I hope to learn */
	const char *classroom; /* how it reaches my classroom */
};

struct goal { /* of the campus */
	int64_t id;
	const char *words;
};

struct plan {
	int64_t id, person;
	int32_t year;          /* the school year's first day */
	int version;           /* from 1 up, within the year */
	enum plan_state state;
	struct plan_parts parts;
	int64_t goal;          /* 0 = none */
	const char *goal_words; /* read only; "" */
	const char *prose;     /* as it was written */
	int64_t created_at, message;
	int64_t decided_at, decided_by, delegate; /* 0 */
	const char *words;     /* the approver's reason or question, then what the owner answered; "" */
};

struct entry;
/* Whether an entry is within the plan: its words, tags or topics name what the plan is about (its goal, what is to be learnt). */
bool plan_covers(const struct plan *, const struct entry *);

#endif
