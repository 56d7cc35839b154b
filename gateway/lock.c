#include "gateway/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int lock_campus(const char *dir, struct err *err)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/plnpost.lock", dir);
	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(err, "the name of the campus folder is too long");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return err_later(err, "another plnpost (run, poll or send) works on this campus folder: wait for it, or stop it");
}
