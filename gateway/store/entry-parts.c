#include "gateway/store/store-sql.h"

/* Links, tags and companions: the lists of an entry, each in its order. */

static int read_links(struct store *store, struct arena *arena, struct entry *e, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT l.url, x.title FROM entry_link x JOIN link l ON l.id = x.link WHERE x.entry = ? ORDER BY x.position",
	                               BIND(v_int(e->id)), err);
	if (stmt == NULL)
		return -1;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, e->links, e->n_links) = (struct entry_link){col_words(stmt, 0, arena), col_words(stmt, 1, arena)};
	sql_end(stmt);
	return got;
}

int parts_read(struct store *store, struct arena *arena, struct entry *e, struct err *err)
{
	e->links = NULL;
	e->n_links = 0;
	e->tags = e->with = (struct strs){0};
	if (read_links(store, arena, e, err) < 0 ||
	    sql_strs(store, "SELECT tag FROM entry_tag WHERE entry = ? ORDER BY position", BIND(v_int(e->id)), arena, &e->tags, err) < 0)
		return -1;
	return sql_strs(store, "SELECT name FROM entry_with WHERE entry = ? ORDER BY position", BIND(v_int(e->id)), arena, &e->with, err);
}

/* A link's row, made when its URL is new. */
static int link_row(struct store *store, const char *url, int64_t *id, struct err *err)
{
	int64_t hash = key_of_url(url);
	int got = sql_int(store, "SELECT l.id FROM key k CROSS JOIN link l ON l.id = k.row WHERE " SQL_KEY(0) " AND l.url = ?2",
	                  BIND(v_int(hash), v_text(url)), id, err);
	if (got != 0)
		return got < 0 ? -1 : 0;
	if (sql_run(store, "INSERT INTO link(url) VALUES(?)", BIND(v_text(url)), err) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(store->db);
	return keys_add(store, KEY_LINK, hash, *id, err) < 0 ? -1 : keys_settle(store, KEY_LINK, *id, err);
}

static int write_links(struct store *store, const struct entry *e, struct err *err)
{
	for (size_t i = 0; i < e->n_links; i++) {
		int64_t link;
		if (link_row(store, e->links[i].url, &link, err) < 0 ||
		    sql_run(store, "INSERT INTO entry_link(entry, position, link, title) VALUES(?, ?, ?, ?)",
		            BIND(v_int(e->id), v_int((int64_t)i), v_int(link), v_words(e->links[i].title)), err) < 0)
			return -1;
	}
	return 0;
}

static int write_strs(struct store *store, const char *sql, int64_t entry, const struct strs *list, struct err *err)
{
	for (size_t i = 0; i < list->n; i++)
		if (sql_run(store, sql, BIND(v_int(entry), v_int((int64_t)i), v_text(list->v[i])), err) < 0)
			return -1;
	return 0;
}

static const char insert_tag[] = "INSERT INTO entry_tag(entry, position, tag) VALUES(?, ?, ?)";
static const char insert_with[] = "INSERT INTO entry_with(entry, position, name) VALUES(?, ?, ?)";

int parts_write(struct store *store, const struct entry *e, struct err *err)
{
	if (write_links(store, e, err) < 0 || write_strs(store, insert_tag, e->id, &e->tags, err) < 0)
		return -1;
	return write_strs(store, insert_with, e->id, &e->with, err);
}

int parts_rewrite_links(struct store *store, const struct entry *e, struct err *err)
{
	if (sql_run(store, "DELETE FROM entry_link WHERE entry = ?", BIND(v_int(e->id)), err) < 0)
		return -1;
	return write_links(store, e, err);
}

int parts_rewrite_tags(struct store *store, const struct entry *e, struct err *err)
{
	if (sql_run(store, "DELETE FROM entry_tag WHERE entry = ?", BIND(v_int(e->id)), err) < 0)
		return -1;
	return write_strs(store, insert_tag, e->id, &e->tags, err);
}

int parts_rewrite_with(struct store *store, const struct entry *e, struct err *err)
{
	if (sql_run(store, "DELETE FROM entry_with WHERE entry = ?", BIND(v_int(e->id)), err) < 0)
		return -1;
	return write_strs(store, insert_with, e->id, &e->with, err);
}
