#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "gateway/file.h"
#include "gateway/mail/maildir.h"

/* 1 when cur/ holds that name, with whatever flags: somebody has read the letter. */
static int was_read(const char *path, const char *name, struct str *scratch)
{
	str_clear(scratch);
	str_printf(scratch, "%s/cur", path);
	DIR *dir = opendir(str_c(scratch));
	size_t n = strlen(name);
	int found = 0;
	for (struct dirent *e; dir != NULL && !found && (e = readdir(dir)) != NULL;)
		found = strncmp(e->d_name, name, n) == 0 && (e->d_name[n] == '\0' || e->d_name[n] == ':');
	if (dir != NULL)
		closedir(dir);
	return found;
}

static void put_letter(struct str *out, const char *sender, const char *recipient, struct span message)
{
	str_printf(out, "Return-Path: <%s>\nDelivered-To: %s\n", sender, recipient);
	for (const char *p = message.p, *end = p + message.n; p < end;) {
		const char *cr = memchr(p, '\r', (size_t)(end - p));
		size_t n = cr == NULL ? (size_t)(end - p) : (size_t)(cr - p);
		str_add(out, p, n);
		p += n;
		if (p < end && !(p + 1 < end && p[1] == '\n'))
			str_putc(out, '\r');
		if (p < end)
			p++;
	}
}

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = fd < 0 ? -1 : fsync(fd);
	if (fd >= 0)
		close(fd);
	return result;
}

/* STEM.eml of harmless characters only: neither a path nor a flag can hide in it. */
static void put_name(struct str *out, const char *stem)
{
	size_t from = out->n;
	for (const char *p = stem; *p != '\0'; p++) {
		bool plain = (*p >= '0' && *p <= '9') || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') || strchr("-_@+=.", *p) != NULL;
		str_putc(out, plain && !(out->n == from && *p == '.') ? *p : '_');
	}
	if (!span_ends_nocase((struct span){str_c(out) + from, out->n - from}, ".eml"))
		str_puts(out, ".eml");
}

int maildir_deliver(const char *path, const char *stem, const char *sender, const char *recipient, struct span message, struct err *err)
{
	struct str name = {.max = 250}, tmp = {.max = 8192}, fresh = {.max = 8192}, letter = {.max = message.n + 4096};
	int result = -1;
	put_name(&name, stem);
	put_letter(&letter, sender, recipient, message);
	if (name.cut || letter.cut) {
		err_set(err, "the letter's name or envelope is too long: %.80s…", stem);
		goto out;
	}
	if (was_read(path, name.p, &tmp)) {
		result = 0;
		goto out;
	}
	str_clear(&tmp);
	str_printf(&tmp, "%s/tmp/%s.%ld", path, name.p, (long)getpid());
	str_printf(&fresh, "%s/new/%s", path, name.p);
	if (file_write(str_c(&tmp), (struct span){letter.p, letter.n}, 0600, err) < 0) {
		if (err != NULL)
			err->temporary = true;
		goto out;
	}
	if (link(str_c(&tmp), str_c(&fresh)) == 0)
		result = 1;
	else if (errno == EEXIST)
		result = 0;
	else
		err_later(err, "%s: %s", str_c(&fresh), strerror(errno));
	unlink(str_c(&tmp));
	str_clear(&fresh);
	str_printf(&fresh, "%s/new", path);
	if (result >= 0 && sync_folder(str_c(&fresh)) < 0)
		result = err_later(err, "%s: %s", str_c(&fresh), strerror(errno));
out:
	str_release(&name);
	str_release(&tmp);
	str_release(&fresh);
	str_release(&letter);
	return result;
}
