#include "gateway/read/split.h"

enum { HEADER_LINES = 200, LABEL_MAX = 120, STRANGE_MAX = 12, CONTINUED_MAX = 40, WRAPPED_FROM = 64, WRAPPED_LIST = 50, SHORT_NAME = 30, VALUE_MAX = 16384 };

/* ---- the block */
struct reader {
	const struct scan *scan;
	struct header_block h;
	unsigned level;
	enum phrase_field last;
	struct strange_line strange[STRANGE_MAX];
	size_t n_strange;
	size_t continued;
	char *joined; /* the value that last went on, and its room */
	size_t room;
	bool bare; /* its labels have no colons */
	bool stacked; /* its values stand below their labels */
	size_t people_end; /* lines before it go on with the people above them */
	enum phrase_field people_asked;
};

static bool has(const struct header_block *h, enum phrase_field field)
{
	return (h->seen & 1u << field) != 0;
}

static bool is_people(enum phrase_field field)
{
	return field == FIELD_FROM || field == FIELD_TO || field == FIELD_CC || field == FIELD_BCC || field == FIELD_REPLY_TO || field == FIELD_SENDER;
}

static bool is_once(enum phrase_field field)
{
	return field != FIELD_NONE && field != FIELD_OTHER;
}

static bool is_open(struct span value)
{
	int depth = 0;
	for (size_t i = 0; i < value.n; i++)
		depth += (value.p[i] == '<' || value.p[i] == '[') - (value.p[i] == '>' || value.p[i] == ']');
	return depth > 0;
}

/* Where a list of people that was broken at any blank ends: at the next label, or at an empty line if every line has an
 * address. i: it does not go on. Looked for once a field, so that the lines of a header are read a few times at most. */
static size_t people_end(const struct reader *r, size_t i)
{
	const struct body *body = r->scan->body;
	struct span above = body->lines[i - 1].text;
	bool addresses = true;
	if (utf8_columns(above.p, above.n) < WRAPPED_LIST)
		return i;
	for (size_t k = i; k < body->n && k < i + CONTINUED_MAX; k++) {
		struct span line = span_trim(body->lines[k].text);
		struct field_line f;
		if (line_is_blank(&body->lines[k]) || line_level(&body->lines[k]) != r->level)
			return addresses ? k : i;
		field_read(line, &f);
		if (f.field != FIELD_NONE)
			return k;
		bool address = memchr(line.p, '@', line.n) != NULL && memchr(line.p, '>', line.n) != NULL;
		addresses = addresses && address;
		if (!address && memchr(line.p, ';', line.n) == NULL && memchr(line.p, ',', line.n) == NULL && utf8_columns(line.p, line.n) > SHORT_NAME)
			return i;
	}
	return i;
}

static bool people_go_on(struct reader *r, size_t i)
{
	struct span value = r->h.value[r->last];
	if (i < r->people_end)
		return true;
	if (r->people_asked == r->last || (memchr(value.p, ';', value.n) == NULL && memchr(value.p, ',', value.n) == NULL))
		return false;
	r->people_asked = r->last;
	r->people_end = people_end(r, i);
	return i < r->people_end;
}

/* A line without a label that goes on where the field before it stopped. */
static bool continues(struct reader *r, size_t i, struct span line)
{
	struct span value = r->h.value[r->last];
	bool people = is_people(r->last);
	if (r->last == FIELD_NONE || r->continued > CONTINUED_MAX || value.n + line.n > VALUE_MAX)
		return false;
	if (is_open(value) || (people && (*line.p == '<' || span_starts_nocase(line, "[mailto"))))
		return true;
	if (people && value.n > 0 && (value.p[value.n - 1] == ',' || value.p[value.n - 1] == ';' || people_go_on(r, i)))
		return true;
	bool often_empty = r->last == FIELD_SUBJECT || r->last == FIELD_OTHER || r->last == FIELD_BCC || r->last == FIELD_CC;
	if (value.n == 0 && (!often_empty || (r->stacked && r->last == FIELD_SUBJECT && r->h.end == i))) {
		r->stacked = line.n < 200;
		return r->stacked;
	}
	struct span above = r->scan->body->lines[i - 1].text;
	size_t before = utf8_columns(above.p, above.n);
	if (r->last == FIELD_SUBJECT && before >= WRAPPED_FROM && (i + 1 == r->scan->body->n || line_is_blank(&r->scan->body->lines[i + 1])))
		return utf8_columns(line.p, line.n) < before;
	for (size_t k = i + 1; k < i + 3 && k < r->scan->body->n; k++) {
		const struct body_line *ahead = &r->scan->body->lines[k];
		struct field_line f;
		if (line_is_blank(ahead) || line_level(ahead) != r->level)
			return false;
		field_read(ahead->text, &f);
		if (is_once(f.field) && !has(&r->h, f.field))
			return true;
	}
	return false;
}

