#include "gateway/store/store-sql.h"

void entry_read(sqlite3_stmt *stmt, struct arena *arena, struct entry *e)
{
	*e = (struct entry){
		.id = col_int(stmt, 0),
		.person = col_int(stmt, 1),
		.message = col_int(stmt, 2),
		.logged_at = col_int(stmt, 3),
		.day = col_day(stmt, 4),
		.kind = col_enum(stmt, 5, KIND_COUNT),
		.title = col_words(stmt, 6, arena),
		.note = col_words(stmt, 7, arena),
		.source = col_words(stmt, 8, arena),
		.via = col_int(stmt, 9),
		.minutes = col_minutes(stmt, 10),
		.starred = col_bool(stmt, 11),
		.is_private = col_bool(stmt, 12),
		.nocredit = col_bool(stmt, 13),
		.undone = col_bool(stmt, 14),
		.attachment = col_bool(stmt, 15),
		.claim = col_enum(stmt, 16, CLAIM_COUNT),
		.actual = col_minutes(stmt, 17),
		.credited = col_minutes(stmt, 18),
		.reason = col_words(stmt, 19, arena),
		.flag = col_words(stmt, 20, arena),
		.redacted = col_bool(stmt, 21),
	};
}

int entry_collect(struct store *store, sqlite3_stmt *stmt, struct arena *arena, struct entries *list, struct err *err)
{
	struct entries found = {0};
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		entry_read(stmt, arena, ARENA_PUSH(arena, found.v, found.n));
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < found.n; i++)
		got = parts_read(store, arena, &found.v[i], err);
	if (got == 0)
		*list = found;
	return got;
}

/* The claim is the ledger's business: an entry begins without one. */
int store_add_entry(struct store *store, struct entry *e, struct err *err)
{
	if (sql_run(store,
	            "INSERT INTO entry(person, message, logged_at, day, kind, title, note, source, via, minutes, starred, is_private,"
	            " nocredit, undone, attachment, claim, actual, credited, reason, flag)"
	            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?, ?)",
	            BIND(v_int(e->person), v_ref(e->message), v_int(e->logged_at), v_int(e->day), v_int(e->kind), v_words(e->title),
	                 v_words(e->note), v_words(e->source), v_ref(e->via), v_int(e->minutes), v_int(e->starred), v_int(e->is_private),
	                 v_int(e->nocredit), v_int(e->undone), v_int(e->attachment), v_int(e->actual), v_words(e->reason), v_words(e->flag)),
	            err) < 0)
		return -1;
	struct entry added = *e;
	added.id = sqlite3_last_insert_rowid(store->db);
	if (parts_write(store, &added, err) < 0 || search_add(store, &added, err) < 0)
		return -1;
	e->id = added.id;
	return 0;
}

int store_entry(struct store *store, int64_t id, struct arena *arena, struct entry *e, struct err *err)
{
	struct entries found;
	sqlite3_stmt *stmt = sql_start(store, "SELECT " ENTRY_COLUMNS " FROM entry e WHERE e.id = ? AND e.redacted = 0", BIND(v_int(id)), err);
	if (entry_collect(store, stmt, arena, &found, err) < 0)
		return -1;
	if (found.n == 1)
		*e = found.v[0];
	return found.n == 1;
}

#define BETWEEN_AND_SUCH \
	" e.day >= ?2 AND e.day < ?3 AND (?4 = 0 OR e.kind = ?4) AND (?5 = 0 OR e.starred) AND (?6 = 0 OR e.is_private = 0)" \
	" AND (?7 OR e.undone = 0) AND (?11 OR e.redacted = 0) AND (?8 IS NULL OR EXISTS(SELECT 1 FROM entry_tag t WHERE t.tag = ?8 AND t.entry = e.id))" \
	" ORDER BY e.day DESC, e.id DESC LIMIT ?9 OFFSET ?10"
static const char of_person[] = "SELECT " ENTRY_COLUMNS " FROM entry e WHERE e.person = ?1 AND" BETWEEN_AND_SUCH;
static const char of_everybody[] = "SELECT " ENTRY_COLUMNS " FROM entry e WHERE ?1 = 0 AND" BETWEEN_AND_SUCH;

int store_entries(struct store *store, const struct entry_filter *filter, struct arena *arena, struct entries *list, struct err *err)
{
	const char *tag = filter->tag == NULL ? NULL : utf8_lower(arena, filter->tag, strlen(filter->tag));
	sqlite3_stmt *stmt = sql_start(store, filter->person == 0 ? of_everybody : of_person,
	                               BIND(v_int(filter->person), v_int(filter->from), v_end(filter->to), v_int(filter->kind), v_int(filter->starred),
	                                    v_int(filter->shared), v_int(filter->also_undone && !filter->shared), v_text(tag),
	                                    v_int(filter->limit == 0 ? 100 : filter->limit), v_int(filter->offset), v_int(filter->also_redacted)),
	                               err);
	return entry_collect(store, stmt, arena, list, err);
}

int store_count_entries(struct store *store, int64_t person, int64_t *n, struct err *err)
{
	return sql_int(store, "SELECT count(*) FROM entry WHERE person = ? AND undone = 0", BIND(v_int(person)), n, err) < 0 ? -1 : 0;
}

int store_has_kind(struct store *store, int64_t person, enum entry_kind kind, int64_t before, struct err *err)
{
	int64_t one;
	return sql_int(store, "SELECT 1 FROM entry WHERE person = ? AND kind = ? AND undone = 0 AND (?3 = 0 OR id < ?3) LIMIT 1",
	               BIND(v_int(person), v_int(kind), v_int(before)), &one, err);
}
