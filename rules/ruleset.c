#include "rules/ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/near.h"
#include "rules/ruleset-keys.h"

struct section {
	const char *name;
	bool named; /* [credit "talk"] rather than [policy] */
	const struct ruleset_key *keys;
	void *(*open)(struct ruleset_parser *);
	int (*close)(struct ruleset_parser *, struct err *);
};

static void *open_policy(struct ruleset_parser *p)
{
	return &p->out->policy;
}

static void *open_rule(struct ruleset_parser *p)
{
	return ARENA_PUSH(&p->out->arena, p->out->rules, p->out->n_rules);
}

/* Its name is one of the roles: role_begin has seen to that. */
static void *open_role(struct ruleset_parser *p)
{
	int role = ruleset_role(p->name, &p->at, NULL);
	struct role_rule *rule = &p->out->roles[role < 0 ? ROLE_TEACHER : role];
	*rule = (struct role_rule){.given = true, .requirement = -1, .pln_cap = -1};
	return rule;
}

static void *open_credit(struct ruleset_parser *p)
{
	struct credit_rule *rule = ARENA_PUSH(&p->out->arena, p->out->credits, p->out->n_credits);
	rule->certificate_above = -1;
	return rule;
}

static void *open_cap(struct ruleset_parser *p)
{
	struct cap_rule *cap = ARENA_PUSH(&p->out->arena, p->out->caps, p->out->n_caps);
	cap->cap.kinds = UINT32_MAX;
	cap->cap.minutes = -1;
	return cap;
}

static int close_policy(struct ruleset_parser *p, struct err *err)
{
	const struct policy *policy = &p->out->policy;
	p->out->policy_what = arena_strdup(&p->out->arena, str_c(&p->what));
	p->out->policy_line = p->at.line;
	if (policy->requirement > 0 && policy->pln_cap > policy->requirement)
		return err_at(err, &p->at, "pln-cap (%d min) is more than the requirement (%d min): lower pln-cap, or raise requirement",
		              policy->pln_cap, policy->requirement);
	if (policy->remind_days > 0 && policy->escalate_days > 0 && policy->escalate_days < policy->remind_days)
		return err_at(err, &p->at, "escalate-after (%d days) is before remind-after (%d days): swap them", policy->escalate_days,
		              policy->remind_days);
	return 0;
}

static int close_role(struct ruleset_parser *p, struct err *err)
{
	struct role_rule *rule = p->into;
	rule->line = p->at.line;
	rule->what = arena_strdup(&p->out->arena, str_c(&p->what));
	if (rule->requirement < 0 && rule->pln_cap < 0 && rule->credit == EITHER)
		return err_at(err, &p->at, "role \"%s\" changes nothing: say credit, requirement or pln-cap", p->name);
	if (rule->requirement > 0 && rule->pln_cap > rule->requirement)
		return err_at(err, &p->at, "pln-cap (%d min) is more than the requirement (%d min): lower pln-cap, or raise requirement",
		              rule->pln_cap, rule->requirement);
	return 0;
}

static int close_rule(struct ruleset_parser *p, struct err *err)
{
	struct rule *rule = p->into;
	rule->name = p->name;
	rule->line = p->at.line;
	rule->what = arena_strdup(&p->out->arena, str_c(&p->what));
	if (rule->n_conditions == 0)
		return err_at(err, &p->at, "rule \"%s\" has no condition: say tag, kind, mail, subject, own, body, sender, list, link-host or attachment",
		              rule->name);
	if (rule->action == 0 && rule->set_kind == KIND_NONE && rule->add_tags.n == 0 && !rule->is_private && !rule->nocredit)
		return err_at(err, &p->at, "rule \"%s\" does nothing: say action, set-kind, add-tag, private or nocredit", rule->name);
	for (size_t i = 0; i < rule->n_conditions; i++)
		for (size_t j = 0; j < i; j++) {
			const struct condition *a = &rule->conditions[i], *b = &rule->conditions[j];
			if (a->field == b->field && a->negated != b->negated && strcmp(a->value, b->value) == 0)
				return err_at(err, &p->at, "rule \"%s\" asks for \"%s\" and for its contrary: drop one of the two", rule->name, a->value);
		}
	return 0;
}

/* Whether everything that b takes has been taken by a already. */
static bool hides(const struct credit_rule *a, const struct credit_rule *b)
{
	bool wider = a->kinds == 0 || (b->kinds != 0 && (b->kinds & ~a->kinds) == 0);
	bool roles = a->roles == 0 || (b->roles != 0 && (b->roles & ~a->roles) == 0);
	return wider && roles && a->tags.n == 0 && (a->starred == EITHER || a->starred == b->starred) && (a->note == EITHER || a->note == b->note) &&
	       (a->link == EITHER || a->link == b->link) && (a->attachment == EITHER || a->attachment == b->attachment) &&
	       (a->shared == EITHER || a->shared == b->shared);
}

