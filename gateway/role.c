#include "gateway/role.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "gateway/program.h"

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
	/* plnpost itself was asked because its worker is not there */
	struct arena arena = {0};
	struct err err = {0};
	bool there = program_find(WORKER_PROGRAM, &arena, &err) != NULL;
	arena_release(&arena);
	return there ? cli_usage(NULL, "no role %s in this program", name) : cli_fail(EX_UNAVAILABLE, &err);
}
