#include <ctype.h>
#include <stdlib.h>

#include "rules/said-parts.h"

/* Days in plain words: "yesterday", "last Tuesday", "on 3 March", "am 3. März", ISO dates. A new language is a row in each table. */
#define AHEAD_MOST 183 /* a date without a year that lies less than half a year ahead is meant for the future */

static const struct {
	const char *phrase;
	int ago; /* negative = ahead */
} relative[] = {
	{"the day before yesterday", 2}, {"day before yesterday", 2}, {"yesterday", 1}, {"today", 0}, {"this morning", 0},
	{"this afternoon", 0},
	{"last night", 1}, {"tomorrow", -1}, {"a week ago", 7},
	{"gestern", 1}, {"vorgestern", 2}, {"heute", 0}, {"hier", 1}, {"avant-hier", 2}, {"aujourd'hui", 0}, {"ayer", 1}, {"anteayer", 2},
	{"hoy", 0},
};

static const struct {
	const char *word;
	int weekday;
	bool weak; /* also an everyday word */
} weekdays[] = {
	{"monday", 1, false}, {"tuesday", 2, false}, {"wednesday", 3, false}, {"thursday", 4, false}, {"friday", 5, false},
	{"saturday", 6, false}, {"sunday", 7, false},
	{"mon", 1, true}, {"tue", 2, true}, {"tues", 2, true}, {"wed", 3, true}, {"thu", 4, true}, {"thur", 4, true}, {"thurs", 4, true},
	{"fri", 5, true}, {"sat", 6, true}, {"sun", 7, true},
	{"montag", 1, false}, {"dienstag", 2, false}, {"mittwoch", 3, false}, {"donnerstag", 4, false}, {"freitag", 5, false},
	{"samstag", 6, false}, {"sonnabend", 6, false}, {"sonntag", 7, false},
	{"lundi", 1, false}, {"mardi", 2, false}, {"mercredi", 3, false}, {"jeudi", 4, false}, {"vendredi", 5, false}, {"samedi", 6, false},
	{"dimanche", 7, false},
	{"lunes", 1, false}, {"martes", 2, false}, {"miércoles", 3, false}, {"jueves", 4, false}, {"viernes", 5, false}, {"sábado", 6, false},
	{"domingo", 7, false},
};

static const char *const months[][6] = {
	{"january", "jan", "januar", "janvier", "enero", NULL},         {"february", "feb", "februar", "février", "febrero", NULL},
	{"march", "mar", "märz", "mars", "marzo", NULL},                {"april", "apr", "avril", "abril", NULL},
	{"may", "mai", "mayo", NULL},                                   {"june", "jun", "juni", "juin", "junio", NULL},
	{"july", "jul", "juli", "juillet", "julio", NULL},              {"august", "aug", "août", "agosto", NULL},
	{"september", "sep", "sept", "septembre", "septiembre", NULL},  {"october", "oct", "oktober", "octobre", "octubre", NULL},
	{"november", "nov", "novembre", "noviembre", NULL},             {"december", "dec", "dezember", "décembre", "diciembre", NULL},
};

static const char *const before[] = {"on", "last", "this", "past", "am", "vom", "letzten", "le", "el", "pasado", "the", NULL};
static const char *const lasts[] = {"last", "past", "letzten", "pasado", NULL};
static const char *const small[] = {"two", "a", NULL}; /* numbers of days ago */
static const char *const ofs[] = {"of", "de", NULL};

void days_words(void)
{
	for (size_t i = 0; i < sizeof relative / sizeof *relative; i++)
		word_add(relative[i].phrase, WORD_DAY);
	for (size_t i = 0; i < sizeof weekdays / sizeof *weekdays; i++)
		word_add(weekdays[i].word, WORD_DAY);
	for (size_t i = 0; i < sizeof months / sizeof *months; i++)
		words_add(months[i], WORD_DAY);
	words_add(small, WORD_DAY);
	words_add(before, WORD_BEFORE_DAY);
}

static int month_at(const struct words *w, size_t i)
{
	for (int m = 0; i < w->n && m < 12; m++)
		if (word_in(w, i, months[m]))
			return m + 1;
	return 0;
}

