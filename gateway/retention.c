#include "gateway/retention.h"

#include "gateway/clock.h"

int32_t retention_before(const struct campus *campus, int64_t now)
{
	const struct policy *p = ruleset_policy(campus->rules);
	int32_t day = day_year_start(campus_today(campus, NULL, now), p->year_month, p->year_day);
	for (int i = 0; i < p->retention_years; i++)
		day = day_year_start(day - 1, p->year_month, p->year_day);
	return day;
}

static int32_t year_of(void *ctx, int32_t day)
{
	const struct policy *p = ctx;
	return day_year_start(day, p->year_month, p->year_day);
}

static int64_t moment(const struct campus *campus, int32_t day)
{
	return clock_utc(campus->config.zone, day, 0);
}

int retention_proposal(struct campus *campus, int64_t now, struct arena *arena, struct dues *dues, int64_t *mails, int64_t *letters, struct err *err)
{
	struct policy policy = *ruleset_policy(campus->rules);
	int32_t before = retention_before(campus, now);
	if (store_due(campus->store, before, year_of, &policy, arena, dues, err) < 0)
		return -1;
	return store_due_mail(campus->store, moment(campus, before), mails, letters, err);
}

/* One piece in a transaction of its own: what it answered. */
static int piece(struct campus *campus, const struct redaction *r, int64_t before, size_t *n, struct err *err)
{
	size_t letters = 0;
	if (store_begin(campus->store, err) < 0)
		return -1;
	int more = r != NULL ? store_redact(campus->store, r, n, err) : store_redact_mail(campus->store, before, n, &letters, err);
	if (more < 0) {
		store_rollback(campus->store);
		return -1;
	}
	return store_commit(campus->store, err) < 0 ? -1 : more;
}

int redact_person(struct campus *campus, const struct redaction *r, struct progress *progress, size_t of, struct err *err)
{
	int more;
	size_t n = progress == NULL ? 0 : progress->at;
	while ((more = piece(campus, r, 0, &n, err)) > 0)
		if (progress != NULL)
			progress_set(progress, n, of);
	if (progress != NULL)
		progress_set(progress, n, of);
	return more;
}

int retention_apply(struct campus *campus, int64_t now, int64_t by, struct progress *progress, struct err *err)
{
	struct arena arena = {0};
	struct roster people = {0};
	struct dues dues = {0};
	int64_t mails = 0, letters = 0;
	size_t of = 1, n = 0;
	struct redaction r = {.before = retention_before(campus, now), .at = now, .by = by};
	r.reason = arena_printf(&arena, "retention %d years", ruleset_policy(campus->rules)->retention_years);
	int result = retention_proposal(campus, now, &arena, &dues, &mails, &letters, err);
	if (result == 0)
		result = store_people(campus->store, true, &arena, &people, err);
	for (size_t i = 0; i < dues.n; i++)
		of += dues.v[i].entries;
	for (size_t i = 0; result == 0 && i < people.n; i++) {
		r.person = people.people[i].id;
		result = redact_person(campus, &r, progress, of, err);
	}
	int more = result < 0 ? 0 : 1;
	while (more > 0)
		more = piece(campus, NULL, moment(campus, r.before), &n, err);
	if (result == 0 && more == 0)
		result = store_wipe(campus->store, err);
	arena_release(&arena);
	return result < 0 || more < 0 ? -1 : 0;
}

/* ---- once a school year, when there is something: nothing is done unless the operator does it */

static int propose(struct desk *desk, int32_t before, struct err *err)
{
	struct dues dues = {0};
	struct strs lines = {0};
	int64_t mails = 0, letters = 0;
	size_t entries = 0;
	int minutes = 0;
	char day[16];
	if (retention_proposal(desk->campus, desk->now, desk->arena, &dues, &mails, &letters, err) < 0)
		return -1;
	if (dues.n == 0 && mails == 0)
		return 0;
	for (size_t i = 0; i < dues.n; i++) {
		entries += dues.v[i].entries;
		minutes += dues.v[i].minutes;
	}
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "%zu entries, %lld mails and %lld letters from before %s are past the %d years for which records are kept. Approved with them: %s.",
	                                           entries, (long long)mails, (long long)letters, day_iso(day, before), ruleset_policy(desk->campus->rules)->retention_years,
	                                           minutes_text(desk->arena, minutes)));
	strs_add(&lines, desk->arena, "Nothing has been done. plnpost retention lists them by person and year; plnpost retention --apply takes their words out for good and leaves the figures, with a ledger line that says so.");
	return post_trouble(desk, arena_printf(desk->arena, "retention:%d", before), "Records past their years", &lines, err);
}

int retention_due(struct campus *campus, int64_t now, struct err *err)
{
	struct arena arena = {0};
	struct desk desk = {campus, campus->store, &arena, now};
	int32_t before = retention_before(campus, now);
	const char *said = NULL, *key = arena_printf(&arena, "%d", before);
	int found = store_meta(campus->store, "retention-proposed", &arena, &said, err);
	int result = found < 0 ? -1 : 0;
	if (result == 0 && (found == 0 || strcmp(said, key) != 0)) {
		result = store_begin(campus->store, err);
		if (result == 0 && (propose(&desk, before, err) < 0 || store_set_meta(campus->store, "retention-proposed", key, err) < 0 ||
		                    store_commit(campus->store, err) < 0)) {
			store_rollback(campus->store);
			result = -1;
		}
	}
	arena_release(&arena);
	return result;
}
