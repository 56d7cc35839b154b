#include "gateway/store/store-sql.h"

/* Rows found by a 64-bit hash: links by URL, mails by their copy's hash, letters by token. Hashes come in no order: in one
 * large index every new one touches a page of its own, and that page is written whole, which at 100,000 entries costs more
 * than all else. So they come in at a small level 0, which moves as a whole into the next level, 16 times as large, when it
 * is full, and so on (O'Neil and others, "The log-structured merge-tree", 1996): pages are written when they are worth it. */
#define LEVEL_0 2048
#define FAN 16
#define LEVELS 5
_Static_assert(LEVELS == 5, "SQL_KEY names each level");

static int move_down(struct store *store, enum key_kind kind, int level, struct err *err)
{
	if (sql_run(store, "INSERT INTO key(kind, level, hash, row) SELECT kind, level + 1, hash, row FROM key WHERE kind = ? AND level = ?",
	            BIND(v_int(kind), v_int(level)), err) < 0)
		return -1;
	return sql_run(store, "DELETE FROM key WHERE kind = ? AND level = ?", BIND(v_int(kind), v_int(level)), err);
}

int keys_add(struct store *store, enum key_kind kind, int64_t hash, int64_t row, struct err *err)
{
	return sql_run(store, "INSERT INTO key(kind, level, hash, row) VALUES(?, 0, ?, ?)", BIND(v_int(kind), v_int(hash), v_int(row)), err);
}

int keys_settle(struct store *store, enum key_kind kind, int64_t row, struct err *err)
{
	int64_t size = LEVEL_0;
	for (int level = 0; level < LEVELS - 1 && row % size == 0; level++, size *= FAN)
		if (move_down(store, kind, level, err) < 0)
			return -1;
	return 0;
}

int64_t key_of_hash(const uint8_t hash[HASH_BYTES])
{
	uint64_t key = 0;
	for (int i = 0; i < 8; i++)
		key = key << 8 | hash[i];
	return (int64_t)key;
}

static uint64_t fnv(const char *p, size_t n)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
	h ^= h >> 32;
	return h * UINT64_C(0x9e3779b97f4a7c15);
}

/* The host's hash stands in front, so that the links of one newsletter lie together. */
int64_t key_of_url(const char *url)
{
	const char *host = strstr(url, "://");
	host = host == NULL ? url : host + 3;
	uint64_t key = fnv(host, strcspn(host, "/?#")) & UINT64_C(0xffff000000000000);
	return (int64_t)(key | fnv(url, strlen(url)) >> 16);
}
