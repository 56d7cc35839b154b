#include "gateway/config.h"

#include <stddef.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "rules/days.h"
#include "rules/ini.h"

enum setting_type { TYPE_TEXT, TYPE_LIST, TYPE_BOOL, TYPE_INT, TYPE_SIZE, TYPE_DURATION, TYPE_ZONE, TYPE_WEEKDAY, TYPE_CLOCK, TYPE_CHOICE };

struct setting {
	const char *section, *key;
	enum setting_type type;
	size_t offset;
	const char *fallback; /* as one would write it; NULL = must be set, "" = empty */
	int64_t least, most;
	const char *const *choices;
	const char *help;
};

static const char *const marking_words[] = {"flag", "move", "leave", NULL};
static const char *const unstamped_words[] = {"confirm", "accept", NULL};
static const char *const paper_words[] = {"auto", "a4", "letter", NULL};
static const char *const level_words[] = {"error", "warning", "info", "debug", NULL};

#define AT(field) offsetof(struct config, field)
#define BOX(field) offsetof(struct mailbox_config, field)
#define YEAR (365LL * 86400)

static const struct setting settings[] = {
	{"campus", "name", TYPE_TEXT, AT(name), NULL, 0, 0, NULL, "what letters call this campus"},
	{"campus", "address", TYPE_TEXT, AT(address), NULL, 0, 0, NULL, "the one address that teachers write to; its server must deliver address+anything to it too"},
	{"campus", "zone", TYPE_ZONE, AT(zone), NULL, 0, 0, NULL, "the campus's time zone, an IANA name as in America/Chicago"},
	{"campus", "rules", TYPE_TEXT, AT(rules), "campus.rules", 0, 0, NULL, "the ruleset, a file in the campus folder"},
	{"campus", "operator", TYPE_TEXT, AT(operator_address), "", 0, 0, NULL, "who gets trouble reports and the weekly heartbeat; empty = nobody"},
	{"campus", "paper", TYPE_CHOICE, AT(paper), "auto", 0, 0, paper_words, "what printable pages are made for; auto: letter in the time zones of America, else A4"},
	{"send", "url", TYPE_TEXT, AT(send_url), "maildir:outbox", 0, 0, NULL, "where letters go: smtps://user@host, smtp+starttls://user@host:587, smtp://127.0.0.1:25, maildir:path"},
	{"send", "password-file", TYPE_TEXT, AT(send_password_file), "", 0, 0, NULL, "file with the SMTP password (mode 600), or the name of a systemd credential"},
	{"send", "ca-file", TYPE_TEXT, AT(send_ca_file), "", 0, 0, NULL, "certificates to trust instead of the system's"},
	{"send", "helo", TYPE_TEXT, AT(send_helo), "", 0, 0, NULL, "the name to greet the server with; empty = this machine's"},
	{"send", "cleartext", TYPE_BOOL, AT(send_cleartext), "off", 0, 0, NULL, "allow SMTP without TLS to a server that is not this machine"},
	{"send", "postmen", TYPE_INT, AT(postmen), "1", 1, 4, NULL, "how many processes deliver at once"},
	{"send", "give-up", TYPE_DURATION, AT(give_up_seconds), "3d", 60, 30 * 86400, NULL, "how long a letter that is refused for now is tried again"},
	{"send", "answers-per-hour", TYPE_INT, AT(answers_per_hour), "30", 1, 10000, NULL, "answers to one address in an hour at most"},
	{"auth", "authserv", TYPE_LIST, AT(authservs), "", 0, 0, NULL, "the authserv-id that your own server writes into Authentication-Results (RFC 8601); may be repeated"},
	{"auth", "arc-sealer", TYPE_LIST, AT(sealers), "", 0, 0, NULL, "a domain whose ARC seal is trusted; may be repeated"},
	{"auth", "unstamped", TYPE_CHOICE, AT(unstamped), "confirm", 0, 0, unstamped_words, "what to do with mail that your server did not stamp: ask at the roster address, or accept it (only where nobody outside can deliver to the mailbox)"},
	{"week", "digest", TYPE_BOOL, AT(digest), "on", 0, 0, NULL, "send weekly digests"},
	{"week", "digest-day", TYPE_WEEKDAY, AT(digest_weekday), "Monday", 0, 0, NULL, "the day on which last week's digest goes out"},
	{"week", "digest-time", TYPE_CLOCK, AT(digest_minute), "06:30", 0, 0, NULL, "local time of day"},
	{"week", "approval", TYPE_BOOL, AT(approval), "on", 0, 0, NULL, "send weekly approval mails"},
	{"week", "approval-day", TYPE_WEEKDAY, AT(approval_weekday), "Monday", 0, 0, NULL, "the day on which approvers are asked"},
	{"week", "approval-time", TYPE_CLOCK, AT(approval_minute), "06:00", 0, 0, NULL, "local time of day"},
	{"week", "reports", TYPE_BOOL, AT(reports), "on", 0, 0, NULL, "send auditors the report of each month, on the first of the next at digest-time"},
	{"week", "interview-time", TYPE_CLOCK, AT(interview_minute), "15:30", 0, 0, NULL, "local time of day of the interviews that are proposed, on the next school days"},
	{"links", "titles", TYPE_BOOL, AT(titles), "off", 0, 0, NULL, "fetch the title of a page whose link came without words: one polite request (robots.txt is heeded), never to private networks, never a link that would unsubscribe, confirm or log in, never from an entry that colleagues do not see"},
	{"log", "keep-raw", TYPE_BOOL, AT(keep_raw), "on", 0, 0, NULL, "keep each mail as it came, compressed"},
	{"log", "level", TYPE_CHOICE, AT(log_level), "info", 0, 0, level_words, "what is written to the log"},
};

