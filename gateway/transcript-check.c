#include "gateway/transcript.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "digest/forms.h"
#include "gateway/clock.h"
#include "gateway/file.h"

/* Whether a transcript is genuine: its code, its content, the ledger below it, and what has happened since. */

#define FILE_MAX ((size_t)16 << 20)
#define NEWER_SHOWN 10

struct checking {
	struct campus *campus;
	struct desk desk;
	const char *what;
	bool is_file;
	struct transcript_file file;
	struct issued_transcript issued;
	struct person person;
	int wrong;     /* things that are not as they were issued */
	bool gone_on;
	bool words_gone; /* taken out since, as the ledger says */
};

static void wrong(struct checking *c, const char *words)
{
	c->wrong++;
	printf("NOT GENUINE: %s\n", words);
}

static int read_file(struct checking *c, struct err *err)
{
	struct str text = {.max = FILE_MAX};
	int result = file_read(c->what, &text, err);
	if (result == 0)
		result = transcript_read(c->what, (struct span){str_c(&text), text.n}, c->desk.arena, &c->file, err);
	str_release(&text);
	return result;
}

/* The code that is asked about, in its one form. 1, 0 said why not, -1. */
static int find_code(struct checking *c, char code[TRANSCRIPT_CODE], struct err *err)
{
	const char *text = c->what;
	if (c->is_file) {
		if (read_file(c, err) < 0)
			return -1;
		text = c->file.code;
		if (text[0] == '\0') {
			wrong(c, "the file has no verification code");
			return 0;
		}
	}
	if (transcript_code_read(text, code) == 0)
		return 1;
	if (!c->is_file)
		return err_set(err, "%s is neither a file nor a verification code: a code has 16 letters and digits, of which the last checks the others", text);
	wrong(c, arena_printf(c->desk.arena, "its code %s is mistyped: the last sign does not fit the others", record_words(c->desk.arena, text, 40)));
	return 0;
}

static void compare_content(struct checking *c)
{
	if (!c->is_file)
		return;
	if (memcmp(c->file.content, c->issued.content_hash, HASH_BYTES) == 0)
		puts("Content: as it was issued, to the last sign.");
	else
		wrong(c, "the file's content was changed after it was issued");
}

/* ---- the ledger */

static void say_finding(void *ctx, const char *finding)
{
	struct checking *c = ctx;
	c->wrong++;
	printf("%s\n", finding);
}

static int compare_ledger(struct checking *c, struct err *err)
{
	uint8_t hash[HASH_BYTES];
	int64_t found = 0;
	int got = c->issued.line == 0 ? 0 : store_line_hash(c->campus->store, c->issued.line, &found, hash, err);
	if (got < 0)
		return -1;
	if (c->issued.line != 0 && (got == 0 || memcmp(hash, c->issued.line_hash, HASH_BYTES) != 0))
		wrong(c, arena_printf(c->desk.arena, "line %lld of the ledger is not what it was", (long long)c->issued.line));
	int before = c->wrong;
	if (store_audit(c->campus->store, say_finding, c, err) < 0)
		return -1;
	if (c->wrong == before)
		printf("Ledger: unchanged up to line %lld, and sound.\n", (long long)c->issued.line);
	else
		puts("Ledger: the log is not sound, so that it cannot answer for anything (plnpost audit).");
	return 0;
}

/* ---- what has happened since */

static bool concerns(const struct checking *c, const struct ledger_line *line, int32_t from, int32_t to)
{
	return line->id > c->issued.line && line->day >= from && line->day < to;
}

static void say_line(const struct checking *c, const struct ledger_line *line)
{
	char day[16];
	day_iso(day, campus_today(c->campus, NULL, line->at));
	if (line->entry != 0)
		printf("  line %lld, %s: entry %lld, %s, %d min\n", (long long)line->id, day, (long long)line->entry, ledger_verb_name(line->verb), line->credited);
	else
		printf("  line %lld, %s: %s, %d min\n", (long long)line->id, day, ledger_verb_name(line->verb), line->credited);
}

/* What took words of those days out since: years that are past, or the person's wish. */
static const struct ledger_line *tombstone(const struct checking *c, const struct ledger *ledger, int32_t from)
{
	for (size_t i = ledger->n; i > 0; i--)
		if (ledger->v[i - 1].verb == LEDGER_REDACT && ledger->v[i - 1].id > c->issued.line && ledger->v[i - 1].day > from)
			return &ledger->v[i - 1];
	return NULL;
}

