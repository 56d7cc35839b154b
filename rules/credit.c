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

static bool fits(const struct credit_rule *rule, const struct entry *e, enum person_role role)
{
	return (rule->roles == 0 || (rule->roles >> role & 1) != 0) && (rule->kinds == 0 || kind_in(rule->kinds, e->kind)) &&
	       has_tag(e, &rule->tags) && agrees(rule->starred, e->starred) && agrees(rule->note, e->note != NULL && e->note[0] != '\0') && agrees(rule->link, e->n_links > 0) &&
	       agrees(rule->attachment, e->attachment) && agrees(rule->shared, !e->is_private);
}

static const struct credit_rule *find_rule(const struct ruleset *rs, const struct entry *e, enum person_role role)
{
	for (size_t i = 0; i < rs->n_credits; i++)
		if (fits(&rs->credits[i], e, role))
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

static void apply_rule(const struct ruleset *rs, const struct credit_rule *rule, const struct entry *e, bool first, struct arena *arena, struct grant *out)
{
	const char *words = rule_words(rule, arena);
	int factor = first && rule->first_multiply > 0 ? rule->first_multiply : rule->multiply > 0 ? rule->multiply : 100;
	int stated = e->minutes != MINUTES_NONE ? e->minutes : rule->as_stated ? rule->if_unstated : rule->minutes;
	int counts = rule->as_stated ? limit(stated, rule->at_most) : stated < rule->minutes ? stated : rule->minutes;
	out->rule = rule->name;
	out->actual = stated;
	out->cause = words;
	if (e->minutes == MINUTES_NONE)
		out->took = arena_printf(arena, "none stated: %s", words);
	out->credited = (int)((int64_t)counts * factor / 100);
	out->reason = counted(arena, out->credited, factor == 100 ? stated : counts, counts > 0 ? factor : 100, words);
	if (rule->as_stated && e->minutes == MINUTES_NONE && rule->if_unstated == 0)
		out->reason = arena_printf(arena, "0: %s, as stated, and no minutes were stated", words);
	else if (rule->as_stated && stated > counts && policy_raises(&rs->policy, FLAG_CAP))
		out->flag = arena_printf(arena, "%d min stated, over the limit of the %s (%d min)", stated, words, rule->at_most);
}

/* ---- evidence */
static bool lacks_certificate(const struct policy *policy, const struct credit_rule *rule, const struct entry *e, int *above)
{
	*above = rule->certificate_above >= 0 ? rule->certificate_above : policy->certificate_above;
	return *above > 0 && e->minutes > *above && !e->attachment;
}

static void ask_evidence(const struct policy *policy, const struct credit_rule *rule, const struct entry *e, struct arena *arena, struct grant *out)
{
	int above;
	if (out->credited == 0 || !lacks_certificate(policy, rule, e, &above))
		return;
	if (policy->evidence_required) {
		out->reason = arena_printf(arena, "0 of %d: above %d min a certificate is needed; reply with it attached, and it counts", out->credited, above);
		out->credited = 0;
		out->cause = "no certificate";
		out->flag = "";
	} else if (policy_raises(policy, FLAG_CERTIFICATE)) {
		out->flag = flag_add(arena, out->flag, arena_printf(arena, "%d min stated without a certificate", e->minutes));
	}
}

/* What is credited counts toward the requirement once enough is shared: told with every entry until it is. */
static void tell_share(const struct policy *policy, const struct entry *e, const struct claim_facts *facts, struct arena *arena, struct grant *out)
{
	int shared = facts->shared + !e->is_private, entries = facts->entries + 1;
	if (out->credited == 0)
		return;
	if (policy->share_minimum > 0 && shared < policy->share_minimum)
		out->reason = arena_printf(arena, "%s" COUNTS_ONCE "%d entries of the year are shared", out->reason, policy->share_minimum);
	else if (policy->share_percent > 0 && (int64_t)shared * 100 < (int64_t)entries * policy->share_percent)
		out->reason = arena_printf(arena, "%s" COUNTS_ONCE "%d %% of the year's entries are shared", out->reason, policy->share_percent);
}

/* Why nothing is credited before any rule is asked; NULL = the rules decide. */
static const char *refusal(const struct ruleset *rs, const struct entry *e, const struct claim_facts *facts, const struct terms *terms, struct arena *arena)
{
	const struct policy *policy = &rs->policy;
	if (e->undone)
		return "undone";
	if (e->nocredit)
		return "#nocredit";
	if (policy->mode == POLICY_OFF)
		return "learning only, nothing is counted";
	if (!terms->earns)
		return arena_printf(arena, "%ss share, and earn no credit", person_role_name(facts->role));
	if (policy->mode == POLICY_FLAT)
		return "counts toward the package, not by minutes";
	if (facts->today != DAY_NONE && e->day > facts->today)
		return "the day is still to come";
	return ruleset_late(rs, e->day, facts->today, facts->reopened_until, arena);
}

const char *flag_add(struct arena *arena, const char *flag, const char *more)
{
	return flag == NULL || flag[0] == '\0' ? more : arena_printf(arena, "%s; %s", flag, more);
}

static void refuse(struct grant *out, const char *why, struct arena *arena)
{
	out->cause = why;
	out->reason = arena_printf(arena, "0: %s", why);
}

void ruleset_credit(const struct ruleset *rs, const struct entry *e, const struct claim_facts *facts, struct arena *arena, struct grant *out)
{
	struct terms terms;
	ruleset_terms(rs, facts->role, facts->joined, e->day, arena, &terms);
	bool stated = e->minutes != MINUTES_NONE;
	*out = (struct grant){.actual = stated ? e->minutes : 0, .took = stated ? "as stated" : "none stated", .rule = "", .flag = ""};
	const char *why = refusal(rs, e, facts, &terms, arena);
	const struct credit_rule *rule = why != NULL ? NULL : find_rule(rs, e, facts->role);
	if (rule == NULL) {
		refuse(out, why != NULL ? why : "no credit rule is for this", arena);
		return;
	}
	apply_rule(rs, rule, e, facts->first_time, arena, out);
	ask_evidence(&rs->policy, rule, e, arena, out);
	credit_caps(rs, e, facts, &terms, arena, out);
	tell_share(&rs->policy, e, facts, arena, out);
}
