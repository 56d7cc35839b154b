#ifndef GATEWAY_JSON_H
#define GATEWAY_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/str.h"

/* Writes JSON (RFC 8259) into a str; commas take care of themselves. Text must be UTF-8; what is not becomes U+FFFD. */
struct json {
	struct str *out;
	bool need_comma;
};

void json_open(struct json *, const char *key, char bracket);  /* key NULL: in a list or at the top; bracket '{' or '[' */
void json_close(struct json *, char bracket);                  /* '}' or ']' */
void json_text(struct json *, const char *key, const char *value); /* NULL becomes null */
void json_int(struct json *, const char *key, int64_t value);
void json_bool(struct json *, const char *key, bool value);
void json_null(struct json *, const char *key);
void json_strs(struct json *, const char *key, const struct strs *); /* a list of texts */

#endif
