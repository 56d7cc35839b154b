#include "tests/gateway/store/store-test.h"

#include <locale.h>
#include <sqlite3.h>

/* Words go, figures stay, and the ledger proves both. */

#define OLD 17000  /* days of a year that is past */
#define NEW 20000  /* and of one that is not */
#define BEFORE 18000

struct cast {
	int64_t rivera, kim, head;
	int64_t entries[8];
};

static struct entry worded(int64_t person, int32_t day, const char *title, struct bed *bed)
{
	struct entry e = plain_entry(person, day, title);
	e.note = "zebracrossing in the note";
	e.source = "quokkanews";
	e.links = arena_alloc(&bed->arena, sizeof *e.links);
	e.links[0] = (struct entry_link){"https://wombat.example/page", "walruslink"};
	e.n_links = 1;
	strs_add(&e.tags, &bed->arena, "narwhaltag");
	return e;
}

static void decided(struct bed *bed, int64_t entry, int minutes, enum ledger_verb verb, int64_t by)
{
	add_line(bed, entry, LEDGER_CLAIM, minutes, 0, "okapirule");
	add_line(bed, entry, verb, minutes, by, "gnuwords");
}

/* Two people with entries of an old and of a new year; a plan's grant; a mail and letters. */
static struct cast fill(struct bed *bed)
{
	struct cast c = {0};
	begin(bed);
	c.rivera = add_person(bed, "Ada Rivera", "ada.rivera@school.example", ROLE_TEACHER);
	c.kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER);
	c.head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER);
	int64_t mail = add_mail(bed, "armadillo@school.example", "the text of a pangolinmail", ACTION_LOG);
	for (int i = 0; i < 8; i++) {
		struct entry e = worded(i % 2 ? c.kim : c.rivera, i < 4 ? OLD + i : NEW + i, "Axolotltitle", bed);
		e.message = i == 0 ? mail : 0;
		if (i == 5)
			strs_add(&e.with, &bed->arena, "Rivera");
		c.entries[i] = add_entry(bed, &e);
		if (i != 2)
			decided(bed, c.entries[i], 10 + i, i == 3 ? LEDGER_DENY : LEDGER_APPROVE, c.head);
	}
	struct ledger_line grant = {.at = 1, .person = c.rivera, .verb = LEDGER_GRANT, .day = OLD + 9, .credited = 180, .reason = "okapirule", .by_person = c.head, .about = 1};
	OK(bed, store_add_ledger(bed->store, &grant, &bed->err));
	struct stored_letter own = {.key = "receipt:1", .message_id = "1@x", .recipient = "ada.rivera@school.example", .subject = "Logged: Axolotltitle", .person = c.rivera,
	                            .entry = c.entries[0], .created_at = 5, .bytes = SPAN("bytes"), .own_text = "Dear Ada Rivera, Axolotltitle", .envelope_from = ""};
	struct stored_letter other = {.key = "digest:1", .purpose = LETTER_DIGEST, .message_id = "2@x", .recipient = "kim@school.example", .subject = "Week", .person = c.kim,
	                              .created_at = 5, .numbered = arena_printf(&bed->arena, "%lld", (long long)c.entries[0]), .own_text = "Ada Rivera: Axolotltitle",
	                              .envelope_from = ""};
	YES(bed, store_queue_letter(bed->store, &own, &bed->err));
	YES(bed, store_queue_letter(bed->store, &other, &bed->err));
	OK(bed, store_letter_sent(bed->store, own.id, 6, "250", &bed->err));
	OK(bed, store_letter_sent(bed->store, other.id, 6, "250", &bed->err));
	commit(bed);
	assert_sound(bed);
	return c;
}

/* Words or not. */
static struct entry any_entry(struct bed *bed, int64_t id)
{
	struct entries list;
	OK(bed, store_entries(bed->store, &(struct entry_filter){.from = 0, .to = DAY_NONE, .also_redacted = true}, &bed->arena, &list, &bed->err));
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].id == id)
			return list.v[i];
	fail_msg("no entry %lld", (long long)id);
	return (struct entry){0};
}

