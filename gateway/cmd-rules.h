#ifndef GATEWAY_CMD_RULES_H
#define GATEWAY_CMD_RULES_H

#include "gateway/cli.h"
#include "rules/ruleset.h"

/* A file, a shipped ruleset's name, or (NULL) the campus's own. */
struct ruleset *rules_open(struct cli *, const char *path, struct err *);
int cmd_rules_simulate(struct cli *, int argc, char **argv); /* argv: rules simulate … */

#endif
