#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/read/phrases-ahead.h"
#include "gateway/read/split.h"
#include "rules/err.h"

static struct span folded_span(struct folded *f, const char *text)
{
	folded_read(f, span_of(text));
	return (struct span){f->text, f->n};
}

static void tables_load(void **state)
{
	(void)state;
	struct err err = {0};
	if (phrases_load(&err) < 0)
		fail_msg("%s", err.text);
	assert_true(phrases_languages() >= 50);
}

static void labels_name_fields(void **state)
{
	(void)state;
	static const struct {
		const char *label;
		enum phrase_field field;
	} rows[] = {
		{"From", FIELD_FROM}, {"VON", FIELD_FROM}, {"Expéditeur", FIELD_FROM}, {"От кого", FIELD_FROM}, {"發件人", FIELD_FROM},
		{"Odesláno", FIELD_DATE}, {"송신", FIELD_NONE}, {"보낸 날짜", FIELD_DATE}, {"Másolatot  kap", FIELD_CC}, {"Kopie (CC)", FIELD_CC},
		{"\u202b‏נושא\u200f", FIELD_SUBJECT}, {"Θέμα", FIELD_SUBJECT}, {"Répondre à", FIELD_REPLY_TO}, {"Message-ID", FIELD_MESSAGE_ID},
		{"Importance", FIELD_OTHER}, {"Homework", FIELD_NONE}, {"", FIELD_NONE},
	};
	struct folded f;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (phrase_label(folded_span(&f, rows[i].label), NULL) != rows[i].field)
			fail_msg("%s", rows[i].label);
}

static void dates_are_seen_in_any_script(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool date;
	} rows[] = {
		{"Wed, Oct 27, 2021 at 9:31 AM", true}, {"27.10.21", true}, {"2021/4/7", true}, {"March-19-11 5:42 PM", true},
		{"2021年10月27日(水)", true}, {"٢٧ أكتوبر ٢٠٢١", true}, {"27 ต.ค. 2564", true}, {"۱۴۰۰/۸/۵", true}, {"28. Apr. um 11:53", true},
		{"20 minutes", false}, {"room 204", false}, {"at 10:30", false}, {"3 no same as 1", false}, {"1.5 hours", false}, {"", false},
		{"v2x4", false}, {"99999999999999999999", false},
	};
	struct folded f;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (folded_has_date(folded_span(&f, rows[i].text)) != rows[i].date)
			fail_msg("%s", rows[i].text);
		if (rows[i].date && !may_hold_date(span_of(rows[i].text)))
			fail_msg("%s: not even looked at", rows[i].text);
	}
	assert_false(may_hold_date(SPAN("a line of words with the number 20471 in it, — “and” ünïcode")));
	assert_true(may_hold_date(SPAN("a line of words with the numbers 20471 and, far behind it, ９")));
}

static void addresses_are_seen(void **state)
{
	(void)state;
	struct folded f;
	assert_true(folded_has_address(folded_span(&f, "x <lee@school.example>")));
	assert_false(folded_has_address(folded_span(&f, "meet @Rivera at 9")));
	assert_false(folded_has_address(folded_span(&f, "@")));
	assert_false(folded_has_address(folded_span(&f, "a @ b")));
}

static void folding_makes_comparable(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"  A\t B\u00a0C ", "a b c"}, {"Objet\u202f:", "objet :"}, {"件名：", "件名:"}, {"“x” ‘y’ «z»", "\"x\" 'y' \"z\""},
		{"\ufeffa\u200bb", "ab"}, {"１２３", "123"}, {"İLT", "ilt"}, {"‐‐ x —", "-- x -"},
	};
	struct folded f;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		folded_span(&f, rows[i][0]);
		assert_string_equal(f.text, rows[i][1]);
	}
	char *big = malloc(5000);
	memset(big, 'x', 5000);
	folded_read(&f, (struct span){big, 5000});
	assert_true(f.cut && f.n < FOLDED_MAX);
	free(big);
}

