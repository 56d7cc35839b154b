#include "gateway/read/split.h"

enum { INTRO_LINES = 6, INTRO_MAX = 600, WRAPPED_FROM = 55 };

/* ---- introductions: "On … wrote:" */
struct joined {
	char text[INTRO_MAX + 1];
	size_t n;
	struct folded folded;
	struct folded_core core;
	bool date, address;
};

static void joined_start(struct joined *j)
{
	j->n = 0;
	j->text[0] = '\0';
	folded_start(&j->folded);
}

static void joined_put(struct joined *j, struct span s)
{
	s.n = s.n < INTRO_MAX - j->n ? s.n : INTRO_MAX - j->n;
	memcpy(j->text + j->n, s.p, s.n);
	folded_add(&j->folded, (struct span){j->text + j->n, s.n});
	j->n += s.n;
	j->text[j->n] = '\0';
}

static void joined_add(struct joined *j, struct span line, bool marked)
{
	if (j->n > 0)
		joined_put(j, SPAN(" "));
	if (marked)
		joined_put(j, SPAN(">")); /* it was no quote mark: "<a@b\n> wrote:" */
	joined_put(j, span_trim(line));
}

static void joined_read(struct joined *j)
{
	j->core = folded_core(&j->folded);
	j->date = folded_has_date(j->core.text);
	j->address = folded_has_address(j->core.text);
}

static bool is_open(const struct joined *j)
{
	struct span s = {j->text, j->n};
	size_t opened = span_count(s, '<');
	return opened > 0 && opened > span_count(s, '>');
}

static bool quoted_follows(const struct scan *scan, size_t i, unsigned level)
{
	size_t next = line_next(scan, i);
	return next < scan->body->n && line_level(&scan->body->lines[next]) > level;
}

/* What is known about the words, and without that what its shape tells. */
static bool introduces(const struct scan *scan, const struct joined *j, bool quoted, size_t lines)
{
	struct span holes[4], text = j->core.text;
	if (text.n < 6 || j->folded.cut)
		return false;
	bool both = j->date && j->address;
	bool stamp = j->date && text.p[0] >= '0' && text.p[0] <= '9' && memmem(text.p, text.n, " gmt", 4) != NULL; /* Gmail of 2010 to 2016 */
	bool sure = j->core.colon || j->core.dashed || both || stamp;
	bool enough = ((j->date || j->address) && (sure || quoted)) || j->core.dashed || (quoted && j->core.colon && text.n < 120);
	if (is_open(j))
		return false;
	if (enough && phrase_holes(PHRASE_INTRO, text, holes, 4) >= 0)
		return true;
	if (lines > 2)
		return false;
	bool told = quoted || scan->answers || scan->prefix != SUBJECT_PLAIN; /* "Met Ana <a@b> on 3 May at 9:30:" is a note */
	if (both && j->core.colon && told)
		return true;
	bool dated_first = text.p[0] >= '0' && text.p[0] <= '9';
	return quoted && ((both && dated_first) || (j->date && j->core.colon && lines == 1 && text.n < 160));
}

/* Whether the lines from the second on say all of it: then the first one is somebody's words. */
static bool better_without(const struct scan *scan, size_t i, size_t end, const struct joined *j, bool quoted)
{
	struct joined rest;
	size_t from = line_next(scan, i + 1), lines = 0;
	joined_start(&rest);
	for (size_t k = from; k < end; k++, lines++)
		if (!line_is_blank(&scan->body->lines[k]))
			joined_add(&rest, scan->body->lines[k].text, false);
	joined_read(&rest);
	return from < end && rest.date >= j->date && rest.address >= j->address && introduces(scan, &rest, quoted, lines);
}

/* A date without an address is not enough: a colon or dashes at the end, Gmail's stamp, a quotation below or more words must
 * come to it. */
static bool may_go_with_date(const struct scan *scan, size_t i, struct span line, struct span next)
{
	const struct body_line *lines = scan->body->lines;
	char last = line.p[line.n - 1];
	bool letter = (*line.p >= 'a' && *line.p <= 'z') || (*line.p >= 'A' && *line.p <= 'Z');
	bool shaped = !letter || last < ' ' || last > '~' || strchr("-=_*~|#>[]:", last) != NULL;
	return shaped || next.n > 0 || (i + 2 < scan->body->n && span_starts(span_trim(lines[i + 2].text), "<")) ||
	       quoted_follows(scan, i + 1, line_level(&lines[i]));
}

/* Before it is looked at closely: an address, or what a date has. */
static bool is_candidate(const struct scan *scan, size_t i)
{
	const struct body_line *lines = scan->body->lines;
	struct span line = span_trim(lines[i].text), next = i + 1 < scan->body->n ? span_trim(lines[i + 1].text) : (struct span){0};
	if (line.n == 0 || line.n > INTRO_MAX)
		return false;
	if (line.p[line.n - 1] == ':' || line.p[line.n - 1] == '-' || (next.n > 0 && *next.p == '<'))
		return true;
	return memchr(line.p, '@', line.n) != NULL || (may_go_with_date(scan, i, line, next) && may_hold_date(line));
}

