#ifndef GATEWAY_CHAN_H
#define GATEWAY_CHAN_H

#include <stdint.h>

#include "rules/err.h"
#include "rules/str.h"

/* One end of a socketpair between two of our processes: frames of a type and a payload. Writing queues and flushes
 * what goes without blocking; a worker that has nothing else to do uses the _wait forms. A frame is CHAN_MAX at most. */
#define CHAN_MAX ((size_t)64 << 20)

struct chan {
	int fd; /* -1 = closed */
	struct str out, in;
	size_t out_at, in_at; /* bytes already gone, already read */
};

struct frame {
	unsigned type;
	struct span payload; /* into the channel's buffer: valid until the next chan_ call that reads */
};

void chan_init(struct chan *, int fd); /* owns fd from now on; makes it non-blocking */
void chan_close(struct chan *);        /* legal on a closed one */
void chan_send(struct chan *, unsigned type, struct span payload); /* queues */
size_t chan_queued(const struct chan *);                            /* bytes not yet written */
int chan_flush(struct chan *, struct err *);                        /* 1 all gone, 0 the rest later, -1 the other end is gone */
/* The next whole frame among what has come: 1; 0 none yet (reads what is there, never blocks); -1 end or broken frame. */
int chan_next(struct chan *, struct frame *, struct err *);
/* Blocking forms, each with a deadline in milliseconds from now (-1: none). 0 = the deadline passed. */
int chan_next_wait(struct chan *, struct frame *, int ms, struct err *);
int chan_flush_wait(struct chan *, int ms, struct err *);

#endif
