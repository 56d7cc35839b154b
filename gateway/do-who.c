#include "gateway/desk.h"

/* A mailbox that several people write from. Who of them it was is never guessed: a line "as Lee", the person's own plus-address
 * (pln+lee@…), or the letter to one of them that is answered says so. Else the mail is held and that mailbox asked, once. What is
 * only an approver's to decide is not taken from a mailbox that others read. */

#define NAMES_MAX 20
#define WHO "who:"

static const char *const titles[] = {"mr", "ms", "mrs", "miss", "mx", "dr", "prof"};

static bool is_title(struct span word)
{
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (span_eq(word, titles[i]))
			return true;
	return false;
}

/* The next word of a name, without points and dashes; titles are passed over. */
static bool name_word(struct span *rest, struct span *word)
{
	while (rest->n > 0) {
		size_t n = 0;
		while (n < rest->n && strchr(" .,-_+*'\"!?\t", rest->p[n]) == NULL)
			n++;
		*word = (struct span){rest->p, n};
		*rest = span_skip(*rest, n + 1);
		if (n > 0 && !is_title(*word))
			return true;
	}
	return false;
}

static size_t count_words(const char *name)
{
	struct span rest = span_of(name), word;
	size_t n = 0;
	while (name_word(&rest, &word))
		n++;
	return n;
}

static bool has_word(const char *name, struct span wanted)
{
	struct span rest = span_of(name), word;
	while (name_word(&rest, &word))
		if (word.n == wanted.n && memcmp(word.p, wanted.p, word.n) == 0)
			return true;
	return false;
}

/* 0 is not theirs, 1 part of their name, 2 all of it or an address of their own. */
static int calls(struct desk *desk, const struct person *p, const char *said)
{
	const char *name = utf8_lower(desk->arena, p->name, strlen(p->name));
	struct span rest = span_of(said), word;
	size_t n = 0;
	for (size_t i = 0; i + p->shared.n < p->addresses.n; i++) {
		const char *addr = p->addresses.v[i], *at = strchr(addr, '@');
		if (strcmp(addr, said) == 0 || (at != NULL && span_eq((struct span){addr, (size_t)(at - addr)}, said)))
			return 2;
	}
	for (; name_word(&rest, &word); n++)
		if (!has_word(name, word))
			return 0;
	return n == 0 ? 0 : n == count_words(name) ? 2 : 1;
}

/* Those whom the words call; one who is called by the whole name alone, if there is one. */
static struct roster called(struct desk *desk, const struct roster *all, struct span words)
{
	struct roster found = {0}, wholly = {0};
	words = span_trim(words);
	while (words.n > 0 && strchr(".!*\"' ", words.p[words.n - 1]) != NULL)
		words.n--;
	while (words.n > 0 && strchr("*\"' ", words.p[0]) != NULL)
		words = span_skip(words, 1);
	const char *said = utf8_lower(desk->arena, words.p, words.n);
	for (size_t i = 0; words.n > 0 && words.n < 200 && i < all->n; i++) {
		int how = calls(desk, &all->people[i], said);
		if (how > 0)
			*ARENA_PUSH(desk->arena, found.people, found.n) = all->people[i];
		if (how == 2)
			*ARENA_PUSH(desk->arena, wholly.people, wholly.n) = all->people[i];
	}
	return wholly.n > 0 ? wholly : found;
}

/* What a line says of who wrote it: "as Lee"; in an answer to our question a bare name will do. */
static struct roster called_by_line(struct desk *desk, const struct roster *all, struct span line, bool asked)
{
	static const char *const forms[] = {"as ", "it was ", "this was ", "als ", "en tant que ", "como "};
	line = span_trim(line);
	while (line.n > 0 && *line.p == '*')
		line = span_skip(line, 1);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (span_starts_nocase(line, forms[i]))
			return called(desk, all, span_skip(line, strlen(forms[i])));
	return asked ? called(desk, all, line) : (struct roster){0};
}

