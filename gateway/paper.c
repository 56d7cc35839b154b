#include "gateway/paper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/program.h"
#include "gateway/worker.h"

#define PROGRAM PRINT_PROGRAM

struct paper_line *paper_add(struct paper *p, struct arena *arena, enum paper_kind kind, const char *first)
{
	struct paper_line *line = ARENA_PUSH(arena, p->lines, p->n);
	*line = (struct paper_line){.kind = kind};
	if (first != NULL)
		strs_add(&line->cells, arena, first);
	return line;
}

static const char *find_program(struct arena *arena, struct err *err)
{
	const char *named = getenv("PLNPOST_PRINT");
	const char *path = named != NULL && *named != '\0' ? named : program_find(PROGRAM, arena, err);
	if (path == NULL)
		err_prefix(err, "no PDF can be made: ");
	return path;
}

struct press { /* one run of plnpost-print */
	pid_t pid;
	int in, out, complaints; /* -1 = closed */
	struct span left;        /* of what it is yet to be given */
	struct str *pdf, words;
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int spawn(struct press *p, const char *program, const int theirs[3], struct err *err)
{
	char name[] = PROGRAM, of[] = "--of", version[64], locale[] = "LC_ALL=C.UTF-8", asan[] = "ASAN_OPTIONS=handle_segv=2";
	char *argv[] = {name, of, version, NULL}, *env[] = {locale, asan, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	snprintf(version, sizeof version, "%s", program_version);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&files, theirs[i], i);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	int reason = posix_spawn(&p->pid, program, &files, &attr, argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	if (reason == 0)
		return 0;
	p->pid = 0;
	return err_set(err, "no PDF can be made: %s does not start (%s): install it with plnpost", program, strerror(reason));
}

/* Socket pairs, not pipes: a program that ends early must not end us by SIGPIPE. */
static int press_start(struct press *p, const char *program, struct err *err)
{
	int pairs[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}}, result = 0;
	for (int i = 0; i < 3 && result == 0; i++)
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[i]) < 0)
			result = err_later(err, "no PDF can be made: %s", strerror(errno));
	if (result == 0)
		result = spawn(p, program, (const int[3]){pairs[0][1], pairs[1][1], pairs[2][1]}, err);
	for (int i = 0; i < 3; i++)
		shut(&pairs[i][1]);
	p->in = pairs[0][0];
	p->out = pairs[1][0];
	p->complaints = pairs[2][0];
	return result;
}

static void give(struct press *p)
{
	ssize_t n = send(p->in, p->left.p, p->left.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		p->left = span_skip(p->left, (size_t)n);
	if (p->left.n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(&p->in);
}

static void take(int *fd, struct str *into)
{
	char bytes[16384];
	ssize_t n = recv(*fd, bytes, sizeof bytes, MSG_DONTWAIT);
	if (n > 0)
		str_add(into, bytes, (size_t)n);
	if (n == 0 || into->cut || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(fd);
}

/* Until both of its ends are closed: 0, or -1 when the deadline passed. */
static int converse(struct press *p, int64_t deadline)
{
	while (p->out >= 0 || p->complaints >= 0) {
		struct pollfd fds[] = {{p->in, POLLOUT, 0}, {p->out, POLLIN, 0}, {p->complaints, POLLIN, 0}};
		int64_t left = deadline - clock_ms();
		if (left <= 0)
			return -1;
		if (poll(fds, 3, (int)left) < 0 && errno != EINTR)
			return -1;
		if (fds[0].revents != 0)
			give(p);
		if (fds[1].revents != 0)
			take(&p->out, p->pdf);
		if (fds[2].revents != 0)
			take(&p->complaints, &p->words);
	}
	return 0;
}

static int press_end(struct press *p, int64_t deadline)
{
	struct worker w = {.pid = p->pid, .chan.fd = -1};
	int64_t left = deadline - clock_ms();
	shut(&p->in);
	shut(&p->out);
	shut(&p->complaints);
	return worker_stop(&w, left > 0 ? (int)left : 0);
}

static int verdict(struct press *p, int status, struct err *err)
{
	char how[64];
	if (p->pdf->cut)
		return err_set(err, "the PDF is larger than %zu MB: print less on it", p->pdf->max >> 20);
	if (status == 0 && span_starts((struct span){str_c(p->pdf), p->pdf->n}, "%PDF-"))
		return 0;
	struct span words = {str_c(&p->words), p->words.n}, line = {"", 0};
	span_line(&words, &line);
	return err_set(err, "no PDF was made: " PROGRAM " ended with %s%s%.*s", worker_status_text(status, how), line.n > 0 ? ": " : "",
	               (int)(line.n > 300 ? 300 : line.n), line.p);
}

int paper_pdf_within(const struct paper *paper, int ms, struct str *pdf, struct err *err)
{
	struct arena arena = {0};
	struct str packed = {.max = PAPER_MAX};
	struct press p = {.in = -1, .out = -1, .complaints = -1, .pdf = pdf, .words.max = 4096};
	int64_t deadline = clock_ms() + ms;
	int result = -1;
	if (pdf->max == 0)
		pdf->max = PAPER_PDF_MAX;
	paper_pack(&packed, paper);
	p.left = (struct span){str_c(&packed), packed.n};
	const char *program = find_program(&arena, err);
	if (packed.cut) {
		err_set(err, "what is to be printed is larger than %zu MB: print less", PAPER_MAX >> 20);
	} else if (program != NULL && press_start(&p, program, err) == 0) {
		bool late = converse(&p, deadline) < 0;
		int status = press_end(&p, late ? 0 : deadline);
		result = late ? err_set(err, "no PDF was made: " PROGRAM " took longer than %d s and was ended", ms / 1000) : verdict(&p, status, err);
	}
	shut(&p.in);
	shut(&p.out);
	shut(&p.complaints);
	str_release(&packed);
	str_release(&p.words);
	arena_release(&arena);
	if (result < 0)
		str_clear(pdf);
	return result;
}

int paper_pdf(const struct paper *paper, struct str *pdf, struct err *err)
{
	return paper_pdf_within(paper, PAPER_MS, pdf, err);
}
