#include "gateway/store/store-sql.h"

#include <stdlib.h>

#include "digest/records.h"

#define NAMED_MAX 12
#define HOURS (24 * 400)

/* A year's sums. Each query goes through the people one after the other, so that who stands behind a figure is counted without
 * remembering anybody: what one person did is gathered, then added at once. */

_Static_assert(ROLE_TEACHER == 0 && ROLE_APPROVER == 1 && LEDGER_CLAIM == 0, "named in the statements");

struct tally { /* of one person */
	int64_t minutes[KIND_COUNT][REPORT_MONTHS], credited[KIND_COUNT];
	int64_t gave[REPORT_MONTHS], took[REPORT_MONTHS];
	int64_t entries, starred, applied, capped, stated, granted, outcome[OUTCOMES];
	int need;
	bool staff;
};

struct counting {
	struct campus_report *r;
	need_fn *need;
	void *ctx;
	struct tally tally;
	int64_t person; /* 0 = none yet */
};

static void add(struct cell *cell, int64_t value)
{
	cell->value += value;
	cell->people += value != 0;
}

/* Entries whose minutes are nothing are somebody's all the same. */
static void add_for(struct cell *cell, int64_t value, bool concerned)
{
	cell->value += value;
	cell->people += concerned;
}

static size_t band_of(const struct tally *t)
{
	int64_t approved = t->outcome[OUTCOME_APPROVED] + t->granted;
	if (approved <= 0)
		return 0;
	if (t->need <= 0 || approved >= t->need)
		return BANDS - 1;
	return 1 + (size_t)(approved * 4 / t->need);
}

static size_t volume_of(int64_t entries)
{
	static const int64_t most[VOLUMES - 1] = {9, 29, 99};
	size_t i = 0;
	while (i < VOLUMES - 1 && entries > most[i])
		i++;
	return i;
}

static void add_months(struct campus_report *r, const struct tally *t)
{
	size_t columns = r->n_months + 1;
	int64_t all_gave = 0, all_took = 0, sum[REPORT_MONTHS + 1] = {0};
	for (size_t m = 0; m < r->n_months; m++) {
		add(&r->flow[m], t->gave[m]);
		add(&r->flow[columns + m], t->took[m]);
		add(&r->flow[2 * columns + m], t->gave[m] + t->took[m]);
		add_for(&r->active[m], t->gave[m] + t->took[m] > 0, t->gave[m] + t->took[m] > 0);
		all_gave += t->gave[m];
		all_took += t->took[m];
	}
	add(&r->flow[r->n_months], all_gave);
	add(&r->flow[columns + r->n_months], all_took);
	add(&r->flow[2 * columns + r->n_months], all_gave + all_took);
	for (size_t k = 0; k < KIND_COUNT; k++) {
		int64_t row = 0;
		for (size_t m = 0; m < r->n_months; m++) {
			add(&r->minutes[k * columns + m], t->minutes[k][m]);
			row += t->minutes[k][m];
			sum[m] += t->minutes[k][m];
		}
		add(&r->minutes[k * columns + r->n_months], row);
		sum[r->n_months] += row;
	}
	for (size_t m = 0; m <= r->n_months; m++)
		add(&r->minutes[KIND_COUNT * columns + m], sum[m]);
}

static void add_volume(struct campus_report *r, const struct tally *t)
{
	const size_t at[] = {volume_of(t->entries), VOLUMES};
	for (size_t i = 0; i < 2; i++) {
		add(&r->volumes[at[i]], 1);
		add_for(&r->volume_entries[at[i]], t->entries, true);
		add_for(&r->volume_minutes[at[i]], t->outcome[OUTCOME_APPROVED], true);
	}
}

static void add_outcome(struct campus_report *r, const struct tally *t)
{
	for (size_t i = 0; i < OUTCOMES; i++)
		add(&r->outcome[i], t->outcome[i]);
	add(&r->outcome[OUTCOMES], t->stated);
	add(r->granted, t->granted);
	add(r->entries, t->entries);
	add(r->starred, t->starred);
	add(r->applied, t->applied);
	add(r->capped, t->capped);
}

static void end_person(struct counting *c)
{
	struct campus_report *r = c->r;
	struct tally *t = &c->tally;
	int64_t credited = 0;
	size_t kinds = 0;
	if (c->person == 0 || (!t->staff && t->entries == 0))
		return;
	r->staff++;
	add(&r->bands[band_of(t)], 1);
	add(&r->bands[BANDS], 1);
	add_outcome(r, t);
	if (t->entries == 0)
		return;
	add(r->people, 1);
	add_months(r, t);
	add_volume(r, t);
	for (size_t k = 0; k < KIND_COUNT; k++) {
		bool used = false;
		for (size_t m = 0; m < r->n_months; m++)
			used = used || t->minutes[k][m] > 0;
		add(&r->credited[k], t->credited[k]);
		credited += t->credited[k];
		kinds += used && k != KIND_NONE;
	}
	add(&r->credited[KIND_COUNT], credited);
	if (kinds > 0) {
		add(&r->breadths[kinds > BREADTHS ? BREADTHS - 1 : kinds - 1], 1);
		add(&r->breadths[BREADTHS], 1);
	}
}

