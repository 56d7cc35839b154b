#include "machine-help.h"

#define FROM "From: Ann Lee <ann@school.example>\n"
#define HOP "Received: from mx.other.example by mx.campus.example; Mon, 2 Mar 2026 08:00:00 +0000\n"
#define STAMP(text) "Authentication-Results: " text "\n"

static void read_auth(const char *head, const char *sealer, struct arena *arena, struct reading *r)
{
	struct read_options options = {0};
	struct mail_parts parts = {0};
	strs_add(&options.authservs, arena, "mx.campus.example");
	strs_add(&options.campus, arena, "pln@campus.example");
	if (sealer != NULL)
		strs_add(&options.sealers, arena, sealer);
	const char *raw = arena_printf(arena, "%s\nHello\n", head);
	*r = (struct reading){.from = {"", ""}, .sender = {"", ""}};
	mime_warm_up();
	mime_read(span_of(raw), arena, &parts, r);
	auth_read(&options, &parts.headers, arena, r);
}

static const struct {
	const char *name, *head, *sealer;
	enum auth_verdict verdict;
	size_t results;
	const char *defect; /* must be said; NULL = nothing of the sort is asked */
} cases[] = {
	{"no header", FROM, NULL, AUTH_NONE, 0, NULL},
	{"somebody else's", STAMP("mx.evil.example; dmarc=pass header.from=school.example") FROM, NULL, AUTH_NONE, 0, NULL},
	{"dmarc", STAMP("mx.campus.example; dmarc=pass header.from=school.example") FROM, NULL, AUTH_PASS, 1, NULL},
	{"any case", STAMP("MX.Campus.Example; DMARC=Pass header.From=School.example") FROM, NULL, AUTH_PASS, 1, NULL},
	{"quoted id, version, comments", STAMP("\"mx.campus.example\" 1 (a (nested) one); dkim /1 (x) = pass (ok) header . d = school.example") FROM, NULL, AUTH_PASS, 1, NULL},
	{"dmarc for another From", STAMP("mx.campus.example; dmarc=pass header.from=other.example") FROM, NULL, AUTH_FAIL, 1, NULL},
	{"dmarc=fail wins", STAMP("mx.campus.example; dkim=pass header.d=school.example; dmarc=fail header.from=school.example") FROM, NULL, AUTH_FAIL, 2, NULL},
	{"dkim of the same domain", STAMP("mx.campus.example; spf=fail smtp.mailfrom=x@y.example; dkim=pass header.i=@school.example header.b=abc/+=") FROM, NULL, AUTH_PASS, 2, NULL},
	{"dkim of a parent", STAMP("mx.campus.example; dkim=pass header.d=school.example") "From: ann@mail.school.example\n", NULL, AUTH_PASS, 1, NULL},
	{"dkim of a top domain", STAMP("mx.campus.example; dkim=pass header.d=example") FROM, NULL, AUTH_FAIL, 1, NULL},
	{"dkim of a domain that only ends alike", STAMP("mx.campus.example; dkim=pass header.d=evilschool.example") FROM, NULL, AUTH_FAIL, 1, NULL},
	{"letters here, A-labels there", STAMP("mx.campus.example; dmarc=pass header.from=xn--schler-5ya.example") "From: ann@sch\xc3\xbcler.example\n", NULL, AUTH_PASS, 1, NULL},
	{"A-labels here, letters there", STAMP("mx.campus.example; dkim=pass header.d=Sch\xc3\xbcler.example") "From: ann@mail.xn--schler-5ya.example\n", NULL, AUTH_PASS, 1, NULL},
	{"letters on both sides", STAMP("mx.campus.example; dkim=pass header.d=sch\xc3\xbcler.example") "From: ann@SCH\xc3\x9cLER.example\n", NULL, AUTH_PASS, 1, NULL},
	{"other letters", STAMP("mx.campus.example; dmarc=pass header.from=xn--schler-5ya.example") "From: ann@schuler.example\n", NULL, AUTH_FAIL, 1, NULL},
	{"letters that are no host name", STAMP("mx.campus.example; dmarc=pass header.from=x\xe2\x80\x82.example") "From: ann@y\xe2\x80\x82.example\n", NULL, AUTH_FAIL, 1, NULL},
	{"dkim of a stranger", STAMP("mx.campus.example; dkim=pass header.d=other.example") FROM, NULL, AUTH_FAIL, 1, NULL},
	{"spf is not enough", STAMP("mx.campus.example; spf=pass smtp.mailfrom=ann@school.example") FROM, NULL, AUTH_FAIL, 1, NULL},
	{"none", STAMP("mx.campus.example; none") FROM, NULL, AUTH_FAIL, 0, NULL},
	{"two headers of the run", STAMP("mx.campus.example; spf=pass") STAMP("mx.campus.example; dmarc=pass header.from=school.example") HOP FROM, NULL, AUTH_PASS, 2, NULL},
	{"below another hop", STAMP("mx.campus.example; spf=fail") HOP STAMP("mx.campus.example; dmarc=pass header.from=school.example") FROM, NULL, AUTH_FAIL, 2, "below another hop"},
	{"broken: no equals sign", STAMP("mx.campus.example; dmarc pass header.from=school.example") FROM, NULL, AUTH_FAIL, 0, "cannot be read"},
	{"broken: open quotation", STAMP("mx.campus.example; dmarc=pass reason=\"x; header.from=school.example") FROM, NULL, AUTH_FAIL, 0, "cannot be read"},
	{"broken: open comment", STAMP("mx.campus.example; dmarc=pass (x header.from=school.example") FROM, NULL, AUTH_FAIL, 0, "cannot be read"},
	{"empty values", STAMP("mx.campus.example; spf=none smtp.mailfrom= smtp.helo=x.example; dkim=pass header.d=school.example header.b=") FROM, NULL, AUTH_PASS, 2, NULL},
	{"broken: no result", STAMP("mx.campus.example; dmarc=; dkim=pass header.d=school.example") FROM, NULL, AUTH_FAIL, 0, "cannot be read"},
	{"a quoted semicolon", STAMP("mx.campus.example; spf=pass smtp.mailfrom=\"x;dmarc=pass\"@evil.example; dkim=none") FROM, NULL, AUTH_FAIL, 2, NULL},
	{"two From addresses", STAMP("mx.campus.example; dmarc=pass header.from=school.example") "From: Ann <ann@school.example>, Bob <bob@school.example>\n", NULL, AUTH_FAIL, 1,
	 "several From"},
	{"a name with a bare comma", STAMP("mx.campus.example; dmarc=pass header.from=school.example") "From: Lee, Ann <ann@school.example>\n", NULL, AUTH_PASS, 1, NULL},
	{"two From fields", STAMP("mx.campus.example; dmarc=pass header.from=school.example") FROM "From: bob@school.example\n", NULL, AUTH_FAIL, 1, "several From"},
	{"sent on behalf", STAMP("mx.campus.example; dmarc=pass header.from=school.example") FROM "Sender: deputy@school.example\n", NULL, AUTH_PASS, 1, "on behalf"},
	{"sealed by a trusted one",
	 STAMP("mx.campus.example; dmarc=none; arc=pass") "ARC-Seal: i=1; a=rsa-sha256; d=lists.example; cv=none; b=x\n"
	 "ARC-Authentication-Results: i=1; mx.lists.example; dkim=pass header.d=school.example\n" FROM, "lists.example", AUTH_PASS, 2, NULL},
	{"sealed by a stranger",
	 STAMP("mx.campus.example; dmarc=none; arc=pass") "ARC-Seal: i=1; a=rsa-sha256; d=evil.example; cv=none; b=x\n"
	 "ARC-Authentication-Results: i=1; mx.lists.example; dkim=pass header.d=school.example\n" FROM, "lists.example", AUTH_FAIL, 2, NULL},
	{"sealed, but the chain failed",
	 STAMP("mx.campus.example; dmarc=none; arc=fail") "ARC-Seal: i=1; a=rsa-sha256; d=lists.example; cv=none; b=x\n"
	 "ARC-Authentication-Results: i=1; mx.lists.example; dkim=pass header.d=school.example\n" FROM, "lists.example", AUTH_FAIL, 2, NULL},
	/* look-alikes */
	{"a name with another address", "From: \"principal@campus.example\" <x@evil.example>\n", NULL, AUTH_NONE, 0, "name shows principal@campus.example"},
	{"digits for letters", "From: x@camp0s.example\n", NULL, AUTH_NONE, 0, NULL},
	{"a look-alike", "From: x@carnpus.example\n", NULL, AUTH_NONE, 0, "looks like campus.example"},
	{"a look-alike with a hyphen", "From: x@cam-pus.example\n", NULL, AUTH_NONE, 0, "looks like campus.example"},
	{"Cyrillic a in Punycode", "From: x@xn--cmpus-4ve.example\n", NULL, AUTH_NONE, 0, "looks like campus.example"},
	{"Cyrillic a in Punycode, mixed", "From: x@xn--cmpus-4ve.example\n", NULL, AUTH_NONE, 0, "mixes alphabets"},
	{"begins alike", "From: x@campus.example.evil.example\n", NULL, AUTH_NONE, 0, "only begins like"},
	{"turned writing", "From: =?utf-8?B?4oCucHBvdGFjbw==?= <x@evil.example>\n", NULL, AUTH_NONE, 0, "marks that turn"},
	{"broken Punycode", "From: x@xn--99999999999999.example\n", NULL, AUTH_NONE, 0, "is shown as"},
};

