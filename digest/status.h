#ifndef DIGEST_STATUS_H
#define DIGEST_STATUS_H

#include "digest/draft.h"

/* The credit status as the templates know it: figures, text bar, and the HTML bar's widths in percent. */
void status_values(struct draft *, const struct credit_status *);

#endif
