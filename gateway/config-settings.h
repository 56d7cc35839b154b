#ifndef GATEWAY_CONFIG_SETTINGS_H
#define GATEWAY_CONFIG_SETTINGS_H

#include "gateway/config.h"
#include "rules/ini.h"

/* Between config.c (a file's lines), config-settings.c (the tables), config-value.c (one value) and config-print.c. */

enum setting_type { TYPE_TEXT, TYPE_LIST, TYPE_BOOL, TYPE_INT, TYPE_SIZE, TYPE_DURATION, TYPE_ZONE, TYPE_WEEKDAY, TYPE_CLOCK, TYPE_CHOICE, TYPE_DAYS };
/* A field is a const char *, struct strs, bool, struct closed_days, an int64_t, or of a choice an enum (unsigned). */

struct setting {
	const char *section, *key;
	enum setting_type type;
	size_t offset;
	const char *fallback; /* as one would write it; NULL = must be set, "" = empty */
	int64_t least, most;
	const char *const *choices;
	const char *help;
};

#define SETTINGS_MOST 64
extern const struct settings {
	const struct setting *v;
	size_t n;
} config_settings, config_mailbox_settings; /* of the campus; of each mailbox */

/* Puts a line's value into its field of base, a struct config or mailbox_config. 0, or -1 with file:line and what may be said. */
int setting_read(const struct setting *, void *base, struct arena *, const struct ini_line *, struct err *);
void setting_print(FILE *, const struct setting *, const void *base); /* "key = value", as it can be read again */

#endif
