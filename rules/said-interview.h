#ifndef RULES_SAID_INTERVIEW_H
#define RULES_SAID_INTERVIEW_H

#include "rules/arena.h"
#include "rules/days.h"
#include "rules/str.h"

/* What an approver answers to an evidence pack. Whatever is doubtful, contradicts itself or is nothing of this is SAYS_UNCLEAR:
 * then nothing changes and one question goes back. */
enum interview_says {
	SAYS_UNCLEAR,
	SAYS_SIGNED,  /* "signed", "Signed, great!", "ok, signed off", "unterschrieben" */
	SAYS_NOT_YET, /* "not yet: two examples are one": words holds the reason, "" = none */
	SAYS_TIME,    /* "Thursday 3pm", "24 Nov 15:30": day and minute; minute -1 = the day alone */
	SAYS_SLOT,    /* "2", "slot 2 please": slot */
	SAYS_UNDO,
};
struct said_interview {
	enum interview_says says;
	const char *words;
	int32_t day; /* local */
	int minute, slot;
};
/* own: the sender's own new words; today: the local day they were written on. */
void said_interview(struct said_interview *, const char *own, int32_t today, struct arena *);

#endif
