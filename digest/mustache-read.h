#ifndef DIGEST_MUSTACHE_READ_H
#define DIGEST_MUSTACHE_READ_H

#include "digest/mustache.h"

#define DEPTH_MAX 32 /* sections inside each other; partials inside each other */

/* A template, cut into pieces: literal text, or a tag. A section knows where it ends. */
struct piece {
	char kind;        /* 't' literal, '$' variable, '&' raw, '#', '^', '/', '>' */
	struct span text; /* the literal, or the tag's name */
	struct span indent; /* of a partial that stands alone on its line */
	int line;
	size_t end;       /* sections: index of the closing piece */
};

struct pieces {
	struct piece *v;
	size_t n;
};

/* 0, or -1 with name:line. The pieces point into m->text and live in the arena. */
int mustache_read(const struct mustache *m, struct pieces *out, struct arena *, struct err *);
/* -1, with "name:line: what name". */
int mustache_fail(const struct mustache *, struct err *, int line, const char *what, struct span name);
bool span_same(struct span, struct span);

#endif
