#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/table.h"
#include "gateway/campus.h"

/* log, show, find: what is in the log. */

static const struct column entry_columns[] = {
	{"entry", "Entry", true, false, true}, {"day", "Day", false, false, false}, {"who", "Who", false, true, false}, {"kind", "Kind", false, false, false},
	{"title", "Title", false, true, false}, {"marks", "", false, false, false}, {"actual", "Min", true, false, true}, {"credited", "Credit", true, false, true},
	{"state", "State", false, false, false}, {"reason", "Why", false, true, false},
};

static const char *number(struct arena *arena, int64_t n)
{
	return arena_printf(arena, "%lld", (long long)n);
}

static const char *marks_of(struct arena *arena, const struct entry *e)
{
	return arena_printf(arena, "%s%s%s%s", e->starred ? "⭐" : "", e->is_private ? " private" : "", e->nocredit ? " nocredit" : "", e->undone ? " undone" : "");
}

static int print_entries(struct cli *cli, struct campus *campus, const struct entries *list, const char *nothing, struct err *err)
{
	struct table table;
	table_open(&table, cli, entry_columns, sizeof entry_columns / sizeof *entry_columns);
	for (size_t i = 0; i < list->n; i++) {
		const struct entry *e = &list->v[i];
		struct person p;
		char day[16];
		int found = store_person(campus->store, e->person, &cli->arena, &p, err);
		if (found < 0)
			return -1;
		const char *cells[] = {number(&cli->arena, e->id), day_iso(day, e->day), found > 0 ? p.name : "", kind_name(e->kind), e->title,
		                       marks_of(&cli->arena, e), number(&cli->arena, e->actual), number(&cli->arena, e->credited), claim_state_name(e->claim), e->reason};
		table_row(&table, cells);
	}
	if (list->n == 0 && cli->format == FORMAT_TABLE)
		puts(nothing);
	else
		table_close(&table);
	return 0;
}

static const struct column message_columns[] = {
	{"message", "Message", true, false, true}, {"arrived", "Arrived", false, false, false}, {"from", "From", false, true, false},
	{"subject", "Subject", false, true, false}, {"kind", "Kind", false, false, false}, {"why", "Why", false, true, false},
};

static int print_messages(struct cli *cli, struct campus *campus, enum action action, int limit, struct err *err)
{
	struct messages list = {0};
	struct table table;
	if (store_messages(campus->store, action, 0, limit, &cli->arena, &list, err) < 0)
		return -1;
	table_open(&table, cli, message_columns, sizeof message_columns / sizeof *message_columns);
	for (size_t i = 0; i < list.n; i++) {
		const struct message *m = &list.v[i];
		char day[16];
		const char *cells[] = {number(&cli->arena, m->id), day_iso(day, clock_day(campus->config.zone, m->received_at)), m->from_addr, m->subject, m->kind, m->reason};
		table_row(&table, cells);
	}
	if (list.n == 0 && cli->format == FORMAT_TABLE)
		puts(action == ACTION_HOLD ? "No mail is held." : "No mail is in quarantine.");
	else
		table_close(&table);
	return 0;
}

static const struct column letter_columns[] = {
	{"letter", "Letter", true, false, true}, {"day", "Day", false, false, false}, {"purpose", "Purpose", false, false, false}, {"to", "To", false, true, false},
	{"subject", "Subject", false, true, false}, {"state", "State", false, false, false}, {"tries", "Tries", true, false, true}, {"detail", "Detail", false, true, false},
};

static int print_letters(struct cli *cli, struct campus *campus, int limit, struct err *err)
{
	struct stored_letter *v = NULL;
	size_t n = 0;
	struct table table;
	if (store_letters(campus->store, -1, limit, &cli->arena, &v, &n, err) < 0)
		return -1;
	table_open(&table, cli, letter_columns, sizeof letter_columns / sizeof *letter_columns);
	for (size_t i = 0; i < n; i++) {
		char day[16];
		const char *cells[] = {number(&cli->arena, v[i].id), day_iso(day, clock_day(campus->config.zone, v[i].created_at)), letter_purpose_name(v[i].purpose), v[i].recipient,
		                       v[i].subject, letter_state_name(v[i].state), number(&cli->arena, v[i].tries), v[i].detail};
		table_row(&table, cells);
	}
	if (n == 0 && cli->format == FORMAT_TABLE)
		puts("No letters yet.");
	else
		table_close(&table);
	return 0;
}

