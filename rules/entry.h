#ifndef RULES_ENTRY_H
#define RULES_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/said.h"

struct entry_link {
	const char *url;   /* canonical */
	const char *title; /* "" if none */
};

/* Where an entry's credit stands. Derived from the ledger's last line for it. */
enum claim_state {
	CLAIM_NONE,      /* nothing to credit (the reason says why) */
	CLAIM_WAITING,
	CLAIM_APPROVED,
	CLAIM_DENIED,
	CLAIM_ASKED,     /* the approver asked a question; still undecided */
	CLAIM_WITHDRAWN, /* entry undone or made #nocredit */
	CLAIM_COUNT
};
const char *claim_state_name(enum claim_state); /* none, waiting, approved, denied, asked, withdrawn */

/* One line of the log. */
struct entry {
	int64_t id;         /* the number people see: 1042 */
	int64_t person;
	int64_t message;    /* the raw mail it came from */
	int64_t logged_at;  /* UTC seconds */
	int32_t day;        /* the local day it is about */
	enum entry_kind kind;
	const char *title;  /* what it is called in lists; never empty */
	const char *note;   /* own words; "" if none */
	const char *source; /* whom or what it came from: newsletter or forwarded sender; "" if none */
	struct entry_link *links;
	size_t n_links;
	struct strs tags, with;
	int64_t via;        /* the entry that inspired it; 0 = none */
	int minutes;        /* stated; MINUTES_NONE */
	bool starred, is_private, nocredit;
	bool undone;
	bool redacted;      /* its words were taken out: only figures stay, and nobody is shown it */
	bool attachment;    /* a file came with it (a certificate, say) */
	/* credit */
	enum claim_state claim;
	int actual, credited; /* minutes; credited is what is claimed, or what was approved */
	const char *reason;   /* "15 of 20: talk rule" */
	const char *flag;     /* why the approver must look at it by itself; "" = routine */
};

#endif
