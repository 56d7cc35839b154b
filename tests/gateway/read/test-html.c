#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "gateway/read/html.h"
#include "gateway/read/split.h"
#include "rules/arena.h"

static struct arena arena;

static void page_read(struct span page, struct body *body)
{
	html_read(page, &arena, body);
}

/* ---- text that reads well */
static const char *const texts[][2] = {
	{"<p>one</p><p>two</p>", "one\n\ntwo"},
	{"one<br>two<br><br>three", "one\ntwo\n\nthree"},
	{"<div>one</div><div>two</div>", "one\ntwo"},
	{"<div>a  b\n c&nbsp;d\te</div>", "a b c d e"},
	{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"},
	{"<ul><li>a</li><li>b</li></ul>", "a\nb"},
	{"<h1>T</h1>x", "T\n\nx"},
	{"<pre>a  b\n  c</pre>", "a  b\n  c"},
	{"<div style=\"white-space: pre-wrap\">a  b\nc</div>", "a  b\nc"},
	{"<title>t</title><style>s</style><script>alert(1)</script>x", "x"},
	{"<xml><o:x>office</o:x></xml>x", "x"},
	{"<p class=MsoNormal>a</p><p class=MsoNormal>b</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>c</p>", "a\nb\nc"},
	{"<div style='display:none'>pre</div><div style=\"DISPLAY : none !important\">pre</div>x", "x"},
	{"<span style=\"max-height:0px;overflow:hidden\">pre</span>x", "x"},
	{"<div hidden>no</div><div style=\"font-size:0\">yes</div>", "yes"},
	{"<div style=\"max-height:0.9em;overflow:hidden\">yes</div>", "yes"},
	{"a &zwnj;&nbsp;&#847;&zwnj; &shy;&#8203;b", "a b"},
	{"می\u200cخواهم", "می\u200cخواهم"},
	{"x<!-- <p>comment</p> -->y<!--[if mso]>z<![endif]-->", "xy"},
	{"&lt;b&gt; &amp; &#8364; &euro; &bogus;", "<b> & € € &bogus;"},
	{"a<b>b</b><i>c</i> <u>d</u>", "abc d"},
	{"<p>a</p><br><br><br><br><br><p>b</p>", "a\n\n\nb"},
	{"<div><div><div></div></div></div>", ""},
	{"", ""}, {"<", "<"}, {"<p", ""}, {"<a href=\"", ""}, {"</div></p></b>x", "x"},
	{"<b><i>a</b></i>b", "ab"},
	{"<html><body>a</body></html>\nb<p>c", "a\n\nb\n\nc"}, /* a mailing list's footer */
	{"<html><body>a</body></html><html><body>b é</body></html>", "a\nb é"},
	{"<meta charset=iso-8859-1>é 日本", "é 日本"},
};

static void pages_become_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct body body;
		page_read(span_of(texts[i][0]), &body);
		if (strcmp(body.text, texts[i][1]) != 0)
			fail_msg("%s: \"%s\"", texts[i][0], body.text);
		arena_release(&arena);
	}
}

