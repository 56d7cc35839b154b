#include "digest/few.h"

#define LINES_MAX 64

/* A table seen as lines (rows, then columns), each an equation: what is before the last cell makes the last cell. A hidden cell joins
 * its row and its column: it can be worked out exactly when nothing else joins them, directly or around (a bridge of that graph). */
struct grid {
	struct cell *cells;
	size_t rows, columns;
	bool flat; /* one row whose columns are no sums */
};

static struct cell *at(const struct grid *g, size_t row, size_t column)
{
	return &g->cells[row * g->columns + column];
}

static size_t lines_of(const struct grid *g)
{
	return g->flat ? 1 : g->rows + g->columns;
}

static size_t length_of(const struct grid *g, size_t line)
{
	return line < g->rows ? g->columns : g->rows;
}

static struct cell *in_line(const struct grid *g, size_t line, size_t i)
{
	return line < g->rows ? at(g, line, i) : at(g, i, line - g->rows);
}

static size_t hidden_in(const struct grid *g, size_t line)
{
	size_t n = 0;
	for (size_t i = 0; i < length_of(g, line); i++)
		n += in_line(g, line, i)->hidden;
	return n;
}

/* What the line hides together is known from its sum: five people at least must stand behind it. */
static bool line_covers(const struct grid *g, size_t line)
{
	size_t n = length_of(g, line);
	const struct cell *sum = in_line(g, line, n - 1);
	bool all = true;
	for (size_t i = 0; i + 1 < n; i++) {
		const struct cell *c = in_line(g, line, i);
		if (c->hidden && c->people >= FEW)
			return true;
		all = all && (c->hidden || c->people == 0);
	}
	return sum->hidden || (all && sum->people >= FEW);
}

static bool line_safe(const struct grid *g, size_t line)
{
	size_t n = hidden_in(g, line);
	return n == 0 || (n > 1 && line_covers(g, line));
}

/* ---- which cells follow from the others */

static size_t root_of(size_t *parent, size_t node)
{
	while (parent[node] != node)
		node = parent[node] = parent[parent[node]];
	return node;
}

static bool is_bridge(const struct grid *g, size_t row, size_t column)
{
	size_t parent[LINES_MAX];
	for (size_t i = 0; i < g->rows + g->columns; i++)
		parent[i] = i;
	for (size_t r = 0; r < g->rows; r++)
		for (size_t c = 0; c < g->columns; c++)
			if (at(g, r, c)->hidden && (r != row || c != column))
				parent[root_of(parent, r)] = root_of(parent, g->rows + c);
	return root_of(parent, row) != root_of(parent, g->rows + column);
}

/* ---- hiding one more */

/* Best of a line: one that its crossing line hides something of already, then the smallest figure. */
static struct cell *best_of(const struct grid *g, size_t line, int least_people)
{
	struct cell *best = NULL;
	bool best_met = false;
	for (size_t i = 0; i < length_of(g, line); i++) {
		struct cell *c = in_line(g, line, i);
		bool met = !g->flat && hidden_in(g, line < g->rows ? g->rows + i : i) > 0;
		if (c->hidden || c->people < least_people)
			continue;
		if (best == NULL || met > best_met || (met == best_met && c->value < best->value))
			best = c, best_met = met;
	}
	return best;
}

static bool hide_one(const struct grid *g, size_t line, size_t crossing)
{
	static const int least[] = {FEW, 0};
	for (size_t i = 0; i < sizeof least / sizeof *least; i++) {
		struct cell *c = best_of(g, line, least[i]);
		if (c == NULL && crossing != line)
			c = best_of(g, crossing, least[i]);
		if (c != NULL) {
			c->hidden = true;
			return true;
		}
	}
	return false;
}

static bool mend_lines(const struct grid *g)
{
	bool changed = false;
	for (size_t line = 0; line < lines_of(g); line++)
		if (!line_safe(g, line))
			changed = hide_one(g, line, line) || changed;
	return changed;
}

static bool mend_bridges(const struct grid *g)
{
	for (size_t r = 0; r < g->rows && !g->flat; r++)
		for (size_t c = 0; c < g->columns; c++)
			if (at(g, r, c)->hidden && is_bridge(g, r, c) && hide_one(g, r, g->rows + c))
				return true;
	return false;
}

void few_hide(struct cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cells[i].hidden = cells[i].hidden || (cells[i].people > 0 && cells[i].people < FEW);
}

static void hide_all(const struct grid *g)
{
	few_hide(g->cells, g->rows * g->columns);
	if (g->rows + g->columns > LINES_MAX) { /* more than anybody reads: nothing of it is told */
		for (size_t i = 0; i < g->rows * g->columns; i++)
			g->cells[i].hidden = true;
		return;
	}
	while (mend_lines(g) || mend_bridges(g))
		continue; /* each turn hides one cell more */
}

void few_hide_line(struct cell *cells, size_t n)
{
	hide_all(&(struct grid){cells, 1, n, true});
}

void few_hide_table(struct cell *cells, size_t rows, size_t columns)
{
	hide_all(&(struct grid){cells, rows, columns, false});
}
