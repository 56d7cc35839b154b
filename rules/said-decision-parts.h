#ifndef RULES_SAID_DECISION_PARTS_H
#define RULES_SAID_DECISION_PARTS_H

#include "rules/said-scan.h"

/* Between the files that read an approver's line: each form tries to read the line from s to its end and adds what it finds to
 * the reader, or leaves the reader as it was and answers false. */
#define LINE_DECISIONS 30
#define STEPS_MAX 4000 /* of reading one line: whatever needs more is unclear */

struct reader {
	struct arena *arena;
	int steps;
	struct decision found[LINE_DECISIONS];
	size_t n;
	size_t ranges;
};

static const struct span nothing = {"", 0};

/* ---- said-decision.c */
bool decision_add(struct reader *, enum decision_verb, bool all, const struct list *, int minutes, int same_as, struct span words);
bool decision_rest(struct reader *, struct scan); /* the end of the line, or a separator and instructions up to the end */
bool decision_line(struct reader *, struct scan);
bool decision_or_back(struct reader *, size_t n, size_t ranges, bool good); /* puts back what a reading that failed has added */

/* A list, then what `read` makes of the rest: with as many numbers in the list as leave something that reads. False: no list, or nothing. */
typedef bool after_list_fn(struct reader *, const struct list *, struct scan);
bool decision_after_list(struct reader *, struct scan, after_list_fn *read);

/* ---- said-decision-ok.c */
extern const char *const decision_ok_words[], *const decision_polite_words[], *const decision_except_words[];
bool take_polite(struct scan *, const char *const *more); /* a word that changes nothing, punctuation before it included */
bool take_ok(struct scan *);
bool read_ok(struct reader *, struct scan);
bool read_all_but(struct reader *, struct scan);
bool read_others(struct reader *, struct scan);
bool read_listed_ok(struct reader *, const struct list *, struct scan); /* "ok", "ok except 3", behind a list */

/* ---- said-decision-abroad.c */
bool consents_abroad(struct span folded, struct arena *); /* the whole line, in another language */

/* ---- said-decision-no.c */
extern const char *const decision_no_words[];
struct span words_between(const char *p, const char *end); /* a reason without the punctuation around it */
bool is_reason(struct reader *, struct span words);
bool read_words(struct reader *, enum decision_verb, const struct list *, struct scan);
bool read_no(struct reader *, struct scan);
bool read_ask(struct reader *, struct scan);
bool read_question(struct reader *, const struct list *, struct scan); /* "why so long?", behind a list */

/* ---- said-decision-minutes.c */
bool read_minutes(struct reader *, const struct list *, struct scan, bool change);
bool read_change(struct reader *, struct scan);

#endif
