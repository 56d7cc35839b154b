#include "gateway/read/split.h"

/* A header in one line, as Yahoo writes it: "From: A <a@b>To: …Subject: …". */

enum { VALUE_MAX = 16384 };

/* The label that stands at p as it is written, with a colon behind it or (bare) a blank. */
static const struct phrase_label_text *label_here(struct span s, uint64_t languages, unsigned fields, bool bare, size_t *width)
{
	const struct phrase_label_text *best = NULL, *label;
	for (size_t i = 0; (label = phrase_labels(i)) != NULL; i++) {
		if ((label->languages & languages) == 0 || (fields & 1u << label->field) == 0 || (best != NULL && label->n <= best->n))
			continue;
		if (s.n <= label->n || *s.p != *label->text || memcmp(s.p, label->text, label->n) != 0)
			continue;
		struct span after = span_skip(s, label->n);
		size_t blank = span_starts(after, "\xc2\xa0") ? 2 : *after.p == ' ';
		bool colon = after.n > blank && after.p[blank] == ':';
		if (!colon && !(bare && blank > 0))
			continue;
		best = label;
		*width = label->n + blank + colon;
	}
	return best;
}

static uint64_t from_languages(struct span s, size_t *width)
{
	uint64_t languages = 0;
	const struct phrase_label_text *from = label_here(s, UINT64_MAX, 1u << FIELD_FROM, false, width), *label;
	for (size_t i = 0; from != NULL && (label = phrase_labels(i)) != NULL; i++)
		if (label->field == FIELD_FROM && label->n == from->n && memcmp(label->text, from->text, from->n) == 0)
			languages |= label->languages;
	return languages;
}

bool header_inline(struct span line, struct header_block *h)
{
	size_t width, start, at;
	struct span s = span_trim(line);
	uint64_t languages = from_languages(s, &width), english = 0;
	*h = (struct header_block){.start = 0};
	if (languages == 0 || s.n > VALUE_MAX)
		return false;
	phrase_label(SPAN("from"), &english);
	languages |= english;
	enum phrase_field field = FIELD_FROM;
	unsigned left = 1u << FIELD_TO | 1u << FIELD_CC | 1u << FIELD_BCC | 1u << FIELD_DATE | 1u << FIELD_SUBJECT | 1u << FIELD_REPLY_TO;
	for (at = start = width; at <= s.n; at++) {
		bool closed = at > 0 && s.p[at - 1] == '>';
		unsigned now = closed ? left : field == FIELD_DATE ? left & 1u << FIELD_SUBJECT : 0;
		const struct phrase_label_text *label =
			at == s.n || now == 0 || (s.p[at] & 0xc0) == 0x80 ? NULL : label_here(span_skip(s, at), languages, now, true, &width);
		if (at < s.n && label == NULL)
			continue;
		h->seen |= 1u << field;
		h->value[field] = span_trim((struct span){s.p + start, at - start});
		if (label == NULL)
			break;
		field = label->field;
		left &= ~(1u << field);
		start = at + width;
		at = start - 1;
	}
	return (h->seen & (1u << FIELD_DATE | 1u << FIELD_SUBJECT | 1u << FIELD_TO)) != 0;
}
