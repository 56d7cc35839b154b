#include "digest/records.h"

#include "digest/mustache.h"
#include "digest/status.h"
#include "rules/csv.h"

/* The transcript: its CSV, which the verification code is bound to, and its page. */

const char *record_kind(enum entry_kind kind)
{
	return kind == KIND_NONE ? "link or note" : kind_name(kind);
}

const char *record_words(struct arena *arena, const char *text, size_t max)
{
	struct str s = {.max = 64 << 10};
	mustache_put(&s, one_line(arena, text, max), MUSTACHE_TEXT);
	const char *copy = arena_strndup(arena, str_c(&s), s.n);
	str_release(&s);
	return copy;
}

static const char *day_or_none(struct arena *arena, int32_t day)
{
	char out[16];
	return day == DAY_NONE ? "" : arena_strdup(arena, day_iso(out, day));
}

static const char *number_or_none(struct arena *arena, int64_t n)
{
	return n == 0 ? "" : arena_printf(arena, "%lld", (long long)n);
}

const char *transcript_evidence(struct arena *arena, const struct transcript_row *row)
{
	struct strs parts = {0};
	if (row->link[0] != '\0')
		strs_add(&parts, arena, "link");
	if (row->file)
		strs_add(&parts, arena, "file");
	if (row->note)
		strs_add(&parts, arena, "note");
	if (row->message != 0)
		strs_add(&parts, arena, arena_printf(arena, "mail %lld", (long long)row->message));
	return join(arena, &parts, "; ");
}

/* ---- CSV: one table; the column "record" says what a line is, so that the file is whole by itself */
enum column { RECORD, ENTRY, DATE, TITLE, KIND, STATED, CLAIMED, CREDITED, STATE, REASON, PROVIDER, LINK, EVIDENCE, APPROVER, DELEGATE, DECIDED, LINE, COLUMNS };
static const char *const columns[COLUMNS] = {
	"record", "entry", "date", "title", "kind", "stated_minutes", "claimed_minutes", "credited_minutes", "state", "reason", "provider", "link", "evidence",
	"approver", "delegate", "decided", "ledger_line",
};

static void put_record(struct str *out, const char *const *cells)
{
	for (size_t i = 0; i < COLUMNS; i++)
		csv_cell(out, cells[i], i == 0);
	csv_end(out);
}

static void put_fact(struct str *out, const char *record, enum column column, const char *value)
{
	const char *cells[COLUMNS] = {[RECORD] = record};
	cells[column] = value;
	put_record(out, cells);
}

static void put_row(struct str *out, const struct transcript_row *row, struct arena *arena)
{
	const char *cells[COLUMNS] = {
		[RECORD] = row->entry == 0 ? "package" : "entry", [ENTRY] = number_or_none(arena, row->entry), [DATE] = day_or_none(arena, row->day),
		[TITLE] = record_words(arena, row->title, 300), [KIND] = row->entry == 0 ? "" : record_kind(row->kind),
		[STATED] = arena_printf(arena, "%d", row->actual < 0 ? 0 : row->actual), [CLAIMED] = arena_printf(arena, "%d", row->claimed),
		[CREDITED] = arena_printf(arena, "%d", row->credited), [STATE] = row->state, [REASON] = record_words(arena, row->reason, 300),
		[PROVIDER] = record_words(arena, row->provider, 200), [LINK] = row->link, [EVIDENCE] = transcript_evidence(arena, row),
		[APPROVER] = record_words(arena, row->approver, 200), [DELEGATE] = record_words(arena, row->delegate, 200),
		[DECIDED] = day_or_none(arena, row->decided), [LINE] = number_or_none(arena, row->line),
	};
	put_record(out, cells);
}

struct kind_sum {
	int stated, credited, entries;
};

static void sum_kinds(const struct transcript *t, struct kind_sum sums[KIND_COUNT])
{
	for (size_t i = 0; i < t->n; i++) {
		const struct transcript_row *row = &t->rows[i];
		if (row->entry == 0)
			continue;
		sums[row->kind].entries++;
		sums[row->kind].stated += row->actual > 0 ? row->actual : 0;
		sums[row->kind].credited += row->credited;
	}
}

static void put_sums(struct str *out, const struct transcript *t, struct arena *arena)
{
	const struct {
		const char *record;
		int minutes;
	} sums[] = {{"approved", t->approved}, {"of which packages", t->granted}, {"waiting", t->waiting}, {"cap", t->cap}, {"requirement", t->requirement}};
	struct kind_sum kinds[KIND_COUNT] = {0};
	sum_kinds(t, kinds);
	for (unsigned k = 0; k < KIND_COUNT; k++) {
		if (kinds[k].entries == 0)
			continue;
		const char *cells[COLUMNS] = {[RECORD] = "sum", [KIND] = record_kind((enum entry_kind)k), [STATED] = arena_printf(arena, "%d", kinds[k].stated),
		                              [CREDITED] = arena_printf(arena, "%d", kinds[k].credited)};
		put_record(out, cells);
	}
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
		put_fact(out, sums[i].record, CREDITED, arena_printf(arena, "%d", sums[i].minutes));
}

