#include "gateway/transcript.h"

#include "digest/forms.h"
#include "gateway/paper.h"

/* The transcript as a PDF to hand in. */

static void cells(struct paper_line *line, struct arena *arena, size_t n, const char *const *v)
{
	for (size_t i = 0; i < n; i++)
		strs_add(&line->cells, arena, v[i]);
}

static const char *iso(struct arena *arena, int32_t day)
{
	char out[16];
	return day == DAY_NONE ? "" : arena_strdup(arena, day_iso(out, day));
}

static const char *dotted(struct arena *arena, const char *a, const char *b)
{
	return a[0] == '\0' ? b : b[0] == '\0' ? a : arena_printf(arena, "%s · %s", a, b);
}

static void paper_row(struct paper *paper, struct arena *arena, const struct transcript_row *row)
{
	const char *evidence = transcript_evidence(arena, row);
	const char *kind = row->entry == 0 ? "package" : arena_printf(arena, "%lld · %s", (long long)row->entry, record_kind(row->kind));
	const char *source = dotted(arena, kind, record_words(arena, row->provider, 120));
	const char *decided = strcmp(row->state, "none") == 0 ? "" : dotted(arena, row->state, iso(arena, row->decided));
	const char *by = dotted(arena, record_words(arena, row->approver, 120),
	                        row->delegate[0] == '\0' ? "" : arena_printf(arena, "written by %s", record_words(arena, row->delegate, 120)));
	const char *v[] = {
		iso(arena, row->day),
		arena_printf(arena, "%s\n%s%s%s", record_words(arena, row->title, 300), source, evidence[0] == '\0' ? "" : " · ", evidence),
		dotted(arena, decided, by),
		row->actual > 0 ? minutes_text(arena, row->actual) : "",
		minutes_text(arena, row->credited),
	};
	cells(paper_add(paper, arena, PAPER_ROW, NULL), arena, sizeof v / sizeof *v, v);
}

static void paper_rows(struct paper *paper, struct arena *arena, const struct transcript *t)
{
	static const int widths[] = {12, 56, 32, 11, 13};
	static const char *const heads[] = {"Date", "What", "Decision", ">Time", ">Credited"};
	const char *sum[] = {"", "Approved in all", "", "", minutes_text(arena, t->approved)};
	struct paper_line *columns = paper_add(paper, arena, PAPER_COLUMNS, NULL);
	columns->widths = widths;
	cells(columns, arena, sizeof heads / sizeof *heads, heads);
	for (size_t i = 0; i < t->n; i++)
		paper_row(paper, arena, &t->rows[i]);
	if (t->credit)
		cells(paper_add(paper, arena, PAPER_SUM, NULL), arena, sizeof sum / sizeof *sum, sum);
}

static const char *figures(struct arena *arena, const struct transcript *t)
{
	const char *granted = t->granted > 0 ? arena_printf(arena, ", of which %s granted as a package", minutes_text(arena, t->granted)) : "";
	const char *cap = t->cap > 0 ? arena_printf(arena, ", cap %s", minutes_text(arena, t->cap)) : "";
	const char *required = t->requirement > 0 ? arena_printf(arena, ", %s required", minutes_text(arena, t->requirement)) : "";
	return arena_printf(arena, "%s approved%s; %s waiting%s%s", minutes_text(arena, t->approved), granted, minutes_text(arena, t->waiting), cap, required);
}

int transcript_pdf(struct desk *desk, const struct transcript *t, struct str *pdf, struct err *err)
{
	struct arena *arena = desk->arena;
	const char *person = record_words(arena, t->person, 200), *campus = record_words(arena, t->campus, 200);
	struct paper paper = {.title = arena_printf(arena, "Transcript of %s, %s", person, t->year), .author = campus, .date = desk->now, .size = config_paper_size(&desk->campus->config),
	                      .foot = arena_printf(arena, "%s · %s %s · %s", campus, person, t->year, t->code)};
	paper_add(&paper, arena, PAPER_TITLE, person);
	paper_add(&paper, arena, PAPER_TEXT, arena_printf(arena, "%s: transcript of professional learning, %s, issued %s", campus, t->year, iso(arena, t->issued)));
	if (t->credit)
		paper_add(&paper, arena, PAPER_TEXT, figures(arena, t));
	paper_rows(&paper, arena, t);
	paper_add(&paper, arena, PAPER_HEADING, arena_printf(arena, "Verification code %s", t->code));
	paper_add(&paper, arena, PAPER_SMALL, arena_printf(arena, "%s answers for it: plnpost audit --transcript %s", campus, t->code));
	paper_add(&paper, arena, PAPER_SMALL, arena_printf(arena, "The ledger ended with line %lld when this was issued, and its hash was %s", (long long)t->line, t->line_hash));
	return paper_pdf(&paper, pdf, err);
}
