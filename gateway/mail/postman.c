#include <sys/socket.h>
#include <sysexits.h>

#include "gateway/log.h"
#include "gateway/mail/mail.h"
#include "gateway/mail/maildir.h"
#include "gateway/mail/smtp.h"
#include "gateway/pack.h"
#include "gateway/worker.h"

/* Delivers what the keeper hands it, one letter at a time, and says what became of it. */

struct postman {
	struct chan chan;
	struct arena arena;
	struct config config;
	struct mail_url url;
	struct smtp *smtp;   /* NULL for a Maildir */
	const char *maildir; /* NULL for SMTP */
	struct str detail;
};

struct posted {
	uint64_t ticket;
	const char *sender, *recipient, *stem;
	struct span message;
};

static enum sent to_maildir(struct postman *p, const struct posted *letter)
{
	struct err err = {0};
	int done = maildir_make(p->maildir, &err);
	if (done == 0)
		done = maildir_deliver(p->maildir, letter->stem, letter->sender, letter->recipient, letter->message, &err);
	if (done < 0)
		str_puts(&p->detail, err.text);
	else
		str_puts(&p->detail, done == 1 ? "delivered" : "was delivered before");
	return done < 0 ? SENT_LATER : SENT_OK;
}

static void say_done(struct postman *p, uint64_t ticket, enum sent sent, unsigned code)
{
	struct str payload = {0};
	pack_u64(&payload, ticket);
	pack_u8(&payload, sent);
	pack_u32(&payload, code);
	pack_text(&payload, str_c(&p->detail));
	chan_send(&p->chan, POSTMAN_DONE, (struct span){payload.p, payload.n});
	str_release(&payload);
}

/* 0; -1 when the frame is no letter. */
static int deliver(struct postman *p, const struct frame *frame)
{
	struct arena arena = {0};
	struct unpack u = {(const unsigned char *)frame->payload.p, frame->payload.n, false};
	struct posted letter = {.ticket = unpack_u64(&u)};
	letter.sender = unpack_text(&u, &arena);
	letter.recipient = unpack_text(&u, &arena);
	letter.stem = unpack_text(&u, &arena);
	letter.message = unpack_bytes(&u);
	int result = -1;
	if (frame->type == POSTMAN_LETTER && unpack_done(&u) && letter.recipient != NULL) {
		unsigned code = 0;
		enum sent sent;
		letter.sender = letter.sender == NULL ? "" : letter.sender;
		str_clear(&p->detail);
		if (p->maildir != NULL)
			sent = to_maildir(p, &(struct posted){letter.ticket, letter.sender, letter.recipient,
			                                      letter.stem == NULL || letter.stem[0] == '\0' ? "letter" : letter.stem, letter.message});
		else
			sent = smtp_send(p->smtp, letter.sender, letter.recipient, letter.message, &code, &p->detail);
		say_done(p, letter.ticket, sent, code);
		result = 0;
	}
	arena_release(&arena);
	return result;
}

/* The keeper is gone: nobody will hear what becomes of a letter that has not begun. */
static bool is_orphan(void *ctx)
{
	const struct postman *p = ctx;
	char byte;
	return recv(p->chan.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static int begin(struct postman *p, const char *dir, struct err *err)
{
	if (config_load(dir, &p->arena, &p->config, err) < 0)
		return -1;
	if (mail_url_parse(p->config.send_url, MAIL_OUT, p->config.send_cleartext, &p->arena, &p->url, err) < 0)
		return err_prefix(err, "[send] url: ");
	if (p->url.scheme == MAIL_MAILDIR) {
		p->maildir = config_path(&p->config, &p->arena, p->url.path);
		return 0;
	}
	p->smtp = smtp_open(&p->config, &p->url, NULL, err);
	if (p->smtp == NULL)
		return -1;
	smtp_give_up_when(p->smtp, is_orphan, p);
	return 0;
}

static int serve(struct postman *p, struct err *err)
{
	struct frame frame;
	for (;;) {
		if (chan_next_wait(&p->chan, &frame, -1, err) < 0)
			return EX_OK; /* the keeper is gone */
		if (frame.type == POSTMAN_STOP)
			return EX_OK;
		if (deliver(p, &frame) < 0) {
			err_set(err, "a frame from the keeper was not understood");
			return EX_SOFTWARE;
		}
		if (chan_flush_wait(&p->chan, -1, err) < 0)
			return EX_OK;
	}
}

int postman_main(const char *dir)
{
	struct postman p = {.detail = {.max = 2000}};
	struct err err = {0};
	int code = EX_CONFIG;
	log_setup("postman", LOG_LINE_INFO);
	chan_init(&p.chan, WORKER_FD);
	if (begin(&p, dir, &err) == 0)
		code = serve(&p, &err);
	if (code != EX_OK)
		log_say(LOG_LINE_ERROR, "postman", err.text);
	smtp_close(p.smtp);
	chan_close(&p.chan);
	str_release(&p.detail);
	arena_release(&p.arena);
	return code;
}
