#include "rules/said-scan.h"

#include <ctype.h>

static const char *const item_words[] = {"items", "item", "numbers", "number", "nos", "nr", "entries", "entry", "#", NULL};
static const char *const join_words[] = {"and", "und", "et", "y", NULL};
static const char *const range_words[] = {"to", "through", "thru", "until", "bis", "...", "..", NULL};

/* ---- signs and words */
void scan_skip_blank(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
		s->p++;
}

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '\'';
}

bool scan_at_end(struct scan s)
{
	while (s.p < s.end && strchr(" \t.!,;)\"'*_", *s.p) != NULL)
		s.p++;
	return s.p == s.end;
}

bool scan_sign(struct scan *s, const char *signs)
{
	struct scan t = *s;
	scan_skip_blank(&t);
	if (t.p == t.end || strchr(signs, *t.p) == NULL)
		return false;
	s->p = t.p + 1;
	return true;
}

bool scan_text(struct scan *s, const char *text)
{
	struct scan t = *s;
	size_t n = strlen(text);
	scan_skip_blank(&t);
	if (!span_starts_nocase((struct span){t.p, (size_t)(t.end - t.p)}, text))
		return false;
	if (is_word_byte(text[n - 1]) && t.p + n < t.end && is_word_byte(t.p[n]) && (unsigned char)text[0] < 0x80)
		return false;
	s->p = t.p + n;
	return true;
}

bool scan_one(struct scan *s, const char *const *list)
{
	struct scan t = *s;
	(*s->steps)++;
	scan_skip_blank(&t);
	for (; t.p < t.end && *list != NULL; list++)
		if (((*t.p ^ **list) & ~0x20) == 0 && scan_text(&t, *list)) { /* most end at the first letter, in any case */
			s->p = t.p;
			return true;
		}
	return false;
}

int scan_number(struct scan *s)
{
	struct scan t = *s;
	int value = 0;
	scan_skip_blank(&t);
	if (t.p < t.end && *t.p == '#')
		t.p++;
	const char *start = t.p;
	while (t.p < t.end && isdigit((unsigned char)*t.p) && t.p - start < 5)
		value = value * 10 + (*t.p++ - '0');
	if (t.p == start || value < 1 || value > 9999 || (t.p < t.end && is_word_byte(*t.p)))
		return 0;
	if (t.p + 1 < t.end && strchr(".,:/", *t.p) != NULL && isdigit((unsigned char)t.p[1]) && *t.p != ',')
		return 0; /* 10:30, 1.5, 3/4 */
	s->p = t.p;
	return value;
}

void scan_item_word(struct scan *s)
{
	scan_one(s, item_words);
}

/* ---- lists */
static bool take_range(struct scan *s, struct item_range *out)
{
	struct scan t = *s;
	scan_item_word(&t);
	int from = scan_number(&t);
	if (from == 0)
		return false;
	struct scan u = t;
	int to = scan_sign(&u, "-") || scan_one(&u, range_words) ? scan_number(&u) : 0;
	if (to > 0 && to < from)
		return false;
	*out = (struct item_range){from, to > 0 ? to : from};
	*s = to > 0 ? u : t;
	return true;
}

bool scan_list(struct scan *s, struct list *out, size_t most)
{
	struct scan t = *s;
	out->n = 0;
	while (out->n < most && take_range(&t, &out->v[out->n])) {
		out->n++;
		*s = t;
		(*s->steps)++;
		bool comma = scan_sign(&t, ",&+");
		if (!scan_one(&t, join_words) && !comma && !(t.p < t.end && *t.p == ' '))
			break;
	}
	return out->n > 0;
}
