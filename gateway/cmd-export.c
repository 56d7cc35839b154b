#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway/cli.h"
#include "gateway/clock.h"
#include "gateway/export.h"
#include "gateway/file.h"
#include "gateway/transcript.h"
#include "rules/csv.h"

/* export transcript, entries or bookmarks of one person. */

#define EXPORT_MAX ((size_t)64 << 20)

struct options {
	const char *what, *address, *year, *to, *format;
	bool bom;
};

struct exporting {
	struct cli *cli;
	struct campus campus;
	struct desk desk;
	struct options o;
	struct person person;
};

static int read_options(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		const char **into = strcmp(argv[i], "--year") == 0 ? &o->year : strcmp(argv[i], "--to") == 0 ? &o->to : NULL;
		if (strcmp(argv[i], "--bom") == 0)
			o->bom = true;
		else if (into != NULL && value != NULL)
			*into = argv[++i];
		else if (argv[i][0] == '-' && argv[i][1] != '\0')
			return cli_usage("export", into != NULL ? "%s needs a value" : "no option %s", argv[i]);
		else if (o->what == NULL)
			o->what = argv[i];
		else if (o->address == NULL)
			o->address = argv[i];
		else
			return cli_usage("export", "one person at a time, not %s as well", argv[i]);
	}
	return o->what != NULL && o->address != NULL ? EX_OK : cli_usage("export", "export what, and whose?");
}

/* Into the file or folder that was named, else to standard output. */
static int deliver(struct exporting *x, const char *name, struct span bytes, struct err *err)
{
	struct stat st;
	const char *to = x->o.to;
	if (to == NULL || strcmp(to, "-") == 0)
		return fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n ? 0 : err_set(err, "standard output could not be written");
	if (to[strlen(to) - 1] == '/' && file_mkdir(to, 0755, err) < 0)
		return -1;
	if (stat(to, &st) == 0 && S_ISDIR(st.st_mode))
		to = arena_printf(&x->cli->arena, "%s%s%s", to, to[strlen(to) - 1] == '/' ? "" : "/", name);
	if (file_write(to, bytes, 0600, err) < 0)
		return -1;
	printf("%s\n", to);
	return 0;
}

/* ---- the transcript */

enum shape { SHAPE_CSV, SHAPE_HTML, SHAPE_PDF, SHAPE_TEXT, SHAPE_COUNT };
static const char *const shapes[SHAPE_COUNT] = {"csv", "html", "pdf", "txt"};

/* As --format says, else as the file's name ends, else CSV. */
static int shape_of(const struct options *o, enum shape *shape)
{
	const char *dot = o->to == NULL ? NULL : strrchr(o->to, '.');
	const char *word = o->format != NULL ? o->format : dot != NULL ? dot + 1 : "csv";
	*shape = SHAPE_CSV;
	for (unsigned i = 0; i < SHAPE_COUNT; i++)
		if (strcmp(word, shapes[i]) == 0) {
			*shape = (enum shape)i;
			return EX_OK;
		}
	return o->format == NULL ? EX_OK : cli_usage("export", "--format %s: say csv, html, pdf or txt", o->format);
}

static int write_shape(struct exporting *x, enum shape shape, const struct transcript *t, const struct str *csv, struct str *out, struct err *err)
{
	struct frame_facts facts = {.campus = x->campus.config.name, .address = x->campus.config.address, .reply_to = x->campus.config.address,
	                            .person = x->person.name, .today = t->issued};
	struct letter page;
	if (shape == SHAPE_CSV) {
		str_add(out, csv->p, csv->n);
		return 0;
	}
	if (shape == SHAPE_PDF)
		return transcript_pdf(&x->desk, t, out, err);
	if (page_transcript(&page, &x->campus.templates, &facts, t, &x->cli->arena, err) < 0)
		return -1;
	str_puts(out, shape == SHAPE_HTML ? page.html : page.text);
	return 0;
}

static int issue(struct exporting *x, int32_t year, struct transcript *t, struct str *csv, struct err *err)
{
	if (store_begin(x->campus.store, err) < 0)
		return -1;
	if (transcript_issue(&x->desk, &x->person, year, t, csv, err) < 0) {
		store_rollback(x->campus.store);
		return -1;
	}
	return store_commit(x->campus.store, err);
}

