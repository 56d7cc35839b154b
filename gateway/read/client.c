#include "gateway/read/client.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "gateway/clock.h"
#include "gateway/pack.h"
#include "gateway/read/read.h"
#include "gateway/read/reader-wire.h"

#define SECONDS 10
#define MEMORY_MB 512
#define RENEW_AFTER 2000
#define MAIL_MAX ((size_t)32 << 20)
#define START_MS 60000  /* until a fresh reader says that it is ready */
#define AHEAD 65536     /* bytes queued for the reader beyond the mail that it works on */
#define TRIES 2

struct job {
	struct job *next;
	uint64_t ticket, whole;
	int tries;    /* how often a reader died of it */
	char why[96]; /* the last time */
	size_t n;
	char raw[];
};

struct reader {
	struct arena arena; /* of the setup */
	struct read_setup setup;
	struct worker worker;
	bool ready;
	int served;             /* mails given to this process */
	struct job *first, **last, *unsent; /* in the order of sending; unsent: from which on this process has not got them */
	struct job *answered;   /* lends its bytes to the caller until the next call */
	size_t load;
	int64_t since;          /* when the reader could begin with the first job (or with its start), clock_ms */
};

static struct span keep(struct arena *arena, struct span s)
{
	return (struct span){arena_strndup(arena, s.p, s.n), s.n};
}

static struct strs keep_strs(struct arena *arena, const struct strs *list)
{
	struct strs copy = {0};
	for (size_t i = 0; i < list->n; i++)
		strs_add(&copy, arena, arena_strdup(arena, list->v[i]));
	return copy;
}

static void send_setup(struct reader *r)
{
	struct str s = {.max = CHAN_MAX};
	pack_strs(&s, &r->setup.authservs);
	pack_strs(&s, &r->setup.campus);
	pack_strs(&s, &r->setup.sealers);
	pack_text(&s, r->setup.rules_name);
	pack_bytes(&s, r->setup.rules.p, r->setup.rules.n);
	pack_bytes(&s, r->setup.links.p, r->setup.links.n);
	pack_u32(&s, (uint32_t)r->setup.memory_mb);
	pack_u32(&s, (uint32_t)r->setup.seconds);
	chan_send(&r->worker.chan, READER_SETUP, (struct span){str_c(&s), s.n});
	str_release(&s);
}

static int start(struct reader *r, struct err *err)
{
	if (worker_start(&r->worker, "reader", NULL, err) < 0)
		return -1;
	r->ready = false;
	r->served = 0;
	r->unsent = r->first;
	r->since = clock_ms();
	send_setup(r);
	return 0;
}

static void stop(struct reader *r)
{
	worker_stop(&r->worker, 0);
	r->ready = false;
}

struct reader *reader_open(const struct read_setup *setup, struct err *err)
{
	struct reader *r = calloc(1, sizeof *r);
	if (r == NULL)
		abort();
	r->last = &r->first;
	r->worker.chan.fd = -1;
	r->setup = *setup;
	r->setup.authservs = keep_strs(&r->arena, &setup->authservs);
	r->setup.campus = keep_strs(&r->arena, &setup->campus);
	r->setup.sealers = keep_strs(&r->arena, &setup->sealers);
	r->setup.rules_name = arena_strdup(&r->arena, setup->rules_name);
	r->setup.rules = keep(&r->arena, setup->rules);
	r->setup.links = keep(&r->arena, setup->links);
	r->setup.max_mail = setup->max_mail == 0 || setup->max_mail > MAIL_MAX ? MAIL_MAX : setup->max_mail;
	r->setup.seconds = setup->seconds == 0 ? SECONDS : setup->seconds;
	r->setup.memory_mb = setup->memory_mb == 0 ? MEMORY_MB : setup->memory_mb;
	r->setup.renew_after = setup->renew_after == 0 ? RENEW_AFTER : setup->renew_after;
	if (start(r, err) == 0)
		return r;
	reader_close(r);
	return NULL;
}