static const struct setting mailbox_settings[] = {
	{"mailbox", "url", TYPE_TEXT, BOX(url), NULL, 0, 0, NULL, "imaps://user@host/INBOX, imap+starttls://user@host/INBOX, maildir:path"},
	{"mailbox", "password-file", TYPE_TEXT, BOX(password_file), "", 0, 0, NULL, "file with the password (mode 600), or the name of a systemd credential"},
	{"mailbox", "token-file", TYPE_TEXT, BOX(token_file), "", 0, 0, NULL, "file with an OAuth 2 access token, kept fresh by another program; instead of a password"},
	{"mailbox", "ca-file", TYPE_TEXT, BOX(ca_file), "", 0, 0, NULL, "certificates to trust instead of the system's"},
	{"mailbox", "after", TYPE_CHOICE, BOX(marking), "flag", 0, 0, marking_words, "what happens to a mail once it is logged: flag $PLNLogged, move to a folder, or leave"},
	{"mailbox", "move-to", TYPE_TEXT, BOX(move_to), "Logged", 0, 0, NULL, "the folder for after = move"},
	{"mailbox", "poll", TYPE_DURATION, BOX(poll_seconds), "5m", 1, 86400, NULL, "how often to look where the server cannot tell us (IDLE)"},
	{"mailbox", "idle", TYPE_BOOL, BOX(idle), "on", 0, 0, NULL, "let the server tell of new mail (RFC 2177)"},
	{"mailbox", "max-mail", TYPE_SIZE, BOX(max_mail), "35M", 65536, 50 << 20, NULL, "a larger mail is read up to here"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct loading {
	struct config *config;
	struct arena *arena;
	bool seen[COUNT(settings)];
	bool box_seen[64][COUNT(mailbox_settings)];
	struct ini_line last; /* for what is missing at the end */
};

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

/* Enums and int64_t settings share this: an enum field is an unsigned int. */
static void put_number(const struct setting *s, void *field, int64_t value)
{
	if (s->choices == marking_words)
		*(enum marking *)field = (enum marking)value;
	else if (s->choices == unstamped_words)
		*(enum unstamped *)field = (enum unstamped)value;
	else if (s->choices == paper_words)
		*(enum paper_choice *)field = (enum paper_choice)value;
	else
		*(int64_t *)field = value;
}

static int assign(const struct setting *s, void *base, struct arena *arena, const struct ini_line *at, struct err *err)
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
		put_number(s, field, number);
		return 0;
	}
	return 0;
}

static const struct setting *find_setting(const struct setting *table, size_t n, const char *section, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].section, section) == 0 && (key == NULL || strcmp(table[i].key, key) == 0))
			return &table[i];
	return NULL;
}

static int unknown(const struct ini_line *at, const struct setting *table, size_t n, struct err *err)
{
	struct str keys = {0};
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].section, at->section) == 0)
			str_printf(&keys, "%s%s", keys.n == 0 ? "" : ", ", table[i].key);
	err_at(err, at, "[%s] has no key \"%s\"; it has: %s", at->section, at->key, str_c(&keys));
	str_release(&keys);
	return -1;
}

static int take(struct loading *l, const struct setting *table, size_t n, void *base, bool *seen, const struct ini_line *at, struct err *err)
{
	const struct setting *s = find_setting(table, n, at->section, at->key);
	if (s == NULL)
		return unknown(at, table, n, err);
	if (seen[s - table] && s->type != TYPE_LIST)
		return err_at(err, at, "%s is set twice in [%s]: keep one", at->key, at->section);
	seen[s - table] = true;
	return assign(s, base, l->arena, at, err);
}

