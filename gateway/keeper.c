#include "gateway/keeper.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/pack.h"
#include "gateway/titles.h"

#define READERS 2                /* the second is started when the first has its hands full */
#define BUSY ((size_t)256 << 10) /* bytes of mail inside a reader that has */
#define WINDOW ((size_t)2 << 20) /* bytes of mail inside the readers */
#define BATCH 50                 /* mails a transaction */
#define BATCH_MS 150             /* and no longer open than that while more is coming */
#define LEASE 1900               /* seconds that a postman has for the letters in its hands: 15 minutes each at most */
#define LETTERS_EACH 2           /* in a postman's hands at once */
#define FDS 80
#define RESTART_LEAST 1000       /* ms before a worker that died is started again; doubled up to the most */
#define RESTART_MOST 60000
#define TITLES_MS 30000          /* that one pass waits for titles once all else is done */

struct waiting { /* a mail inside the reader, in order */
	uint64_t ticket;
	size_t gate; /* index; NO_GATE by ingest */
	size_t reader;
	int64_t arrival, released;
	uint64_t uid;
	char *ident;
	struct waiting *next;
};
#define NO_GATE ((size_t)-1)

struct mark {
	size_t gate;
	char *ident;
};

struct helper { /* a gate or a postman and its restarts */
	struct worker worker;
	int64_t restart_at; /* clock_ms; 0 = runs, or is not wanted */
	int64_t backoff;
};

struct gate {
	struct helper helper;
	const struct mailbox_config *box;
	struct cursor cursor;
	bool cursor_moved, idle, stopping, finished;
};

struct postman {
	struct helper helper;
	size_t busy;
};

struct keeper {
	struct campus *campus;
	unsigned work;
	struct reader *readers[READERS]; /* NULL = not started */
	struct gate *gates;
	size_t n_gates;
	struct postman postmen[4];
	size_t n_postmen;
	struct titles *titles; /* NULL = none are fetched */
	int64_t titles_until;  /* of one pass; 0 = not begun */
	struct waiting *first, **last;
	uint64_t next_ticket;
	bool in_transaction, letters_wanted, stopping, released_wanted;
	size_t in_batch;
	int64_t batch_since;
	struct mark *marks;
	size_t n_marks, cap_marks;
	struct keeper_counts counts;
	struct chan control; /* to the supervisor; fd -1 when there is none */
	bool reload;
	int64_t due_at, alive_at;
};

const struct keeper_counts *keeper_counts(const struct keeper *k)
{
	return &k->counts;
}

/* ---- transactions: opened by the first change, closed by commit() */

static int begin(struct keeper *k, struct err *err)
{
	if (k->in_transaction)
		return 0;
	if (store_begin(k->campus->store, err) < 0)
		return -1;
	k->in_transaction = true;
	k->batch_since = clock_ms();
	k->in_batch = 0;
	return 0;
}

static void tell_gates(struct keeper *k)
{
	struct str payload = {0};
	for (size_t i = 0; i < k->n_marks; i++) {
		str_clear(&payload);
		pack_text(&payload, k->marks[i].ident);
		if (k->gates[k->marks[i].gate].helper.worker.pid != 0)
			chan_send(&k->gates[k->marks[i].gate].helper.worker.chan, GATE_MARK, (struct span){payload.p, payload.n});
		free(k->marks[i].ident);
	}
	k->n_marks = 0;
	str_release(&payload);
}

static int commit(struct keeper *k, struct err *err)
{
	if (!k->in_transaction)
		return 0;
	for (size_t i = 0; i < k->n_gates; i++)
		if (k->gates[i].cursor_moved) {
			if (store_set_cursor(k->campus->store, &k->gates[i].cursor, err) < 0)
				return -1;
			k->gates[i].cursor_moved = false;
		}
	if (store_commit(k->campus->store, err) < 0)
		return -1;
	k->in_transaction = false;
	k->letters_wanted = k->released_wanted = true;
	titles_look(k->titles);
	tell_gates(k);
	return 0;
}

/* ---- mails: into the reader, and what came of them */

static size_t readers_load(const struct keeper *k)
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

