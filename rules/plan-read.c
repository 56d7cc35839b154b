#include <ctype.h>

#include "rules/plan-pieces.h"
#include "rules/plan-words.h"

/* The three parts in free text: by labels, by numbers, by what the sentences say, at last by their order. The text is cut into pieces
 * (sentences of lines); each piece goes to one part, and what says nothing goes with what it follows. */

#define ADDITION_WORDS 4

const char *const *plan_part(const struct plan_parts *p, size_t i)
{
	const char *const *const parts[PLAN_PARTS] = {&p->network, &p->learn, &p->classroom};
	return parts[i];
}

void plan_set_part(struct plan_parts *p, size_t i, const char *text)
{
	const char **const parts[PLAN_PARTS] = {&p->network, &p->learn, &p->classroom};
	*parts[i] = text;
}

static size_t parts_found(const struct plan_said *out)
{
	size_t n = 0;
	for (size_t i = 0; i < PLAN_PARTS; i++)
		n += out->how[i] != PLAN_NOT_FOUND;
	return n;
}

/* ---- which part each piece is of */

static int best_cue(const int score[PLAN_PARTS])
{
	int best = PLAN_NONE;
	for (int i = 0; i < PLAN_PARTS; i++)
		if (score[i] > 0 && (best == PLAN_NONE || score[i] > score[best]))
			best = i;
	for (int i = 0; best != PLAN_NONE && i < PLAN_PARTS; i++)
		if (i != best && score[i] == score[best])
			return PLAN_NONE;
	return best;
}

static bool by_labels(struct pieces *p)
{
	int now = PLAN_NONE;
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].label != PLAN_NONE)
			now = p->v[i].label;
		p->v[i].part = now;
		if (now != PLAN_NONE && p->v[i].text.n > 0)
			p->out->how[now] = PLAN_BY_LABEL;
	}
	return now != PLAN_NONE;
}

/* A part without a label may stand in the section of another: sentences that say so plainly, and what follows them. */
static void rescue(struct pieces *p)
{
	int now = PLAN_NONE;
	for (size_t i = 0; i < p->n; i++) {
		struct piece *piece = &p->v[i];
		int best = best_cue(piece->score);
		if (piece->label != PLAN_NONE)
			now = PLAN_NONE;
		else if (best != PLAN_NONE && piece->score[best] >= 3 && best != piece->part && (p->out->how[best] == PLAN_NOT_FOUND || p->out->how[best] == PLAN_BY_CUE)) {
			now = best;
			p->out->how[best] = PLAN_BY_CUE;
		} else if (best != PLAN_NONE && best != now)
			now = PLAN_NONE;
		if (now != PLAN_NONE)
			piece->part = now;
	}
}

/* Groups of pieces: numbered items, paragraphs or lines; sums of their scores. Answers how many there are. */
struct group {
	size_t first;
	int number, score[PLAN_PARTS];
};

static size_t groups_of(const struct pieces *p, bool (*begins)(const struct piece *), struct group v[PLAN_PARTS])
{
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (begins(&p->v[i])) {
			if (n < PLAN_PARTS)
				v[n] = (struct group){.first = i, .number = p->v[i].number};
			n++;
		}
		for (int k = 0; n > 0 && n <= PLAN_PARTS && k < PLAN_PARTS; k++)
			v[n - 1].score[k] += p->v[i].score[k];
	}
	return n;
}

static bool begins_item(const struct piece *p) { return p->number > 0; }
static bool begins_paragraph(const struct piece *p) { return p->paragraph; }
static bool begins_line(const struct piece *p) { return p->line; }
static bool begins_sentence(const struct piece *p) { return p->text.n > 0; }

static void give(struct pieces *p, const struct group *g, size_t n, const int *part, enum plan_found how)
{
	for (size_t k = 0; k < n; k++) {
		size_t end = k + 1 < n ? g[k + 1].first : p->n;
		for (size_t i = g[k].first; i < end; i++)
			p->v[i].part = part[k];
		p->out->how[part[k]] = how;
	}
}

