#include <inttypes.h>

#include "gateway/store/store-sql.h"
#include "rules/plan-words.h"

/* Plans: one row a version. What has been before an approver is never written over; only a draft changes in place. */

_Static_assert(PLAN_DRAFT == 0 && PLAN_WAITING == 1 && PLAN_ASKED == 2 && PLAN_APPROVED == 3 && PLAN_DENIED == 4 && PLAN_REPLACED == 5, "stored numbers never change");
#define SQL_OPEN "(0, 1, 2)" /* draft, waiting, asked */

#define PLAN_SELECT \
	"SELECT p.id, p.person, p.year, p.version, p.state, p.network, p.learn, p.classroom, p.goal, g.words, p.prose, p.created_at, p.message," \
	" p.decided_at, p.decided_by, p.delegate, p.words FROM plan p LEFT JOIN goal g ON g.id = p.goal"

static void plan_row(sqlite3_stmt *stmt, struct arena *arena, struct plan *p)
{
	*p = (struct plan){
		.id = col_int(stmt, 0),
		.person = col_int(stmt, 1),
		.year = col_day(stmt, 2),
		.version = (int)col_int(stmt, 3),
		.state = col_enum(stmt, 4, PLAN_STATE_COUNT),
		.parts = {col_words(stmt, 5, arena), col_words(stmt, 6, arena), col_words(stmt, 7, arena)},
		.goal = col_int(stmt, 8),
		.goal_words = col_words(stmt, 9, arena),
		.prose = col_words(stmt, 10, arena),
		.created_at = col_int(stmt, 11),
		.message = col_int(stmt, 12),
		.decided_at = col_int(stmt, 13),
		.decided_by = col_int(stmt, 14),
		.delegate = col_int(stmt, 15),
		.words = col_words(stmt, 16, arena),
	};
}

static int collect(struct store *store, sqlite3_stmt *stmt, struct arena *arena, struct plans *out, struct err *err)
{
	struct plans list = {0};
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		plan_row(stmt, arena, ARENA_PUSH(arena, list.v, list.n));
	sql_end(stmt);
	if (got == 0)
		*out = list;
	return got;
}

static int one(struct store *store, sqlite3_stmt *stmt, struct arena *arena, struct plan *out, struct err *err)
{
	struct plans found;
	if (collect(store, stmt, arena, &found, err) < 0)
		return -1;
	if (found.n > 0)
		*out = found.v[0];
	return found.n > 0;
}

int store_plan(struct store *store, int64_t id, struct arena *arena, struct plan *out, struct err *err)
{
	return one(store, sql_start(store, PLAN_SELECT " WHERE p.id = ?", BIND(v_int(id)), err), arena, out, err);
}

int store_plan_of(struct store *store, int64_t person, int32_t year, bool approved, struct arena *arena, struct plan *out, struct err *err)
{
	static const char latest[] = PLAN_SELECT " WHERE p.person = ? AND p.year = ? AND p.state <> 5 ORDER BY p.version DESC LIMIT 1";
	static const char valid[] = PLAN_SELECT " WHERE p.person = ? AND p.year = ? AND p.state = 3 ORDER BY p.version DESC LIMIT 1";
	return one(store, sql_start(store, approved ? valid : latest, BIND(v_int(person), v_int(year)), err), arena, out, err);
}

int store_plans(struct store *store, int64_t person, int32_t year, struct arena *arena, struct plans *out, struct err *err)
{
	static const char everybody[] = PLAN_SELECT " WHERE p.year = ? ORDER BY p.person, p.version";
	static const char of_one[] = PLAN_SELECT " WHERE p.year = ? AND p.person = ? ORDER BY p.version";
	return collect(store, person == 0 ? sql_start(store, everybody, BIND(v_int(year)), err) : sql_start(store, of_one, BIND(v_int(year), v_int(person)), err),
	               arena, out, err);
}

