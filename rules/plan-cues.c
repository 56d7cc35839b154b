#include "rules/plan-said.h"
#include "rules/plan-words.h"

/* What people write above and inside the three parts of a plan, as plain_text folds it; '*' at the end: any ending. A new language is
 * a few lines more. */

enum { NETWORK, LEARN, CLASSROOM, FILLER };

/* ---- labels: a heading is one when all its words are known, and one of them names a part */
#define LABEL_WORDS 12

static const struct {
	const char *words;
	unsigned char part;
} label_words[] = {
	/* before the single words that they hold */
	{"learning network*", NETWORK}, {"lernnetzwerk*", NETWORK}, {"who i learn from", NETWORK}, {"who do i learn from", NETWORK}, {"how i will use it", CLASSROOM}, {"how i ll use it", CLASSROOM}, {"how will i use it", CLASSROOM},
	{"how i use it", CLASSROOM}, {"whom i learn from", NETWORK}, {"where i learn", NETWORK},
	{"who i follow", NETWORK}, {"von wem ich lerne", NETWORK}, {"wo ich lerne", NETWORK}, {"reseau d apprentissage", NETWORK}, {"de qui j apprends", NETWORK},
	{"red de aprendizaje", NETWORK}, {"de quien aprendo", NETWORK}, {"network*", NETWORK}, {"pln", NETWORK}, {"plns", NETWORK}, {"netzwerk*", NETWORK},
	{"reseau*", NETWORK}, {"red", NETWORK}, {"redes", NETWORK}, {"rete", NETWORK}, {"netwerk*", NETWORK}, {"sources", NETWORK}, {"quellen", NETWORK},
	{"fuentes", NETWORK}, {"connections", NETWORK},
	{"learn*", LEARN}, {"goal*", LEARN}, {"aim*", LEARN}, {"growth", LEARN}, {"lern*", LEARN}, {"ziel*", LEARN}, {"appren*", LEARN},
	{"objectif*", LEARN}, {"aprend*", LEARN}, {"objetivo*", LEARN}, {"imparare", LEARN}, {"obiettiv*", LEARN}, {"leren", LEARN}, {"leerdoel*", LEARN},
	{"class*", CLASSROOM}, {"student*", CLASSROOM}, {"pupil*", CLASSROOM}, {"lesson*", CLASSROOM}, {"application*", CLASSROOM}, {"apply*", CLASSROOM},
	{"applying", CLASSROOM}, {"implementation", CLASSROOM}, {"impact", CLASSROOM}, {"unterricht*", CLASSROOM}, {"klasse*", CLASSROOM}, {"schuler*", CLASSROOM},
	{"anwendung", CLASSROOM}, {"umsetzung", CLASSROOM}, {"eleve*", CLASSROOM}, {"mise en oeuvre", CLASSROOM}, {"mise en pratique", CLASSROOM}, {"aula*", CLASSROOM},
	{"clase*", CLASSROOM}, {"alumn*", CLASSROOM}, {"estudiante*", CLASSROOM}, {"aplicacion*", CLASSROOM}, {"puesta en practica", CLASSROOM}, {"klas", CLASSROOM},
	{"teaching", CLASSROOM},
	{"my", FILLER}, {"the", FILLER}, {"our", FILLER}, {"a", FILLER}, {"an", FILLER}, {"is", FILLER}, {"are", FILLER}, {"what", FILLER}, {"who", FILLER}, {"how", FILLER},
	{"where", FILLER}, {"it", FILLER}, {"this", FILLER}, {"that", FILLER}, {"i", FILLER}, {"hope", FILLER}, {"want", FILLER}, {"would", FILLER}, {"like", FILLER},
	{"will", FILLER}, {"to", FILLER}, {"in", FILLER}, {"into", FILLER}, {"of", FILLER}, {"on", FILLER}, {"for", FILLER}, {"from", FILLER}, {"and", FILLER}, {"with", FILLER},
	{"part", FILLER}, {"do", FILLER}, {"does", FILLER}, {"be", FILLER}, {"get", FILLER}, {"gets", FILLER}, {"reach", FILLER}, {"reaches", FILLER}, {"entail*", FILLER},
	{"use", FILLER}, {"bring", FILLER}, {"personal", FILLER}, {"professional", FILLER}, {"current", FILLER}, {"year", FILLER}, {"you", FILLER}, {"your", FILLER},
	{"practice", FILLER}, {"consist*", FILLER}, {"about", FILLER}, {"hoping", FILLER}, {"m", FILLER}, {"ll", FILLER}, {"show*", FILLER}, {"up", FILLER}, {"going", FILLER}, {"plan", FILLER}, {"look*", FILLER}, {"there", FILLER}, {"room", FILLER}, {"1", FILLER}, {"2", FILLER}, {"3", FILLER}, {"s", FILLER},
	{"mein*", FILLER}, {"das", FILLER}, {"die", FILLER}, {"der", FILLER}, {"was", FILLER}, {"wie", FILLER}, {"ich", FILLER}, {"mochte", FILLER}, {"will", FILLER},
	{"hoffe", FILLER}, {"zu", FILLER}, {"im", FILLER}, {"den", FILLER}, {"es", FILLER}, {"ist", FILLER}, {"kommt", FILLER}, {"fur", FILLER}, {"und", FILLER}, {"meinem", FILLER},
	{"mon", FILLER}, {"ma", FILLER}, {"mes", FILLER}, {"le", FILLER}, {"la", FILLER}, {"les", FILLER}, {"ce", FILLER}, {"que", FILLER}, {"je", FILLER}, {"j", FILLER},
	{"veux", FILLER}, {"voudrais", FILLER}, {"souhaite", FILLER}, {"espere", FILLER}, {"d", FILLER}, {"l", FILLER}, {"en", FILLER}, {"dans", FILLER}, {"comment", FILLER},
	{"cela", FILLER}, {"arrive", FILLER}, {"pour", FILLER}, {"personnel*", FILLER}, {"mi", FILLER}, {"mis", FILLER}, {"el", FILLER}, {"los", FILLER}, {"lo", FILLER},
	{"espero", FILLER}, {"quiero", FILLER}, {"como", FILLER}, {"llega", FILLER}, {"al", FILLER}, {"de", FILLER}, {"a", FILLER}, {"con", FILLER}, {"para", FILLER},
};

