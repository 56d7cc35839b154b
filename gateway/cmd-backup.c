#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "gateway/campus.h"
#include "gateway/cli.h"
#include "gateway/file.h"
#include "gateway/transcript.h"

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

struct audit_options {
	const char *file, *head, *transcript;
};

static int read_options(struct audit_options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char **into = strcmp(argv[i], "--head") == 0 ? &o->head : strcmp(argv[i], "--transcript") == 0 ? &o->transcript : NULL;
		if (into != NULL && i + 1 >= argc)
			return cli_usage("audit", "%s needs a value", argv[i]);
		if (into != NULL)
			*into = argv[++i];
		else if (argv[i][0] == '-' || o->file != NULL)
			return cli_usage("audit", argv[i][0] == '-' ? "no option %s" : "one file at a time, not %s as well", argv[i]);
		else
			o->file = argv[i];
	}
	return o->head != NULL && o->transcript != NULL ? cli_usage("audit", "a head or a transcript, not both") : EX_OK;
}

/* "1042 9f3c…": what an earlier audit printed. */
static int read_head(const char *text, int64_t *id, char hex[2 * HASH_BYTES + 1], struct err *err)
{
	char rest[2];
	long long number = 0;
	if (sscanf(text, "%18lld %64[0-9a-fA-F]%1s", &number, hex, rest) != 2 || number <= 0 || strlen(hex) != (size_t)2 * HASH_BYTES)
		return err_set(err, "--head \"%s\": say the line's number and its hash, as plnpost audit prints them", text);
	*id = number;
	return 0;
}

/* Whether the ledger still holds the line that was noted: 1, 0 said, -1. */
static int check_noted(struct campus *campus, const char *text, struct err *err)
{
	char hex[2 * HASH_BYTES + 1], now[2 * HASH_BYTES + 1];
	uint8_t hash[HASH_BYTES];
	int64_t id = 0, found;
	if (read_head(text, &id, hex, err) < 0)
		return -1;
	int got = store_line_hash(campus->store, id, &found, hash, err);
	if (got < 0)
		return -1;
	if (got == 0) {
		printf("The ledger has no line %lld: lines are missing since it was noted.\n", (long long)id);
		return 0;
	}
	hash_hex(now, hash);
	if (strcasecmp(now, hex) != 0) {
		printf("Line %lld is not the line that was noted: the ledger was written anew.\n", (long long)id);
		return 0;
	}
	printf("Line %lld is the line that was noted: nothing up to it was changed, left out or moved.\n", (long long)id);
	return 1;
}

static int print_head(struct campus *campus, struct err *err)
{
	char hex[2 * HASH_BYTES + 1];
	uint8_t hash[HASH_BYTES];
	int64_t id;
	int got = store_line_hash(campus->store, 0, &id, hash, err);
	if (got <= 0)
		return got;
	hash_hex(hex, hash);
	printf("Note its head, to prove later that nothing before it was changed: --head \"%lld %s\"\n", (long long)id, hex);
	return 0;
}

static int audit_log(struct campus *campus, const struct audit_options *o, struct err *err)
{
	int n = 0;
	int sound = store_audit(campus->store, say, &n, err);
	if (sound < 0)
		return -1;
	if (sound > 0)
		puts("The log is sound: structure, ledger chain and sums.");
	else
		printf("%d finding%s: restore a backup, or ask who changed the file.\n", n, n == 1 ? "" : "s");
	if (o->head == NULL)
		return sound > 0 && print_head(campus, err) < 0 ? -1 : sound;
	int noted = check_noted(campus, o->head, err);
	return noted < 0 ? -1 : noted > 0 && sound > 0;
}

/* The campus's own log, or that file instead of it: an auditor who has nothing but a backup can prove it; only a transcript needs to know
 * the campus's school years and its zone. */
static int open_log(struct campus *campus, const char *dir, const struct audit_options *o, struct err *err)
{
	if (o->file == NULL)
		return campus_open(campus, dir, STORE_READ, err);
	if (o->transcript != NULL && campus_load(campus, dir, err) < 0)
		return -1;
	campus->store = store_open(o->file, STORE_READ, err);
	return campus->store == NULL ? -1 : 0;
}

int cmd_audit(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct audit_options o = {0};
	int code = read_options(&o, argc, argv);
	if (code != EX_OK)
		return code;
	int result = open_log(&campus, cli->dir, &o, &err);
	if (result == 0 && o.transcript != NULL) {
		code = transcript_check(&campus, &cli->arena, o.transcript);
	} else {
		if (result == 0)
			result = audit_log(&campus, &o, &err);
		code = result < 0 ? cli_fail(EX_DATAERR, &err) : result == 0 ? EX_DATAERR : EX_OK;
	}
	campus_close(&campus);
	return code;
}
