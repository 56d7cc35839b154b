#include "gateway/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int64_t clock_now(void)
{
	const char *path = getenv("PLNPOST_CLOCK");
	if (path != NULL) {
		FILE *f = fopen(path, "re");
		long long given = 0;
		int n = f == NULL ? 0 : fscanf(f, "%lld", &given);
		if (f != NULL)
			fclose(f);
		if (n == 1)
			return given;
	}
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int clock_zone_check(const char *zone, struct err *err)
{
	char path[256];
	struct stat st;
	int n = snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
	if (strcmp(zone, "UTC") == 0)
		return 0;
	if (n < 0 || (size_t)n >= sizeof path || zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL ||
	    stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(err, "no time zone \"%s\" on this machine: say an IANA name, as in Europe/Berlin (and install tzdata)", zone);
	return 0;
}

static void enter_zone(const char *zone)
{
	static char current[128];
	if (strcmp(current, zone) == 0)
		return;
	setenv("TZ", zone, 1);
	tzset();
	snprintf(current, sizeof current, "%s", zone);
}

void clock_local(const char *zone, int64_t utc, int32_t *day, int *minute)
{
	struct tm tm = {0};
	time_t t = (time_t)utc;
	enter_zone(zone);
	localtime_r(&t, &tm);
	*day = day_from_civil((struct civil){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday});
	*minute = tm.tm_hour * 60 + tm.tm_min;
}

int32_t clock_day(const char *zone, int64_t utc)
{
	int32_t day;
	int minute;
	clock_local(zone, utc, &day, &minute);
	return day;
}

static bool reached(const char *zone, int64_t utc, int32_t day, int minute)
{
	int32_t d;
	int m;
	clock_local(zone, utc, &d, &m);
	return d > day || (d == day && m >= minute);
}

/* Searched rather than computed: around a change mktime's answer depends on its guess of tm_isdst. */
int64_t clock_utc(const char *zone, int32_t day, int minute)
{
	int64_t wall = (int64_t)day * 86400 + (int64_t)minute * 60;
	int64_t low = wall - 16 * 3600, high = wall + 16 * 3600; /* zones lie within UTC-12 … UTC+14 */
	/* `reached` is not monotonic within a repeated hour; the first minute that reaches is wanted, so look for the
	 * earliest hour that holds one and search inside it. */
	for (int64_t at = low; at < high; at += 900)
		if (reached(zone, at, day, minute)) {
			high = at;
			low = at - 900;
			break;
		}
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (reached(zone, middle, day, minute))
			high = middle;
		else
			low = middle;
	}
	return high;
}

int64_t clock_last_due(const char *zone, int weekday, int minute, int64_t utc)
{
	int32_t today = clock_day(zone, utc);
	int32_t day = today - (day_weekday(today) - weekday + 7) % 7;
	int64_t due = clock_utc(zone, day, minute);
	return due <= utc ? due : clock_utc(zone, day - 7, minute);
}