static struct job *take_first(struct reader *r)
{
	struct job *j = r->first;
	r->first = j->next;
	if (r->first == NULL)
		r->last = &r->first;
	if (r->unsent == j)
		r->unsent = j->next;
	r->load -= j->n;
	return j;
}

void reader_close(struct reader *r)
{
	if (r == NULL)
		return;
	stop(r);
	while (r->first != NULL)
		free(take_first(r));
	free(r->answered);
	arena_release(&r->arena);
	free(r);
}

size_t reader_load(const struct reader *r)
{
	return r->load;
}

static bool in_flight(const struct reader *r)
{
	return r->first != NULL && r->first != r->unsent;
}

/* Gives the process what it may have: after a death only the mail that is to blame, until it has answered. */
static int feed(struct reader *r, struct err *err)
{
	while (r->ready && r->unsent != NULL && chan_queued(&r->worker.chan) < AHEAD) {
		struct job *j = r->unsent;
		if (r->served >= r->setup.renew_after || (in_flight(r) && r->first->tries > 0))
			break;
		struct str s = {.max = CHAN_MAX};
		pack_u64(&s, j->ticket);
		pack_u64(&s, j->whole);
		pack_bytes(&s, j->raw, j->n);
		if (!in_flight(r))
			r->since = clock_ms();
		chan_send(&r->worker.chan, READER_MAIL, (struct span){str_c(&s), s.n});
		str_release(&s);
		r->unsent = j->next;
		r->served++;
	}
	return r->worker.chan.fd < 0 ? 0 : chan_flush(&r->worker.chan, err);
}

void reader_send(struct reader *r, uint64_t ticket, struct span raw)
{
	size_t n = raw.n < r->setup.max_mail ? raw.n : r->setup.max_mail;
	struct job *j = malloc(sizeof *j + n);
	if (j == NULL)
		abort();
	*j = (struct job){.ticket = ticket, .whole = raw.n, .n = n};
	if (n > 0)
		memcpy(j->raw, raw.p, n);
	*r->last = j;
	r->last = &j->next;
	if (r->unsent == NULL)
		r->unsent = j;
	r->load += n;
	feed(r, NULL); /* what goes wrong here is seen by reader_next */
}

/* The process is gone, or must go. The first mail in flight is to blame; before it was ready, the machine is. 0, or -1. */
static int buried(struct reader *r, const char *why, struct err *err)
{
	bool ready = r->ready;
	char status_text[64];
	if (why == NULL) {
		int status = 0;
		for (int i = 0; i < 1000 && !worker_ended(&r->worker, &status); i++)
			poll(NULL, 0, 1); /* its channel closed a moment before it ends */
		why = worker_status_text(status, status_text);
	}
	struct job *j = in_flight(r) ? r->first : NULL;
	if (r->worker.pid != 0)
		kill(r->worker.pid, SIGKILL);
	stop(r);
	r->unsent = r->first;
	if (!ready)
		return err_later(err, "the reader process does not start: %s", why);
	if (j != NULL) {
		j->tries++;
		snprintf(j->why, sizeof j->why, "%s", why);
	}
	return j != NULL && j->tries >= TRIES ? 0 : start(r, err);
}

/* A mail that two readers died of is answered without one. */
static bool given_up(struct reader *r, struct arena *arena, struct read_answer *out)
{
	if (r->first == NULL || r->first->tries < TRIES)
		return false;
	struct job *j = r->answered = take_first(r);
	*out = (struct read_answer){.ticket = j->ticket, .killed = true, .why = arena_printf(arena, "the reader died of it twice: %s", j->why), .raw = {j->raw, j->n}};
	return true;
}

