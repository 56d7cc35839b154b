#ifndef RULES_SAID_H
#define RULES_SAID_H

#include <stdint.h>

#include "rules/arena.h"
#include "rules/days.h"
#include "rules/kind.h"
#include "rules/str.h"

/* What a person's own words ask for: the mail grammar of the mission. Parsed without knowing what the mail answers;
 * the keeper takes the part that fits (a receipt's reply: amendment; an approval's reply: decisions; else log or command). */

#define MINUTES_NONE (-1)

/* #pln, hashtags, minutes, days: of a new entry, or of an amendment (only what changes). */
struct tagging {
	bool pln;            /* #pln in the subject (less the inner subject's own) or in own words */
	struct strs tags;    /* every hashtag as written, lower case, without '#', in order, distinct; "pln" too */
	enum entry_kind kind;
	struct strs topics;  /* the tags that are neither pln, kind nor flag */
	struct strs with;    /* @names, as written, without '@' */
	int minutes;         /* MINUTES_NONE: not said */
	int32_t day;         /* DAY_NONE: not said */
	bool starred, is_private, nocredit;
	bool unstar, share;  /* "no star", "share"/"public": take back */
	const char *note;    /* own words without the pure instructions; "" if none */
};

enum command_verb {
	COMMAND_STATUS,
	COMMAND_FIND,
	COMMAND_SHOW,
	COMMAND_LIST,
	COMMAND_UNDO,
	COMMAND_PRIVATE,
	COMMAND_SHARE,
	COMMAND_STAR,
	COMMAND_HELP,
	COMMAND_PAUSE,
	COMMAND_RESUME,
	COMMAND_YES,
	COMMAND_NO,
	COMMAND_THANKS,
	COMMAND_RECEIPTS,
	COMMAND_PLAN,
	COMMAND_GOAL,   /* goals · goal add WORDS · goal remove 2: rest holds what follows "goal" */
	COMMAND_READY,
	COMMAND_EXPORT, /* export · export csv · transcript */
	COMMAND_REOPEN, /* reopen 2025/26 until 30 September: rest holds the year */
	COMMAND_DELEGATE, /* delegates · delegate kim@… · delegate remove kim@…: rest holds what follows */
	COMMAND_COUNT
};

struct command {
	enum command_verb verb;
	int number;       /* "show 1042", "thanks 2"; 0 = none */
	int32_t day;      /* "pause until 3 March"; DAY_NONE */
	const char *rest; /* the remaining words; "" if none */
};
const char *command_name(enum command_verb);

/* An approver's instruction. Item numbers are the letter's; nothing is resolved here. */
enum decision_verb { DECISION_APPROVE, DECISION_DENY, DECISION_MINUTES, DECISION_ASK, DECISION_UNDO, DECISION_COUNT };

struct item_range {
	int from, to; /* inclusive, from <= to */
};

struct decision {
	enum decision_verb verb;
	bool all;                    /* "ok", "ok except 3": every routine item; ranges then hold the exceptions: those said, every item
	                              * that another instruction names, and the numbers of unclear lines */
	struct item_range *ranges;
	size_t n_ranges;
	int minutes;                 /* DECISION_MINUTES */
	int same_as;                 /* "3 no same as 1": the reason is that of item 1; 0 = none */
	const char *words;           /* reason or question; "" if none */
	const char *line;            /* the line as written, to quote back */
};

struct said {
	struct tagging tagging;
	struct command *commands; /* lines that are nothing but a command */
	size_t n_commands;
	struct decision *decisions;  /* none contradicts another: what did is unclear */
	size_t n_decisions;
	struct strs unclear;      /* lines that begin like a decision but cannot be one ("3 maybe"), or doubt one: to ask back about */
	bool prose;               /* own words hold something that is neither command nor decision, nor the name under a decision */
};

struct said_input {
	const char *subject;       /* decoded, with its prefixes; NULL = none */
	const char *inner_subject; /* of what was forwarded or answered, NULL = none: its tags do not count */
	const char *own;           /* the sender's own new words, UTF-8; at most 64 KiB are read */
	int32_t today;             /* the local day the mail was written on, for "yesterday", "Tuesday" */
	bool is_reply;             /* the subject is somebody else's: only own words count, but for #pln added to it */
};

void said_parse(struct said *, const struct said_input *, struct arena *);

/* Words that stand under one quoted item of an approval letter: "ok", "no, too long", "20m", "why so long?" are about that item.
 * Only decisions and unclear are filled. */
void said_about(struct said *, const char *own, int number, struct arena *);

#endif
