#ifndef GATEWAY_MAIL_MAILDIR_SOURCE_H
#define GATEWAY_MAIL_MAILDIR_SOURCE_H

#include "gateway/mail/maildir.h"
#include "gateway/mail/source.h"

/* Private to maildir.c and maildir-mark.c. */

struct waiting {
	int64_t at;       /* when it was delivered */
	const char *name; /* file name */
	bool is_new;      /* in new/, else in cur/ */
};

struct known {
	uint64_t *v; /* open addressing, 0 = free */
	size_t n, cap;
};

struct maildir {
	const char *path;
	int dir, fresh, read; /* the folder, its new/, its cur/ */
	int watch;            /* inotify on new/; -1 */
	struct known known;
	struct arena arena;   /* of one listing */
	struct waiting *list;
	size_t n, at;
	struct arena names;   /* path: lives as long as this */
};

uint64_t maildir_hash(const char *name, size_t n);
bool known_has(const struct known *, uint64_t hash);
void known_add(struct known *, uint64_t hash);
size_t maildir_base_length(const char *name); /* without ":2,FLAGS" */
int maildir_open_folder(int at, const char *name);

int maildir_mark(struct source *, const struct strs *idents, struct err *);
/* The folder to move to, made if missing: its cur/, or -1. */
int maildir_open_move_to(struct source *, struct arena *, struct err *);

#endif
