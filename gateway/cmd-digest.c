#include <stdio.h>
#include <string.h>

#include "gateway/cli.h"
#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/keeper.h"

struct digest_options {
	const char *only, *preview;
	struct isoweek week;
	bool has_week;
};

static int options(struct digest_options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		if (value != NULL && strcmp(argv[i], "--for") == 0)
			o->only = value;
		else if (value != NULL && strcmp(argv[i], "--preview") == 0)
			o->preview = value;
		else if (value != NULL && strcmp(argv[i], "--week") == 0) {
			if (isoweek_parse(span_of(value), &o->week) < 0)
				return cli_usage("digest", "--week %s: say an ISO week as in 2026-W47", value);
			o->has_week = true;
		} else
			return cli_usage("digest", value == NULL ? "%s needs a value" : "no option %s", argv[i]);
	}
	return EX_OK;
}

int cmd_digest(struct cli *cli, int argc, char **argv)
{
	struct campus campus = {0};
	struct digest_options o = {0};
	struct err err = {0};
	size_t n = 0;
	char week[16];
	int code = options(&o, argc, argv);
	if (code != EX_OK)
		return code;
	int64_t now = clock_now();
	int result = campus_open(&campus, cli->dir, STORE_WRITE, &err);
	if (result == 0 && o.preview != NULL)
		result = file_mkdir(o.preview, 0755, &err);
	int32_t today = result == 0 ? campus_today(&campus, NULL, now) : 0;
	int32_t monday = o.has_week ? isoweek_monday(o.week) : today - (day_weekday(today) - 1) - 7;
	if (result == 0)
		result = weekly_digests(&campus, now, monday, o.only, o.preview, &n, &err);
	code = result < 0 ? cli_fail(EX_DATAERR, &err) : EX_OK;
	if (code == EX_OK)
		printf("%zu digest%s of week %s %s%s\n", n, n == 1 ? "" : "s", isoweek_text(week, day_isoweek(monday)), o.preview != NULL ? "in " : "queued", o.preview != NULL ? o.preview : "");
	campus_close(&campus);
	return code;
}
