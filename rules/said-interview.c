#include "rules/said-interview.h"

#include <ctype.h>

#include "rules/said-parts.h"

#define OWN_MAX ((size_t)16 << 10)
#define LINES_MAX 60

/* A new language is a word in each table. */
static const char *const signing[] = {"signed", "sign", "approved", "approve", "unterschrieben", "unterzeichnet", "abgezeichnet", "genehmigt", "signé", "signée",
                                      "approuvé", "firmado", "firmada", "aprobado", "firmato", "getekend", "ondertekend", "assinado", NULL};
/* May stand in front of it. */
static const char *const fillers[] = {"ok", "okay", "yes", "great", "thanks", "thank", "you", "good", "excellent", "perfect", "wonderful", "well", "done", "fine",
                                      "all", "and", "it", "is", "consider", "hereby", "i", "it's", "lovely", "super", "ja", "hiermit", "gut", "oui", "bien", "sí",
                                      "bueno", "muy", "very", "happily", "gladly", "work", "job", "nice", "ist", "es", "c'est", "danke", "merci", "gracias", NULL};
/* Anywhere in the line these make it a wish, a condition or a question. */
static const char *const doubts[] = {"but", "if", "when", "once", "after", "not", "never", "except", "until", "unless", "later", "will", "would", "could", "should",
                                     "maybe", "perhaps", "probably", "almost", "can't", "cannot", "can", "won't", "don't", "didn't", "haven't", "before", "or", "aber",
                                     "wenn", "nicht", "nie", "falls", "vielleicht", "oder", "mais", "si", "quand", "pas", "ou", "pero", "cuando", "no", "tal", "o", "nein", "non",
                                     "to", "pending", "wait", "cancel", "cancelled", NULL};
/* Of those, what may stand beside a time. */
static const char *const not_doubting_time[] = {"to", "can", "will", "if", "would", "could", "before", "after", "when", "o", "no", NULL};
static const char *const not_yet[] = {"not yet", "not quite yet", "not ready", "not signed", "not quite", "noch nicht", "pas encore", "todavía no", "aún no", "non ancora",
                                      "nog niet", "ainda não", "no because", "no sorry"};
static const char *const joins[] = {"because", "as", "since", "reason", "weil", "da", "denn", "car", "parce", "que", "porque", "sorry", NULL};
static const char *const undoing[] = {"undo", "undo that", "undo please", "please undo", "take it back", "take that back", "rückgängig", "zurücknehmen", "annuler", "deshacer"};
static const char *const slot_words[] = {"slot", "option", "number", "no", "time", "the", "termin", "nummer", "numéro", "créneau", "opción", NULL};
static const char *const slot_after[] = {"please", "works", "is", "fine", "good", "great", "thanks", "bitte", "passt", "ok", "one", "for", "me", "suits", "it", "then", "best",
                                         "perfect", "thank", "you", NULL};
static const char *const ordinals[][6] = {{"first", "erste", "ersten", "premier", "primero", NULL}, {"second", "zweite", "zweiten", "deuxième", "segundo", NULL},
                                          {"third", "dritte", "dritten", "troisième", "tercero", NULL}};

struct answer_read {
	struct said_interview *out;
	struct arena *arena;
	int32_t today;
	size_t said; /* lines that say something */
	bool doubt;
	struct str reason;
};

static bool any_in(const struct words *w, size_t from, const char *const *list)
{
	for (size_t i = from; i < w->n; i++)
		if (word_in(w, i, list))
			return true;
	return false;
}

static bool asks(struct span line)
{
	return memchr(line.p, '?', line.n) != NULL;
}

static bool is_name_of(const char *const *list, struct span word)
{
	for (; *list != NULL; list++)
		if (span_eq_nocase(word, *list))
			return true;
	return false;
}

/* ---- a time of day: "3pm", "3 pm", "3:30 p.m.", "15:30", "15.30", "15h30", "15 Uhr 30", "at 3" */

static int digits(struct span *s)
{
	int n = 0;
	size_t i = 0;
	for (; i < s->n && i < 3 && isdigit((unsigned char)s->p[i]); i++)
		n = n * 10 + (s->p[i] - '0');
	*s = span_skip(*s, i);
	return i == 0 || i > 2 ? -1 : n;
}

/* 'a' or 'p' behind the hour, in this word or the next; 0 = neither. *taken counts the words. */
static char half_of_day(const struct words *w, size_t i, struct span rest, size_t *taken)
{
	struct span s = rest.n > 0 ? rest : i + 1 < w->n ? w->v[i + 1].low : rest;
	char half = s.n > 0 ? s.p[0] : '\0';
	bool is = (half == 'a' || half == 'p') && (span_eq(span_skip(s, 1), "m") || span_eq(span_skip(s, 1), ".m") || span_eq(span_skip(s, 1), ".m."));
	if (is && rest.n == 0)
		*taken = 2;
	return is ? half : '\0';
}

