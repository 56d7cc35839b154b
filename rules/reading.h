#ifndef RULES_READING_H
#define RULES_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/said.h"

/* What a mail says, after the reader has read it. Every string is valid UTF-8; NULL = unknown unless it says otherwise. */

enum mail_kind {
	MAIL_NOTE,
	MAIL_FORWARD,
	MAIL_REPLY,
	MAIL_NEWSLETTER,
	MAIL_TRANSACTIONAL,
	MAIL_CONFIRMATION,
	MAIL_AUTO_REPLY,
	MAIL_BOUNCE,
	MAIL_DELAY_WARNING,
	MAIL_DSN_SUCCESS,
	MAIL_FEEDBACK,
	MAIL_CHALLENGE,
	MAIL_KIND_COUNT
};
const char *mail_kind_name(enum mail_kind); /* as in explain --json: "note", "auto-reply" … */
bool mail_kind_is_machine(enum mail_kind);  /* never read as words, never answered: auto-reply … challenge */

struct mailaddr {
	const char *name; /* "" if none */
	const char *addr; /* as written; domain lower case; "" if none */
};

struct mailaddrs {
	struct mailaddr *v;
	size_t n;
};

struct forwarded { /* the outermost forward; deeper ones stay in body */
	struct mailaddr from;
	struct mailaddrs to, cc, reply_to;
	const char *date; /* as written */
	const char *subject, *body, *message_id;
};

enum link_where { WHERE_OWN, WHERE_FORWARDED, WHERE_QUOTED, WHERE_COUNT };
enum link_role {
	ROLE_CONTENT,
	ROLE_UNSUBSCRIBE,
	ROLE_VIEW_ONLINE,
	ROLE_PREFERENCES,
	ROLE_SHARE,
	ROLE_SOCIAL,
	ROLE_APP,
	ROLE_PIXEL,
	ROLE_IMAGE,
	ROLE_COUNT
};
const char *link_where_name(enum link_where);
const char *link_role_name(enum link_role);

struct link {
	const char *url;  /* unwrapped and cleaned, canonical */
	const char *seen; /* as written: entities decoded, trimmed, tabs and line breaks removed */
	const char *text; /* anchor text, folded; "" if none */
	const char *heading; /* of the page above it, where it is content; "" if none */
	enum link_where where;
	enum link_role role;
};

struct attachment {
	const char *filename; /* "" if none */
	const char *type;     /* type/subtype, lower case */
	uint64_t bytes;       /* decoded */
	struct span content;  /* of a file that is handed on (files.h), in a mail that says *ready*; else empty */
};

struct attached_message {
	const char *subject;
	struct mailaddr from;
};

struct report { /* of a bounce or delay warning, one per recipient */
	const char *recipient; /* lower case */
	const char *status;    /* enhanced status code (RFC 3463), NULL */
	const char *reason;
	bool hard;
};

struct auth_prop {
	const char *name, *value;
};

struct auth_result { /* RFC 8601 resinfo */
	const char *method, *result;
	struct auth_prop *props;
	size_t n_props;
};

enum auth_verdict {
	AUTH_NONE, /* no header of the pinned authserv-id */
	AUTH_PASS, /* DMARC pass, or DKIM pass aligned with From */
	AUTH_FAIL
};
const char *auth_verdict_name(enum auth_verdict); /* none, pass, fail */

struct inline_answer { /* own words that stand below a quoted line */
	const char *quoted; /* the line that they answer, without quote marks */
	const char *own;
};

struct reading {
	/* the envelope of the header */
	const char *subject;
	struct mailaddr from, sender; /* sender.addr "" when there is no Sender field */
	struct mailaddrs to, cc, reply_to;
	struct strs recipients; /* addresses of To, Cc, Delivered-To, X-Original-To, lower case: where a plus-token may stand */
	bool has_date;
	int64_t date_unix;
	int32_t date_day;       /* the civil day in the sender's own zone offset; DAY_NONE */
	const char *message_id, *in_reply_to;
	struct strs references;
	const char *list_id, *unsubscribe_http, *unsubscribe_mailto;
	bool one_click;
	bool automated;         /* RFC 3834: Auto-Submitted other than no, Precedence auto_reply, empty Return-Path … */

	enum mail_kind kind;
	const char *own, *signature, *after, *quoted; /* own and quoted never NULL */
	struct inline_answer *answers; /* of a reply whose own words stand among what it quotes; in order, and in own as well */
	size_t n_answers;
	const char *text, *plain;
	bool html;
	struct forwarded *forwarded; /* NULL = none */
	struct link *links;
	size_t n_links;
	struct strs leaves;
	struct attachment *attachments;
	size_t n_attachments;
	struct attached_message *attached;
	size_t n_attached;
	struct report *reports;
	size_t n_reports;
	struct strs feedback_types;

	const char *authserv;
	enum auth_verdict auth;
	struct auth_result *auth_results;
	size_t n_auth_results;

	struct said said;
	struct strs hits;    /* names of the campus's rules whose conditions this mail meets, in the ruleset's order */
	struct strs failed;  /* names of rules whose pattern ran into its limit: "rule failed", never "no match" */
	struct strs defects; /* what was wrong with the mail and how it was read all the same */
};

#endif
