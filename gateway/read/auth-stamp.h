#ifndef GATEWAY_READ_AUTH_STAMP_H
#define GATEWAY_READ_AUTH_STAMP_H

#include "rules/arena.h"
#include "rules/reading.h"

/* One Authentication-Results header, or what an ARC set has of it. */

#define STAMP_RESULTS 200

struct stamp {
	const char *authserv;
	struct auth_result *results;
	size_t n;
};

/* Fills authserv as soon as it is known; answers whether the rest could be read. */
bool stamp_parse(struct arena *, const char *value, struct stamp *);

#endif