static const int outcome_of[] = {
	[CLAIM_NONE] = OUTCOME_UNCOUNTED, [CLAIM_WAITING] = OUTCOME_WAITING, [CLAIM_APPROVED] = OUTCOME_APPROVED, [CLAIM_DENIED] = OUTCOME_DENIED,
	[CLAIM_ASKED] = OUTCOME_WAITING, [CLAIM_WITHDRAWN] = OUTCOME_UNCOUNTED,
};
_Static_assert(sizeof outcome_of / sizeof *outcome_of == CLAIM_COUNT, "an outcome for each");

static void add_entry(struct counting *c, sqlite3_stmt *stmt)
{
	struct tally *t = &c->tally;
	enum entry_kind kind = col_enum(stmt, 4, KIND_COUNT);
	size_t month = report_month_of(c->r, col_day(stmt, 3));
	int64_t actual = col_int(stmt, 6) > 0 ? col_int(stmt, 6) : 0, credited = col_int(stmt, 7), counted = 0;
	t->entries++;
	t->minutes[kind][month] += actual;
	*(kind_gives(kind) ? &t->gave[month] : &t->took[month]) += 1;
	t->stated += actual;
	t->starred += col_bool(stmt, 8);
	t->applied += kind == KIND_APPLIED;
	t->capped += col_bool(stmt, 9);
	int outcome = outcome_of[col_enum(stmt, 5, CLAIM_COUNT)];
	if (outcome != OUTCOME_UNCOUNTED)
		t->outcome[outcome] += counted = credited;
	if (outcome == OUTCOME_APPROVED)
		t->credited[kind] += credited;
	/* a rule that multiplies counts more than was stated */
	t->outcome[actual < counted ? OUTCOME_ABOVE : OUTCOME_UNCOUNTED] += actual - counted;
}

static void begin_person(struct counting *c, sqlite3_stmt *stmt)
{
	end_person(c);
	c->person = col_int(stmt, 0);
	c->tally = (struct tally){.need = c->need(c->ctx, col_enum(stmt, 1, PERSON_ROLE_COUNT), (int32_t)col_int(stmt, 11)),
	                          .staff = !col_bool(stmt, 2), .granted = col_int(stmt, 10)};
}

/* What is #nocredit is its owner's alone: it is in no sum. */
static const char everybody[] =
	"SELECT p.id, p.role, p.gone, e.day, e.kind, e.claim, e.actual, e.credited, e.starred, e.flag LIKE 'over the %',"
	" (SELECT coalesce(sum(CASE l.verb WHEN 7 THEN l.credited ELSE -l.credited END), 0) FROM ledger l WHERE l.entry IS NULL AND l.verb IN (7, 8)"
	"  AND l.person IN (SELECT s.id FROM person s WHERE s.id = p.id OR s.merged_into = p.id) AND l.day >= ?1 AND l.day < ?2), p.joined"
	" FROM person p LEFT JOIN entry e ON e.person = p.id AND e.day >= ?1 AND e.day < ?2 AND e.undone = 0 AND e.nocredit = 0"
	" WHERE p.role IN (0, 1) AND p.merged_into IS NULL ORDER BY p.id";

static int count_entries(struct store *store, need_fn *need, void *ctx, struct campus_report *r, struct err *err)
{
	struct counting *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	*c = (struct counting){.r = r, .need = need, .ctx = ctx};
	sqlite3_stmt *stmt = sql_start(store, everybody, BIND(v_int(r->from), v_int(r->to)), err);
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1) {
		if (col_int(stmt, 0) != c->person)
			begin_person(c, stmt);
		if (sqlite3_column_type(stmt, 3) != SQLITE_NULL)
			add_entry(c, stmt);
	}
	sql_end(stmt);
	if (got == 0)
		end_person(c);
	free(c);
	return got;
}

/* ---- how long a claim waited for its decision */

struct waits {
	struct campus_report *r;
	int64_t person, entry, since;
	int64_t mine[DELAYS];  /* of this person */
	int64_t hours[HOURS], decisions;
	int people;
};

static size_t delay_of(int64_t hours)
{
	static const int64_t most[DELAYS - 1] = {1, 3, 7, 14, 30, 60};
	size_t i = 0;
	while (i < DELAYS - 1 && hours > most[i] * 24)
		i++;
	return i;
}

static void end_waiting(struct waits *w)
{
	int64_t all = 0;
	for (size_t i = 0; i < DELAYS; i++) {
		add(&w->r->delays[i], w->mine[i]);
		all += w->mine[i];
		w->mine[i] = 0;
	}
	add(&w->r->delays[DELAYS], all);
	w->people += all > 0;
}

static void add_wait(struct waits *w, int64_t seconds)
{
	int64_t hours = seconds < 0 ? 0 : seconds / 3600;
	w->mine[delay_of(hours)]++;
	w->hours[hours < HOURS ? hours : HOURS - 1]++;
	w->decisions++;
}

