#ifndef GATEWAY_INTERVIEW_H
#define GATEWAY_INTERVIEW_H

#include "digest/interview.h"
#include "gateway/calendar.h"
#include "gateway/desk.h"
#include "gateway/paper.h"
#include "rules/files.h"

/* The package of a school year: what it needs and what there is (package.c), its printable form (package-paper.c), the mail
 * that says "ready" (ready.c), what an approver answers (do-interview.c), and times to meet (meeting.c). */
#define WRITE_UP_WORDS 100 /* a #reflect entry, or the words under "ready", of so many words is a write-up */
#define MEETING_SLOTS 3
#define MEETING_MINUTES 30

struct package {
	const struct person *person;
	const struct policy *policy;
	int32_t from, to; /* the school year's days [from, to) */
	char year[16];
	struct totals totals;
	struct plan plan;
	bool has_plan, private_write_up; /* the latter: there is one, but hidden */
	struct pack pack;
	struct mail_part files[FILES_MOST]; /* of the mail that said ready */
	size_t n_files;
};
/* words: those written under "ready"; "" */
int package_gather(struct desk *, const struct person *, int32_t day, const char *words, struct package *, struct err *);
/* The checklist's rows; *complete whether nothing is missing. */
struct check_row *package_checks(struct desk *, const struct package *, size_t *n, bool *complete);
/* The files that came with the mail, as far as they are handed on, in the letters' words and their bytes; room: what a letter still takes. */
void package_files(struct desk *, const struct reading *, size_t room, struct package *);
void package_paper(struct desk *, const struct package *, struct paper *);
/* Who may sign for a person: their approver, else every approver; never themselves. */
int package_approvers(struct desk *, const struct person *, struct roster *, struct err *);
const char *people_text(struct arena *, const struct roster *); /* "Pat Moss, Kim Lee and Jo Park" */

/* ---- meeting.c */
struct slots {
	int64_t at[MEETING_SLOTS];
	size_t n;
};
void meeting_slots(const struct campus *, int64_t from, struct slots *); /* the next school days but one, at the campus's hour; none in long holidays */
const char *meeting_text(struct desk *, int64_t at);                     /* "Tue 24 Nov, 15:30", as the campus's clocks show it */
const char *slots_pack(struct arena *, const struct slots *);            /* for post.numbered */
void slots_unpack(const char *, struct slots *);
struct mail_part meeting_proposals(struct desk *, const struct interview *, const char *teacher, const struct slots *);
/* REQUEST or CANCEL of the one appointment. */
struct mail_part meeting_invitation(struct desk *, const struct interview *, enum calendar_method, const struct person *teacher, const struct person *approver, int64_t at);

#endif
