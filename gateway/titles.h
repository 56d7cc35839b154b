#ifndef GATEWAY_TITLES_H
#define GATEWAY_TITLES_H

#include "gateway/campus.h"

/* The keeper's side of titles: looks through new entries for links that came without words, asks the fetcher, and writes what it
 * answers into the log. What the fetcher has no room for waits in the log. */
struct titles;

struct titles *titles_open(struct campus *); /* NULL unless [links] titles = on; every function takes NULL */
void titles_close(struct titles *);
void titles_look(struct titles *);           /* there may be new entries */
/* A little at a time, in transactions of its own. 1 something was done, 0, -1 the log failed. */
int titles_work(struct titles *, struct err *);
int titles_fd(const struct titles *, bool *want_write); /* -1 = nothing to wait for */
size_t titles_waiting(const struct titles *);           /* titles that may still come */

#endif