struct log_options {
	struct entry_filter filter;
	const char *person;
	int what; /* 0 entries, 1 held, 2 quarantined, 3 letters */
};

static int day_option(const char *text, int32_t *day)
{
	return day_parse(span_of(text), day) < 0 ? cli_usage("log", "%s: say a day as in 2026-11-21", text) : EX_OK;
}

static int log_option(struct log_options *o, const char *name, const char *value)
{
	if (strcmp(name, "--person") == 0)
		o->person = value;
	else if (strcmp(name, "--from") == 0)
		return day_option(value, &o->filter.from);
	else if (strcmp(name, "--to") == 0)
		return day_option(value, &o->filter.to);
	else if (strcmp(name, "--tag") == 0)
		o->filter.tag = value[0] == '#' ? value + 1 : value;
	else if (strcmp(name, "--kind") == 0 && (o->filter.kind = kind_of_word(span_of(value))) == KIND_NONE)
		return cli_usage("log", "%s is no kind: read, watch, talk …", value);
	else if (strcmp(name, "--limit") == 0 && (o->filter.limit = (int)strtol(value, NULL, 10)) <= 0)
		return cli_usage("log", "--limit %s: say a number from 1 up", value);
	return EX_OK;
}

static int log_options(struct log_options *o, int argc, char **argv)
{
	static const char *const switches[] = {"--held", "--quarantined", "--letters", "--starred", NULL};
	static const char *const valued[] = {"--person", "--from", "--to", "--tag", "--kind", "--limit", NULL};
	for (int i = 1; i < argc; i++) {
		int found = -1;
		for (int s = 0; switches[s] != NULL; s++)
			if (strcmp(switches[s], argv[i]) == 0)
				found = s;
		if (found == 3)
			o->filter.starred = true;
		else if (found >= 0)
			o->what = found + 1;
		for (int v = 0; found < 0 && valued[v] != NULL; v++)
			if (strcmp(valued[v], argv[i]) == 0)
				found = 10;
		if (found < 0 || (found == 10 && i + 1 >= argc))
			return cli_usage("log", found < 0 ? "no option %s" : "%s needs a value", argv[i]);
		int code = found == 10 ? log_option(o, argv[i], argv[i + 1]) : EX_OK;
		if (code != EX_OK)
			return code;
		i += found == 10;
	}
	return EX_OK;
}

static int person_id(struct cli *cli, struct campus *campus, const char *address, int64_t *id, struct err *err)
{
	struct person p;
	if (address == NULL)
		return 0;
	int found = store_person_by_address(campus->store, address, &cli->arena, &p, err);
	if (found == 0)
		return err_set(err, "nobody on the roster has the address %s (plnpost people list)", address);
	if (found > 0)
		*id = p.id;
	return found < 0 ? -1 : 0;
}

int cmd_log(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct entries list = {0};
	struct log_options o = {.filter = {.from = DAY_NONE, .to = DAY_NONE, .limit = 100, .also_undone = true}};
	int code = log_options(&o, argc, argv);
	if (code != EX_OK)
		return code;
	int result = campus_open(&campus, cli->dir, STORE_READ, &err);
	if (result == 0)
		result = person_id(cli, &campus, o.person, &o.filter.person, &err);
	if (result == 0 && o.what == 0)
		result = store_entries(campus.store, &o.filter, &cli->arena, &list, &err) < 0 ? -1 : print_entries(cli, &campus, &list, "Nothing is logged yet.", &err);
	else if (result == 0 && o.what == 3)
		result = print_letters(cli, &campus, o.filter.limit, &err);
	else if (result == 0)
		result = print_messages(cli, &campus, o.what == 1 ? ACTION_HOLD : ACTION_QUARANTINE, o.filter.limit, &err);
	code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}

