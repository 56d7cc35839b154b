#ifndef GATEWAY_STORE_STORE_H
#define GATEWAY_STORE_STORE_H

#include "digest/letters.h"
#include "gateway/hash.h"
#include "rules/entry.h"
#include "rules/person.h"
#include "rules/plan.h"
#include "rules/roster.h"
#include "rules/ruleset.h"

/* The log: one SQLite file, plnpost.db in the campus folder. SQL stays behind these functions. Times are UTC seconds, days
 * are civil days, minutes are minutes. Results live in the arena given. Unless it says otherwise a function answers
 * 1 found, 0 not found, -1 failed; or 0 done, -1 failed. Every change happens inside store_begin … store_commit. */
struct store;

enum store_mode { STORE_READ, STORE_WRITE, STORE_CREATE }; /* READ never migrates; the others migrate what is older */
struct store *store_open(const char *path, enum store_mode, struct err *);
void store_close(struct store *);
int store_begin(struct store *, struct err *);    /* BEGIN IMMEDIATE, waits for another writer up to 30 s */
/* For reading only: from here on until store_commit or store_close, the log is seen in one state, and faster. */
int store_snapshot(struct store *, struct err *);
int store_commit(struct store *, struct err *);
void store_rollback(struct store *);
int store_savepoint(struct store *, struct err *); /* one mail inside a batch */
int store_release(struct store *, struct err *);
void store_undo_savepoint(struct store *);
int store_backup(struct store *, const char *path, struct err *); /* VACUUM INTO: a consistent copy while others write */
/* Structure, foreign keys, ledger chain, the entries' claims and days against it. Calls say for each finding. 1 sound, 0 findings, -1. */
int store_audit(struct store *, void (*say)(void *ctx, const char *finding), void *ctx, struct err *);
/* Small facts about the gateway itself: "last-digest" … */
int store_meta(struct store *, const char *key, struct arena *, const char **value, struct err *);
int store_set_meta(struct store *, const char *key, const char *value, struct err *);

/* ---- mailboxes and cursors */
struct cursor {
	int64_t mailbox;     /* row */
	uint64_t uidvalidity, last_uid;
};
int store_cursor(struct store *, const char *mailbox_name, struct cursor *, struct err *); /* makes the row (needs a transaction the first time) */
int store_set_cursor(struct store *, const struct cursor *, struct err *);
int store_unmarked(struct store *, int64_t mailbox, struct arena *, struct strs *idents, struct err *); /* committed, not yet marked on the server */
int store_set_marked(struct store *, int64_t mailbox, const char *ident, struct err *);

/* ---- messages */
struct message {
	int64_t id;
	int64_t mailbox;              /* 0 = by ingest */
	const char *ident;            /* unique in its mailbox; NULL by ingest */
	const char *message_id;       /* NULL */
	uint8_t body_hash[HASH_BYTES];
	int64_t received_at;
	const char *from_addr, *subject; /* for lists */
	const char *kind;             /* mail_kind_name */
	const char *list_id;
	enum action action;
	const char *reason;           /* verdict's why, or why it is in quarantine */
	const char *text;             /* what full-text search finds beside the entry: at most 64 KiB of it are indexed; NULL */
	int64_t person;               /* 0 */
	int64_t duplicate_of;         /* 0; a duplicate keeps no raw bytes */
	bool marked;                  /* nothing to do on the server */
	uint64_t raw_size;
};
int store_seen_ident(struct store *, int64_t mailbox, const char *ident, struct err *);
/* The mail with that Message-ID and body: *id. */
int store_seen_copy(struct store *, const char *message_id, const uint8_t body_hash[HASH_BYTES], int64_t *id, struct err *);
int store_add_message(struct store *, const struct message *, struct span raw, int64_t *id, struct err *); /* raw is kept zstd-compressed where that pays */
int store_message(struct store *, int64_t id, struct arena *, struct message *, struct err *);
int store_raw(struct store *, int64_t id, struct str *raw, struct err *);
int store_set_message_person(struct store *, int64_t id, int64_t person, struct err *); /* whose it is, as was found out later */
int store_set_message_action(struct store *, int64_t id, enum action, const char *reason, struct err *); /* a held mail is let in */
/* Newest first: held, quarantined … */
struct messages {
	struct message *v;
	size_t n;
};
int store_messages(struct store *, enum action, int64_t since, int limit, struct arena *, struct messages *, struct err *);
/* Held ones from an address, or for a reason (NULL = any), newest first. */
int store_held(struct store *, const char *from_addr, const char *reason, int limit, struct arena *, struct messages *, struct err *);
/* Counts by action since then: for the heartbeat and `status`. */
int store_count_actions(struct store *, int64_t since, int64_t counts[ACTION_COUNT], struct err *);
/* A newsletter or list seen: makes or counts its source row (key: List-Id, else From address). */
int store_note_source(struct store *, const char *key, const char *title, int64_t at, struct err *);