static void remember(struct keeper *k, const struct waiting *w, struct span raw)
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
	int result = begin(k, err) < 0 ? -1 : decide_or_quarantine(k, &in, &d, arena, err);
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
static int work_readers(struct keeper *k, struct err *err)
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
		if (k->in_batch >= BATCH && commit(k, err) < 0)
			return -1;
	}
	bool more = k->first != NULL && clock_ms() - k->batch_since < BATCH_MS;
	return !more && commit(k, err) < 0 ? -1 : done;
}

/* What a yes has let in is read again. */
static int read_released(struct keeper *k, struct err *err)
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
			remember(k, &(struct waiting){.gate = NO_GATE, .arrival = m->received_at, .released = m->id}, (struct span){str_c(&raw), raw.n});
	}
	str_release(&raw);
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}

/* ---- helpers: start, and start again */

static void later(struct helper *h)
{
	int64_t wait = h->backoff < RESTART_LEAST ? RESTART_LEAST : h->backoff;
	h->backoff = wait * 2 > RESTART_MOST ? RESTART_MOST : wait * 2;
	h->restart_at = clock_ms() + wait;
}

static int open_gate(struct keeper *k, struct gate *g, struct err *err)
{
	struct arena arena = {0};
	struct strs idents = {0};
	struct str payload = {0};
	int result = -1;
	if (begin(k, err) < 0 || store_cursor(k->campus->store, g->box->name, &g->cursor, err) < 0 || commit(k, err) < 0 ||
	    store_unmarked(k->campus->store, g->cursor.mailbox, &arena, &idents, err) < 0 ||
	    worker_start(&g->helper.worker, "gate", k->campus->config.dir, err) < 0)
		goto out;
	pack_text(&payload, g->box->name);
	pack_u8(&payload, (k->work & KEEPER_FOREVER) != 0);
	pack_u64(&payload, g->cursor.uidvalidity);
	pack_u64(&payload, g->cursor.last_uid);
	pack_u32(&payload, (uint32_t)idents.n);
	for (size_t i = 0; i < idents.n; i++)
		pack_text(&payload, idents.v[i]);
	chan_send(&g->helper.worker.chan, GATE_OPEN, (struct span){payload.p, payload.n});
	g->helper.restart_at = 0;
	g->idle = g->stopping = false;
	result = 0;
out:
	str_release(&payload);
	arena_release(&arena);
	return result;
}

/* Mails of a gate that died are still in the reader: they come out, are committed, and the next gate starts behind them. */
static void gate_ended(struct keeper *k, struct gate *g)
{
	int status = worker_stop(&g->helper.worker, 1000);
	char text[64];
	g->helper.worker.pid = 0;
	if (g->stopping || !(k->work & KEEPER_FOREVER)) {
		g->finished = true;
		if (!g->stopping && k->counts.trouble.text[0] == '\0')
			err_later(&k->counts.trouble, "the gate of mailbox \"%s\" ended early: %s", g->box->name, worker_status_text(status, text));
		return;
	}
	log_begin(LOG_LINE_WARNING, "gate-ended");
	log_text("mailbox", g->box->name);
	log_text("status", worker_status_text(status, text));
	log_end();
	later(&g->helper);
}

/* What will not mend by itself is told to the operator, once a day. */
static int tell_operator(struct keeper *k, const char *what, const char *name, const char *text, const char *mend, struct err *err)
{
	struct arena arena = {0};
	struct desk desk = {k->campus, k->campus->store, &arena, clock_now()};
	struct strs lines = {0};
	strs_add(&lines, &arena, text);
	strs_add(&lines, &arena, mend);
	const char *key = arena_printf(&arena, "trouble:%s:%s:%lld", what, name, (long long)(desk.now / 86400));
	int result = begin(k, err) < 0 ? -1 : post_trouble(&desk, key, arena_printf(&arena, "Trouble with %s %s", what, name), &lines, err);
	arena_release(&arena);
	return result;
}

