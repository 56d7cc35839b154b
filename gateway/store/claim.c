#include "gateway/store/store-sql.h"

/* Every line says what becomes of a claim: the state, and which figures hold from then on. */
enum figures { FIGURES_LINE, FIGURES_GRANT, FIGURES_KEEP, FIGURES_LAST_CLAIM, FIGURES_NOTHING };

static const struct outcome_of_verb {
	enum claim_state state;
	enum figures figures;
	bool reason; /* the line's reason replaces the entry's, when it has one */
} outcomes[] = {
	[LEDGER_CLAIM] = {CLAIM_WAITING, FIGURES_LINE, false},
	[LEDGER_APPROVE] = {CLAIM_APPROVED, FIGURES_GRANT, true},
	[LEDGER_DENY] = {CLAIM_DENIED, FIGURES_KEEP, true},
	[LEDGER_ASK] = {CLAIM_ASKED, FIGURES_KEEP, false},
	[LEDGER_UNDO] = {CLAIM_WAITING, FIGURES_LAST_CLAIM, false},
	[LEDGER_WITHDRAW] = {CLAIM_WITHDRAWN, FIGURES_NOTHING, true},
};
_Static_assert(sizeof outcomes / sizeof *outcomes == LEDGER_PLAN, "an outcome for each verb about an entry");

static const char *words(const char *s)
{
	return s == NULL ? "" : s;
}

struct claim claim_of_line(const struct ledger_line *line)
{
	return (struct claim){
		.state = line->credited > 0 ? CLAIM_WAITING : CLAIM_NONE,
		.actual = line->actual,
		.credited = line->credited,
		.reason = words(line->reason),
		.flag = words(line->flag),
	};
}

void claim_apply(struct claim *claim, const struct ledger_line *line, const struct claim *last)
{
	if (line->verb >= LEDGER_PLAN) /* said of a person: on an entry's line somebody has written it there */
		return;
	const struct outcome_of_verb *outcome = &outcomes[line->verb];
	struct claim before = *claim;
	switch (outcome->figures) {
	case FIGURES_LINE:
		*claim = claim_of_line(line);
		return;
	case FIGURES_LAST_CLAIM:
		*claim = *last;
		return;
	case FIGURES_GRANT:
		claim->credited = line->credited;
		break;
	case FIGURES_NOTHING:
		claim->credited = 0;
		break;
	case FIGURES_KEEP:
		break;
	}
	claim->state = outcome->state;
	if (outcome->reason && words(line->reason)[0] != '\0')
		claim->reason = line->reason;
	claim->flag = before.flag;
}

int claim_replay(struct store *store, int64_t entry, struct arena *arena, struct claim *claim, struct err *err)
{
	struct ledger lines;
	struct claim now = {.reason = "", .flag = ""}, last = now;
	if (store_ledger(store, 0, entry, arena, &lines, err) < 0)
		return -1;
	for (size_t i = 0; i < lines.n; i++) {
		claim_apply(&now, &lines.v[i], &last);
		if (lines.v[i].verb == LEDGER_CLAIM)
			last = now;
	}
	*claim = now;
	return 0;
}
