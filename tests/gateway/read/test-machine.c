#include "machine-help.h"
#include "gateway/read/read.h"

#define TEACHER "Return-Path: <ann@school.example>\nFrom: Ann Lee <ann@school.example>\nTo: pln@campus.example\n"
#define SYSTEM "From: Shop <noreply@shop.example>\nTo: ann@school.example\n"
#define WORDS "\nHello,\nthis is all that I wanted to say today.\n"
#define PART(type, text) "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nHello\n--B\nContent-Type: " type "\n\n" text "\n--B--\n"
#define REPORT(type, part, text) \
	"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=" type "; boundary=B\n\n--B\nContent-Type: text/plain\n\nA report.\n--B\n" \
	"Content-Type: " part "\n\n" text "\n--B--\n"

static const struct {
	const char *name, *mail;
	enum mail_kind kind;
	bool automated;
} cases[] = {
	/* nobody reads its address and it is sent one by one, but it has no way out and nothing that many would read */
	{"a notice of a document", "Return-Path: <bounces+123-ann=school.example@em.example>\nFrom: Ann (via Docs) <no-reply@docs.example>\nTo: ann@school.example\n"
	                           "Subject: Plan was shared with you\n\nOpen it: https://docs.example/1\n", MAIL_TRANSACTIONAL, false},
	{"the same with a way out", "Return-Path: <bounces+123-ann=school.example@em.example>\nFrom: Docs <no-reply@docs.example>\nTo: ann@school.example\n"
	                            "Subject: Ideas for November\n\nRead: https://docs.example/1\nUnsubscribe: https://docs.example/2\n", MAIL_NEWSLETTER, false},
	{"a confirmation in Czech", "Return-Path: <bounce-1@news.example>\nFrom: News <no-reply@news.example>\nTo: ann@school.example\n"
	                            "Subject: Potvrďte odběr\nContent-Type: text/plain; charset=utf-8\n\nKlikněte pro potvrzení odběru: https://news.example/c\n",
	 MAIL_CONFIRMATION, false},
	/* people */
	{"a note", TEACHER "Subject: #pln 20m\n" WORDS, MAIL_NOTE, false},
	{"a reply", TEACHER "Subject: Re: Logged 1042\nIn-Reply-To: <x@campus.example>\n" WORDS, MAIL_REPLY, false},
	{"Auto-Submitted: no", TEACHER "Subject: #pln\nAuto-Submitted: no\n" WORDS, MAIL_NOTE, false},
	{"a vacation that was read about", TEACHER "Subject: Vacation reading list #pln\n" WORDS, MAIL_NOTE, false},
	{"thanks", TEACHER "Subject: Thank you for your email\n" WORDS, MAIL_NOTE, false},
	{"an answer to a vacation reply", TEACHER "Subject: Re: Automatic reply: digest\nIn-Reply-To: <x@y>\n" WORDS, MAIL_REPLY, false},
	{"an invitation", TEACHER "Subject: Book club\n" PART("text/calendar", "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR"), MAIL_NOTE, false},
	{"speaks of robots", TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\n\nTake a break, you are not a robot.\n", MAIL_REPLY, false},
	{"a poem", TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\n\nThe poem was sent by a human.\n", MAIL_REPLY, false},
	{"a site that asks who one is", TEACHER "Subject: Authentification requise sur le nouveau site\n" WORDS, MAIL_NOTE, false},
	{"asks for a held message", TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\nContent-Type: text/plain; charset=utf-8\n\n"
	 "Meine Nachricht wurde zurückgehalten, bitte freigeben.\n", MAIL_REPLY, false},
	{"asks to confirm a trip, Serbian", TEACHER "Subject: Потврдите пријаву за излет\nContent-Type: text/plain; charset=utf-8\n\nDa ste potvrdili, javite.\n", MAIL_NOTE, false},
	{"answers in Swedish", TEACHER "Subject: =?utf-8?Q?Svar_p=C3=A5_ditt_e-postmeddelande?=\nIn-Reply-To: <x@y>\n" WORDS, MAIL_NOTE, false},
	{"answers a reaction", TEACHER "Subject: Re: Bob reacted to your message: digest\nIn-Reply-To: <x@y>\n" WORDS, MAIL_REPLY, false},
	{"asks to confirm a date", TEACHER "Subject: Please confirm your talk\n\nCan you make it on Friday?\n", MAIL_NOTE, false},
	{"sent through a bulk relay", "Return-Path: <bounces+1-pln=campus.example@relay.example>\nX-SG-EID: x\nFrom: ann@school.example\nSubject: status\n\nstatus\n", MAIL_NOTE, false},
	{"a pasted newsletter", TEACHER "Subject: #pln\n\nLook at this\n\nManage preferences. Unsubscribe. View in browser.\n", MAIL_NOTE, false},
	{"no header at all", "\nHello\n", MAIL_NOTE, false},
	{"nothing", "", MAIL_NOTE, false},
	/* answers of machines */
	{"RFC 3834", TEACHER "Subject: Away\nAuto-Submitted: auto-replied (vacation)\n" WORDS, MAIL_AUTO_REPLY, true},
	{"Precedence", TEACHER "Subject: I got it\nPrecedence: auto_reply\n" WORDS, MAIL_AUTO_REPLY, true},
	{"X-Autoreply", TEACHER "Subject: I got it\nX-Autoreply: yes\n" WORDS, MAIL_AUTO_REPLY, true},
	{"Exchange", TEACHER "Subject: Automatic reply: Weekly digest\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n" WORDS, MAIL_AUTO_REPLY, true},
	{"only a subject", TEACHER "Subject: Out of Office: Weekly digest\n" WORDS, MAIL_AUTO_REPLY, true},
	{"null return path, an answer, the words",
	 "Return-Path: <>\nFrom: ann@school.example\nSubject: Weekly digest\nIn-Reply-To: <x@y>\n\nI am on vacation until Monday.\n", MAIL_AUTO_REPLY, true},
	{"read receipt", TEACHER "Subject: Read: Weekly digest\n" REPORT("disposition-notification", "message/disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed"),
	 MAIL_AUTO_REPLY, true},
	{"calendar answer", TEACHER "Subject: Accepted: Interview\n" PART("text/calendar; method=REPLY", "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR"), MAIL_AUTO_REPLY, true},
	{"reaction", TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\n" PART("text/vnd.google.email-reaction+json", "{\"emoji\":\"+\"}"), MAIL_AUTO_REPLY, true},
	{"reaction of Outlook", TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\n\n[+]\nAnn Lee reacted to your message:\n", MAIL_AUTO_REPLY, true},
	{"reaction of Outlook, French", TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\nContent-Type: text/plain; charset=utf-8\n\nAnn a réagi à votre message :\n", MAIL_AUTO_REPLY, true},
	{"tells of a reaction", TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\n\nThe class reacted to your message: they laughed.\n", MAIL_REPLY, false},
	{"complaint by SNS", "From: AWS Notifications <no-reply@sns.example>\nSubject: AWS Notification Message\n\n"
	                     "{\"eventType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"ann@school.example\"}]}}\n", MAIL_FEEDBACK, true},
	{"challenge of SpamArrest", "From: Ann <ann@school.example>\nSubject: Re: digest\nIn-Reply-To: <x@y>\nAuto-Submitted: auto-replied\n\n"
	                            "I'm protecting myself from receiving junk mail.\nPlease complete the verification process.\n", MAIL_CHALLENGE, true},
	{"reaction in words", TEACHER "Subject: Ann reacted to your message: digest\nIn-Reply-To: <x@y>\n" WORDS, MAIL_AUTO_REPLY, true},
	{"challenge", "From: verify@filter.example\nSubject: Re: Weekly digest\nIn-Reply-To: <x@y>\n\nPlease click here to prove you are human and your message will be delivered.\n",
	 MAIL_CHALLENGE, true},
	{"feedback", "From: fbl@isp.example\nSubject: complaint\n" REPORT("feedback-report", "message/feedback-report", "Feedback-Type: abuse\nVersion: 1"), MAIL_FEEDBACK, true},
	{"DMARC aggregate", "From: dmarc@isp.example\nSubject: Report Domain: school.example Submitter: isp.example Report-ID: 1\n" WORDS, MAIL_FEEDBACK, true},
	/* mail to many */
	{"List-Unsubscribe", "From: Weekly <w@news.example>\nSubject: Exit tickets\nList-Unsubscribe: <https://news.example/u>\n" WORDS, MAIL_NEWSLETTER, false},
	{"pretended forward", "From: Weekly <w@news.example>\nSubject: FWD: Exit tickets\nList-Unsubscribe: <https://news.example/u>\n" WORDS, MAIL_NEWSLETTER, false},
	{"bulk", "From: Weekly <w@news.example>\nSubject: Exit tickets\nPrecedence: bulk\n" WORDS, MAIL_NEWSLETTER, false},
	{"a list", TEACHER "Subject: Re: [staff] lunch\nList-Id: <staff.lists.example>\nIn-Reply-To: <x@y>\n" WORDS, MAIL_NEWSLETTER, false},
	{"by shape", "Return-Path: <bounces+1-ann=school.example@mail.example>\nFrom: w@news.example\nSubject: Exit tickets\n\nNews.\n\nTo unsubscribe, write to us.\n", MAIL_NEWSLETTER, false},
	/* confirmations */
	{"double opt-in", SYSTEM "Subject: Please confirm your subscription\nList-Unsubscribe: <https://x.example/u>\n\nClick here to confirm your subscription.\n", MAIL_CONFIRMATION, false},
	{"LISTSERV", "Return-Path: <>\nFrom: LISTSERV@lists.example\nSubject: Command confirmation request (ABCDEF)\n\nYou must now reply to this message.\n", MAIL_CONFIRMATION, true},
	{"mailman", "From: staff-confirm+abc@lists.example\nSubject: confirm 0123456789abcdef\nPrecedence: bulk\n\nWe have received a request: to confirm that you want to be added, reply to this message.\n",
	 MAIL_CONFIRMATION, false},
	{"forwarding check", "From: Mail Team <forwarding-noreply@provider.example>\nSubject: (#1) Forwarding Confirmation\n" WORDS, MAIL_CONFIRMATION, false},
	{"German", SYSTEM "Subject: =?utf-8?Q?Bitte_best=C3=A4tigen_Sie_Ihre_Anmeldung?= - =?utf-8?Q?Anmeldung_best=C3=A4tigen?=\n" WORDS, MAIL_CONFIRMATION, false},
	/* notices */
	{"receipt", SYSTEM "Subject: Your receipt\n" WORDS, MAIL_TRANSACTIONAL, false},
	{"password", "From: it@school.example\nSubject: Reset your password\nAuto-Submitted: auto-generated\n" WORDS, MAIL_TRANSACTIONAL, true},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct reading r = {.from = {"", ""}};
		read_machine(cases[i].mail, &arena, &r);
		if (r.kind != cases[i].kind || r.automated != cases[i].automated)
			fail_msg("%s: %s %d", cases[i].name, mail_kind_name(r.kind), r.automated);
		arena_release(&arena);
	}
}

/* What somebody answers is not theirs. */
static void test_quoted(void **state)
{
	(void)state;
	static const struct read_options options;
	struct arena arena = {0};
	struct reading r;
	read_mail(&options, SPAN(TEACHER "Subject: Re: digest\nIn-Reply-To: <x@y>\n\nI did what it asks, 20m.\n\n"
	                                 "On 3 May 2026, Bob <bob@x.example> wrote:\n> Please complete the verification process.\n"), &arena, &r);
	assert_string_equal(mail_kind_name(r.kind), "reply");
	assert_string_equal(r.own, "I did what it asks, 20m.");
	arena_release(&arena);
}

/* What clients put before or instead of the subject when nobody is there. */
static const char *const away[] = {
	"Automatic reply: Digest", "Out of Office: Digest", "Automatische Antwort: Digest", "Abwesenheitsnotiz: Digest", "Réponse automatique : Digest",
	"Absence du bureau : Digest", "Respuesta automática: Digest", "Fuera de la oficina: Digest", "Resposta automática: Digest", "Risposta automatica: Digest",
	"Fuori sede: Digest", "Automatisch antwoord: Digest", "Afwezigheidsbericht: Digest", "Autosvar: Digest", "Automatiskt svar: Digest", "Automatisk svar: Digest",
	"Fraværsmelding: Digest", "Automaattinen vastaus: Digest", "Sjálfvirkt svar: Digest", "Automatyczna odpowiedź: Digest", "Odpowiedź automatyczna: Digest",
	"Automatická odpověď: Digest", "Automatická odpoveď: Digest", "Automatikus válasz: Digest", "Răspuns automat: Digest", "Автоматический ответ: Digest",
	"Автоматична відповідь: Digest", "Аўтаматычны адказ: Digest", "Автоматичен отговор: Digest", "Аутоматски одговор: Digest", "Automatski odgovor: Digest",
	"Samodejni odgovor: Digest", "Automaatvastus: Digest", "Automātiskā atbilde: Digest", "Automatinis atsakymas: Digest", "Αυτόματη απάντηση: Digest",
	"Otomatik yanıt: Digest", "رد تلقائي: Digest", "תשובה אוטומטית: Digest", "پاسخ خودکار: Digest", "स्वचालित उत्तर: Digest", "ตอบกลับอัตโนมัติ: Digest",
	"Trả lời tự động: Digest", "Balasan otomatis: Digest", "Resposta automàtica: Digest", "自動応答: Digest", "自動返信: Digest", "자동 회신: Digest", "自动答复: Digest",
	"自动回复：Digest", "自動回覆: Digest", "Outomatiese antwoord: Digest", "Ateb awtomatig: Digest", "Përgjigje automatike: Digest", "ავტომატური პასუხი: Digest",
	"Ymateb awtomatig: Digest", "Automatesch Äntwert: Digest", "Tweġiba awtomatika: Digest", "Автомат хариу: Digest", "Avtomatik javob: Digest",
	"स्वयंचलित प्रत्युत्तर: Digest", "સ્વચાલિત જવાબ: Digest", "ਸਵੈਚਲਿਤ ਜਵਾਬ: Digest", "స్వయంచాలక ప్రత్యుత్తరం: Digest", "ಸ್ವಯಂಚಾಲಿತ ಪ್ರತ್ಯುತ್ತರ: Digest",
	"ራስ-ሰር ምላሽ: Digest", "ការឆ្លើយតបស្វ័យប្រវត្តិ: Digest", "OOO Re: Digest", "स्वचालित प्रत्युत्तर: Digest", "ఆటోమేటిక్ ప్రత్యుత్తరం: Digest",
	"Respuesta automatizada: Digest", "AUTO : Ann est absente (retour 09/11/2026)", "Yahoo! Auto Response",
};

static void test_away(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
		struct arena arena = {0};
		struct reading r = {.from = {"", ""}};
		const char *mail = arena_printf(&arena, TEACHER "Subject: %s\nContent-Type: text/plain; charset=utf-8\n\n…\n", away[i]);
		read_machine(mail, &arena, &r);
		if (r.kind != MAIL_AUTO_REPLY || !r.automated)
			fail_msg("%s: %s", away[i], mail_kind_name(r.kind));
		arena_release(&arena);
	}
}

static void test_feedback_types(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct reading r = {.from = {"", ""}};
	read_machine("From: a@isp.example\nSubject: x\n" REPORT("feedback-report", "message/feedback-report", "Feedback-Type: Opt-Out\nFeedback-Type: opt-out\n"), &arena, &r);
	assert_int_equal(r.kind, MAIL_FEEDBACK);
	assert_int_equal(r.feedback_types.n, 1);
	assert_string_equal(r.feedback_types.v[0], "opt-out");
	arena_release(&arena);
}

static void test_phrases(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct says_hit hit;
	static const struct {
		enum saying use;
		const char *text;
		bool found;
	} rows[] = {
		{SAYS_DELAY, "Warning: message 1abc-def delayed 24 hours", true},
		{SAYS_DELAY, "warning: message", false},
		{SAYS_AUTO_SUBJECT, "AUTO: x", true},
		{SAYS_AUTO_SUBJECT, "my auto: x", false},
		{SAYS_AUTO_SUBJECT, "outofofficer", false},
		{SAYS_AUTO_SUBJECT, "Out\u00a0of \t office", true},
		{SAYS_REASON, "blacklisted", true},
		{SAYS_REASON, "", false},
		{SAYS_REASON, "x", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(says_find(rows[i].use, says_fold(span_of(rows[i].text), 1000, &arena), &hit), rows[i].found);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_quoted), cmocka_unit_test(test_away), cmocka_unit_test(test_feedback_types),
		cmocka_unit_test(test_phrases)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
