#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/campus.h"
#include "gateway/cli.h"
#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/mail/mail.h"
#include "gateway/paper.h"
#include "gateway/table.h"

/* Tries everything that `run` will need, one line each; a mark, what was tried, what was found or how to mend it. */

struct checking {
	struct cli *cli;
	struct campus campus;
	int wrong;
};

static void report(struct checking *c, int result, const char *what, const char *detail, const struct err *err)
{
	bool colour = terminal_out();
	const char *mark = result < 0 ? "✗" : "✓";
	const char *paint = !colour ? "" : result < 0 ? "\033[31m" : "\033[32m";
	printf("%s%s%s %-10s %s\n", paint, mark, colour ? "\033[0m" : "", what, result < 0 ? err->text : detail);
	fflush(stdout);
	c->wrong += result < 0;
}

static void check_log(struct checking *c)
{
	struct err err = {0};
	struct arena *arena = &c->cli->arena;
	const char *path = config_path(&c->campus.config, arena, CAMPUS_LOG);
	struct roster people = {0};
	c->campus.store = store_open(path, STORE_CREATE, &err);
	int result = c->campus.store == NULL ? -1 : store_people(c->campus.store, false, arena, &people, &err);
	report(c, result < 0 ? -1 : 0, "log", arena_printf(arena, "%s, %zu people", path, people.n), &err);
	if (result >= 0 && people.n == 0 && !file_exists(config_path(&c->campus.config, arena, "roster.csv")))
		report(c, -1, "roster", NULL, &(struct err){.text = "nobody is on it: plnpost people import FILE.csv"});
	size_t approvers = 0;
	for (size_t i = 0; i < people.n; i++)
		approvers += people.people[i].role == ROLE_APPROVER;
	if (people.n > 0 && approvers == 0 && (ruleset_policy(c->campus.rules)->mode == POLICY_MINUTES || policy_package(ruleset_policy(c->campus.rules))))
		report(c, -1, "roster", NULL, &(struct err){.text = "no approver is on it, so no credit can be granted: give one the role approver"});
}

static void check_roster(struct checking *c)
{
	struct err err = {0};
	struct str text = {.max = 8 << 20};
	struct roster roster = {0};
	const char *path = config_path(&c->campus.config, &c->cli->arena, "roster.csv");
	if (!file_exists(path))
		return;
	int result = file_read(path, &text, &err);
	if (result == 0)
		result = roster_parse(path, (struct span){str_c(&text), text.n}, clock_zone_check, &c->cli->arena, &roster, &err);
	report(c, result, "roster", arena_printf(&c->cli->arena, "%s, %zu people", path, roster.n), &err);
	str_release(&text);
}

static void check_reader(struct checking *c)
{
	struct err err = {0};
	struct arena *arena = &c->cli->arena;
	struct read_answer answer = {0};
	struct reader *reader = reader_open(&c->campus.reading, &err);
	int result = reader == NULL ? -1 : 0;
	if (result == 0) {
		reader_send(reader, 1, SPAN("From: a@b.example\r\nSubject: test\r\n\r\ntest\r\n"));
		int got = reader_next(reader, 10000, arena, &answer, &err);
		if (got <= 0 || answer.killed)
			result = got < 0 ? -1 : err_set(&err, "the reader does not answer in its cage%s%s", answer.killed ? ": " : "", answer.killed ? answer.why : "");
	}
	report(c, result, "reader", "reads in its cage", &err);
	reader_close(reader);
}

static void check_paper(struct checking *c)
{
	struct err err = {0};
	struct str pdf = {0};
	struct paper paper = {.title = "check", .author = "", .foot = "", .size = config_paper_size(&c->campus.config)};
	paper_add(&paper, &c->cli->arena, PAPER_TITLE, "check");
	int result = paper_pdf(&paper, &pdf, &err);
	report(c, result, "paper", paper.size == PAPER_A4 ? "prints on A4" : "prints on letter", &err);
	str_release(&pdf);
}

static void check_auth(struct checking *c)
{
	const struct config *config = &c->campus.config;
	if (config->authservs.n > 0)
		report(c, 0, "sender", arena_printf(&c->cli->arena, "trusts Authentication-Results of %s", config->authservs.v[0]), NULL);
	else if (config->unstamped == UNSTAMPED_CONFIRM)
		report(c, 0, "sender", "no authserv is set: every mail is confirmed at the roster address ([auth] authserv = what your server writes into Authentication-Results)", NULL);
	else
		report(c, 0, "sender", "accepts mail that no server vouched for ([auth] unstamped = accept): only right where nobody outside can deliver to this mailbox", NULL);
}

int cmd_check(struct cli *cli, int argc, char **argv)
{
	struct checking c = {.cli = cli};
	struct err err = {0};
	const char *detail = NULL;
	(void)argv;
	if (argc > 1)
		return cli_usage("check", "check takes no arguments");
	int loaded = campus_load(&c.campus, cli->dir, &err);
	report(&c, loaded, "folder", arena_printf(&cli->arena, "%s: config, rules and templates are right", cli->dir), &err);
	if (loaded == 0) {
		check_roster(&c);
		check_log(&c);
		check_reader(&c);
		check_paper(&c);
		check_auth(&c);
		for (size_t i = 0; i < c.campus.config.n_mailboxes; i++) {
			int result = mail_check_mailbox(&c.campus.config, &c.campus.config.mailboxes[i], &cli->arena, &detail, &err);
			report(&c, result, "mailbox", arena_printf(&cli->arena, "%s: %s", c.campus.config.mailboxes[i].name, result < 0 ? "" : detail), &err);
		}
		int result = mail_check_send(&c.campus.config, &cli->arena, &detail, &err);
		report(&c, result, "send", result < 0 ? "" : detail, &err);
	}
	campus_close(&c.campus);
	printf(c.wrong == 0 ? "All is well.\n" : "%d to mend.\n", c.wrong);
	return c.wrong == 0 ? EX_OK : EX_CONFIG;
}