/* Takes the line out of the own words: it is no part of the note. */
static struct roster by_words(struct desk *desk, struct matter *m, bool asked)
{
	struct reading *r = m->reading;
	struct roster found = {0};
	struct str kept = {0};
	struct span rest = {r->own, utf8_prefix(r->own, strlen(r->own), (size_t)64 << 10)}, line;
	while (span_line(&rest, &line)) {
		struct roster here = found.n > 0 ? (struct roster){0} : called_by_line(desk, &m->sharers, line, asked);
		if (here.n > 0) {
			found = here;
			continue;
		}
		str_span(&kept, line);
		str_putc(&kept, '\n');
	}
	if (found.n > 0 && !asked) {
		r->own = arena_strndup(desk->arena, str_c(&kept), kept.n);
		m->own_cut = true;
	}
	str_release(&kept);
	return found;
}

/* pln+lee@campus.example, for the campus's own pln@campus.example. */
static struct roster by_plus(struct desk *desk, const struct matter *m)
{
	const char *address = desk->campus->config.address, *at = strrchr(address, '@');
	const struct strs *to = &m->reading->recipients;
	size_t local = (size_t)(at - address), domain = strlen(at);
	for (size_t i = 0; i < to->n; i++) {
		size_t n = strlen(to->v[i]);
		if (n <= local + 1 + domain || strncasecmp(to->v[i], address, local) != 0 || to->v[i][local] != '+' || strcasecmp(to->v[i] + n - domain, at) != 0)
			continue;
		struct roster found = called(desk, &m->sharers, (struct span){to->v[i] + local + 1, n - local - 1 - domain});
		if (found.n > 0)
			return found;
	}
	return (struct roster){0};
}

static struct roster by_number(const struct matter *m, int64_t person)
{
	for (size_t i = 0; i < m->sharers.n; i++)
		if (m->sharers.people[i].id == person)
			return (struct roster){&m->sharers.people[i], 1};
	return (struct roster){0};
}

static bool asked_who(const struct stored_letter *l)
{
	return l != NULL && l->purpose == LETTER_QUESTION && strncmp(l->key, WHO, strlen(WHO)) == 0;
}

/* One of them at most; two different signs are no sign. */
static int find_who(struct desk *desk, struct matter *m, struct err *err)
{
	struct message held = {0};
	if (m->mail->released != 0 && store_message(desk->store, m->mail->released, desk->arena, &held, err) < 0)
		return -1;
	struct roster words = by_words(desk, m, false), plus = by_plus(desk, m), told = by_number(m, held.person);
	struct roster one = told.n > 0 ? told : words.n > 0 ? words : plus.n > 0 ? plus : m->letter != NULL ? by_number(m, m->letter->person) : (struct roster){0};
	bool differ = told.n == 0 && words.n == 1 && plus.n == 1 && words.people[0].id != plus.people[0].id;
	if (one.n != 1 || differ)
		return 0;
	m->person = arena_alloc(desk->arena, sizeof *m->person);
	*m->person = one.people[0];
	if (m->person->role != ROLE_GUEST)
		m->person->role = ROLE_TEACHER;
	return 0;
}

int who_wrote(struct desk *desk, struct matter *m, struct err *err)
{
	const char *addr = m->reading->from.addr;
	if (m->person != NULL || addr[0] == '\0' || mail_kind_is_machine(m->reading->kind))
		return 0;
	if (store_sharers(desk->store, addr, desk->arena, &m->sharers, err) < 0)
		return -1;
	if (m->sharers.n == 0)
		return 0;
	m->answers_who = asked_who(m->letter);
	return m->answers_who ? 0 : find_who(desk, m, err);
}

bool who_holds(struct matter *m)
{
	struct verdict *v = &m->verdict;
	if (m->sharers.n == 0 || m->person != NULL || v->action == ACTION_QUARANTINE)
		return false;
	if (m->answers_who) {
		v->action = m->reading->auth == AUTH_FAIL ? ACTION_QUARANTINE : ACTION_COMMAND;
		v->why = v->action == ACTION_COMMAND ? "It answers who wrote the mail that waits." : "The mail server's authentication failed.";
		return true;
	}
	if (v->action != ACTION_LOG && v->action != ACTION_COMMAND && v->action != ACTION_APPROVE && v->action != ACTION_HOLD)
		return false;
	v->action = m->reading->auth == AUTH_FAIL ? ACTION_QUARANTINE : ACTION_HOLD;
	v->why = v->action == ACTION_HOLD ? "Several people write from this mailbox, and it does not say who." : "The mail server's authentication failed.";
	return true;
}

