#include "gateway/read/linkrules.h"

#include <ctype.h>
#include <stdlib.h>

#include "rules/ini.h"
#include "rules/shipped.h"

/* rules/links.rules and a campus's own file of the same form → struct linkrules. */

static const char *const section_names[SECTION_COUNT] = {"leave", "unwrap", "redirector", "clean", "same", "role"};

enum argument { NO_ARGUMENT, TEXT_ARGUMENT, NUMBER_ARGUMENT };

static const struct {
	const char *word;
	enum argument argument;
	bool first; /* says where the target is */
} ops[] = {
	[TAKE_QUERY] = {"query", TEXT_ARGUMENT, true},
	[TAKE_REST] = {"rest", TEXT_ARGUMENT, true},
	[TAKE_SEARCH] = {"search", NO_ARGUMENT, true},
	[TAKE_SEGMENT] = {"segment", NUMBER_ARGUMENT, true},
	[TAKE_PATH] = {"path", NUMBER_ARGUMENT, true},
	[TAKE_AFTER] = {"after", TEXT_ARGUMENT, true},
	[TAKE_LINK] = {"link", NO_ARGUMENT, true},
	[TAKE_PERCENT] = {"percent", NO_ARGUMENT, false},
	[TAKE_BASE64] = {"base64", NO_ARGUMENT, false},
	[TAKE_HEX] = {"hex", NO_ARGUMENT, false},
	[TAKE_INFLATE] = {"inflate", NO_ARGUMENT, false},
	[TAKE_JSON] = {"json", TEXT_ARGUMENT, false},
	[TAKE_PARAM] = {"param", TEXT_ARGUMENT, false},
	[TAKE_PART] = {"part", NUMBER_ARGUMENT, false},
	[TAKE_UNTIL] = {"until", TEXT_ARGUMENT, false},
	[TAKE_BEHIND] = {"behind", TEXT_ARGUMENT, false},
	[TAKE_FIND] = {"find", NO_ARGUMENT, false},
	[TAKE_RECORD] = {"record", NO_ARGUMENT, false},
	[TAKE_PROOFPOINT2] = {"proofpoint2", NO_ARGUMENT, false},
	[TAKE_PROOFPOINT3] = {"proofpoint3", NO_ARGUMENT, false},
	[TAKE_SCHEME] = {"scheme", TEXT_ARGUMENT, false},
	[TAKE_ON] = {"on", TEXT_ARGUMENT, false},
};
_Static_assert(sizeof ops / sizeof *ops == TAKE_COUNT, "every op has its word");

struct reading_rules {
	struct linkrules *rules;
	struct link_rule *rule; /* the section being read, NULL before the first */
	bool own;
};

static char *keep(struct linkrules *rules, struct span s)
{
	return arena_strndup(&rules->arena, s.p, s.n);
}

static int add_list(struct linkrules *rules, struct strs *list, char separator, const char *value)
{
	struct span rest = span_of(value), piece;
	while (span_until(&rest, separator, &piece)) {
		piece = span_trim(piece);
		if (piece.n > 0)
			strs_add(list, &rules->arena, keep(rules, piece));
	}
	return 0;
}

static int add_hosts(struct linkrules *rules, struct link_rule *rule, const struct ini_line *at, struct err *err)
{
	size_t before = rule->host.n;
	add_list(rules, &rule->host, ',', at->value);
	for (size_t i = before; i < rule->host.n; i++) {
		const char *host = rule->host.v[i], *star = strchr(host + (strncmp(host, "*.", 2) == 0 ? 1 : 0), '*');
		size_t n = strlen(host);
		if (star != NULL && (n < 3 || star != host + n - 1 || star[-1] != '.'))
			return err_at(err, at, "host %s: a * stands for whole labels, write *.school.example or google.*", host);
		if (strpbrk(host, " |;") != NULL)
			return err_at(err, at, "host %s: a comma stands between hosts", host);
		for (const char *c = host; *c != '\0'; c++)
			if (isupper((unsigned char)*c))
				return err_at(err, at, "host %s: write it in lower case", host);
	}
	return 0;
}

static int add_step(struct linkrules *rules, struct link_takes *takes, struct span step, const struct ini_line *at, struct err *err)
{
	struct span word = step;
	for (word.n = 0; word.n < step.n && step.p[word.n] != ' '; word.n++)
		;
	struct span argument = span_trim(span_skip(step, word.n));
	for (size_t i = 0; i < TAKE_COUNT; i++) {
		if (!span_eq(word, ops[i].word))
			continue;
		if (ops[i].first != (takes->n == 0))
			return err_at(err, at, "\"%s\" cannot stand there: begin with query, rest, search, segment, path, after or link", ops[i].word);
		struct link_take take = {.op = (enum link_op)i, .text = keep(rules, argument)};
		take.number = ops[i].argument == NUMBER_ARGUMENT ? (int)strtol(take.text, NULL, 10) : 0;
		if ((argument.n > 0) != (ops[i].argument != NO_ARGUMENT) || (ops[i].argument == NUMBER_ARGUMENT && take.number == 0))
			return err_at(err, at, "\"%s\" wants %s behind it", ops[i].word,
			              ops[i].argument == NO_ARGUMENT ? "nothing" : ops[i].argument == TEXT_ARGUMENT ? "a text" : "a number");
		*ARENA_PUSH(&rules->arena, takes->v, takes->n) = take;
		return 0;
	}
	return err_at(err, at, "no step is called \"%.*s\"", SPAN_ARG(word));
}

