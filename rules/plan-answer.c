#include "rules/plan-said.h"
#include "rules/plan-words.h"
#include "rules/said-parts.h"

/* Answers to a letter about a plan. A line says one thing; what says two, or doubts, is unclear, and nothing is done. */

#define LINES_LOOKED_AT 200

static bool one_of(const char *plain, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(plain, *list) == 0)
			return true;
	return false;
}

static bool begins_one_of(const char *plain, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strncmp(plain, *list, strlen(*list)) == 0)
			return true;
	return false;
}

static const char *const yes_lines[] = {
	" yes ", " yes please ", " yes send it ", " yes please send it ", " send ", " send it ", " please send it ", " please send ", " yep ", " yeah ", " yes thanks ", " yes thank you ",
	" ja ", " ja bitte ", " ja senden ", " oui ", " oui merci ", " oui envoyer ", " si ", " si por favor ", " si gracias ", " send please ", " yes that s it ", " yes that is right ", " yes send ", NULL,
};
static const char *const no_lines[] = {
	" no ", " no thanks ", " nope ", " nein ", " non ", " drop it ", " drop ", " forget it ", " cancel ", " no drop it ", " do not send it ", " don t send it ", " nein danke ", " non merci ", " no gracias ", NULL,
};
static const char *const undo_lines[] = {" undo ", " please undo ", " undo it ", " undo that ", NULL};

/* "ok", "👍" and what else approves alone, as the mail grammar reads them. */
static bool only_ok(const struct said *s)
{
	for (size_t i = 0; i < s->n_decisions; i++)
		if (s->decisions[i].verb != DECISION_APPROVE || !s->decisions[i].all || s->decisions[i].n_ranges > 0)
			return false;
	return s->n_decisions > 0 && s->unclear.n == 0;
}

/* Whether that line alone approves. */
static bool is_ok_line(struct span line, struct arena *arena)
{
	struct said said;
	struct said_input in = {.own = arena_strndup(arena, line.p, line.n), .today = DAY_NONE, .is_reply = true};
	said_parse(&said, &in, arena);
	return only_ok(&said) && !said.prose;
}

/* "Yes. My students will …": an answer and more, in one line. */
static const char *const begins_both[] = {" yes ", " yep ", " ja ", " oui ", " no ", " nein ", " non ", NULL};

enum line_says { SAYS_WORDS, SAYS_YES, SAYS_NO, SAYS_GOAL, SAYS_BOTH, SAYS_COUNT };

static enum line_says owner_line(struct span line, int *goal, struct arena *arena)
{
	const char *plain = plain_text(arena, line);
	*goal = plan_goal_of(plain);
	if (*goal != 0)
		return SAYS_GOAL;
	if (one_of(plain, yes_lines))
		return SAYS_YES;
	if (one_of(plain, no_lines))
		return SAYS_NO;
	if (!begins_one_of(plain, begins_both))
		return SAYS_WORDS;
	return is_ok_line(line, arena) ? SAYS_YES : SAYS_BOTH;
}

/* Whether from that line on there is nothing but a name: "Yes", "Terry". */
static bool closes(const struct plan_lines *lines, size_t from, struct arena *arena)
{
	if (from >= lines->n)
		return true;
	const char *rest = plan_prose_of(&(struct plan_lines){lines->v + from, lines->n - from}, arena);
	return rest[0] == '\0' || is_closing(span_of(rest));
}

static bool asks_yes_or_no(struct span line)
{
	return line.n > 0 && line.p[line.n - 1] == '?';
}

void plan_answer_owner(struct plan_answered *out, const struct reading *r, struct arena *arena)
{
	struct plan_lines lines;
	size_t n[SAYS_COUNT] = {0};
	int goal;
	bool several = false;
	*out = (struct plan_answered){.words = ""};
	plan_lines_of(&lines, r->own, true, arena);
	out->words = plan_prose_of(&lines, arena);
	for (size_t i = 0; i < lines.n && i < LINES_LOOKED_AT; i++) {
		if (lines.v[i].n == 0)
			continue;
		enum line_says says = owner_line(lines.v[i], &goal, arena);
		several = several || (says == SAYS_GOAL && out->goal != 0 && out->goal != goal);
		if (says == SAYS_GOAL)
			out->goal = goal;
		if ((says == SAYS_YES || says == SAYS_NO || says == SAYS_BOTH) && asks_yes_or_no(lines.v[i]))
			says = SAYS_WORDS;
		n[says]++;
		if (says != SAYS_WORDS && closes(&lines, i + 1, arena))
			break;
	}
	if (n[SAYS_WORDS] > 0 && n[SAYS_YES] + n[SAYS_NO] + n[SAYS_GOAL] + n[SAYS_BOTH] == 0 && only_ok(&r->said) && !r->said.prose) {
		n[SAYS_YES] = 1;
		n[SAYS_WORDS] = 0;
	}
	size_t kinds = (n[SAYS_WORDS] > 0) + (n[SAYS_YES] > 0) + (n[SAYS_NO] > 0) + (n[SAYS_GOAL] > 0);
	out->what = n[SAYS_BOTH] > 0      ? PLAN_ANSWER_UNCLEAR
	            : kinds == 0          ? PLAN_ANSWER_NOTHING
	            : n[SAYS_WORDS] > 0   ? (n[SAYS_YES] + n[SAYS_NO] > 0 ? PLAN_ANSWER_UNCLEAR : PLAN_ANSWER_WORDS)
	            : kinds > 1 || several ? PLAN_ANSWER_UNCLEAR
	            : n[SAYS_YES] > 0     ? PLAN_ANSWER_YES
	            : n[SAYS_NO] > 0      ? PLAN_ANSWER_NO
	                                  : PLAN_ANSWER_GOAL;
}

