#include "digest/records.h"

#include "rules/csv.h"

/* The report as one long table: which table, its row and column, the figure and what it counts. A figure that is not told says so. */

struct sink {
	struct str *out;
	struct arena *arena;
	const char *table, *unit;
};

static void put(const struct sink *s, const char *row, const char *column, const struct cell *c)
{
	csv_cell(s->out, s->table, true);
	csv_cell(s->out, row, false);
	csv_cell(s->out, column, false);
	csv_cell(s->out, c->hidden ? "not told" : arena_printf(s->arena, "%lld", (long long)c->value), false);
	csv_cell(s->out, s->unit, false);
	csv_end(s->out);
}

static void put_line(const struct sink *s, const char *const *names, size_t n, const char *column, const struct cell *cells)
{
	for (size_t i = 0; i < n; i++)
		put(s, names[i], column, &cells[i]);
	put(s, "all", column, &cells[n]);
}

static void put_minutes(struct sink *s, const struct campus_report *r)
{
	size_t columns = r->n_months + 1;
	s->table = "stated minutes by kind and month";
	s->unit = "minutes";
	for (size_t k = 0; k <= KIND_COUNT; k++) {
		if (r->minutes[k * columns + r->n_months].people == 0)
			continue;
		const char *row = k == KIND_COUNT ? "all" : record_kind((enum entry_kind)k);
		for (size_t m = 0; m <= r->n_months; m++)
			put(s, row, m == r->n_months ? "all" : r->month_keys[m], &r->minutes[k * columns + m]);
		s->table = "approved minutes by kind";
		put(s, row, "all", &r->credited[k]);
		s->table = "stated minutes by kind and month";
	}
}

static void put_flow(struct sink *s, const struct campus_report *r)
{
	static const char *const rows[] = {"giving", "taking in", "all"};
	s->table = "entries by giving and month";
	s->unit = "entries";
	for (size_t i = 0; i < 3; i++)
		for (size_t m = 0; m <= r->n_months; m++)
			put(s, rows[i], m == r->n_months ? "all" : r->month_keys[m], &r->flow[i * (r->n_months + 1) + m]);
	s->table = "people active by month";
	s->unit = "people";
	for (size_t m = 0; m < r->n_months; m++)
		put(s, "active", r->month_keys[m], &r->active[m]);
}

static void put_named(struct sink *s, const char *table, const struct named_count *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct cell entries = {.value = v[i].entries}, people = {.value = v[i].people};
		s->table = table;
		s->unit = "entries";
		put(s, record_words(s->arena, v[i].name, 120), "entries", &entries);
		s->unit = "people";
		put(s, record_words(s->arena, v[i].name, 120), "people", &people);
	}
}

static void put_campus(struct sink *s, const struct campus_report *r)
{
	const struct {
		const char *row, *unit;
		const struct cell *cell;
	} sums[] = {{"people with an entry", "people", r->people}, {"entries", "entries", r->entries}, {"starred", "entries", r->starred},
	            {"applied in a classroom", "entries", r->applied}, {"cut by a cap", "entries", r->capped}, {"different sites", "sites", r->all_hosts},
	            {"granted as packages", "minutes", r->granted}, {"half decided within", "hours", &r->speed[0]}, {"nine in ten decided within", "hours", &r->speed[1]}};
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		s->table = "campus";
		s->unit = sums[i].unit;
		put(s, sums[i].row, r->period, sums[i].cell);
	}
	s->table = "what became of the stated minutes";
	s->unit = "minutes";
	put_line(s, outcome_names, OUTCOMES, r->period, r->outcome);
}

void report_csv(struct str *out, const struct campus_report *r, struct arena *arena)
{
	struct sink s = {.out = out, .arena = arena};
	static const char *const heads[] = {"table", "row", "column", "figure", "unit"};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		csv_cell(out, heads[i], i == 0);
	csv_end(out);
	put_campus(&s, r);
	put_minutes(&s, r);
	put_flow(&s, r);
	s.table = "decisions by delay";
	s.unit = "decisions";
	put_line(&s, delay_names, DELAYS, "decisions", r->delays);
	s.table = "people by kinds used";
	s.unit = "people";
	put_line(&s, breadth_names, BREADTHS, "people", r->breadths);
	s.table = "people by what is approved of what they need";
	if (r->year)
		put_line(&s, band_names, BANDS, "people", r->bands);
	s.table = "by entries logged";
	put_line(&s, volume_names, VOLUMES, "people", r->volumes);
	s.unit = "entries";
	put_line(&s, volume_names, VOLUMES, "entries", r->volume_entries);
	s.unit = "minutes";
	put_line(&s, volume_names, VOLUMES, "approved minutes", r->volume_minutes);
	put_named(&s, "sites", r->hosts, r->n_hosts);
	put_named(&s, "topics", r->topics, r->n_topics);
}
