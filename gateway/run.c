#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "gateway/cli.h"
#include "gateway/clock.h"
#include "gateway/keeper.h"
#include "gateway/lock.h"
#include "gateway/log.h"

/* plnpost run: the supervisor. It holds no log, no secret and no connection; it starts the keeper (which starts the others),
 * passes signals on as frames, starts a keeper that died again, and speaks to systemd (sd_notify(3), by its documented datagram). */

#define STOP_MS 4500        /* SIGTERM to the end, at most */
#define SILENT_MS 120000    /* a keeper that says nothing for so long hangs */
#define BACKOFF_MOST 60000

struct supervisor {
	const char *dir;
	struct worker keeper;
	int signals;
	bool stopping, ready;
	int64_t started, restart_at, heard_at, deadline;
	int64_t backoff;
	int code;
};

static void notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = path == NULL ? 0 : strlen(path);
	if (n == 0 || n >= sizeof to.sun_path)
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0'; /* the abstract namespace */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	union {
		const struct sockaddr_un *un;
		const struct sockaddr *any;
	} address = {.un = &to};
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, address.any, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0)
		log_say(LOG_LINE_WARNING, "notify-failed", strerror(errno));
	close(fd);
}

static void tell_keeper(struct supervisor *s, enum control_frame what)
{
	struct err err;
	if (s->keeper.pid == 0)
		return;
	chan_send(&s->keeper.chan, what, SPAN(""));
	chan_flush(&s->keeper.chan, &err);
}

static void stop(struct supervisor *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	s->deadline = clock_ms() + STOP_MS;
	notify("STOPPING=1");
	tell_keeper(s, CONTROL_STOP);
}

static void on_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;
	while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
			stop(s);
		else if (info.ssi_signo == SIGHUP) {
			notify("RELOADING=1");
			tell_keeper(s, CONTROL_RELOAD);
		}
	}
}

static void on_frames(struct supervisor *s)
{
	struct frame f;
	struct err err;
	while (s->keeper.chan.fd >= 0 && chan_next(&s->keeper.chan, &f, &err) > 0) {
		s->heard_at = clock_ms();
		if (f.type == CONTROL_READY || f.type == CONTROL_RELOADED) {
			notify("READY=1\nSTATUS=serving");
			if (f.type == CONTROL_READY)
				log_say(LOG_LINE_INFO, "ready", NULL);
		} else if (f.type == CONTROL_ALIVE)
			notify("WATCHDOG=1");
	}
}

static void keeper_ended(struct supervisor *s, int status)
{
	char text[64];
	chan_close(&s->keeper.chan);
	if (s->stopping)
		return;
	int64_t lived = clock_ms() - s->started;
	s->backoff = lived > 60000 || s->backoff == 0 ? 1000 : s->backoff * 2 > BACKOFF_MOST ? BACKOFF_MOST : s->backoff * 2;
	s->restart_at = clock_ms() + s->backoff;
	log_begin(LOG_LINE_ERROR, "keeper-ended");
	log_text("status", worker_status_text(status, text));
	log_int("restart-ms", s->backoff);
	log_end();
}

static void look_after(struct supervisor *s)
{
	int status;
	struct err err;
	if (s->keeper.pid != 0 && worker_ended(&s->keeper, &status)) {
		on_frames(s);
		keeper_ended(s, status);
	}
	if (s->keeper.pid != 0 && clock_ms() - s->heard_at > SILENT_MS) {
		log_say(LOG_LINE_ERROR, "keeper-silent", "it is ended and started again");
		keeper_ended(s, worker_stop(&s->keeper, 0));
	}
	if (s->keeper.pid != 0 || s->stopping || clock_ms() < s->restart_at)
		return;
	s->started = s->heard_at = clock_ms();
	if (worker_start(&s->keeper, "keeper", s->dir, &err) < 0) {
		log_say(LOG_LINE_ERROR, "keeper-not-started", err.text);
		s->restart_at = clock_ms() + 5000;
	}
}

static void wait_a_little(struct supervisor *s)
{
	struct pollfd fds[2] = {{s->signals, POLLIN, 0}, {s->keeper.chan.fd, POLLIN, 0}};
	poll(fds, 2, s->stopping ? 10 : 500); /* a dead keeper shows as end of its channel */
	if (fds[1].revents & (POLLHUP | POLLERR) && !(fds[1].revents & POLLIN))
		poll(NULL, 0, 5); /* its exit status is a moment behind */
}

static int serve(struct supervisor *s)
{
	while (!s->stopping || s->keeper.pid != 0) {
		look_after(s);
		wait_a_little(s);
		on_signal(s);
		on_frames(s);
		if (s->stopping && s->keeper.pid != 0 && clock_ms() > s->deadline) {
			log_say(LOG_LINE_WARNING, "keeper-killed", "it did not stop in time; nothing is lost");
			worker_stop(&s->keeper, 0);
		}
	}
	log_say(LOG_LINE_INFO, "stopped", NULL);
	return EX_OK;
}

static int take_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int cmd_run(struct cli *cli, int argc, char **argv)
{
	struct supervisor s = {.dir = cli->dir, .keeper.chan.fd = -1};
	struct campus campus;
	struct err err;
	(void)argv;
	if (argc > 1)
		return cli_usage("run", "run takes no arguments");
	int opened = campus_open(&campus, cli->dir, STORE_CREATE, &err); /* what is wrong is said before anything starts */
	if (opened == 0)
		log_setup("run", (enum log_level)campus.config.log_level);
	campus_close(&campus);
	if (opened < 0)
		return cli_fail(EX_CONFIG, &err);
	int lock = lock_campus(cli->dir, &err);
	if (lock < 0)
		return cli_fail(EX_TEMPFAIL, &err);
	s.signals = take_signals();
	int code = serve(&s);
	close(lock);
	return code;
}
