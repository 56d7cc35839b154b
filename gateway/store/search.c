#include "gateway/store/store-sql.h"

#include <wctype.h>

#define WORDS_MAX 16
#define QUERY_MAX ((size_t)8 << 10)

/* ---- what goes into the index */

/* Writing without blanks between words: each character becomes a word, and a query a phrase of them. */
static bool is_unspaced(uint32_t c)
{
	return (c >= 0x2e80 && c <= 0x9fff && c != 0x3000) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff) ||
	       (c >= 0x0e00 && c <= 0x0eff);
}

/* The bytes up to the next character that could be an unspaced one: their first byte is 0xe0 or above. */
static size_t plain_run(const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && (unsigned char)p[n] < 0xe0)
		n++;
	return n;
}

static void add_indexed(struct str *out, struct span text)
{
	for (const char *p = text.p, *end = text.p + text.n; p < end;) {
		size_t n = plain_run(p, end);
		str_add(out, p, n);
		p += n;
		if (p == end)
			break;
		const char *from = p;
		bool alone = is_unspaced(utf8_next(&p, end));
		if (alone)
			str_putc(out, ' ');
		str_add(out, from, (size_t)(p - from));
		if (alone)
			str_putc(out, ' ');
	}
}

static void add_more(struct str *out, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	str_putc(out, ' ');
	add_indexed(out, span_of(text));
}

/* What else an entry is found by: where it came from, with whom, under which tags, the titles and hosts of its links. */
static void about(struct str *out, const struct entry *e)
{
	add_more(out, e->source);
	for (size_t i = 0; i < e->tags.n; i++)
		add_more(out, e->tags.v[i]);
	for (size_t i = 0; i < e->with.n; i++)
		add_more(out, e->with.v[i]);
	for (size_t i = 0; i < e->n_links; i++) {
		const char *host = strstr(e->links[i].url, "://");
		add_more(out, e->links[i].title);
		if (host != NULL) {
			str_putc(out, ' ');
			str_add(out, host + 3, strcspn(host + 3, "/?#"));
		}
	}
}

void search_forget(struct store *store)
{
	store->text_message = 0;
	str_clear(&store->text);
}

/* In most cases the entry follows at once, in the same transaction; the text of a mail that must wait is stored meanwhile. */
int search_keep(struct store *store, int64_t message, const char *text, bool may_wait, struct err *err)
{
	search_forget(store);
	if (text == NULL || text[0] == '\0')
		return 0;
	struct span taken = {text, utf8_prefix(text, strlen(text), TEXT_INDEXED)};
	store->text_message = message;
	str_span(&store->text, taken);
	if (!may_wait)
		return 0;
	return sql_run(store, "INSERT INTO held_text(message, text) VALUES(?, ?)", BIND(v_int(message), v_span(taken)), err);
}

/* The mail's text, ready for the index, appended to *out. */
static int mail_text(struct store *store, int64_t message, struct str *out, struct err *err)
{
	if (message == 0)
		return 0;
	if (message == store->text_message) {
		add_indexed(out, (struct span){store->text.p, store->text.n});
		return 0;
	}
	sqlite3_stmt *stmt = sql_start(store, "SELECT text FROM held_text WHERE message = ?", BIND(v_int(message)), err);
	if (stmt == NULL)
		return -1;
	int got = sql_next(store, stmt, err);
	if (got == 1)
		add_indexed(out, col_blob(stmt, 0));
	sql_end(stmt);
	if (got != 1)
		return got;
	return sql_run(store, "DELETE FROM held_text WHERE message = ?", BIND(v_int(message)), err);
}

/* title, note and about of an entry, ready for the index */
struct indexed {
	struct str title, note, about;
};

static void make_indexed(struct indexed *x, const struct entry *e)
{
	*x = (struct indexed){.title.max = TEXT_INDEXED, .note.max = TEXT_INDEXED, .about.max = TEXT_INDEXED};
	add_indexed(&x->title, span_of(e->title));
	add_indexed(&x->note, span_of(e->note));
	about(&x->about, e);
}