static int gate_trouble(struct keeper *k, struct gate *g, struct unpack *u, struct err *err)
{
	struct arena arena = {0};
	bool fatal = unpack_u8(u) != 0;
	const char *text = unpack_text(u, &arena);
	if (text == NULL || u->bad)
		text = "unknown trouble";
	int result = !fatal ? 0 : tell_operator(k, "mailbox", g->box->name, text, "No mail comes in from it until that is mended; plnpost check says whether it is.", err);
	err_later(&k->counts.trouble, "mailbox \"%s\": %s", g->box->name, text);
	k->counts.trouble.temporary = !fatal;
	k->counts.fatal = k->counts.fatal || fatal;
	log_begin(fatal ? LOG_LINE_ERROR : LOG_LINE_WARNING, "mailbox-trouble");
	log_text("mailbox", g->box->name);
	log_text("why", text);
	log_end();
	arena_release(&arena);
	return result;
}

static int gate_mail(struct keeper *k, size_t index, struct unpack *u, struct err *err)
{
	struct arena arena = {0};
	const char *ident = unpack_text(u, &arena);
	uint64_t uid = unpack_u64(u), arrival = unpack_u64(u);
	unpack_u64(u); /* the size on the server, for the log of what was cut: the reader names it */
	struct span raw = unpack_bytes(u);
	int result = -1;
	if (ident == NULL || !unpack_done(u))
		err_set(err, "a gate sent a broken frame");
	else {
		char *copy = strdup(ident);
		if (copy == NULL)
			abort();
		int64_t now = clock_now(), then = (int64_t)arrival; /* a server whose clock is ahead does not decide on days */
		remember(k, &(struct waiting){.gate = index, .arrival = then > now || then <= 0 ? now : then, .uid = uid, .ident = copy}, raw);
		k->gates[index].idle = false;
		result = 0;
	}
	arena_release(&arena);
	return result;
}

static int gate_box(struct keeper *k, struct gate *g, uint64_t uidvalidity, struct err *err)
{
	if (g->cursor.uidvalidity == uidvalidity)
		return 0;
	for (struct waiting *w = k->first; w != NULL; w = w->next)
		if (w->gate == (size_t)(g - k->gates))
			w->uid = 0; /* a number of the old mailbox must not move the new one's cursor */
	if (g->cursor.uidvalidity != 0)
		log_say(LOG_LINE_WARNING, "uidvalidity-changed", "every mail is looked at again; what is in the log already is not logged twice");
	if (begin(k, err) < 0)
		return -1;
	g->cursor.uidvalidity = uidvalidity;
	g->cursor.last_uid = 0;
	g->cursor_moved = true;
	return 0;
}

static int gate_marked(struct keeper *k, struct gate *g, struct unpack *u, struct err *err)
{
	struct arena arena = {0};
	const char *ident = unpack_text(u, &arena);
	int result = ident == NULL || u->bad || begin(k, err) < 0 ? -1 : store_set_marked(k->campus->store, g->cursor.mailbox, ident, err);
	arena_release(&arena);
	return result;
}

static int gate_frame(struct keeper *k, size_t index, const struct frame *f, struct err *err)
{
	struct gate *g = &k->gates[index];
	struct unpack u = {(const unsigned char *)f->payload.p, f->payload.n, false};
	g->helper.backoff = 0;
	switch (f->type) {
	case GATE_MAIL:
		return gate_mail(k, index, &u, err);
	case GATE_BOX:
		return gate_box(k, g, unpack_u64(&u), err);
	case GATE_MARKED:
		return gate_marked(k, g, &u, err);
	case GATE_IDLE:
		g->idle = true;
		return 0;
	case GATE_TROUBLE:
		return gate_trouble(k, g, &u, err);
	case GATE_ALL:
		k->counts.expected += unpack_u32(&u);
		return 0;
	default:
		return err_set(err, "a gate sent a frame of unknown type %u", f->type);
	}
}

/* 1 something was done, 0, -1 the log failed (a gate that fails is started again). */
static int work_gate(struct keeper *k, size_t index, struct err *err)
{
	struct gate *g = &k->gates[index];
	struct frame frame;
	struct err why;
	int done = 0;
	if (g->helper.worker.pid == 0) {
		if (g->finished || k->stopping || clock_ms() < g->helper.restart_at)
			return 0;
		if (open_gate(k, g, err) < 0)
			return -1;
	}
	struct chan *c = &g->helper.worker.chan;
	if (chan_flush(c, &why) < 0) {
		gate_ended(k, g);
		return 1;
	}
	while (readers_load(k) < WINDOW && !k->reload) {
		int got = chan_next(c, &frame, &why);
		if (got < 0) {
			gate_ended(k, g);
			return 1;
		}
		if (got == 0)
			break;
		if (gate_frame(k, index, &frame, err) < 0)
			return -1;
		done = 1;
	}
	return done;
}

