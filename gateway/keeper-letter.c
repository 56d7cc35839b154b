#include "gateway/keeper-parts.h"

#include <stdio.h>

#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/pack.h"

#define LEASE 1900               /* seconds that a postman has for the letters in its hands: 15 minutes each at most */
#define LETTERS_EACH 2           /* in a postman's hands at once */

static void log_letter(const struct stored_letter *l, enum sent sent, uint32_t code, const char *detail)
{
	static const char *const words[] = {"sent", "later", "refused", "maybe"};
	log_begin(sent == SENT_OK ? LOG_LINE_INFO : LOG_LINE_WARNING, "letter");
	log_int("id", l->id);
	log_text("purpose", letter_purpose_name(l->purpose));
	log_text("to", l->recipient);
	log_text("result", words[sent]);
	log_int("try", l->tries);
	if (code != 0)
		log_int("code", code);
	if (sent != SENT_OK)
		log_text("why", detail);
	log_end();
}

/* 5 min, doubling, at most 6 h. */
static int64_t retry_after(int tries)
{
	int64_t wait = 300;
	for (int i = 1; i < tries && wait < 6 * 3600; i++)
		wait *= 2;
	return wait > 6 * 3600 ? 6 * 3600 : wait;
}

static int letter_done(struct keeper *k, int64_t id, enum sent sent, uint32_t code, const char *detail, struct err *err)
{
	struct arena arena = {0};
	struct stored_letter l;
	int64_t now = clock_now();
	struct desk desk = {k->campus, k->campus->store, &arena, now};
	int result = keeper_begin(k, err) < 0 ? -1 : store_letter(k->campus->store, id, &arena, &l, err);
	if (result > 0) {
		bool over = now - l.created_at > k->campus->config.give_up_seconds;
		log_letter(&l, sent, code, detail);
		if (sent == SENT_OK)
			result = store_letter_sent(k->campus->store, id, now, detail, err);
		else if (sent == SENT_REFUSED || over)
			result = store_letter_failed(k->campus->store, id, now, detail, err);
		else
			result = store_letter_later(k->campus->store, id, now + (sent == SENT_MAYBE ? 60 : retry_after(l.tries)), detail, err);
		if (result == 0 && sent == SENT_REFUSED)
			result = note_bounce(&desk, &l, true, err);
		else if (result == 0 && sent != SENT_OK && over && l.purpose != LETTER_TROUBLE)
			result = keeper_tell_operator(k, "letters", "to be delivered", detail, "A letter was tried for days and is given up; plnpost log --letters shows which.", err);
		k->counts.letters_sent += sent == SENT_OK;
		k->counts.letters_failed += sent == SENT_REFUSED || (sent != SENT_OK && over);
		k->counts.letters_later += sent != SENT_OK && sent != SENT_REFUSED && !over;
	}
	arena_release(&arena);
	return result < 0 ? -1 : 0;
}

static int postman_frame(struct keeper *k, struct postman *p, const struct frame *f, struct err *err)
{
	struct arena arena = {0};
	struct unpack u = {(const unsigned char *)f->payload.p, f->payload.n, false};
	int64_t ticket = (int64_t)unpack_u64(&u);
	enum sent sent = (enum sent)unpack_enum(&u, SENT_COUNT);
	uint32_t code = unpack_u32(&u);
	const char *detail = unpack_text(&u, &arena);
	int result = f->type != POSTMAN_DONE || u.bad ? err_set(err, "a postman sent a broken frame")
	                                              : letter_done(k, ticket, sent, code, detail == NULL ? "" : detail, err);
	if (p->busy > 0)
		p->busy--;
	p->helper.backoff = 0;
	k->letters_wanted = true;
	if (sent != SENT_OK && detail != NULL)
		err_later(&k->counts.trouble, "%s", detail);
	arena_release(&arena);
	return result;
}

static void hand_over(struct postman *p, const struct stored_letter *l)
{
	struct str payload = {.max = CHAN_MAX};
	char stem[64];
	snprintf(stem, sizeof stem, "%lld.%.25s", (long long)l->id, l->message_id);
	pack_u64(&payload, (uint64_t)l->id);
	pack_text(&payload, l->envelope_from);
	pack_text(&payload, l->recipient);
	pack_text(&payload, stem);
	pack_bytes(&payload, l->bytes.p, l->bytes.n);
	chan_send(&p->helper.worker.chan, POSTMAN_LETTER, (struct span){payload.p, payload.n});
	str_release(&payload);
	p->busy++;
}

/* `sending` is committed before the postman hears of a letter. */
static int claim_letters(struct keeper *k, struct postman *p, struct err *err)
{
	struct arena arena = {0};
	struct stored_letter *v = NULL;
	size_t n = 0;
	int64_t now = clock_now();
	int result = keeper_begin(k, err);
	if (result == 0)
		result = store_claim_letters(k->campus->store, now, now + LEASE, (int)(LETTERS_EACH - p->busy), &arena, &v, &n, err);
	if (result >= 0)
		result = keeper_commit(k, err);
	for (size_t i = 0; result >= 0 && i < n; i++)
		hand_over(p, &v[i]);
	if (n == 0)
		k->letters_wanted = false;
	arena_release(&arena);
	return result < 0 ? -1 : n > 0;
}

int keeper_letters_due(struct keeper *k, struct err *err)
{
	int64_t at = 0;
	int found = store_next_letter_at(k->campus->store, &at, err);
	return found < 0 ? -1 : found > 0 && at <= clock_now();
}

static void postman_ended(struct keeper *k, struct postman *p)
{
	char text[64];
	int status = worker_stop(&p->helper.worker, 1000);
	if (p->busy > 0 || !k->stopping) {
		log_begin(LOG_LINE_WARNING, "postman-ended");
		log_text("status", worker_status_text(status, text));
		log_int("letters", (int64_t)p->busy);
		log_end();
	}
	p->helper.worker.pid = 0;
	p->busy = 0; /* their leases run out, then they are tried again under the same Message-ID */
	keeper_later(&p->helper);
	if (!(k->work & KEEPER_FOREVER))
		err_later(&k->counts.trouble, "a postman ended early: %s", worker_status_text(status, text));
}

int keeper_work_postman(struct keeper *k, struct postman *p, struct err *err)
{
	struct frame frame;
	struct err why;
	int done = 0;
	if (p->helper.worker.pid == 0) {
		if (k->stopping || clock_ms() < p->helper.restart_at)
			return 0;
		int due = keeper_letters_due(k, err);
		if (due <= 0)
			return due;
		if (worker_start(&p->helper.worker, "postman", k->campus->config.dir, err) < 0)
			return -1;
	}
	for (;;) {
		int got = chan_next(&p->helper.worker.chan, &frame, &why);
		if (got < 0) {
			postman_ended(k, p);
			return 1;
		}
		if (got == 0)
			break;
		if (postman_frame(k, p, &frame, err) < 0)
			return -1;
		done = 1;
	}
	if (k->letters_wanted && !k->stopping && p->busy < LETTERS_EACH / 2 + 1) {
		int claimed = claim_letters(k, p, err);
		if (claimed < 0)
			return -1;
		done |= claimed;
	}
	if (chan_flush(&p->helper.worker.chan, &why) < 0) {
		postman_ended(k, p);
		return 1;
	}
	return done;
}
