#include <ctype.h>

#include "gateway/read/parts.h"

#define URL_MAX 8192
#define AROUND 80
#define WRAPPED_LINES 12 /* lines over which one <URL> may be broken */

/* ---- lines */

/* Takes the quote marks off: ">>", "> > ". In format=flowed (RFC 3676) nothing stands between them. */
static unsigned take_quotes(struct span *line, bool flowed)
{
	unsigned n = 0;
	struct span s = *line;
	while (s.n > 0) {
		struct span after = s;
		if (!flowed && after.p[0] == ' ' && after.n > 1 && n > 0)
			after = span_skip(after, 1);
		if (after.p[0] != '>')
			break;
		s = span_skip(after, 1);
		n++;
	}
	if ((n > 0 || flowed) && s.n > 0 && s.p[0] == ' ')
		s = span_skip(s, 1); /* the stuffed blank, or the one after a mark */
	*line = s;
	return n;
}

static bool is_separator(struct span s)
{
	return span_eq(s, "-- ");
}

/* Nobody writes that many: the rest is not read, so that a file of empty lines stays small. */
enum { LINES_MAX = 500000 };

static void add_line(struct body *b, struct arena *arena, struct span text, unsigned quote)
{
	if (b->n == LINES_MAX)
		return;
	*ARENA_PUSH(arena, b->lines, b->n) = (struct body_line){.text = text, .quote = quote};
}

static void read_fixed(struct span rest, struct arena *arena, struct body *b)
{
	struct span line;
	while (span_line(&rest, &line)) {
		unsigned quote = take_quotes(&line, false);
		add_line(b, arena, line, quote);
	}
}

/* Lines that end in a blank go on in the next one of the same quote level. */
static void read_flowed(struct span rest, bool delsp, struct arena *arena, struct body *b)
{
	struct str paragraph = {.max = rest.n + 1};
	struct span line;
	bool open = false;
	unsigned level = 0;
	while (span_line(&rest, &line)) {
		unsigned quote = take_quotes(&line, true);
		bool soft = line.n > 0 && line.p[line.n - 1] == ' ' && !is_separator(line);
		if (open && (quote != level || is_separator(line))) {
			add_line(b, arena, span_of(arena_strndup(arena, str_c(&paragraph), paragraph.n)), level);
			str_clear(&paragraph);
			open = false;
		}
		if (!soft && !open) {
			add_line(b, arena, line, quote);
			continue;
		}
		str_add(&paragraph, line.p, line.n - (soft && delsp));
		open = soft;
		level = quote;
		if (!open) {
			add_line(b, arena, span_of(arena_strndup(arena, str_c(&paragraph), paragraph.n)), level);
			str_clear(&paragraph);
		}
	}
	if (open)
		add_line(b, arena, span_of(arena_strndup(arena, str_c(&paragraph), paragraph.n)), level);
	str_release(&paragraph);
}

static const char *join_lines(const struct body *b, struct arena *arena)
{
	size_t bytes = 1;
	for (size_t i = 0; i < b->n; i++)
		bytes += b->lines[i].text.n + b->lines[i].quote + 2;
	char *text = arena_alloc(arena, bytes), *to = text;
	for (size_t i = 0; i < b->n; i++) {
		const struct body_line *l = &b->lines[i];
		if (i > 0)
			*to++ = '\n';
		memset(to, '>', l->quote);
		to += l->quote;
		if (l->quote > 0 && l->text.n > 0)
			*to++ = ' ';
		if (l->text.n > 0)
			memcpy(to, l->text.p, l->text.n);
		to += l->text.n;
	}
	return text;
}

/* ---- bare URLs */

static bool ends_url(unsigned char c)
{
	return c > '>' ? c == '`' || c == 0x7f : c <= ' ' || c == '<' || c == '>' || c == '"';
}

/* How many of these bytes belong to a URL that begins there. */
static size_t url_bytes(struct span s)
{
	size_t n = 0;
	while (n < s.n && !ends_url((unsigned char)s.p[n]))
		n++;
	return n;
}

