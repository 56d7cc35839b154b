#ifndef GATEWAY_APPROVALS_OVERDUE_H
#define GATEWAY_APPROVALS_OVERDUE_H

#include "gateway/approvals.h"

/* An approver who is away. After remind-after days what is still open is asked about once more, in the numbers of its letter;
 * after escalate-after days the approvers who were not asked yet are, or the operator is told that there are none. An entry is
 * reminded of and passed on once, from the letter in which it was asked about first: later letters list it again, and after a
 * time of standing still all of them would fall due at once.
 * approvals-due.c makes the rounds, approvals-remind.c asks once more, approvals-escalate.c passes on. */
struct overdue { /* of one approver, in one round */
	struct desk desk;
	const struct roster *people;
	struct person *approver;     /* NULL: gone from the roster */
	struct approval **due;       /* oldest first */
	size_t n;
	int64_t before;              /* asked at or before it: overdue */
	struct strs *unheard;        /* for the operator, all approvers together */
	struct arena *arena;         /* of the round */
	size_t written;
};

/* What is due of one approver: 0, or -1. Inside the caller's transaction. */
int overdue_remind(struct overdue *, struct err *);
int overdue_escalate(struct overdue *, struct err *);

bool overdue_open(const struct entry *);
bool overdue_decides(const struct person *);
const char *overdue_day(const struct overdue *, int64_t at);
/* What that approver was asked about the entry: 1, 0 never, -1. others: who else was. */
int overdue_asked(struct overdue *, const struct entry *, struct asked_approver *mine, struct asked_approver **others, size_t *n, struct err *);

#endif
