#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/cmd-rules.h"
#include "gateway/simulate.h"
#include "gateway/table.h"

/* rules simulate: what a year would have been credited under other rules. */

struct options {
	const char *rules, *person;
	int year;  /* in which the school year begins; 0 = this one */
	bool all;  /* people too for whom nothing changes */
};

struct sums {
	size_t people, changed_people, entries, changed, by_hand;
	int64_t was, is;
};

static const struct column people_columns[] = {
	{"name", "Name", false, true, false}, {"address", "Address", false, true, false}, {"entries", "Entries", true, false, true},
	{"changed", "Changed", true, false, true}, {"by_hand", "By hand", true, false, true}, {"was", "Now", true, false, true},
	{"is", "Then", true, false, true}, {"difference", "Change", true, false, true}, {"cap", "Cap then", true, false, true},
	{"requirement", "Required then", true, false, true}, {"why", "Why", false, true, false},
};

static const struct column entry_columns[] = {
	{"entry", "Entry", true, false, true}, {"day", "Day", false, false, false}, {"kind", "Kind", false, false, false}, {"title", "Title", false, true, false},
	{"actual", "Min", true, false, true}, {"was", "Now", true, false, true}, {"reason", "Why now", false, true, false},
	{"is", "Then", true, false, true}, {"why", "Why then", false, true, false},
};

static const char *number(struct arena *arena, int64_t n)
{
	return arena_printf(arena, "%lld", (long long)n);
}

static void person_row(struct table *table, const struct person *p, const struct simulation *s, struct arena *arena)
{
	const char *cells[] = {p->name, p->addresses.n > 0 ? p->addresses.v[0] : "", number(arena, (int64_t)s->n), number(arena, (int64_t)s->changed),
	                       number(arena, (int64_t)s->by_hand), number(arena, s->was), number(arena, s->is),
	                       table->format == FORMAT_JSON ? number(arena, s->is - s->was) : arena_printf(arena, "%+d", s->is - s->was),
	                       number(arena, s->terms.pln_cap), number(arena, s->terms.requirement), simulation_why(s, arena)};
	table_row(table, cells);
}

static void entry_rows(struct table *table, const struct simulation *s, bool all, struct arena *arena)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct simulated *v = &s->v[i];
		const struct entry *e = v->entry;
		char day[16];
		if (v->is == v->was && !v->by_hand && !all)
			continue;
		const char *why = v->by_hand ? arena_printf(arena, "kept as decided: %s", v->why) : v->is == v->was ? "the same" : v->why;
		const char *cells[] = {number(arena, e->id), day_iso(day, e->day), kind_name(e->kind), e->title, number(arena, e->actual > 0 ? e->actual : 0),
		                       number(arena, v->was), e->reason, number(arena, v->is), why};
		table_row(table, cells);
	}
}

static void add_sums(struct sums *sums, const struct simulation *s)
{
	sums->people += s->n > 0;
	sums->changed_people += s->changed > 0;
	sums->entries += s->n;
	sums->changed += s->changed;
	sums->by_hand += s->by_hand;
	sums->was += s->was;
	sums->is += s->is;
}

static void say_sums(FILE *out, const struct sums *s, const char *year, const char *rules)
{
	fprintf(out, "%s under %s: %zu of %zu entries of %zu people change, of %zu people in all; credited %lld -> %lld min (%+lld).\n", year, rules,
	        s->changed, s->entries, s->changed_people, s->people, (long long)s->was, (long long)s->is, (long long)(s->is - s->was));
	if (s->by_hand > 0)
		fprintf(out, "%zu entries were decided by hand (denied, or other minutes) and are kept as decided.\n", s->by_hand);
	fputs("Nothing was changed.\n", out);
}

