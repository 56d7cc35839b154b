#include "gateway/store/store-sql.h"

#include <stdlib.h>

/* The outbox. A token is stored as its hash; once a letter is sent, its bytes and its envelope sender, which hold the token
 * in plain, are dropped. */

#define LETTER_COLUMNS \
	"l.id, l.key, l.purpose, l.message_id, l.recipient, l.envelope_from, l.subject, l.person, l.entry, l.approval, l.held_message, " \
	"l.numbered, l.token_expires, l.created_at, l.next_at, l.state, l.tries, l.detail, l.plan, l.interview"

static void letter_read(sqlite3_stmt *stmt, struct arena *arena, struct stored_letter *l)
{
	*l = (struct stored_letter){
		.id = col_int(stmt, 0),
		.key = col_words(stmt, 1, arena),
		.purpose = col_enum(stmt, 2, LETTER_PURPOSE_COUNT),
		.message_id = col_words(stmt, 3, arena),
		.recipient = col_words(stmt, 4, arena),
		.envelope_from = col_words(stmt, 5, arena),
		.subject = col_words(stmt, 6, arena),
		.person = col_int(stmt, 7),
		.entry = col_int(stmt, 8),
		.approval = col_int(stmt, 9),
		.held_message = col_int(stmt, 10),
		.numbered = col_text(stmt, 11, arena),
		.token_expires = col_int(stmt, 12),
		.created_at = col_int(stmt, 13),
		.next_at = col_int(stmt, 14),
		.state = col_enum(stmt, 15, LETTER_STATE_COUNT),
		.tries = (int)col_int(stmt, 16),
		.detail = col_text(stmt, 17, arena),
		.plan = col_int(stmt, 18),
		.interview = col_int(stmt, 19),
	};
}

/* A token comes back inside a mail address, whose case may have been folded. */
static void hash_token(uint8_t out[HASH_BYTES], const char *token)
{
	char lower[2 * TOKEN_CHARS];
	size_t n = 0;
	for (; token[n] != '\0' && n < sizeof lower; n++)
		lower[n] = token[n] >= 'A' && token[n] <= 'Z' ? (char)(token[n] - 'A' + 'a') : token[n];
	hash_bytes(out, lower, n);
}

static int add_body(struct store *store, const struct stored_letter *l, int64_t id, struct err *err)
{
	return sql_run(store, "INSERT INTO letter_body(letter, bytes, own_text) VALUES(?, ?, ?)",
	               BIND(v_int(id), v_blob(l->bytes.p, l->bytes.n), v_text(l->own_text)), err);
}

int store_queue_letter(struct store *store, struct stored_letter *l, struct err *err)
{
	uint8_t hash[HASH_BYTES] = {0};
	bool token = l->token != NULL && l->token[0] != '\0';
	if (token)
		hash_token(hash, l->token);
	const char *recipient = l->recipient == NULL ? "" : l->recipient;
	struct arena arena = {0};
	int result = sql_run(store,
	                     "INSERT INTO letter(key, purpose, message_id, recipient, envelope_from, subject, person, entry, approval, held_message,"
	                     " numbered, token_hash, token_expires, created_at, next_at, state, tries, plan, interview)"
	                     " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?) ON CONFLICT(key) DO NOTHING",
	                     BIND(v_text(l->key), v_int(l->purpose), v_words(l->message_id), v_text(address_lower(&arena, recipient)),
	                          v_words(l->envelope_from), v_words(l->subject), v_ref(l->person), v_ref(l->entry), v_ref(l->approval),
	                          v_ref(l->held_message), v_text(l->numbered), token ? v_blob(hash, HASH_BYTES) : v_text(NULL),
	                          v_int(l->token_expires), v_int(l->created_at), v_int(l->next_at), v_ref(l->plan), v_ref(l->interview)),
	                     err);
	arena_release(&arena);
	if (result < 0 || sqlite3_changes(store->db) == 0)
		return result;
	int64_t id = sqlite3_last_insert_rowid(store->db);
	if ((token && keys_add(store, KEY_TOKEN, key_of_hash(hash), id, err) < 0) || keys_settle(store, KEY_TOKEN, id, err) < 0 ||
	    add_body(store, l, id, err) < 0)
		return -1;
	l->id = id;
	return 1;
}

static int read_body(struct store *store, struct stored_letter *l, bool bytes, struct arena *arena, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT bytes, own_text FROM letter_body WHERE letter = ?", BIND(v_int(l->id)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1) {
		struct span body = bytes ? col_blob(stmt, 0) : (struct span){0};
		l->bytes = (struct span){arena_strndup(arena, body.p, body.n), body.n};
		l->own_text = col_text(stmt, 1, arena);
	}
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

/* All rows, in their order; ends the statement. bodies: with own_text, and bytes if asked for. */
static int collect(struct store *store, sqlite3_stmt *stmt, bool bodies, struct arena *arena, struct stored_letter **v, size_t *n, struct err *err)
{
	struct stored_letter *found = NULL;
	size_t count = 0;
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		letter_read(stmt, arena, ARENA_PUSH(arena, found, count));
	sql_end(stmt);
	for (size_t i = 0; bodies && got == 0 && i < count; i++)
		got = read_body(store, &found[i], true, arena, err);
	if (got == 0) {
		*v = found;
		*n = count;
	}
	return got;
}

