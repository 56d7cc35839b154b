#ifndef GATEWAY_READ_MIME_H
#define GATEWAY_READ_MIME_H

#include "gateway/read/parts.h"

/* Between mime.c, mime-header.c, mime-fields.c and tnef.c. GMime's own types stay inside the mime files. */

#define MIME_HEADERS 1000
#define MIME_PARTS 20000
#define MIME_DEPTH 100
#define MIME_MESSAGES 1000  /* attached ones */
#define MIME_ADDRESSES 2000
#define MIME_TEXT ((size_t)6 << 20) /* bytes of text, all parts together: no person reads more of a mail */

/* Reads the header fields that a mail begins with; answers where the body begins (GMime is asked for the rest). */
struct span headers_read(struct span raw, struct arena *, struct headers *, struct reading *);
/* Subject, addresses, dates, identifiers, list fields. */
void headers_fill(struct headers *, struct arena *, struct reading *);
/* Bytes as one line of UTF-8, unfolded, controls as blanks. */
char *header_line(struct arena *, struct span bytes);
/* RFC 2047; text is a header_line, and the answer where there is nothing to decode. */
const char *header_decode(struct arena *, const char *text);
/* The same, with each run of base64 words as one (mime-words.c). */
const char *words_join(struct arena *, const char *text);
/* The addresses of a field as written; groups are opened. */
struct mailaddrs header_addresses(struct arena *, const char *value);

void mime_warm_up(void);

/* tnef.c: what is inside a winmail.dat. */
struct tnef {
	const char *text, *html; /* NULL = none */
	struct attachment *files;
	size_t n_files;
};
/* 0; -1 when it is no TNEF; what could be read of a damaged one is there all the same. Its files' contents lie in the bytes given. */
int tnef_read(struct span bytes, struct arena *, struct tnef *);

#endif
