#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/mail/imap.h"

#define LINE_MOST ((uint64_t)32 << 20) /* bytes without a literal: the answer to a search of millions */
#define DEPTH_MAX 100                 /* open parentheses: libetpan's parser recurses */
#define STOP_MS 2000                  /* what a command in hand still gets once the gate is to stop */
#define BUFFER 32768

int imap_stream_die(struct imap_stream *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (!s->dead && s->why.text[0] == '\0') {
		s->why.temporary = true;
		vsnprintf(s->why.text, sizeof s->why.text, format, args);
	}
	va_end(args);
	s->dead = true;
	return -1;
}

void imap_stream_allow(struct imap_stream *s, int64_t ms, uint64_t bytes)
{
	s->deadline = clock_ms() + ms;
	s->budget = bytes;
}

/* ---- the watch */

/* "{123}" or "{123+}" at the end of a line announces that many bytes (RFC 3501, RFC 7888). */
static bool announced(const char *tail, size_t n, uint64_t *bytes)
{
	if (n > 0 && tail[n - 1] == '\r')
		n--;
	if (n == 0 || tail[--n] != '}')
		return false;
	if (n > 0 && tail[n - 1] == '+')
		n--;
	uint64_t value = 0, scale = 1;
	size_t digits = 0;
	for (; n > 0 && tail[n - 1] >= '0' && tail[n - 1] <= '9'; n--, digits++, scale *= 10)
		value += (uint64_t)(tail[n - 1] - '0') * scale;
	*bytes = digits > 18 ? UINT64_MAX : value;
	return digits > 0 && (n == 0 || tail[n - 1] == '{');
}

static void keep_tail(struct imap_stream *s, const char *p, size_t n)
{
	size_t most = sizeof s->tail;
	if (n >= most) {
		memcpy(s->tail, p + n - most, most);
		s->tail_n = most;
		return;
	}
	size_t old = s->tail_n + n > most ? most - n : s->tail_n;
	memmove(s->tail, s->tail + s->tail_n - old, old);
	memcpy(s->tail + old, p, n);
	s->tail_n = old + n;
}

static int watch_line(struct imap_stream *s, const char *p, size_t n)
{
	s->line += n;
	for (size_t i = 0; i < n; i++)
		if (p[i] == ')' && s->depth > 0)
			s->depth--;
		else if (p[i] == '(' && ++s->depth > DEPTH_MAX)
			return imap_stream_die(s, "the server sent an answer nested too deeply");
	if (s->line > LINE_MOST)
		return imap_stream_die(s, "the server sent a line without end");
	keep_tail(s, p, n);
	return 0;
}

static int watch_line_end(struct imap_stream *s)
{
	uint64_t bytes;
	if (!announced(s->tail, s->tail_n, &bytes)) {
		s->line = s->depth = 0;
	} else if (bytes > s->literal_most) {
		return imap_stream_die(s, "the server announced %llu bytes at once, more than was asked for", (unsigned long long)bytes);
	} else {
		s->literal_left = bytes;
	}
	s->tail_n = 0;
	return 0;
}

static int watch(struct imap_stream *s, const char *p, size_t n)
{
	if (n > s->budget)
		return imap_stream_die(s, "the server sent more than a command may bring");
	s->budget -= n;
	while (n > 0) {
		size_t step;
		if (s->literal_left > 0) {
			step = s->literal_left < n ? (size_t)s->literal_left : n;
			s->literal_left -= step;
		} else {
			const char *end = memchr(p, '\n', n);
			step = end == NULL ? n : (size_t)(end - p) + 1;
			if (watch_line(s, p, end == NULL ? n : step - 1) < 0 || (end != NULL && watch_line_end(s) < 0))
				return -1;
		}
		p += step;
		n -= step;
	}
	return 0;
}

/* ---- waiting */

/* Until the socket is ready (1), the channel was heard or the time is over (0), or -1. */
static int wait_socket(struct imap_stream *s, short events, int64_t until)
{
	const struct source *source = s->source;
	int64_t left = until - clock_ms();
	struct pollfd p[2] = {{connection_fd(s->connection), events, 0}, {source->calls->channel(source->ctx), POLLIN, 0}};
	if (left <= 0)
		return 0;
	int n = poll(p, 2, left > 1000000 ? 1000000 : (int)left);
	if (n < 0 && errno != EINTR)
		return imap_stream_die(s, "poll: %s", strerror(errno));
	return n > 0 && p[0].revents != 0;
}

