#include "rules/said.h"

#include <string.h>

#include "rules/said-parts.h"

#define OWN_MAX ((size_t)64 << 10)
#define SUBJECT_MAX 1000
#define COMMANDS_MAX 50
#define LINE_SHOWN 200
#define SHORT_LINE 40 /* bytes; no consent that could end an address is longer */

/* ---- the subject */

/* Tags of the subject less those of the inner one: each there takes one here away. */
static void subject_tags(struct tagger *t, struct span subject, const char *inner, bool only_pln)
{
	struct strs tags = {0}, theirs = {0};
	hashtags_list(subject, t->arena, &tags);
	if (inner != NULL)
		hashtags_list(span_of(inner), t->arena, &theirs);
	for (size_t i = 0; i < theirs.n; i++)
		for (size_t k = 0; k < tags.n; k++)
			if (tags.v[k] != NULL && strcmp(tags.v[k], theirs.v[i]) == 0) {
				tags.v[k] = NULL;
				break;
			}
	for (size_t i = 0; i < tags.n; i++)
		if (tags.v[i] != NULL && (!only_pln || strcmp(tags.v[i], "pln") == 0))
			tagging_add_tag(&t->said->tagging, t->arena, tags.v[i]);
}

/* "Fwd:", "WG: TR:" */
static bool has_prefix(struct span subject)
{
	size_t n = 0;
	while (n < subject.n && n < 12 && subject.p[n] != ':' && subject.p[n] != ' ')
		n++;
	return n > 0 && n < subject.n && n < 6 && subject.p[n] == ':';
}

static struct span skip_prefixes(struct span subject)
{
	while (has_prefix(subject))
		subject = span_trim(span_skip(subject, (size_t)((const char *)memchr(subject.p, ':', subject.n) - subject.p) + 1));
	return subject;
}

/* What the sender wrote around the inner subject is the sender's. False when the inner subject is not there as it was. */
static bool around_inner(struct tagger *t, struct span subject, const char *inner)
{
	struct span theirs = skip_prefixes(span_trim(span_of(inner)));
	const char *at = theirs.n == 0 ? NULL : memmem(subject.p, subject.n, theirs.p, theirs.n);
	if (at == NULL)
		return false;
	tags_read(t, skip_prefixes(span_trim((struct span){subject.p, (size_t)(at - subject.p)})), false);
	tags_read(t, span_trim((struct span){at + theirs.n, (size_t)(subject.p + subject.n - at) - theirs.n}), false);
	return true;
}

static void read_subject(struct tagger *t, const struct said_input *in)
{
	struct span subject = span_of(in->subject);
	if (subject.n == 0)
		return;
	subject.n = utf8_prefix(subject.p, subject.n, SUBJECT_MAX);
	if (in->is_reply)
		subject_tags(t, subject, in->inner_subject, true);
	else if (in->inner_subject != NULL && around_inner(t, subject, in->inner_subject))
		return;
	else if (in->inner_subject != NULL || has_prefix(subject))
		subject_tags(t, subject, in->inner_subject, false);
	else
		tags_read(t, subject, false);
}

/* A subject that is nothing but a command, over words that are no prose. */
static void subject_command(struct tagger *t, const struct said_input *in)
{
	struct command command;
	struct said *said = t->said;
	if (in->subject == NULL || in->is_reply || in->inner_subject != NULL || said->n_commands > 0)
		return;
	if (command_read(said_fold(span_of(in->subject), t->arena), in->today, t->arena, &command) &&
	    (!said->prose || command.verb == COMMAND_READY)) /* a write-up may stand under it */
		*ARENA_PUSH(t->arena, said->commands, said->n_commands) = command;
}

/* ---- own words */
static bool is_plain_ok(const struct decision *d)
{
	return d->all && d->verb == DECISION_APPROVE && d->n_ranges == 0;
}

static void read_line(struct tagger *t, struct span line, struct span folded, bool is_reply)
{
	struct said *said = t->said;
	struct command command;
	if (t->closing) {
		tags_read(t, line, true);
		return;
	}
	bool is_command = said->n_commands < COMMANDS_MAX && command_read(folded, t->today, t->arena, &command);
	if (is_command)
		*ARENA_PUSH(t->arena, said->commands, said->n_commands) = command;
	size_t before = said->n_decisions;
	enum decision_answer decision = decision_read(folded, line, said, t->arena);
	if (decision == DECISION_NOT && is_reply && !is_command && casts_doubt(folded, t->arena))
		decision = DECISION_UNCLEAR;
	if (decision == DECISION_READ && is_reply && t->under_name && said->n_decisions == before + 1 && is_plain_ok(&said->decisions[before])) {
		decision = DECISION_UNCLEAR;
		said->n_decisions = before;
	}
	if (decision == DECISION_UNCLEAR && said->unclear.n < UNCLEAR_MAX)
		strs_add(&said->unclear, t->arena, arena_strndup(t->arena, line.p, utf8_prefix(line.p, line.n, LINE_SHOWN)));
	/* "ok" to a receipt is no note */
	bool consent = is_reply && decision == DECISION_READ && said->n_decisions == before + 1 && said->decisions[before].all;
	bool prose = tags_read(t, line, (!is_command || t->logs) && !consent);
	said->prose |= prose && !is_command && decision != DECISION_READ;
}

static void read_own(struct tagger *t, const struct said_input *in)
{
	struct span rest = span_of(in->own), line;
	struct span above = {0}; /* the last line that was not empty */
	bool first = false, apart = false;
	rest.n = utf8_prefix(rest.p, rest.n, OWN_MAX);
	for (struct span from = rest; span_line(&rest, &line); from = rest) {
		line = span_trim(line);
		t->closing = t->closing || (in->is_reply && t->said->n_decisions > 0 && line.n > 0 && is_closing(from));
		struct arena scratch = {0};
		struct span folded = said_fold(line, &scratch);
		bool quoted = folded.n > 0 && folded.p[0] == '>';
		bool stop = is_sign_off(folded, rest);
		t->under_name = in->is_reply && above.n > 0 && folded.n < SHORT_LINE && may_be_address(above, first, apart);
		if (folded.n > 0 && !quoted && !stop) {
			first = above.n == 0;
			above = span_of(arena_strndup(t->arena, folded.p, folded.n));
			read_line(t, line, above, in->is_reply);
		} else if (folded.n == 0 && t->note.n > 0 && t->note.p[t->note.n - 1] != '\n') {
			str_putc(&t->note, '\n');
		}
		apart = folded.n == 0;
		arena_release(&scratch);
		if (stop)
			return;
	}
}

void said_parse(struct said *out, const struct said_input *in, struct arena *arena)
{
	*out = (struct said){.tagging = {.minutes = MINUTES_NONE, .day = DAY_NONE, .note = ""}};
	struct tagger t = {.said = out, .arena = arena, .today = in->today, .note = {.max = OWN_MAX}};
	struct strs tags = {0};
	hashtags_list(span_of(in->own == NULL ? "" : in->own), arena, &tags);
	t.amendment = in->is_reply && !strs_has_nocase(&tags, "pln");
	read_subject(&t, in);
	t.logs = out->tagging.pln || strs_has_nocase(&tags, "pln");
	if (in->own != NULL)
		read_own(&t, in);
	subject_command(&t, in);
	said_settle(out, arena);
	struct span note = span_trim((struct span){str_c(&t.note), t.note.n});
	out->tagging.note = note.n == 0 ? "" : arena_strndup(arena, note.p, note.n);
	str_release(&t.note);
}
