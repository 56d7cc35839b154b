#ifndef DIGEST_BAR_H
#define DIGEST_BAR_H

#include "digest/letters.h"

/* The credit bar's parts out of `whole` (cells, or percent): what is approved, what waits, what is left. Anything above
 * nothing shows, and only a full bar looks full. */
struct bar {
	int approved, waiting, left;
};
struct bar bar_parts(const struct credit_status *, int whole);
int64_t bar_counted(const struct credit_status *); /* minutes approved and waiting, as far as the cap lets them count */

#endif
