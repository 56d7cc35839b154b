#include <ctype.h>

#include "rules/plan-pieces.h"
#include "rules/plan-words.h"

/* Sentences of lines, each with the label, number or bullet that it began with. */

#define PIECES_MAX 4000

/* "1." "(2)" "3)" "a." at a line's start; the rest follows. 0 = none. */
int pieces_number(struct span *line)
{
	struct span s = *line;
	while (s.n > 0 && strchr("#*_ (", s.p[0]) != NULL)
		s = span_skip(s, 1);
	if (s.n < 2 || !(isdigit((unsigned char)s.p[0]) || (s.p[0] >= 'a' && s.p[0] <= 'c') || (s.p[0] >= 'A' && s.p[0] <= 'C')))
		return 0;
	bool digit = isdigit((unsigned char)s.p[0]);
	size_t sign = s.n > 2 && strncmp(s.p + 1, "\xc2\xba", 2) == 0 ? 2 : 1; /* "1º" */
	if (sign == 1 && strchr(digit ? ".):/-" : ")", s.p[1]) == NULL)
		return 0;
	if (s.n > 1 + sign && isdigit((unsigned char)s.p[1 + sign])) /* 1.5 hours, 3-4 times */
		return 0;
	int n = digit ? s.p[0] - '0' : tolower((unsigned char)s.p[0]) - 'a' + 1;
	s = span_skip(s, 1 + sign);
	while (s.n > 0 && strchr(" .)\t*_", s.p[0]) != NULL)
		s = span_skip(s, 1);
	*line = s;
	return n;
}

bool pieces_bullet(struct span *line)
{
	static const char *const bullets[] = {"- ", "* ", "\xe2\x80\xa2", "\xe2\x80\x93 ", "\xc2\xb7 ", "+ "};
	for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
		if (span_starts(*line, bullets[i])) {
			*line = span_trim(span_skip(*line, strlen(bullets[i])));
			return true;
		}
	return false;
}

/* "e.g.", "Dr.", "z. B.": no sentence ends there. */
static bool is_short(struct span word)
{
	static const char *const shorts[] = {"e.g", "i.e", "dr", "mr", "ms", "mrs", "st", "vs", "prof", "no", "nr", "ca", "bzw", "sr", "sra", "mme", "fr", "hr", "incl", "p.m", "a.m"};
	while (word.n > 0 && strchr("(\"'", word.p[0]) != NULL)
		word = span_skip(word, 1);
	for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
		if (span_eq_nocase(word, shorts[i]))
			return true;
	return word.n == 1 && isalpha((unsigned char)word.p[0]) && word.p[0] != 'I';
}

/* Bytes of the first sentence: up to . ! ? with a blank and no small letter behind it. */
static size_t sentence_bytes(struct span s)
{
	for (size_t i = 0; i + 2 < s.n; i++) {
		if (strchr(".!?", s.p[i]) == NULL || s.p[i + 1] != ' ')
			continue;
		size_t word = i;
		while (word > 0 && s.p[word - 1] != ' ')
			word--;
		bool short_word = s.p[i] == '.' && is_short((struct span){s.p + word, i - word});
		if (!short_word && !islower((unsigned char)s.p[i + 2]))
			return i + 1;
	}
	return s.n;
}

static void push(struct pieces *p, struct piece piece)
{
	if (p->n == PIECES_MAX)
		return;
	plan_cues_of(piece.score, plain_text(p->arena, piece.text));
	*ARENA_PUSH(p->arena, p->v, p->n) = piece;
}

static void cut_line(struct pieces *p, struct span line, bool paragraph)
{
	struct span rest;
	bool marked = line.p[0] == '#' || line.p[0] == '*' || line.p[0] == '_';
	bool bullet = pieces_bullet(&line);
	struct piece piece = {.line = true, .paragraph = paragraph, .bullet = bullet, .label = PLAN_NONE, .part = PLAN_NONE};
	piece.number = pieces_number(&line);
	while (line.n > 0 && strchr("#*_ ", line.p[0]) != NULL)
		line = span_skip(line, 1);
	int label = plan_label_of(line, marked || piece.number > 0, &rest, p->arena);
	if (label != PLAN_NONE) {
		piece.label = label;
		line = rest;
	}
	do {
		size_t n = sentence_bytes(line);
		piece.text = (struct span){line.p, n};
		push(p, piece);
		line = span_trim(span_skip(line, n));
		piece = (struct piece){.label = PLAN_NONE, .part = PLAN_NONE};
	} while (line.n > 0);
}

void pieces_cut(struct pieces *p, const struct plan_lines *lines)
{
	bool paragraph = true;
	for (size_t i = 0; i < lines->n; i++) {
		int goal = lines->v[i].n == 0 ? 0 : plan_goal_of(plain_text(p->arena, lines->v[i]));
		if (lines->v[i].n == 0 || goal != 0)
			paragraph = true;
		if (goal != 0)
			p->out->goal = goal;
		if (lines->v[i].n == 0 || goal != 0)
			continue;
		cut_line(p, lines->v[i], paragraph);
		paragraph = false;
	}
}
