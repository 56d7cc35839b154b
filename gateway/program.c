#include "gateway/program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rules/str.h"

#define GONE " (deleted)"

/* This program's folder; *name, unless NULL, is what it is called there. */
static char *own_folder(char self[4096], const char **name)
{
	ssize_t n = readlink("/proc/self/exe", self, 4095);
	self[n < 0 ? 0 : n] = '\0';
	char *slash = strrchr(self, '/');
	if (span_ends_nocase(span_of(self), GONE)) /* replaced while we ran */
		self[n - (ssize_t)strlen(GONE)] = '\0';
	if (name != NULL)
		*name = slash == NULL ? "plnpost" : slash + 1;
	if (slash != NULL)
		*slash = '\0';
	return self;
}

int program_other(const char *of)
{
	char room[4096];
	const char *name;
	own_folder(room, &name);
	fprintf(stderr, "plnpost: %s is of version %s, the plnpost that started it of %s: install plnpost, " WORKER_PROGRAM " and " PRINT_PROGRAM
	        " from one package or build, and restart plnpost\n", name, program_version, of == NULL ? "one that it does not name" : of);
	fflush(stderr);
	return PROGRAM_OTHER;
}

const char *program_find(const char *name, struct arena *arena, struct err *err)
{
	char room[4096], *self = own_folder(room, NULL);
	const char *beside = arena_printf(arena, "%s/%s", self, name), *installed = arena_printf(arena, "%s/../" PLN_LIBEXEC "/%s", self, name);
	if (access(beside, X_OK) == 0)
		return beside;
	if (access(installed, X_OK) == 0)
		return installed;
	err_set(err, "%s is neither %s nor %s: install it with plnpost", name, beside, installed);
	return NULL;
}
