#include "gateway/read/html-block.h"

#include <strings.h>

#include "gateway/read/html.h"

enum { LINES_MAX = 500000, BLANKS_MAX = 2 };

/* The line that is being written becomes an element of lines; its text is only a length until html_text_end. */
static void line_push(struct html_text *t, unsigned marks, unsigned depth)
{
	struct body_line *line = ARENA_PUSH(t->arena, t->lines, t->n);
	*line = (struct body_line){.text.n = t->out.n - t->line_start, .marks = marks, .quote_depth = depth};
	t->blanks = t->open ? 0 : t->blanks + 1;
	str_putc(&t->out, '\n');
	t->line_start = t->out.n;
	t->open = false;
	t->tab = t->blank = false;
}

static unsigned depth_above(const struct html_text *t)
{
	return t->n > 0 ? t->lines[t->n - 1].quote_depth : 0;
}

static void empty_line(struct html_text *t)
{
	if (t->n > 0 && t->blanks < BLANKS_MAX && t->n < LINES_MAX)
		line_push(t, 0, depth_above(t) < t->depth ? depth_above(t) : t->depth);
}

static void line_end(struct html_text *t)
{
	if (t->open && t->n < LINES_MAX)
		line_push(t, t->line_marks, t->line_depth);
	else if (t->open)
		t->blank = true; /* so many lines: the rest is one */
}

void html_text_break(struct html_text *t, int want)
{
	if (want > t->want)
		t->want = want;
	t->tab = t->blank = false;
}

static void break_now(struct html_text *t)
{
	if (t->want == 0)
		return;
	line_end(t);
	if (t->want > 1 && t->blanks == 0)
		empty_line(t);
	t->want = 0;
}

void html_text_line(struct html_text *t)
{
	break_now(t);
	if (t->open)
		line_end(t);
	else
		empty_line(t);
}

/* Called before each visible character. */
static void begin(struct html_text *t)
{
	break_now(t);
	if (!t->open) {
		t->open = true;
		t->line_depth = t->depth;
		t->line_marks = t->marks | t->next_marks;
		t->next_marks = 0;
	} else if (t->tab || t->blank) {
		str_putc(&t->out, t->tab ? '\t' : ' ');
	}
	t->tab = t->blank = false;
}

/* Marks that shape the line for a screen but say nothing: soft hyphens, zero-width blanks, newsletters' filler. */
static bool is_filler(uint32_t c)
{
	return c == 0xad || c == 0x200b || c == 0x2060 || c == 0xfeff || c == 0x34f || c == 0xfffc || c < 0x20 || c == 0x7f;
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000 || c == 0x2007;
}

static void add_code(struct html_text *t, uint32_t c, const char *p, size_t n, bool pre)
{
	if (pre && (c == '\n' || c == '\r')) {
		if (c == '\n')
			html_text_line(t);
	} else if (pre && (c == ' ' || c == '\t')) {
		begin(t);
		str_putc(&t->out, (char)c);
	} else if (is_blank(c)) {
		t->blank = t->blank || (t->open && t->want == 0);
	} else if (is_filler(c) || ((c == 0x200c || c == 0x200d) && (!t->open || t->blank))) {
		return;
	} else {
		begin(t);
		str_add(&t->out, p, n);
	}
}

/* Surely visible: what add_code looks for begins with other bytes (or with e3 80). The text is valid UTF-8. */
static inline bool is_plain(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;
	if (c < 0x80)
		return c > ' ' && c < 0x7f;
	return c != 0xc2 && c != 0xcd && c != 0xe2 && c != 0xef && (c != 0xe3 || (p + 1 < end && (unsigned char)p[1] > 0x80));
}

/* No byte that is_plain refuses but single blanks. */
static bool block_plain(const char *p)
{
	block c = block_load(p), next = block_load(p + 1);
	return !block_any((block)((c < ' ') | (c == 0x7f) | (c == 0xc2) | (c == 0xcd) | (c == 0xe2) | (c == 0xef) | ((c == 0xe3) & (next == 0x80)) |
	                          ((c == ' ') & (next == ' '))));
}

/* How many bytes from p on are plainly visible, with single blanks between. */
static size_t plain_run(const char *p, const char *end)
{
	const char *q = p;
	if (!is_plain(p, end))
		return 0;
	while (q < end) {
		while (end - q > BLOCK && block_plain(q))
			q += BLOCK - (q[BLOCK - 1] == ' '); /* what stands behind that blank is seen with it */
		const char *stop = end - q > BLOCK ? q + BLOCK : end;
		for (size_t n; q < stop; q += n) { /* a blank counts only before something */
			n = 1 + (*q == ' ' && q > p && q + 1 < end);
			if (!is_plain(q + n - 1, end))
				return (size_t)(q - p);
		}
	}
	return (size_t)(q - p);
}

