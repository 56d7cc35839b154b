#include <ctype.h>

#include "gateway/read/split.h"

/* A passage: the writer's lines between two quotations. Its signature is its end, from the first line that looks like
 * the beginning of one. */
struct passage {
	const struct scan *scan;
	size_t from, to;
	size_t first; /* its first line that is not blank */
	size_t after; /* how many that are not blank stand below the line that is looked at */
};

enum { PASSAGES_MAX = 5000, SIGNED_LINES = 15, SHORT_LINE = 80, NAME_WORDS = 4, SENT_FROM_MAX = 90, SENT_WORDS = 18, CONTACT_LINES = 10, FOOTER_MAX = 400 };

static struct span line_text(const struct passage *p, size_t i)
{
	return span_trim(p->scan->body->lines[i].text);
}

static size_t words(struct span s)
{
	size_t n = s.n > 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ' ';
	return n;
}

/* A name as people sign with: few words, no figures, nothing that commands or asks. */
static bool is_name(struct span s)
{
	if (s.n == 0 || s.n > 48 || words(s) > NAME_WORDS || islower((unsigned char)*s.p))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]) || strchr("#?:;@/=", s.p[i]) != NULL)
			return false;
	return true;
}

static struct span drop_punctuation(struct span s)
{
	while (s.n > 0 && strchr(" ,.!;-*", s.p[s.n - 1]) != NULL)
		s.n--;
	for (;;) {
		if (s.n >= 3 && memcmp(s.p + s.n - 3, "！", 3) == 0)
			s.n -= 3;
		else if (s.n >= 3 && (memcmp(s.p + s.n - 3, "，", 3) == 0 || memcmp(s.p + s.n - 3, "。", 3) == 0))
			s.n -= 3;
		else
			return s;
	}
}

