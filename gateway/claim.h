#ifndef GATEWAY_CLAIM_H
#define GATEWAY_CLAIM_H

#include "gateway/desk.h"

/* Between claim.c (what is claimed), claim-flag.c (what an approver must look at) and claim-status.c (how a person stands). */

#define UNVERIFIED "the mail server did not vouch for the sender"
#define CHANGED_AFTER "changed after it was " /* begins the flag of an entry that was decided before */

/* The flags that need the log, behind those of the rules: unusual length, first of a kind, a colleague's link, unverified sender. */
int claim_flags(struct desk *, const struct entry *, bool first_time, bool unverified, struct grant *, struct err *);
/* The plan that was approved for the school year from that day: 1, 0 none, -1. */
int claim_plan(struct desk *, int64_t person, int32_t year, struct plan *, struct err *);

#endif
