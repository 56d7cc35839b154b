#ifndef GATEWAY_ROLE_H
#define GATEWAY_ROLE_H

#include "gateway/cli.h"

/* What a process started by worker_start does: a row for each role that this program has. */
struct role {
	const char *name;
	int (*run)(const char *dir); /* its exit code */
};
int role_main(const struct role *roles, size_t n, const char *name, const char *dir);

#endif
