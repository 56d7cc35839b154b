#include <stdio.h>

#include "gateway/clock.h"
#include "gateway/desk.h"
#include "gateway/keeper.h"
#include "gateway/log.h"
#include "gateway/report.h"

/* The report of the month before, to each auditor, on the first of the month at the digest's hour. After a long silence the last month
 * only. Each report is of days of its own: no two of them can be subtracted from each other. */

struct month {
	struct campus *campus;
	int64_t now;
	int32_t from, to;
	const char *key; /* "2026-10" */
	struct campus_report report;
	struct letter page;
	struct str csv;
	struct arena arena;
};

static const char *month_words(struct arena *arena, int32_t day)
{
	static const char *const names[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
	struct civil c = day_civil(day);
	return arena_printf(arena, "%s %d", names[c.month - 1], c.year);
}

static int make_report(struct month *m, struct err *err)
{
	struct frame_facts facts = report_facts(m->campus, m->to);
	if (report_make(m->campus, m->from, m->to, month_words(&m->arena, m->from), false, &m->arena, &m->report, err) < 0)
		return -1;
	m->csv.max = 4 << 20;
	report_csv(&m->csv, &m->report, &m->arena);
	return page_report(&m->page, &m->campus->templates, &facts, &m->report, &m->arena, err);
}

static int send_report(struct month *m, const struct person *p, struct err *err)
{
	struct desk desk = {m->campus, m->campus->store, &m->arena, m->now};
	struct frame_facts facts;
	struct letter letter;
	const struct mail_part parts[] = {
		{arena_printf(&m->arena, "report-%s.html", m->key), "text/html; charset=utf-8", span_of(m->page.html)},
		{arena_printf(&m->arena, "report-%s.csv", m->key), "text/csv; charset=utf-8", {str_c(&m->csv), m->csv.n}},
	};
	struct post post = {.purpose = LETTER_REPORT, .person = p, .key = arena_printf(&m->arena, "report:%s:%lld", m->key, (long long)p->id),
	                    .parts = parts, .n_parts = sizeof parts / sizeof *parts};
	post_address(&desk, &post, &facts);
	if (letter_monthly(&letter, &m->campus->templates, &facts, &m->report, &m->arena, err) < 0)
		return -1;
	return post_letter(&desk, &post, &letter, err);
}

static bool is_auditor(const struct person *p, int64_t now)
{
	return p->role == ROLE_AUDITOR && !p->left && p->paused_until <= now;
}

/* 1 with how many were written, -1. One transaction: the keys make it harmless to begin again. */
static int send_reports(struct month *m, const struct roster *people, size_t *n, struct err *err)
{
	if (store_begin(m->campus->store, err) < 0)
		return -1;
	for (size_t i = 0; i < people->n; i++) {
		int sent = is_auditor(&people->people[i], m->now) ? send_report(m, &people->people[i], err) : 0;
		if (sent < 0) {
			store_rollback(m->campus->store);
			return -1;
		}
		*n += sent > 0;
	}
	return store_commit(m->campus->store, err);
}

static bool any_auditor(const struct roster *people, int64_t now)
{
	for (size_t i = 0; i < people->n; i++)
		if (is_auditor(&people->people[i], now))
			return true;
	return false;
}

static void log_month(const struct month *m, size_t n)
{
	log_begin(LOG_LINE_INFO, "reports");
	log_text("month", m->key);
	log_int("letters", (int64_t)n);
	log_end();
}

static int report_month(struct month *m, struct err *err)
{
	struct roster people = {0};
	size_t n = 0;
	if (store_people(m->campus->store, false, &m->arena, &people, err) < 0)
		return -1;
	if (!any_auditor(&people, m->now))
		return 0;
	if (make_report(m, err) < 0 || send_reports(m, &people, &n, err) < 0)
		return -1;
	log_month(m, n);
	return 0;
}

static int32_t first_of(struct civil c, int months_before)
{
	int number = c.year * 12 + c.month - 1 - months_before;
	return day_from_civil((struct civil){number / 12, number % 12 + 1, 1});
}

int monthly_due(struct campus *campus, int64_t now, struct err *err)
{
	const char *zone = campus->config.zone;
	struct civil today = day_civil(clock_day(zone, now));
	int32_t first = first_of(today, 0);
	if (clock_utc(zone, first, (int)campus->config.digest_minute) > now)
		first = first_of(today, 1);
	int64_t due = clock_utc(zone, first, (int)campus->config.digest_minute);
	int is = campus->config.reports ? due_since(campus, "reports-done", due, err) : 0;
	if (is <= 0)
		return is;
	struct month m = {.campus = campus, .now = now, .to = first, .from = first_of(day_civil(first), 1)};
	struct civil c = day_civil(m.from);
	m.key = arena_printf(&m.arena, "%d-%02d", c.year, c.month);
	int result = report_month(&m, err);
	str_release(&m.csv);
	arena_release(&m.arena);
	return result < 0 ? -1 : due_done(campus, "reports-done", due, err);
}
