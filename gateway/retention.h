#ifndef GATEWAY_RETENTION_H
#define GATEWAY_RETENTION_H

#include "gateway/desk.h"
#include "gateway/table.h"

/* Words that are past their years, or of a person who asks: proposed, then taken out piece by piece, each piece a transaction that
 * leaves a sound log. One that was killed goes on where it was when it is called again. */

/* The first day of the oldest school year that is kept: whatever ended the policy's years ago or longer lies before it. */
int32_t retention_before(const struct campus *, int64_t now);
int retention_proposal(struct campus *, int64_t now, struct arena *, struct dues *, int64_t *mails, int64_t *letters, struct err *);
int retention_apply(struct campus *, int64_t now, int64_t by, struct progress *, struct err *);
int retention_due(struct campus *, int64_t now, struct err *); /* once a school year the operator is told; in a transaction of its own */

/* All words of one person before that day. */
int redact_person(struct campus *, const struct redaction *, struct progress *, size_t of, struct err *);

/* ---- people: what cmd-people.c calls. 0, or -1. */
int people_export(struct cli *, struct campus *, const char *address, const char *dir, struct err *);
int people_erase(struct cli *, struct campus *, const char *address, const char *reason, struct err *);
int people_merge(struct cli *, struct campus *, const char *keep, const char *gone, const char *by, struct err *);
int people_find(struct campus *, const char *word, struct arena *, struct person *, struct err *); /* by address, or by number: #12; 0, -1 nobody */

#endif
