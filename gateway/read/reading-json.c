#include "gateway/json.h"
#include "gateway/read/read.h"

/* explain --json (design.md): a key whose value is unknown stays away or is null; lists are always there. */

static const char *or_null(const char *s)
{
	return s == NULL || s[0] == '\0' ? NULL : s;
}

static void put_known(struct json *j, const char *key, const char *value)
{
	if (value != NULL)
		json_text(j, key, value);
}

static void put_address(struct json *j, const char *key, const struct mailaddr *a)
{
	json_open(j, key, '{');
	json_text(j, "name", or_null(a->name));
	json_text(j, "addr", or_null(a->addr));
	json_close(j, '}');
}

static void put_addresses(struct json *j, const char *key, const struct mailaddrs *list)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < list->n; i++)
		put_address(j, NULL, &list->v[i]);
	json_close(j, ']');
}

static void put_list_of_one(struct json *j, const char *key, const char *value)
{
	json_strs(j, key, &(struct strs){&value, value != NULL});
}

static void put_head(struct json *j, const struct reading *r)
{
	json_text(j, "subject", r->subject);
	put_address(j, "from", &r->from);
	put_addresses(j, "to", &r->to);
	put_addresses(j, "cc", &r->cc);
	if (r->has_date)
		json_int(j, "date_unix", r->date_unix);
	put_known(j, "message_id", r->message_id);
	put_known(j, "list_id", r->list_id);
	json_open(j, "list_unsubscribe", '{');
	put_list_of_one(j, "http", r->unsubscribe_http);
	put_list_of_one(j, "mailto", r->unsubscribe_mailto);
	json_close(j, '}');
	json_bool(j, "one_click", r->one_click);
}

static void put_forwarded(struct json *j, const struct forwarded *f)
{
	if (f == NULL) {
		json_null(j, "forwarded");
		return;
	}
	json_open(j, "forwarded", '{');
	put_address(j, "from", &f->from);
	put_addresses(j, "to", &f->to);
	put_addresses(j, "cc", &f->cc);
	put_addresses(j, "reply_to", &f->reply_to);
	json_text(j, "date", f->date);
	json_text(j, "subject", f->subject);
	json_text(j, "body", f->body);
	json_text(j, "message_id", f->message_id);
	json_close(j, '}');
}

static void put_answers(struct json *j, const struct reading *r)
{
	if (r->n_answers == 0)
		return;
	json_open(j, "answers", '[');
	for (size_t i = 0; i < r->n_answers; i++) {
		json_open(j, NULL, '{');
		json_text(j, "quoted", r->answers[i].quoted);
		json_text(j, "own", r->answers[i].own);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_words(struct json *j, const struct reading *r)
{
	json_text(j, "kind", mail_kind_name(r->kind));
	json_text(j, "own", r->own == NULL ? "" : r->own);
	json_text(j, "signature", r->signature);
	json_text(j, "after", r->after);
	json_text(j, "quoted", r->quoted == NULL ? "" : r->quoted);
	put_answers(j, r);
	json_text(j, "text", r->text);
	json_text(j, "plain", r->plain);
	json_bool(j, "html", r->html);
	put_forwarded(j, r->forwarded);
}

static void put_links(struct json *j, const struct reading *r)
{
	json_open(j, "links", '[');
	for (size_t i = 0; i < r->n_links; i++) {
		json_open(j, NULL, '{');
		json_text(j, "url", r->links[i].url);
		json_text(j, "seen", r->links[i].seen);
		json_text(j, "text", r->links[i].text);
		if (r->links[i].heading[0] != '\0')
			json_text(j, "heading", r->links[i].heading);
		json_text(j, "where", link_where_name(r->links[i].where));
		json_text(j, "role", link_role_name(r->links[i].role));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_parts(struct json *j, const struct reading *r)
{
	json_strs(j, "leaves", &r->leaves);
	json_open(j, "attachments", '[');
	for (size_t i = 0; i < r->n_attachments; i++) {
		json_open(j, NULL, '{');
		json_text(j, "filename", or_null(r->attachments[i].filename));
		json_text(j, "type", r->attachments[i].type);
		json_int(j, "bytes", (int64_t)r->attachments[i].bytes);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_open(j, "attached_messages", '[');
	for (size_t i = 0; i < r->n_attached; i++) {
		json_open(j, NULL, '{');
		json_text(j, "subject", r->attached[i].subject);
		put_address(j, "from", &r->attached[i].from);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_reports(struct json *j, const struct reading *r)
{
	json_open(j, "reports", '[');
	for (size_t i = 0; i < r->n_reports; i++) {
		json_open(j, NULL, '{');
		json_text(j, "recipient", r->reports[i].recipient);
		json_text(j, "status", r->reports[i].status);
		json_text(j, "reason", r->reports[i].reason);
		json_bool(j, "hard", r->reports[i].hard);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_strs(j, "feedback_types", &r->feedback_types);
}

static void put_auth(struct json *j, const struct reading *r)
{
	json_open(j, "auth", '{');
	json_text(j, "authserv", r->authserv);
	json_text(j, "verdict", auth_verdict_name(r->auth));
	json_open(j, "results", '[');
	for (size_t i = 0; i < r->n_auth_results; i++) {
		const struct auth_result *a = &r->auth_results[i];
		json_open(j, NULL, '{');
		json_text(j, "method", a->method);
		json_text(j, "result", a->result);
		json_open(j, "props", '{');
		for (size_t k = 0; k < a->n_props; k++)
			json_text(j, a->props[k].name, a->props[k].value);
		json_close(j, '}');
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void put_log(struct json *j, const struct tagging *t)
{
	char day[16];
	json_open(j, "log", '{');
	json_strs(j, "tags", &t->tags);
	json_text(j, "kind", or_null(kind_name(t->kind)));
	json_strs(j, "topics", &t->topics);
	json_strs(j, "with", &t->with);
	if (t->minutes != MINUTES_NONE)
		json_int(j, "minutes", t->minutes);
	if (t->day != DAY_NONE)
		json_text(j, "day", day_iso(day, t->day));
	json_bool(j, "starred", t->starred);
	json_bool(j, "private", t->is_private);
	json_bool(j, "nocredit", t->nocredit);
	json_close(j, '}');
}

static void put_verdict(struct json *j, const struct verdict *v)
{
	json_open(j, "verdict", '{');
	json_text(j, "action", action_name(v->action));
	json_strs(j, "rules", &v->rules);
	json_text(j, "why", v->why);
	if (v->minutes != MINUTES_NONE)
		json_int(j, "minutes", v->minutes);
	if (v->credited != MINUTES_NONE)
		json_int(j, "credited", v->credited);
	json_close(j, '}');
}

void reading_json(struct str *out, const char *file, const struct reading *r, const struct verdict *verdict)
{
	struct json j = {.out = out};
	json_open(&j, NULL, '{');
	put_known(&j, "file", file);
	put_head(&j, r);
	put_words(&j, r);
	put_links(&j, r);
	put_parts(&j, r);
	put_reports(&j, r);
	put_auth(&j, r);
	put_log(&j, &r->said.tagging);
	if (verdict != NULL)
		put_verdict(&j, verdict);
	json_strs(&j, "defects", &r->defects);
	json_close(&j, '}');
	str_putc(out, '\n');
}
