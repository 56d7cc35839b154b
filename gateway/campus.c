#include "gateway/campus.h"

#include <dirent.h>
#include <stdio.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/read/links.h"
#include "rules/shipped.h"

static int read_into_arena(const char *path, struct arena *arena, struct span *out, struct err *err)
{
	struct str text = {0};
	int result = file_read(path, &text, err);
	if (result == 0)
		*out = (struct span){arena_strndup(arena, str_c(&text), text.n), text.n};
	str_release(&text);
	return result;
}

/* `rules = minutes.rules` means the shipped one where the folder has no file of that name. */
static int load_rules(struct campus *c, struct err *err)
{
	const char *path = config_path(&c->config, &c->arena, c->config.rules);
	const struct shipped *shipped = shipped_find(shipped_rules, c->config.rules);
	if (shipped != NULL && !file_exists(path))
		c->reading.rules = (struct span){shipped->text, shipped->n};
	else if (read_into_arena(path, &c->arena, &c->reading.rules, err) < 0)
		return err_prefix(err, "the campus's rules: ");
	c->reading.rules_name = path;
	const char *links = config_path(&c->config, &c->arena, "links.rules");
	if (file_exists(links) && read_into_arena(links, &c->arena, &c->reading.links, err) < 0)
		return -1;
	struct linkrules *own = linkrules_parse(links, c->reading.links, err); /* what is wrong is said here, not by every reader */
	if (own == NULL)
		return -1;
	linkrules_close(own);
	c->rules = ruleset_parse(path, c->reading.rules, err);
	return c->rules == NULL ? -1 : 0;
}

static int load_templates(struct campus *c, struct err *err)
{
	const char *dir = config_path(&c->config, &c->arena, "templates");
	DIR *d = opendir(dir);
	struct template_file *files = NULL;
	size_t n = 0;
	int result = 0;
	for (struct dirent *e; d != NULL && result == 0 && (e = readdir(d)) != NULL;) {
		if (e->d_name[0] == '.' || shipped_find(shipped_templates, e->d_name) == NULL)
			continue;
		struct span text;
		result = read_into_arena(arena_printf(&c->arena, "%s/%s", dir, e->d_name), &c->arena, &text, err);
		if (result == 0)
			*ARENA_PUSH(&c->arena, files, n) = (struct template_file){arena_strdup(&c->arena, e->d_name), text.p};
	}
	if (d != NULL)
		closedir(d);
	c->templates = (struct templates){files, n};
	if (result == 0 && n > 0 && templates_check(&c->templates, err) < 0)
		return err_prefix(err, "%s/", dir);
	return result;
}

int campus_load(struct campus *c, const char *dir, struct err *err)
{
	*c = (struct campus){0};
	if (config_load(dir, &c->arena, &c->config, err) < 0 || load_rules(c, err) < 0 || load_templates(c, err) < 0)
		return -1;
	c->reading.authservs = c->config.authservs;
	c->reading.sealers = c->config.sealers;
	strs_add(&c->reading.campus, &c->arena, utf8_lower(&c->arena, c->config.address, strlen(c->config.address)));
	for (size_t i = 0; i < c->config.n_mailboxes; i++)
		if ((size_t)c->config.mailboxes[i].max_mail > c->reading.max_mail)
			c->reading.max_mail = (size_t)c->config.mailboxes[i].max_mail;
	return 0;
}

int campus_open(struct campus *c, const char *dir, enum store_mode mode, struct err *err)
{
	if (campus_load(c, dir, err) < 0)
		return -1;
	c->store = store_open(config_path(&c->config, &c->arena, CAMPUS_LOG), mode, err);
	return c->store == NULL ? -1 : 0;
}

void campus_close(struct campus *c)
{
	if (c->store != NULL)
		store_close(c->store);
	ruleset_close(c->rules);
	arena_release(&c->arena);
	*c = (struct campus){0};
}

const char *campus_zone(const struct campus *c, const struct person *p)
{
	return p != NULL && p->zone != NULL ? p->zone : c->config.zone;
}

int32_t campus_today(const struct campus *c, const struct person *p, int64_t now)
{
	return clock_day(campus_zone(c, p), now);
}

void campus_year(const struct campus *c, int32_t day, int32_t *from, int32_t *to, char name[16])
{
	const struct policy *p = ruleset_policy(c->rules);
	*from = day_year_start(day, p->year_month, p->year_day);
	*to = day_year_start(*from + 367, p->year_month, p->year_day);
	int first = day_civil(*from).year, last = day_civil(*to - 1).year;
	if (first == last)
		snprintf(name, 16, "%d", first % 10000);
	else
		snprintf(name, 16, "%d/%02d", first % 10000, last % 100);
}

/* 2026 → its first day; a second year must follow the first, and only where school years lie in two. */
int campus_year_of(const struct campus *c, const char *text, int64_t now, int32_t *year, struct err *err)
{
	int32_t from, to;
	char name[16], rest[8] = "";
	int first = 0;
	if (text == NULL || text[0] == '\0') {
		campus_year(c, campus_today(c, NULL, now), year, &to, name);
		return 0;
	}
	if (sscanf(text, "%4d%7s", &first, rest) < 1 || first < 1990 || first > 2200)
		return err_set(err, "%s is no school year: say 2026, or 2026/27", text);
	campus_year(c, day_from_civil((struct civil){first, 12, 31}), &from, &to, name);
	const char *second = strchr(name, '/');
	bool same = rest[0] == '\0' || ((rest[0] == '/' || rest[0] == '-') && second != NULL && strcmp(rest + 1 + (strlen(rest) == 5 ? 2 : 0), second + 1) == 0);
	if (!same)
		return err_set(err, "%s is no school year here: the one that begins in %d is %s", text, first, name);
	*year = from;
	return 0;
}
