#include <stdio.h>
#include <string.h>

#include "gateway/campus.h"
#include "gateway/cmd-rules.h"
#include "gateway/file.h"
#include "gateway/table.h"
#include "rules/shipped.h"

/* rules, config: what the campus has settled. */

static const struct column rule_columns[] = {
	{"section", "Section", false, false, false}, {"name", "Name", false, false, false}, {"what", "What it does", false, true, false}, {"line", "Line", true, false, true},
};

static struct ruleset *read_rules(struct cli *cli, const char *path, struct str *text, struct err *err)
{
	const struct shipped *shipped = path == NULL || file_exists(path) ? NULL : shipped_find(shipped_rules, path);
	struct config config;
	if (shipped != NULL)
		return ruleset_parse(path, (struct span){shipped->text, shipped->n}, err);
	if (path == NULL) {
		if (config_load(cli->dir, &cli->arena, &config, err) < 0)
			return NULL;
		path = config_path(&config, &cli->arena, config.rules);
	}
	if (file_read(path, text, err) < 0)
		return NULL;
	return ruleset_parse(path, (struct span){str_c(text), text->n}, err);
}

struct ruleset *rules_open(struct cli *cli, const char *path, struct err *err)
{
	struct str text = {0};
	struct ruleset *rules = read_rules(cli, path, &text, err);
	str_release(&text);
	return rules;
}

int cmd_rules(struct cli *cli, int argc, char **argv)
{
	struct err err = {0};
	struct rule_row *rows = NULL;
	const char *verb = argc > 1 ? argv[1] : "list";
	if (strcmp(verb, "simulate") == 0)
		return cmd_rules_simulate(cli, argc, argv);
	if (argc > 3 || (strcmp(verb, "check") != 0 && strcmp(verb, "list") != 0))
		return cli_usage("rules", "check, list or simulate?");
	struct ruleset *rules = rules_open(cli, argc > 2 ? argv[2] : NULL, &err);
	if (rules == NULL)
		return cli_fail(EX_DATAERR, &err);
	size_t n = ruleset_rows(rules, &cli->arena, &rows);
	if (strcmp(verb, "check") == 0)
		printf("The ruleset is right: %zu rules.\n", n);
	else {
		struct table table;
		table_open(&table, cli, rule_columns, sizeof rule_columns / sizeof *rule_columns);
		for (size_t i = 0; i < n; i++) {
			const char *cells[] = {rows[i].section, rows[i].name, rows[i].what, arena_printf(&cli->arena, "%d", rows[i].line)};
			table_row(&table, cells);
		}
		table_close(&table);
	}
	ruleset_close(rules);
	return EX_OK;
}

int cmd_config(struct cli *cli, int argc, char **argv)
{
	struct config config;
	struct err err = {0};
	if (argc == 2 && strcmp(argv[1], "--defaults") == 0) {
		config_print(stdout, NULL);
		return EX_OK;
	}
	if (argc == 2 && strcmp(argv[1], "--man") == 0) { /* for contrib/man */
		config_print_man(stdout);
		return EX_OK;
	}
	if (argc > 1)
		return cli_usage("config", "no option %s", argv[1]);
	if (config_load(cli->dir, &cli->arena, &config, &err) < 0)
		return cli_fail(EX_CONFIG, &err);
	config_print(stdout, &config);
	return EX_OK;
}
