#ifndef GATEWAY_READ_PARTS_H
#define GATEWAY_READ_PARTS_H

#include "gateway/read/read.h"

/* Between the files of this room, in the order in which a mail passes them:
 *   mime.c → text.c, html.c → split.c (forward.c, reply.c, signature.c) → links.c (unwrap.c, url.c, roles.c) → machine.c (bounce.c) → auth.c → read.c */

struct header {
	const char *name;  /* as written */
	const char *raw;   /* unfolded, undecoded; invalid UTF-8 replaced */
	const char *value; /* RFC 2047 decoded, UTF-8 */
};

struct headers { /* in the order of the mail, topmost first; read up to 1,000 of them */
	struct header *v;
	size_t n;
	struct mailaddrs from; /* of all From fields, once headers_fill has read them */
};
const struct header *headers_find(const struct headers *, const char *name, const struct header *after); /* any case; after NULL = from the top */
const char *headers_value(const struct headers *, const char *name);                                     /* the first's value, NULL */

struct part { /* a leaf, or a message/rfc822 */
	const char *type;          /* lower case */
	const char *filename, *charset, *report_type; /* "" if none */
	bool attachment;           /* Content-Disposition: attachment */
	bool flowed, delsp;        /* RFC 3676 */
	struct span text;          /* text/…, message/… and delivery-status parts: decoded, UTF-8, LF; else empty */
	uint64_t bytes;            /* decoded size */
	int depth;                 /* 0 = top level */
	bool inside_message;       /* inside an attached message */
	bool shown;                /* a client shows it as the body: of alternatives only the best */
	const struct tnef *tnef;   /* what is inside a winmail.dat (mime.h), NULL */
	struct span content;       /* decoded; only for mime_files, else empty */
};

struct mail_parts {
	struct headers headers;
	const char *top_type;      /* "multipart/report" … */
	const char *report_type;   /* its report-type parameter, "" */
	struct part *v;            /* leaves in order, message/rfc822 as a leaf; the parts inside an attached message follow it with inside_message */
	size_t n;
	const struct part *plain;  /* the first text/plain that is no attachment, NULL */
	const struct part *page;   /* the text/html body, NULL */
	const struct part *calendar; /* text/calendar, NULL */
};

/* mime.c, the owner of GMime: fills parts and the reading's header fields, leaves, attachments, attached messages, defects. */
void mime_read(struct span raw, struct arena *, struct mail_parts *, struct reading *);
/* The same with the contents of attachments: for the few mails whose files are handed on. */
void mime_files(struct span raw, struct arena *, struct mail_parts *, struct reading *);
void reading_defect(struct reading *, struct arena *, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- the visible text as lines, each with what its mark-up says about it */
enum line_mark {
	LINE_QUOTE_STRUCTURE = 1,  /* inside blockquote, .gmail_quote, .yahoo_quoted, #divRplyFwdMsg's successor, Outlook's border … */
	LINE_QUOTE_START = 2,      /* the first line of such a structure */
	LINE_FORWARD_STRUCTURE = 4,/* that structure is a <div>: clients put forwards into it too, and people their answers between quotations */
	LINE_SIGNATURE = 8,        /* .gmail_signature, .moz-signature, #Signature … */
	LINE_RULE = 16,            /* an <hr>, or a border that works as one */
	LINE_HEADING = 32,
	LINE_ITEM = 64             /* a list item */
};

struct body_line {
	struct span text; /* without its quote marks and line end, UTF-8; soft breaks of format=flowed joined */
	unsigned quote;   /* levels of ">" */
	unsigned marks;   /* enum line_mark bits */
	unsigned quote_depth; /* nesting of quote structures in HTML */
};

struct anchor { /* in the order of the document, but bare URLs of a page behind its others */
	const char *seen;  /* entities decoded, trimmed, tabs and line breaks removed */
	const char *text;  /* folded; an image's alt text where there is no other */
	size_t line;       /* index into lines */
	enum { ANCHOR_LINK, ANCHOR_IMAGE, ANCHOR_BARE } what; /* a/area; img src; a bare URL in the text */
	int width, height; /* images: as said by attribute or style, -1 unknown */
	const char *heading; /* the heading above it, "" */
	bool alt;            /* a link's text is only its image's */
	const char *around;  /* up to 80 characters of text before it on its line or block, for roles; "" */
};

struct body {
	struct body_line *lines;
	size_t n;
	struct anchor *anchors;
	size_t n_anchors;
	const char *text; /* the lines joined by LF, with their quote marks */
};

void text_read(const struct part *, struct arena *, struct body *); /* text/plain: format=flowed, quote levels, bare URLs */
void html_read(struct span page, struct arena *, struct body *);    /* html.c, the owner of libxml2 */

/* ---- which lines are whose */
enum line_owner { OWNER_OWN, OWNER_SIGNATURE, OWNER_QUOTED, OWNER_FORWARDED, OWNER_AFTER };

struct split {
	enum line_owner *owner; /* one for each body line */
	const char *own, *signature, *after, *quoted; /* signature and after NULL when there is none */
	struct forwarded *forwarded;                  /* NULL = none */
	bool reply;                                   /* it has quoted what it answers */
	struct inline_answer *answers;                /* own words below quoted lines; none in a forward */
	size_t n_answers;
};
/* subject decoded; answers: the mail has In-Reply-To or References. */
void body_split(const struct body *, const char *subject, bool answers, struct arena *, struct split *);

/* ---- links: fills reading->links from the body's anchors, roles included. */
void links_read(const struct read_options *, const struct body *, const struct split *, struct arena *, struct reading *);

/* ---- machines: decides reading->kind (after split, links and headers are known); fills reports and feedback types, automated. */
void machine_read(const struct mail_parts *, const struct body *, const struct split *, struct arena *, struct reading *);

/* ---- Authentication-Results of the pinned ids (RFC 8601), look-alike tricks as defects. */
void auth_read(const struct read_options *, const struct headers *, struct arena *, struct reading *);

/* ---- phrases: the languages of mail clients as data, gateway/read/NAME.phrases (INI: [section "language"], key = one phrase). */

#endif
