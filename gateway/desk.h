#ifndef GATEWAY_DESK_H
#define GATEWAY_DESK_H

#include "gateway/campus.h"
#include "gateway/mail/mail.h"

/* Where one mail is decided about: everything that happens because of it, in one transaction (the caller's).
 * decide.c finds out whose mail it is, what it answers and what the rules make of it; do-*.c act; post.c queues the letters. */
struct desk {
	struct campus *campus;
	struct store *store;
	struct arena *arena; /* of this mail */
	int64_t now;
};

struct incoming {
	int64_t mailbox;       /* row; 0 = by ingest */
	const char *ident;     /* NULL by ingest */
	int64_t arrival;       /* UTC seconds */
	struct span raw;
	uint8_t body_hash[HASH_BYTES]; /* decide_mail fills it */
	bool killed;           /* the reader could not read it: why says how */
	const char *why;
	struct reading *reading; /* NULL when killed */
	int64_t released;      /* a message that was held and is let in now; 0 */
};

/* What is known about the mail in hand, for do-*.c. */
struct matter {
	const struct incoming *mail;
	struct reading *reading;
	int64_t message;              /* its row */
	struct person *person;        /* sender, or the approver in whose name a registered delegate decides; NULL = unknown */
	struct person *delegate;      /* who wrote it for the person and is registered to; NULL */
	struct person *principal;     /* whose letter somebody else answers, until it is known that they decide; NULL */
	const char *hand;             /* the address of whoever wrote it in the person's name; NULL = themselves */
	struct stored_letter *letter; /* what it answers; NULL */
	struct roster sharers;        /* who writes from its mailbox, where several do; n 0 = one person's, or nobody's */
	bool own_cut;                 /* own words lost a line that said who wrote it: they are to be parsed again */
	bool answers_who;             /* our question which of them it was */
	struct verdict verdict;
};

/* For the log line of the mail. */
struct decided_mail {
	enum action action;
	const char *kind, *why;
	int64_t person, entry, message;
	bool duplicate;
};

/* 0, or -1: nothing of it may be committed. */
int decide_mail(struct desk *, struct incoming *, struct decided_mail *, struct err *);

/* ---- do-*.c: each acts and answers; 0, or -1 */
int do_log(struct desk *, struct matter *, struct decided_mail *, struct err *);      /* a new entry, or an amendment */
int do_amend(struct desk *, struct matter *, struct entry *, struct decided_mail *, struct err *);
int tell_asker(struct desk *, const struct matter *, const struct entry *, const char *own, struct err *); /* the approver who asked about it reads the answer */
int do_digest_items(struct desk *, struct matter *, bool *done, struct err *);        /* "2 thanks, used it period 4 15m" */
int do_commands(struct desk *, struct matter *, struct err *);
int do_decisions(struct desk *, struct matter *, struct err *);                       /* an approver's answer */
/* The yearly cycle: each says in *done whether the mail was for it. */
int do_plan(struct desk *, struct matter *, bool *done, struct err *);      /* #plan, and answers to letters about a plan */
int do_interview(struct desk *, struct matter *, bool *done, struct err *); /* answers to letters about an interview or write-up */
/* Commands of the yearly cycle, as the others of do-commands.c. */
int on_plan(struct desk *, struct matter *, const struct command *, struct err *);   /* plan: how it stands, or the three questions */
int on_goal(struct desk *, struct matter *, const struct command *, struct err *);   /* goals · goal add WORDS · goal remove N */
int on_ready(struct desk *, struct matter *, const struct command *, struct err *);  /* ready */
int on_export(struct desk *, struct matter *, const struct command *, struct err *); /* export · transcript */
int on_delegate(struct desk *, struct matter *, const struct command *, struct err *); /* delegates · delegate ADDRESS · delegate remove ADDRESS */
int on_reopen(struct desk *, struct matter *, const struct command *, struct err *); /* reopen 2025/26 until 30 September */
int do_confirmation(struct desk *, struct matter *, struct err *);                      /* goes on to whoever ordered it */
int do_hold(struct desk *, struct matter *, struct err *);                            /* asks the roster address, once */
/* A mailbox that several write from (do-who.c): finds out who did, or that nobody can say. */
int who_wrote(struct desk *, struct matter *, struct err *);     /* before the words are read: may fill person */
bool who_holds(struct matter *);                                 /* after the judge: the verdict waits for who it was */
int ask_who(struct desk *, struct matter *, struct err *);
int do_answer_who(struct desk *, struct matter *, struct err *);
int do_answer_question(struct desk *, struct matter *, bool *done, struct err *);     /* yes, no */
int do_bounce(struct desk *, const struct reading *, struct err *);
int note_bounce(struct desk *, const struct stored_letter *, bool hard, struct err *); /* repeated hard ones pause the person */

