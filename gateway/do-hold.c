#include <stdlib.h>

#include "gateway/desk.h"

/* Mail from an address that is not on the roster, or that our server could not vouch for: held. Only the roster address that it
 * claims is asked. About an unknown address once: a yes links it for good and lets in what came from it. Where nothing vouches
 * for mail, about everything that waits: a yes lets in what the question named, and nothing that came later in the same name. */

#define NAMED_MAX 20 /* of the mails that wait, in one question */
#define HELD_MAX 1000

/* Whose mail it claims to be: by address, else by the full name that it shows. */
static int claimed(struct desk *desk, struct matter *m, struct person *out, struct err *err)
{
	if (m->person != NULL) {
		*out = *m->person;
		return 1;
	}
	if (m->reading->from.name == NULL || m->reading->from.name[0] == '\0')
		return 0;
	return store_person_by_name(desk->store, m->reading->from.name, desk->arena, out, err);
}

static bool came_from(const struct message *held, const char *addr)
{
	return held->from_addr != NULL && strcasecmp(held->from_addr, addr) == 0;
}

static const char *named(struct desk *desk, const char *subject)
{
	const char *s = subject == NULL ? "no subject" : subject;
	return arena_printf(desk->arena, "\"%.*s\"", (int)utf8_prefix(s, strlen(s), 200), s);
}

/* What waits from an address that nothing vouches for, newest first; *ids lists it. */
static int name_held(struct desk *desk, const char *addr, struct strs *lines, const char **ids, struct err *err)
{
	struct messages held = {0};
	struct str list = {0};
	if (store_held(desk->store, addr, NULL, NAMED_MAX, desk->arena, &held, err) < 0)
		return -1;
	for (size_t i = 0; i < held.n; i++) {
		strs_add(lines, desk->arena, named(desk, held.v[i].subject));
		str_printf(&list, "%s%lld", i == 0 ? "" : " ", (long long)held.v[i].id);
	}
	*ids = arena_strdup(desk->arena, str_c(&list));
	str_release(&list);
	return 0;
}

static int word_question(struct desk *desk, const struct matter *m, struct answer *ask, const char **ids, struct err *err)
{
	const char *addr = m->reading->from.addr;
	ask->subject = "Was that you?";
	strs_add(&ask->replies, desk->arena, "yes");
	if (m->person == NULL) {
		strs_add(&ask->lines, desk->arena, arena_printf(desk->arena, "A mail in your name came from %s: %s.", addr, named(desk, m->reading->subject)));
		strs_add(&ask->lines, desk->arena, "That address is not on the roster, so the mail waits. If it is yours, reply yes: what you wrote is logged, and the address is yours from now on. Otherwise do nothing.");
		return 0;
	}
	strs_add(&ask->lines, desk->arena, arena_printf(desk->arena, "Our mail server could not tell whether these mails from %s are really yours, so they wait:", addr));
	if (name_held(desk, addr, &ask->lines, ids, err) < 0)
		return -1;
	strs_add(&ask->lines, desk->arena, "If you wrote all of them, reply yes and they are let in; otherwise do nothing.");
	return 0;
}

int do_hold(struct desk *desk, struct matter *m, struct err *err)
{
	struct person p;
	struct answer ask = {0};
	const char *addr = m->reading->from.addr;
	if (m->sharers.n > 0 && m->person == NULL)
		return ask_who(desk, m, err);
	int found = claimed(desk, m, &p, err);
	if (found <= 0)
		return found;
	struct post post = {.purpose = LETTER_QUESTION, .person = &p, .held_message = m->message,
	                    .key = m->person != NULL ? arena_printf(desk->arena, "question:%lld:message:%lld", (long long)p.id, (long long)m->message)
	                                             : arena_printf(desk->arena, "question:%lld:%s", (long long)p.id, utf8_lower(desk->arena, addr, strlen(addr)))};
	if (word_question(desk, m, &ask, &post.numbered, err) < 0)
		return -1;
	return post_sentences(desk, &post, &ask, err);
}

static bool said_verb(const struct said *s, enum command_verb verb)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (s->commands[i].verb == verb)
			return true;
	return false;
}

/* Lets one mail in if it still waits: the keeper reads it again (see HELD_RELEASED). */
static int release(struct desk *desk, const struct message *held, const char *addr, size_t *n, struct err *err)
{
	if (held->action != ACTION_HOLD || !came_from(held, addr))
		return 0;
	++*n;
	return store_set_message_action(desk->store, held->id, ACTION_HOLD, HELD_RELEASED, err);
}

static int release_all(struct desk *desk, const char *addr, size_t *n, struct err *err)
{
	struct messages held = {0};
	if (store_held(desk->store, addr, NULL, HELD_MAX, desk->arena, &held, err) < 0)
		return -1;
	for (size_t i = 0; i < held.n; i++)
		if (release(desk, &held.v[i], addr, n, err) < 0)
			return -1;
	return 0;
}

static int release_named(struct desk *desk, const char *ids, const char *addr, size_t *n, struct err *err)
{
	struct span rest = span_of(ids), word;
	while (span_until(&rest, ' ', &word)) {
		struct message held;
		int found = store_message(desk->store, strtoll(word.p, NULL, 10), desk->arena, &held, err);
		if (found < 0 || (found > 0 && release(desk, &held, addr, n, err) < 0))
			return -1;
	}
	return 0;
}

/* Who answers is the one who was asked: the question went to their roster address alone and its token came back. */
int do_answer_question(struct desk *desk, struct matter *m, bool *done, struct err *err)
{
	struct message held;
	struct answer answer = {.subject = "Thank you"};
	size_t n = 0;
	const struct said *said = &m->reading->said;
	if (m->person == NULL || m->letter->person != m->person->id || !said_verb(said, COMMAND_YES) || said_verb(said, COMMAND_NO))
		return 0;
	int found = store_message(desk->store, m->letter->held_message, desk->arena, &held, err);
	if (found <= 0 || held.from_addr == NULL)
		return found < 0 ? -1 : 0;
	const char *addr = utf8_lower(desk->arena, held.from_addr, strlen(held.from_addr));
	struct person owner;
	int known = store_person_by_address(desk->store, addr, desk->arena, &owner, err);
	if (known < 0 || (known == 0 && store_add_address(desk->store, m->person->id, addr, err) < 0))
		return -1;
	if (known > 0 && owner.id != m->person->id)
		return 0;
	const char *ids = m->letter->numbered != NULL ? m->letter->numbered : arena_printf(desk->arena, "%lld", (long long)held.id);
	if ((known > 0 ? release_named(desk, ids, addr, &n, err) : release_all(desk, addr, &n, err)) < 0)
		return -1;
	strs_add(&answer.lines, desk->arena, arena_printf(desk->arena, known > 0 ? "%zu mail%s from %s let in." : "%zu mail%s let in; %s is yours from now on.", n, n == 1 ? " is" : "s are", addr));
	*done = true;
	return post_answer(desk, m, "yes", &answer, err);
}
