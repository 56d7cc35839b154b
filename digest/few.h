#ifndef DIGEST_FEW_H
#define DIGEST_FEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may be told of small groups: a figure behind which one to four people stand is hidden, and so are as many others as it takes
 * that nobody can work it out from the rest. What is hidden already stays so: tables that tell of the same figures take turns. */
#define FEW 5

struct cell {
	int64_t value;
	int people;  /* who stand behind it */
	bool hidden;
};

/* Figures without a sum beside them: only the small ones. */
void few_hide(struct cell *, size_t n);
/* The last cell is the sum of those before it. */
void few_hide_line(struct cell *, size_t n);
/* rows × columns, row by row; the last row and the last column are sums, and their corner is the sum of sums. Afterwards no hidden cell
 * follows from what is shown, and what a row or column hides together stands for five people at least. */
void few_hide_table(struct cell *, size_t rows, size_t columns);

#endif
