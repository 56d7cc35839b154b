#ifndef GATEWAY_APPROVALS_H
#define GATEWAY_APPROVALS_H

#include "gateway/desk.h"

/* Approval letters: who is asked, reminded and told (approvals.c, approvals-due.c), whose hand an answer is (hand.c), who may
 * answer for whom (delegate.c). What an answer decides is in do-decisions*.c. */

/* Registers or takes away. 1 changed and both told, 0 *refusal says why not, -1. answers: the mail that asks for it; NULL. */
int delegate_change(struct desk *, const struct person *approver, const char *address, bool on, const struct reading *answers, const char **refusal, struct err *);

/* ---- whose hand an answer is. Finds m->hand, m->delegate and m->principal; takes the letter away from whoever has no business with it. */
int find_hand(struct desk *, struct matter *, struct err *);
/* Once it is known what the mail is for: a decision is the principal's, everything else the writer's. */
void settle_hand(struct matter *);
/* The principal is asked, once, what a hand that is not registered has written. */
int ask_principal(struct desk *, struct matter *, struct err *);
const char *decider_name(struct arena *, const char *approver, const char *delegate); /* "Kim Office for Pat Principal"; delegate NULL = themselves */

#endif