/* ---- letters */

static void log_letter(const struct stored_letter *l, enum sent sent, uint32_t code, const char *detail)
{
	static const char *const words[] = {"sent", "later", "refused", "maybe"};
	log_begin(sent == SENT_OK ? LOG_LINE_INFO : LOG_LINE_WARNING, "letter");
	log_int("id", l->id);
	log_text("purpose", letter_purpose_name(l->purpose));
	log_text("to", l->recipient);
	log_text("result", words[sent]);
	log_int("try", l->tries);
	if (code != 0)
		log_int("code", code);
	if (sent != SENT_OK)
		log_text("why", detail);
	log_end();
}

/* 5 min, doubling, at most 6 h. */
static int64_t retry_after(int tries)
{
	int64_t wait = 300;
	for (int i = 1; i < tries && wait < 6 * 3600; i++)
		wait *= 2;
	return wait > 6 * 3600 ? 6 * 3600 : wait;
}

static int letter_done(struct keeper *k, int64_t id, enum sent sent, uint32_t code, const char *detail, struct err *err)
{
	struct arena arena = {0};
	struct stored_letter l;
	int64_t now = clock_now();
	struct desk desk = {k->campus, k->campus->store, &arena, now};
	int result = begin(k, err) < 0 ? -1 : store_letter(k->campus->store, id, &arena, &l, err);
	if (result > 0) {
		bool over = now - l.created_at > k->campus->config.give_up_seconds;
		log_letter(&l, sent, code, detail);
		if (sent == SENT_OK)
			result = store_letter_sent(k->campus->store, id, now, detail, err);
		else if (sent == SENT_REFUSED || over)
			result = store_letter_failed(k->campus->store, id, now, detail, err);
		else
			result = store_letter_later(k->campus->store, id, now + (sent == SENT_MAYBE ? 60 : retry_after(l.tries)), detail, err);
		if (result == 0 && sent == SENT_REFUSED)
			result = note_bounce(&desk, &l, true, err);
		else if (result == 0 && sent != SENT_OK && over && l.purpose != LETTER_TROUBLE)
			result = tell_operator(k, "letters", "to be delivered", detail, "A letter was tried for days and is given up; plnpost log --letters shows which.", err);
		k->counts.letters_sent += sent == SENT_OK;
		k->counts.letters_failed += sent == SENT_REFUSED || (sent != SENT_OK && over);
		k->counts.letters_later += sent != SENT_OK && sent != SENT_REFUSED && !over;
	}
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}

static int postman_frame(struct keeper *k, struct postman *p, const struct frame *f, struct err *err)
{
	struct arena arena = {0};
	struct unpack u = {(const unsigned char *)f->payload.p, f->payload.n, false};
	int64_t ticket = (int64_t)unpack_u64(&u);
	enum sent sent = (enum sent)unpack_enum(&u, SENT_COUNT);
	uint32_t code = unpack_u32(&u);
	const char *detail = unpack_text(&u, &arena);
	int result = f->type != POSTMAN_DONE || u.bad ? err_set(err, "a postman sent a broken frame")
	                                              : letter_done(k, ticket, sent, code, detail == NULL ? "" : detail, err);
	if (p->busy > 0)
		p->busy--;
	p->helper.backoff = 0;
	k->letters_wanted = true;
	if (sent != SENT_OK && detail != NULL)
		err_later(&k->counts.trouble, "%s", detail);
	arena_release(&arena);
	return result;
}

static void hand_over(struct postman *p, const struct stored_letter *l)
{
	struct str payload = {.max = CHAN_MAX};
	char stem[64];
	snprintf(stem, sizeof stem, "%lld.%.25s", (long long)l->id, l->message_id);
	pack_u64(&payload, (uint64_t)l->id);
	pack_text(&payload, l->envelope_from);
	pack_text(&payload, l->recipient);
	pack_text(&payload, stem);
	pack_bytes(&payload, l->bytes.p, l->bytes.n);
	chan_send(&p->helper.worker.chan, POSTMAN_LETTER, (struct span){payload.p, payload.n});
	str_release(&payload);
	p->busy++;
}

