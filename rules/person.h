#ifndef RULES_PERSON_H
#define RULES_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "rules/str.h"

enum person_role { ROLE_TEACHER, ROLE_APPROVER, ROLE_AUDITOR, ROLE_GUEST, ROLE_OPERATOR, PERSON_ROLE_COUNT };
enum wish { WISH_FIRST, WISH_ALWAYS, WISH_DIGEST, WISH_NEVER, WISH_COUNT }; /* receipts: for the first five entries, … */
enum rhythm { RHYTHM_WEEKLY, RHYTHM_MONTHLY, RHYTHM_NEVER, RHYTHM_COUNT }; /* digests */

const char *person_role_name(enum person_role); /* teacher, approver, auditor, guest, operator */
const char *wish_name(enum wish);               /* first, always, digest, never */
const char *rhythm_name(enum rhythm);           /* weekly, monthly, never */

/* One line of the roster. */
struct person {
	int64_t id; /* 0 = not stored yet */
	const char *name;
	struct strs addresses; /* lower case; the first is where letters go */
	struct strs shared;    /* those of them that others write from too: such a mail must say whose it is */
	enum person_role role;
	const char *zone;      /* IANA; NULL = the campus's */
	const char *approver;  /* address of the one who approves for them; NULL = every approver */
	enum wish receipts;
	enum rhythm digest;
	int64_t paused_until;  /* UTC seconds; 0 = not paused */
	const char *paused_why; /* "bounces" when we paused them; NULL */
	int32_t joined;        /* first day on the campus; 0 = has always been there */
	bool left;             /* no longer on the campus: records stay */
	bool removed;          /* taken out on request: only figures stay */
};

#endif
