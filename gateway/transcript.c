#include "gateway/transcript.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>

#include "digest/forms.h"
#include "gateway/clock.h"
#include "gateway/paper.h"

#define LINK_MAX 2000 /* a longer address is a page's own state: the entry has it */

struct making {
	struct desk *desk;
	struct transcript t;
	struct transcript_row **by_entry; /* in the order of their numbers */
	size_t n_entries;
};

/* ---- rows */

static const char *provider_of(struct arena *arena, const struct entry *e)
{
	if (e->source != NULL && e->source[0] != '\0')
		return e->source;
	const char *site = e->n_links > 0 ? site_text(arena, e->links[0].url) : "";
	return arena_strndup(arena, site, strcspn(site, "/"));
}

static struct transcript_row row_of(struct arena *arena, const struct entry *e)
{
	const char *link = e->n_links > 0 && strlen(e->links[0].url) <= LINK_MAX ? e->links[0].url : "";
	return (struct transcript_row){
		.entry = e->id, .day = e->day, .title = e->title, .kind = e->kind, .actual = e->actual > 0 ? e->actual : 0,
		.credited = e->claim == CLAIM_APPROVED ? e->credited : 0, .claimed = e->credited, .state = claim_state_name(e->claim),
		.reason = e->redacted ? "its words were removed; the figures stay" : e->reason == NULL ? "" : e->reason, .provider = provider_of(arena, e), .link = link, .file = e->attachment,
		.note = e->note != NULL && e->note[0] != '\0', .message = e->message, .approver = "", .delegate = "", .decided = DAY_NONE,
	};
}

/* What nobody else may see and what claims nothing stays out: a transcript is shown to others. */
static bool belongs(const struct entry *e)
{
	return !e->nocredit && !(e->is_private && (e->claim == CLAIM_NONE || e->claim == CLAIM_WITHDRAWN));
}

static int add_entries(struct making *m, const struct person *p, int32_t from, int32_t to, struct err *err)
{
	struct arena *arena = m->desk->arena;
	struct entries list = {0};
	struct entry_filter filter = {.person = p->id, .from = from, .to = to, .limit = INT_MAX, .also_redacted = true}; /* for the sums */
	if (store_entries(m->desk->store, &filter, arena, &list, err) < 0)
		return -1;
	m->t.rows = arena_alloc(arena, list.n * sizeof *m->t.rows);
	for (size_t i = list.n; i-- > 0;) /* they come with the newest day first */
		if (belongs(&list.v[i]))
			m->t.rows[m->t.n++] = row_of(arena, &list.v[i]);
	return 0;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = (*(struct transcript_row *const *)a)->entry, y = (*(struct transcript_row *const *)b)->entry;
	return (x > y) - (x < y);
}

static void index_entries(struct making *m)
{
	m->by_entry = arena_alloc(m->desk->arena, (m->t.n + 1) * sizeof *m->by_entry);
	m->n_entries = m->t.n;
	for (size_t i = 0; i < m->t.n; i++)
		m->by_entry[i] = &m->t.rows[i];
	qsort(m->by_entry, m->n_entries, sizeof *m->by_entry, by_number);
}

static struct transcript_row *row_with(const struct making *m, int64_t entry)
{
	struct transcript_row want = {.entry = entry};
	const struct transcript_row *key = &want;
	struct transcript_row **found = bsearch(&key, m->by_entry, m->n_entries, sizeof *m->by_entry, by_number);
	return found == NULL ? NULL : *found;
}

/* ---- who decided, and when */

static int name_of(struct making *m, int64_t person, const char **name, struct err *err)
{
	struct person p;
	*name = "";
	if (person == 0)
		return 0;
	int found = store_person(m->desk->store, person, m->desk->arena, &p, err);
	if (found > 0)
		*name = p.name;
	return found < 0 ? -1 : 0;
}

static int set_decision(struct making *m, struct transcript_row *row, const struct ledger_line *line, struct err *err)
{
	row->decided = campus_today(m->desk->campus, NULL, line->at);
	row->line = line->id;
	if (name_of(m, line->by_person, &row->approver, err) < 0)
		return -1;
	return name_of(m, line->delegate, &row->delegate, err);
}

static void clear_decision(struct transcript_row *row)
{
	row->decided = DAY_NONE;
	row->line = 0;
	row->approver = row->delegate = "";
}

static int add_package(struct making *m, const struct ledger_line *line, struct transcript_row **packages, size_t *n, struct err *err)
{
	struct transcript_row *row = ARENA_PUSH(m->desk->arena, *packages, *n);
	*row = (struct transcript_row){.day = line->day, .title = "Package: plan, evidence and interview or write-up", .credited = line->credited,
	                               .claimed = line->credited, .state = "granted", .reason = line->reason, .provider = "", .link = "",
	                               .message = line->message, .approver = "", .delegate = "", .decided = DAY_NONE};
	return set_decision(m, row, line, err);
}

static void revoke_package(struct transcript_row *packages, size_t n, const struct ledger_line *line)
{
	for (size_t i = 0; i < n; i++)
		if (packages[i].line == line->about) {
			packages[i].state = "revoked";
			packages[i].credited = 0;
		}
}

