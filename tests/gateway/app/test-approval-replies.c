#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/approvals.h"
#include "gateway/read/read.h"
#include "tests/gateway/app/approval-replies.h"
#include "tests/gateway/app/bed.h"

/* Every answer goes the whole way: bytes, reading, decision, ledger and letters, in a transaction that is then taken back. */

#define NOW 1773061200 /* Mon 9 Mar 2026, 13:00 UTC */
#define ITEMS 8

struct scene {
	struct bed bed; /* first: it is torn down as one */
	struct stored_letter asked;
	const char *html, *reply_to;
	int64_t entries[ITEMS];
	struct read_options reading;
};

/* ---- a letter about eight entries */

static const struct {
	const char *who, *title, *note, *flag;
	enum entry_kind kind;
	int minutes;
} wanted[ITEMS] = {
	{"ada@campus.example", "Exit tickets", "Trying them in period 3", "", KIND_TALK, 15},
	{"ada@campus.example", "Lab notebooks", "No phones, ok with everyone", "", KIND_TALK, 15},
	{"sam@campus.example", "Book club: is it OK to reread?", "", "", KIND_READ, 10},
	{"sam@campus.example", "Retrieval practice in mixed-ability classes", "Two ideas for Year 9: brain dumps at the start, and the five-minute quiz nobody marks", "", KIND_WEBINAR, 60},
	{"sam@campus.example", "Summer institute, day 1", "", "no certificate", KIND_COURSE, 120},
	{"terry@campus.example", "Mentoring a new colleague", "", "", KIND_MENTOR, 45},
	{"terry@campus.example", "Staff-room coffee", "", "", KIND_TALK, 15},
	{"terry@campus.example", "Science fair, judging", "", "", KIND_PRESENT, 90},
};

static void add_entry(struct scene *b, int i)
{
	struct person p;
	struct err err;
	assert_int_equal(store_person_by_address(b->bed.campus.store, wanted[i].who, &b->bed.arena, &p, &err), 1);
	struct entry e = {.person = p.id, .day = 20512 + i, .kind = wanted[i].kind, .title = wanted[i].title, .note = wanted[i].note, .source = "", .minutes = wanted[i].minutes,
	                  .logged_at = NOW - 86400, .reason = "", .flag = ""};
	assert_int_equal(store_add_entry(b->bed.campus.store, &e, &err), 0);
	struct ledger_line line = {.at = NOW - 86400, .person = p.id, .entry = e.id, .verb = LEDGER_CLAIM, .day = e.day, .actual = e.minutes, .credited = e.minutes,
	                           .reason = "as stated", .flag = wanted[i].flag};
	assert_int_equal(store_add_ledger(b->bed.campus.store, &line, &err), 0);
	b->entries[i] = e.id;
}

static void keep_letter(struct scene *b)
{
	struct stored_letter *v;
	struct approval approval;
	struct approval_letter value;
	struct letter letter;
	struct frame_facts facts = {.campus = "Lincoln High PLN", .address = "pln@campus.example", .person = "Pat Principal", .today = 20521};
	struct person pat;
	struct err err;
	size_t n;
	assert_int_equal(store_letters(b->bed.campus.store, -1, 1, &b->bed.arena, &v, &n, &err), 0);
	assert_int_equal(store_letter(b->bed.campus.store, v[0].id, &b->bed.arena, &b->asked, &err), 1);
	assert_int_equal(b->asked.purpose, LETTER_APPROVAL);
	const char *bounce = b->asked.envelope_from, *mark = strstr(bounce, "+b-");
	b->reply_to = facts.reply_to = arena_printf(&b->bed.arena, "%.*s+%s", (int)(mark - bounce), bounce, mark + 3);
	assert_int_equal(store_person_by_address(b->bed.campus.store, "pat@campus.example", &b->bed.arena, &pat, &err), 1);
	assert_int_equal(store_approval(b->bed.campus.store, b->asked.approval, &b->bed.arena, &approval, &err), 1);
	struct desk desk = {&b->bed.campus, b->bed.campus.store, &b->bed.arena, NOW};
	approval_value(&desk, &pat, &approval, false, &value);
	assert_int_equal(value.n, ITEMS);
	assert_int_equal(letter_approval(&letter, &b->bed.campus.templates, &facts, &value, &b->bed.arena, &err), 0);
	b->html = letter.html;
}

