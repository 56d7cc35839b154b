#include "gateway/role.h"

#include <signal.h>
#include <string.h>

#include "gateway/cli.h"
#include "gateway/keeper.h"

int role_main(const char *role, const char *dir)
{
	signal(SIGINT, SIG_IGN); /* a ^C on the terminal is for the one who started us */
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (strcmp(role, "reader") == 0)
		return reader_main();
	if (strcmp(role, "gate") == 0)
		return gate_main(dir);
	if (strcmp(role, "postman") == 0)
		return postman_main(dir);
	if (strcmp(role, "keeper") == 0)
		return keeper_main(dir);
	return cli_usage(NULL, "no role %s", role);
}
