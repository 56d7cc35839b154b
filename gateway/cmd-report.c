#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/report.h"
#include "gateway/table.h"

/* report: a school year's or a month's sums over people. */

struct options {
	const char *year, *month, *to;
	bool sceptic;
};

static int read_options(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char **into = strcmp(argv[i], "--year") == 0 ? &o->year : strcmp(argv[i], "--month") == 0 ? &o->month : strcmp(argv[i], "--to") == 0 ? &o->to : NULL;
		if (strcmp(argv[i], "--sceptic") == 0)
			o->sceptic = true;
		else if (into == NULL)
			return cli_usage("report", "no option %s", argv[i]);
		else if (i + 1 >= argc)
			return cli_usage("report", "%s needs a value", argv[i]);
		else
			*into = argv[++i];
	}
	return o->year != NULL && o->month != NULL ? cli_usage("report", "a year or a month, not both") : EX_OK;
}

/* "2026-10" */
static int month_days(const char *text, int32_t *from, int32_t *to, struct err *err)
{
	char day[16];
	snprintf(day, sizeof day, "%.7s-01", text);
	if (strlen(text) != 7 || day_parse(span_of(day), from) < 0)
		return err_set(err, "%s is no month: say it as in 2026-10", text);
	struct civil c = day_civil(*from);
	*to = *from + days_in_month(c.year, c.month);
	return 0;
}

static int make(struct cli *cli, struct campus *campus, const struct options *o, struct campus_report *r, struct err *err)
{
	int32_t from, to, today = campus_today(campus, NULL, clock_now());
	char name[16];
	const char *period = o->month;
	if (o->month == NULL) {
		if (campus_year_of(campus, o->year, clock_now(), &from, err) < 0)
			return -1;
		campus_year(campus, from, &from, &to, name);
		period = arena_strdup(&cli->arena, name);
	} else if (month_days(o->month, &from, &to, err) < 0) {
		return -1;
	}
	if (from > today)
		return err_set(err, "%s has not begun yet", period);
	return report_make(campus, from, to > today ? today + 1 : to, period, o->month == NULL, &cli->arena, r, err);
}

static int write_text(const char *path, const char *text, size_t n, struct err *err)
{
	if (file_write(path, (struct span){text, n}, 0644, err) < 0)
		return -1;
	printf("%s\n", path);
	return 0;
}

static int write_files(struct cli *cli, const struct options *o, const struct letter *report, const struct letter *sceptic, const struct str *csv, struct err *err)
{
	struct arena *a = &cli->arena;
	if (file_mkdir(o->to, 0755, err) < 0 || write_text(arena_printf(a, "%s/report.html", o->to), report->html, strlen(report->html), err) < 0 ||
	    write_text(arena_printf(a, "%s/report.csv", o->to), str_c(csv), csv->n, err) < 0)
		return -1;
	return write_text(arena_printf(a, "%s/sceptic.html", o->to), sceptic->html, strlen(sceptic->html), err);
}

static int show(struct cli *cli, struct campus *campus, const struct options *o, const struct campus_report *r, struct err *err)
{
	struct frame_facts facts = report_facts(campus, campus_today(campus, NULL, clock_now()));
	struct letter report, sceptic;
	struct str csv = {.max = 16 << 20};
	int result = -1;
	if (page_report(&report, &campus->templates, &facts, r, &cli->arena, err) < 0 || page_sceptic(&sceptic, &campus->templates, &facts, r, &cli->arena, err) < 0)
		goto out;
	const struct letter *page = o->sceptic ? &sceptic : &report;
	report_csv(&csv, r, &cli->arena);
	if (o->to != NULL) {
		result = write_files(cli, o, &report, &sceptic, &csv, err);
		goto out;
	}
	result = 0;
	if (cli->format == FORMAT_CSV)
		fputs(str_c(&csv), stdout);
	else
		fputs(cli->word != NULL && strcmp(cli->word, "html") == 0 ? page->html : page->text, stdout);
out:
	str_release(&csv);
	return result;
}

int cmd_report(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct err err = {0};
	struct options o = {0};
	struct campus_report *r = arena_alloc(&cli->arena, sizeof *r);
	int code = read_options(&o, argc, argv);
	if (code != EX_OK)
		return code;
	if (cli->format == FORMAT_JSON)
		return cli_usage("report", "--format json: say table, csv or html");
	int result = campus_open(&campus, cli->dir, STORE_READ, &err);
	if (result == 0)
		result = make(cli, &campus, &o, r, &err) < 0 ? -1 : show(cli, &campus, &o, r, &err);
	code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	campus_close(&campus);
	return code;
}
