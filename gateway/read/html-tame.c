#include <ctype.h>
#include <strings.h>

#include "gateway/read/html-tame.h"

/* The page as html.c needs it, before libxml2 looks at each of its characters: of a newsletter two thirds are comments,
 * style sheets, attributes that say nothing about words or links, and indentation. What libxml2 would make of the rest
 * must not change: a tag that is not in the plain form stays as it is. */

/* More attributes than any mail program writes in one tag; libxml2 compares each with all before it. */
enum { ATTRIBUTES_MAX = 64 };

/* No address is as long. libxml2 looks up each reference in a value, and html.c cannot help it there (names_renew). */
enum { ATTRIBUTE_BYTES = 1 << 18 };

static void put(struct html_tamed *t, const char *p, size_t n)
{
	memcpy(t->out + t->n, p, n);
	t->n += n;
}

/* false: it is for libxml2 to read. */
static bool put_aside(struct html_tamed *t, struct html_piece piece)
{
	if (t->aside == NULL || !html_aside_worth(piece.words) || !html_aside_push(t->aside, t->arena, &piece))
		return false;
	t->n += html_aside_code(t->aside->n - 1, t->out + t->n);
	return true;
}

/* ---- attributes and text */
static void put_attribute(struct html_tamed *t, const struct html_attribute *a)
{
	t->out[t->n++] = ' ';
	if (a->aside && t->aside != NULL && html_aside_run(a->value) == a->value.n) {
		size_t start = t->n;
		put(t, a->name.p, a->name.n);
		put(t, "=\"", 2);
		if (put_aside(t, (struct html_piece){.is = PIECE_VALUE, .words = a->value})) {
			t->out[t->n++] = '"';
			return;
		}
		t->n = start;
	}
	put(t, a->all.p, a->all.n);
}

