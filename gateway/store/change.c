#include "gateway/store/store-sql.h"

/* What may change of an entry, each field as the history writes it. */
static const char *yes_no(bool value)
{
	return value ? "yes" : "no";
}

static const char *join(const struct strs *list, struct arena *arena)
{
	const char *all = "";
	for (size_t i = 0; i < list->n; i++)
		all = i == 0 ? list->v[0] : arena_printf(arena, "%s %s", all, list->v[i]);
	return all;
}

static const char *day_text(const struct entry *e, struct arena *arena)
{
	return day_iso(arena_alloc(arena, 16), e->day);
}

static const char *kind_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return kind_name(e->kind);
}

static const char *title_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return e->title;
}

static const char *note_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return e->note;
}

static const char *source_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return e->source;
}

static const char *links_text(const struct entry *e, struct arena *arena)
{
	struct str all = {.max = (size_t)1 << 24};
	for (size_t i = 0; i < e->n_links; i++)
		str_printf(&all, "%s%s", i == 0 ? "" : " ", e->links[i].url);
	const char *text = arena_strdup(arena, str_c(&all));
	str_release(&all);
	return text;
}

static const char *tags_text(const struct entry *e, struct arena *arena)
{
	return join(&e->tags, arena);
}

static const char *with_text(const struct entry *e, struct arena *arena)
{
	return join(&e->with, arena);
}

static const char *via_text(const struct entry *e, struct arena *arena)
{
	return e->via == 0 ? "" : arena_printf(arena, "%lld", (long long)e->via);
}

static const char *minutes_field(const struct entry *e, struct arena *arena)
{
	return e->minutes == MINUTES_NONE ? "" : arena_printf(arena, "%d", e->minutes);
}

static const char *starred_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return yes_no(e->starred);
}

static const char *private_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return yes_no(e->is_private);
}

static const char *nocredit_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return yes_no(e->nocredit);
}

static const char *undone_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return yes_no(e->undone);
}

static const char *attachment_text(const struct entry *e, struct arena *arena)
{
	(void)arena;
	return yes_no(e->attachment);
}

static const struct field {
	const char *name;
	const char *(*text)(const struct entry *, struct arena *);
	int (*rewrite)(struct store *, const struct entry *, struct err *); /* lists that lie in tables of their own */
	bool searched;
} fields[] = {
	{"day", day_text, NULL, false},
	{"kind", kind_text, NULL, false},
	{"title", title_text, NULL, true},
	{"note", note_text, NULL, true},
	{"source", source_text, NULL, true},
	{"links", links_text, parts_rewrite_links, true},
	{"tags", tags_text, parts_rewrite_tags, true},
	{"with", with_text, parts_rewrite_with, true},
	{"via", via_text, NULL, false},
	{"minutes", minutes_field, NULL, false},
	{"starred", starred_text, NULL, false},
	{"private", private_text, NULL, false},
	{"nocredit", nocredit_text, NULL, false},
	{"undone", undone_text, NULL, false},
	{"attachment", attachment_text, NULL, false},
};

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

/* Writes one field's change if there is one; the flags say what is left to do. */
static int compare(struct store *store, const struct field *field, const struct entry *old, const struct entry *new, struct change *c,
                   int64_t message, struct arena *arena, bool *changed, bool *searched, struct err *err)
{
	c->field = field->name;
	c->was = field->text(old, arena);
	c->is = field->text(new, arena);
	c->was = c->was == NULL ? "" : c->was;
	c->is = c->is == NULL ? "" : c->is;
	if (strcmp(c->was, c->is) == 0)
		return 0;
	*changed = true;
	*searched = *searched || field->searched;
	if (note_change(store, new->id, c, message, err) < 0)
		return -1;
	return field->rewrite == NULL ? 0 : field->rewrite(store, new, err);
}

int store_change_entry(struct store *store, const struct entry *e, int64_t by_person, int64_t message, int64_t at, struct err *err)
{
	struct arena arena = {0};
	struct entry old;
	struct change change = {.at = at, .by_person = by_person};
	bool changed = false, searched = false;
	int result = store_entry(store, e->id, &arena, &old, err);
	if (result == 0)
		err_set(err, "%s: no entry %lld", store->path, (long long)e->id);
	result = result == 1 ? 0 : -1;
	for (size_t i = 0; result == 0 && i < sizeof fields / sizeof *fields; i++)
		result = compare(store, &fields[i], &old, e, &change, message, &arena, &changed, &searched, err);
	if (result == 0 && changed)
		result = update_entry(store, e, err);
	if (result == 0 && searched)
		result = search_change(store, e, err);
	arena_release(&arena);
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
