#include "gateway/interview.h"
#include "gateway/log.h"

/* "ready": what the package still needs, or the evidence to whoever may sign. */

static int say(struct desk *desk, struct matter *m, const char *subject, const char *line, struct err *err)
{
	struct answer answer = {.subject = subject};
	strs_add(&answer.lines, desk->arena, line);
	strs_add(&answer.replies, desk->arena, "status");
	return post_answer(desk, m, "ready", &answer, err);
}

/* One ready at a time, one package a year. 1 said so, 0 go on, -1. */
static int already(struct desk *desk, struct matter *m, const struct package *p, struct err *err)
{
	struct interview iv;
	struct person by;
	struct roster asked;
	int found = store_interview_of(desk->store, p->person->id, p->from, desk->arena, &iv, err);
	if (found <= 0)
		return found;
	if (p->totals.granted > 0 || iv.state == INTERVIEW_SIGNED) {
		found = store_person(desk->store, iv.decided_by, desk->arena, &by, err);
		const char *line = arena_printf(desk->arena, "The package of %s is recorded already: %s%s%s.", p->year, minutes_text(desk->arena, p->totals.granted),
		                                found > 0 ? ", signed by " : "", found > 0 ? by.name : "");
		return found < 0 || say(desk, m, "Recorded already", line, err) < 0 ? -1 : 1;
	}
	if (iv.state != INTERVIEW_READY && iv.state != INTERVIEW_PLANNED && iv.state != INTERVIEW_REVOKED)
		return 0;
	if (package_approvers(desk, p->person, &asked, err) < 0)
		return -1;
	const char *when = iv.meets_at == 0 ? "" : arena_printf(desk->arena, " You meet on %s.", meeting_text(desk, iv.meets_at));
	return say(desk, m, "It is there already", arena_printf(desk->arena, "Your evidence lies with %s since %s.%s Nothing was sent again.",
	                                                          people_text(desk->arena, &asked), meeting_text(desk, iv.created_at), when), err) < 0 ? -1 : 1;
}

/* A paper that cannot be made must not keep the evidence back: the letter holds the most of it. 1, 0 it goes without, -1. */
static int make_paper(struct desk *desk, const struct package *p, struct mail_part *part, struct err *err)
{
	struct paper paper;
	struct str pdf = {.max = PAPER_PDF_MAX};
	struct err why;
	package_paper(desk, p, &paper);
	int made = paper_pdf(&paper, &pdf, &why) == 0;
	if (made > 0) {
		char *name = arena_printf(desk->arena, "%s %s.pdf", p->person->name, p->year);
		for (char *at = name; (at = strchr(at, '/')) != NULL;)
			*at = '-';
		*part = (struct mail_part){name, "application/pdf", {arena_strndup(desk->arena, pdf.p, pdf.n), pdf.n}};
	} else {
		struct strs lines = {0};
		log_begin(LOG_LINE_WARNING, "no-paper");
		log_text("why", why.text);
		log_end();
		strs_add(&lines, desk->arena, arena_printf(desk->arena, "An evidence pack went out without its printable file: %s.", why.text));
		if (post_trouble(desk, arena_printf(desk->arena, "trouble:paper:%lld", (long long)(desk->now / 86400)), "A paper could not be made", &lines, err) < 0)
			made = -1;
	}
	str_release(&pdf);
	return made;
}

#define FILES_TOGETHER ((size_t)64 << 20) /* in the letters to all who may sign: a campus without named approvers asks everyone */

struct parcel { /* what goes to those who may sign, and to the teacher */
	struct package *package;
	const struct interview *interview;
	const struct roster *asked;
	struct slots slots;
	struct mail_part parts[2 + FILES_MOST]; /* theirs; the teacher, who has the files, gets those before them */
	size_t n_parts, n_own;
};

