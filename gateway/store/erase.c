#include "gateway/store/store-sql.h"

#include <inttypes.h>

/* What is left of a person when the words of their entries and ledger lines are gone (redact.c): letters, mails, addresses, and where
 * colleagues named them. The person's row comes last in the same transaction. */

/* Letters to or about them: by what they refer to, and by the name in what was written. */
#define NAMES_THEM \
	"(l.person IN " SQL_SAME " OR l.entry IN (SELECT id FROM entry WHERE person = ?1) OR l.plan IN (SELECT id FROM plan WHERE person = ?1)" \
	" OR l.interview IN (SELECT id FROM interview WHERE person = ?1)" \
	" OR l.approval IN (SELECT i.approval FROM approval_item i JOIN entry e ON e.id = i.entry WHERE e.person = ?1)" \
	" OR instr(l.subject, ?2) > 0 OR EXISTS(SELECT 1 FROM letter_body b WHERE b.letter = l.id AND instr(b.own_text, ?2) > 0)" \
	" OR l.recipient IN (SELECT address FROM address WHERE person = ?1))"
static const char their_letters[] =
	"SELECT l.id FROM letter l WHERE l.redacted = 0 AND (l.person IN " SQL_SAME " OR l.recipient IN (SELECT address FROM address WHERE person = ?1))";
static const char others_letters[] = "SELECT l.id FROM letter l WHERE l.redacted = 0 AND " NAMES_THEM;
static const char waiting_letters[] =
	"SELECT count(*) FROM letter l WHERE l.state IN (0, 1) AND (l.person IS NULL OR l.person NOT IN " SQL_SAME ") AND " NAMES_THEM;
/* A colleague's digest numbers their entries without naming them in a way we could look for. */
static const char numbered_letters[] =
	"SELECT DISTINCT l.id FROM entry e JOIN letter l ON instr(' ' || l.numbered || ' ', ' ' || e.id || ' ') > 0"
	" WHERE e.person = ?1 AND l.numbered IS NOT NULL AND l.redacted = 0";

/* Mails from them, those that claimed to be, and those by which somebody decided about them, which quote them. */
static const char their_mails[] =
	"SELECT id FROM message WHERE redacted = 0 AND (person IN " SQL_SAME
	" OR from_addr COLLATE NOCASE IN (SELECT address FROM address WHERE person = ?1)"
	" OR id IN (SELECT message FROM ledger WHERE entry IN (SELECT id FROM entry WHERE person = ?1))"
	" OR id IN (SELECT message FROM ledger WHERE entry IS NULL AND person IN " SQL_SAME ")"
	" OR id IN (SELECT message FROM plan WHERE person = ?1) OR id IN (SELECT message FROM interview WHERE person = ?1))";

/* Others' letters keep whom they went to: only what they said goes. */
static int redact_words(struct store *store, int64_t letter, struct err *err)
{
	if (sql_run(store, "UPDATE letter_body SET bytes = NULL, own_text = NULL WHERE letter = ?", BIND(v_int(letter)), err) < 0)
		return -1;
	return sql_run(store, "UPDATE letter SET subject = '', redacted = 1 WHERE id = ?", BIND(v_int(letter)), err);
}

/* What waits for them is not sent any more. */
static int end_letter(struct store *store, int64_t letter, struct err *err)
{
	if (sql_run(store, "UPDATE letter SET state = ?, detail = NULL WHERE id = ? AND state IN (0, 1)", BIND(v_int(LETTER_FAILED), v_int(letter)), err) < 0)
		return -1;
	return redact_letter(store, letter, err);
}

static int erase_mail(struct store *store, int64_t person, const char *name, struct err *err)
{
	size_t n = 0;
	if (redact_rows(store, their_letters, BIND(v_int(person)), end_letter, &n, err) < 0 ||
	    redact_rows(store, others_letters, BIND(v_int(person), v_text(name)), redact_words, &n, err) < 0 ||
	    redact_rows(store, numbered_letters, BIND(v_int(person)), redact_words, &n, err) < 0)
		return -1;
	return redact_rows(store, their_mails, BIND(v_int(person)), redact_message, &n, err) < 0 ? -1 : 0;
}

/* ---- colleagues' mentions: "@Rivera" for Ada Rivera, where no other Rivera could be meant */

static const char *plain(struct arena *arena, const char *name)
{
	char *out = utf8_lower(arena, name, strlen(name));
	size_t n = 0;
	for (const char *p = out; *p != '\0'; p++)
		if (strchr(" .,_-'\t", *p) == NULL)
			out[n++] = *p;
	out[n] = '\0';
	return out;
}