/* Every group speaks of a part of its own. */
static bool by_scores(struct pieces *p, const struct group *g, size_t n, enum plan_found how)
{
	int part[PLAN_PARTS];
	bool taken[PLAN_PARTS] = {false};
	for (size_t k = 0; k < n; k++) {
		part[k] = best_cue(g[k].score);
		if (part[k] == PLAN_NONE || taken[part[k]])
			return false;
		taken[part[k]] = true;
	}
	give(p, g, n, part, how);
	return true;
}

static bool by_numbers(struct pieces *p, bool asked)
{
	struct group g[PLAN_PARTS];
	int part[PLAN_PARTS];
	size_t n = groups_of(p, begins_item, g);
	if (n == 0 || n > PLAN_PARTS || (n < PLAN_PARTS && !asked))
		return false;
	for (size_t k = 0; k < n; k++) {
		part[k] = g[k].number - 1;
		if (part[k] >= PLAN_PARTS || (k > 0 && part[k] <= part[k - 1]))
			return false;
	}
	if (asked || !by_scores(p, g, n, PLAN_BY_NUMBER))
		give(p, g, n, part, PLAN_BY_NUMBER);
	return true;
}

/* As many pieces as questions, in their order. */
static bool by_order(struct pieces *p, const bool missing[PLAN_PARTS], bool (*begins)(const struct piece *))
{
	struct group g[PLAN_PARTS];
	int part[PLAN_PARTS];
	size_t wanted = 0, n = groups_of(p, begins, g);
	for (int i = 0; i < PLAN_PARTS; i++)
		if (missing[i])
			part[wanted++] = i;
	if (n == 0 || n != wanted)
		return false;
	give(p, g, n, part, PLAN_BY_ORDER);
	return true;
}

static void by_sentences(struct pieces *p)
{
	int now = PLAN_NONE;
	size_t first = p->n;
	for (size_t i = 0; i < p->n; i++) {
		int best = best_cue(p->v[i].score);
		if (best != PLAN_NONE && (best != now || now == PLAN_NONE) && (p->v[i].score[best] >= 2 || now == PLAN_NONE || p->v[i].paragraph)) {
			now = best;
			p->out->how[best] = PLAN_BY_CUE;
			first = i < first ? i : first;
		}
		p->v[i].part = now;
	}
	for (size_t i = 0; first < p->n && i < first; i++) /* "Dear Pat, here is my plan." goes with what follows it */
		p->v[i].part = p->v[first].part;
}

/* Whether any piece says, rather than hints, what it is about. */
static bool tells(const struct pieces *p)
{
	for (size_t i = 0; i < p->n; i++)
		for (int k = 0; k < PLAN_PARTS; k++)
			if (p->v[i].score[k] >= 3)
				return true;
	return false;
}

static const bool all_missing[PLAN_PARTS] = {true, true, true};

static void assign(struct pieces *p, const struct plan_input *in)
{
	if (by_labels(p)) {
		rescue(p);
		return;
	}
	struct group g[PLAN_PARTS];
	if (by_numbers(p, in->asked))
		return;
	if (in->asked && (by_order(p, in->missing, begins_paragraph) || by_order(p, in->missing, begins_line)))
		return;
	if (groups_of(p, begins_paragraph, g) == PLAN_PARTS && by_scores(p, g, PLAN_PARTS, PLAN_BY_CUE))
		return;
	if (!tells(p) && (by_order(p, all_missing, begins_paragraph) || by_order(p, all_missing, begins_line) || by_order(p, all_missing, begins_sentence)))
		return;
	by_sentences(p);
}

/* ---- what comes out */

