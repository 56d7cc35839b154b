#include "gateway/mail/maildir-source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/file.h"

/* The Maildir as a source (https://cr.yp.to/proto/maildir.html). The ident is the file's base name without flags. What was
 * handed over is remembered by a hash of its ident, eight bytes each; what is done is known by its flag S, by
 * having been moved, or (marking "leave") only by the keeper, who knows every ident. */

#define LIST_MAX 4096 /* mails listed at once: the oldest of those that wait */
#define BATCH 50

/* ---- what was handed over */

uint64_t maildir_hash(const char *name, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3u;
	return h == 0 ? 1 : h;
}

static size_t known_slot(const struct known *k, uint64_t h)
{
	size_t i = (size_t)h & (k->cap - 1);
	while (k->v[i] != 0 && k->v[i] != h)
		i = (i + 1) & (k->cap - 1);
	return i;
}

bool known_has(const struct known *k, uint64_t h)
{
	return k->cap > 0 && k->v[known_slot(k, h)] != 0;
}

void known_add(struct known *k, uint64_t h)
{
	if (2 * (k->n + 1) > k->cap) {
		struct known wider = {.cap = k->cap == 0 ? 1024 : 2 * k->cap};
		wider.v = calloc(wider.cap, sizeof *wider.v);
		if (wider.v == NULL)
			abort();
		for (size_t i = 0; i < k->cap; i++)
			if (k->v[i] != 0)
				known_add(&wider, k->v[i]);
		free(k->v);
		*k = wider;
	}
	size_t slot = known_slot(k, h);
	k->n += k->v[slot] == 0;
	k->v[slot] = h;
}

/* ---- names */

size_t maildir_base_length(const char *name)
{
	const char *flags = strstr(name, ":2,");
	return flags == NULL ? strlen(name) : (size_t)(flags - name);
}

static bool has_flag(const char *name, char flag)
{
	const char *flags = strstr(name, ":2,");
	return flags != NULL && strchr(flags + 3, flag) != NULL;
}

/* A delivery agent begins the name with the seconds; for any other name the file's time says when it came. */
static int64_t delivered_at(int dir, const char *name)
{
	size_t digits = strspn(name, "0123456789");
	struct stat st;
	if (digits >= 9 && digits <= 10 && name[digits] == '.')
		return strtoll(name, NULL, 10);
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mtime : 0;
}

/* ---- opening */

int maildir_make(const char *path, struct err *err)
{
	static const char *const folders[] = {"tmp", "new", "cur"};
	struct str s = {.max = 8192};
	int result = file_mkdir(path, 0700, err);
	for (size_t i = 0; i < 3 && result == 0; i++) {
		str_clear(&s);
		str_printf(&s, "%s/%s", path, folders[i]);
		result = file_mkdir(str_c(&s), 0700, err);
	}
	str_release(&s);
	return result;
}

