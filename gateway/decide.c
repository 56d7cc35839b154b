#include "gateway/approvals.h"
#include "gateway/clock.h"
#include "gateway/hash.h"

#define DAY 86400

/* ---- what the mail answers */

static int letter_it_answers(struct desk *desk, const struct reading *r, struct stored_letter **out, struct err *err)
{
	struct stored_letter *letter = arena_alloc(desk->arena, sizeof *letter);
	char token[TOKEN_CHARS + 1];
	bool bounce;
	int found = 0;
	if (post_find_token(desk->campus, &r->recipients, token, &bounce) && !bounce)
		found = store_letter_by_token(desk->store, token, desk->now, desk->arena, letter, err);
	if (found == 0 && r->in_reply_to != NULL)
		found = store_letter_by_message_id(desk->store, r->in_reply_to, desk->arena, letter, err);
	for (size_t i = r->references.n; found == 0 && i > 0; i--)
		found = store_letter_by_message_id(desk->store, r->references.v[i - 1], desk->arena, letter, err);
	if (found > 0)
		*out = letter;
	return found;
}

static enum answers answers_what(const struct stored_letter *l)
{
	if (l == NULL)
		return ANSWERS_NOTHING;
	switch (l->purpose) {
	case LETTER_RECEIPT:
		return ANSWERS_ENTRY;
	case LETTER_DIGEST:
		return ANSWERS_DIGEST;
	case LETTER_APPROVAL:
	case LETTER_OUTCOME:
		return l->approval != 0 ? ANSWERS_APPROVAL : l->entry != 0 ? ANSWERS_ENTRY : l->numbered != NULL ? ANSWERS_DIGEST : ANSWERS_OTHER;
	case LETTER_QUESTION:
		return ANSWERS_QUESTION;
	case LETTER_ANSWER:
		return l->entry != 0 ? ANSWERS_ENTRY : l->numbered != NULL ? ANSWERS_DIGEST : ANSWERS_OTHER;
	case LETTER_PLAN:
		return ANSWERS_PLAN;
	case LETTER_INTERVIEW:
		return ANSWERS_INTERVIEW;
	case LETTER_REMINDER:
		return l->approval != 0 ? ANSWERS_APPROVAL : ANSWERS_OTHER;
	case LETTER_TROUBLE:
	case LETTER_REPORT:
	case LETTER_PURPOSE_COUNT:
		break;
	}
	return ANSWERS_OTHER;
}

#define OWN_MAX ((size_t)64 << 10)
#define LINE_OF_THEIRS 160 /* bytes: who answers in one line wrote it, even in words that we proposed */
#define OURS_LEAST 12 /* bytes of a line: "ok" may well be theirs, unless it goes on where a line of ours broke off */

