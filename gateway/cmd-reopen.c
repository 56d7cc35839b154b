#include <stdio.h>
#include <string.h>

#include "gateway/cli.h"
#include "gateway/clock.h"
#include "gateway/reopen.h"
#include "gateway/retention.h"

struct asked_reopen {
	const char *year, *until, *by, *reason;
};

static bool read_words(struct asked_reopen *a, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char **to = strcmp(argv[i], "--until") == 0 ? &a->until : strcmp(argv[i], "--by") == 0 ? &a->by : strcmp(argv[i], "--reason") == 0 ? &a->reason : NULL;
		if (to == NULL && (a->year != NULL || argv[i][0] == '-'))
			return false;
		if (to != NULL && i + 1 == argc)
			return false;
		*(to == NULL ? &a->year : to) = to == NULL ? argv[i] : argv[++i];
	}
	return a->year != NULL && a->until != NULL && a->by != NULL && a->reason != NULL;
}

static int reopen(struct cli *cli, struct campus *campus, const struct asked_reopen *a, struct err *err)
{
	struct desk desk = {campus, campus->store, &cli->arena, clock_now()};
	struct person by;
	const char *sentence = "";
	int32_t until;
	if (day_parse(span_of(a->until), &until) < 0)
		return err_set(err, "--until %s: say a day as 2026-09-30", a->until);
	if (people_find(campus, a->by, &cli->arena, &by, err) < 0 || store_begin(campus->store, err) < 0)
		return -1;
	int done = reopen_year(&desk, &by, a->year, until, a->reason, 0, &sentence, err);
	if (done <= 0) {
		store_rollback(campus->store);
		return done < 0 ? -1 : err_set(err, "%s", sentence);
	}
	if (store_commit(campus->store, err) < 0)
		return -1;
	puts(sentence);
	return 0;
}

int cmd_reopen(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct asked_reopen asked = {0};
	if (!read_words(&asked, argc, argv))
		return cli_usage("reopen", "which year, until when, by whom, and why?");
	int result = campus_open(&campus, cli->dir, STORE_WRITE, &err);
	if (result == 0)
		result = reopen(cli, &campus, &asked, &err);
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
