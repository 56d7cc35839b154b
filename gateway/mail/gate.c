#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sysexits.h>

#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/mail/mail.h"
#include "gateway/mail/source.h"
#include "gateway/pack.h"
#include "gateway/worker.h"

/* One mailbox's gate: fetches, hands over, waits for the keeper's word, marks. It never marks a mail that the keeper has
 * not named, and it ends when the channel does. */

#define QUEUE_MAX ((size_t)1 << 20) /* bytes waiting for the keeper before fetching pauses */
#define BACKOFF_FIRST 1000
#define BACKOFF_MOST 300000
#define QUIET_MS 500
#define PASS_TRIES 5 /* sessions in a single pass */
#define SAY_AGAIN 3600000
#define IDLE_LONGEST 540000 /* ms in one wait: servers drop an IDLE after 30 min, middle boxes after 10 */

struct gate {
	struct chan chan;
	struct arena arena; /* config */
	struct config config;
	struct source source;
	bool forever, stop, gone; /* gone: the keeper's end is closed */
	struct arena marks_arena;
	struct strs marks;   /* committed, not yet marked */
	struct arena refused_arena;
	struct strs refused; /* those that the server would not mark: tried again with each pass */
	char told[600];      /* the last trouble that went on, and when: the same is said once an hour */
	int64_t told_at;
	struct str payload;
	int64_t handed; /* mails in this session */
	bool opened;    /* this session got as far as the mailbox */
};

/* ---- to the keeper */

static void say_trouble(struct gate *g, bool fatal, const char *text)
{
	str_clear(&g->payload);
	pack_u8(&g->payload, fatal);
	pack_text(&g->payload, text);
	chan_send(&g->chan, GATE_TROUBLE, (struct span){g->payload.p, g->payload.n});
	chan_flush(&g->chan, NULL);
}

static void say_number(struct gate *g, enum gate_frame type, int64_t value)
{
	str_clear(&g->payload);
	if (type == GATE_BOX)
		pack_u64(&g->payload, (uint64_t)value);
	else
		pack_u32(&g->payload, value > UINT32_MAX ? UINT32_MAX : (uint32_t)value);
	chan_send(&g->chan, type, (struct span){g->payload.p, g->payload.n});
	chan_flush(&g->chan, NULL);
}

/* ---- from the keeper */

static void take_frame(struct gate *g, const struct frame *frame)
{
	struct unpack u = {(const unsigned char *)frame->payload.p, frame->payload.n, false};
	if (frame->type == GATE_STOP) {
		g->stop = true;
	} else if (frame->type == GATE_MARK) {
		const char *ident = unpack_text(&u, &g->marks_arena);
		if (unpack_done(&u) && ident != NULL)
			strs_add(&g->marks, &g->marks_arena, ident);
	}
}

static bool listen_now(void *ctx)
{
	struct gate *g = ctx;
	struct frame frame;
	int found = 0;
	while (!g->gone && (found = chan_next(&g->chan, &frame, NULL)) == 1)
		take_frame(g, &frame);
	if (found < 0)
		g->gone = g->stop = true;
	return g->stop;
}

static int channel_fd(void *ctx)
{
	struct gate *g = ctx;
	return g->stop ? -1 : g->chan.fd;
}

static bool has_work(void *ctx)
{
	const struct gate *g = ctx;
	return g->stop || g->marks.n > 0;
}

/* Until at most `most` bytes are queued. The keeper may be writing to us meanwhile, so both ways are served. */
static int flush_down(struct gate *g, size_t most, struct err *err)
{
	for (;;) {
		int gone = chan_flush(&g->chan, err);
		if (gone < 0 || g->gone) {
			g->gone = g->stop = true;
			return -1;
		}
		if (chan_queued(&g->chan) <= most)
			return 0;
		struct pollfd p = {g->chan.fd, POLLIN | POLLOUT, 0};
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return err_later(err, "poll: %s", strerror(errno));
		if (p.revents & POLLIN)
			listen_now(g);
	}
}

/* ---- what the source calls */

static int on_mail(void *ctx, const struct mail_got *mail, struct err *err)
{
	struct gate *g = ctx;
	str_clear(&g->payload);
	pack_text(&g->payload, mail->ident);
	pack_u64(&g->payload, mail->uid);
	pack_u64(&g->payload, mail->arrival);
	pack_u64(&g->payload, mail->size);
	pack_bytes(&g->payload, mail->raw.p, mail->raw.n);
	if (g->payload.cut)
		return err_set(err, "mail %s is too large to hand over", mail->ident);
	chan_send(&g->chan, GATE_MAIL, (struct span){g->payload.p, g->payload.n});
	if (g->payload.cap > QUEUE_MAX)
		str_release(&g->payload);
	g->handed++;
	return flush_down(g, QUEUE_MAX, err);
}

