#ifndef GATEWAY_READ_READ_H
#define GATEWAY_READ_READ_H

#include "rules/reading.h"
#include "rules/ruleset.h"

/* Bytes in, struct reading out: the work of the reader process. Pure but for its libraries: no files, no network, no clock. */

struct read_options {
	struct strs authservs;     /* pinned authserv-ids, lower case; empty = none is trusted */
	struct strs campus;        /* the campus's own addresses (lower case, without plus-part): our letters come from them */
	struct strs sealers;       /* ARC sealers that are trusted; empty = none */
	const struct ruleset *rules; /* NULL = match none */
	const struct linkrules *links; /* how links are unwrapped and cleaned; NULL = as shipped */
};

/* Call once before the cage closes: setlocale has been called; loads charsets, patterns, tables. */
void read_warm_up(void);

/* Never fails: what cannot be read is empty and named in defects. Everything lives in the arena. */
void read_mail(const struct read_options *, struct span raw, struct arena *, struct reading *out);

/* The contents of the files that are handed on (rules/files.h), when the mail says *ready*: it is read a second time. */
void read_files(struct span raw, struct arena *, struct reading *);

/* explain --json: one object on one line, as in the contract. file may be NULL. */
struct verdict;
void reading_json(struct str *out, const char *file, const struct reading *, const struct verdict *);

/* The form that crosses from the reader to the keeper. wire_unpack: 0, or -1 when a byte is not as it must be. */
void wire_pack(struct str *out, const struct reading *);
int wire_unpack(struct span bytes, struct arena *, struct reading *out);

#endif