/* Words with single blanks between them and without the stars of emphasis: clients break lines anew and drop marks. */
static struct span plain_words(struct arena *arena, struct span s)
{
	char *out = arena_alloc(arena, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool blank = s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r');
		if (!blank && s.p[i] != '*')
			out[n++] = s.p[i];
		else if (blank && n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	return (struct span){out, n};
}

/* Whether the line is of our letter; *from is where the last one that was ended in it, NULL = theirs. */
static bool is_ours(struct span letter, struct span line, const char **from)
{
	const char *end = letter.p + letter.n, *next = *from;
	if (line.n == 0)
		return false;
	while (next != NULL && next < end && *next == ' ')
		next++;
	if (next != NULL && (size_t)(end - next) >= line.n && memcmp(next, line.p, line.n) == 0) {
		*from = next + line.n;
		return true;
	}
	const char *found = line.n < OURS_LEAST ? NULL : memmem(letter.p, letter.n, line.p, line.n);
	*from = found == NULL ? NULL : found + line.n;
	return found != NULL;
}

/* A client that quotes without marks leaves our own text among the sender's words: what we wrote is taken out again, line by
 * line, and what remains is parsed anew. */
static bool subtract_letter(struct desk *desk, struct matter *m)
{
	struct reading *r = m->reading;
	struct span own = span_trim(span_of(r->own));
	if (m->letter == NULL || m->letter->own_text == NULL || (own.n <= LINE_OF_THEIRS && memchr(own.p, '\n', own.n) == NULL))
		return false;
	struct span ours = plain_words(desk->arena, span_of(m->letter->own_text)), line;
	struct span rest = {r->own, utf8_prefix(r->own, strlen(r->own), OWN_MAX)}; /* no more is read as words */
	const char *from = NULL;
	struct str kept = {0};
	bool removed = false;
	while (span_line(&rest, &line)) {
		if (is_ours(ours, plain_words(desk->arena, line), &from)) {
			removed = true;
			continue;
		}
		str_span(&kept, line);
		str_putc(&kept, '\n');
	}
	if (removed)
		r->own = arena_strndup(desk->arena, str_c(&kept), kept.n);
	str_release(&kept);
	return removed;
}

/* The local day on which it was written: many clients give the time in UTC, which is another day in the evening. */
static bool localise(struct desk *desk, struct matter *m)
{
	struct reading *r = m->reading;
	int32_t day = r->has_date ? clock_day(campus_zone(desk->campus, m->person), r->date_unix) : DAY_NONE;
	if (day == DAY_NONE || day == r->date_day)
		return false;
	r->date_day = day;
	return true;
}

/* What the reader could not know: who wrote it, where, and in answer to what. Then the words are parsed as it parses them. */
static void read_again(struct desk *desk, struct matter *m)
{
	struct reading *r = m->reading;
	bool removed = subtract_letter(desk, m), moved = localise(desk, m);
	if ((!removed && !moved && !m->own_cut) || mail_kind_is_machine(r->kind))
		return;
	bool mass = r->kind == MAIL_NEWSLETTER || r->kind == MAIL_TRANSACTIONAL || r->kind == MAIL_CONFIRMATION;
	const char *inner = r->forwarded != NULL ? r->forwarded->subject : m->letter != NULL ? m->letter->subject : r->n_attached > 0 ? r->attached[0].subject : NULL;
	struct said_input in = {.subject = r->subject, .inner_subject = inner,
	                        .own = mass ? "" : r->own, .today = r->date_day, .is_reply = removed || r->kind == MAIL_REPLY};
	r->said = (struct said){.tagging = {.minutes = MINUTES_NONE, .day = DAY_NONE, .note = ""}};
	said_parse(&r->said, &in, desk->arena);
}

/* ---- who wrote it */

static bool from_campus(const struct campus *c, const char *addr)
{
	char token[TOKEN_CHARS + 1];
	bool bounce;
	const char *v[] = {addr};
	return strcasecmp(addr, c->config.address) == 0 || post_find_token(c, &(struct strs){v, 1}, token, &bounce) == 1;
}

/* A token is for one purpose: with a question's nothing is said but yes or no. */
static bool only_yes_or_no(const struct said *s)
{
	for (size_t i = 0; i < s->n_commands; i++)
		if (s->commands[i].verb != COMMAND_YES && s->commands[i].verb != COMMAND_NO)
			return false;
	return s->n_commands > 0 && !s->tagging.pln;
}

/* A server that stamps nothing leaves one proof: our question went to the roster address, and its token came back from there. */
static bool is_genuine(const struct campus *c, const struct matter *m)
{
	const struct reading *r = m->reading;
	if (m->mail->released != 0 || r->auth == AUTH_PASS)
		return true;
	if (r->auth == AUTH_FAIL)
		return false;
	bool answers_question = only_yes_or_no(&r->said) && m->letter != NULL && m->letter->purpose == LETTER_QUESTION && m->person != NULL && m->letter->person == m->person->id;
	return answers_question || c->config.unstamped == UNSTAMPED_ACCEPT;
}

static int sender(struct desk *desk, struct matter *m, struct err *err)
{
	struct person *p = arena_alloc(desk->arena, sizeof *p);
	const char *addr = utf8_lower(desk->arena, m->reading->from.addr, strlen(m->reading->from.addr));
	int found = addr[0] == '\0' ? 0 : store_person_by_address(desk->store, addr, desk->arena, p, err);
	if (found > 0 && !p->left)
		m->person = p;
	return found < 0 ? -1 : 0;
}

/* ---- what to make of it */

static void judge(struct desk *desk, struct matter *m)
{
	struct reading *r = m->reading;
	struct judged judged = {
		.person = m->principal != NULL ? m->principal : m->person == NULL && m->sharers.n > 0 ? &m->sharers.people[0] : m->person,
		.genuine = is_genuine(desk->campus, m),
		.answers = answers_what(m->letter),
		.own_letter = !mail_kind_is_machine(r->kind) && from_campus(desk->campus, r->from.addr),
	};
	ruleset_judge(desk->campus->rules, r, &judged, desk->arena, &m->verdict);
	if (who_holds(m))
		return;
	if (m->verdict.action == ACTION_HOLD && m->person != NULL && r->auth == AUTH_FAIL && m->mail->released == 0) {
		m->verdict.action = ACTION_QUARANTINE; /* no backscatter: nobody is told but the operator */
		m->verdict.why = arena_printf(desk->arena, "%s did not send this: the mail server's authentication failed", m->reading->from.addr);
	}
}

static int keep_message(struct desk *desk, const struct incoming *in, struct matter *m, int64_t duplicate_of, struct err *err)
{
	const struct reading *r = in->reading;
	struct message message = {
		.mailbox = in->mailbox, .ident = in->ident, .received_at = in->arrival, .marked = in->mailbox == 0,
		.action = in->killed ? ACTION_QUARANTINE : m->verdict.action,
		.reason = in->killed ? in->why : m->verdict.why,
		.duplicate_of = duplicate_of,
		.person = m->person == NULL ? 0 : m->person->id,
	};
	memcpy(message.body_hash, in->body_hash, HASH_BYTES);
	if (r != NULL) {
		message.message_id = r->message_id;
		message.from_addr = r->from.addr;
		message.subject = r->subject;
		message.kind = mail_kind_name(r->kind);
		message.list_id = r->list_id;
		message.text = message.action == ACTION_LOG ? (r->forwarded != NULL && r->forwarded->body != NULL ? r->forwarded->body : r->text) : NULL;
	}
	struct span raw = desk->campus->config.keep_raw || message.action == ACTION_QUARANTINE || message.action == ACTION_HOLD ? in->raw : SPAN("");
	return store_add_message(desk->store, &message, raw, &m->message, err);
}

static int act(struct desk *desk, struct matter *m, struct decided_mail *out, struct err *err)
{
	const struct reading *r = m->reading;
	const char *source = r->list_id != NULL ? r->list_id : r->from.addr;
	bool done = false;
	switch (m->verdict.action) {
	case ACTION_LOG: /* "2 it was 20m" in answer to a letter about several decisions */
		if (m->verdict.amend && m->letter->purpose == LETTER_OUTCOME && m->letter->numbered != NULL && do_digest_items(desk, m, &done, err) < 0)
			return -1;
		return done ? 0 : do_log(desk, m, out, err);
	case ACTION_COMMAND:
		if (m->answers_who)
			return do_answer_who(desk, m, err);
		if (do_plan(desk, m, &done, err) < 0 || (!done && do_interview(desk, m, &done, err) < 0))
			return -1;
		if (done)
			return 0;
		if (answers_what(m->letter) == ANSWERS_QUESTION && do_answer_question(desk, m, &done, err) < 0)
			return -1;
		if (!done && answers_what(m->letter) == ANSWERS_DIGEST && do_digest_items(desk, m, &done, err) < 0)
			return -1;
		return done ? 0 : do_commands(desk, m, err);
	case ACTION_APPROVE:
		if (m->hand != NULL && m->delegate == NULL)
			return ask_principal(desk, m, err);
		if (do_plan(desk, m, &done, err) < 0 || (!done && do_interview(desk, m, &done, err) < 0))
			return -1;
		return done ? 0 : do_decisions(desk, m, err);
	case ACTION_HOLD:
		return do_hold(desk, m, err);
	case ACTION_SOURCE:
		if (r->kind == MAIL_CONFIRMATION && do_confirmation(desk, m, err) < 0)
			return -1;
		return source[0] == '\0' ? 0 : store_note_source(desk->store, source, r->from.name, desk->now, err);
	case ACTION_RECORD:
		return do_bounce(desk, r, err);
	case ACTION_QUARANTINE:
	case ACTION_IGNORE:
	case ACTION_COUNT:
		break;
	}
	return 0;
}

/* ---- the same mail again: by its place in the mailbox, then by Message-ID and body */

static int duplicate(struct desk *desk, const struct incoming *in, int64_t *of, struct err *err)
{
	if (in->reading == NULL || in->reading->message_id == NULL)
		return 0;
	return store_seen_copy(desk->store, in->reading->message_id, in->body_hash, of, err);
}

static int killed_mail(struct desk *desk, const struct incoming *in, struct matter *m, struct err *err)
{
	int kept = in->released != 0 ? store_set_message_action(desk->store, in->released, ACTION_QUARANTINE, in->why, err)
	                             : keep_message(desk, in, m, 0, err); /* released or not: it must not be read for ever */
	if (kept < 0)
		return -1;
	struct strs lines = {0};
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "The reader could not read a mail, twice: %s.", in->why));
	strs_add(&lines, desk->arena, arena_printf(desk->arena, "Its bytes are kept as message %lld (plnpost log --quarantined); all other mail went on.", (long long)m->message));
	return post_trouble(desk, arena_printf(desk->arena, "trouble:killed:%lld", (long long)m->message), "A mail is in quarantine", &lines, err);
}

