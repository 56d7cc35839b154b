#include "gateway/approvals-overdue.h"

/* Keeps the open items that were not reminded of yet. */
static int keep_new(struct overdue *o, struct approval *approval, struct err *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < approval->n; i++) {
		struct asked_approver mine = {0}, *all;
		size_t n;
		if (!overdue_open(&approval->items[i].entry))
			continue;
		if (overdue_asked(o, &approval->items[i].entry, &mine, &all, &n, err) < 0)
			return -1;
		if (!mine.reminded)
			approval->items[kept++] = approval->items[i];
	}
	approval->n = kept;
	return 0;
}

static int post_reminder(struct overdue *o, const struct approval *approval, struct err *err)
{
	struct arena *arena = o->desk.arena;
	struct approval_letter value;
	struct frame_facts facts;
	struct letter letter;
	struct stored_letter first;
	int found = store_letter_of_approval(o->desk.store, approval->id, arena, &first, err);
	struct post post = {.purpose = LETTER_REMINDER, .person = o->approver, .approval = approval->id, .follows = found > 0 ? first.message_id : NULL,
	                    .key = arena_printf(arena, "reminder:%lld", (long long)approval->id)};
	if (found < 0)
		return -1;
	approval_value(&o->desk, o->approver, approval, true, &value);
	value.reminder = true;
	value.lead = arena_printf(arena, "You were asked about this on %s, and it is still open. The numbers are those of that letter.", overdue_day(o, approval->asked_at));
	post_address(&o->desk, &post, &facts);
	if (letter_approval(&letter, &o->desk.campus->templates, &facts, &value, arena, err) < 0)
		return -1;
	int queued = post_letter(&o->desk, &post, &letter, err);
	o->written += queued > 0;
	return queued < 0 ? -1 : 0;
}

static int remind_of(struct overdue *o, int64_t id, struct err *err)
{
	struct approval approval;
	int found = store_approval(o->desk.store, id, o->desk.arena, &approval, err);
	if (found <= 0 || keep_new(o, &approval, err) < 0)
		return found == 0 ? 0 : -1;
	return approval.n == 0 ? 0 : post_reminder(o, &approval, err);
}

/* What was asked last, in one letter or in several parts, lists what earlier ones left open: one reminder of it is enough. */
int overdue_remind(struct overdue *o, struct err *err)
{
	int64_t last = o->due[o->n - 1]->asked_at;
	for (size_t i = 0; o->approver != NULL && overdue_decides(o->approver) && i < o->n; i++)
		if (o->due[i]->asked_at == last && remind_of(o, o->due[i]->id, err) < 0)
			return -1;
	for (size_t i = 0; i < o->n; i++)
		if (store_set_overdue(o->desk.store, o->due[i]->id, false, o->desk.now, err) < 0)
			return -1;
	return 0;
}