/* The line that goes on with the introduction; n of the body when none does. */
static size_t next_line(const struct scan *scan, size_t i, unsigned level, const struct joined *j, bool *marked)
{
	size_t n = scan->body->n, next = i < n && line_is_blank(&scan->body->lines[i]) ? line_next(scan, i) : i;
	*marked = false;
	if (next >= n || next > i + 1)
		return n;
	const struct body_line *line = &scan->body->lines[next];
	struct span text = span_trim(line->text);
	if (line->quote_depth == scan->body->lines[i - 1].quote_depth && line_level(line) == level + 1 && is_open(j))
		*marked = true;
	else if (line_level(line) != level)
		return n;
	return next == i || *text.p == '<' ? next : n;
}

/* Lines that the page itself calls an introduction; where they end is looked for once, since each of them may be asked. */
static size_t marked_intro(struct scan *scan, size_t i)
{
	const struct body_line *lines = scan->body->lines;
	if (i >= scan->marked_from && i < scan->marked_to)
		return scan->marked_to;
	scan->marked_from = scan->marked_to = i;
	for (size_t *to = &scan->marked_to; *to < scan->body->n && lines[*to].quote_depth == 0 && (lines[*to].marks & LINE_QUOTE_STRUCTURE) != 0;)
		++*to;
	return scan->marked_to;
}

static bool intro_found(struct scan *scan, size_t i, struct joined *j, size_t *end)
{
	unsigned level = line_level(&scan->body->lines[i]);
	bool marked = false;
	for (size_t k = 0, at = i; k < INTRO_LINES && at < scan->body->n; k++) {
		joined_add(j, scan->body->lines[at].text, marked);
		if (j->n >= INTRO_MAX)
			break;
		scan->tries++;
		joined_read(j);
		*end = at + 1;
		bool quoted = quoted_follows(scan, *end, level);
		if (introduces(scan, j, quoted, k + 1))
			return k == 0 || !better_without(scan, i, *end, j, quoted);
		at = next_line(scan, *end, level, j, &marked);
		bool name_first = k == 0 && at < scan->body->n && *span_trim(scan->body->lines[at].text).p == '<';
		if (!j->date && !j->address && !name_first)
			break; /* no introduction begins like that */
	}
	*end = marked_intro(scan, i);
	joined_start(j);
	for (size_t k = i; k < *end && j->n < INTRO_MAX; k++)
		joined_add(j, scan->body->lines[k].text, false);
	return *end > i && j->n < INTRO_MAX;
}

bool intro_at(struct scan *scan, size_t i, struct folded_intro *out)
{
	bool candidate = is_candidate(scan, i) || marked_intro(scan, i) > i;
	if (!candidate || scan->tries >= TRIES_MAX)
		return false;
	struct joined j;
	size_t end = i;
	joined_start(&j);
	bool found = intro_found(scan, i, &j, &end);
	if (found)
		*out = (struct folded_intro){i, end, span_of(arena_strndup(scan->arena, j.text, j.n))};
	return found;
}

/* ---- how far a quotation reaches */
/* Whether the unmarked lines [from, to) between marked ones were only wrapped there. */
static bool is_wrapped(const struct scan *scan, size_t from, size_t to, bool loose)
{
	const struct body_line *lines = scan->body->lines;
	struct span before = span_trim(lines[from - 1].text), first = span_trim(lines[from].text);
	if (to - from > (loose ? 6 : 2) || first.n == 0)
		return false;
	if (loose)
		return true;
	bool url = first.p[0] == '(' || first.p[0] == '<' || memchr(first.p, ' ', first.n) == NULL;
	if (url && ((before.n > 0 && memmem(before.p, before.n, "http", 4) != NULL) || memmem(first.p, first.n, "http", 4) != NULL))
		return true;
	bool lower = (first.p[0] >= 'a' && first.p[0] <= 'z') || (unsigned char)first.p[0] >= 0x80;
	return before.n >= WRAPPED_FROM && lower && strchr(".?!:", before.p[before.n - 1]) == NULL;
}

/* The first line behind the unmarked ones that begin at i, when marked ones come without an empty line between; else i. */
static size_t step_over(const struct scan *scan, size_t i, unsigned level, bool loose)
{
	size_t to = i;
	const struct body_line *lines = scan->body->lines;
	while (to < scan->body->n && to < i + 8 && !line_is_blank(&lines[to]) && line_level(&lines[to]) < level)
		to++;
	bool between = to < scan->body->n && lines[to].quote >= level && lines[i - 1].quote >= level;
	return between && is_wrapped(scan, i, to, loose) ? to : i;
}

size_t quotation_end(const struct scan *scan, size_t i, unsigned level, bool loose)
{
	size_t n = scan->body->n, end = i;
	if (level == 0)
		return n;
	while (i < n) {
		const struct body_line *line = &scan->body->lines[i];
		if (line_level(line) >= level) {
			end = ++i;
		} else if (line_is_blank(line)) {
			i = line_next(scan, i);
			if (i < n && line_level(&scan->body->lines[i]) < level)
				break;
		} else {
			size_t over = i > 0 && end == i ? step_over(scan, i, level, loose) : i;
			if (over == i)
				break;
			i = over;
		}
	}
	return end;
}