/* ---- the approver */

static const char *const ask_words[] = {" ask ", " question ", " frage ", " question pour ", " pregunta ", NULL};
static const char *const deny_words[] = {" no ", " not approved ", " deny ", " denied ", " nein ", " non ", " abgelehnt ", " reject ", " rejected ", " declined ", " refuse ", " denegado ", NULL};
/* "No objections", "no problem": a consent, maybe. */
static const char *const soft_no[] = {" no objection", " no problem", " no worries", " no need", " no issue", " no concern", " no doubt", " no question", " no comment",
                                      " no changes ", " nein nein ", " no idea ", " no rush ", NULL};
static const char *const doubts[] = {" but ", " however ", " not ", " wait ", " unless ", " until ", " except ", " change ", " if ", " later ", " tomorrow ", " first ", " before ", " aber ",
                                     " nicht ", " erst ", " spater ", " mais ", " pas ", " demain ", " pero ", " no ", " manana ", " don t ", " hold ", " instead ", " should ", NULL};

static bool holds_one_of(const char *plain, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strstr(plain, *list) != NULL)
			return true;
	return false;
}

/* What follows the verb on its line, and the lines below. */
static const char *words_behind(const struct plan_lines *lines, size_t at, const char *const *verbs, struct arena *arena)
{
	struct plan_lines rest = {lines->v + at, lines->n - at};
	struct span first = rest.v[0];
	const char *plain = plain_text(arena, first);
	size_t words = 0;
	for (; *verbs != NULL; verbs++)
		if (strncmp(plain, *verbs, strlen(*verbs)) == 0)
			for (const char *p = *verbs + 1; *p != '\0'; p++)
				words += *p == ' ';
	while (words-- > 0) {
		while (first.n > 0 && strchr(" \t,:;.-*", first.p[0]) != NULL)
			first = span_skip(first, 1);
		while (first.n > 0 && strchr(" \t,:;.", first.p[0]) == NULL)
			first = span_skip(first, 1);
	}
	while (first.n > 0 && strchr(" \t,:;.-", first.p[0]) != NULL)
		first = span_skip(first, 1);
	while (span_starts(first, "\xe2\x80\x93") || span_starts(first, "\xe2\x80\x94"))
		first = span_trim(span_skip(first, 3));
	rest.v = arena_alloc(arena, rest.n * sizeof *rest.v);
	memcpy(rest.v, lines->v + at, rest.n * sizeof *rest.v);
	rest.v[0] = first;
	const char *text = plan_prose_of(&rest, arena);
	return arena_strndup(arena, text, utf8_prefix(text, strlen(text), PLAN_PART_MAX));
}

/* What stands below an ok may praise; a doubt takes the ok back. */
static bool doubted(const struct plan_lines *lines, size_t from, struct arena *arena)
{
	for (size_t i = from; i < lines->n; i++)
		if (lines->v[i].n > 0 && (memchr(lines->v[i].p, '?', lines->v[i].n) != NULL || holds_one_of(plain_text(arena, lines->v[i]), doubts)))
			return true;
	return false;
}

static bool holds_verb(const struct plan_lines *lines, size_t from, const struct said *s, struct arena *arena)
{
	for (size_t i = from; i < lines->n; i++) {
		const char *plain = plain_text(arena, lines->v[i]);
		if (lines->v[i].n > 0 && (strcmp(plain, " ok ") == 0 || strcmp(plain, " approved ") == 0 || one_of(plain, yes_lines) || begins_one_of(plain, ask_words)))
			return true;
	}
	return only_ok(s);
}

void plan_answer_approver(struct plan_answered *out, const struct reading *r, struct arena *arena)
{
	struct plan_lines lines;
	size_t first = 0;
	*out = (struct plan_answered){.words = ""};
	plan_lines_of(&lines, r->own, true, arena);
	while (first < lines.n && lines.v[first].n == 0)
		first++;
	if (first == lines.n)
		return;
	const char *plain = plain_text(arena, lines.v[first]);
	out->what = PLAN_ANSWER_UNCLEAR;
	out->words = plan_prose_of(&lines, arena);
	if (one_of(plain, undo_lines))
		out->what = PLAN_ANSWER_UNDO;
	else if (begins_one_of(plain, ask_words)) {
		out->words = words_behind(&lines, first, ask_words, arena);
		out->what = out->words[0] == '\0' || holds_verb(&lines, first + 1, &r->said, arena) ? PLAN_ANSWER_UNCLEAR : PLAN_ANSWER_ASK;
	} else if (begins_one_of(plain, deny_words) && !begins_one_of(plain, soft_no) && !asks_yes_or_no(lines.v[first])) {
		out->words = words_behind(&lines, first, deny_words, arena);
		out->what = holds_verb(&lines, first + 1, &r->said, arena) ? PLAN_ANSWER_UNCLEAR : PLAN_ANSWER_NO;
	} else if (is_ok_line(lines.v[first], arena) && !doubted(&lines, first + 1, arena)) {
		out->words = !closes(&lines, first + 1, arena) ? plan_prose_of(&(struct plan_lines){lines.v + first + 1, lines.n - first - 1}, arena) : "";
		out->what = PLAN_ANSWER_YES;
	}
}