/* `sending` is committed before the postman hears of a letter. */
static int claim_letters(struct keeper *k, struct postman *p, struct err *err)
{
	struct arena arena = {0};
	struct stored_letter *v = NULL;
	size_t n = 0;
	int64_t now = clock_now();
	int result = begin(k, err);
	if (result == 0)
		result = store_claim_letters(k->campus->store, now, now + LEASE, (int)(LETTERS_EACH - p->busy), &arena, &v, &n, err);
	if (result >= 0)
		result = commit(k, err);
	for (size_t i = 0; result >= 0 && i < n; i++)
		hand_over(p, &v[i]);
	if (n == 0)
		k->letters_wanted = false;
	arena_release(&arena);
	return result < 0 ? -1 : n > 0;
}

static int letters_due(struct keeper *k, struct err *err)
{
	int64_t at = 0;
	int found = store_next_letter_at(k->campus->store, &at, err);
	return found < 0 ? -1 : found > 0 && at <= clock_now();
}

static void postman_ended(struct keeper *k, struct postman *p)
{
	char text[64];
	int status = worker_stop(&p->helper.worker, 1000);
	if (p->busy > 0 || !k->stopping) {
		log_begin(LOG_LINE_WARNING, "postman-ended");
		log_text("status", worker_status_text(status, text));
		log_int("letters", (int64_t)p->busy);
		log_end();
	}
	p->helper.worker.pid = 0;
	p->busy = 0; /* their leases run out, then they are tried again under the same Message-ID */
	later(&p->helper);
	if (!(k->work & KEEPER_FOREVER))
		err_later(&k->counts.trouble, "a postman ended early: %s", worker_status_text(status, text));
}

static int work_postman(struct keeper *k, struct postman *p, struct err *err)
{
	struct frame frame;
	struct err why;
	int done = 0;
	if (p->helper.worker.pid == 0) {
		if (k->stopping || clock_ms() < p->helper.restart_at)
			return 0;
		int due = letters_due(k, err);
		if (due <= 0)
			return due;
		if (worker_start(&p->helper.worker, "postman", k->campus->config.dir, err) < 0)
			return -1;
	}
	for (;;) {
		int got = chan_next(&p->helper.worker.chan, &frame, &why);
		if (got < 0) {
			postman_ended(k, p);
			return 1;
		}
		if (got == 0)
			break;
		if (postman_frame(k, p, &frame, err) < 0)
			return -1;
		done = 1;
	}
	if (k->letters_wanted && !k->stopping && p->busy < LETTERS_EACH / 2 + 1) {
		int claimed = claim_letters(k, p, err);
		if (claimed < 0)
			return -1;
		done |= claimed;
	}
	if (chan_flush(&p->helper.worker.chan, &why) < 0) {
		postman_ended(k, p);
		return 1;
	}
	return done;
}

/* ---- open and close */

static int start_reader(struct keeper *k, struct err *err)
{
	k->readers[0] = reader_open(&k->campus->reading, err);
	return k->readers[0] == NULL ? -1 : 0;
}

static void stop_readers(struct keeper *k)
{
	for (size_t i = 0; i < READERS; i++) {
		reader_close(k->readers[i]);
		k->readers[i] = NULL;
	}
}

struct keeper *keeper_open(struct campus *campus, unsigned work, struct err *err)
{
	struct keeper *k = calloc(1, sizeof *k);
	if (k == NULL)
		abort();
	k->campus = campus;
	k->work = work;
	k->last = &k->first;
	k->control.fd = -1;
	k->letters_wanted = k->released_wanted = true;
	k->n_gates = work & KEEPER_GATES ? campus->config.n_mailboxes : 0;
	k->n_postmen = work & KEEPER_POSTMEN ? (size_t)campus->config.postmen : 0;
	k->gates = calloc(k->n_gates + 1, sizeof *k->gates);
	if (k->gates == NULL)
		abort();
	for (size_t i = 0; i < k->n_gates; i++) {
		k->gates[i].box = &campus->config.mailboxes[i];
		k->gates[i].helper.worker.chan.fd = -1;
	}
	for (size_t i = 0; i < k->n_postmen; i++)
		k->postmen[i].helper.worker.chan.fd = -1;
	k->titles = work & KEEPER_GATES ? titles_open(campus) : NULL; /* a mail transport that hands over one mail does not wait for them */
	if (start_reader(k, err) == 0)
		return k;
	keeper_close(k);
	return NULL;
}

