#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/approvals.h"
#include "gateway/clock.h"
#include "gateway/keeper.h"
#include "gateway/table.h"

static const struct column waiting_columns[] = {
	{"entry", "Entry", true, false, true}, {"day", "Day", false, false, false}, {"teacher", "Teacher", false, true, false},
	{"kind", "Kind", false, false, false}, {"title", "Title", false, true, false}, {"actual", "Min", true, false, true},
	{"credited", "Credit", true, false, true}, {"reason", "Why", false, true, false}, {"flag", "Flagged", false, true, false},
};

static int list_waiting(struct cli *cli, struct campus *campus, struct err *err)
{
	struct roster people = {0};
	struct table table;
	if (store_people(campus->store, true, &cli->arena, &people, err) < 0)
		return -1;
	table_open(&table, cli, waiting_columns, sizeof waiting_columns / sizeof *waiting_columns);
	for (size_t i = 0; i < people.n; i++) {
		const struct person *p = &people.people[i];
		struct entries list = {0};
		struct entry_filter filter = {.person = p->id, .from = DAY_NONE, .to = DAY_NONE, .limit = 100000};
		if (store_entries(campus->store, &filter, &cli->arena, &list, err) < 0)
			return -1;
		for (size_t n = list.n; n > 0; n--) {
			const struct entry *e = &list.v[n - 1];
			char day[16];
			if (e->claim != CLAIM_WAITING && e->claim != CLAIM_ASKED)
				continue;
			const char *cells[] = {arena_printf(&cli->arena, "%lld", (long long)e->id), day_iso(day, e->day), p->name, kind_name(e->kind), e->title,
			                       arena_printf(&cli->arena, "%d", e->actual), arena_printf(&cli->arena, "%d", e->credited), e->reason, e->flag};
			table_row(&table, cells);
		}
	}
	if (table.n == 0 && cli->format == FORMAT_TABLE)
		puts("Nothing waits for approval.");
	else
		table_close(&table);
	return 0;
}

struct decision_options {
	const char *by, *deny;
	int minutes;
};

static void say_decided(struct cli *cli, const int64_t *ids, size_t n, const struct entries *was, const struct decision_options *o)
{
	for (size_t i = 0; i < n; i++) {
		int minutes = o->minutes != MINUTES_NONE ? o->minutes : was->v[i].credited;
		printf("%lld %s%s\n", (long long)ids[i], o->deny != NULL ? "denied" : "approved, ", o->deny != NULL ? "" : minutes_text(&cli->arena, minutes));
	}
}

static int decide(struct cli *cli, struct campus *campus, char **words, size_t n, const struct decision_options *o, struct err *err)
{
	struct desk desk = {campus, campus->store, &cli->arena, clock_now()};
	int64_t *ids = arena_alloc(&cli->arena, (n + 1) * sizeof *ids);
	struct entries was = {arena_alloc(&cli->arena, (n + 1) * sizeof *was.v), n};
	enum decision_verb verb = o->deny != NULL ? DECISION_DENY : o->minutes != MINUTES_NONE ? DECISION_MINUTES : DECISION_APPROVE;
	struct person by;
	int found = store_person_by_address(campus->store, o->by, &cli->arena, &by, err);
	if (found < 0)
		return -1;
	if (found == 0 || by.role != ROLE_APPROVER || by.left)
		return err_set(err, "%s is no approver on the roster (plnpost people list)", o->by);
	if (store_begin(campus->store, err) < 0)
		return -1;
	int result = 0;
	for (size_t i = 0; i < n && result >= 0; i++) {
		ids[i] = strtoll(words[i], NULL, 10);
		result = store_entry(campus->store, ids[i], &cli->arena, &was.v[i], err);
	}
	if (result >= 0)
		result = decide_by_command(&desk, &by, ids, n, verb, o->minutes, o->deny, err);
	if (result < 0) {
		store_rollback(campus->store);
		return err_prefix(err, "nothing was decided: ");
	}
	if (store_commit(campus->store, err) < 0)
		return -1;
	say_decided(cli, ids, n, &was, o);
	return 0;
}

static int ask_now(struct campus *campus, struct err *err)
{
	size_t n = 0;
	if (weekly_approvals(campus, clock_now(), &n, err) < 0)
		return -1;
	printf("%zu approval mail%s queued\n", n, n == 1 ? "" : "s");
	return 0;
}

/* ---- delegates */

static const struct column delegate_columns[] = {
	{"name", "Name", false, true, false}, {"address", "Address", false, false, false}, {"answers_for", "Answers for", false, true, false},
};

