#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/retention.h"

int people_find(struct campus *campus, const char *word, struct arena *arena, struct person *p, struct err *err)
{
	bool number = word[0] == '#';
	int found = number ? store_person(campus->store, strtoll(word + 1, NULL, 10), arena, p, err) : store_person_by_address(campus->store, word, arena, p, err);
	return found > 0 ? 0 : found < 0 ? -1 : err_set(err, number ? "nobody on the roster has the number %s" : "nobody on the roster has the address %s", word);
}

/* The day behind the last one that any line or entry of theirs is about. */
static int last_day(struct campus *campus, int64_t person, struct arena *arena, int32_t *before, size_t *n, struct err *err)
{
	struct ledger lines;
	struct entry_filter filter = {.person = person, .from = DAY_NONE, .to = DAY_NONE, .also_undone = true, .also_redacted = true, .limit = 1};
	struct entries last;
	int64_t entries;
	int32_t day = 0;
	if (store_ledger(campus->store, person, 0, arena, &lines, err) < 0 || store_entries(campus->store, &filter, arena, &last, err) < 0 ||
	    store_count_entries(campus->store, person, &entries, err) < 0)
		return -1;
	for (size_t i = 0; i < lines.n; i++)
		if (lines.v[i].verb != LEDGER_REDACT && lines.v[i].day > day)
			day = lines.v[i].day;
	if (last.n > 0 && last.v[0].day > day)
		day = last.v[0].day;
	*before = day + 1;
	*n = (size_t)entries;
	return 0;
}

static int erase_rest(struct campus *campus, int64_t person, struct err *err)
{
	if (store_begin(campus->store, err) < 0)
		return -1;
	if (store_erase(campus->store, person, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	return store_commit(campus->store, err);
}

/* roster.csv is taken in again whenever it changes: who still stands in it comes back as somebody new. */
static void remind(struct campus *campus, struct cli *cli, const struct person *p)
{
	struct str text = {.max = 8 << 20};
	const char *path = config_path(&campus->config, &cli->arena, "roster.csv");
	bool there = false;
	if (file_exists(path) && file_read(path, &text, NULL) == 0)
		for (size_t i = 0; i < p->addresses.n; i++)
			there = there || strcasestr(str_c(&text), p->addresses.v[i]) != NULL;
	str_release(&text);
	if (there)
		fprintf(stderr, "%s still names %s: take the line out, or they come back as somebody new.\n", path, p->addresses.v[0]);
	fputs("Backups made before still hold everything: make a new one (plnpost backup) and destroy the old ones. Mailboxes keep their mails: delete them there.\n", stderr);
}

int people_erase(struct cli *cli, struct campus *campus, const char *address, const char *reason, struct err *err)
{
	struct person p;
	struct progress progress;
	int64_t waiting = 0;
	size_t n = 0;
	struct redaction r = {.at = clock_now(), .reason = reason == NULL ? "removed on request" : arena_printf(&cli->arena, "removed on request: %s", reason)};
	if (people_find(campus, address, &cli->arena, &p, err) < 0)
		return -1;
	if (p.removed)
		return err_set(err, "%s has no words left", p.name);
	if (store_letters_naming(campus->store, p.id, &waiting, err) < 0 || last_day(campus, p.id, &cli->arena, &r.before, &n, err) < 0)
		return -1;
	if (waiting > 0)
		return err_later(err, "%lld letters to others name %s and wait in the outbox: run plnpost send first, then again", (long long)waiting, p.name);
	r.person = p.id;
	progress_start(&progress, "taking out");
	int result = redact_person(campus, &r, &progress, n, err);
	progress_done(&progress);
	if (result < 0 || erase_rest(campus, p.id, err) < 0 || store_wipe(campus->store, err) < 0)
		return -1;
	printf("%s is removed person %lld from now on: words, mails and letters are gone, credit stays as figures in the ledger\n", p.name, (long long)p.id);
	remind(campus, cli, &p);
	return 0;
}

/* ---- merge */

/* What waits is asked of the rules again, so that both halves together stay under the caps: the newest gives way first. */
static int claim_again(struct campus *campus, struct person *p, struct arena *arena, size_t *n, struct err *err)
{
	struct desk desk = {campus, campus->store, arena, clock_now()};
	for (int offset = 0;; offset += 100) {
		struct entries list = {0};
		struct entry_filter filter = {.person = p->id, .from = DAY_NONE, .to = DAY_NONE, .limit = 100, .offset = offset};
		if (store_entries(campus->store, &filter, arena, &list, err) < 0)
			return -1;
		for (size_t i = 0; i < list.n; i++) {
			struct entry *e = &list.v[i];
			int was = e->credited;
			if (e->claim != CLAIM_WAITING && e->claim != CLAIM_ASKED)
				continue;
			if (credit_claim(&desk, p, e, 0, err) < 0)
				return -1;
			*n += e->credited != was;
		}
		if (list.n < 100)
			return 0;
	}
}

static int merge(struct campus *campus, struct person *keep, const struct person *gone, int64_t by, struct arena *arena, size_t *undone, size_t *changed,
                 struct err *err)
{
	if (store_merge(campus->store, keep->id, gone->id, by, clock_now(), "the same person", undone, err) < 0)
		return -1;
	if (store_person(campus->store, keep->id, arena, keep, err) < 0)
		return -1;
	return claim_again(campus, keep, arena, changed, err);
}

int people_merge(struct cli *cli, struct campus *campus, const char *keep, const char *gone, const char *by, struct err *err)
{
	struct person a, b, who = {0};
	size_t undone = 0, changed = 0;
	if (people_find(campus, keep, &cli->arena, &a, err) < 0 || people_find(campus, gone, &cli->arena, &b, err) < 0 ||
	    (by != NULL && people_find(campus, by, &cli->arena, &who, err) < 0))
		return -1;
	if (store_begin(campus->store, err) < 0)
		return -1;
	if (merge(campus, &a, &b, who.id, &cli->arena, &undone, &changed, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	if (store_commit(campus->store, err) < 0)
		return -1;
	printf("%s and %s are one person from now on: %s, with all addresses of both\n", a.name, b.name, a.name);
	if (undone > 0)
		printf("%zu decision%s of one about the other wait again: nobody decides about their own\n", undone, undone == 1 ? "" : "s");
	if (changed > 0)
		printf("%zu waiting entr%s credited anew under the caps of one person\n", changed, changed == 1 ? "y is" : "ies are");
	return 0;
}
