#include "gateway/store/store-sql.h"

/* Who may answer for an approver. Being registered ends with leaving the campus. */

int store_is_delegate(struct store *store, int64_t approver, int64_t person, struct err *err)
{
	int64_t one;
	return sql_int(store, "SELECT 1 FROM delegate d JOIN person p ON p.id = d.person WHERE d.approver = ? AND d.person = ? AND p.gone = 0",
	               BIND(v_int(approver), v_int(person)), &one, err);
}

int store_set_delegate(struct store *store, int64_t approver, int64_t person, bool on, int64_t at, struct err *err)
{
	if (!on)
		return sql_run(store, "DELETE FROM delegate WHERE approver = ? AND person = ?", BIND(v_int(approver), v_int(person)), err);
	return sql_run(store, "INSERT INTO delegate(approver, person, since) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
	               BIND(v_int(approver), v_int(person), v_int(at)), err);
}

int store_delegates(struct store *store, int64_t approver, struct arena *arena, struct roster *roster, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT p.id FROM delegate d JOIN person p ON p.id = d.person WHERE d.approver = ? AND p.gone = 0"
	                               " ORDER BY p.name_key, p.id",
	                               BIND(v_int(approver)), err);
	struct roster found = {0};
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, found.people, found.n) = (struct person){.id = col_int(stmt, 0)};
	sql_end(stmt);
	for (size_t i = 0; got >= 0 && i < found.n; i++)
		got = store_person(store, found.people[i].id, arena, &found.people[i], err);
	if (got >= 0)
		*roster = found;
	return got < 0 ? -1 : 0;
}
