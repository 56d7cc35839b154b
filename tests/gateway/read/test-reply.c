#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/read/split.h"
#include "rules/arena.h"

#define OWN "3 no same as 1\nthe rest is fine since 2021"
#define QUOTE_1 "Item 1 is over the cap."
#define QUOTE_2 "Reply ok to approve all of 3."

static struct arena arena;

static struct split *split_text(const char *text)
{
	struct body body;
	struct part part = {.text = span_of(text)};
	struct split *split = arena_alloc(&arena, sizeof *split);
	text_read(&part, &arena, &body);
	body_split(&body, "Re: 14 entries, 3 teachers", true, &arena, split);
	return split;
}

/* As mail programs introduce what is quoted. */
static const char *const intros[] = {
	"On Wed, Oct 27, 2021 at 9:31 AM Ana Press <ana@press.example> wrote:",
	"On 27 Oct 2021, at 09:31, Ana Press <ana@press.example> wrote:",
	"On 27.10.21 09:31, Ana Press wrote:",
	"On 10/27/2021 9:31 AM CEST Ana Press <ana@press.example> wrote:",
	"On 27 Oct 2021, at 09:31, Ana Press <ana@press.example<mailto:ana@press.example>> wrote:",
	"At 6/16/2021 08:32 PM, Ana Press wrote:",
	"Ana Press <ana@press.example> writes:",
	"Quoting Ana Press <ana@press.example>:",
	"In a message dated 10/27/2021 9:31:00 AM Eastern Standard Time, Ana Press <ana@press.example> writes:",
	"Op 27-10-2021 om 09:31 skreau Ana Press:",
	"ថ្ងៃពុធ ទី27 តុលា 2021 ម៉ោង 09:31 Ana Press <ana@press.example> បានសរសេរ៖",
	"Am Mi., 27. Okt. 2021 um 09:31 Uhr schrieb Ana Press <ana@press.example>:",
	"Am 27.10.2021 um 09:31 schrieb Ana Press:",
	"Ana Press <ana@press.example> schrieb am Mi., 27. Okt. 2021, 09:31:",
	"Ana Press hat am 27.10.2021 09:31 CEST geschrieben:",
	"Zitat von Ana Press <ana@press.example>:",
	"Le mer. 27 oct. 2021 à 09:31, Ana Press <ana@press.example> a écrit :",
	"Le 27/10/2021 à 09:31, Ana Press a écrit :",
	"El mié, 27 oct 2021 a las 9:31, Ana Press (<ana@press.example>) escribió:",
	"El 27/10/21 a las 9:31, Ana Press escribió:",
	"Em qua., 27 de out. de 2021 às 09:31, Ana Press <ana@press.example> escreveu:",
	"Ana Press <ana@press.example> escreveu no dia quarta, 27/10/2021 à(s) 09:31:",
	"Às 09:31 de 27/10/2021, Ana Press escreveu:",
	"Il giorno mer 27 ott 2021 alle ore 09:31 Ana Press <ana@press.example> ha scritto:",
	"Il 27/10/21 09:31, Ana Press ha scritto:",
	"Op wo 27 okt. 2021 om 09:31 schreef Ana Press <ana@press.example>:",
	"Op 27-10-2021 om 09:31 heeft Ana Press het volgende geschreven:",
	"Den ons. 27. okt. 2021 kl. 09.31 skrev Ana Press <ana@press.example>:",
	"ons. 27. okt. 2021 kl. 09:31 skrev Ana Press <ana@press.example>:",
	"Den 2021-10-27 kl. 09:31, skrev Ana Press:",
	"27 okt. 2021 kl. 09:31 skrev Ana Press <ana@press.example>:",
	"ke 27. lokak. 2021 klo 9.31 Ana Press (ana@press.example) kirjoitti:",
	"Ana Press kirjoitti 27.10.2021 klo 9.31:",
	"mið., 27. okt. 2021 kl. 09:31 skrifaði Ana Press <ana@press.example>:",
	"Kontakt Ana Press (<ana@press.example>) kirjutas kuupäeval K, 27. oktoober 2021 kell 09:31:",
	"trešd., 2021. g. 27. okt., plkst. 9:31 — lietotājs Ana Press (<ana@press.example>) rakstīja:",
	"2021-10-27, tr, 09:31 Ana Press <ana@press.example> rašė:",
	"śr., 27 paź 2021 o 09:31 Ana Press <ana@press.example> napisał(a):",
	"W dniu 27.10.2021 o 09:31, Ana Press pisze:",
	"Wiadomość napisana przez Ana Press <ana@press.example> w dniu 27.10.2021, o godz. 09:31:",
	"st 27. 10. 2021 v 9:31 odesílatel Ana Press <ana@press.example> napsal:",
	"Dne 27. 10. 21 v 9:31 Ana Press napsal(a):",
	"st 27. 10. 2021 o 9:31 Ana Press <ana@press.example> napísal(a):",
	"Ana Press <ana@press.example> ezt írta (időpont: 2021. okt. 27., Sze, 9:31):",
	"mie., 27 oct. 2021 la 09:31, Ana Press <ana@press.example> a scris:",
	"На ср, 27.10.2021 г. в 9:31 Ana Press <ana@press.example> написа:",
	"sri, 27. lis 2021. u 09:31 Ana Press <ana@press.example> napisao je:",
	"V V sre., 27. okt. 2021 ob 09:31 je oseba Ana Press <ana@press.example> napisala:",
	"ср, 27 окт. 2021 г. в 09:31, Ana Press <ana@press.example>:",
	"27.10.2021 09:31, Ana Press пишет:",
	"Среда, 27 октября 2021, 9:31 +03:00 от Ana Press <ana@press.example>:",
	"ср, 27 жовт. 2021 р. о 09:31 Ana Press <ana@press.example> пише:",
	"Στις Τετ, 27 Οκτ 2021 στις 9:31 π.μ., ο/η Ana Press <ana@press.example> έγραψε:",
	"Ana Press <ana@press.example>, 27 Eki 2021 Çar, 09:31 tarihinde şunu yazdı:",
	"‫בתאריך יום ד׳, 27 באוק׳ 2021 ב-9:31 מאת ‪Ana Press‬‏ <‪ana@press.example‬‏>:‬",
	"في الأربعاء، ٢٧ أكتوبر ٢٠٢١ في ٩:٣١ ص تمت كتابة ما يلي بواسطة Ana Press <ana@press.example>:",
	"Ana Press <ana@press.example> 于2021年10月27日周三 09:31写道：",
	"Ana Press <ana@press.example> 於 2021年10月27日 週三 上午9:31寫道：",
	"2021年10月27日(水) 9:31 Ana Press <ana@press.example>:",
	"2021/10/27 9:31、Ana Press <ana@press.example>のメール:",
	"2021년 10월 27일 (수) 오전 9:31, Ana Press <ana@press.example>님이 작성:",
	"Vào Th 4, 27 thg 10, 2021 vào lúc 9:31 Ana Press <ana@press.example> đã viết:",
	"Pada tanggal Rab, 27 Okt 2021 pukul 09.31 Ana Press <ana@press.example> menulis:",
	"เมื่อ พ. 27 ต.ค. 2564 เวลา 9:31 Ana Press <ana@press.example> เขียนว่า:",
	"बुध, 27 अक्टू॰ 2021 को 9:31 am बजे को Ana Press <ana@press.example> ने लिखा:",
	"Missatge de Ana Press <ana@press.example> del dia dc., 27 d’oct. 2021 a les 9:31:",
	"---- On Wed, 27 Oct 2021 09:31:00 +0200 Ana Press <ana@press.example> wrote ----",
	"---- Am Mi, 27 Okt 2021 09:31:00 +0200 Ana Press <ana@press.example> schrieb ----",
	"2021-10-27 09:31 GMT+02:00 Ana Press <ana@press.example>:",
	"11:00 AM, October 27, 2021, \"Ana Press\" <ana@press.example>:",
	"Blerg 27 grok 2021 9:31 tha Ana Press <ana@press.example> zkrivel:", /* nobody's language */
	"-----Original Message-----\nFrom: Ana Press\nSent: Wednesday, October 27, 2021 9:31 AM\nTo: Mary Lee\nSubject: RE: x",
	"‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Wednesday, October 27, 2021 9:31 AM, Ana Press <ana@press.example> wrote:",
	"Von: Ana Press <ana@press.example>\nGesendet: Mittwoch, 27. Oktober 2021 09:31\nAn: Mary <mary@school.example>\nBetreff: AW: x",
	"Gesendet: Mittwoch, 27. Oktober 2021 um 09:31 Uhr\nVon: \"Ana Press\" <ana@press.example>\nAn: mary@school.example\nBetreff: Re: x",
	"====\n\nMessage du : 27/10/2021 09:31\nDe : \"Ana Press\" <ana@press.example>\nA : mary@school.example\nCopie à : \nSujet : x",
};