static bool says(const struct reading *r, const char *what)
{
	for (size_t i = 0; i < r->defects.n; i++)
		if (strstr(r->defects.v[i], what) != NULL)
			return true;
	return false;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct reading r;
		read_auth(cases[i].head, cases[i].sealer, &arena, &r);
		if (r.auth != cases[i].verdict || r.n_auth_results != cases[i].results || (cases[i].defect != NULL && !says(&r, cases[i].defect)))
			fail_msg("%s: %s, %zu results, %zu defects", cases[i].name, auth_verdict_name(r.auth), r.n_auth_results, r.defects.n);
		arena_release(&arena);
	}
}

static void test_properties(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct reading r;
	read_auth(STAMP("mx.campus.example;\n dkim=fail (bad) reason=\"Body \\\"hash\\\"\" header.d=School.example policy.x=1") FROM, NULL, &arena, &r);
	assert_int_equal(r.n_auth_results, 1);
	assert_string_equal(r.authserv, "mx.campus.example");
	assert_string_equal(r.auth_results[0].method, "dkim");
	assert_string_equal(r.auth_results[0].result, "fail");
	static const char *const want[][2] = {{"reason", "body \"hash\""}, {"header.d", "school.example"}, {"policy.x", "1"}};
	assert_int_equal(r.auth_results[0].n_props, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(r.auth_results[0].props[i].name, want[i][0]);
		assert_string_equal(r.auth_results[0].props[i].value, want[i][1]);
	}
	arena_release(&arena);
}

