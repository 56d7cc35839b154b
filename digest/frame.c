#include "digest/frame.h"

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

void frame_begin(struct frame *f, const struct templates *templates, const struct frame_facts *facts, struct arena *arena)
{
	*f = (struct frame){.templates = templates, .facts = facts, .arena = arena, .root = value_map(arena)};
	set_text(f->root, "campus", facts->campus);
	set_text(f->root, "address", facts->address);
	set_text(f->root, "person", facts->person);
	set_text(f->root, "today", day_text(arena, facts->today, DAY_NONE));
	frame_ready(f, f->root, "ready_help", "help");
}

void frame_ready(struct frame *f, struct value *map, const char *key, const char *body)
{
	*ARENA_PUSH(f->arena, f->ready, f->n_ready) = (struct ready){set_later(map, key), body};
}

static const char *kind_words(const struct entry *e)
{
	return e->kind == KIND_NONE ? (e->n_links > 0 ? "link" : "note") : kind_name(e->kind);
}

/* A plain note without a link is its own title. */
static const char *note_beside(struct arena *arena, const struct entry *e, size_t max)
{
	const char *note = one_line(arena, e->note, max);
	return strcmp(note, one_line(arena, e->title, max)) == 0 ? "" : note;
}

void frame_entry(struct frame *f, struct value *map, const struct entry *e)
{
	const char *url = e->n_links > 0 ? e->links[0].url : "";
	set_number(map, "id", e->id);
	set_text(map, "title", one_line(f->arena, e->title, TITLE_MAX));
	set_text(map, "url", one_line(f->arena, web_href(f->arena, url), 2000));
	set_text(map, "site", site_text(f->arena, url));
	set_text(map, "note", note_beside(f->arena, e, NOTE_MAX));
	set_text(map, "short_note", note_beside(f->arena, e, SHORT_MAX));
	set_text(map, "source", one_line(f->arena, e->source, TITLE_MAX));
	set_text(map, "kind", kind_words(e));
	set_text(map, "day", day_text(f->arena, e->day, f->facts->today));
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

static int render(const struct frame *f, const char *name, const char *ending, const char **text, struct err *err)
{
	struct str out = {.max = LETTER_MAX};
	const char *file = arena_printf(f->arena, "%s%s", name, ending);
	struct partials partials = {f->templates, file};
	struct mustache m = {.name = file, .text = template_text(f->templates, span_of(file)), .partial = find_partial, .ctx = &partials};
	m.output = strcmp(ending, ".html") == 0 ? MUSTACHE_HTML : MUSTACHE_TEXT;
	int result = m.text == NULL ? err_set(err, "there is no template %s", file) : mustache_render(&m, f->root, &out, f->arena, err);
	if (result == 0)
		*text = arena_strndup(f->arena, str_c(&out), out.n);
	str_release(&out);
	return result;
}

/* The first line of a text template is the subject. */
static int take_subject(const struct frame *f, const char *name, struct span *rest, const char **subject, struct err *err)
{
	struct span line;
	if (!span_line(rest, &line) || !span_starts(line, "Subject: "))
		return err_set(err, "%s.txt:1: the first line must be the subject: write Subject: …", name);
	line = span_trim(span_skip(line, strlen("Subject: ")));
	*subject = one_line(f->arena, arena_strndup(f->arena, line.p, line.n), 200);
	return 0;
}

static void fill_ready(const struct frame *f, const char *subject)
{
	const struct frame_facts *facts = f->facts;
	const char *to = facts->reply_to != NULL && facts->reply_to[0] != '\0' ? facts->reply_to : facts->address;
	const char *answer = arena_printf(f->arena, "Re: %s", subject);
	for (size_t i = 0; i < f->n_ready; i++)
		value_fill(f->ready[i].value, mailto_href(f->arena, to, answer, f->ready[i].body));
}

int frame_write(struct frame *f, const char *name, struct letter *letter, struct err *err)
{
	struct letter done;
	const char *text;
	if (template_look(f->templates, set_map(f->root, "look"), f->arena, err) < 0 || render(f, name, ".txt", &text, err) < 0)
		return -1;
	struct span rest = span_of(text);
	if (take_subject(f, name, &rest, &done.subject, err) < 0)
		return -1;
	done.text = wrap_text(f->arena, rest.p);
	fill_ready(f, done.subject);
	set_text(f->root, "subject", done.subject);
	if (render(f, name, ".html", &done.html, err) < 0)
		return -1;
	*letter = done;
	return 0;
}
