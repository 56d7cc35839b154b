#include "gateway/store/store-sql.h"

#define TAKEAWAYS_MAX 7
#define LINKS_MAX 5

static int read_mine(struct store *store, int64_t person, struct arena *arena, struct week *week, struct err *err)
{
	struct entries mine;
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " ENTRY_COLUMNS " FROM entry e WHERE e.person = ? AND e.day >= ? AND e.day < ? AND e.undone = 0"
	                               " ORDER BY e.day, e.id",
	                               BIND(v_int(person), v_int(week->monday), v_int(week->monday + 7)), err);
	if (entry_collect(store, stmt, arena, &mine, err) < 0)
		return -1;
	week->mine = (struct entries_of_mine){mine.v, mine.n};
	for (size_t i = 0; i < mine.n; i++)
		week->minutes += mine.v[i].actual > 0 ? mine.v[i].actual : 0;
	return 0;
}

static int read_takeaways(struct store *store, int64_t person, struct arena *arena, struct week *week, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " ENTRY_COLUMNS ", p.name FROM entry e JOIN person p ON p.id = e.person WHERE e.day >= ? AND e.day < ?"
	                               " AND e.starred = 1 AND e.person <> ? AND " SQL_SHARED " ORDER BY e.day DESC, e.id DESC LIMIT ?",
	                               BIND(v_int(week->monday), v_int(week->monday + 7), v_int(person), v_int(TAKEAWAYS_MAX)), err);
	if (stmt == NULL)
		return -1;
	struct entry *entries[TAKEAWAYS_MAX];
	size_t n = 0;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1 && n < TAKEAWAYS_MAX) {
		entries[n] = arena_alloc(arena, sizeof **entries);
		entry_read(stmt, arena, entries[n]);
		*ARENA_PUSH(arena, week->takeaways, week->n_takeaways) = (struct takeaway){entries[n], col_words(stmt, ENTRY_COLUMN_COUNT, arena)};
		n++;
	}
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < n; i++)
		got = parts_read(store, arena, entries[i], err);
	return got < 0 ? -1 : 0;
}

/* Shared by two people at least, the most shared first; of the entries to answer to, rather a colleague's than one's own. */
static const char most_shared[] =
	"SELECT l.url, max(x.title), count(DISTINCT e.person) AS people, coalesce(max(CASE WHEN e.person <> ?3 THEN e.id END), max(e.id))"
	" FROM entry e JOIN entry_link x ON x.entry = e.id JOIN link l ON l.id = x.link"
	" WHERE e.day >= ?1 AND e.day < ?2 AND " SQL_SHARED " GROUP BY x.link HAVING count(DISTINCT e.person) >= 2"
	" ORDER BY people DESC, max(e.day) DESC, x.link DESC LIMIT ?4";
/* In a quiet week: what colleagues starred last, one link of each. */
static const char newest_starred[] =
	"SELECT l.url, x.title, 1, e.id FROM entry e JOIN entry_link x ON x.entry = e.id AND x.position = 0 JOIN link l ON l.id = x.link"
	" WHERE e.day >= ?1 AND e.day < ?2 AND e.starred = 1 AND e.person <> ?3 AND " SQL_SHARED " GROUP BY x.link"
	" ORDER BY e.day DESC, e.id DESC LIMIT ?4";

static int read_links(struct store *store, const char *sql, int64_t person, struct arena *arena, struct week *week, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, sql, BIND(v_int(week->monday), v_int(week->monday + 7), v_int(person), v_int(LINKS_MAX)), err);
	if (stmt == NULL)
		return -1;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, week->links, week->n_links) =
			(struct shared_link){col_words(stmt, 0, arena), col_words(stmt, 1, arena), (int)col_int(stmt, 2), col_int(stmt, 3)};
	sql_end(stmt);
	return got;
}

int store_week(struct store *store, const struct person *person, int32_t monday, struct arena *arena, struct week *out, struct err *err)
{
	struct week week = {.week = day_isoweek(monday), .monday = monday};
	if (read_mine(store, person->id, arena, &week, err) < 0 || read_takeaways(store, person->id, arena, &week, err) < 0 ||
	    read_links(store, most_shared, person->id, arena, &week, err) < 0)
		return -1;
	if (week.n_links == 0 && read_links(store, newest_starred, person->id, arena, &week, err) < 0)
		return -1;
	*out = week;
	return 0;
}
