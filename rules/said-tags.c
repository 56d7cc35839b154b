#include <ctype.h>

#include "rules/said-parts.h"

/* Hashtags, companions, stars, minutes and days in a person's words, clause by clause. A clause that is nothing but
 * instructions ("star 10 min") acts and is dropped; any other stays in the note. */

enum flag { FLAG_STAR, FLAG_UNSTAR, FLAG_PRIVATE, FLAG_SHARE, FLAG_NOCREDIT };

/* Plain words, believed only where nothing but instructions stand. Longer phrases first. */
static const struct {
	const char *phrase;
	enum flag flag;
} flag_phrases[] = {
	{"no star", FLAG_UNSTAR}, {"not starred", FLAG_UNSTAR}, {"unstar", FLAG_UNSTAR}, {"remove star", FLAG_UNSTAR},
	{"remove the star", FLAG_UNSTAR},
	{"not private", FLAG_SHARE}, {"unhide", FLAG_SHARE}, {"share", FLAG_SHARE}, {"shared", FLAG_SHARE}, {"public", FLAG_SHARE},
	{"teilen", FLAG_SHARE}, {"partager", FLAG_SHARE}, {"compartir", FLAG_SHARE},
	{"do not share", FLAG_PRIVATE}, {"don't share", FLAG_PRIVATE}, {"private", FLAG_PRIVATE}, {"hide", FLAG_PRIVATE},
	{"privat", FLAG_PRIVATE}, {"privé", FLAG_PRIVATE}, {"privado", FLAG_PRIVATE},
	{"no credit", FLAG_NOCREDIT}, {"nocredit", FLAG_NOCREDIT}, {"star", FLAG_STAR}, {"starred", FLAG_STAR}, {"stern", FLAG_STAR},
	{"étoile", FLAG_STAR}, {"estrella", FLAG_STAR},
};

static const struct {
	const char *tag;
	enum flag flag;
} flag_tags[] = {
	{"star", FLAG_STAR}, {"starred", FLAG_STAR}, {"nostar", FLAG_UNSTAR}, {"private", FLAG_PRIVATE}, {"share", FLAG_SHARE},
	{"public", FLAG_SHARE}, {"nocredit", FLAG_NOCREDIT},
};

/* May stand between instructions without making them prose. */
static const char *const fillers[] = {
	"and", "for", "on", "it", "was", "took", "about", "please", "make", "mark", "that", "this", "as", "a", "to", "my", "is", "the", "of",
	"with", "ca", "approx", "around",
	"min", "&", "+", "=", "total", "und", "et", "y", "pour", "für", "por", "bitte", "actually", "should", "be", "also", "time", "day",
	"date", "minutes", "kind", NULL,
};

/* A clause with one of these speaks of what is to come. */
static const char *const aheads[] = {
	"will", "shall", "going", "gonna", "plan", "planning", "try", "trying", "next", "tomorrow", "want", "hope", "hoping", "due", "by",
	"until", "before", "every", "each",
	"i'll", "we'll", "let's", "later", "upcoming", "coming", "may", "might", "should", "could", "would", "morgen", "nächsten", "nächste",
	"werde", "wollen", "prochain", "demain", "mañana", "próximo", NULL,
};

/* A clause that begins with one of these tells somebody, or oneself, what to do: "Use it on Monday". */
static const char *const biddings[] = {"use", "apply", "start", "begin", "bring", "teach", "show", "discuss", "introduce", "remind", "ask", NULL};

/* Minutes beside these are a time of day, a repetition or a distance in time. */
static const char *const not_after[] = {
	"at", "by", "until", "till", "every", "each", "next", "first", "last", "final", "in", "within", "after", "before", "à", "um", "vers",
	"gegen", "page", "p", "pp", "grade", "grades", "room", "period", NULL
};
static const char *const not_before[] = {"ago", "late", "early", "earlier", "before", "after", "later", "old", "left", "away", NULL};

void tags_words(void)
{
	for (size_t i = 0; i < sizeof flag_phrases / sizeof *flag_phrases; i++)
		word_add(flag_phrases[i].phrase, WORD_FLAG);
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		words_add(kind_written((enum entry_kind)kind), WORD_KIND);
	words_add(fillers, WORD_FILLER);
	words_add(aheads, WORD_AHEAD);
	words_add(biddings, WORD_BIDDING);
}

