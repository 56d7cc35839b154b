#include "gateway/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gateway/log.h"
#include "gateway/program.h"
#include "gateway/role.h"
#include "rules/str.h"

static const struct cli_command commands[] = {
	{"init", cmd_init, "DIR [--sample]", "make a campus folder: config, rules, roster, templates", "  --sample  a Maildir of sample mail as well\n"},
	{"check", NULL, "", "try config, rules, logins, folders and SMTP; say what is wrong and how to mend it", NULL},
	{"run", cmd_run, "", "serve until SIGTERM: fetch, log, answer, digest, deliver", NULL},
	{"poll", cmd_poll, "", "one pass over the mailboxes", NULL},
	{"send", cmd_send, "", "one pass over the outbox", NULL},
	{"ingest", cmd_ingest, "[FILE…|-]", "log mails from files, mboxes or standard input (as a pipe transport)", NULL},
	{"explain", NULL, "[--json] [--authserv ID] [FILE…|-]", "what a mail says and what the rules would do; changes nothing",
	 "  --json         one JSON object a line and mail\n  --authserv ID  trust Authentication-Results of this server\n"},
	{"link", NULL, "[--json] URL [BASE]", "parse, unwrap and clean one link", "  --json  one JSON object\n"},
	{"digest", cmd_digest, "[--week 2026-W47] [--for ADDRESS] [--preview DIR]", "queue a week's digests, or write them to a folder to look at",
	 "  --week     an ISO week; default: the last whole one\n  --for      one person only\n  --preview  write NAME.eml and NAME.html to DIR, send nothing\n"},
	{"status", cmd_status, "[ADDRESS]", "how the campus, or a person, stands", NULL},
	{"log", cmd_log, "[--person ADDRESS] [--from DAY] [--to DAY] [--kind KIND] [--tag TAG] [--starred] [--held|--quarantined|--letters]",
	 "entries, newest first; or mails held, in quarantine, or letters",
	 "  --limit N  at most N rows (100)\n  --letters  the outbox and what became of each letter\n"},
	{"show", cmd_show, "ID", "one entry with its links, history and credit", NULL},
	{"find", cmd_find, "[--person ADDRESS] WORDS…", "full-text search in the log", NULL},
	{"people", cmd_people, "list | add NAME ADDRESS… | remove ADDRESS | import FILE.csv | export ADDRESS DIR | erase ADDRESS | merge KEEP GONE | rename ADDRESS NAME", "the roster, and what is kept about a person",
	 "  --role teacher|approver|auditor|guest|operator   for add\n  --zone ZONE --approver ADDRESS                   for add\n"
	 "  --joined DAY --shared ADDRESS                    for add: since when; a mailbox that several people write from\n"
	 "  --reason WORDS                                   for erase: kept in the ledger, so no names\n"
	 "  --by ADDRESS                                     for merge: who says that the two are one\n"},
	{"approve", cmd_approve, "[list | --ask | --remind | ENTRY… --by ADDRESS [--minutes N | --deny REASON] | delegate APPROVER [ADDRESS [--remove]]]",
	 "what waits for approval; ask the approvers now; decide it here; who may answer for an approver",
	 "  --ask                                    writes the approval letters now\n"
	 "  --remind                                 reminds, or asks others, about what waits for too long\n  --by ADDRESS                             whose decision it is\n"
	 "  delegate APPROVER [ADDRESS [--remove]]   lists, registers or takes away who may answer for that approver\n"},
	{"plan", cmd_plan, "[list | show ADDRESS | goal list | goal add WORDS | goal remove N | approve ADDRESS --by ADDRESS [--ask WORDS | --deny REASON]]",
	 "plans with their history, and the campus's goals",
	 "  --year 2026  the school year that begins then; default: this one\n  --by         whose decision it is\n  --ask WORDS  a question to its owner instead\n"
	 "  --deny       with the reason, which its owner reads\n"},
	{"rules", cmd_rules, "check [FILE] | list [FILE] | simulate NEW.rules [--year 2026] [--person ADDRESS] [--all]",
	 "whether the ruleset is right; its rules as a table; a year under other rules",
	 "  simulate NEW.rules   who would be credited what, and why, under that file or a shipped one; changes nothing\n"
	 "  --year 2026          the school year that begins then; default: this one\n"
	 "  --person ADDRESS     entry by entry\n  --all                also what stays the same\n"},
	{"config", cmd_config, "[--defaults]", "every setting with its value and what it means", NULL},
	{"reopen", cmd_reopen, "YEAR --until DAY --by ADDRESS --reason WORDS", "let a school year (2025/26) take late claims again; the ledger says so", NULL},
	{"retention", cmd_retention, "[--apply]", "what is past the years that the rules keep it for; --apply takes its words out for good", NULL},
	{"backup", cmd_backup, "FILE", "a consistent copy of the log, also while the gateway runs", NULL},
	{"report", cmd_report, "[--year 2026 | --month 2026-10] [--to DIR] [--sceptic]", "the campus in sums over people; groups below five are not told",
	 "  --to DIR          report.html, report.csv, sceptic.html in that folder\n  --sceptic         the sceptic's one page\n"
	 "  --format FORMAT   table (default), csv or html\n"},
	{"export", cmd_export, "transcript|entries|bookmarks ADDRESS [--year 2026] [--to FILE|DIR] [--bom]", "a person's records as files",
	 "  --format FORMAT   of a transcript: csv (default), html, pdf or txt\n  --bom             begin a CSV as Excel likes it\n"},
	{"audit", cmd_audit, "[FILE.db] [--head \"ID HEX\"] [--transcript FILE.csv|CODE]", "prove the log or a backup: structure, ledger chain, sums; or a transcript",
	 "  --head        the ledger still holds the line that was noted down\n  --transcript  a transcript is genuine and still so (0), no longer so (1), or not (65)\n"},
};

