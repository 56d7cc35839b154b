#include "gateway/desk.h"

#define HARD_BOUNCES_MAX 3 /* in 30 days: then the person is paused */
#define FOR_EVER (100LL * 366 * 86400)

static int pause_person(struct desk *desk, int64_t id, const char *recipient, struct err *err)
{
	struct person p;
	int found = id == 0 ? 0 : store_person(desk->store, id, desk->arena, &p, err);
	if (found <= 0 || p.paused_until > desk->now)
		return found < 0 ? -1 : 0;
	p.paused_until = desk->now + FOR_EVER;
	p.paused_why = "bounces";
	if (store_put_person(desk->store, &p, err) < 0)
		return -1;
	struct strs lines = {0};
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "%s: %d letters came back as undeliverable within 30 days, so nothing more is sent there.", recipient, HARD_BOUNCES_MAX));
	strs_add(&lines, desk->arena, "Mend the address in the roster (plnpost people); a mail with the word resume from it starts the letters again.");
	return post_trouble(desk, arena_printf(desk->arena, "trouble:bounces:%lld:%lld", (long long)id, (long long)(desk->now / 86400)), "Letters to an address come back", &lines, err);
}

/* A letter that came back to its own VERP address; or that the server refused for good. */
int note_bounce(struct desk *desk, const struct stored_letter *letter, bool hard, struct err *err)
{
	int recent = 0;
	if (store_note_bounce(desk->store, letter->id, hard, desk->now, &recent, err) < 0)
		return -1;
	return recent >= HARD_BOUNCES_MAX ? pause_person(desk, letter->person, letter->recipient, err) : 0;
}

int do_bounce(struct desk *desk, const struct reading *r, struct err *err)
{
	struct stored_letter letter;
	char token[TOKEN_CHARS + 1];
	bool to_bounce_address;
	if (r->kind != MAIL_BOUNCE || !post_find_token(desk->campus, &r->recipients, token, &to_bounce_address) || !to_bounce_address)
		return 0;
	int found = store_letter_by_token(desk->store, token, desk->now, desk->arena, &letter, err);
	if (found <= 0)
		return found;
	bool hard = r->n_reports == 0;
	for (size_t i = 0; i < r->n_reports; i++)
		hard = hard || r->reports[i].hard;
	return note_bounce(desk, &letter, hard, err);
}
