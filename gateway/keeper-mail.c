#include "gateway/keeper-parts.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/log.h"

#define BUSY ((size_t)256 << 10) /* bytes of mail inside a reader that has */
#define BATCH 50                 /* mails a transaction */

int keeper_start_reader(struct keeper *k, struct err *err)
{
	k->readers[0] = reader_open(&k->campus->reading, err);
	return k->readers[0] == NULL ? -1 : 0;
}

void keeper_stop_readers(struct keeper *k)
{
	for (size_t i = 0; i < READERS; i++) {
		reader_close(k->readers[i]);
		k->readers[i] = NULL;
	}
}

size_t keeper_load(const struct keeper *k)
{
	size_t load = 0;
	for (size_t i = 0; i < READERS; i++)
		load += k->readers[i] == NULL ? 0 : reader_load(k->readers[i]);
	return load;
}

/* The one with the least to do. Answers are taken in the order of the mails, whoever reads them. */
static size_t least_busy(struct keeper *k)
{
	size_t best = 0;
	for (size_t i = 1; i < READERS; i++) {
		if (k->readers[i] == NULL && reader_load(k->readers[best]) > BUSY)
			k->readers[i] = reader_open(&k->campus->reading, NULL); /* if it does not start, the others do its work */
		if (k->readers[i] != NULL && reader_load(k->readers[i]) < reader_load(k->readers[best]))
			best = i;
	}
	return best;
}

void keeper_read(struct keeper *k, const struct waiting *w, struct span raw)
{
	struct waiting *copy = malloc(sizeof *copy);
	if (copy == NULL)
		abort();
	*copy = *w;
	copy->ticket = k->next_ticket++;
	copy->reader = least_busy(k);
	copy->next = NULL;
	*k->last = copy;
	k->last = &copy->next;
	reader_send(k->readers[copy->reader], copy->ticket, raw);
}

static void add_mark(struct keeper *k, size_t gate, char *ident)
{
	if (k->n_marks == k->cap_marks) {
		k->cap_marks = k->cap_marks == 0 ? 64 : 2 * k->cap_marks;
		k->marks = realloc(k->marks, k->cap_marks * sizeof *k->marks);
		if (k->marks == NULL)
			abort();
	}
	k->marks[k->n_marks++] = (struct mark){gate, ident};
}

static void log_mail(const struct keeper *k, const struct waiting *w, const struct decided_mail *d, size_t bytes)
{
	log_begin(d->action == ACTION_QUARANTINE ? LOG_LINE_WARNING : LOG_LINE_INFO, "mail");
	log_text("mailbox", w->gate == NO_GATE ? "ingest" : k->gates[w->gate].box->name);
	log_text("ident", w->ident);
	log_text("kind", d->kind);
	log_text("action", d->duplicate ? "duplicate" : action_name(d->action));
	if (d->person != 0)
		log_int("person", d->person);
	if (d->entry != 0)
		log_int("entry", d->entry);
	if (d->message != 0)
		log_int("message", d->message);
	log_int("bytes", (int64_t)bytes);
	log_text("why", d->why);
	log_end();
}

static void count_mail(struct keeper *k, const struct decided_mail *d)
{
	k->counts.mails++;
	k->counts.entries += d->entry != 0;
	k->counts.duplicates += d->duplicate;
	k->counts.held += d->action == ACTION_HOLD;
	k->counts.quarantined += d->action == ACTION_QUARANTINE;
}

/* A mail that cannot be decided about must not stop the line: it goes into quarantine with the reason. -1: not even that. */
static int decide_or_quarantine(struct keeper *k, struct incoming *in, struct decided_mail *d, struct arena *arena, struct err *err)
{
	struct desk desk = {k->campus, k->campus->store, arena, clock_now()};
	if (store_savepoint(desk.store, err) < 0)
		return -1;
	if (decide_mail(&desk, in, d, err) == 0)
		return store_release(desk.store, err);
	if (err->temporary)
		return -1;
	store_undo_savepoint(desk.store);
	in->killed = true;
	in->why = arena_printf(arena, "it could not be worked on: %s", err->text);
	if (in->released != 0)
		return store_set_message_action(desk.store, in->released, ACTION_QUARANTINE, in->why, err);
	return decide_mail(&desk, in, d, err);
}

static int take_answer(struct keeper *k, struct read_answer *answer, struct arena *arena, struct err *err)
{
	struct waiting *w = k->first;
	if (w == NULL || w->ticket != answer->ticket)
		return err_set(err, "the reader answered out of order");
	k->first = w->next;
	if (k->first == NULL)
		k->last = &k->first;
	struct incoming in = {.mailbox = w->gate == NO_GATE ? 0 : k->gates[w->gate].cursor.mailbox, .ident = w->ident, .arrival = w->arrival,
	                      .raw = answer->raw, .killed = answer->killed, .why = answer->why, .reading = &answer->reading, .released = w->released};
	struct decided_mail d;
	if (answer->killed)
		in.reading = NULL;
	int result = keeper_begin(k, err) < 0 ? -1 : decide_or_quarantine(k, &in, &d, arena, err);
	if (result == 0) {
		log_mail(k, w, &d, in.raw.n);
		count_mail(k, &d);
		k->in_batch++;
		if (w->gate != NO_GATE) {
			struct cursor *c = &k->gates[w->gate].cursor;
			if (w->uid > c->last_uid) {
				c->last_uid = w->uid;
				k->gates[w->gate].cursor_moved = true;
			}
			add_mark(k, w->gate, w->ident);
			w->ident = NULL;
		}
	}
	free(w->ident);
	free(w);
	return result;
}

/* Takes what the readers have ready; commits a full batch, or when nothing more comes soon. 1 something was done, 0, -1. */
int keeper_work_readers(struct keeper *k, struct err *err)
{
	int done = 0;
	for (;;) {
		struct arena arena = {0};
		struct read_answer answer = {0};
		int got = k->first == NULL ? 0 : reader_next(k->readers[k->first->reader], 0, &arena, &answer, err);
		if (got > 0)
			got = take_answer(k, &answer, &arena, err) < 0 ? -1 : 1;
		arena_release(&arena);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done = 1;
		if (k->in_batch >= BATCH && keeper_commit(k, err) < 0)
			return -1;
	}
	bool more = k->first != NULL && clock_ms() - k->batch_since < BATCH_MS;
	return !more && keeper_commit(k, err) < 0 ? -1 : done;
}

/* What a yes has let in is read again. */
int keeper_read_released(struct keeper *k, struct err *err)
{
	struct arena arena = {0};
	struct messages held = {0};
	struct str raw = {.max = CHAN_MAX};
	k->released_wanted = false;
	int result = store_held(k->campus->store, NULL, HELD_RELEASED, 1000, &arena, &held, err);
	for (size_t i = held.n; result >= 0 && i > 0; i--) {
		const struct message *m = &held.v[i - 1];
		bool inside = false;
		for (const struct waiting *w = k->first; w != NULL; w = w->next)
			inside = inside || w->released == m->id;
		if (inside || m->reason == NULL || strcmp(m->reason, HELD_RELEASED) != 0)
			continue;
		str_clear(&raw);
		result = store_raw(k->campus->store, m->id, &raw, err);
		if (result > 0)
			keeper_read(k, &(struct waiting){.gate = NO_GATE, .arrival = m->received_at, .released = m->id}, (struct span){str_c(&raw), raw.n});
	}
	str_release(&raw);
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}
