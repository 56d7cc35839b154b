#include "gateway/read/read.h"

#include "gateway/read/mime.h"
#include "gateway/read/parts.h"

static bool is_type(const struct part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

#define SHOWN_PARTS 100 /* no client shows more that a person would read */

static bool is_words(const struct part *p, size_t first)
{
	return p->shown && !p->inside_message && !p->attachment && (p->filename[0] == '\0' || first == 0);
}

/* What the shown parts hold, one below the other, as one body. */
static void join(const struct body *v, size_t n, struct arena *arena, struct body *all)
{
	size_t bytes = 0;
	*all = (struct body){.text = ""};
	for (size_t i = 0; i < n; i++) {
		all->n += v[i].n;
		all->n_anchors += v[i].n_anchors;
		bytes += strlen(v[i].text) + 1;
	}
	all->lines = arena_alloc(arena, all->n * sizeof *all->lines);
	all->anchors = arena_alloc(arena, all->n_anchors * sizeof *all->anchors);
	struct str text = {.max = bytes};
	for (size_t i = 0, line = 0, anchor = 0; i < n; line += v[i++].n) {
		if (v[i].n > 0)
			memcpy(all->lines + line, v[i].lines, v[i].n * sizeof *v[i].lines);
		for (size_t k = 0; k < v[i].n_anchors; k++, anchor++) {
			all->anchors[anchor] = v[i].anchors[k];
			all->anchors[anchor].line += line;
		}
		str_puts(&text, v[i].text);
		if (i + 1 < n)
			str_putc(&text, '\n');
	}
	all->text = arena_strndup(arena, str_c(&text), text.n);
	str_release(&text);
}

/* What a client shows: pages where there are any, else plain text; other kinds of text when there is nothing else.
 * Answers the part when it is only one. */
static const struct part *read_shown(const struct mail_parts *parts, struct arena *arena, struct body *all)
{
	const struct part *only = NULL;
	static const char *const fallback[] = {"text/enriched", "text/richtext", "text/", "multipart/"};
	struct body bodies[SHOWN_PARTS] = {0};
	size_t shown = 0;
	for (size_t i = 0; i < parts->n && shown < SHOWN_PARTS; i++) {
		const struct part *p = &parts->v[i];
		if (!is_words(p, shown) || (!is_type(p, "text/html") && !is_type(p, "text/plain")))
			continue;
		only = shown == 0 ? p : NULL;
		if (is_type(p, "text/html"))
			html_read(p->text, arena, &bodies[shown++]);
		else
			text_read(p, arena, &bodies[shown++]);
	}
	if (shown == 1)
		*all = bodies[0];
	else
		join(bodies, shown, arena, all);
	for (size_t f = 0; f < sizeof fallback / sizeof *fallback && shown == 0; f++)
		for (size_t i = 0; i < parts->n && shown == 0; i++)
			if (is_words(&parts->v[i], 0) && strncmp(parts->v[i].type, fallback[f], strlen(fallback[f])) == 0) {
				text_read(&parts->v[i], arena, all);
				shown++;
			}
	return only;
}

/* A mail whose words are in winmail.dat alone. */
static void read_tnef_body(const struct mail_parts *parts, struct arena *arena, struct body *all)
{
	for (size_t i = 0; i < parts->n && all->n == 0; i++) {
		const struct tnef *tnef = parts->v[i].tnef;
		if (tnef == NULL)
			continue;
		if (tnef->html != NULL)
			html_read(span_of(tnef->html), arena, all);
		if (all->n == 0 && tnef->text != NULL)
			text_read(&(struct part){.text = span_of(tnef->text)}, arena, all);
	}
}

/* ---- a forward as attachment: its words stay where they are, its links are what the sender wants to show */

/* Of the attached message whose parts begin at *i its page, else its plain text; *i moves behind it. NULL when it has neither. */
static const struct part *attached_words(const struct mail_parts *parts, size_t *i)
{
	const struct part *page = NULL, *plain = NULL;
	for (; *i < parts->n && parts->v[*i].inside_message; ++*i) {
		const struct part *p = &parts->v[*i];
		if (page == NULL && !p->attachment && is_type(p, "text/html"))
			page = p;
		if (plain == NULL && !p->attachment && is_type(p, "text/plain"))
			plain = p;
	}
	return page != NULL ? page : plain;
}

static void read_messages(const struct mail_parts *parts, struct arena *arena, struct body *all)
{
	struct body bodies[SHOWN_PARTS] = {0};
	size_t n = 0;
	for (size_t i = 0; i < parts->n && n < SHOWN_PARTS; i++) {
		const struct part *words = attached_words(parts, &i);
		if (words != NULL && is_type(words, "text/html"))
			html_read(words->text, arena, &bodies[n++]);
		else if (words != NULL)
			text_read(words, arena, &bodies[n++]);
	}
	join(bodies, n, arena, all);
}

static void read_attached(const struct read_options *options, const struct mail_parts *parts, struct arena *arena, struct reading *r)
{
	struct body body;
	struct reading inner = {0};
	if (r->kind != MAIL_NOTE || r->n_attached == 0)
		return;
	r->kind = MAIL_FORWARD;
	read_messages(parts, arena, &body);
	struct split split = {.owner = arena_alloc(arena, body.n * sizeof *split.owner), .own = "", .quoted = ""};
	for (size_t i = 0; i < body.n; i++)
		split.owner[i] = OWNER_FORWARDED;
	links_read(options, &body, &split, arena, &inner);
	r->links = arena_grow(arena, r->links, r->n_links * sizeof *r->links, (r->n_links + inner.n_links) * sizeof *r->links);
	for (size_t i = 0; i < inner.n_links; i++)
		r->links[r->n_links++] = inner.links[i];
}

static void read_twin(const struct read_options *options, const struct part *plain, struct arena *arena, struct reading *r)
{
	struct body body;
	text_read(plain, arena, &body);
	links_read(options, &body, &(struct split){0}, arena, r);
}

static const char *inner_subject(const struct reading *r)
{
	if (r->forwarded != NULL)
		return r->forwarded->subject;
	return r->n_attached > 0 ? r->attached[0].subject : NULL;
}

static bool is_mass_mail(enum mail_kind kind)
{
	return kind == MAIL_NEWSLETTER || kind == MAIL_TRANSACTIONAL || kind == MAIL_CONFIRMATION;
}

/* Only a person's words are instructions; of a mass mail the subject may have been tagged on its way here. */
static void read_said(struct arena *arena, struct reading *r)
{
	struct said_input in = {.subject = r->subject, .inner_subject = inner_subject(r), .own = is_mass_mail(r->kind) ? "" : r->own, .today = r->date_day,
		.is_reply = r->kind == MAIL_REPLY};
	r->said = (struct said){.tagging = {.minutes = MINUTES_NONE, .day = DAY_NONE, .note = ""}};
	if (!mail_kind_is_machine(r->kind))
		said_parse(&r->said, &in, arena);
}

static void keep_split(const struct split *split, struct reading *r)
{
	r->own = split->own == NULL ? "" : split->own;
	r->quoted = split->quoted == NULL ? "" : split->quoted;
	r->signature = split->signature;
	r->after = split->after;
	r->forwarded = split->forwarded;
	r->answers = split->answers;
	r->n_answers = split->n_answers;
}

void read_warm_up(void)
{
	struct arena arena = {0};
	struct reading ignored;
	mime_warm_up();
	read_mail(&(struct read_options){0}, SPAN("Content-Type: text/html\n\n<p>ä <a href=\"https://a.example/\">a</a></p>\n"), &arena, &ignored);
	arena_release(&arena);
}

void read_mail(const struct read_options *options, struct span raw, struct arena *arena, struct reading *out)
{
	struct mail_parts parts;
	struct body all = {.text = ""};
	struct split split = {0};
	*out = (struct reading){.from = {"", ""}, .sender = {"", ""}, .own = "", .quoted = "", .text = "", .date_day = DAY_NONE};
	mime_read(raw, arena, &parts, out);
	const struct part *only = read_shown(&parts, arena, &all);
	if (parts.plain != NULL)
		out->plain = parts.plain->text.p;
	if (all.n == 0)
		read_tnef_body(&parts, arena, &all);
	out->text = all.text;
	out->html = parts.page != NULL;
	body_split(&all, out->subject, out->in_reply_to != NULL || out->references.n > 0, arena, &split);
	keep_split(&split, out);
	links_read(options, &all, &split, arena, out);
	if (out->n_links == 0 && parts.plain != NULL && parts.plain != only) /* nothing on the page: then what its plain twin says */
		read_twin(options, parts.plain, arena, out);
	machine_read(&parts, &all, &split, arena, out);
	read_attached(options, &parts, arena, out);
	auth_read(options, &parts.headers, arena, out);
	read_said(arena, out);
	if (options->rules != NULL)
		ruleset_match(options->rules, out, arena);
}
