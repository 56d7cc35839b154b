#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/mail/mail.h"
#include "gateway/pack.h"
#include "gateway/worker.h"

/* A keeper in miniature for the scripts: drives a gate or a postman and prints what it says, a line a frame.
 *   drive gate DIR MAILBOX [mark] [stay] [mails=N] [ms=N] [validity=N] [last=N] [unmarked=IDENT]… [quiet]
 *     ends after GATE_IDLE (stay: after N mails), once every mark was answered; exit 0, 3 trouble, 4 time is over
 *   drive post DIR SENDER RECIPIENT STEM FILE [times=N]
 *   drive check DIR */

struct options {
	bool mark, stay, quiet;
	int64_t mails, ms, times;
	uint64_t validity, last;
	const char *unmarked[16];
	size_t n_unmarked;
};

static bool number_option(const char *arg, const char *name, int64_t *value)
{
	size_t n = strlen(name);
	if (strncmp(arg, name, n) != 0 || arg[n] != '=')
		return false;
	*value = strtoll(arg + n + 1, NULL, 10);
	return true;
}

static struct options read_options(int argc, char **argv)
{
	struct options o = {.ms = 60000, .times = 1, .mails = -1};
	for (int i = 0; i < argc; i++) {
		int64_t value = 0;
		o.mark |= strcmp(argv[i], "mark") == 0;
		o.stay |= strcmp(argv[i], "stay") == 0;
		o.quiet |= strcmp(argv[i], "quiet") == 0;
		if (number_option(argv[i], "mails", &o.mails) || number_option(argv[i], "ms", &o.ms) || number_option(argv[i], "times", &o.times))
			continue;
		if (number_option(argv[i], "validity", &value))
			o.validity = (uint64_t)value;
		else if (number_option(argv[i], "last", &value))
			o.last = (uint64_t)value;
		else if (strncmp(argv[i], "unmarked=", 9) == 0 && o.n_unmarked < 16)
			o.unmarked[o.n_unmarked++] = argv[i] + 9;
	}
	return o;
}

static void send_text(struct chan *chan, unsigned type, const char *text)
{
	struct str s = {0};
	pack_text(&s, text);
	chan_send(chan, type, (struct span){s.p, s.n});
	str_release(&s);
}

static void send_open(struct chan *chan, const char *box, const struct options *o)
{
	struct str s = {0};
	pack_text(&s, box);
	pack_u8(&s, o->stay);
	pack_u64(&s, o->validity);
	pack_u64(&s, o->last);
	pack_u32(&s, (uint32_t)o->n_unmarked);
	for (size_t i = 0; i < o->n_unmarked; i++)
		pack_text(&s, o->unmarked[i]);
	chan_send(chan, GATE_OPEN, (struct span){s.p, s.n});
	str_release(&s);
}

struct drive {
	struct worker worker;
	struct options options;
	int64_t mails, asked, answered;
	bool idle, trouble;
};

static struct span subject_of(struct span raw)
{
	struct span line;
	while (span_line(&raw, &line) && line.n > 0)
		if (span_starts_nocase(line, "subject:"))
			return span_trim(span_skip(line, 8));
	return (struct span){"", 0};
}

static void take_mail(struct drive *d, struct unpack *u, struct arena *arena)
{
	const char *ident = unpack_text(u, arena);
	uint64_t uid = unpack_u64(u), arrival = unpack_u64(u), size = unpack_u64(u);
	struct span raw = unpack_bytes(u);
	d->mails++;
	if (!d->options.quiet)
		printf("mail %s uid=%llu arrival=%llu size=%llu raw=%zu %.*s\n", ident, (unsigned long long)uid, (unsigned long long)arrival,
		       (unsigned long long)size, raw.n, SPAN_ARG(subject_of(raw)));
	if (d->options.mark) {
		send_text(&d->worker.chan, GATE_MARK, ident);
		d->asked++;
	}
}

static void take(struct drive *d, const struct frame *frame)
{
	struct arena arena = {0};
	struct unpack u = {(const unsigned char *)frame->payload.p, frame->payload.n, false};
	const char *marked;
	unsigned fatal;
	switch (frame->type) {
	case GATE_BOX:
		printf("box %llu\n", (unsigned long long)unpack_u64(&u));
		break;
	case GATE_ALL:
		printf("all %u\n", unpack_u32(&u));
		break;
	case GATE_MAIL:
		take_mail(d, &u, &arena);
		break;
	case GATE_MARKED:
		marked = unpack_text(&u, &arena);
		d->answered++;
		if (!d->options.quiet)
			printf("marked %s\n", marked);
		break;
	case GATE_IDLE:
		d->idle = true;
		puts("idle");
		break;
	case GATE_TROUBLE:
		fatal = unpack_u8(&u);
		d->trouble = true;
		printf("trouble %s: %s\n", fatal ? "fatal" : "passing", unpack_text(&u, &arena));
		break;
	}
	if (!unpack_done(&u))
		puts("a frame was not understood");
	fflush(stdout);
	arena_release(&arena);
}

