#include "gateway/keeper-parts.h"

#include <poll.h>

#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/titles.h"

/* `plnpost run`: the keeper as a process under the supervisor. */

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
	keeper_stop_readers(k);
	campus_close(&old);
	titles_close(k->titles);
	k->titles = titles_open(k->campus);
	if (keeper_start_reader(k, err) < 0)
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
		int done = keeper_work(k, err);
		if (done < 0 || heed_supervisor(k) < 0 || do_due(k, err) < 0)
			return -1;
		if (k->reload && k->first == NULL && !k->in_transaction && reload_campus(k, err) < 0)
			return -1;
		alive(k);
		if (done == 0 && !k->stopping)
			keeper_wait(k, clock_ms() + 1000);
	}
	return 0;
}

/* The transaction in hand is finished, postmen get a moment for the letters in theirs, gates log out. */
static int wind_up(struct keeper *k, struct err *err)
{
	int64_t deadline = clock_ms() + 2500;
	struct err why;
	if (keeper_commit(k, err) < 0)
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
			if (k->postmen[i].helper.worker.pid != 0 && keeper_work_postman(k, &k->postmen[i], err) < 0)
				return -1;
			busy += k->postmen[i].busy;
		}
		if (keeper_commit(k, err) < 0)
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
