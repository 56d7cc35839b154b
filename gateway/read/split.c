#include "gateway/read/split.h"

/* Behind so many lines nobody's words change hands any more: the rest belongs to whoever had the last one. */
enum { LINES_MAX = 200000, ANNOUNCED_MAX = 200 };

/* ---- lines */
unsigned line_level(const struct body_line *line)
{
	return line->quote + line->quote_depth;
}

/* Quoted for sure: not a plain <blockquote>. */
static bool line_is_structure(const struct body_line *line)
{
	return line->quote > 0 || (line->quote_depth > 0 && (line->marks & LINE_QUOTE_STRUCTURE) != 0);
}

bool line_looks_blank(const struct body_line *line)
{
	const char *p = line->text.p, *end = p + line->text.n;
	while (p < end) {
		if ((unsigned char)*p > ' ' && (unsigned char)*p < 0x7f)
			return false;
		uint32_t c = utf8_next(&p, end);
		bool invisible = c <= ' ' || c == 0x7f || c == 0xa0 || c == 0xad || c == 0xfeff || (c >= 0x2000 && c <= 0x200f) || c == 0x2028 ||
		                 c == 0x202f || (c >= 0x2060 && c <= 0x2064) || c == 0x3000;
		if (!invisible)
			return false;
	}
	return true;
}

size_t line_next(const struct scan *scan, size_t i)
{
	while (i < scan->body->n && line_is_blank(&scan->body->lines[i]))
		i++;
	return i;
}

/* ---- blocks */
struct attribution { /* what may stand above a quotation */
	struct separator separator;
	struct header_block header;
	struct folded_intro intro;
	bool has_header, has_intro;
};

/* The header or introduction at line i, or behind the separator there. false: nothing but perhaps the separator. */
static bool attribution_at(struct scan *scan, size_t i, struct attribution *a)
{
	const struct body_line *lines = scan->body->lines;
	size_t at = i;
	bool announced = a->separator.kind != SEPARATOR_NONE;
	if (a->separator.kind == SEPARATOR_WORDS && intro_at(scan, i, &a->intro))
		return a->has_intro = true; /* "---- On … wrote ----" */
	bool own_line = (lines[i].marks & LINE_RULE) == 0 || a->separator.kind > SEPARATOR_RULE;
	if (announced && own_line) {
		at = line_next(scan, i + 1);
		struct separator second;
		for (int k = 0; k < 2 && at < scan->body->n && at <= i + 4; k++) { /* a rule below the words */
			separator_read(&lines[at], &second);
			if (second.kind != SEPARATOR_RULE || (lines[at].marks & LINE_RULE) != 0)
				break;
			at = line_next(scan, at + 1);
		}
		if (at >= scan->body->n || at > i + 6)
			return false;
	}
	announced = announced || (lines[i].marks & LINE_QUOTE_START) != 0;
	a->has_header = header_at(scan, at, announced, &a->header);
	a->has_intro = !a->has_header && intro_at(scan, at, &a->intro);
	return a->has_header || a->has_intro;
}

static uint64_t languages_of(const struct attribution *a)
{
	struct folded f;
	if (!a->has_intro)
		return a->has_header ? a->header.languages : 0;
	folded_read(&f, a->intro.text);
	return phrase_says(PHRASE_INTRO, folded_core(&f).text);
}

static bool is_forward(const struct scan *scan, const struct attribution *a)
{
	if (a->separator.kind == SEPARATOR_FORWARD)
		return true;
	enum subject_prefix prefix = scan->prefix == SUBJECT_EITHER ? subject_either(scan, languages_of(a)) : scan->prefix;
	if (prefix == SUBJECT_FORWARD || prefix == SUBJECT_REPLY)
		return prefix == SUBJECT_FORWARD;
	return a->has_header && !scan->answers;
}

