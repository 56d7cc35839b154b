/* What one mail costs the log, at 1,000 entries and at 100,000: built and run by contrib/bench/store only.
 * usage: store DB [--mails DIR] [--links N] [--entries N] [--start N]
 *   --start N goes on with a DB that has N entries already
 * Each mail does what the keeper does with one: looks for copies, stores it with its bytes, an entry with links, tags and
 * text to search, its claim under three caps and a letter; 50 mails a transaction, marked in the next one. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/store/store.h"

#define BATCH 50
#define PEOPLE 60
#define START_DAY 19600
#define SAMPLE 2000

struct bench {
	struct store *store;
	struct err err;
	struct str *mails; /* raw ones, taken in turn */
	size_t n_mails;
	int links;
	int64_t people[PEOPLE], mailbox;
	uint64_t random;
};

static void stop(struct bench *b, const char *what)
{
	fprintf(stderr, "store: %s: %s\n", what, b->err.text);
	exit(1);
}

static uint64_t next_random(struct bench *b)
{
	b->random ^= b->random << 13;
	b->random ^= b->random >> 7;
	b->random ^= b->random << 17;
	return b->random;
}

static double cpu_ms(void)
{
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e3 + (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e3;
}

/* About n bytes of words; few of the 20,000 are common, as in prose. */
static const char *prose(struct bench *b, struct arena *arena, size_t n)
{
	char *text = arena_alloc(arena, n + 16);
	size_t at = 0;
	while (at < n) {
		double share = (double)(next_random(b) % 10000) / 10000;
		unsigned word = (unsigned)(share * share * share * 20000);
		at += (size_t)snprintf(text + at, 16, "%c%c%u%c ", 'a' + word % 26, 'a' + word / 26 % 26, word, 'a' + word % 7);
	}
	return text;
}

static void load_mails(struct bench *b, const char *folder)
{
	DIR *dir = opendir(folder);
	if (dir == NULL)
		stop(b, folder);
	b->mails = calloc(2000, sizeof *b->mails);
	for (struct dirent *d; (d = readdir(dir)) != NULL && b->n_mails < 2000;) {
		struct str path = {0}, *mail = &b->mails[b->n_mails];
		mail->max = (size_t)32 << 20;
		str_printf(&path, "%s/%s", folder, d->d_name);
		if (d->d_name[0] != '.' && file_read(path.p, mail, &b->err) == 0)
			b->n_mails++;
		str_release(&path);
	}
	closedir(dir);
}

static void make_mails(struct bench *b)
{
	struct arena arena = {0};
	b->mails = calloc(200, sizeof *b->mails);
	for (; b->n_mails < 200; b->n_mails++)
		str_printf(&b->mails[b->n_mails], "Subject: %s\n\n%s", prose(b, &arena, 30), prose(b, &arena, b->n_mails % 3 ? 2000 : 60000));
	arena_release(&arena);
}

static void find_people(struct bench *b)
{
	struct arena arena = {0};
	struct cursor cursor;
	struct roster roster;
	if (store_cursor(b->store, "imap", &cursor, &b->err) < 0 || store_people(b->store, true, &arena, &roster, &b->err) < 0 || roster.n != PEOPLE)
		stop(b, "people");
	b->mailbox = cursor.mailbox;
	for (int i = 0; i < PEOPLE; i++)
		b->people[i] = roster.people[i].id;
	arena_release(&arena);
}

static void set_up(struct bench *b)
{
	struct arena arena = {0};
	struct cursor cursor;
	if (store_begin(b->store, &b->err) < 0 || store_cursor(b->store, "imap", &cursor, &b->err) < 0)
		stop(b, "set up");
	b->mailbox = cursor.mailbox;
	for (int i = 0; i < PEOPLE; i++) {
		struct person p = {.name = arena_printf(&arena, "Teacher %d", i)};
		strs_add(&p.addresses, &arena, arena_printf(&arena, "teacher%d@school.example", i));
		if (store_put_person(b->store, &p, &b->err) < 0)
			stop(b, "person");
		b->people[i] = p.id;
	}
	if (store_commit(b->store, &b->err) < 0)
		stop(b, "set up");
	arena_release(&arena);
}

static int64_t add_message(struct bench *b, int64_t i, const struct str *raw, int64_t person, struct arena *arena)
{
	struct message m = {
		.mailbox = b->mailbox,
		.ident = arena_printf(arena, "1700000000.%lld", (long long)i),
		.message_id = arena_printf(arena, "%016llx@mail.example", (unsigned long long)next_random(b)),
		.received_at = 1693500000 + i * 600,
		.from_addr = "teacher@school.example",
		.subject = prose(b, arena, 40),
		.kind = "forward",
		.action = ACTION_LOG,
		.reason = "tagged",
		.text = prose(b, arena, 1500),
		.person = person,
	};
	int64_t id = 0, copy;
	hash_body(m.body_hash, raw->p, raw->n);
	for (int k = 0; k < 8; k++) /* the same bytes come again and again: not the same mail */
		m.body_hash[k] ^= (uint8_t)(next_random(b) >> 8);
	if (store_seen_ident(b->store, b->mailbox, m.ident, &b->err) != 0 || store_seen_copy(b->store, m.message_id, m.body_hash, &copy, &b->err) != 0 ||
	    store_add_message(b->store, &m, (struct span){raw->p, raw->n}, &id, &b->err) < 0)
		stop(b, "message");
	return id;
}

static int64_t add_entry(struct bench *b, int64_t i, int64_t message, int64_t person, struct arena *arena)
{
	struct entry e = {
		.person = person, .message = message, .logged_at = 1693500000 + i * 600, .day = START_DAY + (int32_t)(i / 60), .kind = KIND_READ,
		.title = prose(b, arena, 40), .note = prose(b, arena, 120), .source = "Weekly", .minutes = 20, .starred = i % 5 == 0,
		.reason = "", .flag = "",
	};
	strs_add(&e.tags, arena, "pln");
	strs_add(&e.tags, arena, arena_printf(arena, "topic%llu", (unsigned long long)(next_random(b) % 200)));
	for (int k = 0; k < b->links; k++)
		*ARENA_PUSH(arena, e.links, e.n_links) = (struct entry_link){
			arena_printf(arena, "https://www%llu.site.example/article/%016llx", (unsigned long long)(next_random(b) % 500),
			             (unsigned long long)next_random(b)),
			prose(b, arena, 30)};
	if (store_add_entry(b->store, &e, &b->err) < 0)
		stop(b, "entry");
	return e.id;
}

static void claim(struct bench *b, int64_t entry, int64_t person, int32_t day)
{
	const struct cap cap = {.kinds = UINT32_MAX, .stars = STARS_NOT};
	int32_t year = day_year_start(day, 7, 1);
	int minutes;
	if (store_credited(b->store, person, &cap, day, day + 1, entry, &minutes, &b->err) < 0 ||
	    store_credited(b->store, person, &cap, day - 6, day + 1, entry, &minutes, &b->err) < 0 ||
	    store_credited(b->store, person, &cap, year, year + 366, entry, &minutes, &b->err) < 0)
		stop(b, "credited");
	struct ledger_line line = {.entry = entry, .verb = LEDGER_CLAIM, .actual = 20, .credited = 15, .reason = "15 of 20: talk rule", .at = 1693500000};
	if (store_add_ledger(b->store, &line, &b->err) < 0)
		stop(b, "ledger");
}

static void queue(struct bench *b, int64_t message, int64_t entry, int64_t person, struct arena *arena)
{
	char token[TOKEN_CHARS + 1];
	token_new(token);
	struct stored_letter l = {
		.key = arena_printf(arena, "receipt:%lld", (long long)message),
		.purpose = LETTER_RECEIPT,
		.message_id = arena_printf(arena, "%lld.%.12s@school.example", (long long)message, token), /* begins with what grows */
		.recipient = arena_printf(arena, "teacher%lld@school.example", (long long)person),
		.envelope_from = arena_printf(arena, "pln+%s@school.example", token),
		.subject = "Logged",
		.person = person,
		.entry = entry,
		.token = token,
		.token_expires = INT64_MAX,
		.next_at = INT64_MAX - 1,
	};
	const char *text = prose(b, arena, 3000);
	l.bytes = span_of(text);
	l.own_text = prose(b, arena, 300);
	if (store_queue_letter(b->store, &l, &b->err) != 1)
		stop(b, "letter");
}

static void one_mail(struct bench *b, int64_t i)
{
	struct arena arena = {0};
	int64_t person = b->people[i % PEOPLE];
	if (store_savepoint(b->store, &b->err) < 0)
		stop(b, "savepoint");
	int64_t message = add_message(b, i, &b->mails[(size_t)i % b->n_mails], person, &arena);
	int64_t entry = add_entry(b, i, message, person, &arena);
	claim(b, entry, person, START_DAY + (int32_t)(i / 60));
	queue(b, message, entry, person, &arena);
	if (store_release(b->store, &b->err) < 0)
		stop(b, "release");
	arena_release(&arena);
}

static void one_batch(struct bench *b, int64_t from)
{
	struct cursor cursor = {b->mailbox, 1700000000, (uint64_t)from + BATCH};
	if (store_begin(b->store, &b->err) < 0)
		stop(b, "begin");
	for (int64_t i = from; i < from + BATCH; i++)
		one_mail(b, i);
	if (store_set_cursor(b->store, &cursor, &b->err) < 0 || store_commit(b->store, &b->err) < 0 || store_begin(b->store, &b->err) < 0)
		stop(b, "commit");
	for (int64_t i = from; i < from + BATCH; i++) {
		char ident[48];
		snprintf(ident, sizeof ident, "1700000000.%lld", (long long)i);
		if (store_set_marked(b->store, b->mailbox, ident, &b->err) < 0)
			stop(b, "mark");
	}
	if (store_commit(b->store, &b->err) < 0)
		stop(b, "commit");
}

/* The prose that the bench makes up costs time too: measured alone, to be taken off. */
static double made_up_ms(struct bench *b)
{
	double start = cpu_ms();
	for (int i = 0; i < SAMPLE; i++) {
		struct arena arena = {0};
		size_t sizes[] = {40, 1500, 40, 120, 3000, 300};
		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
			prose(b, &arena, sizes[k]);
		for (int k = 0; k < b->links; k++)
			arena_printf(&arena, "https://www%llu.site.example/article/%016llx%s", (unsigned long long)(next_random(b) % 500),
			             (unsigned long long)next_random(b), prose(b, &arena, 30));
		uint8_t hash[HASH_BYTES];
		const struct str *raw = &b->mails[(size_t)i % b->n_mails];
		hash_body(hash, raw->p, raw->n);
		arena_release(&arena);
	}
	return (cpu_ms() - start) / SAMPLE;
}

/* What this process has written so far, to the log and its journal: unlike times, the same in every run. */
static double written_kb(void)
{
	struct str io = {0};
	const char *line;
	double bytes = 0;
	if (file_read("/proc/self/io", &io, NULL) == 0 && (line = strstr(io.p, "wchar: ")) != NULL)
		bytes = strtod(line + 7, NULL);
	str_release(&io);
	return bytes / 1024;
}

static int compare(const void *x, const void *y)
{
	const double *p = x, *q = y;
	return (*p > *q) - (*p < *q);
}

static void measure(struct bench *b, int64_t *at)
{
	double ms[SAMPLE / BATCH], cpu, made = made_up_ms(b), kb = written_kb();
	int64_t wall = clock_ms();
	cpu = cpu_ms();
	for (int k = 0; k < SAMPLE / BATCH; k++, *at += BATCH) {
		ms[k] = cpu_ms();
		one_batch(b, *at);
		ms[k] = cpu_ms() - ms[k];
	}
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	cpu = (cpu_ms() - cpu) / SAMPLE - made;
	qsort(ms, SAMPLE / BATCH, sizeof *ms, compare);
	printf("%7lld entries: %.3f ms CPU a mail (median batch %.3f), %.3f ms wall, %.1f KB written; making mails up, %.3f ms, is taken off; peak RSS %ld MB\n",
	       (long long)*at - SAMPLE, cpu, ms[SAMPLE / BATCH / 2] / BATCH - made, (double)(clock_ms() - wall) / SAMPLE, (written_kb() - kb) / SAMPLE,
	       made, r.ru_maxrss / 1024);
	fflush(stdout);
}

/* What `plnpost status` and a digest ask of the log. */
static void status(struct bench *b)
{
	struct arena arena = {0};
	struct totals totals;
	struct entries latest, found;
	struct board board;
	struct week week;
	struct person person;
	double start = cpu_ms();
	if (store_person(b->store, b->people[0], &arena, &person, &b->err) != 1 ||
	    store_totals(b->store, person.id, START_DAY + 1000, START_DAY + 1365, &totals, &b->err) < 0 ||
	    store_entries(b->store, &(struct entry_filter){.person = person.id, .from = DAY_NONE, .to = DAY_NONE, .limit = 10}, &arena, &latest, &b->err) < 0)
		stop(b, "status");
	double totals_ms = cpu_ms() - start;
	start = cpu_ms();
	if (store_board(b->store, START_DAY + 1001, &arena, &board, &b->err) < 0 || store_week(b->store, &person, &board, &arena, &week, &b->err) < 0)
		stop(b, "week");
	double week_ms = cpu_ms() - start;
	start = cpu_ms();
	if (store_find(b->store, "aa0a ba1b", b->people[0], 10, &arena, &found, &b->err) < 0)
		stop(b, "find");
	printf("status %.2f ms (%d entries in its year), week %.2f ms, find of two common words %.2f ms (%zu)\n", totals_ms, totals.entries, week_ms,
	       cpu_ms() - start, found.n);
	start = cpu_ms();
	int sound = store_audit(b->store, NULL, NULL, &b->err);
	printf("audit %.0f ms: %s\n", cpu_ms() - start, sound == 1 ? "sound" : "findings");
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	struct bench b = {.links = 4, .random = 88172645463325252u};
	int64_t entries = 100000, at = 0;
	const char *mails = NULL;
	for (int i = 2; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--mails") == 0)
			mails = argv[i + 1];
		if (strcmp(argv[i], "--links") == 0)
			b.links = (int)strtol(argv[i + 1], NULL, 10);
		if (strcmp(argv[i], "--entries") == 0)
			entries = strtoll(argv[i + 1], NULL, 10);
		if (strcmp(argv[i], "--start") == 0)
			at = strtoll(argv[i + 1], NULL, 10);
	}
	if (argc < 2 || (b.store = store_open(argv[1], STORE_CREATE, &b.err)) == NULL)
		stop(&b, argc < 2 ? "usage: store DB [--mails DIR] [--links N] [--entries N] [--start N]" : "open");
	mails == NULL ? make_mails(&b) : load_mails(&b, mails);
	b.random += (uint64_t)at;
	if (at > 0) {
		find_people(&b);
	} else {
		set_up(&b);
		while (at < 1000)
			one_batch(&b, at), at += BATCH;
		measure(&b, &at);
	}
	while (at < entries)
		one_batch(&b, at), at += BATCH;
	measure(&b, &at);
	status(&b);
	struct stat st;
	if (stat(argv[1], &st) == 0)
		printf("the file has %.1f KB a mail\n", (double)st.st_size / 1024 / (double)at);
	store_close(b.store);
	for (size_t i = 0; i < b.n_mails; i++)
		str_release(&b.mails[i]);
	free(b.mails);
	return 0;
}
