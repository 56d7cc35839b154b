#include <stddef.h>

#include "rules/plan.h"
#include "rules/reading.h"
#include "rules/ruleset.h"

/* The names that people, JSON and the log store see; each table covers its enum. */
#define NAMES(function, type, count, ...) \
	const char *function(enum type value) \
	{ \
		static const char *const names[] = {__VA_ARGS__}; \
		_Static_assert(sizeof names / sizeof *names == (count), "a name for each"); \
		return (size_t)value < (count) ? names[value] : ""; \
	}

NAMES(mail_kind_name, mail_kind, MAIL_KIND_COUNT, "note", "forward", "reply", "newsletter", "transactional", "confirmation",
      "auto-reply", "bounce", "delay-warning", "dsn-success", "feedback", "challenge")
NAMES(link_where_name, link_where, WHERE_COUNT, "own", "forwarded", "quoted")
NAMES(link_role_name, link_role, ROLE_COUNT, "content", "unsubscribe", "view-online", "preferences", "share", "social", "app",
      "pixel", "image")
NAMES(auth_verdict_name, auth_verdict, 3, "none", "pass", "fail")
NAMES(plan_state_name, plan_state, PLAN_STATE_COUNT, "draft", "waiting", "asked", "approved", "denied", "replaced")
NAMES(person_role_name, person_role, PERSON_ROLE_COUNT, "teacher", "approver", "auditor", "guest", "operator")
NAMES(wish_name, wish, WISH_COUNT, "first", "always", "digest", "never")
NAMES(rhythm_name, rhythm, RHYTHM_COUNT, "weekly", "monthly", "never")
NAMES(claim_state_name, claim_state, CLAIM_COUNT, "none", "waiting", "approved", "denied", "asked", "withdrawn")
NAMES(claim_flag_name, claim_flag, CLAIM_FLAG_COUNT, "over-cap", "no-certificate", "unusual", "first-of-kind", "duplicate",
      "unverified", "changed")
NAMES(action_name, action, ACTION_COUNT, "log", "hold", "command", "approve", "source", "record", "ignore", "quarantine")
NAMES(command_name, command_verb, COMMAND_COUNT, "status", "find", "show", "list", "undo", "private", "share", "star", "help",
      "pause", "resume", "yes", "no", "thanks", "receipts", "plan", "goal", "ready", "export", "reopen", "delegate")

bool mail_kind_is_machine(enum mail_kind kind)
{
	return kind >= MAIL_AUTO_REPLY;
}
