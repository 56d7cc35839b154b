#include <ctype.h>

#include "rules/said-parts.h"

/* Hashtags in running text. */
static bool is_tag_sign(uint32_t c)
{
	if (c < 0x80)
		return isalnum((int)c) || c == '_' || c == '-';
	return !(c <= 0xbf && c != 0xaa && c != 0xb5 && c != 0xba) && !(c >= 0x2000 && c <= 0x2bff) && !(c >= 0x3000 && c <= 0x3004) && !(c >= 0x3008 && c <= 0x3020) &&
	       !(c >= 0xff00 && c <= 0xff20) && c != 0xd7 && c != 0xf7 && c != 0xfffd && !(c >= 0x1f000 && c <= 0x1faff) && !(c >= 0xe000 && c <= 0xf8ff) && c < 0xe0000;
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
		bool starts = word.p[0] == '#' && !(isalnum((unsigned char)before) || (unsigned char)before >= 0x80 || (before != '\0' && strchr("&/_=#", before) != NULL));
		struct span rest = word, tag = {0};
		if (word.p[0] == '#' && (starts || only))
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
	struct span s = said_fold(text, arena), word;
	while (span_until(&s, ' ', &word))
		word_tags(word, arena, out);
}
