#ifndef DIGEST_VALUE_H
#define DIGEST_VALUE_H

#include "rules/arena.h"
#include "rules/str.h"

/* What a template shows: a tree of maps, lists, texts and flags in one arena. Keys and texts are kept, not copied. */
struct value;

struct value *value_map(struct arena *); /* an empty map: the root of a tree */
void set_text(struct value *map, const char *key, const char *text); /* NULL or "" is false in a section */
void set_flag(struct value *map, const char *key, bool flag);
void set_number(struct value *map, const char *key, int64_t number);
void set_printf(struct value *map, const char *key, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A text that is known only later: "" until it is filled. */
struct value *set_later(struct value *map, const char *key);
void value_fill(struct value *, const char *text);
struct value *set_map(struct value *map, const char *key);
struct value *set_list(struct value *map, const char *key);
struct value *list_map(struct value *list); /* one more element */
void list_text(struct value *list, const char *text);

/* ---- for mustache.c */
const struct value *value_get(const struct value *, struct span key); /* NULL: not a map, or no such key */
const struct value *value_first(const struct value *);                /* of a list or map; NULL when empty */
const struct value *value_next(const struct value *);
bool value_is_list(const struct value *);
bool value_true(const struct value *); /* not false, "", an empty list or NULL */
const char *value_text(const struct value *); /* "" when it is no text */

#endif
