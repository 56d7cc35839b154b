#ifndef GATEWAY_MAIL_URL_H
#define GATEWAY_MAIL_URL_H

#include "rules/arena.h"
#include "rules/err.h"
#include "rules/str.h"

/* Where mail comes from and goes to, by URL:
 *   imaps://user@host[:port]/FOLDER   imap+starttls://…   imap://127.0.0.1…    (FOLDER: INBOX when left out)
 *   smtps://[user@]host[:port]        smtp+starttls://…   smtp://127.0.0.1:port
 *   maildir:path
 * User and folder are percent-encoded UTF-8 (RFC 3986); an @ may stand in the user as it is. A password in a URL is
 * refused: it would end up in logs and process lists. */
enum mail_scheme { MAIL_IMAPS, MAIL_IMAP_STARTTLS, MAIL_IMAP, MAIL_SMTPS, MAIL_SMTP_STARTTLS, MAIL_SMTP, MAIL_MAILDIR, MAIL_SCHEME_COUNT };
enum mail_way { MAIL_IN, MAIL_OUT };

struct mail_url {
	enum mail_scheme scheme;
	const char *user;   /* NULL: none */
	const char *host;   /* as written, an IPv6 address without its brackets; NULL for a Maildir */
	unsigned port;
	const char *folder; /* UTF-8; NULL for SMTP and Maildirs */
	const char *path;   /* of a Maildir */
	bool loopback;
};

/* 0, or -1 with what would be right. cleartext: allow smtp:// and imap:// beyond loopback. */
int mail_url_parse(const char *text, enum mail_way, bool cleartext, struct arena *, struct mail_url *, struct err *);
/* "imaps://host:993", for libcurl and for messages. */
const char *mail_url_base(const struct mail_url *, struct arena *);
/* A folder's name on the wire: modified UTF-7 (RFC 3501, 5.1.3). NULL when it is not UTF-8 or holds control characters. */
const char *mail_folder_name(struct arena *, const char *utf8);

#endif
