#ifndef GATEWAY_STORE_STORE_SQL_H
#define GATEWAY_STORE_STORE_SQL_H

#include <sqlite3.h>

#include "gateway/store/store.h"

/* What the files of this folder share, and nobody else sees: the open log, statements prepared once, values and columns. */

#define APPLICATION_ID 0x504c4e50 /* "PLNP" */
#define STATEMENTS_MAX 512        /* a power of two, several times what there are */
#define TEXT_INDEXED ((size_t)64 << 10)

struct codec;

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	struct statement {
		const char *sql; /* by its address: every SQL text is a literal next to its use */
		sqlite3_stmt *stmt;
	} statements[STATEMENTS_MAX];
	struct codec *codec;
	struct str text;      /* of the message last added, until its entry comes */
	int64_t text_message; /* 0 = none */
};

/* ---- values to bind, in the order of the statement's parameters */
struct value {
	enum value_type { VALUE_END, VALUE_INT, VALUE_TEXT, VALUE_BLOB, VALUE_NULL } type;
	int64_t i;
	const char *p;
	size_t n;
};
#define BIND(...) ((const struct value[]){__VA_ARGS__, {.type = VALUE_END}})

static inline struct value v_int(int64_t i)
{
	return (struct value){.type = VALUE_INT, .i = i};
}

static inline struct value v_end(int32_t day) /* the day behind the last; DAY_NONE: open */
{
	return v_int(day == DAY_NONE ? INT64_MAX : day);
}

static inline struct value v_ref(int64_t id) /* 0 = none: NULL */
{
	return (struct value){.type = id == 0 ? VALUE_NULL : VALUE_INT, .i = id};
}

static inline struct value v_text(const char *s) /* NULL stays NULL */
{
	return (struct value){.type = s == NULL ? VALUE_NULL : VALUE_TEXT, .p = s, .n = s == NULL ? 0 : strlen(s)};
}

static inline struct value v_words(const char *s) /* NULL becomes "" */
{
	return v_text(s == NULL ? "" : s);
}

static inline struct value v_span(struct span s)
{
	return (struct value){.type = VALUE_TEXT, .p = s.p == NULL ? "" : s.p, .n = s.n};
}

static inline struct value v_blob(const void *p, size_t n)
{
	return (struct value){.type = VALUE_BLOB, .p = p == NULL ? "" : p, .n = n};
}

/* ---- statements: values NULL = no parameters */
int sql_fail(struct store *, const char *sql, struct err *); /* says what SQLite said, and the mend; -1 */
int sql_exec(struct store *, const char *sql, struct err *); /* several statements, not kept: settings, schema */
/* Prepared and bound, ready for sql_next; NULL = failed. sql_end gives it back (legal on NULL). */
sqlite3_stmt *sql_start(struct store *, const char *sql, const struct value *, struct err *);
int sql_next(struct store *, sqlite3_stmt *, struct err *); /* 1 a row, 0 no more, -1 */
void sql_end(sqlite3_stmt *);
int sql_run(struct store *, const char *sql, const struct value *, struct err *); /* a change: refused outside a transaction. 0, -1 */
/* A change that must touch a row: `what` names it when there is none. */
int sql_run_one(struct store *, const char *sql, const struct value *, const char *what, int64_t id, struct err *);
int sql_int(struct store *, const char *sql, const struct value *, int64_t *out, struct err *); /* first column of the first row: 1, 0, -1 */
int sql_text(struct store *, const char *sql, const struct value *, struct arena *, const char **out, struct err *); /* the same; NULL for NULL */
int sql_strs(struct store *, const char *sql, const struct value *, struct arena *, struct strs *out, struct err *); /* adds the first column of every row; 0, -1 */

/* ---- columns */
const char *col_text(sqlite3_stmt *, int i, struct arena *);  /* NULL for NULL */
const char *col_words(sqlite3_stmt *, int i, struct arena *); /* "" for NULL */
int64_t col_int(sqlite3_stmt *, int i);
int32_t col_day(sqlite3_stmt *, int i);
int col_minutes(sqlite3_stmt *, int i);
bool col_bool(sqlite3_stmt *, int i);
unsigned col_enum(sqlite3_stmt *, int i, unsigned count); /* what is not below count becomes 0 */
struct span col_blob(sqlite3_stmt *, int i);              /* valid until the next sql_next */

/* ---- schema.c */
int schema_check(struct store *, struct err *);   /* refuses other programs' files and newer versions; migrates unless reading */

/* ---- codec.c: how raw bytes lie in the log */
enum codec_form { CODEC_PLAIN, CODEC_ZSTD, CODEC_COUNT };
void codec_close(struct codec *);
/* What to store: points to raw, or into the store's own buffer until the next call. */
struct span codec_pack(struct store *, struct span raw, enum codec_form *);
int codec_unpack(struct store *, enum codec_form, struct span packed, uint64_t raw_size, struct str *raw, struct err *);

/* ---- keys.c: rows found by a 64-bit hash; a hit is compared in full */
enum key_kind { KEY_LINK, KEY_COPY, KEY_TOKEN };
#define SQL_KEY(kind) "k.kind = " #kind " AND k.level IN (0, 1, 2, 3, 4) AND k.hash = ?1"
int keys_add(struct store *, enum key_kind, int64_t hash, int64_t row, struct err *);
int keys_settle(struct store *, enum key_kind, int64_t row, struct err *); /* once for every new row of that kind, with a key or without */
int64_t key_of_hash(const uint8_t hash[HASH_BYTES]);
int64_t key_of_url(const char *url);

