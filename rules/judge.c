#include <string.h>
#include <strings.h>

#include "rules/ruleset-parts.h"
#include "rules/said-parts.h"

/* What a mail is taken for: built-in steps in a fixed order, the campus's rules among them. The first step with an answer decides. */
struct judging {
	const struct ruleset *rs;
	const struct reading *r;
	const struct judged *judged;
	struct arena *arena;
	struct verdict *out;
};

static bool decide(struct judging *j, enum action action, const char *rule, const char *why)
{
	j->out->action = action;
	j->out->why = why;
	if (rule != NULL)
		strs_add(&j->out->rules, j->arena, rule);
	return true;
}

static bool by_own_letter(struct judging *j)
{
	return j->judged->own_letter && decide(j, ACTION_IGNORE, "own letter", "This is a letter of ours that came back.");
}

static bool by_machine(struct judging *j)
{
	const struct reading *r = j->r;
	if (mail_kind_is_machine(r->kind))
		return decide(j, ACTION_RECORD, "machine",
		              arena_printf(j->arena, "A machine wrote it (%s): kept, not read as words, not answered.", mail_kind_name(r->kind)));
	if (r->automated && (r->kind == MAIL_NOTE || r->kind == MAIL_REPLY || r->kind == MAIL_FORWARD))
		return decide(j, ACTION_RECORD, "machine", "It was sent automatically: kept, not read as words, not answered.");
	return false;
}

/* The first rule among those met that keeps a mail from acting; those that let one in come after the sender is known. */
static const struct rule *hit(const struct judging *j, bool lets_in)
{
	for (size_t i = 0; i < j->r->hits.n; i++) {
		const struct rule *rule = ruleset_find(j->rs, j->r->hits.v[i]);
		if (rule != NULL && rule->action > 0 && (rule->action - 1 == ACTION_LOG) == lets_in)
			return rule;
	}
	return NULL;
}

static bool by_rule(struct judging *j, const struct rule *rule)
{
	if (rule == NULL)
		return false;
	const char *why = rule->why != NULL ? rule->why : arena_printf(j->arena, "The rule \"%s\" says so.", rule->name);
	return decide(j, (enum action)(rule->action - 1), rule->name, why);
}

static bool by_restraint(struct judging *j)
{
	return by_rule(j, hit(j, false));
}

/* A rule that should have held a mail back, and could not be asked: held. */
static bool by_failed_rule(struct judging *j)
{
	for (size_t i = 0; i < j->r->failed.n; i++) {
		const struct rule *rule = ruleset_find(j->rs, j->r->failed.v[i]);
		if (rule != NULL && (rule->action - 1 == ACTION_HOLD || rule->action - 1 == ACTION_QUARANTINE))
			return decide(j, ACTION_HOLD, rule->name,
			              arena_printf(j->arena, "The rule \"%s\" failed: its pattern took too long on this mail.", rule->name));
	}
	return false;
}

static bool by_source(struct judging *j)
{
	const struct reading *r = j->r;
	bool tagged = j->judged->person != NULL && r->said.tagging.pln && !r->automated;
	if (r->list_id != NULL && r->list_id[0] != '\0')
		return decide(j, ACTION_SOURCE, "list", "It came through a mailing list: kept to read, never an act.");
	if (r->kind == MAIL_NEWSLETTER && !tagged)
		return decide(j, ACTION_SOURCE, "newsletter", "A newsletter: kept to read, credited only when somebody tags it.");
	if (r->kind == MAIL_CONFIRMATION && !tagged)
		return decide(j, ACTION_SOURCE, "confirmation", "A subscription asks to be confirmed: for its owner, its link is never followed.");
	if (r->kind == MAIL_TRANSACTIONAL && !tagged)
		return decide(j, ACTION_RECORD, "transactional", "A service's notice: kept, not acted on.");
	return false;
}

static bool by_sender(struct judging *j)
{
	const struct person *person = j->judged->person;
	if (!j->judged->genuine && j->r->auth == AUTH_FAIL)
		return decide(j, ACTION_QUARANTINE, "sender", "The sender's domain did not send it (authentication failed).");
	if (person == NULL)
		return decide(j, ACTION_HOLD, "sender", "The sender is not on the roster.");
	if (person->left)
		return decide(j, ACTION_HOLD, "sender", "The sender is no longer on the campus.");
	if (!j->judged->genuine)
		return decide(j, ACTION_HOLD, "sender", "Nothing vouches for the sender: to be confirmed at the roster address.");
	return false;
}

/* Commands that also change an entry when they answer its receipt. */
static bool is_amending(enum command_verb verb)
{
	return verb == COMMAND_STAR || verb == COMMAND_PRIVATE || verb == COMMAND_SHARE;
}

