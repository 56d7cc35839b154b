#ifndef GATEWAY_MAIL_SOURCE_H
#define GATEWAY_MAIL_SOURCE_H

#include "gateway/config.h"
#include "gateway/mail/url.h"

/* Where a gate gets its mails: an IMAP folder or a Maildir behind the same few verbs. A source never marks or moves
 * a mail before it is told to. */
struct mail_got {
	const char *ident;
	uint64_t uid, arrival, size; /* as in GATE_MAIL */
	struct span raw;             /* valid during the call */
};

/* What a source says to its gate while it works. */
struct source_calls {
	int (*mail)(void *ctx, const struct mail_got *, struct err *); /* 0; -1 = stop fetching */
	void (*marked)(void *ctx, const char *ident);
	void (*trouble)(void *ctx, const char *text); /* something that goes on all the same */
	/* The channel to the keeper, to be watched in every long wait; -1 none. When it is readable call listen, which
	 * takes what came and answers true if the gate is to stop. */
	int (*channel)(void *ctx);
	bool (*listen)(void *ctx);
	bool (*has_work)(void *ctx); /* something came that must be done before a long wait begins */
};

struct source {
	const struct source_ops *ops;
	const struct config *config;
	const struct mailbox_config *box;
	struct mail_url url;
	const struct source_calls *calls;
	void *ctx;
	uint64_t validity, last; /* last: the highest uid that was handed over */
	int64_t wait_ms;         /* longest silence of a server; 0 = the usual */
	void *state;             /* of the kind of source */
};

struct source_ops {
	int (*open)(struct source *, struct err *);  /* connects and selects, sets validity (and last to 0 if it is a new one) */
	int64_t (*list)(struct source *, struct err *); /* looks for mails not yet handed over: how many; -1 */
	int (*fetch)(struct source *, struct err *); /* hands over one batch of what was listed: 1 more is left, 0 none, -1 */
	/* Calls marked for each that is done: 0; 1 it is refused, which was said as trouble, and may be tried again; -1 */
	int (*mark)(struct source *, const struct strs *idents, struct err *);
	/* Until a mail may have come (1), the channel has something or the milliseconds passed (0); -1. */
	int (*wait)(struct source *, int64_t ms, struct err *);
	/* What was found, for `plnpost check`; tries the folder to move to as well. NULL with err filled. */
	const char *(*describe)(struct source *, struct arena *, struct err *);
	void (*close)(struct source *); /* legal on one that is not open; what was handed over stays known */
	void (*release)(struct source *);
};

extern const struct source_ops maildir_source;
extern const struct source_ops imap_source;

#endif