int decide_mail(struct desk *desk, struct incoming *in, struct decided_mail *out, struct err *err)
{
	struct matter m = {.mail = in, .reading = in->reading, .message = in->released};
	int64_t of = 0;
	hash_body(in->body_hash, in->raw.p, in->raw.n);
	*out = (struct decided_mail){.kind = in->killed ? NULL : mail_kind_name(in->reading->kind)};
	int seen = in->ident == NULL || in->released != 0 ? 0 : store_seen_ident(desk->store, in->mailbox, in->ident, err);
	if (seen == 0 && in->released == 0)
		seen = duplicate(desk, in, &of, err);
	if (seen < 0)
		return -1;
	if (seen > 0) {
		out->duplicate = true;
		out->action = m.verdict.action = ACTION_IGNORE;
		m.verdict.why = out->why = "the same mail is in the log already";
		return of == 0 ? 0 : keep_message(desk, in, &m, of, err);
	}
	if (in->killed) {
		out->action = ACTION_QUARANTINE;
		out->why = in->why;
		return killed_mail(desk, in, &m, err);
	}
	if (sender(desk, &m, err) < 0 || letter_it_answers(desk, in->reading, &m.letter, err) < 0 || who_wrote(desk, &m, err) < 0)
		return -1;
	if (find_hand(desk, &m, err) < 0)
		return -1;
	read_again(desk, &m);
	judge(desk, &m);
	*out = (struct decided_mail){.action = m.verdict.action, .kind = out->kind, .why = m.verdict.why, .person = m.person == NULL ? 0 : m.person->id};
	int kept = in->released != 0 ? store_set_message_action(desk->store, in->released, m.verdict.action, m.verdict.why, err)
	                             : keep_message(desk, in, &m, 0, err);
	out->message = m.message;
	settle_hand(&m);
	return kept < 0 ? -1 : act(desk, &m, out, err);
}
