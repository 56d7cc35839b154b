#ifndef RULES_PLAN_SAID_H
#define RULES_PLAN_SAID_H

#include "rules/plan.h"
#include "rules/reading.h"

/* Plans in people's own words: the three parts found in free text, the campus's goal that they serve, and what is answered to a
 * letter about a plan. Pure and linear in the text; at most PLAN_OWN_MAX bytes of it are read. */
#define PLAN_OWN_MAX ((size_t)64 << 10)
#define PLAN_PART_MAX 4000 /* bytes of one part */
#define PLAN_PARTS 3       /* network, learn, classroom */

const char *const *plan_part(const struct plan_parts *, size_t i); /* by number, 0 to 2 */
void plan_set_part(struct plan_parts *, size_t i, const char *text);

enum plan_found {
	PLAN_NOT_FOUND,
	PLAN_BY_LABEL,    /* a heading, a label, a question line answered inline */
	PLAN_BY_NUMBER,
	PLAN_BY_CUE,      /* "I follow", "I hope to learn", "my students" */
	PLAN_BY_ORDER     /* as many pieces as parts were asked for, in order */
};

struct plan_input {
	const char *own;  /* the sender's words; NULL = none */
	const struct inline_answer *answers; /* of a reply whose words stand among what it quotes */
	size_t n_answers;
	bool asked;       /* it answers our questions: the parts missing, in order */
	bool missing[PLAN_PARTS]; /* asked: those */
};

struct plan_said {
	struct plan_parts parts;         /* "" = not found */
	enum plan_found how[PLAN_PARTS];
	bool adds[PLAN_PARTS];           /* "also …": goes with what was there */
	int goal;                        /* "goal 2"; 0 = none said, -1 = "goal none" */
	const char *prose;               /* the words without greeting, sign-off and tag; "" */
};
void plan_read(struct plan_said *, const struct plan_input *, struct arena *);

/* The goal whose words the plan's words share most; NULL when none stands out. */
const struct goal *plan_guess_goal(const struct plan_parts *, const struct goal *goals, size_t n);

/* ---- answers */
enum plan_answer {
	PLAN_ANSWER_NOTHING, /* no words of their own */
	PLAN_ANSWER_YES,     /* yes, or an approver's ok */
	PLAN_ANSWER_NO,      /* words: the reason */
	PLAN_ANSWER_ASK,     /* an approver's question: words */
	PLAN_ANSWER_GOAL,    /* goal: as in plan_said */
	PLAN_ANSWER_UNDO,
	PLAN_ANSWER_WORDS,   /* anything else */
	PLAN_ANSWER_UNCLEAR  /* yes and more, ok with a doubt, several things at once */
};
struct plan_answered {
	enum plan_answer what;
	const char *words;
	int goal;
};
void plan_answer_owner(struct plan_answered *, const struct reading *, struct arena *);
void plan_answer_approver(struct plan_answered *, const struct reading *, struct arena *);

/* ---- between the files */
struct plan_lines { /* own words: lines that are neither quoted nor behind the sign-off, without #plan; empty ones kept */
	struct span *v;
	size_t n;
};
void plan_lines_of(struct plan_lines *, const char *own, bool greeting, struct arena *); /* greeting: "Hi Pat," is left out */
const char *plan_prose_of(const struct plan_lines *, struct arena *);
int plan_goal_of(const char *plain); /* a line as plain_text makes it, that says a goal's number and little else */
int plan_label_of(struct span line, bool marked, struct span *rest, struct arena *); /* the part whose label a line begins with, -1 = none */
void plan_cues_of(int score[PLAN_PARTS], const char *plain);

#endif