/* ---- the roster */
int store_person_by_address(struct store *, const char *addr, struct arena *, struct person *, struct err *);
int store_person_by_name(struct store *, const char *name, struct arena *, struct person *, struct err *); /* exactly one of that name, whatever case */
int store_person(struct store *, int64_t id, struct arena *, struct person *, struct err *);
int store_people(struct store *, bool also_left, struct arena *, struct roster *, struct err *); /* by name */
int store_put_person(struct store *, struct person *, struct err *); /* id 0: adds and fills it; else replaces. An address of another: -1 */
int store_add_address(struct store *, int64_t person, const char *addr, struct err *);
/* Who writes from a shared mailbox (store_person_by_address finds nobody there): none for any other address. 0, -1 */
int store_sharers(struct store *, const char *addr, struct arena *, struct roster *, struct err *);
struct import_count {
	size_t added, changed, same;
};
int store_import_people(struct store *, const struct roster *, struct import_count *, struct err *); /* matched by any address; all or nothing */

/* ---- what a person's mails end with, by its hash */
int store_trailer_seen(struct store *, int64_t person, uint64_t hash, int *seen, struct err *); /* how often before; 0, or -1 */
/* One more. At most 200 a person are kept: of the others, those seen least go. */
int store_note_trailer(struct store *, int64_t person, uint64_t hash, struct err *);

/* ---- entries */
int store_add_entry(struct store *, struct entry *, struct err *); /* fills id (from 1001 up) */
/* Writes what differs from the stored one and keeps the old values in the history. */
int store_change_entry(struct store *, const struct entry *, int64_t by_person, int64_t message, int64_t at, struct err *);
int store_entry(struct store *, int64_t id, struct arena *, struct entry *, struct err *); /* 0 as well when its words were taken out */

struct entries {
	struct entry *v;
	size_t n;
};
struct entry_filter {
	int64_t person;            /* 0 = everybody */
	int32_t from, to;          /* days [from, to); DAY_NONE = open */
	enum entry_kind kind;      /* KIND_NONE = all */
	const char *tag;           /* NULL = all */
	bool also_redacted;        /* those too whose words were taken out: figures without a title */
	bool starred, shared, also_undone; /* shared: only what colleagues may see */
	int limit, offset;         /* limit 0 = 100; newest day first */
};
int store_entries(struct store *, const struct entry_filter *, struct arena *, struct entries *, struct err *);
/* Full-text search, best first: viewer's own entries wholly, others' shared ones without their mail's text. Any words are safe. viewer 0 = all (operator). */
int store_find(struct store *, const char *words, int64_t viewer, int limit, struct arena *, struct entries *, struct err *);
struct change {
	int64_t at, by_person;
	const char *field, *was, *is;
};
struct changes {
	struct change *v;
	size_t n;
};
int store_history(struct store *, int64_t entry, struct arena *, struct changes *, struct err *);
int store_count_entries(struct store *, int64_t person, int64_t *n, struct err *);
/* Whether the person has an entry of that kind that was logged before that one (0 = any): for "the first time". */
int store_has_kind(struct store *, int64_t person, enum entry_kind, int64_t before, struct err *);

/* ---- titles of pages, fetched where [links] titles = on */
/* What is known of that canonical URL: 1, with title "" when it could not be had; 0 nothing, or a failure that is old enough to try again. */
int store_title(struct store *, const char *url, int64_t now, struct arena *, const char **title, struct err *);
int store_put_title(struct store *, const char *url, const char *title, int64_t at, struct err *);
int store_last_entry(struct store *, int64_t *id, struct err *); /* the youngest entry's id, 0 = none yet; 0, or -1 */
int store_set_link_titles(struct store *, const struct entry *, struct err *); /* its links' titles as they are here */

