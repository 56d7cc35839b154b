#include "gateway/store/store-sql.h"

/* Words that go while figures stay: what is past its years, or a person on request. In pieces, each a transaction of the caller's
 * that leaves a sound log: the line that accounts for words is written with them, so that a rerun goes on where one was killed. */

#define LINES_AT_ONCE 500
#define ENTRIES_AT_ONCE 200

/* ---- ledger lines */

#define DUE "redacted = 0 AND verb <> 11 AND day < ?2"
static const char lines_due[] =
	"SELECT * FROM (SELECT " LEDGER_COLUMNS " FROM ledger WHERE entry IN (SELECT id FROM entry WHERE person = ?1) AND " DUE
	" UNION ALL SELECT " LEDGER_COLUMNS " FROM ledger INDEXED BY ledger_person WHERE entry IS NULL AND person IN " SQL_SAME " AND " DUE
	") ORDER BY id LIMIT ?3";

struct due_lines {
	struct due_line {
		struct ledger_line line;
		enum ledger_form form;
	} v[LINES_AT_ONCE];
	size_t n;
};

static int read_due(struct store *store, const struct redaction *r, struct arena *arena, struct due_lines *due, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, lines_due, BIND(v_int(r->person), v_int(r->before), v_int(LINES_AT_ONCE)), err);
	if (stmt == NULL)
		return -1;
	int got;
	due->n = 0;
	while ((got = sql_next(store, stmt, err)) == 1 && due->n < LINES_AT_ONCE) {
		struct due_line *d = &due->v[due->n++];
		struct ledger_seal seal;
		ledger_read(stmt, arena, &d->line);
		ledger_read_seal(stmt, arena, &seal);
		d->form = seal.form;
	}
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

/* Approved minutes of the entry whose last line this is, or granted by it. */
static int minutes_of(struct store *store, const struct ledger_line *line, int64_t *minutes, struct err *err)
{
	*minutes = line->verb == LEDGER_GRANT ? line->credited : line->verb == LEDGER_REVOKE ? -line->credited : 0;
	if (line->entry == 0)
		return 0;
	int got = sql_int(store, "SELECT credited FROM entry WHERE id = ? AND claim = ? AND undone = 0 AND (SELECT max(id) FROM ledger WHERE entry = ?1) = ?3",
	                  BIND(v_int(line->entry), v_int(CLAIM_APPROVED), v_int(line->id)), minutes, err);
	return got < 0 ? -1 : 0;
}

/* The line that accounts for those of the person in this piece. */
static int account(struct store *store, const struct redaction *r, const struct due_lines *due, int64_t person, struct err *err)
{
	struct ledger_line line = {.at = r->at, .person = person, .verb = LEDGER_REDACT, .day = r->before, .reason = r->reason, .by_person = r->by};
	uint8_t proof[HASH_BYTES] = {0};
	struct arena arena = {0};
	int64_t sum = 0, minutes;
	for (size_t i = 0; i < due->n; i++) {
		const struct ledger_line *l = &due->v[i].line;
		if (l->person != person)
			continue;
		if (minutes_of(store, l, &minutes, err) < 0)
			return -1;
		sum += minutes;
		line.about = l->id;
		if (due->v[i].form == LEDGER_OLD)
			ledger_prove(proof, l);
	}
	line.credited = sum < 0 ? 0 : (int)sum;
	line.flag = ledger_proof_text(&arena, proof);
	int result = store_add_ledger(store, &line, err);
	arena_release(&arena);
	return result;
}

static bool seen_before(const struct due_lines *due, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (due->v[k].line.person == due->v[i].line.person)
			return true;
	return false;
}

/* The entry's claim is what its lines say, also when they say less. */
static int replay(struct store *store, int64_t entry, struct err *err)
{
	struct arena arena = {0};
	struct claim claim = {.reason = "", .flag = ""};
	int got = claim_replay(store, entry, &arena, &claim, err);
	if (got == 0)
		got = sql_run(store, "UPDATE entry SET reason = ?, flag = ? WHERE id = ?", BIND(v_text(claim.reason), v_text(claim.flag), v_int(entry)), err);
	arena_release(&arena);
	return got;
}

