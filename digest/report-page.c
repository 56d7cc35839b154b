#include "digest/records.h"

#include "digest/draft.h"
#include "digest/plot.h"

/* The report's pages: each table with its plot beside it. */

#define HIDDEN "not told"
#define HIDDEN_SHORT "n/t" /* one sign for all that is hidden: which of it is small would be a beginning */

struct page {
	struct draft d;
	const struct campus_report *r;
};

static const char *figure(struct arena *arena, const struct cell *c, bool minutes)
{
	if (c->hidden)
		return HIDDEN_SHORT;
	return minutes ? hours_text(arena, c->value) : grouped_text(arena, c->value);
}

static int64_t plotted(const struct cell *c)
{
	return c->hidden ? PLOT_HIDDEN : c->value;
}

static int64_t *plotted_line(struct arena *arena, const struct cell *cells, size_t n)
{
	int64_t *v = arena_alloc(arena, (n + 1) * sizeof *v);
	for (size_t i = 0; i < n; i++)
		v[i] = plotted(&cells[i]);
	return v;
}

static void set_plot(struct page *p, const char *key, void (*draw)(struct str *, const struct plot *, struct arena *), struct plot plot)
{
	struct str svg = {.max = 1 << 20};
	plot.id = key;
	plot.hidden = HIDDEN;
	if (plot.n_columns > 0 && plot.n_rows > 0)
		draw(&svg, &plot, p->d.arena);
	set_text(p->d.root, key, arena_strndup(p->d.arena, str_c(&svg), svg.n));
	str_release(&svg);
}

/* Rows of two cells for a table beside the plot. */
static void set_line(struct page *p, const char *key, const char *const *names, const struct cell *cells, size_t n, bool minutes)
{
	struct value *list = set_list(p->d.root, key);
	for (size_t i = 0; i <= n; i++) {
		struct value *map = list_map(list);
		set_text(map, "name", i == n ? "all" : names[i]);
		set_text(map, "figure", figure(p->d.arena, &cells[i], minutes));
		set_flag(map, "sum", i == n);
	}
}

/* ---- minutes by kind and month */

static void set_minutes(struct page *p)
{
	const struct campus_report *r = p->r;
	size_t columns = r->n_months + 1, n = 0;
	struct plot_row *rows = arena_alloc(p->d.arena, KIND_COUNT * sizeof *rows);
	struct value *heads = set_list(p->d.root, "month_heads"), *list = set_list(p->d.root, "minute_rows");
	for (size_t m = 0; m < r->n_months; m++)
		list_text(heads, r->months[m]);
	for (size_t k = 0; k <= KIND_COUNT; k++) {
		const struct cell *line = &r->minutes[k * columns];
		const char *name = k == KIND_COUNT ? "all" : record_kind((enum entry_kind)k);
		if (line[r->n_months].people == 0)
			continue;
		struct value *map = list_map(list), *cells;
		set_text(map, "name", name);
		set_flag(map, "sum", k == KIND_COUNT);
		set_text(map, "stated", figure(p->d.arena, &line[r->n_months], true));
		set_text(map, "credited", figure(p->d.arena, &r->credited[k], true));
		cells = set_list(map, "cells");
		for (size_t m = 0; m < r->n_months; m++)
			list_text(cells, figure(p->d.arena, &line[m], false));
		if (k < KIND_COUNT)
			rows[n++] = (struct plot_row){name, plotted_line(p->d.arena, line, r->n_months)};
	}
	set_plot(p, "minutes_plot", plot_strips, (struct plot){.title = "Minutes stated, by kind and month", .minutes = true,
	         .desc = "One strip for each kind, a bar for each month, all to one scale. The table below has every figure.",
	         .columns = r->months, .n_columns = r->n_months, .rows = rows, .n_rows = n});
}

