#ifndef GATEWAY_REOPEN_H
#define GATEWAY_REOPEN_H

#include "gateway/desk.h"

/* Opens a school year ("2025/26") for late claims until that day, by a line of the ledger. 1 with the sentence that says so; 0 with
 * the one that says why not; -1. The transaction is the caller's. */
int reopen_year(struct desk *, const struct person *by, const char *year, int32_t until, const char *reason, int64_t message, const char **sentence, struct err *);

#endif