/* 1 an answer, 0 another frame was dealt with, -1 this process cannot be trusted. */
static int take_frame(struct reader *r, const struct frame *f, struct arena *arena, struct read_answer *out, struct err *err)
{
	struct unpack u = {(const unsigned char *)f->payload.p, f->payload.n, false};
	if (f->type == READER_READY && !r->ready) {
		r->ready = true;
		return 0;
	}
	if (f->type == READER_TROUBLE && !r->ready)
		return err_set(err, "%.*s", (int)(f->payload.n < 400 ? f->payload.n : 400), f->payload.p);
	uint64_t ticket = unpack_u64(&u);
	struct reading reading;
	if (f->type != READER_ANSWER || !in_flight(r) || u.bad || ticket != r->first->ticket ||
	    wire_unpack((struct span){(const char *)u.p, u.n}, arena, &reading) < 0)
		return err_set(err, "the reader's answer is not as it must be");
	struct job *j = r->answered = take_first(r);
	r->since = clock_ms();
	*out = (struct read_answer){.ticket = ticket, .reading = reading, .raw = {j->raw, j->n}};
	return 1;
}

/* When the reader is overdue; -1 when nothing is asked of it. */
static int64_t overdue(const struct reader *r)
{
	if (r->worker.pid == 0)
		return -1;
	if (!r->ready)
		return r->since + START_MS;
	return in_flight(r) ? r->since + r->setup.seconds * 1000LL : -1;
}

/* One step without waiting: 1 an answer, 0 nothing (more) now, 2 something changed: step again, -1. */
static int step(struct reader *r, struct arena *arena, struct read_answer *out, struct err *err)
{
	struct frame f;
	if (given_up(r, arena, out))
		return 1;
	if (r->worker.pid == 0 || (r->ready && r->served >= r->setup.renew_after && !in_flight(r) && r->first != NULL)) {
		stop(r);
		return r->first == NULL ? 0 : start(r, err) < 0 ? -1 : 2;
	}
	feed(r, NULL);
	struct err why = {0};
	int got = chan_next(&r->worker.chan, &f, &why);
	if (got < 0)
		return buried(r, NULL, err) < 0 ? -1 : 2;
	if (got > 0) {
		int taken = take_frame(r, &f, arena, out, &why);
		if (taken < 0 && !r->ready) {
			stop(r);
			*(err == NULL ? &why : err) = why;
			return -1;
		}
		return taken == 1 ? 1 : taken == 0 || buried(r, why.text, err) == 0 ? 2 : -1;
	}
	int64_t late = overdue(r);
	if (late < 0 || clock_ms() < late)
		return 0;
	return buried(r, "it took too long", err) < 0 ? -1 : 2;
}

static void wait_for_it(const struct reader *r, int64_t until)
{
	int64_t late = overdue(r), now = clock_ms();
	if (late >= 0 && (until < 0 || late < until))
		until = late;
	struct pollfd p = {r->worker.chan.fd, (short)(POLLIN | (chan_queued(&r->worker.chan) > 0 ? POLLOUT : 0)), 0};
	poll(&p, 1, until < 0 ? -1 : until <= now ? 0 : (int)(until - now));
}

int reader_next(struct reader *r, int ms, struct arena *arena, struct read_answer *out, struct err *err)
{
	int64_t until = ms < 0 ? -1 : clock_ms() + ms;
	free(r->answered);
	r->answered = NULL;
	for (;;) {
		int got = step(r, arena, out, err);
		if (got == 1 || got == -1)
			return got;
		if (got == 2)
			continue;
		if (r->first == NULL || (until >= 0 && clock_ms() >= until))
			return 0;
		wait_for_it(r, until);
	}
}

/* A whole frame has been received but not been taken yet: poll() would not tell. */
static bool has_frame(const struct chan *c)
{
	if (c->in.n < c->in_at + 5)
		return false;
	struct unpack u = {(const unsigned char *)c->in.p + c->in_at, c->in.n - c->in_at, false};
	uint32_t n = unpack_u32(&u);
	return n > CHAN_MAX || c->in.n - c->in_at - 5 >= n;
}

int reader_fd(const struct reader *r, bool *want_write, int64_t *deadline)
{
	bool at_once = (r->first != NULL && r->worker.pid == 0) || (r->worker.pid != 0 && has_frame(&r->worker.chan));
	*want_write = r->worker.pid != 0 && chan_queued(&r->worker.chan) > 0;
	*deadline = at_once ? clock_ms() : overdue(r);
	return r->worker.pid == 0 ? -1 : r->worker.chan.fd;
}
