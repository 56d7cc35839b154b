#include "gateway/store/store-sql.h"

#include <stdlib.h>

/* Whose row of a roster is whose on the log. An address alone does not say: it may have gone to somebody else, and credit must not
 * go with it. So the names must agree, or the roster must say in another row where the address's owner went. */

struct rows {
	struct row {
		const struct person *wanted;
		struct person known; /* id 0 = somebody new */
		struct person *owners;
		size_t n_owners;     /* whom its addresses belong to on the log, each once */
	} *v;
	size_t n;
	int64_t *taken; /* ids of the rows' people, sorted */
	size_t n_taken;
	struct arena *arena;
};

/* Lower-case words of a name but for titles and initials. */
static void name_words(struct arena *arena, const char *name, struct strs *words)
{
	static const char *const titles[] = {"mr", "ms", "mrs", "miss", "mx", "dr", "prof", "sr", "sra", "herr", "frau", "mme", "de", "la", "von", "van", "al", "el"};
	struct span rest = span_of(utf8_lower(arena, name, strlen(name)));
	while (rest.n > 0) {
		size_t n = 0, skip = sizeof titles / sizeof *titles;
		while (n < rest.n && strchr(" \t.,-", rest.p[n]) == NULL)
			n++;
		for (size_t t = 0; t < sizeof titles / sizeof *titles; t++)
			if (span_eq((struct span){rest.p, n}, titles[t]))
				skip = t;
		if (skip == sizeof titles / sizeof *titles && utf8_length(rest.p, n) > 1)
			strs_add(words, arena, arena_strndup(arena, rest.p, n));
		rest = span_skip(rest, n + 1);
	}
}

static bool names_agree(struct arena *arena, const char *a, const char *b)
{
	struct strs x = {0}, y = {0};
	if (strcmp(utf8_lower(arena, a, strlen(a)), utf8_lower(arena, b, strlen(b))) == 0)
		return true;
	name_words(arena, a, &x);
	name_words(arena, b, &y);
	for (size_t i = 0; i < x.n; i++)
		if (strs_has_nocase(&y, x.v[i]))
			return true;
	return false;
}

static bool has_owner(const struct row *row, int64_t id)
{
	for (size_t i = 0; i < row->n_owners; i++)
		if (row->owners[i].id == id)
			return true;
	return false;
}

static int read_owners(struct store *store, struct rows *rows, struct row *row, struct err *err)
{
	const struct strs *addresses = &row->wanted->addresses;
	for (size_t i = 0; i < addresses->n; i++) {
		struct person p;
		int got = store_person_by_address(store, addresses->v[i], rows->arena, &p, err);
		if (got < 0)
			return -1;
		if (got > 0 && !has_owner(row, p.id))
			*ARENA_PUSH(rows->arena, row->owners, row->n_owners) = p;
	}
	return 0;
}

/* By an owner whose name agrees; a name that somebody else here bears to the letter is theirs. */
static int by_owner(struct store *store, struct rows *rows, struct row *row, struct err *err)
{
	struct person bearer = {0};
	int found = row->n_owners == 0 ? 0 : store_person_by_name(store, row->wanted->name, rows->arena, &bearer, err);
	if (found < 0)
		return -1;
	bool borne = found > 0 && !bearer.left && !has_owner(row, bearer.id);
	for (size_t i = 0; i < row->n_owners; i++) {
		const struct person *owner = &row->owners[i];
		if (borne || !names_agree(rows->arena, owner->name, row->wanted->name))
			continue;
		if (row->known.id != 0)
			return err_set(err, "%s has addresses of %s and of %s: make them one person first (plnpost people merge %s %s)", row->wanted->name,
			               row->known.name, owner->name, row->known.addresses.v[0], owner->addresses.v[0]);
		row->known = *owner;
	}
	if (row->known.id == 0 && borne)
		row->known = bearer;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static int take_people(struct rows *rows, struct err *err)
{
	rows->n_taken = 0;
	rows->taken = arena_alloc(rows->arena, (rows->n + 1) * sizeof *rows->taken);
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].known.id != 0)
			rows->taken[rows->n_taken++] = rows->v[i].known.id;
	qsort(rows->taken, rows->n_taken, sizeof *rows->taken, by_number);
	size_t twice = 1;
	while (twice < rows->n_taken && rows->taken[twice] != rows->taken[twice - 1])
		twice++;
	for (size_t i = 0; i < rows->n && twice < rows->n_taken; i++)
		if (rows->v[i].known.id == rows->taken[twice])
			return err_set(err, "%s stands in two rows: make it one, with all addresses", rows->v[i].known.name);
	return 0;
}

static bool is_taken(const struct rows *rows, int64_t id)
{
	return bsearch(&id, rows->taken, rows->n_taken, sizeof *rows->taken, by_number) != NULL;
}

