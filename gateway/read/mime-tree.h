#ifndef GATEWAY_READ_MIME_TREE_H
#define GATEWAY_READ_MIME_TREE_H

#include "gateway/read/mime-content.h"
#include "gateway/read/mime.h"

/* The structure of a mail, between mime.c, which walks it, and those who read it: mime-strict.c where it is as the
 * standards say (nine mails of ten, at a fraction of the cost), else GMime (mime-gmime.c). Both answer the same. */

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

/* What the type says of itself: shows, text. */
void entity_classify(struct entity *, const char *type);

/* 1: read; 0: something about it is unusual, so GMime is asked. The content stays in body. */
int strict_read(const struct headers *, struct span body, struct arena *, struct entity *top);

/* Memory that the entities point into. */
struct gmime {
	GMimeStream *stream;
	GMimeObject *top;
};
/* 1: read; 0: there is nothing. Close it in either case. */
int gmime_read(struct gmime *, const struct headers *, struct span body, struct arena *, struct reading *, struct entity *top);
void gmime_close(struct gmime *);
/* The bytes of an attached message; g_byte_array_unref. */
GByteArray *gmime_message_bytes(GMimeObject *message);

#endif
