#include "gateway/fetcher.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/fetcher-cage.h"
#include "gateway/mail/http.h"
#include "gateway/mail/robots.h"
#include "gateway/pack.h"
#include "gateway/page-title.h"
#include "gateway/read/links.h"
#include "gateway/worker.h"

#define HOSTS 128
#define HOST_MS 2000            /* between two requests to a host */
#define TOTAL_MS 10000          /* for one title, waiting for the host's turn not counted */
#define HOPS 5                  /* redirects, of a page and of a robots.txt (RFC 9309, 2.3.1.2) */
#define PAGE_READ ((size_t)512 << 10)
#define ROBOTS_MS (24 * 3600 * 1000LL)
#define ROBOTS_SHUT_MS (3600 * 1000LL) /* a robots.txt that could not be had is tried again earlier */
#define URL_LONGEST 2048

struct host { /* by name: whose turn it is, and what the robots.txt of one origin there says */
	char name[256];
	int64_t ready, used;
	char *origin, *robots_at; /* where its robots.txt was redirected to; NULL */
	unsigned robots_hops;
	char shut[160];           /* why nothing may be fetched; "" = the rules say what */
	int64_t robots_until;     /* 0 = not known yet */
	struct str rules;
};

struct job { /* a title that is asked for; each step of it is one request */
	uint64_t ticket;
	char *url;
	unsigned hops;
	int64_t spent;
};

struct fetcher {
	struct chan chan;
	struct job jobs[FETCHER_QUEUE];
	size_t n_jobs;
	struct host hosts[HOSTS];
	bool loopback;
};

struct place { /* a job's URL, taken apart */
	struct str room;
	struct url url;
	const char *host, *origin, *href, *path_and_query;
};

/* ---- answers */

static void answer(struct fetcher *f, uint64_t ticket, const char *title, const char *why)
{
	struct str payload = {0};
	pack_u64(&payload, ticket);
	pack_text(&payload, title);
	pack_text(&payload, why == NULL || utf8_valid(why, strlen(why)) ? why : "it cannot be said why");
	chan_send(&f->chan, FETCHER_TITLE, (struct span){payload.p, payload.n});
	str_release(&payload);
}

static void finish(struct fetcher *f, struct job *job, const char *title, const char *why)
{
	answer(f, job->ticket, title, why);
	free(job->url);
	memmove(job, job + 1, (size_t)(&f->jobs[f->n_jobs] - (job + 1)) * sizeof *job);
	f->n_jobs--;
}

static void add_job(struct fetcher *f, uint64_t ticket, const char *url)
{
	if (f->n_jobs == FETCHER_QUEUE) {
		answer(f, ticket, "", "too many are asked for already");
		return;
	}
	char *copy = strdup(url);
	if (copy == NULL)
		abort();
	f->jobs[f->n_jobs++] = (struct job){.ticket = ticket, .url = copy};
}

/* ---- which links are asked for at all */

static const char *refused_role(const struct place *p)
{
	const struct link_clues clues = {.text = "", .around = "", .seen = p->url.href, .url = &p->url, .target = &p->url};
	switch (link_role_of(linkrules_shipped(), &clues, NULL)) {
	case ROLE_UNSUBSCRIBE:
	case ROLE_PREFERENCES:
	case ROLE_SHARE:
	case ROLE_PIXEL:
		return "a link that acts";
	case ROLE_CONTENT:
	case ROLE_VIEW_ONLINE:
	case ROLE_SOCIAL:
	case ROLE_APP:
	case ROLE_IMAGE:
	case ROLE_COUNT:
		break;
	}
	return NULL;
}

/* NULL and *place filled (release its room); else why the URL is not asked for. */
static const char *look_at(const char *url, struct arena *arena, struct place *p)
{
	const char *why = NULL;
	struct str decoded = {.max = URL_LONGEST};
	*p = (struct place){.room = {.max = URL_MAX}};
	if (strlen(url) > URL_LONGEST)
		return "too long";
	if (url_parse(span_of(url), NULL, URL_BROWSER, &p->room, &p->url, &why) < 0)
		return why;
	if (p->url.userinfo.n > 0)
		return "it holds a login";
	p->host = arena_strndup(arena, p->url.hostname.p, p->url.hostname.n);
	p->href = arena_strndup(arena, p->url.href.p, p->url.href.n - p->url.hash.n);
	p->origin = arena_printf(arena, "%.*s//%s%s%.*s", SPAN_ARG(p->url.protocol), p->host, p->url.port.n > 0 ? ":" : "", SPAN_ARG(p->url.port));
	p->path_and_query = arena_printf(arena, "%.*s%.*s", SPAN_ARG(p->url.pathname), SPAN_ARG(p->url.search));
	url_decode(span_of(p->path_and_query), &decoded);
	why = http_never(span_of(p->path_and_query));
	why = why != NULL ? why : http_never((struct span){str_c(&decoded), decoded.n});
	str_release(&decoded);
	return why != NULL ? why : refused_role(p);
}

