#include "machine-help.h"

/* Reports of mail systems, written after their documented or well-known forms: each way of naming a failed recipient once. */

#define DAEMON "Return-Path: <>\nFrom: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>\nTo: pln@campus.example\n"
#define COPY "Return-Path: <pln@campus.example>\nReceived: from gate by mx.example.net; Mon, 2 Mar 2026 08:00:00 +0000\n" \
             "From: pln@campus.example\nTo: Ann Lee <ann.lee@school.example>\nSubject: Weekly digest\nMessage-ID: <d1@campus.example>\n\nHello\n"
#define REPORT(action, status, more) \
	DAEMON "Subject: Report\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n" \
	       "--B\nContent-Type: text/plain\n\nA report.\n\n--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n" \
	       "Final-Recipient: rfc822; Ann.Lee@School.example\nAction: " action "\nStatus: " status "\n" more "\n--B\n" \
	       "Content-Type: text/rfc822-headers\n\n" COPY "\n--B--\n"

static const struct {
	const char *name, *mail;
	enum mail_kind kind;
	const char *recipients; /* blank between */
	const char *reason;     /* of the first; NULL = not asked */
} cases[] = {
	{"RFC 3464", REPORT("failed", "5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 <ann.lee@school.example>: user unknown\n"), MAIL_BOUNCE,
	 "ann.lee@school.example", "userunknown"},
	{"RFC 3464, full", REPORT("failed", "5.2.2", "Diagnostic-Code: smtp;\n 552 5.2.2 mailbox\n full\n"), MAIL_BOUNCE, "ann.lee@school.example",
	 "mailboxfull"},
	{"RFC 3464, only delayed", REPORT("delayed", "4.4.7", "Will-Retry-Until: Fri, 6 Mar 2026 08:00:00 +0000\n"), MAIL_DELAY_WARNING,
	 "ann.lee@school.example", "expired"},
	{"RFC 3464, delayed for a reason", REPORT("delayed", "4.2.2", "Diagnostic-Code: smtp; 452 4.2.2 over quota\n"), MAIL_BOUNCE,
	 "ann.lee@school.example", "mailboxfull"},
	{"RFC 3464, delivered", REPORT("delivered", "2.0.0", ""), MAIL_DSN_SUCCESS, "ann.lee@school.example", "delivered"},
	{"RFC 3464, relayed", REPORT("relayed", "2.0.0", ""), MAIL_DSN_SUCCESS, "ann.lee@school.example", "delivered"},
	{"RFC 3464, a trial", REPORT("deliverable", "2.1.5", ""), MAIL_DSN_SUCCESS, "ann.lee@school.example", "delivered"},
	{"RFC 3464, two and one delivered",
	 REPORT("failed", "5.1.1",
	        "\nFinal-Recipient: rfc822; bob@school.example\nAction: delivered\nStatus: 2.0.0\n"
	        "\nOriginal-Recipient: rfc822;cy@school.example\nFinal-Recipient: rfc822; cy@inner.school.example\nAction: failed\nStatus: 5.1.1\n"),
	 MAIL_BOUNCE, "ann.lee@school.example cy@inner.school.example", "userunknown"},
	{"RFC 3464, a local name only", REPORT("failed", "5.1.1", "") , MAIL_BOUNCE, "ann.lee@school.example", "userunknown"},
	{"fields in plain text, Action first",
	 DAEMON "Subject: Delivery Status Notification (Failure)\n\nAn error occurred while delivering.\n\nTechnical report:\n\nAction: failed\n"
	        "Final-Recipient: rfc822; ann@school.example\nDiagnostic-Code: smtp; 550 5.7.1 blocked using a blocklist\nStatus: 5.7.1\n\n" COPY,
	 MAIL_BOUNCE, "ann@school.example", "blocked"},
	{"qmail",
	 DAEMON "Subject: failure notice\n\nHi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message.\n\n"
	        "<ann@school.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n\n"
	        "<bob@school.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" COPY,
	 MAIL_BOUNCE, "ann@school.example bob@school.example", "userunknown"},
	{"exim",
	 "Return-Path: <>\nX-Failed-Recipients: ann@school.example, bob@school.example\nAuto-Submitted: auto-replied\n"
	 "From: Mail Delivery System <Mailer-Daemon@mx.example.net>\nTo: pln@campus.example\nSubject: Mail delivery failed: returning message to sender\n\n"
	 "A message that you sent could not be delivered to one or more of its\nrecipients.\n\n  ann@school.example\n    Unrouteable address\n"
	 "  bob@school.example\n    retry timeout exceeded\n\n------ This is a copy of your message, including all the headers. ------\n\n" COPY,
	 MAIL_BOUNCE, "ann@school.example bob@school.example", "hostunknown"},
	{"exim's delay",
	 DAEMON "Subject: Warning: message 1abcDE-000001-AA delayed 24 hours\n\nA message that you sent has not yet been delivered to one or more of its\n"
	        "recipients after more than 24 hours.\n\nThe address to which the message has not yet been delivered is:\n\n  ann@school.example\n\n"
	        "No action is required on your part.\n",
	 MAIL_DELAY_WARNING, "ann@school.example", NULL},
	{"old sendmail",
	 DAEMON "Subject: Returned mail: User unknown\n\n   ----- Transcript of session follows -----\nWhile talking to school.example:\n"
	        ">>> RCPT To:<ann@school.example>\n<<< 550 <ann@school.example>... User unknown\n550 <ann@school.example>... User unknown\n\n"
	        "   ----- Unsent message follows -----\n" COPY,
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"smail",
	 DAEMON "Subject: mail failed, returning to sender\n\n|------------------------- Message log follows: ---|\n no valid recipients were found\n"
	        "|------------------------- Failed addresses follow: ---|\n <ann@school.example> ... unknown user\n"
	        "|------------------------- Message text follows: ---|\n" COPY,
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"Exchange 5.5",
	 "From: System Administrator <postmaster@school.example>\nTo: pln@campus.example\nSubject: Undeliverable: Weekly digest\n\nYour message\n\n"
	 "  To:      ann@school.example; bob@school.example\n  Subject: Weekly digest\n\ndid not reach the following recipient(s):\n\n"
	 "ann@school.example on Mon, 2 Mar 2026 08:00:00 +0000\n    The recipient name is not recognized\n"
	 "\tThe MTS-ID of the original message is: c=us;a= ;p=school\nbob@school.example on Mon, 2 Mar 2026 08:00:01 +0000\n    Unknown Recipient\n",
	 MAIL_BOUNCE, "ann@school.example bob@school.example", "userunknown"},
	{"Domino",
	 DAEMON "Subject: DELIVERY FAILURE: User ann not listed in Domino Directory\n\nYour message\n\n  Subject: Weekly digest\n\nwas not delivered to:\n\n"
	        "  ann@school.example\n\nbecause:\n\n  User ann not listed in Domino Directory\n",
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"GroupWise: a name without an address",
	 DAEMON "Subject: Message status - undeliverable\n\nThe message that you sent was undeliverable to the following:\n\tann lee (user not found)\n\n"
	        "Possibly truncated original message follows:\n\n" COPY,
	 MAIL_BOUNCE, "ann.lee@school.example", "userunknown"},
	{"PMDF",
	 DAEMON "Subject: Delivery Notification: Delivery has failed\n\nThis report relates to a message you sent with the following header fields:\n\n"
	        "  Message-id: <d1@campus.example>\n  From: pln@campus.example\n  To: teachers@school.example\n\n"
	        "Your message cannot be delivered to the following recipients:\n\n  Recipient address: ann@school.example\n  Reason: Mailbox over quota\n",
	 MAIL_BOUNCE, "ann@school.example", "mailboxfull"},
	{"VMS MX", DAEMON "Subject: mail delivery error\n\nAn error was detected while processing the enclosed message.\n\nError-For:  ann@school.example\n"
	                  "Error-Text: no such user\n",
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"CommuniGate",
	 DAEMON "Subject: Undeliverable mail: Weekly digest\n\nFailed to deliver to 'ann@school.example'\nSMTP module(domain school.example) reports:\n"
	        " school.example: no response\n",
	 MAIL_BOUNCE, "ann@school.example", NULL},
	{"IronPort",
	 DAEMON "Subject: Delivery Status Notification (Failure)\n\nThe following message to <ann@school.example> was undeliverable.\n"
	        "The reason for the problem:\n5.1.0 - Unknown address error 550-'5.1.1 no such user'\n",
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"MDaemon: only a transcript",
	 "From: MDaemon <MDaemon@school.example>\nTo: pln@campus.example\nSubject: Permanent Delivery Failure\n\nThe attached message had PERMANENT fatal delivery errors!\n\n"
	 "Session Transcript:\n<-- 220 mx ready\n--> MAIL From:<pln@campus.example>\n<-- 250 ok\n--> RCPT To:<ann@school.example>\n<-- 550 no such mailbox\n",
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"a gateway that is no daemon by name",
	 "From: \"InterScan Notification\" <scan@school.example>\nTo: pln@campus.example\nSubject: Mail could not be delivered\n\n"
	 "Unable to deliver the message below.\n\nSent <<< RCPT TO:<ann@school.example>\nReceived >>> 550 5.1.1 <ann@school.example>... user unknown\n\n" COPY,
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"a phone carrier",
	 "Return-Path: <>\nFrom: post_master@carrier.example\nTo: pln@campus.example\nSubject: Re: Weekly digest\n\nError: Invalid user address\n\n"
	 "Error message below:\n550 - Requested action not taken: no such user here\n\nMessage details:\n  MAIL FROM: pln@campus.example\n  RCPT TO: 5550100@carrier.example\n",
	 MAIL_BOUNCE, "5550100@carrier.example", "userunknown"},
	{"an HTML page alone",
	 DAEMON "Subject: Undelivered Mail\nContent-Type: text/html\n\nYour message could not be delivered to\nann@school.example\nbecause the mailbox is full\n",
	 MAIL_BOUNCE, "ann@school.example", "mailboxfull"},
	{"Japanese, original's To",
	 DAEMON "Subject: =?utf-8?B?6YWN5L+h44Ko44Op44O8?=\nContent-Type: text/plain; charset=utf-8\n\nメールを送信できませんでした。\n\n" COPY, MAIL_BOUNCE,
	 "ann.lee@school.example", NULL},
	{"Russian",
	 DAEMON "Subject: =?utf-8?B?0J3QtSDQtNC+0YHRgtCw0LLQu9C10L3Qvg==?=\nContent-Type: text/plain; charset=utf-8\n\nВаше письмо не доставлено.\nАдресат: "
	        "ann@school.example\nОшибка: 550 ящик переполнен\n",
	 MAIL_BOUNCE, "ann@school.example", "mailboxfull"},
	{"the sender itself, when nobody else is named",
	 DAEMON "Subject: Returned mail: Service unavailable\n\nThe following addresses had delivery problems:\npln@campus.example\n\nMailbox full\n", MAIL_BOUNCE,
	 "pln@campus.example", "mailboxfull"},
	{"no recipient at all", DAEMON "Subject: Undelivered Mail Returned to Sender\n\nYour message could not be delivered.\n", MAIL_BOUNCE, "", NULL},
	{"a list manager refuses",
	 "Return-Path: <>\nFrom: staff-admin@lists.example\nTo: pln@campus.example\nSubject: NOT MEMBER article from pln@campus.example\n\n"
	 "Your message was rejected: you are not a member of this list.\n",
	 MAIL_BOUNCE, "staff@lists.example", "rejected"},
	{"a mail system that calls itself an autoresponder",
	 DAEMON "Subject: Mail failure\nX-Autoreply: yes\nAuto-Submitted: auto-replied\n\nCould not be delivered:\n<ann@school.example>: user unknown\n", MAIL_BOUNCE,
	 "ann@school.example", "userunknown"},
	/* in words that no phrase knows how to read a recipient from: the one address that is named */
	{"a sentence in German",
	 DAEMON "Subject: Delivery Status Notification (Failure)\nContent-Type: text/plain; charset=utf-8\n\n** Adresse nicht gefunden **\n\n"
	        "Deine Nachricht wurde nicht an ann@school.example zugestellt, weil die Adresse nicht gefunden wurde.\n",
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"a sentence in Korean",
	 DAEMON "Subject: Delivery Status Notification (Failure)\nContent-Type: text/plain; charset=utf-8\n\n"
	        "주소를 찾을 수 없어 메일이 ann@school.example(으)로 전송되지 않았습니다.\n",
	 MAIL_BOUNCE, "ann@school.example", "userunknown"},
	{"a sentence in Hungarian, and its sender",
	 DAEMON "Subject: Kézbesíthetetlen: Digest\nContent-Type: text/plain; charset=utf-8\n\npln@campus.example levele nem ért el ide: ann@school.example\n",
	 MAIL_BOUNCE, "ann@school.example", NULL},
	{"only somebody who helps is named, and the mail was for another",
	 DAEMON "Subject: Kézbesíthetetlen: Digest\nContent-Type: text/plain; charset=utf-8\n\nKérdés: help@isp.example\n\n" COPY,
	 MAIL_BOUNCE, "ann.lee@school.example", NULL},
	{"groups of Exchange in Thai",
	 DAEMON "Subject: ส่งไม่ได้: Digest\nContent-Type: text/plain; charset=utf-8\n\nการส่งไปยังผู้รับหรือกลุ่มเหล่านี้ล้มเหลว:\n\nann@school.example\n",
	 MAIL_BOUNCE, "ann@school.example", NULL},
	/* none of these is one */
	{"a person asks about one",
	 "From: Ann <ann@school.example>\nTo: pln@campus.example\nSubject: Re: Undeliverable: Weekly digest\nIn-Reply-To: <x@y>\n\n"
	 "Why did I get this? #pln\n\n> could not be delivered to:\n> bob@school.example\n> 550 user unknown\n",
	 MAIL_REPLY, "", NULL},
	{"a person writes of delivery", "From: Ann <ann@school.example>\nTo: pln@campus.example\nSubject: Books\n\nThe books could not be delivered. #pln 10m\n", MAIL_NOTE,
	 "", NULL},
	{"a vacation reply that speaks of delivery",
	 "Return-Path: <>\nFrom: ann@school.example\nTo: pln@campus.example\nSubject: Automatic reply: Weekly digest\nX-Auto-Response-Suppress: All\n\n"
	 "Your message could not be delivered to me in person. Write to:\nbob@school.example\n\n-----Original message-----\n" COPY,
	 MAIL_AUTO_REPLY, "", NULL},
	{"Amazon SES by SNS, two, a line broken on the way",
	 "From: AWS Notifications <no-reply@sns.example>\nTo: pln@campus.example\nSubject: AWS Notification Message\n\n"
	 "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\",\"bouncedRecipients\":["
	 "{\"emailAddress\":\"Ann@school.example\",\"action\":\"failed\",\"sta!\n tus\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 [a] \\\"x\\\" user unknown\"},"
	 "{\"emailAddress\":\"Bob <bob@school.example>\"}]},\"mail\":{\"destination\":[\"cy@school.example\"]}}\n\n--\nIf you wish to stop\n",
	 MAIL_BOUNCE, "ann@school.example bob@school.example", "userunknown"},
	{"Amazon SES by SNS, delivered",
	 "From: AWS Notifications <no-reply@sns.example>\nTo: pln@campus.example\nSubject: x\n\n"
	 "{ \"eventType\" : \"Delivery\", \"delivery\" : { \"recipients\" : [ \"ann@school.example\", \"bob@school.example\" ] } }\n",
	 MAIL_DSN_SUCCESS, "ann@school.example bob@school.example", "delivered"},
	{"Amazon SES by SNS, cut off",
	 "From: AWS Notifications <no-reply@sns.example>\nTo: pln@campus.example\nSubject: x\n\n"
	 "{\"notificationType\":\"Bounce\",\"bouncedRecipients\":[{\"emailAddress\":\"ann@school.example\n", MAIL_BOUNCE, "", NULL},
	{"some other JSON", "From: ann@school.example\nTo: pln@campus.example\nSubject: x\n\n{\"notificationType\":\"Bounce\"}\n", MAIL_NOTE, "", NULL},
	{"a list that refuses", DAEMON "Subject: Your message to staff was rejected\n\nPosts of <ann@school.example> are for members.\n", MAIL_BOUNCE, "ann@school.example", NULL},
	{"certified mail in Italy, refused", "Return-Path: <>\nFrom: posta-certificata@pec.example\nTo: pln@campus.example\nSubject: AVVISO DI MANCATA CONSEGNA: Piano\n\n"
	 "Il messaggio destinato all'utente ann@school.example è stato rifiutato dal sistema.\n", MAIL_BOUNCE, "ann@school.example", NULL},
	{"certified mail in Italy, delivered", "Return-Path: <>\nFrom: posta-certificata@pec.example\nTo: pln@campus.example\nSubject: CONSEGNA: Piano\n\n"
	 "Ricevuta di avvenuta consegna\n\nIl messaggio indirizzato a ann@school.example è stato consegnato nella casella.\n", MAIL_DSN_SUCCESS, "ann@school.example", "delivered"},
	{"certified mail in Italy, with a person's words", "Return-Path: <x@pec.example>\nFrom: \"Per conto di: ann@school.example\" <posta-certificata@pec.example>\n"
	 "To: pln@campus.example\nSubject: POSTA CERTIFICATA: Piano\n\nBuongiorno, ecco il piano.\n", MAIL_NOTE, "", NULL},
	{"certified mail in Italy, with words of a refusal", "Return-Path: <x@pec.example>\nFrom: \"Per conto di: ann@school.example\" <posta-certificata@pec.example>\n"
	 "To: pln@campus.example\nSubject: POSTA CERTIFICATA: modulo\n\nIl modulo di Luca è stato rifiutato dal sistema.\n", MAIL_NOTE, "", NULL},
	{"Serbian", DAEMON "Subject: Неиспоручиво: План\n\nВаша порука за ann@school.example није испоручена.\n", MAIL_BOUNCE, "ann@school.example", NULL},
	{"Icelandic", DAEMON "Subject: Plan\n\nEkki tókst að afhenda skilaboðin til ann@school.example\n", MAIL_BOUNCE, "ann@school.example", NULL},
	{"Hindi", DAEMON "Subject: Plan\n\nआपका संदेश ann@school.example को वितरित नहीं किया जा सका।\n", MAIL_BOUNCE, "ann@school.example", NULL},
	{"a vacation reply with an address in it",
	 "Return-Path: <>\nFrom: ann@school.example\nTo: pln@campus.example\nSubject: Away\nAuto-Submitted: auto-replied\nIn-Reply-To: <x@y>\n\n"
	 "I am out of the office. Write to:\nbob@school.example\n",
	 MAIL_AUTO_REPLY, "", NULL},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct reading r = {0};
		struct str got = {0};
		read_machine(cases[i].mail, &arena, &r);
		for (size_t k = 0; k < r.n_reports; k++)
			str_printf(&got, "%s%s", k == 0 ? "" : " ", r.reports[k].recipient);
		const char *reason = r.n_reports > 0 ? r.reports[0].reason : "";
		if (r.kind != cases[i].kind || strcmp(str_c(&got), cases[i].recipients) != 0 ||
		    (cases[i].reason != NULL && strcmp(reason, cases[i].reason) != 0))
			fail_msg("%s: %s \"%s\" %s", cases[i].name, mail_kind_name(r.kind), str_c(&got), reason);
		str_release(&got);
		arena_release(&arena);
	}
}