/* ---- the credit ledger: append-only (triggers refuse update and delete), chained by SHA-256 line by line */
enum ledger_verb {
	/* about an entry */
	LEDGER_CLAIM, LEDGER_APPROVE, LEDGER_DENY, LEDGER_ASK, LEDGER_UNDO, LEDGER_WITHDRAW,
	/* about a person (entry 0) */
	LEDGER_PLAN,   /* about = plan: approved */
	LEDGER_GRANT,  /* about = interview: the package's minutes, recorded on day */
	LEDGER_REVOKE, /* about = the GRANT line that is taken back; credited = its minutes */
	LEDGER_REOPEN, /* day = the school year's first day; about = the last day on which late claims are taken */
	LEDGER_MERGE,  /* about = the person who goes on as `person` */
	LEDGER_REDACT, /* about = the last ledger line it covers: words of `person` up to there are gone; credited = their approved minutes */
	LEDGER_VERB_COUNT
};
const char *ledger_verb_name(enum ledger_verb); /* claim, approve, deny, ask, undo, withdraw, plan, grant, revoke, reopen, merge, redact */
struct ledger_line {
	int64_t id, at;
	int64_t person, entry;
	enum ledger_verb verb;
	int32_t day;               /* the entry's */
	int actual, credited;      /* minutes: what is claimed, or granted */
	const char *reason;
	const char *flag;
	int64_t by_person;         /* who decided or claimed; 0 = the gateway */
	int64_t delegate;          /* who wrote it in their name; 0 */
	int64_t approval;          /* 0 */
	int64_t message;           /* the mail that says so; 0 */
	int64_t about;             /* as the verb says; 0 */
	bool redacted;             /* reason and flag were taken out: its hash is what is left of them */
};
/* Appends, and sets the entry's claim, actual, credited, reason and flag accordingly (claim with credited 0: CLAIM_NONE). */
int store_add_ledger(struct store *, struct ledger_line *, struct err *);
struct ledger {
	struct ledger_line *v;
	size_t n;
};
int store_ledger(struct store *, int64_t person, int64_t entry, struct arena *, struct ledger *, struct err *); /* 0 = all of them; in order */
/* Minutes claimed (waiting, asked) or approved under a cap on days [from, to), without that entry. */
int store_credited(struct store *, int64_t person, const struct cap *, int32_t from, int32_t to, int64_t except_entry, int *minutes, struct err *);
struct totals {
	int approved, waiting, denied; /* credited minutes; approved holds what was granted as a package too */
	int granted;                   /* of approved: by GRANT, less REVOKE */
	int actual;                    /* minutes stated, all entries that count */
	int entries, gave, took, starred, shared, applied;
};
int store_totals(struct store *, int64_t person, int32_t from, int32_t to, struct totals *, struct err *);
/* Of the totals only entries, gave, took, approved, waiting and granted: at less cost. */
int store_standing(struct store *, int64_t person, int32_t from, int32_t to, struct totals *, struct err *);

/* ---- claims.c: what a claim, and a year of them, depend on; of days [from, to) */
int store_count_shared(struct store *, int64_t person, int32_t from, int32_t to, int64_t except, int *shared, int *entries, struct err *);
int store_usual_minutes(struct store *, int64_t person, enum entry_kind, int64_t except, int *median, struct err *); /* 1, 0 none before, -1 */
/* The first entry of a colleague's that has the same main link, is about the same day and was logged before: 1, 0, -1. */
int store_same_link(struct store *, const struct entry *, int64_t *other, struct err *);
int store_granted(struct store *, int64_t person, int32_t from, int32_t to, int *minutes, struct err *); /* as a package, less what was taken back */
/* Minutes claimed or approved within and outside the plan (NULL: all of them outside), without that entry. */
int store_plan_minutes(struct store *, int64_t person, const struct plan *, int32_t from, int32_t to, int64_t except, int *within, int *outside, struct err *);
int store_breadth(struct store *, int64_t person, int32_t from, int32_t to, int *kinds, int *hosts, struct err *); /* hosts NULL: not asked */
struct claimed {
	struct entry entry; /* what credit depends on: of links and companions only whether there are any links */
	bool by_hand;       /* denied, or approved with other minutes than were claimed */
};
int store_claimed(struct store *, int64_t person, int32_t from, int32_t to, struct arena *, struct claimed **v, size_t *n, struct err *); /* as they came */
int store_first_of_kinds(struct store *, int64_t person, int64_t first[KIND_COUNT], struct err *); /* entry ids, 0 = none */