static void check(const char *intro, const char *style, const struct split *split)
{
	if (strcmp(split->own, OWN) != 0)
		fail_msg("%s, %s: own \"%s\"", intro, style, split->own);
	if (split->forwarded != NULL || !split->reply)
		fail_msg("%s, %s: no reply", intro, style);
	if (strstr(split->quoted, QUOTE_1) == NULL || strstr(split->quoted, QUOTE_2) == NULL || strstr(split->quoted, "Ana Press") == NULL)
		fail_msg("%s, %s: quoted \"%s\"", intro, style, split->quoted);
	arena_release(&arena);
}

#define EACH(intro) const char *const *intro = intros; intro < intros + sizeof intros / sizeof *intros; intro++

static void above_marked_quotations(void **state)
{
	(void)state;
	for (EACH(intro))
		check(*intro, "marked", split_text(arena_printf(&arena, OWN "\n\n%s\n\n> " QUOTE_1 "\n>\n> " QUOTE_2 "\n", *intro)));
}

static void above_bare_quotations(void **state)
{
	(void)state;
	for (EACH(intro))
		check(*intro, "bare", split_text(arena_printf(&arena, OWN "\n\n%s\n\n" QUOTE_1 "\n\n" QUOTE_2 "\n", *intro)));
}

static void below_marked_quotations(void **state)
{
	(void)state;
	for (EACH(intro)) {
		if (strchr(*intro, '\n') != NULL)
			continue; /* those programs do not answer below */
		check(*intro, "below", split_text(arena_printf(&arena, "%s\n\n> " QUOTE_1 "\n> " QUOTE_2 "\n\n" OWN "\n", *intro)));
	}
}

