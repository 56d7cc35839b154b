#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <wctype.h>

#include "gateway/read/machine.h"
#include "gateway/read/phrase-signs.h"
#include "rules/ini.h"
#include "rules/shipped.h"

#define GAP 100
#define BUCKETS 1024

/* The key of each use in the files; a section's name says the language, or the reason. */
static const struct {
	const char *section, *key;
} uses[] = {
	[SAYS_BOUNCE_SUBJECT] = {"bounce", "subject"},
	[SAYS_BOUNCE_BODY] = {"bounce", "body"},
	[SAYS_BOUNCE_FROM] = {"bounce", "from"},
	[SAYS_ON_BEHALF] = {"bounce", "on-behalf"},
	[SAYS_DELAY] = {"delay", "says"},
	[SAYS_SUCCESS] = {"success", "says"},
	[SAYS_ORIGINAL] = {"original", "follows"},
	[SAYS_RECIPIENT] = {"recipient", "after"},
	[SAYS_REASON] = {"reason", "says"},
	[SAYS_REASON_PERHAPS] = {"reason", "perhaps"},
	[SAYS_AUTO_SUBJECT] = {"auto-reply", "subject"},
	[SAYS_AUTO_PERHAPS] = {"auto-reply", "perhaps"},
	[SAYS_AUTO_BODY] = {"auto-reply", "body"},
	[SAYS_CHALLENGE] = {"challenge", "says"},
	[SAYS_FEEDBACK] = {"feedback", "says"},
	[SAYS_RECEIPT] = {"receipt", "subject"},
	[SAYS_REACTION] = {"reaction", "says"},
	[SAYS_CONFIRM_SUBJECT] = {"confirmation", "subject"},
	[SAYS_CONFIRM_SUBJECT_PERHAPS] = {"confirmation", "subject-perhaps"},
	[SAYS_CONFIRM_BODY] = {"confirmation", "body"},
	[SAYS_CONFIRM_BODY_PERHAPS] = {"confirmation", "body-perhaps"},
	[SAYS_CONFIRMED] = {"confirmed", "says"},
	[SAYS_MASS_BODY] = {"newsletter", "body"},
	[SAYS_MASS_SUBJECT] = {"newsletter", "subject"},
	[SAYS_MASS_FROM] = {"newsletter", "from"},
	[SAYS_TRANSACTION] = {"transactional", "subject"},
	[SAYS_NO_REPLY] = {"no-reply", "from"},
};
_Static_assert(sizeof uses / sizeof *uses == SAYINGS && SAYINGS <= 32, "a key for each use, and a bit");

/* [header "automated"] … */
static const char *const header_uses[] = {
	[HEADER_AUTOMATED] = "automated",
	[HEADER_AUTO_REPLY] = "auto-reply",
	[HEADER_BOUNCE] = "bounce",
	[HEADER_CHALLENGE] = "challenge",
	[HEADER_CONFIRMATION] = "confirmation",
	[HEADER_FEEDBACK] = "feedback",
	[HEADER_MAILER] = "mailer",
	[HEADER_MANAGER] = "manager",
	[HEADER_NEWSLETTER] = "newsletter",
	[HEADER_OPT_OUT] = "opt-out",
	[HEADER_REACTION] = "reaction",
};
_Static_assert(sizeof header_uses / sizeof *header_uses == HEADER_USES, "a name for each use");

struct phrase {
	struct span text, after; /* after: what must follow within GAP bytes; empty if nothing */
	const char *name;
	bool anchored, open_end; /* '^', '*' */
};

struct pair {
	const char *key, *value;
};

struct header_rule {
	struct span name;
	const char *part; /* of the value, "" = any */
};

struct header_rules {
	struct header_rule *v;
	size_t n;
	uint64_t letters; /* of their names: most headers of a mail meet none */
};

static struct {
	struct arena arena;
	struct phrase *v[SAYINGS];
	size_t n[SAYINGS];
	struct phrase_sign *signs[SAYINGS]; /* one for each */
	uint16_t buckets[SAYINGS][BUCKETS]; /* first phrase + 1, by the first two bytes */
	uint32_t uses[BUCKETS];             /* a bit for each use that has one there: small enough to stay in the cache */
	struct pair *status;
	size_t n_status;
	struct header_rules headers[HEADER_USES];
	bool loaded;
} table;

