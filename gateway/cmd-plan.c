#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/plan-desk.h"
#include "gateway/table.h"

/* plan list | show | goal … | approve: plans and the campus's goals on the command line. */

struct options {
	const char *year, *by, *deny, *ask;
};

static int year_of(const struct campus *campus, const struct options *o, int32_t *from, int32_t *to, char name[16], struct err *err)
{
	int32_t year;
	if (campus_year_of(campus, o->year, clock_now(), &year, err) < 0)
		return -1;
	campus_year(campus, year, from, to, name);
	return 0;
}

static const char *date_of(struct cli *cli, const struct campus *campus, int64_t at)
{
	char day[16];
	return at == 0 ? "" : arena_strdup(&cli->arena, day_iso(day, campus_today(campus, NULL, at)));
}

static const char *name_of(struct cli *cli, const struct campus *campus, int64_t id)
{
	struct person p;
	return id != 0 && store_person(campus->store, id, &cli->arena, &p, NULL) > 0 ? p.name : "";
}

static const char *decider_of(struct cli *cli, const struct campus *campus, const struct plan *p)
{
	const char *by = name_of(cli, campus, p->decided_by);
	return p->delegate == 0 ? by : arena_printf(&cli->arena, "%s for %s", name_of(cli, campus, p->delegate), by);
}

/* ---- list */

static const struct column list_columns[] = {
	{"name", "Name", false, true, false}, {"version", "Version", true, false, true}, {"state", "State", false, false, false}, {"goal", "Goal", true, false, true},
	{"learn", "To learn", false, true, false}, {"written", "Written", false, false, false}, {"decided", "Decided", false, false, false}, {"by", "By", false, true, false},
	{"within", "Within", true, false, true}, {"entries", "Entries", true, false, true},
};

static int add_row(struct cli *cli, struct campus *campus, const struct plan *p, int32_t from, int32_t to, struct table *table, struct err *err)
{
	struct arena *a = &cli->arena;
	int within = 0, of = 0;
	if (store_plan_progress(campus->store, p, from, to, &within, &of, err) < 0)
		return -1;
	const char *cells[] = {name_of(cli, campus, p->person), arena_printf(a, "%d", p->version), plan_state_name(p->state), p->goal == 0 ? "" : arena_printf(a, "%lld", (long long)p->goal),
	                       p->parts.learn, date_of(cli, campus, p->created_at), date_of(cli, campus, p->decided_at), decider_of(cli, campus, p),
	                       arena_printf(a, "%d", within), arena_printf(a, "%d", of)};
	table_row(table, cells);
	return 0;
}

static int list(struct cli *cli, struct campus *campus, const struct options *o, struct err *err)
{
	struct plans plans;
	struct table table;
	int32_t from, to;
	char name[16];
	if (year_of(campus, o, &from, &to, name, err) < 0 || store_plans(campus->store, 0, from, &cli->arena, &plans, err) < 0)
		return -1;
	table_open(&table, cli, list_columns, sizeof list_columns / sizeof *list_columns);
	for (size_t i = 0; i < plans.n; i++)
		if (plans.v[i].state != PLAN_REPLACED && add_row(cli, campus, &plans.v[i], from, to, &table, err) < 0)
			return -1;
	if (table.n == 0 && cli->format == FORMAT_TABLE)
		printf("Nobody has a plan for %s.\n", name);
	else
		table_close(&table);
	return 0;
}

/* ---- show: every version, with what became of it */

static const struct column show_columns[] = {
	{"version", "Version", true, false, true}, {"state", "State", false, false, false}, {"goal", "Goal", true, false, true}, {"goal_words", "Goal", false, true, false},
	{"network", "Network", false, true, false}, {"learn", "To learn", false, true, false}, {"classroom", "Classroom", false, true, false},
	{"written", "Written", false, false, false}, {"decided", "Decided", false, false, false}, {"by", "By", false, false, false}, {"words", "Words", false, true, false},
};

static void show_cells(struct cli *cli, struct campus *campus, const struct plan *p, struct table *table)
{
	const char *cells[] = {arena_printf(&cli->arena, "%d", p->version), plan_state_name(p->state), p->goal == 0 ? "" : arena_printf(&cli->arena, "%lld", (long long)p->goal),
	                       p->goal_words, p->parts.network, p->parts.learn, p->parts.classroom, date_of(cli, campus, p->created_at),
	                       date_of(cli, campus, p->decided_at), decider_of(cli, campus, p), p->words};
	table_row(table, cells);
}