static void wrapped_at_any_blank(void **state)
{
	(void)state;
	for (EACH(intro)) {
		char *text = arena_strdup(&arena, *intro);
		size_t n = strlen(text), at = n - 12;
		while (at > 20 && text[at] != ' ')
			at--;
		if (strchr(text, '\n') != NULL || n < 60 || at <= 20)
			continue;
		text[at] = '\n';
		check(*intro, "wrapped", split_text(arena_printf(&arena, OWN "\n\n%s\n\n> " QUOTE_1 "\n> " QUOTE_2 "\n", text)));
	}
}

/* ---- who wrote which line: o own, q quoted, s signature */
static const struct {
	const char *text, *owners;
} rows[] = {
	{"> a\nyes\n> b\nno\n", "qoqo"},
	{"On 3 May 2021, X <x@x.example> wrote:\n> a\nyes\n\n> b\nno\n", "qqoqqo"},
	{"ok\nOn 3 May 2021, X <x@x.example>\nwrote:\n> a\n", "oqqq"},
	{"ok\nOn 3 May 2021, X <x@x.example\n> wrote:\n> a\n", "oqqq"},
	{"ok\nX wrote:\n> a\n", "oqq"},
	{"ok 20m on 3 May 2021 10:30\nAm 4.5.2021 um 10:00 schrieb X <x@x.example>:\n> a\n", "oqq"},
	{"On this day\nI wrote something\n", "oo"},
	{"See http://x.example/on-3-may-2021-somebody-wrote: it is good\n", "o"},
	{"2024-01-15 14:30:25\n15.01.2024 14:30\nare dates\n", "ooo"},
	{"> a long line of the quotation that was wrapped by some relay on\nits way\n> to us\nyes\n", "qqqo"},
	{"> see (http://x.example/action\n_nonce=3)\n> b\n", "qqq"},
	{"look\n>>> here <<<\nnow\n", "ooo"},
	{"ok\n\n2021/5/3 X <x@x.example>\n\n| a\n| b\n| c\n", "oqqqqqq"},
	{"| a | b |\n| 1 | 2 |\n| 3 | 4 |\n", "ooo"},
	{"ok\n##- Please type your reply above this line -##\nnever\nmind\n", "oqqq"},
	{"ok\n\n-----Original Message-----\n\nnever\n", "oqqqq"},
	{"ok\n\n-----Ursprüngliche Nachricht-----\nnever\n", "oqqq"},
	{"ok\n________________________________\nFrom: X <x@x.example>\nSubject: y\n\nnever", "oqqqqq"},
	{"ok\nFrom: X \n<x@x.example> \nSent: 3 May 2021\nSubject: two\nlines\nTo: y@y.example\nnever", "oqqqqqqq"},
	{"ok\n\n>>> X <x@x.example> 10/27/2021 9:31 AM >>>\nnever\n\nmind\n", "oqqqqq"},
	{"> From: X <x@x.example>\n> Subject: y\n>\n> z\nok\n", "qqqqo"},
};

static char letter(enum line_owner owner)
{
	switch (owner) {
	case OWNER_OWN: return 'o';
	case OWNER_SIGNATURE: return 's';
	case OWNER_QUOTED: return 'q';
	case OWNER_FORWARDED: return 'f';
	case OWNER_AFTER: return 'a';
	}
	return '?';
}

/* Empty lines belong to their neighbours: they are not compared. */
static void line_by_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct body body;
		struct part part = {.text = span_of(rows[i].text)};
		struct split split;
		text_read(&part, &arena, &body);
		body_split(&body, "Re: x", true, &arena, &split);
		const char *want = rows[i].owners;
		for (size_t k = 0; k < body.n && *want != '\0'; k++)
			if (letter(split.owner[k]) != want[k] && !line_is_blank(&body.lines[k]))
				fail_msg("%s: line %zu is %c", rows[i].text, k, letter(split.owner[k]));
		arena_release(&arena);
	}
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(above_marked_quotations),
		cmocka_unit_test(above_bare_quotations),
		cmocka_unit_test(below_marked_quotations),
		cmocka_unit_test(wrapped_at_any_blank),
		cmocka_unit_test(line_by_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
