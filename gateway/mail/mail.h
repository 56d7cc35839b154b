#ifndef GATEWAY_MAIL_MAIL_H
#define GATEWAY_MAIL_MAIL_H

#include "gateway/chan.h"
#include "gateway/config.h"

/* The two processes that touch the network (or a Maildir), and what they say to the keeper. */

/* ---- gate: one per mailbox. `plnpost --role gate`; the keeper's first frame says which. */
enum gate_frame {
	/* keeper → gate */
	GATE_OPEN,   /* text mailbox name, u8 forever (1: stay and wait for mail; 0: one pass), u64 uidvalidity, u64 last uid,
	                u32 n, n × text ident: committed but not yet marked */
	GATE_MARK,   /* text ident: its transaction is committed, mark it as configured */
	GATE_STOP,   /* finish the command in hand, mark what was committed, log out, end */
	/* gate → keeper */
	GATE_BOX,    /* u64 uidvalidity: the mailbox is selected; a new one means every uid was renamed */
	GATE_MAIL,   /* text ident, u64 uid (every mail up to it has been handed over; 0: none), u64 arrival (UTC seconds), u64 size (bytes on the server), bytes raw */
	GATE_MARKED, /* text ident */
	GATE_IDLE,   /* everything there was has been sent */
	GATE_TROUBLE,/* u8 fatal (1: will not mend by itself), text what is wrong and the mend; it tries again with back-off unless one pass */
	GATE_ALL     /* u32 expected: about how many mails this pass will bring, for a progress bar */
};
/* ident: "UIDVALIDITY.UID" for IMAP, the base name without flags for a Maildir. */
int gate_main(const char *dir);

/* ---- postman: `plnpost --role postman` */
enum postman_frame {
	/* keeper → postman */
	POSTMAN_LETTER, /* u64 ticket, text envelope sender, text recipient, text file name stem (for a Maildir), bytes message (CRLF) */
	POSTMAN_STOP,
	/* postman → keeper */
	POSTMAN_DONE    /* u64 ticket, u8 enum sent, u32 code (SMTP reply, 0 none), text detail */
};
enum sent {
	SENT_OK,
	SENT_LATER,   /* nothing was delivered: try again (4xx, no connection) */
	SENT_REFUSED, /* 5xx: this letter will never be taken */
	SENT_MAYBE,   /* the answer to the final dot was lost: retry under the same Message-ID */
	SENT_COUNT
};
int postman_main(const char *dir);

/* ---- for `plnpost check`: tries TLS, login, the mailbox and the folder to move to; the SMTP server up to NOOP.
 * 0, or -1 with what is wrong and the mend; *detail says what was found ("IMAP4rev1, IDLE, MOVE, 1,204 mails"). */
int mail_check_mailbox(const struct config *, const struct mailbox_config *, struct arena *, const char **detail, struct err *);
int mail_check_send(const struct config *, struct arena *, const char **detail, struct err *);

/* ---- files of mails, for `plnpost ingest` and `explain`: calls fn for each mail in a file (an mbox begins with "From ";
 * anything else is one mail). 0, or -1; fn answers 0 to go on, -1 to stop. Path "-" is standard input. */
typedef int mail_file_fn(void *ctx, struct span raw, struct err *);
int mail_file_each(const char *path, size_t max_mail, mail_file_fn *fn, void *ctx, struct err *);

/* ---- writing: RFC 5322 bytes, pure 7-bit, CRLF, lines of at most 76 (headers folded, RFC 2047). */
struct mail_part { /* a file that goes with a letter */
	const char *name, *type; /* "evidence.pdf", "application/pdf"; "text/calendar; method=REQUEST" */
	struct span bytes;
};
struct mail_out {
	const char *from_name, *from_addr, *to_name, *to_addr, *reply_to;
	const char *subject, *text, *html; /* html NULL = text/plain only */
	const char *message_id;            /* without <> */
	const char *in_reply_to;           /* without <>; NULL */
	struct strs references;            /* without <> */
	const char *list_id, *list_unsubscribe; /* NULL; the latter a mailto: URL */
	const char *auto_submitted;        /* "auto-replied" or "auto-generated" (RFC 3834) */
	int64_t date;                      /* UTC seconds */
	int32_t zone_minutes;              /* offset shown in Date */
	const struct mail_part *parts;
	size_t n_parts;
};
/* 0; -1 when an address holds CR, LF, blank or is no address. */
int mail_write(struct str *out, const struct mail_out *, struct err *);

#endif
