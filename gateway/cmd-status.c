#include <stdio.h>

#include "digest/bar.h"
#include "gateway/clock.h"
#include "gateway/desk.h"
#include "gateway/table.h"

static const struct column person_columns[] = {
	{"name", "Name", false, true, false}, {"entries", "Entries", true, false, true}, {"gave", "Gave", true, false, true}, {"took", "Took", true, false, true},
	{"approved", "Approved", true, false, true}, {"waiting", "Waiting", true, false, true}, {"cap", "Cap", true, false, true},
	{"requirement", "Required", true, false, true}, {"bar", "Credit", false, false, false},
};

static const char *number(struct arena *arena, int64_t n)
{
	return arena_printf(arena, "%lld", (long long)n);
}

static int add_person(struct cli *cli, struct desk *desk, const struct person *p, struct table *table, struct err *err)
{
	struct credit_status s;
	if (credit_standing_of(desk, p, &s, err) < 0)
		return -1;
	const char *cells[] = {p->name, number(&cli->arena, s.entries), number(&cli->arena, s.gave), number(&cli->arena, s.took), number(&cli->arena, s.approved),
	                       number(&cli->arena, s.waiting), number(&cli->arena, s.cap), number(&cli->arena, s.requirement), s.credit ? credit_bar(&cli->arena, &s, 20) : ""};
	table_row(table, cells);
	return 0;
}

static int everybody(struct cli *cli, struct desk *desk, struct err *err)
{
	struct roster people = {0};
	struct table table;
	int64_t counts[ACTION_COUNT] = {0};
	if (store_people(desk->store, false, &cli->arena, &people, err) < 0 || store_count_actions(desk->store, desk->now - 7 * 86400, counts, err) < 0)
		return -1;
	table_open(&table, cli, person_columns, sizeof person_columns / sizeof *person_columns);
	for (size_t i = 0; i < people.n; i++)
		if ((people.people[i].role == ROLE_TEACHER || people.people[i].role == ROLE_APPROVER) && add_person(cli, desk, &people.people[i], &table, err) < 0)
			return -1;
	if (people.n == 0 && cli->format == FORMAT_TABLE)
		puts("The roster is empty: plnpost people import FILE.csv");
	else
		table_close(&table);
	if (cli->format != FORMAT_TABLE)
		return 0;
	printf("\nMails of the last seven days:");
	for (unsigned i = 0, n = 0; i < ACTION_COUNT; i++)
		if (counts[i] > 0)
			printf("%s %lld %s", n++ == 0 ? "" : ",", (long long)counts[i], action_name((enum action)i));
	putchar('\n');
	return 0;
}

static const struct column line_columns[] = {
	{"entry", "Entry", true, false, true}, {"day", "Day", false, false, false}, {"title", "Title", false, true, false}, {"actual", "Min", true, false, true},
	{"took", "Taken", false, false, false}, {"credited", "Credit", true, false, true}, {"state", "State", false, false, false}, {"reason", "Why", false, true, false},
};

static void print_cells(const char *colour, const char *cell, int n)
{
	if (n > 0 && terminal_out())
		fputs(colour, stdout);
	for (int i = 0; i < n; i++)
		fputs(cell, stdout);
	if (n > 0 && terminal_out())
		fputs("\033[0m", stdout);
}

/* The bar, and its figures: what is none is not said. */
static void print_credit(struct arena *arena, const struct credit_status *s)
{
	struct bar bar = bar_parts(s, 30);
	print_cells("\033[32m", "█", bar.approved);
	print_cells("\033[33m", "▒", bar.waiting);
	print_cells("\033[2m", "░", bar.left);
	printf("  %s approved, %s waiting", minutes_text(arena, s->approved), minutes_text(arena, s->waiting));
	if (s->cap > 0)
		printf(", cap %s", minutes_text(arena, s->cap));
	if (s->requirement > 0)
		printf(", required %s", minutes_text(arena, s->requirement));
	putchar('\n');
}

static int one_person(struct cli *cli, struct desk *desk, const char *address, struct err *err)
{
	struct person p;
	struct credit_status s;
	struct table table;
	char day[16];
	int found = store_person_by_address(desk->store, address, &cli->arena, &p, err);
	if (found == 0)
		return err_set(err, "nobody on the roster has the address %s (plnpost people list)", address);
	if (found < 0 || credit_status_of(desk, &p, 1000, &s, err) < 0)
		return -1;
	if (cli->format == FORMAT_TABLE) {
		printf("%s, %s\nGave %d, took %d.%s%s%s\n", p.name, s.year, s.gave, s.took, s.plan == NULL ? "" : " Plan: ", s.plan == NULL ? "" : s.plan, s.plan == NULL ? "" : ".");
		if (s.plan_of > 0)
			printf("%d of %d entr%s within the plan.\n", s.plan_within, s.plan_of, s.plan_of == 1 ? "y" : "ies");
		if (s.plan_wanted)
			puts("No plan yet, and the rules ask for one.");
		if (s.credit)
			print_credit(&cli->arena, &s);
		for (size_t i = 0; i < s.checks.n; i++)
			puts(s.checks.v[i]);
		putchar('\n');
	}
	table_open(&table, cli, line_columns, sizeof line_columns / sizeof *line_columns);
	for (size_t i = 0; i < s.n_lines; i++) {
		const struct status_line *l = &s.lines[i];
		const char *cells[] = {number(&cli->arena, l->entry), day_iso(day, l->day), l->title, number(&cli->arena, l->actual),
		                       l->actual <= 0 ? "" : l->unstated ? "by rule" : "as stated", number(&cli->arena, l->credited), l->state, l->reason};
		table_row(&table, cells);
	}
	table_close(&table);
	return 0;
}

int cmd_status(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	if (argc > 2)
		return cli_usage("status", "one address at a time");
	int result = campus_open(&campus, cli->dir, STORE_READ, &err);
	struct desk desk = {&campus, campus.store, &cli->arena, clock_now()};
	if (result == 0)
		result = store_snapshot(campus.store, &err);
	if (result == 0)
		result = argc == 2 ? one_person(cli, &desk, argv[1], &err) : everybody(cli, &desk, &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
