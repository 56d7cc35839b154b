#include <stdio.h>

#include "gateway/approvals.h"
#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/hash.h"
#include "gateway/keeper.h"
#include "gateway/log.h"
#include "gateway/retention.h"

#define PEOPLE_EACH 100    /* a transaction */

struct round { /* one round over the roster */
	struct campus *campus;
	int64_t now;
	int32_t monday;
	const char *week, *preview;
	const struct board *board; /* of digests */
	size_t written;
};

/* ---- digests */

static bool wants_digest(const struct person *p, int64_t now, int32_t monday)
{
	if (p->left || p->paused_until > now || p->role == ROLE_OPERATOR || p->role == ROLE_AUDITOR)
		return false;
	/* monthly: with the first week that ends in a month */
	return p->digest == RHYTHM_WEEKLY || (p->digest == RHYTHM_MONTHLY && day_civil(monday + 6).day <= 7);
}

static const char *id_list(struct arena *arena, const int64_t *ids, size_t n)
{
	struct str s = {0};
	for (size_t i = 0; i < n; i++)
		str_printf(&s, "%s%lld", i == 0 ? "" : " ", (long long)ids[i]);
	const char *copy = arena_strdup(arena, str_c(&s));
	str_release(&s);
	return copy;
}

static int write_preview(const struct round *r, const struct person *p, const struct post *post, const struct frame_facts *facts, const struct letter *letter,
                         struct arena *arena, struct err *err)
{
	struct mail_out out = {.from_name = r->campus->config.name, .from_addr = r->campus->config.address, .to_name = p->name, .to_addr = p->addresses.v[0],
	                       .reply_to = facts->reply_to, .subject = letter->subject, .text = letter->text, .html = letter->html,
	                       .message_id = arena_printf(arena, "%s@preview.invalid", post->token), .auto_submitted = "auto-generated", .date = r->now};
	struct str bytes = {.max = 4 << 20};
	const char *stem = arena_printf(arena, "%s/%s-%lld", r->preview, r->week, (long long)p->id);
	int result = mail_write(&bytes, &out, err);
	if (result == 0)
		result = file_write(arena_printf(arena, "%s.eml", stem), (struct span){str_c(&bytes), bytes.n}, 0644, err);
	if (result == 0)
		result = file_write(arena_printf(arena, "%s.html", stem), span_of(letter->html), 0644, err);
	str_release(&bytes);
	return result;
}

static int one_digest(struct round *r, const struct person *p, struct arena *arena, struct err *err)
{
	struct desk desk = {r->campus, r->campus->store, arena, r->now};
	struct week week = {0};
	struct frame_facts facts;
	struct letter letter;
	int64_t *numbered = NULL;
	size_t n = 0;
	struct post post = {.purpose = LETTER_DIGEST, .person = p, .key = arena_printf(arena, "digest:%s:%lld", r->week, (long long)p->id)};
	if (store_week(desk.store, p, r->board, arena, &week, err) < 0 || credit_status_of(&desk, p, 0, &week.status, err) < 0)
		return -1;
	post_address(&desk, &post, &facts);
	int some = letter_digest(&letter, &r->campus->templates, &facts, &week, &numbered, &n, arena, err);
	if (some <= 0)
		return some;
	post.numbered = id_list(arena, numbered, n);
	some = r->preview != NULL ? write_preview(r, p, &post, &facts, &letter, arena, err) : post_letter(&desk, &post, &letter, err);
	if (some >= 0)
		r->written += r->preview != NULL || some > 0;
	return some;
}

/* A part of the roster in one transaction: the keys make it harmless to begin again after a crash. */
static int some_people(struct round *r, const struct roster *people, size_t from, int (*each)(struct round *, const struct person *, struct arena *, struct err *),
                       struct err *err)
{
	if (store_begin(r->campus->store, err) < 0)
		return -1;
	for (size_t i = from; i < people->n && i < from + PEOPLE_EACH; i++) {
		struct arena arena = {0};
		int result = each(r, &people->people[i], &arena, err);
		arena_release(&arena);
		if (result < 0) {
			store_rollback(r->campus->store);
			return -1;
		}
	}
	return store_commit(r->campus->store, err);
}

static int all_people(struct round *r, int (*each)(struct round *, const struct person *, struct arena *, struct err *), struct err *err)
{
	struct arena arena = {0};
	struct roster people = {0};
	int result = store_people(r->campus->store, false, &arena, &people, err);
	for (size_t i = 0; result >= 0 && i < people.n; i += PEOPLE_EACH)
		result = some_people(r, &people, i, each, err);
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}

static int digest_if_wanted(struct round *r, const struct person *p, struct arena *arena, struct err *err)
{
	return wants_digest(p, r->now, r->monday) ? one_digest(r, p, arena, err) : 0;
}

static int digest_for(struct round *r, const char *address, struct err *err)
{
	struct arena arena = {0};
	struct person p;
	int result = store_person_by_address(r->campus->store, address, &arena, &p, err);
	if (result == 0)
		result = err_set(err, "nobody on the roster has the address %s (plnpost people list)", address);
	if (result > 0)
		result = store_begin(r->campus->store, err);
	if (result == 0) {
		result = one_digest(r, &p, &arena, err);
		if (result < 0)
			store_rollback(r->campus->store);
		else
			result = store_commit(r->campus->store, err);
	}
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}

