#include "rules/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static int fill(struct err *err, bool temporary, const char *format, va_list args)
{
	if (err != NULL) {
		err->temporary = temporary;
		vsnprintf(err->text, sizeof err->text, format, args);
	}
	return -1;
}

int err_set(struct err *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill(err, false, format, args);
	va_end(args);
	return -1;
}

int err_later(struct err *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill(err, true, format, args);
	va_end(args);
	return -1;
}

int err_prefix(struct err *err, const char *format, ...)
{
	if (err == NULL)
		return -1;
	struct err old = *err;
	va_list args;
	va_start(args, format);
	fill(err, old.temporary, format, args);
	va_end(args);
	size_t n = strlen(err->text);
	snprintf(err->text + n, sizeof err->text - n, "%s", old.text);
	return -1;
}
