#ifndef RULES_PLAN_WORDS_H
#define RULES_PLAN_WORDS_H

#include "rules/plan.h"

/* Words that carry meaning, in a form in which "assessments", "assessing" and "Assessment" are one: folded to plain lower case, without
 * accents and endings. No memory but the struct itself: a year's entries are asked about one by one. */
#define STEM_BYTES 24
#define STEMS_MAX 200

struct stem {
	char s[STEM_BYTES];
	unsigned char n;
};

struct stems {
	struct stem v[STEMS_MAX]; /* distinct */
	size_t n;
};

void stems_add(struct stems *, struct span text); /* the first so many; words that every plan holds are left out */
bool stems_match(const struct stem *, const struct stem *);

/* A text as " words in plain lower case " with a blank before and behind each, for looking up phrases. */
const char *plain_text(struct arena *, struct span);

/* What a plan is about, made ready for many entries. */
struct plan_topic {
	struct stems goal, learn;
};
void plan_topic(struct plan_topic *, const struct plan *);
bool plan_topic_covers(const struct plan_topic *, const struct entry *);

#endif