static int add_take(struct linkrules *rules, struct link_rule *rule, const struct ini_line *at, struct err *err)
{
	struct link_takes takes = {0};
	struct span rest = span_of(at->value), step;
	while (span_until(&rest, '|', &step))
		if (add_step(rules, &takes, span_trim(step), at, err) < 0)
			return -1;
	if (takes.n == 0)
		return err_at(err, at, "take wants where the target is, as in: take = query url | base64");
	*ARENA_PUSH(&rules->arena, rule->takes, rule->n_takes) = takes;
	return 0;
}

static int add_example(struct linkrules *rules, const struct link_rule *rule, const struct ini_line *at, struct err *err)
{
	const char *arrow = strstr(at->value, " -> ");
	if (arrow == NULL)
		return err_at(err, at, "an example is written: example = LINK -> WHAT BECOMES OF IT");
	struct span in = {at->value, (size_t)(arrow - at->value)}, out = span_of(arrow + 4);
	*ARENA_PUSH(&rules->arena, rules->examples, rules->n_examples) = (struct link_example){
		.section = section_names[rule->section],
		.name = rule->name,
		.in = keep(rules, in),
		.out = span_eq(out, "nothing") ? NULL : keep(rules, out),
		.line = at->line,
	};
	return 0;
}

static int add_phrases(struct linkrules *rules, struct link_rule *rule, const struct ini_line *at, struct err *err)
{
	size_t before = rule->phrase.n;
	add_list(rules, &rule->phrase, '|', at->value);
	for (size_t i = before; i < rule->phrase.n; i++) {
		const char *text = rule->phrase.v[i];
		if (strlen(text) < 4)
			return err_at(err, at, "\"%s\" is too short to decide anything: at least four bytes", text);
		rule->phrase.v[i] = utf8_lower(&rules->arena, text, strlen(text));
	}
	return 0;
}

static struct strs *list_of(struct link_rule *rule, const char *key)
{
	const struct {
		unsigned sections; /* in which it may stand */
		const char *key;
		struct strs *list;
	} lists[] = {
		{1u << SECTION_REDIRECTOR, "host-word", &rule->host_word},
		{1u << SECTION_REDIRECTOR, "path-word", &rule->path_word},
		{1u << SECTION_REDIRECTOR, "param", &rule->param},
		{1u << SECTION_REDIRECTOR, "json-key", &rule->json_key},
		{1u << SECTION_REDIRECTOR, "never-word", &rule->never_word},
		{1u << SECTION_REDIRECTOR, "never-param", &rule->never_param},
		{1u << SECTION_CLEAN, "drop", &rule->drop},
		{1u << SECTION_CLEAN, "keep", &rule->keep},
		{1u << SECTION_CLEAN, "fragment", &rule->fragment},
		{1u << SECTION_CLEAN, "cut", &rule->cut},
		{1u << SECTION_ROLE, "query", &rule->query},
		{~(1u << SECTION_REDIRECTOR), "path", &rule->path},
	};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (lists[i].sections & 1u << rule->section && strcmp(lists[i].key, key) == 0)
			return lists[i].list;
	return NULL;
}

/* Rules are found by what must stand in a path: three bytes that are no star. */
static int add_paths(struct linkrules *rules, struct link_rule *rule, const struct ini_line *at, struct err *err)
{
	size_t before = rule->path.n;
	add_list(rules, &rule->path, ',', at->value);
	for (size_t i = before; i < rule->path.n; i++) {
		size_t run = 0;
		for (const char *p = rule->path.v[i]; *p != '\0' && run < 3; p++)
			run = *p == '*' ? 0 : run + 1;
		if (run < 3 && rule->host.n == 0)
			return err_at(err, at, "path %s says too little without a host: at least three letters in a row", rule->path.v[i]);
	}
	return 0;
}

static bool is_language(const char *key)
{
	size_t n = strlen(key);
	return n == 2 || n == 3;
}

