#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "gateway/read/split.h"
#include "rules/arena.h"

static struct arena arena;

static void split_text(const char *subject, bool answers, struct span text, struct split *split)
{
	struct body body;
	struct part part = {.text = text};
	text_read(&part, &arena, &body);
	body_split(&body, subject, answers, &arena, split);
}

#define QUOTE "\n\nOn 3 May 2021, Lee <lee@school.example> wrote:\n> ok #pln\n"

static const struct {
	const char *subject, *text, *own, *signature; /* NULL = none */
} rows[] = {
	/* sign-offs, delimiters, programs' own lines */
	{"x", "ok\n-- \nMary Lee\nRoom 5", "ok", "-- \nMary Lee\nRoom 5"},
	{"x", "ok except 3\n\nBest regards,\nMary Lee\nTulsa, OK 74103", "ok except 3", "Best regards,\nMary Lee\nTulsa, OK 74103"},
	{"x", "ok\n\nMit freundlichen Grüßen\nMary", "ok", "Mit freundlichen Grüßen\nMary"},
	{"x", "ok\n\nCordialement,\nMary", "ok", "Cordialement,\nMary"},
	{"x", "ok\n\nС уважением,\nМария", "ok", "С уважением,\nМария"},
	{"x", "ok\n\nよろしくお願いします\n山田", "ok", "よろしくお願いします\n山田"},
	{"x", "ok\nRegards, Roman", "ok", "Regards, Roman"},
	{"x", "7 30m\nThanks,\nMary", "7 30m", "Thanks,\nMary"},
	{"x", "ok\nSent from my iPhone", "ok", "Sent from my iPhone"},
	{"x", "ok\n\nVon meinem iPhone gesendet", "ok", "Von meinem iPhone gesendet"},
	{"x", "ok\nEnvoyé de mon iPad", "ok", "Envoyé de mon iPad"},
	{"x", "ok\n----\nEnvoyé par le service de Bell\n----", "ok", "----\nEnvoyé par le service de Bell\n----"}, /* rules set it apart */
	{"x", "#pln\nEnvoyé par Marie le lien suivant.\n45 min", "#pln\nEnvoyé par Marie le lien suivant.\n45 min", NULL}, /* a sentence */
	{"x", "ok\n从我的iPhone发送", "ok", "从我的iPhone发送"},
	{"x", "ok\niPhoneから送信", "ok", "iPhoneから送信"},
	{"x", "ok\nGet Outlook for iOS<https://aka.ms/o0ukef>", "ok", "Get Outlook for iOS<https://aka.ms/o0ukef>"},
	{"x", "ok\n-Abhi Kona", "ok", "-Abhi Kona"},
	{"x", "ok\n___\nMary Lee\nmary@school.example", "ok", "___\nMary Lee\nmary@school.example"},
	{"x", "ok\n\nThis e-mail and any attachments are confidential and intended\nsolely for the addressee.", "ok",
	 "This e-mail and any attachments are confidential and intended\nsolely for the addressee."},
	{"x", "ok\n\n__\nscience mailing list\nhttp://lists.example/science", "ok", "__\nscience mailing list\nhttp://lists.example/science"},
	{"x", "ok\n\n***\n=====", "ok", "***\n====="},
	{"Re: x", "ok\nMary\nSent from my iPad" QUOTE, "ok\nMary", "Sent from my iPad"},
	{"x", "ok\nSent with Sparrow", "ok", "Sent with Sparrow"},
	/* and what only looks like one */
	{"x", "#talk\nsent with the letters 20m", "#talk\nsent with the letters 20m", NULL},
	{"x", "ok\n\nThe content of this webinar was thin.", "ok\n\nThe content of this webinar was thin.", NULL},
	{"x", "ok\n\nDisclaimer: not tried yet.", "ok\n\nDisclaimer: not tried yet.", NULL},
	{"x", "ok\n\nIf you have received this letter in error, bring it back.", "ok\n\nIf you have received this letter in error, bring it back.", NULL},
	{"x", "ok\n\nRegistered charity run on Friday: bring hats.", "ok\n\nRegistered charity run on Friday: bring hats.", NULL},
	{"x", "ok\n\nRegistered charity 1234567", "ok", "Registered charity 1234567"},
	{"x", "ok\n\nLegal disclaimer form: sign it.", "ok\n\nLegal disclaimer form: sign it.", NULL},
	{"x", "ok\n\nEsta mensagem pode conter erros.", "ok\n\nEsta mensagem pode conter erros.", NULL},
	{"x", "ok\n\nHaftungsausschluss: bitte unterschrieben abgeben.", "ok\n\nHaftungsausschluss: bitte unterschrieben abgeben.", NULL},
	{"x", "ok\n\nHaftungsausschluss: Diese E-Mail ist vertraulich.", "ok", "Haftungsausschluss: Diese E-Mail ist vertraulich."},
	{"x", "Thanks", "Thanks", NULL},
	{"x", "2 thanks, used it period 4 15m", "2 thanks, used it period 4 15m", NULL},
	{"x", "ok\nthanks", "ok\nthanks", NULL},
	{"x", "ok\nthanks\n3 no", "ok\nthanks\n3 no", NULL},
	{"x", "With regards to the plan: fine.\nBest of all was Tuesday.", "With regards to the plan: fine.\nBest of all was Tuesday.", NULL},
	{"x", "Key points\n----\n1. Faster\n2. Smaller\n----\nThe dashes are mine.", "Key points\n----\n1. Faster\n2. Smaller\n----\nThe dashes are mine.", NULL},
	{"x", "-- first\n-- second\nAgreed.", "-- first\n-- second\nAgreed.", NULL},
	{"x", "- one idea\n- Another", "- one idea\n- Another", NULL},
	{"x", "```\n-- \nJohn\n```\ndone", "```\n-- \nJohn\n```\ndone", NULL},
	/* "sent …" wants a device, a program or a link */
	{"x", "ok\n\nEnvoyé depuis l'application Mail Orange", "ok", "Envoyé depuis l'application Mail Orange"},
	{"x", "ok\n\nEnviado con Correo Rayo <https://correo.example/>", "ok", "Enviado con Correo Rayo <https://correo.example/>"},
	{"x", "ok\n\nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet. Bitte entschuldigen Sie die Kürze.", "ok",
	 "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet. Bitte entschuldigen Sie die Kürze."},
	{"x", "ok\n\nGalaxy cihazımdan gönderildi", "ok", "Galaxy cihazımdan gönderildi"},
	{"x", "20m\n\nInviato con affetto dai bambini", "20m\n\nInviato con affetto dai bambini", NULL},
	{"x", "20m\n\nMektup müdüre gönderildi", "20m\n\nMektup müdüre gönderildi", NULL},
	{"x", "20m\n\nElküldve a szülőknek", "20m\n\nElküldve a szülőknek", NULL},
	{"x", "20m\n\nGesendet mit der Schulpost", "20m\n\nGesendet mit der Schulpost", NULL},
	{"x", "20m\n\nSent with Mary's help", "20m\n\nSent with Mary's help", NULL},
	{"x", "20m\n\n学校から送信", "20m\n\n学校から送信", NULL},
	/* what is added below the name */
	{"x", "Staff meeting.\n\nBest,\nMary\n90m", "Staff meeting.\n\n90m", "Best,\nMary"},
	{"x", "Staff meeting.\n\nSent from my iPhone\n\n1h 30", "Staff meeting.\n\n1h 30", "Sent from my iPhone"},
	{"x", "Staff meeting.\n-- \nMary\n#pln private", "Staff meeting.\n\n#pln private", "-- \nMary"},
	{"x", "Staff meeting.\n\nBest,\nMary\n\nP.S. It was hot,\n20m.\n\nSent from my iPad", "Staff meeting.\n\nP.S. It was hot,\n20m.",
	 "Best,\nMary\n\n\nSent from my iPad"},
	{"x", "Poets.\n\nBest,\nMary\n\nPS: two more\n-Rumi\n-Basho", "Poets.\n\nPS: two more\n-Rumi\n-Basho", "Best,\nMary"},
	{"x", "Staff meeting.\n-- \nMary\nPS 118\n24 7 Mill Lane", "Staff meeting.", "-- \nMary\nPS 118\n24 7 Mill Lane"},
	{"x", "Three cheers!\nCheers\nand applause filled the hall. 15m", "Three cheers!\nCheers\nand applause filled the hall. 15m", NULL},
	{"x", "Poets:\n-Rumi\n-Basho", "Poets:\n-Rumi\n-Basho", NULL},
	{"x", "ok\n\n________________\n\nIf you have received this email in error, tell us.", "ok", "________________\n\nIf you have received this email in error, tell us."},
	/* a mail server's warning above all words */
	{"x", "CAUTION: This email originated from outside of the school. Do not click\nlinks.\n\nok", "ok",
	 "CAUTION: This email originated from outside of the school. Do not click\nlinks."},
	{"x", "[EXTERN] Vorsicht mit Links.\nok", "ok", "[EXTERN] Vorsicht mit Links."},
	{"x", "CAUTION: This email originated from outside of the school.", "CAUTION: This email originated from outside of the school.", NULL},
	{"x", "Caution was our theme.\n\nWe went outside.", "Caution was our theme.\n\nWe went outside.", NULL},
	{"x", "EXTERNAL: Do not click links.\n\nok", "ok", "EXTERNAL: Do not click links."},
	{"x", "External: the exam board comes.\n\nok", "External: the exam board comes.\n\nok", NULL},
	{"x", "VARNING: Detta e-postmeddelande kommer från någon utanför skolan.\n\nok", "ok", "VARNING: Detta e-postmeddelande kommer från någon utanför skolan."},
	{"x", "Varning: halt utanför skolan.\n\nok", "Varning: halt utanför skolan.\n\nok", NULL},
	{"x", "ATENCIÓN: Este correo se ha enviado desde fuera de la organización.\n\nok", "ok",
	 "ATENCIÓN: Este correo se ha enviado desde fuera de la organización."},
	{"x", "Atención: el correo está fuera de servicio.\n\nok", "Atención: el correo está fuera de servicio.\n\nok", NULL},
	{"x", "Atenção: o e-mail está fora do ar.\n\nok", "Atenção: o e-mail está fora do ar.\n\nok", NULL},
	{"x", "ATTENTION : ce message provient de l'extérieur.\n\nok", "ok", "ATTENTION : ce message provient de l'extérieur."},
	{"x", "Attention, message : la sortie à l'extérieur est annulée.\n\nok", "Attention, message : la sortie à l'extérieur est annulée.\n\nok", NULL},
	{"x", "Achtung: Mails außerhalb der Schulzeit liest niemand.\n\nok", "Achtung: Mails außerhalb der Schulzeit liest niemand.\n\nok", NULL},
	{"x", "Let op: mail mij als u kinderen buiten ziet.\n\nok", "Let op: mail mij als u kinderen buiten ziet.\n\nok", NULL},
	/* quotes never speak */
	{"Re: x", "star" QUOTE, "star", NULL},
	{"Re: x", "" QUOTE, "", NULL},
	{"Re: x", "> ok\n> #pln", "", NULL},
	{"RE: WG: TR: x", "ja\n\nVon: Lee\nGesendet: Montag, 3. Mai 2021 10:00\nAn: Mary\nBetreff: x\n\nok", "ja", NULL},
	/* the edges */
	{"x", "", "", NULL},
	{"x", "\n\n \n", "", NULL},
	{"x", "\n\n  two\n\n  lines  \n\n", "two\n\n  lines", NULL},
	{NULL, "no subject", "no subject", NULL},
	{"", "＃pln", "＃pln", NULL},
};