static void somebody(struct scene *b, const char *name, const char *addr, enum person_role role)
{
	struct person p = {.name = name, .role = role, .receipts = WISH_NEVER};
	struct err err;
	strs_add(&p.addresses, &b->bed.arena, addr);
	assert_int_equal(store_put_person(b->bed.campus.store, &p, &err), 0);
}

static const char conf[] =
	"[campus]\nname = Lincoln High PLN\naddress = pln@campus.example\nzone = America/Chicago\noperator = olive@campus.example\nrules = minutes.rules\n"
	"[mailbox \"main\"]\nurl = maildir:inbox\n[send]\nurl = maildir:outbox\n[auth]\nauthserv = mx.campus.example\n";

static void open_scene(struct scene *b)
{
	bed_open(&b->bed, conf);
	b->bed.campus.config.answers_per_hour = 1000;
	b->reading = (struct read_options){.rules = b->bed.campus.rules};
	strs_add(&b->reading.authservs, &b->bed.arena, "mx.campus.example");
	strs_add(&b->reading.campus, &b->bed.arena, "pln@campus.example");
}

static int ask_the_approver(void **state)
{
	struct scene *b = calloc(1, sizeof *b);
	struct err err = {0};
	size_t n = 0;
	scratch_folder(b->bed.folder);
	open_scene(b);
	assert_int_equal(store_begin(b->bed.campus.store, &err), 0);
	somebody(b, "Terry Teacher", "terry@campus.example", ROLE_TEACHER);
	somebody(b, "Ada Rivera", "ada@campus.example", ROLE_TEACHER);
	somebody(b, "Sam Lee", "sam@campus.example", ROLE_TEACHER);
	somebody(b, "Pat Principal", "pat@campus.example", ROLE_APPROVER);
	for (int i = 0; i < ITEMS; i++)
		add_entry(b, i);
	assert_int_equal(store_commit(b->bed.campus.store, &err), 0);
	if (approvals_ask(&b->bed.campus, NOW - 3600, NOW - 3600, &n, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(n, 1);
	keep_letter(b);
	*state = b;
	return 0;
}

/* ---- a mail, as clients write it */

static const char *const introductions[FORM_COUNT] = {
	[TOP] = "On Mon, Mar 9, 2026 at 7:00 AM Lincoln High PLN <pln@campus.example> wrote:",
	[BOTTOM] = "On Mon, Mar 9, 2026 at 7:00 AM Lincoln High PLN <pln@campus.example> wrote:",
	[INLINE] = "On 9 Mar 2026, at 07:00, Lincoln High PLN <pln@campus.example> wrote:",
	[GERMAN] = "Am Mo., 9. März 2026 um 07:00 Uhr schrieb Lincoln High PLN <pln@campus.example>:",
	[FRENCH] = "Le lun. 9 mars 2026 à 07:00, Lincoln High PLN <pln@campus.example> a écrit :",
	[SPANISH] = "El lun, 9 mar 2026 a las 7:00, Lincoln High PLN (<pln@campus.example>) escribió:",
	[ITALIAN] = "Il giorno lun 9 mar 2026 alle ore 07:00 Lincoln High PLN <pln@campus.example> ha scritto:",
	[DUTCH] = "Op ma 9 mrt 2026 om 07:00 schreef Lincoln High PLN <pln@campus.example>:",
	[POLISH] = "pon., 9 mar 2026 o 07:00 Lincoln High PLN <pln@campus.example> napisał(a):",
	[RUSSIAN] = "пн, 9 мар. 2026 г. в 07:00, Lincoln High PLN <pln@campus.example>:",
	[JAPANESE] = "2026年3月9日(月) 7:00 Lincoln High PLN <pln@campus.example>:",
	[PORTUGUESE] = "Em seg., 9 de mar. de 2026 às 07:00, Lincoln High PLN <pln@campus.example> escreveu:",
	[SWEDISH] = "Den mån 9 mars 2026 kl 07:00 skrev Lincoln High PLN <pln@campus.example>:",
	[CHINESE] = "Lincoln High PLN <pln@campus.example> 于2026年3月9日周一 07:00写道：",
};

/* Lines of words that begin "@3 " belong under item 3; the others, n = 0, above everything. */
static void put_words(struct str *out, const char *words, long n)
{
	struct span rest = span_of(words), line;
	while (span_line(&rest, &line)) {
		char *end = NULL;
		long at = line.n > 1 && line.p[0] == '@' ? strtol(line.p + 1, &end, 10) : 0;
		if (at != n)
			continue;
		if (at > 0)
			line = span_skip(line, (size_t)(end - line.p) + 1);
		str_printf(out, at > 0 ? "\n%.*s\n" : "%.*s\n", SPAN_ARG(line));
	}
}

static void put_quoted(struct str *out, const char *text, const char *mark, const char *words)
{
	struct span rest = span_of(text), line;
	long item = 0;
	while (span_line(&rest, &line)) {
		long n = strtol(line.p, NULL, 10);
		if (line.n > 3 && n >= 1 && n <= ITEMS && line.p[2] == '.')
			item = n;
		if (line.n == 0 && item > 0) {
			put_words(out, words, item);
			item = 0;
		}
		str_printf(out, "%s%.*s\n", mark, SPAN_ARG(line));
	}
}

static void put_html(struct str *out, struct span words)
{
	for (const char *p = words.p; p < words.p + words.n; p++)
		if (*p == '\n')
			str_puts(out, "<br>\n");
		else if (*p == '<')
			str_puts(out, "&lt;");
		else
			str_putc(out, *p);
}

/* The letter's text in a quotation that ends above each answer and begins again below it. */
static void put_broken(struct str *out, const char *text, const char *words)
{
	struct span rest = span_of(text), line;
	struct str own = {0};
	long item = 0;
	str_puts(out, "<blockquote type=\"cite\"><div>");
	while (span_line(&rest, &line)) {
		long n = strtol(line.p, NULL, 10);
		if (line.n > 3 && n >= 1 && n <= ITEMS && line.p[2] == '.')
			item = n;
		str_clear(&own);
		if (line.n == 0 && item > 0)
			put_words(&own, words, item);
		if (own.n > 0) {
			str_puts(out, "</div></blockquote><div>");
			put_html(out, (struct span){str_c(&own), own.n});
			str_puts(out, "</div><blockquote type=\"cite\"><div>");
		}
		item = line.n == 0 ? 0 : item;
		put_html(out, line);
		str_puts(out, "<br>\n");
	}
	str_puts(out, "</div></blockquote>");
	str_release(&own);
}

/* What each sort of HTML client puts before and behind the words, and behind the quoted letter. */
static const struct {
	const char *before, *between, *behind;
} pages[FORM_COUNT] = {
	[GMAIL] = {"<div dir=\"ltr\">", "</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Mar 9, 2026 at 7:00 AM Lincoln High PLN &lt;<a href=\"mailto:pln@campus.example\">pln@campus.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex\">", "</blockquote></div>"},
	[APPLE] = {"<html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"></head><body dir=\"auto\">", "<br><div dir=\"ltr\"><br><blockquote type=\"cite\">On Mar 9, 2026, at 7:00 AM, Lincoln High PLN &lt;pln@campus.example&gt; wrote:<br><br></blockquote></div><blockquote type=\"cite\"><div dir=\"ltr\">", "</div></blockquote></body></html>"},
	[OUTLOOK] = {"<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><body lang=\"EN-US\"><div class=\"WordSection1\"><p class=\"MsoNormal\">", "<o:p></o:p></p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in\"><p class=\"MsoNormal\"><b>From:</b> Lincoln High PLN &lt;pln@campus.example&gt;<br><b>Sent:</b> Monday, March 9, 2026 7:00 AM<br><b>To:</b> Pat Principal &lt;pat@campus.example&gt;<br><b>Subject:</b> 8 entries, 3 teachers</p></div></div>", "</div></body></html>"},
	[OWA] = {"<html><body dir=\"ltr\"><div class=\"elementToProof\">", "</div><div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri\"><b>From:</b> Lincoln High PLN &lt;pln@campus.example&gt;<br><b>Sent:</b> Monday, March 9, 2026 7:00 AM<br><b>To:</b> Pat Principal<br><b>Subject:</b> 8 entries, 3 teachers</font></div>", "</body></html>"},
	[YAHOO] = {"<html><body><div>", "</div><blockquote id=\"yahoo_quoted_1\" style=\"margin:0 0 20px 0\"><div>On Mon, Mar 9, 2026 at 7:00 AM, Lincoln High PLN</div><div>&lt;pln@campus.example&gt; wrote:</div><div>", "</div></blockquote></body></html>"},
	[THUNDERBIRD] = {"<html><body><p>", "</p><div class=\"moz-cite-prefix\">On 3/9/26 7:00 AM, Lincoln High PLN wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x@campus.example\">", "</blockquote></body></html>"},
};

static void put_body(struct str *out, const struct scene *b, enum form form, const char *words)
{
	const char *text = b->asked.own_text;
	struct str top = {0};
	switch (form) {
	case ALONE:
	case VACATION:
		str_printf(out, "%s\n", words);
		return;
	case BOTTOM:
		str_printf(out, "%s\n\n", introductions[form]);
		put_quoted(out, text, "> ", "");
		str_printf(out, "\n%s\n", words);
		return;
	case INLINE:
		put_words(out, words, 0);
		str_printf(out, "\n%s\n\n", introductions[form]);
		put_quoted(out, text, "> ", words);
		return;
	case INLINE_HTML:
		str_puts(out, "<html><body><div>");
		str_clear(&top);
		put_words(&top, words, 0);
		put_html(out, (struct span){str_c(&top), top.n});
		str_printf(out, "</div><div>%s</div>", "On 9 Mar 2026, at 07:00, Lincoln High PLN &lt;pln@campus.example&gt; wrote:");
		put_broken(out, text, words);
		str_puts(out, "</body></html>\n");
		str_release(&top);
		return;
	case IN_CELL: {
		const char *cell = strstr(strstr(b->html, ">3</span>"), "</td></tr>");
		str_printf(out, "<div dir=\"ltr\"><br></div>%s%.*s<div>%s</div>%s</blockquote></div>\n", pages[GMAIL].between, (int)(cell - b->html), b->html, words, cell);
		return;
	}
	case ORIGINAL:
		str_printf(out, "%s\n\n-----Original Message-----\nFrom: Lincoln High PLN <pln@campus.example>\nSent: Monday, March 9, 2026 7:00 AM\nTo: Pat Principal <pat@campus.example>\nSubject: 8 entries, 3 teachers\n\n%s\n", words, text);
		return;
	case NO_MARKS:
		str_printf(out, "%s\n\n%s\n", words, text);
		return;
	case HTML_ONLY_BOTTOM:
		str_printf(out, "<html><body><blockquote type=\"cite\">%s</blockquote><br><div>", b->html);
		put_html(out, span_of(words));
		str_puts(out, "</div></body></html>\n");
		return;
	default:
		break;
	}
	if (pages[form].before == NULL) {
		str_printf(out, "%s\n\n%s\n\n", words, introductions[form]);
		put_quoted(out, text, "> ", "");
		return;
	}
	str_puts(out, pages[form].before);
	put_html(out, span_of(words));
	str_printf(out, "%s%s%s\n", pages[form].between, b->html, pages[form].behind);
}

static void put_mail(struct str *out, const struct scene *b, enum form form, const char *words, size_t n)
{
	bool html = form == HTML_ONLY_BOTTOM || form == INLINE_HTML || form == IN_CELL || pages[form].before != NULL;
	str_printf(out, "Authentication-Results: mx.campus.example; dmarc=pass header.from=campus.example\r\nFrom: Pat Principal <pat@campus.example>\r\nTo: %s\r\n"
	           "Subject: Re: %s\r\nDate: Mon, 9 Mar 2026 08:00:00 -0500\r\nMessage-ID: <reply.%zu@campus.example>\r\nIn-Reply-To: <%s>\r\nMIME-Version: 1.0\r\n%s"
	           "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
	           b->reply_to, b->asked.subject, n, b->asked.message_id, form == VACATION ? "Auto-Submitted: auto-replied\r\n" : "", html ? "html" : "plain");
	put_body(out, b, form, words);
}

/* ---- what became of it */

static void put_outcome(struct scene *b, struct str *out, struct arena *arena)
{
	struct stored_letter *v;
	struct err err;
	size_t n;
	for (int i = 0; i < ITEMS; i++) {
		struct entry e;
		assert_int_equal(store_entry(b->bed.campus.store, b->entries[i], arena, &e, &err), 1);
		str_putc(out, e.claim == CLAIM_WAITING ? '.' : e.claim == CLAIM_DENIED ? 'd' : e.claim == CLAIM_ASKED ? 'q' : e.claim == CLAIM_APPROVED ? 'a' : '!');
		if (e.claim == CLAIM_APPROVED && e.credited != wanted[i].minutes)
			str_printf(out, "%d", e.credited);
	}
	assert_int_equal(store_letters(b->bed.campus.store, -1, 100, arena, &v, &n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		struct stored_letter l;
		if (v[i].id <= b->asked.id || strcmp(v[i].recipient, "pat@campus.example") != 0)
			continue;
		assert_int_equal(store_letter(b->bed.campus.store, v[i].id, arena, &l, &err), 1);
		for (const char *p = l.own_text; (p = strstr(p, "What did you mean?")) != NULL; p++)
			str_putc(out, '?');
	}
}

static void run_reply(struct scene *b, enum form form, const char *words, size_t n, struct str *got)
{
	struct arena arena = {0};
	struct str raw = {.max = 1 << 20};
	struct reading reading;
	struct decided_mail decided;
	struct err err = {0};
	put_mail(&raw, b, form, words, n);
	read_mail(&b->reading, (struct span){str_c(&raw), raw.n}, &arena, &reading);
	struct desk desk = {&b->bed.campus, b->bed.campus.store, &arena, NOW};
	struct incoming in = {.arrival = NOW, .raw = {str_c(&raw), raw.n}, .reading = &reading};
	assert_int_equal(store_begin(b->bed.campus.store, &err), 0);
	if (decide_mail(&desk, &in, &decided, &err) < 0)
		fail_msg("%s: %s", words, err.text);
	put_outcome(b, got, &arena);
	store_rollback(b->bed.campus.store);
	str_release(&raw);
	arena_release(&arena);
}

static int try_reply(struct scene *b, enum form form, const struct approver_reply *r, size_t n)
{
	struct str got = {0};
	run_reply(b, form, r->words, n, &got);
	int wrong = strcmp(str_c(&got), r->want) != 0;
	if (wrong)
		print_error("form %d: \"%s\"\n   got  %s\n   want %s\n", (int)form, r->words, str_c(&got), r->want);
	str_release(&got);
	return wrong;
}

static void every_reply_does_what_it_says(void **state)
{
	struct scene *b = *state;
	int wrong = 0;
	size_t n = sizeof replies / sizeof *replies, tried = 0;
	for (size_t i = 0; i < n; i++) {
		wrong += try_reply(b, replies[i].form, &replies[i], tried++);
		if (replies[i].form != ALONE)
			continue;
		wrong += try_reply(b, TOP, &replies[i], tried++);
		wrong += try_reply(b, GMAIL, &replies[i], tried++);
	}
	print_message("%zu replies, as %zu mails\n", n, tried);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	read_warm_up();
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(every_reply_does_what_it_says, ask_the_approver, teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