static void on_marked(void *ctx, const char *ident)
{
	struct gate *g = ctx;
	str_clear(&g->payload);
	pack_text(&g->payload, ident);
	chan_send(&g->chan, GATE_MARKED, (struct span){g->payload.p, g->payload.n});
}

static void on_trouble(void *ctx, const char *text)
{
	struct gate *g = ctx;
	if (strncmp(g->told, text, sizeof g->told - 1) == 0 && clock_ms() - g->told_at < SAY_AGAIN)
		return;
	snprintf(g->told, sizeof g->told, "%s", text);
	g->told_at = clock_ms();
	say_trouble(g, false, text);
}

static const struct source_calls calls = {on_mail, on_marked, on_trouble, channel_fd, listen_now, has_work};

/* ---- one session: from open to a failure (-1) or the end (0) */

static void keep_marks(struct strs *to, struct arena *arena, const struct strs *marks)
{
	for (size_t i = 0; i < marks->n; i++)
		strs_add(to, arena, arena_strdup(arena, marks->v[i]));
}

static int mark_batch(struct gate *g, struct err *err)
{
	struct arena arena = g->marks_arena;
	struct strs marks = g->marks;
	g->marks_arena = (struct arena){0}; /* marking listens, and more may come meanwhile */
	g->marks = (struct strs){0};
	int result = g->source.ops->mark(&g->source, &marks, err);
	if (result < 0)
		keep_marks(&g->marks, &g->marks_arena, &marks);
	else if (result > 0)
		keep_marks(&g->refused, &g->refused_arena, &marks);
	arena_release(&arena);
	return result < 0 ? result : flush_down(g, QUEUE_MAX, err);
}

static void try_refused_again(struct gate *g)
{
	keep_marks(&g->marks, &g->marks_arena, &g->refused);
	arena_release(&g->refused_arena);
	g->refused = (struct strs){0};
}

/* All that are known, those too that come while others are being marked: none may be left when a wait begins. */
static int mark_pending(struct gate *g, struct err *err)
{
	listen_now(g);
	while (g->marks.n > 0)
		if (mark_batch(g, err) < 0)
			return -1;
	return 0;
}

/* Everything there is now. */
static int one_pass(struct gate *g, struct err *err)
{
	try_refused_again(g);
	if (mark_pending(g, err) < 0)
		return -1;
	int64_t expected = g->source.ops->list(&g->source, err);
	if (expected < 0)
		return -1;
	if (expected > 0)
		say_number(g, GATE_ALL, expected);
	for (int more = expected > 0; more && !g->stop;) {
		more = g->source.ops->fetch(&g->source, err);
		if (more < 0 || flush_down(g, QUEUE_MAX, err) < 0)
			return -1;
		if (mark_pending(g, err) < 0)
			return -1;
	}
	if (g->stop)
		return 0;
	chan_send(&g->chan, GATE_IDLE, (struct span){"", 0});
	return flush_down(g, 0, err);
}

/* After a single pass only the keeper's marks and its farewell are awaited. */
static int last_marks(struct gate *g, struct err *err)
{
	while (mark_pending(g, err) == 0) {
		struct pollfd p = {g->chan.fd, POLLIN, 0};
		if (g->stop)
			return 0;
		if (flush_down(g, 0, err) < 0)
			return -1;
		if (g->marks.n == 0)
			poll(&p, 1, -1);
	}
	return -1;
}

/* Waits for new mail; marks what is committed meanwhile. 1 look again, 0 stop, -1. */
static int await_mail(struct gate *g, struct err *err)
{
	int64_t poll_ms = g->source.box->poll_seconds * 1000;
	int64_t until = clock_ms() + (poll_ms > IDLE_LONGEST ? IDLE_LONGEST : poll_ms);
	for (int came = 0; came == 0;) {
		if (mark_pending(g, err) < 0 || flush_down(g, 0, err) < 0)
			return -1;
		int64_t left = until - clock_ms();
		if (g->stop)
			return 0;
		if (left <= 0)
			return 1;
		came = g->marks.n > 0 ? 0 : g->source.ops->wait(&g->source, left, err);
		if (came < 0)
			return -1;
	}
	return 1;
}

static void pause_ms(struct gate *g, int64_t ms)
{
	int64_t until = clock_ms() + ms;
	while (!g->stop) {
		int64_t left = until - clock_ms();
		struct pollfd p = {g->chan.fd, POLLIN, 0};
		if (left <= 0)
			return;
		if (poll(&p, 1, (int)left) > 0)
			listen_now(g);
	}
}