/* Zoho repeats its separator below the header, SquirrelMail draws a line right there, The Bat a pair of scissors. */
static size_t skip_repeated(struct scan *scan, const struct attribution *a, size_t body)
{
	const struct body_line *lines = scan->body->lines;
	size_t at = line_next(scan, body);
	struct separator again;
	struct header_block header;
	bool words = a->separator.kind == SEPARATOR_FORWARD || a->separator.kind == SEPARATOR_ORIGINAL;
	if (at >= scan->body->n || !a->has_header || !words)
		return body;
	if (span_starts(lines[at].text, SCISSORS))
		return at + 1;
	separator_read(&lines[at], &again);
	bool ruled = again.kind == SEPARATOR_RULE && at == body && (lines[at].marks & LINE_RULE) == 0;
	bool repeated = again.kind == SEPARATOR_FORWARD && again.dashed && a->separator.kind == SEPARATOR_FORWARD;
	return (ruled || repeated) && !header_at(scan, line_next(scan, at + 1), true, &header) ? at + 1 : body;
}

/* A header alone in its structure, as Outlook's phones write it: what it introduces stands below that. */
static size_t beyond_header(const struct scan *scan, const struct block *b, size_t head, unsigned level, size_t end)
{
	size_t first = line_next(scan, b->body);
	while (level > 0 && scan->body->lines[head].quote_depth > 0 && first >= end && first < scan->body->n)
		end = quotation_end(scan, head, --level, b->forward);
	return end;
}

static size_t block_end(const struct scan *scan, const struct attribution *a, size_t i, const struct block *b)
{
	const struct body_line *lines = scan->body->lines;
	unsigned level = line_level(&lines[i]);
	size_t head = a->has_header ? a->header.start : a->has_intro ? a->intro.start : i, first = line_next(scan, b->body);
	unsigned head_level = head < scan->body->n ? line_level(&lines[head]) : level;
	if (head_level > level)
		return beyond_header(scan, b, head, head_level, quotation_end(scan, head, head_level, b->forward));
	if (first < scan->body->n && line_level(&lines[first]) > level && (!a->has_header || lines[first].quote_depth > lines[i].quote_depth))
		return quotation_end(scan, first, level + 1, b->forward);
	size_t end = quotation_end(scan, i, level, b->forward);
	return a->has_header ? beyond_header(scan, b, head, level, end) : end;
}

/* "This is a forwarded message" without dashes or colon: its line, if it stands above the header at line i. */
static size_t announced_above(const struct scan *scan, size_t i)
{
	const struct body_line *lines = scan->body->lines;
	struct folded f;
	size_t k = i;
	while (k > 0 && i - k < 3 && line_is_blank(&lines[k - 1]))
		k--;
	if (k == 0 || scan->owner[k - 1] != OWNER_OWN || line_level(&lines[k - 1]) != line_level(&lines[i]) || lines[k - 1].text.n > ANNOUNCED_MAX)
		return i;
	folded_read(&f, lines[k - 1].text);
	return phrase_is(PHRASE_FORWARD, folded_core(&f).text) ? k - 1 : i;
}

/* A quotation or forward that begins at line i. */
static bool block_at(struct scan *scan, size_t i, struct block *b, struct attribution *a)
{
	const struct body_line *line = &scan->body->lines[i];
	*a = (struct attribution){0};
	separator_read(line, &a->separator);
	enum separator_kind kind = a->separator.kind;
	*b = (struct block){.start = i, .body = i, .end = scan->body->n};
	if (kind == SEPARATOR_ABOVE)
		return true;
	bool words = kind == SEPARATOR_FORWARD || kind == SEPARATOR_ORIGINAL;
	if (words && a->separator.rest.n > 0 && header_inline(a->separator.rest, &a->header)) {
		a->has_header = true;
		a->header.start = i;
		a->header.end = i + 1;
	} else if (!attribution_at(scan, i, a) && !(words && a->separator.dashed)) {
		if (!line_is_structure(line))
			return false;
		b->end = quotation_end(scan, i, line_level(line), false);
		return true;
	}
	if (a->has_header && kind <= SEPARATOR_ORIGINAL && (b->start = announced_above(scan, i)) < i)
		a->separator.kind = SEPARATOR_FORWARD;
	b->forward = is_forward(scan, a);
	b->body = a->has_header ? a->header.end : a->has_intro ? a->intro.end : i + 1;
	b->body = skip_repeated(scan, a, b->body);
	b->end = block_end(scan, a, i, b);
	if (b->end < b->body)
		b->end = b->body;
	return true;
}

