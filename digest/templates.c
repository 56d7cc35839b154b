#include <stdio.h>

#include "digest/frame.h"
#include "digest/mustache.h"
#include "rules/ini.h"
#include "rules/shipped.h"

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

struct check {
	const struct templates *own;
	const struct mustache *m;
};

static int check_tag(void *ctx, char kind, struct span name, int line, struct err *err)
{
	const struct check *check = ctx;
	if (kind == '>' && template_partial(check->own, check->m->name, name) == NULL)
		return err_set(err, "%s:%d: there is no partial %.*s", check->m->name, line, SPAN_ARG(name));
	return 0;
}

/* ---- look.ini: the styles that the HTML templates put into their elements; what a campus leaves out stays as shipped */
struct look {
	struct value *map; /* NULL: only check */
	struct arena *arena;
};

static int look_line(void *ctx, const struct ini_line *line, struct err *err)
{
	struct look *look = ctx;
	if (strcmp(line->section, "look") != 0)
		return err_at(err, line, "only the section [look] is known here");
	if (line->key != NULL && look->map != NULL && value_get(look->map, span_of(line->key)) == NULL)
		set_text(look->map, arena_strdup(look->arena, line->key), arena_strdup(look->arena, line->value));
	return 0;
}

static int look_parse(const char *text, struct look *look, struct err *err)
{
	return ini_parse("look.ini", text, strlen(text), look_line, look, err);
}

int template_look(const struct templates *own, struct value *root, struct arena *arena, struct err *err)
{
	struct look look = {set_map(root, "look"), arena};
	const struct shipped *shipped = shipped_find(shipped_templates, "look.ini");
	for (size_t i = 0; own != NULL && i < own->n; i++)
		if (strcmp(own->files[i].name, "look.ini") == 0 && look_parse(own->files[i].text, &look, err) < 0)
			return -1;
	return shipped == NULL ? 0 : look_parse(shipped->text, &look, err);
}

int templates_check(const struct templates *own, struct err *err)
{
	struct look only_check = {0};
	struct arena arena = {0};
	int result = 0;
	for (size_t i = 0; own != NULL && i < own->n && result == 0; i++) {
		struct span name = span_of(own->files[i].name);
		struct mustache m = {.name = own->files[i].name, .text = own->files[i].text};
		if (span_eq(name, "look.ini"))
			result = look_parse(m.text, &only_check, err);
		else if (template_text(NULL, name) == NULL)
			result = err_set(err, "%s: no letter uses a template of this name", own->files[i].name);
		else
			result = mustache_each_tag(&m, check_tag, &(struct check){own, &m}, &arena, err);
	}
	arena_release(&arena);
	return result;
}
