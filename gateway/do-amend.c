#include "gateway/clock.h"
#include "gateway/desk.h"

/* A change to an entry by its owner: only what was said. */

#define NOTE_MAX 8000 /* of one mail; an entry holds twice that */
#define TAGS_MAX 40

static void set_flag(struct desk *desk, bool *field, bool value, const char *words, struct strs *changes)
{
	if (*field != value)
		strs_add(changes, desk->arena, words);
	*field = value;
}

static void amend_tagging(struct desk *desk, const struct person *p, const struct tagging *t, struct entry *e, struct strs *changes)
{
	char day[24];
	int32_t today = campus_today(desk->campus, p, desk->now);
	if (t->starred)
		set_flag(desk, &e->starred, true, "⭐", changes);
	if (t->unstar)
		set_flag(desk, &e->starred, false, "no star", changes);
	if (t->minutes != MINUTES_NONE && t->minutes != e->minutes) {
		e->minutes = t->minutes;
		strs_add(changes, desk->arena, minutes_text(desk->arena, t->minutes));
	}
	if (t->day != DAY_NONE && t->day != e->day && t->day <= today) {
		e->day = t->day;
		strs_add(changes, desk->arena, arena_strdup(desk->arena, day_short(day, t->day, today)));
	}
	if (t->kind != KIND_NONE && t->kind != e->kind) {
		e->kind = t->kind;
		strs_add(changes, desk->arena, kind_name(t->kind));
	}
	if (t->is_private)
		set_flag(desk, &e->is_private, true, "hidden from colleagues", changes);
	if (t->share)
		set_flag(desk, &e->is_private, false, "shared with colleagues", changes);
	if (t->nocredit)
		set_flag(desk, &e->nocredit, true, "no credit", changes);
	for (size_t i = 0; i < t->topics.n && e->tags.n < TAGS_MAX; i++)
		if (!strs_has_nocase(&e->tags, t->topics.v[i])) {
			strs_add(&e->tags, desk->arena, t->topics.v[i]);
			strs_add(changes, desk->arena, arena_printf(desk->arena, "#%s", t->topics.v[i]));
		}
}

static void amend_note(struct desk *desk, const char *note, struct entry *e, struct strs *changes)
{
	if (note[0] == '\0' || strstr(e->note, note) != NULL)
		return;
	e->note = arena_printf(desk->arena, "%s%s%.*s", e->note, e->note[0] == '\0' ? "" : "\n", (int)utf8_prefix(note, strlen(note), NOTE_MAX), note);
	if (strlen(e->note) > 2 * NOTE_MAX)
		e->note = arena_strndup(desk->arena, e->note, utf8_prefix(e->note, strlen(e->note), 2 * NOTE_MAX));
	if (changes->n == 0) /* beside another change it goes without saying */
		strs_add(changes, desk->arena, "note added");
}

static void amend_commands(struct desk *desk, const struct said *said, struct entry *e, struct strs *changes)
{
	for (size_t i = 0; i < said->n_commands; i++)
		switch (said->commands[i].verb) {
		case COMMAND_UNDO:
			set_flag(desk, &e->undone, true, "taken out of the log", changes);
			break;
		case COMMAND_PRIVATE:
			set_flag(desk, &e->is_private, true, "hidden from colleagues", changes);
			break;
		case COMMAND_SHARE:
			set_flag(desk, &e->is_private, false, "shared with colleagues", changes);
			break;
		case COMMAND_STAR:
			set_flag(desk, &e->starred, true, "⭐", changes);
			break;
		default: /* the other commands do not change an entry */
			break;
		}
}

int amend_entry(struct desk *desk, const struct matter *m, const struct said *said, struct entry *e, struct strs *changes, struct err *err)
{
	amend_tagging(desk, m->person, &said->tagging, e, changes);
	amend_commands(desk, said, e, changes);
	amend_note(desk, said->tagging.note, e, changes);
	if (reading_brings_file(m->reading)) /* the certificate that was asked for */
		set_flag(desk, &e->attachment, true, "file attached", changes);
	if (changes->n == 0)
		return 0;
	return store_change_entry(desk->store, e, m->person->id, m->message, desk->now, err) < 0 ? -1 : credit_claim_of(desk, m, e, err);
}

/* ---- an approver's question, answered: the answer stays with the entry, and reaches who asked */

/* Who asked about the entry last, in which approval, under which number: 1, 0 nobody did, -1. */
static int asker(struct desk *desk, const struct entry *e, struct person *who, struct approval *approval, int *number, struct err *err)
{
	struct ledger ledger = {0};
	if (store_ledger(desk->store, 0, e->id, desk->arena, &ledger, err) < 0)
		return -1;
	size_t n = ledger.n;
	while (n > 0 && ledger.v[n - 1].verb != LEDGER_ASK)
		n--;
	if (n == 0 || ledger.v[n - 1].approval == 0)
		return 0;
	int found = store_person(desk->store, ledger.v[n - 1].by_person, desk->arena, who, err);
	if (found > 0)
		found = store_approval(desk->store, ledger.v[n - 1].approval, desk->arena, approval, err);
	for (size_t i = 0; found > 0 && i < approval->n; i++)
		if (approval->items[i].entry.id == e->id)
			*number = approval->items[i].number;
	return found;
}

int tell_asker(struct desk *desk, const struct matter *m, const struct entry *e, const char *own, struct err *err)
{
	struct person who;
	struct approval approval;
	int number = 0, found = asker(desk, e, &who, &approval, &number, err);
	if (found <= 0 || number == 0 || who.left)
		return found < 0 ? -1 : 0;
	struct post post = {.purpose = LETTER_OUTCOME, .person = &who, .answers = m->reading, .approval = approval.id,
	                    .key = arena_printf(desk->arena, "answered:%lld:%lld", (long long)e->id, (long long)m->message)};
	struct answer answer = {.subject = arena_printf(desk->arena, "%s answers about %d: %s", m->person->name, number, e->title)};
	strs_add(&answer.lines, desk->arena, arena_printf(desk->arena, "%s answers your question about item %d, %s (%s):", m->person->name, number, e->title, minutes_text(desk->arena, e->actual)));
	strs_add(&answer.lines, desk->arena, arena_strndup(desk->arena, own, utf8_prefix(own, strlen(own), NOTE_MAX)));
	strs_add(&answer.replies, desk->arena, arena_printf(desk->arena, "%d ok", number));
	strs_add(&answer.replies, desk->arena, arena_printf(desk->arena, "%d no", number));
	return post_sentences(desk, &post, &answer, err);
}

int do_amend(struct desk *desk, struct matter *m, struct entry *e, struct decided_mail *out, struct err *err)
{
	struct strs changes = {0}, remarks = {0};
	bool asked = e->claim == CLAIM_ASKED && m->letter->purpose == LETTER_OUTCOME;
	out->entry = e->id;
	if (amend_entry(desk, m, &m->reading->said, e, &changes, err) < 0 || (asked && tell_asker(desk, m, e, m->reading->own, err) < 0))
		return -1;
	if (changes.n == 0)
		strs_add(&remarks, desk->arena, "Nothing in your answer changes it. You may say star, 20m, yesterday, private, share, undo, or add a note.");
	struct receipt receipt = {.entry = e, .amended = true, .changes = &changes, .remarks = &remarks, .undone = e->undone,
	                          .credit = ruleset_policy(desk->campus->rules)->mode == POLICY_MINUTES};
	return post_receipt(desk, m, &receipt, err);
}
