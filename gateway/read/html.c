#include "gateway/read/html.h"

#include <stdlib.h>

/* The elements and words of a page become lines and anchors. No recursion: what is open lies on a stack of our own,
 * and what is kept is bounded by the size of the page. */
enum { ANCHORS_MAX = 150000, OPEN_MAX = 1 << 20, AROUND = 80, HEADING_MAX = 200, ANCHOR_TEXT_MAX = 300 };

struct open_element {
	unsigned does;
	unsigned marks; /* as they were before it */
};

struct range { /* of the text, between an <a> and its end */
	size_t from, to;
};

struct page {
	struct html_aside aside;
	struct html_text text;
	struct open_element *open;
	size_t n_open, cap_open, too_deep;
	unsigned skip, hidden, pre;
	struct anchor *anchors;
	struct range *ranges; /* one for each anchor */
	size_t n, cap;
	size_t link; /* the one that is open, SIZE_MAX */
	struct str link_text;
	const char *heading;
	size_t heading_from; /* where the open heading's text began, SIZE_MAX */
};

/* ---- anchors */
/* The end of what stands before an anchor on its line. */
static const char *text_before(struct arena *arena, const char *p, size_t n)
{
	struct span s = {p, n};
	if (s.n > AROUND)
		s = span_skip(s, s.n - AROUND);
	while (s.n > 0 && ((unsigned char)*s.p & 0xc0) == 0x80)
		s = span_skip(s, 1);
	return s.n == 0 ? "" : arena_strndup(arena, s.p, s.n);
}

static struct anchor *anchor_push(struct page *page, const char *seen)
{
	if (page->n == ANCHORS_MAX)
		return NULL;
	if (page->n == page->cap) {
		size_t cap = page->cap == 0 ? 16 : page->cap * 2;
		page->anchors = arena_grow(page->text.arena, page->anchors, page->n * sizeof *page->anchors, cap * sizeof *page->anchors);
		page->ranges = arena_grow(page->text.arena, page->ranges, page->n * sizeof *page->ranges, cap * sizeof *page->ranges);
		page->cap = cap;
	}
	struct anchor *anchor = &page->anchors[page->n];
	const struct html_text *t = &page->text;
	*anchor = (struct anchor){
		.seen = seen, .text = "", .line = t->n, .width = -1, .height = -1, .heading = page->heading_from == SIZE_MAX ? page->heading : "", .around = ""};
	if (t->open && t->want > 0)
		anchor->line++;
	else if (t->open)
		anchor->around = text_before(t->arena, t->out.p + t->line_start, t->out.n - t->line_start);
	page->ranges[page->n++] = (struct range){t->out.n, t->out.n};
	return anchor;
}

/* An attribute's value; one that lay aside did so as a whole. */
static struct span value_of(struct page *page, const char *value)
{
	struct html_piece own;
	struct span s = span_of(value);
	return s.n == 0 ? s : html_aside_words(html_aside_next(&page->aside, &s, &own).v, page->text.arena);
}

static void link_start(struct page *page, const struct html_element *element)
{
	const char *seen = html_url_seen(page->text.arena, value_of(page, element->href));
	struct anchor *anchor = seen == NULL ? NULL : anchor_push(page, seen);
	if (anchor == NULL)
		return;
	anchor->what = ANCHOR_LINK;
	page->link = page->n - 1;
	str_clear(&page->link_text);
}

static void link_end(struct page *page)
{
	if (page->link == SIZE_MAX)
		return;
	struct anchor *anchor = &page->anchors[page->link];
	struct span text = span_trim((struct span){str_c(&page->link_text), page->link_text.n});
	if (text.n > 0)
		anchor->text = arena_strndup(page->text.arena, text.p, utf8_prefix(text.p, text.n, ANCHOR_TEXT_MAX));
	anchor->alt = text.n == 0 && *anchor->text != '\0';
	page->ranges[page->link].to = page->text.out.n;
	page->link = SIZE_MAX;
}

static bool is_nbsp(const char *p, size_t n)
{
	return (unsigned char)p[0] == 0xc2 && n > 1 && (unsigned char)p[1] == 0xa0;
}

/* Folds what an <a> shows into its text. */
static void link_add(struct page *page, const char *p, size_t n)
{
	enum { MOST = ANCHOR_TEXT_MAX + 8 };
	struct str *s = &page->link_text;
	for (size_t i = 0, word; i < n && s->n < MOST; i += word) {
		for (word = 0; i + word < n && (unsigned char)p[i + word] > ' ' && !is_nbsp(p + i + word, n - i - word);)
			word++;
		str_add(s, p + i, word < MOST - s->n ? word : MOST - s->n);
		if (i + word < n && s->n > 0 && s->n < MOST && s->p[s->n - 1] != ' ')
			str_putc(s, ' ');
		if (i + word < n)
			word += is_nbsp(p + i + word, n - i - word) ? 2 : 1;
	}
}

