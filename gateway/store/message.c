#include "gateway/store/store-sql.h"

#define MESSAGE_COLUMNS \
	"id, mailbox, ident, message_id, body_hash, received_at, from_addr, subject, kind, list_id, action, reason, person, " \
	"duplicate_of, marked, raw_size"

static void message_read(sqlite3_stmt *stmt, struct arena *arena, struct message *m)
{
	*m = (struct message){
		.id = col_int(stmt, 0),
		.mailbox = col_int(stmt, 1),
		.ident = col_text(stmt, 2, arena),
		.message_id = col_text(stmt, 3, arena),
		.received_at = col_int(stmt, 5),
		.from_addr = col_text(stmt, 6, arena),
		.subject = col_text(stmt, 7, arena),
		.kind = col_text(stmt, 8, arena),
		.list_id = col_text(stmt, 9, arena),
		.action = col_enum(stmt, 10, ACTION_COUNT),
		.reason = col_text(stmt, 11, arena),
		.person = col_int(stmt, 12),
		.duplicate_of = col_int(stmt, 13),
		.marked = col_bool(stmt, 14),
		.raw_size = (uint64_t)col_int(stmt, 15),
	};
	struct span hash = col_blob(stmt, 4);
	if (hash.n == HASH_BYTES)
		memcpy(m->body_hash, hash.p, HASH_BYTES);
}

/* A mail without a Message-ID is nobody's copy: two short notes may have the same words. */
int store_seen_copy(struct store *store, const char *message_id, const uint8_t body_hash[HASH_BYTES], int64_t *id, struct err *err)
{
	char hidden[96];
	if (message_id == NULL || message_id[0] == '\0')
		return 0;
	redacted_id(hidden, message_id);
	return sql_int(store,
	               "SELECT m.id FROM key k CROSS JOIN message m ON m.id = k.row WHERE " SQL_KEY(1)
	               " AND m.body_hash = ?2 AND m.message_id IN (?3, ?4) ORDER BY m.id LIMIT 1",
	               BIND(v_int(key_of_hash(body_hash)), v_blob(body_hash, HASH_BYTES), v_text(message_id), v_text(hidden)), id, err);
}

static int add_raw(struct store *store, int64_t id, struct span raw, struct err *err)
{
	enum codec_form form;
	if (raw.n == 0)
		return 0;
	struct span packed = codec_pack(store, raw, &form);
	return sql_run(store, "INSERT INTO raw(message, codec, bytes) VALUES(?, ?, ?)",
	               BIND(v_int(id), v_int(form), v_blob(packed.p, packed.n)), err);
}

/* Held and quarantined mail may be let in later: its text must wait for that. */
static bool may_wait(enum action action)
{
	return action == ACTION_HOLD || action == ACTION_QUARANTINE;
}

int store_add_message(struct store *store, const struct message *m, struct span raw, int64_t *id, struct err *err)
{
	uint64_t raw_size = raw.n > 0 ? raw.n : m->raw_size;
	if (sql_run(store,
	            "INSERT INTO message(mailbox, ident, message_id, body_hash, received_at, from_addr, subject, kind, list_id,"
	            " action, reason, person, duplicate_of, marked, raw_size) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	            BIND(v_ref(m->mailbox), v_text(m->ident), v_text(m->message_id), v_blob(m->body_hash, HASH_BYTES),
	                 v_int(m->received_at), v_text(m->from_addr), v_text(m->subject), v_text(m->kind),
	                 v_text(m->list_id), v_int(m->action), v_text(m->reason), v_ref(m->person), v_ref(m->duplicate_of), v_int(m->marked),
	                 v_int((int64_t)raw_size)),
	            err) < 0)
		return -1;
	int64_t added = sqlite3_last_insert_rowid(store->db);
	if (keys_add(store, KEY_COPY, key_of_hash(m->body_hash), added, err) < 0 || keys_settle(store, KEY_COPY, added, err) < 0)
		return -1;
	if (m->duplicate_of == 0 && add_raw(store, added, raw, err) < 0)
		return -1;
	if (search_keep(store, added, m->text, may_wait(m->action), err) < 0)
		return -1;
	*id = added;
	return 0;
}