static bool is_done(const struct drive *d)
{
	const struct options *o = &d->options;
	bool enough = o->mails >= 0 ? d->mails >= o->mails : d->idle;
	return enough && d->answered >= d->asked + (int64_t)o->n_unmarked;
}

static int drive_gate(const char *dir, const char *box, int argc, char **argv)
{
	struct drive d = {.options = read_options(argc, argv)};
	struct err err;
	struct frame frame;
	if (worker_start(&d.worker, "gate", dir, &err) < 0)
		return 1;
	send_open(&d.worker.chan, box, &d.options);
	int64_t until = clock_ms() + d.options.ms;
	int came = 1;
	while (!is_done(&d) && came > 0) {
		chan_flush(&d.worker.chan, &err);
		came = chan_next_wait(&d.worker.chan, &frame, (int)(until - clock_ms() < 0 ? 0 : until - clock_ms()), &err);
		if (came > 0)
			take(&d, &frame);
	}
	printf("mails %lld%s%s\n", (long long)d.mails, came < 0 ? ": " : "", came < 0 ? err.text : "");
	if (came > 0) {
		chan_send(&d.worker.chan, GATE_STOP, (struct span){"", 0});
		chan_flush_wait(&d.worker.chan, 1000, &err);
		while (chan_next_wait(&d.worker.chan, &frame, 5000, &err) > 0)
			take(&d, &frame);
	}
	char text[64];
	int status = worker_stop(&d.worker, 5000);
	printf("gate %s\n", worker_status_text(status, text));
	return came == 0 ? 4 : d.trouble ? 3 : came < 0 ? 1 : 0;
}

static int drive_post(const char *dir, char **argv, int argc)
{
	static const char *const words[] = {"ok", "later", "refused", "maybe"};
	struct options o = read_options(argc - 4, argv + 4);
	struct worker worker;
	struct frame frame;
	struct err err = {.text = ""};
	struct str message = {.max = (size_t)64 << 20}, payload = {.max = CHAN_MAX};
	struct arena arena = {0};
	int result = 1;
	if (file_read(argv[3], &message, &err) < 0 || worker_start(&worker, "postman", dir, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (int64_t i = 0; i < o.times; i++) {
		str_clear(&payload);
		pack_u64(&payload, (uint64_t)i);
		pack_text(&payload, argv[0]);
		pack_text(&payload, argv[1]);
		pack_text(&payload, argv[2]);
		pack_bytes(&payload, message.p, message.n);
		chan_send(&worker.chan, POSTMAN_LETTER, (struct span){payload.p, payload.n});
		chan_flush_wait(&worker.chan, -1, &err);
		if (chan_next_wait(&worker.chan, &frame, (int)o.ms, &err) != 1)
			break;
		struct unpack u = {(const unsigned char *)frame.payload.p, frame.payload.n, false};
		unpack_u64(&u);
		unsigned sent = unpack_enum(&u, SENT_COUNT);
		uint32_t code = unpack_u32(&u);
		if (!o.quiet || i == o.times - 1)
			printf("%s %u %s\n", words[sent], code, unpack_text(&u, &arena));
		result = sent == SENT_OK ? 0 : 3;
	}
	worker_stop(&worker, 5000);
	str_release(&message);
	str_release(&payload);
	arena_release(&arena);
	return result;
}

static void print_check(const char *name, int result, const char *detail, const struct err *err)
{
	printf("%s: %s%s\n", name, result < 0 ? "wrong: " : "", result < 0 ? err->text : detail);
}

static int drive_check(const char *dir)
{
	struct arena arena = {0};
	struct config config;
	struct err err = {.text = ""};
	const char *detail = "";
	int result = config_load(dir, &arena, &config, &err);
	if (result < 0)
		print_check("config", result, detail, &err);
	for (size_t i = 0; result == 0 && i < config.n_mailboxes; i++) {
		int found = mail_check_mailbox(&config, &config.mailboxes[i], &arena, &detail, &err);
		print_check(config.mailboxes[i].name, found, detail, &err);
	}
	if (result == 0) {
		int found = mail_check_send(&config, &arena, &detail, &err);
		print_check("send", found, detail, &err);
	}
	arena_release(&arena);
	return result == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc == 7 && strcmp(argv[5], "--role") == 0)
		return strcmp(argv[6], "gate") == 0 ? gate_main(argv[4]) : postman_main(argv[4]);
	if (argc >= 4 && strcmp(argv[1], "gate") == 0)
		return drive_gate(argv[2], argv[3], argc - 4, argv + 4);
	if (argc >= 7 && strcmp(argv[1], "post") == 0)
		return drive_post(argv[2], argv + 3, argc - 3);
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return drive_check(argv[2]);
	fputs("usage: drive gate DIR MAILBOX … | drive post DIR SENDER RECIPIENT STEM FILE … | drive check DIR\n", stderr);
	return 64;
}