static void one_line(struct waits *w, sqlite3_stmt *stmt)
{
	enum ledger_verb verb = col_enum(stmt, 2, LEDGER_VERB_COUNT);
	if (col_int(stmt, 0) != w->person)
		end_waiting(w);
	w->person = col_int(stmt, 0);
	if (col_int(stmt, 1) != w->entry)
		w->since = 0;
	w->entry = col_int(stmt, 1);
	if (verb == LEDGER_CLAIM)
		w->since = col_int(stmt, 3);
	else if ((verb == LEDGER_APPROVE || verb == LEDGER_DENY) && w->since != 0) {
		add_wait(w, col_int(stmt, 3) - w->since);
		w->since = 0;
	}
}

/* Hours until that many of a thousand were decided. */
static int64_t hours_until(const struct waits *w, int64_t permille)
{
	int64_t want = (w->decisions * permille + 999) / 1000, seen = 0;
	for (int64_t h = 0; h < HOURS; h++)
		if ((seen += w->hours[h]) >= want)
			return h;
	return HOURS;
}

/* CROSS JOIN keeps the loops in this order: a person's entries, an entry's lines, each together. */
static const char lines_of_entries[] =
	"SELECT p.id, e.id, l.verb, l.at FROM person p CROSS JOIN entry e ON e.person = p.id AND e.day >= ?1 AND e.day < ?2 AND e.undone = 0"
	" CROSS JOIN ledger l INDEXED BY ledger_entry ON l.entry = e.id WHERE p.role IN (0, 1)";

static int count_waits(struct store *store, struct campus_report *r, struct err *err)
{
	struct waits *w = calloc(1, sizeof *w);
	if (w == NULL)
		abort();
	w->r = r;
	sqlite3_stmt *stmt = sql_start(store, lines_of_entries, BIND(v_int(r->from), v_int(r->to)), err);
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1)
		one_line(w, stmt);
	sql_end(stmt);
	end_waiting(w);
	r->speed[0] = (struct cell){hours_until(w, 500), w->people, w->decisions == 0};
	r->speed[1] = (struct cell){hours_until(w, 900), w->people, w->decisions == 0};
	free(w);
	return got;
}

/* ---- where it came from, what it was about */

#define HOST "substr(u, 1, instr(u || '/', '/') - 1)"
static const char shared_hosts[] =
	"SELECT CASE WHEN h LIKE 'www.%' THEN substr(h, 5) ELSE h END AS host, count(DISTINCT person) AS people, count(*) FROM"
	" (SELECT person, " HOST " AS h FROM (SELECT e.person AS person, substr(l.url, instr(l.url, '://') + 3) AS u"
	"  FROM entry e JOIN person p ON p.id = e.person JOIN entry_link x ON x.entry = e.id JOIN link l ON l.id = x.link"
	"  WHERE e.day >= ?1 AND e.day < ?2 AND p.role IN (0, 1) AND e.nocredit = 0 AND " SQL_SHARED "))"
	" GROUP BY host ORDER BY people DESC, 3 DESC, host";
static const char shared_topics[] =
	"SELECT t.tag, count(DISTINCT e.person) AS people, count(*) FROM entry e JOIN person p ON p.id = e.person JOIN entry_tag t ON t.entry = e.id"
	" WHERE e.day >= ?1 AND e.day < ?2 AND p.role IN (0, 1) AND e.nocredit = 0 AND " SQL_SHARED
	" AND t.tag NOT IN ('pln', 'star', 'private', 'nocredit', 'share') GROUP BY t.tag ORDER BY people DESC, 3 DESC, t.tag";

static int count_named(struct store *store, const char *sql, const struct campus_report *r, struct arena *arena, struct named_count **v, size_t *n, int64_t *all,
                       struct err *err)
{
	sqlite3_stmt *stmt = sql_start(store, sql, BIND(v_int(r->from), v_int(r->to)), err);
	int got = -1;
	while (stmt != NULL && (got = sql_next(store, stmt, err)) == 1) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);
		int people = (int)col_int(stmt, 1);
		++*all;
		if (*n < NAMED_MAX && people >= FEW && name != NULL && kind_of_word(span_of(name)) == KIND_NONE)
			*ARENA_PUSH(arena, *v, *n) = (struct named_count){arena_strdup(arena, name), col_int(stmt, 2), people};
	}
	sql_end(stmt);
	return got;
}

int store_report(struct store *store, need_fn *need, void *ctx, struct arena *arena, struct campus_report *out, struct err *err)
{
	struct campus_report r = *out;
	int64_t topics = 0;
	report_months(&r, arena);
	if (count_entries(store, need, ctx, &r, err) < 0 || count_waits(store, &r, err) < 0)
		return -1;
	if (count_named(store, shared_hosts, &r, arena, &r.hosts, &r.n_hosts, &r.all_hosts->value, err) < 0 ||
	    count_named(store, shared_topics, &r, arena, &r.topics, &r.n_topics, &topics, err) < 0)
		return -1;
	r.all_hosts->people = r.people->people;
	*out = r;
	return 0;
}
