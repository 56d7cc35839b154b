#ifndef TESTS_GATEWAY_MAIL_FAKE_H
#define TESTS_GATEWAY_MAIL_FAKE_H

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A scripted server on loopback, in a process of its own: for each line from the client the first row whose connection and
 * words fit answers, and is then used up unless it is for always. In an answer %t stands for the command's tag. Before the
 * first line comes "(greeting)", and "(dot)" stands for an SMTP letter. */
struct row {
	int connection;     /* 1, 2, …; 0 any */
	const char *words;  /* somewhere in the line */
	const char *answer; /* NULL: close the connection */
	enum { ONCE, ALWAYS, THEN_CLOSE, THEN_WAIT, FLOOD } what;
};

struct fake {
	pid_t pid;
	int port;
};

static int fake_listen(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) < 0 || listen(fd, 8) < 0 || getsockname(fd, (struct sockaddr *)&at, &n) < 0)
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

static void fake_write(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t gone = send(fd, p, n, MSG_NOSIGNAL);
		if (gone <= 0)
			return;
		p += gone;
		n -= (size_t)gone;
	}
}

static void fake_say(int fd, const char *answer, const char *tag)
{
	for (const char *at; (at = strstr(answer, "%t")) != NULL; answer = at + 2) {
		fake_write(fd, answer, (size_t)(at - answer));
		fake_write(fd, tag, strlen(tag));
	}
	fake_write(fd, answer, strlen(answer));
}

static void fake_flood(int fd)
{
	static char bytes[65536];
	memset(bytes, 'x', sizeof bytes);
	for (int i = 0; i < 2000; i++)
		fake_write(fd, bytes, sizeof bytes);
}

/* false: the connection is over. */
static int fake_answer(int fd, int connection, const char *line, const struct row *rows, char *used)
{
	static char idle[64]; /* DONE ends the IDLE before it */
	char tag[64] = "*";
	sscanf(line, "%63s", tag);
	if (strstr(line, " IDLE") != NULL)
		memcpy(idle, tag, sizeof idle);
	if (strncmp(line, "DONE", 4) == 0)
		memcpy(tag, idle, sizeof tag);
	for (int i = 0; rows[i].words != NULL; i++) {
		const struct row *r = &rows[i];
		if (used[i] || (r->connection != 0 && r->connection != connection) || strstr(line, r->words) == NULL)
			continue;
		used[i] = r->what == ONCE || r->what == THEN_CLOSE || r->what == THEN_WAIT;
		if (r->answer == NULL)
			return 0;
		fake_say(fd, r->answer, tag);
		if (r->what == FLOOD)
			fake_flood(fd);
		if (r->what == THEN_WAIT)
			poll(NULL, 0, 20000);
		return r->what != THEN_CLOSE && r->what != FLOOD;
	}
	fake_say(fd, "%t BAD what?\r\n", tag);
	return 1;
}

static void fake_serve(int fd, int connection, const struct row *rows, char *used)
{
	FILE *in = fdopen(fd, "r");
	char line[70000];
	if (!fake_answer(fd, connection, "(greeting)", rows, used)) {
		fclose(in);
		return;
	}
	int data = 0; /* SMTP: what follows DATA is only looked at for its end */
	while (fgets(line, sizeof line, in) != NULL) {
		if (data && strcmp(line, ".\r\n") != 0)
			continue;
		if (!fake_answer(fd, connection, data ? "(dot)" : line, rows, used))
			break;
		data = strncmp(line, "DATA", 4) == 0;
	}
	fclose(in);
}

static struct fake fake_start(const struct row *rows)
{
	struct fake f = {0};
	int fd = fake_listen(&f.port);
	if (fd < 0)
		abort();
	f.pid = fork();
	if (f.pid == 0) {
		char used[200] = {0};
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int connection = 1;; connection++) {
			int client = accept(fd, NULL, NULL);
			if (client >= 0)
				fake_serve(client, connection, rows, used);
		}
	}
	close(fd);
	return f;
}

static void fake_stop(struct fake *f)
{
	kill(f->pid, SIGKILL);
	waitpid(f->pid, NULL, 0);
}

#endif
