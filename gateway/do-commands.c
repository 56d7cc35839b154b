#include "gateway/clock.h"
#include "gateway/desk.h"

/* Commands by mail: each is a row, each answers with one letter. */

#define HITS 10
#define COMMANDS_MAX 5 /* of one mail */
#define FOR_EVER (100LL * 366 * 86400)

typedef int command_fn(struct desk *, struct matter *, const struct command *, struct err *);

static int post_hits(struct desk *desk, struct matter *m, const struct command *c, const struct hits *hits, struct err *err)
{
	struct frame_facts facts;
	struct letter letter;
	struct str ids = {0};
	for (size_t i = 0; i < hits->n; i++)
		str_printf(&ids, "%s%lld", i == 0 ? "" : " ", (long long)hits->v[i].id);
	struct post post = {.purpose = LETTER_ANSWER, .person = m->person, .answers = m->reading,
	                    .entry = hits->full && hits->v[0].person == m->person->id ? hits->v[0].id : 0,
	                    .numbered = hits->full || hits->n == 0 ? NULL : arena_strdup(desk->arena, str_c(&ids)),
	                    .key = arena_printf(desk->arena, "%s:%lld:%s", command_name(c->verb), (long long)m->message, c->rest)};
	str_release(&ids);
	post_address(desk, &post, &facts);
	if (letter_hits(&letter, &desk->campus->templates, &facts, hits, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}

static int say(struct desk *desk, struct matter *m, const char *what, const char *subject, const char *line, struct err *err)
{
	struct answer answer = {.subject = subject};
	strs_add(&answer.lines, desk->arena, line);
	return post_answer(desk, m, what, &answer, err);
}

static int on_status(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct credit_status status;
	struct frame_facts facts;
	struct letter letter;
	(void)c;
	struct post post = {.purpose = LETTER_ANSWER, .person = m->person, .answers = m->reading,
	                    .key = arena_printf(desk->arena, "status:%lld", (long long)m->message)};
	post_address(desk, &post, &facts);
	if (credit_status_of(desk, m->person, HITS, &status, err) < 0 ||
	    letter_status(&letter, &desk->campus->templates, &facts, &status, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}

static int names_of(struct desk *desk, const struct matter *m, const struct entries *list, const char ***who, struct err *err)
{
	*who = arena_alloc(desk->arena, (list->n + 1) * sizeof **who);
	for (size_t i = 0; i < list->n; i++) {
		struct person p;
		int found = list->v[i].person == m->person->id ? 0 : store_person(desk->store, list->v[i].person, desk->arena, &p, err);
		if (found < 0)
			return -1;
		(*who)[i] = found > 0 ? p.name : "you";
	}
	return 0;
}

static int on_find(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct entries list = {0};
	const char **who;
	if (c->rest[0] == '\0')
		return say(desk, m, "find", "find what?", "Write find and the words to look for, as in: find exit tickets", err);
	if (store_find(desk->store, c->rest, m->person->id, HITS, desk->arena, &list, err) < 0 || names_of(desk, m, &list, &who, err) < 0)
		return -1;
	struct hits hits = {.title = arena_printf(desk->arena, "%zu found for %s", list.n, c->rest), .v = list.v, .n = list.n, .who = who};
	return post_hits(desk, m, c, &hits, err);
}

static int on_list(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct entries list = {0};
	struct entry_filter filter = {.person = m->person->id, .from = DAY_NONE, .to = DAY_NONE, .kind = kind_of_word(span_of(c->rest)), .limit = 3 * HITS};
	if (filter.kind == KIND_NONE && c->rest[0] != '\0')
		filter.tag = c->rest[0] == '#' ? c->rest + 1 : c->rest;
	if (store_entries(desk->store, &filter, desk->arena, &list, err) < 0)
		return -1;
	const char *what = c->rest[0] == '\0' ? "" : arena_printf(desk->arena, ": %s", c->rest);
	struct hits hits = {.title = arena_printf(desk->arena, "Your latest %zu entries%s", list.n, what), .v = list.v, .n = list.n};
	return post_hits(desk, m, c, &hits, err);
}

static int history_lines(struct desk *desk, const struct entry *e, struct strs *lines, struct err *err)
{
	struct changes changes = {0};
	struct ledger ledger = {0};
	char day[24];
	if (store_history(desk->store, e->id, desk->arena, &changes, err) < 0 || store_ledger(desk->store, 0, e->id, desk->arena, &ledger, err) < 0)
		return -1;
	for (size_t i = 0; i < changes.n && i < 50; i++) {
		const struct change *c = &changes.v[i];
		strs_add(lines, desk->arena, arena_printf(desk->arena, "%s: %s was %s, is %s", day_short(day, campus_today(desk->campus, NULL, c->at), DAY_NONE), c->field,
		                                          c->was[0] == '\0' ? "empty" : c->was, c->is[0] == '\0' ? "empty" : c->is));
	}
	for (size_t i = 0; i < ledger.n && i < 50; i++) {
		const struct ledger_line *l = &ledger.v[i];
		strs_add(lines, desk->arena, arena_printf(desk->arena, "%s: credit %s, %s (%s)", day_short(day, campus_today(desk->campus, NULL, l->at), DAY_NONE),
		                                          ledger_verb_name(l->verb), minutes_text(desk->arena, l->credited), l->reason));
	}
	return 0;
}

/* The number that was said, or the entry that is answered; 0 = neither. */
static int64_t entry_meant(const struct matter *m, const struct command *c)
{
	return c->number != 0 ? c->number : m->letter != NULL ? m->letter->entry : 0;
}

static int on_show(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct entry e;
	struct strs history = {0};
	int64_t id = entry_meant(m, c);
	int found = id == 0 ? 0 : store_entry(desk->store, id, desk->arena, &e, err);
	if (found < 0)
		return -1;
	if (found == 0 || (e.person != m->person->id && (e.is_private || e.nocredit || e.undone)))
		return say(desk, m, "show", arena_printf(desk->arena, "no entry %lld", (long long)id), "You have no entry of that number, and none is shared. Write list to see yours.", err);
	bool mine = e.person == m->person->id;
	if (mine && history_lines(desk, &e, &history, err) < 0)
		return -1;
	struct entries one = {&e, 1};
	const char **who;
	if (names_of(desk, m, &one, &who, err) < 0)
		return -1;
	struct hits hits = {.title = arena_printf(desk->arena, "%lld: %s", (long long)e.id, e.title), .v = &e, .n = 1, .full = true, .history = &history,
	                    .who = mine ? NULL : who};
	return post_hits(desk, m, c, &hits, err);
}

/* undo, private, share, star outside an answer to a receipt: they need a number; a plain undo means the latest entry. */
static int on_change(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct entries latest = {0};
	int64_t id = entry_meant(m, c);
	struct entry_filter filter = {.person = m->person->id, .from = DAY_NONE, .to = DAY_NONE, .limit = 1};
	if (id == 0) {
		if (store_entries(desk->store, &filter, desk->arena, &latest, err) < 0)
			return -1;
		const char *hint = latest.n == 0 ? "" : arena_printf(desk->arena, " Your latest is %lld: %s.", (long long)latest.v[0].id, latest.v[0].title);
		return say(desk, m, command_name(c->verb), "which entry?",
		           arena_printf(desk->arena, "Nothing was changed: write %s and the number, or answer its receipt.%s", command_name(c->verb), hint), err);
	}
	struct entry e;
	int found = store_entry(desk->store, id, desk->arena, &e, err);
	if (found < 0)
		return -1;
	if (found == 0 || e.person != m->person->id)
		return say(desk, m, command_name(c->verb), "not yours", arena_printf(desk->arena, "Nothing was changed: you have no entry %lld.", (long long)id), err);
	struct command only = *c;
	struct said one = {.tagging = {.minutes = MINUTES_NONE, .day = DAY_NONE, .note = ""}, .commands = &only, .n_commands = 1};
	if (amend_entry(desk, m, &one, &e, &(struct strs){0}, err) < 0)
		return -1;
	static const char *const said[COMMAND_COUNT] = {[COMMAND_UNDO] = "is taken out of the log", [COMMAND_STAR] = "is starred",
	                                                [COMMAND_PRIVATE] = "is hidden from colleagues", [COMMAND_SHARE] = "is shared with colleagues"};
	return say(desk, m, command_name(c->verb), arena_printf(desk->arena, "%lld %s", (long long)id, said[c->verb]),
	           arena_printf(desk->arena, "%lld %s.", (long long)id, said[c->verb]), err);
}

static int on_pause(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	char day[24];
	struct person p = *m->person;
	bool dated = c->day != DAY_NONE;
	p.paused_until = dated ? clock_utc(campus_zone(desk->campus, &p), c->day, 0) : desk->now + FOR_EVER;
	p.paused_why = NULL;
	if (store_put_person(desk->store, &p, err) < 0)
		return -1;
	const char *until = dated ? arena_printf(desk->arena, "until %s", day_short(day, c->day, campus_today(desk->campus, &p, desk->now))) : "until you write resume";
	return say(desk, m, "pause", "Digests are paused", arena_printf(desk->arena, "No digests %s. You may log all the same; answers to what you write still come.", until), err);
}

static int on_resume(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct person p = *m->person;
	(void)c;
	p.paused_until = 0;
	p.paused_why = NULL;
	if (p.digest == RHYTHM_NEVER)
		p.digest = RHYTHM_WEEKLY;
	if (store_put_person(desk->store, &p, err) < 0)
		return -1;
	return say(desk, m, "resume", "Digests come again", "Your next digest comes with the next week.", err);
}

static int on_receipts(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct person p = *m->person;
	struct span word = span_trim(span_of(c->rest));
	for (unsigned i = 0; i < WISH_COUNT; i++)
		if (span_eq_nocase(word, wish_name((enum wish)i))) {
			p.receipts = (enum wish)i;
			if (store_put_person(desk->store, &p, err) < 0)
				return -1;
			return say(desk, m, "receipts", "Receipts", arena_printf(desk->arena, "Receipts: %s.", wish_name(p.receipts)), err);
		}
	return say(desk, m, "receipts", "Receipts?", "Say receipts always, receipts digest, receipts never, or receipts first (for the first five entries).", err);
}

static int post_help(struct desk *desk, struct matter *m, const char *key, struct err *err)
{
	struct frame_facts facts;
	struct letter letter;
	struct post post = {.purpose = LETTER_ANSWER, .person = m->person, .answers = m->reading, .key = key};
	post_address(desk, &post, &facts);
	if (letter_help(&letter, &desk->campus->templates, &facts, m->person->role == ROLE_APPROVER, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}

static int on_help(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	(void)c;
	return post_help(desk, m, arena_printf(desk->arena, "help:%lld", (long long)m->message), err);
}

/* Words that ask for nothing: once a day, lest two machines help one another for ever. */
static int help_unasked(struct desk *desk, struct matter *m, struct err *err)
{
	return post_help(desk, m, arena_printf(desk->arena, "help:%lld:%lld", (long long)m->person->id, (long long)(desk->now / 86400)), err);
}

/* yes and no answer a question; thanks answers a digest's item. Alone they ask for nothing. */
static int on_nothing(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	(void)desk, (void)m, (void)c, (void)err;
	return 0;
}

static command_fn *const commands[] = {
	[COMMAND_STATUS] = on_status, [COMMAND_FIND] = on_find, [COMMAND_SHOW] = on_show, [COMMAND_LIST] = on_list,
	[COMMAND_UNDO] = on_change, [COMMAND_PRIVATE] = on_change, [COMMAND_SHARE] = on_change, [COMMAND_STAR] = on_change,
	[COMMAND_HELP] = on_help, [COMMAND_PAUSE] = on_pause, [COMMAND_RESUME] = on_resume,
	[COMMAND_YES] = on_nothing, [COMMAND_NO] = on_nothing, [COMMAND_THANKS] = on_nothing, [COMMAND_RECEIPTS] = on_receipts,
	[COMMAND_PLAN] = on_plan, [COMMAND_GOAL] = on_goal, [COMMAND_READY] = on_ready, [COMMAND_EXPORT] = on_export, [COMMAND_REOPEN] = on_reopen,
	[COMMAND_DELEGATE] = on_delegate,
};
_Static_assert(sizeof commands / sizeof *commands == COMMAND_COUNT, "a row for each command");

int do_commands(struct desk *desk, struct matter *m, struct err *err)
{
	const struct said *s = &m->reading->said;
	size_t n = s->n_commands < COMMANDS_MAX ? s->n_commands : COMMANDS_MAX;
	for (size_t i = 0; i < n; i++)
		if (commands[s->commands[i].verb](desk, m, &s->commands[i], err) < 0)
			return -1;
	return n == 0 ? help_unasked(desk, m, err) : 0;
}