static int key(struct reading_rules *r, const struct ini_line *at, struct err *err)
{
	struct linkrules *rules = r->rules;
	struct link_rule *rule = r->rule;
	if (rule == NULL)
		return err_at(err, at, "stands before the first [section \"name\"]");
	struct strs *list = list_of(rule, at->key);
	if (list == &rule->path)
		return add_paths(rules, rule, at, err);
	if (list != NULL)
		return add_list(rules, list, ',', at->value);
	if (strcmp(at->key, "example") == 0)
		return add_example(rules, rule, at, err);
	if (strcmp(at->key, "host") == 0 && rule->section != SECTION_REDIRECTOR)
		return add_hosts(rules, rule, at, err);
	if (strcmp(at->key, "take") == 0 && rule->section == SECTION_UNWRAP)
		return add_take(rules, rule, at, err);
	if (strcmp(at->key, "becomes") == 0 && rule->section == SECTION_SAME) {
		rule->becomes = arena_strdup(&rules->arena, at->value);
		return 0;
	}
	if (is_language(at->key) && rule->section == SECTION_ROLE)
		return add_phrases(rules, rule, at, err);
	return err_at(err, at, "[%s] has no key \"%s\"", section_names[rule->section], at->key);
}

static int find_role(const struct ini_line *at, enum link_role *role, struct err *err)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (strcmp(link_role_name((enum link_role)i), at->name) == 0) {
			*role = (enum link_role)i;
			return 0;
		}
	return err_at(err, at, "no role is called \"%s\": say content, unsubscribe, view-online, preferences, share, social or app", at->name);
}

static int section(struct reading_rules *r, const struct ini_line *at, struct err *err)
{
	struct linkrules *rules = r->rules;
	struct link_rule rule = {.section = SECTION_COUNT, .own = r->own, .role = ROLE_CONTENT};
	for (int i = 0; i < SECTION_COUNT; i++)
		if (strcmp(section_names[i], at->section) == 0)
			rule.section = (enum link_section)i;
	if (rule.section == SECTION_COUNT)
		return err_at(err, at, "no section is called [%s]: say leave, unwrap, redirector, clean, same or role", at->section);
	if (at->name[0] == '\0')
		return err_at(err, at, "write a name behind it: [%s \"name\"]", at->section);
	if (rule.section == SECTION_ROLE && find_role(at, &rule.role, err) < 0)
		return -1;
	r->rule = NULL;
	for (size_t i = 0; i < rules->n && r->own; i++) {
		const struct link_rule *old = &rules->v[i];
		if (!old->own && old->section == rule.section && rule.section != SECTION_ROLE && strcmp(old->name, at->name) == 0)
			r->rule = &rules->v[i];
	}
	rule.name = arena_strdup(&rules->arena, at->name);
	if (r->rule == NULL)
		r->rule = ARENA_PUSH(&rules->arena, rules->v, rules->n);
	*r->rule = rule;
	return 0;
}

static int each_line(void *ctx, const struct ini_line *at, struct err *err)
{
	return at->key == NULL ? section(ctx, at, err) : key(ctx, at, err);
}

/* A rule that says nothing would fit every link. */
static int check(const struct linkrules *rules, const char *name, struct err *err)
{
	for (size_t i = 0; i < rules->n; i++) {
		const struct link_rule *rule = &rules->v[i];
		bool where = rule->host.n + rule->path.n > 0;
		if (rule->own && rule->section == SECTION_UNWRAP && rule->n_takes > 0 && !where)
			return err_set(err, "%s: [unwrap \"%s\"] wants a host or a path", name, rule->name);
		if (rule->section == SECTION_SAME && (rule->becomes == NULL) != (rule->host.n == 0))
			return err_set(err, "%s: [same \"%s\"] wants host and becomes", name, rule->name);
	}
	return 0;
}

struct linkrules *linkrules_parse(const char *name, struct span text, struct err *err)
{
	struct linkrules *rules = calloc(1, sizeof *rules);
	if (rules == NULL)
		abort();
	const struct shipped *shipped = shipped_find(shipped_rules, "links.rules");
	struct reading_rules r = {.rules = rules};
	if (shipped == NULL) {
		err_set(err, "links.rules was not built in");
	} else if (ini_parse("links.rules", shipped->text, shipped->n, each_line, &r, err) == 0) {
		r = (struct reading_rules){.rules = rules, .own = true};
		if ((text.n == 0 || ini_parse(name, text.p, text.n, each_line, &r, err) == 0) && check(rules, name, err) == 0 &&
		    linkrules_index(rules, err) == 0)
			return rules;
	}
	linkrules_close(rules);
	return NULL;
}

void linkrules_close(struct linkrules *rules)
{
	if (rules == NULL)
		return;
	arena_release(&rules->arena);
	free(rules);
}

const struct linkrules *linkrules_shipped(void)
{
	static struct linkrules *kept;
	struct err err;
	if (kept == NULL && (kept = linkrules_parse("", (struct span){0}, &err)) == NULL)
		abort(); /* a test parses the shipped file */
	return kept;
}

const struct link_example *linkrules_examples(const struct linkrules *rules, size_t *n)
{
	*n = rules->n_examples;
	return rules->examples;
}