static void test_codes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int reply;
		const char *status;
	} rows[] = {
		{"550 5.1.1 user unknown", 550, "5.1.1"},
		{"host 192.0.2.5 said: 452-4.2.2 full", 452, "4.2.2"},
		{"version 5.4.3.2 at 10.5.1.1", 0, ""},
		{"see RFC5321 and 5503 things", 0, ""},
		{"(#5.4.4)", 0, "5.4.4"},
		{"[554 5.4.6 loop]", 554, "5.4.6"},
		{"5.7.606, denied", 0, "5.7.606"},
		{"", 0, ""},
		{"55", 0, ""},
		{"5.1.", 0, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span status = bounce_status_code(span_of(rows[i].text));
		assert_int_equal(bounce_reply_code(span_of(rows[i].text)), rows[i].reply);
		assert_true(span_eq(status, rows[i].status));
	}
}

static void test_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *text, *found; /* joined by a blank */
	} rows[] = {
		{"<a@b.example>, 'c@d.example'.", "a@b.example c@d.example"},
		{"mailto:a+b=c@d.example!", "a+b=c@d.example"},
		{"\"ann lee\"@school.example", "\"ann lee\"@school.example"},
		{"https://x.example/u@v.example/w", ""},
		{"a@ @b @@ a@.", ""},
		{"x@[192.0.2.1]", "x@[192.0.2.1]"},
		{"用户@例子.example", "用户@例子.example"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct found_address found;
		struct str got = {0};
		for (size_t at = 0; address_next(span_of(rows[i].text), &at, &found);)
			str_printf(&got, "%s%.*s", got.n == 0 ? "" : " ", SPAN_ARG(found.address));
		assert_string_equal(str_c(&got), rows[i].found);
		str_release(&got);
	}
}

/* Linear in what the sender makes long: addresses, fields, lines, signs. */
static void test_hostile(void **state)
{
	(void)state;
	static const char *const bits[] = {"a@b.example\n", "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n", "@", "5.5.5.", "550 <a@b>", "\"@", "> > > ",
		"Received: x\n", "message could not be delivered "};
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		struct arena arena = {0};
		struct reading r = {0};
		struct str mail = {.max = 4 << 20};
		str_puts(&mail, DAEMON "Subject: failure notice\n\n");
		while (mail.n < 2 << 20)
			str_puts(&mail, bits[i]);
		read_machine(str_c(&mail), &arena, &r);
		assert_true(r.n_reports <= 1000);
		str_release(&mail);
		arena_release(&arena);
	}
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_codes), cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_hostile)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