static void put_lines(const char *text)
{
	struct span rest = span_of(text), line;
	while (span_line(&rest, &line))
		printf("    %.*s\n", SPAN_ARG(line));
}

static void show_text(struct cli *cli, struct campus *campus, const struct plan *p)
{
	printf("\nVersion %d: %s", p->version, plan_state_name(p->state));
	if (p->decided_at != 0)
		printf(", decided on %s by %s", date_of(cli, campus, p->decided_at), decider_of(cli, campus, p));
	printf(", written on %s\n", date_of(cli, campus, p->created_at));
	for (size_t i = 0; i < PLAN_PARTS; i++) {
		printf("  %s:\n", plan_part_title(i));
		put_lines((*plan_part(&p->parts, i))[0] == '\0' ? "(nothing yet)" : *plan_part(&p->parts, i));
	}
	if (p->goal != 0)
		printf("  Goal %lld: %s\n", (long long)p->goal, p->goal_words);
	if (p->words[0] != '\0') {
		printf("  Said about it:\n");
		put_lines(p->words);
	}
}

static int show(struct cli *cli, struct campus *campus, const char *address, const struct options *o, struct err *err)
{
	struct person person;
	struct plans plans;
	struct table table;
	struct plan valid;
	int32_t from, to;
	char name[16];
	int within, of, found = store_person_by_address(campus->store, address, &cli->arena, &person, err);
	if (found == 0)
		return err_set(err, "nobody on the roster has the address %s (plnpost people list)", address);
	if (found < 0 || year_of(campus, o, &from, &to, name, err) < 0 || store_plans(campus->store, person.id, from, &cli->arena, &plans, err) < 0)
		return -1;
	if (cli->format != FORMAT_TABLE) {
		table_open(&table, cli, show_columns, sizeof show_columns / sizeof *show_columns);
		for (size_t i = 0; i < plans.n; i++)
			show_cells(cli, campus, &plans.v[i], &table);
		table_close(&table);
		return 0;
	}
	printf("%s, %s\n", person.name, name);
	if (plans.n == 0)
		puts("No plan yet.");
	found = store_plan_of(campus->store, person.id, from, true, &cli->arena, &valid, err);
	if (found < 0 || (found > 0 && store_plan_progress(campus->store, &valid, from, to, &within, &of, err) < 0))
		return -1;
	if (found > 0)
		printf("Version %d is valid: %d of %d entr%s within it.\n", valid.version, within, of, of == 1 ? "y" : "ies");
	for (size_t i = 0; i < plans.n; i++)
		show_text(cli, campus, &plans.v[i]);
	return 0;
}

/* ---- goals */

static const struct column goal_columns[] = {{"goal", "Goal", true, false, true}, {"words", "Words", false, true, false}};

static int goals(struct cli *cli, struct campus *campus, struct err *err)
{
	struct goals found;
	struct table table;
	if (store_goals(campus->store, &cli->arena, &found, err) < 0)
		return -1;
	table_open(&table, cli, goal_columns, 2);
	for (size_t i = 0; i < found.n; i++) {
		const char *cells[] = {arena_printf(&cli->arena, "%lld", (long long)found.v[i].id), found.v[i].words};
		table_row(&table, cells);
	}
	if (found.n == 0 && cli->format == FORMAT_TABLE)
		puts("The campus has no goals yet: plnpost plan goal add WORDS");
	else
		table_close(&table);
	return 0;
}