static bool mentions(struct arena *arena, const char *name, const char *mention)
{
	const char *word = plain(arena, mention);
	struct span rest = span_of(name), piece;
	if (strcmp(plain(arena, name), word) == 0)
		return true;
	while (span_until(&rest, ' ', &piece))
		if (piece.n > 0 && strcmp(plain(arena, arena_strndup(arena, piece.p, piece.n)), word) == 0)
			return true;
	return false;
}

static bool only_them(struct arena *arena, const struct roster *people, int64_t person, const char *mention)
{
	for (size_t i = 0; i < people->n; i++)
		if (people->people[i].id != person && mentions(arena, people->people[i].name, mention))
			return false;
	return true;
}

struct mention {
	int64_t entry, position;
	const char *name;
};

static int replace_mention(struct store *store, const struct mention *m, const char *instead, struct arena *arena, struct err *err)
{
	struct entry e;
	if (sql_run(store, "UPDATE entry_with SET name = ? WHERE entry = ? AND position = ?", BIND(v_text(instead), v_int(m->entry), v_int(m->position)),
	            err) < 0 ||
	    sql_run(store, "UPDATE change SET before = replace(before, ?1, ?2), after = replace(after, ?1, ?2) WHERE entry = ?3 AND field = 'with'",
	            BIND(v_text(m->name), v_text(instead), v_int(m->entry)), err) < 0)
		return -1;
	int found = store_entry(store, m->entry, arena, &e, err);
	return found <= 0 ? found : search_change(store, &e, err);
}

static int erase_mentions(struct store *store, const struct person *p, const char *instead, struct arena *arena, struct err *err)
{
	struct roster people;
	struct mention *found = NULL;
	size_t n = 0;
	int got = -1;
	if (store_people(store, true, arena, &people, err) < 0)
		return -1;
	sqlite3_stmt *stmt = sql_start(store, "SELECT entry, position, name FROM entry_with", NULL, err);
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1) {
		struct mention m = {col_int(stmt, 0), col_int(stmt, 1), col_words(stmt, 2, arena)};
		if (mentions(arena, p->name, m.name) && only_them(arena, &people, p->id, m.name))
			*ARENA_PUSH(arena, found, n) = m;
	}
	sql_end(stmt);
	for (size_t i = 0; got == 0 && i < n; i++)
		got = replace_mention(store, &found[i], instead, arena, err);
	return got;
}

/* ---- the roster */

/* ?1 the person, ?2 what they are called from now on */
static const char *const of_a_person[] = {
	"DELETE FROM trailer WHERE person IN " SQL_SAME,
	"DELETE FROM delegate WHERE person IN " SQL_SAME " OR approver IN " SQL_SAME,
	"DELETE FROM source WHERE key IN (SELECT address FROM address WHERE person IN " SQL_SAME ")",
	/* whoever they approved for is approved for by every approver again */
	"UPDATE person SET approver = NULL WHERE approver IN (SELECT address FROM address WHERE person = ?1)",
	"DELETE FROM address WHERE person IN " SQL_SAME,
	"DELETE FROM shared_address WHERE person IN " SQL_SAME,
};

static int erase_person(struct store *store, int64_t person, const char *instead, struct err *err)
{
	for (size_t i = 0; i < sizeof of_a_person / sizeof *of_a_person; i++)
		if (sql_run(store, of_a_person[i], BIND(v_int(person)), err) < 0)
			return -1;
	return sql_run(store,
	               "UPDATE person SET name = ?2, name_key = ?2, zone = NULL, approver = NULL, paused_until = 0, paused_why = NULL, gone = 1,"
	               " redacted = 1 WHERE id IN " SQL_SAME,
	               BIND(v_int(person), v_text(instead)), err);
}

int store_letters_naming(struct store *store, int64_t person, int64_t *n, struct err *err)
{
	struct arena arena = {0};
	struct person p;
	int found = store_person(store, person, &arena, &p, err);
	*n = 0;
	if (found == 1)
		found = sql_int(store, waiting_letters, BIND(v_int(person), v_text(p.name)), n, err);
	arena_release(&arena);
	return found < 0 ? -1 : 0;
}

int store_erase(struct store *store, int64_t person, struct err *err)
{
	struct arena arena = {0};
	struct person p;
	int result = store_person(store, person, &arena, &p, err);
	if (result == 0)
		result = err_set(err, "%s: no person %" PRId64, store->path, person);
	const char *instead = arena_printf(&arena, "removed person %" PRId64, person);
	if (result == 1)
		result = erase_mail(store, person, p.name, err);
	if (result == 0)
		result = erase_mentions(store, &p, instead, &arena, err);
	if (result == 0)
		result = erase_person(store, person, instead, err);
	arena_release(&arena);
	return result;
}
