#include "gateway/store/store-sql.h"

#include <limits.h>

/* What the mails of each person end with, counted by hash: what comes again and again is a signature, not a note. */

#define KEPT 200

int store_trailer_seen(struct store *store, int64_t person, uint64_t hash, int *seen, struct err *err)
{
	int64_t n = 0;
	if (sql_int(store, "SELECT seen FROM trailer WHERE person = ? AND hash = ?", BIND(v_int(person), v_int((int64_t)hash)), &n, err) < 0)
		return -1;
	*seen = n > INT_MAX ? INT_MAX : (int)n;
	return 0;
}

/* Room for a new one is made first, so that it cannot be the one that goes. */
static int make_room(struct store *store, int64_t person, struct err *err)
{
	return sql_run(store,
	               "DELETE FROM trailer WHERE person = ?1 AND hash IN (SELECT hash FROM trailer WHERE person = ?1"
	               " ORDER BY seen DESC, hash LIMIT -1 OFFSET ?2)",
	               BIND(v_int(person), v_int(KEPT - 1)), err);
}

int store_note_trailer(struct store *store, int64_t person, uint64_t hash, struct err *err)
{
	int seen;
	if (store_trailer_seen(store, person, hash, &seen, err) < 0 || (seen == 0 && make_room(store, person, err) < 0))
		return -1;
	return sql_run(store, "INSERT INTO trailer(person, hash, seen) VALUES(?, ?, 1) ON CONFLICT(person, hash) DO UPDATE SET seen = seen + 1",
	               BIND(v_int(person), v_int((int64_t)hash)), err);
}
