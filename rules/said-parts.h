#ifndef RULES_SAID_PARTS_H
#define RULES_SAID_PARTS_H

#include "rules/said.h"

/* Between the files of the mail grammar: lines are folded (said-fold.c), cut at the sign-off (said-end.c), read as commands
 * (said-command.c), decisions (said-decision.c, said-scan.c, said-doubt.c) and taggings (said-tags.c, with said-hash.c, said-note.c, said-minutes.c, said-days.c). */

#define STAR_MARK "\x01" /* what ⭐ and its kin become */
#define UNCLEAR_MAX 50   /* lines to ask back about */
#define WORDS_MAX 400    /* words of one clause that are looked at */

struct word {
	struct span raw;  /* between blanks */
	struct span text; /* without the punctuation around it */
	struct span low;  /* text in lower case */
	unsigned uses;    /* enum word_use bits: what it may begin in the tables, so that prose passes them by */
};

struct words {
	struct word v[WORDS_MAX];
	size_t n;
};

/* One form for what phones and input methods write in many: full-width signs, curly quotes, dashes, odd blanks, emoji variants. */
struct span said_fold(struct span, struct arena *);
void words_split(struct words *, struct span folded, struct arena *);
/* Most words are in no table: the first byte tells, without measuring the table's word. text is not empty. */
static inline bool word_same(struct span word, const char *text)
{
	return word.n > 0 && word.p[0] == text[0] && span_eq(word, text);
}
bool word_is(const struct words *, size_t i, const char *); /* false behind the last */
bool word_in(const struct words *, size_t i, const char *const *list); /* of a list that ends with NULL */
/* The number of words that a phrase ("half an hour") covers from i on, 0 = it is not there. */
size_t phrase_at(const struct words *, size_t i, const char *phrase);

/* ---- said-words.c */
enum word_use {
	WORD_AHEAD = 1, WORD_BIDDING = 2, WORD_FILLER = 4, WORD_FLAG = 8, WORD_KIND = 16, WORD_MINUTES = 32,
	WORD_DAY = 64, WORD_BEFORE_DAY = 128,
	WORD_FIGURE = 256, /* it begins with a figure */
};
unsigned word_uses(struct span low);
void word_add(const char *phrase, unsigned use); /* its first word; it is kept */
void words_add(const char *const *list, unsigned use); /* of a list that ends with NULL */
void tags_words(void); /* each file adds those of its tables */
void days_words(void);
void minutes_words(void);

/* ---- minutes: the number of words taken, 0 = no minutes stand there */
size_t minutes_at(const struct words *, size_t i, int *minutes);

/* ---- days */
enum when_form { WHEN_DAYS_AGO, WHEN_WEEKDAY, WHEN_DATE, WHEN_AHEAD };
struct when {
	enum when_form form;
	int n;             /* days ago or ahead, or the ISO weekday */
	struct civil date; /* year 0 = not said */
	bool last;         /* "last Tuesday" */
	bool weak;         /* "sat", "3/3": a day only where nothing else can be meant */
};
size_t when_at(const struct words *, size_t i, struct when *);
int32_t when_past(const struct when *, int32_t today);   /* the most recent such day up to today; DAY_NONE when it lies ahead */
int32_t when_future(const struct when *, int32_t today); /* the next such day after today; DAY_NONE when it is past */

/* ---- where reading stops */
bool is_sign_off(struct span folded_line, struct span rest);

/* ---- lines */
bool command_read(struct span folded_line, int32_t today, struct arena *, struct command *);
enum decision_answer { DECISION_NOT, DECISION_READ, DECISION_UNCLEAR };
/* Adds what the line decides to said->decisions; all of it or nothing. */
enum decision_answer decision_read(struct span folded_line, struct span line, struct said *, struct arena *);

/* Whether what is left is only somebody's name and place. */
bool is_closing(struct span text);
/* Whether an "OK" under that line may be the end of an address: "Tulsa," / "OK". line is folded; first: nothing stands before
 * it; apart: an empty line stands between them. */
bool may_be_address(struct span line, bool first, bool apart);
/* Whether a line of prose names an item and doubts it. */
bool casts_doubt(struct span folded_line, struct arena *);
bool ranges_cut(struct decision *, struct item_range, struct arena *); /* takes numbers out; whether any was there */
/* All decisions of a reply together: what contradicts or doubts moves to unclear. */
void said_settle(struct said *, struct arena *);

struct tagger {
	struct said *said;
	struct arena *arena;
	int32_t today;
	bool amendment;     /* days count only where nothing but instructions stand */
	bool logs;          /* tagged #pln: what looks like a command may be a note */
	bool closing;       /* a name stands from here on: nothing is decided any more */
	bool under_name;    /* the line stands under what may be a name or an address: a bare "OK" there is no consent */
	bool sure_minutes;  /* minutes came from a clause of instructions only */
	struct str note;
};
/* Reads a line of the person's words; true when it holds prose, which then goes to the note if keep is set. */
bool tags_read(struct tagger *, struct span line, bool keep);
/* Every hashtag of a word; true when the word is hashtags and nothing else. */
bool word_tags(struct span folded_word, struct arena *, struct strs *out);
/* Every hashtag of a text, in order, doubles too. */
void hashtags_list(struct span text, struct arena *, struct strs *out);
bool is_url(struct span word);
/* Takes the next clause, with the sign that ends it, off *rest. */
bool next_clause(struct span *rest, struct span *clause);
/* Adds a line to a note, without the marks at its ends. */
void note_add(struct str *note, struct span line);
void tagging_add_tag(struct tagging *, struct arena *, const char *tag);

#endif
