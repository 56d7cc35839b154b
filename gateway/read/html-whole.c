#include <strings.h>

#include "gateway/read/html-tame.h"

/* Elements that lie aside as a whole: libxml2 spends some 4,000 instructions on each, and finds what is known before. */

enum { TOLD_MAX = sizeof(((struct html_start *)0)->told) / sizeof(struct html_attribute) };

/* What libxml2 would make of the value; NULL when there is none. */
static bool value_read(struct html_tamed *t, const struct html_attribute *a, const char **value)
{
	struct span s = a->value;
	*value = NULL;
	if (s.p == NULL)
		return true;
	if ((s.n == 0 && !a->quoted) || (s.n > 0 && html_aside_run(s) < s.n))
		return false;
	s = html_aside_words(&(struct html_piece){.is = PIECE_VALUE, .words = s}, t->arena);
	*value = arena_strndup(t->arena, s.p, s.n);
	return true;
}

/* The first one counts. */
static bool told_before(const struct html_start *tag, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (tag->told[k].is == tag->told[i].is)
			return true;
	return false;
}

static bool element_read(struct html_tamed *t, const struct html_start *tag, struct html_piece *piece)
{
	const char *pairs[2 * TOLD_MAX + 1];
	size_t n = 0;
	piece->does = tag->name->does;
	if (tag->n_told == 0)
		return true;
	if (tag->n_told > TOLD_MAX)
		return false;
	for (size_t i = 0; i < tag->n_told; i++) {
		if (told_before(tag, i))
			continue;
		pairs[n++] = tag->told[i].is->name;
		if (!value_read(t, &tag->told[i], &pairs[n++]))
			return false;
	}
	pairs[n] = NULL;
	struct html_element *element = arena_alloc(t->arena, sizeof *element);
	html_element_read(tag->name->name, pairs, element);
	piece->element = element;
	return true;
}

/* Whether the tag may go: it closes nothing, and before it stands no reference or tag that has not ended. */
static bool stands_alone(const struct html_tamed *t, const struct html_start *tag)
{
	size_t n = tag->from;
	return t->aside != NULL && !html_aside_full(t->aside) && html_open_takes(&t->open, tag->name) && n > 0 &&
	       (t->calm == n || t->out[n - 1] == '>' || html_is_blank(t->out[n - 1]) || html_aside_ends((struct span){t->out, n}));
}

/* Behind the end tag, when only words stand before it. */
static size_t words_end(struct html_tamed *t, const struct html_name *name, size_t at, struct span *words)
{
	struct span rest = span_skip(t->html, at);
	const char *open = memchr(rest.p, '<', rest.n);
	*words = (struct span){rest.p, open == NULL ? rest.n : (size_t)(open - rest.p)};
	if (rest.n - words->n < name->n + 3u || open[1] != '/' || open[name->n + 2] != '>' || strncasecmp(open + 2, name->name, name->n) != 0)
		return 0;
	return html_aside_run(*words) == words->n ? at + words->n + name->n + 3 : 0;
}

size_t html_whole_leaf(struct html_tamed *t, const struct html_start *tag, size_t at)
{
	struct html_piece piece = {.is = PIECE_ELEMENT};
	bool empty = html_name_is_empty(tag->name);
	if ((tag->empty && !empty) || !stands_alone(t, tag))
		return 0;
	size_t behind = empty ? at : words_end(t, tag->name, at, &piece.words);
	if (behind == 0 || !element_read(t, tag, &piece))
		return 0;
	t->aside->n = tag->n_aside; /* its attributes' values */
	if (!html_aside_push(t->aside, t->arena, &piece))
		return 0;
	t->n = tag->from + html_aside_code(t->aside->n - 1, t->out + tag->from);
	return behind;
}

void html_whole_start(struct html_tamed *t, const struct html_start *tag)
{
	struct html_piece piece = {.is = PIECE_START};
	bool whole = !tag->empty && !html_name_is_empty(tag->name) && stands_alone(t, tag) && element_read(t, tag, &piece) &&
	             html_aside_push(t->aside, t->arena, &piece);
	html_open_start(&t->open, tag->name, tag->empty);
	if (whole) {
		struct html_opened *opened = &t->open.v[t->open.n - 1];
		opened->whole = true;
		opened->from = tag->from;
		opened->piece = t->aside->n - 1;
	} else {
		t->own = t->n;
	}
}

bool html_whole_end(struct html_tamed *t, const struct html_name *name)
{
	struct html_open *open = &t->open;
	if (open->n == 0 || open->v[open->n - 1].name != name) {
		open->n = 0;
		return false;
	}
	const struct html_opened *opened = &open->v[--open->n];
	if (t->aside == NULL || !opened->whole || t->own > opened->from)
		return false;
	html_aside_push(t->aside, t->arena, &(struct html_piece){.is = PIECE_END});
	t->aside->v[opened->piece].end = t->aside->n;
	t->calm = t->n = opened->from + html_aside_code(opened->piece, t->out + opened->from);
	return true;
}
