#include "gateway/store/store-sql.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct audit {
	struct store *store;
	void (*say)(void *ctx, const char *finding);
	void *ctx;
	size_t findings;
	struct err *err;
};

static void found(struct audit *audit, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void found(struct audit *audit, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	audit->findings++;
	if (audit->say != NULL)
		audit->say(audit->ctx, text);
}

static const char *cell(sqlite3_stmt *stmt, int i)
{
	const char *s = (const char *)sqlite3_column_text(stmt, i);
	return s == NULL ? "" : s;
}

/* Statements whose every row is a finding: words, then up to two columns. */
static const struct check {
	const char *sql, *format;
} checks[] = {
	{"SELECT integrity_check, '' FROM pragma_integrity_check WHERE integrity_check <> 'ok'", "structure: %s%s"},
	{"SELECT \"table\", rowid FROM pragma_foreign_key_check", "table %s, row %s: points to a row that is not there"},
	{"SELECT id, '' FROM entry EXCEPT SELECT id, '' FROM words_docsize", "entry %s%s: cannot be found by its words"},
	{"SELECT id, '' FROM link EXCEPT SELECT row, '' FROM key WHERE kind = 0", "link %s%s: cannot be found by its URL"},
	{"SELECT id, '' FROM message EXCEPT SELECT row, '' FROM key WHERE kind = 1", "message %s%s: cannot be found by its copies"},
	{"SELECT id, '' FROM letter WHERE token_hash IS NOT NULL EXCEPT SELECT row, '' FROM key WHERE kind = 2",
	 "letter %s%s: cannot be found by its token"},
	{"SELECT id, '' FROM words_docsize EXCEPT SELECT id, '' FROM entry", "the index of words has an entry %s%s that is not there"},
	{"SELECT e.id, e.credited FROM entry e WHERE (e.claim <> 0 OR e.credited <> 0) AND NOT EXISTS(SELECT 1 FROM ledger l WHERE l.entry = e.id)",
	 "entry %s: has a claim (%s min) that no ledger line makes"},
	{"SELECT l.entry, min(l.id) FROM ledger l JOIN entry e ON e.id = l.entry JOIN person p ON p.id = l.person"
	 " WHERE l.person <> e.person AND p.merged_into IS NOT e.person GROUP BY l.entry",
	 "entry %s: is another person's than ledger line %s says"},
	{"SELECT p.id, p.merged_into FROM person p WHERE p.merged_into IS NOT NULL AND NOT EXISTS(SELECT 1 FROM ledger l"
	 " WHERE l.entry IS NULL AND l.person = p.merged_into AND l.verb = 10 AND l.about = p.id)",
	 "person %s: goes on as person %s, but no ledger line says so"},
	{"SELECT r.year, r.until FROM reopened r WHERE NOT EXISTS(SELECT 1 FROM ledger l WHERE l.id = r.line AND l.verb = 9 AND l.day = r.year"
	 " AND l.about = r.until)",
	 "the year that begins on day %s: is open until day %s, but no ledger line says so"},
	{"SELECT e.id, '' FROM entry e WHERE e.redacted AND NOT EXISTS(SELECT 1 FROM ledger l INDEXED BY ledger_person WHERE l.entry IS NULL"
	 " AND l.person IN (SELECT e.person UNION ALL SELECT id FROM person WHERE merged_into = e.person) AND l.verb = 11 AND l.day > e.day)",
	 "entry %s%s: its words were taken out, but no ledger line says so"},
	{"SELECT id, '' FROM entry WHERE redacted AND (title <> '" REMOVED_TITLE "' OR note <> '' OR source <> '')",
	 "entry %s%s: was taken out, yet it has words"},
};

static int run_check(struct audit *audit, const struct check *check)
{
	sqlite3_stmt *stmt = sql_start(audit->store, check->sql, NULL, audit->err);
	if (stmt == NULL)
		return -1;
	int got;
	while ((got = sql_next(audit->store, stmt, audit->err)) == 1) {
		char text[400];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof text, check->format, cell(stmt, 0), cell(stmt, 1));
#pragma GCC diagnostic pop
		found(audit, "%s", text);
	}
	sql_end(stmt);
	return got;
}

/* ---- the chain */

