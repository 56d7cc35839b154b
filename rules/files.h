#ifndef RULES_FILES_H
#define RULES_FILES_H

#include "rules/reading.h"

/* Which of the files that came with a mail are handed on to somebody else: documents, pictures, sound and film, few and not large;
 * nothing that runs when it is opened. Their bytes are nobody's business but the reader's and the receiver's. */
#define FILES_MOST 5
#define FILES_BYTES ((uint64_t)8 << 20) /* of all that are handed on */
#define FILES_NAMED 20                  /* fates at most: of a mail with more the rest is one line */

struct file_fate {
	size_t attachment;   /* its index in the reading; n_attachments for what is none */
	const char *name;    /* tame */
	const char *type;    /* what it is sent as: by the end of its name, whatever the mail said */
	const char *why;     /* why it is not handed on, as in "it is empty"; NULL = it is */
};
/* Logos, cards and signatures have none. */
struct file_fate *files_fates(const struct reading *, struct arena *, size_t *n);

/* A name without path, controls, marks that turn its letters round, and what disks refuse; of 200 bytes at most, its end kept. */
void files_tame_name(struct str *out, const char *name);
const char *files_size_text(struct arena *, uint64_t bytes); /* "34 kB", "1.2 MB" */

#endif
