#include "gateway/approvals.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/keeper.h"

/* Approval letters: what waits, as numbered items. One who has several is listed in one place, where that makes the letter shorter. */

#define ITEMS_MAX 100 /* of one letter: more would be cut by mail clients, and read by nobody */
#define LETTERS_MAX 50 /* at once to one approver, all that waits divided between them; what is left even so comes with the next week's */
#define EACH_AT_LEAST 2 /* entries a teacher, on the average, for the letter to go teacher by teacher */

struct listed {
	const struct entry *entry;
	const char *teacher;
};

static int count_teachers(const struct listed *v, size_t n)
{
	int teachers = 0;
	for (size_t i = 0; i < n; i++) {
		bool again = false;
		for (size_t j = 0; j < i; j++)
			again = again || v[j].entry->person == v[i].entry->person;
		teachers += !again;
	}
	return teachers;
}

static int by_teacher(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;
	int names = strcasecmp(x->teacher, y->teacher);
	if (names != 0)
		return names;
	if (x->entry->person != y->entry->person)
		return x->entry->person < y->entry->person ? -1 : 1;
	if (x->entry->day != y->entry->day)
		return x->entry->day < y->entry->day ? -1 : 1;
	return (x->entry->id > y->entry->id) - (x->entry->id < y->entry->id);
}

static int teacher_names(struct desk *desk, const struct entries *list, struct listed *v, struct err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		struct person *p = arena_alloc(desk->arena, sizeof *p);
		int found = store_person(desk->store, list->v[i].person, desk->arena, p, err);
		if (found < 0)
			return -1;
		v[i] = (struct listed){&list->v[i], found > 0 ? p->name : "somebody who left"};
	}
	return 0;
}

static int fill_items(struct desk *desk, const struct entries *list, struct approval *approval, struct err *err)
{
	struct listed *v = arena_alloc(desk->arena, (list->n + 1) * sizeof *v);
	if (teacher_names(desk, list, v, err) < 0)
		return -1;
	if (list->n >= (size_t)(EACH_AT_LEAST * count_teachers(v, list->n)))
		qsort(v, list->n, sizeof *v, by_teacher);
	approval->items = arena_alloc(desk->arena, (list->n + 1) * sizeof *approval->items);
	approval->n = list->n;
	for (size_t i = 0; i < list->n; i++) {
		const char *flag = v[i].entry->flag == NULL ? "" : v[i].entry->flag;
		if (flag_for_approver(desk, &flag, err) < 0)
			return -1;
		approval->items[i] = (struct item){.number = (int)i + 1, .entry = *v[i].entry, .teacher = v[i].teacher, .flag = flag};
	}
	return 0;
}

static bool is_open(const struct entry *e)
{
	return (e->claim == CLAIM_WAITING || e->claim == CLAIM_ASKED) && !e->undone;
}

void approval_value(struct desk *desk, const struct person *p, const struct approval *approval, bool only_open, struct approval_letter *out)
{
	struct approval_item *shown = arena_alloc(desk->arena, (approval->n + 1) * sizeof *shown);
	struct listed *v = arena_alloc(desk->arena, (approval->n + 1) * sizeof *v);
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	size_t n = 0;
	for (size_t i = 0; i < approval->n; i++) {
		const struct item *item = &approval->items[i];
		if (only_open && !is_open(&item->entry))
			continue;
		v[n] = (struct listed){&item->entry, item->teacher};
		shown[n++] = (struct approval_item){item->number, &item->entry, item->teacher, item->flag};
	}
	*out = (struct approval_letter){.week = approval->week, .items = shown, .n = n, .teachers = count_teachers(v, n),
	                                .undo_until = campus_today(desk->campus, p, desk->now + (int64_t)policy->undo_days * 86400)};
}

