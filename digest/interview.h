#ifndef DIGEST_INTERVIEW_H
#define DIGEST_INTERVIEW_H

#include "digest/letters.h"
#include "rules/plan.h"

/* The end of the year (mission C3): what a package still needs, and what an approver sees of it. */

/* ---- to the teacher who wrote *ready* */
struct check_row {
	bool done;
	const char *what, *have; /* "5 shared resources", "you have 3" */
	const char *mend;        /* how to; "" when done */
};
struct checklist {
	const char *year;        /* "2026/27" */
	int minutes;             /* of the package */
	const struct check_row *rows;
	size_t n;
	bool complete;
	const char *asked;       /* complete: "Pat Moss and Kim Lee" */
	bool file;               /* what they can see goes with it */
	struct strs times;       /* proposed: "Tue 24 Nov, 15:30" */
	struct strs remarks;
};
int letter_checklist(struct letter *, const struct templates *, const struct frame_facts *, const struct checklist *, struct arena *, struct err *);

/* ---- to the approver; the printable paper is made of the same */
struct pack_entry {
	const struct entry *entry;
	int minutes;     /* counted, else stated; 0 = not said */
	const char *via; /* the title of what inspired it; "" */
};
struct pack_list {
	struct pack_entry *v;
	size_t n;
};
struct pack {
	const char *teacher, *year;
	int minutes;                /* of the package */
	const struct plan *plan;    /* approved */
	const char *plan_by;        /* who approved it; "" */
	int32_t plan_day;
	struct pack_list applied, starred, shared;
	int n_applied, n_shared;    /* all of them */
	int entries, actual, credited, gave, took; /* minutes of the year */
	const char *write_up;       /* "" = none: an interview */
	const char *write_up_where; /* "entry 1077, Tue 3 Mar" */
	struct strs times;
	bool file;                  /* the paper goes with it */
	struct strs files, refused; /* that the teacher sent: "essay.pdf, 1.2 MB"; "game.exe: it is empty" */
	int undo_days;
};
int letter_pack(struct letter *, const struct templates *, const struct frame_facts *, const struct pack *, struct arena *, struct err *);

#endif