/* Digits off the front of *s; -1 when there are none or more than four. */
static int take_digits(struct span *s)
{
	int value = 0;
	size_t i = 0;
	for (; i < s->n && isdigit((unsigned char)s->p[i]); i++) {
		if (i == 4)
			return -1;
		value = value * 10 + (s->p[i] - '0');
	}
	*s = span_skip(*s, i);
	return i == 0 ? -1 : value;
}

/* The day of a month that word i is: 3, 3rd, 3. */
static int monthday_at(const struct words *w, size_t i)
{
	static const char *const endings[] = {"", "st", "nd", "rd", "th", "er", "."};
	if (i >= w->n)
		return 0;
	struct span s = w->v[i].low;
	int n = take_digits(&s);
	for (size_t k = 0; n >= 1 && n <= 31 && k < sizeof endings / sizeof *endings; k++)
		if (span_eq(s, endings[k]))
			return n;
	return 0;
}

static int year_at(const struct words *w, size_t i)
{
	if (i >= w->n || w->v[i].low.n != 4)
		return 0;
	struct span s = w->v[i].low;
	int n = take_digits(&s);
	return s.n == 0 && n >= 1970 && n <= 2200 ? n : 0;
}

static bool is_date(struct civil c)
{
	int year = c.year == 0 ? 2000 : c.year;
	return c.year >= 0 && c.year <= 2200 && c.day >= 1 && c.day <= days_in_month(year, c.month);
}

static size_t date(struct when *out, struct civil c, size_t taken, bool weak)
{
	if (!is_date(c))
		return 0;
	*out = (struct when){.form = WHEN_DATE, .date = c, .weak = weak};
	return taken;
}

/* "3 March 2026", "3rd of March", "March 3rd" */
static size_t month_date(const struct words *w, size_t i, struct when *out)
{
	int day = monthday_at(w, i), month;
	if (day > 0) {
		size_t of = word_in(w, i + 1, ofs) ? 1 : 0;
		month = month_at(w, i + 1 + of);
		int year = year_at(w, i + 2 + of);
		return month == 0 ? 0 : date(out, (struct civil){year, month, day}, 2 + of + (year != 0), false);
	}
	month = month_at(w, i);
	day = month == 0 ? 0 : monthday_at(w, i + 1);
	int year = year_at(w, i + 2);
	return day == 0 ? 0 : date(out, (struct civil){year, month, day}, 2 + (year != 0), false);
}

/* "2026-03-03", "13/3", "3/13/2026", "3.3.", "03.03.2026". With slashes only where month and day cannot be confused. */
static size_t number_date(const struct words *w, size_t i, struct when *out)
{
	struct span s = w->v[i].raw;
	int32_t iso;
	if (day_parse(w->v[i].low, &iso) == 0)
		return date(out, day_civil(iso), 1, false);
	int a = take_digits(&s);
	char sign = s.n > 0 ? s.p[0] : '\0';
	s = span_skip(s, 1);
	int b = take_digits(&s), year = 0;
	if (a < 0 || b < 0 || (sign != '/' && sign != '.'))
		return 0;
	if (s.n > 0 && s.p[0] == sign) {
		s = span_skip(s, 1);
		year = take_digits(&s);
		if (year < 0 && sign == '/')
			return 0;
	} else if (sign == '.') {
		return 0;
	}
	year = year < 0 ? 0 : year;
	if ((year > 0 && year < 1970) || (s.n > 0 && (s.n > 1 || !ispunct((unsigned char)s.p[0]))))
		return 0;
	if (sign == '.')
		return date(out, (struct civil){year, b, a}, 1, false);
	if (a == b || a > 12)
		return date(out, (struct civil){year, b, a}, 1, year == 0);
	return b > 12 ? date(out, (struct civil){year, a, b}, 1, year == 0) : 0;
}

/* "2 days ago", "two weeks ago" */
static size_t ago_at(const struct words *w, size_t i, struct when *out)
{
	struct span s = i < w->n ? w->v[i].low : (struct span){"", 0};
	int n = take_digits(&s);
	if (n < 0 && word_in(w, i, small))
		n = word_is(w, i, "two") ? 2 : 1;
	else if (s.n > 0)
		return 0;
	int unit = word_is(w, i + 1, "day") || word_is(w, i + 1, "days") ? 1 : word_is(w, i + 1, "week") || word_is(w, i + 1, "weeks") ? 7 : 0;
	if (n < 0 || n > 400 || unit == 0 || !word_is(w, i + 2, "ago"))
		return 0;
	*out = (struct when){.form = WHEN_DAYS_AGO, .n = n * unit};
	return 3;
}

