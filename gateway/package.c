#include "gateway/interview.h"

#define LISTED 400 /* entries of a list in the paper */
#define ALL 20000

static size_t count_words(const char *text)
{
	size_t n = 0;
	for (const char *p = text; *p != '\0';) {
		p += strspn(p, " \t\r\n");
		n += *p != '\0';
		p += strcspn(p, " \t\r\n");
	}
	return n;
}

/* Hidden from colleagues, the approver sees it only if it was claimed (mission L5). */
static bool approver_sees(const struct entry *e)
{
	bool claimed = e->claim == CLAIM_WAITING || e->claim == CLAIM_APPROVED || e->claim == CLAIM_ASKED || e->claim == CLAIM_DENIED;
	return !e->undone && (!e->is_private || (claimed && !e->nocredit));
}

/* A package counts no entry's minutes: what was stated is what there is. */
static int minutes_of(const struct entry *e)
{
	return e->actual > 0 ? e->actual : e->minutes > 0 ? e->minutes : 0;
}

static int all_minutes(struct desk *desk, const struct package *p, int *sum, struct err *err)
{
	struct entries list = {0};
	struct entry_filter filter = {.person = p->person->id, .from = p->from, .to = p->to, .limit = ALL};
	if (store_entries(desk->store, &filter, desk->arena, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		*sum += minutes_of(&list.v[i]);
	return 0;
}

static int via_title(struct desk *desk, const struct entry *e, const char **title, struct err *err)
{
	struct entry from;
	int found = e->via == 0 ? 0 : store_entry(desk->store, e->via, desk->arena, &from, err);
	*title = found > 0 && approver_sees(&from) ? from.title : "";
	return found < 0 ? -1 : 0;
}

static int list_of(struct desk *desk, struct package *p, struct entry_filter filter, struct pack_list *out, struct err *err)
{
	struct entries list = {0};
	filter.person = p->person->id;
	filter.from = p->from;
	filter.to = p->to;
	filter.limit = LISTED;
	if (store_entries(desk->store, &filter, desk->arena, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		const char *via;
		if (!approver_sees(&list.v[i]))
			continue;
		if (via_title(desk, &list.v[i], &via, err) < 0)
			return -1;
		*ARENA_PUSH(desk->arena, out->v, out->n) = (struct pack_entry){&list.v[i], minutes_of(&list.v[i]), via};
	}
	return 0;
}

/* The words under "ready", else the latest #reflect entry that is long enough and that colleagues see. */
static int find_write_up(struct desk *desk, struct package *p, const char *words, struct err *err)
{
	struct entries list = {0};
	struct entry_filter filter = {.person = p->person->id, .from = p->from, .to = p->to, .kind = KIND_REFLECT, .limit = LISTED};
	char day[24];
	p->pack.write_up = p->pack.write_up_where = "";
	if (count_words(words) >= WRITE_UP_WORDS) {
		p->pack.write_up = words;
		return 0;
	}
	if (store_entries(desk->store, &filter, desk->arena, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		const struct entry *e = &list.v[i];
		if (count_words(e->note) < WRITE_UP_WORDS)
			continue;
		if (e->is_private) {
			p->private_write_up = true;
			continue;
		}
		p->pack.write_up = e->note;
		p->pack.write_up_where = arena_printf(desk->arena, "entry %lld, %s", (long long)e->id, day_short(day, e->day, DAY_NONE));
		return 0;
	}
	return 0;
}

static int plan_of(struct desk *desk, struct package *p, struct err *err)
{
	struct person by;
	int found = store_plan_of(desk->store, p->person->id, p->from, true, desk->arena, &p->plan, err);
	p->has_plan = found > 0;
	if (found <= 0)
		return found;
	found = p->plan.decided_by == 0 ? 0 : store_person(desk->store, p->plan.decided_by, desk->arena, &by, err);
	p->pack.plan = &p->plan;
	p->pack.plan_by = found > 0 ? by.name : "";
	p->pack.plan_day = p->plan.decided_at == 0 ? DAY_NONE : campus_today(desk->campus, NULL, p->plan.decided_at);
	return found < 0 ? -1 : 0;
}

int package_gather(struct desk *desk, const struct person *person, int32_t day, const char *words, struct package *p, struct err *err)
{
	const struct policy *policy = ruleset_policy(desk->campus->rules);
	*p = (struct package){.person = person, .policy = policy};
	campus_year(desk->campus, day, &p->from, &p->to, p->year);
	if (store_totals(desk->store, person->id, p->from, p->to, &p->totals, err) < 0 || plan_of(desk, p, err) < 0 ||
	    list_of(desk, p, (struct entry_filter){.kind = KIND_APPLIED}, &p->pack.applied, err) < 0 ||
	    list_of(desk, p, (struct entry_filter){.starred = true}, &p->pack.starred, err) < 0 ||
	    list_of(desk, p, (struct entry_filter){.shared = true}, &p->pack.shared, err) < 0 || find_write_up(desk, p, words, err) < 0 ||
	    all_minutes(desk, p, &p->pack.actual, err) < 0)
		return -1;
	const struct totals *t = &p->totals;
	p->pack.teacher = person->name;
	p->pack.year = p->year;
	p->pack.minutes = policy->flat_minutes;
	p->pack.n_applied = t->applied;
	p->pack.n_shared = t->shared;
	p->pack.entries = t->entries;
	p->pack.credited = t->approved - t->granted;
	p->pack.gave = t->gave;
	p->pack.took = t->took;
	p->pack.undo_days = policy->undo_days;
	return 0;
}

static struct check_row plan_row(const struct package *p)
{
	return p->has_plan ? (struct check_row){true, "An approved plan", p->plan.goal_words, ""}
	                   : (struct check_row){false, "An approved plan", "", "Write #plan and, in your own words, what your network is, what you hope to learn and how it reaches your classroom. Or write plan."};
}

static struct check_row count_row(struct desk *desk, int have, int need, const char *one, const char *many, const char *mend)
{
	struct arena *a = desk->arena;
	return (struct check_row){have >= need, arena_printf(a, "%d %s", need, need == 1 ? one : many), arena_printf(a, "you have %d", have), have >= need ? "" : mend};
}

static struct check_row talk_row(struct desk *desk, const struct package *p)
{
	struct check_row row = {true, "An interview or a write-up", "an interview: times are proposed", ""};
	if (p->pack.write_up[0] != '\0')
		row.have = p->pack.write_up_where[0] == '\0' ? "your write-up of today" : arena_printf(desk->arena, "the write-up in %s", p->pack.write_up_where);
	else if (p->private_write_up)
		row.have = "an interview: your write-up is hidden from colleagues; share it if it is to count";
	return row;
}

struct check_row *package_checks(struct desk *desk, const struct package *p, size_t *n, bool *complete)
{
	struct check_row *rows = arena_alloc(desk->arena, 4 * sizeof *rows);
	*n = 0;
	rows[(*n)++] = plan_row(p);
	if (p->policy->flat_shared > 0)
		rows[(*n)++] = count_row(desk, p->totals.shared, p->policy->flat_shared, "shared resource", "shared resources",
		                         "Forward what is worth reading with #pln, or write share and the number of an entry that is hidden.");
	if (p->policy->flat_applied > 0)
		rows[(*n)++] = count_row(desk, p->totals.applied, p->policy->flat_applied, "example of use in class", "examples of use in class",
		                         "Write #pln #applied and what you tried with your class; or answer an item of a digest with its number, thanks, and how you used it.");
	rows[(*n)++] = talk_row(desk, p);
	*complete = true;
	for (size_t i = 0; i < *n; i++)
		*complete = *complete && rows[i].done;
	return rows;
}

static bool has_address(const struct person *p, const char *addr)
{
	return strs_has_nocase(&p->addresses, addr);
}

int package_approvers(struct desk *desk, const struct person *person, struct roster *out, struct err *err)
{
	struct roster all = {0}, named = {0};
	*out = (struct roster){0};
	if (store_people(desk->store, false, desk->arena, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		const struct person *p = &all.people[i];
		if (p->role != ROLE_APPROVER || p->left || p->id == person->id || p->addresses.n == 0)
			continue;
		*ARENA_PUSH(desk->arena, out->people, out->n) = *p;
		if (person->approver != NULL && has_address(p, person->approver))
			*ARENA_PUSH(desk->arena, named.people, named.n) = *p;
	}
	if (named.n > 0)
		*out = named;
	return 0;
}

const char *people_text(struct arena *arena, const struct roster *r)
{
	const char *text = "";
	for (size_t i = 0; i < r->n; i++)
		text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : i + 1 == r->n ? " and " : ", ", r->people[i].name);
	return text;
}