static bool only_amending(const struct said *said)
{
	for (size_t i = 0; i < said->n_commands; i++)
		if (!is_amending(said->commands[i].verb) || said->commands[i].number != 0)
			return false;
	return true;
}

static bool amends(const struct tagging *t)
{
	return t->minutes != MINUTES_NONE || t->day != DAY_NONE || t->kind != KIND_NONE || t->tags.n > 0 || t->with.n > 0 || t->starred ||
	       t->unstar || t->is_private || t->share || t->nocredit || (t->note != NULL && t->note[0] != '\0');
}

static bool by_approval(struct judging *j)
{
	const struct said *said = &j->r->said;
	if (j->judged->answers != ANSWERS_APPROVAL)
		return false;
	if (said->n_decisions == 0 && said->unclear.n == 0 && said->n_commands > 0)
		return decide(j, ACTION_COMMAND, "command", "A command in answer to an approval letter.");
	return decide(j, ACTION_APPROVE, "approval", "It answers an approval letter.");
}

/* The yearly cycle has letters of its own; a command in answer to one is a command all the same. */
static bool by_yearly(struct judging *j)
{
	enum answers answers = j->judged->answers;
	bool plan = answers == ANSWERS_PLAN;
	if (!plan && answers != ANSWERS_INTERVIEW)
		return false;
	bool decides = j->judged->person->role == ROLE_APPROVER;
	return decide(j, decides ? ACTION_APPROVE : ACTION_COMMAND, plan ? "plan" : "interview",
	              plan ? "It answers a letter about a plan." : "It answers a letter about an interview.");
}

/* "Plan" as the whole subject over prose is as good as the tag. */
static bool is_titled_plan(const struct reading *r)
{
	static const char *const titles[] = {"plan", "my plan", "pln plan", "my pln plan", "mein plan", "mon plan", "mi plan"};
	struct span subject = span_trim(span_of(r->subject));
	for (size_t i = 0; r->kind == MAIL_NOTE && i < sizeof titles / sizeof *titles; i++)
		if (span_eq_nocase(subject, titles[i]))
			return r->said.prose && !r->said.tagging.pln;
	return false;
}

static bool by_plan(struct judging *j)
{
	enum answers answers = j->judged->answers;
	if (strs_has_nocase(&j->r->said.tagging.tags, "plan") && (answers == ANSWERS_NOTHING || answers == ANSWERS_OTHER))
		return decide(j, ACTION_COMMAND, "#plan", "It is tagged #plan.");
	return answers == ANSWERS_NOTHING && is_titled_plan(j->r) && decide(j, ACTION_COMMAND, "#plan", "Its subject says that it is a plan.");
}

/* #pln in the words of the answer itself, not just in its subject: something new is logged. */
static bool tags_itself(const struct judging *j)
{
	struct strs tags = {0};
	if (!j->r->said.tagging.pln)
		return false;
	hashtags_list(span_of(j->r->own), j->arena, &tags);
	return j->r->forwarded != NULL || strs_has_nocase(&tags, "pln");
}

static bool by_entry(struct judging *j)
{
	const struct said *said = &j->r->said;
	if (j->judged->answers != ANSWERS_ENTRY || tags_itself(j))
		return false;
	if (!only_amending(said))
		return decide(j, ACTION_COMMAND, "command", "A command in answer to a receipt.");
	if (!amends(&said->tagging) && !reading_brings_file(j->r))
		return decide(j, ACTION_RECORD, "amendment", "It answers a receipt and changes nothing.");
	j->out->amend = true;
	return decide(j, ACTION_LOG, "amendment", "It answers a receipt: the entry is changed.");
}

static bool by_words(struct judging *j)
{
	const struct said *said = &j->r->said;
	if (said->tagging.pln)
		return decide(j, ACTION_LOG, "#pln", "It is tagged #pln.");
	if (said->n_commands > 0)
		return decide(j, ACTION_COMMAND, "command", "It holds a command.");
	return by_rule(j, hit(j, true));
}

static bool has_own_link(const struct reading *r)
{
	for (size_t i = 0; i < r->n_links; i++)
		if (r->links[i].role == ROLE_CONTENT && r->links[i].where == WHERE_OWN)
			return true;
	return false;
}

/* Somebody of the campus wrote to the gateway and forgot the tag. What is plainly meant for the log is logged. */
static bool by_shape(struct judging *j)
{
	const struct reading *r = j->r;
	if (j->judged->answers == ANSWERS_NOTHING && r->kind != MAIL_REPLY) {
		if (r->forwarded != NULL || r->n_attached > 0)
			return decide(j, ACTION_LOG, "forward", "A forward from somebody on the roster.");
		if (has_own_link(r))
			return decide(j, ACTION_LOG, "link", "A note with a link from somebody on the roster.");
		if (r->said.tagging.tags.n > 0 || r->said.tagging.starred)
			return decide(j, ACTION_LOG, "tag", "A tagged note from somebody on the roster.");
	}
	return decide(j, ACTION_COMMAND, "help", "Neither a tag nor a command: answered with what can be asked.");
}