/* Without the punctuation that belongs to the sentence: a closing bracket only when it was not opened inside. */
static size_t trim_url(const char *p, size_t n)
{
	static const char opens[] = "([{", closes[] = ")]}";
	size_t opened[3], closed[3];
	bool counted[3] = {false};
	for (; n > 0; n--) {
		const char *at = memchr(closes, p[n - 1], sizeof closes - 1);
		size_t kind = at == NULL ? 0 : (size_t)(at - closes);
		if (at == NULL && strchr(".,;:!?'*_|\\", p[n - 1]) == NULL)
			break;
		if (at == NULL)
			continue;
		if (!counted[kind]) {
			opened[kind] = span_count((struct span){p, n}, opens[kind]);
			closed[kind] = opened[kind] == 0 ? n : span_count((struct span){p, n}, closes[kind]);
		}
		counted[kind] = true;
		if (opened[kind] >= closed[kind])
			break;
		closed[kind]--;
	}
	return n;
}

/* The scheme that stands before "://" at p: its bytes, 0 = neither http nor https. */
static size_t scheme_before(const char *line, const char *p)
{
	struct span before = {line, (size_t)(p - line)};
	size_t n = span_ends_nocase(before, "https") ? 5 : span_ends_nocase(before, "http") ? 4 : 0;
	return n > 0 && before.n > n && isalnum((unsigned char)p[-(long)n - 1]) ? 0 : n;
}

/* "<https://…" whose end is on a later line (RFC 3986 appendix C): the whole, or NULL when the '>' does not come. */
static const char *unwrap_lines(const struct body *b, size_t line, struct span start, struct arena *arena)
{
	struct str url = {.max = URL_MAX};
	const char *whole = NULL;
	str_span(&url, start);
	for (size_t i = line + 1; i < b->n && i <= line + WRAPPED_LINES && b->lines[i].quote == b->lines[line].quote; i++) {
		struct span s = span_trim(b->lines[i].text);
		size_t n = url_bytes((struct span){s.p, s.n < URL_MAX + 1 ? s.n : URL_MAX + 1});
		str_add(&url, s.p, n);
		if (n == 0 || url.cut || (n < s.n && s.p[n] != '>'))
			break;
		if (n < s.n) {
			whole = arena_strndup(arena, str_c(&url), url.n);
			break;
		}
	}
	str_release(&url);
	return whole;
}

static void add_bare(struct body *b, struct arena *arena, size_t line, const char *seen, struct span before)
{
	size_t skip = before.n > AROUND ? before.n - AROUND : 0;
	while (skip < before.n && ((unsigned char)before.p[skip] & 0xc0) == 0x80)
		skip++;
	before = span_trim(span_skip(before, skip));
	*ARENA_PUSH(arena, b->anchors, b->n_anchors) = (struct anchor){
		.seen = seen, .text = "", .line = line, .what = ANCHOR_BARE, .width = -1, .height = -1,
		.heading = "", .around = arena_strndup(arena, before.p, before.n)};
}

/* The next "://". */
static const char *find_mark(const char *p, const char *end)
{
	for (; end - p >= 3 && (p = memchr(p, ':', (size_t)(end - p) - 2)) != NULL; p++)
		if (p[1] == '/' && p[2] == '/')
			return p;
	return NULL;
}

static void find_urls(struct body *b, struct arena *arena, size_t line)
{
	struct span s = b->lines[line].text;
	const char *end = s.p + s.n, *mark;
	for (const char *at = s.p; (mark = find_mark(at, end)) != NULL;) {
		size_t scheme = scheme_before(at, mark), n = 3 + url_bytes((struct span){mark + 3, (size_t)(end - mark) - 3});
		const char *start = mark - scheme;
		at = mark + n;
		if (scheme == 0 || n == 3 || n > URL_MAX)
			continue;
		bool angle = start > s.p && start[-1] == '<';
		const char *whole = angle && at == end ? unwrap_lines(b, line, (struct span){start, scheme + n}, arena) : NULL;
		n = angle && at < end && *at == '>' ? n : trim_url(mark, n);
		if (whole == NULL && n > 3)
			whole = arena_strndup(arena, start, scheme + n);
		if (whole != NULL)
			add_bare(b, arena, line, whole, (struct span){s.p, (size_t)(start - s.p)});
	}
}

void text_read(const struct part *part, struct arena *arena, struct body *b)
{
	*b = (struct body){.text = ""};
	if (part->flowed)
		read_flowed(part->text, part->delsp, arena, b);
	else
		read_fixed(part->text, arena, b);
	b->text = join_lines(b, arena);
	for (size_t i = 0; i < b->n; i++)
		find_urls(b, arena, i);
}
