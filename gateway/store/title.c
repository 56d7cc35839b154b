#include "gateway/store/store-sql.h"

/* The cache of page titles. A failure is kept as "", so that a page that has none is not asked for over and over. */

#define FAILURE_KEPT (7 * 86400)

int store_title(struct store *store, const char *url, int64_t now, struct arena *arena, const char **title, struct err *err)
{
	return sql_text(store, "SELECT title FROM title WHERE url = ? AND (title <> '' OR fetched_at > ?)",
	                BIND(v_text(url), v_int(now - FAILURE_KEPT)), arena, title, err);
}

int store_put_title(struct store *store, const char *url, const char *title, int64_t at, struct err *err)
{
	return sql_run(store,
	               "INSERT INTO title(url, title, fetched_at) VALUES(?, ?, ?)"
	               " ON CONFLICT(url) DO UPDATE SET title = excluded.title, fetched_at = excluded.fetched_at",
	               BIND(v_text(url), v_words(title), v_int(at)), err);
}

int store_last_entry(struct store *store, int64_t *id, struct err *err)
{
	return sql_int(store, "SELECT coalesce(max(id), 0) FROM entry", NULL, id, err) < 0 ? -1 : 0;
}

int store_set_link_titles(struct store *store, const struct entry *e, struct err *err)
{
	return parts_rewrite_links(store, e, err) < 0 ? -1 : search_change(store, e, err);
}
