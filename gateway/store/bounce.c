#include "gateway/store/store-sql.h"

#define RECENT_SECONDS ((int64_t)30 * 24 * 3600)

/* One letter that comes back twice is one failure. A person of the roster may have changed addresses: those count together. */
static int count_recent(struct store *store, int64_t letter, int64_t at, int64_t *n, struct err *err)
{
	return sql_int(store,
	               "SELECT count(DISTINCT b.letter) FROM letter l JOIN bounce b ON CASE WHEN l.person IS NULL"
	               " THEN b.person IS NULL AND b.recipient = l.recipient ELSE b.person = l.person END"
	               " WHERE l.id = ? AND b.hard = 1 AND b.at > ?",
	               BIND(v_int(letter), v_int(at - RECENT_SECONDS)), n, err);
}

int store_note_bounce(struct store *store, int64_t letter, bool hard, int64_t at, int *recent_hard, struct err *err)
{
	int64_t n = 0;
	if (sql_run_one(store, "INSERT INTO bounce(letter, person, recipient, hard, at) SELECT id, person, recipient, ?2, ?3 FROM letter WHERE id = ?1",
	                BIND(v_int(letter), v_int(hard), v_int(at)), "letter", letter, err) < 0 ||
	    count_recent(store, letter, at, &n, err) < 0)
		return -1;
	*recent_hard = (int)n;
	return 0;
}