/* "I also follow …", "Add: …": with what was there, rather than instead of it. */
static bool begins_addition(struct arena *arena, struct span text)
{
	static const char *const words[] = {" also ", " add ", " plus ", " in addition ", " additionally ", " ausserdem ", " auch ", " zudem ", " aussi ", " de plus ", " tambien ", " ademas "};
	char *plain = arena_strdup(arena, plain_text(arena, text));
	size_t end = 1;
	for (size_t n = 0; plain[end] != '\0' && n < ADDITION_WORDS; end++)
		n += plain[end] == ' ';
	plain[end] = '\0';
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(plain, words[i]) != NULL)
			return true;
	return false;
}

#define WRAPPED 50 /* bytes: a shorter line was ended by its writer */

/* Lines that a client broke are put together again; a list stays one. */
static bool new_line(const struct piece *piece, size_t line_bytes)
{
	if (piece->bullet || piece->paragraph)
		return true;
	return piece->line && line_bytes < WRAPPED && !islower((unsigned char)piece->text.p[0]);
}

static void add_piece(struct str *out, const struct piece *piece, size_t *line_bytes)
{
	if (out->n > 0)
		str_putc(out, new_line(piece, *line_bytes) ? '\n' : ' ');
	if (piece->line)
		*line_bytes = 0;
	if (piece->bullet)
		str_puts(out, "- ");
	str_span(out, piece->text);
	*line_bytes += piece->text.n;
}

static void fill(struct pieces *p)
{
	for (size_t part = 0; part < PLAN_PARTS; part++) {
		struct str text = {.max = PLAN_PART_MAX};
		bool first = true;
		size_t line_bytes = 0;
		for (size_t i = 0; i < p->n; i++) {
			if (p->v[i].part != (int)part || p->v[i].text.n == 0)
				continue;
			if (first)
				p->out->adds[part] = begins_addition(p->arena, p->v[i].text);
			first = false;
			add_piece(&text, &p->v[i], &line_bytes);
		}
		if (text.n > 0)
			plan_set_part(&p->out->parts, part, arena_strndup(p->arena, text.p, utf8_prefix(text.p, text.n, PLAN_PART_MAX - 4)));
		else
			p->out->how[part] = PLAN_NOT_FOUND;
		str_release(&text);
	}
}

/* Answers among the quoted questions: the quoted line is the label. */
static void by_answers(const struct plan_input *in, struct plan_said *out, struct arena *arena)
{
	struct span rest;
	for (size_t i = 0; i < in->n_answers && i < 50; i++) {
		struct span quoted = span_trim(span_of(in->answers[i].quoted));
		struct plan_lines lines;
		bool marked = pieces_bullet(&quoted);
		int number = pieces_number(&quoted);
		int part = plan_label_of(quoted, marked || number > 0 || in->asked, &rest, arena);
		if (part == PLAN_NONE && in->asked && number >= 1 && number <= PLAN_PARTS)
			part = number - 1;
		plan_lines_of(&lines, in->answers[i].own, false, arena);
		const char *text = plan_prose_of(&lines, arena);
		if (part == PLAN_NONE || text[0] == '\0')
			continue;
		if (out->how[part] != PLAN_NOT_FOUND)
			text = arena_printf(arena, "%s %s", *plan_part(&out->parts, (size_t)part), text);
		plan_set_part(&out->parts, (size_t)part, arena_strndup(arena, text, utf8_prefix(text, strlen(text), PLAN_PART_MAX)));
		out->how[part] = PLAN_BY_LABEL;
	}
}

void plan_read(struct plan_said *out, const struct plan_input *in, struct arena *arena)
{
	struct pieces pieces = {.arena = arena, .out = out};
	struct plan_lines lines;
	*out = (struct plan_said){.parts = {"", "", ""}, .prose = ""};
	plan_lines_of(&lines, in->own == NULL ? "" : in->own, true, arena);
	out->prose = plan_prose_of(&lines, arena);
	by_answers(in, out, arena);
	if (parts_found(out) > 0)
		return;
	pieces_cut(&pieces, &lines);
	assign(&pieces, in);
	fill(&pieces);
}
