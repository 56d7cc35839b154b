#include "gateway/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_fd(int fd, const char *name, struct str *out, struct err *err)
{
	char bytes[65536];
	for (;;) {
		ssize_t n = read(fd, bytes, sizeof bytes);
		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, "%s: %s", name, strerror(errno));
		str_add(out, bytes, (size_t)n);
		if (out->cut)
			return err_set(err, "%s: is over %zu bytes, more than is read", name, out->max == 0 ? (size_t)1 << 20 : out->max);
	}
}

int file_read(const char *path, struct str *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	int result = file_read_fd(fd, path, out, err);
	close(fd);
	return result;
}

int file_read_secret(const char *path, struct str *out, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	int result = -1;
	if (fstat(fd, &st) < 0)
		err_set(err, "%s: %s", path, strerror(errno));
	else if (st.st_mode & 077)
		err_set(err, "%s: others may read this secret (mode %03o): run chmod 600 %s", path, (unsigned)(st.st_mode & 0777), path);
	else
		result = file_read_fd(fd, path, out, err);
	close(fd);
	while (result == 0 && out->n > 0 && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
		out->p[--out->n] = '\0';
	return result;
}

static int write_all(int fd, struct span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes = span_skip(bytes, (size_t)n);
	}
	return 0;
}

int file_write(const char *path, struct span bytes, unsigned mode, struct err *err)
{
	struct str beside = {0};
	str_printf(&beside, "%s.XXXXXX", path);
	int result = -1;
	int fd = mkostemp(beside.p, O_CLOEXEC);
	if (fd < 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		goto out;
	}
	bool written = fchmod(fd, mode) == 0 && write_all(fd, bytes) == 0 && fsync(fd) == 0;
	written = close(fd) == 0 && written;
	if (written && rename(beside.p, path) == 0) {
		result = 0;
	} else {
		err_set(err, "%s: %s", path, strerror(errno));
		unlink(beside.p);
	}
out:
	str_release(&beside);
	return result;
}

int file_mkdir(const char *path, unsigned mode, struct err *err)
{
	struct stat st;
	if (mkdir(path, mode) == 0)
		return 0;
	int reason = errno;
	if (reason == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return err_set(err, "%s: %s", path, strerror(reason));
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}
