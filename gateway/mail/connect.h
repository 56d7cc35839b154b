#ifndef GATEWAY_MAIL_CONNECT_H
#define GATEWAY_MAIL_CONNECT_H

#include <sys/types.h>

#include "gateway/config.h"
#include "gateway/mail/url.h"

/* Verified connections by libcurl: TLS against the host's name and the trusted certificates, then the login. */
struct connect_to {
	const struct config *config;
	const struct mail_url *url;
	const char *password_file, *token_file, *ca_file; /* "" or NULL: none */
	int64_t ms;                /* until connected and logged in; 0 = a minute */
	bool (*stop)(void *ctx);   /* asked about once a second while connecting; NULL */
	void *ctx;
};

/* An IMAP server that has taken the login; from here on libcurl only carries bytes. NULL with what is wrong and the mend. */
struct connection;
struct connection *connection_open(const struct connect_to *, struct err *);
void connection_close(struct connection *);
int connection_fd(const struct connection *);
/* Bytes moved; 0 = not now, poll the descriptor; -1 = the end, or broken. */
ssize_t connection_read(struct connection *, void *p, size_t n);
ssize_t connection_write(struct connection *, const void *p, size_t n);

/* Starts libcurl; often is fine. 0, or -1. */
int connect_start(struct err *);
/* For smtp.c, on a libcurl easy handle: everything up to the login but the URL's path. 0, or -1. */
int connect_options(void *easy, const struct connect_to *, struct arena *, struct err *);
/* Says why libcurl failed and what would mend it. code: a CURLcode; words: libcurl's own; reply: the server's last line. -1. */
int connect_explain(const struct connect_to *, int code, const char *words, const char *reply, struct err *);

#endif
