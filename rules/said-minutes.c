#include <ctype.h>

#include "rules/said-parts.h"

/* Minutes in plain words: "20m", "1.5 hours", "1h30", "half an hour", "eine halbe Stunde". */
#define MINUTES_MOST 9999

/* A new language is a few rows here. */
static const struct {
	const char *word;
	int minutes;
} units[] = {
	{"m", 1}, {"min", 1}, {"mins", 1}, {"minute", 1}, {"minutes", 1}, {"mn", 1}, {"mns", 1}, {"minuten", 1}, {"minuto", 1}, {"minutos", 1},
	{"minuut", 1},
	{"h", 60}, {"hr", 60}, {"hrs", 60}, {"hour", 60}, {"hours", 60}, {"std", 60}, {"stunde", 60}, {"stunden", 60},
	{"heure", 60}, {"heures", 60}, {"hora", 60}, {"horas", 60}, {"uur", 60},
};

/* Longer phrases stand above those that they begin with. */
static const struct {
	const char *phrase;
	int minutes;
} phrases[] = {
	{"an hour and a half", 90}, {"one hour and a half", 90}, {"one and a half hours", 90}, {"an hour and a quarter", 75},
	{"two and a half hours", 150}, {"2 and a half hours", 150}, {"1 and a half hours", 90},
	{"half an hour", 30}, {"half a hour", 30}, {"a half hour", 30}, {"half hour", 30}, {"half-hour", 30}, {"a half-hour", 30},
	{"three quarters of an hour", 45}, {"a quarter of an hour", 15}, {"quarter of an hour", 15}, {"a quarter hour", 15},
	{"an hour", 60}, {"a hour", 60}, {"one hour", 60},
	{"eine halbe stunde", 30}, {"halbe stunde", 30}, {"anderthalb stunden", 90}, {"eineinhalb stunden", 90}, {"eine stunde", 60},
	{"eine viertelstunde", 15}, {"viertelstunde", 15}, {"dreiviertelstunde", 45},
	{"une demi-heure", 30}, {"demi-heure", 30}, {"une demi heure", 30}, {"une heure et demie", 90}, {"un quart d'heure", 15},
	{"une heure", 60},
	{"una hora y media", 90}, {"media hora", 30}, {"un cuarto de hora", 15}, {"una hora", 60},
};

static const struct {
	const char *word;
	int n;
} numbers[] = {
	{"two", 2}, {"three", 3}, {"four", 4}, {"five", 5}, {"six", 6}, {"seven", 7}, {"eight", 8}, {"nine", 9}, {"ten", 10}, {"twelve", 12},
	{"fifteen", 15}, {"twenty", 20}, {"twenty-five", 25}, {"thirty", 30}, {"forty", 40}, {"forty-five", 45}, {"fifty", 50}, {"sixty", 60},
	{"ninety", 90},
	{"zwei", 2}, {"drei", 3}, {"zehn", 10}, {"fünfzehn", 15}, {"zwanzig", 20}, {"dreißig", 30}, {"deux", 2}, {"trois", 3}, {"dix", 10},
	{"quinze", 15},
	{"vingt", 20}, {"trente", 30}, {"dos", 2}, {"tres", 3}, {"diez", 10}, {"veinte", 20}, {"treinta", 30},
};

void minutes_words(void)
{
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		word_add(phrases[i].phrase, WORD_MINUTES);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		word_add(numbers[i].word, WORD_MINUTES);
}

static int unit_of(struct span word)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (word_same(word, units[i].word))
			return units[i].minutes;
	return 0;
}

/* A number in thousandths off the front of *s: 20, 1.5, 1,5. -1 when there is none. */
static int64_t take_number(struct span *s)
{
	int64_t value = 0, place = 1000;
	size_t i = 0;
	for (; i < s->n && isdigit((unsigned char)s->p[i]); i++)
		if ((value = value * 10 + (s->p[i] - '0')) > MINUTES_MOST)
			return -1;
	if (i == 0)
		return -1;
	value *= 1000;
	if (i + 1 < s->n && (s->p[i] == '.' || s->p[i] == ',') && isdigit((unsigned char)s->p[i + 1]))
		for (i++; i < s->n && isdigit((unsigned char)s->p[i]); i++)
			value += (s->p[i] - '0') * (place /= 10);
	*s = span_skip(*s, i);
	return value;
}

