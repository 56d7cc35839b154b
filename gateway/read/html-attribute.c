#include <string.h>
#include <strings.h>

#include "gateway/read/html-tame.h"

/* Of an attribute, beside where it says something: its value may lie aside; it is the style. */
enum { LONG = 128, STYLE = 256 };

#define NAME(s) (s), sizeof(s) - 1
static const struct known {
	const char *name;
	size_t n;
	unsigned what; /* of an element what it is, of an attribute where it says something */
} elements[] = {
	{NAME("img"), ELEMENT_IMAGE}, {NAME("a"), ELEMENT_LINK}, {NAME("area"), ELEMENT_LINK}, {NAME("blockquote"), ELEMENT_QUOTE}, {NAME("style"), ELEMENT_RAW},
	{NAME("script"), ELEMENT_RAW}, {NAME("pre"), ELEMENT_PRE}, {NAME("html"), ELEMENT_WHOLE}, {NAME("body"), ELEMENT_WHOLE}, {NAME("head"), ELEMENT_WHOLE},
	{NAME("meta"), ELEMENT_WHOLE}, {NULL, 0, ELEMENT_OTHER},
}, attributes[] = { /* what html-tag.c asks for */
	{NAME("style"), ELEMENT_ANY | STYLE}, {NAME("class"), ELEMENT_ANY}, {NAME("id"), ELEMENT_ANY}, {NAME("href"), ELEMENT_LINK | LONG}, {NAME("src"), ELEMENT_IMAGE | LONG},
	{NAME("alt"), ELEMENT_IMAGE | LONG},
	{NAME("width"), ELEMENT_IMAGE}, {NAME("height"), ELEMENT_IMAGE}, {NAME("name"), ELEMENT_ANY}, {NAME("hidden"), ELEMENT_ANY}, {NAME("data-smartmail"), ELEMENT_ANY},
	{NAME("type"), ELEMENT_QUOTE}, {NAME("cite"), ELEMENT_QUOTE}, {NULL, 0, 0},
};

static unsigned known(const struct known *v, struct span name)
{
	for (; v->name != NULL; v++)
		if (name.n == v->n && (name.p[0] | 0x20) == v->name[0] && strncasecmp(name.p, v->name, v->n) == 0)
			return v->what;
	return v->what;
}

static bool is_name(char c)
{
	return html_is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

unsigned html_kind_of(struct span name)
{
	return known(elements, name);
}

bool html_attribute_read(struct span html, size_t *at, struct html_attribute *a)
{
	size_t i = *at, end;
	if (!html_is_letter(html.p[i]))
		return false;
	while (i < html.n && is_name(html.p[i]))
		i++;
	a->name = (struct span){html.p + *at, i - *at};
	a->value = (struct span){0};
	size_t equals = html_skip_blanks(html, i);
	if (equals < html.n && html.p[equals] == '=') {
		i = html_skip_blanks(html, equals + 1);
		if (i == html.n)
			return false;
		char quote = html.p[i];
		if (quote == '"' || quote == '\'') {
			const char *close = memchr(html.p + i + 1, quote, html.n - i - 1);
			if (close == NULL)
				return false;
			end = (size_t)(close - html.p);
			a->value = (struct span){html.p + i + 1, end - i - 1};
			i = end + 1;
		} else {
			for (end = i; end < html.n && !html_is_blank(html.p[end]) && html.p[end] != '>'; end++)
				if (strchr("\"'<`=", html.p[end]) != NULL)
					return false;
			a->value = (struct span){html.p + i, end - i};
			i = end;
		}
	}
	a->all = (struct span){html.p + *at, i - *at};
	a->tells = known(attributes, a->name);
	a->aside = (a->tells & LONG) != 0 && a->value.n > 0;
	*at = i;
	return i < html.n && (html_is_blank(html.p[i]) || html.p[i] == '>' || html.p[i] == '/');
}

static bool style_tells(struct span style, unsigned kind)
{
	static const char *const always[] = {"display", "visibility", "max-height", "white-space", "border-top"};
	struct span property;
	if (memchr(style.p, '&', style.n) != NULL)
		return true;
	while (span_until(&style, ';', &property)) {
		property = span_trim(property);
		for (size_t i = 0; property.n > 0 && i < sizeof always / sizeof *always; i++)
			if ((*property.p | 0x20) == *always[i] && span_starts_nocase(property, always[i]))
				return true;
		if (((kind & ELEMENT_QUOTE) != 0 && span_starts_nocase(property, "border-left")) ||
		    ((kind & ELEMENT_IMAGE) != 0 && (span_starts_nocase(property, "width") || span_starts_nocase(property, "height"))))
			return true;
	}
	return false;
}

bool html_attribute_tells(const struct html_attribute *a, unsigned kind, bool *pre)
{
	struct span v = a->value;
	if (kind == ELEMENT_WHOLE)
		return true;
	if ((a->tells & kind) == 0)
		return false;
	if ((a->tells & STYLE) == 0)
		return true;
	if (v.n == 0 || !style_tells(v, kind))
		return false;
	*pre = *pre || memchr(v.p, '&', v.n) != NULL || memmem(v.p, v.n, "hite-", 5) != NULL || memmem(v.p, v.n, "HITE-", 5) != NULL;
	return true;
}
