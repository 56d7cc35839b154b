#include "gateway/store/store-sql.h"

int store_goals(struct store *store, struct arena *arena, struct goals *out, struct err *err)
{
	struct goals list = {0};
	int got = -1;
	sqlite3_stmt *stmt = sql_start(store, "SELECT id, words FROM goal WHERE gone = 0 ORDER BY id", NULL, err);
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, list.v, list.n) = (struct goal){col_int(stmt, 0), col_words(stmt, 1, arena)};
	sql_end(stmt);
	if (got == 0)
		*out = list;
	return got;
}

/* Numbers are never given twice: a removed goal's row stays for the plans that chose it. */
int store_add_goal(struct store *store, const char *words, int64_t by_person, int64_t at, int64_t *id, struct err *err)
{
	if (sql_run(store, "INSERT INTO goal(words, added_at, by_person) VALUES(?, ?, ?)", BIND(v_text(words), v_int(at), v_ref(by_person)), err) < 0)
		return -1;
	*id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_remove_goal(struct store *store, int64_t id, struct err *err)
{
	int64_t there;
	int found = sql_int(store, "SELECT 1 FROM goal WHERE id = ? AND gone = 0", BIND(v_int(id)), &there, err);
	if (found <= 0)
		return found;
	return sql_run(store, "UPDATE goal SET gone = 1 WHERE id = ?", BIND(v_int(id)), err) < 0 ? -1 : 1;
}