static int redact_lines(struct store *store, const struct redaction *r, const struct due_lines *due, struct err *err)
{
	for (size_t i = 0; i < due->n; i++)
		if (!seen_before(due, i) && account(store, r, due, due->v[i].line.person, err) < 0)
			return -1;
	for (size_t i = 0; i < due->n; i++) {
		const struct ledger_line *l = &due->v[i].line;
		if (sql_run(store, "UPDATE ledger SET reason = '', flag = '', salt = NULL, redacted = 1 WHERE id = ?", BIND(v_int(l->id)), err) < 0)
			return -1;
		if (l->entry != 0 && replay(store, l->entry, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- entries */

static const char entries_due[] =
	"SELECT id, coalesce(message, 0) FROM entry WHERE person = ?1 AND day < ?2 AND redacted = 0"
	" AND NOT EXISTS(SELECT 1 FROM ledger l WHERE l.entry = entry.id AND l.redacted = 0) LIMIT ?3";

/* Run for each entry, ?1. */
static const char *const of_an_entry[] = {
	"UPDATE entry SET title = '" REMOVED_TITLE "', note = '', source = '', redacted = 1 WHERE id = ?1",
	"DELETE FROM entry_link WHERE entry = ?1",
	"DELETE FROM entry_tag WHERE entry = ?1",
	"DELETE FROM entry_with WHERE entry = ?1",
	"DELETE FROM change WHERE entry = ?1",
	"UPDATE approval_item SET flag = '' WHERE entry = ?1",
	"UPDATE words SET title = '', note = '', about = '', mail = '' WHERE rowid = ?1",
};

static int redact_entry(struct store *store, int64_t entry, int64_t message, struct err *err)
{
	for (size_t i = 0; i < sizeof of_an_entry / sizeof *of_an_entry; i++)
		if (sql_run(store, of_an_entry[i], BIND(v_int(entry)), err) < 0)
			return -1;
	return message == 0 ? 0 : redact_message(store, message, err);
}

/* Entries that never had a ledger line need one that accounts for them. */
static int account_entries(struct store *store, const struct redaction *r, struct err *err)
{
	int64_t one;
	int got = sql_int(store, "SELECT 1 FROM ledger INDEXED BY ledger_person WHERE entry IS NULL AND verb = 11 AND day >= ?2 AND person IN " SQL_SAME " LIMIT 1",
	                  BIND(v_int(r->person), v_int(r->before)), &one, err);
	struct ledger_line line = {.at = r->at, .person = r->person, .verb = LEDGER_REDACT, .day = r->before, .reason = r->reason, .by_person = r->by};
	return got != 0 ? got < 0 ? -1 : 0 : store_add_ledger(store, &line, err);
}

static int redact_entries(struct store *store, const struct redaction *r, size_t *n, struct err *err)
{
	int64_t ids[ENTRIES_AT_ONCE][2];
	int got = -1;
	*n = 0;
	sqlite3_stmt *stmt = sql_start(store, entries_due, BIND(v_int(r->person), v_int(r->before), v_int(ENTRIES_AT_ONCE)), err);
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1 && *n < ENTRIES_AT_ONCE) {
		ids[*n][0] = col_int(stmt, 0);
		ids[(*n)++][1] = col_int(stmt, 1);
	}
	sql_end(stmt);
	if (got < 0 || (*n > 0 && account_entries(store, r, err) < 0))
		return -1;
	for (size_t i = 0; i < *n; i++)
		if (redact_entry(store, ids[i][0], ids[i][1], err) < 0)
			return -1;
	return 0;
}

/* ---- plans and interviews: few of them */
static const char *const of_the_years[] = {
	"UPDATE plan SET network = '', learn = '', classroom = '', prose = '', words = '' WHERE person = ?1 AND year < ?2"
	" AND (network <> '' OR learn <> '' OR classroom <> '' OR prose <> '' OR words <> '')",
	"UPDATE interview SET words = '' WHERE person = ?1 AND year < ?2 AND words <> ''",
};

int store_redact(struct store *store, const struct redaction *r, size_t *n, struct err *err)
{
	struct arena arena = {0};
	struct due_lines *due = arena_alloc(&arena, sizeof *due);
	size_t entries = 0;
	int result = read_due(store, r, &arena, due, err);
	if (result == 0 && due->n > 0)
		result = redact_lines(store, r, due, err);
	else if (result == 0)
		result = redact_entries(store, r, &entries, err);
	for (size_t i = 0; result == 0 && i < sizeof of_the_years / sizeof *of_the_years; i++)
		result = sql_run(store, of_the_years[i], BIND(v_int(r->person), v_int(r->before)), err);
	*n += entries;
	result = result < 0 ? -1 : due->n > 0 || entries > 0;
	arena_release(&arena);
	return result;
}

/* ---- what is due */

int store_due(struct store *store, int32_t before, int32_t (*year_of)(void *ctx, int32_t day), void *ctx, struct arena *arena, struct dues *dues,
              struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store,
	                               "SELECT e.person, p.name, e.day, iif(e.claim = 2 AND e.undone = 0, e.credited, 0) FROM entry e"
	                               " JOIN person p ON p.id = e.person WHERE e.redacted = 0 AND e.day < ?1"
	                               " AND NOT EXISTS(SELECT 1 FROM ledger l WHERE l.entry = e.id AND l.day >= ?1) ORDER BY e.person, e.day",
	                               BIND(v_int(before)), err);
	if (stmt == NULL)
		return -1;
	struct dues found = {0};
	struct due *last = NULL;
	int got;
	while ((got = sql_next(store, stmt, err)) == 1) {
		int64_t person = col_int(stmt, 0);
		int32_t year = year_of(ctx, col_day(stmt, 2));
		if (last == NULL || last->person != person || last->year != year) {
			last = ARENA_PUSH(arena, found.v, found.n);
			*last = (struct due){.person = person, .name = col_words(stmt, 1, arena), .year = year};
		}
		last->entries++;
		last->minutes += col_minutes(stmt, 3);
	}
	sql_end(stmt);
	if (got == 0)
		*dues = found;
	return got;
}