void html_text_add(struct html_text *t, const char *p, size_t n, bool pre)
{
	for (const char *end = p + n; p < end;) {
		size_t run = plain_run(p, end);
		if (run > 0) {
			begin(t);
			str_add(&t->out, p, run);
			p += run;
			continue;
		}
		const char *start = p;
		uint32_t c = utf8_next(&p, end);
		add_code(t, c, start, (size_t)(p - start), pre);
	}
}

/* A page made from text shows its quote marks as text. */
static void take_marks(struct body_line *line)
{
	struct span s = line->text;
	while (s.n > 0 && (*s.p == '>' || (line->quote > 0 && *s.p == ' ' && s.n > 1 && s.p[1] == '>'))) {
		line->quote += *s.p == '>';
		s = span_skip(s, 1);
	}
	if (line->quote > 0 && s.n > 0 && *s.p == ' ')
		s = span_skip(s, 1);
	line->text = s;
}

void html_text_end(struct html_text *t, struct body *body)
{
	if (t->open)
		line_push(t, t->line_marks, t->line_depth);
	while (t->n > 0 && t->lines[t->n - 1].text.n == 0)
		t->n--;
	size_t n = t->out.n;
	while (n > 0 && t->out.p[n - 1] == '\n')
		n--;
	char *text = arena_strndup(t->arena, str_c(&t->out), n);
	size_t at = 0;
	for (size_t i = 0; i < t->n; i++) {
		t->lines[i].text.p = text + at;
		at += t->lines[i].text.n + 1;
		take_marks(&t->lines[i]);
	}
	body->lines = t->lines;
	body->n = t->n;
	body->text = text;
	str_release(&t->out);
}

/* ---- bare URLs */
static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '@';
}

/* Where two slashes or two w stand next to each other. */
static bool block_pair(const char *p)
{
	block c = block_load(p), next = block_load(p + 1);
	return block_any((block)(((c == '/') & (next == '/')) | (((c | 0x20) == 'w') & ((next | 0x20) == 'w'))));
}

static bool is_pair(char c, char next)
{
	return (c == '/' && next == '/') || ((c | 0x20) == 'w' && (next | 0x20) == 'w');
}

static const char *next_pair(const char *p, const char *end)
{
	while (end - p > BLOCK && !block_pair(p))
		p += BLOCK;
	while (end - p >= 2 && !is_pair(p[0], p[1]))
		p++;
	return end - p >= 2 ? p : end;
}

static bool stands_before(const char *p, const char *from, const char *word)
{
	size_t n = strlen(word);
	return (size_t)(p - from) >= n && strncasecmp(p - n, word, n) == 0;
}

static const char *find_start(struct span text, size_t from)
{
	const char *start, *first = text.p + from, *end = text.p + text.n;
	for (const char *pair = first; (pair = next_pair(pair, end)) < end; pair++) {
		if (*pair == '/')
			start = stands_before(pair, first, "http:") ? pair - 5 : stands_before(pair, first, "https:") ? pair - 6 : NULL;
		else
			start = end - pair >= 4 && strncasecmp(pair, "www.", 4) == 0 ? pair : NULL;
		if (start != NULL && (start == text.p || !is_word(start[-1])))
			return start;
	}
	return NULL;
}

/* Without the punctuation that ends the sentence around it; a closing bracket stays when its opening one is inside. */
static size_t trim_tail(const char *p, size_t n)
{
	const char *open = memchr(p, '(', n);
	while (n > 0) {
		char last = p[n - 1];
		if (last == ')' && open != NULL && open < p + n)
			break;
		if (last == '\0' || strchr(".,;:!?'\")]}*_", last) == NULL)
			break;
		n--;
	}
	return n;
}

bool html_bare_url(struct span text, size_t *from, struct span *url)
{
	const char *start;
	while ((start = find_start(text, *from)) != NULL) {
		size_t left = text.n - (size_t)(start - text.p), n = 0;
		while (n < left && (unsigned char)start[n] > ' ' && strchr("<>\"", start[n]) == NULL && (unsigned char)start[n] != 0x7f)
			n++;
		*from = (size_t)(start - text.p) + n;
		n = trim_tail(start, n);
		size_t least = *start == 'w' || *start == 'W' ? 4 : 8;
		if (n > least && memchr(start + least, '.', n - least) != NULL) {
			*url = (struct span){start, n};
			return true;
		}
	}
	return false;
}
