#ifndef RULES_KIND_H
#define RULES_KIND_H

#include "rules/str.h"

/* What a teacher did. Mission L2. */
enum entry_kind {
	KIND_NONE, /* not said */
	KIND_READ,
	KIND_WATCH,
	KIND_LISTEN,
	KIND_CHAT,
	KIND_FORUM,
	KIND_WEBINAR,
	KIND_COURSE,
	KIND_CONF,
	KIND_TALK,
	KIND_MENTOR,
	KIND_PRESENT,
	KIND_PROJECT,
	KIND_APPLIED,
	KIND_REFLECT,
	KIND_COUNT
};

const char *kind_name(enum entry_kind);       /* "read" …; "" for KIND_NONE */
const char *const *kind_written(enum entry_kind); /* of a list that ends with NULL; no kind has one */
enum entry_kind kind_of_word(struct span);    /* by name or a usual other word (article, podcast, workshop …), KIND_NONE if neither */
bool kind_gives(enum entry_kind);             /* giving rather than taking in: mentor, present … (mission L11) */

#endif
