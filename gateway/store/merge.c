#include "gateway/store/store-sql.h"

#include <inttypes.h>

/* Two rows of the roster are one person. Everything that may change is re-pointed; the ledger keeps its old lines and joins them by
 * a MERGE line for each row that the person ever was. ?1 who stays, ?2 who goes. */
static const char *const moves[] = {
	"UPDATE entry SET person = ?1 WHERE person = ?2",
	"UPDATE message SET person = ?1 WHERE person = ?2",
	"UPDATE letter SET person = ?1 WHERE person = ?2",
	"UPDATE bounce SET person = ?1 WHERE person = ?2",
	"UPDATE change SET by_person = ?1 WHERE by_person = ?2",
	"UPDATE approval SET approver = ?1 WHERE approver = ?2",
	"UPDATE goal SET by_person = ?1 WHERE by_person = ?2",
	"UPDATE interview SET person = ?1 WHERE person = ?2",
	"UPDATE interview SET approver = ?1 WHERE approver = ?2",
	"UPDATE transcript SET person = ?1 WHERE person = ?2",
	"UPDATE plan SET state = 5 WHERE person = ?2 AND EXISTS(SELECT 1 FROM plan k WHERE k.person = ?1 AND k.year = plan.year"
	" AND (plan.state IN (0, 1, 2) OR (plan.state = 3 AND k.state = 3)))",
	/* the plans of who goes are the earlier versions; by way of negative ones, for each version is there once */
	"UPDATE plan SET version = -version - (SELECT coalesce(max(g.version), 0) FROM plan g WHERE g.person = ?2 AND g.year = plan.year)"
	" WHERE person = ?1 AND EXISTS(SELECT 1 FROM plan g WHERE g.person = ?2 AND g.year = plan.year)",
	"UPDATE plan SET person = ?1 WHERE person = ?2",
	"UPDATE plan SET version = -version WHERE person = ?1 AND version < 0 AND ?2 <> 0",
	"UPDATE OR IGNORE delegate SET approver = ?1 WHERE approver = ?2 AND person <> ?1",
	"UPDATE OR IGNORE delegate SET person = ?1 WHERE person = ?2 AND approver <> ?1",
	"DELETE FROM delegate WHERE ?2 IN (approver, person) AND ?1 <> 0",
	"INSERT INTO trailer(person, hash, seen) SELECT ?1, hash, seen FROM trailer WHERE person = ?2"
	" ON CONFLICT(person, hash) DO UPDATE SET seen = trailer.seen + excluded.seen",
	"DELETE FROM trailer WHERE person = ?2 AND ?1 <> 0",
	"UPDATE address SET person = ?1, position = position + (SELECT coalesce(max(position) + 1, 0) FROM address WHERE person = ?1) WHERE person = ?2",
	"INSERT INTO shared_address(address, person) SELECT address, ?1 FROM shared_address WHERE person = ?2 ON CONFLICT DO NOTHING",
	"DELETE FROM shared_address WHERE person = ?2 AND ?1 <> 0",
	/* since the earlier of both days; 0 = always */
	"UPDATE person SET joined = min(joined, (SELECT joined FROM person WHERE id = ?2)) WHERE id = ?1",
	"UPDATE person SET merged_into = ?1 WHERE merged_into = ?2",
	"UPDATE person SET merged_into = ?1, gone = 1 WHERE id = ?2",
};

/* One line for who goes and for each that had gone on as them. */
static int say_so(struct store *store, struct ledger_line *line, int64_t gone, struct err *err)
{
	int64_t ids[64];
	size_t n = 0;
	int got = -1;
	sqlite3_stmt *stmt = sql_start(store, "SELECT ?1 UNION ALL SELECT id FROM person WHERE merged_into = ?1 LIMIT 64", BIND(v_int(gone)), err);
	while (stmt != NULL && n < 64 && (got = sql_next(store, stmt, err)) == 1)
		ids[n++] = col_int(stmt, 0);
	sql_end(stmt);
	if (got < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		line->about = ids[i];
		if (store_add_ledger(store, line, err) < 0)
			return -1;
	}
	return 0;
}

/* Nobody decides about their own: what one of the two decided about the other is a question again. Run before anything moves. */
static const char own_decisions[] =
	"SELECT e.id FROM entry e WHERE e.person IN (?1, ?2) AND e.claim IN (2, 3) AND (SELECT l.by_person FROM ledger l WHERE l.entry = e.id"
	" AND l.verb IN (1, 2) ORDER BY l.id DESC LIMIT 1) IN (SELECT id FROM person WHERE id IN (?1, ?2) OR merged_into IN (?1, ?2))";
_Static_assert(PLAN_APPROVED == 3 && PLAN_REPLACED == 5, "named in the statement");
_Static_assert(CLAIM_APPROVED == 2 && CLAIM_DENIED == 3 && LEDGER_APPROVE == 1 && LEDGER_DENY == 2, "named in the statement");

static int undo_own(struct store *store, int64_t keep, int64_t gone, int64_t at, size_t *undone, struct err *err)
{
	struct arena arena = {0};
	int64_t *ids = NULL;
	size_t n = 0;
	int got = -1;
	sqlite3_stmt *stmt = sql_start(store, own_decisions, BIND(v_int(keep), v_int(gone)), err);
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(&arena, ids, n) = col_int(stmt, 0);
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < n; i++) {
		struct ledger_line line = {.at = at, .entry = ids[i], .verb = LEDGER_UNDO, .reason = "decided by the same person under another name"};
		got = store_add_ledger(store, &line, err);
	}
	*undone = n;
	arena_release(&arena);
	return got;
}

static int refuse(struct store *store, int64_t keep, int64_t gone, struct err *err)
{
	struct arena arena = {0};
	struct person a, b;
	int64_t merged;
	int found = store_person(store, keep, &arena, &a, err);
	if (found == 1)
		found = store_person(store, gone, &arena, &b, err);
	int result = found < 0 ? -1 : found == 0 ? err_set(err, "%s: no such person", store->path) : 0;
	if (result == 0 && keep == gone)
		result = err_set(err, "%s is one person already", a.name);
	if (result == 0 && (a.removed || b.removed))
		result = err_set(err, "a removed person is nobody's history any more");
	if (result == 0) {
		found = sql_int(store, "SELECT merged_into FROM person WHERE id IN (?, ?) AND merged_into IS NOT NULL", BIND(v_int(keep), v_int(gone)), &merged, err);
		result = found < 0 ? -1 : found > 0 ? err_set(err, "one of the two goes on as person %" PRId64 " already", merged) : 0;
	}
	arena_release(&arena);
	return result;
}

int store_merge(struct store *store, int64_t keep, int64_t gone, int64_t by, int64_t at, const char *reason, size_t *undone, struct err *err)
{
	struct ledger_line line = {.at = at, .person = keep, .verb = LEDGER_MERGE, .reason = reason, .by_person = by};
	size_t n = 0;
	if (refuse(store, keep, gone, err) < 0 || say_so(store, &line, gone, err) < 0 || undo_own(store, keep, gone, at, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (sql_run(store, moves[i], BIND(v_int(keep), v_int(gone)), err) < 0)
			return -1;
	*undone = n;
	return 0;
}
