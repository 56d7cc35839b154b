#include "gateway/titles.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "gateway/clock.h"
#include "gateway/fetcher.h"
#include "gateway/log.h"
#include "gateway/pack.h"
#include "gateway/page-title.h"
#include "gateway/worker.h"

#define BACK 200           /* entries looked at again after a start: what was asked for then is not remembered */
#define ENTRIES_EACH 20    /* looked at in one go: mail comes first */
#define ANSWERS_EACH 20
#define RESTART_MS 60000

struct wanted {
	uint64_t ticket; /* the same for the same URL */
	int64_t entry;
	char *url;
};

struct titles {
	struct campus *campus;
	struct worker worker;
	struct wanted wanted[FETCHER_QUEUE];
	size_t n;
	uint64_t next_ticket;
	int64_t seen, last; /* entries looked at up to here, of those there are */
	bool look, in_transaction;
	int64_t start_at; /* clock_ms before which no fetcher is started again */
};

struct titles *titles_open(struct campus *campus)
{
	if (!campus->config.titles)
		return NULL;
	struct titles *t = calloc(1, sizeof *t);
	if (t == NULL)
		abort();
	*t = (struct titles){.campus = campus, .worker.chan.fd = -1, .look = true, .seen = -1, .next_ticket = 1};
	return t;
}

static void drop_wanted(struct titles *t)
{
	while (t->n > 0)
		free(t->wanted[--t->n].url);
}

void titles_close(struct titles *t)
{
	if (t == NULL)
		return;
	worker_stop(&t->worker, 0);
	drop_wanted(t);
	free(t);
}

void titles_look(struct titles *t)
{
	if (t != NULL)
		t->look = true;
}

int titles_fd(const struct titles *t, bool *want_write)
{
	if (t == NULL || t->worker.pid == 0)
		return -1;
	*want_write = chan_queued(&t->worker.chan) > 0;
	return t->worker.chan.fd;
}

size_t titles_waiting(const struct titles *t)
{
	return t == NULL ? 0 : t->n + (t->look || t->seen < t->last);
}

static int begin(struct titles *t, struct err *err)
{
	if (!t->in_transaction && store_begin(t->campus->store, err) < 0)
		return -1;
	t->in_transaction = true;
	return 0;
}

/* ---- what an entry gets */

/* No words, or only the link itself. */
static bool is_bare(const char *title)
{
	return strchr(title, ' ') == NULL && (title[0] == '\0' || strstr(title, "://") != NULL || strncasecmp(title, "www.", 4) == 0);
}

/* Gives the links of that URL their title, and the entry, where it is called by its link; the history keeps the latter. */
static int fill(struct titles *t, int64_t id, const char *url, const char *title, struct arena *arena, struct err *err)
{
	struct store *store = t->campus->store;
	struct entry e;
	bool changed = false;
	int found = title[0] == '\0' ? 0 : store_entry(store, id, arena, &e, err);
	if (found <= 0)
		return found;
	for (size_t i = 0; i < e.n_links; i++)
		if (strcmp(e.links[i].url, url) == 0 && is_bare(e.links[i].title)) {
			e.links[i].title = title;
			changed = true;
		}
	if (changed && store_set_link_titles(store, &e, err) < 0)
		return -1;
	if (e.n_links == 0 || strcmp(e.links[0].url, url) != 0 || !is_bare(e.title)) /* the first is what it is about */
		return 0;
	e.title = title;
	return store_change_entry(store, &e, 0, 0, clock_now(), err);
}

/* ---- asking */

static bool can_ask(struct titles *t)
{
	struct err err;
	if (t->worker.pid != 0)
		return true;
	if (clock_ms() < t->start_at)
		return false;
	t->start_at = clock_ms() + RESTART_MS;
	if (worker_start(&t->worker, "fetcher", NULL, &err) == 0)
		return true;
	log_say(LOG_LINE_WARNING, "fetcher-not-started", err.text);
	return false;
}

static void want(struct titles *t, int64_t entry, const char *url)
{
	struct wanted w = {t->next_ticket, entry, strdup(url)};
	struct str payload = {0};
	bool asked = false;
	if (w.url == NULL)
		abort();
	for (size_t i = 0; i < t->n && !asked; i++)
		if (strcmp(t->wanted[i].url, url) == 0) {
			w.ticket = t->wanted[i].ticket;
			asked = true;
		}
	t->wanted[t->n++] = w;
	if (asked)
		return;
	t->next_ticket++;
	pack_u64(&payload, w.ticket);
	pack_text(&payload, url);
	chan_send(&t->worker.chan, FETCHER_URL, (struct span){payload.p, payload.n});
	str_release(&payload);
}

