#include <stdio.h>

#include "digest/draft.h"
#include "digest/mustache.h"
#include "rules/ini.h"
#include "rules/shipped.h"

#define LOOK "look.ini"
#define SUBJECT "Subject: "

const char *template_text(const struct templates *own, struct span name)
{
	for (size_t i = 0; own != NULL && i < own->n; i++)
		if (span_eq(name, own->files[i].name))
			return own->files[i].text;
	for (const struct shipped *s = shipped_templates; s->name != NULL; s++)
		if (span_eq(name, s->name))
			return s->text;
	return NULL;
}

const char *template_partial(const struct templates *own, const char *user, struct span name)
{
	char file[128];
	const char *dot = strrchr(user, '.');
	int n = snprintf(file, sizeof file, "%.*s%s", SPAN_ARG(name), dot == NULL ? "" : dot);
	return n < 0 || (size_t)n >= sizeof file ? NULL : template_text(own, span_of(file));
}

/* ---- look.ini: the styles that the HTML templates put into their elements; what a campus leaves out stays as shipped */
struct look {
	struct value *map;
	struct arena *arena;
};

static int look_line(void *ctx, const struct ini_line *line, struct err *err)
{
	struct look *look = ctx;
	if (strcmp(line->section, "look") != 0)
		return err_at(err, line, "only the section [look] is known here");
	if (line->key != NULL && value_get(look->map, span_of(line->key)) == NULL)
		set_text(look->map, arena_strdup(look->arena, line->key), arena_strdup(look->arena, line->value));
	return 0;
}

static int look_parse(const char *text, struct look *look, struct err *err)
{
	return ini_parse(LOOK, text, strlen(text), look_line, look, err);
}

int template_look(const struct templates *own, struct value *map, struct arena *arena, struct err *err)
{
	struct look look = {map, arena};
	for (size_t i = 0; own != NULL && i < own->n; i++)
		if (strcmp(own->files[i].name, LOOK) == 0 && look_parse(own->files[i].text, &look, err) < 0)
			return -1;
	return look_parse(shipped_find(shipped_templates, LOOK)->text, &look, err);
}

/* ---- the check: a name is known to a campus's template when the shipped template of that letter, or a partial, uses it */
struct check {
	const struct templates *own;
	const char *name;
	struct value *look;
	struct strs *known;
	struct arena *arena;
};

static bool is_letter(const char *name)
{
	const char *dot = strrchr(name, '.');
	struct span stem = {name, dot == NULL ? strlen(name) : (size_t)(dot - name)};
	char file[128];
	int n = snprintf(file, sizeof file, "%.*s.txt", SPAN_ARG(stem));
	const char *text = n < 0 || (size_t)n >= sizeof file ? NULL : template_text(NULL, span_of(file));
	return text != NULL && span_starts(span_of(text), SUBJECT);
}

static bool same_letter(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");
	return n == strcspn(b, ".") && memcmp(a, b, n) == 0;
}

static int note_tag(void *ctx, char kind, struct span name, int line, struct err *err)
{
	struct check *check = ctx;
	(void)line;
	(void)err;
	if (kind != '>')
		strs_add(check->known, check->arena, arena_strndup(check->arena, name.p, name.n));
	return 0;
}

static int note_known(struct check *check, struct err *err)
{
	static const char *const everywhere[] = {"campus", "address", "person", "today", "subject", "."};
	for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
		strs_add(check->known, check->arena, everywhere[i]);
	for (const struct shipped *s = shipped_templates; s->name != NULL; s++) {
		struct mustache m = {.name = s->name, .text = s->text};
		bool counts = !is_letter(s->name) || !is_letter(check->name) || same_letter(s->name, check->name);
		if (counts && strcmp(s->name, LOOK) != 0 && mustache_each_tag(&m, note_tag, check, check->arena, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_known(const struct check *check, struct span name)
{
	if (span_starts(name, "look."))
		return value_get(check->look, span_skip(name, strlen("look."))) != NULL;
	for (size_t i = 0; i < check->known->n; i++)
		if (span_eq(name, check->known->v[i]))
			return true;
	return false;
}

static int check_tag(void *ctx, char kind, struct span name, int line, struct err *err)
{
	const struct check *check = ctx;
	if (kind == '>' && template_partial(check->own, check->name, name) == NULL)
		return err_set(err, "%s:%d: there is no partial %.*s", check->name, line, SPAN_ARG(name));
	if (kind != '>' && !is_known(check, name))
		return err_set(err, "%s:%d: nothing is called %.*s here", check->name, line, SPAN_ARG(name));
	return 0;
}

static int check_one(const struct templates *own, const struct template_file *file, struct value *look, struct arena *arena, struct err *err)
{
	struct strs known = {0};
	struct check check = {own, file->name, look, &known, arena};
	struct mustache m = {.name = file->name, .text = file->text};
	if (template_text(NULL, span_of(file->name)) == NULL)
		return err_set(err, "%s: no letter uses a template of this name", file->name);
	if (!utf8_valid(file->text, strlen(file->text)))
		return err_set(err, "%s: is not UTF-8 text: save the file as UTF-8", file->name);
	const char *dot = strrchr(file->name, '.');
	if (is_letter(file->name) && strcmp(dot, ".txt") == 0 && !span_starts(span_of(file->text), SUBJECT))
		return err_set(err, "%s:1: the first line must be the subject: write " SUBJECT "…", file->name);
	return note_known(&check, err) < 0 ? -1 : mustache_each_tag(&m, check_tag, &check, arena, err);
}

int templates_check(const struct templates *own, struct err *err)
{
	struct arena arena = {0};
	struct value *look = value_map(&arena);
	int result = template_look(own, look, &arena, err);
	for (size_t i = 0; own != NULL && i < own->n && result == 0; i++)
		result = strcmp(own->files[i].name, LOOK) == 0 ? 0 : check_one(own, &own->files[i], look, &arena, err);
	arena_release(&arena);
	return result;
}
