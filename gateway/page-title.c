#include "gateway/page-title.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "gateway/read/charset.h"

#define TAG_MAX 4096         /* bytes looked at of one tag */
#define CHARSET_WITHIN 1024 /* HTML, 4.2.5.4: there the charset must be named */

/* ---- tags */

static struct span skip_space(struct span s)
{
	while (s.n > 0 && isspace((unsigned char)s.p[0]))
		s = span_skip(s, 1);
	return s;
}

static bool is_tag(struct span at, const char *tag)
{
	size_t n = strlen(tag);
	return at.n > n && strncasecmp(at.p, tag, n) == 0 && (isspace((unsigned char)at.p[n]) || at.p[n] == '>' || at.p[n] == '/');
}

/* From the next `what` on, which begins with '<' or '-'; empty when there is none. */
static struct span find(struct span s, const char *what)
{
	size_t n = strlen(what);
	while (s.n >= n) {
		const char *p = memchr(s.p, what[0], s.n - n + 1);
		if (p == NULL)
			break;
		s = span_skip(s, (size_t)(p - s.p));
		if (strncasecmp(s.p, what, n) == 0)
			return s;
		s = span_skip(s, 1);
	}
	return (struct span){"", 0};
}

bool page_title_seen(struct span html, size_t from)
{
	struct span s = span_skip(html, from <= CHARSET_WITHIN ? 0 : from - 8);
	if (find(s, "</head").n > 0 || find(s, "<body").n > 0)
		return true;
	return html.n >= CHARSET_WITHIN && find(s, "</title").n > 0;
}

/* Takes the next attribute off *rest; false at the tag's end. */
static bool next_attribute(struct span *rest, struct span *name, struct span *value)
{
	struct span s = *rest;
	while (s.n > 0 && (isspace((unsigned char)s.p[0]) || s.p[0] == '/'))
		s = span_skip(s, 1);
	size_t n = 0;
	while (n < s.n && !isspace((unsigned char)s.p[n]) && strchr("=>/", s.p[n]) == NULL)
		n++;
	*name = (struct span){s.p, n};
	*value = (struct span){"", 0};
	s = span_skip(s, n);
	if (n == 0 && (s.n == 0 || s.p[0] != '=')) {
		*rest = s;
		return false;
	}
	struct span after = skip_space(s);
	if (after.n > 0 && after.p[0] == '=') {
		s = skip_space(span_skip(after, 1));
		char quote = s.n > 0 && (s.p[0] == '"' || s.p[0] == '\'') ? s.p[0] : '\0';
		s = span_skip(s, quote != '\0');
		for (n = 0; n < s.n && (quote != '\0' ? s.p[n] != quote : !isspace((unsigned char)s.p[n]) && s.p[n] != '>'); n++)
			;
		*value = (struct span){s.p, n};
		s = span_skip(s, n + (quote != '\0' && n < s.n));
	}
	*rest = s;
	return true;
}

/* Of <meta …>: what og:title says. *s moves on to its end, so that no byte is looked at twice. */
static struct span meta_title(struct span *s)
{
	struct span at = {s->p, s->n < TAG_MAX ? s->n : TAG_MAX}, name, value, content = {"", 0};
	bool is_title = false;
	at = span_skip(at, strlen("<meta"));
	while (next_attribute(&at, &name, &value)) {
		is_title = is_title || ((span_eq_nocase(name, "property") || span_eq_nocase(name, "name")) && span_eq_nocase(value, "og:title"));
		if (span_eq_nocase(name, "content"))
			content = value;
	}
	*s = span_skip(*s, (size_t)(at.p - s->p) - 1);
	return is_title ? content : (struct span){"", 0};
}

static struct span title_text(struct span at)
{
	struct span open = at, name, value;
	open = span_skip(open, strlen("<title"));
	while (next_attribute(&open, &name, &value))
		;
	open = span_skip(open, 1);
	struct span close = find(open, "</title");
	return close.n == 0 ? (struct span){"", 0} : (struct span){open.p, (size_t)(close.p - open.p)};
}

