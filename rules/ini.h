#ifndef RULES_INI_H
#define RULES_INI_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/err.h"
#include "rules/str.h"

/* The one text form of config and rules: [section "name"], key = value, the value raw to the end of the line,
 * '#' comments at the start of a line, a repeated key makes a list (git-config's form without its escapes). */
struct ini_line {
	const char *file;
	int line;
	const char *section; /* lower case; "" before the first */
	const char *name;    /* what stands in quotes; "" without */
	const char *key;     /* lower case; NULL for the section line itself */
	const char *value;
};

/* Answers 0, or -1 with err filled (err_at) to stop. */
typedef int ini_fn(void *ctx, const struct ini_line *, struct err *);

/* Calls fn for each section line and each key line, in order. Refuses NUL bytes, bytes that are not UTF-8 and more than 1 MiB. 0, or -1. */
int ini_parse(const char *file, const char *text, size_t n, ini_fn *fn, void *ctx, struct err *);

/* "file:line: ..." */
int err_at(struct err *, const struct ini_line *, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Values. Each fills *out and returns 0, or -1 with a message that says what would be right. */
int ini_bool(const struct ini_line *, bool *out, struct err *);                            /* on/off, yes/no, true/false */
int ini_int(const struct ini_line *, int64_t least, int64_t most, int64_t *out, struct err *);
int ini_size(const struct ini_line *, int64_t least, int64_t most, int64_t *bytes, struct err *); /* 25M, 64k, 1G */
int ini_duration(const struct ini_line *, int64_t least, int64_t most, int64_t *seconds, struct err *); /* 90s, 20m, 1h30, 1.5h, 6h, 30d, 2w, 10y */

/* The same duration form, for callers with no line to blame: 0, or -1. */
int duration_parse(struct span, int64_t *seconds);

#endif
