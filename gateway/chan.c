#include "gateway/chan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/pack.h"

#define HEAD 5          /* u32 payload bytes, u8 type */
#define READ_STEP 65536

void chan_init(struct chan *c, int fd)
{
	*c = (struct chan){.fd = fd, .out = {.max = 4 * CHAN_MAX}, .in = {.max = CHAN_MAX + HEAD + READ_STEP}};
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void chan_close(struct chan *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	str_release(&c->out);
	str_release(&c->in);
	c->in_at = c->out_at = 0;
}

/* Drops what was used, keeping the memory only while it is small: one 25 MB mail must not stay resident for ever. */
static void drop_used(struct str *s, size_t *at)
{
	if (*at == 0)
		return;
	if (*at == s->n) {
		if (s->cap > 4 * READ_STEP)
			str_release(s);
		else
			str_clear(s);
		*at = 0;
	} else if (*at > s->n / 2) {
		memmove(s->p, s->p + *at, s->n - *at);
		s->n -= *at;
		*at = 0;
	}
}

void chan_send(struct chan *c, unsigned type, struct span payload)
{
	drop_used(&c->out, &c->out_at);
	pack_u32(&c->out, (uint32_t)payload.n);
	pack_u8(&c->out, type);
	str_span(&c->out, payload);
}

size_t chan_queued(const struct chan *c)
{
	return c->out.n - c->out_at;
}

int chan_flush(struct chan *c, struct err *err)
{
	if (c->out.cut)
		return err_set(err, "too much is queued for another process");
	while (c->out_at < c->out.n) {
		ssize_t n = send(c->fd, c->out.p + c->out_at, c->out.n - c->out_at, MSG_NOSIGNAL);
		if (n > 0)
			c->out_at += (size_t)n;
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return err_later(err, "writing to another process: %s", strerror(errno));
	}
	drop_used(&c->out, &c->out_at);
	return 1;
}

/* 1 a whole frame is there, 0 more bytes are needed, -1 no frame of ours is that long. */
static int whole_frame(struct chan *c, struct frame *frame, struct err *err)
{
	struct unpack u = {(const unsigned char *)str_c(&c->in) + c->in_at, c->in.n - c->in_at, false};
	if (u.n < HEAD)
		return 0;
	uint32_t n = unpack_u32(&u);
	unsigned type = unpack_u8(&u);
	if (n > CHAN_MAX)
		return err_set(err, "a frame of %u bytes came from another process: at most %zu are taken", n, CHAN_MAX);
	if (u.n < n)
		return 0;
	*frame = (struct frame){type, {(const char *)u.p, n}};
	c->in_at += HEAD + n;
	return 1;
}

int chan_next(struct chan *c, struct frame *frame, struct err *err)
{
	for (;;) {
		int found = whole_frame(c, frame, err);
		if (found != 0)
			return found;
		drop_used(&c->in, &c->in_at);
		char bytes[READ_STEP];
		ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);
		if (n > 0)
			str_add(&c->in, bytes, (size_t)n);
		else if (n == 0)
			return err_later(err, "another process has ended");
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return err_later(err, "reading from another process: %s", strerror(errno));
	}
}

/* Waits until fd is ready or the deadline (monotonic ms, -1 none) has passed: 1, 0, -1. */
static int wait_ready(int fd, short events, int64_t deadline, struct err *err)
{
	for (;;) {
		int64_t left = deadline < 0 ? -1 : deadline - clock_ms();
		if (deadline >= 0 && left <= 0)
			return 0;
		struct pollfd p = {fd, events, 0};
		int n = poll(&p, 1, left > 1000000 ? 1000000 : (int)left);
		if (n > 0)
			return 1;
		if (n < 0 && errno != EINTR)
			return err_set(err, "poll: %s", strerror(errno));
	}
}

int chan_next_wait(struct chan *c, struct frame *frame, int ms, struct err *err)
{
	int64_t deadline = ms < 0 ? -1 : clock_ms() + ms;
	for (;;) {
		int found = chan_next(c, frame, err);
		if (found != 0)
			return found;
		int ready = wait_ready(c->fd, POLLIN, deadline, err);
		if (ready <= 0)
			return ready;
	}
}

int chan_flush_wait(struct chan *c, int ms, struct err *err)
{
	int64_t deadline = ms < 0 ? -1 : clock_ms() + ms;
	for (;;) {
		int gone = chan_flush(c, err);
		if (gone != 0)
			return gone;
		int ready = wait_ready(c->fd, POLLOUT, deadline, err);
		if (ready <= 0)
			return ready;
	}
}
