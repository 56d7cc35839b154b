#include <stdint.h>
#include <stdlib.h>

#include "rules/ini.h"

/* The INI form and every kind of value in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int take(void *ctx, const struct ini_line *line, struct err *err)
{
	int64_t number;
	bool yes;
	(void)ctx;
	if (line->key == NULL)
		return 0;
	if (ini_int(line, -5, 5000, &number, err) == 0 && (number < -5 || number > 5000))
		abort();
	if (ini_size(line, 1, 1 << 30, &number, err) == 0 && (number < 1 || number > 1 << 30))
		abort();
	if (ini_duration(line, 0, 86400, &number, err) == 0 && (number < 0 || number > 86400))
		abort();
	ini_bool(line, &yes, err);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err;
	ini_parse("fuzz", (const char *)data, n, take, NULL, &err);
	return 0;
}
