#ifndef GATEWAY_PLAN_DESK_H
#define GATEWAY_PLAN_DESK_H

#include "digest/plan.h"
#include "gateway/desk.h"
#include "rules/plan-said.h"

/* A plan in hand, for do-plan*.c: whose it is, which campus goals there are, and the letters about it.
 * do-plan.c finds what a mail means, do-plan-draft.c echoes and sends, do-plan-approve.c decides, do-plan-letters.c writes. */
struct plan_desk {
	struct desk *desk;
	struct matter *m;
	struct plan plan;      /* id 0 = none yet */
	struct person owner;
	struct goals goals;
	int32_t from, to;      /* the school year */
	char year[16];
	bool no_goal;          /* "goal none" was said */
	bool guessed;          /* the goal is a guess of this mail's words */
	const char *remark;    /* a sentence before the echo; NULL */
	size_t posted;         /* letters so far */
	struct err *err;
};

int plan_desk_open(struct plan_desk *, struct desk *, struct matter *, struct err *); /* of the sender, in today's school year, without a plan */
int plan_desk_load(struct plan_desk *, int64_t plan); /* that plan, its owner and its year. 1, 0 there is none, -1 */
struct person_list {
	struct person *v;
	size_t n;
};
int plan_approvers(struct plan_desk *, struct person_list *); /* who may decide about it */
const char *plan_day(struct plan_desk *, int64_t at); /* "Tue 3 Mar" */
const char *plan_name(struct plan_desk *, int64_t person); /* "Pat Principal" */
const char *plan_decider(struct plan_desk *);              /* "Kim Office for Pat Principal"; of the plan's decision */
const struct goal *plan_find_goal(const struct plan_desk *, int64_t id); /* NULL */
void plan_add(struct plan_desk *, struct strs *, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- do-plan-letters.c. what: part of the letter's key; answers: in answer to the mail in hand, else in the thread of our last letter. */
int plan_post(struct plan_desk *, const struct person *to, const char *what, bool answers, struct plan_letter *);
/* One sentence to the sender, with the plan below it; replies end with NULL. */
int plan_say(struct plan_desk *, const char *what, bool show, const char *sentence, const char *const *replies);
void plan_offer_decision(struct plan_desk *, struct plan_letter *); /* its subject, and how an approver may answer */
int plan_ask(struct plan_desk *, const struct person *approver, const char *what, const char *lead); /* lead: why again; NULL */
int plan_questions(struct plan_desk *);    /* the three questions, to begin with */
int plan_echo(struct plan_desk *);         /* the draft as it is understood, and what it needs: a part, a goal, a yes */
int plan_stands(struct plan_desk *);       /* how it stands, to its owner */
bool plan_echo_is_current(struct plan_desk *, bool *offers); /* whether the letter answered shows the draft as it is now; *offers: and offered to send it */

/* ---- do-plan-draft.c, do-plan-approve.c */
int plan_begin(struct plan_desk *, const struct plan_said *); /* a new draft, or the draft anew */
int plan_owner_answers(struct plan_desk *);
/* plan-due.c: plans that wait for too long; *n counts letters, each written once. 0, or -1 */
int plans_overdue(struct campus *, int64_t now, size_t *n, struct err *);
int plan_approver_answers(struct plan_desk *);
const char *plan_barred(struct plan_desk *); /* why m->person cannot decide about the plan, in a sentence; NULL = can */
int plan_decide(struct plan_desk *, const struct plan_answered *); /* ok, no, ask; the plan is not barred */

#endif