static void set_kinds(struct page *p)
{
	const struct campus_report *r = p->r;
	size_t columns = r->n_months + 1, n = 0;
	const char **names = arena_alloc(p->d.arena, KIND_COUNT * sizeof *names);
	int64_t *stated = arena_alloc(p->d.arena, KIND_COUNT * sizeof *stated), *credited = arena_alloc(p->d.arena, KIND_COUNT * sizeof *credited);
	for (size_t k = 0; k < KIND_COUNT; k++) {
		const struct cell *all = &r->minutes[k * columns + r->n_months];
		if (all->people == 0)
			continue;
		names[n] = record_kind((enum entry_kind)k);
		stated[n] = plotted(all);
		credited[n++] = plotted(&r->credited[k]);
	}
	const struct plot_row rows[] = {{"stated", stated}, {"approved", credited}};
	set_plot(p, "kinds_plot", plot_bars, (struct plot){.title = "Minutes stated and approved, by kind", .minutes = true,
	         .desc = "For each kind two bars: what people stated they spent, solid, and what was approved, outlined.",
	         .columns = names, .n_columns = n, .rows = rows, .n_rows = r->credit ? 2 : 1});
}

/* ---- the other tables */

static void set_flow(struct page *p)
{
	const struct campus_report *r = p->r;
	size_t columns = r->n_months + 1;
	struct value *list = set_list(p->d.root, "months");
	for (size_t m = 0; m <= r->n_months; m++) {
		struct value *map = list_map(list);
		set_text(map, "name", m == r->n_months ? "all" : r->month_keys[m]);
		set_flag(map, "sum", m == r->n_months);
		set_text(map, "active", figure(p->d.arena, m == r->n_months ? r->people : &r->active[m], false));
		set_text(map, "gave", figure(p->d.arena, &r->flow[m], false));
		set_text(map, "took", figure(p->d.arena, &r->flow[columns + m], false));
	}
	const struct plot_row flow[] = {{"giving", plotted_line(p->d.arena, r->flow, r->n_months)}, {"taking in", plotted_line(p->d.arena, r->flow + columns, r->n_months)}};
	const struct plot_row active[] = {{"people", plotted_line(p->d.arena, r->active, r->n_months)}};
	set_plot(p, "flow_plot", plot_bars, (struct plot){.title = "Giving and taking in, entries by month",
	         .desc = "For each month two bars: entries that give to others (mentoring, presenting, projects, applied ideas), solid, and entries that take in, outlined.",
	         .columns = r->month_keys, .n_columns = r->n_months, .rows = flow, .n_rows = 2});
	set_plot(p, "active_plot", plot_bars, (struct plot){.title = "People active, by month", .desc = "One bar for each month: people with at least one entry.",
	         .columns = r->month_keys, .n_columns = r->n_months, .rows = active, .n_rows = 1});
}

static void set_bars(struct page *p, const char *list, const char *plot, const char *title, const char *desc, const char *const *names, const struct cell *cells,
                     size_t n)
{
	const struct plot_row row = {"", plotted_line(p->d.arena, cells, n)};
	set_line(p, list, names, cells, n, false);
	set_plot(p, plot, plot_bars, (struct plot){.title = title, .desc = desc, .columns = names, .n_columns = n, .rows = &row, .n_rows = 1});
}

static void set_named(struct page *p, const char *list, const char *plot, const char *title, const struct named_count *v, size_t n)
{
	struct value *rows = set_list(p->d.root, list);
	const char **names = arena_alloc(p->d.arena, (n + 1) * sizeof *names);
	int64_t *people = arena_alloc(p->d.arena, (n + 1) * sizeof *people);
	for (size_t i = 0; i < n; i++) {
		struct value *map = list_map(rows);
		names[i] = record_words(p->d.arena, v[i].name, 40);
		people[i] = v[i].people;
		set_text(map, "name", names[i]);
		set_number(map, "people", v[i].people);
		set_number(map, "entries", v[i].entries);
	}
	const struct plot_row row = {"people", people};
	set_plot(p, plot, plot_bars, (struct plot){.title = title, .desc = "One bar each: people who shared something of it. Only what five people and more shared is named.",
	         .columns = names, .n_columns = n, .rows = &row, .n_rows = 1});
}