/* The reason of a held message that a yes has let in and that the keeper has yet to read again. */
#define HELD_RELEASED "released by its owner"

/* Takes the lines off *note that end every mail of that person, and learns from this one. 0, or -1. */
int trailer_cut(struct desk *, int64_t person, const char **note, struct err *);

/* Changes an entry of the sender's as said, and says in *changes how. 0, or -1. */
int amend_entry(struct desk *, const struct matter *, const struct said *, struct entry *, struct strs *changes, struct err *);

/* ---- credit */
/* What the entry counts for now; fills its actual, credited, reason, flag and claim, and adds a ledger line when the policy
 * counts minutes and something changed. */
int credit_claim(struct desk *, const struct person *, struct entry *, int64_t message, struct err *);
int credit_claim_of(struct desk *, const struct matter *, struct entry *, struct err *); /* the same, because of the mail in hand */
/* What waits of that school year, counted anew because something about the person changed: a plan was approved. */
int credit_again(struct desk *, const struct person *, int32_t day, int64_t message, struct err *);
/* A year was opened again: what had come too late in it, everybody's, is counted anew; what was decided stays so. */
struct recount {
	size_t entries; /* that count for more than before */
	int minutes;    /* how much more */
};
int credit_reopened(struct desk *, int32_t from, int32_t to, int64_t message, struct recount *, struct err *);
/* What the package is worth for the person in that school year: as a whole, or what the yearly cap leaves (the reason says so; else ""). */
int credit_package(struct desk *, const struct person *, int32_t day, struct grant *, struct err *);
/* A flag as the approver reads it: with the name of the colleague whose link it was. 0, or -1 */
int flag_for_approver(struct desk *, const char **flag, struct err *);
int plan_status_of(struct desk *, const struct person *, int32_t from, int32_t to, struct credit_status *, struct err *); /* fills what it says of the plan */
int credit_status_of(struct desk *, const struct person *, size_t latest, struct credit_status *, struct err *);
/* Of it only the year, the sums and what they are measured by: for a table of everybody. */
int credit_standing_of(struct desk *, const struct person *, struct credit_status *, struct err *);

/* ---- post.c: a letter gets its token before it is written, so that it can show its own reply address */
struct post {
	enum letter_purpose purpose;
	const char *key;               /* unique; the same cause never writes twice */
	const struct person *person;   /* NULL = to_addr is not of the roster */
	const char *to_addr;           /* NULL = the person's first address */
	const struct reading *answers; /* for threading; NULL */
	const char *follows;           /* Message-ID of an earlier letter of ours that it goes on from; NULL */
	int64_t entry, approval, held_message, plan, interview;
	const char *numbered;
	const struct mail_part *parts; /* files that go with it */
	size_t n_parts;
	char token[TOKEN_CHARS + 1];
};
void post_address(struct desk *, struct post *, struct frame_facts *);             /* fills token and facts */
int post_letter(struct desk *, struct post *, const struct letter *, struct err *); /* 1 queued; 0 left out: same key, or too many this hour; -1 */
/* Finds our token among a mail's recipients: 1 with *bounce telling which address it was; 0. */
int post_find_token(const struct campus *, const struct strs *recipients, char token[TOKEN_CHARS + 1], bool *bounce);

int post_receipt(struct desk *, struct matter *, const struct receipt *, struct err *); /* one a day that says nothing changed */

/* Letters with nothing but sentences. */
int post_sentences(struct desk *, struct post *, const struct answer *, struct err *);
int post_answer(struct desk *, struct matter *, const char *what, const struct answer *, struct err *);
int post_trouble(struct desk *, const char *key, const char *title, const struct strs *lines, struct err *);

#endif
