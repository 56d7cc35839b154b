#include "rules/ruleset-keys.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rules/ruleset-values.h"

#define SET(name) \
	static int name(struct ruleset_parser *p, const struct ruleset_key *key, const struct ini_line *line, struct err *err)

/* ---- one of a few words */
static const struct choice modes[] = {{"off", POLICY_OFF}, {"flat", POLICY_FLAT}, {"minutes", POLICY_MINUTES}, {0}};
static const struct choice periods[] = {{"entry", PER_ENTRY}, {"day", PER_DAY}, {"week", PER_WEEK}, {"year", PER_YEAR}, {0}};
static const struct choice stars[] = {{"any", STARS_ANY}, {"yes", STARS_ONLY}, {"no", STARS_NOT}, {0}};
static const struct choice yes_no[] = {{"yes", YES}, {"no", NO}, {0}};
static const struct choice evidences[] = {{"ask", false}, {"require", true}, {0}};
static const struct choice actions[] = {
	{"log", ACTION_LOG},       {"source", ACTION_SOURCE}, {"record", ACTION_RECORD}, {"ignore", ACTION_IGNORE},
	{"hold", ACTION_HOLD}, {"quarantine", ACTION_QUARANTINE}, {0},
};

SET(set_mode)
{
	int mode = value_choice(modes, span_of(line->value), line, err);
	if (mode < 0)
		return -1;
	*(enum policy_mode *)value_place(p, key) = (enum policy_mode)mode;
	return 0;
}

SET(set_per)
{
	struct cap_rule *cap = p->into;
	int per = value_choice(periods, span_of(line->value), line, err);
	if (per < 0)
		return -1;
	(void)key;
	cap->cap.per = (enum cap_period)per;
	cap->per_given = true;
	return 0;
}

SET(set_stars)
{
	int value = value_choice(stars, span_of(line->value), line, err);
	if (value < 0)
		return -1;
	*(enum cap_stars *)value_place(p, key) = (enum cap_stars)value;
	return 0;
}

SET(set_yes)
{
	int value = value_choice(yes_no, span_of(line->value), line, err);
	if (value < 0)
		return -1;
	*(enum said_yes *)value_place(p, key) = (enum said_yes)value;
	return 0;
}

SET(set_evidence)
{
	int value = value_choice(evidences, span_of(line->value), line, err);
	if (value < 0)
		return -1;
	*(bool *)value_place(p, key) = value;
	return 0;
}

SET(set_action)
{
	int action = value_choice(actions, span_of(line->value), line, err);
	if (action < 0)
		return -1;
	*(int *)value_place(p, key) = action + 1;
	return 0;
}

SET(set_bool)
{
	return ini_bool(line, value_place(p, key), err);
}

/* ---- numbers */
SET(set_int)
{
	int64_t value;
	if (ini_int(line, key->least, key->most, &value, err) < 0)
		return -1;
	*(int *)value_place(p, key) = (int)value;
	return 0;
}

SET(set_minutes)
{
	return value_units(p, key, line, 60, "20m, 1h30 or 6h", err);
}

/* Minutes, or a share of the requirement in the int behind them. */
SET(set_minutes_or_share)
{
	int *minutes = value_place(p, key);
	int share = value_percent(line, 1, 100, &minutes[1], err);
	if (share > 0)
		minutes[0] = 0;
	return share > 0 ? 0 : share < 0 ? -1 : value_units(p, key, line, 60, "20m, 1h30 or 6h, or a share of the requirement such as 20 %", err);
}
_Static_assert(offsetof(struct policy, pln_cap_percent) == offsetof(struct policy, pln_cap) + sizeof(int) &&
               offsetof(struct cap, percent) == offsetof(struct cap, minutes) + sizeof(int) &&
               offsetof(struct role_rule, percent) == offsetof(struct role_rule, pln_cap) + sizeof(int) &&
               offsetof(struct policy, share_percent) == offsetof(struct policy, share_minimum) + sizeof(int), "the share behind the number");

SET(set_count_or_share)
{
	int *count = value_place(p, key);
	int share = value_percent(line, 1, 100, &count[1], err);
	return share > 0 ? 0 : share < 0 ? -1 : set_int(p, key, line, err);
}

