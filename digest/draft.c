#include "digest/draft.h"

#include <inttypes.h>

#include "digest/mustache.h"

#define LETTER_MAX ((size_t)8 << 20)
#define TITLE_MAX 120
#define NOTE_MAX 280
#define SHORT_MAX 160

struct ready {
	struct value *value;
	const char *body;
};

void draft_begin(struct draft *d, const struct templates *templates, const struct frame_facts *facts, struct arena *arena)
{
	*d = (struct draft){.templates = templates, .facts = facts, .arena = arena, .root = value_map(arena)};
	set_text(d->root, "campus", facts->campus);
	set_text(d->root, "address", facts->address);
	set_text(d->root, "person", facts->person);
	set_text(d->root, "today", day_text(arena, facts->today, DAY_NONE));
	draft_ready(d, d->root, "ready_help", "help");
	draft_ready(d, d->root, "ready_status", "status");
}

void draft_ready(struct draft *d, struct value *map, const char *key, const char *body)
{
	*ARENA_PUSH(d->arena, d->ready, d->n_ready) = (struct ready){set_later(map, key), body};
}

static const char *kind_words(const struct entry *e)
{
	return e->kind == KIND_NONE ? (e->n_links > 0 ? "link" : "note") : kind_name(e->kind);
}

/* Beside the entry's links, their addresses only lengthen a note. */
static const char *without_addresses(struct arena *arena, const char *note)
{
	struct span rest = span_of(note), line, word;
	struct str out = {0};
	while (span_line(&rest, &line)) {
		while (span_until(&line, ' ', &word))
			if (!span_starts_nocase(word, "http://") && !span_starts_nocase(word, "https://"))
				str_printf(&out, "%.*s ", SPAN_ARG(word));
		str_putc(&out, '\n');
	}
	const char *kept = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	return kept;
}

/* A plain note without a link is its own title. */
static const char *note_beside(struct arena *arena, const struct entry *e, size_t max)
{
	const char *note = one_line(arena, e->n_links > 0 ? without_addresses(arena, e->note) : e->note, max);
	return strcmp(note, one_line(arena, e->title, max)) == 0 ? "" : note;
}

void draft_entry(struct draft *d, struct value *map, const struct entry *e)
{
	const char *url = e->n_links > 0 ? e->links[0].url : "";
	set_number(map, "id", e->id);
	set_text(map, "title", one_line(d->arena, e->title, TITLE_MAX));
	set_text(map, "url", one_line(d->arena, web_href(d->arena, url), 2000));
	set_text(map, "site", site_text(d->arena, url));
	set_text(map, "note", note_beside(d->arena, e, NOTE_MAX));
	set_text(map, "short_note", note_beside(d->arena, e, SHORT_MAX));
	set_text(map, "source", one_line(d->arena, e->source, TITLE_MAX));
	set_text(map, "kind", kind_words(e));
	set_text(map, "day", day_text(d->arena, e->day, d->facts->today));
	set_flag(map, "star", e->starred);
	set_flag(map, "private", e->is_private);
	set_flag(map, "nocredit", e->nocredit);
}

struct partials {
	const struct templates *templates;
	const char *user;
};

static const char *find_partial(void *ctx, struct span name)
{
	const struct partials *p = ctx;
	return template_partial(p->templates, p->user, name);
}

static int render(const struct draft *d, const char *name, const char *ending, const char **text, struct err *err)
{
	struct str out = {.max = LETTER_MAX};
	const char *file = arena_printf(d->arena, "%s%s", name, ending);
	struct partials partials = {d->templates, file};
	struct mustache m = {.name = file, .text = template_text(d->templates, span_of(file)), .partial = find_partial, .ctx = &partials};
	m.output = strcmp(ending, ".html") == 0 ? MUSTACHE_HTML : MUSTACHE_TEXT;
	int result = m.text == NULL ? err_set(err, "there is no template %s", file) : mustache_render(&m, d->root, &out, d->arena, err);
	if (result == 0)
		*text = arena_strndup(d->arena, str_c(&out), out.n);
	str_release(&out);
	return result;
}

/* The first line of a text template is the subject. */
static int take_subject(const struct draft *d, const char *name, struct span *rest, const char **subject, struct err *err)
{
	struct span line;
	if (!span_line(rest, &line) || !span_starts(line, "Subject: "))
		return err_set(err, "%s.txt:1: the first line must be the subject: write Subject: …", name);
	line = span_trim(span_skip(line, strlen("Subject: ")));
	*subject = one_line(d->arena, arena_strndup(d->arena, line.p, line.n), 200);
	return 0;
}

static void fill_ready(const struct draft *d, const char *subject)
{
	const struct frame_facts *facts = d->facts;
	const char *to = facts->reply_to != NULL && facts->reply_to[0] != '\0' ? facts->reply_to : facts->address;
	const char *answer = arena_printf(d->arena, "Re: %s", subject);
	for (size_t i = 0; i < d->n_ready; i++)
		value_fill(d->ready[i].value, mailto_href(d->arena, to, answer, d->ready[i].body));
}

int draft_write(struct draft *d, const char *name, struct letter *letter, struct err *err)
{
	struct letter done = {0};
	const char *text;
	if (template_look(d->templates, set_map(d->root, "look"), d->arena, err) < 0 || render(d, name, ".txt", &text, err) < 0)
		return -1;
	struct span rest = span_of(text);
	if (take_subject(d, name, &rest, &done.subject, err) < 0)
		return -1;
	done.text = wrap_text(d->arena, rest.p);
	fill_ready(d, done.subject);
	set_text(d->root, "subject", done.subject);
	if (render(d, name, ".html", &done.html, err) < 0)
		return -1;
	*letter = done;
	return 0;
}
