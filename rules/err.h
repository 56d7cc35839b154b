#ifndef RULES_ERR_H
#define RULES_ERR_H

#include <stdbool.h>

/* What went wrong, for the one who can mend it: names the thing and the mend. Low layers fill it, the top prints it.
 * Functions that take one answer 1 yes/found, 0 no (err untouched), -1 failed (err filled, out parameters untouched);
 * or 0 done, -1 failed where there is no "no". err may be NULL. */
struct err {
	bool temporary; /* the same call may succeed later (exit 75) */
	char text[512];
};

/* Both return -1, so that a failing branch is one line. A text too long is cut. */
int err_set(struct err *, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_later(struct err *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts words in front of what is there: err_prefix(err, "%s: ", path). */
int err_prefix(struct err *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