/* The words taken, 0 = no time stands there. Without minutes, a half of the day or a word for the hour a number is no time. */
static size_t clock_at(const struct words *w, size_t i, int *minute)
{
	struct span s = w->v[i].low;
	size_t taken = 1;
	int hour = digits(&s), min = -1;
	if (hour < 0)
		return 0;
	if (s.n > 1 && (s.p[0] == ':' || s.p[0] == '.' || s.p[0] == 'h') && isdigit((unsigned char)s.p[1])) {
		s = span_skip(s, 1);
		min = digits(&s);
	}
	bool named = s.n == 1 && s.p[0] == 'h';
	s = named ? span_skip(s, 1) : s;
	char half = named ? '\0' : half_of_day(w, i, s, &taken);
	if (half != '\0')
		s = span_of("");
	if (min < 0 && half == '\0' && (word_is(w, i + 1, "uhr") || word_is(w, i + 1, "h") || word_is(w, i + 1, "o'clock") || word_is(w, i + 1, "heures"))) {
		struct span next = i + 2 < w->n ? w->v[i + 2].low : s;
		int more = word_is(w, i + 1, "uhr") ? digits(&next) : -1;
		named = true;
		taken = more >= 0 && next.n == 0 ? 3 : 2;
		min = taken == 3 ? more : -1;
	}
	if (s.n > 0 || (min < 0 && half == '\0' && !named) || min > 59 || hour > (half != '\0' ? 12 : 23) || (half != '\0' && hour == 0))
		return 0;
	if (half != '\0')
		hour = hour % 12 + (half == 'p' ? 12 : 0);
	*minute = hour * 60 + (min < 0 ? 0 : min);
	return taken;
}

/* "Tuesday 25 November", which is a Wednesday. */
static bool contradicts(const struct words *w, size_t i, size_t n, int32_t day)
{
	struct words first = {.v = {w->v[i]}, .n = 1};
	struct when when;
	return n > 1 && when_at(&first, 0, &when) == 1 && when.form == WHEN_WEEKDAY && when.n != day_weekday(day);
}

/* The day and the time of a line, and how many different ones it names. */
static void find_time(const struct words *w, int32_t today, int32_t *day, int *minute, int *days, int *times)
{
	struct when when;
	*day = DAY_NONE;
	*minute = -1;
	*days = *times = 0;
	for (size_t i = 0; i < w->n;) {
		int m;
		size_t n = clock_at(w, i, &m);
		if (n > 0) {
			*times += m != *minute;
			*minute = m;
		} else if ((n = when_at(w, i, &when)) > 0 && when_future(&when, today) != DAY_NONE) {
			int32_t d = when.form == WHEN_WEEKDAY && when.last ? DAY_NONE : when_future(&when, today);
			*days += contradicts(w, i, n, d) ? 2 : d != *day;
			*day = d;
		}
		i += n == 0 ? 1 : n;
	}
}

static bool says_time(const struct words *w, struct span line, struct answer_read *r, bool *doubtful)
{
	int32_t day;
	int minute, days, times;
	find_time(w, r->today, &day, &minute, &days, &times);
	if (days == 0)
		return false;
	bool doubt = asks(line) || days > 1 || times > 1 || any_in(w, 0, signing);
	for (size_t i = 0; i < w->n; i++)
		doubt = doubt || (word_in(w, i, doubts) && !is_name_of(not_doubting_time, w->v[i].low));
	*doubtful = doubt;
	r->out->day = day;
	r->out->minute = minute;
	return true;
}

/* ---- the other answers */

static bool says_signed(const struct words *w, struct span line, bool *doubtful)
{
	size_t i = 0;
	while (i < w->n && (word_in(w, i, fillers) || w->v[i].text.n == 0))
		i++;
	if (i > 6 || !word_in(w, i, signing))
		return false;
	bool bare = word_is(w, i, "sign") || word_is(w, i, "approve"); /* "I sign", "sign off": not "sign it tomorrow" */
	*doubtful = asks(line) || any_in(w, i + 1, doubts) || (bare && w->n - i > 2);
	return true;
}

static const char *reason_after(const struct words *w, size_t i, struct span line, struct arena *arena)
{
	while (i < w->n && (word_in(w, i, joins) || w->v[i].text.n == 0))
		i++;
	if (i >= w->n)
		return "";
	const char *from = w->v[i].raw.p;
	struct span rest = span_trim((struct span){from, (size_t)(line.p + line.n - from)});
	return arena_strndup(arena, rest.p, rest.n);
}