int weekly_digests(struct campus *campus, int64_t now, int32_t monday, const char *only, const char *preview, size_t *n, struct err *err)
{
	char week[16];
	struct arena arena = {0};
	struct board board;
	struct round r = {.campus = campus, .now = now, .monday = monday, .week = isoweek_text(week, day_isoweek(monday)), .preview = preview, .board = &board};
	int result = store_board(campus->store, monday, &arena, &board, err);
	if (result == 0)
		result = only != NULL ? digest_for(&r, only, err) : all_people(&r, digest_if_wanted, err);
	*n = r.written;
	arena_release(&arena);
	return result;
}

/* ---- what falls due */

int due_done(struct campus *campus, const char *what, int64_t due, struct err *err)
{
	char text[32];
	snprintf(text, sizeof text, "%lld", (long long)due);
	if (store_begin(campus->store, err) < 0)
		return -1;
	if (store_set_meta(campus->store, what, text, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	return store_commit(campus->store, err);
}

/* A campus that is new waits for the next time. */
int due_since(struct campus *campus, const char *what, int64_t due, struct err *err)
{
	struct arena arena = {0};
	const char *last = NULL;
	int found = store_meta(campus->store, what, &arena, &last, err);
	int64_t done = 0;
	for (const char *p = found > 0 ? last : ""; *p >= '0' && *p <= '9'; p++)
		done = done * 10 + (*p - '0');
	arena_release(&arena);
	if (found == 0)
		return due_done(campus, what, due, err);
	return found < 0 ? -1 : done < due;
}

/* 1 when that weekly work has not been done since its day and hour last came; *due tells that moment. */
static int is_due(struct campus *campus, const char *what, int weekday, int minute, int64_t now, int64_t *due, struct err *err)
{
	*due = clock_last_due(campus->config.zone, weekday, minute, now);
	return due_since(campus, what, *due, err);
}

static void log_round(const char *event, size_t n, int32_t monday)
{
	char week[16];
	log_begin(LOG_LINE_INFO, event);
	log_text("week", isoweek_text(week, day_isoweek(monday)));
	log_int("letters", (int64_t)n);
	log_end();
}

static int due_approvals(struct campus *campus, int64_t now, struct err *err)
{
	int64_t due;
	size_t n = 0;
	if (!campus->config.approval)
		return 0;
	int is = is_due(campus, "approvals-done", (int)campus->config.approval_weekday, (int)campus->config.approval_minute, now, &due, err);
	if (is <= 0)
		return is;
	if (approvals_ask(campus, now, due, &n, err) < 0) /* begun again after a crash, it asks nobody twice */
		return -1;
	log_round("approvals", n, campus_today(campus, NULL, now));
	return due_done(campus, "approvals-done", due, err);
}

/* The digest is of the last whole week before the day on which it is due. */
static int due_digests(struct campus *campus, int64_t now, struct err *err)
{
	int64_t due;
	size_t n = 0;
	if (!campus->config.digest)
		return 0;
	int is = is_due(campus, "digests-done", (int)campus->config.digest_weekday, (int)campus->config.digest_minute, now, &due, err);
	if (is <= 0)
		return is;
	int32_t day = clock_day(campus->config.zone, due);
	int32_t monday = day - (day_weekday(day) - 1) - 7;
	if (weekly_digests(campus, now, monday, NULL, NULL, &n, err) < 0)
		return -1;
	log_round("digests", n, monday);
	return due_done(campus, "digests-done", due, err);
}

/* ---- the heartbeat: silence must mean trouble, not good news */

static int heartbeat(struct campus *campus, int64_t now, int64_t due, struct err *err)
{
	struct arena arena = {0};
	struct desk desk = {campus, campus->store, &arena, now};
	int64_t counts[ACTION_COUNT] = {0};
	struct strs lines = {0};
	int result = store_begin(campus->store, err);
	if (result == 0) {
		result = store_count_actions(campus->store, now - 7 * 86400, counts, err);
		strs_add(&lines, &arena, "The gateway runs. Mails of the last seven days:");
		for (unsigned i = 0; i < ACTION_COUNT; i++)
			if (counts[i] > 0)
				strs_add(&lines, &arena, arena_printf(&arena, "%s: %lld", action_name((enum action)i), (long long)counts[i]));
		if (counts[ACTION_HOLD] + counts[ACTION_QUARANTINE] > 0)
			strs_add(&lines, &arena, "See plnpost log --held and plnpost log --quarantined.");
		if (result >= 0)
			result = post_trouble(&desk, arena_printf(&arena, "heartbeat:%lld", (long long)due), "Weekly heartbeat", &lines, err);
		if (result < 0)
			store_rollback(campus->store);
		else
			result = store_commit(campus->store, err);
	}
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}

static int due_heartbeat(struct campus *campus, int64_t now, struct err *err)
{
	int64_t due;
	int is = is_due(campus, "heartbeat-done", (int)campus->config.digest_weekday, (int)campus->config.digest_minute, now, &due, err);
	if (is <= 0)
		return is;
	return heartbeat(campus, now, due, err) < 0 ? -1 : due_done(campus, "heartbeat-done", due, err);
}

int weekly_due(struct campus *campus, int64_t now, struct err *err)
{
	return due_approvals(campus, now, err) < 0 || approvals_due(campus, now, err) < 0 || due_digests(campus, now, err) < 0 || monthly_due(campus, now, err) < 0 ||
	                       due_heartbeat(campus, now, err) < 0 || retention_due(campus, now, err) < 0 ? -1 : 0;
}
