#ifndef GATEWAY_CLI_H
#define GATEWAY_CLI_H

#include <sysexits.h>

#include "rules/arena.h"
#include "rules/err.h"
#include "rules/str.h"

/* The command line: plnpost [-C DIR] [--format table|json|csv] COMMAND …. Each command is a row of the table in cli.c and a
 * function cmd_NAME in cmd-NAME.c that answers a sysexits code. Results go to stdout, everything else to stderr. */
enum cli_format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV };

struct cli {
	const char *dir;         /* the campus folder */
	enum cli_format format;
	const char *word;        /* what --format said; NULL */
	const char *of;          /* the version of the plnpost that started this program; NULL */
	struct arena arena;      /* of this command */
};

struct cli_command {
	const char *name;
	int (*run)(struct cli *, int argc, char **argv); /* argv[0] is the command's name; NULL = plnpost-worker has it */
	const char *args, *help; /* for --help: "[--json] [FILE…|-]", "what a mail says …" */
	const char *more;        /* the option lines of COMMAND --help; NULL */
};

struct cli_far { /* a command that only this program has */
	const char *name;
	int (*run)(struct cli *, int argc, char **argv);
};
struct role;
struct cli_program {
	const struct cli_far *far;
	size_t n_far;
	const struct role *roles;
	size_t n_roles;
};

int cli_main(int argc, char **argv, const struct cli_program *);
/* "plnpost: text" on stderr; answers EX_TEMPFAIL for a temporary error, else the code given. */
int cli_fail(int code, const struct err *);
int cli_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3))); /* says so and how; EX_USAGE */

int cmd_init(struct cli *, int argc, char **argv);
int cmd_check(struct cli *, int argc, char **argv);
int cmd_run(struct cli *, int argc, char **argv);
int cmd_poll(struct cli *, int argc, char **argv);
int cmd_send(struct cli *, int argc, char **argv);
int cmd_ingest(struct cli *, int argc, char **argv);
int cmd_explain(struct cli *, int argc, char **argv);
int cmd_link(struct cli *, int argc, char **argv);
int cmd_digest(struct cli *, int argc, char **argv);
int cmd_status(struct cli *, int argc, char **argv);
int cmd_log(struct cli *, int argc, char **argv);
int cmd_show(struct cli *, int argc, char **argv);
int cmd_find(struct cli *, int argc, char **argv);
int cmd_people(struct cli *, int argc, char **argv);
int cmd_approve(struct cli *, int argc, char **argv);
int cmd_plan(struct cli *, int argc, char **argv);
int cmd_rules(struct cli *, int argc, char **argv);
int cmd_config(struct cli *, int argc, char **argv);
int cmd_backup(struct cli *, int argc, char **argv);
int cmd_report(struct cli *, int argc, char **argv);
int cmd_export(struct cli *, int argc, char **argv);
int cmd_reopen(struct cli *, int argc, char **argv);
int cmd_retention(struct cli *, int argc, char **argv);
int cmd_audit(struct cli *, int argc, char **argv);

#endif
