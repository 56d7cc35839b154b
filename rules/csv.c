#include "rules/csv.h"

/* The one that is commonest in the header line. */
static char find_separator(struct span text)
{
	static const char candidates[] = ",;\t";
	struct span rest = text, line;
	char best = ',';
	size_t most = 0;
	if (!span_line(&rest, &line))
		return best;
	for (const char *c = candidates; *c != '\0'; c++) {
		size_t n = 0;
		for (size_t i = 0; i < line.n; i++)
			n += line.p[i] == *c;
		if (n > most)
			most = n, best = *c;
	}
	return best;
}

/* A quoted field, from behind its first quote; -1 when it is never closed. */
static int quoted_field(struct csv *csv, struct str *out)
{
	struct span *s = &csv->rest;
	while (s->n > 0) {
		char c = s->p[0];
		if (c == '"' && s->n > 1 && s->p[1] == '"')
			*s = span_skip(*s, 1);
		else if (c == '"') {
			*s = span_skip(*s, 1);
			return 0;
		}
		csv->next_line += c == '\n';
		str_putc(out, c);
		*s = span_skip(*s, 1);
	}
	return -1;
}

static void bare_field(struct csv *csv, struct str *out)
{
	size_t n = 0;
	while (n < csv->rest.n && csv->rest.p[n] != csv->separator && csv->rest.p[n] != '\n' && csv->rest.p[n] != '\r')
		n++;
	str_span(out, (struct span){csv->rest.p, n});
	csv->rest = span_skip(csv->rest, n);
}

static int one_field(struct csv *csv, struct err *err)
{
	if (csv->n == CSV_FIELDS)
		return err_set(err, "%s:%d: has more than %d fields", csv->file, csv->line, CSV_FIELDS);
	struct str *out = &csv->field[csv->n++];
	out->max = CSV_FIELD_BYTES;
	str_clear(out);
	if (csv->rest.n > 0 && csv->rest.p[0] == '"') {
		csv->rest = span_skip(csv->rest, 1);
		if (quoted_field(csv, out) < 0)
			return err_set(err, "%s:%d: a quoted field is never closed: put a \" behind it", csv->file, csv->line);
	} else {
		bare_field(csv, out);
	}
	if (out->cut)
		return err_set(err, "%s:%d: field %zu is longer than %d bytes", csv->file, csv->line, csv->n, CSV_FIELD_BYTES);
	return 0;
}

int csv_record(struct csv *csv, struct err *err)
{
	do {
		csv->line = csv->next_line;
		csv->n = 0;
		if (csv->rest.n == 0)
			return 0;
		for (;;) {
			if (one_field(csv, err) < 0)
				return -1;
			if (csv->rest.n == 0 || csv->rest.p[0] != csv->separator)
				break;
			csv->rest = span_skip(csv->rest, 1);
		}
		if (span_starts(csv->rest, "\r\n"))
			csv->rest = span_skip(csv->rest, 2);
		else if (csv->rest.n > 0 && (csv->rest.p[0] == '\n' || csv->rest.p[0] == '\r'))
			csv->rest = span_skip(csv->rest, 1);
		else if (csv->rest.n > 0)
			return err_set(err, "%s:%d: text stands behind a closing quote: double the quotes inside a quoted field", csv->file, csv->line);
		csv->next_line++;
	} while (csv->n == 1 && csv->field[0].n == 0);
	return 1;
}

struct span csv_field(const struct csv *csv, size_t i)
{
	return i < csv->n ? span_trim(span_of(str_c(&csv->field[i]))) : (struct span){"", 0};
}

void csv_open(struct csv *csv, const char *file, struct span text)
{
	if (span_starts(text, "\xef\xbb\xbf"))
		text = span_skip(text, 3);
	*csv = (struct csv){.file = file, .rest = text, .separator = find_separator(text), .next_line = 1};
}

void csv_close(struct csv *csv)
{
	for (size_t i = 0; i < CSV_FIELDS; i++)
		str_release(&csv->field[i]);
}