/* ---- words that go while figures stay. Each call is one piece: call in a transaction each until it answers 0. */
struct redaction {
	int64_t person;      /* whose; and whoever was merged into them */
	int32_t before;      /* days before this one */
	int64_t at, by;      /* by whom; 0 = the gateway */
	const char *reason;  /* "retention 10 years", "removed on request" */
};
/* Ledger lines (with the REDACT line that accounts for them), then entries, plans, interviews. 1 there may be more, 0, -1. *n counts entries. */
int store_redact(struct store *, const struct redaction *, size_t *n, struct err *);
/* Mails and letters older than that, whoever's, but for what a remaining entry came from. 1 there may be more, 0, -1. Counts what it did. */
int store_redact_mail(struct store *, int64_t before, size_t *mails, size_t *letters, struct err *);
int store_due_mail(struct store *, int64_t before, int64_t *mails, int64_t *letters, struct err *); /* how many there are */
struct due {
	int64_t person;
	const char *name;
	int32_t year;        /* as year_of says */
	size_t entries;
	int minutes;         /* approved */
};
struct dues {
	struct due *v;
	size_t n;
};
int store_due(struct store *, int32_t before, int32_t (*year_of)(void *ctx, int32_t day), void *ctx, struct arena *, struct dues *, struct err *);
int store_wipe(struct store *, struct err *); /* at the end, outside of transactions: what is gone from the log is gone from its files */
int store_letters_naming(struct store *, int64_t person, int64_t *n, struct err *); /* to others, that wait in the outbox: they should go out first */
/* Last of all that goes of a person: letters, mails, addresses, mentions; the roster says "removed person 12". */
int store_erase(struct store *, int64_t person, struct err *);
/* The history of `gone` goes on as that of `keep`; MERGE lines say so. What one of the two decided about the other waits again: *undone. */
int store_merge(struct store *, int64_t keep, int64_t gone, int64_t by, int64_t at, const char *reason, size_t *undone, struct err *);

/* ---- all there is of a person, for themselves: ids above `after`, in order; 0, -1 */
int store_mails_of(struct store *, int64_t person, int64_t after, int limit, struct arena *, int64_t **ids, size_t *n, struct err *);
int store_letters_of(struct store *, int64_t person, int64_t after, int limit, struct arena *, int64_t **ids, size_t *n, struct err *);
int store_interviews_of(struct store *, int64_t person, struct arena *, int64_t **ids, size_t *n, struct err *);
int store_decisions_of(struct store *, int64_t person, struct arena *, struct ledger *, struct err *); /* what they decided about others, or in whose name */

/* ---- approvals */
enum item_state { ITEM_OPEN, ITEM_APPROVED, ITEM_DENIED, ITEM_ASKED, ITEM_COUNT };
struct item {
	int number;          /* as in the letter, from 1 */
	struct entry entry;  /* with its claim as it is now */
	const char *teacher; /* name of entry.person */
	const char *flag;    /* as it was when asked; "" = routine */
	/* the entry's last decision, whoever took it and in whichever letter */
	int64_t decided_by, decided_at; /* 0 = undecided */
	const char *decider;            /* name; NULL */
	const char *delegate;           /* name of who wrote it for the decider; NULL */
};
struct approval {
	int64_t id, approver;
	int64_t asked_at;
	const char *week;    /* "2026-W47" */
	struct item *items;
	size_t n;
};
/* All that waits for a decision, oldest day first: looked through once, for all approvers. */
struct undecided {
	struct undecided_entry {
		int64_t entry, person;
		int64_t approver; /* the person's; 0 = any */
	} *v;
	size_t n;
};
int store_waiting(struct store *, struct arena *, struct undecided *, struct err *);
/* Of these what still waits and this approver may decide: never their own. */
int store_waiting_for(struct store *, const struct undecided *, int64_t approver, size_t limit, struct arena *, struct entries *, struct err *);
int store_add_approval(struct store *, struct approval *, struct err *); /* items' number and entry.id and flag are read; fills id */
int store_approval(struct store *, int64_t id, struct arena *, struct approval *, struct err *);
/* Who was asked about that entry: for each approver the latest approval with it, by approver. */
struct asked_approver {
	int64_t approver, approval;
	int number;         /* of the item there */
	int64_t first_at;   /* when that approver was asked first */
	bool reminded, escalated; /* in any letter with it */
};
int store_asked(struct store *, int64_t entry, struct arena *, struct asked_approver **v, size_t *n, struct err *);
/* Asked at or before that moment, with open items, and neither reminded (nor, with escalated set, passed on): oldest first.
 * Their items' entries come without links, tags and companions. */