static void words_and_signatures(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct split s;
		split_text(rows[i].subject, false, span_of(rows[i].text), &s);
		if (strcmp(s.own, rows[i].own) != 0)
			fail_msg("%s: own \"%s\"", rows[i].text, s.own);
		if ((s.signature == NULL) != (rows[i].signature == NULL) || (s.signature != NULL && strcmp(s.signature, rows[i].signature) != 0))
			fail_msg("%s: signature \"%s\"", rows[i].text, s.signature == NULL ? "none" : s.signature);
		arena_release(&arena);
	}
}

#define HEADER "From: Lee <lee@school.example>\nSent: Monday, May 3, 2021 10:00\nTo: Mary <mary@school.example>\nSubject: x\n\nwords\n"
#define MAC "On 3/5/2021, 10:00, \"Lee\" <lee@school.example> wrote:\n\n    words\n"

/* Bodies that look alike: the subject tells, then whether the mail answers one. */
static void reply_or_forward(void **state)
{
	(void)state;
	static const struct {
		const char *subject;
		bool answers;
		const char *text;
		bool forward;
	} cases[] = {
		{"FW: x", false, HEADER, true}, {"FW: x", true, HEADER, true}, {"RE: x", false, HEADER, false}, {"RE: FW: x", false, HEADER, false},
		{"x", false, HEADER, true}, {"x", true, HEADER, false}, {"VS: x", true, HEADER, false}, {"VS: x", false, HEADER, true},
		{"FW: x", false, MAC, true}, {"RE: x", false, MAC, false}, {"x", false, MAC, false},
		{"RE: x", true, "---------- Forwarded message ---------\n" HEADER, true},
		{"RE: x", true, "-----Original Message-----\n" HEADER, false}, {"x", false, "-----Original Message-----\n" HEADER, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct split s;
		split_text(cases[i].subject, cases[i].answers, span_of(arena_printf(&arena, "mine\n\n%s", cases[i].text)), &s);
		if ((s.forwarded != NULL) != cases[i].forward || strcmp(s.own, "mine") != 0)
			fail_msg("%zu: %s: %s", i, cases[i].subject, s.own);
		assert_int_equal(s.reply, !cases[i].forward);
		arena_release(&arena);
	}
}

/* A subject that the sender may have tagged is not the forwarded one's. */
static void tags_of_the_subject_stay_the_senders(void **state)
{
	(void)state;
	struct split s;
	split_text("FW: Exit tickets #pln ＃read", false, span_of(MAC), &s);
	assert_string_equal(s.forwarded->subject, "Exit tickets");
	assert_string_equal(s.forwarded->from.addr, "lee@school.example");
	arena_release(&arena);
}

/* Every line of the text is in exactly one of the answers. */
static void nothing_is_lost(void **state)
{
	(void)state;
	struct split s;
	split_text("Fwd: x", false,
	           span_of("own\n\n-- \nsig\n\n> Begin forwarded message:\n>\n> From: a@x.example\n> Subject: y\n> Date: 3 May 2021\n>\n> inner\n\nafter\n\n> quote\n"), &s);
	assert_string_equal(s.own, "own");
	assert_string_equal(s.signature, "-- \nsig");
	assert_string_equal(s.forwarded->body, "inner");
	assert_string_equal(s.after, "after");
	assert_string_equal(s.quoted, "> quote");
	arena_release(&arena);
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 2 MB of each trap: the time must stay with the size. */
static void hostile_text_ends(void **state)
{
	(void)state;
	static const char *const traps[] = {
		"a: b\n", "From: a\nTo: b\n", "To: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; b\nq: z;\n", "PS: x\n-- \n90m\n", "===8<===\n", "-----Forwarded message-----\n| From | a |\n",
		"CAUTION: mail from outside\n", "> a\nb\n", "-----x-----\n", "hello 3:\n", "On 3 May 2021, X <x@x.example>\n", "-- \nX\n", "\n", "<", "| a\n",
		"From: a@x.example\nDate: 3 May 2021\n", "On 3 May 2021, X <x@x.example> wrote:\n> a\nb\n", "\xe2\x80\x94\n", ">>>>>>>>>>>>>>>>>>>>>>\n",
	};
	for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
		struct str text = {.max = 2 << 20};
		while (!text.cut)
			str_puts(&text, traps[i]);
		struct split s;
		double start = seconds();
		split_text("Fwd: x", false, (struct span){text.p, text.n}, &s);
		double took = seconds() - start;
		if (took > 10) /* with sanitizers */
			fail_msg("%s: %.1f s", traps[i], took);
		str_release(&text);
		arena_release(&arena);
	}
}

/* What a header's value is joined of is copied a few times, however many lines it has. */
static void long_values_stay_small(void **state)
{
	(void)state;
	struct str text = {.max = 2 << 20};
	struct split s;
	while (!text.cut) {
		str_puts(&text, "From: <a\n");
		for (int i = 0; i < 40; i++)
			str_printf(&text, "%0390d\n", i);
	}
	split_text("Fwd: x", false, (struct span){text.p, text.n}, &s);
	if (arena.bytes > (size_t)24 << 20)
		fail_msg("%zu bytes", arena.bytes);
	str_release(&text);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_signatures),
		cmocka_unit_test(reply_or_forward),
		cmocka_unit_test(tags_of_the_subject_stay_the_senders),
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(hostile_text_ends),
		cmocka_unit_test(long_values_stay_small),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
