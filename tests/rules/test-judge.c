#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/ruleset.h"

#define TODAY 20778 /* Saturday 21 November 2026 */

static const char rules[] =
	"[policy]\nmode = minutes\n"
	"[credit \"talk\"]\nkind = talk\nminutes = 15\n"
	"[credit \"rest\"]\nminutes = 1\n"
	"[rule \"district\"]\nsender = notices@district.org\naction = ignore\n"
	"[rule \"watched\"]\nbody = password\naction = quarantine\nwhy = Passwords do not belong here.\n"
	"[rule \"journal\"]\nsubject = reading journal\naction = log\nset-kind = read\nadd-tag = journal\nprivate = yes\n"
	"[rule \"library\"]\ntag = library\nadd-tag = books, pln\nset-kind = read\nnocredit = yes\n";

/* How a mail differs from a plain note of somebody on the roster. */
struct mail {
	const char *subject, *own, *from, *list_id, *text;
	enum mail_kind kind;
	bool automated, forward, unsubscribe, own_link, unknown, not_genuine, left, own_letter;
	const char *forwarder; /* the inner sender */
	enum auth_verdict auth;
	enum answers answers;
};

static void read_mail_of(const struct mail *m, struct arena *arena, struct reading *r)
{
	*r = (struct reading){.subject = m->subject ? m->subject : "", .from = {"", m->from ? m->from : "ana@school.org"}, .own = m->own ? m->own : "", .quoted = "",
	                      .text = m->text ? m->text : "", .list_id = m->list_id, .kind = m->kind, .automated = m->automated, .auth = m->auth, .date_day = TODAY};
	r->links = arena_alloc(arena, 2 * sizeof *r->links);
	if (m->own_link)
		r->links[r->n_links++] = (struct link){"https://x.org/", "", "", "", WHERE_OWN, ROLE_CONTENT};
	if (m->unsubscribe)
		r->links[r->n_links++] = (struct link){"https://x.org/u", "", "", "", WHERE_FORWARDED, ROLE_UNSUBSCRIBE};
	if (m->forward) {
		r->forwarded = arena_alloc(arena, sizeof *r->forwarded);
		*r->forwarded = (struct forwarded){.from = {"", m->forwarder ? m->forwarder : "news@edutopia.org"}, .subject = "Weekly", .body = ""};
	}
	said_parse(&r->said, &(struct said_input){m->subject, m->forward ? "Weekly" : NULL, r->own, TODAY, m->kind == MAIL_REPLY}, arena);
}