static size_t words_n(const char *plain)
{
	size_t n = 0;
	for (const char *p = plain + 1; *p != '\0'; p++)
		n += *p == ' ';
	return n;
}

/* Bytes that a phrase covers of a plain text from a word's first letter on, up to the blank; 0 = it does not stand there. */
static size_t phrase_covers(const char *at, const char *phrase)
{
	size_t n = strlen(phrase);
	bool open = phrase[n - 1] == '*';
	n -= open;
	if (strncmp(at, phrase, n) != 0 || (!open && at[n] != ' '))
		return 0;
	return n + strcspn(at + n, " ");
}

static size_t label_word(const char *at, unsigned char *part)
{
	for (size_t i = 0; i < sizeof label_words / sizeof *label_words; i++) {
		size_t n = phrase_covers(at, label_words[i].words);
		if (n > 0) {
			*part = label_words[i].part;
			return n;
		}
	}
	return 0;
}

/* The part that a heading names, -1 = it is none. strict: every word must be known. */
static int names_part(const char *plain, bool strict)
{
	int first = -1;
	bool classroom = false;
	if (words_n(plain) > LABEL_WORDS)
		return -1;
	for (const char *p = plain + 1; *p != '\0';) {
		unsigned char part = FILLER;
		size_t n = label_word(p, &part);
		if (n == 0 && strict)
			return -1;
		classroom = classroom || part == CLASSROOM;
		if (first < 0 && part != FILLER)
			first = part;
		p += n > 0 ? n : strcspn(p, " ");
		p += *p == ' ';
	}
	return classroom ? CLASSROOM : first; /* "how my network reaches my classroom" */
}

#define HEADING_WORDS 6

/* Where a label ends in a line: behind ":", "?", "=" or a dash between blanks; NULL = there is no such sign. */
static const char *label_end(struct span line, const char **rest)
{
	static const char *const dashes[] = {" - ", " -- ", " \xe2\x80\x93 ", " \xe2\x80\x94 "};
	for (size_t i = 0; i < line.n && i < 120; i++) {
		const char *p = line.p + i;
		if (*p == ':' || *p == '?' || *p == '=') {
			*rest = p + 1;
			return p;
		}
		if ((unsigned char)*p == 0xef && line.n - i >= 3 && memcmp(p, "\xef\xbc\x9a", 3) == 0) {
			*rest = p + 3;
			return p;
		}
		for (size_t k = 0; *p == ' ' && k < sizeof dashes / sizeof *dashes; k++) {
			size_t n = strlen(dashes[k]);
			if (line.n - i > n && memcmp(p, dashes[k], n) == 0) {
				*rest = p + n;
				return p;
			}
		}
	}
	return NULL;
}

