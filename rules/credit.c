#include <limits.h>
#include <string.h>

#include "rules/ruleset-parts.h"

/* What an entry counts for: the first credit rule that fits grants, then every cap that covers the entry may cut. */

static bool kind_in(uint32_t kinds, enum entry_kind kind)
{
	return (kinds >> kind & 1) != 0;
}

static bool agrees(enum said_yes asked, bool is)
{
	return asked == EITHER || (asked == YES) == is;
}

static bool has_tag(const struct entry *e, const struct strs *any)
{
	for (size_t i = 0; i < e->tags.n; i++)
		if (strs_has_nocase(any, e->tags.v[i]))
			return true;
	return any->n == 0;
}

static bool fits(const struct credit_rule *rule, const struct entry *e)
{
	return (rule->kinds == 0 || kind_in(rule->kinds, e->kind)) && has_tag(e, &rule->tags) && agrees(rule->starred, e->starred) &&
	       agrees(rule->note, e->note != NULL && e->note[0] != '\0') && agrees(rule->link, e->n_links > 0) &&
	       agrees(rule->attachment, e->attachment) && agrees(rule->shared, !e->is_private);
}

static const struct credit_rule *find_rule(const struct ruleset *rs, const struct entry *e)
{
	for (size_t i = 0; i < rs->n_credits; i++)
		if (fits(&rs->credits[i], e))
			return &rs->credits[i];
	return NULL;
}

static int limit(int value, int most)
{
	return most > 0 && value > most ? most : value;
}

static const char *rule_words(const struct credit_rule *rule, struct arena *arena)
{
	return rule->says != NULL ? rule->says : arena_printf(arena, "%s rule", rule->name);
}

/* "10: starred with a note", "15 of 20: talk rule", "120, that is 40 × 3: presenting rule" */
static const char *counted(struct arena *arena, int credited, int actual, int factor, const char *words)
{
	if (factor % 100 != 0)
		return arena_printf(arena, "%d, that is %d × %d.%02d: %s", credited, actual, factor / 100, factor % 100, words);
	if (factor != 100)
		return arena_printf(arena, "%d, that is %d × %d: %s", credited, actual, factor / 100, words);
	if (credited != actual)
		return arena_printf(arena, "%d of %d: %s", credited, actual, words);
	return arena_printf(arena, "%d: %s", credited, words);
}

static void apply_rule(const struct credit_rule *rule, const struct entry *e, bool first, struct arena *arena, struct grant *out)
{
	const char *words = rule_words(rule, arena);
	int factor = first && rule->first_multiply > 0 ? rule->first_multiply : rule->multiply > 0 ? rule->multiply : 100;
	int stated = e->minutes != MINUTES_NONE ? e->minutes : rule->as_stated ? rule->if_unstated : rule->minutes;
	int counts = rule->as_stated ? limit(stated, rule->at_most) : stated < rule->minutes ? stated : rule->minutes;
	out->rule = rule->name;
	out->actual = stated;
	out->credited = (int)((int64_t)counts * factor / 100);
	out->reason = counted(arena, out->credited, factor == 100 ? stated : counts, counts > 0 ? factor : 100, words);
	if (rule->as_stated && e->minutes == MINUTES_NONE && rule->if_unstated == 0)
		out->reason = arena_printf(arena, "0: %s, as stated, and no minutes were stated", words);
	else if (rule->as_stated && stated > counts)
		out->flag = arena_printf(arena, "%d min stated, over the limit of the %s (%d min)", stated, words, rule->at_most);
}

/* ---- caps */
static bool covers(const struct cap *cap, const struct entry *e)
{
	return kind_in(cap->kinds, e->kind) && (cap->stars == STARS_ANY || (cap->stars == STARS_ONLY) == e->starred);
}