static int mailbox_section(struct loading *l, const struct ini_line *at, struct err *err)
{
	struct config *c = l->config;
	if (at->name[0] == '\0')
		return err_at(err, at, "a mailbox needs a name: write [mailbox \"main\"]");
	for (size_t i = 0; i < c->n_mailboxes; i++)
		if (strcmp(c->mailboxes[i].name, at->name) == 0)
			return err_at(err, at, "there is a mailbox \"%s\" already: give each its own name", at->name);
	if (c->n_mailboxes == COUNT(l->box_seen))
		return err_at(err, at, "more than %zu mailboxes", COUNT(l->box_seen));
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
		if (find_setting(settings, COUNT(settings), at->section, NULL) == NULL)
			return err_at(err, at, "no section [%s]; there are campus, mailbox \"name\", send, auth, week, log", at->section);
		return 0;
	}
	if (at->section[0] == '\0')
		return err_at(err, at, "\"%s\" stands before the first [section]", at->key);
	if (!box)
		return take(l, settings, COUNT(settings), l->config, l->seen, at, err);
	size_t last = l->config->n_mailboxes - 1;
	return take(l, mailbox_settings, COUNT(mailbox_settings), &l->config->mailboxes[last], l->box_seen[last], at, err);
}

static int fill_table(const struct setting *table, size_t n, void *base, const bool *seen, struct loading *l, const char *name, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct setting *s = &table[i];
		if (seen != NULL && seen[i])
			continue;
		struct ini_line at = {l->last.file, l->last.line, s->section, name, s->key, s->fallback};
		if (s->fallback == NULL && seen != NULL)
			return err_set(err, "%s: [%s%s%s%s] needs %s = … (%s)", l->last.file, s->section, *name ? " \"" : "", name, *name ? "\"" : "", s->key,
			               s->help);
		if (s->fallback != NULL && assign(s, base, l->arena, &at, err) < 0)
			return -1;
	}
	return 0;
}

static int fill_defaults(struct loading *l, struct err *err)
{
	struct config *c = l->config;
	if (fill_table(settings, COUNT(settings), c, l->seen, l, "", err) < 0)
		return -1;
	for (size_t i = 0; i < c->n_mailboxes; i++)
		if (fill_table(mailbox_settings, COUNT(mailbox_settings), &c->mailboxes[i], l->box_seen[i], l, c->mailboxes[i].name, err) < 0)
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

static void print_value(FILE *f, const struct setting *s, const void *base)
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
		fprintf(f, "%s = %s\n", s->key, s->choices[s->choices == level_words ? (unsigned)*(const int64_t *)field : *(const unsigned *)field]);
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

static void print_table(FILE *f, const struct setting *table, size_t n, const void *base, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		const struct setting *s = &table[i];
		if (i == 0 || strcmp(s->section, table[i - 1].section) != 0)
			fprintf(f, *name ? "\n[%s \"%s\"]\n" : "\n[%s]\n", s->section, name);
		fprintf(f, "# %s\n", s->help);
		if (base != NULL)
			print_value(f, s, base);
		else
			fprintf(f, s->fallback == NULL || s->fallback[0] == '\0' ? "#%s = %s\n" : "%s = %s\n", s->key, s->fallback == NULL ? "…" : s->fallback);
	}
}

void config_print(FILE *f, const struct config *c)
{
	print_table(f, settings, COUNT(settings), c, "");
	if (c == NULL)
		print_table(f, mailbox_settings, COUNT(mailbox_settings), NULL, "main");
	for (size_t i = 0; c != NULL && i < c->n_mailboxes; i++)
		print_table(f, mailbox_settings, COUNT(mailbox_settings), &c->mailboxes[i], c->mailboxes[i].name);
}

static void print_man_table(FILE *f, const struct setting *table, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct setting *s = &table[i];
		if (i == 0 || strcmp(s->section, table[i - 1].section) != 0)
			fprintf(f, "%s.Ss [%s%s]\n.Bl -tag -width Ds\n", i == 0 ? "" : ".El\n", s->section, table == mailbox_settings ? " Dq name" : "");
		fprintf(f, ".It Ic %s\n%c%s.\n", s->key, s->help[0], s->help + 1);
		if (s->fallback == NULL)
			fprintf(f, "Must be set.\n");
		else if (s->fallback[0] != '\0')
			fprintf(f, "Default:\n.Ql %s .\n", s->fallback);
	}
	fprintf(f, ".El\n");
}

void config_print_man(FILE *f)
{
	print_man_table(f, settings, COUNT(settings));
	print_man_table(f, mailbox_settings, COUNT(mailbox_settings));
}