static bool says_not_yet(const struct words *w, struct span line, struct answer_read *r)
{
	size_t skip = 0;
	while (skip < w->n && skip < 4 && (word_is(w, skip, "sorry") || word_is(w, skip, "no") || word_is(w, skip, "i") || word_is(w, skip, "am") || word_is(w, skip, "nein")))
		skip++;
	for (size_t at = 0; at <= skip; at++)
		for (size_t k = 0; k < sizeof not_yet / sizeof *not_yet; k++) {
			size_t n = phrase_at(w, at, not_yet[k]);
			if (n == 0)
				continue;
			str_puts(&r->reason, reason_after(w, at + n, line, r->arena));
			return true;
		}
	return false;
}

static bool says_undo(const struct words *w)
{
	for (size_t k = 0; k < sizeof undoing / sizeof *undoing; k++)
		if (phrase_at(w, 0, undoing[k]) == w->n && w->n > 0)
			return true;
	return false;
}

static int ordinal_at(const struct words *w, size_t i)
{
	for (int k = 0; k < 3; k++)
		if (word_in(w, i, ordinals[k]))
			return k + 1;
	return 0;
}

static bool says_slot(const struct words *w, struct answer_read *r)
{
	size_t i = 0;
	while (i < w->n && (word_in(w, i, slot_words) || w->v[i].text.n == 0))
		i++;
	if (i >= w->n)
		return false;
	struct span s = w->v[i].low;
	s = s.n > 0 && s.p[0] == '#' ? span_skip(s, 1) : s;
	int n = ordinal_at(w, i);
	if (n == 0) {
		n = digits(&s);
		if (s.n > 0)
			return false;
	}
	for (i++; i < w->n; i++)
		if (!word_in(w, i, slot_after) && w->v[i].text.n > 0)
			return false;
	r->out->slot = n;
	return n >= 1 && n <= 9;
}

/* A line that is none of these, and yet speaks of signing or of doubt. */
static bool meddles(const struct words *w, struct span line)
{
	return any_in(w, 0, signing) || asks(line) || (any_in(w, 0, (const char *const[]){"not", "nicht", "wait", "pas", NULL}));
}

static void say(struct answer_read *r, enum interview_says what, bool doubtful)
{
	r->doubt = r->doubt || doubtful || (r->said > 0 && r->out->says != what);
	r->out->says = what;
	r->said++;
}

static void read_answer_line(struct answer_read *r, struct span line)
{
	struct words w;
	bool doubtful = false;
	struct said_interview before = *r->out;
	words_split(&w, line, r->arena);
	if (w.n == 0)
		return;
	if (says_not_yet(&w, line, r))
		say(r, SAYS_NOT_YET, false);
	else if (r->said > 0 && r->out->says == SAYS_NOT_YET && !says_signed(&w, line, &doubtful))
		str_printf(&r->reason, "%s%.*s", r->reason.n > 0 ? " " : "", SPAN_ARG(line)); /* the reason goes on */
	else if (says_undo(&w))
		say(r, SAYS_UNDO, false);
	else if (says_signed(&w, line, &doubtful))
		say(r, SAYS_SIGNED, doubtful);
	else if (says_slot(&w, r))
		say(r, SAYS_SLOT, asks(line) || (before.slot != 0 && before.slot != r->out->slot));
	else if (says_time(&w, line, r, &doubtful))
		say(r, SAYS_TIME, doubtful || (before.day != DAY_NONE && (before.day != r->out->day || before.minute != r->out->minute)));
	else if (meddles(&w, line))
		r->doubt = true;
}

void said_interview(struct said_interview *out, const char *own, int32_t today, struct arena *arena)
{
	*out = (struct said_interview){.words = "", .day = DAY_NONE, .minute = -1};
	struct answer_read r = {.out = out, .arena = arena, .today = today, .reason = {.max = OWN_MAX}};
	struct span rest = span_of(own), line;
	rest.n = utf8_prefix(rest.p, rest.n, OWN_MAX);
	for (int n = 0; n < LINES_MAX && span_line(&rest, &line); n++) {
		struct span folded = said_fold(span_trim(line), arena);
		if (folded.n > 0 && folded.p[0] == '>')
			continue;
		if (is_sign_off(folded, rest))
			break;
		read_answer_line(&r, folded);
	}
	if (r.said == 0 || r.doubt)
		out->says = SAYS_UNCLEAR;
	struct span reason = span_trim((struct span){str_c(&r.reason), r.reason.n});
	out->words = arena_strndup(arena, reason.p, reason.n);
	str_release(&r.reason);
}