int maildir_open_folder(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void maildir_close(struct source *source)
{
	struct maildir *m = source->state;
	if (m == NULL)
		return;
	int *fds[] = {&m->dir, &m->fresh, &m->read, &m->watch};
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
	arena_release(&m->arena);
	m->n = m->at = 0;
}

static void maildir_release(struct source *source)
{
	struct maildir *m = source->state;
	if (m == NULL)
		return;
	maildir_close(source);
	free(m->known.v);
	arena_release(&m->names);
	free(m);
	source->state = NULL;
}

static int maildir_open(struct source *source, struct err *err)
{
	struct maildir *m = source->state;
	if (m == NULL) {
		m = source->state = calloc(1, sizeof *m);
		if (m == NULL)
			abort();
		m->dir = m->fresh = m->read = m->watch = -1;
		m->path = config_path(source->config, &m->names, source->url.path);
	}
	maildir_close(source);
	if (!file_exists(m->path))
		return err_set(err, "there is no Maildir %s: make it (mkdir -p %s/cur %s/new %s/tmp) or mend the url", m->path, m->path, m->path, m->path);
	if (maildir_make(m->path, err) < 0)
		return -1;
	m->dir = open(m->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	m->fresh = m->dir < 0 ? -1 : maildir_open_folder(m->dir, "new");
	m->read = m->dir < 0 ? -1 : maildir_open_folder(m->dir, "cur");
	if (m->fresh < 0 || m->read < 0)
		return err_set(err, "%s: %s", m->path, strerror(errno));
	m->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	struct str path = {.max = 8192};
	str_printf(&path, "%s/new", m->path);
	if (m->watch >= 0)
		inotify_add_watch(m->watch, str_c(&path), IN_MOVED_TO | IN_CREATE); /* polling does it too where this fails */
	str_release(&path);
	source->validity = 1;
	return 0;
}

/* ---- listing */

static int older(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Keeps the oldest LIST_MAX, so that a folder of any size takes the same memory. */
static void trim(struct maildir *m)
{
	if (m->n > 1)
		qsort(m->list, m->n, sizeof *m->list, older);
	if (m->n > LIST_MAX)
		m->n = LIST_MAX;
}

static bool is_wanted(const struct source *source, const char *name, bool is_new)
{
	const struct maildir *m = source->state;
	if (name[0] == '.' || !utf8_valid(name, strlen(name)))
		return false;
	if (!is_new && source->box->marking == MARK_FLAG && has_flag(name, 'S'))
		return false;
	return !has_flag(name, 'T') && !known_has(&m->known, maildir_hash(name, maildir_base_length(name)));
}

static int64_t list_folder(struct source *source, int fd, bool is_new, struct err *err)
{
	struct maildir *m = source->state;
	int64_t found = 0;
	int copy = maildir_open_folder(fd, ".");
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	if (dir == NULL) {
		err_later(err, "%s: %s", m->path, strerror(errno));
		if (copy >= 0)
			close(copy);
		return -1;
	}
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		if (!is_wanted(source, e->d_name, is_new))
			continue;
		found++;
		m->list[m->n++] = (struct waiting){delivered_at(fd, e->d_name), arena_strdup(&m->arena, e->d_name), is_new};
		if (m->n == 2 * LIST_MAX)
			trim(m);
	}
	closedir(dir);
	return found;
}

static int64_t maildir_list(struct source *source, struct err *err)
{
	struct maildir *m = source->state;
	arena_release(&m->arena);
	m->n = m->at = 0;
	m->list = arena_alloc(&m->arena, 2 * LIST_MAX * sizeof *m->list);
	int64_t fresh = list_folder(source, m->fresh, true, err);
	int64_t read = fresh < 0 ? -1 : list_folder(source, m->read, false, err);
	if (read < 0)
		return -1;
	trim(m);
	return fresh + read;
}

/* ---- handing over */

static int hand_over(struct source *source, const struct waiting *w, struct err *err)
{
	struct maildir *m = source->state;
	struct str raw = {.max = (size_t)source->box->max_mail};
	struct stat st = {0};
	struct err reason;
	int result = 0;
	int fd = openat(w->is_new ? m->fresh : m->read, w->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0; /* somebody took it, or changed its flags: the next listing tells */
	size_t base = maildir_base_length(w->name);
	known_add(&m->known, maildir_hash(w->name, base));
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (file_read_fd(fd, w->name, &raw, &reason) < 0 && !raw.cut)) {
		char text[600];
		snprintf(text, sizeof text, "%s/%s/%s cannot be read and was left there: %s", m->path, w->is_new ? "new" : "cur", w->name,
		         fd >= 0 && !S_ISREG(st.st_mode) ? "it is no file" : strerror(errno));
		source->calls->trouble(source->ctx, text);
	} else {
		char *ident = arena_strndup(&m->arena, w->name, base);
		struct mail_got got = {ident, 0, w->at < 0 ? 0 : (uint64_t)w->at, (uint64_t)st.st_size, {str_c(&raw), raw.n}};
		result = source->calls->mail(source->ctx, &got, err);
	}
	if (fd >= 0)
		close(fd);
	str_release(&raw);
	return result;
}

static int maildir_fetch(struct source *source, struct err *err)
{
	struct maildir *m = source->state;
	for (int i = 0; i < BATCH && m->at < m->n; i++)
		if (hand_over(source, &m->list[m->at++], err) < 0)
			return -1;
	if (m->at < m->n)
		return 1;
	/* A full list may have left younger mails out. */
	if (m->n < LIST_MAX)
		return 0;
	int64_t more = maildir_list(source, err);
	return more < 0 ? -1 : more > 0;
}

/* ---- waiting */

static int maildir_wait(struct source *source, int64_t ms, struct err *err)
{
	struct maildir *m = source->state;
	struct pollfd p[2] = {{m->watch, POLLIN, 0}, {source->calls->channel(source->ctx), POLLIN, 0}};
	int n = poll(p, 2, ms > 3600000 ? 3600000 : (int)ms);
	if (n < 0 && errno != EINTR)
		return err_later(err, "poll: %s", strerror(errno));
	if (n <= 0 || p[0].revents == 0)
		return 0;
	char events[4096] __attribute__((aligned(8)));
	while (read(m->watch, events, sizeof events) > 0)
		; /* only that something came matters */
	return 1;
}

static const char *maildir_describe(struct source *source, struct arena *arena, struct err *err)
{
	int64_t n = maildir_list(source, err);
	int fd = n < 0 || source->box->marking != MARK_MOVE ? -1 : maildir_open_move_to(source, arena, err);
	if (n < 0 || (source->box->marking == MARK_MOVE && fd < 0))
		return NULL;
	if (fd >= 0)
		close(fd);
	return arena_printf(arena, "Maildir, %lld mails wait", (long long)n);
}

const struct source_ops maildir_source = {
	maildir_open, maildir_list, maildir_fetch, maildir_mark, maildir_wait, maildir_describe, maildir_close, maildir_release,
};
