#include "gateway/store/store-sql.h"

#include <stdio.h>

/* Mails and letters that lose their words. A mail keeps its body's hash and that of its Message-ID: should its server show it again,
 * it is known. */

#define ROWS_AT_ONCE 2000

static const char *const of_a_message[] = {
	"DELETE FROM raw WHERE message = ?1",
	"DELETE FROM held_text WHERE message = ?1",
	"UPDATE message SET from_addr = NULL, subject = NULL, list_id = NULL, reason = NULL, redacted = 1 WHERE id = ?1",
};

void redacted_id(char out[96], const char *message_id)
{
	uint8_t hash[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];
	hash_bytes(hash, message_id, strlen(message_id));
	hash_hex(hex, hash);
	snprintf(out, 96, "redacted:%s", hex);
}

static int hide_id(struct store *store, int64_t message, struct err *err)
{
	struct arena arena = {0};
	const char *id = NULL;
	char hidden[96];
	int got = sql_text(store, "SELECT message_id FROM message WHERE id = ? AND redacted = 0", BIND(v_int(message)), &arena, &id, err);
	if (id != NULL) {
		redacted_id(hidden, id);
		got = sql_run(store, "UPDATE message SET message_id = ? WHERE id = ?", BIND(v_text(hidden), v_int(message)), err);
	}
	arena_release(&arena);
	return got < 0 ? -1 : 0;
}

int redact_message(struct store *store, int64_t message, struct err *err)
{
	if (hide_id(store, message, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof of_a_message / sizeof *of_a_message; i++)
		if (sql_run(store, of_a_message[i], BIND(v_int(message)), err) < 0)
			return -1;
	return 0;
}

static const char *const of_a_letter[] = {
	"UPDATE letter_body SET bytes = NULL, own_text = NULL WHERE letter = ?1",
	"UPDATE bounce SET recipient = '' WHERE letter = ?1",
	"UPDATE letter SET subject = '', recipient = '', envelope_from = '', detail = NULL, key = 'redacted:' || id, redacted = 1 WHERE id = ?1",
};

int redact_letter(struct store *store, int64_t letter, struct err *err)
{
	for (size_t i = 0; i < sizeof of_a_letter / sizeof *of_a_letter; i++)
		if (sql_run(store, of_a_letter[i], BIND(v_int(letter)), err) < 0)
			return -1;
	return 0;
}

/* The rows that a query finds, each redacted. */
int redact_rows(struct store *store, const char *sql, const struct value *values, int (*redact)(struct store *, int64_t, struct err *), size_t *n,
                struct err *err)
{
	struct arena arena = {0};
	int64_t *ids = NULL;
	size_t count = 0;
	int got = -1;
	sqlite3_stmt *stmt = sql_start(store, sql, values, err);
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(&arena, ids, count) = col_int(stmt, 0);
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < count; i++)
		got = redact(store, ids[i], err);
	*n += got < 0 ? 0 : count;
	arena_release(&arena);
	return got < 0 ? -1 : count > 0;
}

/* What an entry that stays came from stays; what waits in the outbox goes out first. */
#define OLD_MAIL "FROM message WHERE received_at < ?1 AND redacted = 0 AND id NOT IN (SELECT message FROM entry WHERE message IS NOT NULL AND redacted = 0)"
#define OLD_LETTERS "FROM letter WHERE created_at < ?1 AND redacted = 0 AND state NOT IN (0, 1)"

int store_redact_mail(struct store *store, int64_t before, size_t *mails, size_t *letters, struct err *err)
{
	int got = redact_rows(store, "SELECT id " OLD_MAIL " LIMIT ?2", BIND(v_int(before), v_int(ROWS_AT_ONCE)), redact_message, mails, err);
	return got != 0 ? got
	                : redact_rows(store, "SELECT id " OLD_LETTERS " LIMIT ?2", BIND(v_int(before), v_int(ROWS_AT_ONCE)), redact_letter, letters, err);
}

int store_due_mail(struct store *store, int64_t before, int64_t *mails, int64_t *letters, struct err *err)
{
	if (sql_int(store, "SELECT count(*) " OLD_MAIL, BIND(v_int(before)), mails, err) < 0)
		return -1;
	return sql_int(store, "SELECT count(*) " OLD_LETTERS, BIND(v_int(before)), letters, err) < 0 ? -1 : 0;
}

/* Links that no entry has any more go wholly. Each would look for its children through all entries: there are none. */
static const char *const orphans[] = {
	"DELETE FROM title WHERE url IN (SELECT url FROM link WHERE id NOT IN (SELECT link FROM entry_link))",
	"DELETE FROM link WHERE id NOT IN (SELECT link FROM entry_link)",
	"DELETE FROM key WHERE kind = 0 AND row NOT IN (SELECT id FROM link)",
	/* terms of the index that nothing has any more */
	"INSERT INTO words(words) VALUES('optimize')",
};

static int sweep(struct store *store, struct err *err)
{
	if (store_begin(store, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof orphans / sizeof *orphans; i++)
		if (sql_run(store, orphans[i], NULL, err) < 0) {
			store_rollback(store);
			return -1;
		}
	return store_commit(store, err);
}

/* Bytes that are free still hold what they held: the file is written anew, the journal emptied. */
int store_wipe(struct store *store, struct err *err)
{
	int64_t busy = 0;
	if (sql_exec(store, "PRAGMA foreign_keys = OFF", err) < 0)
		return -1;
	int result = sweep(store, err);
	if (sql_exec(store, "PRAGMA foreign_keys = ON", result < 0 ? NULL : err) < 0 || result < 0)
		return -1;
	if (sql_exec(store, "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY", err) < 0 ||
	    sql_int(store, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, &busy, err) < 0)
		return -1;
	return busy == 0 ? 0 : err_later(err, "%s-wal: another plnpost is reading: old bytes stay in the journal until it is done; try again", store->path);
}
