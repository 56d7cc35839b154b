#ifndef GATEWAY_PAGE_TITLE_H
#define GATEWAY_PAGE_TITLE_H

#include "rules/arena.h"
#include "rules/str.h"

/* What a web page calls itself, from its first bytes. The page is hostile: this runs in the fetcher only. */

#define PAGE_TITLE_MAX 200 /* bytes */

/* Whether the rest of the page is not needed; `from` on is new since the last question. */
bool page_title_seen(struct span html, size_t from);
/* <title>, else og:title: UTF-8, one line, no controls; "" = it has none. type: the Content-Type it came with. */
const char *page_title(struct arena *, const char *type, struct span html);

#endif
