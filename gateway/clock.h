#ifndef GATEWAY_CLOCK_H
#define GATEWAY_CLOCK_H

#include <stdint.h>

#include "rules/days.h"
#include "rules/err.h"

/* The only place that reads a clock or knows a time zone (the C library's tz database). */

/* UTC seconds. A test sets PLNPOST_CLOCK to a file that holds them in decimal, and moves a running gateway's time by
 * writing it anew (atomically, by rename). */
int64_t clock_now(void);
int64_t clock_ms(void); /* monotonic milliseconds, for deadlines; never given */

/* An IANA zone name, "Europe/Berlin". 0, or -1 when this machine has no such zone. */
int clock_zone_check(const char *zone, struct err *);
int32_t clock_day(const char *zone, int64_t utc);                  /* the local civil day */
void clock_local(const char *zone, int64_t utc, int32_t *day, int *minute); /* and minutes since 00:00 on the wall */
/* The UTC second at which that wall-clock minute of the local day begins. A minute that the spring change skips is
 * taken as the first one after the gap; one that comes twice is the first. */
int64_t clock_utc(const char *zone, int32_t day, int minute);
/* The last [Monday 00:00) moment etc. is clock_utc(zone, monday, 0); this is the last day-of-week and minute not after `utc`. */
int64_t clock_last_due(const char *zone, int weekday, int minute, int64_t utc);

#endif
