#include "gateway/store/store-sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BUSY_MS 30000

/* Set on every connection. A page cache of 16 MB: at 100,000 entries a mail costs 5 % more than at 1,000; 8 MB made that 10 %. */
static const char *const settings[] = {
	"PRAGMA trusted_schema = OFF",
	"PRAGMA foreign_keys = ON",
	"PRAGMA synchronous = FULL",
	"PRAGMA cache_size = -16000",
	"PRAGMA wal_autocheckpoint = 4000",
	"PRAGMA journal_size_limit = 67108864",
	"PRAGMA temp_store = MEMORY", /* a savepoint keeps the old pages there: 180 KB a mail */
};

static int set_up(struct store *store, struct err *err)
{
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (sql_exec(store, settings[i], err) < 0)
			return -1;
	if (store->mode == STORE_READ)
		return sql_exec(store, "PRAGMA query_only = ON", err);
	/* Both take effect on a new file only. */
	if (sql_exec(store, "PRAGMA page_size = 4096", err) < 0)
		return -1;
	return sql_exec(store, "PRAGMA journal_mode = WAL", err);
}

/* Made beforehand, so that nobody but its owner may read it; the journal files take over its mode. */
static int make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	close(fd);
	return 0;
}

struct store *store_open(const char *path, enum store_mode mode, struct err *err)
{
	if (mode == STORE_CREATE && make_file(path, err) < 0)
		return NULL;
	if (access(path, F_OK) < 0) {
		err_set(err, "%s: %s: run plnpost init", path, strerror(errno));
		return NULL;
	}
	struct store *store = calloc(1, sizeof *store);
	if (store == NULL || (store->path = strdup(path)) == NULL)
		abort();
	store->mode = mode;
	store->text.max = TEXT_INDEXED;
	if (sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		sql_fail(store, NULL, err);
	else if (set_up(store, err) == 0 && schema_check(store, err) == 0)
		return store;
	store_close(store);
	return NULL;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	for (size_t i = 0; i < STATEMENTS_MAX; i++)
		sqlite3_finalize(store->statements[i].stmt);
	sqlite3_close(store->db);
	codec_close(store->codec);
	str_release(&store->text);
	free(store->path);
	free(store);
}

static int simple(struct store *store, const char *sql, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, sql, NULL, err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

int store_begin(struct store *store, struct err *err)
{
	search_forget(store);
	return simple(store, "BEGIN IMMEDIATE", err);
}

int store_snapshot(struct store *store, struct err *err)
{
	return simple(store, "BEGIN", err);
}

int store_commit(struct store *store, struct err *err)
{
	search_forget(store);
	return simple(store, "COMMIT", err);
}

void store_rollback(struct store *store)
{
	search_forget(store);
	if (!sqlite3_get_autocommit(store->db))
		simple(store, "ROLLBACK", NULL);
}

int store_savepoint(struct store *store, struct err *err)
{
	return simple(store, "SAVEPOINT mail", err);
}

int store_release(struct store *store, struct err *err)
{
	return simple(store, "RELEASE mail", err);
}

void store_undo_savepoint(struct store *store)
{
	search_forget(store);
	if (simple(store, "ROLLBACK TO mail", NULL) == 0)
		simple(store, "RELEASE mail", NULL);
}

static int sync_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 || fsync(fd) < 0 ? err_later(err, "%s: %s", path, strerror(errno)) : 0;
	if (fd >= 0)
		close(fd);
	return result;
}

/* SQLite takes a copy for a change of the log it copies from, and query_only forbids it. */
static int copy_into(struct store *store, const char *path, struct err *err)
{
	if (sql_exec(store, "PRAGMA query_only = OFF", err) < 0)
		return -1;
	sqlite3_stmt *stmt = sql_start(store, "VACUUM INTO ?", BIND(v_text(path)), err);
	int got = stmt == NULL ? -1 : sql_next(store, stmt, err);
	sql_end(stmt);
	if (store->mode == STORE_READ && sql_exec(store, "PRAGMA query_only = ON", got < 0 ? NULL : err) < 0)
		return -1;
	return got;
}

/* Written beside and renamed: a backup of that name is whole or not there. */
int store_backup(struct store *store, const char *path, struct err *err)
{
	struct str beside = {0};
	str_printf(&beside, "%s.partial", path);
	int result = -1;
	if (access(path, F_OK) == 0) {
		err_set(err, "%s: is there already: give the backup a new name", path);
		goto out;
	}
	unlink(beside.p);
	if (make_file(beside.p, err) < 0)
		goto out;
	if (copy_into(store, beside.p, err) == 0 && sync_file(beside.p, err) == 0) {
		result = rename(beside.p, path);
		if (result < 0)
			err_set(err, "%s: %s", path, strerror(errno));
	}
	if (result < 0)
		unlink(beside.p);
out:
	str_release(&beside);
	return result;
}

int store_meta(struct store *store, const char *key, struct arena *arena, const char **value, struct err *err)
{
	return sql_text(store, "SELECT value FROM meta WHERE key = ?", BIND(v_text(key)), arena, value, err);
}

int store_set_meta(struct store *store, const char *key, const char *value, struct err *err)
{
	return sql_run(store, "INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
	               BIND(v_text(key), v_words(value)), err);
}
