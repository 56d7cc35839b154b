#include "rules/ruleset-values.h"

#include <stdlib.h>

#include "rules/near.h"

int value_choice(const struct choice *choices, struct span word, const struct ini_line *line, struct err *err)
{
	struct str all = {.max = 300};
	char name[41] = "";
	memcpy(name, word.p, utf8_prefix(word.p, word.n, sizeof name - 1));
	struct near near = near_to(name);
	for (const struct choice *c = choices; c->word != NULL; c++) {
		if (span_eq_nocase(word, c->word)) {
			str_release(&all);
			return c->value;
		}
		near_try(&near, c->word);
		str_printf(&all, "%s%s", c == choices ? "" : ", ", c->word);
	}
	if (near.best != NULL)
		err_at(err, line, "%s = %s: did you mean %s? Say one of %s", line->key, name, near.best, str_c(&all));
	else
		err_at(err, line, "%s = %s: say one of %s", line->key, name, str_c(&all));
	str_release(&all);
	return -1;
}

int value_units(const struct ruleset_parser *p, const struct ruleset_key *key, const struct ini_line *line, int64_t unit, const char *example,
                 struct err *err)
{
	char *end;
	int64_t value = strtoll(line->value, &end, 10);
	if (end == line->value || *end != '\0') {
		int64_t seconds;
		if (duration_parse(span_of(line->value), &seconds) < 0 || seconds % unit != 0)
			return err_at(err, line, "%s = %s: say a duration such as %s", line->key, line->value, example);
		value = seconds / unit;
	}
	if (value < key->least || value > key->most)
		return err_at(err, line, "%s = %s: must be from %lld to %lld %s", line->key, line->value, (long long)key->least, (long long)key->most,
		              unit == 60 ? "minutes" : unit == 86400 ? "days" : "years");
	*(int *)value_place(p, key) = (int)value;
	return 0;
}

int value_percent(const struct ini_line *line, int64_t least, int64_t most, int *out, struct err *err)
{
	struct span value = span_of(line->value);
	char *end;
	if (value.n == 0 || value.p[value.n - 1] != '%')
		return 0;
	long share = strtol(value.p, &end, 10);
	if (end == value.p || span_trim(span_of(end)).n != 1 || share < least || share > most)
		return err_at(err, line, "%s = %s: say a share from %lld to %lld, such as 20 %%", line->key, line->value, (long long)least, (long long)most);
	*out = (int)share;
	return 1;
}

bool value_word(struct span *rest, struct span *word)
{
	while (span_until(rest, ',', word))
		if ((*word = span_trim(*word)).n > 0)
			return true;
	return false;
}

int value_kind(struct span word, const struct ini_line *line, struct err *err)
{
	struct choice choices[KIND_COUNT + 1] = {{"none", KIND_NONE}};
	for (int i = 1; i < KIND_COUNT; i++)
		choices[i] = (struct choice){kind_name((enum entry_kind)i), i};
	return value_choice(choices, word, line, err);
}

int ruleset_role(const char *name, const struct ini_line *line, struct err *err)
{
	struct choice choices[PERSON_ROLE_COUNT + 1] = {{0}};
	struct ini_line at = *line;
	for (int i = 0; i < PERSON_ROLE_COUNT; i++)
		choices[i] = (struct choice){person_role_name((enum person_role)i), i};
	if (at.key == NULL)
		at.key = "role"; /* of a section's own line */
	return value_choice(choices, span_of(name), &at, err);
}
