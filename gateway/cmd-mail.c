#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gateway/cli.h"
#include "gateway/keeper.h"
#include "gateway/lock.h"
#include "gateway/log.h"

/* poll, send, ingest: one pass each. */

static void print_counts(const struct keeper_counts *c, unsigned work)
{
	if (work & KEEPER_POSTMEN)
		printf("%zu letter%s sent, %zu refused, %zu to be tried again\n", c->letters_sent, c->letters_sent == 1 ? "" : "s", c->letters_failed, c->letters_later);
	else
		printf("%zu mail%s: %zu logged, %zu held, %zu in quarantine, %zu seen before\n", c->mails, c->mails == 1 ? "" : "s", c->entries, c->held, c->quarantined, c->duplicates);
}

static int open_for_work(struct cli *cli, struct campus *campus, struct err *err)
{
	struct import_count count;
	if (campus_open(campus, cli->dir, STORE_CREATE, err) < 0 || roster_refresh(campus, &count, err) < 0)
		return -1;
	/* a person at a terminal sees the summary; the log lines are for a service and for those who redirect */
	log_setup("plnpost", isatty(STDERR_FILENO) ? LOG_LINE_WARNING : (enum log_level)campus->config.log_level);
	return 0;
}

static int trouble_code(const struct keeper_counts *c)
{
	if (c->trouble.text[0] == '\0')
		return EX_OK;
	fprintf(stderr, "plnpost: %s\n", c->trouble.text);
	return c->fatal ? EX_CONFIG : EX_TEMPFAIL;
}

static int one_pass(struct cli *cli, unsigned work, const char *what)
{
	struct campus campus = {0};
	struct err err = {0};
	struct progress progress;
	int code = EX_OK;
	int lock = lock_campus(cli->dir, &err);
	if (lock < 0)
		return cli_fail(EX_CONFIG, &err);
	struct keeper *k = open_for_work(cli, &campus, &err) < 0 ? NULL : keeper_open(&campus, work, &err);
	if (k == NULL) {
		code = cli_fail(EX_CONFIG, &err);
		goto out;
	}
	progress_start(&progress, what);
	int result = keeper_pass(k, &progress, &err);
	progress_done(&progress);
	print_counts(keeper_counts(k), work);
	code = result < 0 ? cli_fail(EX_SOFTWARE, &err) : trouble_code(keeper_counts(k));
out:
	keeper_close(k);
	campus_close(&campus);
	close(lock);
	return code;
}

int cmd_poll(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc > 1 ? cli_usage("poll", "poll takes no arguments") : one_pass(cli, KEEPER_GATES, "polling");
}

int cmd_send(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc > 1 ? cli_usage("send", "send takes no arguments") : one_pass(cli, KEEPER_POSTMEN, "sending");
}

static int take_mail(void *ctx, struct span raw, struct err *err)
{
	return keeper_ingest(ctx, raw, err);
}

int cmd_ingest(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct progress progress;
	int result = -1;
	int code = EX_TEMPFAIL;
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' && argv[i][1] != '\0')
			return cli_usage("ingest", "no option %s", argv[i]);
	struct keeper *k = open_for_work(cli, &campus, &err) < 0 ? NULL : keeper_open(&campus, 0, &err);
	if (k == NULL) {
		cli_fail(EX_TEMPFAIL, &err); /* a mail transport must not bounce what a mended configuration would take */
		campus_close(&campus);
		return EX_TEMPFAIL;
	}
	static char from_stdin[] = "-";
	size_t max = campus.reading.max_mail;
	progress_start(&progress, "ingesting");
	result = argc > 1 ? 0 : mail_file_each(from_stdin, max, take_mail, k, &err);
	for (int i = 1; i < argc && result == 0; i++)
		result = mail_file_each(argv[i], max, take_mail, k, &err);
	code = result < 0 ? cli_fail(err.temporary ? EX_TEMPFAIL : EX_NOINPUT, &err) : EX_OK;
	/* what was taken is committed, whatever became of the rest */
	if (keeper_pass(k, &progress, &err) < 0)
		code = cli_fail(EX_TEMPFAIL, &err);
	progress_done(&progress);
	if (isatty(STDOUT_FILENO) || (argc > 1 && strcmp(argv[1], "-") != 0))
		print_counts(keeper_counts(k), 0);
	keeper_close(k);
	campus_close(&campus);
	return code;
}
