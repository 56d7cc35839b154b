#include "gateway/store/store-sql.h"

/* The person on the log who has any of these addresses: 1, 0, -1 also when they belong to two. */
static int match(struct store *store, const struct person *wanted, struct arena *arena, struct person *found, struct err *err)
{
	int result = 0;
	for (size_t i = 0; i < wanted->addresses.n; i++) {
		struct person p;
		int got = store_person_by_address(store, wanted->addresses.v[i], arena, &p, err);
		if (got < 0)
			return -1;
		if (got == 0)
			continue;
		if (result == 1 && p.id != found->id)
			return err_set(err, "%s has addresses of %s and of %s: make them one person first", wanted->name, found->name, p.name);
		*found = p;
		result = 1;
	}
	return result;
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

static bool same_addresses(const struct strs *a, const struct strs *b)
{
	bool same = a->n == b->n;
	for (size_t i = 0; same && i < a->n; i++)
		same = strcmp(a->v[i], b->v[i]) == 0;
	return same;
}

static bool same_person(const struct person *a, const struct person *b)
{
	return same_text(a->name, b->name) && a->role == b->role && same_text(a->zone, b->zone) && same_text(a->approver, b->approver) &&
	       a->receipts == b->receipts && a->digest == b->digest && a->left == b->left && a->joined == b->joined &&
	       same_addresses(&a->addresses, &b->addresses) && same_addresses(&a->shared, &b->shared);
}

/* What the roster says over what the log knows. Addresses that a person linked by mail stay, behind the roster's; what they
 * wished by mail stays where the roster says nothing (its default); so does a pause. */
static struct person merge(const struct person *wanted, const struct person *known, struct arena *arena)
{
	struct person p = *wanted;
	p.id = known->id;
	p.paused_until = known->paused_until;
	p.paused_why = known->paused_why;
	p.approver = wanted->approver == NULL ? NULL : address_lower(arena, wanted->approver);
	if (p.receipts == WISH_FIRST)
		p.receipts = known->receipts;
	if (p.digest == RHYTHM_WEEKLY)
		p.digest = known->digest;
	p.addresses = (struct strs){0};
	for (size_t i = 0; i < wanted->addresses.n; i++)
		strs_add(&p.addresses, arena, address_lower(arena, wanted->addresses.v[i]));
	for (size_t i = 0; i < known->addresses.n; i++)
		if (!strs_has_nocase(&p.addresses, known->addresses.v[i]))
			strs_add(&p.addresses, arena, known->addresses.v[i]);
	return p;
}

static int import_person(struct store *store, const struct person *wanted, struct arena *arena, struct import_count *count, struct err *err)
{
	struct person known = {0}, p = *wanted;
	int got = match(store, wanted, arena, &known, err);
	if (got < 0)
		return -1;
	if (got == 1) {
		p = merge(wanted, &known, arena);
		if (same_person(&p, &known)) {
			count->same++;
			return 0;
		}
	}
	p.id = got == 1 ? known.id : 0;
	if (store_put_person(store, &p, err) < 0)
		return -1;
	(*(got == 1 ? &count->changed : &count->added))++;
	return 0;
}

int store_import_people(struct store *store, const struct roster *roster, struct import_count *count, struct err *err)
{
	struct arena arena = {0};
	struct import_count done = {0};
	if (sql_run(store, "SAVEPOINT import", NULL, err) < 0)
		return -1;
	int result = 0;
	for (size_t i = 0; result == 0 && i < roster->n; i++)
		result = import_person(store, &roster->people[i], &arena, &done, err);
	if (result < 0)
		sql_run(store, "ROLLBACK TO import", NULL, NULL);
	if (sql_run(store, "RELEASE import", NULL, result < 0 ? NULL : err) < 0)
		result = -1;
	if (result == 0)
		*count = done;
	arena_release(&arena);
	return result;
}
