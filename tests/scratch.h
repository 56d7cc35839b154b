#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A test's own folder, or its own empty file; whoever made it removes it. */
#define SCRATCH_NAME "/tmp/plnpost-test.XXXXXX" /* mkdtemp and mkstemp put letters for the end */
typedef char scratch[sizeof SCRATCH_NAME];

static inline void scratch_folder(scratch path)
{
	snprintf(path, sizeof SCRATCH_NAME, "%s", SCRATCH_NAME);
	if (mkdtemp(path) == NULL)
		abort();
}

static inline void scratch_file(scratch path)
{
	snprintf(path, sizeof SCRATCH_NAME, "%s", SCRATCH_NAME);
	int fd = mkstemp(path);
	if (fd < 0)
		abort();
	close(fd);
}

#endif
