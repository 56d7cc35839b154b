#include "gateway/decisions.h"

/* Decisions of an approver's that whoever runs the gateway types in: of the same force as by mail, told to the same people, and the
 * approver can take them back by answering. Here nothing is done by halves: what cannot be decided is an error. */

static int fill_item(struct answering *a, struct item *item, int64_t id)
{
	struct person owner;
	int found = store_entry(a->desk->store, id, a->desk->arena, &item->entry, a->err);
	if (found == 0)
		return err_set(a->err, "no entry %lld", (long long)id);
	if (found < 0 || store_person(a->desk->store, item->entry.person, a->desk->arena, &owner, a->err) < 0)
		return -1;
	item->teacher = owner.name;
	item->flag = item->entry.flag == NULL ? "" : item->entry.flag;
	if (item->entry.person == a->m->person->id)
		return err_set(a->err, "entry %lld is %s's own: nobody approves their own", (long long)id, a->m->person->name);
	if (item->entry.claim != CLAIM_WAITING && item->entry.claim != CLAIM_ASKED)
		return err_set(a->err, "entry %lld does not wait for approval: it is %s", (long long)id, claim_state_name(item->entry.claim));
	return 0;
}

static int fill_items(struct answering *a, const int64_t *entries, size_t n)
{
	a->approval = (struct approval){.approver = a->m->person->id, .asked_at = a->desk->now, .week = "", .n = n};
	a->approval.items = arena_alloc(a->desk->arena, (n + 1) * sizeof *a->approval.items);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			if (entries[k] == entries[i])
				return err_set(a->err, "entry %lld is named twice", (long long)entries[i]);
		a->approval.items[i].number = (int)i + 1;
		if (fill_item(a, &a->approval.items[i], entries[i]) < 0)
			return -1;
	}
	return store_add_approval(a->desk->store, &a->approval, a->err);
}

int decide_by_command(struct desk *desk, struct person *by, const int64_t *entries, size_t n, enum decision_verb verb, int minutes, const char *words,
                      struct err *err)
{
	struct matter m = {.person = by};
	struct answering a = {.desk = desk, .m = &m, .by_command = true, .err = err};
	struct plan_item what = {.named = true, .any = true, .verb = verb, .minutes = minutes, .words = words};
	if (fill_items(&a, entries, n) < 0)
		return -1;
	a.moment = arena_printf(desk->arena, "approval-%lld", (long long)a.approval.id);
	a.plan = arena_alloc(desk->arena, (n + 1) * sizeof *a.plan);
	for (size_t i = 0; i < n; i++) {
		a.plan[i] = what;
		if (carry_out(&a, &a.approval.items[i], &what) < 0)
			return -1;
	}
	return answer_approver(&a) < 0 || tell_teachers(&a) < 0 || tell_other_approvers(&a) < 0 ? -1 : 0;
}
