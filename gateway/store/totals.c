#include "gateway/store/store-sql.h"

#include <limits.h>

/* Sums over a person's days, from the index entry_person alone. */

int store_credited(struct store *store, int64_t person, const struct cap *cap, int32_t from, int32_t to, int64_t except_entry, int *minutes,
                   struct err *err)
{
	int64_t sum = 0;
	int got = sql_int(store,
	                  "SELECT coalesce(sum(credited), 0) FROM entry WHERE person = ?1 AND day >= ?2 AND day < ?3 AND undone = 0"
	                  " AND claim IN " SQL_COUNTED " AND (?4 >> kind) & 1 AND (?5 = 0 OR starred = (?5 = 1)) AND id <> ?6",
	                  BIND(v_int(person), v_int(from), v_end(to), v_int(cap->kinds), v_int(cap->stars), v_int(except_entry)), &sum, err);
	if (got < 0)
		return -1;
	*minutes = sum > INT_MAX ? INT_MAX : (int)sum;
	return 0;
}
_Static_assert(STARS_ANY == 0 && STARS_ONLY == 1 && STARS_NOT == 2, "named in the statement");

static void add_entry(struct totals *t, enum entry_kind kind, enum claim_state claim, int actual, int credited)
{
	t->entries++;
	t->actual += actual > 0 ? actual : 0;
	*(kind_gives(kind) ? &t->gave : &t->took) += 1;
	t->applied += kind == KIND_APPLIED;
	if (claim == CLAIM_APPROVED)
		t->approved += credited;
	if (claim == CLAIM_WAITING || claim == CLAIM_ASKED)
		t->waiting += credited;
	if (claim == CLAIM_DENIED)
		t->denied += credited;
}

static int64_t kinds_that_give(void)
{
	int64_t kinds = 0;
	for (unsigned k = 0; k < KIND_COUNT; k++)
		kinds |= (int64_t)kind_gives((enum entry_kind)k) << k;
	return kinds;
}

/* Summed by SQLite, without a step for every entry: a whole campus's status asks for everybody. */
int store_standing(struct store *store, int64_t person, int32_t from, int32_t to, struct totals *totals, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT count(*), count(*) FILTER(WHERE ?4 >> kind & 1), sum(credited) FILTER(WHERE claim = 2),"
	                               " sum(credited) FILTER(WHERE claim IN " SQL_UNDECIDED ") FROM entry"
	                               " WHERE person = ?1 AND day >= ?2 AND day < ?3 AND undone = 0",
	                               BIND(v_int(person), v_int(from), v_end(to), v_int(kinds_that_give())), err);
	if (stmt == NULL)
		return -1;
	struct totals t = {0};
	int got = sql_next(store, stmt, err);
	if (got == 1) {
		t.entries = (int)col_int(stmt, 0);
		t.gave = (int)col_int(stmt, 1);
		t.took = t.entries - t.gave;
		t.approved = (int)col_int(stmt, 2);
		t.waiting = (int)col_int(stmt, 3);
	}
	sql_end(stmt);
	if (got < 0 || store_granted(store, person, from, to, &t.granted, err) < 0)
		return -1;
	t.approved += t.granted;
	*totals = t;
	return 0;
}

int store_totals(struct store *store, int64_t person, int32_t from, int32_t to, struct totals *totals, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT kind, claim, actual, credited, starred, is_private FROM entry"
	                               " WHERE person = ? AND day >= ? AND day < ? AND undone = 0",
	                               BIND(v_int(person), v_int(from), v_end(to)), err);
	if (stmt == NULL)
		return -1;
	struct totals t = {0};
	int got;
	while ((got = sql_next(store, stmt, err)) == 1) {
		add_entry(&t, col_enum(stmt, 0, KIND_COUNT), col_enum(stmt, 1, CLAIM_COUNT), col_minutes(stmt, 2), col_minutes(stmt, 3));
		t.starred += col_bool(stmt, 4);
		t.shared += !col_bool(stmt, 5);
	}
	sql_end(stmt);
	if (got < 0 || store_granted(store, person, from, to, &t.granted, err) < 0)
		return -1;
	t.approved += t.granted;
	*totals = t;
	return 0;
}
