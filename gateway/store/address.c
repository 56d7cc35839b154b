#include "gateway/store/store-sql.h"

const char *address_lower(struct arena *arena, const char *addr)
{
	return utf8_lower(arena, addr, strlen(addr));
}

/* Their own ones first: letters go there rather than to a mailbox that others read. */
int addresses_read(struct store *store, struct arena *arena, struct person *p, struct err *err)
{
	p->addresses = p->shared = (struct strs){0};
	if (sql_strs(store, "SELECT address FROM address WHERE person = ? ORDER BY position", BIND(v_int(p->id)), arena, &p->addresses, err) < 0 ||
	    sql_strs(store, "SELECT address FROM shared_address WHERE person = ? ORDER BY address", BIND(v_int(p->id)), arena, &p->shared, err) < 0)
		return -1;
	for (size_t i = 0; i < p->shared.n; i++)
		strs_add(&p->addresses, arena, p->shared.v[i]);
	return 0;
}

/* Whose address it is: 1, 0 nobody's, -1. */
static int owner(struct store *store, const char *addr, int64_t *person, struct err *err)
{
	return sql_int(store, "SELECT person FROM address WHERE address = ?", BIND(v_text(addr)), person, err);
}

static int refuse_other(struct store *store, const char *addr, int64_t person, struct err *err)
{
	int64_t other = person, shared = 0;
	struct arena arena = {0};
	struct person p = {.name = ""};
	if (owner(store, addr, &other, err) < 0 ||
	    sql_int(store, "SELECT count(*) FROM shared_address WHERE address = ?", BIND(v_text(addr)), &shared, err) < 0)
		return -1;
	if (other == person && shared == 0)
		return 0;
	int found = other == person ? 0 : store_person(store, other, &arena, &p, err);
	if (shared > 0)
		err_set(err, "%s is a shared mailbox: it belongs to nobody alone", addr);
	else if (found >= 0)
		err_set(err, "%s belongs to another person already: %s (number %lld)", addr, p.name, (long long)other);
	arena_release(&arena);
	return -1;
}

static int put_address(struct store *store, int64_t person, const char *addr, size_t position, struct err *err)
{
	if (addr[0] == '\0')
		return err_set(err, "an empty address");
	if (refuse_other(store, addr, person, err) < 0)
		return -1;
	return sql_run(store, "INSERT INTO address(address, person, position) VALUES(?, ?, ?) ON CONFLICT(address) DO NOTHING",
	               BIND(v_text(addr), v_int(person), v_int((int64_t)position)), err);
}

/* A shared mailbox is nobody's own. */
static int put_shared(struct store *store, int64_t person, const char *addr, struct err *err)
{
	int64_t other = 0;
	if (owner(store, addr, &other, err) < 0)
		return -1;
	if (other != 0 && sql_run(store, "DELETE FROM address WHERE address = ?", BIND(v_text(addr)), err) < 0)
		return -1;
	return sql_run(store, "INSERT INTO shared_address(address, person) VALUES(?, ?) ON CONFLICT DO NOTHING", BIND(v_text(addr), v_int(person)), err);
}

int addresses_write(struct store *store, const struct person *p, struct err *err)
{
	struct arena arena = {0};
	int result = sql_run(store, "DELETE FROM address WHERE person = ?", BIND(v_int(p->id)), err);
	if (result == 0)
		result = sql_run(store, "DELETE FROM shared_address WHERE person = ?", BIND(v_int(p->id)), err);
	for (size_t i = 0; result == 0 && i < p->addresses.n; i++) {
		const char *addr = address_lower(&arena, p->addresses.v[i]);
		result = strs_has_nocase(&p->shared, addr) ? put_shared(store, p->id, addr, err) : put_address(store, p->id, addr, i, err);
	}
	arena_release(&arena);
	return result;
}

int store_add_address(struct store *store, int64_t person, const char *addr, struct err *err)
{
	struct arena arena = {0};
	int64_t n = 0;
	int got = sql_int(store, "SELECT coalesce(max(position) + 1, 0) FROM address WHERE person = ?", BIND(v_int(person)), &n, err);
	int result = got < 0 ? -1 : put_address(store, person, address_lower(&arena, addr), (size_t)n, err);
	arena_release(&arena);
	return result;
}

int store_sharers(struct store *store, const char *addr, struct arena *arena, struct roster *roster, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT s.person FROM shared_address s JOIN person p ON p.id = s.person WHERE s.address = ? AND p.gone = 0"
	                               " ORDER BY p.name_key, p.id", BIND(v_text(address_lower(arena, addr))), err);
	if (stmt == NULL)
		return -1;
	struct roster found = {0};
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		ARENA_PUSH(arena, found.people, found.n)->id = col_int(stmt, 0);
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < found.n; i++)
		got = store_person(store, found.people[i].id, arena, &found.people[i], err) < 0 ? -1 : 0;
	if (got == 0)
		*roster = found;
	return got;
}