static int close_credit(struct ruleset_parser *p, struct err *err)
{
	struct credit_rule *rule = p->into;
	rule->name = p->name;
	rule->line = p->at.line;
	rule->what = arena_strdup(&p->out->arena, str_c(&p->what));
	if (!rule->given)
		return err_at(err, &p->at, "credit \"%s\" grants nothing: say minutes = 15, or minutes = as stated", rule->name);
	if (!rule->as_stated && (rule->at_most > 0 || rule->if_unstated > 0))
		return err_at(err, &p->at, "credit \"%s\" has fixed minutes: at-most and if-unstated go with minutes = as stated", rule->name);
	for (size_t i = 0; i + 1 < p->out->n_credits; i++)
		if (hides(&p->out->credits[i], rule))
			return err_at(err, &p->at, "credit \"%s\" never applies, because \"%s\" (line %d) takes all of it before: put it above that one",
			              rule->name, p->out->credits[i].name, p->out->credits[i].line);
	return 0;
}

static int close_cap(struct ruleset_parser *p, struct err *err)
{
	struct cap_rule *cap = p->into;
	cap->cap.name = p->name;
	cap->line = p->at.line;
	cap->what = arena_strdup(&p->out->arena, str_c(&p->what));
	if (cap->cap.minutes < 0)
		return err_at(err, &p->at, "cap \"%s\" needs minutes: say minutes = 60", cap->cap.name);
	if (!cap->per_given)
		return err_at(err, &p->at, "cap \"%s\" needs its period: say per = entry, day, week or year", cap->cap.name);
	return 0;
}

static const struct section sections[] = {
	{"policy", false, ruleset_policy_keys, open_policy, close_policy},
	{"role", true, ruleset_role_keys, open_role, close_role},
	{"rule", true, ruleset_rule_keys, open_rule, close_rule},
	{"credit", true, ruleset_credit_keys, open_credit, close_credit},
	{"cap", true, ruleset_cap_keys, open_cap, close_cap},
	{0},
};

