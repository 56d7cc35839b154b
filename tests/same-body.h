#ifndef TESTS_SAME_BODY_H
#define TESTS_SAME_BODY_H

#include "gateway/read/parts.h"

/* What differs first between two readings of a page, NULL when nothing does. */
static const char *body_difference(const struct body *a, const struct body *b)
{
	if (strcmp(a->text, b->text) != 0)
		return "the text";
	if (a->n != b->n || a->n_anchors != b->n_anchors)
		return "how many lines or anchors";
	for (size_t i = 0; i < a->n; i++) {
		const struct body_line *x = &a->lines[i], *y = &b->lines[i];
		if (x->text.n != y->text.n || memcmp(x->text.p, y->text.p, x->text.n) != 0 || x->quote != y->quote || x->marks != y->marks ||
		    x->quote_depth != y->quote_depth)
			return "a line";
	}
	for (size_t i = 0; i < a->n_anchors; i++) {
		const struct anchor *x = &a->anchors[i], *y = &b->anchors[i];
		if (strcmp(x->seen, y->seen) != 0 || strcmp(x->text, y->text) != 0 || x->line != y->line || x->what != y->what || x->width != y->width ||
		    x->height != y->height || strcmp(x->heading, y->heading) != 0 || strcmp(x->around, y->around) != 0)
			return "an anchor";
	}
	return NULL;
}

#endif
