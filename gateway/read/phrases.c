#include "gateway/read/phrases.h"

#include <stdlib.h>

#include "gateway/read/phrases-ahead.h"
#include "rules/arena.h"
#include "rules/eight.h"
#include "rules/ini.h"
#include "rules/shipped.h"

enum { SLOTS = 1 << 13, LANGUAGES_MAX = 64, HOLES_MAX = 6, BYTES = 256 };

struct phrase {
	const char *text; /* folded */
	size_t n;
	const char *written;
	int use; /* enum phrase_field or enum phrase_use */
	uint64_t languages;
	struct phrase *next; /* in its list of patterns */
};

/* Phrases live as long as the process: they are loaded before its cage closes. */
static struct {
	bool loaded, failed;
	struct arena arena;
	struct phrase *exact[SLOTS];
	uint64_t taken[SLOTS / 64]; /* a bit for each slot: most lines are in none, and this stays in the cache */
	/* By the byte that they begin with, or else end with, or neither: most lines meet few of them. */
	struct phrase *begin[PHRASE_USE_COUNT][BYTES], *end[PHRASE_USE_COUNT][BYTES], *anywhere[PHRASE_USE_COUNT];
	struct ahead ahead[PHRASE_USE_COUNT]; /* of anywhere: what stands behind the first star */
	size_t longest[PHRASE_USE_COUNT]; /* exact phrase of a use; of all fields in the first */
	struct phrase_label_text *labels;
	size_t n_labels, n_exact, n_languages;
} table;

static const struct {
	const char *key;
	int use;
} keys[] = {
	{"from", FIELD_FROM}, {"to", FIELD_TO}, {"cc", FIELD_CC}, {"bcc", FIELD_BCC}, {"date", FIELD_DATE},
	{"subject", FIELD_SUBJECT}, {"reply-to", FIELD_REPLY_TO}, {"message-id", FIELD_MESSAGE_ID}, {"sender", FIELD_SENDER}, {"other", FIELD_OTHER},
	{"forward", PHRASE_FORWARD}, {"original", PHRASE_ORIGINAL}, {"end", PHRASE_END}, {"above", PHRASE_ABOVE},
	{"intro", PHRASE_INTRO}, {"re", PHRASE_RE}, {"fwd", PHRASE_FWD}, {"sent-from", PHRASE_SENT_FROM}, {"sent-with", PHRASE_SENT_WITH},
	{"sent-by", PHRASE_SENT_BY}, {"device", PHRASE_DEVICE},
	{"signoff", PHRASE_SIGNOFF}, {"thanks", PHRASE_THANKS}, {"postscript", PHRASE_POSTSCRIPT}, {"footer", PHRASE_FOOTER}, {"banner", PHRASE_BANNER},
};

static bool is_field(int use)
{
	return use < FIELD_COUNT;
}

/* ---- exact phrases: an open hash table over use and text; labels share one use */
static bool is_taken(size_t slot)
{
	return (table.taken[slot / 64] >> slot % 64 & 1) != 0;
}

/* Where the phrase is, or belongs. */
static size_t slot_of(int use, struct span text)
{
	size_t at = eight_hash(text.p, text.n, (uint64_t)(is_field(use) ? 0 : use)) & (SLOTS - 1);
	for (; is_taken(at); at = (at + 1) & (SLOTS - 1)) {
		const struct phrase *p = table.exact[at];
		if ((is_field(p->use) ? is_field(use) : p->use == use) && p->n == text.n && memcmp(p->text, text.p, text.n) == 0)
			break;
	}
	return at;
}

static const struct phrase *find_exact(int use, struct span text)
{
	size_t at = slot_of(use, text);
	return is_taken(at) ? table.exact[at] : NULL;
}

static void add_exact(int use, struct span text, const char *written, unsigned language)
{
	size_t at = slot_of(use, text);
	if (!is_taken(at) && table.n_exact < SLOTS / 2) {
		table.exact[at] = arena_alloc(&table.arena, sizeof *table.exact[at]);
		*table.exact[at] = (struct phrase){.text = arena_strndup(&table.arena, text.p, text.n), .n = text.n, .written = written, .use = use};
		table.taken[at / 64] |= (uint64_t)1 << at % 64;
		table.n_exact++;
	}
	size_t *longest = &table.longest[is_field(use) ? 0 : use];
	*longest = text.n > *longest ? text.n : *longest;
	if (is_taken(at))
		table.exact[at]->languages |= (uint64_t)1 << language;
}