static void redact(struct bed *bed, int64_t person, int32_t before)
{
	struct redaction r = {.person = person, .before = before, .at = 1800000000, .reason = "retention 10 years"};
	size_t n = 0;
	int more = 1;
	while (more > 0) {
		begin(bed);
		more = store_redact(bed->store, &r, &n, &bed->err);
		if (more < 0)
			fail_msg("%s", bed->err.text);
		commit(bed);
		assert_sound(bed);
	}
}

static struct totals totals_of(struct bed *bed, int64_t person, int32_t from, int32_t to)
{
	struct totals t;
	OK(bed, store_totals(bed->store, person, from, to, &t, &bed->err));
	return t;
}

static void same_totals(const struct totals *a, const struct totals *b)
{
	assert_memory_equal(a, b, sizeof *a);
}

static size_t found(struct bed *bed, const char *words)
{
	struct entries list;
	OK(bed, store_find(bed->store, words, 0, 50, &bed->arena, &list, &bed->err));
	return list.n;
}

static void old_words_go_and_figures_stay(void **state)
{
	struct bed *bed = *state;
	struct cast c = fill(bed);
	struct totals rivera = totals_of(bed, c.rivera, 0, DAY_NONE), kim = totals_of(bed, c.kim, 0, DAY_NONE);
	assert_int_equal(found(bed, "axolotltitle"), 8);
	redact(bed, c.rivera, BEFORE);
	struct totals now = totals_of(bed, c.rivera, 0, DAY_NONE);
	same_totals(&now, &rivera);
	assert_int_equal(found(bed, "axolotltitle"), 6);
	assert_int_equal(found(bed, "pangolinmail"), 0);
	redact(bed, c.kim, BEFORE);
	now = totals_of(bed, c.kim, 0, DAY_NONE);
	same_totals(&now, &kim);
	assert_int_equal(found(bed, "axolotltitle"), 4);
	struct entry e = any_entry(bed, c.entries[0]);
	assert_true(e.redacted);
	assert_int_equal(store_entry(bed->store, e.id, &bed->arena, &e, &bed->err), 0);
	assert_string_equal(e.title, "(removed)");
	assert_int_equal(e.n_links + e.tags.n + strlen(e.note) + strlen(e.source) + strlen(e.reason), 0);
	assert_int_equal(e.claim, CLAIM_APPROVED);
	assert_int_equal(e.credited, 10);
	struct entries list;
	OK(bed, store_entries(bed->store, &(struct entry_filter){.from = 0, .to = DAY_NONE}, &bed->arena, &list, &bed->err));
	assert_int_equal(list.n, 4);
	OK(bed, store_entries(bed->store, &(struct entry_filter){.from = 0, .to = DAY_NONE, .also_redacted = true}, &bed->arena, &list, &bed->err));
	assert_int_equal(list.n, 8);
	struct ledger lines;
	OK(bed, store_ledger(bed->store, 0, c.entries[0], &bed->arena, &lines, &bed->err));
	assert_int_equal(lines.n, 2);
	assert_true(lines.v[0].redacted && lines.v[0].reason[0] == '\0' && lines.v[0].credited == 10);
	OK(bed, store_ledger(bed->store, c.rivera, 0, &bed->arena, &lines, &bed->err));
	const struct ledger_line *last = &lines.v[lines.n - 1];
	assert_int_equal(last->verb, LEDGER_REDACT);
	assert_int_equal(last->credited, 10 + 180);
	assert_string_equal(last->reason, "retention 10 years");
	/* The new year's words are all there, and what comes later is taken out later. */
	assert_string_equal(get_entry(bed, c.entries[4]).note, "zebracrossing in the note");
	begin(bed);
	add_line(bed, c.entries[4], LEDGER_UNDO, 0, c.head, "");
	commit(bed);
	assert_sound(bed);
	redact(bed, c.rivera, NEW + 100);
	assert_true(any_entry(bed, c.entries[4]).redacted);
	/* An entry without any line is accounted for as well. */
	assert_true(any_entry(bed, c.entries[2]).redacted);
}