/* Person by person, each in memory of their own. */
static int everybody(struct cli *cli, struct simulating *s, struct campus *campus, const struct options *o, struct sums *sums, struct err *err)
{
	struct roster people = {0};
	struct progress progress;
	struct table table;
	int result = store_people(campus->store, true, &cli->arena, &people, err);
	table_open(&table, cli, people_columns, sizeof people_columns / sizeof *people_columns);
	progress_start(&progress, "Counting again");
	for (size_t i = 0; result >= 0 && i < people.n; i++) {
		struct arena arena = {0};
		struct simulation one;
		progress_set(&progress, i, people.n);
		result = simulate_person(s, &people.people[i], &arena, &one, err);
		if (result >= 0) {
			add_sums(sums, &one);
			if (one.n > 0 && (one.changed > 0 || o->all))
				person_row(&table, &people.people[i], &one, &arena);
		}
		arena_release(&arena);
	}
	progress_done(&progress);
	if (result >= 0)
		table_close(&table);
	return result;
}

static int one_person(struct cli *cli, struct simulating *s, struct campus *campus, const struct options *o, struct sums *sums, struct err *err)
{
	struct person p;
	struct simulation one;
	struct table table;
	int found = store_person_by_address(campus->store, o->person, &cli->arena, &p, err);
	if (found == 0)
		return err_set(err, "nobody on the roster has the address %s (plnpost people list)", o->person);
	if (found < 0 || simulate_person(s, &p, &cli->arena, &one, err) < 0)
		return -1;
	add_sums(sums, &one);
	table_open(&table, cli, entry_columns, sizeof entry_columns / sizeof *entry_columns);
	entry_rows(&table, &one, o->all, &cli->arena);
	table_close(&table);
	return 0;
}

/* The school year that begins in that calendar year; 0 = the one of today. */
static int32_t year_day(const struct campus *campus, int year)
{
	return year == 0 ? campus_today(campus, NULL, clock_now()) : day_from_civil((struct civil){year, 12, 31});
}

static int simulate(struct cli *cli, const struct options *o, struct err *err)
{
	struct campus campus = {0};
	struct sums sums = {0};
	struct ruleset *other = rules_open(cli, o->rules, err);
	int result = other == NULL ? -1 : campus_open(&campus, cli->dir, STORE_READ, err);
	if (result == 0) {
		char name[16];
		int32_t from, to;
		campus_year(&campus, year_day(&campus, o->year), &from, &to, name);
		struct simulating *s = simulate_open(&campus, other, from);
		result = o->person != NULL ? one_person(cli, s, &campus, o, &sums, err) : everybody(cli, s, &campus, o, &sums, err);
		simulate_close(s);
		if (result >= 0)
			say_sums(cli->format == FORMAT_TABLE ? stdout : stderr, &sums, name, o->rules);
	}
	campus_close(&campus);
	ruleset_close(other);
	return result;
}

static int read_year(const char *word, int *year)
{
	char *end;
	long value = strtol(word, &end, 10);
	if (end == word || (*end != '\0' && *end != '/') || value < 1990 || value > 2200)
		return -1;
	*year = (int)value;
	return 0;
}

static int read_options(struct options *o, int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "--all") == 0)
			o->all = true;
		else if (strcmp(argv[i], "--person") == 0 && value != NULL)
			o->person = argv[++i];
		else if (strcmp(argv[i], "--year") == 0 && value != NULL && read_year(value, &o->year) == 0)
			i++;
		else if (strcmp(argv[i], "--year") == 0)
			return cli_usage("rules", "--year %s: say the year in which the school year begins, such as 2026", value == NULL ? "" : value);
		else if (argv[i][0] == '-' || o->rules != NULL)
			return cli_usage("rules", "no option %s", argv[i]);
		else
			o->rules = argv[i];
	}
	return o->rules == NULL ? cli_usage("rules", "simulate which rules? Name a file, or a shipped one such as flat.rules") : EX_OK;
}

int cmd_rules_simulate(struct cli *cli, int argc, char **argv)
{
	struct options o = {0};
	struct err err = {0};
	int code = read_options(&o, argc, argv);
	if (code != EX_OK)
		return code;
	return simulate(cli, &o, &err) < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
}