/* ---- anchors */
/* Words are read many bytes at a time: what is special is found wherever it stands among them. */
static void special_characters_are_found_anywhere(void **state)
{
	(void)state;
	static const struct {
		const char *special, *shown;
	} rows[] = {
		{"\u00a0", " "}, {"  ", " "}, {" \t", " "}, {" \n ", " "}, {"\u00a0 ", " "}, {"\u3000", " "}, {"\u2003", " "}, {"\u202f", " "},
		{"\u200b", ""}, {"\u00ad", ""}, {"\u034f", ""}, {"\ufeff", ""}, {"\x7f", ""}, {" \u200c ", " "},
		{"\u2013", "\u2013"}, {"\u3042", "\u3042"}, {"\u00e9", "\u00e9"}, {" \u3001", " \u3001"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int before = 1; before < 40; before++) {
			char page[256], want[256];
			struct body body;
			snprintf(page, sizeof page, "%.*s%s%s", before, "Aus einem langen Text, wie er in Briefen steht", rows[i].special, "und weiter und weiter und weiter");
			snprintf(want, sizeof want, "%.*s%s%s", before, "Aus einem langen Text, wie er in Briefen steht", rows[i].shown, "und weiter und weiter und weiter");
			if (*rows[i].shown == ' ' && page[before - 1] == ' ')
				memmove(want + before, want + before + 1, strlen(want + before));
			page_read(span_of(page), &body);
			if (strcmp(body.text, want) != 0)
				fail_msg("%zu at %d: %s", i, before, body.text);
			arena_release(&arena);
		}
}

static void bare_addresses_are_found_anywhere(void **state)
{
	(void)state;
	static const char *const rows[] = {"http://x.example/a", "HTTPS://x.example/", "www.x.example", "WWW.x.example/w//w"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int before = 0; before < 40; before++) {
			char text[256];
			size_t from = 0;
			struct span url;
			snprintf(text, sizeof text, "%.*s %s und weiter", before, "Ein // langer ww Text: er steht. In Wwiefen", rows[i]);
			assert_true(html_bare_url(span_of(text), &from, &url));
			assert_true(span_eq(url, rows[i]));
			assert_false(html_bare_url(span_of(text), &from, &url));
			snprintf(text, sizeof text, "%.*sx%s", before, "Ein // langer ww Text: er steht. In Wwiefen", rows[i]);
			from = 0;
			assert_false(html_bare_url(span_of(text), &from, &url)); /* the rest of a word */
		}
}

static void anchors_are_found(void **state)
{
	(void)state;
	struct body b;
	page_read(SPAN("<h2>Science</h2><p>Read <a href=\" HTTPS://x.example/a?b=1&amp;c=2\n3 \">the <b>whole</b>\n story</a> or http://y.example/z.</p>"
	               "<a href=\"mailto:a@x.example\">mail</a><a href=\"javascript:x()\">no</a><a href=\"/relative\">no</a>"
	               "<a href=\"https://x.example/img\"><img src=\"https://x.example/i.png\" alt=\"Logo\" width=\"20\" style=\"height: 10px\"></a>"
	               "<map><area href=\"https://x.example/area\"></map><img src=\"cid:1\"><img src=\"http://t.example/o.gif\" width=1 height=1>"
	               "<div style=\"display:none\"><a href=\"https://x.example/hidden\">h</a></div><p>www.z.example and https://x.example/a</p>"), &b);
	static const struct {
		int what;
		const char *seen, *text, *heading;
		int width, height;
	} want[] = {
		{ANCHOR_LINK, "HTTPS://x.example/a?b=1&c=23", "the whole story", "Science", -1, -1},
		{ANCHOR_LINK, "https://x.example/img", "Logo", "Science", -1, -1},
		{ANCHOR_IMAGE, "https://x.example/i.png", "Logo", "Science", 20, 10},
		{ANCHOR_LINK, "https://x.example/area", "", "Science", -1, -1},
		{ANCHOR_IMAGE, "http://t.example/o.gif", "", "Science", 1, 1},
		{ANCHOR_LINK, "https://x.example/hidden", "h", "Science", -1, -1},
		{ANCHOR_BARE, "http://y.example/z", "", "", -1, -1},
		{ANCHOR_BARE, "http://www.z.example", "", "", -1, -1},
		{ANCHOR_BARE, "https://x.example/a", "", "", -1, -1},
	};
	assert_int_equal(b.n_anchors, sizeof want / sizeof *want);
	for (size_t i = 0; i < b.n_anchors; i++) {
		const struct anchor *a = &b.anchors[i];
		if (a->what != (unsigned)want[i].what || strcmp(a->seen, want[i].seen) != 0 || strcmp(a->text, want[i].text) != 0 ||
		    strcmp(a->heading, want[i].heading) != 0 || a->width != want[i].width || a->height != want[i].height || a->line >= b.n)
			fail_msg("%zu: %d %s \"%s\" %s %dx%d", i, (int)a->what, a->seen, a->text, a->heading, a->width, a->height);
	}
	assert_string_equal(b.anchors[0].around, "Read");
	assert_true(b.anchors[1].alt && !b.anchors[0].alt && !b.anchors[3].alt);
	page_read(SPAN("<h2>Science</h2><h3><a href=http://x.example/>Plants</a></h3><a href=http://y.example/>more</a>"), &b);
	assert_string_equal(b.anchors[0].heading, ""); /* it is one itself */
	assert_string_equal(b.anchors[1].heading, "Plants");
	arena_release(&arena);
}

/* ---- marks */
static void structures_leave_marks(void **state)
{
	(void)state;
	static const struct {
		const char *page;
		unsigned marks, depth; /* of the line that says "x" */
	} rows[] = {
		{"<p>x</p>", 0, 0},
		{"a<blockquote>x</blockquote>", 0, 1},
		{"a<blockquote type=cite>x</blockquote>", LINE_QUOTE_STRUCTURE | LINE_QUOTE_START, 1},
		{"<blockquote style='border-left:1px'><p>a<p>x</blockquote>", LINE_QUOTE_STRUCTURE, 1},
		{"<div class=gmail_quote>x</div>", LINE_QUOTE_STRUCTURE | LINE_QUOTE_START | LINE_FORWARD_STRUCTURE, 1},
		{"<div class=gmail_quote></div>x", 0, 0},
		{"<div class=x_gmail_quote>a<div>x</div></div>", LINE_QUOTE_STRUCTURE | LINE_FORWARD_STRUCTURE, 1},
		{"<span id=OLK_SRC_BODY_SECTION>x</span>", LINE_QUOTE_STRUCTURE | LINE_QUOTE_START | LINE_FORWARD_STRUCTURE, 1},
		{"a<hr>x", LINE_RULE, 0},
		{"a<div id=appendonsend></div><hr><div id=divRplyFwdMsg>x</div>", LINE_RULE | LINE_QUOTE_START, 0},
		{"a<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p>x</p></div>", LINE_RULE | LINE_QUOTE_START, 0},
		{"<div class=moz-cite-prefix>x</div>", LINE_QUOTE_STRUCTURE, 0},
		{"<div class=gmail_signature>x</div>", LINE_SIGNATURE, 0},
		{"<pre class=\"moz-signature\" cols=72>x</pre>", LINE_SIGNATURE, 0},
		{"<div id=\"x_Signature\">x</div>", LINE_SIGNATURE, 0},
		{"<h3>x</h3>", LINE_HEADING, 0},
		{"<ol><li>x</ol>", LINE_ITEM, 0},
		{"<div class=\"yahoo_quoted\" id=yahoo_quoted_1>x</div>", LINE_QUOTE_STRUCTURE | LINE_QUOTE_START | LINE_FORWARD_STRUCTURE, 1},
		{"<div name=\"quote\">x</div>", LINE_QUOTE_STRUCTURE | LINE_QUOTE_START | LINE_FORWARD_STRUCTURE, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct body b;
		bool seen = false;
		page_read(span_of(rows[i].page), &b);
		for (size_t k = 0; k < b.n; k++)
			if (span_eq(b.lines[k].text, "x")) {
				seen = true;
				if (b.lines[k].marks != rows[i].marks || b.lines[k].quote_depth != rows[i].depth)
					fail_msg("%s: %u %u", rows[i].page, b.lines[k].marks, b.lines[k].quote_depth);
			}
		if (!seen)
			fail_msg("%s: %s", rows[i].page, b.text);
		arena_release(&arena);
	}
}

static void quote_marks_of_text_pages_are_levels(void **state)
{
	(void)state;
	struct body b;
	page_read(SPAN("&gt; a<br>&gt;&gt; b<br>&gt; &gt; c<br>d &gt; e"), &b);
	static const unsigned want[] = {1, 2, 2, 0};
	assert_int_equal(b.n, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(b.lines[i].quote, want[i]);
	assert_true(span_eq(b.lines[2].text, "c"));
	assert_string_equal(b.text, "> a\n>> b\n> > c\nd > e");
	arena_release(&arena);
}

/* ---- own words, program by program */
#define OWN "Two ideas for period 3."
#define INTRO "On Wed, Oct 27, 2021 at 9:31 AM Ana &lt;<a href=\"mailto:ana@press.example\">ana@press.example</a>&gt; wrote:"
#define QUOTE "<p>Reply ok #pln</p><div>to approve</div>"
#define HEADER "<b>From:</b> Ana &lt;ana@press.example&gt;<br><b>Sent:</b> Wednesday, October 27, 2021 9:31 AM<br><b>To:</b> list@press.example<br><b>Subject:</b> Exit tickets"

static const struct {
	const char *name, *page, *own, *signature;
} replies[] = {
	{"Gmail", "<div dir=ltr>" OWN "</div><br><div class=gmail_signature>M. Lee</div><br><div class=gmail_quote><div class=gmail_attr>" INTRO
	          "<br></div><blockquote class=gmail_quote>" QUOTE "</blockquote></div>", OWN, "M. Lee"},
	{"Gmail, answers between", "<div class=gmail_quote><div class=gmail_attr>" INTRO "<br></div><blockquote class=gmail_quote>" QUOTE
	          "</blockquote><div>yes</div><blockquote class=gmail_quote>" QUOTE "</blockquote><div>no</div></div>", "yes\n\nno", NULL},
	{"Outlook", "<div class=WordSection1><p class=MsoNormal>" OWN "</p><div><div style=\"border:none;border-top:solid #B5C4DF 1.0pt\"><p class=MsoNormal>"
	          HEADER "</p></div></div><p class=MsoNormal>" QUOTE "</p></div>", OWN, NULL},
	{"Outlook on the web", "<div>" OWN "</div><div id=Signature>M. Lee</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg>" HEADER "</div>" QUOTE, OWN, "M. Lee"},
	{"Outlook, phone", "<div>" OWN "</div><div id=ms-outlook-mobile-signature>Get <a href=https://aka.ms/x>Outlook for iOS</a></div><div id=mail-editor-reference-message-container><hr>"
	          HEADER QUOTE "</div>", OWN, "Get Outlook for iOS"},
	{"Apple Mail", "<body>" OWN "<div><br><blockquote type=cite><div>On 27 Oct 2021, at 09:31, Ana &lt;ana@press.example&gt; wrote:</div>" QUOTE "</blockquote></div></body>", OWN, NULL},
	{"Apple Mail, nobody's language", "<body>" OWN "<div><br><blockquote type=cite><div>Zgr grok Ana zkrivel:</div>" QUOTE "</blockquote></div></body>", OWN, NULL},
	{"Thunderbird, below", "<div class=moz-cite-prefix>On 27.10.21 09:31, Ana wrote:<br></div><blockquote type=cite cite=mid:x>" QUOTE "</blockquote><p>" OWN
	          "</p><pre class=moz-signature>-- \nM. Lee</pre>", OWN, "-- \nM. Lee"},
	{"Thunderbird, nobody's language", "<p>" OWN "</p><div class=moz-cite-prefix>Zgr grok Ana zkrivel:<br></div><blockquote type=cite>" QUOTE "</blockquote>", OWN, NULL},
	{"Yahoo", "<div>" OWN "</div><div id=ydpyahoo_quoted_1 class=ydpyahoo_quoted><div>On Wednesday, October 27, 2021, 09:31:36 AM GMT+1, Ana &lt;ana@press.example&gt; wrote:</div>" QUOTE "</div>", OWN, NULL},
	{"Proton", "<div>" OWN "</div><div class=protonmail_signature_block>Sent with Proton Mail</div><div class=protonmail_quote>" INTRO "<br><blockquote class=protonmail_quote type=cite>" QUOTE "</blockquote></div>", OWN, "Sent with Proton Mail"},
	{"Zoho", "<div>" OWN "</div><div class=zmail_extra><div>---- On Wed, 27 Oct 2021 09:31:00 +0200 <b>Ana &lt;ana@press.example&gt;</b> wrote ---<br></div><blockquote>" QUOTE "</blockquote></div>", OWN, NULL},
	{"Tutanota", "<div>" OWN "</div><div>27. Okt. 2021, 09:31 von ana@press.example:<br></div><blockquote class=tutanota_quote>" QUOTE "</blockquote>", OWN, NULL},
	{"GMX", "<div>" OWN "</div><div name=quote style=\"border-left:2px solid\"><b>Gesendet:</b>&nbsp;Mittwoch, 27. Oktober 2021 um 09:31 Uhr<br><b>Von:</b>&nbsp;\"Ana\" &lt;ana@press.example&gt;<br><b>Betreff:</b>&nbsp;x<div>" QUOTE "</div></div>", OWN, NULL},
	{"Yandex", "<div>" OWN "</div><div>27.10.2021, 09:31, \"Ana\" &lt;ana@press.example&gt;:</div><blockquote>" QUOTE "</blockquote>", OWN, NULL},
	{"Spark", "<div name=messageBodySection>" OWN "</div><div name=messageSignatureSection>M. Lee</div><div name=messageReplySection>" INTRO "<blockquote type=cite>" QUOTE "</blockquote></div>", OWN, "M. Lee"},
	{"Zimbra", "<div>" OWN "</div><hr id=zwchr><div><b>De: </b>\"Ana\" &lt;ana@press.example&gt;<br><b>Envoyé: </b>Mercredi 27 Octobre 2021 09:31:00<br><b>Objet: </b>x<br></div>" QUOTE, OWN, NULL},
	{"a rule", "<div>" OWN "<hr>" HEADER "<br><br>" QUOTE "</div>", OWN, NULL},
	{"a plain quotation is the writer's", "<p>Dear all,</p><blockquote>a poem</blockquote>", "Dear all,\n\na poem", NULL},
	{"hidden words are nobody's", "<div style=display:none>#private</div>" OWN, OWN, NULL},
};

static void replies_by_structure(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
		struct body b;
		struct split s;
		page_read(span_of(replies[i].page), &b);
		body_split(&b, "Re: x", true, &arena, &s);
		if (strcmp(s.own, replies[i].own) != 0 || s.forwarded != NULL)
			fail_msg("%s: own \"%s\"", replies[i].name, s.own);
		if (strcmp(s.signature == NULL ? "" : s.signature, replies[i].signature == NULL ? "" : replies[i].signature) != 0)
			fail_msg("%s: signature \"%s\"", replies[i].name, s.signature);
		arena_release(&arena);
	}
}

#define TABLE "<table class=moz-email-headers-table><tr><th>Subject: </th><td>Exit tickets</td></tr><tr><th>Date: </th><td>Wed, 27 Oct 2021 09:31:30 +0100</td></tr>" \
              "<tr><th>From: </th><td>Ana &lt;ana@press.example&gt;</td></tr><tr><th>To: </th><td>list@press.example</td></tr></table>"
#define NEWS "<p>First.</p><p>Second.</p>"

static const struct {
	const char *name, *page, *after;
} forwards[] = {
	{"Gmail", "<div dir=ltr>" OWN "<br><br><div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: <b>Ana</b> <span>&lt;<a href=mailto:x>ana@press.example</a>&gt;</span><br>"
	          "Date: Wed, Oct 27, 2021 at 9:31 AM<br>Subject: Exit tickets<br>To: &lt;list@press.example&gt;<br></div><br><br>" NEWS "</div></div>", NULL},
	{"Outlook", "<div class=WordSection1><p class=MsoNormal>" OWN "</p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p class=MsoNormal>" HEADER "</p></div></div>" NEWS "</div>", NULL},
	{"Outlook, nobody's language", "<div class=WordSection1><p class=MsoNormal>" OWN "</p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p class=MsoNormal><b>Zurk:</b> Ana &lt;ana@press.example&gt;<br>"
	          "<b>Dnevat:</b> 27 grok 2021 9:31<br><b>Hoto:</b> list@press.example<br><b>Temko:</b> Exit tickets</p></div></div>" NEWS "</div>", NULL},
	{"Outlook on the web", "<div>" OWN "</div><div id=x_appendonsend></div><hr><div id=x_divRplyFwdMsg>" HEADER "</div>" NEWS, NULL},
	{"Thunderbird", "<p>" OWN "</p><div class=moz-forward-container><br>-------- Forwarded Message --------" TABLE "<br><br>" NEWS "</div><p>What now?</p>", "What now?"},
	{"Apple Mail", "<body>" OWN "<blockquote type=cite><div>Begin forwarded message:</div><br><div><b>From: </b>Ana &lt;ana@press.example&gt;</div><div><b>Subject: </b><b>Exit tickets</b></div>"
	          "<div><b>Date: </b>27 October 2021 at 09:31:08 EEST</div><div><b>To: </b>list@press.example</div><br>" NEWS "</blockquote></body>", NULL},
	{"iPhone", "<body>" OWN "<br>Begin forwarded message:<br><br><blockquote type=cite><div><b>From:</b> Ana &lt;ana@press.example&gt;<br><b>Date:</b> 27 October 2021 at 09:31:08 EEST<br>"
	          "<b>To:</b> list@press.example<br><b>Subject:</b> <b>Exit tickets</b><br><br></div></blockquote><blockquote type=cite>" NEWS "</blockquote></body>", NULL},
	{"Yahoo", "<div>" OWN "</div><div class=yahoo_quoted>----- Forwarded Message -----<div><b>From:</b> Ana &lt;ana@press.example&gt;</div><div><b>To:</b> list@press.example</div>"
	          "<div><b>Sent:</b> Wednesday, October 27, 2021, 09:31:50 AM GMT+1</div><div><b>Subject:</b> Exit tickets</div><br>" NEWS "</div>", NULL},
};

static void forwards_by_structure(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forwards / sizeof *forwards; i++) {
		struct body b;
		struct split s;
		page_read(span_of(forwards[i].page), &b);
		body_split(&b, "Fwd: Exit tickets", false, &arena, &s);
		if (s.forwarded == NULL || strcmp(s.own, OWN) != 0)
			fail_msg("%s: own \"%s\"", forwards[i].name, s.own);
		const struct forwarded *f = s.forwarded;
		if (strcmp(f->body, "First.\n\nSecond.") != 0 || strcmp(f->subject, "Exit tickets") != 0 || strcmp(f->from.name, "Ana") != 0 || f->to.n != 1)
			fail_msg("%s: %s | %s | %s", forwards[i].name, f->body, f->subject, f->from.name);
		if (strcmp(s.after == NULL ? "" : s.after, forwards[i].after == NULL ? "" : forwards[i].after) != 0)
			fail_msg("%s: after %s", forwards[i].name, s.after);
		arena_release(&arena);
	}
}

/* ---- hostile pages: 2 MB of each, in time and memory that stay with the size */
static void hostile_pages_end(void **state)
{
	(void)state;
	static const char *const traps[][2] = {
		{"", "<div>"}, {"", "<div class=gmail_quote>"}, {"", "<blockquote type=cite>x"}, {"", "</b>"}, {"", "<a href=http://x.example/>"},
		{"", "<p><b>"}, {"", "<table><tr><td>"}, {"", "a<br>"}, {"", "&"}, {"", "<"}, {"", "<!--"}, {"", "<script>"}, {"", "<ul><li>x"},
		{"<div ", "a=b "}, {"<div ", "a='b\"c"}, {"<a href='http://x.example/", "y"}, {"", "http://x.example/ "}, {"", "> "}, {"<pre>", "\n"},
		{"", "<img src=http://x.example/i width=1>"}, {"", "&nbsp;"}, {"", "<!---->x"}, {"", "some words&rsquo;"}, {"", "<p>some words"}, {"some words", "&amp;"}, {"", "<!"}, {"", "\xe2\x80\x8b"}, {"<div style='", "a:b;"}, {"", "<div style=display:none>"}, {"http://x.example/", ")"},
	};
	for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
		struct str page = {.max = 2 << 20};
		struct body b;
		str_puts(&page, traps[i][0]);
		while (!page.cut)
			str_puts(&page, traps[i][1]);
		struct timespec from, to;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		page_read((struct span){page.p, page.n}, &b);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		if (to.tv_sec - from.tv_sec > 8) /* seconds of CPU, with sanitizers */
			fail_msg("%s%s: %ld s", traps[i][0], traps[i][1], (long)(to.tv_sec - from.tv_sec));
		if (arena.bytes > (size_t)200 << 20)
			fail_msg("%s%s: %zu bytes", traps[i][0], traps[i][1], arena.bytes);
		str_release(&page);
		arena_release(&arena);
	}
}