static const struct {
	struct mail mail;
	enum action action;
	const char *rule; /* names with blanks between */
	const char *what; /* amend, private, nocredit, kind, credited of actual, tags */
} cases[] = {
	/* nobody's words */
	{{.own_letter = true, .own = "#pln"}, ACTION_IGNORE, "own letter", ""},
	{{.kind = MAIL_AUTO_REPLY, .own = "#pln status", .answers = ANSWERS_DIGEST}, ACTION_RECORD, "machine", ""},
	{{.kind = MAIL_BOUNCE}, ACTION_RECORD, "machine", ""}, {{.kind = MAIL_DELAY_WARNING}, ACTION_RECORD, "machine", ""},
	{{.kind = MAIL_CHALLENGE, .unknown = true}, ACTION_RECORD, "machine", ""},
	{{.automated = true, .own = "ok", .kind = MAIL_REPLY, .answers = ANSWERS_APPROVAL}, ACTION_RECORD, "machine", ""},
	/* the campus's rules */
	{{.from = "notices@district.org", .unknown = true}, ACTION_IGNORE, "district", ""},
	{{.own = "#pln", .text = "my Password"}, ACTION_QUARANTINE, "watched", ""},
	{{.subject = "My reading journal", .own = "week 3"}, ACTION_LOG, "journal", "private kind=read 1/1 journal"},
	{{.subject = "My reading journal", .unknown = true}, ACTION_HOLD, "sender", ""},
	{{.subject = "My reading journal", .not_genuine = true}, ACTION_HOLD, "sender", ""},
	{{.own = "#pln #library #talk 20m"}, ACTION_LOG, "#pln library", "nocredit kind=talk 0/20 books,pln"},
	/* sources */
	{{.kind = MAIL_NEWSLETTER, .unknown = true}, ACTION_SOURCE, "newsletter", ""},
	{{.kind = MAIL_CONFIRMATION, .unknown = true}, ACTION_SOURCE, "confirmation", ""},
	{{.kind = MAIL_TRANSACTIONAL, .unknown = true}, ACTION_RECORD, "transactional", ""},
	{{.list_id = "teachers.org", .own = "#pln x"}, ACTION_SOURCE, "list", ""},
	{{.kind = MAIL_NEWSLETTER, .own = "#pln"}, ACTION_LOG, "#pln", "1/1"},
	{{.kind = MAIL_NEWSLETTER, .unknown = true, .own = "#pln"}, ACTION_SOURCE, "newsletter", ""},
	/* who sent it */
	{{.unknown = true, .own = "#pln x"}, ACTION_HOLD, "sender", ""},
	{{.unknown = true, .own = "ok", .answers = ANSWERS_APPROVAL}, ACTION_HOLD, "sender", ""},
	{{.not_genuine = true, .own = "#pln x"}, ACTION_HOLD, "sender", ""},
	{{.not_genuine = true, .auth = AUTH_FAIL, .own = "#pln x"}, ACTION_QUARANTINE, "sender", ""},
	{{.unknown = true, .not_genuine = true, .auth = AUTH_FAIL}, ACTION_QUARANTINE, "sender", ""},
	{{.left = true, .own = "#pln"}, ACTION_HOLD, "sender", ""},
	/* answers to our letters */
	{{.kind = MAIL_REPLY, .answers = ANSWERS_APPROVAL, .own = "ok except 3"}, ACTION_APPROVE, "approval", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_APPROVAL, .own = "3 maybe"}, ACTION_APPROVE, "approval", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_APPROVAL, .own = "status"}, ACTION_COMMAND, "command", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_APPROVAL, .own = "Let us talk"}, ACTION_APPROVE, "approval", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = "star 10 min, trying it Friday"}, ACTION_LOG, "amendment", "amend"},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = "star"}, ACTION_LOG, "amendment", "amend"},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = "private"}, ACTION_LOG, "amendment", "amend private"},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .subject = "Re: Logged 1042 #pln", .own = "20m"}, ACTION_LOG, "amendment", "amend"},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = "#pln #talk 20m with Lee"}, ACTION_LOG, "#pln", "kind=talk 15/20"},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = "undo"}, ACTION_COMMAND, "command", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = "A new note"}, ACTION_LOG, "amendment", "amend"},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = ""}, ACTION_RECORD, "amendment", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_ENTRY, .own = "Thanks\nAna"}, ACTION_RECORD, "amendment", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_DIGEST, .own = "2 thanks, used it period 4 15m"}, ACTION_COMMAND, "command", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_DIGEST, .own = "Nice digest"}, ACTION_COMMAND, "help", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_QUESTION, .own = "yes"}, ACTION_COMMAND, "command", ""},
	{{.kind = MAIL_REPLY, .answers = ANSWERS_DIGEST, .own = "#pln #talk 20m with Ana"}, ACTION_LOG, "#pln", "kind=talk 15/20"},
	/* new mails */
	{{.subject = "#pln #talk @Rivera", .own = "Lab notebooks, 20m yesterday"}, ACTION_LOG, "#pln", "kind=talk 15/20"},
	{{.kind = MAIL_FORWARD, .forward = true, .unsubscribe = true, .subject = "Fwd: Weekly #pln"}, ACTION_LOG, "#pln", "1/1"},
	{{.kind = MAIL_FORWARD, .forward = true, .forwarder = "bob.ray@other.org", .subject = "Fwd: Weekly #pln"}, ACTION_LOG, "#pln", "private 1/1"},
	{{.kind = MAIL_FORWARD, .forward = true, .forwarder = "bob.ray@other.org", .subject = "Fwd: Weekly #pln", .own = "#share"}, ACTION_LOG, "#pln", "1/1"},
	{{.kind = MAIL_FORWARD, .forward = true, .forwarder = "noreply@x.org"}, ACTION_LOG, "forward", "1/1"},
	{{.own = "Look at https://x.org/", .own_link = true}, ACTION_LOG, "link", "1/1"},
	{{.own = "#phonics is great"}, ACTION_LOG, "tag", "1/1"},
	{{.own = "status"}, ACTION_COMMAND, "command", ""}, {{.own = "How does this work?"}, ACTION_COMMAND, "help", ""},
	{{.kind = MAIL_REPLY, .own = "I think so too"}, ACTION_COMMAND, "help", ""},
	{{.own = "help me plan my lesson"}, ACTION_COMMAND, "help", ""},
};