int cmd_find(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct entries list = {0};
	struct str words = {.max = 4096};
	const char *address = NULL;
	int64_t viewer = 0;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--person") == 0 && i + 1 < argc)
			address = argv[++i];
		else
			str_printf(&words, "%s%s", words.n == 0 ? "" : " ", argv[i]);
	}
	if (words.n == 0)
		return cli_usage("find", "find what?");
	int result = campus_open(&campus, cli->dir, STORE_READ, &err);
	if (result == 0)
		result = person_id(cli, &campus, address, &viewer, &err);
	if (result == 0)
		result = store_find(campus.store, str_c(&words), viewer, 50, &cli->arena, &list, &err) < 0 ? -1 : print_entries(cli, &campus, &list, "Nothing found.", &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	str_release(&words);
	campus_close(&campus);
	return code;
}

static void print_one(const struct entry *e, const char *who)
{
	char day[16];
	printf("%lld  %s%s\n", (long long)e->id, e->starred ? "⭐ " : "", e->title);
	printf("  %s, %s, %s\n", who, day_iso(day, e->day), kind_name(e->kind));
	printf("  %d min, %d credited, %s: %s\n", e->actual, e->credited, claim_state_name(e->claim), e->reason);
	if (e->flag != NULL && e->flag[0] != '\0')
		printf("  flagged: %s\n", e->flag);
	if (e->source[0] != '\0')
		printf("  from %s\n", e->source);
	if (e->is_private || e->nocredit || e->undone)
		printf("  %s%s%s\n", e->is_private ? "private " : "", e->nocredit ? "nocredit " : "", e->undone ? "undone" : "");
	if (e->note[0] != '\0')
		printf("\n%s\n", e->note);
	for (size_t i = 0; i < e->n_links; i++)
		printf("%s  %s%s%s\n", i == 0 ? "\n" : "", e->links[i].title, e->links[i].title[0] == '\0' ? "" : "  ", e->links[i].url);
}

static int print_history(struct cli *cli, struct campus *campus, int64_t id, struct err *err)
{
	struct changes changes = {0};
	struct ledger ledger = {0};
	char day[16];
	if (store_history(campus->store, id, &cli->arena, &changes, err) < 0 || store_ledger(campus->store, 0, id, &cli->arena, &ledger, err) < 0)
		return -1;
	for (size_t i = 0; i < changes.n; i++)
		printf("%s  %s  %s: %s → %s\n", i == 0 ? "\nChanges\n" : "", day_iso(day, campus_today(campus, NULL, changes.v[i].at)), changes.v[i].field,
		       changes.v[i].was, changes.v[i].is);
	for (size_t i = 0; i < ledger.n; i++) {
		const struct ledger_line *l = &ledger.v[i];
		struct person by;
		int found = l->by_person == 0 ? 0 : store_person(campus->store, l->by_person, &cli->arena, &by, err);
		printf("%s  %s  line %lld  %-8s %4d min  %s%s%s\n", i == 0 ? "\nLedger\n" : "", day_iso(day, campus_today(campus, NULL, l->at)), (long long)l->id,
		       ledger_verb_name(l->verb), l->credited, l->reason, found > 0 ? ", by " : "", found > 0 ? by.name : "");
	}
	return 0;
}

int cmd_show(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct entry e;
	struct person p;
	char *end = NULL;
	long long id = argc == 2 ? strtoll(argv[1], &end, 10) : 0;
	if (argc != 2 || end == argv[1] || *end != '\0')
		return cli_usage("show", "show which entry?");
	int result = campus_open(&campus, cli->dir, STORE_READ, &err);
	if (result == 0)
		result = store_entry(campus.store, id, &cli->arena, &e, &err);
	if (result == 0)
		result = err_set(&err, "no entry %lld", id);
	if (result > 0 && cli->format != FORMAT_TABLE)
		result = print_entries(cli, &campus, &(struct entries){&e, 1}, "", &err);
	else if (result > 0) {
		print_one(&e, store_person(campus.store, e.person, &cli->arena, &p, &err) > 0 ? p.name : "");
		result = print_history(cli, &campus, id, &err);
	}
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
