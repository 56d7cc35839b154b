#include "gateway/store/store-sql.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "gateway/pack.h"

void ledger_read(sqlite3_stmt *stmt, struct arena *arena, struct ledger_line *line)
{
	*line = (struct ledger_line){
		.id = col_int(stmt, 0),
		.at = col_int(stmt, 1),
		.person = col_int(stmt, 2),
		.entry = col_int(stmt, 3),
		.verb = col_enum(stmt, 4, LEDGER_VERB_COUNT),
		.day = col_day(stmt, 5),
		.actual = col_minutes(stmt, 6),
		.credited = col_minutes(stmt, 7),
		.reason = col_words(stmt, 8, arena),
		.flag = col_words(stmt, 9, arena),
		.by_person = col_int(stmt, 10),
		.delegate = col_int(stmt, 11),
		.approval = col_int(stmt, 12),
		.message = col_int(stmt, 13),
		.about = col_int(stmt, 15),
		.redacted = col_bool(stmt, 16),
	};
}

void ledger_read_seal(sqlite3_stmt *stmt, struct arena *arena, struct ledger_seal *seal)
{
	struct span words = col_blob(stmt, 19);
	*seal = (struct ledger_seal){.form = col_enum(stmt, 17, LEDGER_FORM_COUNT), .salt = col_text(stmt, 18, arena)};
	memcpy(seal->words, words.p == NULL ? "" : words.p, words.n == HASH_BYTES ? HASH_BYTES : 0);
}

/* The canonical form of a line, so that anybody can prove a ledger: SHA-256 of
 *   the 32 bytes of the hash before it (zeros before line 1)
 *   id, at, person, entry, verb, day, actual, credited, by_person, delegate, approval, message, about: 8 bytes each, little-endian
 *     two's complement, NULL as 0
 *   the 32 bytes of the hash of its words: SHA-256 of the salt's 32 characters, the reason and the flag, each of the two behind its
 *     length in bytes (4 bytes, little-endian).
 * A line that lost its words keeps their hash and loses the salt: its figures stay proved, its words cannot be guessed.
 * Form 0, of logs before version 4: `about` only with the verbs from plan on, then reason and flag themselves, length in front. */
static void add_figures(struct str *form, const struct ledger_line *line)
{
	const int64_t numbers[] = {line->id, line->at, line->person, line->entry, line->verb, line->day, line->actual, line->credited,
	                           line->by_person, line->delegate, line->approval, line->message};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		pack_u64(form, (uint64_t)numbers[i]);
}

static void add_words(struct str *form, const struct ledger_line *line)
{
	pack_text(form, line->reason == NULL ? "" : line->reason);
	pack_text(form, line->flag == NULL ? "" : line->flag);
}

void ledger_words(uint8_t out[HASH_BYTES], const char *salt, const struct ledger_line *line)
{
	struct str form = {0};
	str_puts(&form, salt);
	add_words(&form, line);
	hash_bytes(out, form.p, form.n);
	str_release(&form);
}

void ledger_hash(uint8_t out[HASH_BYTES], const uint8_t before[HASH_BYTES], const struct ledger_line *line, const struct ledger_seal *seal)
{
	struct str form = {0};
	str_add(&form, before, HASH_BYTES);
	add_figures(&form, line);
	if (seal->form == LEDGER_SALTED || line->verb > LEDGER_WITHDRAW)
		pack_u64(&form, (uint64_t)line->about);
	if (seal->form == LEDGER_SALTED)
		str_add(&form, seal->words, HASH_BYTES);
	else
		add_words(&form, line);
	hash_bytes(out, form.p, form.n);
	str_release(&form);
}

void ledger_prove(uint8_t proof[HASH_BYTES], const struct ledger_line *line)
{
	struct str form = {0};
	str_add(&form, proof, HASH_BYTES);
	add_figures(&form, line);
	hash_bytes(proof, form.p, form.n);
	str_release(&form);
}

const char *ledger_proof_text(struct arena *arena, const uint8_t proof[HASH_BYTES])
{
	static const uint8_t none[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];
	hash_hex(hex, proof);
	return memcmp(proof, none, HASH_BYTES) == 0 ? "" : arena_printf(arena, "old lines %s", hex);
}

void ledger_head_text(char out[96], int64_t id, const uint8_t hash[HASH_BYTES])
{
	char hex[2 * HASH_BYTES + 1];
	hash_hex(hex, hash);
	snprintf(out, 96, "%" PRId64 " %s", id, hex);
}

