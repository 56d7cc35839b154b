#ifndef GATEWAY_KEEPER_H
#define GATEWAY_KEEPER_H

#include "gateway/desk.h"
#include "gateway/mail/mail.h"
#include "gateway/table.h"

/* The keeper: the only process with the log. It starts the others and stands between them:
 *   gate ─mail─► keeper ─mail─► reader ─reading─► keeper ─► log and outbox ─letter─► postman
 * A batch of mails is one transaction; what the outside may hear of (a mark on the server, a letter) is sent after its commit. */

struct keeper;

enum keeper_work {
	KEEPER_GATES = 1,    /* fetch */
	KEEPER_POSTMEN = 2,  /* deliver */
	KEEPER_FOREVER = 4,  /* stay: wait for mail, do what falls due */
};

struct keeper_counts {
	size_t mails, entries, duplicates, held, quarantined, letters_sent, letters_failed, letters_later;
	size_t expected; /* about how many mails this pass brings */
	struct err trouble; /* what the last gate or postman complained of; text "" = nothing */
	bool fatal;         /* it will not mend by itself */
};

/* campus is open for writing and stays the caller's. NULL: err filled. */
struct keeper *keeper_open(struct campus *, unsigned work, struct err *);
void keeper_close(struct keeper *);
/* Works until there is nothing left to do: one pass over the mailboxes and/or the outbox. progress may be NULL. 0, or -1. */
int keeper_pass(struct keeper *, struct progress *, struct err *);
/* Takes one mail, as from a file; works a little. keeper_pass finishes what was taken. */
int keeper_ingest(struct keeper *, struct span raw, struct err *);
const struct keeper_counts *keeper_counts(const struct keeper *);

/* ---- as a process of `plnpost run`: serves until told to stop. Frames on the channel to the supervisor: */
enum control_frame { CONTROL_STOP, CONTROL_RELOAD, CONTROL_READY, CONTROL_ALIVE, CONTROL_RELOADED };
int keeper_main(const char *dir);

/* ---- weekly.c: what falls due. Queues letters; 0, or -1. Inside a transaction of its own. */
int weekly_due(struct campus *, int64_t now, struct err *);     /* digests and approval mails whose day and hour have come */
/* The digests of the week of that Monday, for everyone or one address. preview: a folder to write NAME.eml and NAME.html to
 * instead of the outbox; NULL. *n counts them. */
int weekly_digests(struct campus *, int64_t now, int32_t monday, const char *only, const char *preview, size_t *n, struct err *);
int weekly_approvals(struct campus *, int64_t now, size_t *n, struct err *);

int monthly_due(struct campus *, int64_t now, struct err *err); /* monthly.c: last month's report to each auditor */
/* What falls due again and again, by name: 1 when it has not been done since that moment, 0, -1; and that it is done now. */
int due_since(struct campus *, const char *what, int64_t moment, struct err *);
int due_done(struct campus *, const char *what, int64_t moment, struct err *);

/* ---- roster.csv of the campus folder: taken in whenever it changed. 1 taken, 0 nothing new, -1 (nothing of it was taken). */
int roster_refresh(struct campus *, struct import_count *, struct err *);

#endif
