#include "digest/value.h"

#include <inttypes.h>

struct value {
	enum { FLAG, TEXT, LIST, MAP } type;
	bool flag;
	const char *text;
	const char *key;             /* in its map */
	struct value *first, **end;  /* elements of a list or map */
	struct value *next;
	struct arena *arena;
};

static struct value *value_new(struct arena *arena, int type)
{
	struct value *v = arena_alloc(arena, sizeof *v);
	v->type = type;
	v->arena = arena;
	v->end = &v->first;
	return v;
}

static struct value *append(struct value *to, const char *key, int type)
{
	struct value *v = value_new(to->arena, type);
	v->key = key;
	*to->end = v;
	to->end = &v->next;
	return v;
}

struct value *value_map(struct arena *arena)
{
	return value_new(arena, MAP);
}

void set_text(struct value *map, const char *key, const char *text)
{
	append(map, key, TEXT)->text = text == NULL ? "" : text;
}

void set_flag(struct value *map, const char *key, bool flag)
{
	append(map, key, FLAG)->flag = flag;
}

void set_number(struct value *map, const char *key, int64_t number)
{
	set_printf(map, key, "%" PRId64, number);
}

void set_printf(struct value *map, const char *key, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set_text(map, key, arena_vprintf(map->arena, format, args));
	va_end(args);
}

struct value *set_later(struct value *map, const char *key)
{
	struct value *v = append(map, key, TEXT);
	v->text = "";
	return v;
}

void value_fill(struct value *v, const char *text)
{
	v->text = text;
}

struct value *set_map(struct value *map, const char *key)
{
	return append(map, key, MAP);
}

struct value *set_list(struct value *map, const char *key)
{
	return append(map, key, LIST);
}

struct value *list_map(struct value *list)
{
	return append(list, NULL, MAP);
}

void list_text(struct value *list, const char *text)
{
	append(list, NULL, TEXT)->text = text == NULL ? "" : text;
}

const struct value *value_get(const struct value *v, struct span key)
{
	if (v == NULL || v->type != MAP)
		return NULL;
	for (const struct value *e = v->first; e != NULL; e = e->next)
		if (span_eq(key, e->key))
			return e;
	return NULL;
}

const struct value *value_first(const struct value *v)
{
	return v->first;
}

const struct value *value_next(const struct value *v)
{
	return v->next;
}

bool value_is_list(const struct value *v)
{
	return v->type == LIST;
}

bool value_true(const struct value *v)
{
	if (v == NULL)
		return false;
	switch (v->type) {
	case FLAG:
		return v->flag;
	case TEXT:
		return v->text[0] != '\0';
	case LIST:
		return v->first != NULL;
	case MAP:
		return true;
	}
	return false;
}

const char *value_text(const struct value *v)
{
	return v == NULL || v->type != TEXT ? "" : v->text;
}