int store_overdue(struct store *, bool escalated, int64_t asked_before, struct arena *, struct approval **v, size_t *n, struct err *);
int store_set_overdue(struct store *, int64_t approval, bool escalated, int64_t at, struct err *); /* reminded, or passed on */

/* ---- plans and the campus's goals */
struct goals {
	struct goal *v;
	size_t n;
};
int store_goals(struct store *, struct arena *, struct goals *, struct err *);
int store_add_goal(struct store *, const char *words, int64_t by_person, int64_t at, int64_t *id, struct err *);
int store_remove_goal(struct store *, int64_t id, struct err *); /* plans keep it; nobody may choose it any more. 1, 0 no such goal, -1 */
int store_add_plan(struct store *, struct plan *, struct err *);    /* fills id and version; what was draft, waiting or asked becomes replaced */
int store_change_plan(struct store *, const struct plan *, struct err *); /* its state, parts, goal, prose, message, decision and words; approved: the earlier approved one is replaced */
int store_plan(struct store *, int64_t id, struct arena *, struct plan *, struct err *);
int store_plan_of(struct store *, int64_t person, int32_t year, bool approved, struct arena *, struct plan *, struct err *); /* the latest version; approved: the latest approved one */
struct plans {
	struct plan *v;
	size_t n;
};
int store_plans(struct store *, int64_t person, int32_t year, struct arena *, struct plans *, struct err *); /* person 0 = everybody; all versions in order */
int store_plan_before(struct store *, int64_t id, struct arena *, struct plan *, struct err *); /* the version that was approved before that one */
/* How many of the person's entries on days [from, to) are within the plan (plan_covers), and of how many. 0, or -1 */
int store_plan_progress(struct store *, const struct plan *, int32_t from, int32_t to, int *within, int *of, struct err *);
int store_letter_of_plan(struct store *, int64_t plan, int64_t person, struct arena *, const char **message_id, struct err *); /* our last one about it to them */

/* ---- interviews and write-ups */
enum interview_state { INTERVIEW_READY, INTERVIEW_PLANNED, INTERVIEW_SIGNED, INTERVIEW_NOT_YET, INTERVIEW_REVOKED, INTERVIEW_STATE_COUNT };
const char *interview_state_name(enum interview_state); /* ready, planned, signed, not yet, revoked */
struct interview {
	int64_t id, person;
	int32_t year;
	enum interview_state state;
	int64_t created_at, message;
	int64_t approver;   /* who was asked; 0 */
	int64_t meets_at;   /* UTC seconds; 0 = no time yet */
	int64_t decided_at, decided_by, delegate;
	const char *words;  /* what was said with it */
};
int store_add_interview(struct store *, struct interview *, struct err *); /* fills id */
int store_change_interview(struct store *, const struct interview *, struct err *);
int store_interview(struct store *, int64_t id, struct arena *, struct interview *, struct err *);
int store_interview_of(struct store *, int64_t person, int32_t year, struct arena *, struct interview *, struct err *); /* the latest */

/* ---- who may answer for an approver (Sender differs from From) */
int store_is_delegate(struct store *, int64_t approver, int64_t person, struct err *); /* 1, 0, -1 */
int store_set_delegate(struct store *, int64_t approver, int64_t person, bool on, int64_t at, struct err *);
int store_delegates(struct store *, int64_t approver, struct arena *, struct roster *, struct err *);

/* ---- years that were opened again for late claims */
int store_reopened(struct store *, int32_t year, int32_t *until, struct err *); /* 1 with the last day on which claims are taken, 0, -1 */
int store_reopen(struct store *, struct ledger_line *, struct err *); /* a REOPEN line, and what store_reopened says from then on */

/* ---- the outbox */
enum letter_purpose { LETTER_RECEIPT, LETTER_ANSWER, LETTER_DIGEST, LETTER_APPROVAL, LETTER_OUTCOME, LETTER_QUESTION, LETTER_TROUBLE,
                      LETTER_PLAN, LETTER_INTERVIEW, LETTER_REMINDER, LETTER_REPORT, LETTER_PURPOSE_COUNT };