static void cap_days(const struct policy *policy, enum cap_period per, int32_t day, int32_t *from, int32_t *to)
{
	switch (per) {
	case PER_ENTRY:
	case PER_DAY:
		*from = day;
		*to = day + 1;
		break;
	case PER_WEEK:
		*from = day - day_weekday(day) + 1;
		*to = *from + 7;
		break;
	case PER_YEAR:
		*from = day_year_start(day, policy->year_month, policy->year_day);
		*to = day_year_start(*from + 366, policy->year_month, policy->year_day);
		break;
	}
}

static int cap_used(const struct ruleset *rs, const struct cap *cap, const struct entry *e, const struct claim_facts *facts)
{
	int32_t from = e->day, to = e->day + 1;
	if (cap->per == PER_ENTRY || facts->used == NULL)
		return 0;
	cap_days(&rs->policy, cap->per, e->day, &from, &to);
	int used = facts->used(facts->ctx, cap, from, to);
	return used > 0 ? used : 0;
}

static void apply_cap(const struct ruleset *rs, const struct cap *cap, const struct entry *e, const struct claim_facts *facts,
                      struct arena *arena, struct grant *out)
{
	if (out->credited == 0 || !covers(cap, e))
		return;
	int used = cap_used(rs, cap, e, facts);
	int left = used < cap->minutes ? cap->minutes - used : 0;
	if (out->credited <= left)
		return;
	if (left == 0)
		out->reason = arena_printf(arena, "0: %s reached (%d of %d min)", cap->name, used, cap->minutes);
	else
		out->reason = arena_printf(arena, "%d of %d: %s (%d min) leaves no more", left, out->credited, cap->name, cap->minutes);
	out->credited = left;
	out->flag = arena_printf(arena, "over the %s", cap->name);
}

static void apply_caps(const struct ruleset *rs, const struct entry *e, const struct claim_facts *facts, struct arena *arena, struct grant *out)
{
	const struct cap year = {.name = "yearly PLN cap", .kinds = UINT32_MAX, .per = PER_YEAR, .minutes = rs->policy.pln_cap};
	for (size_t i = 0; i < rs->n_caps; i++)
		apply_cap(rs, &rs->caps[i].cap, e, facts, arena, out);
	if (rs->policy.pln_cap > 0)
		apply_cap(rs, &year, e, facts, arena, out);
}

static void flag_certificate(const struct policy *policy, const struct entry *e, struct arena *arena, struct grant *out)
{
	if (policy->certificate_above > 0 && e->minutes > policy->certificate_above && !e->attachment && out->credited > 0)
		out->flag = arena_printf(arena, "%d min stated without a certificate", e->minutes);
}

/* Why nothing is credited before any rule is asked; NULL = the rules decide. */
static const char *refusal(const struct ruleset *rs, const struct entry *e, const struct claim_facts *facts, struct arena *arena)
{
	const struct policy *policy = &rs->policy;
	if (e->undone)
		return "0: undone";
	if (e->nocredit)
		return "0: #nocredit";
	if (policy->mode == POLICY_OFF)
		return "0: learning only, nothing is counted";
	if (policy->mode == POLICY_FLAT)
		return "0: counts toward the package, not by minutes";
	if (policy->late_days > 0 && facts->today != DAY_NONE && (int64_t)e->day < (int64_t)facts->today - policy->late_days)
		return arena_printf(arena, "0: more than %d days ago", policy->late_days);
	if (facts->today != DAY_NONE && e->day > facts->today)
		return "0: the day is still to come";
	return NULL;
}

void ruleset_credit(const struct ruleset *rs, const struct entry *e, const struct claim_facts *facts, struct arena *arena, struct grant *out)
{
	*out = (struct grant){.actual = e->minutes == MINUTES_NONE ? 0 : e->minutes, .rule = "", .flag = ""};
	out->reason = refusal(rs, e, facts, arena);
	if (out->reason != NULL)
		return;
	const struct credit_rule *rule = find_rule(rs, e);
	if (rule == NULL) {
		out->reason = "0: no credit rule is for this";
		return;
	}
	apply_rule(rule, e, facts->first_time, arena, out);
	apply_caps(rs, e, facts, arena, out);
	flag_certificate(&rs->policy, e, arena, out);
}