/* Marks without a letter or a figure say nothing; nor does a blank line. */
static bool is_ornament(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isalnum((unsigned char)s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* ---- the ways to begin */
static bool is_delimiter(const struct passage *p, size_t i)
{
	return span_eq(line_text(p, i), "--");
}

/* A rule of other marks, when what follows is short and says where to find somebody. */
static bool is_card(const struct passage *p, size_t i)
{
	struct span s = line_text(p, i);
	struct folded f;
	bool may = s.n >= 2 && s.n <= 200 && ((unsigned char)*s.p >= 0x80 || strchr("-_=*~", *s.p) != NULL);
	if (!may || p->after > CONTACT_LINES || p->after == 0)
		return false;
	folded_read(&f, s);
	for (size_t k = 0; k < f.n; k++)
		if (f.text[k] != f.text[0] || strchr("-_=*~", f.text[k]) == NULL)
			return false;
	bool contact = false;
	for (size_t k = i + 1; k < p->to; k++) {
		struct span line = line_text(p, k);
		size_t digits = 0;
		for (size_t c = 0; c < line.n; c++)
			digits += isdigit((unsigned char)line.p[c]) != 0;
		contact = contact || memchr(line.p, '@', line.n) != NULL || memmem(line.p, line.n, "http", 4) != NULL ||
		          memmem(line.p, line.n, "www.", 4) != NULL || digits >= 7;
		if (line.n > SHORT_LINE + 20)
			return false;
	}
	return contact;
}

/* "Sent with Sparrow", "Sent from Mail Pilot", not "sent with the letters" or "sent with Mary's help". */
static bool is_sent_with(const struct folded *f, struct span folded, struct span line)
{
	struct span hole, word;
	if (phrase_holes(PHRASE_SENT_WITH, folded, &hole, 1) < 1 || hole.n == 0)
		return false;
	struct span rest = span_skip(line, folded_source(line, (size_t)(hole.p - f->text)));
	while (span_until(&rest, ' ', &word))
		if (word.n > 0 && islower((unsigned char)*word.p))
			return false;
	return true;
}

static bool names_program(struct span folded)
{
	return phrase_is(PHRASE_DEVICE, folded) || memmem(folded.p, folded.n, "http", 4) != NULL || memmem(folded.p, folded.n, "www.", 4) != NULL;
}

/* A program sets its line apart; one with text right above and below is a sentence. */
static bool is_inside(const struct passage *p, size_t i)
{
	return i > p->from && i + 1 < p->to && !is_ornament(line_text(p, i - 1)) && !is_ornament(line_text(p, i + 1));
}

static bool is_framed(const struct passage *p, size_t i)
{
	struct span above = i > p->from ? line_text(p, i - 1) : (struct span){0}, below = i + 1 < p->to ? line_text(p, i + 1) : (struct span){0};
	return above.n > 2 && below.n > 2 && is_ornament(above) && is_ornament(below);
}

static bool is_sent_from(const struct passage *p, size_t i, const struct folded *f, struct span folded)
{
	if (folded.n > SENT_FROM_MAX + 60 || words(folded) > SENT_WORDS || (i == p->first && p->after > 3) || is_inside(p, i))
		return false;
	if (phrase_is(PHRASE_SENT_FROM, folded) || is_sent_with(f, folded, line_text(p, i)))
		return true;
	bool by = phrase_is(PHRASE_SENT_BY, folded) || phrase_is(PHRASE_SENT_WITH, folded);
	return by && (names_program(folded) || is_framed(p, i));
}

/* "Three cheers for the fours!\nCheers\nand applause filled the hall": a sentence that was broken there. */
static bool goes_on(const struct passage *p, size_t i)
{
	struct span line = line_text(p, i), next = i + 1 < p->to ? line_text(p, i + 1) : (struct span){0};
	return strchr(",.!-", line.p[line.n - 1]) == NULL && next.n > 0 && islower((unsigned char)*next.p) && words(next) > 2;
}

/* "Kind regards," or "Regards, Roman". */
static bool is_signoff(const struct passage *p, size_t i, struct span folded)
{
	if (i == p->first || p->after > SIGNED_LINES || folded.n > 2 * SHORT_LINE || goes_on(p, i))
		return false;
	if (phrase_is(PHRASE_SIGNOFF, folded))
		return true;
	const char *comma = memchr(folded.p, ',', folded.n);
	struct span line = line_text(p, i);
	const char *name = comma == NULL ? NULL : memchr(line.p, ',', line.n);
	return name != NULL && phrase_is(PHRASE_SIGNOFF, (struct span){folded.p, (size_t)(comma - folded.p)}) &&
	       is_name(drop_punctuation(span_trim(span_skip(line, (size_t)(name - line.p) + 1))));
}

/* Thanks are words of their own unless a name follows and ends it. */
static bool is_thanks(const struct passage *p, size_t i, struct span folded)
{
	size_t next = line_next(p->scan, i + 1);
	return i > p->first && next < p->to && p->after <= 4 && phrase_is(PHRASE_THANKS, folded) &&
	       is_name(drop_punctuation(line_text(p, next)));
}

static size_t dash_width(struct span s)
{
	return span_starts(s, "–") || span_starts(s, "—") ? 3 : span_starts(s, "-") || span_starts(s, "~");
}

/* "-Abhishek Kona" as the last line, but not of a list. */
static bool is_dashed_name(const struct passage *p, size_t i)
{
	struct span s = line_text(p, i);
	size_t dash = dash_width(s);
	struct span name = span_skip(s, dash);
	if (dash > 0 && i > p->from && dash_width(line_text(p, i - 1)) > 0)
		return false;
	return dash > 0 && i > p->first && p->after == 0 && name.n > 1 && isupper((unsigned char)*name.p) && words(name) <= 3 && is_name(name);
}

/* f holds the beginning of the line, and gets that of its paragraph. */
static bool is_footer(const struct passage *p, size_t i, struct folded *f)
{
	const struct body_line *lines = p->scan->body->lines;
	size_t left = line_text(p, i).n;
	bool begins = i == p->from || line_is_blank(&lines[i - 1]) || left > SHORT_LINE;
	if (!begins || (i == p->first && p->after > 6))
		return false;
	left = left < FOOTER_MAX ? FOOTER_MAX - left : 0;
	for (size_t k = i + 1; k < p->to && k < i + 6 && left > 1 && !line_is_blank(&lines[k]); k++) {
		struct span line = line_text(p, k);
		line.n = line.n < left - 1 ? line.n : left - 1;
		folded_add(f, SPAN(" "));
		folded_add(f, line);
		left -= line.n + 1;
	}
	return phrase_is(PHRASE_FOOTER, folded_core(f).text);
}

static bool begins_signature(const struct passage *p, size_t i)
{
	struct span line = line_text(p, i);
	if (is_delimiter(p, i) || is_card(p, i) || is_dashed_name(p, i))
		return true;
	struct folded f;
	folded_read(&f, (struct span){line.p, line.n < FOOTER_MAX ? line.n : FOOTER_MAX});
	/* Not too far from the end for a sign-off, not too long for "Sent from …". */
	if (line.n <= 3 * SENT_FROM_MAX && (p->after <= SIGNED_LINES || words(line) <= 2 * SENT_WORDS)) {
		struct span folded = drop_punctuation(folded_core(&f).text);
		if (is_sent_from(p, i, &f, folded) || is_signoff(p, i, folded) || is_thanks(p, i, folded))
			return true;
	}
	return is_footer(p, i, &f);
}

/* ---- passages */
static size_t ornaments_from(const struct passage *p)
{
	size_t from = p->to;
	while (from > p->from && is_ornament(line_text(p, from - 1)))
		from--;
	while (from < p->to && line_is_blank(&p->scan->body->lines[from]))
		from++;
	return from > p->first ? from : p->to;
}

/* What somebody adds below the name is no signature: how long it took, a tag for us, a postscript. */
static void keep_added(struct passage *p, size_t start, enum line_owner owner)
{
	bool postscript = false;
	p->after = 0;
	for (size_t i = start; i < p->to; i++)
		p->after += !line_is_blank(&p->scan->body->lines[i]);
	for (size_t i = start; i < p->to; i++) {
		struct span line = line_text(p, i);
		if (line_is_blank(&p->scan->body->lines[i]))
			continue;
		p->after--;
		postscript = line_is_postscript(line) || (postscript && !begins_signature(p, i));
		if (postscript || line_is_command(line))
			p->scan->owner[i] = owner;
	}
}

/* A line drawn above the signature goes with it. */
static size_t behind_words(const struct passage *p, size_t start)
{
	size_t above = start;
	while (above > p->first && line_is_blank(&p->scan->body->lines[above - 1]))
		above--;
	struct span s = above > p->first ? line_text(p, above - 1) : (struct span){0};
	for (size_t i = 0; i < s.n; i++)
		if (strchr("-_=*~", s.p[i]) == NULL)
			return start;
	return s.n >= 3 ? above - 1 : start;
}

/* again: a signature stands above already; what is only another one, below a quotation, goes with that. */
static bool passage_sign(struct passage *p, bool again)
{
	enum { LOOK_BACK = 80 };
	const struct body_line *lines = p->scan->body->lines;
	size_t start = ornaments_from(p), look = p->to > p->from + LOOK_BACK ? p->to - LOOK_BACK : p->from;
	bool code = false;
	for (size_t i = p->from; i < look; i++)
		code ^= span_starts(line_text(p, i), "```");
	p->after = 0;
	for (size_t i = look; i < p->to; i++)
		p->after += !line_is_blank(&lines[i]);
	for (size_t i = look; i < start; i++) {
		if (line_is_blank(&lines[i]))
			continue;
		p->after--;
		code ^= span_starts(line_text(p, i), "```");
		if (!code && begins_signature(p, i)) {
			start = behind_words(p, i);
			break;
		}
	}
	enum line_owner writer = p->scan->owner[p->from], owner = again && start <= p->first ? OWNER_QUOTED : OWNER_SIGNATURE;
	for (size_t i = p->from; i < p->to; i++)
		if (i >= start || (lines[i].marks & LINE_SIGNATURE) != 0)
			p->scan->owner[i] = owner;
	if (owner == OWNER_SIGNATURE)
		keep_added(p, start, writer);
	return start < p->to;
}

void signatures_find(const struct scan *scan)
{
	banner_find(scan);
	bool signed_above = false;
	for (size_t i = 0, n = 0; i < scan->body->n && n < PASSAGES_MAX; n++) {
		struct passage p = {.scan = scan, .from = i};
		enum line_owner owner = scan->owner[i];
		while (i < scan->body->n && scan->owner[i] == owner)
			i++;
		p.to = i;
		p.first = line_next(scan, p.from);
		if ((owner == OWNER_OWN || owner == OWNER_AFTER) && p.first < p.to)
			signed_above = passage_sign(&p, signed_above) || signed_above;
	}
}
