#ifndef DIGEST_FORMS_H
#define DIGEST_FORMS_H

#include "digest/letters.h"

/* Small pieces of text that letters are made of. What is not there is "", never NULL. */

/* Blanks, line ends and controls folded to single blanks; cut with "…" between words where it is longer than max code points. */
const char *one_line(struct arena *, const char *, size_t max);
/* An absolute http or https address, safe inside an attribute, percent-encoded to ASCII; "" for anything else. */
const char *web_href(struct arena *, const char *url);
/* "edutopia.org/…": the host without www, and that there is more. */
const char *site_text(struct arena *, const char *url);
/* A mailto: URL (RFC 6068) that opens a ready answer. "" without an address. */
const char *mailto_href(struct arena *, const char *addr, const char *subject, const char *body);
/* "Tue 3 Mar" */
const char *day_text(struct arena *, int32_t day, int32_t today);
/* "Friday" within the coming week, else "Fri 27 Nov". */
const char *day_name(struct arena *, int32_t day, int32_t today);
/* "1 entry", "3 entries" */
const char *count_text(struct arena *, size_t n, const char *one, const char *many);
/* "43,775" */
const char *grouped_text(struct arena *, int64_t);
/* As minutes_text; from 100 hours up without the minutes: "1,088 h". */
const char *hours_text(struct arena *, int64_t minutes);
/* "15 of 20: talk rule" → "talk rule" */
const char *reason_words(const char *reason);
const char *join(struct arena *, const struct strs *, const char *separator);

#endif
