#include "rules/ini.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define INI_MAX ((size_t)1 << 20)

int err_at(struct err *err, const struct ini_line *at, const char *format, ...)
{
	if (err == NULL)
		return -1;
	err->temporary = false;
	int n = snprintf(err->text, sizeof err->text, "%s:%d: ", at->file, at->line);
	if (n < 0 || (size_t)n >= sizeof err->text)
		return -1;
	va_list args;
	va_start(args, format);
	vsnprintf(err->text + n, sizeof err->text - (size_t)n, format, args);
	va_end(args);
	return -1;
}

struct ini_state {
	struct ini_line at;
	char section[64], name[256], key[64];
	struct str value;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

/* Copies a lower-cased word off the front of *s; false when there is none or it is too long. */
static bool take_word(struct span *s, char *out, size_t size)
{
	size_t n = 0;
	while (n < s->n && is_word(s->p[n]) && n + 1 < size)
		out[n] = (char)tolower((unsigned char)s->p[n]), n++;
	out[n] = '\0';
	bool whole = n == s->n || !is_word(s->p[n]);
	*s = span_skip(*s, n);
	return n > 0 && whole;
}

static int section_line(struct ini_state *st, struct span line, struct err *err)
{
	struct span s = span_skip(line, 1);
	st->name[0] = '\0';
	if (!take_word(&s, st->section, sizeof st->section))
		return err_at(err, &st->at, "a section needs a name: write [section] or [section \"name\"]");
	s = span_trim(s);
	if (s.n > 0 && s.p[0] == '"') {
		const char *end = memchr(s.p + 1, '"', s.n - 1);
		size_t n = end == NULL ? 0 : (size_t)(end - s.p) - 1;
		if (n == 0 || n >= sizeof st->name)
			return err_at(err, &st->at, "the name of [%s \"…\"] must be 1 to %zu bytes between two quotes", st->section,
			              sizeof st->name - 1);
		memcpy(st->name, s.p + 1, n);
		st->name[n] = '\0';
		s = span_trim(span_skip(s, n + 2));
	}
	if (!span_eq(s, "]"))
		return err_at(err, &st->at, "a section line ends with ]: write [section] or [section \"name\"]");
	return 0;
}

static int key_line(struct ini_state *st, struct span line, struct err *err)
{
	struct span s = line;
	if (!take_word(&s, st->key, sizeof st->key))
		return err_at(err, &st->at, "expected key = value, [section] or # comment, not \"%.*s\"", (int)(line.n < 60 ? line.n : 60), line.p);
	s = span_trim(s);
	if (s.n == 0 || s.p[0] != '=')
		return err_at(err, &st->at, "\"%s\" needs a value: write %s = …", st->key, st->key);
	str_clear(&st->value);
	str_span(&st->value, span_trim(span_skip(s, 1)));
	return 0;
}

static int one_line(struct ini_state *st, struct span line, ini_fn *fn, void *ctx, struct err *err)
{
	if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
		return 0;
	bool section = line.p[0] == '[';
	if ((section ? section_line : key_line)(st, line, err) < 0)
		return -1;
	st->at.key = section ? NULL : st->key;
	st->at.value = section ? NULL : str_c(&st->value);
	return fn(ctx, &st->at, err);
}

int ini_parse(const char *file, const char *text, size_t n, ini_fn *fn, void *ctx, struct err *err)
{
	struct ini_state st = {.at = {.file = file, .line = 1}};
	st.at.section = st.section;
	st.at.name = st.name;
	if (n > INI_MAX)
		return err_at(err, &st.at, "is %zu bytes; at most %zu are read", n, INI_MAX);
	struct span rest = {text, n}, line;
	if (span_starts(rest, "\xef\xbb\xbf"))
		rest = span_skip(rest, 3);
	int result = 0;
	for (; result == 0 && span_line(&rest, &line); st.at.line++) {
		if (memchr(line.p, '\0', line.n) != NULL || !utf8_valid(line.p, line.n))
			result = err_at(err, &st.at, "is not UTF-8 text: save the file as UTF-8");
		else
			result = one_line(&st, span_trim(line), fn, ctx, err);
	}
	str_release(&st.value);
	return result;
}

int ini_bool(const struct ini_line *at, bool *out, struct err *err)
{
	static const char *const words[] = {"off", "on", "no", "yes", "false", "true"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_eq_nocase(span_of(at->value), words[i])) {
			*out = i % 2 == 1;
			return 0;
		}
	return err_at(err, at, "%s = %s: say on or off", at->key, at->value);
}

int ini_int(const struct ini_line *at, int64_t least, int64_t most, int64_t *out, struct err *err)
{
	char *end;
	long long value = strtoll(at->value, &end, 10);
	if (end == at->value || *end != '\0' || value < least || value > most)
		return err_at(err, at, "%s = %s: say a whole number from %lld to %lld", at->key, at->value, (long long)least, (long long)most);
	*out = value;
	return 0;
}

int ini_size(const struct ini_line *at, int64_t least, int64_t most, int64_t *bytes, struct err *err)
{
	static const char units[] = "kMG";
	char *end;
	long long value = strtoll(at->value, &end, 10);
	int shift = 0;
	bool digits = end != at->value;
	for (int i = 0; *end != '\0' && units[i] != '\0'; i++)
		if (toupper((unsigned char)*end) == toupper((unsigned char)units[i])) {
			shift = 10 * (i + 1);
			end++;
			break;
		}
	if (!digits || *end != '\0' || value < 0 || value > (most >> shift) || value << shift < least)
		return err_at(err, at, "%s = %s: say a size from %lld to %lld bytes, as in 64k, 25M or 1G", at->key, at->value,
		              (long long)least, (long long)most);
	*bytes = value << shift;
	return 0;
}

static int64_t unit_seconds(char unit)
{
	switch (unit) {
	case 's': return 1;
	case 'm': return 60;
	case 'h': return 3600;
	case 'd': return 86400;
	case 'w': return 7 * 86400;
	case 'y': return 365 * 86400;
	}
	return 0;
}

int duration_parse(struct span s, int64_t *seconds)
{
	int64_t total = 0;
	int64_t last = 0;
	s = span_trim(s);
	if (s.n == 0)
		return -1;
	while (s.n > 0) {
		int64_t whole = 0, thousandths = 0, place = 1000;
		size_t i = 0;
		for (; i < s.n && isdigit((unsigned char)s.p[i]); i++) {
			whole = whole * 10 + (s.p[i] - '0');
			if (whole > 1000000)
				return -1;
		}
		if (i == 0)
			return -1;
		if (i + 1 < s.n && (s.p[i] == '.' || s.p[i] == ',') && isdigit((unsigned char)s.p[i + 1]))
			for (i++; i < s.n && isdigit((unsigned char)s.p[i]) && place > 1; i++)
				thousandths += (s.p[i] - '0') * (place /= 10);
		int64_t unit = i < s.n ? unit_seconds((char)tolower((unsigned char)s.p[i])) : last == 3600 ? 60 : 0; /* 1h30 */
		if (unit == 0 || (last != 0 && unit >= last))
			return -1;
		total += whole * unit + thousandths * unit / 1000;
		last = unit;
		s = span_skip(s, i + 1);
	}
	*seconds = total;
	return 0;
}

int ini_duration(const struct ini_line *at, int64_t least, int64_t most, int64_t *seconds, struct err *err)
{
	int64_t value;
	if (duration_parse(span_of(at->value), &value) < 0 || value < least || value > most)
		return err_at(err, at, "%s = %s: say a duration from %llds to %llds, as in 20m, 6h or 30d", at->key, at->value,
		              (long long)least, (long long)most);
	*seconds = value;
	return 0;
}
