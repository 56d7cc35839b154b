#include "gateway/export.h"
#include "gateway/transcript.h"
#include "rules/csv.h"

/* export: the sender's own log as files: entries (CSV), bookmarks, and the transcript. They go to the roster address only, as every answer. */

#define FILE_MAX ((size_t)2 << 20) /* four of them, in base64, are what most mail servers take */
#define FILES_MAX 6

struct files {
	struct desk *desk;
	struct matter *m;
	struct mail_part parts[FILES_MAX];
	size_t n;
	struct strs lines;
};

enum wanted { WANT_ENTRIES = 1, WANT_BOOKMARKS = 2, WANT_TRANSCRIPT = 4, WANT_ALL = 7 };

/* What the words behind "export" ask for; a school year among them is left in *year. */
static unsigned wanted_of(struct arena *arena, const char *rest, const char **year)
{
	static const struct {
		const char *word;
		unsigned want;
	} words[] = {{"csv", WANT_ENTRIES}, {"entries", WANT_ENTRIES}, {"log", WANT_ENTRIES}, {"bookmarks", WANT_BOOKMARKS}, {"links", WANT_BOOKMARKS},
	             {"transcript", WANT_TRANSCRIPT}, {"pdf", WANT_TRANSCRIPT}};
	struct span left = span_of(rest), word;
	unsigned want = 0;
	while (span_until(&left, ' ', &word)) {
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			want |= span_eq_nocase(word, words[i].word) ? words[i].want : 0;
		if (word.n >= 4 && word.p[0] >= '1' && word.p[0] <= '2')
			*year = arena_strndup(arena, word.p, word.n);
	}
	return want == 0 ? WANT_ALL : want;
}

static void say(struct files *f, const char *line)
{
	strs_add(&f->lines, f->desk->arena, line);
}

/* Takes the file over, or says that it is too long for a mail. */
static void attach(struct files *f, const char *name, const char *type, struct str *bytes, const char *says)
{
	if (bytes->cut || f->n == FILES_MAX)
		say(f, arena_printf(f->desk->arena, "%s is too long for a mail: ask the office to run plnpost export.", name));
	else {
		f->parts[f->n++] = (struct mail_part){name, type, {arena_strndup(f->desk->arena, str_c(bytes), bytes->n), bytes->n}};
		say(f, says);
	}
	str_release(bytes);
}

static int add_log(struct files *f, unsigned want, struct err *err)
{
	struct arena *arena = f->desk->arena;
	struct entries list = {0};
	struct entry_filter filter = {.person = f->m->person->id, .from = DAY_NONE, .to = DAY_NONE, .limit = INT32_MAX, .also_undone = true};
	struct str csv = {.max = FILE_MAX}, bookmarks = {.max = FILE_MAX};
	if ((want & (WANT_ENTRIES | WANT_BOOKMARKS)) == 0)
		return 0;
	if (store_entries(f->desk->store, &filter, arena, &list, err) < 0)
		return -1;
	if (want & WANT_ENTRIES) {
		str_puts(&csv, CSV_BOM);
		export_entries(&csv, &list, arena);
		attach(f, "entries.csv", "text/csv; charset=utf-8", &csv, "entries.csv: all that you logged, for a spreadsheet.");
	}
	if (want & WANT_BOOKMARKS) {
		export_bookmarks(&bookmarks, &list, arena_printf(arena, "%s: %s", f->desk->campus->config.name, f->m->person->name), arena);
		attach(f, "bookmarks.html", "text/html; charset=utf-8", &bookmarks, "bookmarks.html: your links with notes and tags, for a browser.");
	}
	return 0;
}

/* The page is made for whoever has no PDF made here. */
static int add_paper(struct files *f, const struct transcript *t, struct err *err)
{
	struct arena *arena = f->desk->arena;
	const char *stem = transcript_stem(arena, t);
	struct str pdf = {.max = FILE_MAX}, html = {.max = FILE_MAX};
	struct frame_facts facts = {.campus = t->campus, .address = f->desk->campus->config.address, .reply_to = "", .person = t->person, .today = t->issued};
	struct letter page;
	if (transcript_pdf(f->desk, t, &pdf, NULL) == 0) {
		attach(f, arena_printf(arena, "%s.pdf", stem), "application/pdf", &pdf, arena_printf(arena, "%s.pdf: your transcript of %s, to hand in.", stem, t->year));
		return 0;
	}
	str_release(&pdf);
	if (page_transcript(&page, &f->desk->campus->templates, &facts, t, arena, err) < 0)
		return -1;
	str_puts(&html, page.html);
	attach(f, arena_printf(arena, "%s.html", stem), "text/html; charset=utf-8", &html, arena_printf(arena, "%s.html: your transcript of %s, to print.", stem, t->year));
	return 0;
}

static int add_transcript(struct files *f, const char *year_said, struct err *err)
{
	struct arena *arena = f->desk->arena;
	struct str csv = {.max = FILE_MAX};
	struct transcript t;
	struct err why = {0};
	int32_t year;
	if (campus_year_of(f->desk->campus, year_said, f->desk->now, &year, &why) < 0) {
		say(f, arena_printf(arena, "No transcript: %s.", why.text));
		return 0;
	}
	str_puts(&csv, CSV_BOM);
	if (transcript_issue(f->desk, f->m->person, year, &t, &csv, err) < 0) {
		str_release(&csv);
		return -1;
	}
	const char *name = arena_printf(arena, "%s.csv", transcript_stem(arena, &t));
	if (add_paper(f, &t, err) < 0) {
		str_release(&csv);
		return -1;
	}
	attach(f, name, "text/csv; charset=utf-8", &csv, arena_printf(arena, "%s: the same for a program to read.", name));
	say(f, arena_printf(arena, "Its verification code is *%s*: with it anybody can ask the campus whether the transcript is genuine and still so.", t.code));
	return 0;
}

int on_export(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct files f = {.desk = desk, .m = m};
	const char *year = NULL;
	unsigned want = wanted_of(desk->arena, c->rest, &year);
	if (add_log(&f, want, err) < 0 || ((want & WANT_TRANSCRIPT) != 0 && add_transcript(&f, year, err) < 0))
		return -1;
	struct answer answer = {.subject = f.n == 0 ? "Nothing to export" : want == WANT_TRANSCRIPT ? "Your transcript" : "Your export", .lines = f.lines};
	struct post post = {.purpose = LETTER_ANSWER, .person = m->person, .answers = m->reading, .parts = f.parts, .n_parts = f.n,
	                    .key = arena_printf(desk->arena, "export:%lld", (long long)m->message)};
	return post_sentences(desk, &post, &answer, err);
}