/* ---- search.c */
/* words: the index of entries and, behind them, of their mail's text. */
int search_add(struct store *, const struct entry *, struct err *);
int search_change(struct store *, const struct entry *, struct err *);
void search_forget(struct store *);                                            /* the text kept for the entry to come */
int search_keep(struct store *, int64_t message, const char *text, bool may_wait, struct err *);

/* ---- entry.c and its parts */
#define ENTRY_COLUMNS \
	"e.id, e.person, e.message, e.logged_at, e.day, e.kind, e.title, e.note, e.source, e.via, e.minutes, e.starred, " \
	"e.is_private, e.nocredit, e.undone, e.attachment, e.claim, e.actual, e.credited, e.reason, e.flag, e.redacted"
#define ENTRY_COLUMN_COUNT 22
void entry_read(sqlite3_stmt *, struct arena *, struct entry *);                 /* the columns above, from 0 */
int entry_collect(struct store *, sqlite3_stmt *, struct arena *, struct entries *, struct err *); /* all rows, with their parts; ends the statement */
int parts_read(struct store *, struct arena *, struct entry *, struct err *);
int parts_write(struct store *, const struct entry *, struct err *);
int parts_rewrite_links(struct store *, const struct entry *, struct err *);
int parts_rewrite_tags(struct store *, const struct entry *, struct err *);
int parts_rewrite_with(struct store *, const struct entry *, struct err *);

/* The claim states that SQL texts name by number. */
_Static_assert(CLAIM_NONE == 0 && CLAIM_WAITING == 1 && CLAIM_APPROVED == 2 && CLAIM_ASKED == 4, "stored numbers never change");
#define SQL_UNDECIDED "(1, 4)"
#define SQL_COUNTED "(1, 2, 4)"
#define SQL_SHARED "e.is_private = 0 AND e.undone = 0 AND e.redacted = 0" /* what colleagues may see */

/* A person and whoever was merged into them; old ledger lines keep the person they were written for. */
#define SQL_SAME "(SELECT ?1 AS id UNION ALL SELECT id FROM person WHERE merged_into = ?1)"

/* ---- claim.c: what the ledger's lines make of an entry's claim */
struct claim {
	enum claim_state state;
	int actual, credited;
	const char *reason, *flag;
};
/* last: the entry's claim line before this one (for undo). */
void claim_apply(struct claim *, const struct ledger_line *, const struct claim *last);
struct claim claim_of_line(const struct ledger_line *);
int claim_replay(struct store *, int64_t entry, struct arena *, struct claim *, struct err *); /* from all its lines; 0, -1 */

/* ---- ledger.c */
#define LEDGER_COLUMNS \
	"id, at, person, entry, verb, day, actual, credited, reason, flag, by_person, delegate, approval, message, hash, about, redacted, form, salt, words"
enum ledger_form { LEDGER_OLD, LEDGER_SALTED, LEDGER_FORM_COUNT }; /* of log versions 1 to 3 · since 4 */
struct ledger_seal {
	enum ledger_form form;
	const char *salt;          /* NULL = gone with the words */
	uint8_t words[HASH_BYTES]; /* salted hash of reason and flag */
};
void ledger_read(sqlite3_stmt *, struct arena *, struct ledger_line *);
void ledger_read_seal(sqlite3_stmt *, struct arena *, struct ledger_seal *);
void ledger_words(uint8_t out[HASH_BYTES], const char *salt, const struct ledger_line *);
void ledger_hash(uint8_t out[HASH_BYTES], const uint8_t before[HASH_BYTES], const struct ledger_line *, const struct ledger_seal *);
/* The figures of old lines that lost their words, one after the other: what a REDACT line's flag says of them. */
void ledger_prove(uint8_t proof[HASH_BYTES], const struct ledger_line *);
const char *ledger_proof_text(struct arena *, const uint8_t proof[HASH_BYTES]);
#define LEDGER_HEAD "ledger-head" /* the meta key: "ID HEX" of the last line */
void ledger_head_text(char out[96], int64_t id, const uint8_t hash[HASH_BYTES]);

/* ---- redact.c */
#define REMOVED_TITLE "(removed)" /* an entry's title when its words were taken out */
/* ---- redact-mail.c */
int redact_message(struct store *, int64_t message, struct err *);
int redact_letter(struct store *, int64_t letter, struct err *);
/* Each row that the query finds: 1, 0 there was none, -1. */
int redact_rows(struct store *, const char *sql, const struct value *, int (*redact)(struct store *, int64_t, struct err *), size_t *n, struct err *);
void redacted_id(char out[96], const char *message_id); /* what is kept of a Message-ID */

/* ---- cover.c: the lines that account for words taken out */
struct cover {
	int64_t person, line, about;
	int32_t day;
	const char *says;          /* of the old lines it covers */
	uint8_t proof[HASH_BYTES]; /* what they really are, as audit finds them */
};
struct covers {
	struct cover *v;
	size_t n;
};
int covers_read(struct store *, struct arena *, struct covers *, struct err *); /* 0, -1 */
struct cover *cover_of(const struct covers *, const struct ledger_line *);      /* NULL = none */

/* ---- person.c */
int addresses_read(struct store *, struct arena *, struct person *, struct err *);
int addresses_write(struct store *, const struct person *, struct err *);
const char *address_lower(struct arena *, const char *);

#endif
