#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/mail/maildir-source.h"

/* Marking in a Maildir: by the flag S in cur/, or by moving to another folder of it (Maildir++). */

/* base:2,FLAGS with S among them, in ASCII order as the format wants. */
static const char *seen_name(struct arena *arena, const char *name)
{
	size_t base = maildir_base_length(name);
	const char *flags = name[base] == '\0' ? "" : name + base + 3;
	size_t before = 0;
	if (strchr(flags, 'S') != NULL)
		return name;
	while (flags[before] != '\0' && flags[before] < 'S')
		before++;
	return arena_printf(arena, "%.*s:2,%.*sS%s", (int)base, name, (int)before, flags, flags + before);
}

struct move {
	int into;            /* the folder's cur/ */
	struct arena *arena; /* of this marking */
};

/* Moves one file to where marked mails are: 1 done, 0 it is not there. */
static int mark_file(struct source *source, const struct move *to, int from, const char *name, struct err *err)
{
	const char *seen = seen_name(to->arena, name);
	if (renameat(from, name, to->into, seen) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return err_set(err, "%s: cannot mark %s: %s", ((struct maildir *)source->state)->path, name, strerror(errno));
}

/* Those whose flags somebody changed meanwhile: one pass over cur/ for all of them. */
static int mark_rest(struct source *source, const struct move *to, const struct strs *rest, struct err *err)
{
	struct maildir *m = source->state;
	struct known wanted = {0};
	int result = 0;
	int copy = rest->n == 0 ? -1 : maildir_open_folder(m->read, ".");
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	for (size_t i = 0; i < rest->n && dir != NULL; i++)
		known_add(&wanted, maildir_hash(rest->v[i], strlen(rest->v[i])));
	for (struct dirent *e; dir != NULL && result >= 0 && (e = readdir(dir)) != NULL;)
		if (known_has(&wanted, maildir_hash(e->d_name, maildir_base_length(e->d_name))))
			result = mark_file(source, to, m->read, e->d_name, err);
	free(wanted.v);
	if (dir != NULL)
		closedir(dir);
	else if (copy >= 0)
		close(copy);
	return result < 0 ? -1 : 0;
}

/* The Maildir++ folder to move to, made if missing: its cur/, or -1. */
int maildir_open_move_to(struct source *source, struct arena *arena, struct err *err)
{
	const char *name = source->box->move_to;
	struct maildir *m = source->state;
	if (name == NULL || name[0] == '\0' || strstr(name, "..") != NULL)
		return err_set(err, "mailbox %s: move_to names no folder", source->box->name);
	char *folder = arena_printf(arena, "%s%s", name[0] == '.' ? "" : ".", name);
	for (char *p = folder; *p != '\0'; p++)
		if (*p == '/')
			*p = '.';
	const char *path = arena_printf(arena, "%s/%s", m->path, folder);
	if (maildir_make(path, err) < 0)
		return -1;
	int fd = open(arena_printf(arena, "%s/cur", path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_set(err, "%s/cur: %s", path, strerror(errno)) : fd;
}

static int move_all(struct source *source, const struct strs *idents, struct err *err)
{
	struct maildir *m = source->state;
	struct arena arena = {0};
	struct move to = {m->read, &arena};
	struct strs rest = {0};
	int result = 0;
	if (source->box->marking == MARK_MOVE && (to.into = maildir_open_move_to(source, &arena, err)) < 0)
		result = -1;
	for (size_t i = 0; i < idents->n && result >= 0; i++) {
		const char *ident = idents->v[i];
		if (strchr(ident, '/') != NULL || ident[0] == '.')
			continue;
		result = mark_file(source, &to, m->fresh, ident, err);
		if (result == 0)
			result = mark_file(source, &to, m->read, arena_printf(&arena, "%s:2,", ident), err);
		if (result == 0)
			strs_add(&rest, &arena, ident);
	}
	if (result >= 0)
		result = mark_rest(source, &to, &rest, err);
	if (result >= 0)
		fsync(to.into);
	if (to.into >= 0 && to.into != m->read)
		close(to.into);
	arena_release(&arena);
	return result;
}

int maildir_mark(struct source *source, const struct strs *idents, struct err *err)
{
	if (source->box->marking != MARK_LEAVE && move_all(source, idents, err) < 0) {
		source->calls->trouble(source->ctx, err->text);
		return 1;
	}
	for (size_t i = 0; i < idents->n; i++)
		source->calls->marked(source->ctx, idents->v[i]);
	return 0;
}