static int say_removed(struct checking *c, const struct ledger_line *line, int32_t from, int32_t to, const char *year, struct err *err)
{
	struct arena *arena = c->desk.arena;
	struct entries list = {0};
	struct totals totals;
	struct entry_filter filter = {.person = c->person.id, .from = from, .to = to, .limit = INT_MAX, .also_redacted = true};
	char day[16];
	size_t n = 0;
	if (store_entries(c->campus->store, &filter, arena, &list, err) < 0 || store_totals(c->campus->store, c->person.id, from, to, &totals, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		n += list.v[i].redacted;
	c->gone_on = c->words_gone = true;
	printf("Since then: the words of %s were removed on %s (%s; line %lld of the ledger).\n", count_text(arena, n, "entry", "entries"),
	       day_iso(day, campus_today(c->campus, NULL, line->at)), record_words(arena, line->reason, 200), (long long)line->id);
	printf("What is left of %s: %s, %s approved, %s waiting.\n", year, count_text(arena, list.n, "entry", "entries"), minutes_text(arena, totals.approved),
	       minutes_text(arena, totals.waiting));
	return 0;
}

static int say_newer(struct checking *c, struct err *err)
{
	struct ledger ledger = {0};
	const struct ledger_line *removal;
	int32_t from, to;
	char name[16];
	size_t n = 0;
	campus_year(c->campus, c->issued.year, &from, &to, name);
	if (store_ledger(c->campus->store, c->person.id, 0, c->desk.arena, &ledger, err) < 0)
		return -1;
	removal = tombstone(c, &ledger, from);
	if (removal != NULL && say_removed(c, removal, from, to, name, err) < 0)
		return -1;
	for (size_t i = 0; i < ledger.n; i++)
		n += concerns(c, &ledger.v[i], from, to);
	if (n == 0)
		return 0;
	c->gone_on = true;
	printf("Since then: %zu newer line%s of the ledger about %s in %s:\n", n, n == 1 ? "" : "s", c->person.name, name);
	for (size_t i = 0, shown = 0; i < ledger.n && shown < NEWER_SHOWN; i++)
		if (concerns(c, &ledger.v[i], from, to)) {
			say_line(c, &ledger.v[i]);
			shown++;
		}
	if (n > NEWER_SHOWN)
		printf("  and %zu more\n", n - NEWER_SHOWN);
	return 0;
}

static bool same_rows(const struct transcript *now, const struct checking *c, struct err *err)
{
	struct str csv = {.max = FILE_MAX};
	struct transcript_file file;
	transcript_csv(&csv, now, c->desk.arena);
	bool same = transcript_read("transcript", (struct span){str_c(&csv), csv.n}, c->desk.arena, &file, err) == 0 &&
	            memcmp(file.content, c->issued.content_hash, HASH_BYTES) == 0;
	str_release(&csv);
	return same;
}

/* Without newer lines the log must still give the very same transcript: else words were changed, which no ledger line records. */
static int compare_today(struct checking *c, struct err *err)
{
	struct desk then = c->desk;
	struct transcript now;
	char hex[2 * HASH_BYTES + 1];
	then.now = c->issued.issued_at;
	if (c->gone_on)
		return 0;
	if (transcript_make(&then, &c->person, c->issued.year, &now, err) < 0)
		return -1;
	hash_hex(hex, c->issued.line_hash);
	now.line = c->issued.line;
	now.line_hash = hex;
	if (same_rows(&now, c, err)) {
		puts("Since then: nothing. The log gives the same transcript today.");
		return 0;
	}
	c->gone_on = true;
	puts("Since then: no credit was changed, but words were (a title, a name, the cap or requirement): the log gives another text today.");
	return 0;
}

static int check_issued(struct checking *c, struct err *err)
{
	char day[16], name[16];
	int32_t from, to;
	int found = store_person(c->campus->store, c->issued.person, c->desk.arena, &c->person, err);
	if (found <= 0)
		return found < 0 ? -1 : err_set(err, "the person of transcript %s is not in the log any more", c->issued.code);
	campus_year(c->campus, c->issued.year, &from, &to, name);
	printf("Code %s: issued by %s on %s for %s, %s.\n", c->issued.code, c->campus->config.name,
	       day_iso(day, campus_today(c->campus, NULL, c->issued.issued_at)), c->person.name, name);
	compare_content(c);
	if (compare_ledger(c, err) < 0)
		return -1;
	if (c->wrong > 0)
		return 0;
	return say_newer(c, err) < 0 ? -1 : compare_today(c, err);
}

static int check(struct checking *c, struct err *err)
{
	char code[TRANSCRIPT_CODE], derived[TRANSCRIPT_CODE];
	int got = find_code(c, code, err);
	if (got <= 0)
		return got;
	got = store_transcript(c->campus->store, code, c->desk.arena, &c->issued, err);
	if (got < 0)
		return -1;
	if (got > 0)
		return check_issued(c, err);
	wrong(c, arena_printf(c->desk.arena, "this log has issued no transcript with the code %s", code));
	transcript_code(derived, c->file.content);
	if (c->is_file)
		puts(strcmp(derived, code) == 0 ? "Its code fits its content: it may be of another campus, or of a log before a backup was restored."
		                                : "Its code does not fit its content either.");
	return 0;
}

int transcript_check(struct campus *campus, struct arena *arena, const char *what)
{
	struct checking c = {.campus = campus, .desk = {campus, campus->store, arena, clock_now()}, .what = what, .is_file = file_exists(what)};
	struct err err = {0};
	if (check(&c, &err) < 0) {
		fprintf(stderr, "plnpost: %s\n", err.text);
		return err.temporary ? EX_TEMPFAIL : EX_DATAERR;
	}
	if (c.wrong > 0)
		puts("This transcript cannot be relied on.");
	else if (c.words_gone)
		puts(c.is_file ? "Genuine on that day; its words are in it alone now." : "Genuine on that day; only the file itself still has its words: check it, not the code.");
	else
		puts(c.gone_on ? "Genuine on that day; ask for a new one to see how it stands now." : "Genuine, and still so.");
	return c.wrong > 0 ? EX_DATAERR : c.gone_on ? 1 : EX_OK;
}