/* ---- text */

static const struct {
	const char *name;
	uint32_t code;
} entities[] = {
	{"amp", '&'},       {"lt", '<'},        {"gt", '>'},        {"quot", '"'},      {"apos", '\''},     {"nbsp", 0xa0},     {"ndash", 0x2013},
	{"mdash", 0x2014},  {"hellip", 0x2026}, {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"ldquo", 0x201c},  {"rdquo", 0x201d},  {"bdquo", 0x201e},
	{"sbquo", 0x201a},  {"laquo", 0xab},    {"raquo", 0xbb},    {"middot", 0xb7},   {"bull", 0x2022},   {"copy", 0xa9},     {"reg", 0xae},
	{"trade", 0x2122},  {"shy", 0xad},      {"iexcl", 0xa1},    {"iquest", 0xbf},   {"auml", 0xe4},     {"ouml", 0xf6},     {"uuml", 0xfc},
	{"Auml", 0xc4},     {"Ouml", 0xd6},     {"Uuml", 0xdc},     {"szlig", 0xdf},    {"agrave", 0xe0},   {"aacute", 0xe1},   {"acirc", 0xe2},
	{"atilde", 0xe3},   {"aring", 0xe5},    {"aelig", 0xe6},    {"ccedil", 0xe7},   {"egrave", 0xe8},   {"eacute", 0xe9},   {"ecirc", 0xea},
	{"euml", 0xeb},     {"igrave", 0xec},   {"iacute", 0xed},   {"icirc", 0xee},    {"iuml", 0xef},     {"ntilde", 0xf1},   {"ograve", 0xf2},
	{"oacute", 0xf3},   {"ocirc", 0xf4},    {"otilde", 0xf5},   {"oslash", 0xf8},   {"ugrave", 0xf9},   {"uacute", 0xfa},   {"ucirc", 0xfb},
	{"Eacute", 0xc9},   {"Agrave", 0xc0},   {"Aring", 0xc5},    {"Oslash", 0xd8},   {"Ccedil", 0xc7},   {"euro", 0x20ac},   {"times", 0xd7},
};

