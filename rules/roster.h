#ifndef RULES_ROSTER_H
#define RULES_ROSTER_H

#include "rules/arena.h"
#include "rules/err.h"
#include "rules/person.h"

struct roster {
	struct person *people;
	size_t n;
};

/* Reads a roster from CSV (RFC 4180, comma or semicolon, BOM tolerated, header names in any order):
 *   name, address (several separated by blanks, or columns address2 …), role, zone, approver, receipts, digest,
 *   joined (an ISO day), shared address (a mailbox that several people write from), shared (yes: this row's addresses may be others' too)
 * name and address are required. Everything is checked before anything is taken: an unknown column, a doubled address, a
 * bad role … is an error that names the line. `zone_ok` checks a zone name (the rules have no clock). 0, or -1. */
int roster_parse(const char *file, struct span csv, int (*zone_ok)(const char *zone, struct err *), struct arena *,
                 struct roster *out, struct err *);

#endif
