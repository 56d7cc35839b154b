#include <stdio.h>
#include <string.h>

#include "gateway/campus.h"
#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/retention.h"
#include "gateway/table.h"

#define MISSING_MAX 10 /* people of whom it is said that a file lacks them */

static const struct column people_columns[] = {
	{"name", "Name", false, true, false}, {"addresses", "Addresses", false, true, false}, {"role", "Role", false, false, false}, {"zone", "Zone", false, false, false},
	{"approver", "Approver", false, true, false}, {"receipts", "Receipts", false, false, false}, {"digest", "Digest", false, false, false}, {"joined", "Joined", false, false, false},
	{"shared", "Shared", false, true, false}, {"state", "State", false, false, false},
};

static const char *joined(struct arena *arena, const struct strs *list)
{
	const char *all = "";
	for (size_t i = 0; i < list->n; i++)
		all = arena_printf(arena, "%s%s%s", all, i == 0 ? "" : " ", list->v[i]);
	return all;
}

static const char *state_of(const struct person *p)
{
	if (p->removed)
		return "removed";
	if (p->left)
		return "left";
	return p->paused_until <= clock_now() ? "" : p->paused_why != NULL ? p->paused_why : "paused";
}

static int list(struct cli *cli, struct campus *campus, struct err *err)
{
	struct roster people = {0};
	struct table table;
	if (store_people(campus->store, true, &cli->arena, &people, err) < 0)
		return -1;
	table_open(&table, cli, people_columns, sizeof people_columns / sizeof *people_columns);
	for (size_t i = 0; i < people.n; i++) {
		const struct person *p = &people.people[i];
		char day[16];
		const char *cells[] = {p->name, joined(&cli->arena, &p->addresses), person_role_name(p->role), p->zone, p->approver, wish_name(p->receipts), rhythm_name(p->digest),
		                       p->joined == 0 ? "" : day_iso(day, p->joined), joined(&cli->arena, &p->shared), state_of(p)};
		table_row(&table, cells);
	}
	if (people.n == 0 && cli->format == FORMAT_TABLE)
		puts("The roster is empty: plnpost people import FILE.csv, or plnpost people add NAME ADDRESS");
	else
		table_close(&table);
	return 0;
}

static bool in_file(const struct roster *file, const struct person *p)
{
	for (size_t i = 0; i < file->n; i++)
		for (size_t a = 0; a < p->addresses.n; a++)
			if (strs_has_nocase(&file->people[i].addresses, p->addresses.v[a]))
				return true;
	return false;
}

/* A file does not say who left: whoever is not in it is told, with what waits. */
static int tell_missing(struct campus *campus, const struct roster *file, struct arena *arena, struct err *err)
{
	struct roster people = {0};
	size_t n = 0;
	if (store_people(campus->store, false, arena, &people, err) < 0)
		return -1;
	for (size_t i = 0; i < people.n; i++) {
		const struct person *p = &people.people[i];
		struct totals t;
		if (in_file(file, p) || n++ >= MISSING_MAX)
			continue;
		if (store_totals(campus->store, p->id, DAY_NONE, DAY_NONE, &t, err) < 0)
			return -1;
		fprintf(stderr, "not in the file, left as they are: %s%s%s\n", p->name, t.waiting > 0 ? ", with waiting: " : "", t.waiting > 0 ? minutes_text(arena, t.waiting) : "");
	}
	if (n > MISSING_MAX)
		fprintf(stderr, "… and %zu more: plnpost people remove ADDRESS for whoever has left\n", n - MISSING_MAX);
	return 0;
}

