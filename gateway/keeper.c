#include "gateway/keeper-parts.h"

#include <poll.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/titles.h"

#define FDS 80
#define TITLES_MS 30000          /* that one pass waits for titles once all else is done */

const struct keeper_counts *keeper_counts(const struct keeper *k)
{
	return &k->counts;
}

/* ---- open and close */

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
	if (keeper_start_reader(k, err) == 0)
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
	keeper_stop_readers(k);
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

void keeper_wait(struct keeper *k, int64_t until)
{
	struct pollfd fds[FDS];
	size_t n = 0;
	bool open = keeper_load(k) < WINDOW && !k->reload;
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
int keeper_work(struct keeper *k, struct err *err)
{
	int done = 0, one;
	for (size_t i = 0; i < k->n_gates; i++, done |= one)
		if ((one = keeper_work_gate(k, i, err)) < 0)
			return -1;
	if ((one = keeper_work_readers(k, err)) < 0)
		return -1;
	done |= one;
	if (k->released_wanted && !k->stopping && !k->in_transaction && keeper_read_released(k, err) < 0)
		return -1;
	for (size_t i = 0; i < k->n_postmen; i++, done |= one)
		if ((one = keeper_work_postman(k, &k->postmen[i], err)) < 0)
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
	int due = k->n_postmen > 0 ? keeper_letters_due(k, err) : 0;
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
		int done = keeper_work(k, err);
		if (done < 0)
			return -1;
		finish_gates(k);
		if (progress != NULL)
			progress_set(progress, k->work & KEEPER_GATES ? k->counts.mails : k->counts.letters_sent, k->counts.expected);
		int over = done > 0 ? 0 : pass_over(k, err);
		if (over != 0)
			return over < 0 ? -1 : 0;
		if (done == 0)
			keeper_wait(k, clock_ms() + 1000);
	}
}

int keeper_ingest(struct keeper *k, struct span raw, struct err *err)
{
	keeper_read(k, &(struct waiting){.gate = NO_GATE, .arrival = clock_now()}, raw);
	k->counts.expected++;
	for (;;) {
		if (keeper_work(k, err) < 0)
			return -1;
		if (keeper_load(k) < WINDOW)
			return 0;
		keeper_wait(k, clock_ms() + 1000);
	}
}
