#include "gateway/program.h"

#include <string.h>
#include <unistd.h>

const char *program_find(const char *name, struct arena *arena, struct err *err)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n < 0 ? 0 : n] = '\0';
	char *slash = strrchr(self, '/');
	if (slash != NULL)
		*slash = '\0';
	const char *beside = arena_printf(arena, "%s/%s", self, name), *installed = arena_printf(arena, "%s/../" PLN_LIBEXEC "/%s", self, name);
	if (access(beside, X_OK) == 0)
		return beside;
	if (access(installed, X_OK) == 0)
		return installed;
	err_set(err, "%s is neither %s nor %s: install it with plnpost", name, beside, installed);
	return NULL;
}