static struct span without_marks(struct span s)
{
	static const char marks[] = " \t*_#>-:?=";
	while (s.n > 0 && memchr(marks, s.p[0], sizeof marks - 1) != NULL)
		s = span_skip(s, 1);
	while (s.n > 0 && strchr("*_ \t", s.p[s.n - 1]) != NULL)
		s.n--;
	return span_trim(s);
}

int plan_label_of(struct span line, bool marked, struct span *rest, struct arena *arena)
{
	const char *behind = NULL, *end = label_end(line, &behind);
	if (end != NULL) {
		const char *plain = plain_text(arena, (struct span){line.p, (size_t)(end - line.p)});
		int part = names_part(plain, !(*end == '?' && marked));
		if (part >= 0) {
			*rest = without_marks((struct span){behind, (size_t)(line.p + line.n - behind)});
			return part;
		}
	}
	const char *plain = plain_text(arena, line);
	if (words_n(plain) > HEADING_WORDS + (marked ? 4u : 0u) || line.n == 0 || strchr(".,;!", line.p[line.n - 1]) != NULL)
		return -1;
	*rest = (struct span){line.p + line.n, 0};
	return names_part(plain, true);
}

/* ---- cues: 3 says it, 1 hints at it */
static const struct {
	const char *words;
	signed char part, weight;
} cues[] = {
	{"i follow", NETWORK, 3}, {"i m following", NETWORK, 3}, {"i am following", NETWORK, 3}, {"i read", NETWORK, 2}, {"i subscribe*", NETWORK, 3}, {"i listen to", NETWORK, 3},
	{"i belong to", NETWORK, 3}, {"i m part of", NETWORK, 3}, {"i am part of", NETWORK, 3}, {"i talk to", NETWORK, 2}, {"i talk with", NETWORK, 2},
	{"i meet", NETWORK, 2}, {"i learn from", NETWORK, 4}, {"i learn most from", NETWORK, 4}, {"i get ideas", NETWORK, 3}, {"my network", NETWORK, 3}, {"my pln", NETWORK, 3},
	{"learning network*", NETWORK, 3}, {"newsletter*", NETWORK, 2}, {"follow", NETWORK, 1}, {"following", NETWORK, 1}, {"bloggers", NETWORK, 1}, {"forum*", NETWORK, 1}, {"my professional network", NETWORK, 1}, {"reading group", NETWORK, 1}, {"blog*", NETWORK, 1}, {"twitter", NETWORK, 1}, {"mastodon", NETWORK, 1}, {"bluesky", NETWORK, 1},
	{"podcast*", NETWORK, 1}, {"facebook", NETWORK, 1}, {"youtube", NETWORK, 1}, {"journal*", NETWORK, 1}, {"colleagues", NETWORK, 1}, {"mailing list*", NETWORK, 1},
	{"chat", NETWORK, 1}, {"department", NETWORK, 1}, {"webinar*", NETWORK, 1}, {"community of practice", NETWORK, 2}, {"edutopia", NETWORK, 1},
	{"ich folge", NETWORK, 3}, {"folge ich", NETWORK, 3}, {"ich lese", NETWORK, 3}, {"lese ich", NETWORK, 3}, {"ich hore", NETWORK, 3}, {"abonnier*", NETWORK, 3}, {"mein netzwerk", NETWORK, 3},
	{"netzwerk*", NETWORK, 2}, {"tausche mich", NETWORK, 3}, {"austausch*", NETWORK, 1}, {"kolleg*", NETWORK, 1}, {"fachschaft", NETWORK, 1}, {"lerne ich von", NETWORK, 4},
	{"ich lerne von", NETWORK, 4}, {"je suis abonne*", NETWORK, 3}, {"je lis", NETWORK, 3}, {"je suis les", NETWORK, 3}, {"j ecoute", NETWORK, 3}, {"je m abonne", NETWORK, 3},
	{"mon reseau", NETWORK, 3}, {"reseau*", NETWORK, 2}, {"collegues", NETWORK, 1}, {"lettre d information", NETWORK, 1}, {"j echange", NETWORK, 3}, {"j apprends de", NETWORK, 4},
	{"sigo", NETWORK, 3}, {"leo", NETWORK, 3}, {"escucho", NETWORK, 3}, {"mi red", NETWORK, 3}, {"colegas", NETWORK, 1}, {"boletin*", NETWORK, 2}, {"suscri*", NETWORK, 3},
	{"aprendo de", NETWORK, 4}, {"participo en", NETWORK, 2},
	{"hoping to", LEARN, 3}, {"figure out", LEARN, 2}, {"want to learn", LEARN, 3}, {"get better", LEARN, 2}, {"know more", LEARN, 2}, {"learning goal*", LEARN, 3}, {"goal is", LEARN, 2},
	{"i hope to", LEARN, 3}, {"i want to learn", LEARN, 4}, {"i would like to", LEARN, 3}, {"i d like to", LEARN, 3}, {"i want to", LEARN, 2}, {"i wish to", LEARN, 3},
	{"i plan to learn", LEARN, 4}, {"to learn", LEARN, 2}, {"learn about", LEARN, 2}, {"learn how", LEARN, 2}, {"understand*", LEARN, 1}, {"get better at", LEARN, 3},
	{"improve my", LEARN, 3}, {"find out", LEARN, 2}, {"my goal", LEARN, 3}, {"my aim", LEARN, 3}, {"my question", LEARN, 2}, {"curious", LEARN, 2}, {"explore", LEARN, 1}, {"my focus", LEARN, 2},
	{"i m interested in", LEARN, 3}, {"i am interested in", LEARN, 3}, {"deepen", LEARN, 2}, {"i need to", LEARN, 1},
	{"mochte ich lernen", LEARN, 4}, {"ich mochte", LEARN, 2}, {"mochte ich", LEARN, 2}, {"will ich lernen", LEARN, 4}, {"ich will", LEARN, 2}, {"lernen", LEARN, 2}, {"verstehen", LEARN, 1}, {"herausfinden", LEARN, 2},
	{"mein ziel", LEARN, 3}, {"verbessern", LEARN, 1}, {"ich hoffe", LEARN, 3}, {"vertiefen", LEARN, 2},
	{"je voudrais", LEARN, 3}, {"j aimerais", LEARN, 3}, {"je souhaite", LEARN, 3}, {"j espere", LEARN, 3}, {"je veux", LEARN, 2}, {"apprendre", LEARN, 2}, {"comprendre", LEARN, 1},
	{"mon objectif", LEARN, 3}, {"ameliorer", LEARN, 1}, {"approfondir", LEARN, 2},
	{"quiero", LEARN, 2}, {"quisiera", LEARN, 3}, {"me gustaria", LEARN, 3}, {"espero", LEARN, 3}, {"aprender", LEARN, 2}, {"comprender", LEARN, 1}, {"entender", LEARN, 1},
	{"mi objetivo", LEARN, 3}, {"mejorar", LEARN, 1}, {"profundizar", LEARN, 2},
	{"in my", CLASSROOM, 1}, {"my room", CLASSROOM, 3}, {"with kids", CLASSROOM, 2}, {"use it", CLASSROOM, 2}, {"i ll bring", CLASSROOM, 2}, {"i will bring", CLASSROOM, 2}, {"i ll", CLASSROOM, 1},
	{"i will", CLASSROOM, 1}, {"each week", CLASSROOM, 1}, {"seniors", CLASSROOM, 3}, {"juniors", CLASSROOM, 3}, {"sophomores", CLASSROOM, 3}, {"freshmen", CLASSROOM, 3},
	{"my student*", CLASSROOM, 3}, {"my pupil*", CLASSROOM, 3}, {"my kids", CLASSROOM, 3}, {"my class*", CLASSROOM, 3}, {"our class*", CLASSROOM, 2}, {"in class", CLASSROOM, 3},
	{"classroom*", CLASSROOM, 2}, {"students", CLASSROOM, 1}, {"pupils", CLASSROOM, 1}, {"lesson*", CLASSROOM, 2}, {"period", CLASSROOM, 1}, {"i will use", CLASSROOM, 2}, {"i ll use", CLASSROOM, 2},
	{"i will try", CLASSROOM, 2}, {"i ll try", CLASSROOM, 2}, {"i ll apply", CLASSROOM, 3}, {"i will apply", CLASSROOM, 3}, {"grade", CLASSROOM, 2}, {"graders", CLASSROOM, 1}, {"with my", CLASSROOM, 1}, {"my teaching", CLASSROOM, 2}, {"reaches", CLASSROOM, 1},
	{"each unit", CLASSROOM, 2}, {"my sections", CLASSROOM, 2}, {"homework", CLASSROOM, 1}, {"i teach", CLASSROOM, 1}, {"labs", CLASSROOM, 1},
	{"unterricht*", CLASSROOM, 3}, {"meine klasse*", CLASSROOM, 3}, {"meiner klasse*", CLASSROOM, 3}, {"meinen klassen", CLASSROOM, 3}, {"schuler*", CLASSROOM, 3}, {"stunde*", CLASSROOM, 1}, {"klasse*", CLASSROOM, 1}, {"erprobe", CLASSROOM, 2},
	{"mes eleves", CLASSROOM, 3}, {"les eleves", CLASSROOM, 2}, {"en classe", CLASSROOM, 3}, {"ma classe", CLASSROOM, 3}, {"mes classes", CLASSROOM, 3}, {"mes cours", CLASSROOM, 3}, {"chaque cours", CLASSROOM, 2}, {"lecon*", CLASSROOM, 2},
	{"mis alumn*", CLASSROOM, 3}, {"mis estudiantes", CLASSROOM, 3}, {"mi clase", CLASSROOM, 3}, {"mis clases", CLASSROOM, 3}, {"en clase", CLASSROOM, 3}, {"el aula", CLASSROOM, 3}, {"al aula", CLASSROOM, 3}, {"mi aula", CLASSROOM, 3}, {"leccion*", CLASSROOM, 2},
};

