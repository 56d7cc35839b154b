#include <stdio.h>

#include "gateway/file.h"
#include "gateway/clock.h"
#include "gateway/json.h"
#include "gateway/retention.h"
#include "rules/csv.h"

/* Everything that is kept about a person, as files that they can read without us. */

#define FILE_MAX ((size_t)256 << 20)
#define PAGE 200

struct dossier {
	struct cli *cli;
	struct campus *campus;
	const char *dir;
	struct person person;
	size_t mails, letters, entries, lines;
	struct arena arena; /* of the file in hand */
	struct str text;
};

static void row(struct dossier *d, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_cell(&d->text, cells[i], i == 0);
	csv_end(&d->text);
}
#define ROW(d, ...) row(d, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const char *number(struct dossier *d, int64_t n)
{
	return n == 0 ? "" : arena_printf(&d->arena, "%lld", (long long)n);
}

static const char *minutes(struct dossier *d, int n)
{
	return n == MINUTES_NONE ? "" : arena_printf(&d->arena, "%d", n);
}

static const char *day(struct dossier *d, int32_t n)
{
	return n == DAY_NONE || n == 0 ? "" : day_iso(arena_alloc(&d->arena, 16), n);
}

static const char *at(struct dossier *d, int64_t utc)
{
	int32_t local;
	int minute;
	char iso[16];
	if (utc == 0)
		return "";
	clock_local(campus_zone(d->campus, &d->person), utc, &local, &minute);
	return arena_printf(&d->arena, "%s %02d:%02d", day_iso(iso, local), minute / 60, minute % 60);
}

static const char *list(struct dossier *d, const struct strs *s)
{
	const char *all = "";
	for (size_t i = 0; i < s->n; i++)
		all = arena_printf(&d->arena, "%s%s%s", all, i == 0 ? "" : " ", s->v[i]);
	return all;
}

static const char *yes(bool is)
{
	return is ? "yes" : "";
}

static int finish(struct dossier *d, const char *name, struct err *err)
{
	struct str path = {0};
	str_printf(&path, "%s/%s", d->dir, name);
	int result = d->text.cut ? err_set(err, "%s: would be too large", name) : file_write(path.p, (struct span){str_c(&d->text), d->text.n}, 0600, err);
	str_release(&path);
	str_clear(&d->text);
	arena_release(&d->arena);
	return result;
}

/* ---- entries, with their history */

static void entry_row(struct dossier *d, const struct entry *e)
{
	struct strs urls = {0};
	for (size_t i = 0; i < e->n_links; i++)
		strs_add(&urls, &d->arena, e->links[i].url);
	ROW(d, number(d, e->id), day(d, e->day), kind_name(e->kind), e->title, e->note, e->source, list(d, &urls), list(d, &e->tags), list(d, &e->with),
	    number(d, e->via), minutes(d, e->minutes), yes(e->starred), yes(e->is_private), yes(e->nocredit), yes(e->undone), claim_state_name(e->claim),
	    minutes(d, e->actual), minutes(d, e->credited), e->reason, at(d, e->logged_at));
}

