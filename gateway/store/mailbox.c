#include "gateway/store/store-sql.h"

static int find_cursor(struct store *store, const char *name, struct cursor *cursor, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT id, uidvalidity, last_uid FROM mailbox WHERE name = ?", BIND(v_text(name)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		*cursor = (struct cursor){col_int(stmt, 0), (uint64_t)col_int(stmt, 1), (uint64_t)col_int(stmt, 2)};
	sql_end(stmt);
	return got;
}

int store_cursor(struct store *store, const char *name, struct cursor *cursor, struct err *err)
{
	int got = find_cursor(store, name, cursor, err);
	if (got != 0)
		return got < 0 ? -1 : 0;
	if (sql_run(store, "INSERT INTO mailbox(name) VALUES(?)", BIND(v_text(name)), err) < 0)
		return -1;
	*cursor = (struct cursor){.mailbox = sqlite3_last_insert_rowid(store->db)};
	return 0;
}

int store_set_cursor(struct store *store, const struct cursor *cursor, struct err *err)
{
	return sql_run_one(store, "UPDATE mailbox SET uidvalidity = ?, last_uid = ? WHERE id = ?",
	                   BIND(v_int((int64_t)cursor->uidvalidity), v_int((int64_t)cursor->last_uid), v_int(cursor->mailbox)), "mailbox",
	                   cursor->mailbox, err);
}

int store_unmarked(struct store *store, int64_t mailbox, struct arena *arena, struct strs *idents, struct err *err)
{
	struct strs found = {0};
	int got = sql_strs(store, "SELECT ident FROM message WHERE mailbox = ? AND marked = 0 AND ident IS NOT NULL ORDER BY id", BIND(v_int(mailbox)), arena,
	                   &found, err);
	if (got == 0)
		*idents = found;
	return got;
}

int store_set_marked(struct store *store, int64_t mailbox, const char *ident, struct err *err)
{
	return sql_run_one(store, "UPDATE message SET marked = 1 WHERE mailbox = ? AND ident = ?", BIND(v_int(mailbox), v_text(ident)),
	                   "mail of that name in mailbox", mailbox, err);
}

int store_seen_ident(struct store *store, int64_t mailbox, const char *ident, struct err *err)
{
	int64_t one;
	return sql_int(store, "SELECT 1 FROM message WHERE mailbox = ? AND ident = ?", BIND(v_int(mailbox), v_text(ident)), &one, err);
}