/* Where the phrase begins; NULL = it is not there. */
static const char *find(const char *plain, const char *phrase)
{
	size_t n = strlen(phrase);
	bool open = phrase[n - 1] == '*';
	n -= open;
	for (const char *p = plain; (p = strchr(p, ' ')) != NULL && p[1] != '\0'; p++)
		if (strncmp(p + 1, phrase, n) == 0 && (open || p[1 + n] == ' '))
			return p;
	return NULL;
}

#define BEGINNING 8 /* bytes: what a sentence begins with is what it is about */

void plan_cues_of(int score[PLAN_PARTS], const char *plain)
{
	bool begins[PLAN_PARTS] = {false};
	score[NETWORK] = score[LEARN] = score[CLASSROOM] = 0;
	for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
		const char *at = find(plain, cues[i].words);
		if (at == NULL)
			continue;
		score[cues[i].part] += cues[i].weight;
		begins[cues[i].part] |= at - plain < BEGINNING;
	}
	for (int k = 0; k < PLAN_PARTS; k++)
		score[k] += begins[k];
}

/* ---- a goal's number */
int plan_goal_of(const char *plain)
{
	static const char *const goals[] = {" goal ", " goals ", " ziel ", " objectif ", " objetivo ", " meta ", " campus goal ", " school goal "};
	static const char *const none[] = {"none ", "no ", "keines ", "kein ", "aucun ", "ninguno ", "0 "};
	static const char *const between[] = {"number ", "no ", "nr ", "n ", "is ", "is number ", "should be ", "to ", "ist "};
	const char *at = NULL;
	size_t words = words_n(plain);
	for (size_t i = 0; at == NULL && i < sizeof goals / sizeof *goals; i++)
		if ((at = strstr(plain, goals[i])) != NULL)
			at += strlen(goals[i]);
	if (at == NULL || words > 7)
		return 0;
	for (size_t i = 0; words <= 3 && i < sizeof none / sizeof *none; i++)
		if (strcmp(at, none[i]) == 0)
			return -1;
	for (size_t i = 0; i < sizeof between / sizeof *between; i++)
		if (strncmp(at, between[i], strlen(between[i])) == 0 && at[strlen(between[i])] >= '0' && at[strlen(between[i])] <= '9') {
			at += strlen(between[i]);
			break;
		}
	int n = 0;
	for (; *at >= '0' && *at <= '9' && n < 10000; at++)
		n = n * 10 + (*at - '0');
	return *at == ' ' && n < 10000 ? n : 0;
}
