#include "gateway/store/store-sql.h"

#include <inttypes.h>

/* What may change of an entry, and how the history writes it. */
enum field_type { FIELD_TEXT, FIELD_BOOL, FIELD_DAY, FIELD_KIND, FIELD_MINUTES, FIELD_ENTRY, FIELD_STRS, FIELD_LINKS };

static const struct field {
	const char *name;
	enum field_type type;
	size_t at;
	int (*rewrite)(struct store *, const struct entry *, struct err *); /* of what lies in a table of its own */
	bool searched;
} fields[] = {
	{"day", FIELD_DAY, offsetof(struct entry, day), NULL, false},
	{"kind", FIELD_KIND, offsetof(struct entry, kind), NULL, false},
	{"title", FIELD_TEXT, offsetof(struct entry, title), NULL, true},
	{"note", FIELD_TEXT, offsetof(struct entry, note), NULL, true},
	{"source", FIELD_TEXT, offsetof(struct entry, source), NULL, true},
	{"links", FIELD_LINKS, 0, parts_rewrite_links, true},
	{"tags", FIELD_STRS, offsetof(struct entry, tags), parts_rewrite_tags, true},
	{"with", FIELD_STRS, offsetof(struct entry, with), parts_rewrite_with, true},
	{"via", FIELD_ENTRY, offsetof(struct entry, via), NULL, false},
	{"minutes", FIELD_MINUTES, offsetof(struct entry, minutes), NULL, false},
	{"starred", FIELD_BOOL, offsetof(struct entry, starred), NULL, false},
	{"private", FIELD_BOOL, offsetof(struct entry, is_private), NULL, false},
	{"nocredit", FIELD_BOOL, offsetof(struct entry, nocredit), NULL, false},
	{"undone", FIELD_BOOL, offsetof(struct entry, undone), NULL, false},
	{"attachment", FIELD_BOOL, offsetof(struct entry, attachment), NULL, false},
};

/* Both are bounded by the mail that they came from. */
#define LIST_MAX ((size_t)64 << 20)

static const char *taken(struct str *all, struct arena *arena)
{
	const char *text = arena_strdup(arena, str_c(all));
	str_release(all);
	return text;
}

static const char *strs_text(const struct strs *list, struct arena *arena)
{
	struct str all = {.max = LIST_MAX};
	for (size_t i = 0; i < list->n; i++)
		str_printf(&all, "%s%s", i == 0 ? "" : " ", list->v[i]);
	return taken(&all, arena);
}

static const char *links_text(const struct entry *e, struct arena *arena)
{
	struct str all = {.max = LIST_MAX};
	for (size_t i = 0; i < e->n_links; i++)
		str_printf(&all, "%s%s", i == 0 ? "" : " ", e->links[i].url);
	return taken(&all, arena);
}

static const char *number_text(int64_t number, int64_t none, struct arena *arena)
{
	return number == none ? "" : arena_printf(arena, "%" PRId64, number);
}

static const char *field_text(const struct field *field, const struct entry *e, struct arena *arena)
{
	const void *at = (const char *)e + field->at;
	switch (field->type) {
	case FIELD_TEXT:
		return *(const char *const *)at == NULL ? "" : *(const char *const *)at;
	case FIELD_BOOL:
		return *(const bool *)at ? "yes" : "no";
	case FIELD_DAY:
		return day_iso(arena_alloc(arena, 16), *(const int32_t *)at);
	case FIELD_KIND:
		return kind_name(*(const enum entry_kind *)at);
	case FIELD_MINUTES:
		return number_text(*(const int *)at, MINUTES_NONE, arena);
	case FIELD_ENTRY:
		return number_text(*(const int64_t *)at, 0, arena);
	case FIELD_STRS:
		return strs_text(at, arena);
	case FIELD_LINKS:
		return links_text(e, arena);
	}
	return "";
}

static int note_change(struct store *store, int64_t entry, const struct change *c, int64_t message, struct err *err)
{
	return sql_run(store, "INSERT INTO change(entry, at, by_person, message, field, before, after) VALUES(?, ?, ?, ?, ?, ?, ?)",
	               BIND(v_int(entry), v_int(c->at), v_ref(c->by_person), v_ref(message), v_text(c->field), v_words(c->was), v_words(c->is)), err);
}

static int update_entry(struct store *store, const struct entry *e, struct err *err)
{
	return sql_run(store,
	               "UPDATE entry SET day = ?, kind = ?, title = ?, note = ?, source = ?, via = ?, minutes = ?, starred = ?,"
	               " is_private = ?, nocredit = ?, undone = ?, attachment = ? WHERE id = ?",
	               BIND(v_int(e->day), v_int(e->kind), v_words(e->title), v_words(e->note), v_words(e->source), v_ref(e->via),
	                    v_int(e->minutes), v_int(e->starred), v_int(e->is_private), v_int(e->nocredit), v_int(e->undone),
	                    v_int(e->attachment), v_int(e->id)),
	               err);
}

struct changing {
	const struct entry *old, *new;
	struct change change;
	int64_t message;
	struct arena arena;
	bool changed, searched; /* what is left to do */
};

static int compare(struct store *store, struct changing *c, const struct field *field, struct err *err)
{
	c->change.field = field->name;
	c->change.was = field_text(field, c->old, &c->arena);
	c->change.is = field_text(field, c->new, &c->arena);
	if (strcmp(c->change.was, c->change.is) == 0)
		return 0;
	c->changed = true;
	c->searched = c->searched || field->searched;
	if (note_change(store, c->new->id, &c->change, c->message, err) < 0)
		return -1;
	return field->rewrite == NULL ? 0 : field->rewrite(store, c->new, err);
}

static int change_fields(struct store *store, struct changing *c, struct err *err)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (compare(store, c, &fields[i], err) < 0)
			return -1;
	if (c->changed && update_entry(store, c->new, err) < 0)
		return -1;
	return c->searched ? search_change(store, c->new, err) : 0;
}

int store_change_entry(struct store *store, const struct entry *e, int64_t by_person, int64_t message, int64_t at, struct err *err)
{
	struct entry old;
	struct changing c = {.old = &old, .new = e, .change = {.at = at, .by_person = by_person}, .message = message};
	int got = store_entry(store, e->id, &c.arena, &old, err);
	int result = -1;
	if (got == 0)
		err_set(err, "%s: no entry %" PRId64, store->path, e->id);
	else if (got == 1)
		result = change_fields(store, &c, err);
	arena_release(&c.arena);
	return result;
}

int store_history(struct store *store, int64_t entry, struct arena *arena, struct changes *list, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT at, by_person, field, before, after FROM change WHERE entry = ? ORDER BY id",
	                               BIND(v_int(entry)), err);
	if (stmt == NULL)
		return -1;
	struct changes found = {0};
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, found.v, found.n) = (struct change){
			col_int(stmt, 0), col_int(stmt, 1), col_words(stmt, 2, arena), col_words(stmt, 3, arena), col_words(stmt, 4, arena)};
	sql_end(stmt);
	if (got == 0)
		*list = found;
	return got;
}
