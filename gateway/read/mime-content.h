#ifndef GATEWAY_READ_MIME_CONTENT_H
#define GATEWAY_READ_MIME_CONTENT_H

#include <gmime/gmime.h>

#include "rules/arena.h"
#include "rules/str.h"

/* What a part or a field holds, as it comes: transfer encodings (RFC 2045 6) cut off or only claimed, charsets, dates, names of files.
 * For mime*.c alone. */

/* The bytes behind an encoding, in the arena; what needs no decoding stays where it is. */
struct span content_decode(struct arena *, GMimeContentEncoding, struct span in);
/* How many bytes that would be, for a file that nobody looks into. */
size_t content_size(GMimeContentEncoding, struct span in, struct arena *scratch);
/* Says base64 but is prose: words with blanks between them, as some programs send them. */
bool content_is_prose(struct span);

/* A list's manager put its words behind the base64 of a text: that decoded and they as they are; empty when it is not so. */
struct span content_with_footer(struct arena *, struct span in);

/* The charset that a text names first in its front, "charset=…"; "" when it names none, or UTF-8 that it is not. */
const char *content_charset_named(struct arena *, struct span text);
/* What a page says of itself: <meta charset=…>, <meta http-equiv=content-type content="text/html; charset=…">; "" when nothing. */
const char *content_page_charset(struct arena *, struct span page);

/* Old Macs ended lines with CR alone: such a text with LF; any other as it is. */
struct span content_line_ends(struct arena *, struct span raw);

/* A Date field's (mime-date.c); NULL when it cannot be read. */
GDateTime *date_read(const char *value);

/* The name of a part's file, decoded (mime-words.c); "" when it has none. */
const char *mime_filename(GMimePart *, struct arena *);

#endif