/* "Label: value" in a language of its own, where the field above it is whole. */
static bool is_strange(const struct reader *r, const struct field_line *f)
{
	struct span value = r->h.value[r->last];
	if (!f->shaped || r->last == FIELD_NONE || value.n == 0 || f->value.n == 0)
		return false;
	if (is_people(r->last))
		return !is_open(value) && strchr(",;", value.p[value.n - 1]) == NULL;
	if (r->last == FIELD_DATE)
		return value_holds_date(value);
	return value_holds_address(f->value) || (!has(&r->h, FIELD_DATE) && value_holds_date(f->value));
}

/* A value that goes on over many lines is copied into twice the room each time, so that its copies stay with its size. */
static void append(struct reader *r, struct span more)
{
	struct span *value = &r->h.value[r->last];
	size_t n = value->n + 1 + more.n;
	if (value->p != r->joined || n > r->room) {
		r->room = 2 * n;
		r->joined = arena_bytes(r->scan->arena, r->room);
		if (value->n > 0)
			memcpy(r->joined, value->p, value->n);
		value->p = r->joined;
	}
	if (value->n > 0)
		r->joined[value->n++] = ' ';
	if (more.n > 0)
		memcpy(r->joined + value->n, more.p, more.n);
	value->n += more.n;
	r->continued++;
}

/* "<a@b.example" and on the next line ">": no quote mark. */
static bool take_bracket(struct reader *r, size_t i)
{
	const struct body_line *line = &r->scan->body->lines[i];
	if (r->last == FIELD_NONE || line->quote == 0 || line_level(line) != r->level + 1 || !is_open(r->h.value[r->last]) || r->continued > CONTINUED_MAX)
		return false;
	append(r, SPAN(">"));
	if (span_trim(line->text).n > 0)
		append(r, span_trim(line->text));
	r->h.end = i + 1;
	return true;
}

/* An empty line inside the block: only while something is missing and the next line brings it. */
static bool steps_over(const struct reader *r, size_t i, size_t next)
{
	struct field_line f;
	struct header_block h = r->h;
	strangers_fill(&h, r->strange, r->n_strange);
	bool whole = has(&h, FIELD_FROM) && has(&h, FIELD_SUBJECT) && has(&h, FIELD_DATE);
	if (whole || next > i + 1 || next >= r->scan->body->n || r->h.seen == 0 || line_level(&r->scan->body->lines[next]) != r->level)
		return false;
	field_read(r->scan->body->lines[next].text, &f);
	return is_once(f.field) && !has(&r->h, f.field) && f.value.n > 0;
}

/* Takes line i; false when the block ends before it. */
static bool take_line(struct reader *r, size_t i)
{
	struct span line = span_trim(r->scan->body->lines[i].text);
	struct field_line f;
	if (line.n > VALUE_MAX)
		return false;
	field_read(line, &f);
	if (f.field == FIELD_NONE && r->bare)
		bare_read(line, &f);
	if (f.field != FIELD_NONE) {
		if (is_once(f.field) && has(&r->h, f.field))
			return false;
		r->h.seen |= 1u << f.field;
		r->h.value[f.field] = f.value;
		r->h.at[f.field] = i;
		r->h.languages |= f.field == FIELD_CC ? 0 : f.languages;
		r->last = f.field;
		r->continued = 0;
		r->h.end = i + 1;
		return true;
	}
	if (!is_strange(r, &f) && continues(r, i, line)) {
		line.n -= r->bare && line.p[line.n - 1] == '|'; /* the cell ends */
		append(r, trim_stars(line));
		r->h.end = i + 1;
		return true;
	}
	if (!f.shaped || r->n_strange == STRANGE_MAX || (r->h.seen != 0 && r->n_strange == 0 && r->h.end != i))
		return false;
	r->strange[r->n_strange++] = (struct strange_line){f.label, f.value, i};
	return true;
}

/* Something tells that another mail may stand in this one: a separator, a mark, the subject, the mail that it answers. */
static bool is_told(const struct reader *r, bool surely)
{
	return surely || r->level > 0 || r->scan->answers || r->scan->prefix != SUBJECT_PLAIN;
}

static bool enough(const struct reader *r, bool surely)
{
	const struct header_block *h = &r->h;
	int count = __builtin_popcount(h->seen & ~(1u << FIELD_OTHER));
	bool from = has(h, FIELD_FROM) && h->value[FIELD_FROM].n > 0, subject = has(h, FIELD_SUBJECT);
	bool dated = has(h, FIELD_DATE) && value_holds_date(h->value[FIELD_DATE]), timed = dated && value_holds_time(h->value[FIELD_DATE]);
	bool from_address = from && value_holds_address(h->value[FIELD_FROM]), to_address = value_holds_address(h->value[FIELD_TO]);
	if (surely)
		return (from && count >= 2) || count >= 3 || (dated && count >= 2);
	if (!is_told(r, surely) && !(from_address && subject) && !(timed && (from_address || (from && subject))))
		return false; /* the way of a school trip: "From: Leeds, To: York, Date: 3 May 2021" */
	if (from && count >= 3 && (from_address || to_address || dated))
		return true;
	return (from_address && (dated || subject)) || (dated && to_address);
}

