#include "gateway/role.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

int role_main(const struct role *roles, size_t n, const char *name, const char *dir)
{
	char process[16];
	snprintf(process, sizeof process, "pln-%s", name); /* started by a file descriptor, it would be called by its number */
	prctl(PR_SET_NAME, process);
	signal(SIGINT, SIG_IGN); /* a ^C on the terminal is for the one who started us */
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN); /* each is told to stop by its channel, and ends with it */
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < n; i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].run(dir);
	return cli_usage(NULL, "no role %s in this program", name);
}
