#ifndef RULES_PLAN_PIECES_H
#define RULES_PLAN_PIECES_H

#include "rules/plan-said.h"

/* Between plan-cut.c, which cuts a plan's text into pieces, and plan-read.c, which finds out what each is about. */
#define PLAN_NONE (-1)

struct piece {
	struct span text;
	bool line;      /* begins a line */
	bool paragraph; /* begins a paragraph */
	bool bullet;
	int number;     /* "2." begins its line; 0 */
	int label;      /* a label stood before it; PLAN_NONE */
	int part;       /* PLAN_NONE = not known */
	int score[PLAN_PARTS];
};

struct pieces {
	struct piece *v;
	size_t n;
	struct arena *arena;
	struct plan_said *out;
};

void pieces_cut(struct pieces *, const struct plan_lines *);
int pieces_number(struct span *line);  /* takes "1." "(2)" "3)" "a)" off a line's start; 0 = none */
bool pieces_bullet(struct span *line); /* takes "- " off it */

#endif
