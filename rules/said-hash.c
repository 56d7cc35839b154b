#include <ctype.h>

#include "rules/said-parts.h"

/* Hashtags in running text. */
/* Not letters: Latin-1 signs, punctuation, arrows and pictures, private use. The rest of Unicode may name something. */
static const struct {
	uint32_t from, to;
} signs[] = {
	{0x80, 0xa9}, {0xab, 0xb4}, {0xb6, 0xb9}, {0xbb, 0xbf}, {0xd7, 0xd7}, {0xf7, 0xf7}, {0x2000, 0x2bff}, {0x3000, 0x3004}, {0x3008, 0x3020},
	{0xe000, 0xf8ff}, {0xff00, 0xff20}, {0xfffd, 0xfffd}, {0x1f000, 0x1faff}, {0xe0000, 0x10ffff},
};

static bool is_tag_sign(uint32_t c)
{
	if (c < 0x80)
		return isalnum((int)c) || c == '_' || c == '-';
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (c >= signs[i].from && c <= signs[i].to)
			return false;
	return true;
}

/* #fff and #a1b2c3 are colours, #1042 a number, #c and #facade words. */
static bool is_number_or_colour(struct span s)
{
	size_t hex = 0, digits = 0, same = 0, others = 0;
	for (size_t i = 0; i < s.n; i++) {
		hex += isxdigit((unsigned char)s.p[i]) != 0;
		digits += isdigit((unsigned char)s.p[i]) != 0;
		same += s.p[i] == s.p[0];
		others += s.p[i] == '_' || s.p[i] == '-';
	}
	if (digits + others == s.n)
		return true;
	return hex == s.n && (s.n == 3 || s.n == 6 || s.n == 8) && (digits > 0 || same == s.n);
}

/* The tag that begins at the '#' of *s, which moves behind it; n = 0 when it is none. */
static struct span take_tag(struct span *s)
{
	const char *start = s->p + 1, *end = s->p + s->n, *p = start, *stop = start;
	while (p < end) {
		const char *before = p;
		uint32_t c = utf8_next(&p, end);
		if (!is_tag_sign(c)) {
			p = before;
			break;
		}
		if (c != '-' && c != '_')
			stop = p;
	}
	struct span tag = {start, (size_t)(stop - start)};
	*s = span_skip(*s, (size_t)(stop - s->p));
	if (tag.n > 100 || (tag.n > 0 && is_number_or_colour(tag)))
		tag.n = 0;
	return tag;
}

bool is_url(struct span word)
{
	struct span host = word;
	while (host.n > 0 && strchr("(<[\"'", host.p[0]) != NULL)
		host = span_skip(host, 1);
	return memmem(word.p, word.n, "://", 3) != NULL || span_starts_nocase(host, "www.") || span_starts_nocase(host, "mailto:");
}

bool word_tags(struct span word, struct arena *arena, struct strs *out)
{
	bool only = word.n > 0;
	char before = '\0';
	if (is_url(word))
		return false;
	while (word.n > 0) {
		bool inside = isalnum((unsigned char)before) || (unsigned char)before >= 0x80 || (before != '\0' && strchr("&/_=#", before) != NULL);
		struct span rest = word, tag = {0};
		if (word.p[0] == '#' && (!inside || only))
			tag = take_tag(&rest);
		if (tag.n > 0) {
			strs_add(out, arena, utf8_lower(arena, tag.p, tag.n));
			word = rest;
			before = '\0';
			continue;
		}
		only = only && strchr(",.;:!?()[]-", word.p[0]) != NULL;
		before = word.p[0];
		word = span_skip(word, 1);
	}
	return only;
}

void hashtags_list(struct span text, struct arena *arena, struct strs *out)
{
	if (memchr(text.p, '#', text.n) == NULL && memmem(text.p, text.n, "＃", 3) == NULL)
		return;
	struct span s = said_fold(text, arena), word;
	while (span_until(&s, ' ', &word))
		if (memchr(word.p, '#', word.n) != NULL)
			word_tags(word, arena, out);
}
