#ifndef GATEWAY_MAIL_ENCODE_H
#define GATEWAY_MAIL_ENCODE_H

#include "rules/str.h"

/* The 7-bit forms of mail. */
#define MAIL_LINE 76

/* A header field being written: words go on a new line when they would pass column 76 (RFC 5322 2.2.3). */
struct field {
	struct str *out;
	size_t column;
};
void field_begin(struct field *, struct str *out, const char *name);
void field_word(struct field *, struct span word); /* with a blank before it; printable ASCII, as it is */
/* Free text as RFC 5322 words, or as RFC 2047 encoded words cut between characters. Line breaks and controls become blanks. */
void field_text(struct field *, const char *utf8);
/* A display name: atoms, a quoted string, or encoded words. */
void field_phrase(struct field *, const char *utf8);
void field_end(struct field *);

/* A body of UTF-8 and LF in 7bit where it fits, else the shorter of quoted-printable and base64, with CRLF; answers its Content-Transfer-Encoding.
 * Controls other than tab and line feed are dropped; what is not UTF-8 becomes U+FFFD. */
const char *body_encode(struct str *out, const char *utf8);
/* Bytes as they are, in lines of 76 columns. */
void body_base64(struct str *out, struct span bytes);

#endif