int approval_post(struct desk *desk, const struct person *p, const struct entries *list, const char *key, const char *lead, struct err *err)
{
	char week[16];
	struct frame_facts facts;
	struct letter letter;
	struct approval_letter value;
	struct approval approval = {.approver = p->id, .asked_at = desk->now,
	                            .week = isoweek_text(week, day_isoweek(campus_today(desk->campus, NULL, desk->now)))};
	if (store_savepoint(desk->store, err) < 0 || fill_items(desk, list, &approval, err) < 0 || store_add_approval(desk->store, &approval, err) < 0)
		return -1;
	approval_value(desk, p, &approval, false, &value);
	value.lead = lead;
	struct post post = {.purpose = LETTER_APPROVAL, .person = p, .approval = approval.id, .key = key};
	post_address(desk, &post, &facts);
	if (letter_approval(&letter, &desk->campus->templates, &facts, &value, desk->arena, err) < 0)
		return -1;
	int queued = post_letter(desk, &post, &letter, err);
	if (queued == 0) /* asked already: no second set of numbers */
		store_undo_savepoint(desk->store);
	else if (queued > 0 && store_release(desk->store, err) < 0)
		return -1;
	return queued;
}

/* More than a letter holds goes into several of about the same length, teacher by teacher from A to Z, so that nothing waits for
 * weeks behind what is older. Each is answered by itself. */
static int ask_in_parts(struct desk *whole, const struct person *p, struct entries *list, const char *key, struct err *err)
{
	size_t letters = (list->n + ITEMS_MAX - 1) / ITEMS_MAX, queued = 0;
	struct listed *v = arena_alloc(whole->arena, (list->n + 1) * sizeof *v);
	struct entry *sorted = arena_alloc(whole->arena, (list->n + 1) * sizeof *sorted);
	if (teacher_names(whole, list, v, err) < 0)
		return -1;
	qsort(v, list->n, sizeof *v, by_teacher);
	for (size_t i = 0; i < list->n; i++)
		sorted[i] = *v[i].entry;
	for (size_t i = 0; i < letters; i++) {
		struct arena arena = {0};
		struct desk desk = {whole->campus, whole->store, &arena, whole->now};
		size_t from = list->n * i / letters, to = list->n * (i + 1) / letters;
		struct entries part = {sorted + from, to - from};
		int result = approval_post(&desk, p, &part, i == 0 ? key : arena_printf(&arena, "%s:%zu", key, i + 1),
		                           arena_printf(&arena, "Letter %zu of %zu, from %s to %s.", i + 1, letters, v[from].teacher, v[to - 1].teacher), err);
		arena_release(&arena);
		if (result < 0)
			return -1;
		queued += result > 0;
	}
	return (int)queued;
}

/* How many letters were queued, or -1. */
static int ask_one(struct campus *campus, const struct undecided *waiting, const struct person *p, int64_t now, int64_t moment, struct err *err)
{
	struct arena arena = {0};
	struct desk desk = {campus, campus->store, &arena, now};
	struct entries list = {0};
	char week[16];
	const char *key = arena_printf(&arena, "approval:%s:%lld:%lld", isoweek_text(week, day_isoweek(clock_day(campus->config.zone, moment))),
	                               (long long)p->id, (long long)moment);
	int result = store_begin(campus->store, err);
	if (result == 0) {
		result = store_waiting_for(desk.store, waiting, p->id, ITEMS_MAX * LETTERS_MAX, &arena, &list, err);
		if (result >= 0 && list.n > ITEMS_MAX)
			result = ask_in_parts(&desk, p, &list, key, err);
		else if (result >= 0)
			result = list.n == 0 ? 0 : approval_post(&desk, p, &list, key, NULL, err);
		if (result < 0)
			store_rollback(campus->store);
		else if (store_commit(campus->store, err) < 0)
			result = -1;
	}
	arena_release(&arena);
	return result;
}

int approvals_ask(struct campus *campus, int64_t now, int64_t moment, size_t *n, struct err *err)
{
	struct arena arena = {0};
	struct roster people = {0};
	struct undecided waiting = {0};
	int result = store_people(campus->store, false, &arena, &people, err);
	if (result >= 0)
		result = store_waiting(campus->store, &arena, &waiting, err);
	*n = 0;
	for (size_t i = 0; result >= 0 && i < people.n; i++) {
		if (people.people[i].role != ROLE_APPROVER)
			continue;
		result = ask_one(campus, &waiting, &people.people[i], now, moment, err);
		*n += result > 0 ? (size_t)result : 0;
	}
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}

int weekly_approvals(struct campus *campus, int64_t now, size_t *n, struct err *err)
{
	return approvals_ask(campus, now, now - now % 3600, n, err);
}
