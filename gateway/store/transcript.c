#include "gateway/store/store-sql.h"

/* What was issued, so that its code can be answered for. */

int store_line_hash(struct store *store, int64_t id, int64_t *found, uint8_t hash[HASH_BYTES], struct err *err)
{
	sqlite3_stmt *stmt = id == 0 ? sql_start(store, "SELECT id, hash FROM ledger ORDER BY id DESC LIMIT 1", NULL, err)
	                             : sql_start(store, "SELECT id, hash FROM ledger WHERE id = ?", BIND(v_int(id)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	struct span stored = got == 1 ? col_blob(stmt, 1) : (struct span){0};
	if (got == 1 && stored.n == HASH_BYTES) {
		*found = col_int(stmt, 0);
		memcpy(hash, stored.p, HASH_BYTES);
	} else if (got == 1) {
		got = err_set(err, "%s: ledger line %lld has no whole hash", store->path, (long long)id);
	}
	sql_end(stmt);
	return got;
}

int store_add_transcript(struct store *store, const struct issued_transcript *t, struct err *err)
{
	return sql_run(store,
	               "INSERT INTO transcript(code, person, year, issued_at, line, line_hash, content_hash) VALUES(?, ?, ?, ?, ?, ?, ?)"
	               " ON CONFLICT(code) DO NOTHING",
	               BIND(v_text(t->code), v_int(t->person), v_int(t->year), v_int(t->issued_at), v_int(t->line), v_blob(t->line_hash, HASH_BYTES),
	                    v_blob(t->content_hash, HASH_BYTES)),
	               err);
}

int store_transcript(struct store *store, const char *code, struct arena *arena, struct issued_transcript *out, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT code, person, year, issued_at, line, line_hash, content_hash FROM transcript WHERE code = ?",
	                               BIND(v_text(code)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1) {
		struct issued_transcript t = {.code = col_words(stmt, 0, arena), .person = col_int(stmt, 1), .year = col_day(stmt, 2),
		                              .issued_at = col_int(stmt, 3), .line = col_int(stmt, 4)};
		struct span line = col_blob(stmt, 5), content = col_blob(stmt, 6);
		memcpy(t.line_hash, line.p, line.n < HASH_BYTES ? line.n : HASH_BYTES);
		memcpy(t.content_hash, content.p, content.n < HASH_BYTES ? content.n : HASH_BYTES);
		*out = t;
	}
	sql_end(stmt);
	return got;
}
