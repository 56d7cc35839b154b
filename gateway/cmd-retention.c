#include <stdio.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/retention.h"

static const struct column columns[] = {
	{"person", "Person", false, true, false}, {"year", "Year", false, false, false}, {"entries", "Entries", true, false, true},
	{"minutes", "Minutes", true, false, true},
};

static const char *first_kept(struct cli *cli, const struct campus *campus)
{
	char day[16];
	return arena_strdup(&cli->arena, day_iso(day, retention_before(campus, clock_now())));
}

static int list(struct cli *cli, struct campus *campus, struct err *err)
{
	struct dues dues = {0};
	struct table table;
	int64_t mails = 0, letters = 0;
	if (retention_proposal(campus, clock_now(), &cli->arena, &dues, &mails, &letters, err) < 0)
		return -1;
	table_open(&table, cli, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < dues.n; i++) {
		char year[16];
		int32_t from, to;
		campus_year(campus, dues.v[i].year, &from, &to, year);
		table_row(&table, (const char *[]){dues.v[i].name, year, arena_printf(&cli->arena, "%zu", dues.v[i].entries),
		                                   arena_printf(&cli->arena, "%d", dues.v[i].minutes)});
	}
	bool none = dues.n == 0 && mails == 0 && letters == 0;
	if (!none || cli->format != FORMAT_TABLE)
		table_close(&table);
	const char *day = first_kept(cli, campus);
	if (none)
		fprintf(stderr, "Nothing is from before %s: nothing is past its years.\n", day);
	else
		fprintf(stderr, "%lld mails and %lld letters are from before %s as well. Nothing was done: --apply takes the words of all this out for good; the figures stay.\n",
		        (long long)mails, (long long)letters, day);
	return 0;
}

/* Called again after it was killed, it may have no more to do than to wipe the file: so it always goes to the end. */
static int apply(struct cli *cli, struct campus *campus, struct err *err)
{
	struct progress progress;
	struct dues dues = {0};
	int64_t mails = 0, letters = 0;
	if (retention_proposal(campus, clock_now(), &cli->arena, &dues, &mails, &letters, err) < 0)
		return -1;
	progress_start(&progress, "taking out");
	int result = retention_apply(campus, clock_now(), 0, &progress, err);
	progress_done(&progress);
	if (result == 0 && dues.n == 0 && mails == 0 && letters == 0)
		printf("Done: nothing is from before %s any more.\n", first_kept(cli, campus));
	else if (result == 0)
		puts("Done: the words are gone, the figures stay, and the ledger says so. Backups made before still hold them: replace them.");
	return result;
}

int cmd_retention(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	bool applies = argc == 2 && strcmp(argv[1], "--apply") == 0;
	if (argc > 1 && !applies)
		return cli_usage("retention", "what about what is past its years?");
	int result = campus_open(&campus, cli->dir, applies ? STORE_WRITE : STORE_READ, &err);
	if (result == 0)
		result = applies ? apply(cli, &campus, &err) : list(cli, &campus, &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