static const struct section *section_find(const char *name)
{
	for (const struct section *s = sections; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static const char *section_near(const char *name)
{
	struct near near = near_to(name);
	for (const struct section *s = sections; s->name != NULL; s++)
		near_try(&near, s->name);
	return near.best;
}

/* Names are unique within their section, so that a reason can name its rule. */
static bool name_taken(const struct ruleset_parser *p, const char *section, const char *name)
{
	for (size_t i = 0; i < p->n_names; i++)
		if (p->names[i].section == section && strcmp(p->names[i].name, name) == 0)
			return true;
	return false;
}

static int section_end(struct ruleset_parser *p, struct err *err)
{
	const struct section *s = p->section;
	p->section = NULL;
	return s == NULL ? 0 : s->close(p, err);
}

static int section_begin(struct ruleset_parser *p, const struct ini_line *line, struct err *err)
{
	if (section_end(p, err) < 0)
		return -1;
	const struct section *s = section_find(line->section);
	if (s == NULL) {
		const char *near = section_near(line->section);
		return err_at(err, line, "there is no section [%s]%s%s%s: the sections are policy, role, rule, credit and cap", line->section,
		              near ? "; did you mean [" : "", near ? near : "", near ? "]?" : "");
	}
	if (s->named != (line->name[0] != '\0'))
		return err_at(err, line, s->named ? "[%s] needs a name: write [%s \"some name\"]" : "[%s] has no name: write [%s]", s->name, s->name);
	if (name_taken(p, s->name, line->name))
		return err_at(err, line, s->named ? "there is a %s \"%s\" above: give this one another name"
		                                  : "there is a [%s]%s above: put the keys of both together", s->name, line->name);
	if (p->n_names == RULESET_MAX)
		return err_at(err, line, "there are more than %d sections", RULESET_MAX);
	if (s->open == open_role && ruleset_role(line->name, line, err) < 0)
		return -1;
	p->name = arena_strdup(&p->out->arena, line->name);
	*ARENA_PUSH(&p->out->arena, p->names, p->n_names) = (struct ruleset_name){s->name, p->name};
	p->at = *line;
	p->section = s;
	p->into = s->open(p);
	p->seen = 0;
	str_clear(&p->what);
	return 0;
}

static const struct ruleset_key *key_find(const struct ruleset_key *keys, const char *name)
{
	for (; keys->name != NULL; keys++)
		if (strcmp(keys->name, name) == 0)
			return keys;
	return NULL;
}

static int unknown_key(const struct section *s, const struct ini_line *line, struct err *err)
{
	struct near near = near_to(line->key);
	for (const struct ruleset_key *k = s->keys; k->name != NULL; k++)
		near_try(&near, k->name);
	if (near.best != NULL)
		return err_at(err, line, "[%s] has no key \"%s\": did you mean \"%s\"?", s->name, line->key, near.best);
	struct str all = {.max = 300};
	for (const struct ruleset_key *k = s->keys; k->name != NULL; k++)
		str_printf(&all, "%s%s", k == s->keys ? "" : ", ", k->name);
	err_at(err, line, "[%s] has no key \"%s\": its keys are %s", s->name, line->key, str_c(&all));
	str_release(&all);
	return -1;
}

static int one_line(void *ctx, const struct ini_line *line, struct err *err)
{
	struct ruleset_parser *p = ctx;
	if (line->key == NULL)
		return section_begin(p, line, err);
	if (p->section == NULL)
		return err_at(err, line, "%s stands before the first section: begin with [policy]", line->key);
	const struct ruleset_key *key = key_find(p->section->keys, line->key);
	if (key == NULL)
		return unknown_key(p->section, line, err);
	if (line->value[0] == '\0')
		return err_at(err, line, "%s needs a value", key->name);
	uint64_t bit = (uint64_t)1 << (key - p->section->keys);
	if ((p->seen & bit) != 0 && !key->many)
		return err_at(err, line, "%s is said twice in this section: keep one", key->name);
	p->seen |= bit;
	str_printf(&p->what, "%s%s = %s", p->what.n > 0 ? ", " : "", key->name, line->value);
	return key->set(p, key, line, err);
}

/* What holds where the file says nothing: mission, "Credit defaults". */
static const struct policy defaults = {
	.mode = POLICY_OFF,
	.year_month = 7,
	.year_day = 1,
	.remind_days = 14,
	.escalate_days = 30,
	.retention_years = 10,
	.undo_days = 4,
	.unusual_above = 120,
	.unusual_times = 4,
	.first_above = 60,
};

static bool asks_requirement(const struct ruleset *rs)
{
	for (int i = 0; i < PERSON_ROLE_COUNT; i++)
		if (rs->roles[i].given && rs->roles[i].requirement > 0)
			return true;
	return rs->policy.requirement > 0;
}

/* What only the whole file can tell: a share needs something to be a share of. */
static int check_shares(const char *name, const struct ruleset *rs, struct err *err)
{
	const struct policy *policy = &rs->policy;
	struct ini_line at = {.file = name, .line = rs->policy_line};
	if (asks_requirement(rs))
		return 0;
	if (policy->pln_cap_percent > 0)
		return err_at(err, &at, "pln-cap = %d %% is a share of the requirement, and there is none: say requirement = 18h", policy->pln_cap_percent);
	if (policy->plan_share > 0 && policy->pln_cap == 0)
		return err_at(err, &at, "plan-share needs a whole to be a share of: say requirement = 18h, or pln-cap = 6h");
	for (size_t i = 0; i < rs->n_caps; i++) {
		at.line = rs->caps[i].line;
		if (rs->caps[i].cap.percent > 0)
			return err_at(err, &at, "cap \"%s\" is a share of the requirement, and there is none: say requirement = 18h in [policy]", rs->caps[i].cap.name);
	}
	return 0;
}

struct ruleset *ruleset_parse(const char *name, struct span text, struct err *err)
{
	struct ruleset *out = calloc(1, sizeof *out);
	if (out == NULL)
		abort();
	out->policy = defaults;
	struct ruleset_parser p = {.out = out, .what = {.max = 2000}};
	int result = ini_parse(name, text.p, text.n, one_line, &p, err);
	if (result == 0)
		result = section_end(&p, err);
	if (result == 0)
		result = check_shares(name, out, err);
	str_release(&p.what);
	if (result == 0)
		return out;
	ruleset_close(out);
	return NULL;
}

void ruleset_close(struct ruleset *rs)
{
	if (rs == NULL)
		return;
	for (size_t i = 0; i < rs->n_rules; i++)
		for (size_t j = 0; j < rs->rules[i].n_conditions; j++)
			pattern_free(rs->rules[i].conditions[j].pattern);
	arena_release(&rs->arena);
	free(rs);
}

const struct policy *ruleset_policy(const struct ruleset *rs)
{
	return &rs->policy;
}

const struct rule *ruleset_find(const struct ruleset *rs, const char *name)
{
	for (size_t i = 0; i < rs->n_rules; i++)
		if (strcmp(rs->rules[i].name, name) == 0)
			return &rs->rules[i];
	return NULL;
}

size_t ruleset_rows(const struct ruleset *rs, struct arena *arena, struct rule_row **rows)
{
	size_t n = 0;
	*rows = arena_alloc(arena, (1 + PERSON_ROLE_COUNT + rs->n_rules + rs->n_credits + rs->n_caps) * sizeof **rows);
	if (rs->policy_what != NULL)
		(*rows)[n++] = (struct rule_row){"policy", "", rs->policy_what, rs->policy_line};
	for (int i = 0; i < PERSON_ROLE_COUNT; i++)
		if (rs->roles[i].given)
			(*rows)[n++] = (struct rule_row){"role", person_role_name((enum person_role)i), rs->roles[i].what, rs->roles[i].line};
	for (size_t i = 0; i < rs->n_rules; i++)
		(*rows)[n++] = (struct rule_row){"rule", rs->rules[i].name, rs->rules[i].what, rs->rules[i].line};
	for (size_t i = 0; i < rs->n_credits; i++)
		(*rows)[n++] = (struct rule_row){"credit", rs->credits[i].name, rs->credits[i].what, rs->credits[i].line};
	for (size_t i = 0; i < rs->n_caps; i++)
		(*rows)[n++] = (struct rule_row){"cap", rs->caps[i].cap.name, rs->caps[i].what, rs->caps[i].line};
	return n;
}