/* The last line's number and hash; zeros on an empty ledger. */
static int last_line(struct store *store, int64_t *id, uint8_t hash[HASH_BYTES], struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT id, hash FROM ledger ORDER BY id DESC LIMIT 1", NULL, err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	*id = 0;
	memset(hash, 0, HASH_BYTES);
	if (got == 1) {
		struct span stored = col_blob(stmt, 1);
		*id = col_int(stmt, 0);
		memcpy(hash, stored.p, stored.n < HASH_BYTES ? stored.n : HASH_BYTES);
	}
	sql_end(stmt);
	return got < 0 ? -1 : 0;
}

static int append(struct store *store, struct ledger_line *line, struct err *err)
{
	uint8_t before[HASH_BYTES], hash[HASH_BYTES];
	char head[96], salt[TOKEN_CHARS + 1];
	struct ledger_seal seal = {.form = LEDGER_SALTED, .salt = salt};
	int64_t last;
	if (last_line(store, &last, before, err) < 0)
		return -1;
	line->id = last + 1;
	token_new(salt);
	ledger_words(seal.words, salt, line);
	ledger_hash(hash, before, line, &seal);
	ledger_head_text(head, line->id, hash);
	if (sql_run(store, "INSERT INTO ledger(" LEDGER_COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
	            BIND(v_int(line->id), v_int(line->at), v_int(line->person), v_ref(line->entry), v_int(line->verb), v_int(line->day),
	                 v_int(line->actual), v_int(line->credited), v_words(line->reason), v_words(line->flag), v_ref(line->by_person),
	                 v_ref(line->delegate), v_ref(line->approval), v_ref(line->message), v_blob(hash, HASH_BYTES), v_int(line->about),
	                 v_int(seal.form), v_text(salt), v_blob(seal.words, HASH_BYTES)),
	            err) < 0)
		return -1;
	return store_set_meta(store, LEDGER_HEAD, head, err);
}

/* The entry as the line finds it; fills the line's person and day, which are the entry's. */
static int read_claim(struct store *store, struct ledger_line *line, struct arena *arena, struct claim *claim, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT person, day, claim, actual, credited, reason, flag FROM entry WHERE id = ?",
	                               BIND(v_int(line->entry)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1) {
		line->person = col_int(stmt, 0);
		line->day = col_day(stmt, 1);
		*claim = (struct claim){col_enum(stmt, 2, CLAIM_COUNT), col_minutes(stmt, 3), col_minutes(stmt, 4), col_words(stmt, 5, arena),
		                        col_words(stmt, 6, arena)};
	}
	sql_end(stmt);
	if (got == 0)
		return err_set(err, "%s: no entry %" PRId64, store->path, line->entry);
	return got < 0 ? -1 : 0;
}

/* The entry's last claim line; 1, 0 it was never claimed, -1. */
static int last_claim(struct store *store, int64_t entry, struct arena *arena, struct claim *claim, struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, "SELECT " LEDGER_COLUMNS " FROM ledger WHERE entry = ? AND verb = ? ORDER BY id DESC LIMIT 1",
	                               BIND(v_int(entry), v_int(LEDGER_CLAIM)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1) {
		struct ledger_line line;
		ledger_read(stmt, arena, &line);
		*claim = claim_of_line(&line);
	}
	sql_end(stmt);
	return got;
}

/* The states that each verb may follow: a claim is decided once, and once more only after an undo. */
#define FROM(state) (1u << (state))
#define FROM_ANY ((1u << CLAIM_COUNT) - 1)
static const unsigned may_follow[] = {
	[LEDGER_CLAIM] = FROM_ANY,
	[LEDGER_APPROVE] = FROM(CLAIM_WAITING) | FROM(CLAIM_ASKED),
	[LEDGER_DENY] = FROM(CLAIM_WAITING) | FROM(CLAIM_ASKED),
	[LEDGER_ASK] = FROM(CLAIM_WAITING) | FROM(CLAIM_ASKED),
	[LEDGER_UNDO] = FROM(CLAIM_APPROVED) | FROM(CLAIM_DENIED) | FROM(CLAIM_ASKED),
	[LEDGER_WITHDRAW] = FROM_ANY,
};
_Static_assert(sizeof may_follow / sizeof *may_follow == LEDGER_PLAN, "a row for each verb about an entry");

