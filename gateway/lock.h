#ifndef GATEWAY_LOCK_H
#define GATEWAY_LOCK_H

#include "rules/err.h"

/* One gateway at a time fetches and delivers for a campus folder. Answers a descriptor that holds the lock until it is closed
 * (by the kernel, if we die), or -1 when another one has it. `plnpost ingest` needs no lock: the log takes several writers. */
int lock_campus(const char *dir, struct err *);

#endif
