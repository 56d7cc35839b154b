#include <stdarg.h>
#include <stdio.h>

#include "gateway/plan-desk.h"

/* Plans by mail (mission C2): "#plan" and prose, "plan" alone, and answers to letters about a plan. */

void plan_add(struct plan_desk *p, struct strs *lines, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	strs_add(lines, p->desk->arena, arena_vprintf(p->desk->arena, format, args));
	va_end(args);
}

int plan_desk_open(struct plan_desk *p, struct desk *desk, struct matter *m, struct err *err)
{
	*p = (struct plan_desk){.desk = desk, .m = m, .owner = *m->person, .err = err};
	p->plan = (struct plan){.person = m->person->id, .parts = {"", "", ""}, .goal_words = "", .prose = "", .words = ""};
	campus_year(desk->campus, campus_today(desk->campus, m->person, desk->now), &p->from, &p->to, p->year);
	p->plan.year = p->from;
	return store_goals(desk->store, desk->arena, &p->goals, err);
}

int plan_desk_load(struct plan_desk *p, int64_t id)
{
	int found = store_plan(p->desk->store, id, p->desk->arena, &p->plan, p->err);
	if (found > 0)
		found = store_person(p->desk->store, p->plan.person, p->desk->arena, &p->owner, p->err);
	if (found > 0)
		campus_year(p->desk->campus, p->plan.year, &p->from, &p->to, p->year);
	return found;
}

/* The one named in the roster; else every approver. Never the owner. */
int plan_approvers(struct plan_desk *p, struct person_list *out)
{
	struct roster people = {0};
	struct person named;
	int found = p->owner.approver == NULL || p->owner.approver[0] == '\0' ? 0 : store_person_by_address(p->desk->store, p->owner.approver, p->desk->arena, &named, p->err);
	*out = (struct person_list){0};
	if (found > 0 && named.role == ROLE_APPROVER && !named.left && named.id != p->owner.id)
		*ARENA_PUSH(p->desk->arena, out->v, out->n) = named;
	if (found < 0 || out->n > 0)
		return found < 0 ? -1 : 0;
	if (store_people(p->desk->store, false, p->desk->arena, &people, p->err) < 0)
		return -1;
	for (size_t i = 0; i < people.n; i++)
		if (people.people[i].role == ROLE_APPROVER && people.people[i].id != p->owner.id)
			*ARENA_PUSH(p->desk->arena, out->v, out->n) = people.people[i];
	return 0;
}

const char *plan_day(struct plan_desk *p, int64_t at)
{
	char day[24];
	return arena_strdup(p->desk->arena, day_short(day, campus_today(p->desk->campus, p->m->person, at), campus_today(p->desk->campus, p->m->person, p->desk->now)));
}

const char *plan_name(struct plan_desk *p, int64_t id)
{
	struct person person;
	return id != 0 && store_person(p->desk->store, id, p->desk->arena, &person, p->err) > 0 ? person.name : "your approver";
}

const char *plan_decider(struct plan_desk *p)
{
	const char *name = plan_name(p, p->plan.decided_by);
	return p->plan.delegate == 0 ? name : arena_printf(p->desk->arena, "%s for %s", plan_name(p, p->plan.delegate), name);
}

const struct goal *plan_find_goal(const struct plan_desk *p, int64_t id)
{
	for (size_t i = 0; i < p->goals.n; i++)
		if (p->goals.v[i].id == id)
			return &p->goals.v[i];
	return NULL;
}

/* ---- who may plan, and what a mail means */

static int refuse(struct plan_desk *p)
{
	return plan_say(p, "refused", false, "Plans are for teachers: yours would have nobody to approve it.", NULL);
}

static bool may_plan(const struct person *p)
{
	return p->role == ROLE_TEACHER || p->role == ROLE_APPROVER;
}

/* The prose of a mail tagged #plan; a subject with more than the tag is part of it when the mail holds nothing else. */
static const char *prose_of(struct plan_desk *p)
{
	const struct reading *r = p->m->reading;
	struct plan_lines lines;
	plan_lines_of(&lines, r->own, true, p->desk->arena);
	if (plan_prose_of(&lines, p->desk->arena)[0] != '\0')
		return r->own;
	plan_lines_of(&lines, r->subject == NULL ? "" : r->subject, true, p->desk->arena);
	const char *subject = plan_prose_of(&lines, p->desk->arena);
	return strchr(subject, ' ') == NULL ? "" : subject; /* "#plan", "plan" */
}

static int tagged(struct plan_desk *p)
{
	struct plan_said said;
	struct command plan = {.verb = COMMAND_PLAN, .day = DAY_NONE, .rest = ""};
	struct plan_input in = {.own = prose_of(p), .answers = p->m->reading->answers, .n_answers = p->m->reading->n_answers};
	plan_read(&said, &in, p->desk->arena);
	if (said.prose[0] == '\0')
		return on_plan(p->desk, p->m, &plan, p->err);
	return plan_begin(p, &said);
}

static int questions_answered(struct plan_desk *p)
{
	struct plan_said said;
	struct plan_input in = {.own = p->m->reading->own, .answers = p->m->reading->answers, .n_answers = p->m->reading->n_answers, .asked = true, .missing = {true, true, true}};
	plan_read(&said, &in, p->desk->arena);
	return said.prose[0] == '\0' ? plan_questions(p) : plan_begin(p, &said);
}

/* "status" in answer to a letter about a plan. */
static bool only_commands(const struct said *s)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (s->commands[i].verb == COMMAND_YES || s->commands[i].verb == COMMAND_NO || s->commands[i].verb == COMMAND_UNDO || s->commands[i].verb == COMMAND_THANKS)
			return false;
	return s->n_commands > 0 && !s->prose;
}

static int answered(struct plan_desk *p)
{
	const struct said *said = &p->m->reading->said;
	if (only_commands(said))
		return do_commands(p->desk, p->m, p->err);
	if (p->m->letter->plan == 0)
		return questions_answered(p);
	int found = plan_desk_load(p, p->m->letter->plan);
	if (found <= 0)
		return found;
	return p->plan.person == p->m->person->id ? plan_owner_answers(p) : plan_approver_answers(p);
}

int do_plan(struct desk *desk, struct matter *m, bool *done, struct err *err)
{
	struct plan_desk p;
	bool answers = m->letter != NULL && m->letter->purpose == LETTER_PLAN;
	bool anew = strs_has_nocase(&m->verdict.rules, "#plan");
	bool again = answers && strs_has_nocase(&m->reading->said.tagging.tags, "plan");
	if (m->person == NULL || (!answers && !anew))
		return 0;
	*done = true;
	if (plan_desk_open(&p, desk, m, err) < 0)
		return -1;
	if (answers && !again)
		return answered(&p);
	return may_plan(m->person) ? tagged(&p) : refuse(&p);
}

/* plan: how it stands, or the three questions. */
int on_plan(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct plan_desk p;
	(void)c;
	if (plan_desk_open(&p, desk, m, err) < 0)
		return -1;
	if (!may_plan(m->person))
		return refuse(&p);
	struct plan latest;
	int found = store_plan_of(desk->store, m->person->id, p.from, false, desk->arena, &latest, err);
	if (found > 0)
		p.plan = latest;
	return found < 0 ? -1 : found > 0 ? plan_stands(&p) : plan_questions(&p);
}
