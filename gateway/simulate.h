#ifndef GATEWAY_SIMULATE_H
#define GATEWAY_SIMULATE_H

#include "gateway/campus.h"

/* A year's credit under other rules, person by person, in memory: nothing is written. Each entry is counted again in the order in
 * which it came, once by the campus's rules and once by the others; what both give the same stays as it is in the log, so that
 * only the rules' own difference shows. What an approver decided by hand (denied, other minutes) is kept as decided. */
struct simulating;

/* The school year from that day. The campus (opened for reading is enough) and the rules stay the caller's. */
struct simulating *simulate_open(const struct campus *, const struct ruleset *other, int32_t year);
void simulate_close(struct simulating *); /* NULL is fine */

struct simulated {
	const struct entry *entry; /* as it is in the log: credited is what counts now */
	bool by_hand;              /* kept as decided */
	int was, is;               /* minutes credited: in the log; under the other rules */
	const char *why;           /* the other rules' reason; of what is kept, the log's */
	const char *cause;         /* what had the last word, by name */
};
struct simulation {
	struct simulated *v;       /* in the order in which they came */
	size_t n, changed, by_hand;
	int was, is;               /* sums of the year */
	struct terms terms;        /* under the other rules */
};
int simulate_person(struct simulating *, const struct person *, struct arena *, struct simulation *, struct err *);
/* What changes most, by name and minutes: "weekly star cap -45, talk rule +15". */
const char *simulation_why(const struct simulation *, struct arena *);

#endif
