#ifndef GATEWAY_MAIL_PARTS_H
#define GATEWAY_MAIL_PARTS_H

#include "gateway/mail/mail.h"

/* What stands below a letter's header: text/plain; multipart/alternative with the HTML; with files a multipart/mixed around it.
 * An invitation ("text/calendar; method=REQUEST") is an alternative as well: that is where calendars look for one (RFC 6047).
 * 0, or -1 when it does not fit. */
int parts_write_body(struct str *out, const struct mail_out *);

#endif
