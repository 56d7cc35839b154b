#include "gateway/desk.h"

/* Mail from an address that is not on the roster, or that our server could not vouch for: held. Only the roster address that it
 * claims is asked, once; a yes from there lets it in, and links an unknown address for good. */

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

int do_hold(struct desk *desk, struct matter *m, struct err *err)
{
	struct person p;
	struct frame_facts facts;
	struct letter letter;
	const char *addr = m->reading->from.addr;
	int found = claimed(desk, m, &p, err);
	if (found <= 0)
		return found;
	struct post post = {.purpose = LETTER_QUESTION, .person = &p, .held_message = m->message,
	                    .key = arena_printf(desk->arena, "question:%lld:%s", (long long)p.id, utf8_lower(desk->arena, addr, strlen(addr)))};
	struct answer ask = {.subject = "Was that you?"};
	strs_add(&ask.lines, desk->arena, arena_printf(desk->arena, "A mail in your name came from %s: \"%s\".", addr, m->reading->subject == NULL ? "no subject" : m->reading->subject));
	strs_add(&ask.lines, desk->arena, m->person != NULL
	                                      ? "Our mail server could not tell that it is really yours, so it waits. If you wrote it, reply yes and it is logged; otherwise do nothing."
	                                      : "That address is not on the roster, so the mail waits. If it is yours, reply yes: what you wrote is logged, and the address is yours from now on. Otherwise do nothing.");
	strs_add(&ask.replies, desk->arena, "yes");
	post_address(desk, &post, &facts);
	if (letter_answer(&letter, &desk->campus->templates, &facts, &ask, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}

static bool said_verb(const struct said *s, enum command_verb verb)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (s->commands[i].verb == verb)
			return true;
	return false;
}

/* Lets in everything that is held from that address: the keeper reads it again (see HELD_RELEASED). */
static int release(struct desk *desk, const char *addr, size_t *n, struct err *err)
{
	struct messages held = {0};
	if (store_messages(desk->store, ACTION_HOLD, 0, 1000, desk->arena, &held, err) < 0)
		return -1;
	for (size_t i = 0; i < held.n; i++)
		if (held.v[i].from_addr != NULL && strcasecmp(held.v[i].from_addr, addr) == 0) {
			if (store_set_message_action(desk->store, held.v[i].id, ACTION_HOLD, HELD_RELEASED, err) < 0)
				return -1;
			++*n;
		}
	return 0;
}

/* Who answers is the one who was asked: the question went to their roster address alone and its token came back. */
int do_answer_question(struct desk *desk, struct matter *m, bool *done, struct err *err)
{
	struct message held;
	struct answer answer = {.subject = "Thank you"};
	size_t n = 0;
	if (m->person == NULL || m->letter->person != m->person->id || !said_verb(&m->reading->said, COMMAND_YES))
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
	if (release(desk, addr, &n, err) < 0)
		return -1;
	strs_add(&answer.lines, desk->arena, arena_printf(desk->arena, known > 0 ? "%zu mail%s from %s let in." : "%zu mail%s let in; %s is yours from now on.", n, n == 1 ? " is" : "s are", addr));
	*done = true;
	return post_answer(desk, m, "yes", &answer, err);
}