static int export_transcript(struct exporting *x, struct err *err)
{
	struct str csv = {.max = EXPORT_MAX}, out = {.max = EXPORT_MAX};
	struct transcript t;
	enum shape shape;
	int32_t year;
	int result = shape_of(&x->o, &shape) == EX_OK && campus_year_of(&x->campus, x->o.year, clock_now(), &year, err) == 0 ? 0 : -1;
	if (x->o.bom && shape == SHAPE_CSV)
		str_puts(&csv, CSV_BOM);
	if (result == 0)
		result = issue(x, year, &t, &csv, err);
	if (result == 0)
		result = write_shape(x, shape, &t, &csv, &out, err);
	if (result == 0)
		result = deliver(x, arena_printf(&x->cli->arena, "%s.%s", transcript_stem(&x->cli->arena, &t), shapes[shape]), (struct span){str_c(&out), out.n}, err);
	if (result == 0 && x->o.to != NULL)
		fprintf(stderr, "verification code %s\n", t.code);
	str_release(&csv);
	str_release(&out);
	return result;
}

/* ---- entries, bookmarks */

static int export_log(struct exporting *x, struct err *err)
{
	struct str out = {.max = EXPORT_MAX};
	struct entries list = {0};
	char name[16];
	bool bookmarks = strcmp(x->o.what, "bookmarks") == 0;
	struct entry_filter filter = {.person = x->person.id, .from = DAY_NONE, .to = DAY_NONE, .limit = INT32_MAX, .also_undone = true};
	if (x->o.year != NULL) {
		int32_t year;
		if (campus_year_of(&x->campus, x->o.year, clock_now(), &year, err) < 0)
			return -1;
		campus_year(&x->campus, year, &filter.from, &filter.to, name);
	}
	if (store_entries(x->campus.store, &filter, &x->cli->arena, &list, err) < 0)
		return -1;
	if (x->o.bom && !bookmarks)
		str_puts(&out, CSV_BOM);
	if (bookmarks)
		export_bookmarks(&out, &list, arena_printf(&x->cli->arena, "%s: %s", x->campus.config.name, x->person.name), &x->cli->arena);
	else
		export_entries(&out, &list, &x->cli->arena);
	int result = out.cut ? err_set(err, "the file would be longer than %zu MB: export each year by itself (--year)", EXPORT_MAX >> 20)
	                     : deliver(x, bookmarks ? "bookmarks.html" : "entries.csv", (struct span){str_c(&out), out.n}, err);
	str_release(&out);
	return result;
}

static const struct {
	const char *name;
	int (*run)(struct exporting *, struct err *);
	bool writes;
} kinds[] = {{"transcript", export_transcript, true}, {"entries", export_log, false}, {"bookmarks", export_log, false}};
#define KINDS (sizeof kinds / sizeof *kinds)

static int export_person(struct exporting *x, int (*run)(struct exporting *, struct err *), struct err *err)
{
	int found = store_person_by_address(x->campus.store, x->o.address, &x->cli->arena, &x->person, err);
	if (found == 0)
		return err_set(err, "nobody on the roster has the address %s (plnpost people list)", x->o.address);
	return found < 0 ? -1 : run(x, err);
}

int cmd_export(struct cli *cli, int argc, char **argv)
{
	struct exporting x = {.cli = cli, .o.format = cli->word};
	struct err err = {0};
	size_t kind = 0;
	enum shape shape;
	int code = read_options(&x.o, argc, argv);
	while (code == EX_OK && kind < KINDS && strcmp(kinds[kind].name, x.o.what) != 0)
		kind++;
	if (code == EX_OK && kind == KINDS)
		code = cli_usage("export", "%s cannot be exported: say transcript, entries or bookmarks", x.o.what);
	if (code == EX_OK)
		code = shape_of(&x.o, &shape);
	if (code != EX_OK)
		return code;
	int result = campus_open(&x.campus, cli->dir, kinds[kind].writes ? STORE_WRITE : STORE_READ, &err);
	x.desk = (struct desk){&x.campus, x.campus.store, &cli->arena, clock_now()};
	if (result == 0)
		result = export_person(&x, kinds[kind].run, &err);
	code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&x.campus);
	return code;
}