/* 0, or -1. What colleagues do not see is not shown to a stranger's server either. */
static int look_at(struct titles *t, int64_t id, struct arena *arena, struct err *err)
{
	struct entry e;
	const char *known;
	int found = store_entry(t->campus->store, id, arena, &e, err);
	if (found <= 0 || e.is_private || e.undone)
		return found < 0 ? -1 : 0;
	for (size_t i = 0; i < e.n_links; i++) {
		if (!is_bare(e.links[i].title))
			continue;
		int got = store_title(t->campus->store, e.links[i].url, clock_now(), arena, &known, err);
		if (got < 0 || (got > 0 && fill(t, id, e.links[i].url, known, arena, err) < 0))
			return -1;
		if (got == 0 && t->n < FETCHER_QUEUE && can_ask(t))
			want(t, id, e.links[i].url);
	}
	return 0;
}

static int look(struct titles *t, struct err *err)
{
	bool idle = !t->look && t->seen == t->last, ended = t->worker.pid == 0 && clock_ms() < t->start_at;
	if (idle || ended) /* entries wait in the log until there is a fetcher again */
		return 0;
	if (begin(t, err) < 0 || store_last_entry(t->campus->store, &t->last, err) < 0)
		return -1;
	t->look = false;
	if (t->seen < 0)
		t->seen = t->last > BACK ? t->last - BACK : 0;
	int n = 0;
	for (; n < ENTRIES_EACH && t->seen < t->last && t->n < FETCHER_QUEUE; n++) {
		struct arena arena = {0};
		int result = look_at(t, t->seen + 1, &arena, err);
		arena_release(&arena);
		if (result < 0)
			return -1;
		t->seen++;
	}
	return n > 0;
}

/* ---- answers */

static void log_title(const char *url, const char *title, const char *why)
{
	struct span host = span_of(url), scheme = {"", 0};
	char name[128];
	span_until(&host, '/', &scheme);
	host = span_skip(host, 1);
	snprintf(name, sizeof name, "%.*s", (int)strcspn(host.p, "/?#"), host.p);
	log_begin(LOG_LINE_INFO, "title");
	log_text("host", name);
	log_text("result", title[0] != '\0' ? "found" : "none");
	log_text("why", why);
	log_end();
}

static void fetcher_ended(struct titles *t)
{
	char text[64];
	int status = worker_stop(&t->worker, 0);
	log_begin(LOG_LINE_WARNING, "fetcher-ended");
	log_text("status", worker_status_text(status, text));
	log_int("titles", (int64_t)t->n);
	log_end();
	t->worker = (struct worker){.chan.fd = -1};
	drop_wanted(t); /* one of them may have ended it: they are not asked for again before the next start */
}

/* One line of text: checked again, because the fetcher may have been taken over by what it read. */
static bool is_title(const char *title)
{
	const char *p = title;
	while ((unsigned char)*p >= ' ' && *p != 0x7f)
		p++;
	return *p == '\0' && p - title <= PAGE_TITLE_MAX;
}

static int take_answer(struct titles *t, const struct frame *frame, struct err *err)
{
	struct arena arena = {0};
	struct unpack u = {(const unsigned char *)frame->payload.p, frame->payload.n, false};
	uint64_t ticket = unpack_u64(&u);
	const char *title = unpack_text(&u, &arena), *why = unpack_text(&u, &arena);
	bool first = true;
	int result = 0;
	bool good = frame->type == FETCHER_TITLE && unpack_done(&u) && title != NULL && is_title(title);
	if (!good)
		fetcher_ended(t); /* it does not speak our language any more */
	for (size_t i = 0; good && result == 0 && i < t->n;) {
		struct wanted w = t->wanted[i];
		if (w.ticket != ticket) {
			i++;
			continue;
		}
		t->wanted[i] = t->wanted[--t->n];
		if (first) {
			log_title(w.url, title, why);
			result = store_put_title(t->campus->store, w.url, title, clock_now(), err);
		}
		first = false;
		if (result == 0)
			result = fill(t, w.entry, w.url, title, &arena, err);
		free(w.url);
	}
	arena_release(&arena);
	return result;
}

static int take_answers(struct titles *t, struct err *err)
{
	struct frame frame;
	struct err why;
	for (int n = 0; n < ANSWERS_EACH; n++) {
		int got = t->worker.pid == 0 ? 0 : chan_next(&t->worker.chan, &frame, &why);
		if (got < 0)
			fetcher_ended(t);
		if (got <= 0)
			return n > 0;
		if (begin(t, err) < 0 || take_answer(t, &frame, err) < 0)
			return -1;
	}
	return 1;
}

int titles_work(struct titles *t, struct err *err)
{
	struct err why;
	if (t == NULL)
		return 0;
	int answered = take_answers(t, err);
	int looked = answered < 0 ? -1 : look(t, err);
	bool failed = looked < 0 || (t->in_transaction && store_commit(t->campus->store, err) < 0);
	if (failed && t->in_transaction)
		store_rollback(t->campus->store);
	t->in_transaction = false;
	if (t->worker.pid != 0 && chan_flush(&t->worker.chan, &why) < 0)
		fetcher_ended(t);
	return failed ? -1 : answered || looked;
}
