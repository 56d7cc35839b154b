#include "gateway/config-settings.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "rules/days.h"

static int choice(const struct ini_line *at, const char *const *words, int64_t *out, struct err *err)
{
	struct str all = {0};
	for (int i = 0; words[i] != NULL; i++) {
		if (span_eq_nocase(span_of(at->value), words[i])) {
			*out = i;
			str_release(&all);
			return 0;
		}
		str_printf(&all, "%s%s", i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ", words[i]);
	}
	err_at(err, at, "%s = %s: say %s", at->key, at->value, str_c(&all));
	str_release(&all);
	return -1;
}

static int clock_time(const struct ini_line *at, int64_t *minute, struct err *err)
{
	const char *v = at->value;
	char *end;
	long hour = strtol(v, &end, 10);
	long min = *end == ':' && strlen(end) == 3 ? strtol(end + 1, &end, 10) : -1;
	if (end == v || *end != '\0' || hour < 0 || hour > 23 || min < 0 || min > 59)
		return err_at(err, at, "%s = %s: say a time of day from 00:00 to 23:59", at->key, v);
	*minute = hour * 60 + min;
	return 0;
}

static int weekday(const struct ini_line *at, int64_t *out, struct err *err)
{
	static const char *const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", NULL};
	if (choice(at, days, out, err) < 0)
		return -1;
	*out += 1;
	return 0;
}

static int zone(struct arena *arena, const struct ini_line *at, const char **out, struct err *err)
{
	struct err why;
	if (clock_zone_check(at->value, &why) < 0)
		return err_at(err, at, "%s", why.text);
	*out = arena_strdup(arena, at->value);
	return 0;
}

#define CLOSED_MOST 366 /* days of one range: a longer one has a wrong year */

static int closed_days(struct arena *arena, const struct ini_line *at, struct closed_days *out, struct err *err)
{
	const char *dots = strstr(at->value, "..");
	struct day_range r;
	struct span first = dots == NULL ? span_of(at->value) : (struct span){at->value, (size_t)(dots - at->value)};
	if (at->value[0] == '\0')
		return 0;
	if (day_parse(span_trim(first), &r.from) < 0 || day_parse(dots == NULL ? span_trim(first) : span_trim(span_of(dots + 2)), &r.to) < 0)
		return err_at(err, at, "%s = %s: say a day or days, as in 2026-11-26 or 2026-12-21..2027-01-03", at->key, at->value);
	if (r.to < r.from || r.to - r.from >= CLOSED_MOST)
		return err_at(err, at, "%s = %s: say the earlier day first, and at most %d days", at->key, at->value, CLOSED_MOST);
	*ARENA_PUSH(arena, out->v, out->n) = r;
	return 0;
}

static void print_closed(FILE *f, const char *key, const struct closed_days *days)
{
	char from[16], to[16];
	for (size_t i = 0; i < days->n; i++)
		fprintf(f, "%s = %s..%s\n", key, day_iso(from, days->v[i].from), day_iso(to, days->v[i].to));
	if (days->n == 0)
		fprintf(f, "#%s =\n", key);
}

int setting_read(const struct setting *s, void *base, struct arena *arena, const struct ini_line *at, struct err *err)
{
	void *field = (char *)base + s->offset;
	int64_t number = 0;
	switch (s->type) {
	case TYPE_TEXT:
		*(const char **)field = arena_strdup(arena, at->value);
		return 0;
	case TYPE_LIST:
		if (at->value[0] != '\0')
			strs_add(field, arena, utf8_lower(arena, at->value, strlen(at->value)));
		return 0;
	case TYPE_DAYS:
		return closed_days(arena, at, field, err);
	case TYPE_BOOL:
		return ini_bool(at, field, err);
	case TYPE_ZONE:
		return zone(arena, at, field, err);
	case TYPE_INT:
		return ini_int(at, s->least, s->most, field, err);
	case TYPE_SIZE:
		return ini_size(at, s->least, s->most, field, err);
	case TYPE_DURATION:
		return ini_duration(at, s->least, s->most, field, err);
	case TYPE_WEEKDAY:
		return weekday(at, field, err);
	case TYPE_CLOCK:
		return clock_time(at, field, err);
	case TYPE_CHOICE:
		if (choice(at, s->choices, &number, err) < 0)
			return -1;
		*(unsigned *)field = (unsigned)number;
		return 0;
	}
	return 0;
}

void setting_print(FILE *f, const struct setting *s, const void *base)
{
	static const char *const days[] = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	const void *field = (const char *)base + s->offset;
	const struct strs *list = field;
	switch (s->type) {
	case TYPE_TEXT:
	case TYPE_ZONE:
		fprintf(f, "%s = %s\n", s->key, *(const char *const *)field);
		return;
	case TYPE_LIST:
		for (size_t i = 0; i < list->n; i++)
			fprintf(f, "%s = %s\n", s->key, list->v[i]);
		if (list->n == 0)
			fprintf(f, "#%s =\n", s->key);
		return;
	case TYPE_DAYS:
		print_closed(f, s->key, field);
		return;
	case TYPE_BOOL:
		fprintf(f, "%s = %s\n", s->key, *(const bool *)field ? "on" : "off");
		return;
	case TYPE_WEEKDAY:
		fprintf(f, "%s = %s\n", s->key, days[*(const int64_t *)field]);
		return;
	case TYPE_CLOCK:
		fprintf(f, "%s = %02d:%02d\n", s->key, (int)(*(const int64_t *)field / 60), (int)(*(const int64_t *)field % 60));
		return;
	case TYPE_CHOICE:
		fprintf(f, "%s = %s\n", s->key, s->choices[*(const unsigned *)field]);
		return;
	case TYPE_DURATION:
		fprintf(f, "%s = %llds\n", s->key, (long long)*(const int64_t *)field);
		return;
	case TYPE_INT:
	case TYPE_SIZE:
		fprintf(f, "%s = %lld\n", s->key, (long long)*(const int64_t *)field);
		return;
	}
}
