#ifndef GATEWAY_READ_MACHINE_H
#define GATEWAY_READ_MACHINE_H

#include "gateway/read/parts.h"

/* Inside machine-*.c, bounce*.c, auth.c and lookalike.c: how a mail is seen that a machine wrote. */

/* ---- what machines say, as data: machine.phrases and bounce.phrases, one line a phrase.
 * A phrase is lower case; '^' in front: only at the start; '*' at the end: the word may go on; ' … ' : up to 100 bytes of anything. */
enum saying {
	SAYS_BOUNCE_SUBJECT,
	SAYS_BOUNCE_BODY,
	SAYS_BOUNCE_FROM,  /* a display name or local part of a mail system */
	SAYS_ON_BEHALF,    /* a display name of one that hands on what a person wrote */
	SAYS_DELAY,
	SAYS_SUCCESS,
	SAYS_ORIGINAL,     /* the returned message begins after this line */
	SAYS_RECIPIENT,    /* a failed recipient stands behind this */
	SAYS_REASON,       /* name: the reason */
	SAYS_REASON_PERHAPS, /* the same, when the status code says nothing */
	SAYS_AUTO_SUBJECT,
	SAYS_AUTO_PERHAPS, /* only in a mail that is automated by its headers */
	SAYS_AUTO_BODY,
	SAYS_CHALLENGE,
	SAYS_FEEDBACK,     /* name: the type, "-" for none */
	SAYS_RECEIPT,
	SAYS_REACTION,
	SAYS_CONFIRM_SUBJECT,
	SAYS_CONFIRM_SUBJECT_PERHAPS, /* only when the body says so too */
	SAYS_CONFIRM_BODY,
	SAYS_CONFIRM_BODY_PERHAPS,    /* only when the subject says so too */
	SAYS_CONFIRMED,               /* there is nothing left to do */
	SAYS_MASS_BODY,
	SAYS_MASS_SUBJECT,
	SAYS_MASS_FROM,    /* a local part */
	SAYS_TRANSACTION,
	SAYS_NO_REPLY,     /* a local part that nobody reads */
	SAYINGS
};

/* Lower case, white space folded, typographic apostrophes and blanks made plain; at most `most` bytes of s are read. */
struct span says_fold(struct span s, size_t most, struct arena *);

struct says_hit {
	const char *name; /* what stands in quotes in the section line */
	size_t at, end;   /* in the folded text */
};
/* The first phrase of that use in the folded text. */
bool says_find(enum saying, struct span folded, struct says_hit *);
bool says_any(enum saying, struct span folded);
/* For SAYS_REASON: the phrase that stands first in the file. */
bool says_best(enum saying, struct span folded, struct says_hit *);

/* What a status code or an SMTP reply code says when no phrase does; NULL = nothing. */
const char *says_status_reason(struct span status);
/* Rows of "Name: value part" of a [header "use"] section: is there such a header, with that part in its value? */
enum header_use {
	HEADER_AUTOMATED,
	HEADER_AUTO_REPLY,
	HEADER_BOUNCE,
	HEADER_CHALLENGE,
	HEADER_CONFIRMATION,
	HEADER_FEEDBACK,
	HEADER_MAILER,
	HEADER_MANAGER,
	HEADER_NEWSLETTER,
	HEADER_OPT_OUT,
	HEADER_REACTION,
	HEADER_USES
};
bool says_header(enum header_use, const struct headers *);

/* ---- addresses in running text */
struct found_address {
	struct span address;
	size_t at, end; /* in the text searched */
};
/* The next address at or after *at, which moves behind it. Linear in the text. */
bool address_next(struct span text, size_t *at, struct found_address *);
const char *found_lower(struct arena *, struct span);
struct span address_domain(struct span address); /* behind the last '@'; empty when there is none */

/* ---- bounce.c: reports filled and a kind answered, MAIL_KIND_COUNT when it is none of bounce, delay-warning, dsn-success. */
enum mail_kind bounce_read(const struct mail_parts *, const struct body *, const struct split *, struct arena *, struct reading *);

/* bounce-notice.c: the same for what Amazon SES tells as JSON, or feedback. */
enum mail_kind notice_read(const struct mail_parts *, struct arena *, struct reading *r);

bool bounce_from_system(const struct mailaddr *from, struct arena *); /* MAILER-DAEMON and the like */

/* A bounce's texts as lines; what it says itself, and what is left of the mail it returns. */
struct bounce_line {
	struct span text;   /* trimmed at its end, without leading "> " of a forward */
	bool field;         /* in a delivery-status part */
};

struct bounce {
	struct bounce_line *lines;
	size_t n;
	bool whole;           /* do not stop at lines that only announce the returned mail */
	struct span original; /* headers and perhaps body of the returned mail; empty if it is not there */
	struct strs others;   /* addresses that are no failed recipients unless nothing else is there: sender, postmaster … */
	const char *failed;   /* X-Failed-Recipients, NULL */
	const char *list;     /* the list whose manager writes ("staff-admin@…" → "staff@…"), NULL */
	struct arena *arena;
};

struct failure {
	const char *recipient;
	size_t line, end;      /* the lines that speak of it */
	struct span action, status, diagnostic; /* of a delivery-status group */
	bool delayed, delivered;
	bool alone;            /* nobody else is named: the whole report speaks of it */
};

struct failures {
	struct failure *v;
	size_t n;
};

void failures_add(struct failures *, struct arena *, const struct failure *); /* unless the recipient is there */
bool bounce_groups(const struct bounce *, struct failures *);  /* bounce-dsn.c: RFC 3464 fields, wherever they stand */
bool bounce_search(const struct bounce *, struct failures *);  /* bounce-lines.c: named in the report's lines */
bool bounce_guess(const struct bounce *, struct failures *);   /* whom the returned mail was for, the list that refuses */
void bounce_explain(const struct bounce *, struct failures *); /* for groups without a diagnostic: the lines that speak of them */
/* bounce-reason.c; answers whether the text names a cause, rather than a status code alone. */
bool bounce_report(const struct bounce *, const struct failure *, struct report *);
/* The value of a "Name: value" line, any case. */
bool bounce_field(struct span line, const char *name, struct span *value);
/* SMTP reply code (4xx or 5xx) and enhanced status code in a text; 0 and empty when there is none. */
int bounce_reply_code(struct span text);
struct span bounce_status_code(struct span text);

/* ---- machine-mass.c */
bool mass_is_mail(const struct mail_parts *, const struct reading *);     /* sent to many: headers, or shape */
bool mass_is_sure(const struct mail_parts *, const struct reading *);     /* by its headers alone */
bool mass_confirms(const struct mail_parts *, const struct reading *, struct arena *);
bool mass_transacts(const struct mail_parts *, const struct reading *, struct arena *);

/* ---- lookalike.c: tricks of the From line, as defects */
void lookalike_read(const struct strs *campus, struct arena *, struct reading *);

#endif