static void put_text(struct html_tamed *t, const char *p, size_t n)
{
	if (t->pre) {
		put(t, p, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		bool blank = html_is_blank(p[i]);
		while (blank && i + 1 < n && html_is_blank(p[i + 1]))
			i++;
		t->out[t->n++] = blank ? ' ' : p[i];
	}
}

/* How long libxml2 may read on from a character that cannot lie aside: a reference ends at a blank at the latest. */
static size_t odd_length(struct span s)
{
	size_t n = s.n > 0;
	while (n < s.n && s.p[n - 1] != ';' && !html_is_blank(s.p[n]))
		n++;
	return n;
}

/* Words that hold nothing that may go on behind them. */
static void put_words(struct html_tamed *t, struct span s)
{
	struct html_piece piece = {.is = PIECE_WORDS, .words = s};
	if (t->aside != NULL && put_aside(t, piece))
		return;
	put_text(t, s.p, s.n);
	t->calm = t->n;
	if (t->aside == NULL || t->open.n == 0 || !t->open.v[t->open.n - 1].whole || !html_aside_push(t->aside, t->arena, &piece))
		t->own = t->n;
}

static void text(struct html_tamed *t, struct span s, bool joined)
{
	while (s.n > 0) {
		size_t n = joined ? 0 : t->aside == NULL ? s.n : html_aside_run(s);
		if (n > 0)
			put_words(t, (struct span){s.p, n});
		s = span_skip(s, n);
		if (s.n == 0)
			return;
		n = odd_length(s);
		put_text(t, s.p, n);
		t->own = t->n;
		s = span_skip(s, n);
		joined = false;
	}
}

/* ---- tags */
/* Writes the tag that begins at `at` without the attributes that nobody asks for. Where it ends; 0 = it is not plain. */
static size_t plain_tag(struct html_tamed *t, size_t at, struct html_start *tag)
{
	struct span html = t->html;
	size_t i = at + 1, n = 0;
	bool pre = t->pre;
	while (i < html.n && isalnum((unsigned char)html.p[i]))
		i++;
	tag->name = html_element_named((struct span){html.p + at + 1, i - at - 1});
	tag->empty = false;
	tag->n_told = 0;
	tag->from = t->n;
	tag->n_aside = t->aside == NULL ? 0 : t->aside->n;
	unsigned kind = tag->name->what;
	t->pre = t->pre || kind == ELEMENT_WHOLE;
	put(t, html.p + at, i - at);
	for (struct html_attribute a; i < html.n; n++) {
		size_t next = html_skip_blanks(html, i);
		if (next < html.n && html.p[next] == '>') {
			t->out[t->n++] = '>';
			return next + 1;
		}
		if (next + 1 < html.n && html.p[next] == '/' && html.p[next + 1] == '>') {
			put(t, "/>", 2);
			tag->empty = true;
			return next + 2;
		}
		if (next == i || next == html.n || n == ATTRIBUTES_MAX || !html_attribute_read(html, &next, &a))
			break;
		if (html_attribute_tells(&a, kind, &t->pre) && a.value.n <= ATTRIBUTE_BYTES) {
			if (tag->n_told < sizeof tag->told / sizeof *tag->told)
				tag->told[tag->n_told] = a;
			tag->n_told++;
			put_attribute(t, &a);
		}
		i = next;
	}
	t->n = tag->from;
	t->pre = pre;
	return 0;
}

/* Any other tag, up to its ">"; attributes beyond the limit stay away. A quote counts only where a value begins; one that
 * never closes ends with the page. */
static size_t odd_tag(struct html_tamed *t, size_t from)
{
	struct span html = t->html;
	size_t count = 0, cut = 0, at = from + 1, start = at;
	char before = 0; /* the last byte that is not blank */
	bool between = false;
	for (; at < html.n && html.p[at] != '>'; at++) {
		char c = html.p[at];
		bool blank = (unsigned char)c <= ' ' || c == '/';
		if (between && !blank) {
			start = at;
			if (++count > ATTRIBUTES_MAX && cut == 0)
				cut = at;
		}
		between = blank;
		if ((c == '"' || c == '\'') && before == '=') {
			const char *close = memchr(html.p + at + 1, c, html.n - at - 1);
			at = close == NULL ? html.n - 1 : (size_t)(close - html.p);
			between = true;
		}
		if (at - start > ATTRIBUTE_BYTES && cut == 0)
			cut = start;
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
		if (end - p > 2 && p[1] == '/' && html_is_letter(p[2]))
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
	return tag.n > name.n && strncasecmp(tag.p, name.p, name.n) == 0 && (html_is_blank(tag.p[name.n]) || tag.p[name.n] == '>');
}

static size_t tag(struct html_tamed *t, size_t at)
{
	struct span html = t->html;
	struct html_start tag;
	size_t end = plain_tag(t, at, &tag);
	unsigned kind = tag.empty ? ELEMENT_OTHER : tag.name->what; /* <style/> has no content */
	if (end == 0) {
		end = odd_tag(t, at);
		t->open.n = 0;
		struct span odd = {html.p + at, end - at};
		if (kind == ELEMENT_RAW || has(odd, '"') || has(odd, '\''))
			t->aside = NULL;
		return end;
	}
	t->pre = t->pre || kind == ELEMENT_PRE;
	size_t behind = html_whole_leaf(t, &tag, end);
	if (behind > 0)
		return behind;
	html_whole_start(t, &tag);
	if (kind != ELEMENT_RAW)
		return end;
	size_t to = raw_end(html, end);
	if (!ends(html, to, (struct span){html.p + at + 1, strcspn(html.p + at + 1, " \t\r\n>")}))
		t->aside = NULL;
	return to;
}

/* An end tag, a declaration, or only a "<". */
static size_t other(struct html_tamed *t, size_t at)
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
	bool end = s.n > 3 && s.p[1] == '/' && s.p[s.n - 1] == '>';
	if (end && html_whole_end(t, html_element_named((struct span){s.p + 2, s.n - 3})))
		return at + s.n;
	if (!end)
		t->open.n = 0;
	put_text(t, s.p, s.n);
	t->own = t->n;
	return at + s.n;
}

/* Behind the comment at `at`; at itself when there is none in the plain form. */
static size_t comment_end(struct html_tamed *t, size_t at)
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
	struct html_tamed t = {.html = html, .out = arena_bytes(arena, html.n + 1), .arena = arena, .aside = aside};
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
		at = at + 1 < html.n && html_is_letter(html.p[at + 1]) ? tag(&t, at) : other(&t, at);
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
