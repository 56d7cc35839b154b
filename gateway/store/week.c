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

/* ---- what the digests of a week have in common. Each leaves out its reader's own: of no person are more taken than one digest
 * shows, so that twice as many are always enough. */
static int read_takeaways(struct store *store, struct arena *arena, struct board *board, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT " ENTRY_COLUMNS ", p.name FROM (SELECT id, row_number() OVER (PARTITION BY person ORDER BY day DESC, id DESC)"
	                               " AS nth FROM entry e WHERE day >= ?1 AND day < ?2 AND starred = 1 AND " SQL_SHARED ") o"
	                               " JOIN entry e ON e.id = o.id JOIN person p ON p.id = e.person WHERE o.nth <= ?3"
	                               " ORDER BY e.day DESC, e.id DESC LIMIT 2 * ?3",
	                               BIND(v_int(board->monday), v_int(board->monday + 7), v_int(TAKEAWAYS_MAX)), err);
	if (stmt == NULL)
		return -1;
	struct entry **entries = NULL;
	size_t n = 0;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1) {
		struct entry *e = arena_alloc(arena, sizeof *e);
		entry_read(stmt, arena, e);
		*ARENA_PUSH(arena, entries, n) = e;
		*ARENA_PUSH(arena, board->takeaways, board->n_takeaways) = (struct takeaway){e, col_words(stmt, ENTRY_COLUMN_COUNT, arena)};
	}
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < n; i++)
		got = parts_read(store, arena, entries[i], err);
	return got;
}

/* Shared by two people at least, the most shared first. */
static int read_shared(struct store *store, struct arena *arena, struct board *board, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT l.url, coalesce(nullif(max(x.title), ''), max(e.title)), count(DISTINCT e.person) AS people, x.link"
	                               " FROM entry e JOIN entry_link x ON x.entry = e.id JOIN link l ON l.id = x.link"
	                               " WHERE e.day >= ? AND e.day < ? AND " SQL_SHARED " GROUP BY x.link HAVING count(DISTINCT e.person) >= 2"
	                               " ORDER BY people DESC, max(e.day) DESC, x.link DESC LIMIT ?",
	                               BIND(v_int(board->monday), v_int(board->monday + 7), v_int(LINKS_MAX)), err);
	if (stmt == NULL)
		return -1;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		*ARENA_PUSH(arena, board->links, board->n_links) = (struct board_link){
			.link = {col_words(stmt, 0, arena), col_words(stmt, 1, arena), (int)col_int(stmt, 2), 0}, .row = col_int(stmt, 3)};
	sql_end(stmt);
	return got;
}

/* Of each of them the youngest entry, and the youngest of somebody else. */
static int read_sharers(struct store *store, struct board *board, struct err *err)
{
	int64_t row[LINKS_MAX] = {0};
	_Static_assert(LINKS_MAX == 5, "the statement asks for five");
	for (size_t i = 0; i < board->n_links; i++)
		row[i] = board->links[i].row;
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT x.link, e.id, e.person FROM entry e JOIN entry_link x ON x.entry = e.id WHERE e.day >= ? AND e.day < ?"
	                               " AND " SQL_SHARED " AND x.link IN (?, ?, ?, ?, ?) ORDER BY e.id DESC",
	                               BIND(v_int(board->monday), v_int(board->monday + 7), v_int(row[0]), v_int(row[1]), v_int(row[2]),
	                                    v_int(row[3]), v_int(row[4])),
	                               err);
	if (stmt == NULL)
		return -1;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		for (size_t i = 0; i < board->n_links; i++) {
			struct board_link *l = &board->links[i];
			int64_t id = col_int(stmt, 1), person = col_int(stmt, 2);
			if (l->row != col_int(stmt, 0))
				continue;
			if (l->link.entry == 0)
				l->link.entry = id, l->person = person;
			else if (l->others == 0 && l->person != person)
				l->others = id;
		}
	sql_end(stmt);
	return got;
}

int store_board(struct store *store, int32_t monday, struct arena *arena, struct board *out, struct err *err)
{
	struct board board = {.monday = monday};
	if (read_takeaways(store, arena, &board, err) < 0 || read_shared(store, arena, &board, err) < 0)
		return -1;
	if (board.n_links > 0 && read_sharers(store, &board, err) < 0)
		return -1;
	*out = board;
	return 0;
}

/* ---- and one reader's part of it: of the entries to answer to, a colleague's */
static void pick(const struct board *board, int64_t person, struct arena *arena, struct week *week)
{
	for (size_t i = 0; i < board->n_takeaways && week->n_takeaways < TAKEAWAYS_MAX; i++)
		if (board->takeaways[i].entry->person != person)
			*ARENA_PUSH(arena, week->takeaways, week->n_takeaways) = board->takeaways[i];
	for (size_t i = 0; i < board->n_links && week->n_links < LINKS_MAX; i++) {
		struct shared_link link = board->links[i].link;
		if (board->links[i].person == person)
			link.entry = board->links[i].others;
		if (link.entry != 0)
			*ARENA_PUSH(arena, week->links, week->n_links) = link;
	}
}

int store_week(struct store *store, const struct person *person, const struct board *board, struct arena *arena, struct week *out, struct err *err)
{
	struct week week = {.week = day_isoweek(board->monday), .monday = board->monday};
	if (read_mine(store, person->id, arena, &week, err) < 0)
		return -1;
	pick(board, person->id, arena, &week);
	*out = week;
	return 0;
}