/* End tags that close nothing cost the depth each: the page is given up, not the second. */
static void deep_mismatches_end(void **state)
{
	(void)state;
	struct str page = {.max = 8 << 20};
	struct body b;
	for (int i = 0; i < 200000; i++)
		str_puts(&page, "<div>");
	for (int i = 0; i < 200000; i++)
		str_puts(&page, "</b>");
	page_read((struct span){page.p, page.n}, &b);
	str_release(&page);
	arena_release(&arena);
}

/* Names, each another: what libxml2 keeps of them stays small, and the text is what it was. */
static void many_names_end(void **state)
{
	(void)state;
	static const char *const shapes[][2] = {{"&a", "; "}, {"<a", ">"}, {"<?a", " ?>"}, {"<p =x a", "></p>"}};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		struct str page = {.max = 32 << 20};
		struct body b;
		struct timespec from, to;
		for (int k = 0; k < 500000; k++)
			str_printf(&page, "%s%d%s", shapes[i][0], k, shapes[i][1]);
		str_puts(&page, "<blockquote>last</blockquote>");
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		page_read((struct span){page.p, page.n}, &b);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		if (to.tv_sec - from.tv_sec > 3) /* seconds of CPU, with sanitizers */
			fail_msg("%s: %ld s", shapes[i][0], (long)(to.tv_sec - from.tv_sec));
		if (!span_eq(b.lines[b.n - 1].text, "last"))
			fail_msg("%s: %.*s", shapes[i][0], SPAN_ARG(b.lines[b.n - 1].text));
		str_release(&page);
		arena_release(&arena);
	}
}