void keeper_close(struct keeper *k)
{
	if (k == NULL)
		return;
	if (k->in_transaction)
		store_rollback(k->campus->store);
	for (size_t i = 0; i < k->n_gates; i++)
		worker_stop(&k->gates[i].helper.worker, 500);
	for (size_t i = 0; i < k->n_postmen; i++)
		worker_stop(&k->postmen[i].helper.worker, 500);
	titles_close(k->titles);
	stop_readers(k);
	for (struct waiting *w = k->first, *next; w != NULL; w = next) {
		next = w->next;
		free(w->ident);
		free(w);
	}
	for (size_t i = 0; i < k->n_marks; i++)
		free(k->marks[i].ident);
	chan_close(&k->control);
	free(k->marks);
	free(k->gates);
	free(k);
}

/* ---- the loop */

static void watch(struct pollfd *fds, size_t *n, int fd, short events)
{
	if (fd >= 0 && *n < FDS)
		fds[(*n)++] = (struct pollfd){fd, events, 0};
}

static void sooner(int64_t *at, int64_t other)
{
	if (other > 0 && (*at < 0 || other < *at))
		*at = other;
}

static void wait_for_work(struct keeper *k, int64_t until)
{
	struct pollfd fds[FDS];
	size_t n = 0;
	bool open = readers_load(k) < WINDOW && !k->reload;
	for (size_t i = 0; i < READERS; i++) {
		bool want_write = false;
		int64_t deadline = 0;
		int fd = k->readers[i] == NULL ? -1 : reader_fd(k->readers[i], &want_write, &deadline);
		bool next = k->first != NULL && k->first->reader == i; /* the other's answers wait for this one's */
		watch(fds, &n, fd, (short)((next ? POLLIN : 0) | (want_write ? POLLOUT : 0)));
		if (next)
			sooner(&until, deadline);
	}
	for (size_t i = 0; i < k->n_gates; i++) {
		struct helper *h = &k->gates[i].helper;
		if (h->worker.pid != 0)
			watch(fds, &n, h->worker.chan.fd, (short)((open ? POLLIN : 0) | (chan_queued(&h->worker.chan) > 0 ? POLLOUT : 0)));
		else
			sooner(&until, h->restart_at);
	}
	for (size_t i = 0; i < k->n_postmen; i++) {
		struct helper *h = &k->postmen[i].helper;
		if (h->worker.pid != 0)
			watch(fds, &n, h->worker.chan.fd, (short)(POLLIN | (chan_queued(&h->worker.chan) > 0 ? POLLOUT : 0)));
		else
			sooner(&until, h->restart_at);
	}
	bool titles_write = false;
	int titles = titles_fd(k->titles, &titles_write);
	watch(fds, &n, titles, (short)(POLLIN | (titles_write ? POLLOUT : 0)));
	watch(fds, &n, k->control.fd, POLLIN);
	if (k->in_transaction)
		sooner(&until, k->batch_since + BATCH_MS);
	int64_t now = clock_ms();
	int ms = until < 0 ? -1 : until <= now ? 0 : until - now > 60000 ? 60000 : (int)(until - now);
	poll(fds, n, ms);
}

/* One round over everybody. 1 something was done, 0, -1. */
static int work(struct keeper *k, struct err *err)
{
	int done = 0, one;
	for (size_t i = 0; i < k->n_gates; i++, done |= one)
		if ((one = work_gate(k, i, err)) < 0)
			return -1;
	if ((one = work_readers(k, err)) < 0)
		return -1;
	done |= one;
	if (k->released_wanted && !k->stopping && !k->in_transaction && read_released(k, err) < 0)
		return -1;
	for (size_t i = 0; i < k->n_postmen; i++, done |= one)
		if ((one = work_postman(k, &k->postmen[i], err)) < 0)
			return -1;
	if (k->in_transaction || k->stopping)
		return done;
	one = titles_work(k->titles, err);
	return one < 0 ? -1 : done | one;
}