static void entry_json(struct json *j, const struct entry *e)
{
	char iso[16];
	json_open(j, NULL, '{');
	json_int(j, "id", e->id);
	json_text(j, "day", day_iso(iso, e->day));
	json_text(j, "kind", kind_name(e->kind));
	json_text(j, "title", e->title);
	json_text(j, "note", e->note);
	json_text(j, "source", e->source);
	json_open(j, "links", '[');
	for (size_t i = 0; i < e->n_links; i++) {
		json_open(j, NULL, '{');
		json_text(j, "url", e->links[i].url);
		json_text(j, "title", e->links[i].title);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_strs(j, "tags", &e->tags);
	json_strs(j, "with", &e->with);
	json_bool(j, "starred", e->starred);
	json_bool(j, "private", e->is_private);
	json_bool(j, "nocredit", e->nocredit);
	json_bool(j, "undone", e->undone);
	json_text(j, "claim", claim_state_name(e->claim));
	json_int(j, "actual", e->actual);
	json_int(j, "credited", e->credited);
	json_text(j, "reason", e->reason);
	json_close(j, '}');
}

typedef int entry_fn(struct dossier *, const struct entry *, void *ctx, struct err *);

static int each_entry(struct dossier *d, entry_fn *fn, void *ctx, struct err *err)
{
	for (int offset = 0;; offset += PAGE) {
		struct arena page = {0};
		struct entries found = {0};
		struct entry_filter filter = {.person = d->person.id, .from = DAY_NONE, .to = DAY_NONE, .also_undone = true, .limit = PAGE, .offset = offset};
		int result = store_entries(d->campus->store, &filter, &page, &found, err);
		for (size_t i = 0; result == 0 && i < found.n; i++)
			result = fn(d, &found.v[i], ctx, err);
		arena_release(&page);
		if (result < 0 || found.n < PAGE)
			return result;
	}
}

static int add_row(struct dossier *d, const struct entry *e, void *ctx, struct err *err)
{
	(void)ctx, (void)err;
	d->entries++;
	entry_row(d, e);
	return 0;
}

static int add_json(struct dossier *d, const struct entry *e, void *ctx, struct err *err)
{
	(void)d, (void)err;
	entry_json(ctx, e);
	return 0;
}

static int add_changes(struct dossier *d, const struct entry *e, void *ctx, struct err *err)
{
	struct changes changes = {0};
	(void)ctx;
	if (store_history(d->campus->store, e->id, &d->arena, &changes, err) < 0)
		return -1;
	for (size_t i = 0; i < changes.n; i++)
		ROW(d, number(d, e->id), at(d, changes.v[i].at), changes.v[i].field, changes.v[i].was, changes.v[i].is);
	return 0;
}

static int write_entries(struct dossier *d, struct err *err)
{
	struct json j = {.out = &d->text};
	ROW(d, "entry", "day", "kind", "title", "note", "source", "links", "tags", "with", "via", "minutes", "starred", "private", "nocredit", "undone", "claim",
	    "actual", "credited", "reason", "logged");
	if (each_entry(d, add_row, NULL, err) < 0 || finish(d, "entries.csv", err) < 0)
		return -1;
	json_open(&j, NULL, '[');
	if (each_entry(d, add_json, &j, err) < 0)
		return -1;
	json_close(&j, ']');
	if (finish(d, "entries.json", err) < 0)
		return -1;
	ROW(d, "entry", "at", "field", "was", "is");
	return each_entry(d, add_changes, NULL, err) < 0 ? -1 : finish(d, "changes.csv", err);
}

/* ---- the ledger, about them and by them */

static void ledger_rows(struct dossier *d, const struct ledger *lines)
{
	ROW(d, "line", "at", "entry", "verb", "day", "actual", "credited", "reason", "flag", "by", "delegate");
	for (size_t i = 0; i < lines->n; i++) {
		const struct ledger_line *l = &lines->v[i];
		ROW(d, number(d, l->id), at(d, l->at), number(d, l->entry), ledger_verb_name(l->verb), day(d, l->day), minutes(d, l->actual), minutes(d, l->credited),
		    l->redacted ? "(removed)" : l->reason, l->flag, number(d, l->by_person), number(d, l->delegate));
	}
}

static int write_ledger(struct dossier *d, struct err *err)
{
	struct ledger lines = {0};
	if (store_ledger(d->campus->store, d->person.id, 0, &d->arena, &lines, err) < 0)
		return -1;
	d->lines = lines.n;
	ledger_rows(d, &lines);
	if (finish(d, "ledger.csv", err) < 0 || store_decisions_of(d->campus->store, d->person.id, &d->arena, &lines, err) < 0)
		return -1;
	ledger_rows(d, &lines);
	return finish(d, "decisions.csv", err);
}

static int write_plans(struct dossier *d, struct err *err)
{
	struct plans plans = {0};
	struct interview v;
	int64_t *ids = NULL;
	size_t n = 0;
	if (store_plans(d->campus->store, d->person.id, 0, &d->arena, &plans, err) < 0)
		return -1;
	ROW(d, "plan", "year", "version", "state", "network", "learn", "classroom", "goal", "prose", "created", "decided", "decided by", "words");
	for (size_t i = 0; i < plans.n; i++) {
		const struct plan *p = &plans.v[i];
		ROW(d, number(d, p->id), day(d, p->year), number(d, p->version), plan_state_name(p->state), p->parts.network, p->parts.learn, p->parts.classroom,
		    p->goal_words, p->prose, at(d, p->created_at), at(d, p->decided_at), number(d, p->decided_by), p->words);
	}
	if (finish(d, "plans.csv", err) < 0 || store_interviews_of(d->campus->store, d->person.id, &d->arena, &ids, &n, err) < 0)
		return -1;
	ROW(d, "interview", "year", "state", "created", "meets", "decided", "decided by", "words");
	for (size_t i = 0; i < n; i++)
		if (store_interview(d->campus->store, ids[i], &d->arena, &v, err) > 0)
			ROW(d, number(d, v.id), day(d, v.year), interview_state_name(v.state), at(d, v.created_at), at(d, v.meets_at), at(d, v.decided_at),
			    number(d, v.decided_by), v.words);
	return finish(d, "interviews.csv", err);
}

/* ---- mails as they came, letters as text */

static int write_mail(struct dossier *d, int64_t id, struct err *err)
{
	int got = store_raw(d->campus->store, id, &d->text, err);
	if (got <= 0)
		return got;
	d->mails++;
	return finish(d, arena_printf(&d->arena, "mails/%lld.eml", (long long)id), err);
}

static int write_letter(struct dossier *d, int64_t id, struct err *err)
{
	struct stored_letter l;
	int got = store_letter(d->campus->store, id, &d->arena, &l, err);
	if (got <= 0)
		return got;
	d->letters++;
	str_printf(&d->text, "To: %s\nSubject: %s\nWritten: %s\nState: %s\n\n%s", l.recipient, l.subject, at(d, l.created_at), letter_state_name(l.state),
	           l.own_text == NULL ? "" : l.own_text);
	return finish(d, arena_printf(&d->arena, "letters/%lld.txt", (long long)id), err);
}

typedef int ids_fn(struct store *, int64_t person, int64_t after, int limit, struct arena *, int64_t **ids, size_t *n, struct err *);

static int each_id(struct dossier *d, ids_fn *ids_of, int (*write)(struct dossier *, int64_t, struct err *), struct err *err)
{
	for (int64_t after = 0;;) {
		struct arena page = {0};
		int64_t *ids = NULL;
		size_t n = 0;
		int result = ids_of(d->campus->store, d->person.id, after, PAGE, &page, &ids, &n, err);
		for (size_t i = 0; result >= 0 && i < n; i++) {
			result = write(d, ids[i], err);
			str_clear(&d->text);
			after = ids[i];
		}
		arena_release(&page);
		if (result < 0 || n < PAGE)
			return result < 0 ? -1 : 0;
	}
}

static int write_readme(struct dossier *d, struct err *err)
{
	const struct person *p = &d->person;
	str_printf(&d->text, "Everything that %s keeps about %s, as of %s (times are those of %s).\n\n", d->campus->config.name, p->name, at(d, clock_now()),
	           campus_zone(d->campus, p));
	str_printf(&d->text, "Number: %lld\nAddresses: %s\nRole: %s\n", (long long)p->id, list(d, &p->addresses), person_role_name(p->role));
	if (p->joined != 0)
		str_printf(&d->text, "Joined: %s\n", day(d, p->joined));
	if (p->approver != NULL)
		str_printf(&d->text, "Approver: %s\n", p->approver);
	str_printf(&d->text, "Receipts: %s\nDigest: %s\n\n", wish_name(p->receipts), rhythm_name(p->digest));
	str_printf(&d->text, "entries.csv, entries.json  %zu log entries, withdrawn ones too\n", d->entries);
	str_puts(&d->text, "changes.csv                what was corrected in them, and when\n");
	str_printf(&d->text, "ledger.csv                 %zu lines of the credit ledger about them\n", d->lines);
	str_puts(&d->text, "decisions.csv              lines by which they decided or claimed something\n"
	                   "plans.csv, interviews.csv  their plans and interviews\n");
	str_printf(&d->text, "mails/                     %zu mails as they were received, one file each\n", d->mails);
	str_printf(&d->text, "letters/                   %zu letters that were written to them\n\n", d->letters);
	str_puts(&d->text, "The CSV files open in any spreadsheet (UTF-8, comma). \"by\" and \"delegate\" are numbers of people on the roster.\n");
	return finish(d, "README.txt", err);
}

static int make_folders(struct dossier *d, struct err *err)
{
	static const char *const below[] = {"", "/mails", "/letters"};
	if (file_exists(arena_printf(&d->cli->arena, "%s/README.txt", d->dir)))
		return err_set(err, "%s holds an export already: name a new folder", d->dir);
	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		if (file_mkdir(arena_printf(&d->cli->arena, "%s%s", d->dir, below[i]), 0700, err) < 0)
			return -1;
	return 0;
}

int people_export(struct cli *cli, struct campus *campus, const char *address, const char *dir, struct err *err)
{
	struct dossier d = {.cli = cli, .campus = campus, .dir = dir, .text.max = FILE_MAX};
	int result = people_find(campus, address, &cli->arena, &d.person, err);
	if (result == 0)
		result = make_folders(&d, err);
	if (result == 0 && (write_entries(&d, err) < 0 || write_ledger(&d, err) < 0 || write_plans(&d, err) < 0 ||
	                    each_id(&d, store_mails_of, write_mail, err) < 0 || each_id(&d, store_letters_of, write_letter, err) < 0 || write_readme(&d, err) < 0))
		result = -1;
	if (result == 0)
		printf("%s: %zu entries, %zu ledger lines, %zu mails, %zu letters; see README.txt there\n", dir, d.entries, d.lines, d.mails, d.letters);
	str_release(&d.text);
	arena_release(&d.arena);
	return result;
}
