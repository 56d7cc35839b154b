#include "gateway/explain.h"

#include <stdio.h>

#define LABEL 11  /* columns before the text */
#define WIDTH 100
#define LINES_SHOWN 12
#define LINKS_SHOWN 40

/* ---- credit */

static int nothing_used(void *ctx, const struct cap *cap, int32_t from, int32_t to)
{
	(void)ctx, (void)cap, (void)from, (void)to;
	return 0;
}

static void take_links(const struct reading *r, struct arena *arena, struct entry *e)
{
	for (size_t i = 0; i < r->n_links; i++)
		if (r->links[i].role == ROLE_CONTENT && r->links[i].where != WHERE_QUOTED)
			*ARENA_PUSH(arena, e->links, e->n_links) = (struct entry_link){r->links[i].url, r->links[i].text};
}

void explain_credit(const struct ruleset *rules, const struct reading *r, struct arena *arena, struct explanation *x)
{
	const struct tagging *t = &r->said.tagging;
	struct verdict *v = &x->verdict;
	if (v->action != ACTION_LOG || v->amend)
		return;
	int32_t today = r->date_day == DAY_NONE ? 0 : r->date_day;
	struct entry e = {.id = 1, .person = 1, .day = t->day == DAY_NONE ? today : t->day, .kind = v->kind, .title = r->subject == NULL ? "" : r->subject,
		.note = t->note == NULL ? "" : t->note, .source = "", .tags = t->tags, .with = t->with, .minutes = t->minutes, .starred = t->starred,
		.is_private = t->is_private, .nocredit = t->nocredit, .attachment = reading_brings_file(r), .reason = "", .flag = ""};
	struct claim_facts facts = {.today = today, .first_time = true, .used = nothing_used};
	take_links(r, arena, &e);
	x->grant = (struct grant){.reason = "", .rule = "", .flag = ""};
	ruleset_credit(rules, &e, &facts, arena, &x->grant);
	v->minutes = x->grant.actual;
	v->credited = x->grant.credited;
}

/* ---- the page */

struct page {
	struct str *out;
	bool colour;
};

static void label(struct page *p, const char *name)
{
	size_t n = utf8_columns(name, strlen(name));
	str_printf(p->out, "%s%s%s%*s", p->colour ? "\033[1m" : "", name, p->colour ? "\033[0m" : "", n < LABEL ? (int)(LABEL - n) : 1, "");
}

static void row(struct page *p, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	label(p, name);
	str_printf(p->out, "%s\n", value);
}

/* Several lines under one label; a long text is cut, and says so. */
static void block(struct page *p, const char *name, const char *text)
{
	struct span rest = span_trim(span_of(text)), line;
	for (size_t n = 0; span_line(&rest, &line); n++) {
		if (n == LINES_SHOWN) {
			str_printf(p->out, "%*s… %zu more bytes\n", LABEL, "", line.n + rest.n);
			return;
		}
		size_t fits = utf8_prefix(line.p, line.n, WIDTH);
		if (n == 0)
			label(p, name);
		else
			str_printf(p->out, "%*s", LABEL, "");
		str_printf(p->out, "%.*s%s\n", (int)fits, line.p, fits < line.n ? "…" : "");
	}
}

static void address(struct page *p, const char *name, const struct mailaddr *a)
{
	if (a->name[0] == '\0' && a->addr[0] == '\0')
		return;
	label(p, name);
	str_printf(p->out, "%s%s%s%s%s\n", a->name, a->name[0] != '\0' && a->addr[0] != '\0' ? " " : "", a->addr[0] == '\0' ? "" : "<", a->addr,
	           a->addr[0] == '\0' ? "" : ">");
}

static void words(struct page *p, const char *name, const char *before, const struct strs *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i == 0)
			label(p, name);
		str_printf(p->out, "%s%s%s", i == 0 ? "" : " ", before, list->v[i]);
	}
	if (list->n > 0)
		str_putc(p->out, '\n');
}

static void lines(struct page *p, const char *name, const struct strs *list)
{
	for (size_t i = 0; i < list->n; i++)
		row(p, i == 0 ? name : "", list->v[i]);
}

static void forward(struct page *p, const struct reading *r)
{
	const struct forwarded *f = r->forwarded;
	for (size_t i = 0; i < r->n_attached; i++) {
		address(p, "attached", &r->attached[i].from);
		row(p, "", r->attached[i].subject);
	}
	if (f == NULL)
		return;
	address(p, "forwarded", &f->from);
	row(p, "", f->date);
	row(p, "", f->subject);
	block(p, "", f->body);
}

/* What stands below a quoted line answers it. */
static void answers(struct page *p, const struct reading *r)
{
	for (size_t i = 0; i < r->n_answers; i++) {
		block(p, i == 0 ? "answers" : "", r->answers[i].own);
		label(p, "");
		str_printf(p->out, "to: %.*s\n", (int)utf8_prefix(r->answers[i].quoted, strlen(r->answers[i].quoted), WIDTH), r->answers[i].quoted);
	}
}

