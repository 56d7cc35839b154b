#include "rules/plan-words.h"

#include <wctype.h>

#include "rules/entry.h"

/* Folded and sorted: what says nothing about a subject, articles and the like, and what stands in every plan. */
static const char *const empty_words[] = {
	"aber", "about", "across", "again", "all", "als", "also", "alumnos", "always", "am", "among", "an", "and", "another", "any", "apprendre", "aprender",
	"are", "around", "as", "at", "au", "auch", "auf", "aula", "aus", "aux", "avec", "be", "because", "been", "before", "bei", "being", "better",
	"between", "bin", "build", "building", "but", "by", "campus", "can", "ce", "ces", "cette", "clase", "class", "classe", "classes", "classroom", "com",
	"come", "como", "con", "could", "cours", "course", "cuando", "damit", "dans", "das", "dass", "days", "de", "del", "dem", "den", "der", "des",
	"develop", "developing", "die", "diese", "do", "does", "doing", "donde", "du", "during", "each", "eine", "einem", "einen", "einer", "el", "eleve",
	"eleves", "en", "entre", "es", "esta", "este", "et", "every", "everyone", "find", "follow", "for", "from", "fur", "get", "give", "goal", "goals",
	"good", "hab", "habe", "haben", "has", "have", "help", "hope", "hoping", "how", "http", "https", "ich", "ihre", "il", "im", "improve", "improved",
	"improving", "in", "increase", "ins", "into", "is", "ist", "it", "its", "je", "kann", "keep", "kind", "kinder", "klasse", "know", "la", "las", "le",
	"learn", "learner", "learners", "learning", "lehrer", "lernen", "les", "lesson", "lessons", "like", "link", "links", "lo", "los", "ma", "made",
	"mais", "make", "making", "many", "mas", "may", "me", "mehr", "mein", "meine", "meinem", "meinen", "meiner", "mes", "mi", "mich", "mir", "mis",
	"mit", "mochte", "mon", "more", "most", "much", "my", "nach", "network", "netzwerk", "new", "nicht", "no", "not", "nous", "nuestro", "objectif",
	"objetivo", "oder", "of", "on", "one", "online", "only", "or", "org", "ou", "our", "out", "over", "par", "para", "pas", "people", "per", "pero",
	"personal", "plan", "pln", "plus", "por", "pour", "practice", "professional", "que", "qui", "quiero", "read", "red", "reseau", "school", "schools",
	"schule", "schuler", "se", "ses", "she", "should", "sie", "sind", "so", "some", "son", "start", "strengthen", "student", "students", "su", "subject",
	"subjects", "such", "support", "sur", "sus", "take", "teach", "teacher", "teachers", "teaching", "than", "that", "the", "their", "them", "then",
	"there", "these", "they", "thing", "things", "this", "through", "time", "to", "try", "trying", "two", "uber", "um", "un", "una", "und", "une",
	"unos", "unser", "unsere", "unterricht", "until", "up", "us", "use", "used", "using", "vom", "von", "vous", "want", "was", "way", "ways", "we",
	"week", "weekly", "well", "were", "what", "when", "where", "which", "while", "who", "wie", "will", "wir", "wird", "with", "within", "without",
	"work", "working", "would", "www", "year", "you", "your", "zu", "zum", "zur",
};

/* Said short, meant long. */
static const struct {
	const char *is, *means;
} short_forms[] = {{"math", "mathematic"}, {"maths", "mathematic"}, {"mathe", "mathematic"}, {"tech", "technology"}, {"bio", "biology"}, {"geo", "geography"}};

/* Endings of English, German, French and Spanish words, folded; the longest that fits goes, then the next. */
static const struct {
	size_t n;
	const char *text;
} endings[] = {
	{6, "ements"}, {6, "ations"}, {7, "aciones"}, {5, "ments"}, {5, "ement"}, {5, "ation"}, {5, "acion"}, {5, "ingly"}, {5, "iendo"},
	{5, "ungen"}, {4, "ives"}, {4, "ness"}, {4, "ment"}, {4, "ings"}, {4, "ions"}, {4, "iert"}, {4, "ando"}, {4, "tion"}, {3, "ies"},
	{3, "ive"}, {3, "ing"}, {3, "ers"}, {3, "ion"}, {3, "ung"}, {3, "als"}, {3, "ify"}, {2, "er"}, {2, "es"}, {2, "ed"}, {2, "en"}, {2, "al"},
	{2, "ly"}, {2, "os"}, {2, "as"}, {2, "ez"}, {2, "ic"}, {1, "y"}, {1, "s"}, {1, "e"}, {1, "n"}, {1, "o"}, {1, "a"},
};
#define STEM_LEAST 4

/* Latin letters without their marks, U+00C0 to U+017F; '*' = none. */
static const char plain_letters[] =
	"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
	"gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static size_t fold_letter(char out[4], uint32_t c)
{
	if (c == 0xdf) {
		out[0] = out[1] = 's';
		return 2;
	}
	if (c >= 0xc0 && c - 0xc0 < sizeof plain_letters - 1 && plain_letters[c - 0xc0] != '*') {
		out[0] = plain_letters[c - 0xc0];
		return 1;
	}
	if (c < 0x80) {
		out[0] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		return 1;
	}
	return utf8_put(out, (uint32_t)towlower((wint_t)c));
}

