#ifndef TESTS_GATEWAY_APP_APPROVAL_REPLIES_H
#define TESTS_GATEWAY_APP_APPROVAL_REPLIES_H

/* What approvers answer, each as a whole mail body of some client, and what becomes of the letter's eight items:
 *   a approved, aNN approved at NN minutes, d denied, q asked about, . left open; a final ? = one question goes back.
 *
 *   1 Ada    Exit tickets (talk, 15)                 5 Sam    Summer institute, day 1 (course, 2 h): flagged
 *   2 Ada    Lab notebooks (talk, 15)                6 Terry  Mentoring a new colleague (mentor, 45)
 *   3 Sam    Book club: is it OK to reread? (10)     7 Terry  Staff-room coffee (talk, 15)
 *   4 Sam    Retrieval practice (webinar, 1 h)       8 Terry  Science fair, judging (present, 1 h 30)
 *
 * ALONE nothing is quoted (each of these is tried top-posted and as Gmail's HTML too) · TOP, BOTTOM above, below the quoted letter ·
 * INLINE "@3 no" stands under item 3 of it, INLINE_HTML in a quotation that is broken there,
 * IN_CELL in the cell of item 3 itself, where nothing tells it from our own words · the others as those clients write them. */
enum form { ALONE, TOP, BOTTOM, INLINE, INLINE_HTML, IN_CELL, ORIGINAL, NO_MARKS, GMAIL, APPLE, OUTLOOK, OWA, YAHOO, THUNDERBIRD, HTML_ONLY_BOTTOM,
            VACATION, GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, POLISH, RUSSIAN, JAPANESE, PORTUGUESE, SWEDISH, CHINESE, FORM_COUNT };