/* "3 h", "2 days" */
static const char *wait_text(struct arena *arena, const struct cell *c)
{
	if (c->people == 0)
		return "";
	if (c->hidden)
		return HIDDEN;
	if (c->value < 48)
		return arena_printf(arena, "%lld h", (long long)c->value);
	return arena_printf(arena, "%lld days", (long long)(c->value + 12) / 24);
}

/* As people read it: from 0 up. */
static struct cell above_of(const struct campus_report *r)
{
	struct cell above = r->outcome[OUTCOME_ABOVE];
	above.value = -above.value;
	return above;
}

static void set_facts(struct page *p)
{
	const struct campus_report *r = p->r;
	struct value *root = p->d.root;
	struct arena *arena = p->d.arena;
	char from[16], last[16];
	struct cell above = above_of(r);
	const struct {
		const char *key;
		const struct cell *cell;
		bool minutes;
	} facts[] = {{"people", r->people, false}, {"entries", r->entries, false}, {"starred", r->starred, false}, {"applied", r->applied, false},
	             {"capped", r->capped, false}, {"sites", r->all_hosts, false}, {"packages", r->granted, true}, {"approved", &r->outcome[OUTCOME_APPROVED], true},
	             {"waiting", &r->outcome[OUTCOME_WAITING], true}, {"denied", &r->outcome[OUTCOME_DENIED], true},
	             {"uncounted", &r->outcome[OUTCOME_UNCOUNTED], true}, {"above", &above, true}, {"stated", &r->outcome[OUTCOMES], true}};
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		set_text(root, facts[i].key, figure(arena, facts[i].cell, facts[i].minutes));
	set_text(root, "period", r->period);
	set_text(root, "from", arena_strdup(arena, day_iso(from, r->from)));
	set_text(root, "last", arena_strdup(arena, day_iso(last, r->to - 1)));
	set_text(root, "staff", grouped_text(arena, r->staff));
	set_flag(root, "credit", r->credit);
	set_flag(root, "year", r->year);
	set_flag(root, "any", r->people->value > 0);
	set_flag(root, "has_packages", r->granted->value > 0);
	set_flag(root, "has_above", above.people > 0);
	set_text(root, "half", wait_text(arena, &r->speed[0]));
	set_text(root, "ninety", wait_text(arena, &r->speed[1]));
}

static void begin(struct page *p, const struct templates *templates, const struct frame_facts *facts, const struct campus_report *r, struct arena *arena)
{
	p->r = r;
	draft_begin(&p->d, templates, facts, arena);
	set_facts(p);
}

int page_report(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct campus_report *r, struct arena *arena,
                struct err *err)
{
	struct page p;
	begin(&p, templates, facts, r, arena);
	set_minutes(&p);
	set_kinds(&p);
	set_flow(&p);
	set_bars(&p, "delays", "delay_plot", "How long decisions took", "One bar for each span: how many entries were decided within it after they were claimed.",
	         delay_names, r->delays, DELAYS);
	set_bars(&p, "breadths", "breadth_plot", "Kinds that people used", "One bar for each number of kinds: how many people used that many.", breadth_names,
	         r->breadths, BREADTHS);
	set_bars(&p, "bands", "band_plot", "How far people have come", "One bar for each share of what they need: how many people have that much approved.", band_names,
	         r->bands, BANDS);
	set_named(&p, "hosts", "host_plot", "Sites that most people shared", r->hosts, r->n_hosts);
	set_named(&p, "topics", "topic_plot", "Topics that most people shared", r->topics, r->n_topics);
	return draft_write(&p.d, "report", letter, err);
}

/* ---- the sceptic's page */

