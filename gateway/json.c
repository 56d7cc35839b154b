#include "gateway/json.h"

static void put_string(struct str *out, const char *s)
{
	str_putc(out, '"');
	for (const char *end = s + strlen(s); s < end;) {
		const char *from = s;
		uint32_t c = utf8_next(&s, end);
		if (c == '"' || c == '\\')
			str_printf(out, "\\%c", (int)c);
		else if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029)
			str_printf(out, "\\u%04x", (unsigned)c);
		else if (c == 0xfffd)
			str_puts(out, "\xef\xbf\xbd");
		else
			str_add(out, from, (size_t)(s - from));
	}
	str_putc(out, '"');
}

static void before(struct json *j, const char *key)
{
	if (j->need_comma)
		str_putc(j->out, ',');
	j->need_comma = true;
	if (key != NULL) {
		put_string(j->out, key);
		str_putc(j->out, ':');
	}
}

void json_open(struct json *j, const char *key, char bracket)
{
	before(j, key);
	str_putc(j->out, bracket);
	j->need_comma = false;
}

void json_close(struct json *j, char bracket)
{
	str_putc(j->out, bracket);
	j->need_comma = true;
}

void json_text(struct json *j, const char *key, const char *value)
{
	before(j, key);
	if (value == NULL)
		str_puts(j->out, "null");
	else
		put_string(j->out, value);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	before(j, key);
	str_printf(j->out, "%lld", (long long)value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	before(j, key);
	str_puts(j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	json_text(j, key, NULL);
}

void json_strs(struct json *j, const char *key, const struct strs *list)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < list->n; i++)
		json_text(j, NULL, list->v[i]);
	json_close(j, ']');
}