/* What no line may say, whoever asks for it. */
static int refuse(const struct ledger_line *line, const struct claim *claim, struct err *err)
{
	bool decides = line->verb == LEDGER_APPROVE || line->verb == LEDGER_DENY;
	if (line->actual < MINUTES_NONE || line->credited < 0)
		return err_set(err, "entry %" PRId64 ": minutes below zero are no claim", line->entry);
	if (decides && line->by_person == line->person)
		return err_set(err, "entry %" PRId64 ": nobody decides about their own", line->entry);
	if (line->verb >= LEDGER_PLAN)
		return err_set(err, "entry %" PRId64 ": %s is said of a person, not of an entry", line->entry, ledger_verb_name(line->verb));
	if ((may_follow[line->verb] & FROM(claim->state)) == 0)
		return err_set(err, "entry %" PRId64 ": its claim is %s: it cannot be followed by %s", line->entry, claim_state_name(claim->state),
		               ledger_verb_name(line->verb));
	return 0;
}

static int set_claim(struct store *store, int64_t entry, const struct claim *claim, struct err *err)
{
	return sql_run(store, "UPDATE entry SET claim = ?, actual = ?, credited = ?, reason = ?, flag = ? WHERE id = ?",
	               BIND(v_int(claim->state), v_int(claim->actual), v_int(claim->credited), v_words(claim->reason), v_words(claim->flag), v_int(entry)),
	               err);
}

/* A line about a person. Nobody grants anything to themselves. */
static int add_personal(struct store *store, struct ledger_line *line, struct err *err)
{
	bool decides = line->verb == LEDGER_PLAN || line->verb == LEDGER_GRANT;
	if (line->verb < LEDGER_PLAN || line->person == 0)
		return err_set(err, "a ledger line (%s) says of whom or what it is", ledger_verb_name(line->verb));
	if (line->actual < MINUTES_NONE || line->credited < 0)
		return err_set(err, "person %" PRId64 ": minutes below zero are no grant", line->person);
	if (decides && line->by_person == line->person)
		return err_set(err, "person %" PRId64 ": nobody decides about their own", line->person);
	if (line->day == 0) /* retention goes by it */
		line->day = (int32_t)(line->at / 86400);
	return append(store, line, err);
}

int store_add_ledger(struct store *store, struct ledger_line *line, struct err *err)
{
	if (line->entry == 0)
		return add_personal(store, line, err);
	struct arena arena = {0};
	struct ledger_line added = *line;
	struct claim claim, last = {0};
	int result = read_claim(store, &added, &arena, &claim, err);
	if (result == 0)
		result = refuse(&added, &claim, err);
	if (result == 0 && added.verb == LEDGER_UNDO)
		result = last_claim(store, added.entry, &arena, &last, err) == 1 ? 0 : err_set(err, "entry %" PRId64 ": was never claimed", added.entry);
	if (result == 0)
		result = append(store, &added, err);
	if (result == 0) {
		claim_apply(&claim, &added, &last);
		result = set_claim(store, added.entry, &claim, err);
	}
	if (result == 0)
		*line = added;
	arena_release(&arena);
	return result;
}

static const char lines_of_all[] = "SELECT " LEDGER_COLUMNS " FROM ledger WHERE ?1 = 0 AND ?2 = 0 ORDER BY id";
static const char lines_of_person[] =
	"SELECT * FROM (SELECT " LEDGER_COLUMNS " FROM ledger WHERE entry IN (SELECT id FROM entry WHERE person = ?1) AND ?2 = 0"
	" UNION ALL SELECT " LEDGER_COLUMNS " FROM ledger INDEXED BY ledger_person WHERE entry IS NULL AND person IN " SQL_SAME ") ORDER BY id";
static const char lines_of_entry[] = "SELECT " LEDGER_COLUMNS " FROM ledger WHERE (?1 = 0 OR person IN " SQL_SAME ") AND entry = ?2 ORDER BY id";

int store_ledger(struct store *store, int64_t person, int64_t entry, struct arena *arena, struct ledger *list, struct err *err)
{
	const char *sql = entry != 0 ? lines_of_entry : person != 0 ? lines_of_person : lines_of_all;
	sqlite3_stmt *stmt = sql_start(store, sql, BIND(v_int(person), v_int(entry)), err);
	if (stmt == NULL)
		return -1;
	struct ledger found = {0};
	int got;
	while ((got = sql_next(store, stmt, err)) == 1)
		ledger_read(stmt, arena, ARENA_PUSH(arena, found.v, found.n));
	sql_end(stmt);
	if (got == 0)
		*list = found;
	return got;
}