/* A gate that has sent all is told to end once everything of it is committed and marked. */
static void finish_gates(struct keeper *k)
{
	for (size_t i = 0; i < k->n_gates; i++) {
		struct gate *g = &k->gates[i];
		if (g->idle && !g->stopping && g->helper.worker.pid != 0 && k->first == NULL && !k->in_transaction) {
			chan_send(&g->helper.worker.chan, GATE_STOP, SPAN(""));
			g->stopping = true;
		}
	}
}

/* 1 nothing is left to do, 0, -1. */
static int pass_over(struct keeper *k, struct err *err)
{
	for (size_t i = 0; i < k->n_gates; i++)
		if (!k->gates[i].finished)
			return 0;
	if (k->first != NULL || k->in_transaction || k->released_wanted)
		return 0;
	for (size_t i = 0; i < k->n_postmen; i++) {
		if (k->postmen[i].busy > 0)
			return 0;
		if (k->postmen[i].helper.restart_at != 0)
			return 1; /* it failed: what is left stays in the outbox */
	}
	int due = k->n_postmen > 0 ? letters_due(k, err) : 0;
	k->letters_wanted = k->letters_wanted || due > 0;
	if (due != 0 || titles_waiting(k->titles) == 0)
		return due < 0 ? -1 : due == 0;
	if (k->titles_until == 0)
		k->titles_until = clock_ms() + TITLES_MS;
	return clock_ms() >= k->titles_until;
}

int keeper_pass(struct keeper *k, struct progress *progress, struct err *err)
{
	for (;;) {
		int done = work(k, err);
		if (done < 0)
			return -1;
		finish_gates(k);
		if (progress != NULL)
			progress_set(progress, k->work & KEEPER_GATES ? k->counts.mails : k->counts.letters_sent, k->counts.expected);
		int over = done > 0 ? 0 : pass_over(k, err);
		if (over != 0)
			return over < 0 ? -1 : 0;
		if (done == 0)
			wait_for_work(k, clock_ms() + 1000);
	}
}

int keeper_ingest(struct keeper *k, struct span raw, struct err *err)
{
	remember(k, &(struct waiting){.gate = NO_GATE, .arrival = clock_now()}, raw);
	k->counts.expected++;
	for (;;) {
		if (work(k, err) < 0)
			return -1;
		if (readers_load(k) < WINDOW)
			return 0;
		wait_for_work(k, clock_ms() + 1000);
	}
}

/* ---- plnpost run: the keeper as a process under the supervisor */

static void tell_supervisor(struct keeper *k, enum control_frame what, const char *text)
{
	struct err ignored;
	if (k->control.fd < 0)
		return;
	chan_send(&k->control, what, span_of(text));
	chan_flush(&k->control, &ignored);
}

/* New rules, settings and templates are used only if all of them are right. Mailboxes stay as they were opened. */
static int reload_campus(struct keeper *k, struct err *err)
{
	struct campus fresh;
	struct import_count count;
	struct err why;
	k->reload = false;
	if (campus_load(&fresh, k->campus->config.dir, &why) < 0) {
		campus_close(&fresh);
		log_say(LOG_LINE_ERROR, "reload-refused", why.text);
		tell_supervisor(k, CONTROL_RELOADED, why.text);
		return 0;
	}
	struct campus old = *k->campus;
	fresh.store = old.store;
	fresh.config.mailboxes = NULL;
	struct arena *arena = &fresh.arena;
	fresh.config.mailboxes = arena_alloc(arena, old.config.n_mailboxes * sizeof *old.config.mailboxes);
	fresh.config.n_mailboxes = old.config.n_mailboxes;
	for (size_t i = 0; i < old.config.n_mailboxes; i++) {
		struct mailbox_config *box = &fresh.config.mailboxes[i];
		*box = old.config.mailboxes[i];
		box->name = arena_strdup(arena, box->name);
		k->gates[i].box = box;
	}
	fresh.config.postmen = old.config.postmen;
	*k->campus = fresh;
	old.store = NULL;
	stop_readers(k);
	campus_close(&old);
	titles_close(k->titles);
	k->titles = titles_open(k->campus);
	if (start_reader(k, err) < 0)
		return -1;
	int took = roster_refresh(k->campus, &count, &why);
	log_say(took < 0 ? LOG_LINE_ERROR : LOG_LINE_INFO, took < 0 ? "roster-refused" : "reloaded", took < 0 ? why.text : NULL);
	tell_supervisor(k, CONTROL_RELOADED, took < 0 ? why.text : "");
	return 0;
}

