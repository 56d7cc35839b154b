#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/campus.h"
#include "gateway/cli.h"
#include "gateway/clock.h"
#include "gateway/file.h"
#include "rules/shipped.h"

extern const struct shipped shipped_samples[]; /* contrib/samples/ */

struct init {
	struct cli *cli;
	const char *dir;
	int32_t monday; /* of the last whole week: the sample mails are written in it */
};

#define SAMPLE_ZONE "America/Chicago"

/* "{{day 2 16:20}}" becomes the Date of that weekday (1 Monday) of the last whole week; "{{offset}}" the zone's. */
static const char *date_text(struct init *in, int weekday, int minute)
{
	int64_t utc = clock_utc(SAMPLE_ZONE, in->monday + weekday - 1, minute);
	int offset = (int)(((int64_t)(in->monday + weekday - 1) * 1440 + minute) - utc / 60);
	char day[24];
	struct civil c = day_civil(in->monday + weekday - 1);
	day_short(day, in->monday + weekday - 1, DAY_NONE);
	const char *month = strrchr(day, ' ') - 3;
	return arena_printf(&in->cli->arena, "%.3s, %d %.3s %d %02d:%02d:00 %c%02d%02d", day, c.day, month, c.year, minute / 60, minute % 60, offset < 0 ? '-' : '+',
	                    abs(offset) / 60, abs(offset) % 60);
}

static void fill_dates(struct init *in, const char *text, struct str *out)
{
	for (const char *p = text, *open; *p != '\0';) {
		int weekday = 0, hour = 0, minute = 0, used = 0;
		open = strstr(p, "{{day ");
		if (open == NULL || sscanf(open, "{{day %1d %2d:%2d}}%n", &weekday, &hour, &minute, &used) < 3 || used == 0) {
			str_puts(out, p);
			return;
		}
		str_add(out, p, (size_t)(open - p));
		str_puts(out, date_text(in, weekday, hour * 60 + minute));
		p = open + used;
	}
}

static int write_new(struct init *in, const char *name, const char *text, unsigned mode, struct err *err)
{
	const char *path = arena_printf(&in->cli->arena, "%s/%s", in->dir, name);
	if (file_exists(path))
		return 0; /* what an administrator wrote is never overwritten */
	return file_write(path, span_of(text), mode, err);
}

static int make_folders(struct init *in, const char *const *names, struct err *err)
{
	for (; *names != NULL; names++)
		if (file_mkdir(arena_printf(&in->cli->arena, "%s/%s", in->dir, *names), 0700, err) < 0)
			return -1;
	return 0;
}

static const char *config_text(struct arena *arena, bool sample)
{
	static const char head[] =
		"# plnpost's settings for this campus. Every setting, its default and what it means: plnpost config --defaults, plnpost.conf(5).\n\n";
	static const char own[] =
		"[campus]\nname = My School PLN\naddress = pln@school.example\nzone = America/Chicago\noperator = postmaster@school.example\n\n"
		"[mailbox \"main\"]\n# url = imaps://pln@imap.school.example/INBOX\n# password-file = imap.password\nurl = maildir:inbox\n\n"
		"[send]\n# url = smtp+starttls://pln@smtp.school.example:587\n# password-file = smtp.password\nurl = maildir:outbox\n\n"
		"[auth]\n# what your mail server writes into Authentication-Results; without it every mail is confirmed at the roster address\n"
		"# authserv = mx.school.example\n";
	static const char demo[] =
		"[campus]\nname = Lincoln High PLN\naddress = pln@campus.example\nzone = " SAMPLE_ZONE "\noperator = olive@campus.example\n\n"
		"[mailbox \"main\"]\nurl = maildir:inbox\n\n[send]\nurl = maildir:outbox\n\n[auth]\nauthserv = mx.campus.example\n";
	return arena_printf(arena, "%s%s", head, sample ? demo : own);
}

static const char roster_own[] = "name,address,role,approver,zone,receipts,digest\n";
static const char roster_demo[] =
	"name,address,role,approver,zone,receipts,digest\n"
	"Terry Teacher,terry@campus.example,teacher,,,first,weekly\n"
	"Ada Rivera,ada@campus.example ada.rivera@home.example,teacher,,,first,weekly\n"
	"Sam Lee,sam@campus.example,teacher,,,always,weekly\n"
	"Pat Principal,pat@campus.example,approver,,,first,weekly\n"
	"Olive Operator,olive@campus.example,operator,,,never,never\n";

static const char templates_readme[] =
	"A file here of the same name as one of plnpost's own templates is used in its place.\n"
	"plnpost check says what is wrong with it. The names: ";

static int write_samples(struct init *in, struct err *err)
{
	for (const struct shipped *s = shipped_samples; s->name != NULL; s++) {
		struct str mail = {.max = 4 << 20};
		fill_dates(in, s->text, &mail);
		const char *path = arena_printf(&in->cli->arena, "%s/inbox/new/%.*s", in->dir, (int)strcspn(s->name, "."), s->name);
		int result = file_write(path, (struct span){str_c(&mail), mail.n}, 0600, err);
		str_release(&mail);
		if (result < 0)
			return -1;
	}
	return 0;
}

static int write_folder(struct init *in, bool sample, struct err *err)
{
	static const char *const folders[] = {"", "inbox", "inbox/cur", "inbox/new", "inbox/tmp", "outbox", "outbox/cur", "outbox/new", "outbox/tmp", "templates", NULL};
	struct arena *arena = &in->cli->arena;
	const char *names = templates_readme;
	for (const struct shipped *s = shipped_templates; s->name != NULL; s++)
		names = arena_printf(arena, "%s%s%s", names, s == shipped_templates ? "" : ", ", s->name);
	const struct shipped *rules = shipped_find(shipped_rules, "minutes.rules");
	if (make_folders(in, folders, err) < 0 || write_new(in, "plnpost.conf", config_text(arena, sample), 0600, err) < 0 ||
	    write_new(in, "campus.rules", rules->text, 0600, err) < 0 || write_new(in, "roster.csv", sample ? roster_demo : roster_own, 0600, err) < 0 ||
	    write_new(in, "templates/README", arena_printf(arena, "%s\n", names), 0600, err) < 0)
		return -1;
	return sample ? write_samples(in, err) : 0;
}

int cmd_init(struct cli *cli, int argc, char **argv)
{
	struct init in = {.cli = cli};
	struct campus campus = {0};
	struct err err = {0};
	bool sample = false;
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--sample") == 0)
			sample = true;
		else if (argv[i][0] == '-' || in.dir != NULL)
			return cli_usage("init", "what is %s?", argv[i]);
		else
			in.dir = argv[i];
	if (in.dir == NULL)
		return cli_usage("init", "which folder shall be made?");
	int32_t today = clock_day(SAMPLE_ZONE, clock_now());
	in.monday = today - (day_weekday(today) - 1) - 7;
	if (write_folder(&in, sample, &err) < 0)
		return cli_fail(EX_CANTCREAT, &err);
	int opened = campus_open(&campus, in.dir, STORE_CREATE, &err);
	campus_close(&campus);
	if (opened < 0)
		return cli_fail(EX_CONFIG, &err);
	printf("%s is a campus folder now. Next: %s\n", in.dir,
	       sample ? "plnpost poll, plnpost status, plnpost digest" : "edit its plnpost.conf and roster.csv, then plnpost check");
	return EX_OK;
}
