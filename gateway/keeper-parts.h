#ifndef GATEWAY_KEEPER_PARTS_H
#define GATEWAY_KEEPER_PARTS_H

#include "gateway/keeper.h"
#include "gateway/worker.h"

/* Between the keeper's files: keeper.c has the loop, keeper-serve.c the process under `plnpost run`. */

struct titles;

#define READERS 2                /* the second is started when the first has its hands full */
#define WINDOW ((size_t)2 << 20) /* bytes of mail inside the readers */
#define BATCH_MS 150             /* and no longer open than that while more is coming */

struct waiting { /* a mail inside the reader, in order */
	uint64_t ticket;
	size_t gate; /* index; NO_GATE by ingest */
	size_t reader;
	int64_t arrival, released;
	uint64_t uid;
	char *ident;
	struct waiting *next;
};
#define NO_GATE ((size_t)-1)

struct mark {
	size_t gate;
	char *ident;
};

struct helper { /* a gate or a postman and its restarts */
	struct worker worker;
	int64_t restart_at; /* clock_ms; 0 = runs, or is not wanted */
	int64_t backoff;
};

struct gate {
	struct helper helper;
	const struct mailbox_config *box;
	struct cursor cursor;
	bool cursor_moved, idle, stopping, finished;
};

struct postman {
	struct helper helper;
	size_t busy;
};

struct keeper {
	struct campus *campus;
	unsigned work;
	struct reader *readers[READERS]; /* NULL = not started */
	struct gate *gates;
	size_t n_gates;
	struct postman postmen[4];
	size_t n_postmen;
	struct titles *titles; /* NULL = none are fetched */
	int64_t titles_until;  /* of one pass; 0 = not begun */
	struct waiting *first, **last;
	uint64_t next_ticket;
	bool in_transaction, letters_wanted, stopping, released_wanted;
	size_t in_batch;
	int64_t batch_since;
	struct mark *marks;
	size_t n_marks, cap_marks;
	struct keeper_counts counts;
	struct chan control; /* to the supervisor; fd -1 when there is none */
	bool reload;
	int64_t due_at, alive_at;
};

/* ---- keeper-batch.c: transactions, opened by the first change; after the commit the gates are told what to mark */
int keeper_begin(struct keeper *, struct err *);
int keeper_commit(struct keeper *, struct err *);

/* ---- keeper-mail.c: mails into the readers, and what came of them */
int keeper_start_reader(struct keeper *, struct err *);
void keeper_stop_readers(struct keeper *);
size_t keeper_load(const struct keeper *);                                          /* bytes of mail inside the readers */
void keeper_read(struct keeper *, const struct waiting *, struct span raw);         /* hands a mail to the reader with the least to do */
int keeper_work_readers(struct keeper *, struct err *);                             /* 1 something was done, 0, -1; as the other work functions */
int keeper_read_released(struct keeper *, struct err *);

/* ---- keeper-gate.c */
void keeper_later(struct helper *);                                                 /* sets when a helper that died is started again */
int keeper_tell_operator(struct keeper *, const char *what, const char *name, const char *text, const char *mend, struct err *);
int keeper_work_gate(struct keeper *, size_t index, struct err *);                  /* -1: the log failed (a gate that fails is started again) */

/* ---- keeper-letter.c */
int keeper_letters_due(struct keeper *, struct err *);                              /* 1, 0, -1 */
int keeper_work_postman(struct keeper *, struct postman *, struct err *);

/* ---- keeper.c: the loop */
int keeper_work(struct keeper *, struct err *);                                     /* one round over everybody */
void keeper_wait(struct keeper *, int64_t until);                                   /* for the first thing that can be done, at most until then (clock_ms) */

#endif
