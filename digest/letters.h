#ifndef DIGEST_LETTERS_H
#define DIGEST_LETTERS_H

#include "rules/entry.h"
#include "rules/err.h"
#include "rules/person.h"

/* What people read. Each function takes one value and writes one letter; texts come from digest/templates/, where a campus
 * may put its own of the same name. Pure: no clock, no store. Minutes are minutes, days are civil days. Strings that a person
 * or a mail wrote are escaped by the template for its output, never by the caller. */

struct letter {
	const char *subject; /* one line */
	const char *text;    /* UTF-8, LF, wrapped at 72 where it is prose */
	const char *html;
};

/* The campus's own templates, by file name, in front of the shipped ones. */
struct templates {
	const struct template_file {
		const char *name, *text;
	} *files;
	size_t n;
};
/* Checks every template: unknown tags, unclosed sections. 0, or -1 with name:line. */
int templates_check(const struct templates *, struct err *);

/* What every letter shows in its frame. */
struct frame_facts {
	const char *campus;   /* "Lincoln High PLN" */
	const char *address;  /* the campus address */
	const char *reply_to; /* this letter's own reply address: for mailto: links with a ready answer */
	const char *person;   /* the recipient's name; "" if unknown */
	int32_t today;
};

/* ---- to a teacher */
struct receipt {
	const struct entry *entry; /* with claim, actual, credited, reason */
	bool amended;              /* "1042: ⭐, 10 min" instead of "Logged 1042" */
	const struct strs *changes; /* amended: "⭐", "10 min" (as minutes_text says it), "note added"; and what it is now, which
	                             * begins with hidden, shared, taken, now, back or no longer: "hidden from colleagues" */
	bool undone;
	const struct strs *remarks; /* further sentences: "I did not understand …" */
	bool credit;               /* the policy counts minutes at all */
};
int letter_receipt(struct letter *, const struct templates *, const struct frame_facts *, const struct receipt *, struct arena *, struct err *);

struct credit_status {
	const char *year;  /* "2026/27" */
	int approved, waiting, cap, requirement; /* minutes; cap and requirement 0 = none */
	int gave, took, entries;
	bool credit;       /* false: learning only */
	const char *plan;  /* "goal 2", "goal 2 (version 3 waits)"; NULL = none */
	int plan_within, plan_of; /* entries of the year within the approved plan; of 0 = nothing to say */
	bool plan_wanted;  /* the rules ask for one, and there is none */
	struct strs checks; /* sentences: what the rules ask beside minutes, and what they ask less of who joined late */
	struct status_line { int64_t entry; int32_t day; const char *title; int actual, credited; const char *reason, *state; bool unstated; } *lines; /* unstated: the minutes are the rule's */
	size_t n_lines;    /* the latest ones, each with its reason */
};
int letter_status(struct letter *, const struct templates *, const struct frame_facts *, const struct credit_status *, struct arena *, struct err *);

/* find, list, show: numbered entries. */
struct hits {
	const char *title;      /* "5 found for exit tickets" */
	const struct entry *v;
	size_t n;
	bool full;              /* show: note, links, history and credit of the one entry */
	const struct strs *history; /* full: lines */
	const char *const *who; /* names, parallel to v; NULL = all the recipient's own */
};
int letter_hits(struct letter *, const struct templates *, const struct frame_facts *, const struct hits *, struct arena *, struct err *);

/* A short answer: pause, resume, thanks, "I could not …". */
struct answer {
	const char *subject;
	struct strs lines;   /* paragraphs */
	struct strs replies; /* ready answers offered as mailto: links: "yes", "status" */
};
int letter_answer(struct letter *, const struct templates *, const struct frame_facts *, const struct answer *, struct arena *, struct err *);
int letter_help(struct letter *, const struct templates *, const struct frame_facts *, bool approver, struct arena *, struct err *);

/* ---- the weekly digest (mission N1) */
struct shared_link {
	const char *url, *title;
	int people;         /* how many shared it */
	int64_t entry;      /* one of them, to answer to */
};
struct takeaway {
	const struct entry *entry;
	const char *who;
};
struct week {
	struct isoweek week;
	int32_t monday;
	struct entries_of_mine { struct entry *v; size_t n; } mine; /* by day */
	int minutes;                 /* of mine, actual */
	struct credit_status status; /* lines empty here */
	struct takeaway *takeaways;  /* colleagues' starred, shared entries */
	size_t n_takeaways;
	struct shared_link *links;
	size_t n_links;
};
/* 1 written, 0 nothing new (no mail is sent), -1. numbered receives the entry ids of the items in their order. */
int letter_digest(struct letter *, const struct templates *, const struct frame_facts *, const struct week *, int64_t **numbered, size_t *n_numbered,
                  struct arena *, struct err *);

/* ---- to an approver */
struct approval_item {
	int number;
	const struct entry *entry;
	const char *teacher;
	const char *flag; /* "" = routine */
};
struct approval_letter {
	const char *week; /* "2026-W47" */
	const struct approval_item *items; /* all are shown; above about 200 mail clients clip the HTML */
	size_t n;
	int teachers;
	int32_t undo_until; /* what "undo" promises */
	const char *lead;   /* why they are asked about (again), in a sentence; NULL: the week's letter */
	bool reminder;      /* open ones of an earlier letter, in its numbers */
};
int letter_approval(struct letter *, const struct templates *, const struct frame_facts *, const struct approval_letter *, struct arena *, struct err *);

struct outcome_item {
	int number;
	const char *teacher, *title;
	int minutes;
	const char *words;   /* reason, question, or why it was not done */
};
struct outcome_list {
	struct outcome_item *v;
	size_t n;
};
struct outcome {
	struct outcome_list approved, changed, denied, asked, undone;
	struct outcome_list undecided; /* flagged items that a plain ok does not cover, with how to */
	struct outcome_list already;   /* decided before, by whom (words) */
	struct outcome_list refused;   /* what nobody can do that way, and why: "it is your own", "there is nothing to undo" */
	struct strs unclear;           /* lines that were not understood, or why not; nothing was done about them */
	int32_t undo_until;            /* DAY_NONE: nothing can be taken back */
	const char *lead;              /* a sentence in front: "Kim Office answered for you."; NULL */
	const char *by;                /* to one who did not decide: who did; NULL. Every item is then shown with its teacher */
	struct strs earlier;           /* items without a number in this letter */
};
/* "Approved 1, 2, 4–6; 7 at 30 min; denied 3. Item 11 was flagged (over the cap) and NOT approved: reply 11 ok. undo until Friday." */
int letter_outcome(struct letter *, const struct templates *, const struct frame_facts *, const struct outcome *, struct arena *, struct err *);
/* "1, 2, 4–6" from sorted numbers. */
const char *ranges_text(struct arena *, const int *numbers, size_t n);

/* To the teacher when an approver denied, changed or asked. */
struct decided {
	const struct entry *entry;
	const char *approver, *verb, *words; /* verb: denied, approved at 30 min, asked */
};
int letter_decided(struct letter *, const struct templates *, const struct frame_facts *, const struct decided *v, size_t n, struct arena *, struct err *);

/* ---- to the operator */
struct trouble {
	const char *title;
	struct strs lines;
};
int letter_trouble(struct letter *, const struct templates *, const struct frame_facts *, const struct trouble *, struct arena *, struct err *);

/* ---- shared forms */
const char *minutes_text(struct arena *, int minutes);           /* "45 min", "2 h 10", "6 h", "0 min" */
const char *credit_bar(struct arena *, const struct credit_status *, int cells); /* "████▒▒░░░░" for text and terminals */

#endif
