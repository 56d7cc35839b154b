#ifndef GATEWAY_READ_CAGE_H
#define GATEWAY_READ_CAGE_H

#include "rules/err.h"

/* From here on this process can compute, and talk over the descriptors that it has: nothing else. No files, no network,
 * no processes, no new code; memory_mb at most (0: no limit). A forbidden call kills the process, but for a few that
 * libraries try on the way and can do without: those fail. 0, or -1. */
int cage_close(int memory_mb, struct err *);

/* CPU seconds from now on until the kernel ends the process: one mail's share. */
void cage_give_seconds(int seconds);

#endif