static int list_delegates(struct cli *cli, struct campus *campus, const struct person *approver, struct err *err)
{
	struct roster list = {0};
	struct table table;
	if (store_delegates(campus->store, approver->id, &cli->arena, &list, err) < 0)
		return -1;
	table_open(&table, cli, delegate_columns, sizeof delegate_columns / sizeof *delegate_columns);
	for (size_t i = 0; i < list.n; i++)
		table_row(&table, (const char *[]){list.people[i].name, list.people[i].addresses.v[0], approver->name});
	if (table.n == 0 && cli->format == FORMAT_TABLE)
		printf("Nobody is registered to answer for %s.\n", approver->name);
	else
		table_close(&table);
	return 0;
}

static int change_delegate(struct cli *cli, struct campus *campus, const struct person *approver, const char *address, bool on, struct err *err)
{
	struct desk desk = {campus, campus->store, &cli->arena, clock_now()};
	const char *refusal = NULL;
	if (store_begin(campus->store, err) < 0)
		return -1;
	int result = delegate_change(&desk, approver, address, on, NULL, &refusal, err);
	if (result == 0)
		err_set(err, "nothing was changed: %s", refusal);
	if (result <= 0) {
		store_rollback(campus->store);
		return -1;
	}
	if (store_commit(campus->store, err) < 0)
		return -1;
	printf(on ? "%s may answer for %s from now on; both are told\n" : "%s no longer answers for %s; both are told\n", address, approver->name);
	return 0;
}

/* approve delegate APPROVER [ADDRESS [--remove]] */
static int delegates(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct person approver;
	bool remove = argc == 5 && strcmp(argv[4], "--remove") == 0;
	if (argc < 3 || argc > 5 || (argc == 5 && !remove) || argv[2][0] == '-' || (argc > 3 && argv[3][0] == '-'))
		return cli_usage("approve", "delegate needs an approver's address, and the address of who may answer for them");
	int result = campus_open(&campus, cli->dir, argc > 3 ? STORE_WRITE : STORE_READ, &err);
	if (result == 0)
		result = store_person_by_address(campus.store, argv[2], &cli->arena, &approver, &err);
	if (result == 0 || (result > 0 && (approver.role != ROLE_APPROVER || approver.left)))
		result = err_set(&err, "%s is no approver on the roster (plnpost people list)", argv[2]);
	if (result > 0)
		result = argc > 3 ? change_delegate(cli, &campus, &approver, argv[3], !remove, &err) : list_delegates(cli, &campus, &approver, &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}

static int remind_now(struct campus *campus, struct err *err)
{
	size_t n = 0;
	if (approvals_overdue(campus, clock_now(), &n, err) < 0)
		return -1;
	printf("%zu letter%s about what waits for too long queued\n", n, n == 1 ? "" : "s");
	return 0;
}

int cmd_approve(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct decision_options o = {.minutes = MINUTES_NONE};
	int ids = 0, result;
	bool ask = false, remind = false;
	if (argc > 1 && strcmp(argv[1], "delegate") == 0)
		return delegates(cli, argc, argv);
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;
		if (strcmp(argv[i], "--by") == 0 && more)
			o.by = argv[++i];
		else if (strcmp(argv[i], "--deny") == 0 && more)
			o.deny = argv[++i];
		else if (strcmp(argv[i], "--minutes") == 0 && more && strspn(argv[i + 1], "0123456789") == strlen(argv[i + 1]) && strlen(argv[i + 1]) < 5)
			o.minutes = (int)strtol(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--ask") == 0)
			ask = true;
		else if (strcmp(argv[i], "--remind") == 0)
			remind = true;
		else if (strspn(argv[i], "0123456789") == strlen(argv[i]) && argv[i][0] != '\0')
			argv[1 + ids++] = argv[i];
		else if (strcmp(argv[i], "list") != 0)
			return cli_usage("approve", "%s is neither an entry's number nor an option", argv[i]);
	}
	if (ids > 0 && o.by == NULL)
		return cli_usage("approve", "whose decision is it? add --by ADDRESS");
	result = campus_open(&campus, cli->dir, ids > 0 || ask || remind ? STORE_WRITE : STORE_READ, &err);
	if (result == 0)
		result = ids > 0 ? decide(cli, &campus, argv + 1, (size_t)ids, &o, &err) : ask ? ask_now(&campus, &err) : remind ? remind_now(&campus, &err) : list_waiting(cli, &campus, &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
