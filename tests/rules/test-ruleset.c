#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/ruleset-keys.h"
#include "rules/shipped.h"

/* What is wrong with a ruleset, and where. The answer must hold every piece of `want`, separated by '|'. */
static const struct {
	const char *text, *want;
} wrong[] = {
	{"requirement = 18h", "r:1:|before the first section|[policy]"},
	{"[polcy]", "r:1:|no section [polcy]|did you mean [policy]?"},
	{"[weather]", "r:1:|no section [weather]|policy, role, rule, credit and cap"},
	{"[policy]\nmode = minute", "r:2:|mode = minute|did you mean minutes?|off, flat, minutes"},
	{"[policy]\nrequirment = 18h", "r:2:|no key \"requirment\"|did you mean \"requirement\"?"},
	{"[policy]\nxyzzy = 1", "r:2:|no key \"xyzzy\"|its keys are mode, requirement"},
	{"[policy]\nrequirement = lots", "r:2:|requirement = lots|20m, 1h30 or 6h"},
	{"[policy]\nrequirement = -1", "r:2:|must be from 0 to"},
	{"[policy]\nrequirement = 6h\npln-cap = 18h", "r:1:|pln-cap (1080 min) is more than the requirement"},
	{"[policy]\nremind-after = 30d\nescalate-after = 14d", "r:1:|swap them"},
	{"[policy]\nyear-starts = 1 July", "r:2:|07-01"},
	{"[policy]\nyear-starts = 02-30", "r:2:|07-01"},
	{"[policy]\nlate-after = 90m", "r:2:|30d"},
	{"[policy]\nmode = off\nmode = flat", "r:3:|mode is said twice"},
	{"[policy]\n[policy]", "r:2:|put the keys of both together"},
	{"[policy \"x\"]", "r:1:|[policy] has no name"},
	{"[policy]\nmode =", "r:2:|needs a value"},
	{"[credit]\nminutes = 5", "r:1:|needs a name|[credit \"some name\"]"},
	{"[credit \"a\"]\nkind = talk", "r:1:|grants nothing|minutes = 15"},
	{"[credit \"a\"]\nkind = tallk\nminutes = 5", "r:2:|did you mean talk?"},
	{"[credit \"a\"]\nminutes = a lot", "r:2:|as stated"},
	{"[credit \"a\"]\nminutes = 5m\nat-most = 3m", "r:1:|fixed minutes"},
	{"[credit \"a\"]\nminutes = 5m\nmultiply = 99", "r:3:|0.01 to 10"},
	{"[credit \"a\"]\nminutes = 5m\nstarred = perhaps", "r:3:|yes, no"},
	{"[credit \"all\"]\nminutes = 1\n\n[credit \"talk\"]\nkind = talk\nminutes = 5", "r:4:|\"talk\" never applies|\"all\" (line 1)|above"},
	{"[credit \"a\"]\nminutes = 1\nstarred = yes\n[credit \"a\"]\nminutes = 2", "r:4:|there is a credit \"a\" above"},
	{"[cap \"a\"]\nper = week", "r:1:|needs minutes"},
	{"[cap \"a\"]\nminutes = 60", "r:1:|needs its period"},
	{"[cap \"a\"]\nminutes = 60\nper = month", "r:3:|entry, day, week, year"},
	{"[rule \"a\"]\naction = ignore", "r:1:|no condition"},
	{"[rule \"a\"]\ntag = x", "r:1:|does nothing|action, set-kind"},
	{"[rule \"a\"]\nsubject = /(/\naction = log", "r:2:|pattern is wrong at character"},
	{"[rule \"a\"]\nsubject = /abc\naction = log", "r:2:|ends with /"},
	{"[rule \"a\"]\nsubject = /\\Ca/\naction = log", "r:2:|pattern is wrong"},
	{"[rule \"a\"]\nsubject = !\naction = log", "r:2:|needs words"},
	{"[rule \"a\"]\ntag = x\ntag = !x\naction = log", "r:1:|for its contrary"},
	{"[rule \"a\"]\nkind = tlak\naction = log", "r:2:|did you mean talk?"},
	{"[rule \"a\"]\nmail = newsleter\naction = log", "r:2:|did you mean newsletter?"},
	{"[rule \"a\"]\ntag = x\naction = delete", "r:3:|log, source, record, ignore, hold, quarantine"},
	{"[rule \"a\"]\ntag = x\nset-kind = none", "r:3:|leave the key out"},
	{"[rule \"a\"]\ntag = x\nadd-tag = two words", "r:3:|one word"},
	{"[rule \"a\"]\ntag = x\nprivate = maybe", "r:3:|on or off"},
	{"[policy]\nmode = off\nwhat is this", "r:3:|needs a value"},
	{"[policy\nmode = off", "r:1:|ends with ]"},
	{"[policy]\nevidence = maybe", "r:2:|evidence = maybe|ask, require"},
	{"[policy]\nrequirement = 18h\npln-cap = 120 %", "r:3:|share from 1 to 100|20 %"},
	{"[policy]\nrequirement = 18h\npln-cap = a third", "r:3:|share of the requirement such as 20 %"},
	{"[policy]\nmode = minutes\npln-cap = 33 %", "r:1:|there is none|requirement = 18h"},
	{"[policy]\nplan-share = 80", "r:1:|plan-share needs a whole|pln-cap = 6h"},
	{"[policy]\nrequirement = 18h\nplan-share = 101", "r:3:|from 0 to 100"},
	{"[policy]\nplan-share = most", "r:2:|plan-share = most"},
	{"[policy]\nshare-minimum = some", "r:2:|share-minimum = some"},
	{"[policy]\nshare-minimum = 0 %", "r:2:|share from 1 to 100"},
	{"[policy]\nbreadth = 40", "r:2:|from 0 to 14"},
	{"[policy]\nno-flag = duplicates", "r:2:|did you mean duplicate?|over-cap, no-certificate, unusual"},
	{"[policy]\nunusual-times = 0", "r:2:|from 1 to 1000"},
	{"[policy]\ncloses-after = 0d", "r:2:|from 1 to 3660 days"},
	{"[policy]\nfirst-above = 1s", "r:2:|20m, 1h30 or 6h"},
	{"[role \"gest\"]\ncredit = no", "r:1:|role = gest|did you mean guest?|teacher, approver"},
	{"[role]\ncredit = no", "r:1:|needs a name"},
	{"[role \"guest\"]", "r:1:|changes nothing|credit, requirement or pln-cap"},
	{"[role \"guest\"]\ncredit = no\n[role \"guest\"]\ncredit = yes", "r:3:|there is a role \"guest\" above"},
	{"[role \"approver\"]\nrequirement = 6h\npln-cap = 7h", "r:1:|pln-cap (420 min) is more than the requirement (360 min)"},
	{"[cap \"a\"]\nper = year\nminutes = 20 %", "r:1:|cap \"a\" is a share of the requirement|[policy]"},
	{"[cap \"a\"]\nper = year\nrole = techer\nminutes = 20", "r:3:|did you mean teacher?"},
	{"[credit \"all\"]\nminutes = 1\n[credit \"a\"]\nrole = guest\nminutes = 2", "r:3:|\"a\" never applies"},
	{"[policy]\nmode = \xff", "r:2:|UTF-8"},
};

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct err err = {0};
		struct ruleset *rs = ruleset_parse("r", span_of(wrong[i].text), &err);
		if (rs != NULL)
			fail_msg("taken: %s", wrong[i].text);
		struct span rest = span_of(wrong[i].want), piece;
		while (span_until(&rest, '|', &piece))
			if (memmem(err.text, strlen(err.text), piece.p, piece.n) == NULL)
				fail_msg("%s\n  said: %s\n  not there: %.*s", wrong[i].text, err.text, SPAN_ARG(piece));
	}
}

