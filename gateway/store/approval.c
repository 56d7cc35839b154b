#include "gateway/store/store-sql.h"

#define NOBODY (-1) /* whose address is not on the roster */

int store_waiting(struct store *store, struct arena *arena, struct undecided *list, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT e.id, e.person, CASE WHEN p.approver IS NOT NULL THEN coalesce((SELECT a.person FROM address a"
	                               " WHERE a.address = p.approver), ?1) END FROM entry e INDEXED BY entry_undecided JOIN person p ON p.id = e.person"
	                               " WHERE e.claim IN " SQL_UNDECIDED " AND e.undone = 0 AND e.redacted = 0 ORDER BY e.day, e.id",
	                               BIND(v_int(NOBODY)), err);
	struct undecided found = {0};
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, found.v, found.n) = (struct undecided_entry){col_int(stmt, 0), col_int(stmt, 1), col_int(stmt, 2)};
	sql_end(stmt);
	if (got == 0)
		*list = found;
	return got;
}

int store_waiting_for(struct store *store, const struct undecided *all, int64_t approver, size_t limit, struct arena *arena, struct entries *list,
                      struct err *err)
{
	struct entries found = {0};
	for (size_t i = 0; i < all->n && found.n < limit; i++) {
		const struct undecided_entry *w = &all->v[i];
		struct entry e;
		if (w->person == approver || (w->approver != 0 && w->approver != approver))
			continue;
		int got = store_entry(store, w->entry, arena, &e, err);
		if (got < 0)
			return -1;
		if (got > 0 && (e.claim == CLAIM_WAITING || e.claim == CLAIM_ASKED) && !e.undone && e.person != approver)
			*ARENA_PUSH(arena, found.v, found.n) = e;
	}
	*list = found;
	return 0;
}

static int add_item(struct store *store, int64_t approval, const struct item *item, struct err *err)
{
	return sql_run(store, "INSERT INTO approval_item(approval, number, entry, flag) VALUES(?, ?, ?, ?)",
	               BIND(v_int(approval), v_int(item->number), v_int(item->entry.id), v_words(item->flag)), err);
}

int store_add_approval(struct store *store, struct approval *approval, struct err *err)
{
	if (sql_run(store, "INSERT INTO approval(approver, asked_at, week) VALUES(?, ?, ?)",
	            BIND(v_int(approval->approver), v_int(approval->asked_at), v_words(approval->week)), err) < 0)
		return -1;
	int64_t id = sqlite3_last_insert_rowid(store->db);
	for (size_t i = 0; i < approval->n; i++)
		if (add_item(store, id, &approval->items[i], err) < 0)
			return -1;
	approval->id = id;
	return 0;
}

/* The decision that stands: none while the claim is open, whatever was said before an undo. */
static int read_decision(struct store *store, struct item *item, struct arena *arena, struct err *err)
{
	if (item->entry.claim != CLAIM_APPROVED && item->entry.claim != CLAIM_DENIED)
		return 0;
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT l.by_person, l.at, p.name, d.name FROM ledger l LEFT JOIN person p ON p.id = l.by_person"
	                               " LEFT JOIN person d ON d.id = l.delegate WHERE l.entry = ? AND l.verb IN (?, ?) ORDER BY l.id DESC LIMIT 1",
	                               BIND(v_int(item->entry.id), v_int(LEDGER_APPROVE), v_int(LEDGER_DENY)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1) {
		item->decided_by = col_int(stmt, 0);
		item->decided_at = col_int(stmt, 1);
		item->decider = col_text(stmt, 2, arena);
		item->delegate = col_text(stmt, 3, arena);
	}
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

static int read_items(struct store *store, struct approval *approval, bool parts, struct arena *arena, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " ENTRY_COLUMNS ", i.number, i.flag, p.name FROM approval_item i JOIN entry e ON e.id = i.entry"
	                               " JOIN person p ON p.id = e.person WHERE i.approval = ? ORDER BY i.number",
	                               BIND(v_int(approval->id)), err);
	if (stmt == NULL)
		return -1;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1) {
		struct item *item = ARENA_PUSH(arena, approval->items, approval->n);
		*item = (struct item){.number = (int)col_int(stmt, ENTRY_COLUMN_COUNT)};
		entry_read(stmt, arena, &item->entry);
		item->flag = col_words(stmt, ENTRY_COLUMN_COUNT + 1, arena);
		item->teacher = col_words(stmt, ENTRY_COLUMN_COUNT + 2, arena);
	}
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < approval->n; i++) {
		got = read_decision(store, &approval->items[i], arena, err);
		if (got == 0 && parts)
			got = parts_read(store, arena, &approval->items[i].entry, err);
	}
	return got;
}