static size_t relative_at(const struct words *w, size_t i, struct when *out)
{
	for (size_t k = 0; k < sizeof relative / sizeof *relative; k++) {
		size_t n = phrase_at(w, i, relative[k].phrase);
		if (n > 0) {
			*out = (struct when){.form = relative[k].ago < 0 ? WHEN_AHEAD : WHEN_DAYS_AGO, .n = abs(relative[k].ago)};
			return n;
		}
	}
	return 0;
}

static size_t weekday_at(const struct words *w, size_t i, struct when *out)
{
	for (size_t k = 0; k < sizeof weekdays / sizeof *weekdays; k++)
		if (word_is(w, i, weekdays[k].word)) {
			*out = (struct when){.form = WHEN_WEEKDAY, .n = weekdays[k].weekday, .weak = weekdays[k].weak};
			return 1;
		}
	return 0;
}

size_t when_at(const struct words *w, size_t i, struct when *out)
{
	static size_t (*const forms[])(const struct words *, size_t, struct when *) = {relative_at, ago_at, weekday_at, month_date, number_date};
	struct when found;
	for (size_t skip = 0; skip <= 2 && i + skip < w->n; skip++) {
		const struct word *word = &w->v[i + skip];
		bool may = (word->uses & (WORD_DAY | WORD_FIGURE)) != 0 || isdigit((unsigned char)word->raw.p[0]);
		for (size_t k = 0; may && k < sizeof forms / sizeof *forms; k++) {
			size_t n = forms[k](w, i + skip, &found);
			if (n == 0)
				continue;
			found.weak = found.weak && skip == 0;
			for (size_t b = 0; b < skip; b++)
				found.last |= word_in(w, i + b, lasts);
			if (found.form == WHEN_WEEKDAY && n + i + skip < w->n && word_is(w, i + skip + n, "pasado"))
				found.last = true, n++;
			/* "Tuesday 3 March": the date says more than its weekday */
			struct when more;
			size_t date_n = found.form == WHEN_WEEKDAY ? month_date(w, i + skip + n, &more) : 0;
			*out = date_n > 0 ? more : found;
			return skip + n + date_n;
		}
		if ((word->uses & WORD_BEFORE_DAY) == 0)
			return 0;
	}
	return 0;
}

static int32_t in_year(struct civil c, int year)
{
	c.year = year;
	return c.day <= days_in_month(year, c.month) ? day_from_civil(c) : DAY_NONE;
}

int32_t when_past(const struct when *when, int32_t today)
{
	int32_t day = DAY_NONE;
	if (today == DAY_NONE)
		return when->form == WHEN_DATE && when->date.year > 0 ? day_from_civil(when->date) : DAY_NONE;
	switch (when->form) {
	case WHEN_DAYS_AGO:
		return today - when->n;
	case WHEN_AHEAD:
		return DAY_NONE;
	case WHEN_WEEKDAY:
		day = today - (day_weekday(today) - when->n + 7) % 7;
		return when->last && day == today ? day - 7 : day;
	case WHEN_DATE:
		if (when->date.year > 0) {
			day = day_from_civil(when->date);
			return day <= today ? day : DAY_NONE;
		}
		day = in_year(when->date, day_civil(today).year);
		if (day != DAY_NONE && day <= today)
			return day;
		if (day != DAY_NONE && day - today < AHEAD_MOST)
			return DAY_NONE;
		return in_year(when->date, day_civil(today).year - 1);
	}
	return DAY_NONE;
}

int32_t when_future(const struct when *when, int32_t today)
{
	if (today == DAY_NONE)
		return when_past(when, today);
	int32_t day = DAY_NONE;
	switch (when->form) {
	case WHEN_DAYS_AGO:
		return DAY_NONE;
	case WHEN_AHEAD:
		return today + when->n;
	case WHEN_WEEKDAY:
		day = today + (when->n - day_weekday(today) + 7) % 7;
		return day == today ? day + 7 : day;
	case WHEN_DATE:
		if (when->date.year > 0)
			return day_from_civil(when->date);
		for (int year = day_civil(today).year, k = 0; k < 5 && (day == DAY_NONE || day <= today); k++)
			day = in_year(when->date, year + k);
		return day;
	}
	return DAY_NONE;
}
