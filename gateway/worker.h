#ifndef GATEWAY_WORKER_H
#define GATEWAY_WORKER_H

#include <sys/types.h>

#include "gateway/chan.h"

/* A process of ours with a channel to it: plnpost-worker (the keeper: plnpost itself), with the role as its argument and the
 * channel as file descriptor 3. Nothing else is inherited: a fresh address space without the starter's secrets or log. */
#define WORKER_FD 3

struct worker {
	pid_t pid; /* 0 = none */
	struct chan chan;
};

/* role: "reader", "gate", "postman", "keeper", "fetcher"; campus: the folder it may need, NULL = none. 0, or -1. */
int worker_start(struct worker *, const char *role, const char *campus, struct err *);
/* Closes the channel (the worker ends at end-of-file), waits up to ms, then kills. Legal on none.
 * Answers the wait status, or 0 when there was none. */
int worker_stop(struct worker *, int ms);
/* 1 it has ended (*status filled, channel left open for what it sent), 0 it runs. */
int worker_ended(struct worker *, int *status);
const char *worker_status_text(int status, char out[64]); /* "signal 9 (Killed)", "exit 70" */

#endif