static void image(struct page *page, const struct html_element *element)
{
	const char *seen = html_url_seen(page->text.arena, value_of(page, element->src));
	struct span alt = value_of(page, element->alt);
	const char *text = alt.n == 0 ? "" : arena_strndup(page->text.arena, alt.p, utf8_prefix(alt.p, alt.n, ANCHOR_TEXT_MAX));
	if (page->link != SIZE_MAX && page->link_text.n == 0 && *page->anchors[page->link].text == '\0')
		page->anchors[page->link].text = text;
	struct anchor *anchor = seen == NULL ? NULL : anchor_push(page, seen);
	if (anchor == NULL)
		return;
	anchor->what = ANCHOR_IMAGE;
	anchor->width = element->width;
	anchor->height = element->height;
	anchor->text = text;
}

/* ---- elements */
static void heading_end(struct page *page)
{
	const struct html_text *t = &page->text;
	if (page->heading_from == SIZE_MAX)
		return;
	struct span s = {t->out.n == 0 ? "" : t->out.p + page->heading_from, t->out.n - page->heading_from};
	s = span_trim(s);
	if (s.n > 0) {
		char *heading = arena_strndup(t->arena, s.p, utf8_prefix(s.p, s.n, HEADING_MAX));
		for (char *p = heading; (p = strpbrk(p, "\n\t")) != NULL;)
			*p = ' ';
		page->heading = heading;
	}
	page->heading_from = SIZE_MAX;
}

static void structure_start(struct page *page, unsigned does)
{
	struct html_text *t = &page->text;
	if ((does & (HTML_QUOTE | HTML_BLOCKQUOTE)) != 0) {
		t->depth++;
		t->marks |= (does & HTML_QUOTE) != 0 ? LINE_QUOTE_STRUCTURE : 0;
		t->next_marks |= (does & HTML_QUOTE) != 0 ? LINE_QUOTE_START : 0;
		/* A <div>, unlike a <blockquote>, may hold a forward, or answers between quotations. */
		t->marks &= ~(unsigned)LINE_FORWARD_STRUCTURE;
		t->marks |= (does & HTML_BLOCKQUOTE) == 0 ? LINE_FORWARD_STRUCTURE : 0;
	}
	if ((does & HTML_TAIL) != 0)
		t->next_marks |= LINE_QUOTE_START | LINE_RULE;
	if ((does & HTML_RULE) != 0)
		t->next_marks |= LINE_RULE;
	if ((does & HTML_INTRO) != 0)
		t->marks |= LINE_QUOTE_STRUCTURE;
	if ((does & HTML_SIGNATURE) != 0)
		t->marks |= LINE_SIGNATURE;
	if ((does & HTML_HEADING) != 0)
		t->marks |= LINE_HEADING;
	if ((does & HTML_ITEM) != 0)
		t->next_marks |= LINE_ITEM;
}

static unsigned breaks(unsigned does)
{
	if ((does & HTML_PARAGRAPH) != 0)
		return 2;
	return (does & (HTML_BLOCK | HTML_QUOTE | HTML_TAIL | HTML_INTRO | HTML_SIGNATURE)) != 0;
}

static bool open_push(struct page *page, unsigned does)
{
	if (page->n_open == OPEN_MAX)
		return false;
	if (page->n_open == page->cap_open) {
		size_t cap = page->cap_open == 0 ? 64 : page->cap_open * 2;
		page->open = arena_grow(page->text.arena, page->open, page->n_open * sizeof *page->open, cap * sizeof *page->open);
		page->cap_open = cap;
	}
	page->open[page->n_open++] = (struct open_element){does, page->text.marks};
	return true;
}

static void element_start(struct page *page, const struct html_element *element)
{
	if (!open_push(page, element->does)) {
		page->too_deep++;
		return;
	}
	unsigned want = breaks(element->does);
	if (want > 0)
		html_text_break(&page->text, (int)want);
	if ((element->does & HTML_CELL) != 0)
		page->text.tab = page->text.open && page->text.want == 0;
	page->skip += (element->does & HTML_SKIP) != 0;
	page->hidden += (element->does & HTML_HIDDEN) != 0;
	page->pre += (element->does & HTML_PRE) != 0;
	structure_start(page, element->does);
	if ((element->does & HTML_BREAK) != 0 && page->skip + page->hidden == 0)
		html_text_line(&page->text);
	if ((element->does & HTML_HEADING) != 0)
		page->heading_from = page->text.out.n;
	if ((element->does & HTML_LINK) != 0)
		link_start(page, element);
	if ((element->does & HTML_IMAGE) != 0)
		image(page, element);
}

