#include <stdio.h>

#include "gateway/campus.h"
#include "gateway/cli.h"
#include "gateway/file.h"

int cmd_backup(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	if (argc != 2)
		return cli_usage("backup", "to which file?");
	if (file_exists(argv[1]))
		return cli_usage("backup", "%s is there already: name a new file", argv[1]);
	int result = campus_open(&campus, cli->dir, STORE_WRITE, &err); /* VACUUM INTO wants a connection that may write */
	if (result == 0)
		result = store_backup(campus.store, argv[1], &err);
	int code = result < 0 ? cli_fail(EX_CANTCREAT, &err) : EX_OK;
	if (code == EX_OK)
		printf("%s holds the whole log\n", argv[1]);
	campus_close(&campus);
	return code;
}

static void say(void *ctx, const char *finding)
{
	int *n = ctx;
	++*n;
	printf("%s\n", finding);
}

int cmd_audit(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	int n = 0;
	(void)argv;
	if (argc > 1)
		return cli_usage("audit", "audit takes no arguments");
	int result = campus_open(&campus, cli->dir, STORE_READ, &err);
	if (result == 0)
		result = store_audit(campus.store, say, &n, &err);
	if (result > 0)
		puts("The log is sound: structure, ledger chain and sums.");
	else if (result == 0)
		printf("%d finding%s: restore a backup, or ask who changed the file.\n", n, n == 1 ? "" : "s");
	int code = result < 0 ? cli_fail(EX_DATAERR, &err) : result == 0 ? EX_DATAERR : EX_OK;
	campus_close(&campus);
	return code;
}
