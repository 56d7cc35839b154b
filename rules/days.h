#ifndef RULES_DAYS_H
#define RULES_DAYS_H

#include <stdint.h>

#include "rules/str.h"

/* Civil days without a clock or a zone: a day is the number of days since 1970-01-01 (proleptic Gregorian).
 * Which local day a UTC second falls on is gateway/clock.h's business. */
#define DAY_NONE INT32_MIN

struct civil {
	int year, month, day; /* month 1-12, day 1-31 */
};

int32_t day_from_civil(struct civil);
struct civil day_civil(int32_t day);
int day_weekday(int32_t day); /* ISO 8601: 1 Monday … 7 Sunday */
int days_in_month(int year, int month);

/* ISO 8601 weeks: [Monday, next Monday); week 1 has the year's first Thursday. */
struct isoweek {
	int year, week;
};
struct isoweek day_isoweek(int32_t day);
int32_t isoweek_monday(struct isoweek);

/* The first day of the year [start, next start) that a day lies in; a start on 29 February counts as 1 March. */
int32_t day_year_start(int32_t day, int start_month, int start_day);

int day_parse(struct span, int32_t *day);             /* "2026-11-21"; 0, or -1 when it is no such day */
int isoweek_parse(struct span, struct isoweek *week); /* "2026-W47"; 0, or -1 */
/* "Tue 3 Mar", with the year when it is not that of `today` (DAY_NONE: always). Writes at most 24 bytes. */
const char *day_short(char out[24], int32_t day, int32_t today);
const char *day_iso(char out[16], int32_t day);
const char *isoweek_text(char out[16], struct isoweek);

#endif