/* In the middle of a command: the channel is listened to, but only an order to stop shortens the wait. */
static int wait_in_command(struct imap_stream *s, short events)
{
	const struct source *source = s->source;
	int64_t silence = clock_ms() + s->silence_ms;
	for (;;) {
		int64_t until = silence < s->deadline ? silence : s->deadline;
		int ready = wait_socket(s, events, until);
		if (ready != 0)
			return ready;
		if (source->calls->channel(source->ctx) >= 0 && source->calls->listen(source->ctx) && clock_ms() + STOP_MS < s->deadline)
			s->deadline = clock_ms() + STOP_MS;
		if (clock_ms() >= silence)
			return imap_stream_die(s, "the server was silent for %lld s", (long long)(s->silence_ms / 1000));
		if (clock_ms() >= s->deadline)
			return imap_stream_die(s, "the server took too long");
	}
}

static ssize_t receive(struct imap_stream *s, char *p, size_t n)
{
	ssize_t got = connection_read(s->connection, p, n);
	if (got < 0)
		return imap_stream_die(s, "the server closed the connection");
	if (got > 0 && watch(s, p, (size_t)got) < 0)
		return -1;
	return got;
}

/* TLS may hold bytes that poll knows nothing of, so a read is tried first. */
int imap_stream_await(struct imap_stream *s, int64_t ms)
{
	if (s->dead)
		return -1;
	if (s->ahead_at < s->ahead_n)
		return 1;
	int64_t until = clock_ms() + ms;
	for (;;) {
		s->ahead_at = s->ahead_n = 0;
		ssize_t got = receive(s, s->ahead, sizeof s->ahead);
		if (got != 0) {
			s->ahead_n = got < 0 ? 0 : (size_t)got;
			return got < 0 ? -1 : 1;
		}
		int ready = wait_socket(s, POLLIN, until);
		if (ready <= 0)
			return ready;
	}
}

/* ---- libetpan's driver */

static ssize_t low_read(mailstream_low *low, void *buf, size_t n)
{
	static const char greeting[] = "* PREAUTH logged in by libcurl\r\n";
	struct imap_stream *s = low->data;
	if (s->dead || n == 0)
		return -1;
	if (!s->greeted && n >= sizeof greeting) {
		s->greeted = true;
		memcpy(buf, greeting, sizeof greeting - 1);
		return sizeof greeting - 1;
	}
	if (s->ahead_at < s->ahead_n) {
		size_t left = s->ahead_n - s->ahead_at, step = left < n ? left : n;
		memcpy(buf, s->ahead + s->ahead_at, step);
		s->ahead_at += step;
		return (ssize_t)step;
	}
	for (;;) {
		if (clock_ms() >= s->deadline)
			return imap_stream_die(s, "the server took too long");
		ssize_t got = receive(s, buf, n);
		if (got != 0)
			return got;
		if (wait_in_command(s, POLLIN) < 0)
			return -1;
	}
}

static ssize_t low_write(mailstream_low *low, const void *buf, size_t n)
{
	struct imap_stream *s = low->data;
	if (s->dead)
		return -1;
	for (;;) {
		ssize_t gone = connection_write(s->connection, buf, n);
		if (gone < 0)
			return imap_stream_die(s, "the server closed the connection");
		if (gone > 0)
			return gone;
		if (wait_in_command(s, POLLOUT) < 0)
			return -1;
	}
}

static int low_close(mailstream_low *low)
{
	((struct imap_stream *)low->data)->dead = true;
	return 0;
}

static int low_fd(mailstream_low *low)
{
	return connection_fd(((struct imap_stream *)low->data)->connection);
}

static void low_free(mailstream_low *low)
{
	free(low);
}

static void low_cancel(mailstream_low *low)
{
	(void)low;
}

static mailstream_low_driver driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_fd,
	.mailstream_free = low_free,
	.mailstream_cancel = low_cancel,
};

mailstream *imap_stream_open(struct imap_stream *s)
{
	mailstream_low *low = mailstream_low_new(s, &driver);
	mailstream *stream = low == NULL ? NULL : mailstream_new(low, BUFFER);
	if (stream == NULL)
		abort();
	return stream;
}