static int to_approver(struct desk *desk, const struct parcel *c, const struct person *approver, struct err *err)
{
	struct frame_facts facts;
	struct letter letter;
	struct post post = {.purpose = LETTER_INTERVIEW, .person = approver, .interview = c->interview->id, .parts = c->parts, .n_parts = c->n_parts,
	                    .numbered = slots_pack(desk->arena, &c->slots),
	                    .key = arena_printf(desk->arena, "pack:%lld:%lld", (long long)c->interview->id, (long long)approver->id)};
	post_address(desk, &post, &facts);
	if (letter_pack(&letter, &desk->campus->templates, &facts, &c->package->pack, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}

/* What became of the files that came with the mail. */
static void file_remarks(struct desk *desk, const struct reading *r, const struct package *p, bool sent, struct strs *remarks)
{
	if (!sent && reading_brings_file(r))
		strs_add(remarks, desk->arena, "A file came with your mail and was not handed on: send it again with *ready* when nothing is missing.");
	for (size_t i = 0; i < p->pack.files.n; i++)
		strs_add(remarks, desk->arena, arena_printf(desk->arena, "Your file went with it: %s.", p->pack.files.v[i]));
	for (size_t i = 0; i < p->pack.refused.n; i++)
		strs_add(remarks, desk->arena, arena_printf(desk->arena, "Not handed on: %s.", p->pack.refused.v[i]));
}

static int to_teacher(struct desk *desk, struct matter *m, const struct package *p, const struct parcel *c, struct err *err)
{
	struct frame_facts facts;
	struct letter letter;
	struct checklist list = {.year = p->year, .minutes = p->policy->flat_minutes};
	list.rows = package_checks(desk, p, &list.n, &list.complete);
	list.asked = c == NULL ? "" : people_text(desk->arena, c->asked);
	list.times = c == NULL ? list.times : p->pack.times;
	list.file = c != NULL && p->pack.file;
	file_remarks(desk, m->reading, p, c != NULL, &list.remarks);
	struct post post = {.purpose = c == NULL ? LETTER_ANSWER : LETTER_INTERVIEW, .person = m->person, .answers = m->reading,
	                    .interview = c == NULL ? 0 : c->interview->id, .parts = c == NULL ? NULL : c->parts, .n_parts = c == NULL ? 0 : c->n_own,
	                    .key = arena_printf(desk->arena, "checklist:%lld", (long long)m->message)};
	post_address(desk, &post, &facts);
	if (letter_checklist(&letter, &desk->campus->templates, &facts, &list, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}

static int send_pack(struct desk *desk, struct matter *m, struct package *p, const struct roster *asked, struct err *err)
{
	struct interview iv = {.person = p->person->id, .year = p->from, .created_at = desk->now, .message = m->message,
	                       .approver = asked->n == 1 ? asked->people[0].id : 0, .words = ""};
	struct parcel c = {.package = p, .interview = &iv, .asked = asked};
	if (store_add_interview(desk->store, &iv, err) < 0)
		return -1;
	meeting_slots(desk->campus, desk->now, &c.slots);
	for (size_t i = 0; i < c.slots.n; i++)
		strs_add(&p->pack.times, desk->arena, meeting_text(desk, c.slots.at[i]));
	int made = make_paper(desk, p, &c.parts[0], err);
	if (made < 0)
		return -1;
	p->pack.file = made > 0;
	c.n_parts += p->pack.file;
	if (c.slots.n > 0)
		c.parts[c.n_parts++] = meeting_proposals(desk, &iv, p->person->name, &c.slots);
	c.n_own = c.n_parts;
	size_t room = made > 0 ? PAPER_PDF_MAX - c.parts[0].bytes.n : PAPER_PDF_MAX, each = FILES_TOGETHER / asked->n;
	package_files(desk, m->reading, room < each ? room : each, p);
	for (size_t i = 0; i < p->n_files; i++)
		c.parts[c.n_parts++] = p->files[i];
	for (size_t i = 0; i < asked->n; i++)
		if (to_approver(desk, &c, &asked->people[i], err) < 0)
			return -1;
	return to_teacher(desk, m, p, &c, err);
}

static int nobody_to_ask(struct desk *desk, struct matter *m, struct err *err)
{
	struct strs lines = {0};
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "%s is ready for the interview, and the roster has no approver who could sign: add one (plnpost people add).", m->person->name));
	if (post_trouble(desk, arena_printf(desk->arena, "trouble:approver:%lld", (long long)m->message), "Nobody can sign", &lines, err) < 0)
		return -1;
	return say(desk, m, "Nobody can sign yet", "You have all that is needed, but the campus has nobody on its roster who could sign. Its operator was told; write ready again later.", err);
}

int on_ready(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	struct package p;
	struct roster asked;
	size_t n;
	bool complete;
	(void)c;
	if (!policy_package(ruleset_policy(desk->campus->rules)))
		return say(desk, m, "Nothing to sign here", "This campus grants no package, so no interview is needed: write status to see how you stand.", err);
	if (m->person->role != ROLE_TEACHER && m->person->role != ROLE_APPROVER)
		return say(desk, m, "Nothing to sign here", "A package is for teachers of this campus.", err);
	if (package_gather(desk, m->person, campus_today(desk->campus, m->person, desk->now), m->reading->said.tagging.note, &p, err) < 0)
		return -1;
	int said = already(desk, m, &p, err);
	if (said != 0)
		return said < 0 ? -1 : 0;
	package_checks(desk, &p, &n, &complete);
	if (!complete)
		return to_teacher(desk, m, &p, NULL, err);
	if (package_approvers(desk, m->person, &asked, err) < 0)
		return -1;
	return asked.n == 0 ? nobody_to_ask(desk, m, err) : send_pack(desk, m, &p, &asked, err);
}
