#ifndef GATEWAY_READ_LINKS_H
#define GATEWAY_READ_LINKS_H

#include "gateway/read/url.h"
#include "rules/arena.h"
#include "rules/err.h"
#include "rules/reading.h"

/* What lies behind a link, without asking the network: wrappers that carry their target are opened, tracking parameters
 * dropped, one form found for the same page. All of it is data: rules/links.rules (its head explains the form). */

struct linkrules;

/* The shipped rules and, before them, those of text (a section of the same kind and name replaces the shipped one).
 * name: for messages. NULL and err filled when text is wrong. Close with linkrules_close; NULL may be closed. */
struct linkrules *linkrules_parse(const char *name, struct span text, struct err *);
void linkrules_close(struct linkrules *);
const struct linkrules *linkrules_shipped(void); /* made at the first call, kept until exit; call it before the cage closes */

/* `example = IN -> OUT` of each rule, for the test that runs them: OUT NULL = the link must be left alone. */
struct link_example {
	const char *section, *name; /* "unwrap", "Microsoft SafeLinks" */
	const char *in, *out;
	int line;
};
const struct link_example *linkrules_examples(const struct linkrules *, size_t *n);

#define LINK_DEPTH 8
struct link_step {
	const char *rule; /* which one opened it */
	const char *url;  /* what was inside */
};

/* Opens layer after layer. Answers how many there were; the last one's url is the target. Strings live in the arena. */
size_t link_unwrap(const struct linkrules *, struct span link, struct arena *, struct link_step steps[LINK_DEPTH]);

/* Without tracking parameters and recipient identifiers, the rest untouched and in order. out is cleared. 0, or -1 when it
 * is no http(s) link. base: what a relative link is on, or NULL. */
int link_clean(const struct linkrules *, struct span link, const struct url *base, struct str *out);

/* Cleaned, and the one form for all links to the same page: host, port, dot segments, needless escapes, mobile and AMP
 * hosts where the site says they are the same, no text fragment. 0, or -1. */
int link_canonical(const struct linkrules *, struct span link, struct str *out);

/* ---- roles (roles.c) */
struct link_clues {
	const char *text;        /* anchor text, folded */
	const char *around;      /* what stands before it on its line */
	struct span seen;        /* as written */
	const struct url *url;   /* of seen */
	const struct url *target;/* of what was inside, or the same */
	bool listed;             /* List-Unsubscribe names it */
};
/* by_words (may be NULL): its words said so, not its address alone. */
enum link_role link_role_of(const struct linkrules *, const struct link_clues *, bool *by_words);
bool link_is_pixel(const struct linkrules *, int width, int height, const struct url *); /* -1 = unknown; url may be NULL */

/* How much of a newsletter a mail is, from its links (machine.c decides). */
struct newsletter_shape {
	bool unsubscribe, preferences, view_online;
	size_t pixels, images, content, social, share, app;
};
void newsletter_shape(const struct reading *, struct newsletter_shape *);

#endif
