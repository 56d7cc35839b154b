#ifndef GATEWAY_READ_PHRASES_H
#define GATEWAY_READ_PHRASES_H

#include "rules/str.h"

/* The languages of mail programs: clients.phrases, read once, asked by folded text. */

enum phrase_field {
	FIELD_NONE,
	FIELD_FROM,
	FIELD_TO,
	FIELD_CC,
	FIELD_BCC,
	FIELD_DATE,
	FIELD_SUBJECT,
	FIELD_REPLY_TO,
	FIELD_MESSAGE_ID,
	FIELD_SENDER, /* who sent it for somebody: the sender only where no other is named */
	FIELD_OTHER, /* known, but nothing for us */
	FIELD_COUNT
};

enum phrase_use {
	PHRASE_FORWARD = FIELD_COUNT,
	PHRASE_ORIGINAL,
	PHRASE_END,
	PHRASE_ABOVE,
	PHRASE_INTRO,
	PHRASE_RE,
	PHRASE_FWD,
	PHRASE_SENT_FROM,
	PHRASE_SENT_WITH, /* a name must follow */
	PHRASE_SENT_BY,   /* a device, a program or a link must be named */
	PHRASE_DEVICE,    /* the line names one */
	PHRASE_SIGNOFF,
	PHRASE_THANKS,
	PHRASE_POSTSCRIPT,
	PHRASE_FOOTER,
	PHRASE_BANNER, /* what servers put above the words */
	PHRASE_USE_COUNT
};

/* Text made comparable: lower case, ASCII digits, colon and quotes, one blank for several, no invisible marks. */
enum { FOLDED_MAX = 768 };
struct folded {
	char text[FOLDED_MAX + 8];
	size_t n;
	bool cut;   /* there was more */
	bool blank; /* one has to stand before what is added */
};
void folded_read(struct folded *, struct span);
void folded_start(struct folded *);            /* the same piece by piece */
void folded_add(struct folded *, struct span);
size_t folded_source(struct span, size_t i);   /* where byte i of its folded text came from */
/* The same without the dashes, stars, brackets and blanks around it, and without a colon at the end. */
struct folded_core {
	struct span text;
	bool colon, dashed; /* it ended with a colon; stood between at least two dashes and at least one */
};
struct folded_core folded_core(const struct folded *);

bool folded_has_address(struct span folded);
bool folded_has_date(struct span folded); /* in any language: the numbers tell */
bool may_hold_date(struct span);          /* not folded yet: two numbers at least, in any script */

/* Loads the tables; later calls cost nothing. Needs a UTF-8 LC_CTYPE. -1 when clients.phrases has an error. */
struct err;
int phrases_load(struct err *);

/* The field that a label names, FIELD_NONE; *languages gets a bit for each language that says so. */
enum phrase_field phrase_label(struct span folded, uint64_t *languages);
/* As written in clients.phrases, for looking inside a line: index from 0, NULL behind the last. */
struct phrase_label_text {
	const char *text;
	size_t n;
	enum phrase_field field;
	uint64_t languages;
};
const struct phrase_label_text *phrase_labels(size_t index);

bool phrase_is(enum phrase_use, struct span folded);
uint64_t phrase_says(enum phrase_use, struct span folded); /* a bit for each language that says so */
/* For PHRASE_INTRO: what the stars stand for, at most max spans of the folded text; how many, or -1 when nothing fits. */
int phrase_holes(enum phrase_use, struct span folded, struct span *holes, int max);
size_t phrases_languages(void);

#endif