static size_t bucket_of(const char *p)
{
	return ((size_t)(unsigned char)p[0] * 31 + (unsigned char)p[1]) % BUCKETS;
}

static void add_phrase(enum saying use, const char *name, const char *value)
{
	struct phrase *p = ARENA_PUSH(&table.arena, table.v[use], table.n[use]);
	struct span s = span_of(arena_strdup(&table.arena, value));
	*p = (struct phrase){.name = arena_strdup(&table.arena, name)};
	if (span_starts(s, "^"))
		p->anchored = true, s = span_skip(s, 1);
	if (s.n > 0 && s.p[s.n - 1] == '*')
		p->open_end = true, s.n--;
	const char *gap = memmem(s.p, s.n, " … ", sizeof " … " - 1);
	if (gap != NULL) {
		size_t n = (size_t)(gap - s.p);
		p->after = span_skip(s, n + sizeof " … " - 1);
		s.n = n;
	}
	p->text = s;
}

/* What tells the names of headers apart at a glance, in any case: the first letter or, behind "X-", the next. */
static uint64_t letter_of(const char *name)
{
	bool extra = (name[0] | 32) == 'x' && name[1] == '-';
	return (uint64_t)1 << (extra ? 32 + (name[2] & 31) : name[0] & 31);
}

/* "Name" or "Name: part" */
static int add_header(const struct ini_line *at, struct err *err)
{
	for (size_t use = 0; use < HEADER_USES; use++) {
		if (strcmp(at->name, header_uses[use]) != 0)
			continue;
		struct header_rules *rules = &table.headers[use];
		struct header_rule *rule = ARENA_PUSH(&table.arena, rules->v, rules->n);
		struct span rest = span_of(at->value), name = rest;
		span_until(&rest, ':', &name);
		rest = span_trim(rest);
		rule->name = span_of(arena_strndup(&table.arena, name.p, name.n));
		rule->part = arena_strndup(&table.arena, rest.p, rest.n);
		rules->letters |= letter_of(rule->name.p);
		return 0;
	}
	return err_at(err, at, "nothing asks for [header \"%s\"]", at->name);
}

static int take_line(void *ctx, const struct ini_line *at, struct err *err)
{
	(void)ctx;
	if (at->key == NULL)
		return 0;
	for (size_t use = 0; use < SAYINGS; use++)
		if (strcmp(at->section, uses[use].section) == 0 && strcmp(at->key, uses[use].key) == 0) {
			if (strlen(at->value) < 2)
				return err_at(err, at, "a phrase has at least two bytes");
			if (table.n[use] == UINT16_MAX)
				return err_at(err, at, "at most %d phrases", UINT16_MAX);
			add_phrase((enum saying)use, at->name, at->value);
			return 0;
		}
	if (strcmp(at->section, "status") == 0) {
		*ARENA_PUSH(&table.arena, table.status, table.n_status) =
			(struct pair){arena_strdup(&table.arena, at->value), arena_strdup(&table.arena, at->name)};
		return 0;
	}
	if (strcmp(at->section, "header") == 0)
		return add_header(at, err);
	return err_at(err, at, "[%s] has no \"%s\"", at->section, at->key);
}

static void index_phrases(void)
{
	for (size_t use = 0; use < SAYINGS; use++) {
		table.signs[use] = arena_alloc(&table.arena, table.n[use] * sizeof *table.signs[use]);
		for (size_t i = table.n[use]; i-- > 0;) {
			struct span text = table.v[use][i].text;
			uint16_t *first = &table.buckets[use][bucket_of(text.p)];
			table.signs[use][i] = phrase_sign(text, *first);
			table.uses[bucket_of(text.p)] |= (uint32_t)1 << use;
			*first = (uint16_t)(i + 1);
		}
	}
}

/* Later calls cost nothing. */
static void load_tables(void)
{
	static const char *const files[] = {"machine.phrases", "bounce.phrases"};
	if (table.loaded)
		return;
	table.loaded = true;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct shipped *file = shipped_find(shipped_phrases, files[i]);
		struct err err = {0};
		if (file == NULL || ini_parse(files[i], file->text, file->n, take_line, NULL, &err) < 0) {
			fprintf(stderr, "plnpost: %s is not as it was shipped: %s\n", files[i], err.text);
			abort();
		}
	}
	index_phrases();
}