static void add_label(int field, const char *written, unsigned language)
{
	*ARENA_PUSH(&table.arena, table.labels, table.n_labels) =
		(struct phrase_label_text){written, strlen(written), (enum phrase_field)field, (uint64_t)1 << language};
}

static bool is_open_end(char c)
{
	return c == '*' || c == '#';
}

static void add_pattern(int use, struct span text, unsigned language)
{
	struct phrase *p = arena_alloc(&table.arena, sizeof *p);
	char first = text.p[0], last = text.p[text.n - 1];
	struct phrase **list = !is_open_end(first)  ? &table.begin[use][(unsigned char)first]
	                       : !is_open_end(last) ? &table.end[use][(unsigned char)last]
	                                            : &table.anywhere[use];
	*p = (struct phrase){arena_strndup(&table.arena, text.p, text.n), text.n, "", use, (uint64_t)1 << language, *list};
	*list = p;
	if (list == &table.anywhere[use])
		ahead_add(&table.ahead[use], first == '*' ? (struct span){p->text + 1, strcspn(p->text + 1, "*#")} : (struct span){"", 0});
}

static int add_phrase(const struct ini_line *at, int use, struct span phrase, struct err *err)
{
	struct folded folded;
	folded_read(&folded, phrase);
	struct span text = {folded.text, folded.n};
	while (text.n > 0 && text.p[text.n - 1] == ':')
		text.n--;
	if (text.n == 0 || folded.cut)
		return err_at(err, at, "%s: a phrase is empty or too long", at->key);
	unsigned language = (unsigned)table.n_languages - 1;
	const char *written = arena_strndup(&table.arena, phrase.p, phrase.n);
	if (memchr(text.p, '*', text.n) != NULL || memchr(text.p, '#', text.n) != NULL)
		add_pattern(use, text, language);
	else
		add_exact(use, text, written, language);
	if (is_field(use))
		add_label(use, written, language);
	return 0;
}

static int on_line(void *ctx, const struct ini_line *at, struct err *err)
{
	(void)ctx;
	if (at->key == NULL) {
		if (table.n_languages == LANGUAGES_MAX)
			return err_at(err, at, "at most %d languages", LANGUAGES_MAX);
		table.n_languages++;
		return strcmp(at->section, "language") == 0 ? 0 : err_at(err, at, "write [language \"xx\"]");
	}
	for (size_t i = 0; table.n_languages > 0 && i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(at->key, keys[i].key) != 0)
			continue;
		struct span rest = span_of(at->value), phrase;
		while (span_until(&rest, '|', &phrase))
			if (add_phrase(at, keys[i].use, span_trim(phrase), err) < 0)
				return -1;
		return 0;
	}
	return err_at(err, at, "unknown key %s", at->key);
}

int phrases_load(struct err *err)
{
	if (!table.loaded) {
		const struct shipped *file = shipped_find(shipped_phrases, "clients.phrases");
		table.loaded = true;
		table.failed = file == NULL || ini_parse(file->name, file->text, file->n, on_line, NULL, err) < 0;
	}
	return table.failed ? -1 : 0;
}

size_t phrases_languages(void)
{
	phrases_load(NULL);
	return table.n_languages;
}

/* ---- asking */
enum phrase_field phrase_label(struct span folded, uint64_t *languages)
{
	phrases_load(NULL);
	const struct phrase *p = folded.n > table.longest[0] ? NULL : find_exact(FIELD_FROM, folded);
	if (p == NULL)
		return FIELD_NONE;
	if (languages != NULL)
		*languages = p->languages;
	return (enum phrase_field)p->use;
}

const struct phrase_label_text *phrase_labels(size_t index)
{
	phrases_load(NULL);
	return index < table.n_labels ? &table.labels[index] : NULL;
}

static bool piece_fits(const char *pattern, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (pattern[i] == '#' ? text[i] < '0' || text[i] > '9' : pattern[i] != text[i])
			return false;
	return true;
}

