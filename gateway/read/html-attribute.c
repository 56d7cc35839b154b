#include <string.h>

#include "gateway/read/html-tame.h"

/* Of an attribute, beside where it says something: its value may lie aside; it is the style. */
enum { LONG = 128, STYLE = 256 };

#define NAME(s) s, sizeof(s) - 1
static const struct html_name attributes[] = { /* what html-tag.c asks for */
	{NAME("style"), ELEMENT_ANY | STYLE, 0, 0, 0}, {NAME("class"), ELEMENT_ANY, 0, 0, 0}, {NAME("href"), ELEMENT_LINK | LONG, 0, 0, 0}, {NAME("src"), ELEMENT_IMAGE | LONG, 0, 0, 0},
	{NAME("alt"), ELEMENT_IMAGE | LONG, 0, 0, 0}, {NAME("width"), ELEMENT_IMAGE, 0, 0, 0}, {NAME("height"), ELEMENT_IMAGE, 0, 0, 0}, {NAME("id"), ELEMENT_ANY, 0, 0, 0},
	{NAME("name"), ELEMENT_ANY, 0, 0, 0}, {NAME("hidden"), ELEMENT_ANY, 0, 0, 0}, {NAME("data-smartmail"), ELEMENT_ANY, 0, 0, 0}, {NAME("type"), ELEMENT_QUOTE, 0, 0, 0},
	{NAME("cite"), ELEMENT_QUOTE, 0, 0, 0}, {NAME(""), 0, 0, 0, 0},
};

static bool is_name(char c)
{
	return html_is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
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
	a->quoted = false;
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
			a->quoted = true;
		} else {
			for (end = i; end < html.n && !html_is_blank(html.p[end]) && html.p[end] != '>'; end++)
				if (strchr("\"'<`=", html.p[end]) != NULL)
					return false;
			a->value = (struct span){html.p + i, end - i};
			i = end;
		}
	}
	a->all = (struct span){html.p + *at, i - *at};
	a->is = html_name_find(attributes, a->name);
	a->aside = (a->is->what & LONG) != 0 && a->value.n > 0;
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
	if ((a->is->what & kind) == 0)
		return false;
	if ((a->is->what & STYLE) == 0)
		return true;
	if (v.n == 0 || !style_tells(v, kind))
		return false;
	*pre = *pre || memchr(v.p, '&', v.n) != NULL || memmem(v.p, v.n, "hite-", 5) != NULL || memmem(v.p, v.n, "HITE-", 5) != NULL;
	return true;
}