static int session(struct gate *g, struct err *err)
{
	struct source *s = &g->source;
	if (s->ops->open(s, err) < 0)
		return -1;
	g->opened = true;
	say_number(g, GATE_BOX, (int64_t)s->validity);
	int again = 1;
	while (again == 1) {
		int64_t handed = g->handed, began = clock_ms();
		if (one_pass(g, err) < 0)
			return -1;
		again = g->forever ? await_mail(g, err) : last_marks(g, err);
		if (again == 1 && g->handed == handed && clock_ms() - began < QUIET_MS)
			pause_ms(g, QUIET_MS); /* a server that cries wolf does not make us spin */
	}
	return again < 0 ? -1 : mark_pending(g, err);
}

/* ---- again and again */

static int64_t jittered(int64_t ms)
{
	return ms / 2 + random() % (ms + 1);
}

/* What will not mend by itself is tried at the slowest pace: a wrong password must not lock the account. */
static int serve(struct gate *g)
{
	int64_t backoff = BACKOFF_FIRST;
	for (int tries = 1;; tries++) {
		struct err err = {.temporary = true, .text = ""};
		int64_t began = clock_ms();
		g->handed = 0;
		g->opened = false;
		int result = session(g, &err);
		g->source.ops->close(&g->source);
		if (g->stop)
			break;
		if (result == 0)
			continue;
		say_trouble(g, !err.temporary, err.text);
		/* A connection that broke within a pass is made again: else one mail that breaks it would end every pass. */
		if (!g->forever && !(g->opened && err.temporary && tries < PASS_TRIES))
			return chan_flush_wait(&g->chan, 10000, NULL) < 0 || err.temporary ? EX_TEMPFAIL : EX_CONFIG;
		backoff = g->handed > 0 || clock_ms() - began > BACKOFF_MOST ? BACKOFF_FIRST : backoff;
		pause_ms(g, jittered(err.temporary ? backoff : BACKOFF_MOST));
		backoff = backoff * 2 > BACKOFF_MOST ? BACKOFF_MOST : backoff * 2;
	}
	if (!g->gone)
		chan_flush_wait(&g->chan, 2000, NULL);
	return EX_OK;
}

static const struct mailbox_config *find_box(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->n_mailboxes; i++)
		if (strcmp(config->mailboxes[i].name, name) == 0)
			return &config->mailboxes[i];
	return NULL;
}

/* The keeper's first frame: which mailbox, and how far it is read. */
static int take_open(struct gate *g, const char *dir, struct err *err)
{
	struct frame frame;
	int got = chan_next_wait(&g->chan, &frame, -1, err);
	if (got < 0)
		return -1;
	struct unpack u = {(const unsigned char *)frame.payload.p, frame.payload.n, false};
	const char *name = unpack_text(&u, &g->arena);
	g->forever = unpack_u8(&u) != 0;
	g->source.validity = unpack_u64(&u);
	g->source.last = unpack_u64(&u);
	g->marks = unpack_strs(&u, &g->marks_arena);
	if (frame.type != GATE_OPEN || name == NULL || !unpack_done(&u))
		return err_set(err, "the keeper's first word was not understood");
	if (config_load(dir, &g->arena, &g->config, err) < 0)
		return -1;
	g->source.box = find_box(&g->config, name);
	if (g->source.box == NULL)
		return err_set(err, "the config has no mailbox \"%s\"", name);
	g->source.config = &g->config;
	if (mail_url_parse(g->source.box->url, MAIL_IN, false, &g->arena, &g->source.url, err) < 0)
		return err_prefix(err, "mailbox %s: ", name);
	g->source.ops = g->source.url.scheme == MAIL_MAILDIR ? &maildir_source : &imap_source;
	return 0;
}

int gate_main(const char *dir)
{
	struct gate g = {.payload = {.max = CHAN_MAX}};
	struct err err = {0};
	int code = EX_CONFIG;
	log_setup("gate", LOG_LINE_INFO);
	srandom((unsigned)clock_ms());
	chan_init(&g.chan, WORKER_FD);
	g.source.calls = &calls;
	g.source.ctx = &g;
	if (take_open(&g, dir, &err) < 0) {
		say_trouble(&g, true, err.text);
		chan_flush_wait(&g.chan, 10000, NULL);
	} else {
		code = serve(&g);
		g.source.ops->release(&g.source);
	}
	chan_close(&g.chan);
	str_release(&g.payload);
	arena_release(&g.marks_arena);
	arena_release(&g.refused_arena);
	arena_release(&g.arena);
	return code;
}