static void set_flag(struct tagging *t, enum flag flag)
{
	switch (flag) {
	case FLAG_STAR:
		t->starred = true;
		t->unstar = false;
		break;
	case FLAG_UNSTAR:
		t->unstar = true;
		t->starred = false;
		break;
	case FLAG_PRIVATE:
		t->is_private = true;
		t->share = false;
		break;
	case FLAG_SHARE:
		t->share = true;
		t->is_private = false;
		break;
	case FLAG_NOCREDIT:
		t->nocredit = true;
		break;
	}
}

void tagging_add_tag(struct tagging *t, struct arena *arena, const char *tag)
{
	if (strs_has_nocase(&t->tags, tag) || t->tags.n >= 200)
		return;
	strs_add(&t->tags, arena, tag);
	if (strcmp(tag, "pln") == 0) {
		t->pln = true;
		return;
	}
	for (size_t i = 0; i < sizeof flag_tags / sizeof *flag_tags; i++)
		if (strcmp(tag, flag_tags[i].tag) == 0) {
			set_flag(t, flag_tags[i].flag);
			return;
		}
	enum entry_kind kind = kind_of_word(span_of(tag));
	if (kind == KIND_NONE)
		strs_add(&t->topics, arena, tag);
	else if (t->kind == KIND_NONE)
		t->kind = kind;
}

/* ---- one clause */
struct clause {
	struct words words;
	struct strs tags, with;
	unsigned flags;  /* bits of enum flag, in plain words */
	bool star;       /* ⭐ */
	int minutes, loose_minutes;
	enum entry_kind kind; /* in plain words */
	struct when when;
	bool has_when;
	size_t instructions, prose;
	bool ahead;
};

/* "@Rivera", not an address; as written, without punctuation behind it. */
static size_t companion_at(struct clause *c, size_t i, struct arena *arena)
{
	struct span s = c->words.v[i].text;
	if (s.n < 2 || s.p[0] != '@' || memchr(s.p + 1, '@', s.n - 1) != NULL || !(isalpha((unsigned char)s.p[1]) || (unsigned char)s.p[1] >= 0x80))
		return 0;
	size_t n = 1;
	while (n < s.n && ((unsigned char)s.p[n] >= 0x80 || isalnum((unsigned char)s.p[n]) || strchr("._-'", s.p[n]) != NULL))
		n++;
	const char *name = arena_strndup(arena, s.p + 1, n - 1);
	if (c->with.n < 50 && !strs_has_nocase(&c->with, name))
		strs_add(&c->with, arena, name);
	return 1;
}

static size_t flag_at(struct clause *c, size_t i)
{
	bool may = (c->words.v[i].uses & WORD_FLAG) != 0;
	for (size_t k = 0; may && k < sizeof flag_phrases / sizeof *flag_phrases; k++) {
		size_t n = phrase_at(&c->words, i, flag_phrases[k].phrase);
		if (n > 0) {
			c->flags |= 1u << flag_phrases[k].flag;
			return n;
		}
	}
	return 0;
}

/* "à 15h30", "de 9h à 10h": a time of day in one word. */
static bool is_clock(const struct words *w, size_t i, size_t n, int minutes)
{
	static const char *const from[] = {"from", "between", "de", "entre", "von", "zwischen", "dès", "ab", "seit", NULL};
	if (n != 1 || memchr(w->v[i].low.p, 'h', w->v[i].low.n) == NULL)
		return false;
	return (minutes >= 13 * 60 && minutes < 24 * 60) || (i > 0 && word_in(w, i - 1, from));
}

static size_t duration_at(struct clause *c, size_t i)
{
	int minutes;
	size_t n = minutes_at(&c->words, i, &minutes);
	if (n == 0)
		return 0;
	if (c->minutes == MINUTES_NONE)
		c->minutes = minutes;
	bool other = is_clock(&c->words, i, n, minutes) || (i > 0 && word_in(&c->words, i - 1, not_after)) || word_in(&c->words, i + n, not_before);
	if (other)
		c->prose++;
	else if (c->loose_minutes == MINUTES_NONE)
		c->loose_minutes = minutes;
	return n;
}

static size_t day_at(struct clause *c, size_t i)
{
	struct when when;
	size_t n = when_at(&c->words, i, &when);
	if (n > 0 && !c->has_when) {
		c->when = when;
		c->has_when = true;
	}
	return n;
}

static size_t kind_at(struct clause *c, size_t i)
{
	enum entry_kind kind = (c->words.v[i].uses & WORD_KIND) == 0 ? KIND_NONE : kind_of_word(c->words.v[i].low);
	if (kind == KIND_NONE)
		return 0;
	if (c->kind == KIND_NONE)
		c->kind = kind;
	return 1;
}