static void links(struct page *p, const struct reading *r)
{
	size_t shown = 0, left = 0;
	for (size_t i = 0; i < r->n_links; i++) {
		const struct link *l = &r->links[i];
		if (l->role == ROLE_PIXEL || l->role == ROLE_IMAGE)
			continue;
		if (shown == LINKS_SHOWN) {
			left++;
			continue;
		}
		label(p, shown++ == 0 ? "links" : "");
		str_printf(p->out, "%-12s %s%s%s\n", link_role_name(l->role), l->url, l->text[0] == '\0' ? "" : "  ", l->text);
		if (strcmp(l->url, l->seen) != 0)
			str_printf(p->out, "%*s%-12s was %.*s%s\n", LABEL, "", "", (int)utf8_prefix(l->seen, strlen(l->seen), WIDTH), l->seen,
			           strlen(l->seen) > WIDTH ? "…" : "");
	}
	if (left > 0)
		str_printf(p->out, "%*s… and %zu more\n", LABEL, "", left);
}

static void files(struct page *p, const struct reading *r)
{
	for (size_t i = 0; i < r->n_attachments; i++) {
		const struct attachment *a = &r->attachments[i];
		label(p, i == 0 ? "files" : "");
		str_printf(p->out, "%s (%s, %llu bytes)\n", a->filename[0] == '\0' ? "without a name" : a->filename, a->type, (unsigned long long)a->bytes);
	}
}

static void reports(struct page *p, const struct reading *r)
{
	for (size_t i = 0; i < r->n_reports; i++) {
		const struct report *report = &r->reports[i];
		label(p, i == 0 ? "reports" : "");
		str_printf(p->out, "%s %s%s%s%s\n", report->recipient, report->hard ? "will never take mail" : "did not take it now",
		           report->status == NULL ? "" : " ", report->status == NULL ? "" : report->status, report->reason == NULL ? "" : ":");
		row(p, "", report->reason);
	}
}

static void said(struct page *p, const struct reading *r)
{
	const struct tagging *t = &r->said.tagging;
	char day[16];
	words(p, "tags", "#", &t->tags);
	row(p, "entry kind", kind_name(t->kind));
	words(p, "with", "@", &t->with);
	if (t->day != DAY_NONE)
		row(p, "day", day_iso(day, t->day));
	row(p, "marks", t->starred ? t->is_private ? "starred, private" : "starred" : t->is_private ? "private" : t->nocredit ? "no credit" : "");
	for (size_t i = 0; i < r->said.n_commands; i++)
		row(p, i == 0 ? "commands" : "", command_name(r->said.commands[i].verb));
	for (size_t i = 0; i < r->said.n_decisions; i++)
		row(p, i == 0 ? "decisions" : "", r->said.decisions[i].line);
	lines(p, "unclear", &r->said.unclear);
}

static void verdict(struct page *p, const struct explanation *x)
{
	const struct verdict *v = &x->verdict;
	label(p, "would");
	str_printf(p->out, "%s: %s\n", action_name(v->action), v->why == NULL ? "" : v->why);
	words(p, "rules", "", &v->rules);
	lines(p, "rule failed", &x->reading->failed);
	if (x->grant.reason == NULL)
		return;
	label(p, "took");
	str_printf(p->out, "%d min: %s\n", x->grant.actual, x->grant.took);
	label(p, "counts");
	str_printf(p->out, "%d min: %s\n", x->grant.credited, x->grant.reason);
	row(p, "approver", x->grant.flag);
}

static void header(struct page *p, const struct explanation *x)
{
	const struct reading *r = x->reading;
	row(p, "mail", x->file);
	row(p, "subject", r->subject);
	address(p, "from", &r->from);
	address(p, "sender", &r->sender);
	label(p, "is a");
	str_printf(p->out, "%s%s\n", mail_kind_name(r->kind), r->automated && !mail_kind_is_machine(r->kind) ? ", sent by a machine" : "");
	row(p, "list", r->list_id);
	label(p, "proved");
	str_printf(p->out, "%s%s%s\n", auth_verdict_name(r->auth), r->authserv == NULL ? "" : " by ", r->authserv == NULL ? "" : r->authserv);
}

void explain_page(struct str *out, const struct explanation *x)
{
	struct page p = {out, x->colour};
	const struct reading *r = x->reading;
	header(&p, x);
	block(&p, "own words", r->own);
	block(&p, "signature", r->signature);
	forward(&p, r);
	block(&p, "after it", r->after);
	answers(&p, r);
	block(&p, "quoted", r->quoted);
	links(&p, r);
	files(&p, r);
	reports(&p, r);
	said(&p, r);
	verdict(&p, x);
	lines(&p, "defects", &r->defects);
	str_putc(out, '\n');
}