/* ---- hosts */

static void forget(struct host *h)
{
	free(h->origin);
	free(h->robots_at);
	str_release(&h->rules);
	*h = (struct host){.rules = {.max = ROBOTS_KEPT}};
}

/* The host's row; the one not used for longest is given up for a new one, but for one whose pause is not over: NULL then. */
static struct host *host_of(struct fetcher *f, const char *name, int64_t now)
{
	struct host *oldest = &f->hosts[0];
	if (strlen(name) >= sizeof oldest->name)
		return NULL;
	for (size_t i = 0; i < HOSTS; i++) {
		if (strcmp(f->hosts[i].name, name) == 0)
			return &f->hosts[i];
		if (f->hosts[i].used < oldest->used)
			oldest = &f->hosts[i];
	}
	if (oldest->ready > now)
		return NULL;
	forget(oldest);
	memcpy(oldest->name, name, strlen(name) + 1);
	return oldest;
}

static char *copied(const char *s)
{
	char *copy = strdup(s);
	if (copy == NULL)
		abort();
	return copy;
}

static int ask(struct fetcher *f, struct host *h, struct job *job, struct http_get *get, struct arena *arena, struct http_page *page, struct err *err)
{
	int64_t from = clock_ms();
	get->ms = TOTAL_MS - job->spent;
	get->allow_loopback = f->loopback;
	int result = http_get(get, arena, page, err);
	h->used = clock_ms();
	h->ready = h->used + HOST_MS;
	job->spent += h->used - from;
	return result;
}

/* ---- robots.txt */

static bool robots_known(const struct host *h, const struct place *p, int64_t now)
{
	return h->origin != NULL && strcmp(h->origin, p->origin) == 0 && h->robots_until > now;
}

static void robots_are(struct host *h, const char *shut)
{
	snprintf(h->shut, sizeof h->shut, "%s%.140s", shut[0] == '\0' ? "" : "no robots.txt: ", shut);
	h->robots_until = clock_ms() + (shut[0] == '\0' ? ROBOTS_MS : ROBOTS_SHUT_MS);
	free(h->robots_at);
	h->robots_at = NULL;
	h->robots_hops = 0;
}

/* RFC 9309, 2.3.1: 4xx is no robots.txt; a server in trouble, or one that says we are too many, allows nothing. */
static void heed_robots(struct host *h, const struct http_page *page)
{
	bool moved = page->status >= 300 && page->status < 400 && page->location != NULL;
	str_clear(&h->rules);
	if (page->status == 200) {
		robots_take(page->body, HTTP_AGENT, &h->rules);
		robots_are(h, "");
	} else if (moved && h->robots_hops < HOPS && strlen(page->location) <= URL_LONGEST) {
		h->robots_hops++;
		free(h->robots_at);
		h->robots_at = copied(page->location);
	} else {
		robots_are(h, page->status >= 500 || page->status == 429 ? "the server is in trouble" : "");
	}
}

static void ask_robots(struct fetcher *f, struct host *h, struct job *job, const struct place *p, struct arena *arena)
{
	struct http_page page;
	struct err err;
	if (h->origin == NULL || strcmp(h->origin, p->origin) != 0) {
		int64_t ready = h->ready;
		forget(h);
		memcpy(h->name, p->host, strlen(p->host) + 1);
		h->ready = ready;
		h->origin = copied(p->origin);
	}
	const char *url = h->robots_at != NULL ? arena_strdup(arena, h->robots_at) : arena_printf(arena, "%s/robots.txt", p->origin);
	struct http_get get = {.url = url, .max = ROBOTS_READ};
	if (ask(f, h, job, &get, arena, &page, &err) < 0)
		robots_are(h, err.text);
	else
		heed_robots(h, &page);
}

