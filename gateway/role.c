#include "gateway/role.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "gateway/cli.h"
#include "gateway/fetcher.h"
#include "gateway/keeper.h"

int role_main(const char *role, const char *dir)
{
	char name[16];
	snprintf(name, sizeof name, "pln-%s", role); /* started by /proc/self/exe, it would be called "exe" */
	prctl(PR_SET_NAME, name);
	signal(SIGINT, SIG_IGN); /* a ^C on the terminal is for the one who started us */
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN); /* each is told to stop by its channel, and ends with it */
	signal(SIGPIPE, SIG_IGN);
	if (strcmp(role, "reader") == 0)
		return reader_main();
	if (strcmp(role, "gate") == 0)
		return gate_main(dir);
	if (strcmp(role, "postman") == 0)
		return postman_main(dir);
	if (strcmp(role, "keeper") == 0)
		return keeper_main(dir);
	if (strcmp(role, "fetcher") == 0)
		return fetcher_main();
	return cli_usage(NULL, "no role %s", role);
}