int store_add_plan(struct store *store, struct plan *p, struct err *err)
{
	int64_t last = 0;
	if (sql_int(store, "SELECT coalesce(max(version), 0) FROM plan WHERE person = ? AND year = ?", BIND(v_int(p->person), v_int(p->year)), &last, err) < 0 ||
	    sql_run(store, "UPDATE plan SET state = 5 WHERE person = ? AND year = ? AND state IN " SQL_OPEN, BIND(v_int(p->person), v_int(p->year)), err) < 0 ||
	    sql_run(store,
	            "INSERT INTO plan(person, year, version, state, network, learn, classroom, goal, prose, created_at, message, decided_at, decided_by,"
	            " delegate, words) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	            BIND(v_int(p->person), v_int(p->year), v_int(last + 1), v_int(p->state), v_words(p->parts.network), v_words(p->parts.learn),
	                 v_words(p->parts.classroom), v_ref(p->goal), v_words(p->prose), v_int(p->created_at), v_ref(p->message), v_ref(p->decided_at),
	                 v_ref(p->decided_by), v_ref(p->delegate), v_words(p->words)),
	            err) < 0)
		return -1;
	p->id = sqlite3_last_insert_rowid(store->db);
	p->version = (int)last + 1;
	return 0;
}

int store_change_plan(struct store *store, const struct plan *p, struct err *err)
{
	if (p->state == PLAN_APPROVED &&
	    sql_run(store, "UPDATE plan SET state = 5 WHERE person = ? AND year = ? AND state = 3 AND id <> ?", BIND(v_int(p->person), v_int(p->year), v_int(p->id)), err) < 0)
		return -1;
	return sql_run_one(store,
	                   "UPDATE plan SET state = ?, network = ?, learn = ?, classroom = ?, goal = ?, prose = ?, message = ?, decided_at = ?, decided_by = ?,"
	                   " delegate = ?, words = ? WHERE id = ?",
	                   BIND(v_int(p->state), v_words(p->parts.network), v_words(p->parts.learn), v_words(p->parts.classroom), v_ref(p->goal),
	                        v_words(p->prose), v_ref(p->message), v_ref(p->decided_at), v_ref(p->decided_by), v_ref(p->delegate), v_words(p->words),
	                        v_int(p->id)),
	                   "plan", p->id, err);
}

int store_plan_before(struct store *store, int64_t id, struct arena *arena, struct plan *out, struct err *err)
{
	/* replaced with a decision: it was approved */
	static const char before[] = PLAN_SELECT " JOIN plan n ON n.id = ? WHERE p.person = n.person AND p.year = n.year AND p.version < n.version"
	                                         " AND p.state = 5 AND p.decided_at IS NOT NULL ORDER BY p.version DESC LIMIT 1";
	return one(store, sql_start(store, before, BIND(v_int(id)), err), arena, out, err);
}

/* The entries' own words and tags, without what else belongs to them: a digest asks for a whole year of everybody's. */
int store_plan_progress(struct store *store, const struct plan *plan, int32_t from, int32_t to, int *within, int *of, struct err *err)
{
	static const char sql[] = "SELECT e.title, substr(e.note, 1, 2000), (SELECT group_concat(t.tag, ' ') FROM entry_tag t WHERE t.entry = e.id)"
	                          " FROM entry e WHERE e.person = ? AND e.day >= ? AND e.day < ? AND e.undone = 0";
	struct plan_topic topic;
	int n = 0, covered = 0, got = -1;
	plan_topic(&topic, plan);
	sqlite3_stmt *stmt = sql_start(store, sql, BIND(v_int(plan->person), v_int(from), v_int(to)), err);
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1) {
		const char *columns[3];
		for (int i = 0; i < 3; i++) {
			const char *text = (const char *)sqlite3_column_text(stmt, i);
			columns[i] = text == NULL ? "" : text;
		}
		struct entry e = {.title = columns[0], .note = columns[1], .tags = {&columns[2], 1}};
		covered += plan_topic_covers(&topic, &e);
		n++;
	}
	sql_end(stmt);
	if (got == 0) {
		*within = covered;
		*of = n;
	}
	return got;
}

int store_letter_of_plan(struct store *store, int64_t plan, int64_t person, struct arena *arena, const char **message_id, struct err *err)
{
	static const char sql[] = "SELECT message_id FROM letter WHERE plan = ? AND person = ? ORDER BY id DESC LIMIT 1";
	return sql_text(store, sql, BIND(v_int(plan), v_int(person)), arena, message_id, err);
}
