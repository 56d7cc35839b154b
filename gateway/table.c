#include "gateway/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/json.h"
#include "rules/csv.h"

bool terminal_out(void)
{
	const char *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL && term != NULL && strcmp(term, "dumb") != 0;
}

static size_t terminal_columns(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return 0;
}

void table_open(struct table *t, struct cli *cli, const struct column *columns, size_t n)
{
	*t = (struct table){.columns = columns, .n_columns = n, .arena = &cli->arena, .format = cli->format};
}

/* One line, without what would move a terminal's cursor. */
static const char *plain(struct arena *arena, const char *s)
{
	char *copy = arena_strdup(arena, s == NULL ? "" : s);
	char *out = copy;
	for (const char *p = copy, *end = copy + strlen(copy); p < end;) {
		const char *from = p;
		uint32_t c = utf8_next(&p, end);
		bool control = c < ' ' || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
		if (control && c != '\t' && c != '\n')
			continue;
		if (control)
			*out++ = ' ';
		else
			for (; from < p; from++)
				*out++ = *from;
	}
	*out = '\0';
	return copy;
}

void table_row(struct table *t, const char *const *cells)
{
	const char **row = arena_alloc(t->arena, t->n_columns * sizeof *row);
	for (size_t i = 0; i < t->n_columns; i++)
		row[i] = t->format == FORMAT_TABLE ? plain(t->arena, cells[i]) : cells[i] == NULL ? "" : arena_strdup(t->arena, cells[i]);
	*ARENA_PUSH(t->arena, t->rows, t->n) = row;
}

static size_t width_of(const char *s)
{
	return utf8_columns(s, strlen(s));
}

static void fit(const struct table *t, size_t *widths)
{
	size_t all = 0, most = terminal_columns();
	for (size_t c = 0; c < t->n_columns; c++)
		all += widths[c] + (c > 0 ? 2 : 0);
	if (most == 0 || all <= most)
		return;
	for (size_t c = 0; c < t->n_columns && all > most; c++) {
		if (!t->columns[c].flexible)
			continue;
		size_t least = widths[c] < 12 ? widths[c] : 12;
		size_t cut = all - most < widths[c] - least ? all - most : widths[c] - least;
		widths[c] -= cut;
		all -= cut;
	}
}

static void print_cell(const char *s, size_t width, bool right, bool last)
{
	size_t have = width_of(s), bytes = strlen(s);
	if (have > width) { /* cut, with an ellipsis in the last cell */
		const char *p = s, *end = s + bytes;
		size_t used = 0;
		while (p < end) {
			const char *from = p;
			utf8_next(&p, end);
			size_t step = utf8_columns(from, (size_t)(p - from));
			if (used + step + 1 > width) {
				p = from;
				break;
			}
			used += step;
		}
		printf("%.*s…", (int)(p - s), s);
		have = used + 1;
		bytes = 0;
	}
	int pad = width > have ? (int)(width - have) : 0;
	if (bytes > 0 || have == 0)
		printf("%*s%s", right ? pad : 0, "", s);
	if (!last && !right)
		printf("%*s", pad, "");
}

static void print_table(const struct table *t)
{
	size_t *widths = arena_alloc(t->arena, t->n_columns * sizeof *widths);
	for (size_t c = 0; c < t->n_columns; c++) {
		widths[c] = width_of(t->columns[c].title);
		for (size_t r = 0; r < t->n; r++)
			if (width_of(t->rows[r][c]) > widths[c])
				widths[c] = width_of(t->rows[r][c]);
	}
	fit(t, widths);
	bool colour = terminal_out();
	for (size_t r = 0; r <= t->n; r++) {
		if (r == 0 && colour)
			fputs("\033[1m", stdout);
		for (size_t c = 0; c < t->n_columns; c++) {
			if (c > 0)
				fputs("  ", stdout);
			print_cell(r == 0 ? t->columns[c].title : t->rows[r - 1][c], widths[c], t->columns[c].right, c + 1 == t->n_columns);
		}
		fputs(r == 0 && colour ? "\033[0m\n" : "\n", stdout);
	}
}

static void print_json(const struct table *t)
{
	struct str line = {0};
	for (size_t r = 0; r < t->n; r++) {
		struct json json = {.out = &line};
		str_clear(&line);
		json_open(&json, NULL, '{');
		for (size_t c = 0; c < t->n_columns; c++)
			if (t->columns[c].number && t->rows[r][c][0] != '\0')
				json_int(&json, t->columns[c].key, strtoll(t->rows[r][c], NULL, 10));
			else
				json_text(&json, t->columns[c].key, t->columns[c].number ? NULL : t->rows[r][c]);
		json_close(&json, '}');
		puts(str_c(&line));
	}
	str_release(&line);
}

static void print_csv(const struct table *t)
{
	struct str line = {0};
	for (size_t r = 0; r <= t->n; r++) {
		str_clear(&line);
		for (size_t c = 0; c < t->n_columns; c++)
			csv_cell(&line, r == 0 ? t->columns[c].key : t->rows[r - 1][c], c == 0);
		csv_end(&line);
		fputs(str_c(&line), stdout);
	}
	str_release(&line);
}

void table_close(struct table *t)
{
	static void (*const printers[])(const struct table *) = {print_table, print_json, print_csv};
	printers[t->format](t);
}

void progress_start(struct progress *p, const char *what)
{
	*p = (struct progress){.what = what, .wanted = isatty(STDERR_FILENO) && clock_ms() > 0};
}

void progress_set(struct progress *p, size_t at, size_t of)
{
	if (!p->wanted || (clock_ms() - p->shown < 100 && at < of))
		return;
	p->shown = clock_ms();
	p->at = at;
	p->of = of < at ? at : of;
	size_t cells = p->of == 0 ? 0 : p->at * 30 / p->of;
	fprintf(stderr, "\r%s [", p->what);
	for (size_t i = 0; i < 30; i++)
		fputs(i < cells ? "█" : "░", stderr);
	fprintf(stderr, "] %zu of %zu ", p->at, p->of);
	fflush(stderr);
}

void progress_done(struct progress *p)
{
	if (p->wanted && p->shown != 0)
		fputs("\r\033[K", stderr);
}
