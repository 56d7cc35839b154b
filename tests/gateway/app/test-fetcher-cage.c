#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/fetcher-cage.h"
#include "gateway/read/charset.h"
#include "tests/scratch.h"

/* What the caged child tries: its exit status is the number of the first thing that went otherwise. */
static int try_all(const char *path)
{
	struct addrinfo *found = NULL;
	struct arena arena = {0};
	enum charset_how how;
	if (fetcher_cage() == 0)
		return 77;
	if (open(path, O_RDONLY) >= 0 || errno != EACCES)
		return 1;
	if (open("/etc/passwd", O_RDONLY) >= 0 || open("/tmp", O_RDONLY | O_DIRECTORY) >= 0 || open("/root", O_RDONLY | O_DIRECTORY) >= 0)
		return 2;
	if (open("/tmp/plnpost-cage-new", O_WRONLY | O_CREAT, 0600) >= 0 || unlink(path) == 0)
		return 3;
	execl("/bin/true", "true", (char *)NULL);
	if (errno != EACCES)
		return 4;
	if (access("/etc/hosts", R_OK) == 0 && open("/etc/hosts", O_RDONLY) < 0)
		return 5;
	if (getaddrinfo("127.0.0.1", "80", NULL, &found) != 0)
		return 6;
	freeaddrinfo(found);
	struct span text = charset_to_utf8(&arena, "koi8-r", SPAN("\xf5\xd2\xcf\xcb"), &how);
	if (!span_eq(text, "Урок"))
		return 7;
	arena_release(&arena);
	return 0;
}

static void sees_no_file_of_the_campus(void **state)
{
	scratch path;
	int status = 0;
	(void)state;
	scratch_file(path);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		_exit(try_all(path));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(unlink(path), 0);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip(); /* this kernel has no Landlock */
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sees_no_file_of_the_campus)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
