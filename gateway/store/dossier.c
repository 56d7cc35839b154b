#include "gateway/store/store-sql.h"

/* All there is of a person and whoever was merged into them, in pages: rows with an id above `after`, in their order. */

static int collect_ids(struct store *store, sqlite3_stmt *stmt, struct arena *arena, int64_t **ids, size_t *n, struct err *err)
{
	int64_t *found = NULL;
	size_t count = 0;
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, found, count) = col_int(stmt, 0);
	sql_end(stmt);
	if (got == 0) {
		*ids = found;
		*n = count;
	}
	return got;
}

int store_mails_of(struct store *store, int64_t person, int64_t after, int limit, struct arena *arena, int64_t **ids, size_t *n, struct err *err)
{
	return collect_ids(store,
	                   sql_start(store, "SELECT id FROM message WHERE redacted = 0 AND id > ?2 AND (person IN " SQL_SAME
	                             " OR from_addr COLLATE NOCASE IN (SELECT address FROM address WHERE person = ?1)) ORDER BY id LIMIT ?3",
	                             BIND(v_int(person), v_int(after), v_int(limit)), err),
	                   arena, ids, n, err);
}

int store_letters_of(struct store *store, int64_t person, int64_t after, int limit, struct arena *arena, int64_t **ids, size_t *n, struct err *err)
{
	return collect_ids(store,
	                   sql_start(store, "SELECT id FROM letter WHERE redacted = 0 AND id > ?2 AND (person IN " SQL_SAME
	                             " OR recipient IN (SELECT address FROM address WHERE person = ?1)) ORDER BY id LIMIT ?3",
	                             BIND(v_int(person), v_int(after), v_int(limit)), err),
	                   arena, ids, n, err);
}

int store_decisions_of(struct store *store, int64_t person, struct arena *arena, struct ledger *list, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT " LEDGER_COLUMNS " FROM ledger WHERE by_person IN " SQL_SAME " OR delegate IN " SQL_SAME " ORDER BY id",
	                               BIND(v_int(person)), err);
	struct ledger found = {0};
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		ledger_read(stmt, arena, ARENA_PUSH(arena, found.v, found.n));
	sql_end(stmt);
	if (got == 0)
		*list = found;
	return got;
}

int store_interviews_of(struct store *store, int64_t person, struct arena *arena, int64_t **ids, size_t *n, struct err *err)
{
	return collect_ids(store, sql_start(store, "SELECT id FROM interview WHERE person = ? ORDER BY id", BIND(v_int(person)), err), arena, ids, n, err);
}