int cli_fail(int code, const struct err *err)
{
	fprintf(stderr, "plnpost: %s\n", err->text);
	return err->temporary ? EX_TEMPFAIL : code;
}

static const struct cli_command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int cli_usage(const char *command, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("plnpost: ", stderr);
	vfprintf(stderr, format, args);
	va_end(args);
	const struct cli_command *c = command == NULL ? NULL : find_command(command);
	fprintf(stderr, c == NULL ? "\nusage: plnpost COMMAND …; plnpost --help lists them\n" : "\nusage: plnpost %s %s\n", c == NULL ? "" : c->name,
	        c == NULL ? "" : c->args);
	return EX_USAGE;
}

static int help_all(void)
{
	puts("plnpost - mail gateway and digests for a campus's professional learning\n\n"
	     "usage: plnpost [-C DIR] [--format table|json|csv] COMMAND …\n");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		printf("  %-9s %s\n", commands[i].name, commands[i].help);
	puts("\n  -C DIR     the campus folder (default: this one)\n  --format   of lists\n  --version  of this program\n\n"
	     "plnpost COMMAND --help tells more. Exit codes are sysexits': 75 means try again later.");
	return EX_OK;
}

static int help_one(const struct cli_command *c)
{
	printf("usage: plnpost %s %s\n\n%s\n", c->name, c->args, c->help);
	if (c->more != NULL)
		printf("\n%s", c->more);
	return EX_OK;
}

/* Further words for --format that a command takes. */
static const struct {
	const char *command, *formats;
} own_formats[] = {{"report", "html"}, {"export", "html pdf txt"}};

static const char *formats_of(const struct cli_command *c)
{
	for (size_t i = 0; i < sizeof own_formats / sizeof *own_formats; i++)
		if (strcmp(own_formats[i].command, c->name) == 0)
			return own_formats[i].formats;
	return NULL;
}

/* What --format said, once the command is known. */
static int set_format(struct cli *cli, const struct cli_command *c)
{
	static const char *const words[] = {"table", "json", "csv"};
	const char *formats = formats_of(c);
	struct span own = span_of(formats), word;
	if (cli->word == NULL)
		return EX_OK;
	for (unsigned i = 0; i < 3; i++)
		if (strcmp(words[i], cli->word) == 0) {
			cli->format = (enum cli_format)i;
			return EX_OK;
		}
	while (span_until(&own, ' ', &word))
		if (span_eq(word, cli->word))
			return EX_OK;
	return cli_usage(c->name, "--format %s: say table, json or csv%s%s", cli->word, formats == NULL ? "" : ", or ", formats == NULL ? "" : formats);
}

