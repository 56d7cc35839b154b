#ifndef DIGEST_PLAN_H
#define DIGEST_PLAN_H

#include "digest/letters.h"
#include "rules/plan.h"

/* Letters about a plan: the three questions, the echo, what an approver is asked, what came of it. One form for all of them, so that a
 * plan looks alike wherever it is read; what differs is said in sentences around it. *word* in a sentence is a thing to reply. */
struct plan_letter {
	const char *subject;
	struct strs before;        /* sentences above the plan */
	bool questions;            /* the three questions instead of a plan */
	const struct plan *plan;   /* NULL = none is shown */
	const char *of;            /* "Terry Teacher, 2026/27, version 2" */
	bool choose;               /* the goals are shown, to choose one */
	const struct goal *goals;
	size_t n_goals;
	struct strs after;         /* sentences below */
	struct strs replies;       /* ready answers: "yes", "ok" */
};
int letter_plan(struct letter *, const struct templates *, const struct frame_facts *, const struct plan_letter *, struct arena *, struct err *);

/* What each of the three parts is called, and asked for: 0 to 2. */
const char *plan_part_title(size_t i);    /* "What I hope to learn" */
const char *plan_part_question(size_t i); /* "What do you hope to learn this year?" */

#endif
