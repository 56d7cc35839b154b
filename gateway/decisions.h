#ifndef GATEWAY_DECISIONS_H
#define GATEWAY_DECISIONS_H

#include "gateway/approvals.h"

/* Between the files that carry out an approver's answer: do-decisions.c, -plan.c (what is to happen to each item),
 * -inline.c (words under a quoted item), -tell.c (who hears of it), -command.c (the same on the command line). */

struct plan_item { /* what is to happen to one item of the letter */
	bool named;      /* by its own number, not by a plain ok */
	bool any;
	enum decision_verb verb;
	int minutes;
	const char *words;
	bool clash;      /* two instructions that cannot both be meant */
	bool doubtful;   /* something unclear was said about it: a plain ok does not cover it */
};

struct answering {
	struct desk *desk;
	struct matter *m;
	const char *moment; /* begins the keys of its letters, after what they are */
	bool by_command;    /* written by whoever runs the gateway, in the approver's name */
	struct approval approval;
	struct plan_item *plan; /* parallel to approval.items */
	const struct said *said; /* what stands outside the quoted items */
	struct outcome outcome;
	struct err *err;
};

void make_plan(struct answering *);
void plan_decision(struct answering *, const struct decision *);
/* Plans what stands under quoted items, and leaves the rest in a->said. */
void plan_answers(struct answering *);
int carry_out(struct answering *, const struct item *, const struct plan_item *);
int answer_approver(struct answering *);
int tell_teachers(struct answering *);
int tell_other_approvers(struct answering *);

#endif