static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	return c >= 0xc0 && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x2bff) && !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xfe00 && c <= 0xfe0f) && c != 0xfffd && c < 0x1f000;
}

const char *plain_text(struct arena *arena, struct span text)
{
	struct str out = {.max = 2 * text.n + 2};
	char letter[4];
	str_putc(&out, ' ');
	for (const char *p = text.p, *end = text.p + text.n; p < end;) {
		uint32_t c = utf8_next(&p, end);
		if (is_letter(c))
			str_add(&out, letter, fold_letter(letter, c));
		else if (out.p[out.n - 1] != ' ')
			str_putc(&out, ' ');
	}
	if (out.p[out.n - 1] != ' ')
		str_putc(&out, ' ');
	const char *plain = arena_strndup(arena, out.p, out.n);
	str_release(&out);
	return plain;
}

static bool same(const struct stem *a, const char *text)
{
	return a->s[0] == text[0] && strlen(text) == a->n && memcmp(a->s, text, a->n) == 0;
}

static int compare(const struct stem *word, const char *text)
{
	int order = strncmp(word->s, text, word->n);
	return order != 0 ? order : text[word->n] == '\0' ? 0 : -1;
}

static bool is_empty(const struct stem *word)
{
	if (word->n < 2 || (word->n < 3 && word->s[0] >= '0' && word->s[0] <= '9'))
		return true;
	size_t low = 0, high = sizeof empty_words / sizeof *empty_words;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(word, empty_words[middle]);
		if (order == 0)
			return true;
		*(order < 0 ? &high : &low) = order < 0 ? middle : middle + 1;
	}
	return false;
}

static bool cut_ending(struct stem *w)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t n = endings[i].n;
		if (w->n >= n + STEM_LEAST && w->s[w->n - 1] == endings[i].text[n - 1] && memcmp(w->s + w->n - n, endings[i].text, n) == 0) {
			w->n = (unsigned char)(w->n - n);
			return true;
		}
	}
	return false;
}

static void to_stem(struct stem *w)
{
	for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++)
		if (same(w, short_forms[i].is)) {
			w->n = (unsigned char)strlen(short_forms[i].means);
			memcpy(w->s, short_forms[i].means, w->n);
		}
	while (cut_ending(w))
		;
}

bool stems_match(const struct stem *a, const struct stem *b)
{
	const struct stem *s = a->n < b->n ? a : b, *l = s == a ? b : a;
	size_t n = 0;
	while (n < s->n && s->s[n] == l->s[n])
		n++;
	if (n == s->n && n == l->n)
		return true;
	if (n >= 5 && s->n - n <= 1 && l->n - n <= 1)
		return true;
	return s->n >= 6 && l->n >= s->n + 2 && memmem(l->s, l->n, s->s, s->n) != NULL; /* a compound */
}

static void add(struct stems *out, struct stem *word)
{
	if (is_empty(word) || out->n == STEMS_MAX)
		return;
	to_stem(word);
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].n == word->n && memcmp(out->v[i].s, word->s, word->n) == 0)
			return;
	out->v[out->n++] = *word;
}

void stems_add(struct stems *out, struct span text)
{
	struct stem word = {.n = 0};
	char letter[4];
	for (const char *p = text.p, *end = text.p + text.n; p < end;) {
		uint32_t c = utf8_next(&p, end);
		if (!is_letter(c)) {
			add(out, &word);
			word.n = 0;
			continue;
		}
		size_t n = fold_letter(letter, c);
		if (word.n + n <= STEM_BYTES) {
			memcpy(word.s + word.n, letter, n);
			word.n = (unsigned char)(word.n + n);
		}
	}
	add(out, &word);
}

/* How many of the first are among the second. */
static size_t stems_common(const struct stems *of, const struct stems *in)
{
	size_t n = 0;
	for (size_t i = 0; i < of->n; i++)
		for (size_t k = 0; k < in->n; k++)
			if (stems_match(&of->v[i], &in->v[k])) {
				n++;
				break;
			}
	return n;
}

/* ---- what a plan is about, and which entries are */
#define TEXT_LOOKED_AT 2000 /* bytes of an entry's note */
#define NARROW 3            /* a plan of so few words is met by one of them */

void plan_topic(struct plan_topic *t, const struct plan *p)
{
	t->goal.n = t->learn.n = 0;
	stems_add(&t->goal, span_of(p->goal_words));
	stems_add(&t->learn, span_of(p->parts.learn));
}

bool plan_topic_covers(const struct plan_topic *t, const struct entry *e)
{
	struct stems tags, words;
	size_t note = e->note == NULL ? 0 : strlen(e->note);
	tags.n = words.n = 0;
	for (size_t i = 0; i < e->tags.n; i++)
		stems_add(&tags, span_of(e->tags.v[i]));
	if (stems_common(&tags, &t->goal) > 0 || stems_common(&tags, &t->learn) > 0)
		return true;
	stems_add(&words, span_of(e->title));
	if (note > 0)
		stems_add(&words, (struct span){e->note, utf8_prefix(e->note, note, TEXT_LOOKED_AT)});
	size_t goal = stems_common(&t->goal, &words), learn = stems_common(&t->learn, &words);
	return goal > 0 || learn >= 2 || (learn == 1 && t->learn.n <= NARROW);
}

bool plan_covers(const struct plan *p, const struct entry *e)
{
	struct plan_topic topic;
	plan_topic(&topic, p);
	return plan_topic_covers(&topic, e);
}
