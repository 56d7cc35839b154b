#include "gateway/store/store-sql.h"

const char *address_lower(struct arena *arena, const char *addr)
{
	return utf8_lower(arena, addr, strlen(addr));
}

int addresses_read(struct store *store, struct arena *arena, struct person *p, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT address FROM address WHERE person = ? ORDER BY position", BIND(v_int(p->id)), err);
	if (stmt == NULL)
		return -1;
	int got;
	p->addresses = (struct strs){0};
	while ((got = sql_next(store, stmt, err)) == 1)
		strs_add(&p->addresses, arena, col_words(stmt, 0, arena));
	sql_end(stmt);
	return got;
}

/* Whose address it is: 1, 0 nobody's, -1. */
static int owner(struct store *store, const char *addr, int64_t *person, struct err *err)
{
	return sql_int(store, "SELECT person FROM address WHERE address = ?", BIND(v_text(addr)), person, err);
}

static int refuse_other(struct store *store, const char *addr, int64_t person, struct err *err)
{
	int64_t other = person;
	if (owner(store, addr, &other, err) < 0)
		return -1;
	return other == person ? 0 : err_set(err, "%s belongs to another person (number %lld) already", addr, (long long)other);
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

int addresses_write(struct store *store, const struct person *p, struct err *err)
{
	struct arena arena = {0};
	int result = sql_run(store, "DELETE FROM address WHERE person = ?", BIND(v_int(p->id)), err);
	for (size_t i = 0; result == 0 && i < p->addresses.n; i++)
		result = put_address(store, p->id, address_lower(&arena, p->addresses.v[i]), i, err);
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
