#ifndef DIGEST_RECORDS_H
#define DIGEST_RECORDS_H

#include "digest/few.h"
#include "digest/letters.h"

/* Records for people outside: the transcript of one person's year, the campus's report, the sceptic's page. Each is a page to print
 * (a letter whose subject is the page's title), its text, and a CSV (RFC 4180, UTF-8, days as 2026-11-21). Pure, as letters.h. */

/* ---- the transcript */
struct transcript_row {
	int64_t entry;          /* 0 = a package, granted as a whole */
	int32_t day;
	const char *title;
	enum entry_kind kind;
	int actual, credited;   /* credited: approved minutes; of what waits or was denied 0 */
	int claimed;            /* minutes claimed, whatever came of it */
	const char *state;      /* approved, waiting, asked, denied, none, granted, revoked */
	const char *reason;
	const char *provider;   /* whom it came from, else the link's host */
	const char *link;       /* "" */
	bool file, note;        /* a file came with it; it says what was taken from it */
	int64_t message;        /* the mail; 0 */
	const char *approver, *delegate; /* names; "" */
	int32_t decided;        /* DAY_NONE */
	int64_t line;           /* the ledger line that decided; 0 */
};
struct transcript {
	const char *campus, *person, *year; /* "2026/27" */
	const char *code;       /* "7K3M-9PQX-2B5D-HT0V"; "" while it is worked out */
	int32_t issued;
	int64_t line;           /* the ledger's last line when it was issued, */
	const char *line_hash;  /* and its hash, in hex */
	struct transcript_row *rows;
	size_t n;
	int approved, granted, waiting, cap, requirement; /* minutes; approved includes what was granted */
	bool credit;            /* the policy counts anything */
};
void transcript_csv(struct str *out, const struct transcript *, struct arena *);
int page_transcript(struct letter *, const struct templates *, const struct frame_facts *, const struct transcript *, struct arena *, struct err *);
const char *transcript_evidence(struct arena *, const struct transcript_row *); /* "link; file; note; mail 17" */
const char *record_kind(enum entry_kind); /* "link or note" where none was said */
const char *record_words(struct arena *, const char *, size_t max); /* one line without what turns or hides other text */

/* ---- the campus's report: sums over people, small groups hidden already */
#define REPORT_MONTHS 13
enum { DELAYS = 7, BANDS = 6, BREADTHS = 5, VOLUMES = 4 };
enum { OUTCOME_APPROVED, OUTCOME_WAITING, OUTCOME_DENIED, OUTCOME_UNCOUNTED, OUTCOME_ABOVE, OUTCOMES };
extern const char *const delay_names[DELAYS], *const band_names[BANDS], *const breadth_names[BREADTHS], *const volume_names[VOLUMES], *const outcome_names[OUTCOMES];

struct named_count {
	const char *name;
	int64_t entries;
	int people;
};
struct campus_report {
	const char *campus, *period; /* "2026/27", "October 2026" */
	int32_t from, to;       /* days [from, to), to no later than tomorrow */
	size_t n_months;
	const char *months[REPORT_MONTHS], *month_keys[REPORT_MONTHS]; /* "Oct", "2026-10" */
	int staff;              /* who may earn credit */
	bool credit, year;      /* year: a whole school year, with how far people have come */
	/* tables; the last row and column are sums */
	struct cell people[1];  /* who logged anything */
	struct cell minutes[(KIND_COUNT + 1) * (REPORT_MONTHS + 1)];   /* stated, by kind and month: n_months + 1 columns */
	struct cell credited[KIND_COUNT + 1];                          /* approved minutes, by kind */
	struct cell active[REPORT_MONTHS];                             /* people */
	struct cell flow[3 * (REPORT_MONTHS + 1)];                     /* entries that give, that take, all */
	struct cell delays[DELAYS + 1];                                /* decisions */
	struct cell speed[2];                                          /* hours until half, until nine in ten were decided */
	struct cell bands[BANDS + 1];                                  /* people, by how much of the requirement is approved */
	struct cell breadths[BREADTHS + 1];                            /* people, by kinds used */
	struct named_count *hosts, *topics;                            /* told of five people and more only */
	size_t n_hosts, n_topics;
	struct cell all_hosts[1];                                      /* different sites */
	/* the sceptic's */
	struct cell entries[1], starred[1], applied[1], capped[1];     /* entries; capped: cut by a cap */
	struct cell outcome[OUTCOMES + 1];                             /* stated minutes, by what became of them; above: below zero, for nobody stated them */
	struct cell granted[1];                                        /* minutes of packages */
	struct cell volumes[VOLUMES + 1], volume_minutes[VOLUMES + 1], volume_entries[VOLUMES + 1]; /* people, approved minutes, entries, by how much one logs */
};
/* Names the months of [from, to): first of all. */
void report_months(struct campus_report *, struct arena *);
size_t report_month_of(const struct campus_report *, int32_t day); /* below n_months, for a day of the report */
/* Hides small groups: once, before anything is written. */
void report_hide(struct campus_report *);
void report_csv(struct str *out, const struct campus_report *, struct arena *);
int page_report(struct letter *, const struct templates *, const struct frame_facts *, const struct campus_report *, struct arena *, struct err *);
int page_sceptic(struct letter *, const struct templates *, const struct frame_facts *, const struct campus_report *, struct arena *, struct err *);
/* The mail that brings a month's report to an auditor. */
int letter_monthly(struct letter *, const struct templates *, const struct frame_facts *, const struct campus_report *, struct arena *, struct err *);

#endif