static void release_indexed(struct indexed *x)
{
	str_release(&x->title);
	str_release(&x->note);
	str_release(&x->about);
}

int search_add(struct store *store, const struct entry *e, struct err *err)
{
	struct indexed x;
	struct str mail = {.max = 3 * TEXT_INDEXED};
	make_indexed(&x, e);
	int result = mail_text(store, e->message, &mail, err);
	if (result == 0)
		result = sql_run(store, "INSERT INTO words(rowid, title, note, about, mail) VALUES(?, ?, ?, ?, ?)",
		                 BIND(v_int(e->id), v_text(str_c(&x.title)), v_text(str_c(&x.note)), v_text(str_c(&x.about)), v_text(str_c(&mail))), err);
	release_indexed(&x);
	str_release(&mail);
	return result;
}

int search_change(struct store *store, const struct entry *e, struct err *err)
{
	struct indexed x;
	make_indexed(&x, e);
	int result = sql_run_one(store, "UPDATE words SET title = ?, note = ?, about = ? WHERE rowid = ?",
	                         BIND(v_text(str_c(&x.title)), v_text(str_c(&x.note)), v_text(str_c(&x.about)), v_int(e->id)), "entry to find", e->id, err);
	release_indexed(&x);
	return result;
}

/* ---- what is asked of it */

static bool has_letter(struct span word)
{
	for (const char *p = word.p, *end = word.p + word.n; p < end;)
		if (iswalnum((wint_t)utf8_next(&p, end)))
			return true;
	return false;
}

/* Each word in quotes, so that nothing in it is an operator; all must be there, the last one may be a beginning. */
static size_t add_query(struct str *query, struct span words)
{
	size_t n = 0;
	struct span rest = span_trim(words), word;
	for (; n < WORDS_MAX && rest.n > 0; rest = span_trim(rest)) {
		word = (struct span){rest.p, 0};
		while (word.n < rest.n && strchr(" \t\r\n\"", word.p[word.n]) == NULL)
			word.n++;
		rest = span_skip(rest, word.n == 0 ? 1 : word.n);
		if (!has_letter(word))
			continue;
		str_puts(query, n == 0 ? "\"" : " \"");
		add_indexed(query, word);
		str_putc(query, '"');
		n++;
	}
	if (n > 0)
		str_putc(query, '*');
	return n;
}

#define RANK "bm25(words, 8.0, 4.0, 2.0, 1.0)"
static const char find_all[] =
	"SELECT " ENTRY_COLUMNS " FROM words JOIN entry e ON e.id = words.rowid WHERE words MATCH ?1 AND e.undone = 0"
	" ORDER BY " RANK ", e.id DESC LIMIT ?2";
static const char find_seen[] =
	"SELECT * FROM (SELECT " ENTRY_COLUMNS ", " RANK " AS rank_ FROM words JOIN entry e ON e.id = words.rowid"
	" WHERE words MATCH ?1 AND e.person = ?3 AND e.undone = 0"
	" UNION ALL SELECT " ENTRY_COLUMNS ", " RANK " FROM words JOIN entry e ON e.id = words.rowid"
	" WHERE words MATCH '{title note about} : (' || ?1 || ')' AND e.person <> ?3 AND " SQL_SHARED ")"
	" ORDER BY rank_, 1 DESC LIMIT ?2";

int store_find(struct store *store, const char *words, int64_t viewer, int limit, struct arena *arena, struct entries *list, struct err *err)
{
	struct str query = {.max = QUERY_MAX};
	int result = 0;
	size_t n = utf8_prefix(words, strlen(words), QUERY_MAX / 8);
	if (add_query(&query, (struct span){words, n}) == 0) {
		*list = (struct entries){0};
		goto out;
	}
	sqlite3_stmt *stmt = viewer == 0 ? sql_start(store, find_all, BIND(v_text(str_c(&query)), v_int(limit)), err)
	                                 : sql_start(store, find_seen, BIND(v_text(str_c(&query)), v_int(limit), v_int(viewer)), err);
	result = entry_collect(store, stmt, arena, list, err);
out:
	str_release(&query);
	return result;
}