int store_message(struct store *store, int64_t id, struct arena *arena, struct message *m, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT " MESSAGE_COLUMNS " FROM message WHERE id = ?", BIND(v_int(id)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		message_read(stmt, arena, m);
	sql_end(stmt);
	return got;
}

/* A duplicate's bytes are those of the mail that it repeats. */
int store_raw(struct store *store, int64_t id, struct str *raw, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT r.codec, r.bytes, m.raw_size FROM message d"
	                               " JOIN message m ON m.id = coalesce(d.duplicate_of, d.id) JOIN raw r ON r.message = m.id WHERE d.id = ?",
	                               BIND(v_int(id)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1 && codec_unpack(store, col_enum(stmt, 0, CODEC_COUNT), col_blob(stmt, 1), (uint64_t)col_int(stmt, 2), raw, err) < 0)
		got = -1;
	sql_end(stmt);
	return got;
}

int store_set_message_action(struct store *store, int64_t id, enum action action, const char *reason, struct err *err)
{
	return sql_run_one(store, "UPDATE message SET action = ?, reason = ? WHERE id = ?", BIND(v_int(action), v_text(reason), v_int(id)),
	                   "message", id, err);
}

int store_set_message_person(struct store *store, int64_t id, int64_t person, struct err *err)
{
	return sql_run_one(store, "UPDATE message SET person = ? WHERE id = ?", BIND(v_int(person), v_int(id)), "message", id, err);
}

static int collect(struct store *store, sqlite3_stmt *stmt, struct arena *arena, struct messages *list, struct err *err)
{
	struct messages found = {0};
	int got;
	if (stmt == NULL)
		return -1;
	while ((got = sql_next(store, stmt, err)) == 1)
		message_read(stmt, arena, ARENA_PUSH(arena, found.v, found.n));
	sql_end(stmt);
	if (got == 0)
		*list = found;
	return got;
}

int store_messages(struct store *store, enum action action, int64_t since, int limit, struct arena *arena, struct messages *list, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " MESSAGE_COLUMNS " FROM message WHERE action = ? AND received_at >= ?"
	                               " ORDER BY received_at DESC, id DESC LIMIT ?",
	                               BIND(v_int(action), v_int(since), v_int(limit)), err);
	return collect(store, stmt, arena, list, err);
}

int store_held(struct store *store, const char *from_addr, const char *reason, int limit, struct arena *arena, struct messages *list, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " MESSAGE_COLUMNS " FROM message WHERE action = ?1 AND (?2 IS NULL OR from_addr = ?2 COLLATE NOCASE)"
	                               " AND (?3 IS NULL OR reason = ?3) ORDER BY received_at DESC, id DESC LIMIT ?4",
	                               BIND(v_int(ACTION_HOLD), v_text(from_addr), v_text(reason), v_int(limit)), err);
	return collect(store, stmt, arena, list, err);
}

int store_count_actions(struct store *store, int64_t since, int64_t counts[ACTION_COUNT], struct err *err)
{
	int64_t found[ACTION_COUNT];
	for (int action = 0; action < ACTION_COUNT; action++)
		if (sql_int(store, "SELECT count(*) FROM message WHERE action = ? AND received_at >= ?", BIND(v_int(action), v_int(since)),
		            &found[action], err) < 0)
			return -1;
	memcpy(counts, found, sizeof found);
	return 0;
}

int store_note_source(struct store *store, const char *key, const char *title, int64_t at, struct err *err)
{
	return sql_run(store,
	               "INSERT INTO source(key, title, first_at, last_at, seen) VALUES(?1, ?2, ?3, ?3, 1) ON CONFLICT(key) DO UPDATE"
	               " SET title = coalesce(excluded.title, title), last_at = max(last_at, excluded.last_at), seen = seen + 1",
	               BIND(v_text(key), v_text(title), v_int(at)), err);
}
