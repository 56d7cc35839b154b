#ifndef GATEWAY_TRANSCRIPT_H
#define GATEWAY_TRANSCRIPT_H

#include "digest/records.h"
#include "gateway/desk.h"

/* The transcript of a person's school year: made from the log, issued with a code that the campus answers for. */

/* ---- the code: 75 bits of the content's hash and a check symbol, in Crockford's base 32 (crockford.com/base32.html), four by four */
#define TRANSCRIPT_CODE 20
void transcript_code(char out[TRANSCRIPT_CODE], const uint8_t content[HASH_BYTES]);
/* As people type it: any case, with or without hyphens, O for 0, I and L for 1. 0, or -1 when it is none, or mistyped. */
int transcript_code_read(const char *text, char out[TRANSCRIPT_CODE]);

/* ---- making. year: the school year's first day */
int transcript_make(struct desk *, const struct person *, int32_t year, struct transcript *, struct err *); /* without a code; changes nothing */
/* Makes it, works out its code and remembers both. Inside a transaction. csv receives the file (NULL = not wanted). 0, or -1 */
int transcript_issue(struct desk *, const struct person *, int32_t year, struct transcript *, struct str *csv, struct err *);
int transcript_pdf(struct desk *, const struct transcript *, struct str *pdf, struct err *);
const char *transcript_stem(struct arena *, const struct transcript *); /* "transcript-2026-27-ana-rivera" for a file's name */

/* ---- checking: what a CSV file says, whatever program saved it since */
struct transcript_file {
	const char *code, *campus, *person, *year, *line_hash; /* "" = it does not say */
	int64_t line;
	uint8_t content[HASH_BYTES];
};
int transcript_read(const char *name, struct span csv, struct arena *, struct transcript_file *, struct err *);
/* what: a code, or the path of a CSV file. Says on standard output what was found. Answers an exit code: 0 genuine and still so,
 * 1 genuine, but the log has gone on, EX_DATAERR not genuine, or another one with err said. */
int transcript_check(struct campus *, struct arena *, const char *what);

#endif