const char *letter_purpose_name(enum letter_purpose);
enum letter_state { LETTER_QUEUED, LETTER_SENDING, LETTER_SENT, LETTER_FAILED, LETTER_STATE_COUNT };
const char *letter_state_name(enum letter_state);
struct stored_letter {
	int64_t id;
	const char *key;             /* unique: "digest:2026-W47:12", "receipt:MESSAGE" */
	enum letter_purpose purpose;
	const char *message_id;      /* without <>; fixed at queueing */
	const char *recipient, *envelope_from; /* addresses; envelope_from holds the VERP token */
	const char *subject;         /* for lists */
	int64_t person;              /* 0 = not of the roster */
	int64_t entry, approval, held_message, plan, interview; /* what an answer is about; 0 */
	const char *numbered;        /* entry ids of a digest's or list's numbered items in order, "1042 1050 …"; NULL */
	const char *token;           /* plain, when queueing only: stored hashed (serves as reply and as bounce token) */
	int64_t token_expires;
	int64_t created_at, next_at; /* not before */
	enum letter_state state;
	int tries;
	const char *detail;          /* last answer of the server */
	struct span bytes;           /* the message */
	const char *own_text;        /* its plain text, to subtract from an answer that quotes it */
};
int store_queue_letter(struct store *, struct stored_letter *, struct err *); /* 1 queued and id filled, 0 there is one of that key already */
/* Takes letters that are due (queued, or sending with an expired lease): sets sending, tries + 1 and the lease. */
int store_claim_letters(struct store *, int64_t now, int64_t lease_until, int limit, struct arena *, struct stored_letter **v, size_t *n, struct err *);
int store_letter_sent(struct store *, int64_t id, int64_t at, const char *detail, struct err *);
int store_letter_later(struct store *, int64_t id, int64_t next_at, const char *detail, struct err *); /* back to queued */
int store_letter_failed(struct store *, int64_t id, int64_t at, const char *detail, struct err *);
int store_letter_by_token(struct store *, const char *token, int64_t now, struct arena *, struct stored_letter *, struct err *); /* not expired; without bytes */
int store_letter_by_message_id(struct store *, const char *message_id, struct arena *, struct stored_letter *, struct err *);
int store_letter(struct store *, int64_t id, struct arena *, struct stored_letter *, struct err *); /* with bytes */
int store_letter_of_approval(struct store *, int64_t approval, struct arena *, struct stored_letter *, struct err *); /* the one that asked; without bytes */
int store_letters(struct store *, int state, int limit, struct arena *, struct stored_letter **v, size_t *n, struct err *); /* state -1 = all; newest first; without bytes */
int store_next_letter_at(struct store *, int64_t *at, struct err *); /* when the next queued letter or lease is due: 1, 0 none */
int store_letters_since(struct store *, const char *recipient, int64_t since, int *n, struct err *); /* for the rate limit; digests and approvals not counted */
int store_note_bounce(struct store *, int64_t letter, bool hard, int64_t at, int *recent_hard, struct err *); /* failures of that person in 30 days */

/* ---- records: transcripts that were issued, the ledger's line that an auditor may keep, and a year's sums */
struct issued_transcript {
	const char *code;
	int64_t person;
	int32_t year;            /* the school year's first day */
	int64_t issued_at, line; /* the ledger's last line then; 0 = it was empty */
	uint8_t line_hash[HASH_BYTES], content_hash[HASH_BYTES];
};
int store_add_transcript(struct store *, const struct issued_transcript *, struct err *); /* the same code again: nothing new */
int store_transcript(struct store *, const char *code, struct arena *, struct issued_transcript *, struct err *);
/* The hash of that line of the ledger, id 0 = of the last one: 1 with its number, 0 there is none. */
int store_line_hash(struct store *, int64_t id, int64_t *found, uint8_t hash[HASH_BYTES], struct err *);
struct campus_report;
/* Everything that is counted of days [report->from, report->to), small groups not hidden yet. need: the minutes that a person works
 * towards, 0 = none. Linear in the entries of those days. */
typedef int need_fn(void *ctx, enum person_role, int32_t joined);
int store_report(struct store *, need_fn *need, void *ctx, struct arena *, struct campus_report *, struct err *);

/* ---- what a digest needs */
/* Colleagues' starred takeaways and the most shared links of days [monday, monday + 7): read once for all of a week's digests. */
struct board {
	int32_t monday;
	struct takeaway *takeaways;
	size_t n_takeaways;
	struct board_link {
		struct shared_link link;
		int64_t row, person; /* person: of link.entry */
		int64_t others;      /* an entry of somebody else; 0 = none */
	} *links;
	size_t n_links;
};
int store_board(struct store *, int32_t monday, struct arena *, struct board *, struct err *);
/* The person's own week, and the board as they may see it; it shares the board's memory. */
int store_week(struct store *, const struct person *, const struct board *, struct arena *, struct week *, struct err *);

#endif
