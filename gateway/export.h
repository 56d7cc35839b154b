#ifndef GATEWAY_EXPORT_H
#define GATEWAY_EXPORT_H

#include "gateway/store/store.h"

/* A person's own log as files that other programs read. */

/* Every entry with all that it says (CSV), the oldest first; addresses of links one a line in their cell. */
void export_entries(struct str *out, const struct entries *, struct arena *);
/* The links as a Netscape bookmark file, as browsers and bookmark services take it: tags and notes are kept. title: of the whole. */
void export_bookmarks(struct str *out, const struct entries *, const char *title, struct arena *);

#endif