static void verdict_text(struct str *out, const struct verdict *v)
{
	str_printf(out, "%s%s%s", v->amend ? " amend" : "", v->is_private ? " private" : "", v->nocredit ? " nocredit" : "");
	if (v->action == ACTION_LOG && !v->amend) {
		if (v->kind != KIND_NONE)
			str_printf(out, " kind=%s", kind_name(v->kind));
		str_printf(out, " %d/%d", v->credited, v->minutes);
	}
	for (size_t i = 0; i < v->tags.n; i++)
		str_printf(out, "%s%s", i == 0 ? " " : ",", v->tags.v[i]);
}

static void test_verdicts(void **state)
{
	(void)state;
	struct err err = {0};
	struct ruleset *rs = ruleset_parse("r", span_of(rules), &err);
	if (rs == NULL)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct mail *m = &cases[i].mail;
		struct arena arena = {0};
		struct str names = {0}, what = {0};
		struct person person = {.id = 1, .name = "Ana", .left = m->left};
		struct judged judged = {m->unknown ? NULL : &person, !m->not_genuine, m->answers, m->own_letter};
		struct reading r;
		struct verdict v;
		read_mail_of(m, &arena, &r);
		ruleset_match(rs, &r, &arena);
		ruleset_judge(rs, &r, &judged, &arena, &v);
		for (size_t k = 0; k < v.rules.n; k++)
			str_printf(&names, "%s%s", k == 0 ? "" : " ", v.rules.v[k]);
		verdict_text(&what, &v);
		const char *said = what.n > 0 ? what.p + 1 : "";
		if (v.action != cases[i].action || strcmp(str_c(&names), cases[i].rule) != 0 || strcmp(said, cases[i].what) != 0 || v.why == NULL || v.why[strlen(v.why) - 1] != '.')
			fail_msg("case %zu (%s | %s): %s by \"%s\", \"%s\": %s", i, r.subject, r.own, action_name(v.action), str_c(&names), said, v.why ? v.why : "");
		if (v.action != ACTION_LOG)
			assert_true(v.minutes == MINUTES_NONE && v.credited == MINUTES_NONE);
		str_release(&names);
		str_release(&what);
		arena_release(&arena);
	}
	ruleset_close(rs);
}

/* What crosses the reader's border is not trusted: names of rules that there are none of mean nothing. */
static void test_foreign_hits(void **state)
{
	static const char *names[] = {"no such rule", "", "journal"};
	(void)state;
	struct arena arena = {0};
	struct ruleset *rs = ruleset_parse("r", span_of(rules), NULL);
	struct mail m = {.own = "x"};
	struct person person = {.id = 1};
	struct reading r;
	struct verdict v;
	read_mail_of(&m, &arena, &r);
	r.hits = (struct strs){names, 3};
	r.failed = (struct strs){names, 2};
	ruleset_judge(rs, &r, &(struct judged){.person = &person, .genuine = true}, &arena, &v);
	assert_int_equal(v.action, ACTION_LOG);
	assert_int_equal(v.rules.n, 1);
	ruleset_close(rs);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_verdicts), cmocka_unit_test(test_foreign_hits)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