/* 80 or 80 % */
SET(set_percent)
{
	int share = value_percent(line, key->least, key->most, value_place(p, key), err);
	return share > 0 ? 0 : share < 0 ? -1 : set_int(p, key, line, err);
}

SET(set_days)
{
	return value_units(p, key, line, 86400, "4d or 30d", err);
}

SET(set_years)
{
	return value_units(p, key, line, 365 * 86400, "10y", err);
}

/* 1, 2.5: kept in per cent. */
SET(set_factor)
{
	char *end;
	double value = strtod(line->value, &end);
	if (end == line->value || *end != '\0' || !(value >= 0.01 && value <= 10))
		return err_at(err, line, "%s = %s: say a factor from 0.01 to 10, such as 2 or 0.5", line->key, line->value);
	*(int *)value_place(p, key) = (int)(value * 100 + 0.5);
	return 0;
}

SET(set_year_start)
{
	struct policy *policy = p->into;
	int32_t day;
	char iso[16] = "2000-";
	(void)key;
	if (strlen(line->value) == 5)
		memcpy(iso + 5, line->value, 6);
	if (strlen(line->value) != 5 || day_parse(span_of(iso), &day) < 0)
		return err_at(err, line, "%s = %s: say month and day as 07-01 (1 July)", line->key, line->value);
	policy->year_month = day_civil(day).month;
	policy->year_day = day_civil(day).day;
	return 0;
}

SET(set_grant)
{
	struct credit_rule *rule = p->into;
	rule->given = true;
	rule->as_stated = strcasecmp(line->value, "as stated") == 0;
	if (rule->as_stated)
		return 0;
	if (strchr(line->value, ' ') != NULL)
		return err_at(err, line, "%s = %s: say a duration such as 15m, or as stated", line->key, line->value);
	return set_minutes(p, key, line, err);
}

/* ---- words */
SET(set_kinds)
{
	struct span rest = span_of(line->value), word;
	uint32_t *kinds = value_place(p, key), bits = 0;
	while (value_word(&rest, &word)) {
		int kind = value_kind(word, line, err);
		if (kind < 0)
			return -1;
		bits |= (uint32_t)1 << kind;
	}
	*kinds = *kinds == UINT32_MAX ? bits : *kinds | bits;
	return 0;
}

SET(set_roles)
{
	struct span rest = span_of(line->value), word;
	while (value_word(&rest, &word)) {
		int role = ruleset_role(arena_strndup(&p->out->arena, word.p, word.n), line, err);
		if (role < 0)
			return -1;
		*(uint32_t *)value_place(p, key) |= (uint32_t)1 << role;
	}
	return 0;
}

SET(set_flags)
{
	struct span rest = span_of(line->value), word;
	struct choice choices[CLAIM_FLAG_COUNT + 1] = {{0}};
	for (int i = 0; i < CLAIM_FLAG_COUNT; i++)
		choices[i] = (struct choice){claim_flag_name((enum claim_flag)i), i};
	while (value_word(&rest, &word)) {
		int flag = value_choice(choices, word, line, err);
		if (flag < 0)
			return -1;
		*(uint32_t *)value_place(p, key) |= (uint32_t)1 << flag;
	}
	return 0;
}

SET(set_kind)
{
	int kind = value_kind(span_of(line->value), line, err);
	if (kind < 0)
		return -1;
	if (kind == KIND_NONE)
		return err_at(err, line, "%s = none: name a kind, or leave the key out", line->key);
	*(enum entry_kind *)value_place(p, key) = (enum entry_kind)kind;
	return 0;
}

SET(set_tags)
{
	struct span rest = span_of(line->value), word;
	struct strs *tags = value_place(p, key);
	while (value_word(&rest, &word)) {
		if (word.p[0] == '#')
			word = span_skip(word, 1);
		if (word.n == 0 || memchr(word.p, ' ', word.n) != NULL)
			return err_at(err, line, "%s = %s: a tag is one word; separate several by commas", line->key, line->value);
		strs_add(tags, &p->out->arena, utf8_lower(&p->out->arena, word.p, word.n));
	}
	return 0;
}

SET(set_text)
{
	*(const char **)value_place(p, key) = arena_strdup(&p->out->arena, line->value);
	(void)err;
	return 0;
}

