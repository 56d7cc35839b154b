#ifndef GATEWAY_READ_CLIENT_H
#define GATEWAY_READ_CLIENT_H

#include "gateway/worker.h"
#include "rules/reading.h"

/* The reader process as its users see it: mails go in, readings come out in the same order. A reader that dies or
 * stalls is started again and given the same mail once more; if it dies again the mail is answered with `killed`. */

struct read_setup { /* copied to the reader before its cage closes */
	struct strs authservs, campus, sealers;
	const char *rules_name;  /* for messages */
	struct span rules;       /* text of the ruleset */
	struct span links;       /* text of the campus's own link rules, may be empty */
	size_t max_mail;         /* bytes; a larger mail is read up to there, with a defect */
	int seconds;             /* CPU and wall time for one mail; 0 = the default 10 */
	int memory_mb;           /* 0 = the default 512 */
	int renew_after;         /* mails; 0 = the default 2000 */
};

struct reader;

struct reader *reader_open(const struct read_setup *, struct err *); /* NULL: err filled */
void reader_close(struct reader *);

/* How many bytes of mail are inside. A caller keeps sending while it is below its window. */
size_t reader_load(const struct reader *);
/* Gives a mail; the bytes are copied (kept until it is answered, for the second try). ticket comes back with the answer. */
void reader_send(struct reader *, uint64_t ticket, struct span raw);

struct read_answer {
	uint64_t ticket;
	bool killed;          /* it killed or stalled the reader twice; why says how */
	const char *why;
	struct reading reading; /* when not killed; memory in the arena given */
	struct span raw;        /* the mail itself, as the client kept it; valid until the next reader_ call */
};

/* The next answer: 1; 0 none within ms (0: do not wait, -1: wait as long as a mail may take); -1 no reader can be started. */
int reader_next(struct reader *, int ms, struct arena *, struct read_answer *, struct err *);
/* For a caller's poll(): the descriptor to wait on for answers, -1 = none, and when (clock_ms) to call again at the latest. */
int reader_fd(const struct reader *, bool *want_write, int64_t *deadline);

/* What the process itself does: plnpost --role reader. Answers the exit code. */
int reader_main(void);

#endif