/* U+2019 and the like become ', U+00A0 and U+3000 a blank. */
static uint32_t plain_form(uint32_t c)
{
	switch (c) {
	case 0x2018: case 0x2019: case 0x02bc: case 0x00b4: case '`': return '\'';
	case 0x2010: case 0x2011: return '-';
	case 0x00a0: case 0x3000: case 0x202f: case '\t': case '\r': case '\n': return ' ';
	case 0x200b: case 0x200e: case 0x200f: case 0xfeff: case 0x00ad: return 0;
	}
	return c;
}

struct span says_fold(struct span s, size_t most, struct arena *arena)
{
	s.n = utf8_prefix(s.p, s.n, most);
	char *out = arena_alloc(arena, 2 * s.n + 1); /* lower case is longer by half at most, no plain form is */
	size_t used = 0;
	for (const char *p = s.p, *end = s.p + s.n; p < end && *p != '\0';) {
		uint32_t c = utf8_next(&p, end);
		c = plain_form(c >= 0x80 ? (uint32_t)towlower((wint_t)c) : c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		if (c == 0 || (c == ' ' && (used == 0 || out[used - 1] == ' ')))
			continue;
		if (c < 0x80)
			out[used++] = (char)c;
		else
			used += utf8_put(out + used, c == 0xfffd ? '?' : c);
	}
	return (struct span){out, used};
}

static bool matches_at(const struct phrase *p, struct span text, size_t at, size_t *end)
{
	if (text.n - at < p->text.n || (p->anchored && at != 0) || memcmp(text.p + at, p->text.p, p->text.n) != 0)
		return false;
	*end = at + p->text.n;
	if (p->after.n == 0)
		return p->open_end || phrase_ends(text, *end);
	size_t room = text.n - *end < GAP + p->after.n ? text.n - *end : GAP + p->after.n;
	const char *more = memmem(text.p + *end, room, p->after.p, p->after.n);
	if (more == NULL)
		return false;
	*end = (size_t)(more - text.p) + p->after.n;
	return true;
}

static const struct phrase *phrase_at(enum saying use, struct span text, size_t at, size_t *end)
{
	size_t bucket = bucket_of(text.p + at);
	if ((table.uses[bucket] >> use & 1) == 0 || !phrase_begins(text, at))
		return NULL;
	struct phrase_sign sign;
	for (size_t i = table.buckets[use][bucket]; i != 0; i = sign.next) {
		sign = table.signs[use][i - 1];
		if (phrase_may(sign, text, at) && matches_at(&table.v[use][i - 1], text, at, end))
			return &table.v[use][i - 1];
	}
	return NULL;
}

bool says_find(enum saying use, struct span text, struct says_hit *hit)
{
	load_tables();
	for (size_t at = 0; at + 1 < text.n; at++) {
		size_t end;
		const struct phrase *p = phrase_at(use, text, at, &end);
		if (p != NULL) {
			*hit = (struct says_hit){p->name, at, end};
			return true;
		}
	}
	return false;
}

bool says_any(enum saying use, struct span text)
{
	struct says_hit hit;
	return says_find(use, text, &hit);
}

bool says_best(enum saying use, struct span text, struct says_hit *hit)
{
	const struct phrase *best = NULL;
	load_tables();
	for (size_t at = 0; at + 1 < text.n; at++) {
		size_t end;
		const struct phrase *p = phrase_at(use, text, at, &end);
		if (p != NULL && (best == NULL || p < best)) {
			best = p;
			*hit = (struct says_hit){p->name, at, end};
		}
	}
	return best != NULL;
}

const char *says_status_reason(struct span status)
{
	load_tables();
	for (size_t i = 0; i < table.n_status; i++)
		if (span_eq(status, table.status[i].key))
			return table.status[i].value;
	return NULL;
}

bool says_header(enum header_use use, const struct headers *headers)
{
	load_tables();
	const struct header_rules *rules = &table.headers[use];
	for (size_t i = 0; i < headers->n; i++) {
		const struct header *h = &headers->v[i];
		if ((rules->letters & letter_of(h->name)) == 0)
			continue;
		for (size_t k = 0; k < rules->n; k++)
			if (span_eq_nocase(rules->v[k].name, h->name) && (rules->v[k].part[0] == '\0' || strcasestr(h->value, rules->v[k].part) != NULL))
				return true;
	}
	return false;
}
