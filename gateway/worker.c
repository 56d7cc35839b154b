#include "gateway/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/program.h"

#define BUFFER (512 * 1024) /* bytes in flight between two processes, so that both have work */

/* The file to start for a role, kept open: an upgrade while we run does not mix two versions. Without a worker of its own beside
 * it (as tests are), the program is asked itself. -1: errno says why. */
static int program_of(const char *role)
{
	static int self = -1, worker = -1;
	bool keeper = strcmp(role, "keeper") == 0;
	int *fd = keeper ? &self : &worker;
	struct arena arena = {0};
	if (*fd < 0) {
		const char *path = keeper ? NULL : program_find(WORKER_PROGRAM, &arena, NULL);
		int low = open(path == NULL ? "/proc/self/exe" : path, O_PATH | O_CLOEXEC);
		*fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, WORKER_FD + 1); /* out of the channel's way */
		if (low >= 0)
			close(low);
	}
	arena_release(&arena);
	return *fd;
}

static _Noreturn void become(const char *role, const char *campus, int program, int fd, pid_t parent)
{
	const char *argv[] = {"plnpost", "--of", program_version, "-C", campus == NULL ? "." : campus, "--role", role, NULL};
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(70); /* the starter died in between */
	if (fd == WORKER_FD)
		fcntl(fd, F_SETFD, 0);
	else if (dup2(fd, WORKER_FD) < 0)
		_exit(71);
	close_range(WORKER_FD + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	union {
		const char **in;
		char *const *out;
	} args = {.in = argv};
	execveat(program, "", args.out, environ, AT_EMPTY_PATH);
	_exit(71);
}

int worker_start(struct worker *w, const char *role, const char *campus, struct err *err)
{
	int pair[2];
	*w = (struct worker){.chan.fd = -1};
	int program = program_of(role);
	if (program < 0)
		return err_later(err, "cannot start a %s: %s", role, strerror(errno));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_later(err, "cannot start a %s: %s", role, strerror(errno));
	for (int i = 0; i < 2; i++)
		setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &(int){BUFFER}, sizeof(int));
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		become(role, campus, program, pair[1], parent);
	int reason = errno;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return err_later(err, "cannot start a %s: %s", role, strerror(reason));
	}
	w->pid = pid;
	chan_init(&w->chan, pair[0]);
	return 0;
}

int worker_ended(struct worker *w, int *status)
{
	if (w->pid == 0)
		return 0;
	pid_t pid = waitpid(w->pid, status, WNOHANG);
	if (pid == 0 || (pid < 0 && errno == EINTR))
		return 0;
	if (pid < 0)
		*status = 0;
	w->pid = 0;
	return 1;
}

int worker_stop(struct worker *w, int ms)
{
	int status = 0;
	chan_close(&w->chan);
	for (int64_t deadline = clock_ms() + ms; w->pid != 0 && !worker_ended(w, &status);) {
		if (clock_ms() >= deadline) {
			kill(w->pid, SIGKILL);
			deadline += 1000;
		}
		poll(NULL, 0, 1);
	}
	return status;
}

const char *worker_status_text(int status, char out[64])
{
	if (WIFSIGNALED(status))
		snprintf(out, 64, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(out, 64, "exit %d%s", WEXITSTATUS(status), WEXITSTATUS(status) == PROGRAM_OTHER ? " (it is of another version)" : "");
	return out;
}