static const struct approver_reply {
	enum form form;
	const char *want, *words;
} replies[] = {
	/* consent */
	{ALONE, "aaaa.aaa", "ok"}, {ALONE, "aaaa.aaa", "OK!"}, {ALONE, "aaaa.aaa", "Ok thanks"}, {ALONE, "aaaa.aaa", "Ok ok"},
	{ALONE, "aaaa.aaa", "k"}, {ALONE, "aaaa.aaa", "K."}, {ALONE, "aaaa.aaa", "👍"}, {ALONE, "aaaa.aaa", "👍🏾"}, {ALONE, "aaaa.aaa", "✅"},
	{ALONE, "aaaa.aaa", "👌"}, {ALONE, "aaaa.aaa", "approved"}, {ALONE, "aaaa.aaa", "Approved, thank you all!"},
	{ALONE, "aaaa.aaa", "Looks good to me"}, {ALONE, "aaaa.aaa", "All good"}, {ALONE, "aaaa.aaa", "Yes."},
	{ALONE, "aaaa.aaa", "Sure"}, {ALONE, "aaaa.aaa", "Sounds good 🙂"}, {ALONE, "aaaa.aaa", "All approved."},
	{ALONE, "aaaa.aaa", "I approve"}, {ALONE, "aaaa.aaa", "I approve all of these."}, {ALONE, "aaaa.aaa", "These are all fine"},
	{ALONE, "aaaa.aaa", "Everything is fine with me"}, {ALONE, "aaaa.aaa", "Perfect, thanks"}, {ALONE, "aaaa.aaa", "That's fine"},
	{ALONE, "aaaa.aaa", "Go ahead"}, {ALONE, "aaaa.aaa", "OK – thanks!"}, {ALONE, "aaaa.aaa", "“ok”"}, {ALONE, "aaaa.aaa", "*ok*"},
	{ALONE, "aaaa.aaa", "Ok, great work everyone"}, {ALONE, "aaaa.aaa", "Thanks, all ok"}, {ALONE, "aaaa.aaa", "Yes to all"},
	{ALONE, "aaaa.aaa", "yes to everything"}, {ALONE, "aaaa.aaa", "ok to all"}, {ALONE, "aaaa.aaa", "Good to go"},
	/* names, greetings, signatures */
	{ALONE, "aaaa.aaa", "Hi,\n\nok\n\nBest,\nPat"}, {ALONE, "aaaa.aaa", "ok\n\nPat"}, {ALONE, "aaaa.aaa", "Ok\n\nPat Principal\nLincoln High\nTulsa, OK 74103"},
	{ALONE, "aaaa.aaa", "Good morning!\n\nApproved.\n\nThanks,\nPat"}, {ALONE, "aaaa.aaa", "ok\n\nSent from my iPhone"},
	{ALONE, "aaaa.aaa", "Ok\n\nSent from my Galaxy"}, {ALONE, "aaaa.aaa", "ok\n\nGet Outlook for iOS"}, {ALONE, "aaaa.aaa", "ok\nSent from Yahoo Mail for iPhone"},
	{ALONE, "aaaa.aaa", "ok\n\nVon meinem iPhone gesendet"}, {ALONE, "aaaa.aaa", "ok\n\nEnvoyé de mon iPhone"}, {ALONE, "aaaa.aaa", "ok\n\nEnviado desde mi iPhone"},
	{ALONE, "aaaa.aaa", "ok\n\nInviato da iPhone"}, {ALONE, "aaaa.aaa", "ok\n\nОтправлено с iPhone"}, {ALONE, "aaaa.aaa", "ok\n\nEnviado do meu iPhone"},
	{ALONE, "aaaa.aaa", "ok\n\niPhoneから送信"}, {ALONE, "aaaa.aaa", "ok\n\nSkickat från min iPhone"}, {ALONE, "aaaa.aaa", "ok\n\nSendt fra min iPhone"},
	{ALONE, "aaaa.aaa", "ok\n\nWysłane z iPhone'a"}, {ALONE, "aaaa.aaa", "ok\n\nOdesláno z iPhonu"}, {ALONE, "aaaa.aaa", "ok\n\nVerstuurd vanaf mijn iPhone"},
	{ALONE, "aaaa.aaa", "ok\n\n-- \nPat Principal\nTulsa, OK 74103\n(918) 555-0100"},
	{ALONE, "aa.a.aaa", "ok except 3\n\nPat Principal | Lincoln High School | 1 Main Street, Tulsa, OK 74103"},
	/* a signature alone, or none of the words an answer: nothing */
	{ALONE, "........?", "Pat Young\nLincoln High\nTulsa,\nOK"}, {ALONE, "........?", "Pat Young\nLincoln High School\nTulsa, OK 74103"},
	{ALONE, "........?", "Pat\nOK"}, {ALONE, "........?", "Will look tonight.\n\nPat Young\nTulsa,\nOK"},
	{ALONE, "........?", "Tulsa, OK 74103"}, {ALONE, "........?", "Sent from my iPhone"}, {ALONE, "........?", ""}, {ALONE, "........?", "\n\n\n"},
	{ALONE, "........?", "Thanks"}, {ALONE, "........?", "Thank you!\n\nPat"}, {ALONE, "........?", "Hi"},
	{ALONE, "........?", "I'll look at it tomorrow"}, {ALONE, "........?", "Not yet"}, {ALONE, "........?", "🤔"}, {ALONE, "........?", "?"},
	{ALONE, "........?", "Who asked for this?"}, {ALONE, "........?", "Could you send this to Val instead?"},
	/* doubtful consent */
	{ALONE, "........?", "ok?"}, {ALONE, "........?", "not ok"}, {ALONE, "........?", "OK but 3?"}, {ALONE, "........?", "ok I guess"},
	{ALONE, "........?", "ok for now"}, {ALONE, "........?", "Ok, let me check 4 first"}, {ALONE, "........?", "yes and no"}, {ALONE, "........?", "no"},
	{ALONE, "........?", "👎"}, {ALONE, "........?", "ok\nundo"}, {ALONE, "........?", "ok\nnot ok"}, {ALONE, "........?", "Yes, if they bring certificates"},
	{ALONE, "........?", "okay for everything below 30 min"}, {ALONE, "........?", "all good except the last one"},
	{ALONE, "........?", "approve all but Rivera's"}, {ALONE, "........?", "ok except Sam"}, {ALONE, "........?", "ok except the course"},
	{ALONE, "........?", "ok except"}, {ALONE, "........?", "Approved with reservations"}, {ALONE, "........?", "Everything ok, or should I look at 4 again?"},
	{ALONE, "........?", "no problem"}, {ALONE, "........?", "OK let's talk on Monday"}, {ALONE, "........?", "No ok from me yet"},
	{ALONE, "........?", "ok ok ok?"}, {ALONE, "........?", "I don't approve"}, {ALONE, "........?", "None of these"}, {ALONE, "........?", "deny all"},
	/* exceptions */
	{ALONE, "aa.a.aaa", "ok except 3"}, {ALONE, "aa.a.aaa", "Ok except for #3."}, {ALONE, "aa.a..aa", "all ok but 3 and 6"},
	{ALONE, "aa.a....", "ok except 3, 5-8"}, {ALONE, "aa.a....", "OK – except 3, 5–8!"}, {ALONE, "aaaa.aa.", "everything except 8 is ok"},
	{ALONE, "aaaa.aa.", "all but 8 approved"}, {ALONE, "aada.aaa", "Ok except 3\n3 no too short"}, {ALONE, "aada.aaa", "3 no, rest ok"},
	{ALONE, "aada.aaa", "No to 3. The rest is fine."}, {ALONE, "aada.aaa", "Approved except 3\n\n3 - no, that is not about teaching"},
	{ALONE, "aaaa.aaa", "ok except 5"},
	/* numbers */
	{ALONE, "a.......", "1 ok"}, {ALONE, "aaa.....", "1-3 ok"}, {ALONE, "aaa.....", "1 to 3 are fine"}, {ALONE, "a.a.....", "1 and 3 ok"},
	{ALONE, "aaaa....", "ok 1-4"}, {ALONE, "aaaa....", "Approve 1–4"}, {ALONE, "....a...", "5 ok"}, {ALONE, "........?", "5 ok, I know her"},
	{ALONE, "aaaaaaaa", "ok\n5 ok"}, {ALONE, "aaaaaaaa", "ok and 5 ok"}, {ALONE, "aaaaaaaa", "1-8 ok"}, {ALONE, "aaada...", "yes to 1-3, 5; no on 4 - too short"},
	{ALONE, "aaadaaaa", "1-3 ok. 4 no. 5-8 ok."}, {ALONE, "ad......", "1 yes\n2 no"}, {ALONE, "ad......", "1. yes\n2. no"}, {ALONE, "ad......", "1) ok\n2) no: only chat"},
	{ALONE, "ad......", "#1 ok #2 no"}, {ALONE, "d.......", "1 👎"}, {ALONE, "a......d", "1 👍\n8 ❌"}, {ALONE, ".dd.....", "2 no too short\n3 no same as 2"},
	{ALONE, ".d......?", "2 no\n3 same as 2"}, {ALONE, "aada.aaa", "ok\n3 no same as 1"},
	{ALONE, "........?", "9 ok"}, {ALONE, "........?", "ok except 12"}, {ALONE, "a.......?", "1 ok\n14 no"}, {ALONE, "........?", "3 maybe"}, {ALONE, "........?", "3"},
	{ALONE, "........?", "3 no\n3 ok"}, {ALONE, "........?", "3 20m\n3 30m"}, {ALONE, "aa.a.aaa?", "ok\n3 maybe"}, {ALONE, "........?", "5-3 ok"}, {ALONE, "........?", "four is ok"},
	{ALONE, "........?", "1 ok 2 hm"}, {ALONE, "a.......?", "1 ok\n2 I am not sure"},
	/* minutes */
	{ALONE, "...a30....", "4 30m"}, {ALONE, "...a30....", "4 at 30 min"}, {ALONE, "...a30....", "4: only half an hour"}, {ALONE, "...a30....", "4 ok at 30 minutes"},
	{ALONE, "...a90....", "4 1h30"}, {ALONE, "...a30....", "Change 4 to 30"}, {ALONE, "...a30....", "4 30m because it was short"}, {ALONE, "aaaa30.aaa", "ok\n4 30m"},
	{ALONE, "aaaa30.aaa", "Ok, but 4 only 30 min"}, {ALONE, "...a20.a20..", "4 and 6 20m"}, {ALONE, "....a60...", "5 1 h"}, {ALONE, "........?", "4 30m or 45m?"}, {ALONE, "........?", "4 30"},
	/* questions to the teacher */
	{ALONE, "...q....", "4 ask which one was it?"}, {ALONE, "...q....", "ask 4 what came of it"}, {ALONE, "aaaq.aaa", "ok\n4 ask why so long?"},
	{ALONE, "...q....", "4 why so long?"}, {ALONE, "aaaq.aaa", "ok except 4: what was it about?"}, {ALONE, "........?", "4?"}, {ALONE, "........?", "4 ok?"},
	/* other languages */
	{ALONE, "aaaa.aaa", "Genehmigt"}, {ALONE, "aaaa.aaa", "Einverstanden, danke!"}, {ALONE, "aaaa.aaa", "D’accord, merci"}, {ALONE, "aaaa.aaa", "Aprobado"},
	{ALONE, "aaaa.aaa", "Va bene, grazie"}, {ALONE, "aaaa.aaa", "Akkoord"}, {ALONE, "aaaa.aaa", "Tudo bem, obrigado"}, {ALONE, "aaaa.aaa", "Godkänt"},
	{ALONE, "aaaa.aaa", "Хорошо, спасибо"}, {ALONE, "aaaa.aaa", "Zgoda"}, {ALONE, "aaaa.aaa", "承認します"}, {ALONE, "aaaa.aaa", "同意"}, {ALONE, "aaaa.aaa", "Ｏｋ"},
	{ALONE, "aada.aaa", "ok\n3 nein, zu kurz"}, {ALONE, "aa.a.aaa", "ok außer 3"}, {ALONE, "aa.a.aaa", "ok sauf 3"}, {ALONE, "aa.a.aaa", "ok excepto 3"},
	{ALONE, "........?", "Das schaue ich mir morgen an"}, {ALONE, "........?", "Ja, aber 3?"},
	/* as clients quote: above */
	{TOP, "aaaa.aaa", "ok\n\nSent from my iPhone"}, {TOP, "........?", ""}, {TOP, "........?", "Sent from my iPhone"}, {TOP, "........?", "Pat Young\nTulsa,\nOK"},
	{GERMAN, "aa.a.aaa", "ok außer 3"}, {FRENCH, "aa.a.aaa", "ok sauf 3"}, {SPANISH, "aa.a.aaa", "ok excepto 3"}, {ITALIAN, "aaaa.aaa", "ok"}, {DUTCH, "aaaa.aaa", "ok"},
	{POLISH, "aaaa.aaa", "ok"}, {RUSSIAN, "aaaa.aaa", "ok"}, {JAPANESE, "aaaa.aaa", "ok"}, {PORTUGUESE, "aaaa.aaa", "ok"}, {SWEDISH, "aaaa.aaa", "ok"}, {CHINESE, "aaaa.aaa", "ok"},
	{GERMAN, "........?", "Schaue ich mir an."}, {FRENCH, "........?", "Je regarde demain."}, {JAPANESE, "........?", "明日見ます"},
	{ORIGINAL, "aada.aaa", "ok\n3 no too short"}, {ORIGINAL, "........?", "I'll see."}, {NO_MARKS, "aa.a.aaa", "ok except 3"}, {NO_MARKS, "........?", "Looking into it."},
	{APPLE, "aaaa.aaa", "Ok"}, {APPLE, "aa.a.aaa", "Ok except 3\n\nSent from my iPhone"}, {APPLE, "........?", "Hm."}, {OUTLOOK, "a.......", "1 ok"}, {OUTLOOK, "........?", "Will do."},
	{OWA, "aaaa.aaa", "Approved"}, {OWA, "........?", "Get Outlook for Android"}, {YAHOO, "aaaa.aaa", "ok\n\nSent from Yahoo Mail on Android"}, {THUNDERBIRD, "ad......", "1 ok, 2 no"},
	{GMAIL, "........?", "Pat Young\nLincoln High\nTulsa,\nOK"}, {GMAIL, "aaaq.aaa", "Ok\n4 ask what came of it?"},
	/* below */
	{BOTTOM, "aaaa.aaa", "ok"}, {BOTTOM, "aa.a.aaa", "Ok except 3\n\nSent from my iPad"}, {BOTTOM, "........?", "Thanks, I will see."}, {BOTTOM, "ad......", "1 ok\n2 no too short"},
	{HTML_ONLY_BOTTOM, "aaaa.aaa", "ok"}, {HTML_ONLY_BOTTOM, "..d.....", "3 no"},
	/* words that look like a decision and are none, or only half of one */
	{ALONE, "........?", "ok, will do"}, {ALONE, "........?", "OK, but please ask Sam about 4"}, {ALONE, "........?", "yes\n\nno"}, {ALONE, "aaaa.aaa", "Approved!\n\nPS: item 4 was great"},
	{ALONE, "aaa..aaa?", "ok\n\nPS: what about 4?"}, {ALONE, "........?", "I'm ok with all but the last two"},
	{ALONE, "aa.a....?", "1, 2, 4 ok\nNot 3, hm"}, {ALONE, "aa.a.aaa", "Ok. But not 3"}, {ALONE, "aa.a.aaa", "ok (except 3)"}, {ALONE, "........?", "ok, except number three"},
	{ALONE, "........?", "OK to 1-4. Hold 5-8."}, {ALONE, "aaaa....", "Okay 1 through 4"}, {ALONE, "aaad....", "approve 1 2 3; deny 4"},
	{ALONE, "aada30a...", "1: ok\n2: ok\n3: no, duplicate\n4: 30m\n5: ok"}, {ALONE, "aa......", "1 - ok\n2 - ok"}, {ALONE, "aaaa....", "✔️ 1-4"}, {ALONE, "..d.....", "3 ❌ too short"},
	{ALONE, "........?", "I can't approve these"}, {ALONE, "........?", "I cannot approve 3"}, {ALONE, "........?", "I will approve these tomorrow"}, {ALONE, "........?", "I approve only 3"},
	{ALONE, "........?", "I approved these last week"}, {ALONE, "........?", "Great"}, {ALONE, "........?", "Thanks, great!"}, {ALONE, "........?", "Fine, whatever"}, {ALONE, "........?", "sure?"},
	{ALONE, "........?", "That's all"}, {ALONE, "........?", "👍 but check 4"}, {ALONE, "........?", "Yes I saw this"}, {ALONE, "........?", "yes please remove 4"}, {ALONE, "........?", "That is great!"},
	{ALONE, "........?", "Okay so what is this?"}, {ALONE, "........?", "k then"}, {ALONE, "........?", "Ok from Sam, too?"}, {ALONE, "........?", "ok ok, I'll look"},
	{ALONE, "aaaa.aaa", "ok\n\nCONFIDENTIALITY NOTICE: This message is for its addressee alone. If that is not you, delete it."},
	{ALONE, "........?", "CONFIDENTIALITY NOTICE: ok to forward only with consent."}, {ALONE, "aaaa.aaa", "Ok.\n\n****\nPat Principal\nOK"}, {ALONE, "aaaa.aaa", "Hallo,\n\nalles in Ordnung.\n\nViele Grüße\nPat"},
	{ALONE, "........?", "Dear all,\nplease see the attached list.\nPat Young\nTulsa\nOK"}, {ALONE, "........?", "No OK for 3"}, {ALONE, "........?", "undo?"}, {ALONE, "........", "undo"},
	{VACATION, "........", "I am out of the office until 16 March.\n\nok\n\nPat"}, {VACATION, "........", "ok"},
	/* between the items */
	{INLINE, "..a.....", "@3 ok"}, {INLINE, "..d.....", "@3 no, too long"}, {INLINE, "...a20....", "@4 20m"}, {INLINE, "...a30....", "@4 30 min"}, {INLINE, "...q....", "@4 why so long?"},
	{INLINE, "a.d.....", "@1 ok\n@3 no, too short"}, {INLINE, "a.dq.a30..", "@1 👍\n@3 no, not about teaching\n@4 which platform was it?\n@6 30m"},
	{INLINE, "adaaaaaa", "ok\n@2 no\n@5 ok"}, {INLINE, "aada.aaa", "Ok\n@3 no: too short"}, {INLINE, "........?", "@5 ok, she brought it on paper"},
	{INLINE, "..a.....", "@3 3 ok"}, {INLINE, "........?", "@3 5 no"}, {INLINE, "........?", "@3 hm"}, {INLINE, "aa.a.aaa?", "ok\n@3 not sure about this one"}, {INLINE, "........?", "@3 ok?"},
	{INLINE, "..a.....", "@3 ok\n@3 thanks!"}, {INLINE, "aaaaaaaa", "@1 ok\n@2 ok\n@3 ok\n@4 ok\n@5 ok\n@6 ok\n@7 ok\n@8 ok"}, {INLINE, "........?", "@3 no\n3 ok"}, {INLINE, "..d.....", "@3 no\n3 no"},
	{INLINE, ".......a45", "@8 45 minutes\n\nSent from my iPhone"}, {INLINE, "........?", "@3 Great!"},
};

#endif