static int by_id(const void *a, const void *b)
{
	const struct stored_letter *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

int store_claim_letters(struct store *store, int64_t now, int64_t lease_until, int limit, struct arena *arena, struct stored_letter **v, size_t *n,
                        struct err *err)
{
	if (sqlite3_get_autocommit(store->db))
		return err_set(err, "%s: letters are claimed inside a transaction", store->path);
	sqlite3_stmt *stmt = sql_start(store,
	                               "UPDATE letter AS l SET state = 1, tries = tries + 1, next_at = ?1 WHERE id IN (SELECT id FROM letter"
	                               " INDEXED BY letter_due WHERE state IN (0, 1) AND next_at <= ?2 ORDER BY next_at, id LIMIT ?3)"
	                               " RETURNING id, key, purpose, message_id, recipient, envelope_from, subject, person, entry, approval,"
	                               " held_message, numbered, token_expires, created_at, next_at, state, tries, detail",
	                               BIND(v_int(lease_until), v_int(now), v_int(limit)), err);
	if (collect(store, stmt, true, arena, v, n, err) < 0)
		return -1;
	if (*n > 1)
		qsort(*v, *n, sizeof **v, by_id);
	return 0;
}

int store_letter_sent(struct store *store, int64_t id, int64_t at, const char *detail, struct err *err)
{
	if (sql_run_one(store, "UPDATE letter SET state = ?, ended_at = ?, detail = ?, envelope_from = '' WHERE id = ?",
	                BIND(v_int(LETTER_SENT), v_int(at), v_text(detail), v_int(id)), "letter", id, err) < 0)
		return -1;
	return sql_run(store, "UPDATE letter_body SET bytes = NULL WHERE letter = ?", BIND(v_int(id)), err);
}

int store_letter_later(struct store *store, int64_t id, int64_t next_at, const char *detail, struct err *err)
{
	return sql_run_one(store, "UPDATE letter SET state = ?, next_at = ?, detail = ? WHERE id = ?",
	                   BIND(v_int(LETTER_QUEUED), v_int(next_at), v_text(detail), v_int(id)), "letter", id, err);
}

int store_letter_failed(struct store *store, int64_t id, int64_t at, const char *detail, struct err *err)
{
	return sql_run_one(store, "UPDATE letter SET state = ?, ended_at = ?, detail = ? WHERE id = ?",
	                   BIND(v_int(LETTER_FAILED), v_int(at), v_text(detail), v_int(id)), "letter", id, err);
}

/* The first row; 1, 0, -1. Ends the statement. */
static int take_letter(struct store *store, sqlite3_stmt *stmt, bool bytes, struct arena *arena, struct stored_letter *l, struct err *err)
{
	struct stored_letter found;
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		letter_read(stmt, arena, &found);
	sql_end(stmt);
	if (got == 1 && read_body(store, &found, bytes, arena, err) < 0)
		return -1;
	if (got == 1)
		*l = found;
	return got;
}

int store_letter_by_token(struct store *store, const char *token, int64_t now, struct arena *arena, struct stored_letter *l, struct err *err)
{
	uint8_t hash[HASH_BYTES];
	hash_token(hash, token);
	return take_letter(store,
	                   sql_start(store,
	                             "SELECT " LETTER_COLUMNS " FROM key k CROSS JOIN letter l ON l.id = k.row WHERE " SQL_KEY(2)
	                             " AND l.token_hash = ?2 AND l.token_expires > ?3",
	                             BIND(v_int(key_of_hash(hash)), v_blob(hash, HASH_BYTES), v_int(now)), err),
	                   false, arena, l, err);
}

int store_letter_by_message_id(struct store *store, const char *message_id, struct arena *arena, struct stored_letter *l, struct err *err)
{
	return take_letter(store,
	                   sql_start(store, "SELECT " LETTER_COLUMNS " FROM letter l WHERE message_id = ? ORDER BY id LIMIT 1",
	                             BIND(v_text(message_id)), err),
	                   false, arena, l, err);
}

int store_letter(struct store *store, int64_t id, struct arena *arena, struct stored_letter *l, struct err *err)
{
	return take_letter(store, sql_start(store, "SELECT " LETTER_COLUMNS " FROM letter l WHERE id = ?", BIND(v_int(id)), err), true, arena, l, err);
}

int store_letter_of_approval(struct store *store, int64_t approval, struct arena *arena, struct stored_letter *l, struct err *err)
{
	return take_letter(store,
	                   sql_start(store, "SELECT " LETTER_COLUMNS " FROM letter l WHERE approval = ? AND purpose = ? ORDER BY id LIMIT 1",
	                             BIND(v_int(approval), v_int(LETTER_APPROVAL)), err),
	                   false, arena, l, err);
}

int store_letters(struct store *store, int state, int limit, struct arena *arena, struct stored_letter **v, size_t *n, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT " LETTER_COLUMNS " FROM letter l WHERE ?1 < 0 OR state = ?1 ORDER BY id DESC LIMIT ?2",
	                               BIND(v_int(state), v_int(limit)), err);
	return collect(store, stmt, false, arena, v, n, err);
}

int store_next_letter_at(struct store *store, int64_t *at, struct err *err)
{
	return sql_int(store, "SELECT next_at FROM letter INDEXED BY letter_due WHERE state IN (0, 1) ORDER BY next_at LIMIT 1", NULL, at, err);
}

int store_letters_since(struct store *store, const char *recipient, int64_t since, int *n, struct err *err)
{
	struct arena arena = {0};
	int64_t count = 0;
	int got = sql_int(store, "SELECT count(*) FROM letter WHERE recipient = ? AND created_at >= ? AND purpose NOT IN (2, 3)",
	                  BIND(v_text(address_lower(&arena, recipient)), v_int(since)), &count, err);
	arena_release(&arena);
	if (got < 0)
		return -1;
	*n = (int)count;
	return 0;
}
