#include "gateway/config-settings.h"
#include "gateway/file.h"
#include "rules/days.h"

#define MAILBOXES 64

struct loading {
	struct config *config;
	struct arena *arena;
	bool seen[SETTINGS_MOST];
	bool box_seen[MAILBOXES][SETTINGS_MOST];
	struct ini_line last; /* for what is missing at the end */
};

static const struct setting *find_setting(const struct settings *table, const char *section, const char *key)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->v[i].section, section) == 0 && (key == NULL || strcmp(table->v[i].key, key) == 0))
			return &table->v[i];
	return NULL;
}

static int unknown(const struct ini_line *at, const struct settings *table, struct err *err)
{
	struct str keys = {0};
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->v[i].section, at->section) == 0)
			str_printf(&keys, "%s%s", keys.n == 0 ? "" : ", ", table->v[i].key);
	err_at(err, at, "[%s] has no key \"%s\"; it has: %s", at->section, at->key, str_c(&keys));
	str_release(&keys);
	return -1;
}

static bool may_repeat(const struct setting *s)
{
	return s->type == TYPE_LIST || s->type == TYPE_DAYS;
}

static int take(struct loading *l, const struct settings *table, void *base, bool *seen, const struct ini_line *at, struct err *err)
{
	const struct setting *s = find_setting(table, at->section, at->key);
	if (s == NULL)
		return unknown(at, table, err);
	if (seen[s - table->v] && !may_repeat(s))
		return err_at(err, at, "%s is set twice in [%s]: keep one", at->key, at->section);
	seen[s - table->v] = true;
	return setting_read(s, base, l->arena, at, err);
}

static int mailbox_section(struct loading *l, const struct ini_line *at, struct err *err)
{
	struct config *c = l->config;
	if (at->name[0] == '\0')
		return err_at(err, at, "a mailbox needs a name: write [mailbox \"main\"]");
	for (size_t i = 0; i < c->n_mailboxes; i++)
		if (strcmp(c->mailboxes[i].name, at->name) == 0)
			return err_at(err, at, "there is a mailbox \"%s\" already: give each its own name", at->name);
	if (c->n_mailboxes == MAILBOXES)
		return err_at(err, at, "more than %d mailboxes", MAILBOXES);
	ARENA_PUSH(l->arena, c->mailboxes, c->n_mailboxes)->name = arena_strdup(l->arena, at->name);
	return 0;
}

static int on_line(void *ctx, const struct ini_line *at, struct err *err)
{
	struct loading *l = ctx;
	bool box = strcmp(at->section, "mailbox") == 0;
	l->last = *at;
	if (at->key == NULL) {
		if (box)
			return mailbox_section(l, at, err);
		if (find_setting(&config_settings, at->section, NULL) == NULL)
			return err_at(err, at, "no section [%s]; there are campus, mailbox \"name\", send, auth, week, links, log", at->section);
		return 0;
	}
	if (at->section[0] == '\0')
		return err_at(err, at, "\"%s\" stands before the first [section]", at->key);
	if (!box)
		return take(l, &config_settings, l->config, l->seen, at, err);
	size_t last = l->config->n_mailboxes - 1;
	return take(l, &config_mailbox_settings, &l->config->mailboxes[last], l->box_seen[last], at, err);
}

static int fill_table(const struct settings *table, void *base, const bool *seen, struct loading *l, const char *name, struct err *err)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct setting *s = &table->v[i];
		if (seen != NULL && seen[i])
			continue;
		struct ini_line at = {l->last.file, l->last.line, s->section, name, s->key, s->fallback};
		if (s->fallback == NULL && seen != NULL)
			return err_set(err, "%s: [%s%s%s%s] needs %s = … (%s)", l->last.file, s->section, *name ? " \"" : "", name, *name ? "\"" : "", s->key,
			               s->help);
		if (s->fallback != NULL && setting_read(s, base, l->arena, &at, err) < 0)
			return -1;
	}
	return 0;
}

static int fill_defaults(struct loading *l, struct err *err)
{
	struct config *c = l->config;
	if (fill_table(&config_settings, c, l->seen, l, "", err) < 0)
		return -1;
	for (size_t i = 0; i < c->n_mailboxes; i++)
		if (fill_table(&config_mailbox_settings, &c->mailboxes[i], l->box_seen[i], l, c->mailboxes[i].name, err) < 0)
			return -1;
	if (c->n_mailboxes == 0)
		return err_set(err, "%s: no mailbox to read: add [mailbox \"main\"] with its url", l->last.file);
	return 0;
}

static bool is_address(const char *s)
{
	const char *at = strrchr(s, '@');
	return at != NULL && at != s && at[1] != '\0' && s[strcspn(s, " \t\r\n<>,;\"")] == '\0';
}

static int check_addresses(const char *file, const struct config *c, struct err *err)
{
	const char *const addresses[] = {c->address, c->operator_address};
	static const char *const keys[] = {"address", "operator"};
	for (size_t i = 0; i < 2; i++)
		if (addresses[i][0] != '\0' && !is_address(addresses[i]))
			return err_set(err, "%s: %s = %s: say a mail address, as in pln@school.example", file, keys[i], addresses[i]);
	if (strchr(c->address, '+') != NULL)
		return err_set(err, "%s: address = %s: say it without a plus part: plnpost adds its own", file, c->address);
	return 0;
}

int config_load(const char *dir, struct arena *arena, struct config *out, struct err *err)
{
	struct str text = {0};
	const char *path = arena_printf(arena, "%s/plnpost.conf", dir);
	struct config config = {.dir = arena_strdup(arena, dir)};
	struct loading *l = arena_alloc(arena, sizeof *l);
	l->config = &config;
	l->arena = arena;
	l->last = (struct ini_line){.file = path, .line = 1};
	int result = -1;
	if (file_read(path, &text, err) < 0)
		err_prefix(err, "not a campus folder (make one with plnpost init, or name one with -C): ");
	else if (ini_parse(path, str_c(&text), text.n, on_line, l, err) == 0 && fill_defaults(l, err) == 0 &&
	         check_addresses(path, &config, err) == 0)
		result = 0;
	str_release(&text);
	if (result == 0)
		*out = config;
	return result;
}

const char *config_path(const struct config *c, struct arena *arena, const char *path)
{
	return path[0] == '/' ? path : arena_printf(arena, "%s/%s", c->dir, path);
}

enum paper_size config_paper_size(const struct config *c)
{
	bool america = span_starts(span_of(c->zone), "America/") || span_starts(span_of(c->zone), "US/") || strcmp(c->zone, "Pacific/Honolulu") == 0;
	return c->paper == PAPER_CHOICE_LETTER || (c->paper == PAPER_BY_ZONE && america) ? PAPER_LETTER : PAPER_A4;
}

bool config_school_day(const struct config *c, int32_t day)
{
	for (size_t i = 0; i < c->closed.n; i++)
		if (day >= c->closed.v[i].from && day <= c->closed.v[i].to)
			return false;
	return day_weekday(day) <= 5;
}