static int heed_supervisor(struct keeper *k)
{
	struct frame f;
	struct err err;
	for (;;) {
		int got = chan_next(&k->control, &f, &err);
		if (got == 0)
			return 0;
		if (got < 0 || f.type == CONTROL_STOP)
			k->stopping = true;
		if (got < 0)
			return 0;
		if (f.type == CONTROL_RELOAD)
			k->reload = true;
	}
}

static int do_due(struct keeper *k, struct err *err)
{
	int64_t now = clock_now();
	if (clock_ms() < k->due_at)
		return 0;
	k->due_at = clock_ms() + 1000;
	if (k->in_transaction || k->first != NULL)
		return 0;
	if (weekly_due(k->campus, now, err) < 0)
		return -1;
	k->letters_wanted = true;
	return 0;
}

static void alive(struct keeper *k)
{
	if (clock_ms() < k->alive_at)
		return;
	k->alive_at = clock_ms() + 5000;
	tell_supervisor(k, CONTROL_ALIVE, "");
}

static int serve(struct keeper *k, struct err *err)
{
	tell_supervisor(k, CONTROL_READY, "");
	while (!k->stopping) {
		int done = work(k, err);
		if (done < 0 || heed_supervisor(k) < 0 || do_due(k, err) < 0)
			return -1;
		if (k->reload && k->first == NULL && !k->in_transaction && reload_campus(k, err) < 0)
			return -1;
		alive(k);
		if (done == 0 && !k->stopping)
			wait_for_work(k, clock_ms() + 1000);
	}
	return 0;
}

/* The transaction in hand is finished, postmen get a moment for the letters in theirs, gates log out. */
static int wind_up(struct keeper *k, struct err *err)
{
	int64_t deadline = clock_ms() + 2500;
	struct err why;
	if (commit(k, err) < 0)
		return -1;
	for (size_t i = 0; i < k->n_gates; i++) {
		struct gate *g = &k->gates[i];
		if (g->helper.worker.pid == 0)
			continue;
		g->stopping = true;
		chan_send(&g->helper.worker.chan, GATE_STOP, SPAN(""));
		chan_flush(&g->helper.worker.chan, &why);
	}
	for (;;) {
		size_t busy = 0;
		for (size_t i = 0; i < k->n_postmen; i++) {
			if (k->postmen[i].helper.worker.pid != 0 && work_postman(k, &k->postmen[i], err) < 0)
				return -1;
			busy += k->postmen[i].busy;
		}
		if (commit(k, err) < 0)
			return -1;
		if (busy == 0 || clock_ms() >= deadline)
			return 0;
		poll(NULL, 0, 5);
	}
}

static int serve_campus(struct campus *campus, struct err *err)
{
	struct import_count count;
	struct err why;
	if (roster_refresh(campus, &count, &why) < 0)
		log_say(LOG_LINE_ERROR, "roster-refused", why.text);
	struct keeper *k = keeper_open(campus, KEEPER_GATES | KEEPER_POSTMEN | KEEPER_FOREVER, err);
	if (k == NULL)
		return -1;
	chan_init(&k->control, WORKER_FD);
	int result = serve(k, err);
	if (result == 0)
		result = wind_up(k, err);
	keeper_close(k);
	return result;
}

int keeper_main(const char *dir)
{
	struct campus campus;
	struct err err = {0};
	int code = EX_OK;
	log_setup("keeper", LOG_LINE_INFO);
	if (campus_open(&campus, dir, STORE_WRITE, &err) < 0)
		code = err.temporary ? EX_TEMPFAIL : EX_CONFIG;
	if (code == EX_OK) {
		log_setup("keeper", (enum log_level)campus.config.log_level);
		if (serve_campus(&campus, &err) < 0)
			code = EX_TEMPFAIL;
	}
	if (code != EX_OK)
		log_say(LOG_LINE_ERROR, "keeper-failed", err.text);
	campus_close(&campus);
	return code;
}