static int change_goal(struct cli *cli, struct campus *campus, bool add, char **words, int n, struct err *err)
{
	const char *text = "";
	int64_t id = 0;
	for (int i = 0; i < n; i++)
		text = arena_printf(&cli->arena, "%s%s%s", text, i == 0 ? "" : " ", words[i]);
	if (!utf8_valid(text, strlen(text)) || strlen(text) > 300)
		return err_set(err, "a goal is a sentence of UTF-8 text, 300 bytes at most");
	if (!add && (id = strtoll(text, NULL, 10)) <= 0)
		return err_set(err, "%s is no goal's number (plnpost plan goal list)", text);
	if (store_begin(campus->store, err) < 0)
		return -1;
	int result = add ? store_add_goal(campus->store, text, 0, clock_now(), &id, err) : store_remove_goal(campus->store, id, err);
	if (!add && result == 0)
		result = err_set(err, "there is no goal %lld (plnpost plan goal list)", (long long)id);
	if (result < 0 || store_commit(campus->store, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	printf("goal %lld %s\n", (long long)id, add ? "added" : "removed");
	return 0;
}

/* ---- approve: as an approver's answer by mail, with the same letters */

static int decide(struct cli *cli, struct campus *campus, const char *address, const struct options *o, struct err *err)
{
	struct desk desk = {campus, campus->store, &cli->arena, clock_now()};
	struct person owner, by;
	struct plan plan;
	struct plan_desk p;
	int32_t from, to;
	char name[16];
	struct plan_answered a = {.what = o->deny != NULL ? PLAN_ANSWER_NO : o->ask != NULL ? PLAN_ANSWER_ASK : PLAN_ANSWER_YES,
	                          .words = o->deny != NULL ? o->deny : o->ask != NULL ? o->ask : ""};
	if (year_of(campus, o, &from, &to, name, err) < 0)
		return -1;
	int found = store_person_by_address(campus->store, address, &cli->arena, &owner, err);
	if (found > 0)
		found = store_plan_of(campus->store, owner.id, from, false, &cli->arena, &plan, err);
	if (found == 0)
		return err_set(err, "%s has no plan for %s (plnpost plan list)", address, name);
	found = found < 0 ? -1 : store_person_by_address(campus->store, o->by, &cli->arena, &by, err);
	if (found < 0)
		return -1;
	if (found == 0 || by.role != ROLE_APPROVER || by.left)
		return err_set(err, "%s is no approver on the roster (plnpost people list)", o->by);
	struct matter m = {.person = &by};
	if (plan_desk_open(&p, &desk, &m, err) < 0 || plan_desk_load(&p, plan.id) <= 0)
		return -1;
	const char *why = plan_barred(&p);
	return why != NULL ? err_set(err, "%s", why) : plan_decide(&p, &a);
}

static int decide_now(struct cli *cli, struct campus *campus, const char *address, const struct options *o, struct err *err)
{
	if (store_begin(campus->store, err) < 0)
		return -1;
	if (decide(cli, campus, address, o, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	if (store_commit(campus->store, err) < 0)
		return -1;
	printf("%s: plan %s\n", address, o->deny != NULL ? "denied" : o->ask != NULL ? "asked about" : "approved");
	return 0;
}

/* Takes the options out of argv; what is left are the words. */
static int read_options(int argc, char **argv, struct options *o)
{
	const struct {
		const char *name;
		const char **value;
	} rows[] = {{"--year", &o->year}, {"--by", &o->by}, {"--deny", &o->deny}, {"--ask", &o->ask}};
	int n = 1;
	for (int i = 1; i < argc; i++) {
		const char **value = NULL;
		for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
			if (strcmp(argv[i], rows[k].name) == 0)
				value = rows[k].value;
		if (value == NULL)
			argv[n++] = argv[i];
		else if (i + 1 < argc)
			*value = argv[++i];
		else
			return -1;
	}
	return n;
}

int cmd_plan(struct cli *cli, int argc, char **argv)
{
	struct options o = {0};
	struct campus campus = {0};
	struct err err = {0};
	int n = read_options(argc, argv, &o);
	const char *what = n < 2 ? "list" : argv[1], *then = n < 3 ? "list" : argv[2];
	bool goal = strcmp(what, "goal") == 0, change = goal && strcmp(then, "list") != 0, approve = strcmp(what, "approve") == 0;
	bool known = (strcmp(what, "list") == 0 && n <= 2) || (strcmp(what, "show") == 0 && n == 3) || (approve && n == 3) ||
	             (goal && (n <= 3) && strcmp(then, "list") == 0) || (goal && n > 3 && (strcmp(then, "add") == 0 || strcmp(then, "remove") == 0));
	if (n < 0 || !known)
		return cli_usage("plan", "say list, show ADDRESS, goal list, goal add WORDS, goal remove N, or approve ADDRESS --by ADDRESS");
	if (approve && o.by == NULL)
		return cli_usage("plan", "whose decision is it? add --by ADDRESS");
	int result = campus_open(&campus, cli->dir, change || approve ? STORE_WRITE : STORE_READ, &err);
	if (result == 0)
		result = approve ? decide_now(cli, &campus, then, &o, &err)
		         : change ? change_goal(cli, &campus, strcmp(then, "add") == 0, argv + 3, n - 3, &err)
		         : goal ? goals(cli, &campus, &err)
		         : what[0] == 's' ? show(cli, &campus, then, &o, &err)
		                          : list(cli, &campus, &o, &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
