#include <inttypes.h>

#include "digest/draft.h"

/* "20 min, 15 credited (talk rule)": what was done and what it counts for. */
static const char *minutes_words(struct arena *arena, const struct entry *e, bool credit)
{
	int actual = e->actual > 0 ? e->actual : e->minutes;
	if (!credit)
		return e->minutes > 0 ? minutes_text(arena, e->minutes) : "";
	if (actual <= 0 && e->credited <= 0)
		return "";
	if (e->credited == actual)
		return minutes_text(arena, actual);
	const char *reason = reason_words(e->reason);
	const char *credited = e->credited < 60 ? arena_printf(arena, "%d", e->credited) : minutes_text(arena, e->credited);
	return arena_printf(arena, "%s, %s credited%s%s%s", minutes_text(arena, actual > 0 ? actual : 0), credited,
	                    reason[0] != '\0' ? " (" : "", reason, reason[0] != '\0' ? ")" : "");
}

/* What follows the title: "shared, 1 min". A plain note shared with colleagues needs no more words than its minutes. */
static const char *new_words(struct arena *arena, const struct receipt *r)
{
	const struct entry *e = r->entry;
	struct strs parts = {0};
	const char *minutes = minutes_words(arena, e, r->credit);
	if (e->starred)
		strs_add(&parts, arena, "⭐");
	if (e->nocredit)
		strs_add(&parts, arena, "for you alone");
	else if (e->is_private)
		strs_add(&parts, arena, "hidden from colleagues");
	else if (e->n_links > 0 || minutes[0] == '\0')
		strs_add(&parts, arena, "shared");
	if (minutes[0] != '\0')
		strs_add(&parts, arena, minutes);
	return join(arena, &parts, ", ");
}

/* A change reads as "1043 is hidden …" when it says what the entry is now, as "1042: ⭐" when it is a thing. */
static bool is_state(const char *change)
{
	static const char *const states[] = {"hidden ", "shared ", "taken ", "now ", "back ", "no longer "};
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (span_starts(span_of(change), states[i]))
			return true;
	return false;
}

static bool is_minutes(struct arena *arena, const char *change, const struct entry *e)
{
	return strcmp(change, minutes_text(arena, e->minutes)) == 0 || strcmp(change, minutes_text(arena, e->actual)) == 0;
}

/* "10 min logged and credited", "20 min logged, 15 credited (talk rule)", "10 min logged" */
static const char *logged_words(struct arena *arena, const char *minutes, const struct receipt *r)
{
	const struct entry *e = r->entry;
	if (!r->credit)
		return arena_printf(arena, "%s logged", minutes);
	if (e->credited == e->actual)
		return arena_printf(arena, "%s logged and credited", minutes);
	const char *reason = reason_words(e->reason);
	return arena_printf(arena, "%s logged, %d credited%s%s%s", minutes, e->credited, reason[0] != '\0' ? " (" : "", reason,
	                    reason[0] != '\0' ? ")" : "");
}

static const char *amended_words(struct arena *arena, const struct receipt *r)
{
	struct strs things = {0}, states = {0};
	bool counted = false;
	for (size_t i = 0; r->changes != NULL && i < r->changes->n; i++) {
		const char *change = r->changes->v[i];
		if (is_state(change)) {
			strs_add(&states, arena, change);
		} else if (!counted && is_minutes(arena, change, r->entry)) {
			counted = true;
			strs_add(&things, arena, logged_words(arena, change, r));
		} else {
			strs_add(&things, arena, change);
		}
	}
	if (things.n > 0 && !counted && r->credit && r->entry->credited > 0)
		strs_add(&things, arena, arena_printf(arena, "%s credited", minutes_text(arena, r->entry->credited)));
	const char *state = join(arena, &states, ", "), *thing = join(arena, &things, ", ");
	if (things.n == 0)
		return states.n == 0 ? " stays as it was" : arena_printf(arena, " is %s", state);
	return arena_printf(arena, ": %s%s%s", thing, states.n > 0 ? "; " : "", state);
}

int letter_receipt(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct receipt *r,
                   struct arena *arena, struct err *err)
{
	struct draft d;
	const struct entry *e = r->entry;
	draft_begin(&d, templates, facts, arena);
	draft_entry(&d, d.root, e);
	set_flag(d.root, "undone", r->undone);
	set_flag(d.root, "amended", r->amended && !r->undone);
	set_flag(d.root, "new", !r->amended && !r->undone);
	set_flag(d.root, "other_day", e->day != DAY_NONE && e->day != facts->today);
	const char *words = new_words(arena, r);
	set_flag(d.root, "titled", e->n_links > 0 || minutes_words(arena, e, r->credit)[0] == '\0');
	set_text(d.root, "words", words);
	set_text(d.root, "changed", amended_words(arena, r));
	set_flag(d.root, "offer_star", !e->starred && e->n_links > 0);
	set_text(d.root, "flag", r->credit ? e->flag : "");
	draft_lines(&d, "remarks", r->remarks);
	draft_ready(&d, d.root, "ready_star", "star");
	draft_ready(&d, d.root, "ready_undo", "undo");
	return draft_write(&d, "receipt", letter, err);
}
