#ifndef DIGEST_MUSTACHE_H
#define DIGEST_MUSTACHE_H

#include "digest/value.h"
#include "rules/err.h"

/* A subset of mustache (mustache.github.io/mustache.5): variables, dotted names, {{{raw}}} and {{&raw}}, sections, inverted
 * sections, lists, {{.}}, comments, partials, and the specification's rule for tags that stand alone on their line.
 * Not supported, and said so: lambdas, other delimiters, inheritance. */

enum mustache_output {
	MUSTACHE_TEXT, /* values as they are */
	MUSTACHE_HTML  /* & < > " ' of a value become entities, but in {{{raw}}} */
};
/* In both, control and bidi-override characters of a value are dropped, CR too, and what is not UTF-8 becomes U+FFFD. */
void mustache_put(struct str *, const char *value, enum mustache_output);

/* Finds the text of a partial by its name in the template; NULL if there is none. */
typedef const char *mustache_partial_fn(void *ctx, struct span name);

struct mustache {
	const char *name; /* for messages: "digest.html" */
	const char *text;
	enum mustache_output output;
	mustache_partial_fn *partial; /* NULL = no partials */
	void *ctx;
};

/* Appends to out, whose max bounds the result. 0, or -1 with "name:line: what is wrong". A name that is nowhere is empty. */
int mustache_render(const struct mustache *, const struct value *root, struct str *out, struct arena *, struct err *);

/* Calls fn for each tag with a name, without looking into partials; kind is '$' (variable), '&', '#', '^', '>'.
 * fn answers 0 to go on, -1 with err filled. 0, or -1, also when the template is malformed. */
typedef int mustache_tag_fn(void *ctx, char kind, struct span name, int line, struct err *);
int mustache_each_tag(const struct mustache *, mustache_tag_fn *fn, void *ctx, struct arena *, struct err *);

#endif