/* Where an introduction that the page marks ends is not looked for again from each of its lines. */
static void long_introductions_end(void **state)
{
	(void)state;
	struct str page = {.max = 2 << 20};
	struct body b;
	struct split s;
	struct timespec from, to;
	str_puts(&page, "<div class=moz-cite-prefix>");
	for (int i = 0; i < 4000; i++) /* more guesses than are made */
		str_puts(&page, "On 3 May 2021 at 12:46 somebody of x@x.example and others of many names that make the line a long one<br>");
	while (!page.cut)
		str_puts(&page, "a<br>");
	page_read((struct span){page.p, page.n}, &b);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	body_split(&b, "Re: x", true, &arena, &s);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	if (to.tv_sec - from.tv_sec > 8) /* with sanitizers */
		fail_msg("%ld s", (long)(to.tv_sec - from.tv_sec));
	str_release(&page);
	arena_release(&arena);
}

static void nuls_and_attributes_are_tamed(void **state)
{
	(void)state;
	struct body b;
	page_read(SPAN("a\0b<p\0>c"), &b);
	assert_string_equal(b.text, "a b\n\nc");
	struct span same = SPAN("<p alt=Don't>x</p><p title='a>b'>y</p>");
	assert_string_equal(html_tame(same, &arena, NULL).p, "<p alt=Don't>x</p><p>y</p>");
	page_read(same, &b);
	assert_string_equal(b.text, "x\n\ny");
	struct str page = {.max = 1 << 20};
	str_puts(&page, "<p ");
	for (int i = 0; i < 1000; i++)
		str_printf(&page, "a%d=1 ", i);
	str_puts(&page, ">kept</p>");
	page_read((struct span){page.p, page.n}, &b);
	assert_string_equal(b.text, "kept");
	assert_true(html_tame((struct span){page.p, page.n}, &arena, NULL).n < 1000);
	static const char *const links[] = {"<a href=\"", "<a =b href=\""};
	for (size_t i = 0; i < 2; i++) { /* a value that is no address any more */
		str_clear(&page);
		str_puts(&page, links[i]);
		while (page.n < 300000)
			str_puts(&page, "&a;");
		str_puts(&page, "\">kept</a>");
		assert_true(html_tame((struct span){page.p, page.n}, &arena, NULL).n < 100);
		page_read((struct span){page.p, page.n}, &b);
		assert_string_equal(b.text, "kept");
	}
	str_release(&page);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_become_lines),
		cmocka_unit_test(special_characters_are_found_anywhere),
		cmocka_unit_test(bare_addresses_are_found_anywhere),
		cmocka_unit_test(anchors_are_found),
		cmocka_unit_test(structures_leave_marks),
		cmocka_unit_test(quote_marks_of_text_pages_are_levels),
		cmocka_unit_test(replies_by_structure),
		cmocka_unit_test(forwards_by_structure),
		cmocka_unit_test(hostile_pages_end), cmocka_unit_test(many_names_end),
		cmocka_unit_test(deep_mismatches_end),
		cmocka_unit_test(long_introductions_end),
		cmocka_unit_test(nuls_and_attributes_are_tamed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