static bool (*const steps[])(struct judging *) = {
	by_own_letter, by_machine, by_restraint, by_failed_rule, by_source, by_sender, by_approval, by_yearly, by_entry, by_plan, by_words, by_shape,
};

/* ---- what becomes of it */
static bool is_machine_name(const char *addr)
{
	static const char *const words[] = {
		"news", "reply", "digest", "update", "info", "hello", "team", "editor", "mail", "notif", "alert", "list", "bulletin", "weekly",
		"daily",
		"marketing", "contact", "support", "subscri",
	};
	const char *at = strchr(addr, '@');
	for (size_t i = 0; at != NULL && i < sizeof words / sizeof *words; i++) {
		const char *found = strcasestr(addr, words[i]);
		if (found != NULL && found < at)
			return true;
	}
	return false;
}

/* Mission: a mail from one person to another defaults to private when it is forwarded. */
static bool is_personal(const struct reading *r)
{
	size_t content = 0;
	if (r->forwarded == NULL || r->forwarded->from.addr == NULL || strchr(r->forwarded->from.addr, '@') == NULL)
		return false;
	for (size_t i = 0; i < r->n_links; i++) {
		const struct link *link = &r->links[i];
		if (link->where != WHERE_FORWARDED)
			continue;
		if (link->role == ROLE_UNSUBSCRIBE || link->role == ROLE_VIEW_ONLINE || link->role == ROLE_PREFERENCES ||
		    link->role == ROLE_PIXEL)
			return false;
		content += link->role == ROLE_CONTENT;
	}
	return content < 8 && !is_machine_name(r->forwarded->from.addr);
}

static void apply_effects(struct judging *j)
{
	struct verdict *out = j->out;
	for (size_t i = 0; i < j->r->hits.n; i++) {
		const struct rule *rule = ruleset_find(j->rs, j->r->hits.v[i]);
		if (rule == NULL || (rule->set_kind == KIND_NONE && rule->add_tags.n == 0 && !rule->is_private && !rule->nocredit))
			continue;
		if (out->kind == KIND_NONE)
			out->kind = rule->set_kind;
		for (size_t t = 0; t < rule->add_tags.n; t++)
			if (!strs_has_nocase(&out->tags, rule->add_tags.v[t]))
				strs_add(&out->tags, j->arena, rule->add_tags.v[t]);
		out->is_private |= rule->is_private;
		out->nocredit |= rule->nocredit;
		if (!strs_has_nocase(&out->rules, rule->name))
			strs_add(&out->rules, j->arena, rule->name);
	}
}

static size_t content_links(const struct reading *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n_links; i++)
		n += r->links[i].role == ROLE_CONTENT && r->links[i].where != WHERE_QUOTED;
	return n;
}

/* What the entry would be credited if nothing else were in the log. */
static void foresee(struct judging *j)
{
	const struct tagging *t = &j->r->said.tagging;
	const struct verdict *v = j->out;
	struct entry e = {.kind = v->kind, .note = t->note, .n_links = content_links(j->r), .tags = t->tags, .minutes = t->minutes,
	                  .starred = t->starred, .is_private = v->is_private, .nocredit = v->nocredit, .attachment = reading_brings_file(j->r)};
	struct claim_facts facts = {.today = j->r->date_day, .role = j->judged->person != NULL ? j->judged->person->role : ROLE_TEACHER};
	struct grant grant;
	e.day = t->day != DAY_NONE ? t->day : j->r->date_day;
	for (size_t i = 0; i < v->tags.n; i++)
		strs_add(&e.tags, j->arena, v->tags.v[i]);
	ruleset_credit(j->rs, &e, &facts, j->arena, &grant);
	j->out->minutes = grant.actual;
	j->out->credited = grant.credited;
}

void ruleset_judge(const struct ruleset *rs, const struct reading *r, const struct judged *judged, struct arena *arena, struct verdict *out)
{
	const struct tagging *t = &r->said.tagging;
	struct judging j = {rs, r, judged, arena, out};
	*out = (struct verdict){.minutes = MINUTES_NONE, .credited = MINUTES_NONE, .kind = t->kind};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i](&j))
			break;
	if (out->action != ACTION_LOG)
		return;
	out->is_private = t->is_private || (!out->amend && !t->share && is_personal(r));
	out->nocredit = t->nocredit;
	if (!out->amend) {
		apply_effects(&j);
		foresee(&j);
	}
}