static int import(struct campus *campus, const char *path, struct arena *arena, struct err *err)
{
	struct str text = {.max = 8 << 20};
	struct roster roster = {0};
	struct import_count count = {0};
	int result = file_read(path, &text, err);
	if (result == 0)
		result = roster_parse(path, (struct span){str_c(&text), text.n}, clock_zone_check, arena, &roster, err);
	str_release(&text);
	if (result < 0 || store_begin(campus->store, err) < 0)
		return -1;
	if (store_import_people(campus->store, &roster, &count, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	if (store_commit(campus->store, err) < 0)
		return -1;
	printf("%zu added, %zu changed, %zu as they were\n", count.added, count.changed, count.same);
	return tell_missing(campus, &roster, arena, err);
}

static int put(struct campus *campus, struct person *p, struct err *err)
{
	if (store_begin(campus->store, err) < 0)
		return -1;
	if (store_put_person(campus->store, p, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	return store_commit(campus->store, err);
}

/* A one-line roster, so that the same checks hold for `add` and for `import`. */
static int add(struct cli *cli, struct campus *campus, int argc, char **argv, struct err *err)
{
	struct str csv = {0};
	struct roster roster = {0};
	struct strs words = {0};
	const char *role = "", *zone = "", *approver = "", *since = "", *shared = "";
	for (int i = 2; i < argc; i++) {
		bool more = i + 1 < argc;
		if (strcmp(argv[i], "--role") == 0 && more)
			role = argv[++i];
		else if (strcmp(argv[i], "--zone") == 0 && more)
			zone = argv[++i];
		else if (strcmp(argv[i], "--approver") == 0 && more)
			approver = argv[++i];
		else if (strcmp(argv[i], "--joined") == 0 && more)
			since = argv[++i];
		else if (strcmp(argv[i], "--shared") == 0 && more)
			shared = argv[++i];
		else
			strs_add(&words, &cli->arena, argv[i]);
	}
	if (words.n < (shared[0] == '\0' ? 2 : 1))
		return err_set(err, "people add needs a name and an address: plnpost people add \"Ada Rivera\" ada@school.example");
	str_puts(&csv, "name,address,role,zone,approver,joined,shared address\n\"");
	for (const char *c = words.v[0]; *c != '\0'; c++)
		str_printf(&csv, *c == '"' ? "\"\"" : "%c", *c);
	str_puts(&csv, "\",\"");
	for (size_t i = 1; i < words.n; i++)
		str_printf(&csv, "%s%s", i == 1 ? "" : " ", words.v[i]);
	str_printf(&csv, "\",%s,%s,%s,%s,%s\n", role, zone, approver, since, shared);
	int result = roster_parse("people add", (struct span){str_c(&csv), csv.n}, clock_zone_check, &cli->arena, &roster, err);
	str_release(&csv);
	if (result < 0 || roster.n != 1)
		return -1;
	if (put(campus, &roster.people[0], err) < 0)
		return -1;
	printf("%s added\n", roster.people[0].name);
	return 0;
}

static int remove_person(struct cli *cli, struct campus *campus, const char *address, struct err *err)
{
	struct person p;
	int found = store_person_by_address(campus->store, address, &cli->arena, &p, err);
	if (found == 0)
		return err_set(err, "nobody on the roster has the address %s", address);
	p.left = true;
	if (found < 0 || put(campus, &p, err) < 0)
		return -1;
	printf("%s has left; the records stay\n", p.name);
	return 0;
}

/* The value of an option, NULL = not given. What is left in argv are the words. */
static const char *take_option(int *argc, char **argv, const char *name)
{
	for (int i = 2; i + 1 < *argc; i++) {
		if (strcmp(argv[i], name) != 0)
			continue;
		const char *value = argv[i + 1];
		memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i - 2) * sizeof *argv);
		*argc -= 2;
		return value;
	}
	return NULL;
}

struct asked {
	struct cli *cli;
	struct campus *campus;
	int argc;
	char **argv;
	const char *reason, *by;
};

static int do_list(struct asked *a, struct err *err)
{
	return list(a->cli, a->campus, err);
}

static int do_add(struct asked *a, struct err *err)
{
	return add(a->cli, a->campus, a->argc, a->argv, err);
}

static int do_remove(struct asked *a, struct err *err)
{
	return remove_person(a->cli, a->campus, a->argv[2], err);
}

static int do_import(struct asked *a, struct err *err)
{
	return import(a->campus, a->argv[2], &a->cli->arena, err);
}

static int do_export(struct asked *a, struct err *err)
{
	return people_export(a->cli, a->campus, a->argv[2], a->argv[3], err);
}

static int do_rename(struct asked *a, struct err *err)
{
	struct person p;
	if (people_find(a->campus, a->argv[2], &a->cli->arena, &p, err) < 0)
		return -1;
	const char *was = p.name;
	p.name = a->argv[3];
	if (p.name[0] == '\0' || !utf8_valid(p.name, strlen(p.name)))
		return err_set(err, "which name?");
	if (put(a->campus, &p, err) < 0)
		return -1;
	printf("%s is %s from now on\n", was, p.name);
	return 0;
}

static int do_erase(struct asked *a, struct err *err)
{
	return people_erase(a->cli, a->campus, a->argv[2], a->reason, err);
}

static int do_merge(struct asked *a, struct err *err)
{
	return people_merge(a->cli, a->campus, a->argv[2], a->argv[3], a->by, err);
}

static const struct people_verb {
	const char *name;
	int words; /* behind it; -1 = it looks itself */
	enum store_mode mode;
	int (*run)(struct asked *, struct err *);
} verbs[] = {
	{"list", 0, STORE_READ, do_list}, {"add", -1, STORE_CREATE, do_add}, {"remove", 1, STORE_WRITE, do_remove},
	{"import", 1, STORE_CREATE, do_import}, {"export", 2, STORE_READ, do_export}, {"erase", 1, STORE_WRITE, do_erase},
	{"merge", 2, STORE_WRITE, do_merge}, {"rename", 2, STORE_WRITE, do_rename},
};

static const struct people_verb *find_verb(const char *word)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].name, word) == 0)
			return &verbs[i];
	return NULL;
}

int cmd_people(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	const struct people_verb *verb = find_verb(argc > 1 ? argv[1] : "list");
	struct asked asked = {.cli = cli, .campus = &campus, .argv = argv};
	asked.reason = take_option(&argc, argv, "--reason");
	asked.by = take_option(&argc, argv, "--by");
	asked.argc = argc;
	if (verb == NULL || (verb->words >= 0 && argc != verb->words + 2 && argc > 1))
		return cli_usage("people", "what about the roster?");
	int result = campus_open(&campus, cli->dir, verb->mode, &err);
	if (result == 0)
		result = verb->run(&asked, &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