static size_t instruction_at(struct clause *c, size_t i, struct arena *arena)
{
	struct span raw = c->words.v[i].raw;
	size_t n;
	if (memchr(raw.p, '#', raw.n) != NULL)
		return word_tags(raw, arena, &c->tags) ? 1 : 0;
	if (span_eq(raw, STAR_MARK)) {
		c->star = true;
		return 1;
	}
	if ((n = companion_at(c, i, arena)) > 0 || (n = flag_at(c, i)) > 0 || (n = duration_at(c, i)) > 0 || (n = day_at(c, i)) > 0)
		return n;
	return kind_at(c, i);
}

/* Prose is passed by: no table has its words, and no sign tells. */
static bool may_instruct(const struct word *word)
{
	return (word->uses & ~(unsigned)(WORD_AHEAD | WORD_BIDDING | WORD_FILLER)) != 0 || isdigit((unsigned char)word->raw.p[0]) ||
	       (word->text.n > 0 && *word->text.p == '@') || span_eq(word->raw, STAR_MARK) || memchr(word->raw.p, '#', word->raw.n) != NULL;
}

/* All but the words: 400 of them need not be cleared for each clause. */
static void clause_clear(struct clause *c)
{
	size_t words = sizeof c->words;
	memset((char *)c + words, 0, sizeof *c - words);
	c->words.n = 0;
	c->minutes = c->loose_minutes = MINUTES_NONE;
}

static void clause_read(struct clause *c, struct span text, struct arena *arena)
{
	words_split(&c->words, said_fold(text, arena), arena);
	for (size_t i = 0; i < c->words.n;) {
		const struct word *word = &c->words.v[i];
		c->ahead |= (word->uses & (i == 0 ? WORD_AHEAD | WORD_BIDDING : WORD_AHEAD)) != 0;
		size_t n = may_instruct(word) && !is_url(word->raw) ? instruction_at(c, i, arena) : 0;
		if (n > 0)
			c->instructions++;
		else if (word->text.n > 0 && (word->uses & WORD_FILLER) == 0)
			c->prose++;
		i += n > 0 ? n : 1;
	}
}

/* Prose says a day only if it cannot be meant otherwise, and never in an amendment. */
static bool day_counts(const struct tagger *t, const struct clause *c, bool pure)
{
	return c->has_when && (pure || (!t->amendment && !c->when.weak && !c->ahead));
}

static void clause_apply(struct tagger *t, const struct clause *c, bool pure)
{
	struct tagging *out = &t->said->tagging;
	for (size_t i = 0; i < c->tags.n; i++)
		tagging_add_tag(out, t->arena, c->tags.v[i]);
	for (size_t i = 0; i < c->with.n; i++)
		if (!strs_has_nocase(&out->with, c->with.v[i]))
			strs_add(&out->with, t->arena, c->with.v[i]);
	if (c->star)
		set_flag(out, FLAG_STAR);
	for (unsigned flag = 0; pure && flag <= FLAG_NOCREDIT; flag++)
		if ((c->flags >> flag & 1) != 0)
			set_flag(out, (enum flag)flag);
	int minutes = pure ? c->minutes : c->loose_minutes;
	if (minutes != MINUTES_NONE && (out->minutes == MINUTES_NONE || (pure && !t->sure_minutes))) {
		out->minutes = minutes;
		t->sure_minutes = pure;
	}
	if (out->day == DAY_NONE && day_counts(t, c, pure))
		out->day = when_past(&c->when, t->today);
	if (pure && out->kind == KIND_NONE && c->kind != KIND_NONE)
		out->kind = c->kind;
}

/* A word for a kind alone, or a day alone, may be prose cut short by a comma: only an amendment means it. */
static bool is_pure(const struct tagger *t, const struct clause *c)
{
	if (c->prose > 0 || c->instructions == 0)
		return false;
	bool plain_only = c->tags.n == 0 && c->with.n == 0 && !c->star && c->minutes == MINUTES_NONE && c->flags == 0;
	return t->amendment || !plain_only || (c->has_when && c->kind == KIND_NONE);
}

bool tags_read(struct tagger *t, struct span line, bool keep)
{
	struct str kept = {0};
	struct clause c;
	struct span clause;
	bool prose = false;
	while (next_clause(&line, &clause)) {
		clause_clear(&c);
		clause_read(&c, clause, t->arena);
		bool pure = is_pure(t, &c);
		clause_apply(t, &c, pure);
		prose = prose || (!pure && c.prose + c.instructions > 0);
		if (!pure)
			str_span(&kept, clause);
	}
	if (keep)
		note_add(&t->note, (struct span){str_c(&kept), kept.n});
	str_release(&kept);
	return prose;
}