/* ---- the walk */
static struct forwarded *forwarded_make(const struct scan *scan, const struct block *b, const struct attribution *a)
{
	struct forwarded *f = arena_alloc(scan->arena, sizeof *f);
	*f = (struct forwarded){.from = {"", ""}};
	if (a->has_header)
		forwarded_fill(f, &a->header, scan->arena);
	else if (a->has_intro)
		intro_fill(f, &a->intro, scan->arena);
	if (!a->has_header)
		f->subject = subject_guess(scan);
	size_t head = a->has_header ? a->header.start : b->start;
	f->body = block_text(scan, b, scan->body->lines[head].quote);
	return f;
}

static void give(const struct scan *scan, size_t from, size_t to, enum line_owner owner)
{
	for (size_t i = from; i < to; i++)
		scan->owner[i] = owner;
}

/* In the <div> that mail programs put around introduction and <blockquote>, people also write their answers. */
static bool is_answer(const struct body_line *line, unsigned answered)
{
	return answered > 0 && line_level(line) == answered && (line->marks & LINE_FORWARD_STRUCTURE) != 0;
}

static void walk(struct scan *scan, struct split *split)
{
	const struct body *body = scan->body;
	enum line_owner own = OWNER_OWN, last = OWNER_OWN;
	unsigned answered = 0;
	for (size_t i = 0; i < body->n;) {
		const struct body_line *line = &body->lines[i];
		struct attribution a;
		struct block b;
		if (i >= LINES_MAX || line_is_blank(line)) {
			scan->owner[i++] = last;
			continue;
		}
		if (line_level(line) < answered)
			answered = 0;
		if (!block_at(scan, i, &b, &a) || (is_answer(line, answered) && !a.has_header && !a.has_intro)) {
			scan->owner[i++] = last = own;
			continue;
		}
		size_t end = b.end;
		if (b.forward && (b.end = block_closed(scan, &b, a.separator.languages)) < end)
			end = b.end + 1; /* what stands below is the sender's again */
		if (b.forward && split->forwarded == NULL)
			split->forwarded = forwarded_make(scan, &b, &a);
		if ((line->marks & LINE_FORWARD_STRUCTURE) != 0 && a.has_intro)
			answered = line_level(line);
		split->reply = split->reply || !b.forward;
		own = b.forward ? OWNER_AFTER : own;
		last = b.forward ? OWNER_FORWARDED : OWNER_QUOTED;
		give(scan, b.start, end, last);
		memset(scan->introduces + b.start, true, b.body - b.start);
		i = end;
	}
}

static bool owns(const struct scan *scan, enum line_owner owner)
{
	for (size_t i = 0; i < scan->body->n; i++)
		if (scan->owner[i] == owner && !line_is_blank(&scan->body->lines[i]))
			return true;
	return false;
}

void body_split(const struct body *body, const char *subject, bool answers, struct arena *arena, struct split *split)
{
	struct body marked = *body;
	split_marks(&marked, arena);
	struct scan scan = {.body = &marked, .arena = arena, .answers = answers};
	*split = (struct split){.own = "", .quoted = ""};
	split->owner = scan.owner = arena_alloc(arena, body->n * sizeof *scan.owner);
	scan.introduces = arena_alloc(arena, body->n * sizeof *scan.introduces);
	scan.subject = subject_bare(subject, &scan.prefix);
	subject_languages(subject, &scan.replies_in, &scan.forwards_in);
	walk(&scan, split);
	signatures_find(&scan);
	answers_find(&scan, split);
	split->own = owned_text(&scan, OWNER_OWN, false);
	split->quoted = owned_text(&scan, OWNER_QUOTED, true);
	split->signature = owns(&scan, OWNER_SIGNATURE) ? owned_text(&scan, OWNER_SIGNATURE, false) : NULL;
	split->after = owns(&scan, OWNER_AFTER) ? owned_text(&scan, OWNER_AFTER, false) : NULL;
}