static void read_approval(sqlite3_stmt *stmt, struct arena *arena, struct approval *approval)
{
	*approval = (struct approval){col_int(stmt, 0), col_int(stmt, 1), col_int(stmt, 2), col_words(stmt, 3, arena), NULL, 0};
}

int store_approval(struct store *store, int64_t id, struct arena *arena, struct approval *approval, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT id, approver, asked_at, week FROM approval WHERE id = ?", BIND(v_int(id)), err);
	if (stmt == NULL)
		return -1;
	struct approval found;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		read_approval(stmt, arena, &found);
	sql_end(stmt);
	if (got == 1 && read_items(store, &found, true, arena, err) < 0)
		return -1;
	if (got == 1)
		*approval = found;
	return got;
}

/* All rows, with their items but without the entries' parts; ends the statement. */
static int collect(struct store *store, sqlite3_stmt *stmt, struct arena *arena, struct approval **v, size_t *n, struct err *err)
{
	struct approval *found = NULL;
	size_t count = 0;
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		read_approval(stmt, arena, ARENA_PUSH(arena, found, count));
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < count; i++)
		got = read_items(store, &found[i], false, arena, err);
	if (got == 0) {
		*v = found;
		*n = count;
	}
	return got;
}

#define SQL_OPEN \
	"EXISTS(SELECT 1 FROM approval_item i JOIN entry e ON e.id = i.entry" \
	" WHERE i.approval = a.id AND e.claim IN " SQL_UNDECIDED " AND e.undone = 0)"

int store_overdue(struct store *store, bool escalated, int64_t asked_before, struct arena *arena, struct approval **v, size_t *n, struct err *err)
{
	const char *sql = escalated ? "SELECT id, approver, asked_at, week FROM approval a WHERE a.escalated_at = 0 AND a.asked_at <= ? AND " SQL_OPEN " ORDER BY id"
	                            : "SELECT id, approver, asked_at, week FROM approval a WHERE a.reminded_at = 0 AND a.asked_at <= ? AND " SQL_OPEN " ORDER BY id";
	return collect(store, sql_start(store, sql, BIND(v_int(asked_before)), err), arena, v, n, err);
}

int store_set_overdue(struct store *store, int64_t approval, bool escalated, int64_t at, struct err *err)
{
	const char *sql = escalated ? "UPDATE approval SET escalated_at = ? WHERE id = ?" : "UPDATE approval SET reminded_at = ? WHERE id = ?";
	return sql_run_one(store, sql, BIND(v_int(at), v_int(approval)), "approval", approval, err);
}

int store_asked(struct store *store, int64_t entry, struct arena *arena, struct asked_approver **v, size_t *n, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT g.approver, g.latest, g.first_at, g.reminded, g.escalated, k.number FROM (SELECT a.approver,"
	                               " max(a.id) AS latest, min(a.asked_at) AS first_at, max(a.reminded_at) AS reminded, max(a.escalated_at) AS escalated"
	                               " FROM approval_item i JOIN approval a ON a.id = i.approval WHERE i.entry = ?1 GROUP BY a.approver) g"
	                               " JOIN approval_item k ON k.approval = g.latest AND k.entry = ?1 ORDER BY g.approver",
	                               BIND(v_int(entry)), err);
	struct asked_approver *found = NULL;
	size_t count = 0;
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, found, count) = (struct asked_approver){
			.approver = col_int(stmt, 0), .approval = col_int(stmt, 1), .first_at = col_int(stmt, 2), .reminded = col_int(stmt, 3) > 0,
			.escalated = col_int(stmt, 4) > 0, .number = (int)col_int(stmt, 5),
		};
	sql_end(stmt);
	if (got < 0)
		return -1;
	*v = found;
	*n = count;
	return 0;
}
