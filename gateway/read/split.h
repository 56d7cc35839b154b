#ifndef GATEWAY_READ_SPLIT_H
#define GATEWAY_READ_SPLIT_H

#include "gateway/read/parts.h"
#include "gateway/read/phrases.h"

/* Whose words are whose. split.c walks the lines; reply.c knows introductions and where a quotation ends, forward.c
 * header blocks and what they say, signature.c where a writer stops. */

/* ---- subjects, for others as well */
enum subject_prefix { SUBJECT_PLAIN, SUBJECT_REPLY, SUBJECT_FORWARD, SUBJECT_EITHER }; /* either: "VS:" is a Finn's reply, a Dane's forward */
/* The subject without reply and forward prefixes ("RE: WG: [3]"), part of the same string; *outermost (may be NULL) says what the first one was. */
const char *subject_bare(const char *subject, enum subject_prefix *outermost);

/* The languages in which its first prefix says so. */
void subject_languages(const char *subject, uint64_t *reply, uint64_t *forward);

/* ---- between the files of the split */
enum { TRIES_MAX = 20000 };
struct scan {
	const struct body *body;
	struct arena *arena;
	enum line_owner *owner;
	bool *introduces; /* the line says whose words are quoted below it */
	const char *subject; /* without its prefixes */
	enum subject_prefix prefix;
	uint64_t replies_in, forwards_in; /* the languages that reply and that forward with it */
	bool answers;
	unsigned tries; /* of costly guesses; bounded for a whole mail */
	size_t marked_from, marked_to; /* lines of the last introduction that the page itself marks (reply.c) */
};

struct block { /* lines [start, end) that are quoted or forwarded */
	size_t start, body, end; /* body: behind what introduces it */
	bool forward;
};

unsigned line_level(const struct body_line *);         /* of quoting, by marks or by structure */
bool line_looks_blank(const struct body_line *);       /* asked of what begins with nothing visible */
static inline bool line_is_blank(const struct body_line *line)
{
	return line->text.n == 0 || ((*line->text.p <= ' ' || *line->text.p >= 0x7f) && line_looks_blank(line));
}
size_t line_next(const struct scan *, size_t i);       /* the first line at or after i that is not blank; n at the end */

/* split-subject.c: "VS:" is a Finn's reply and a Dane's forward: the languages of what stands below it tell, when only one fits. */
enum subject_prefix subject_either(const struct scan *, uint64_t languages);
const char *subject_guess(const struct scan *);

/* split-marks.c: other marks than ">" become levels of it; the lines are copied when one does. */
void split_marks(struct body *, struct arena *);

/* split-separator.c: "---------- Forwarded message ---------", "-----Original Message-----", a rule. */
enum separator_kind { SEPARATOR_NONE, SEPARATOR_RULE, SEPARATOR_WORDS, SEPARATOR_ORIGINAL, SEPARATOR_FORWARD, SEPARATOR_ABOVE };

struct separator {
	enum separator_kind kind;
	bool dashed, colon;
	uint64_t languages; /* of its words */
	struct span rest; /* what follows on the same line */
};
void separator_read(const struct body_line *, struct separator *);

/* split-text.c */
#define SCISSORS "===8<===" /* The Bat's, above and below what it forwards */
const char *owned_text(const struct scan *, enum line_owner, bool marks);
/* base: the quote marks that do not count. */
const char *block_text(const struct scan *, const struct block *, unsigned base);
/* Where the last "End of forwarded message" in the language of its separator stands, else its end. */
size_t block_closed(const struct scan *, const struct block *, uint64_t languages);

/* forward.c: "From: … Date: … Subject: …" beginning at line i. surely: something before it announced it. */
struct header_block {
	size_t start, end;                 /* lines */
	struct span value[FIELD_COUNT];    /* joined and trimmed */
	size_t at[FIELD_COUNT];            /* lines */
	unsigned seen;                     /* bits of enum phrase_field */
	uint64_t languages;                /* of its labels */
};

/* forward-line.c: one line of a header. */
struct field_line {
	enum phrase_field field;
	uint64_t languages; /* that call the field so */
	bool shaped; /* "Label: value", known or not */
	struct span label, value;
};
struct span trim_stars(struct span);
void field_read(struct span line, struct field_line *);
/* The same without a colon: "From Ana <a@b>", "| From | Ana<a@b> |". */
bool bare_read(struct span line, struct field_line *);

/* forward-guess.c: a line of a header whose label no language knows. */
struct strange_line {
	struct span label, value;
	size_t at;
};
bool value_holds_date(struct span);
bool value_holds_time(struct span); /* of one that holds a date */
bool value_holds_address(struct span);
/* Gives them to the fields that are missing; the line behind the last one that says something, 0 = none does. */
size_t strangers_fill(struct header_block *, const struct strange_line *, size_t n);

bool header_at(struct scan *, size_t i, bool surely, struct header_block *);
/* forward-inline.c */
/* The same inside one line, as Yahoo writes it: "From: A <a@b>To: …Subject: …". */
bool header_inline(struct span line, struct header_block *);
void forwarded_fill(struct forwarded *, const struct header_block *, struct arena *);
void people_read(struct span written, struct arena *, struct mailaddrs *);
void person_read(struct span written, struct arena *, struct mailaddr *);

/* reply.c: "On … wrote:", perhaps over several lines. */
struct folded_intro {
	size_t start, end;  /* lines */
	struct span text;   /* as written, joined */
};
bool intro_at(struct scan *, size_t i, struct folded_intro *);
void intro_fill(struct forwarded *, const struct folded_intro *, struct arena *);
/* Where the quotation that begins at line i ends: the first line of a lower level than this. loose: unmarked lines among
 * marked ones belong to it even if they look like answers. */
size_t quotation_end(const struct scan *, size_t i, unsigned level, bool loose);

/* split-answers.c: fills answers; every line has its owner. */
void answers_find(const struct scan *, struct split *);

/* signature.c: gives the ends of own passages to OWNER_SIGNATURE. */
void signatures_find(const struct scan *);

/* signature-lines.c */
bool line_is_command(struct span trimmed);    /* "90m", "#pln …" */
bool line_is_postscript(struct span trimmed); /* "PS: …" begins there */
void banner_find(const struct scan *);        /* a mail server's warning above the words goes to OWNER_SIGNATURE */

#endif