static void set_outcome(struct page *p)
{
	static const size_t at[] = {OUTCOME_UNCOUNTED, OUTCOME_DENIED, OUTCOME_WAITING, OUTCOME_APPROVED};
	const char *names[OUTCOMES + 1] = {"stated by people"};
	int64_t v[OUTCOMES + 1] = {plotted(&p->r->outcome[OUTCOMES])};
	struct cell above = above_of(p->r);
	size_t n = 1;
	if (above.people > 0) {
		names[n] = outcome_names[OUTCOME_ABOVE];
		v[n++] = plotted(&above);
	}
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		names[n] = outcome_names[at[i]];
		v[n++] = plotted(&p->r->outcome[at[i]]);
	}
	const struct plot_row row = {"", v};
	set_plot(p, "outcome_plot", plot_bars, (struct plot){.title = "From what was asked to what was credited", .minutes = true,
	         .desc = above.people > 0 ? "Six bars. The first two, the time that people stated and what was counted above it, make together what the others show: "
	                                    "what the rules did not count, what was denied, what waits, what was approved."
	                                  : "Five bars: the time that people stated, what the rules did not count, what was denied, what waits, what was approved.",
	         .columns = names, .n_columns = n, .rows = &row, .n_rows = 1});
}

/* Does logging more bring more for each entry? */
static void set_volumes(struct page *p)
{
	struct value *list = set_list(p->d.root, "volumes");
	int64_t each[VOLUMES];
	for (size_t i = 0; i < VOLUMES; i++) {
		const struct cell *people = &p->r->volumes[i], *entries = &p->r->volume_entries[i], *minutes = &p->r->volume_minutes[i];
		struct value *map = list_map(list);
		bool hidden = people->hidden || entries->hidden || minutes->hidden, told = !hidden && entries->value > 0;
		int64_t tenths = told ? (minutes->value * 10 + entries->value / 2) / entries->value : 0;
		each[i] = hidden ? PLOT_HIDDEN : told ? (minutes->value + people->value / 2) / people->value : 0;
		set_text(map, "name", volume_names[i]);
		set_text(map, "people", figure(p->d.arena, people, false));
		set_text(map, "entries", figure(p->d.arena, entries, false));
		set_text(map, "minutes", figure(p->d.arena, minutes, true));
		set_text(map, "each", hidden ? HIDDEN_SHORT : !told ? "" : arena_printf(p->d.arena, "%lld.%lld", (long long)tenths / 10, (long long)tenths % 10));
	}
	const struct plot_row row = {"", each};
	set_plot(p, "volume_plot", plot_bars, (struct plot){.title = "Approved time a person, by how much they logged", .minutes = true,
	         .desc = "One bar for each group of people: the approved time of one of them on average. Bars of like length mean that volume is not what is rewarded.",
	         .columns = volume_names, .n_columns = VOLUMES, .rows = &row, .n_rows = 1});
}

static void set_share(struct page *p, const char *key, const struct cell *part, const struct cell *whole)
{
	if (!part->hidden && !whole->hidden && whole->value > 0)
		set_printf(p->d.root, key, "%lld %%", (long long)((part->value * 100 + whole->value / 2) / whole->value));
}

int page_sceptic(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct campus_report *r, struct arena *arena,
                 struct err *err)
{
	struct page p;
	begin(&p, templates, facts, r, arena);
	set_outcome(&p);
	set_volumes(&p);
	set_share(&p, "approved_share", &r->outcome[OUTCOME_APPROVED], &r->outcome[OUTCOMES]);
	set_share(&p, "starred_share", r->starred, r->entries);
	set_share(&p, "applied_share", r->applied, r->entries);
	set_share(&p, "capped_share", r->capped, r->entries);
	return draft_write(&p.d, "sceptic", letter, err);
}

/* ---- the mail */

int letter_monthly(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct campus_report *r, struct arena *arena,
                   struct err *err)
{
	struct page p;
	begin(&p, templates, facts, r, arena);
	set_share(&p, "approved_share", &r->outcome[OUTCOME_APPROVED], &r->outcome[OUTCOMES]);
	return draft_write(&p.d, "monthly", letter, err);
}