void transcript_csv(struct str *out, const struct transcript *t, struct arena *arena)
{
	put_record(out, columns);
	put_fact(out, "campus", TITLE, record_words(arena, t->campus, 200));
	put_fact(out, "person", TITLE, record_words(arena, t->person, 200));
	put_fact(out, "year", TITLE, t->year);
	put_fact(out, "issued", DATE, day_or_none(arena, t->issued));
	for (size_t i = 0; i < t->n; i++)
		put_row(out, &t->rows[i], arena);
	put_sums(out, t, arena);
	const char *ledger[COLUMNS] = {[RECORD] = "ledger", [TITLE] = t->line_hash, [LINE] = number_or_none(arena, t->line)};
	put_record(out, ledger);
	if (t->code[0] != '\0')
		put_fact(out, "code", TITLE, t->code);
}

/* ---- the page */

/* "approved 12 Nov 2026 by Dr Head, written by Ms Dean" */
static const char *decision_words(struct arena *arena, const struct transcript_row *row)
{
	const char *by = row->approver[0] == '\0' ? "" : arena_printf(arena, " by %s", row->approver);
	const char *hand = row->delegate[0] == '\0' ? "" : arena_printf(arena, ", written by %s", row->delegate);
	const char *day = row->decided == DAY_NONE ? "" : arena_printf(arena, " %s", day_or_none(arena, row->decided));
	if (strcmp(row->state, "none") == 0)
		return "";
	return arena_printf(arena, "%s%s%s%s", row->state, day, by, hand);
}

static void row_values(struct value *map, const struct transcript_row *row, struct arena *arena)
{
	set_text(map, "id", number_or_none(arena, row->entry));
	set_text(map, "day", day_or_none(arena, row->day));
	set_text(map, "title", record_words(arena, row->title, 300));
	set_text(map, "kind", row->entry == 0 ? "package" : record_kind(row->kind));
	set_text(map, "stated", row->actual > 0 ? minutes_text(arena, row->actual) : "");
	set_text(map, "credited", minutes_text(arena, row->credited));
	set_text(map, "reason", row->entry == 0 ? record_words(arena, row->reason, 300) : reason_words(row->reason));
	set_text(map, "provider", record_words(arena, row->provider, 200));
	set_text(map, "url", web_href(arena, row->link));
	set_text(map, "evidence", transcript_evidence(arena, row));
	set_text(map, "decision", decision_words(arena, row));
}

static void fact_values(struct draft *d, const struct transcript *t)
{
	set_text(d->root, "holder", record_words(d->arena, t->person, 200));
	set_text(d->root, "code", t->code);
	set_text(d->root, "issued", day_or_none(d->arena, t->issued));
	set_number(d->root, "line", t->line);
	set_text(d->root, "hash", t->line_hash);
	set_text(d->root, "granted", t->granted > 0 ? minutes_text(d->arena, t->granted) : "");
}

static void kind_values(struct draft *d, const struct transcript *t)
{
	struct kind_sum kinds[KIND_COUNT] = {0};
	struct value *list = set_list(d->root, "kinds");
	sum_kinds(t, kinds);
	for (unsigned k = 0; k < KIND_COUNT; k++) {
		if (kinds[k].entries == 0)
			continue;
		struct value *map = list_map(list);
		set_text(map, "kind", record_kind((enum entry_kind)k));
		set_text(map, "count", count_text(d->arena, (size_t)kinds[k].entries, "entry", "entries"));
		set_text(map, "stated", minutes_text(d->arena, kinds[k].stated));
		set_text(map, "credited", minutes_text(d->arena, kinds[k].credited));
	}
}

int page_transcript(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct transcript *t, struct arena *arena,
                    struct err *err)
{
	struct draft d;
	struct credit_status status = {.year = t->year, .approved = t->approved, .waiting = t->waiting, .cap = t->cap, .requirement = t->requirement, .credit = t->credit};
	draft_begin(&d, templates, facts, arena);
	fact_values(&d, t);
	status_values(&d, &status);
	kind_values(&d, t);
	struct value *rows = set_list(d.root, "rows");
	for (size_t i = 0; i < t->n; i++)
		row_values(list_map(rows), &t->rows[i], arena);
	return draft_write(&d, "transcript", letter, err);
}