static int read_line(struct making *m, const struct ledger_line *line, int32_t from, int32_t to, struct transcript_row **packages, size_t *n, struct err *err)
{
	struct transcript_row *row = line->entry == 0 ? NULL : row_with(m, line->entry);
	switch (line->verb) {
	case LEDGER_APPROVE:
	case LEDGER_DENY:
	case LEDGER_ASK:
		return row == NULL ? 0 : set_decision(m, row, line, err);
	case LEDGER_CLAIM:
	case LEDGER_UNDO:
	case LEDGER_WITHDRAW:
		if (row != NULL)
			clear_decision(row);
		return 0;
	case LEDGER_GRANT:
		return line->day >= from && line->day < to ? add_package(m, line, packages, n, err) : 0;
	case LEDGER_REVOKE:
		revoke_package(*packages, *n, line);
		return 0;
	case LEDGER_PLAN:
	case LEDGER_REOPEN:
	case LEDGER_MERGE:
	case LEDGER_REDACT:
	case LEDGER_VERB_COUNT:
		break;
	}
	return 0;
}

static int add_decisions(struct making *m, const struct person *p, int32_t from, int32_t to, struct err *err)
{
	struct arena *arena = m->desk->arena;
	struct ledger ledger = {0};
	struct transcript_row *packages = NULL, *all;
	size_t n = 0;
	if (store_ledger(m->desk->store, p->id, 0, arena, &ledger, err) < 0)
		return -1;
	index_entries(m);
	for (size_t i = 0; i < ledger.n; i++)
		if (read_line(m, &ledger.v[i], from, to, &packages, &n, err) < 0)
			return -1;
	all = arena_alloc(arena, (m->t.n + n) * sizeof *all);
	if (m->t.n > 0)
		memcpy(all, m->t.rows, m->t.n * sizeof *all);
	if (n > 0)
		memcpy(all + m->t.n, packages, n * sizeof *all);
	m->t.rows = all;
	m->t.n += n;
	return 0;
}

static int add_figures(struct making *m, const struct person *p, int32_t from, int32_t to, struct err *err)
{
	const struct policy *policy = ruleset_policy(m->desk->campus->rules);
	struct terms terms;
	struct totals totals;
	uint8_t hash[HASH_BYTES] = {0};
	char hex[2 * HASH_BYTES + 1];
	if (store_totals(m->desk->store, p->id, from, to, &totals, err) < 0 || store_line_hash(m->desk->store, 0, &m->t.line, hash, err) < 0)
		return -1;
	hash_hex(hex, hash);
	m->t.line_hash = arena_strdup(m->desk->arena, hex);
	m->t.approved = totals.approved;
	m->t.granted = totals.granted;
	m->t.waiting = totals.waiting;
	ruleset_terms(m->desk->campus->rules, p->role, p->joined, m->t.issued < to ? m->t.issued : to - 1, m->desk->arena, &terms);
	m->t.cap = terms.pln_cap;
	m->t.requirement = terms.requirement;
	m->t.credit = terms.earns && policy->mode != POLICY_OFF;
	return 0;
}

int transcript_make(struct desk *desk, const struct person *p, int32_t year, struct transcript *out, struct err *err)
{
	struct making m = {.desk = desk, .t = {.campus = desk->campus->config.name, .person = p->name, .code = ""}};
	int32_t from, to;
	char name[16];
	campus_year(desk->campus, year, &from, &to, name);
	m.t.year = arena_strdup(desk->arena, name);
	m.t.issued = campus_today(desk->campus, NULL, desk->now);
	if (add_entries(&m, p, from, to, err) < 0 || add_decisions(&m, p, from, to, err) < 0 || add_figures(&m, p, from, to, err) < 0)
		return -1;
	*out = m.t;
	return 0;
}

/* ---- issuing */

static void hash_line(const struct transcript *t, uint8_t hash[HASH_BYTES])
{
	for (size_t i = 0; i < HASH_BYTES; i++) {
		char hex[3] = {t->line_hash[2 * i], t->line_hash[2 * i + 1], '\0'};
		hash[i] = (uint8_t)strtoul(hex, NULL, 16);
	}
}

int transcript_issue(struct desk *desk, const struct person *p, int32_t year, struct transcript *out, struct str *csv, struct err *err)
{
	struct str text = {.max = 16 << 20};
	struct transcript t;
	struct transcript_file file;
	char code[TRANSCRIPT_CODE];
	int result = transcript_make(desk, p, year, &t, err);
	if (result == 0) {
		transcript_csv(&text, &t, desk->arena);
		result = text.cut ? err_set(err, "%s's transcript is longer than any transcript may be", p->name)
		                  : transcript_read("transcript", (struct span){str_c(&text), text.n}, desk->arena, &file, err);
	}
	if (result == 0) {
		struct issued_transcript issued = {.code = code, .person = p->id, .year = year, .issued_at = desk->now, .line = t.line};
		transcript_code(code, file.content);
		memcpy(issued.content_hash, file.content, HASH_BYTES);
		hash_line(&t, issued.line_hash);
		t.code = arena_strdup(desk->arena, code);
		result = store_add_transcript(desk->store, &issued, err);
	}
	str_release(&text);
	if (result == 0 && csv != NULL)
		transcript_csv(csv, &t, desk->arena);
	if (result == 0)
		*out = t;
	return result;
}

const char *transcript_stem(struct arena *arena, const struct transcript *t)
{
	char *stem = arena_printf(arena, "transcript-%s-%s", t->year, t->person);
	size_t n = 0;
	for (const char *p = stem; *p != '\0' && n < 60; p++) {
		if (isalnum((unsigned char)*p))
			stem[n++] = (char)tolower((unsigned char)*p);
		else if (n > 0 && stem[n - 1] != '-')
			stem[n++] = '-';
	}
	while (n > 0 && stem[n - 1] == '-')
		n--;
	stem[n] = '\0';
	return stem;
}