/* ---- the question, and its answer */

static const char *names(struct desk *desk, const struct roster *people)
{
	const char *all = "";
	for (size_t i = 0; i < people->n && i < NAMES_MAX; i++)
		all = arena_printf(desk->arena, "%s%s%s", all, i == 0 ? "" : ", ", people->people[i].name);
	return people->n > NAMES_MAX ? arena_printf(desk->arena, "%s …", all) : all;
}

static const char *named(struct desk *desk, const char *subject)
{
	const char *s = subject == NULL || subject[0] == '\0' ? "no subject" : subject;
	return arena_printf(desk->arena, "\"%.*s\"", (int)utf8_prefix(s, strlen(s), 200), s);
}

static int ask(struct desk *desk, struct matter *m, const struct roster *people, const char *key, int64_t held, const struct strs *lines, struct err *err)
{
	struct answer question = {.subject = "Who was it?", .lines = *lines};
	struct post post = {.purpose = LETTER_QUESTION, .to_addr = utf8_lower(desk->arena, m->reading->from.addr, strlen(m->reading->from.addr)),
	                    .answers = m->reading, .held_message = held, .key = key};
	for (size_t i = 0; i < people->n && i < 4; i++)
		strs_add(&question.replies, desk->arena, arena_printf(desk->arena, "as %s", people->people[i].name));
	return post_sentences(desk, &post, &question, err);
}

int ask_who(struct desk *desk, struct matter *m, struct err *err)
{
	struct strs lines = {0};
	const char *first = m->sharers.people[0].name;
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "A mail from this mailbox waits: %s. Several people write from it: %s.", named(desk, m->reading->subject),
	                                           names(desk, &m->sharers)));
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "Who was it? Reply \"as %s\", say. Until then nothing of it is logged, credited or answered.", first));
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "To be known at once, write such a line into the mail itself (\"as %s\"), or write from an address of your own.", first));
	return ask(desk, m, &m->sharers, arena_printf(desk->arena, WHO "%lld", (long long)m->message), m->message, &lines, err);
}

/* Once more, and no further: what waits goes on waiting. */
static int ask_again(struct desk *desk, struct matter *m, const struct roster *meant, struct err *err)
{
	struct strs lines = {0};
	const struct roster *people = meant->n > 0 ? meant : &m->sharers;
	strs_add(&lines, desk->arena, meant->n > 0 ? arena_printf(desk->arena, "That may be %s: reply \"as\" and the whole name, or the person's own address.", names(desk, meant))
	                                           : arena_printf(desk->arena, "None of those who write from this mailbox is called that: %s.", names(desk, people)));
	strs_add(&lines, desk->arena, "The mail still waits.");
	return ask(desk, m, people, arena_printf(desk->arena, WHO "again:%lld", (long long)m->letter->held_message), m->letter->held_message, &lines, err);
}

int do_answer_who(struct desk *desk, struct matter *m, struct err *err)
{
	struct message held;
	struct roster meant = by_words(desk, m, true);
	struct answer thanks = {.subject = "Thank you"};
	int found = store_message(desk->store, m->letter->held_message, desk->arena, &held, err);
	if (found <= 0 || held.action != ACTION_HOLD || held.from_addr == NULL || strcasecmp(held.from_addr, m->reading->from.addr) != 0)
		return found < 0 ? -1 : 0;
	if (meant.n != 1)
		return ask_again(desk, m, &meant, err);
	if (store_set_message_person(desk->store, held.id, meant.people[0].id, err) < 0 ||
	    store_set_message_action(desk->store, held.id, ACTION_HOLD, HELD_RELEASED, err) < 0)
		return -1;
	strs_add(&thanks.lines, desk->arena, arena_printf(desk->arena, "%s is let in as from %s.", named(desk, held.subject), meant.people[0].name));
	struct post post = {.purpose = LETTER_ANSWER, .to_addr = utf8_lower(desk->arena, m->reading->from.addr, strlen(m->reading->from.addr)),
	                    .answers = m->reading, .key = arena_printf(desk->arena, "as:%lld", (long long)m->message)};
	return post_sentences(desk, &post, &thanks, err);
}
