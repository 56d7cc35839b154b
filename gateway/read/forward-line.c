#include "gateway/read/split.h"

/* One line of a header: its label and its value. */

enum { LABEL_MAX = 120 };

/* The stars of bold type, blanks and direction marks around a value. */
struct span trim_stars(struct span s)
{
	static const char *const around[] = {"*", "_", " ", "\t", "\xc2\xa0", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u2068", "\u2069", "\ufeff"};
	s = span_trim(s);
	for (size_t i = 0; i < sizeof around / sizeof *around;) {
		size_t n = strlen(around[i]);
		bool starts = s.n >= n && memcmp(s.p, around[i], n) == 0;
		bool ends = !starts && s.n >= n && *around[i] != '_' && memcmp(s.p + s.n - n, around[i], n) == 0;
		s = starts ? span_skip(s, n) : (struct span){s.p, ends ? s.n - n : s.n};
		i = starts || ends ? 0 : i + 1;
	}
	return s;
}

/* Where the label ends, and how many bytes its colon has; 0 = there is none. */
static size_t colon_at(struct span s, size_t *width)
{
	size_t n = s.n < LABEL_MAX ? s.n : LABEL_MAX;
	const char *colon = n < 2 ? NULL : memchr(s.p + 1, ':', n - 1);
	n = colon == NULL ? n : (size_t)(colon - s.p);
	*width = 3;
	for (const char *p = s.p + 1; n > 1 && (p = memchr(p, 0xef, (size_t)(s.p + n - p))) != NULL; p++)
		if (span_starts(span_skip(s, (size_t)(p - s.p)), "："))
			return (size_t)(p - s.p);
	*width = 1;
	return colon == NULL ? 0 : n;
}

static bool label_shaped(struct span label)
{
	size_t blanks = 0;
	for (size_t i = 0; i < label.n; i++) {
		if (strchr("@<>\"/;!?|=", label.p[i]) != NULL)
			return false;
		blanks += label.p[i] == ' ';
	}
	return label.n > 0 && utf8_length(label.p, label.n) <= 40 && blanks <= 3 && (label.p[0] < '0' || label.p[0] > '9') && label.p[0] != '-';
}

void field_read(struct span line, struct field_line *f)
{
	struct span s = span_trim(line);
	while (s.n > 0 && (*s.p == '*' || *s.p == '_'))
		s = span_skip(s, 1);
	size_t width, colon = colon_at(s, &width);
	*f = (struct field_line){0};
	if (colon == 0 || span_starts(span_skip(s, colon), "://"))
		return;
	struct folded folded;
	folded_read(&folded, (struct span){s.p, colon});
	struct folded_core core = folded_core(&folded);
	f->field = phrase_label(core.text, &f->languages);
	if (f->field == FIELD_NONE && core.text.n > 1 && core.text.p[core.text.n - 1] == '.')
		f->field = phrase_label((struct span){core.text.p, core.text.n - 1}, &f->languages);
	f->shaped = f->field != FIELD_NONE || label_shaped(core.text);
	f->label = (struct span){s.p, colon};
	f->value = trim_stars(span_skip(s, colon + width));
}

/* "| From | Ana<a@b> |", "From\tAna<a@b>": the cells of a table, as NetEase writes them. */
static bool cells_read(struct span s, struct field_line *f)
{
	struct folded folded;
	char between = span_starts(s, "|") ? '|' : '\t';
	if (between == '|') {
		s = span_trim(span_skip(s, 1));
		s.n -= s.n > 0 && s.p[s.n - 1] == '|';
	}
	const char *end = s.n == 0 ? NULL : memchr(s.p, between, s.n);
	if (end == NULL || end - s.p > LABEL_MAX)
		return false;
	size_t n = (size_t)(end - s.p);
	folded_read(&folded, (struct span){s.p, n});
	f->field = phrase_label((struct span){folded.text, folded.n}, &f->languages);
	f->shaped = f->field != FIELD_NONE;
	f->value = trim_stars(span_skip(s, n + 1));
	return f->shaped;
}

/* "Message du 27/10/21 09:31": when what follows the label is of its kind. */
static bool words_read(struct span s, struct field_line *f)
{
	struct folded folded;
	size_t end = 0;
	for (int words = 0; words < 3; words++) {
		const char *blank = memchr(s.p + end, ' ', s.n - end);
		if (blank == NULL || blank - s.p > LABEL_MAX)
			return false;
		end = (size_t)(blank - s.p);
		folded_read(&folded, (struct span){s.p, end});
		enum phrase_field field = phrase_label((struct span){folded.text, folded.n}, &f->languages);
		struct span value = span_trim(span_skip(s, end++));
		bool fits = field == FIELD_FROM || field == FIELD_TO || field == FIELD_CC ? value_holds_address(value)
		          : field == FIELD_DATE ? value_holds_date(value) : field == FIELD_SUBJECT;
		if (!fits || value.n == 0)
			continue;
		f->field = field;
		f->shaped = true;
		f->value = trim_stars(value);
		return true;
	}
	return false;
}

bool bare_read(struct span line, struct field_line *f)
{
	struct span s = span_trim(line);
	return cells_read(s, f) || words_read(s, f);
}
