#include "gateway/keeper-parts.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/pack.h"

#define RESTART_LEAST 1000       /* ms before a worker that died is started again; doubled up to the most */
#define RESTART_MOST 60000

void keeper_later(struct helper *h)
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
	if (keeper_begin(k, err) < 0 || store_cursor(k->campus->store, g->box->name, &g->cursor, err) < 0 || keeper_commit(k, err) < 0 ||
	    store_unmarked(k->campus->store, g->cursor.mailbox, &arena, &idents, err) < 0 ||
	    worker_start(&g->helper.worker, "gate", k->campus->config.dir, err) < 0)
		goto out;
	pack_text(&payload, g->box->name);
	pack_u8(&payload, (k->work & KEEPER_FOREVER) != 0);
	pack_u64(&payload, g->cursor.uidvalidity);
	pack_u64(&payload, g->cursor.last_uid);
	pack_strs(&payload, &idents);
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
	keeper_later(&g->helper);
}

/* What will not mend by itself is told to the operator, once a day. */
int keeper_tell_operator(struct keeper *k, const char *what, const char *name, const char *text, const char *mend, struct err *err)
{
	struct arena arena = {0};
	struct desk desk = {k->campus, k->campus->store, &arena, clock_now()};
	struct strs lines = {0};
	strs_add(&lines, &arena, text);
	strs_add(&lines, &arena, mend);
	const char *key = arena_printf(&arena, "trouble:%s:%s:%lld", what, name, (long long)(desk.now / 86400));
	int result = keeper_begin(k, err) < 0 ? -1 : post_trouble(&desk, key, arena_printf(&arena, "Trouble with %s %s", what, name), &lines, err);
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
	int result = !fatal ? 0 : keeper_tell_operator(k, "mailbox", g->box->name, text, "No mail comes in from it until that is mended; plnpost check says whether it is.", err);
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
		keeper_read(k, &(struct waiting){.gate = index, .arrival = then > now || then <= 0 ? now : then, .uid = uid, .ident = copy}, raw);
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
	if (keeper_begin(k, err) < 0)
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
	int result = ident == NULL || u->bad || keeper_begin(k, err) < 0 ? -1 : store_set_marked(k->campus->store, g->cursor.mailbox, ident, err);
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
int keeper_work_gate(struct keeper *k, size_t index, struct err *err)
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
	while (keeper_load(k) < WINDOW && !k->reload) {
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
