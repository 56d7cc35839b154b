#ifndef GATEWAY_MAIL_SMTP_H
#define GATEWAY_MAIL_SMTP_H

#include "gateway/mail/mail.h"
#include "gateway/mail/url.h"

/* One kept connection to the SMTP server. */
struct smtp;

struct smtp_limits {
	int64_t connect_ms, reply_s, letter_s; /* 0 = the usual */
};

struct smtp *smtp_open(const struct config *, const struct mail_url *, const struct smtp_limits *, struct err *); /* dials nothing yet */
/* Asked about once a second until a letter's bytes are asked for: true gives it up as SENT_LATER. */
void smtp_give_up_when(struct smtp *, bool (*stop)(void *ctx), void *ctx);
void smtp_close(struct smtp *);
/* One letter to one recipient. *code: the server's reply code, 0 none. detail: what it said, or what went wrong. */
enum sent smtp_send(struct smtp *, const char *sender, const char *recipient, struct span message, unsigned *code, struct str *detail);
/* Connects, greets, logs in, says NOOP. 0, or -1 with the mend. */
int smtp_try(struct smtp *, struct err *);

#endif
