#include "rules/shipped.h"

#include <string.h>

const struct shipped *shipped_find(const struct shipped *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}
