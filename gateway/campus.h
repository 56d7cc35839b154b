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
/* The first day of the school year that is meant by "2026", "2026/27" or "2026-27"; NULL or "" is the current one. 0, or -1. */
int campus_year_of(const struct campus *, const char *text, int64_t now, int32_t *year, struct err *);

#define CAMPUS_LOG "plnpost.db"

#endif
