#ifndef GATEWAY_READ_MIME_TREE_H
#define GATEWAY_READ_MIME_TREE_H

#include "gateway/read/mime-content.h"
#include "gateway/read/mime.h"

/* The structure of a mail, between mime.c, which walks it, and GMime, which reads it (mime-gmime.c). */

struct entity {
	enum { ENTITY_LEAF, ENTITY_MESSAGE, ENTITY_MULTIPART } what;
	enum { SHOWS_EACH, SHOWS_FIRST, SHOWS_BEST } shows;            /* of its parts: mixed and others, related, alternative */
	enum { TEXT_NONE, TEXT_OTHER, TEXT_PLAIN, TEXT_HTML } text;
	const char *type;                                              /* lower case */
	const char *filename, *charset, *report_type, *format, *delsp; /* "" if none */
	bool attachment;                                               /* Content-Disposition says so */
	GMimeContentEncoding encoding;                                 /* of content */
	struct span content;                                           /* a leaf's, as it stands in the mail */
	GMimeObject *message;                                          /* an attached message's, NULL = it cannot be read */
	struct entity *parts;                                          /* an attached message has one or none; from MIME_DEPTH on there are none */
	size_t n;
};

/* Memory that the entities point into. */
struct gmime {
	GMimeStream *stream;
	GMimeObject *top;
};
/* 1: read; 0: there is nothing. Close it in either case. */
int gmime_read(struct gmime *, const struct headers *, struct span body, struct arena *, struct reading *, struct entity *top);
void gmime_close(struct gmime *);
/* The header of an attached message, or all of it where that is empty: a blank line may stand before it. g_byte_array_unref. */
GByteArray *gmime_message_header(GMimeObject *message);

#endif
