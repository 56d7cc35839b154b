#include "gateway/store/store-sql.h"

#include <limits.h>
#include <stdlib.h>

#include "rules/plan-words.h"

/* What a claim, and a year of them, ask the log. Sums come from the index entry_person alone. */

static int minutes_of(int64_t sum)
{
	return sum > INT_MAX ? INT_MAX : sum < 0 ? 0 : (int)sum;
}

int store_count_shared(struct store *store, int64_t person, int32_t from, int32_t to, int64_t except, int *shared, int *entries, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT count(*), coalesce(sum(is_private = 0), 0) FROM entry"
	                               " WHERE person = ?1 AND day >= ?2 AND day < ?3 AND undone = 0 AND id <> ?4",
	                               BIND(v_int(person), v_int(from), v_end(to), v_int(except)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1) {
		*entries = minutes_of(col_int(stmt, 0));
		*shared = minutes_of(col_int(stmt, 1));
	}
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

int store_usual_minutes(struct store *store, int64_t person, enum entry_kind kind, int64_t except, int *median, struct err *err)
{
	static const char count[] = "SELECT count(*) FROM entry WHERE person = ?1 AND kind = ?2 AND undone = 0 AND actual > 0 AND id <> ?3";
	static const char middle[] = "SELECT actual FROM entry WHERE person = ?1 AND kind = ?2 AND undone = 0 AND actual > 0 AND id <> ?3"
	                             " ORDER BY actual LIMIT 1 OFFSET ?4";
	int64_t n = 0, minutes = 0;
	int got = sql_int(store, count, BIND(v_int(person), v_int(kind), v_int(except)), &n, err);
	if (got >= 0 && n > 0)
		got = sql_int(store, middle, BIND(v_int(person), v_int(kind), v_int(except), v_int((n - 1) / 2)), &minutes, err);
	if (got < 0)
		return -1;
	*median = minutes_of(minutes);
	return n > 0;
}

#define LATEST_WITH_LINK "500" /* a link that everybody has is looked at no further: same days lie close together */

int store_same_link(struct store *store, const struct entry *e, int64_t *other, struct err *err)
{
	if (e->n_links == 0)
		return 0;
	return sql_int(store,
	               "SELECT e.id FROM (SELECT l.entry AS id FROM entry_link m JOIN entry_link l ON l.link = m.link AND l.position = 0"
	               " WHERE m.entry = ?1 AND m.position = 0 AND l.entry < ?1 ORDER BY l.entry DESC LIMIT " LATEST_WITH_LINK ") s"
	               " JOIN entry e ON e.id = s.id WHERE e.day = ?2 AND e.person <> ?3 AND e.undone = 0 AND e.claim IN " SQL_COUNTED
	               " ORDER BY e.id LIMIT 1",
	               BIND(v_int(e->id), v_int(e->day), v_int(e->person)), other, err);
}

_Static_assert(LEDGER_GRANT == 7 && LEDGER_REVOKE == 8, "named in the statement");
int store_granted(struct store *store, int64_t person, int32_t from, int32_t to, int *minutes, struct err *err)
{
	int64_t sum = 0;
	int got = sql_int(store,
	                  "SELECT coalesce(sum(CASE l.verb WHEN 7 THEN l.credited WHEN 8 THEN -l.credited ELSE 0 END), 0) FROM " SQL_SAME " s"
	                  " CROSS JOIN ledger l INDEXED BY ledger_person ON l.entry IS NULL AND l.person = s.id AND l.day >= ?2 AND l.day < ?3",
	                  BIND(v_int(person), v_int(from), v_end(to)), &sum, err);
	if (got < 0)
		return -1;
	*minutes = minutes_of(sum);
	return 0;
}

/* ---- a year's entries, as far as credit depends on them */

#define CLAIMED_COLUMNS \
	"e.id, e.person, e.logged_at, e.day, e.kind, e.title, substr(e.note, 1, 2000), e.minutes, e.starred, e.is_private, e.nocredit," \
	" e.attachment, e.claim, e.actual, e.credited, e.reason, EXISTS(SELECT 1 FROM entry_link l WHERE l.entry = e.id)," \
	" (SELECT group_concat(tag, ' ') FROM entry_tag t WHERE t.entry = e.id)," \
	" CASE e.claim WHEN 2 THEN (SELECT c.credited FROM ledger c WHERE c.entry = e.id AND c.verb = 0 ORDER BY c.id DESC LIMIT 1) END"
_Static_assert(CLAIM_APPROVED == 2 && LEDGER_CLAIM == 0, "named in the statement");

static void read_tags(const char *text, struct arena *arena, struct strs *tags)
{
	struct span rest = span_of(text), tag;
	while (span_until(&rest, ' ', &tag))
		if (tag.n > 0)
			strs_add(tags, arena, arena_strndup(arena, tag.p, tag.n));
}

static void read_claimed(sqlite3_stmt *stmt, struct arena *arena, struct claimed *c)
{
	c->entry = (struct entry){
		.id = col_int(stmt, 0), .person = col_int(stmt, 1), .logged_at = col_int(stmt, 2), .day = col_day(stmt, 3),
		.kind = col_enum(stmt, 4, KIND_COUNT), .title = col_words(stmt, 5, arena), .note = col_words(stmt, 6, arena), .source = "",
		.minutes = col_minutes(stmt, 7), .starred = col_bool(stmt, 8), .is_private = col_bool(stmt, 9), .nocredit = col_bool(stmt, 10),
		.attachment = col_bool(stmt, 11), .claim = col_enum(stmt, 12, CLAIM_COUNT), .actual = col_minutes(stmt, 13),
		.credited = col_minutes(stmt, 14), .reason = col_words(stmt, 15, arena), .flag = "", .n_links = col_bool(stmt, 16),
	};
	read_tags(col_text(stmt, 17, arena), arena, &c->entry.tags);
	bool changed = sqlite3_column_type(stmt, 18) != SQLITE_NULL && col_minutes(stmt, 18) != c->entry.credited;
	c->by_hand = c->entry.claim == CLAIM_DENIED || changed;
}

int store_claimed(struct store *store, int64_t person, int32_t from, int32_t to, struct arena *arena, struct claimed **v, size_t *n, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " CLAIMED_COLUMNS " FROM entry e WHERE e.person = ?1 AND e.day >= ?2 AND e.day < ?3 AND e.undone = 0"
	                               " ORDER BY e.id",
	                               BIND(v_int(person), v_int(from), v_end(to)), err);
	if (stmt == NULL)
		return -1;
	struct claimed *found = NULL;
	size_t count = 0;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		read_claimed(stmt, arena, ARENA_PUSH(arena, found, count));
	sql_end(stmt);
	if (got == 0) {
		*v = found;
		*n = count;
	}
	return got;
}

