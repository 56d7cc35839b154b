#ifndef GATEWAY_PROGRAM_H
#define GATEWAY_PROGRAM_H

#include "rules/arena.h"
#include "rules/err.h"

/* The programs that plnpost starts lie beside it, or where `cmake --install` puts them from there: what needs large libraries
 * is kept out of plnpost itself, whose short commands would spend their time on loading them. */
#define WORKER_PROGRAM "plnpost-worker" /* mail, MIME, HTML, HTTP */
#define PRINT_PROGRAM "plnpost-print"   /* fonts and PDF */

/* Its path; NULL and err (with the mend) when it is not installed. */
const char *program_find(const char *name, struct arena *, struct err *);

#endif