/* ---- pages */

static void heed_page(struct fetcher *f, struct job *job, const struct http_page *page, struct arena *arena)
{
	if (page->status == 200) {
		const char *title = page->body.n == 0 ? "" : page_title(arena, page->type, page->body);
		finish(f, job, title, title[0] != '\0' ? NULL : page->body.n == 0 ? "it is no web page" : "the page has no title");
	} else if (page->status < 300 || page->status >= 400 || page->location == NULL) {
		finish(f, job, "", arena_printf(arena, "the server says %ld", page->status));
	} else if (job->hops == HOPS) {
		finish(f, job, "", "too many redirects");
	} else {
		job->hops++;
		free(job->url);
		job->url = copied(page->location);
	}
}

/* One request, or the end of the job. */
static void work_job(struct fetcher *f, struct host *h, struct job *job, const struct place *p, struct arena *arena)
{
	struct http_page page;
	struct err err;
	if (job->spent >= TOTAL_MS)
		finish(f, job, "", "it took too long");
	else if (!robots_known(h, p, clock_ms()))
		ask_robots(f, h, job, p, arena);
	else if (h->shut[0] != '\0')
		finish(f, job, "", h->shut);
	else if (!robots_allow((struct span){str_c(&h->rules), h->rules.n}, span_of(p->path_and_query)))
		finish(f, job, "", "its robots.txt forbids it");
	else if (ask(f, h, job, &(struct http_get){.url = p->href, .type = "text/html", .max = PAGE_READ, .enough = page_title_seen}, arena, &page, &err) < 0)
		finish(f, job, "", err.text);
	else
		heed_page(f, job, &page, arena);
}

/* Works at the first job whose host may be asked. 0: done; else in how many milliseconds the first one may; -1: there is none. */
static int work(struct fetcher *f)
{
	int64_t now = clock_ms(), wait = -1;
	for (size_t i = 0; i < f->n_jobs; i++) {
		struct arena arena = {0};
		struct place place;
		const char *why = look_at(f->jobs[i].url, &arena, &place);
		struct host *h = why == NULL ? host_of(f, place.host, now) : NULL;
		int64_t ready = why != NULL ? 0 : h == NULL ? now + HOST_MS : h->ready;
		if (why != NULL)
			finish(f, &f->jobs[i], "", why);
		else if (ready <= now)
			work_job(f, h, &f->jobs[i], &place, &arena);
		else if (wait < 0 || ready - now < wait)
			wait = ready - now;
		str_release(&place.room);
		arena_release(&arena);
		if (ready <= now)
			return 0;
	}
	return (int)wait;
}

/* ---- the process */

static int take_frame(struct fetcher *f, const struct frame *frame)
{
	struct arena arena = {0};
	struct unpack u = {(const unsigned char *)frame->payload.p, frame->payload.n, false};
	uint64_t ticket = unpack_u64(&u);
	const char *url = unpack_text(&u, &arena);
	bool good = frame->type == FETCHER_URL && unpack_done(&u) && url != NULL;
	if (good)
		add_job(f, ticket, url);
	arena_release(&arena);
	return good ? 0 : -1;
}

static int serve(struct fetcher *f)
{
	struct frame frame;
	struct err err;
	for (int wait = -1;; wait = work(f)) {
		int got = chan_next_wait(&f->chan, &frame, wait, &err);
		for (; got > 0; got = chan_next(&f->chan, &frame, &err))
			if (take_frame(f, &frame) < 0)
				return 70;
		if (got < 0 || chan_flush_wait(&f->chan, -1, &err) < 0)
			return 0; /* the keeper is gone */
	}
}

int fetcher_main(void)
{
	static struct fetcher f;
	const char *test = getenv("PLNPOST_TEST_LOOPBACK");
	f.loopback = test != NULL && strcmp(test, "1") == 0;
	for (size_t i = 0; i < HOSTS; i++)
		f.hosts[i].rules.max = ROBOTS_KEPT;
	fetcher_cage();
	chan_init(&f.chan, WORKER_FD);
	int code = serve(&f);
	while (f.n_jobs > 0)
		free(f.jobs[--f.n_jobs].url);
	for (size_t i = 0; i < HOSTS; i++)
		forget(&f.hosts[i]);
	chan_close(&f.chan);
	return code;
}