int store_first_of_kinds(struct store *store, int64_t person, int64_t first[KIND_COUNT], struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT kind, min(id) FROM entry WHERE person = ? AND undone = 0 GROUP BY kind", BIND(v_int(person)), err);
	if (stmt == NULL)
		return -1;
	int got;
	memset(first, 0, KIND_COUNT * sizeof *first);
	while ((got = sql_next(store, stmt, err)) == 1)
		first[col_enum(stmt, 0, KIND_COUNT)] = col_int(stmt, 1);
	sql_end(stmt);
	return got;
}

int store_plan_minutes(struct store *store, int64_t person, const struct plan *plan, int32_t from, int32_t to, int64_t except, int *within,
                       int *outside, struct err *err)
{
	struct arena arena = {0};
	struct plan_topic topic = {0};
	int64_t in = 0, out = 0;
	if (plan != NULL)
		plan_topic(&topic, plan);
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " CLAIMED_COLUMNS " FROM entry e WHERE e.person = ?1 AND e.day >= ?2 AND e.day < ?3 AND e.undone = 0"
	                               " AND e.claim IN " SQL_COUNTED " AND e.credited > 0 AND e.id <> ?4",
	                               BIND(v_int(person), v_int(from), v_end(to), v_int(except)), err);
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1) {
		struct claimed c;
		read_claimed(stmt, &arena, &c);
		*(plan != NULL && plan_topic_covers(&topic, &c.entry) ? &in : &out) += c.entry.credited;
	}
	sql_end(stmt);
	arena_release(&arena);
	if (got < 0)
		return -1;
	*within = minutes_of(in);
	*outside = minutes_of(out);
	return 0;
}

/* ---- breadth */

static size_t host_of(const char *url, const char **host)
{
	const char *p = strstr(url, "://");
	p = p == NULL ? url : p + 3;
	if (strncmp(p, "www.", 4) == 0)
		p += 4;
	*host = p;
	return strcspn(p, "/?#:");
}

static int by_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int count_hosts(struct store *store, int64_t person, int32_t from, int32_t to, int *n, struct err *err)
{
	struct arena arena = {0};
	struct strs hosts = {0};
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT l.url FROM entry e JOIN entry_link x ON x.entry = e.id AND x.position = 0 JOIN link l ON l.id = x.link"
	                               " WHERE e.person = ? AND e.day >= ? AND e.day < ? AND e.undone = 0 AND e.claim IN " SQL_COUNTED " AND e.credited > 0",
	                               BIND(v_int(person), v_int(from), v_end(to)), err);
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1) {
		const char *host;
		size_t length = host_of(col_words(stmt, 0, &arena), &host);
		strs_add(&hosts, &arena, arena_strndup(&arena, host, length));
	}
	sql_end(stmt);
	if (hosts.n > 0)
		qsort(hosts.v, hosts.n, sizeof *hosts.v, by_words);
	*n = 0;
	for (size_t i = 0; i < hosts.n; i++)
		*n += i == 0 || strcmp(hosts.v[i - 1], hosts.v[i]) != 0;
	arena_release(&arena);
	return got;
}

int store_breadth(struct store *store, int64_t person, int32_t from, int32_t to, int *kinds, int *hosts, struct err *err)
{
	int64_t n = 0;
	if (sql_int(store,
	            "SELECT count(DISTINCT kind) FROM entry WHERE person = ? AND day >= ? AND day < ? AND undone = 0 AND claim IN " SQL_COUNTED
	            " AND credited > 0",
	            BIND(v_int(person), v_int(from), v_end(to)), &n, err) < 0)
		return -1;
	*kinds = (int)n;
	return hosts == NULL ? 0 : count_hosts(store, person, from, to, hosts, err);
}
