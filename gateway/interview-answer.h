#ifndef GATEWAY_INTERVIEW_ANSWER_H
#define GATEWAY_INTERVIEW_ANSWER_H

#include "gateway/interview.h"
#include "rules/said-interview.h"

/* Between the files that carry out what an approver answers to an evidence pack: do-interview.c (signed, not yet), -time.c, -undo.c. */
struct interview_answer {
	struct desk *desk;
	struct matter *m;
	struct interview iv; /* the latest of that person and year */
	struct person teacher;
	struct said_interview said;
	int32_t from, to;
	char year[16];
	int granted;         /* minutes of this year's package, recorded */
	struct err *err;
};

/* Letters: to anybody it concerns; to the one who answered; a question back, with nothing changed; to the others who may sign. 0, -1. */
int interview_tell(struct interview_answer *, const struct person *to, const char *what, const struct answer *, const struct mail_part *);
int interview_say(struct interview_answer *, const char *what, const char *subject, const char *line, const char *reply_one, const char *reply_two);
int interview_ask(struct interview_answer *, const char *question);
int interview_tell_others(struct interview_answer *, const char *what, const char *subject, const char *line);
const char *interview_decider(const struct interview_answer *); /* "Kim Office for Pat Principal" */
int interview_stored_decider(struct interview_answer *, const char **name);
void interview_decide(struct interview_answer *, enum interview_state, const char *words);
bool interview_recorded(const struct interview_answer *);

int interview_slot(struct interview_answer *); /* "2" */
int interview_time(struct interview_answer *); /* "Thursday 3pm" */
int interview_undo(struct interview_answer *);

#endif