/* An entry that was once claimed for a kept year stays, whatever day it is about now; what is said of an old day goes. */
static void a_later_claim_keeps_it(void **state)
{
	struct bed *bed = *state;
	begin(bed);
	int64_t kim = add_person(bed, "Mr Kim", "kim@school.example", ROLE_TEACHER), head = add_person(bed, "H", "h@x", ROLE_APPROVER);
	struct entry e = worded(kim, OLD, "Moved", bed);
	e.id = add_entry(bed, &e);
	add_line(bed, e.id, LEDGER_CLAIM, 5, 0, "first");
	add_line(bed, e.id, LEDGER_APPROVE, 5, head, "fine");
	e = get_entry(bed, e.id);
	e.day = NEW;
	OK(bed, store_change_entry(bed->store, &e, kim, 0, 9, &bed->err));
	add_line(bed, e.id, LEDGER_CLAIM, 7, 0, "second");
	e.day = OLD;
	OK(bed, store_change_entry(bed->store, &e, kim, 0, 9, &bed->err));
	add_line(bed, e.id, LEDGER_CLAIM, 9, 0, "third");
	commit(bed);
	redact(bed, kim, BEFORE);
	e = get_entry(bed, e.id);
	assert_false(e.redacted);
	assert_string_equal(e.reason, "");
	assert_int_equal(e.credited, 9);
	assert_string_equal(e.title, "Moved");
	struct ledger lines = {0};
	OK(bed, store_ledger(bed->store, 0, e.id, &bed->arena, &lines, &bed->err));
	assert_string_equal(lines.v[2].reason, "second");
}

