#ifndef GATEWAY_FILE_H
#define GATEWAY_FILE_H

#include <stdbool.h>

#include "rules/err.h"
#include "rules/str.h"

/* Whole files. *out is appended to; its max bounds what is read (more is an error). 0, or -1 with the path named. */
int file_read(const char *path, struct str *out, struct err *);
int file_read_fd(int fd, const char *name, struct str *out, struct err *);
/* A secret: refuses a file that others may read or write (mode & 077), trims the final line end. */
int file_read_secret(const char *path, struct str *out, struct err *);
/* Written beside, synced, then renamed: the old file or the new one, never half. */
int file_write(const char *path, struct span bytes, unsigned mode, struct err *);
/* Makes the folder; one that is there is fine. */
int file_mkdir(const char *path, unsigned mode, struct err *);
bool file_exists(const char *path);

#endif