static int check_head(struct audit *audit, int64_t id, const uint8_t hash[HASH_BYTES])
{
	struct arena arena = {0};
	const char *stored = NULL;
	char head[96];
	ledger_head_text(head, id, hash);
	int got = store_meta(audit->store, LEDGER_HEAD, &arena, &stored, audit->err);
	if (got == 1 && strcmp(stored, head) != 0)
		found(audit, "ledger: ends with line %" PRId64 ", but its last line was %.*s: lines are missing or were written by something else", id,
		      (int)strcspn(stored, " "), stored);
	if (got == 0 && id > 0)
		found(audit, "ledger: the note of its last line is missing");
	arena_release(&arena);
	return got < 0 ? -1 : 0;
}

/* Words may be gone only where a later line says so, and must be gone there; figures stay proved all the same. */
static void check_words(struct audit *audit, const struct covers *covers, const struct ledger_line *line, const struct ledger_seal *seal)
{
	struct cover *cover = cover_of(covers, line);
	uint8_t words[HASH_BYTES];
	bool gone = line->reason[0] == '\0' && line->flag[0] == '\0' && seal->salt == NULL;
	if (line->redacted && cover == NULL)
		found(audit, "ledger: line %" PRId64 ": its words were taken out, but no later line says so", line->id);
	if (line->redacted && !gone)
		found(audit, "ledger: line %" PRId64 ": was taken out, yet it has words", line->id);
	if (!line->redacted && cover != NULL)
		found(audit, "ledger: line %" PRId64 ": line %" PRId64 " says that its words were taken out, yet they are there", line->id, cover->line);
	if (line->redacted && cover != NULL && seal->form == LEDGER_OLD)
		ledger_prove(cover->proof, line);
	if (line->redacted || seal->form == LEDGER_OLD)
		return;
	ledger_words(words, seal->salt == NULL ? "" : seal->salt, line);
	if (memcmp(words, seal->words, HASH_BYTES) != 0)
		found(audit, "ledger: line %" PRId64 " (entry %" PRId64 ") was changed: these are not its words", line->id, line->entry);
}

static void check_proofs(struct audit *audit, const struct covers *covers, struct arena *arena)
{
	for (size_t i = 0; i < covers->n; i++)
		if (strcmp(covers->v[i].says, ledger_proof_text(arena, covers->v[i].proof)) != 0)
			found(audit, "ledger: lines that lost their words were changed since line %" PRId64 " took them out", covers->v[i].line);
}

static int check_lines(struct audit *audit, const struct covers *covers)
{
	uint8_t before[HASH_BYTES] = {0}, hash[HASH_BYTES];
	int64_t last = 0;
	struct arena arena = {0};
	sqlite3_stmt *stmt = sql_start(audit->store, "SELECT " LEDGER_COLUMNS " FROM ledger ORDER BY id", NULL, audit->err);
	int got = -1;
	while (stmt != NULL && (got = sql_next(audit->store, stmt, audit->err)) == 1) {
		struct ledger_line line;
		struct ledger_seal seal;
		ledger_read(stmt, &arena, &line);
		if (line.id != last + 1)
			found(audit, "ledger: line %" PRId64 " follows line %" PRId64 ": lines are missing", line.id, last);
		ledger_read_seal(stmt, &arena, &seal);
		ledger_hash(hash, before, &line, &seal);
		struct span stored = col_blob(stmt, 14);
		bool blank = line.redacted && seal.form == LEDGER_OLD; /* proved by the line that took its words out */
		if (!blank && (stored.n != HASH_BYTES || memcmp(stored.p, hash, HASH_BYTES) != 0))
			found(audit, "ledger: line %" PRId64 " (entry %" PRId64 ") was changed or is out of its place", line.id, line.entry);
		check_words(audit, covers, &line, &seal);
		/* The chain goes on from what is stored: one changed line is one finding. */
		memcpy(before, stored.n == HASH_BYTES ? (const uint8_t *)stored.p : hash, HASH_BYTES);
		last = line.id;
		arena_release(&arena);
	}
	sql_end(stmt);
	arena_release(&arena);
	return got < 0 ? -1 : check_head(audit, last, before);
}

static int check_chain(struct audit *audit)
{
	struct arena kept = {0};
	struct covers covers = {0};
	int result = covers_read(audit->store, &kept, &covers, audit->err);
	if (result == 0)
		result = check_lines(audit, &covers);
	if (result == 0)
		check_proofs(audit, &covers, &kept);
	arena_release(&kept);
	return result;
}

