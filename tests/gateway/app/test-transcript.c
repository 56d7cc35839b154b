#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/transcript.h"
#include "tests/gateway/app/bed.h"

/* The verification code: as people read it out, and as they mistype it; and files read back. */

static void made(unsigned i, char code[TRANSCRIPT_CODE])
{
	uint8_t content[HASH_BYTES];
	hash_bytes(content, &i, sizeof i);
	transcript_code(code, content);
}

static void codes_are_plain(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		char code[TRANSCRIPT_CODE], again[TRANSCRIPT_CODE], back[TRANSCRIPT_CODE];
		made(i, code);
		made(i, again);
		assert_string_equal(code, again);
		assert_int_equal(strlen(code), 19);
		assert_int_equal(strspn(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"), 19);
		assert_true(code[4] == '-' && code[9] == '-' && code[14] == '-');
		assert_int_equal(transcript_code_read(code, back), 0);
		assert_string_equal(back, code);
	}
}

/* Every wrong sign and every two that changed places, but where they read alike. */
static void mistakes_are_noticed(void **state)
{
	(void)state;
	static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char code[TRANSCRIPT_CODE], wrong[TRANSCRIPT_CODE], back[TRANSCRIPT_CODE];
	for (unsigned i = 0; i < 40; i++) {
		made(i, code);
		for (size_t at = 0; at < 19; at++) {
			for (const char *c = signs; code[at] != '-' && *c != '\0'; c++) {
				memcpy(wrong, code, sizeof wrong);
				wrong[at] = *c;
				assert_int_equal(transcript_code_read(wrong, back), *c == code[at] ? 0 : -1);
			}
			memcpy(wrong, code, sizeof wrong);
			if (at < 18 && code[at] != '-' && code[at + 1] != '-' && code[at] != code[at + 1]) {
				wrong[at] = code[at + 1];
				wrong[at + 1] = code[at];
				assert_int_equal(transcript_code_read(wrong, back), -1);
			}
		}
	}
}

static void as_people_type_it(void **state)
{
	(void)state;
	char code[TRANSCRIPT_CODE], back[TRANSCRIPT_CODE], typed[64];
	for (unsigned i = 0; i < 200; i++) {
		size_t n = 0;
		made(i, code);
		for (const char *p = code; *p != '\0'; p++) {
			if (*p == '-' && i % 2 == 0)
				continue;
			typed[n++] = *p == '0' ? 'o' : *p == '1' ? 'L' : *p == '-' ? ' ' : *p;
		}
		typed[n] = '\0';
		assert_int_equal(transcript_code_read(typed, back), 0);
		assert_string_equal(back, code);
	}
	static const char *const none[] = {"", "-", "7K3M", "7K3M-9PQX-2B5D-HT0V-7K3M", "7K3M-9PQX-2B5D-HT0\xc3\xa9", "U000-0000-0000-0000", "transcript.csv"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(transcript_code_read(none[i], back), -1);
}

/* The content is what the fields say: not how they are quoted, separated or ended. */
static const struct {
	const char *a, *b;
	bool same;
} files[] = {
	{"record,x\r\ncampus,Lincoln\r\n", "record;x\ncampus;\"Lincoln\"\n", true},
	{"record,x\r\ncampus,Lincoln\r\n", "\xef\xbb\xbfrecord,x\r\n\r\ncampus,Lincoln", true},
	{"record,x\r\ncampus,Lincoln\r\n", "record,x\r\ncampus,Lincoln,,\r\ncode,,,7K3M\r\n", true},
	{"record,x\r\ncampus,Lincoln\r\n", "record,x\r\ncampus,lincoln\r\n", false},
	{"record,x\r\na,b\r\nc,d\r\n", "record,x\r\nc,d\r\na,b\r\n", false},
	{"record,x\r\na,bc\r\n", "record,x\r\nab,c\r\n", false},
	{"record,x\r\na,b\r\n", "record,x\r\na,b\r\na,b\r\n", false},
};

static void content_is_what_the_fields_say(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct err err = {0};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct transcript_file a, b;
		assert_int_equal(transcript_read("a.csv", span_of(files[i].a), &arena, &a, &err), 0);
		assert_int_equal(transcript_read("b.csv", span_of(files[i].b), &arena, &b, &err), 0);
		if ((memcmp(a.content, b.content, HASH_BYTES) == 0) != files[i].same)
			fail_msg("file pair %zu", i);
	}
	struct transcript_file f;
	assert_int_equal(transcript_read("x.csv", span_of(""), &arena, &f, &err), -1);
	assert_non_null(strstr(err.text, "is empty"));
	assert_int_equal(transcript_read("x.csv", span_of("name,x\n"), &arena, &f, &err), -1);
	assert_int_equal(transcript_read("x.csv", span_of("record,x\n\"a"), &arena, &f, &err), -1);
	assert_int_equal(transcript_read("x.csv", span_of("record,x\nledger,,,aa,99999999999999999999999999\n"), &arena, &f, &err), 0);
	arena_release(&arena);
}

/* ---- rows: who decided, what is granted, what was taken back */

#define NOW 1772647200 /* 4 March 2026 */

static int64_t log_one(struct bed *bed, int64_t person, int32_t day, bool is_private, bool nocredit)
{
	struct entry e = {.person = person, .day = day, .title = "x", .note = "", .source = "", .kind = KIND_TALK, .minutes = 20, .logged_at = NOW, .reason = "", .flag = "",
	                  .is_private = is_private, .nocredit = nocredit};
	if (store_add_entry(bed->campus.store, &e, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
	return e.id;
}

static int64_t say(struct bed *bed, struct ledger_line line)
{
	line.at = NOW;
	if (store_add_ledger(bed->campus.store, &line, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
	return line.id;
}

static void rows_say_who_decided(void **state)
{
	struct bed *bed = *state;
	struct desk desk = {&bed->campus, bed->campus.store, &bed->arena, NOW};
	struct person lee = {.id = add_person(bed, "Ms Lee", "lee@school.example", ROLE_TEACHER, 0, false), .name = "Ms Lee"};
	int64_t head = add_person(bed, "Dr Head", "head@school.example", ROLE_APPROVER, 0, false), kim = add_person(bed, "Kim Office", "kim@school.example", ROLE_TEACHER, 0, false);
	int32_t year = day_from_civil((struct civil){2025, 7, 1}), day = year + 100;
	struct transcript t;
	if (store_begin(bed->campus.store, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
	int64_t approved = log_one(bed, lee.id, day, true, false), undone = log_one(bed, lee.id, day + 1, false, false);
	log_one(bed, lee.id, day + 2, true, false);      /* private and unclaimed: hers alone */
	log_one(bed, lee.id, day + 3, false, true);      /* #nocredit */
	log_one(bed, lee.id, year - 1, false, false);    /* the year before */
	log_one(bed, kim, day, false, false);
	say(bed, (struct ledger_line){.entry = approved, .verb = LEDGER_CLAIM, .actual = 20, .credited = 15, .reason = "15 of 20: talk rule"});
	int64_t line = say(bed, (struct ledger_line){.entry = approved, .verb = LEDGER_APPROVE, .actual = 20, .credited = 15, .by_person = head, .delegate = kim});
	say(bed, (struct ledger_line){.entry = undone, .verb = LEDGER_CLAIM, .actual = 20, .credited = 15});
	say(bed, (struct ledger_line){.entry = undone, .verb = LEDGER_APPROVE, .actual = 20, .credited = 15, .by_person = head});
	say(bed, (struct ledger_line){.entry = undone, .verb = LEDGER_UNDO, .by_person = head});
	int64_t mistake = say(bed, (struct ledger_line){.person = lee.id, .verb = LEDGER_GRANT, .day = day, .credited = 120, .by_person = head, .reason = "signed"});
	say(bed, (struct ledger_line){.person = lee.id, .verb = LEDGER_REVOKE, .day = day, .credited = 120, .by_person = head, .about = mistake});
	say(bed, (struct ledger_line){.person = lee.id, .verb = LEDGER_GRANT, .day = day + 5, .credited = 180, .by_person = head, .reason = "signed, great"});
	say(bed, (struct ledger_line){.person = lee.id, .verb = LEDGER_GRANT, .day = year - 30, .credited = 60, .by_person = head});
	if (store_commit(bed->campus.store, &bed->err) < 0 || transcript_make(&desk, &lee, year, &t, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
	assert_int_equal(t.n, 4);
	assert_int_equal(t.rows[0].entry, approved);
	assert_string_equal(t.rows[0].approver, "Dr Head");
	assert_string_equal(t.rows[0].delegate, "Kim Office");
	assert_int_equal(t.rows[0].line, line);
	assert_int_equal(t.rows[0].credited, 15);
	assert_int_equal(t.rows[1].entry, undone);
	assert_string_equal(t.rows[1].state, "waiting");
	assert_string_equal(t.rows[1].approver, ""); /* the decision was taken back */
	assert_int_equal(t.rows[1].credited, 0);
	assert_int_equal(t.rows[1].claimed, 15);
	assert_string_equal(t.rows[2].state, "revoked");
	assert_int_equal(t.rows[2].credited, 0);
	assert_string_equal(t.rows[3].state, "granted");
	assert_int_equal(t.rows[3].credited, 180);
	assert_string_equal(t.rows[3].approver, "Dr Head");
	assert_int_equal(t.granted, 180);
	assert_int_equal(t.approved, 195);
	assert_int_equal(t.waiting, 15);
	assert_int_equal(t.line, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_plain), cmocka_unit_test(mistakes_are_noticed), cmocka_unit_test(as_people_type_it), cmocka_unit_test(content_is_what_the_fields_say),
		TEST(rows_say_who_decided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
