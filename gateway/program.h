#ifndef GATEWAY_PROGRAM_H
#define GATEWAY_PROGRAM_H

#include <sysexits.h>

#include "rules/arena.h"
#include "rules/err.h"

/* The programs that plnpost starts lie beside it, or where `cmake --install` puts them from there: what needs large libraries
 * is kept out of plnpost itself, whose short commands would spend their time on loading them. */
#define WORKER_PROGRAM "plnpost-worker" /* mail, MIME, HTML, HTTP */
#define PRINT_PROGRAM "plnpost-print"   /* fonts and PDF */

/* "0.1.0+5f3a09c1": the project's version, and a sum over what decides on what our programs say to each other. They begin each
 * other with --of and this, and one of another version refuses to serve. */
extern const char program_version[];
/* Says on standard error that this program is of another version than the one that started it (NULL: it did not say), and the
 * mend. Answers the exit code PROGRAM_OTHER. */
#define PROGRAM_OTHER EX_PROTOCOL
int program_other(const char *of);

/* Its path; NULL and err (with the mend) when it is not installed. */
const char *program_find(const char *name, struct arena *, struct err *);

#endif
