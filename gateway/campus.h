#ifndef GATEWAY_CAMPUS_H
#define GATEWAY_CAMPUS_H

#include "gateway/config.h"
#include "gateway/read/client.h"
#include "gateway/store/store.h"

/* A campus folder, opened: its settings, rules, templates and log. */
struct campus {
	struct arena arena; /* of everything below but the handles */
	struct config config;
	struct ruleset *rules;
	struct read_setup reading; /* what a reader is told */
	struct templates templates;
	struct store *store;
};

/* 0, or -1 with err (which says whether it is worth another try). campus_close is legal on one that failed to open. */
int campus_open(struct campus *, const char *dir, enum store_mode, struct err *);
void campus_close(struct campus *);
/* The same without the log: for check, and to see whether changed files are right before they are used. */
int campus_load(struct campus *, const char *dir, struct err *);

const char *campus_zone(const struct campus *, const struct person *); /* theirs, or the campus's; person NULL = the campus's */
int32_t campus_today(const struct campus *, const struct person *, int64_t now);
/* First days [from, to) of the school year that day lies in, and its name, "2026/27". */
void campus_year(const struct campus *, int32_t day, int32_t *from, int32_t *to, char name[16]);

#define CAMPUS_LOG "plnpost.db"

#endif
