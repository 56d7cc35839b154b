#include "gateway/store/store-sql.h"

#define PERSON_COLUMNS \
	"p.id, p.name, p.role, p.zone, p.approver, p.receipts, p.digest, p.paused_until, p.paused_why, p.gone, p.joined, p.redacted"

static void person_read(sqlite3_stmt *stmt, struct arena *arena, struct person *p)
{
	*p = (struct person){
		.id = col_int(stmt, 0),
		.name = col_words(stmt, 1, arena),
		.role = col_enum(stmt, 2, PERSON_ROLE_COUNT),
		.zone = col_text(stmt, 3, arena),
		.approver = col_text(stmt, 4, arena),
		.receipts = col_enum(stmt, 5, WISH_COUNT),
		.digest = col_enum(stmt, 6, RHYTHM_COUNT),
		.paused_until = col_int(stmt, 7),
		.paused_why = col_text(stmt, 8, arena),
		.left = col_bool(stmt, 9),
		.joined = col_day(stmt, 10),
		.removed = col_bool(stmt, 11),
	};
}

/* The first row; 1, 0, -1. Ends the statement. */
static int take_person(struct store *store, sqlite3_stmt *stmt, struct arena *arena, struct person *p, struct err *err)
{
	struct person found;
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		person_read(stmt, arena, &found);
	sql_end(stmt);
	if (got == 1 && addresses_read(store, arena, &found, err) < 0)
		return -1;
	if (got == 1)
		*p = found;
	return got;
}

int store_person(struct store *store, int64_t id, struct arena *arena, struct person *p, struct err *err)
{
	return take_person(store, sql_start(store, "SELECT " PERSON_COLUMNS " FROM person p WHERE p.id = ?", BIND(v_int(id)), err), arena, p, err);
}

int store_person_by_address(struct store *store, const char *addr, struct arena *arena, struct person *p, struct err *err)
{
	return take_person(store,
	                   sql_start(store, "SELECT " PERSON_COLUMNS " FROM address a JOIN person p ON p.id = a.person WHERE a.address = ?",
	                             BIND(v_text(address_lower(arena, addr))), err),
	                   arena, p, err);
}

/* One who has left answers to the name only while nobody here bears it. */
int store_person_by_name(struct store *store, const char *name, struct arena *arena, struct person *p, struct err *err)
{
	const char *key = utf8_lower(arena, name, strlen(name));
	sqlite3_stmt *stmt = sql_start(store, "SELECT " PERSON_COLUMNS " FROM person p WHERE p.name_key = ? AND p.merged_into IS NULL ORDER BY p.gone LIMIT 2",
	                               BIND(v_text(key)), err);
	struct person found[2];
	size_t n = 0;
	int got = -1;
	while (stmt != NULL && n < 2 && (got = sql_next(store, stmt, err)) == 1)
		person_read(stmt, arena, &found[n++]);
	sql_end(stmt);
	if (got < 0 || n == 0 || (n == 2 && found[0].left == found[1].left))
		return got < 0 ? -1 : 0;
	if (addresses_read(store, arena, &found[0], err) < 0)
		return -1;
	*p = found[0];
	return 1;
}

int store_people(struct store *store, bool also_left, struct arena *arena, struct roster *roster, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT " PERSON_COLUMNS " FROM person p WHERE p.merged_into IS NULL AND (p.gone = 0 OR ?) ORDER BY p.name_key, p.id",
	                               BIND(v_int(also_left)), err);
	if (stmt == NULL)
		return -1;
	struct roster found = {0};
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		person_read(stmt, arena, ARENA_PUSH(arena, found.people, found.n));
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < found.n; i++)
		got = addresses_read(store, arena, &found.people[i], err);
	if (got == 0)
		*roster = found;
	return got;
}

static int insert_person(struct store *store, const struct person *p, const char *name_key, const char *approver, struct err *err)
{
	return sql_run(store,
	               "INSERT INTO person(name, name_key, role, zone, approver, receipts, digest, paused_until, paused_why, gone, joined)"
	               " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	               BIND(v_words(p->name), v_text(name_key), v_int(p->role), v_text(p->zone), v_text(approver), v_int(p->receipts),
	                    v_int(p->digest), v_int(p->paused_until), v_text(p->paused_why), v_int(p->left), v_int(p->joined)),
	               err);
}

static int update_person(struct store *store, const struct person *p, const char *name_key, const char *approver, struct err *err)
{
	return sql_run_one(store,
	                   "UPDATE person SET name = ?, name_key = ?, role = ?, zone = ?, approver = ?, receipts = ?, digest = ?,"
	                   " paused_until = ?, paused_why = ?, gone = ?, joined = ? WHERE id = ?",
	                   BIND(v_words(p->name), v_text(name_key), v_int(p->role), v_text(p->zone), v_text(approver), v_int(p->receipts),
	                        v_int(p->digest), v_int(p->paused_until), v_text(p->paused_why), v_int(p->left), v_int(p->joined), v_int(p->id)),
	                   "person", p->id, err);
}

int store_put_person(struct store *store, struct person *p, struct err *err)
{
	struct arena arena = {0};
	struct person put = *p;
	const char *name = put.name == NULL ? "" : put.name;
	const char *key = utf8_lower(&arena, name, strlen(name));
	const char *approver = put.approver == NULL || put.approver[0] == '\0' ? NULL : address_lower(&arena, put.approver);
	int result = put.id == 0 ? insert_person(store, &put, key, approver, err) : update_person(store, &put, key, approver, err);
	if (result == 0 && put.id == 0)
		put.id = sqlite3_last_insert_rowid(store->db);
	if (result == 0)
		result = addresses_write(store, &put, err);
	if (result == 0)
		p->id = put.id;
	arena_release(&arena);
	return result;
}