/* Where the piece first occurs at or after *at, which moves behind it. */
static bool piece_find(struct span piece, struct span text, size_t *at)
{
	if (memchr(piece.p, '#', piece.n) == NULL) {
		const char *found = memmem(text.p + *at, text.n - *at, piece.p, piece.n);
		*at = found == NULL ? *at : (size_t)(found - text.p) + piece.n;
		return found != NULL;
	}
	for (size_t i = *at; i + piece.n <= text.n; i++)
		if (piece_fits(piece.p, piece.n, text.p + i)) {
			*at = i + piece.n;
			return true;
		}
	return false;
}

/* Pieces between stars are found one after another; the last one must be the end. */
static int pattern_fits(const struct phrase *p, struct span text, struct span *holes, int max)
{
	struct span rest = {p->text, p->n}, piece;
	size_t at = 0;
	int n = 0;
	bool first = true;
	while (rest.n > 0) {
		const char *star = memchr(rest.p, '*', rest.n);
		piece = (struct span){rest.p, star == NULL ? rest.n : (size_t)(star - rest.p)};
		rest = span_skip(rest, piece.n);
		size_t from = at;
		if (first) {
			if (piece.n > text.n || !piece_fits(piece.p, piece.n, text.p))
				return -1;
			at = piece.n;
		} else if (rest.n == 0) {
			if (text.n < at + piece.n || !piece_fits(piece.p, piece.n, text.p + text.n - piece.n))
				return -1;
			at = text.n;
		} else if (!piece_find(piece, text, &at)) {
			return -1;
		}
		if (!first && n < max)
			holes[n++] = (struct span){text.p + from, at - piece.n - from};
		first = false;
		if (rest.n == 0)
			return at == text.n ? n : -1;
		rest = span_skip(rest, 1);
	}
	if (n < max) /* the pattern ended with a star */
		holes[n++] = span_skip(text, at);
	return n;
}

/* The lists of patterns that a text may fit. */
enum { LISTS = 3 };
static void patterns_of(enum phrase_use use, struct span text, const struct phrase *lists[LISTS])
{
	lists[0] = text.n == 0 ? NULL : table.begin[use][(unsigned char)text.p[0]];
	lists[1] = text.n == 0 ? NULL : table.end[use][(unsigned char)text.p[text.n - 1]];
	lists[2] = ahead_may(&table.ahead[use], text) ? table.anywhere[use] : NULL;
}

int phrase_holes(enum phrase_use use, struct span folded, struct span *holes, int max)
{
	phrases_load(NULL);
	const struct phrase *lists[LISTS];
	int best = -1;
	size_t most = 0;
	patterns_of(use, folded, lists);
	for (int i = 0; i < LISTS; i++)
		for (const struct phrase *p = lists[i]; p != NULL; p = p->next) {
			struct span found[HOLES_MAX];
			int n = p->n <= most ? -1 : pattern_fits(p, folded, found, max < HOLES_MAX ? max : HOLES_MAX);
			if (n < 0)
				continue;
			best = n;
			most = p->n; /* the most said fits best */
			memcpy(holes, found, (size_t)n * sizeof *holes);
		}
	return best;
}

uint64_t phrase_says(enum phrase_use use, struct span folded)
{
	phrases_load(NULL);
	const struct phrase *exact = folded.n == 0 || folded.n > table.longest[use] ? NULL : find_exact((int)use, folded);
	uint64_t languages = exact == NULL ? 0 : exact->languages;
	const struct phrase *lists[LISTS];
	patterns_of(use, folded, lists);
	for (int i = 0; i < LISTS; i++)
		for (const struct phrase *p = lists[i]; p != NULL; p = p->next)
			if (pattern_fits(p, folded, NULL, 0) >= 0)
				languages |= p->languages;
	return languages;
}

bool phrase_is(enum phrase_use use, struct span folded)
{
	phrases_load(NULL);
	if (folded.n == 0)
		return false;
	if (folded.n <= table.longest[use] && find_exact((int)use, folded) != NULL)
		return true;
	const struct phrase *lists[LISTS];
	patterns_of(use, folded, lists);
	for (int i = 0; i < LISTS; i++)
		for (const struct phrase *p = lists[i]; p != NULL; p = p->next)
			if (pattern_fits(p, folded, NULL, 0) >= 0)
				return true;
	return false;
}