static void test_shipped(void **state)
{
	static const struct { const char *name; enum policy_mode mode; } files[] = {
		{"off.rules", POLICY_OFF}, {"flat.rules", POLICY_FLAT}, {"minutes.rules", POLICY_MINUTES}, {"mixed.rules", POLICY_MINUTES}
	};
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct shipped *file = shipped_find(shipped_rules, files[i].name);
		struct err err = {0};
		assert_non_null(file);
		struct ruleset *rs = ruleset_parse(file->name, (struct span){file->text, file->n}, &err);
		if (rs == NULL)
			fail_msg("%s", err.text);
		const struct policy *p = ruleset_policy(rs);
		assert_int_equal(p->mode, files[i].mode);
		assert_int_equal(p->year_month, 7);
		assert_int_equal(p->year_day, 1);
		assert_int_equal(p->retention_years, 10);
		if (p->mode != POLICY_OFF) {
			assert_int_equal(p->requirement, 18 * 60);
			assert_int_equal(p->pln_cap, 6 * 60);
			assert_int_equal(p->remind_days, 14);
			assert_int_equal(p->escalate_days, 30);
		}
		assert_int_equal(policy_package(p), i == 1 || i == 3);
		if (policy_package(p))
			assert_true(p->flat_minutes == 180 && p->flat_shared == 5 && p->flat_applied == 2);
		if (p->mode == POLICY_MINUTES)
			assert_true(p->late_days == 30 && p->certificate_above == 120);
		ruleset_close(rs);
	}
}