/* No language knows these labels, but an address and a date among three of them are a header in any. */
static bool guessed(const struct reader *r, bool surely)
{
	size_t lines = r->n_strange + (size_t)__builtin_popcount(r->h.seen);
	bool found = lines >= (surely ? 2 : 3) && has(&r->h, FIELD_DATE) && value_holds_address(r->h.value[FIELD_FROM]);
	return found && (is_told(r, surely) || (lines >= 4 && value_holds_time(r->h.value[FIELD_DATE])));
}

/* "Sender:" beside "From:" is a mailing list's; alone it is the mail program's word for that. */
static void place_sender(struct header_block *h)
{
	if (has(h, FIELD_SENDER) && !has(h, FIELD_FROM)) {
		h->seen |= 1u << FIELD_FROM;
		h->value[FIELD_FROM] = h->value[FIELD_SENDER];
		h->at[FIELD_FROM] = h->at[FIELD_SENDER];
	}
	h->seen &= ~(1u << FIELD_SENDER);
}

/* The strange lines get their meanings; those at the end belong to the block if an empty line follows them. */
static bool finish(struct reader *r, size_t end, bool surely)
{
	const struct body *body = r->scan->body;
	place_sender(&r->h);
	bool known = enough(r, surely), closed = end >= body->n || line_is_blank(&body->lines[end]) || line_level(&body->lines[end]) != r->level;
	size_t n = r->n_strange;
	while (known && !closed && n > 0 && r->strange[n - 1].at >= r->h.end)
		n--;
	size_t last = strangers_fill(&r->h, r->strange, n);
	if (!known && !guessed(r, surely))
		return false;
	if (!known && r->n_strange > 0)
		last = r->strange[r->n_strange - 1].at + 1;
	r->h.end = last > r->h.end ? last : r->h.end;
	return true;
}

/* "De : "Ana" <ana@b>" in the next line: then "Message du 27/10/21 09:31" is part of the header. */
static bool sender_follows(const struct scan *scan, size_t i)
{
	const struct body_line *lines = scan->body->lines;
	struct field_line f = {0};
	bool may = i + 1 < scan->body->n && lines[i].text.n < LABEL_MAX && may_hold_date(lines[i].text);
	if (may && line_level(&lines[i + 1]) == line_level(&lines[i]))
		field_read(lines[i + 1].text, &f);
	return f.field == FIELD_FROM && value_holds_address(f.value);
}

bool header_at(struct scan *scan, size_t i, bool surely, struct header_block *out)
{
	struct field_line first;
	if (i >= scan->body->n || scan->tries >= TRIES_MAX)
		return false;
	field_read(scan->body->lines[i].text, &first);
	bool bare = first.field == FIELD_NONE && (surely || sender_follows(scan, i)) && bare_read(scan->body->lines[i].text, &first) &&
	            first.field != FIELD_SUBJECT;
	if (!first.shaped)
		return false;
	scan->tries++;
	struct reader r = {.scan = scan, .h = {.start = i, .end = i}, .level = line_level(&scan->body->lines[i]), .bare = bare};
	size_t j = i;
	while (j < scan->body->n && j < i + HEADER_LINES) {
		const struct body_line *line = &scan->body->lines[j];
		if (take_bracket(&r, j)) {
			j++;
		} else if (line_is_blank(line)) {
			size_t next = line_next(scan, j);
			if (!steps_over(&r, j, next))
				break;
			j = next;
		} else if (line_level(line) != r.level || !take_line(&r, j)) {
			break;
		} else {
			j++;
		}
	}
	if (!finish(&r, j, surely))
		return false;
	*out = r.h;
	return true;
}

/* ---- what it says */
static const char *copy(const struct header_block *h, enum phrase_field field, struct arena *arena)
{
	return has(h, field) ? arena_strndup(arena, h->value[field].p, h->value[field].n) : NULL;
}

void forwarded_fill(struct forwarded *f, const struct header_block *h, struct arena *arena)
{
	person_read(h->value[FIELD_FROM], arena, &f->from);
	people_read(h->value[FIELD_TO], arena, &f->to);
	people_read(h->value[FIELD_CC], arena, &f->cc);
	people_read(h->value[FIELD_REPLY_TO], arena, &f->reply_to);
	f->date = copy(h, FIELD_DATE, arena);
	f->subject = copy(h, FIELD_SUBJECT, arena);
	f->message_id = copy(h, FIELD_MESSAGE_ID, arena);
}
