#include "gateway/store/store-sql.h"

/* Interviews and write-ups: one row for each time that somebody was ready. */

_Static_assert(INTERVIEW_READY == 0 && INTERVIEW_PLANNED == 1 && INTERVIEW_SIGNED == 2 && INTERVIEW_NOT_YET == 3 && INTERVIEW_REVOKED == 4,
               "stored numbers never change");

const char *interview_state_name(enum interview_state state)
{
	static const char *const names[] = {"ready", "planned", "signed", "not yet", "revoked"};
	_Static_assert(sizeof names / sizeof *names == INTERVIEW_STATE_COUNT, "a name for each");
	return names[state];
}

#define INTERVIEW_SELECT \
	"SELECT id, person, year, state, created_at, message, approver, meets_at, decided_at, decided_by, delegate, words FROM interview"

static int one(struct store *store, sqlite3_stmt *stmt, struct arena *arena, struct interview *out, struct err *err)
{
	int got = stmt == NULL ? -1 : sql_next(store, stmt, err);
	if (got == 1)
		*out = (struct interview){
			.id = col_int(stmt, 0),
			.person = col_int(stmt, 1),
			.year = col_day(stmt, 2),
			.state = col_enum(stmt, 3, INTERVIEW_STATE_COUNT),
			.created_at = col_int(stmt, 4),
			.message = col_int(stmt, 5),
			.approver = col_int(stmt, 6),
			.meets_at = col_int(stmt, 7),
			.decided_at = col_int(stmt, 8),
			.decided_by = col_int(stmt, 9),
			.delegate = col_int(stmt, 10),
			.words = col_words(stmt, 11, arena),
		};
	sql_end(stmt);
	return got;
}

int store_interview(struct store *store, int64_t id, struct arena *arena, struct interview *out, struct err *err)
{
	return one(store, sql_start(store, INTERVIEW_SELECT " WHERE id = ?", BIND(v_int(id)), err), arena, out, err);
}

int store_interview_of(struct store *store, int64_t person, int32_t year, struct arena *arena, struct interview *out, struct err *err)
{
	static const char sql[] = INTERVIEW_SELECT " WHERE person = ? AND year = ? ORDER BY id DESC LIMIT 1";
	return one(store, sql_start(store, sql, BIND(v_int(person), v_int(year)), err), arena, out, err);
}

int store_add_interview(struct store *store, struct interview *i, struct err *err)
{
	if (sql_run(store,
	            "INSERT INTO interview(person, year, state, created_at, message, approver, meets_at, decided_at, decided_by, delegate, words)"
	            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	            BIND(v_int(i->person), v_int(i->year), v_int(i->state), v_int(i->created_at), v_ref(i->message), v_ref(i->approver), v_ref(i->meets_at),
	                 v_ref(i->decided_at), v_ref(i->decided_by), v_ref(i->delegate), v_words(i->words)),
	            err) < 0)
		return -1;
	i->id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_change_interview(struct store *store, const struct interview *i, struct err *err)
{
	return sql_run_one(store, "UPDATE interview SET state = ?, approver = ?, meets_at = ?, decided_at = ?, decided_by = ?, delegate = ?, words = ? WHERE id = ?",
	                   BIND(v_int(i->state), v_ref(i->approver), v_ref(i->meets_at), v_ref(i->decided_at), v_ref(i->decided_by), v_ref(i->delegate),
	                        v_words(i->words), v_int(i->id)),
	                   "interview", i->id, err);
}