static void test_rows(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct rule_row *rows;
	struct ruleset *rs = ruleset_parse("r", span_of("[policy]\nmode = minutes\n[credit \"talk\"]\nkind = talk\nminutes = 15\n[rule \"x\"]\ntag = a\ntag = b\naction = hold\n"), NULL);
	assert_non_null(rs);
	assert_int_equal(ruleset_rows(rs, &arena, &rows), 3);
	assert_string_equal(rows[1].name, "x");
	assert_string_equal(rows[1].what, "tag = a, tag = b, action = hold");
	assert_string_equal(rows[2].section, "credit");
	assert_string_equal(rows[2].what, "kind = talk, minutes = 15");
	assert_int_equal(rows[2].line, 3);
	arena_release(&arena);
	ruleset_close(rs);
	ruleset_close(NULL);
}

/* Every key of the tables is told in the manual page. */
static void test_manual(void **state)
{
	static const struct ruleset_key *const tables[] = {ruleset_policy_keys, ruleset_role_keys, ruleset_rule_keys, ruleset_credit_keys, ruleset_cap_keys};
	static char page[100000];
	(void)state;
	FILE *file = fopen(PLN_SOURCE "/contrib/man/plnpost-rules.5", "r");
	assert_non_null(file);
	page[fread(page, 1, sizeof page - 1, file)] = '\0';
	fclose(file);
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct ruleset_key *k = tables[t]; k->name != NULL; k++) {
			bool told = false;
			for (const char *p = page; !told && (p = strstr(p, "\n.It Ic ")) != NULL; p++) {
				struct span rest = {p + 8, strcspn(p + 8, "\n")}, word;
				while (span_until(&rest, ' ', &word))
					told |= span_eq(word, k->name);
			}
			if (!told)
				fail_msg("plnpost-rules(5) does not tell %s", k->name);
		}
}

/* ---- conditions: which of the rules a mail meets */
static struct link links[] = {
	{.url = "https://www.edutopia.org/a?b", .seen = "", .text = "", .role = ROLE_CONTENT},
	{.url = "https://u:p@evil.test:8080/x", .seen = "", .text = "", .role = ROLE_CONTENT},
	{.url = "https://facebook.com/x", .seen = "", .text = "", .role = ROLE_SOCIAL},
};
static struct attachment files[] = {{"Certificate.PDF", "application/pdf", 10, {"", 0}}};
static struct forwarded inner = {.from = {"Weekly", "news@edutopia.org"}, .subject = "Exit tickets", .body = ""};
static const char *tags[] = {"pln", "phonics"};

