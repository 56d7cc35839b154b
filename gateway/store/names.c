#include "gateway/store/store.h"

const char *ledger_verb_name(enum ledger_verb verb)
{
	static const char *const names[] = {"claim", "approve", "deny", "ask", "undo", "withdraw", "plan", "grant", "revoke", "reopen", "merge", "redact"};
	_Static_assert(sizeof names / sizeof *names == LEDGER_VERB_COUNT, "a name for each");
	return names[verb];
}

const char *letter_purpose_name(enum letter_purpose purpose)
{
	static const char *const names[] = {"receipt", "answer", "digest", "approval", "outcome", "question", "trouble", "plan", "interview", "reminder", "report"};
	_Static_assert(sizeof names / sizeof *names == LETTER_PURPOSE_COUNT, "a name for each");
	return names[purpose];
}

const char *letter_state_name(enum letter_state state)
{
	static const char *const names[] = {"queued", "sending", "sent", "failed"};
	_Static_assert(sizeof names / sizeof *names == LETTER_STATE_COUNT, "a name for each");
	return names[state];
}