static bool bound(int64_t thousandths, int *minutes)
{
	if (thousandths > (int64_t)MINUTES_MOST * 1000)
		return false;
	*minutes = (int)((thousandths + 500) / 1000);
	return true;
}

/* "20m", "1h30", "1h30min" in one word. *open: it ends with hours, so that minutes may follow. */
static bool one_word(struct span s, int *minutes, bool *open)
{
	int64_t first = take_number(&s);
	size_t n = 0;
	while (n < s.n && !isdigit((unsigned char)s.p[n]))
		n++;
	int unit = first < 0 ? 0 : unit_of((struct span){s.p, n});
	s = span_skip(s, n);
	*open = unit == 60 && s.n == 0;
	if (unit == 0 || (s.n > 0 && unit != 60))
		return false;
	int64_t total = first * unit;
	if (s.n > 0) {
		int64_t rest = take_number(&s);
		if (rest < 0 || rest >= 60000 || (s.n > 0 && unit_of(s) != 1))
			return false;
		total += rest;
	}
	return bound(total, minutes);
}

/* The number that word i is, in thousandths; -1 if it is none. */
static int64_t number_at(const struct words *w, size_t i)
{
	if (i >= w->n)
		return -1;
	struct span s = w->v[i].low;
	for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
		if (word_same(s, numbers[k].word))
			return numbers[k].n * 1000;
	int64_t value = take_number(&s);
	return s.n == 0 ? value : -1;
}

/* Minutes behind hours: "30", "30 min", "and 30 minutes", "30m"; a bare number must be two digits. */
static size_t rest_at(const struct words *w, size_t i, int *minutes)
{
	size_t skip = word_is(w, i, "and") || word_is(w, i, "und") || word_is(w, i, "et") || word_is(w, i, "y") ? 1 : 0;
	bool open;
	int value;
	if (i + skip < w->n && one_word(w->v[i + skip].low, &value, &open) && !open && value < 60) {
		*minutes += value;
		return skip + 1;
	}
	int64_t n = number_at(w, i + skip);
	if (n < 0 || n >= 60000 || n % 1000 != 0)
		return 0;
	bool unit = i + skip + 1 < w->n && unit_of(w->v[i + skip + 1].low) == 1;
	if (!unit && (skip > 0 || w->v[i].low.n != 2))
		return 0;
	*minutes += (int)(n / 1000);
	return skip + 1 + unit;
}

/* 90' */
static bool prime(struct span raw, int *minutes)
{
	struct span s = raw;
	int64_t n = take_number(&s);
	return n >= 0 && s.n > 0 && s.p[0] == '\'' && (s.n == 1 || (s.n == 2 && ispunct((unsigned char)s.p[1]) && s.p[1] != '\'')) && bound(n, minutes);
}

static size_t phrase_minutes(const struct words *w, size_t i, int *minutes)
{
	for (size_t k = 0; k < sizeof phrases / sizeof *phrases; k++) {
		size_t n = phrase_at(w, i, phrases[k].phrase);
		if (n > 0) {
			*minutes = phrases[k].minutes;
			return n;
		}
	}
	return 0;
}

size_t minutes_at(const struct words *w, size_t i, int *minutes)
{
	bool open = false;
	int value;
	if (i >= w->n || ((w->v[i].uses & (WORD_MINUTES | WORD_FIGURE)) == 0 && !isdigit((unsigned char)w->v[i].raw.p[0])))
		return 0;
	size_t taken = phrase_minutes(w, i, minutes);
	if (taken > 0)
		return taken;
	if (prime(w->v[i].raw, minutes))
		return 1;
	int64_t n = number_at(w, i);
	if (one_word(w->v[i].low, &value, &open)) {
		taken = 1;
	} else if (n >= 0 && i + 1 < w->n) {
		int unit = unit_of(w->v[i + 1].low);
		if (unit == 0 || w->v[i].raw.p[w->v[i].raw.n - 1] == ')' || !bound(n * unit, &value))
			return 0;
		taken = 2;
		open = unit == 60;
	}
	if (taken == 0)
		return 0;
	if (open)
		taken += rest_at(w, i + taken, &value);
	if (value > MINUTES_MOST)
		return 0;
	*minutes = value;
	return taken;
}
