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

/* Decides about those entries in the approver's name, as on the command line; all are told as by mail. words: of a denial. The
 * transaction is the caller's; 0, or -1 when any of them cannot be decided. */
int decide_by_command(struct desk *, struct person *by, const int64_t *entries, size_t n, enum decision_verb, int minutes, const char *words, struct err *);

/* ---- who is asked, and reminded. Each approver in a transaction of its own; *n counts letters. 0, or -1. */
/* Approval letters about everything that waits. moment: of their keys, so that what is begun again asks nobody twice. */
int approvals_ask(struct campus *, int64_t now, int64_t moment, size_t *n, struct err *);
/* What waits for too long (remind-after, escalate-after): its approver is reminded once; then the others are asked, or the operator is told. */
int approvals_overdue(struct campus *, int64_t now, size_t *n, struct err *);
int approvals_due(struct campus *, int64_t now, struct err *); /* the same, once a local day at the approvals' hour */

/* For approvals-due.c: an approval of those entries, and its letter. lead: why they are asked about; NULL. 1 queued, 0 not (same key), -1. */
int approval_post(struct desk *, const struct person *, const struct entries *, const char *key, const char *lead, struct err *);
/* How an approval's items look in a letter, the open ones only when asked for. */
void approval_value(struct desk *, const struct person *, const struct approval *, bool only_open, struct approval_letter *);

#endif
