#ifndef GATEWAY_TABLE_H
#define GATEWAY_TABLE_H

#include "gateway/cli.h"
#include "rules/str.h"

/* Rows for standard output, in the format that was asked for: an aligned table (wide characters count as two cells; on a terminal the
 * flexible column gives way so that a row fits), JSON objects one a line, or CSV (RFC 4180). */
struct column {
	const char *key;   /* JSON and CSV */
	const char *title; /* table */
	bool right;        /* numbers */
	bool flexible;     /* may be cut to fit the terminal */
	bool number;       /* JSON number */
};

struct table {
	const struct column *columns;
	size_t n_columns;
	struct arena *arena;
	const char ***rows;
	size_t n;
	enum cli_format format;
};

void table_open(struct table *, struct cli *, const struct column *, size_t n);
/* As many strings as columns; NULL is shown empty. They are copied. */
void table_row(struct table *, const char *const *cells);
void table_close(struct table *); /* prints */

/* A progress bar on standard error, on a terminal only; done() wipes it. */
struct progress {
	const char *what;
	size_t at, of;
	int64_t shown;
	bool wanted;
};
void progress_start(struct progress *, const char *what);
void progress_set(struct progress *, size_t at, size_t of);
void progress_done(struct progress *);
bool terminal_out(void);    /* standard output is a terminal that may be coloured */

#endif