static void mail(struct reading *r)
{
	*r = (struct reading){
		.subject = "Fwd: Exit Tickets für Straße", .from = {"Ana Lee", "ana@school.org"}, .own = "Worth a look", .quoted = "", .text = "Exit tickets are short.\nRegards", .kind = MAIL_FORWARD,
		.list_id = "teachers.district.org", .links = links, .n_links = 3, .attachments = files, .n_attachments = 1, .forwarded = &inner,
	};
	r->said.tagging = (struct tagging){.pln = true, .tags = {tags, 2}, .kind = KIND_READ, .note = ""};
}

static const struct {
	const char *conditions;
	bool met;
} conditions[] = {
	{"tag = pln", true}, {"tag = #pln", true}, {"tag = PLN", true}, {"tag = phon", false}, {"tag = /^phon/", true}, {"tag = !math", true},
	{"tag = !pln", false}, {"tag = math\ntag = phonics", true}, {"tag = math\ntag = !phonics", false},
	{"kind = read", true}, {"kind = talk", false}, {"kind = !talk", true}, {"mail = forward", true}, {"mail = note", false},
	{"subject = exit tickets", true}, {"subject = EXIT", true}, {"subject = STRASSE", false}, {"subject = /STRAßE$/i", true},
	{"subject = /^Exit tickets$/", true}, {"subject = /exit/", false}, {"subject = .*", false}, {"own = worth", true},
	{"body = short.", true}, {"body = /^Regards$/", true}, {"sender = ana@school.org", true}, {"sender = @edutopia.org", true},
	{"sender = Ana Lee", true}, {"sender = bob", false}, {"list = district.org", true}, {"link-host = edutopia.org", true},
	{"link-host = www.edutopia.org", true}, {"link-host = topia.org", false}, {"link-host = evil.test", true}, {"link-host = u", false},
	{"link-host = facebook.com", false}, {"link-host = /^evil\\./", true}, {"attachment = certificate", true},
	{"attachment = application/pdf", true}, {"attachment = /\\.docx$/i", false},
	{"tag = pln\nsubject = exit\nsender = ana", true}, {"tag = pln\nsubject = nothing", false},
	{"subject = !exit\nsubject = tickets", false},
};

static void test_conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
		struct arena arena = {0};
		struct err err = {0};
		struct reading r;
		char text[300];
		snprintf(text, sizeof text, "[rule \"x\"]\n%s\naction = source\n", conditions[i].conditions);
		struct ruleset *rs = ruleset_parse("r", span_of(text), &err);
		if (rs == NULL)
			fail_msg("%s", err.text);
		mail(&r);
		ruleset_match(rs, &r, &arena);
		if ((r.hits.n == 1) != conditions[i].met || r.failed.n != 0)
			fail_msg("%s: %zu hits", conditions[i].conditions, r.hits.n);
		ruleset_close(rs);
		arena_release(&arena);
	}
}

/* A pattern that would run for ever is a failed rule, not a missing match. */
static void test_limit(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct reading r;
	struct str body = {0};
	struct ruleset *rs = ruleset_parse("r", span_of("[rule \"slow\"]\nbody = /^(a+)+$/\naction = hold\n[rule \"fast\"]\ntag = pln\nadd-tag = x\n"), NULL);
	assert_non_null(rs);
	mail(&r);
	for (int i = 0; i < 50; i++)
		str_putc(&body, 'a');
	str_puts(&body, "b");
	r.text = str_c(&body);
	ruleset_match(rs, &r, &arena);
	assert_int_equal(r.failed.n, 1);
	assert_string_equal(r.failed.v[0], "slow");
	assert_int_equal(r.hits.n, 1);
	struct person person = {.id = 1, .name = "Ana"};
	struct verdict v;
	r.list_id = NULL;
	ruleset_judge(rs, &r, &(struct judged){.person = &person, .genuine = true}, &arena, &v);
	assert_int_equal(v.action, ACTION_HOLD);
	assert_string_equal(v.rules.v[0], "slow");
	str_release(&body);
	ruleset_close(rs);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_errors), cmocka_unit_test(test_shipped), cmocka_unit_test(test_rows), cmocka_unit_test(test_manual), cmocka_unit_test(test_conditions), cmocka_unit_test(test_limit)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
