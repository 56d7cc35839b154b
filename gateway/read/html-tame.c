#include <ctype.h>
#include <strings.h>

#include "gateway/read/html.h"

/* The page as html.c needs it, before libxml2 looks at each of its characters: of a newsletter two thirds are comments,
 * style sheets, attributes that say nothing about words or links, and indentation. What libxml2 would make of the rest
 * must not change: a tag that is not in the plain form stays as it is. */

/* More attributes than any mail program writes in one tag; libxml2 compares each with all before it. */
enum { ATTRIBUTES_MAX = 64 };

struct tamed {
	struct span html;
	char *out; /* never longer than html: each byte that is written has been read */
	size_t n;
	struct arena *arena;
	struct html_aside *aside; /* NULL from where libxml2 may see tags elsewhere than this file does */
	bool pre;  /* from here on blanks may count */
	bool odd_comments; /* one was not in the plain form: no more are looked for */
};

struct attribute {
	struct span all, name, value;
	unsigned tells; /* of which elements, enum element */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_name(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

static void put(struct tamed *t, const char *p, size_t n)
{
	memcpy(t->out + t->n, p, n);
	t->n += n;
}

/* false: it is for libxml2 to read. */
static bool put_aside(struct tamed *t, struct span s)
{
	size_t n = t->aside == NULL ? 0 : html_aside_put(t->aside, t->arena, s, t->out + t->n);
	t->n += n;
	return n > 0;
}

static size_t skip_blanks(struct span s, size_t at)
{
	while (at < s.n && is_blank(s.p[at]))
		at++;
	return at;
}

/* ---- attributes */
enum element { ELEMENT_OTHER = 1, ELEMENT_IMAGE = 2, ELEMENT_LINK = 4, ELEMENT_QUOTE = 8, ELEMENT_WHOLE = 16, ELEMENT_RAW = 32, ELEMENT_PRE = 64, ELEMENT_ANY = 127,
	ATTRIBUTE_LONG = 128 /* its value may lie aside */, ATTRIBUTE_STYLE = 256 };

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
	{NAME("style"), ELEMENT_ANY | ATTRIBUTE_STYLE}, {NAME("class"), ELEMENT_ANY}, {NAME("id"), ELEMENT_ANY}, {NAME("href"), ELEMENT_LINK | ATTRIBUTE_LONG}, {NAME("src"), ELEMENT_IMAGE | ATTRIBUTE_LONG},
	{NAME("alt"), ELEMENT_IMAGE | ATTRIBUTE_LONG},
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

/* name, name=value, name="value" at *at, which moves behind it. false: it is not in the plain form. */
static bool attribute_read(struct span html, size_t *at, struct attribute *a)
{
	size_t i = *at, end;
	if (!is_letter(html.p[i]))
		return false;
	while (i < html.n && is_name(html.p[i]))
		i++;
	a->name = (struct span){html.p + *at, i - *at};
	a->value = (struct span){0};
	size_t equals = skip_blanks(html, i);
	if (equals < html.n && html.p[equals] == '=') {
		i = skip_blanks(html, equals + 1);
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
			for (end = i; end < html.n && !is_blank(html.p[end]) && html.p[end] != '>'; end++)
				if (strchr("\"'<`=", html.p[end]) != NULL)
					return false;
			a->value = (struct span){html.p + i, end - i};
			i = end;
		}
	}
	a->all = (struct span){html.p + *at, i - *at};
	a->tells = known(attributes, a->name);
	*at = i;
	return i < html.n && (is_blank(html.p[i]) || html.p[i] == '>' || html.p[i] == '/');
}

static bool style_tells(struct span style, unsigned element)
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
		if (((element & ELEMENT_QUOTE) != 0 && span_starts_nocase(property, "border-left")) ||
		    ((element & ELEMENT_IMAGE) != 0 && (span_starts_nocase(property, "width") || span_starts_nocase(property, "height"))))
			return true;
	}
	return false;
}

static bool tells(struct tamed *t, const struct attribute *a, unsigned element)
{
	if (element == ELEMENT_WHOLE)
		return true;
	if ((a->tells & element) == 0)
		return false;
	if ((a->tells & ATTRIBUTE_STYLE) == 0)
		return true;
	bool kept = a->value.n > 0 && style_tells(a->value, element);
	t->pre = t->pre || (kept && (memchr(a->value.p, '&', a->value.n) != NULL || memmem(a->value.p, a->value.n, "hite-", 5) != NULL ||
	                             memmem(a->value.p, a->value.n, "HITE-", 5) != NULL));
	return kept;
}

