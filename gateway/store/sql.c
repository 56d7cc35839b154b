#include "gateway/store/store-sql.h"

#include <limits.h>
#include <stdlib.h>

static const struct mend {
	int code;
	bool later;
	const char *mend;
} mends[] = {
	{SQLITE_FULL, true, "no room is left: make some on the disk, nothing stored is lost"},
	{SQLITE_IOERR, true, "the disk did not read or write: look into the system's log"},
	{SQLITE_BUSY, true, "another plnpost has been writing for too long: try again"},
	{SQLITE_LOCKED, true, "another plnpost has been writing for too long: try again"},
	{SQLITE_NOMEM, true, "no memory is left: try again"},
	{SQLITE_READONLY, false, "the log or its folder is not writable: run as the user who owns it"},
	{SQLITE_CANTOPEN, false, "the log cannot be opened: check that it is there and who may read it"},
	{SQLITE_CORRUPT, false, "the log is damaged: restore a backup"},
	{SQLITE_NOTADB, false, "this is not a log of plnpost"},
};

int sql_fail(struct store *store, const char *sql, struct err *err)
{
	int code = sqlite3_errcode(store->db) & 0xff;
	const char *said = sqlite3_errmsg(store->db);
	int words = sql == NULL ? 0 : (int)strcspn(sql, "(?\n");
	for (size_t i = 0; i < sizeof mends / sizeof *mends; i++) {
		if (mends[i].code != code)
			continue;
		return (mends[i].later ? err_later : err_set)(err, "%s: %s: %s", store->path, said, mends[i].mend);
	}
	return err_set(err, "%s: %s (%.*s)", store->path, said, words < 60 ? words : 60, sql == NULL ? "" : sql);
}

int sql_exec(struct store *store, const char *sql, struct err *err)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : sql_fail(store, sql, err);
}

static sqlite3_stmt *prepared(struct store *store, const char *sql, struct err *err)
{
	size_t slot = ((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15)) >> 32;
	for (size_t i = 0; i < STATEMENTS_MAX; i++) {
		struct statement *s = &store->statements[(slot + i) % STATEMENTS_MAX];
		if (s->sql == sql)
			return s->stmt;
		if (s->sql != NULL)
			continue;
		if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL) != SQLITE_OK) {
			sql_fail(store, sql, err);
			return NULL;
		}
		s->sql = sql;
		return s->stmt;
	}
	err_set(err, "%s: too many statements (%.40s)", store->path, sql);
	return NULL;
}

static int bind(sqlite3_stmt *stmt, int at, const struct value *v)
{
	if (v->n > INT_MAX)
		return SQLITE_TOOBIG;
	switch (v->type) {
	case VALUE_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case VALUE_TEXT:
		return sqlite3_bind_text(stmt, at, v->p, (int)v->n, SQLITE_STATIC);
	case VALUE_BLOB:
		return sqlite3_bind_blob(stmt, at, v->p, (int)v->n, SQLITE_STATIC);
	case VALUE_NULL:
		return sqlite3_bind_null(stmt, at);
	case VALUE_END:
		break;
	}
	return SQLITE_MISUSE;
}

sqlite3_stmt *sql_start(struct store *store, const char *sql, const struct value *values, struct err *err)
{
	sqlite3_stmt *stmt = prepared(store, sql, err);
	if (stmt == NULL)
		return NULL;
	if (sqlite3_stmt_busy(stmt)) {
		err_set(err, "%s: a statement was used within itself (%.40s)", store->path, sql);
		return NULL;
	}
	int n = 0;
	for (; values != NULL && values[n].type != VALUE_END; n++) {
		if (bind(stmt, n + 1, &values[n]) != SQLITE_OK) {
			sql_fail(store, sql, err);
			return NULL;
		}
	}
	if (n != sqlite3_bind_parameter_count(stmt)) {
		err_set(err, "%s: %d values for %d (%.40s)", store->path, n, sqlite3_bind_parameter_count(stmt), sql);
		return NULL;
	}
	return stmt;
}

int sql_next(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
	switch (sqlite3_step(stmt)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return sql_fail(store, sqlite3_sql(stmt), err);
	}
}

void sql_end(sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
}

int sql_run(struct store *store, const char *sql, const struct value *values, struct err *err)
{
	if (sqlite3_get_autocommit(store->db))
		return err_set(err, "%s: a change outside a transaction (%.40s)", store->path, sql);
	sqlite3_stmt *stmt = sql_start(store, sql, values, err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

int sql_run_one(struct store *store, const char *sql, const struct value *values, const char *what, int64_t id, struct err *err)
{
	if (sql_run(store, sql, values, err) < 0)
		return -1;
	if (sqlite3_changes(store->db) == 0)
		return err_set(err, "%s: no %s %lld", store->path, what, (long long)id);
	return 0;
}

int sql_int(struct store *store, const char *sql, const struct value *values, int64_t *out, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, sql, values, err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		*out = sqlite3_column_int64(stmt, 0);
	sql_end(stmt);
	return got;
}

int sql_text(struct store *store, const char *sql, const struct value *values, struct arena *arena, const char **out, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, sql, values, err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		*out = col_text(stmt, 0, arena);
	sql_end(stmt);
	return got;
}

int sql_strs(struct store *store, const char *sql, const struct value *values, struct arena *arena, struct strs *out, struct err *err)
{
	struct strs found = *out;
	sqlite3_stmt *stmt = sql_start(store, sql, values, err);
	if (stmt == NULL)
		return -1;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		strs_add(&found, arena, col_words(stmt, 0, arena));
	sql_end(stmt);
	if (got == 0)
		*out = found;
	return got;
}

const char *col_text(sqlite3_stmt *stmt, int i, struct arena *arena)
{
	const char *s = (const char *)sqlite3_column_text(stmt, i);
	return s == NULL ? NULL : arena_strndup(arena, s, (size_t)sqlite3_column_bytes(stmt, i));
}

const char *col_words(sqlite3_stmt *stmt, int i, struct arena *arena)
{
	const char *s = col_text(stmt, i, arena);
	return s == NULL ? "" : s;
}

int64_t col_int(sqlite3_stmt *stmt, int i)
{
	return sqlite3_column_int64(stmt, i);
}

static int col_clamped(sqlite3_stmt *stmt, int i)
{
	int64_t n = sqlite3_column_int64(stmt, i);
	return n < INT_MIN ? INT_MIN : n > INT_MAX ? INT_MAX : (int)n;
}

int32_t col_day(sqlite3_stmt *stmt, int i)
{
	return sqlite3_column_type(stmt, i) == SQLITE_NULL ? DAY_NONE : col_clamped(stmt, i);
}

int col_minutes(sqlite3_stmt *stmt, int i)
{
	return col_clamped(stmt, i);
}

bool col_bool(sqlite3_stmt *stmt, int i)
{
	return sqlite3_column_int64(stmt, i) != 0;
}

unsigned col_enum(sqlite3_stmt *stmt, int i, unsigned count)
{
	int64_t n = sqlite3_column_int64(stmt, i);
	return n >= 0 && n < (int64_t)count ? (unsigned)n : 0;
}

struct span col_blob(sqlite3_stmt *stmt, int i)
{
	const char *p = sqlite3_column_blob(stmt, i);
	return (struct span){p, p == NULL ? 0 : (size_t)sqlite3_column_bytes(stmt, i)};
}
