#include "gateway/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "rules/days.h"
#include "rules/str.h"

static struct {
	const char *process;
	enum log_level most;
	bool journal, wanted;
	struct str line;
} log_state = {.process = "plnpost", .most = LOG_LINE_INFO, .line = {.max = 4000}};

void log_setup(const char *process, enum log_level most)
{
	log_state.process = process;
	log_state.most = most;
	log_state.journal = getenv("JOURNAL_STREAM") != NULL;
}

static void put_time(struct str *s)
{
	int64_t now = clock_now();
	char day[16];
	int64_t of_day = now % 86400;
	str_printf(s, "%sT%02d:%02d:%02dZ ", day_iso(day, (int32_t)(now / 86400)), (int)(of_day / 3600), (int)(of_day / 60 % 60),
	           (int)(of_day % 60));
}

void log_begin(enum log_level level, const char *event)
{
	static const int priorities[] = {3, 4, 6, 7}; /* sd-daemon(3) */
	log_state.wanted = level <= log_state.most;
	str_clear(&log_state.line);
	if (log_state.journal)
		str_printf(&log_state.line, "<%d>", priorities[level]);
	else
		put_time(&log_state.line);
	str_printf(&log_state.line, "%s: %s", log_state.process, event);
}

void log_text(const char *key, const char *value)
{
	if (value == NULL)
		return;
	struct str *s = &log_state.line;
	bool plain = value[0] != '\0' && value[strcspn(value, " \"=\\")] == '\0';
	str_printf(s, plain ? " %s=" : " %s=\"", key);
	for (const char *p = value; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			str_printf(s, "\\x%02x", (unsigned)(unsigned char)*p); /* nobody forges a second line */
		else if (!plain && (*p == '"' || *p == '\\'))
			str_printf(s, "\\%c", *p);
		else
			str_putc(s, *p);
	}
	if (!plain)
		str_putc(s, '"');
}

void log_int(const char *key, int64_t value)
{
	str_printf(&log_state.line, " %s=%lld", key, (long long)value);
}

void log_end(void)
{
	if (!log_state.wanted)
		return;
	str_putc(&log_state.line, '\n');
	if (log_state.line.cut)
		log_state.line.p[log_state.line.n - 1] = '\n';
	if (write(STDERR_FILENO, log_state.line.p, log_state.line.n) < 0)
		return; /* nowhere left to say so */
}

void log_say(enum log_level level, const char *event, const char *why)
{
	log_begin(level, event);
	log_text("why", why);
	log_end();
}