/* The options before the command. Answers the index of the command, or -1 when *code says how it ended. */
static int global_options(struct cli *cli, const struct cli_program *program, int argc, char **argv, int *code)
{
	int i = 1;
	for (; i < argc && argv[i][0] == '-'; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		*code = EX_OK;
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			*code = help_all();
		else if (strcmp(argv[i], "--version") == 0)
			printf("plnpost %s\n", program_version);
		else if (strcmp(argv[i], "-C") == 0 && value != NULL) {
			cli->dir = argv[++i];
			continue;
		} else if (strcmp(argv[i], "--format") == 0 && value != NULL) {
			cli->word = argv[++i];
			continue;
		} else if (strcmp(argv[i], "--of") == 0 && value != NULL && strcmp(value, program_version) == 0) {
			cli->of = argv[++i];
			continue;
		} else if (strcmp(argv[i], "--of") == 0 && value != NULL)
			*code = program_other(value);
		else if (strcmp(argv[i], "--role") == 0 && value != NULL)
			*code = cli->of == NULL ? program_other(NULL) : role_main(program->roles, program->n_roles, value, cli->dir);
		else
			*code = cli_usage(NULL, "no option %s before the command", argv[i]);
		return -1;
	}
	return i;
}

/* --format may stand behind the command as well. */
static void late_format(struct cli *cli, int *argc, char **argv)
{
	int out = 1;
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			while (i < *argc)
				argv[out++] = argv[i++];
			break;
		}
		if (strcmp(argv[i], "--format") != 0) {
			argv[out++] = argv[i];
			continue;
		}
		cli->word = i + 1 < *argc ? argv[++i] : "";
	}
	*argc = out;
}

/* plnpost-worker with the same words, behind our version. */
static int go_far(int argc, char **argv)
{
	struct arena arena = {0};
	struct err err;
	const char *path = program_find(WORKER_PROGRAM, &arena, &err);
	if (path != NULL) {
		char **args = arena_alloc(&arena, ((size_t)argc + 3) * sizeof *args), of[] = "--of";
		args[0] = argv[0];
		args[1] = of;
		args[2] = arena_strdup(&arena, program_version);
		memcpy(args + 3, argv + 1, (size_t)argc * sizeof *args); /* with the NULL behind */
		execv(path, args);
		err_set(&err, "%s: %s", path, strerror(errno));
	}
	arena_release(&arena);
	return cli_fail(EX_UNAVAILABLE, &err);
}

static const struct cli_far *find_far(const struct cli_program *program, const char *name)
{
	for (size_t i = 0; i < program->n_far; i++)
		if (strcmp(program->far[i].name, name) == 0)
			return &program->far[i];
	return NULL;
}

int cli_main(int argc, char **argv, const struct cli_program *program)
{
	struct cli cli = {.dir = "."};
	int code = EX_OK;
	int at = global_options(&cli, program, argc, argv, &code);
	if (at < 0)
		return code;
	if (at >= argc)
		return cli_usage(NULL, "which command?");
	const struct cli_command *c = find_command(argv[at]);
	if (c == NULL)
		return cli_usage(NULL, "no command \"%s\"", argv[at]);
	const struct cli_far *far = find_far(program, c->name);
	if (c->run == NULL && far == NULL)
		return go_far(argc, argv);
	argc -= at;
	argv += at;
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return help_one(c);
	late_format(&cli, &argc, argv);
	code = set_format(&cli, c);
	if (code == EX_OK)
		code = (far != NULL ? far->run : c->run)(&cli, argc, argv);
	arena_release(&cli.arena);
	if (fflush(stdout) != 0 && code == EX_OK) {
		fputs("plnpost: standard output could not be written\n", stderr);
		code = EX_IOERR;
	}
	return code;
}