/* ---- conditions: words, /pattern/ or /pattern/i, each with ! in front for its contrary */
static int check_whole(enum field field, struct span value, const struct ini_line *line, struct err *err)
{
	struct choice mails[MAIL_KIND_COUNT + 1] = {{0}};
	if (field == FIELD_KIND)
		return value_kind(value, line, err);
	if (field != FIELD_MAIL)
		return 0;
	for (int i = 0; i < MAIL_KIND_COUNT; i++)
		mails[i] = (struct choice){mail_kind_name((enum mail_kind)i), i};
	return value_choice(mails, value, line, err);
}

static int compile(struct condition *c, struct span value, enum pattern_form form, bool caseless, const struct ini_line *line, struct err *err)
{
	struct pattern_error error;
	c->pattern = pattern_compile(value, form, caseless, &error);
	if (c->pattern == NULL)
		return err_at(err, line, "%s = %s: the pattern is wrong at character %zu: %s", line->key, line->value,
		              utf8_length(value.p, error.offset < value.n ? error.offset : value.n) + 1, error.why);
	return 0;
}

static int regex(struct condition *c, struct span value, const struct ini_line *line, struct err *err)
{
	bool caseless = value.p[value.n - 1] == 'i';
	size_t n = value.n - (caseless ? 1 : 0);
	if (n < 3 || value.p[n - 1] != '/')
		return err_at(err, line, "%s = %s: a pattern ends with / or /i, as in /exit tickets?/i", line->key, line->value);
	return compile(c, (struct span){value.p + 1, n - 2}, PATTERN_REGEX, caseless, line, err);
}

static bool compared_whole(enum field field)
{
	return field == FIELD_TAG || field == FIELD_KIND || field == FIELD_MAIL || field == FIELD_LINK_HOST;
}

SET(set_condition)
{
	struct rule *rule = p->into;
	struct span value = span_of(line->value);
	struct condition c = {.field = (enum field)key->offset, .negated = value.p[0] == '!'};
	if (c.negated)
		value = span_trim(span_skip(value, 1));
	if (c.field == FIELD_TAG && value.n > 0 && value.p[0] == '#')
		value = span_skip(value, 1);
	if (value.n == 0)
		return err_at(err, line, "%s needs words or a /pattern/", line->key);
	if (rule->n_conditions == RULESET_MAX)
		return err_at(err, line, "rule \"%s\" has more than %d conditions", p->name, RULESET_MAX);
	c.value = compared_whole(c.field) ? utf8_lower(&p->out->arena, value.p, value.n) : arena_strndup(&p->out->arena, value.p, value.n);
	bool is_regex = value.n > 1 && value.p[0] == '/';
	int result = is_regex                  ? regex(&c, value, line, err)
	             : compared_whole(c.field) ? check_whole(c.field, value, line, err)
	                                       : compile(&c, value, PATTERN_WORDS, true, line, err);
	if (result >= 0)
		*ARENA_PUSH(&p->out->arena, rule->conditions, rule->n_conditions) = c;
	return result < 0 ? -1 : 0;
}

#define AT(type, field) offsetof(struct type, field)
#define YEAR_MINUTES 527040

const struct ruleset_key ruleset_policy_keys[] = {
	{"mode", set_mode, AT(policy, mode), false, 0, 0},
	{"requirement", set_minutes, AT(policy, requirement), false, 0, YEAR_MINUTES},
	{"pln-cap", set_minutes_or_share, AT(policy, pln_cap), false, 0, YEAR_MINUTES},
	{"year-starts", set_year_start, 0, false, 0, 0},
	{"late-after", set_days, AT(policy, late_days), false, 0, 3660},
	{"closes-after", set_days, AT(policy, closes_days), false, 1, 3660},
	{"certificate-above", set_minutes, AT(policy, certificate_above), false, 0, YEAR_MINUTES},
	{"evidence", set_evidence, AT(policy, evidence_required), false, 0, 0},
	{"share-minimum", set_count_or_share, AT(policy, share_minimum), false, 0, 1000},
	{"breadth", set_int, AT(policy, breadth), false, 0, KIND_COUNT - 1},
	{"plan-share", set_percent, AT(policy, plan_share), false, 0, 100},
	{"unusual-above", set_minutes, AT(policy, unusual_above), false, 0, 9999},
	{"unusual-times", set_int, AT(policy, unusual_times), false, 1, 1000},
	{"first-above", set_minutes, AT(policy, first_above), false, 0, 9999},
	{"no-flag", set_flags, AT(policy, no_flags), true, 0, 0},
	{"remind-after", set_days, AT(policy, remind_days), false, 0, 366},
	{"escalate-after", set_days, AT(policy, escalate_days), false, 0, 366},
	{"undo-within", set_days, AT(policy, undo_days), false, 0, 90},
	{"retention", set_years, AT(policy, retention_years), false, 1, 100},
	{"package", set_minutes, AT(policy, flat_minutes), false, 0, YEAR_MINUTES},
	{"package-shared", set_int, AT(policy, flat_shared), false, 0, 1000},
	{"package-applied", set_int, AT(policy, flat_applied), false, 0, 1000},
	{0},
};