static void test_hostile(void **state)
{
	(void)state;
	static const char *const bits[] = {"(", ";", "a=b ", "dkim=pass header.d=x;", "\"", "=", ".", "a.", " .a", "\\"};
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		struct arena arena = {0};
		struct reading r;
		struct str head = {.max = 2 << 20};
		str_puts(&head, "Authentication-Results: mx.campus.example; ");
		while (head.n < 250000)
			str_puts(&head, bits[i]);
		str_puts(&head, "\n" FROM);
		read_auth(str_c(&head), NULL, &arena, &r);
		assert_int_not_equal(r.auth, AUTH_PASS);
		str_release(&head);
		arena_release(&arena);
	}
}

/* One hop's results; words of more than any hop writes would fill the memory. */
static void test_more_than_any_hop_writes(void **state)
{
	(void)state;
	static const char pass[] = STAMP("mx.campus.example; dmarc=pass header.from=school.example");
	for (int above = 0; above < 2; above++) {
		struct arena arena = {0};
		struct reading r;
		struct str head = {.max = 2 << 20};
		str_puts(&head, above ? pass : "");
		str_puts(&head, "Authentication-Results: mx.campus.example; dkim=fail ");
		while (head.n < 300000)
			str_puts(&head, "a=b ");
		str_printf(&head, "\n%s" FROM, above ? "" : pass);
		read_auth(str_c(&head), NULL, &arena, &r);
		assert_int_equal(r.auth, above ? AUTH_PASS : AUTH_NONE);
		assert_int_equal(r.n_auth_results, above);
		assert_true(says(&r, "the rest is not read"));
		str_release(&head);
		arena_release(&arena);
	}
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_properties), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_more_than_any_hop_writes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
