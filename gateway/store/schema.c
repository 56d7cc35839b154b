#include "gateway/store/store-sql.h"

#include <stdio.h>

/* The log's schema, version by version: each list of texts takes a log of the version before it to its own. A version that was
 * ever released is never edited. Numbers of enums are stored: new ones go to the end. */
_Static_assert(KIND_REFLECT == 14 && ACTION_QUARANTINE == 7 && ROLE_OPERATOR == 4, "stored numbers never change");
_Static_assert(LEDGER_REDACT == 11 && LETTER_REPORT == 10 && LETTER_FAILED == 3, "stored numbers never change");
_Static_assert(LETTER_DIGEST == 2 && LETTER_APPROVAL == 3 && LETTER_QUEUED == 0 && LETTER_SENDING == 1, "named by SQL texts");

static const char meta_1[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

static const char people_1[] =
	"CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL, role INTEGER NOT NULL, zone TEXT,"
	" approver TEXT, receipts INTEGER NOT NULL, digest INTEGER NOT NULL, paused_until INTEGER NOT NULL, paused_why TEXT,"
	" gone INTEGER NOT NULL) STRICT;"
	"CREATE INDEX person_name ON person(name_key);"
	"CREATE TABLE address(address TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, position INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX address_person ON address(person, position);";

static const char messages_1[] =
	"CREATE TABLE mailbox(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, uidvalidity INTEGER NOT NULL DEFAULT 0,"
	" last_uid INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE TABLE message(id INTEGER PRIMARY KEY, mailbox INTEGER REFERENCES mailbox, ident TEXT, message_id TEXT,"
	" body_hash BLOB NOT NULL, copy_key INTEGER NOT NULL, received_at INTEGER NOT NULL, from_addr TEXT, subject TEXT, kind TEXT,"
	" list_id TEXT, action INTEGER NOT NULL, reason TEXT, person INTEGER REFERENCES person,"
	" duplicate_of INTEGER REFERENCES message, marked INTEGER NOT NULL, raw_size INTEGER NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX message_ident ON message(mailbox, ident) WHERE ident IS NOT NULL;"
	"CREATE INDEX message_copy ON message(copy_key);"
	"CREATE INDEX message_action ON message(action, received_at);"
	"CREATE INDEX message_unmarked ON message(mailbox) WHERE marked = 0;"
	"CREATE TABLE raw(message INTEGER PRIMARY KEY REFERENCES message, codec INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;"
	/* what a held mail will be found by once it is let in */
	"CREATE TABLE held_text(message INTEGER PRIMARY KEY REFERENCES message, text TEXT NOT NULL) STRICT;"
	"CREATE TABLE source(key TEXT PRIMARY KEY, title TEXT, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, seen INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;";

static const char entries_1[] =
	"CREATE TABLE entry(id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES person,"
	" message INTEGER REFERENCES message, logged_at INTEGER NOT NULL, day INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" title TEXT NOT NULL, note TEXT NOT NULL, source TEXT NOT NULL, via INTEGER REFERENCES entry, minutes INTEGER NOT NULL,"
	" starred INTEGER NOT NULL, is_private INTEGER NOT NULL, nocredit INTEGER NOT NULL, undone INTEGER NOT NULL,"
	" attachment INTEGER NOT NULL, claim INTEGER NOT NULL, actual INTEGER NOT NULL, credited INTEGER NOT NULL,"
	" reason TEXT NOT NULL, flag TEXT NOT NULL) STRICT;"
	"INSERT INTO sqlite_sequence(name, seq) VALUES('entry', 1000);"
	/* all that caps and totals ask for: a person's year is summed without touching the entries */
	"CREATE INDEX entry_person ON entry(person, day, undone, claim, kind, starred, is_private, credited, actual);"
	"CREATE INDEX entry_day ON entry(day);"
	"CREATE INDEX entry_undecided ON entry(day) WHERE claim IN " SQL_UNDECIDED ";"
	"CREATE TABLE link(id INTEGER PRIMARY KEY, url_key INTEGER NOT NULL, url TEXT NOT NULL) STRICT;"
	"CREATE INDEX link_key ON link(url_key);"
	"CREATE TABLE entry_link(entry INTEGER NOT NULL REFERENCES entry, position INTEGER NOT NULL, link INTEGER NOT NULL REFERENCES link,"
	" title TEXT NOT NULL, PRIMARY KEY(entry, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE entry_tag(entry INTEGER NOT NULL REFERENCES entry, position INTEGER NOT NULL, tag TEXT NOT NULL,"
	" PRIMARY KEY(entry, position)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX entry_tag_tag ON entry_tag(tag, entry);"
	"CREATE TABLE entry_with(entry INTEGER NOT NULL REFERENCES entry, position INTEGER NOT NULL, name TEXT NOT NULL,"
	" PRIMARY KEY(entry, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE change(id INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entry, at INTEGER NOT NULL,"
	" by_person INTEGER REFERENCES person, message INTEGER REFERENCES message, field TEXT NOT NULL, before TEXT NOT NULL,"
	" after TEXT NOT NULL) STRICT;"
	"CREATE INDEX change_entry ON change(entry);"
	/* rowid = entry; mail: the text of the mail it came from, which only its owner may search */
	"CREATE VIRTUAL TABLE words USING fts5(title, note, about, mail, tokenize = 'unicode61 remove_diacritics 2');";

static const char approvals_1[] =
	"CREATE TABLE approval(id INTEGER PRIMARY KEY, approver INTEGER NOT NULL REFERENCES person, asked_at INTEGER NOT NULL,"
	" week TEXT NOT NULL) STRICT;"
	"CREATE TABLE approval_item(approval INTEGER NOT NULL REFERENCES approval, number INTEGER NOT NULL,"
	" entry INTEGER NOT NULL REFERENCES entry, flag TEXT NOT NULL, PRIMARY KEY(approval, number)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX approval_item_entry ON approval_item(entry);";

static const char credit_1[] =
	"CREATE TABLE ledger(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES person,"
	" entry INTEGER NOT NULL REFERENCES entry, verb INTEGER NOT NULL, day INTEGER NOT NULL, actual INTEGER NOT NULL,"
	" credited INTEGER NOT NULL, reason TEXT NOT NULL, flag TEXT NOT NULL, by_person INTEGER REFERENCES person,"
	" delegate INTEGER REFERENCES person, approval INTEGER REFERENCES approval, message INTEGER REFERENCES message,"
	" hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX ledger_entry ON ledger(entry);"
	"CREATE INDEX ledger_person ON ledger(person);"
	"CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;"
	"CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;"
	/* REPLACE deletes without the trigger above */
	"CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger WHEN EXISTS(SELECT 1 FROM ledger WHERE id >= NEW.id)"
	" BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;";

static const char outbox_1[] =
	"CREATE TABLE letter(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, purpose INTEGER NOT NULL, message_id TEXT NOT NULL,"
	" recipient TEXT NOT NULL, envelope_from TEXT NOT NULL, subject TEXT NOT NULL, person INTEGER REFERENCES person,"
	" entry INTEGER REFERENCES entry, approval INTEGER REFERENCES approval, held_message INTEGER REFERENCES message, numbered TEXT,"
	" token_hash BLOB, token_key INTEGER, token_expires INTEGER NOT NULL, created_at INTEGER NOT NULL,"
	/* next_at: of a queued letter when it is due, of one being sent when its lease ends */
	" next_at INTEGER NOT NULL, state INTEGER NOT NULL, tries INTEGER NOT NULL, ended_at INTEGER, detail TEXT) STRICT;"
	"CREATE INDEX letter_message_id ON letter(message_id);"
	"CREATE INDEX letter_token ON letter(token_key) WHERE token_key IS NOT NULL;"
	"CREATE INDEX letter_due ON letter(next_at) WHERE state IN (0, 1);"
	"CREATE INDEX letter_failed ON letter(state) WHERE state = 3;"
	"CREATE INDEX letter_recipient ON letter(recipient, created_at) WHERE purpose NOT IN (2, 3);"
	"CREATE TABLE letter_body(letter INTEGER PRIMARY KEY REFERENCES letter, bytes BLOB, own_text TEXT) STRICT;"
	"CREATE TABLE bounce(id INTEGER PRIMARY KEY, letter INTEGER NOT NULL REFERENCES letter, person INTEGER REFERENCES person,"
	" recipient TEXT NOT NULL, hard INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
	"CREATE INDEX bounce_person ON bounce(person, at);";

static const char *const version_1[] = {meta_1, people_1, messages_1, entries_1, approvals_1, credit_1, outbox_1, NULL};

/* Cheaper at 100,000 entries: a person's lines are found by the entries, hashes by keys.c. */
static const char cheaper_2[] =
	"DROP INDEX ledger_person;"
	"CREATE TABLE key(kind INTEGER NOT NULL, level INTEGER NOT NULL, hash INTEGER NOT NULL, row INTEGER NOT NULL,"
	" PRIMARY KEY(kind, level, hash, row)) STRICT, WITHOUT ROWID;"
	"INSERT INTO key(kind, level, hash, row) SELECT 0, 4, url_key, id FROM link;"
	"DROP INDEX link_key;"
	"ALTER TABLE link DROP COLUMN url_key;"
	"INSERT INTO key(kind, level, hash, row) SELECT 1, 4, copy_key, id FROM message;"
	"DROP INDEX message_copy;"
	"ALTER TABLE message DROP COLUMN copy_key;"
	"INSERT INTO key(kind, level, hash, row) SELECT 2, 4, token_key, id FROM letter WHERE token_key IS NOT NULL;"
	"DROP INDEX letter_token;"
	"ALTER TABLE letter DROP COLUMN token_key;"
	/* merges of the search index, half as often as FTS5 does by itself */
	"INSERT INTO words(words, rank) VALUES('automerge', 8);";

static const char *const version_2[] = {cheaper_2, NULL};

/* title: what a page calls itself, by its canonical URL; '' = it could not be had. trailer: how often a person's mails ended in that. */
static const char learnt_3[] =
	"CREATE TABLE title(url TEXT PRIMARY KEY, title TEXT NOT NULL, fetched_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE trailer(person INTEGER NOT NULL, hash INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY(person, hash))"
	" STRICT, WITHOUT ROWID;";

static const char *const version_3[] = {learnt_3, NULL};

/* The yearly cycle. Ledger lines may be about a person rather than an entry. plan.year, interview.year, reopened.year: the school
 * year's first day. redacted: its words were taken out, which a ledger line says. */
static const char year_4[] =
	"CREATE TABLE goal(id INTEGER PRIMARY KEY, words TEXT NOT NULL, added_at INTEGER NOT NULL, by_person INTEGER REFERENCES person,"
	" gone INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE TABLE plan(id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, year INTEGER NOT NULL, version INTEGER NOT NULL,"
	" state INTEGER NOT NULL, network TEXT NOT NULL, learn TEXT NOT NULL, classroom TEXT NOT NULL, goal INTEGER REFERENCES goal,"
	" prose TEXT NOT NULL, created_at INTEGER NOT NULL, message INTEGER REFERENCES message, decided_at INTEGER,"
	" decided_by INTEGER REFERENCES person, delegate INTEGER REFERENCES person, words TEXT NOT NULL, UNIQUE(person, year, version)) STRICT;"
	"CREATE TABLE interview(id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, year INTEGER NOT NULL, state INTEGER NOT NULL,"
	" created_at INTEGER NOT NULL, message INTEGER REFERENCES message, approver INTEGER REFERENCES person, meets_at INTEGER,"
	" decided_at INTEGER, decided_by INTEGER REFERENCES person, delegate INTEGER REFERENCES person, words TEXT NOT NULL) STRICT;"
	"CREATE INDEX interview_person ON interview(person, year);"
	"CREATE TABLE delegate(approver INTEGER NOT NULL REFERENCES person, person INTEGER NOT NULL REFERENCES person, since INTEGER NOT NULL,"
	" PRIMARY KEY(approver, person)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE reopened(year INTEGER PRIMARY KEY, until INTEGER NOT NULL, line INTEGER NOT NULL) STRICT;"
	"CREATE TABLE transcript(code TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, year INTEGER NOT NULL,"
	" issued_at INTEGER NOT NULL, line INTEGER NOT NULL, line_hash BLOB NOT NULL, content_hash BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"ALTER TABLE letter ADD COLUMN plan INTEGER REFERENCES plan;"
	"CREATE INDEX letter_plan ON letter(plan) WHERE plan IS NOT NULL;"
	"ALTER TABLE letter ADD COLUMN interview INTEGER REFERENCES interview;"
	"ALTER TABLE approval ADD COLUMN reminded_at INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE approval ADD COLUMN escalated_at INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE entry ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX entry_link_main ON entry_link(link) WHERE position = 0;"
	"ALTER TABLE person ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE person ADD COLUMN merged_into INTEGER REFERENCES person;"
	"CREATE INDEX person_merged ON person(merged_into) WHERE merged_into IS NOT NULL;"
	"ALTER TABLE person ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE message ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE letter ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0;"
	/* a mailbox that several people write from: which of them did, a mail must say */
	"CREATE TABLE shared_address(address TEXT NOT NULL, person INTEGER NOT NULL REFERENCES person, PRIMARY KEY(address, person))"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX shared_address_person ON shared_address(person);";

/* form: how the line's hash is made (ledger.c). salt, words: the words' own hash, so that a line may lose its words and keep its proof.
 * The only change of a line: its words are taken out, and a later line of verb 11 (redact) says so. */
static const char ledger_4[] =
	"CREATE TABLE ledger_4(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES person,"
	" entry INTEGER REFERENCES entry, verb INTEGER NOT NULL, day INTEGER NOT NULL, actual INTEGER NOT NULL,"
	" credited INTEGER NOT NULL, reason TEXT NOT NULL, flag TEXT NOT NULL, by_person INTEGER REFERENCES person,"
	" delegate INTEGER REFERENCES person, approval INTEGER REFERENCES approval, message INTEGER REFERENCES message,"
	" about INTEGER NOT NULL DEFAULT 0, redacted INTEGER NOT NULL DEFAULT 0, form INTEGER NOT NULL DEFAULT 0, salt TEXT, words BLOB,"
	" hash BLOB NOT NULL) STRICT;"
	"INSERT INTO ledger_4(id, at, person, entry, verb, day, actual, credited, reason, flag, by_person, delegate, approval, message, hash)"
	" SELECT id, at, person, entry, verb, day, actual, credited, reason, flag, by_person, delegate, approval, message, hash FROM ledger;"
	"DROP TABLE ledger;"
	"ALTER TABLE ledger_4 RENAME TO ledger;"
	"CREATE INDEX ledger_entry ON ledger(entry);"
	"CREATE INDEX ledger_person ON ledger(person) WHERE entry IS NULL;"
	"CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger WHEN NOT (OLD.redacted = 0 AND NEW.redacted = 1 AND OLD.verb <> 11"
	" AND NEW.reason = '' AND NEW.flag = '' AND NEW.salt IS NULL AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.person = OLD.person"
	" AND NEW.entry IS OLD.entry AND NEW.verb = OLD.verb AND NEW.day = OLD.day AND NEW.actual = OLD.actual AND NEW.credited = OLD.credited"
	" AND NEW.by_person IS OLD.by_person AND NEW.delegate IS OLD.delegate AND NEW.approval IS OLD.approval AND NEW.message IS OLD.message"
	" AND NEW.about = OLD.about AND NEW.form = OLD.form AND NEW.words IS OLD.words AND NEW.hash = OLD.hash"
	" AND EXISTS(SELECT 1 FROM ledger r WHERE r.entry IS NULL AND r.person = OLD.person AND r.verb = 11 AND r.id > OLD.id"
	" AND r.about >= OLD.id AND r.day > OLD.day)) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;"
	"CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;"
	"CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger WHEN EXISTS(SELECT 1 FROM ledger WHERE id >= NEW.id)"
	" BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;";

static const char *const version_4[] = {year_4, ledger_4, NULL};

static const char *const *const versions[] = {version_1, version_2, version_3, version_4};
#define VERSION ((int64_t)(sizeof versions / sizeof *versions))

static int migrate_from(struct store *store, int64_t version, struct err *err)
{
	for (int64_t v = version; v < VERSION; v++)
		for (const char *const *sql = versions[v]; *sql != NULL; sql++)
			if (sql_exec(store, *sql, err) < 0)
				return err_prefix(err, "from version %lld to %lld of the log: ", (long long)v, (long long)v + 1);
	char sql[96];
	snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %lld", APPLICATION_ID, (long long)VERSION);
	return sql_exec(store, sql, err);
}

/* Another process may have migrated in the meantime: the version counts that is seen inside the transaction. */
static int migrate(struct store *store, struct err *err)
{
	int64_t version;
	if (store_begin(store, err) < 0)
		return -1;
	if (sql_int(store, "PRAGMA user_version", NULL, &version, err) == 1 && migrate_from(store, version, err) == 0 &&
	    store_commit(store, err) == 0)
		return 0;
	store_rollback(store);
	return -1;
}

int schema_check(struct store *store, struct err *err)
{
	int64_t application, version, tables;
	if (sql_int(store, "PRAGMA application_id", NULL, &application, err) < 0 ||
	    sql_int(store, "PRAGMA user_version", NULL, &version, err) < 0 ||
	    sql_int(store, "SELECT count(*) FROM sqlite_schema", NULL, &tables, err) < 0)
		return -1;
	bool empty = application == 0 && version == 0 && tables == 0;
	if (!empty && application != APPLICATION_ID)
		return err_set(err, "%s: this is another program's database: give plnpost a folder of its own", store->path);
	if (version > VERSION)
		return err_set(err, "%s: was written by a newer plnpost (version %lld of the log, this one knows %lld): upgrade plnpost",
		               store->path, (long long)version, (long long)VERSION);
	if (version == VERSION)
		return 0;
	if (store->mode == STORE_READ)
		return err_set(err, "%s: is of version %lld of the log, this plnpost reads %lld: a command that writes brings it up to date (plnpost poll)",
		               store->path, (long long)version, (long long)VERSION);
	return migrate(store, err);
}