/* ---- the entries' claims against the lines that make them */

struct replay {
	int64_t entry;
	struct claim claim, last;
	int64_t said;             /* the line that last said what is claimed, or that nothing is; 0 = none */
	int32_t day;              /* of that line */
	enum ledger_form form;
	struct arena arena;
};

static void replay_line(struct replay *replay, const struct ledger_line *line, enum ledger_form form)
{
	claim_apply(&replay->claim, line, &replay->last);
	if (line->verb == LEDGER_CLAIM)
		replay->last = replay->claim;
	if (line->verb == LEDGER_CLAIM || line->verb == LEDGER_WITHDRAW) {
		replay->said = line->id;
		replay->day = line->day;
		replay->form = form;
	}
}

/* An entry that is moved is claimed again; before log version 4 it was not where its minutes stayed the same. */
static void compare_day(struct audit *audit, const struct replay *replay, int32_t day)
{
	char is[16], was[16];
	if (replay->said != 0 && replay->form == LEDGER_SALTED && day != replay->day)
		found(audit, "entry %" PRId64 ": says that it is about %s; ledger line %" PRId64 ", its claim, says %s", replay->entry, day_iso(is, day), replay->said,
		      day_iso(was, replay->day));
}

static int compare_claim(struct audit *audit, const struct replay *replay)
{
	sqlite3_stmt *stmt = sql_start(audit->store, "SELECT claim, actual, credited, reason, flag, day FROM entry WHERE id = ?", BIND(v_int(replay->entry)),
	                               audit->err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(audit->store, stmt, audit->err);
	const struct claim *want = &replay->claim;
	if (got == 1 && (col_int(stmt, 0) != (int64_t)want->state || col_int(stmt, 1) != want->actual || col_int(stmt, 2) != want->credited ||
	                 strcmp(cell(stmt, 3), want->reason) != 0 || strcmp(cell(stmt, 4), want->flag) != 0))
		found(audit, "entry %" PRId64 ": says %s, %" PRId64 " min; the ledger says %s, %d min", replay->entry,
		      claim_state_name(col_enum(stmt, 0, CLAIM_COUNT)), col_int(stmt, 2), claim_state_name(want->state), want->credited);
	if (got == 1)
		compare_day(audit, replay, col_day(stmt, 5));
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

static int end_replay(struct audit *audit, struct replay *replay)
{
	int result = replay->entry == 0 ? 0 : compare_claim(audit, replay);
	arena_release(&replay->arena);
	*replay = (struct replay){.claim = {.reason = "", .flag = ""}, .last = {.reason = "", .flag = ""}};
	return result;
}

static int check_claims(struct audit *audit)
{
	struct replay replay = {0};
	end_replay(audit, &replay);
	sqlite3_stmt *stmt = sql_start(audit->store, "SELECT " LEDGER_COLUMNS " FROM ledger INDEXED BY ledger_entry WHERE entry IS NOT NULL ORDER BY entry, id", NULL, audit->err);
	int got = -1;
	while (stmt != NULL && (got = sql_next(audit->store, stmt, audit->err)) == 1) {
		int64_t entry = col_int(stmt, 3);
		struct ledger_line line;
		if (entry != replay.entry && end_replay(audit, &replay) < 0) {
			got = -1;
			break;
		}
		replay.entry = entry;
		ledger_read(stmt, &replay.arena, &line);
		replay_line(&replay, &line, col_enum(stmt, 17, LEDGER_FORM_COUNT));
	}
	sql_end(stmt);
	int result = end_replay(audit, &replay);
	return got < 0 ? -1 : result;
}

static int check_all(struct audit *audit)
{
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (run_check(audit, &checks[i]) < 0)
			return -1;
	if (check_chain(audit) < 0)
		return -1;
	return check_claims(audit);
}

/* All of it sees one state of the log, whoever writes meanwhile. */
int store_audit(struct store *store, void (*say)(void *ctx, const char *finding), void *ctx, struct err *err)
{
	struct audit audit = {.store = store, .say = say, .ctx = ctx, .err = err};
	bool own = sqlite3_get_autocommit(store->db);
	if (own && sql_exec(store, "BEGIN", err) < 0)
		return -1;
	int result = check_all(&audit);
	if (own)
		sql_exec(store, "ROLLBACK", NULL);
	return result < 0 ? -1 : audit.findings == 0;
}