static void put_attribute(struct tamed *t, const struct attribute *a)
{
	t->out[t->n++] = ' ';
	if ((a->tells & ATTRIBUTE_LONG) != 0 && t->aside != NULL && a->value.n > 0 && html_aside_run(a->value) == a->value.n) {
		size_t start = t->n;
		put(t, a->name.p, a->name.n);
		put(t, "=\"", 2);
		if (put_aside(t, a->value)) {
			t->out[t->n++] = '"';
			return;
		}
		t->n = start;
	}
	put(t, a->all.p, a->all.n);
}

/* ---- text */
static void put_text(struct tamed *t, const char *p, size_t n)
{
	if (t->pre) {
		put(t, p, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		bool blank = is_blank(p[i]);
		while (blank && i + 1 < n && is_blank(p[i + 1]))
			i++;
		t->out[t->n++] = blank ? ' ' : p[i];
	}
}

/* How long libxml2 may read on from a character that cannot lie aside: a reference ends at a blank at the latest. */
static size_t odd_length(struct span s)
{
	size_t n = s.n > 0;
	while (n < s.n && s.p[n - 1] != ';' && !is_blank(s.p[n]))
		n++;
	return n;
}

static void text(struct tamed *t, struct span s, bool joined)
{
	while (s.n > 0) {
		size_t n = joined ? 0 : t->aside == NULL ? s.n : html_aside_run(s);
		if (n > 0 && !put_aside(t, (struct span){s.p, n}))
			put_text(t, s.p, n);
		s = span_skip(s, n);
		n = odd_length(s);
		put_text(t, s.p, n);
		s = span_skip(s, n);
		joined = false;
	}
}

/* ---- tags */
/* Writes the tag that begins at `at` without the attributes that nobody asks for. Where it ends; 0 = it is not plain. */
static size_t plain_tag(struct tamed *t, size_t at, unsigned *element)
{
	struct span html = t->html;
	size_t start = t->n, i = at + 1, n = 0;
	bool pre = t->pre;
	while (i < html.n && isalnum((unsigned char)html.p[i]))
		i++;
	*element = known(elements, (struct span){html.p + at + 1, i - at - 1});
	t->pre = t->pre || *element == ELEMENT_WHOLE;
	put(t, html.p + at, i - at);
	for (struct attribute a; i < html.n; n++) {
		size_t next = skip_blanks(html, i);
		if (next < html.n && html.p[next] == '>') {
			t->out[t->n++] = '>';
			return next + 1;
		}
		if (next + 1 < html.n && html.p[next] == '/' && html.p[next + 1] == '>') {
			put(t, "/>", 2);
			*element = ELEMENT_OTHER; /* <style/> has no content */
			return next + 2;
		}
		if (next == i || next == html.n || n == ATTRIBUTES_MAX || !attribute_read(html, &next, &a))
			break;
		if (tells(t, &a, *element))
			put_attribute(t, &a);
		i = next;
	}
	t->n = start;
	t->pre = pre;
	return 0;
}

/* Any other tag, up to its ">"; attributes beyond the limit stay away. A quote counts only where a value begins; one that
 * never closes ends with the page. */
static size_t odd_tag(struct tamed *t, size_t from)
{
	struct span html = t->html;
	size_t count = 0, cut = 0, at = from + 1;
	char before = 0; /* the last byte that is not blank */
	bool between = false;
	for (; at < html.n && html.p[at] != '>'; at++) {
		char c = html.p[at];
		bool blank = (unsigned char)c <= ' ' || c == '/';
		if (between && !blank && ++count > ATTRIBUTES_MAX && cut == 0)
			cut = at;
		between = blank;
		if ((c == '"' || c == '\'') && before == '=') {
			const char *close = memchr(html.p + at + 1, c, html.n - at - 1);
			at = close == NULL ? html.n - 1 : (size_t)(close - html.p);
			between = true;
		}
		before = blank ? before : c;
	}
	at = at < html.n ? at : html.n;
	put(t, html.p + from, (cut > 0 ? cut : at) - from);
	t->pre = true;
	if (at < html.n)
		t->out[t->n++] = html.p[at++];
	return at;
}

/* libxml2 takes the text of <style> and <script> up to the next end tag, whichever it is. */
static size_t raw_end(struct span html, size_t at)
{
	for (const char *p = html.p + at, *end = html.p + html.n; (p = memchr(p, '<', (size_t)(end - p))) != NULL; p++)
		if (end - p > 2 && p[1] == '/' && is_letter(p[2]))
			return (size_t)(p - html.p);
	return html.n;
}

static bool has(struct span s, char c)
{
	return memchr(s.p, c, s.n) != NULL;
}

static size_t count(struct span s, char c)
{
	size_t n = 0;
	for (const char *end = s.p + s.n; (s.p = memchr(s.p, c, (size_t)(end - s.p))) != NULL; s.p++)
		n++;
	return n;
}

/* Whether the end tag at `at` is that of the element whose name stands at name. */
static bool ends(struct span html, size_t at, struct span name)
{
	struct span tag = span_skip(html, at + 2);
	return tag.n > name.n && strncasecmp(tag.p, name.p, name.n) == 0 && (is_blank(tag.p[name.n]) || tag.p[name.n] == '>');
}

static size_t tag(struct tamed *t, size_t at)
{
	struct span html = t->html;
	unsigned element;
	size_t end = plain_tag(t, at, &element);
	if (end == 0) {
		end = odd_tag(t, at);
		struct span odd = {html.p + at, end - at};
		if (element == ELEMENT_RAW || has(odd, '"') || has(odd, '\''))
			t->aside = NULL;
		return end;
	}
	t->pre = t->pre || element == ELEMENT_PRE;
	if (element != ELEMENT_RAW)
		return end;
	size_t to = raw_end(html, end);
	if (!ends(html, to, (struct span){html.p + at + 1, strcspn(html.p + at + 1, " \t\r\n>")}))
		t->aside = NULL;
	return to;
}

/* An end tag, a declaration, or only a "<". */
static size_t other(struct tamed *t, size_t at)
{
	struct span rest = span_skip(t->html, at);
	const char *open = memchr(rest.p + 1, '<', rest.n - 1);
	struct span s = {rest.p, open == NULL ? rest.n : (size_t)(open - rest.p)};
	const char *close = memchr(s.p, '>', s.n);
	if (close != NULL)
		s.n = (size_t)(close - s.p) + 1;
	else if (s.n > 1 && strchr("/!?", s.p[1]) != NULL)
		t->aside = NULL;
	if (s.n > 1 && s.p[1] == '!' && (has(s, '\'') || count(s, '"') % 2 == 1))
		t->aside = NULL;
	put_text(t, s.p, s.n);
	return at + s.n;
}

/* Behind the comment at `at`; at itself when there is none in the plain form. */
static size_t comment_end(struct tamed *t, size_t at)
{
	struct span rest = span_skip(t->html, at);
	if (t->odd_comments || !span_starts(rest, "<!--"))
		return at;
	const char *end = memmem(rest.p + 4, rest.n - 4, "-->", 3);
	if (end != NULL && memmem(rest.p, (size_t)(end - rest.p), "--!>", 4) == NULL)
		return (size_t)(end - t->html.p) + 3;
	t->odd_comments = true;
	t->aside = NULL;
	return at;
}

static struct span tame(struct span html, struct arena *arena, struct html_aside *aside)
{
	struct tamed t = {.html = html, .out = arena_bytes(arena, html.n + 1), .arena = arena, .aside = aside};
	bool joined = false; /* what follows a comment may belong to a reference or to a tag before it */
	for (size_t at = 0; at < html.n;) {
		const char *open = memchr(html.p + at, '<', html.n - at);
		size_t to = open == NULL ? html.n : (size_t)(open - html.p);
		text(&t, (struct span){html.p + at, to - at}, joined);
		if (to == html.n)
			break;
		at = comment_end(&t, to);
		joined = at > to && t.n > 0 && t.out[t.n - 1] != '>';
		if (joined && t.out[t.n - 1] == '<')
			t.aside = NULL;
		if (at > to)
			continue;
		at = at + 1 < html.n && is_letter(html.p[at + 1]) ? tag(&t, at) : other(&t, at);
	}
	t.out[t.n] = '\0';
	for (char *nul = t.out; (nul = memchr(nul, '\0', t.n - (size_t)(nul - t.out))) != NULL;)
		*nul = ' '; /* libxml2 would stop there */
	return (struct span){t.out, t.n};
}

struct span html_tame(struct span html, struct arena *arena, struct html_aside *aside)
{
	if (aside == NULL || !html_aside_can(html))
		return tame(html, arena, NULL);
	struct span tamed = tame(html, arena, aside);
	if (aside->n == 0 || !html_aside_forged(tamed))
		return tamed;
	aside->n = 0;
	return tame(html, arena, NULL);
}