/* The trigger lets through what a REDACT line accounts for, and nothing else. */
static void only_what_is_accounted_for(void **state)
{
	struct bed *bed = *state;
	static const char *const refused[] = {
		"UPDATE ledger SET reason = '', flag = '', salt = NULL, redacted = 1 WHERE id = 12", /* a kept year's */
		"UPDATE ledger SET reason = '', flag = '', salt = NULL, redacted = 1 WHERE verb = 11",
		"UPDATE ledger SET redacted = 0 WHERE id = 1",
		"UPDATE ledger SET reason = 'back' WHERE id = 1",
		"UPDATE ledger SET credited = 500 WHERE id = 1",
		"UPDATE ledger SET words = zeroblob(32) WHERE id = 1",
		"UPDATE ledger SET reason = '', flag = '', salt = NULL, redacted = 1, credited = 9 WHERE id = 14",
		"DELETE FROM ledger WHERE id = 1",
	};
	struct cast c = fill(bed);
	redact(bed, c.rivera, BEFORE);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(bed->path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (sqlite3_exec(db, refused[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
			fail_msg("%s: %s", refused[i], sqlite3_errmsg(db));
	sqlite3_close(db);
	assert_sound(bed);
}

/* With the file in hand, triggers gone. */
static void tampering_is_found(void **state)
{
	struct bed *bed = *state;
	static const struct {
		const char *sql, *finding;
	} cases[] = {
		{"UPDATE ledger SET credited = 500 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET actual = 500 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET day = day + 1 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET at = 3 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET by_person = 2 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET verb = 2 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET entry = 1002 WHERE id = 1", "line 1 (entry 1002) was changed"},
		{"UPDATE ledger SET person = 2 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET delegate = 2 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET message = 1 WHERE id = 2", "line 2 (entry 1001) was changed"},
		{"UPDATE ledger SET about = 2 WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET words = zeroblob(32) WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET hash = zeroblob(32) WHERE id = 1", "line 1 (entry 1001) was changed"},
		{"UPDATE ledger SET form = 0 WHERE id = 1", "were changed since line 16 took them out"},
		{"UPDATE ledger SET form = 0, credited = 500 WHERE id = 1", "were changed since line 16 took them out"},
		{"UPDATE ledger SET reason = 'okapirule' WHERE id = 1", "line 1: was taken out, yet it has words"},
		{"UPDATE ledger SET salt = 'x' WHERE id = 1", "line 1: was taken out, yet it has words"},
		{"UPDATE ledger SET redacted = 0, reason = 'okapirule' WHERE id = 1", "line 1: line 16 says that its words were taken out, yet they are there"},
		{"UPDATE ledger SET redacted = 0, reason = 'okapirule', salt = 'x' WHERE id = 1", "line 1 (entry 1001) was changed: these are not its words"},
		{"UPDATE ledger SET redacted = 1, reason = '', salt = NULL WHERE id = 7", "line 7: its words were taken out, but no later line says so"},
		{"UPDATE ledger SET redacted = 1, reason = '', salt = NULL WHERE id = 3", "line 3: its words were taken out, but no later line says so"},
		{"UPDATE ledger SET reason = 'better' WHERE id = 7", "line 7 (entry 1005) was changed: these are not its words"},
		{"UPDATE ledger SET flag = 'better' WHERE id = 7", "line 7 (entry 1005) was changed: these are not its words"},
		{"UPDATE ledger SET salt = NULL WHERE id = 7", "line 7 (entry 1005) was changed: these are not its words"},
		{"UPDATE ledger SET about = 99 WHERE id = 16", "line 16 (entry 0) was changed"},
		{"UPDATE ledger SET reason = 'something else' WHERE id = 16", "line 16 (entry 0) was changed: these are not its words"},
		{"DELETE FROM ledger WHERE id = 16", "line 1: its words were taken out, but no later line says so"},
		{"DELETE FROM ledger WHERE id = 16", "ends with line 15, but its last line was 16"},
		{"DELETE FROM ledger WHERE id = 1", "line 2 follows line 0: lines are missing"},
		{"UPDATE ledger SET id = 99 WHERE id = 1; UPDATE ledger SET id = 1 WHERE id = 2; UPDATE ledger SET id = 2 WHERE id = 99", "line 1 (entry 1001) was changed or is out"},
		{"UPDATE entry SET redacted = 1, title = '(removed)', note = '', source = '' WHERE id = 1002", "entry 1002: its words were taken out, but no ledger line says so"},
		{"UPDATE entry SET title = 'Something' WHERE id = 1001", "entry 1001: was taken out, yet it has words"},
		{"UPDATE entry SET credited = 500 WHERE id = 1001", "entry 1001: says approved, 500 min; the ledger says approved, 10 min"},
		{"UPDATE entry SET person = 2 WHERE id = 1005", "entry 1005: is another person's than ledger line 7 says"},
		{"UPDATE person SET merged_into = 2 WHERE id = 1", "person 1: goes on as person 2, but no ledger line says so"},
		{"INSERT INTO reopened(year, until, line) VALUES(1, 99999, 1)", "is open until day 99999, but no ledger line says so"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cast c = fill(bed);
		redact(bed, c.rivera, BEFORE);
		tamper(bed, cases[i].sql);
		/* as well in a backup of it */
		char copy[128];
		snprintf(copy, sizeof copy, "%s/copy.db", bed->folder);
		OK(bed, store_backup(bed->store, copy, &bed->err));
		struct store *backup = store_open(copy, STORE_READ, &bed->err);
		assert_non_null(backup);
		assert_finding(bed, backup, cases[i].sql, cases[i].finding);
		store_close(backup);
		bed_teardown((void **)&bed);
		bed_setup((void **)&bed);
		*state = bed;
	}
}

/* ---- old lines, of logs before version 4: their words are part of their only hash */
static void old_lines_stay_proved(void **state)
{
	struct bed *bed = *state;
	sqlite3 *db;
	load_version(bed, 3, "");
	bed->store = bed_open(bed, STORE_WRITE);
	struct totals before = totals_of(bed, 1, 0, DAY_NONE);
	redact(bed, 1, 25000);
	struct totals after = totals_of(bed, 1, 0, DAY_NONE);
	same_totals(&after, &before);
	assert_true(any_entry(bed, 1001).redacted);
	static const char *const changes[] = {
		"UPDATE ledger SET credited = 500 WHERE id = 3", "UPDATE ledger SET actual = 1 WHERE id = 1", "UPDATE ledger SET by_person = 1 WHERE id = 3",
		"UPDATE ledger SET redacted = 0 WHERE id = 1",
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct findings f = {0};
		assert_int_equal(sqlite3_open(bed->path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE; CREATE TABLE kept AS SELECT * FROM ledger; DROP TRIGGER ledger_update", NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(store_audit(bed->store, note_finding, &f, &bed->err), 0);
		assert_true(f.n > 0);
		assert_int_equal(sqlite3_exec(db, "DROP TRIGGER ledger_delete; DROP TRIGGER ledger_insert; DELETE FROM ledger; INSERT INTO ledger SELECT * FROM kept;"
		                              " DROP TABLE kept; CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger BEGIN SELECT 1; END;"
		                              " CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger BEGIN SELECT 1; END;"
		                              " CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger BEGIN SELECT 1; END", NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		assert_sound(bed);
	}
}

/* ---- a person removed: nothing of their words is in the files */

static bool in_file(struct bed *bed, const char *suffix, const char *word)
{
	struct str bytes = {.max = 64 << 20};
	struct arena arena = {0};
	const char *path = arena_printf(&arena, "%s%s", bed->path, suffix);
	bool is = false;
	if (file_exists(path)) {
		OK(bed, file_read(path, &bytes, &bed->err));
		is = bytes.n > 0 && memmem(bytes.p, bytes.n, word, strlen(word)) != NULL;
	}
	str_release(&bytes);
	arena_release(&arena);
	return is;
}

static void removed_bytes_are_gone(void **state)
{
	struct bed *bed = *state;
	static const char *const words[] = {"Axolotltitle", "axolotltitle", "zebracrossing", "quokkanews", "narwhaltag", "walruslink", "wombat.example", "pangolinmail",
	                                    "armadillo@school", "okapirule", "gnuwords", "Ada Rivera", "ada rivera", "ada.rivera"};
	struct cast c = fill(bed);
	struct totals before = totals_of(bed, c.rivera, 0, DAY_NONE);
	/* Kim is removed as well, so that no word is anybody's any more. */
	assert_true(in_file(bed, "-wal", "Axolotltitle") || in_file(bed, "", "Axolotltitle"));
	int64_t both[] = {c.rivera, c.kim};
	for (size_t i = 0; i < 2; i++) {
		redact(bed, both[i], NEW + 100);
		begin(bed);
		OK(bed, store_erase(bed->store, both[i], &bed->err));
		commit(bed);
		assert_sound(bed);
	}
	OK(bed, store_wipe(bed->store, &bed->err));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (in_file(bed, "", words[i]) || in_file(bed, "-wal", words[i]))
			fail_msg("%s is still in the files", words[i]);
	assert_sound(bed);
	struct totals after = totals_of(bed, c.rivera, 0, DAY_NONE);
	same_totals(&after, &before);
	struct person p;
	YES(bed, store_person(bed->store, c.rivera, &bed->arena, &p, &bed->err));
	assert_string_equal(p.name, arena_printf(&bed->arena, "removed person %lld", (long long)c.rivera));
	assert_true(p.removed && p.left && p.addresses.n == 0);
	assert_int_equal(store_person_by_address(bed->store, "ada.rivera@school.example", &bed->arena, &p, &bed->err), 0);
	/* The same mail again is known by what is left of it. */
	uint8_t hash[HASH_BYTES];
	int64_t id;
	hash_bytes(hash, "armadillo@school.example", 24);
	YES(bed, store_seen_copy(bed->store, "armadillo@school.example", hash, &id, &bed->err));
}

static void colleagues_keep_theirs(void **state)
{
	struct bed *bed = *state;
	struct cast c = fill(bed);
	begin(bed);
	int64_t other = add_person(bed, "Bo Rivers", "bo@school.example", ROLE_TEACHER);
	struct entry e = worded(other, NEW, "Kept", bed);
	strs_add(&e.with, &bed->arena, "ada");
	strs_add(&e.with, &bed->arena, "bo");
	int64_t id = add_entry(bed, &e);
	commit(bed);
	int64_t n = 9;
	OK(bed, store_letters_naming(bed->store, c.rivera, &n, &bed->err));
	assert_int_equal(n, 0);
	redact(bed, c.rivera, NEW + 100);
	begin(bed);
	OK(bed, store_erase(bed->store, c.rivera, &bed->err));
	commit(bed);
	OK(bed, store_wipe(bed->store, &bed->err));
	e = get_entry(bed, id);
	assert_string_equal(e.title, "Kept");
	assert_string_equal(e.with.v[0], arena_printf(&bed->arena, "removed person %lld", (long long)c.rivera));
	assert_string_equal(e.with.v[1], "bo");
	assert_string_equal(e.links[0].url, "https://wombat.example/page");
	assert_int_equal(found(bed, "kept"), 1);
	assert_string_equal(any_entry(bed, c.entries[5]).with.v[0], e.with.v[0]);
	struct stored_letter l;
	YES(bed, store_letter(bed->store, 2, &bed->arena, &l, &bed->err));
	assert_string_equal(l.recipient, "kim@school.example");
	assert_null(l.own_text);
	assert_sound(bed);
}

/* ---- whatever happened before, and in whichever order: sums stay, the audit is sound */

static uint64_t seed;
static int any(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((seed >> 33) % (uint64_t)n);
}

static void any_line(struct bed *bed, int64_t entry, int64_t by)
{
	static const enum ledger_verb verbs[] = {LEDGER_CLAIM, LEDGER_CLAIM, LEDGER_APPROVE, LEDGER_APPROVE, LEDGER_DENY, LEDGER_ASK, LEDGER_UNDO, LEDGER_WITHDRAW};
	struct ledger_line line = {.at = 1700000000 + any(1000), .entry = entry, .verb = verbs[any(8)], .actual = any(60), .credited = any(40), .by_person = by,
	                           .reason = any(3) ? "some rule" : "", .flag = any(4) ? "" : "unusual"};
	store_add_ledger(bed->store, &line, &bed->err); /* what may not follow is refused */
}

static void sums_survive_anything(void **state)
{
	for (seed = 1; seed <= 12; seed++) {
		uint64_t round = seed;
		struct bed *bed = *state;
		int64_t people[4], entries[40];
		struct totals before[3] = {0}, after = {0}, t;
		begin(bed);
		for (int i = 0; i < 4; i++)
			people[i] = add_person(bed, (const char *[]){"Ana A", "Ben B", "Cem C", "Head"}[i], (const char *[]){"a@x", "b@x", "c@x", "h@x"}[i], ROLE_TEACHER);
		for (int i = 0; i < 40; i++) {
			struct entry e = worded(people[any(3)], OLD + any(6) * 400, "Title", bed);
			entries[i] = add_entry(bed, &e);
		}
		for (int i = 0; i < 120; i++)
			any_line(bed, entries[any(40)], people[3]);
		commit(bed);
		assert_sound(bed);
		int merged = any(2);
		if (merged) {
			size_t undone;
			begin(bed);
			OK(bed, store_merge(bed->store, people[0], people[1], 0, 5, "the same", &undone, &bed->err));
			commit(bed);
			assert_sound(bed);
		}
		for (int i = 0; i < 3; i++)
			before[i] = totals_of(bed, people[i], 0, DAY_NONE);
		for (int step = 0; step < 4; step++) {
			redact(bed, people[any(3)], OLD + any(7) * 400);
			begin(bed);
			if (any(2))
				add_line(bed, add_entry(bed, &(struct entry){.person = people[3], .day = NEW, .title = "x", .kind = KIND_READ, .minutes = MINUTES_NONE}), LEDGER_CLAIM, 1, 0, "r");
			commit(bed);
		}
		for (int i = 0; i < 3; i++) {
			t = totals_of(bed, people[i], 0, DAY_NONE);
			if (memcmp(&t, &before[i], sizeof t) != 0)
				fail_msg("round %d: the sums of person %d changed", (int)round, i);
			after.entries += t.entries;
		}
		assert_int_equal(after.entries, 40);
		seed = round;
		bed_teardown((void **)&bed);
		bed_setup((void **)&bed);
		*state = bed;
	}
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		TEST(old_words_go_and_figures_stay), TEST(a_later_claim_keeps_it), TEST(only_what_is_accounted_for), TEST(tampering_is_found),
		TEST(old_lines_stay_proved), TEST(removed_bytes_are_gone), TEST(colleagues_keep_theirs), TEST(sums_survive_anything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