/* Eight bytes at a time or one by one, in one piece or in two, it must come to the same. */
static void folding_is_the_same_in_pieces(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"On Wed, Oct 27, 2021 at 9:31 AM Ana Rivera <ana@school.example> wrote:", "  two  blanks   and \t a tab,  then ",
		"Ünïcode amidst ASCII: straße, ÎLE, 件名：ok then more ASCII behind it", "\x01\x02 controls\x7f and \xff bad \xc3",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span s = span_of(rows[i]);
		struct folded whole, parts;
		folded_read(&whole, s);
		for (size_t cut = 0; cut <= s.n; cut++) {
			if (cut < s.n && ((unsigned char)s.p[cut] & 0xc0) == 0x80)
				continue;
			folded_read(&parts, (struct span){s.p, cut});
			folded_add(&parts, span_skip(s, cut));
			assert_string_equal(parts.text, whole.text);
		}
		folded_start(&parts);
		for (size_t k = 0, n; k < s.n; k += n) {
			for (n = 1; k + n < s.n && ((unsigned char)s.p[k + n] & 0xc0) == 0x80;)
				n++;
			folded_add(&parts, (struct span){s.p + k, n});
		}
		assert_string_equal(parts.text, whole.text);
	}
}

static void sources_are_found_again(void **state)
{
	(void)state;
	struct span s = SPAN("  Ünï  CODE\tx: 件名");
	static const struct {
		size_t folded, source;
	} rows[] = {{0, 2}, {2, 4}, {5, 8}, {6, 9}, {10, 13}, {11, 14}, {14, 17}, {17, 20}, {20, 23}, {99, 23}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(folded_source(s, rows[i].folded), rows[i].source);
}

static void several_texts_are_looked_for_at_once(void **state)
{
	(void)state;
	struct ahead ahead = {0};
	assert_false(ahead_may(&ahead, SPAN("nothing is looked for")));
	ahead_add(&ahead, SPAN("intended recipient"));
	ahead_add(&ahead, SPAN("www.avg.com"));
	assert_false(ahead_may(&ahead, SPAN("")));
	assert_false(ahead_may(&ahead, SPAN("intend")));
	assert_false(ahead_may(&ahead, SPAN("an intention, and a wider www.avag.com")));
	const char *text = "words, the intended recipient, words";
	for (size_t i = 0; i < 12; i++) /* at every distance from the beginning */
		assert_true(ahead_may(&ahead, span_of(text + i)));
	assert_true(ahead_may(&ahead, SPAN("www.avg.com")));
	assert_true(ahead_may(&ahead, SPAN("see www.avg.")));
	ahead_add(&ahead, SPAN("short"));
	assert_true(ahead_may(&ahead, SPAN("anything now")));
}

static void cores_lose_their_decoration(void **state)
{
	(void)state;
	static const struct {
		const char *text, *core;
		bool colon, dashed;
	} rows[] = {
		{"---------- Forwarded message ---------", "forwarded message", false, true},
		{"Begin forwarded message:", "begin forwarded message", true, false},
		{"*-------- Original Message --------*", "original message", false, true},
		{"On 3 May, X <a@b.example> wrote:", "on 3 may, x <a@b.example> wrote", true, false},
		{"________________", "", false, true}, {"", "", false, false}, {"- item", "item", false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct folded f;
		folded_span(&f, rows[i].text);
		struct folded_core core = folded_core(&f);
		if (!span_eq(core.text, rows[i].core) || core.colon != rows[i].colon || (core.text.n > 0 && core.dashed != rows[i].dashed))
			fail_msg("%s: %.*s %d %d", rows[i].text, SPAN_ARG(core.text), core.colon, core.dashed);
	}
}

static void stars_stand_for_anything(void **state)
{
	(void)state;
	struct folded f;
	struct span holes[4];
	assert_int_equal(phrase_holes(PHRASE_INTRO, folded_span(&f, "Am 3. Mai schrieb Lee"), holes, 4), 2);
	assert_true(span_eq(holes[0], "3. mai"));
	assert_true(span_eq(holes[1], "lee"));
	assert_int_equal(phrase_holes(PHRASE_INTRO, folded_span(&f, "nothing of the kind"), holes, 4), -1);
	assert_true(phrase_is(PHRASE_SENT_FROM, folded_span(&f, "Sent from my iPad mini")));
	assert_true(phrase_is(PHRASE_SENT_FROM, folded_span(&f, "从我的iPhone发送")));
	assert_false(phrase_is(PHRASE_SENT_FROM, folded_span(&f, "I sent it from my phone")));
	assert_false(phrase_is(PHRASE_FORWARD, (struct span){0}));
}

static void subjects_lose_their_prefixes(void **state)
{
	(void)state;
	static const struct {
		const char *subject, *bare;
		enum subject_prefix outermost;
	} rows[] = {
		{"Exit tickets #pln", "Exit tickets #pln", SUBJECT_PLAIN},
		{"RE: WG: TR: Exit tickets", "Exit tickets", SUBJECT_REPLY},
		{"Fwd: Re: x", "x", SUBJECT_FORWARD},
		{"AW: x", "x", SUBJECT_REPLY}, {"Antw: x", "x", SUBJECT_REPLY}, {"SV: x", "x", SUBJECT_REPLY}, {"Odp: x", "x", SUBJECT_REPLY},
		{"YNT: x", "x", SUBJECT_REPLY}, {"Vá: x", "x", SUBJECT_REPLY}, {"ΑΠ: x", "x", SUBJECT_REPLY}, {"回复：x", "x", SUBJECT_REPLY},
		{"Re[2]: x", "x", SUBJECT_REPLY}, {"RE(12): x", "x", SUBJECT_REPLY}, {"Re : x", "x", SUBJECT_REPLY}, {"R: x", "x", SUBJECT_REPLY},
		{"I: x", "x", SUBJECT_FORWARD}, {"WG: x", "x", SUBJECT_FORWARD}, {"TR : x", "x", SUBJECT_FORWARD}, {"RV: x", "x", SUBJECT_FORWARD},
		{"ENC: x", "x", SUBJECT_FORWARD}, {"VB: x", "x", SUBJECT_FORWARD}, {"VL: x", "x", SUBJECT_FORWARD}, {"PD: x", "x", SUBJECT_FORWARD},
		{"İLT: x", "x", SUBJECT_FORWARD}, {"ПЕРЕСЛ: x", "x", SUBJECT_FORWARD}, {"转发: x", "x", SUBJECT_FORWARD}, {"הועבר: x", "x", SUBJECT_FORWARD},
		{"إعادة توجيه: x", "x", SUBJECT_FORWARD}, {"전달: x", "x", SUBJECT_FORWARD}, {"Továbbítás: x", "x", SUBJECT_FORWARD},
		{"VS: x", "x", SUBJECT_EITHER},
		{"[External] FW: x", "x", SUBJECT_FORWARD}, {"Re: [staff] Fwd: x", "x", SUBJECT_REPLY},
		{"[staff] x", "[staff] x", SUBJECT_PLAIN}, {"i: x", "i: x", SUBJECT_PLAIN}, {"Maths: fractions", "Maths: fractions", SUBJECT_PLAIN},
		{"Re:", "", SUBJECT_REPLY}, {"", "", SUBJECT_PLAIN}, {":", ":", SUBJECT_PLAIN}, {"[", "[", SUBJECT_PLAIN},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum subject_prefix outermost;
		const char *bare = subject_bare(rows[i].subject, &outermost);
		if (strcmp(bare, rows[i].bare) != 0 || outermost != rows[i].outermost)
			fail_msg("%s: %s %d", rows[i].subject, bare, outermost);
	}
	assert_string_equal(subject_bare(NULL, NULL), "");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_load),
		cmocka_unit_test(labels_name_fields),
		cmocka_unit_test(dates_are_seen_in_any_script),
		cmocka_unit_test(addresses_are_seen),
		cmocka_unit_test(folding_makes_comparable),
		cmocka_unit_test(folding_is_the_same_in_pieces),
		cmocka_unit_test(sources_are_found_again),
		cmocka_unit_test(several_texts_are_looked_for_at_once),
		cmocka_unit_test(cores_lose_their_decoration),
		cmocka_unit_test(stars_stand_for_anything),
		cmocka_unit_test(subjects_lose_their_prefixes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