static void element_end(struct page *page)
{
	if (page->too_deep > 0) {
		page->too_deep--;
		return;
	}
	if (page->n_open == 0)
		return;
	struct open_element element = page->open[--page->n_open];
	if ((element.does & HTML_LINK) != 0)
		link_end(page);
	if ((element.does & HTML_HEADING) != 0)
		heading_end(page);
	unsigned want = breaks(element.does);
	if (want > 0)
		html_text_break(&page->text, (int)want);
	page->skip -= (element.does & HTML_SKIP) != 0;
	page->hidden -= (element.does & HTML_HIDDEN) != 0;
	page->pre -= (element.does & HTML_PRE) != 0;
	page->text.depth -= (element.does & (HTML_QUOTE | HTML_BLOCKQUOTE)) != 0;
	page->text.marks = element.marks;
	if ((element.does & (HTML_QUOTE | HTML_ITEM)) != 0) /* it was empty */
		page->text.next_marks &= ~(unsigned)(LINE_QUOTE_START | LINE_ITEM);
}

/* ---- what html-parse.c tells */
static void on_start(void *ctx, const char *name, const char *const *attributes)
{
	struct html_element element;
	html_element_read(name, attributes, &element);
	element_start(ctx, &element);
}

static void on_end(void *ctx)
{
	element_end(ctx);
}

static void words(struct page *page, struct span s)
{
	if (page->skip > 0)
		return;
	if (page->link != SIZE_MAX)
		link_add(page, s.p, s.n);
	if (page->hidden == 0)
		html_text_add(&page->text, s.p, s.n, page->pre > 0);
}

static void play(struct page *page, const struct html_piece *piece)
{
	struct html_element bare = {.does = piece->does, .width = -1, .height = -1};
	if (piece->is == PIECE_START || piece->is == PIECE_ELEMENT)
		element_start(page, piece->element == NULL ? &bare : piece->element);
	if (piece->is != PIECE_VALUE && piece->words.n > 0)
		words(page, html_aside_words(piece, page->text.arena));
	if (piece->is == PIECE_END || piece->is == PIECE_ELEMENT)
		element_end(page);
}

static void on_text(void *ctx, struct span text)
{
	struct page *page = ctx;
	while (text.n > 0) {
		struct html_piece own;
		struct html_pieces pieces = html_aside_next(&page->aside, &text, &own);
		for (size_t i = 0; i < pieces.n; i++)
			play(page, &pieces.v[i]);
	}
}

/* ---- afterwards */
static void bare_urls(struct page *page, const struct body *body)
{
	size_t next = 0, links = page->n; /* anchors by <a> and <img>, in the order of the text */
	for (size_t i = 0; i < body->n; i++) {
		struct span line = body->lines[i].text, url;
		for (size_t from = 0; html_bare_url(line, &from, &url);) {
			size_t at = (size_t)(url.p - body->text);
			while (next < links && page->ranges[next].to <= at)
				next++;
			if (next < links && page->ranges[next].from <= at)
				continue;
			const char *seen = *url.p == 'w' || *url.p == 'W' ? arena_printf(page->text.arena, "http://%.*s", SPAN_ARG(url))
			                                                  : arena_strndup(page->text.arena, url.p, url.n);
			struct anchor *anchor = anchor_push(page, seen);
			if (anchor == NULL)
				return;
			anchor->what = ANCHOR_BARE;
			anchor->line = i;
			anchor->heading = "";
			anchor->around = text_before(page->text.arena, line.p, (size_t)(url.p - line.p));
		}
	}
}

void html_read(struct span html, struct arena *arena, struct body *body)
{
	html_page_read(html, true, arena, body);
}

void html_page_read(struct span html, bool aside, struct arena *arena, struct body *body)
{
	struct page page = {
		.text = {.arena = arena, .out.max = html.n * 3 + 64},
		.link = SIZE_MAX,
		.link_text.max = 4096,
		.heading = "",
		.heading_from = SIZE_MAX,
	};
	*body = (struct body){.text = ""};
	html = html_tame(html, arena, aside ? &page.aside : NULL);
	html_parse(html, arena, &(struct html_events){on_start, on_end, on_text}, &page);
	html_text_end(&page.text, body);
	bare_urls(&page, body);
	for (size_t i = 0; i < page.n; i++)
		if (page.anchors[i].line >= body->n)
			page.anchors[i].line = body->n == 0 ? 0 : body->n - 1;
	body->anchors = page.anchors;
	body->n_anchors = page.n;
	str_release(&page.link_text);
}
