#include "rules/days.h"

#include <stdio.h>

/* Days are counted in 400-year cycles that begin on 1 March, so that the leap day comes last. */
int32_t day_from_civil(struct civil c)
{
	int64_t y = (int64_t)c.year - (c.month <= 2);
	int64_t cycle = (y >= 0 ? y : y - 399) / 400;
	int64_t of_cycle = y - cycle * 400;
	int64_t of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
	return (int32_t)(cycle * 146097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719468);
}

struct civil day_civil(int32_t day)
{
	int64_t d = (int64_t)day + 719468;
	int64_t cycle = (d >= 0 ? d : d - 146096) / 146097;
	int64_t of_cycle = d - cycle * 146097;
	int64_t year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
	int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct civil c = {(int)(year + cycle * 400), (int)(month < 10 ? month + 3 : month - 9),
	                  (int)(of_year - (153 * month + 2) / 5 + 1)};
	c.year += c.month <= 2;
	return c;
}

int day_weekday(int32_t day)
{
	int64_t since_monday = ((int64_t)day + 3) % 7; /* 1970-01-01 was a Thursday */
	return (int)(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (month < 1 || month > 12)
		return 0;
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

struct isoweek day_isoweek(int32_t day)
{
	int32_t thursday = day - day_weekday(day) + 4;
	int year = day_civil(thursday).year;
	return (struct isoweek){year, (thursday - day_from_civil((struct civil){year, 1, 1})) / 7 + 1};
}

int32_t isoweek_monday(struct isoweek w)
{
	int32_t fourth = day_from_civil((struct civil){w.year, 1, 4});
	return fourth - day_weekday(fourth) + 1 + (w.week - 1) * 7;
}

int32_t day_year_start(int32_t day, int month, int mday)
{
	if (month == 2 && mday == 29)
		month = 3, mday = 1;
	struct civil start = {day_civil(day).year, month, mday};
	int32_t first = day_from_civil(start);
	if (first <= day)
		return first;
	start.year--;
	return day_from_civil(start);
}

/* Exactly `digits` digits; -1 when they are not there. */
static int number(struct span *s, size_t digits)
{
	int value = 0;
	if (s->n < digits)
		return -1;
	for (size_t i = 0; i < digits; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		value = value * 10 + (s->p[i] - '0');
	}
	*s = span_skip(*s, digits);
	return value;
}

static int literal(struct span *s, const char *text)
{
	if (!span_starts(*s, text))
		return -1;
	*s = span_skip(*s, strlen(text));
	return 0;
}

int day_parse(struct span s, int32_t *day)
{
	struct civil c;
	if ((c.year = number(&s, 4)) < 0 || literal(&s, "-") < 0 || (c.month = number(&s, 2)) < 0 || literal(&s, "-") < 0 ||
	    (c.day = number(&s, 2)) < 0 || s.n != 0)
		return -1;
	if (c.day < 1 || c.day > days_in_month(c.year, c.month))
		return -1;
	*day = day_from_civil(c);
	return 0;
}

int isoweek_parse(struct span s, struct isoweek *week)
{
	struct isoweek w;
	if ((w.year = number(&s, 4)) < 0 || literal(&s, "-W") < 0 || (w.week = number(&s, 2)) < 1 || s.n != 0)
		return -1;
	struct isoweek back = day_isoweek(isoweek_monday(w));
	if (back.year != w.year || back.week != w.week)
		return -1;
	*week = w;
	return 0;
}

const char *day_short(char out[24], int32_t day, int32_t today)
{
	static const char weekdays[] = "MonTueWedThuFriSatSun";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c = day_civil(day);
	int n = snprintf(out, 24, "%.3s %d %.3s", weekdays + 3 * (day_weekday(day) - 1), c.day, months + 3 * (c.month - 1));
	if (n > 0 && n < 24 && (today == DAY_NONE || day_civil(today).year != c.year))
		snprintf(out + n, (size_t)(24 - n), " %d", c.year);
	return out;
}

const char *day_iso(char out[16], int32_t day)
{
	struct civil c = day_civil(day);
	snprintf(out, 16, "%04d-%02u-%02u", c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100);
	return out;
}

const char *isoweek_text(char out[16], struct isoweek w)
{
	snprintf(out, 16, "%04d-W%02d", w.year % 10000, w.week);
	return out;
}