/* &#128; to &#159; mean windows-1252 (HTML, 13.2.5.80). */
static const uint16_t windows_1252[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
                                          0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                          0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

static uint32_t number_entity(struct span digits)
{
	bool hex = span_starts_nocase(digits, "x");
	uint32_t code = 0;
	digits = span_skip(digits, hex);
	for (size_t i = 0; i < digits.n; i++) {
		unsigned char c = (unsigned char)digits.p[i];
		if (hex ? !isxdigit(c) : !isdigit(c))
			return 0;
		code = code * (hex ? 16 : 10) + (isdigit(c) ? c - 0x30u : (c | 0x20u) - 0x61u + 10u);
	}
	if (code >= 0x80 && code < 0xa0)
		return windows_1252[code - 0x80];
	return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0xfffd : code;
}

/* At '&': its code and how long it is; 0 = no entity that we know, it stays as written. */
static uint32_t entity(struct span s, size_t *n)
{
	const char *end = memchr(s.p, ';', s.n < 12 ? s.n : 12);
	if (end == NULL)
		return 0;
	struct span name = {s.p + 1, (size_t)(end - s.p) - 1};
	uint32_t code = 0;
	if (span_starts(name, "#") && name.n > 1)
		code = number_entity(span_skip(name, 1));
	for (size_t i = 0; code == 0 && i < sizeof entities / sizeof *entities; i++)
		if (span_eq(name, entities[i].name))
			code = entities[i].code;
	*n = name.n + 2;
	return code;
}

static bool is_space(uint32_t c)
{
	return c <= ' ' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0x85;
}

/* Controls, and what would turn the text around it or be seen by nobody. */
static bool is_hidden(uint32_t c)
{
	return (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffd) || (c >= 0xe0000 && c <= 0xe0fff) || (c & 0xfffe) == 0xfffe;
}

static const char *one_line(struct arena *arena, struct span text)
{
	struct str out = {.max = 4 * PAGE_TITLE_MAX};
	char bytes[4];
	for (const char *p = text.p, *end = text.p + text.n; p < end && !out.cut;) {
		size_t n = 0;
		uint32_t c = *p == '&' ? entity((struct span){p, (size_t)(end - p)}, &n) : 0;
		if (c != 0)
			p += n;
		else
			c = utf8_next(&p, end);
		if (is_space(c) && out.n > 0 && out.p[out.n - 1] != ' ')
			str_putc(&out, ' ');
		else if (!is_space(c) && !is_hidden(c))
			str_add(&out, bytes, utf8_put(bytes, c));
	}
	struct span all = span_trim((struct span){str_c(&out), out.n});
	size_t kept = all.n <= PAGE_TITLE_MAX ? all.n : utf8_prefix(all.p, all.n, PAGE_TITLE_MAX - strlen("…"));
	const char *title = arena_printf(arena, "%.*s%s", (int)kept, all.p, kept < all.n ? "…" : "");
	str_release(&out);
	return title;
}

/* ---- the page */

/* What stands behind "charset" and '=' in text; "" = nothing. out holds 40 bytes. */
static void charset_in(struct span text, char out[40])
{
	size_t n = 0;
	out[0] = '\0';
	for (size_t i = 0; i + 8 <= text.n; i++) {
		if (strncasecmp(text.p + i, "charset", 7) != 0)
			continue;
		struct span s = skip_space(span_skip(text, i + 7));
		if (s.n == 0 || s.p[0] != '=')
			continue;
		s = skip_space(span_skip(s, 1));
		s = span_skip(s, s.n > 0 && (s.p[0] == '"' || s.p[0] == '\''));
		while (n < s.n && n < 39 && (isalnum((unsigned char)s.p[n]) || strchr("-_:.", s.p[n]) != NULL))
			n++;
		memcpy(out, s.p, n);
		out[n] = '\0';
		return;
	}
}

/* HTML, 13.2.3.2: the byte order mark, then the header, then the page's own word, which cannot be true when it says UTF-16. */
static struct span as_utf8(struct arena *arena, const char *type, struct span html)
{
	char charset[40];
	enum charset_how how;
	charset_in(span_of(type), charset);
	if (charset[0] == '\0') {
		charset_in((struct span){html.p, html.n < CHARSET_WITHIN ? html.n : CHARSET_WITHIN}, charset);
		if (strncasecmp(charset, "utf-16", 6) == 0)
			charset[0] = '\0';
	}
	const char *marked = span_starts(html, "\xef\xbb\xbf") ? "utf-8" : span_starts(html, "\xff\xfe") ? "utf-16le" : span_starts(html, "\xfe\xff") ? "utf-16be" : charset;
	return charset_to_utf8(arena, marked, html, &how);
}

/* Steps behind what no tag can stand in; what does not end, ends the page. */
static struct span next_tag(struct span at)
{
	static const char *const raw[][2] = {{"<!--", "-->"}, {"<script", "</script"}, {"<style", "</style"}};
	for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
		if (i == 0 ? span_starts(at, raw[i][0]) : is_tag(at, raw[i][0]))
			return find(find(span_skip(at, 4), raw[i][1]), "<");
	return find(span_skip(at, 1), "<");
}

const char *page_title(struct arena *arena, const char *type, struct span html)
{
	const char *title = "", *other = "";
	bool seen = false;
	for (struct span s = find(as_utf8(arena, type, html), "<"); s.n > 0; s = next_tag(s)) {
		if (is_tag(s, "<body") || is_tag(s, "</head"))
			break;
		if (is_tag(s, "<title") && !seen) {
			seen = true; /* a page has one: looking for the end of each would take the square of its size */
			title = one_line(arena, title_text(s));
		}
		if (title[0] != '\0')
			return title;
		if (is_tag(s, "<meta") && other[0] == '\0')
			other = one_line(arena, meta_title(&s));
	}
	return other;
}