/* An address may go to somebody else only when it is told where its owner is: in another row, or gone. */
static int check_moves(const struct rows *rows, const struct row *row, struct err *err)
{
	for (size_t i = 0; i < row->n_owners; i++) {
		const struct person *owner = &row->owners[i];
		if (owner->id == row->known.id || owner->left || is_taken(rows, owner->id))
			continue;
		return err_set(err, "the row of %s has the address %s of %s, who has no row: a new name? plnpost people rename %s \"%s\"; somebody else? "
		               "plnpost people remove %s first, whose records stay", row->wanted->name, owner->addresses.v[0], owner->name, owner->addresses.v[0],
		               row->wanted->name, owner->addresses.v[0]);
	}
	return 0;
}

/* A row with nothing but new addresses, and the name of somebody here who has no row: them, when another row has theirs; else a
 * new address of theirs, or somebody else of that name, and nobody can say which. */
static int by_name(struct store *store, struct rows *rows, struct row *row, struct err *err)
{
	struct person bearer;
	if (row->known.id != 0 || row->n_owners > 0)
		return 0;
	int found = store_person_by_name(store, row->wanted->name, rows->arena, &bearer, err);
	if (found <= 0 || bearer.left || is_taken(rows, bearer.id))
		return found < 0 ? -1 : 0;
	for (size_t i = 0; i < rows->n; i++)
		if (has_owner(&rows->v[i], bearer.id)) {
			row->known = bearer;
			return 0;
		}
	const char *address = bearer.addresses.n == 0 ? "" : bearer.addresses.v[0];
	return err_set(err, "%s is on the roster with %s, and this row has other addresses only: the same person? put %s into the row as well; somebody else? "
	               "plnpost people add", bearer.name, address, address);
}

static int match_rows(struct store *store, struct rows *rows, struct err *err)
{
	for (size_t i = 0; i < rows->n; i++)
		if (read_owners(store, rows, &rows->v[i], err) < 0 || by_owner(store, rows, &rows->v[i], err) < 0)
			return -1;
	if (take_people(rows, err) < 0)
		return -1;
	for (size_t i = 0; i < rows->n; i++)
		if (by_name(store, rows, &rows->v[i], err) < 0)
			return -1;
	if (take_people(rows, err) < 0)
		return -1;
	for (size_t i = 0; i < rows->n; i++)
		if (check_moves(rows, &rows->v[i], err) < 0)
			return -1;
	return 0;
}

/* What goes to somebody else is free before anything is written. Whose it was keeps their entries: those go by person. */
static int free_addresses(struct store *store, const struct row *row, struct err *err)
{
	for (size_t i = 0; i < row->wanted->addresses.n; i++)
		if (sql_run(store, "DELETE FROM address WHERE address = ? AND person <> ?", BIND(v_text(row->wanted->addresses.v[i]), v_int(row->known.id)), err) < 0)
			return -1;
	return 0;
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

/* What the roster says over what the log knows. Addresses that a person linked by mail stay, behind the roster's (what is shared is
 * the roster's to say); what they
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
	if (p.joined == 0)
		p.joined = known->joined;
	p.addresses = (struct strs){0};
	for (size_t i = 0; i < wanted->addresses.n; i++)
		strs_add(&p.addresses, arena, address_lower(arena, wanted->addresses.v[i]));
	for (size_t i = 0; i < known->addresses.n; i++)
		if (!strs_has_nocase(&p.addresses, known->addresses.v[i]) && !strs_has_nocase(&known->shared, known->addresses.v[i]))
			strs_add(&p.addresses, arena, known->addresses.v[i]);
	return p;
}

static int import_person(struct store *store, const struct row *row, struct arena *arena, struct import_count *count, struct err *err)
{
	struct person known = {0}, p = *row->wanted;
	if (row->known.id != 0) {
		if (store_person(store, row->known.id, arena, &known, err) < 0) /* as it is now that others have their addresses */
			return -1;
		p = merge(row->wanted, &known, arena);
		if (same_person(&p, &row->known)) {
			count->same++;
			return 0;
		}
	}
	p.id = row->known.id;
	if (store_put_person(store, &p, err) < 0)
		return -1;
	(*(row->known.id != 0 ? &count->changed : &count->added))++;
	return 0;
}

static int import_rows(struct store *store, const struct roster *roster, struct arena *arena, struct import_count *count, struct err *err)
{
	struct rows rows = {.v = arena_alloc(arena, (roster->n + 1) * sizeof *rows.v), .n = roster->n, .arena = arena};
	for (size_t i = 0; i < roster->n; i++)
		rows.v[i].wanted = &roster->people[i];
	if (match_rows(store, &rows, err) < 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++)
		if (free_addresses(store, &rows.v[i], err) < 0)
			return -1;
	for (size_t i = 0; i < rows.n; i++)
		if (import_person(store, &rows.v[i], arena, count, err) < 0)
			return -1;
	return 0;
}

int store_import_people(struct store *store, const struct roster *roster, struct import_count *count, struct err *err)
{
	struct arena arena = {0};
	struct import_count done = {0};
	if (sql_run(store, "SAVEPOINT import", NULL, err) < 0)
		return -1;
	int result = import_rows(store, roster, &arena, &done, err);
	if (result < 0)
		sql_run(store, "ROLLBACK TO import", NULL, NULL);
	if (sql_run(store, "RELEASE import", NULL, result < 0 ? NULL : err) < 0)
		result = -1;
	if (result == 0)
		*count = done;
	arena_release(&arena);
	return result;
}
