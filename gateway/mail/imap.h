#ifndef GATEWAY_MAIL_IMAP_H
#define GATEWAY_MAIL_IMAP_H

#include <libetpan/libetpan.h>

#include "gateway/mail/connect.h"
#include "gateway/mail/source.h"

/* Private to imap*.c: libetpan's types stay in these files. */

/* ---- imap-stream.c: libetpan's bytes over a verified connection, with a deadline, a byte budget and a watch on what the
 * server announces, because libetpan believes every length. */
struct imap_stream {
	struct connection *connection;
	const struct source *source; /* whose channel is watched in waits */
	bool dead, greeted;
	int64_t deadline;            /* clock_ms() by which the command in hand must be done */
	int64_t silence_ms;          /* longest wait for one byte */
	uint64_t budget;             /* bytes it may still bring */
	uint64_t literal_most;
	/* the watch */
	uint64_t literal_left, line;
	unsigned depth;
	char tail[24];
	size_t tail_n;
	/* what was read ahead to see whether something is there */
	char ahead[16640];
	size_t ahead_at, ahead_n;
	struct err why;              /* of its death; "" unknown */
};

mailstream *imap_stream_open(struct imap_stream *);
/* A new command: so long, and so many bytes. */
void imap_stream_allow(struct imap_stream *, int64_t ms, uint64_t bytes);
/* Waits for the server's next byte: 1 there is one, 0 the channel wants attention or the time is over, -1 dead. */
int imap_stream_await(struct imap_stream *, int64_t ms);
int imap_stream_die(struct imap_stream *, const char *format, ...) __attribute__((format(printf, 2, 3))); /* -1 */

/* ---- the session */
struct imap {
	struct arena arena;
	const char *folder;       /* as on the wire */
	mailimap *session;
	struct imap_stream stream;
	bool can_idle, can_move, can_expunge, can_flag;
	bool told_no_flag, told_no_expunge; /* each trouble once */
	uint32_t exists;          /* when last looked */
	/* what waits to be fetched */
	uint32_t *uids;
	size_t n, at;
	/* the batch in hand */
	const uint32_t *batch;
	size_t batch_n;
	bool *got;
	struct err handing;       /* why the gate took no more */
	bool refused;
	/* a mail whose fetch broke the connection */
	uint32_t suspect;
	int attempts;
};

int imap_failed(struct source *, const char *doing, int result, struct err *); /* fills err from the stream or the server's words; -1 */
bool imap_alive(int result);  /* the server answered NO or BAD, and the connection still stands */
void imap_begin(struct source *); /* a short command follows */
#define IMAP_COMMAND_BYTES ((uint64_t)32 << 20)
#define IMAP_SLACK 65536 /* beyond a mail's own bytes, for what surrounds it */
int64_t imap_scaled(const struct source *, int64_t ms); /* shorter where a test has no patience */

int64_t imap_list(struct source *, struct err *); /* imap-fetch.c */
int imap_fetch(struct source *, struct err *);
struct mailimap_set *imap_set(const uint32_t *uids, size_t n); /* of uids in ascending order */
int imap_uid_order(const void *, const void *);                /* for qsort */
int imap_mark(struct source *, const struct strs *idents, struct err *); /* imap-mark.c */
int imap_check_move_to(struct source *, struct err *); /* is there, or was made: 0, or -1 */

#endif