const struct ruleset_key ruleset_role_keys[] = {
	{"credit", set_yes, AT(role_rule, credit), false, 0, 0},
	{"requirement", set_minutes, AT(role_rule, requirement), false, 0, YEAR_MINUTES},
	{"pln-cap", set_minutes_or_share, AT(role_rule, pln_cap), false, 0, YEAR_MINUTES},
	{0},
};

const struct ruleset_key ruleset_rule_keys[] = {
	{"tag", set_condition, FIELD_TAG, true, 0, 0},
	{"kind", set_condition, FIELD_KIND, true, 0, 0},
	{"mail", set_condition, FIELD_MAIL, true, 0, 0},
	{"subject", set_condition, FIELD_SUBJECT, true, 0, 0},
	{"own", set_condition, FIELD_OWN, true, 0, 0},
	{"body", set_condition, FIELD_BODY, true, 0, 0},
	{"sender", set_condition, FIELD_SENDER, true, 0, 0},
	{"list", set_condition, FIELD_LIST, true, 0, 0},
	{"link-host", set_condition, FIELD_LINK_HOST, true, 0, 0},
	{"attachment", set_condition, FIELD_ATTACHMENT, true, 0, 0},
	{"action", set_action, AT(rule, action), false, 0, 0},
	{"set-kind", set_kind, AT(rule, set_kind), false, 0, 0},
	{"add-tag", set_tags, AT(rule, add_tags), true, 0, 0},
	{"private", set_bool, AT(rule, is_private), false, 0, 0},
	{"nocredit", set_bool, AT(rule, nocredit), false, 0, 0},
	{"why", set_text, AT(rule, why), false, 0, 0},
	{0},
};

const struct ruleset_key ruleset_credit_keys[] = {
	{"kind", set_kinds, AT(credit_rule, kinds), true, 0, 0},
	{"tag", set_tags, AT(credit_rule, tags), true, 0, 0},
	{"role", set_roles, AT(credit_rule, roles), true, 0, 0},
	{"starred", set_yes, AT(credit_rule, starred), false, 0, 0},
	{"note", set_yes, AT(credit_rule, note), false, 0, 0},
	{"link", set_yes, AT(credit_rule, link), false, 0, 0},
	{"attachment", set_yes, AT(credit_rule, attachment), false, 0, 0},
	{"shared", set_yes, AT(credit_rule, shared), false, 0, 0},
	{"minutes", set_grant, AT(credit_rule, minutes), false, 0, 9999},
	{"at-most", set_minutes, AT(credit_rule, at_most), false, 1, 9999},
	{"if-unstated", set_minutes, AT(credit_rule, if_unstated), false, 1, 9999},
	{"multiply", set_factor, AT(credit_rule, multiply), false, 0, 0},
	{"first-multiply", set_factor, AT(credit_rule, first_multiply), false, 0, 0},
	{"certificate-above", set_minutes, AT(credit_rule, certificate_above), false, 0, YEAR_MINUTES},
	{"says", set_text, AT(credit_rule, says), false, 0, 0},
	{0},
};

const struct ruleset_key ruleset_cap_keys[] = {
	{"kind", set_kinds, AT(cap_rule, cap.kinds), true, 0, 0},
	{"starred", set_stars, AT(cap_rule, cap.stars), false, 0, 0},
	{"role", set_roles, AT(cap_rule, cap.roles), true, 0, 0},
	{"per", set_per, 0, false, 0, 0},
	{"minutes", set_minutes_or_share, AT(cap_rule, cap.minutes), false, 0, 99999},
	{0},
};
