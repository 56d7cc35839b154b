#include "gateway/read/html.h"

/* More attributes than any mail program writes in one tag; libxml2 compares each with all before it. */
enum { ATTRIBUTES_MAX = 64, TAG_SHORT = 256 };

struct tamed {
	struct arena *arena;
	struct span html;
	char *copy; /* made when the first byte must change */
};

static void blank_out(struct tamed *t, size_t from, size_t to)
{
	if (t->copy == NULL)
		t->copy = arena_strndup(t->arena, t->html.p, t->html.n);
	memset(t->copy + from, ' ', to - from);
}

/* From behind "<name" to its ">": attributes beyond the limit become blanks. Answers where the tag ends. A quote counts
 * only where a value begins; one that never closes ends with the page. */
static size_t tame_tag(struct tamed *t, size_t at)
{
	struct span html = t->html;
	size_t attributes = 0, cut = 0;
	char before = 0; /* the last byte that is not blank */
	bool between = false;
	for (; at < html.n && html.p[at] != '>'; at++) {
		char c = html.p[at];
		bool blank = (unsigned char)c <= ' ' || c == '/';
		if (between && !blank && ++attributes > ATTRIBUTES_MAX && cut == 0)
			cut = at;
		between = blank;
		if ((c == '"' || c == '\'') && before == '=') {
			const char *close = memchr(html.p + at + 1, c, html.n - at - 1);
			at = close == NULL ? html.n - 1 : (size_t)(close - html.p);
			between = true;
		}
		before = blank ? before : c;
	}
	if (cut > 0)
		blank_out(t, cut, at);
	return at;
}

static void tame_tags(struct tamed *t)
{
	struct span html = t->html;
	for (const char *p = html.p, *end = html.p + html.n; p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL;) {
		size_t at = (size_t)(p - html.p) + 1, near = html.n - at < TAG_SHORT ? html.n - at : TAG_SHORT;
		const char *close = memchr(html.p + at, '>', near);
		bool quoted = close != NULL && memchr(html.p + at, '"', (size_t)(close - p) - 1) != NULL;
		if (close != NULL && !quoted && memchr(html.p + at, '\'', (size_t)(close - p) - 1) == NULL)
			p = close; /* the usual short tag */
		else if (at < html.n && (html.p[at] | 0x20) >= 'a' && (html.p[at] | 0x20) <= 'z')
			p = html.p + tame_tag(t, at);
		else
			p++;
	}
}

struct span html_tame(struct span html, struct arena *arena)
{
	struct tamed t = {.arena = arena, .html = html};
	for (size_t i = 0; i < html.n;) {
		const char *nul = memchr(html.p + i, '\0', html.n - i);
		if (nul == NULL)
			break;
		i = (size_t)(nul - html.p) + 1;
		blank_out(&t, i - 1, i); /* libxml2 would stop there */
	}
	tame_tags(&t);
	return t.copy == NULL ? html : (struct span){t.copy, html.n};
}
