#ifndef DIGEST_BAR_H
#define DIGEST_BAR_H

#include "digest/letters.h"

/* The credit bar's parts out of `whole` (cells, or percent): what is approved, what waits, what is left. Anything above
 * nothing shows, and only a full bar looks full. */
struct bar {
	int approved, waiting, left;
};
struct bar bar_parts(const struct credit_status *, int whole);
int bar_full(const struct credit_status *); /* minutes that fill it: cap, else requirement, else what there is */

#endif
