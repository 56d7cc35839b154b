#include <strings.h>

#include "gateway/read/machine.h"

static bool has_type(const struct mail_parts *parts, const char *type)
{
	for (size_t i = 0; i < parts->n; i++)
		if (!parts->v[i].inside_message && strcasecmp(parts->v[i].type, type) == 0)
			return true;
	return strcasecmp(parts->top_type, type) == 0;
}

static bool is_report_of(const struct mail_parts *parts, const char *what)
{
	return strcasecmp(parts->report_type, what) == 0;
}

/* ---- RFC 3834: who must never be answered */

static bool is_automated(const struct mail_parts *parts)
{
	const struct headers *h = &parts->headers;
	struct span automatic = span_trim(span_of(headers_value(h, "Auto-Submitted")));
	const char *path = headers_value(h, "Return-Path");
	struct span back = span_trim(span_of(path));
	if (automatic.n > 0 && !(span_starts_nocase(automatic, "no") && !span_starts_nocase(automatic, "not")))
		return true;
	return (path != NULL && (back.n == 0 || span_eq(back, "<>"))) || says_header(HEADER_AUTOMATED, h);
}

/* ---- feedback: RFC 5965, and mails that say the same in other words */

static void take_feedback_types(const struct part *part, struct arena *arena, struct reading *r)
{
	struct span rest = part->text, line, value;
	for (int i = 0; i < 200 && span_line(&rest, &line); i++) {
		if (!bounce_field(line, "Feedback-Type", &value) || value.n == 0)
			continue;
		const char *type = utf8_lower(arena, value.p, value.n < 60 ? value.n : 60);
		if (!strs_has_nocase(&r->feedback_types, type))
			strs_add(&r->feedback_types, arena, type);
	}
}

static bool is_feedback(const struct mail_parts *parts, struct span subject, struct arena *arena, struct reading *r)
{
	struct says_hit hit;
	bool report = is_report_of(parts, "feedback-report");
	for (size_t i = 0; i < parts->n; i++)
		if (!parts->v[i].inside_message && (report || strcmp(parts->v[i].type, "message/feedback-report") == 0))
			take_feedback_types(&parts->v[i], arena, r);
	if (report || r->feedback_types.n > 0 || is_report_of(parts, "tlsrpt"))
		return true;
	const char *type = says_header(HEADER_OPT_OUT, &parts->headers) ? "opt-out" : says_header(HEADER_FEEDBACK, &parts->headers) ? "abuse" : NULL;
	if (type == NULL && r->forwarded == NULL && r->in_reply_to == NULL && says_find(SAYS_FEEDBACK, subject, &hit))
		type = hit.name;
	if (type != NULL && strcmp(type, "-") != 0)
		strs_add(&r->feedback_types, arena, type);
	return type != NULL;
}

/* ---- answers of machines */

/* RFC 8098 */
static bool is_receipt(const struct mail_parts *parts)
{
	return is_report_of(parts, "disposition-notification") || has_type(parts, "message/disposition-notification");
}

/* RFC 5546: an attendee's answer, as opposed to an invitation. */
static bool is_calendar_answer(const struct mail_parts *parts)
{
	struct span rest = parts->calendar == NULL ? (struct span){"", 0} : parts->calendar->text, line, value;
	for (int i = 0; i < 300 && span_line(&rest, &line); i++)
		if (bounce_field(span_trim(line), "METHOD", &value))
			return span_eq_nocase(value, "REPLY") || span_eq_nocase(value, "COUNTER") || span_eq_nocase(value, "DECLINECOUNTER");
	return false;
}

/* "[👍] Kim Ho reacted to your message:" and the mail itself: all that Outlook writes. */
static bool only_reacts(const struct reading *r, struct arena *arena)
{
	struct span own = span_trim(span_of(r->own));
	struct says_hit hit;
	if (own.n == 0 || own.n > 200 || own.p[own.n - 1] != ':')
		return false;
	own = says_fold(own, own.n, arena);
	return says_find(SAYS_REACTION, own, &hit) && hit.end + sizeof " :" > own.n;
}

/* An emoji as answer. The words alone do not make one of a mail that somebody wrote. */
static bool is_reaction(const struct mail_parts *parts, struct span subject, const struct reading *r, struct arena *arena)
{
	if (has_type(parts, "text/vnd.google.email-reaction+json") || says_header(HEADER_REACTION, &parts->headers))
		return true;
	struct says_hit hit; /* behind a "Re:" somebody answers it */
	return r->in_reply_to != NULL && ((says_find(SAYS_REACTION, subject, &hit) && memchr(subject.p, ':', hit.at) == NULL) || only_reacts(r, arena));
}

static struct span first_words(const struct reading *r, struct arena *arena)
{
	return says_fold(span_of(r->plain != NULL ? r->plain : r->text), 4096, arena);
}

static bool is_challenge(const struct mail_parts *parts, struct span subject, bool automated, const struct reading *r,
                         struct arena *arena)
{
	if (says_header(HEADER_CHALLENGE, &parts->headers) || says_any(SAYS_CHALLENGE, subject))
		return true;
	bool answers = r->in_reply_to != NULL || span_starts(subject, "re:") || automated;
	return answers && says_any(SAYS_CHALLENGE, says_fold(span_of(r->own), 4096, arena)); /* not what is quoted: somebody may answer one */
}

/* At the start of the subject, or in brackets at its end; somebody who answers it has it behind a "Re:" and before their colon. */
static bool stands_out(struct span subject, const struct says_hit *hit)
{
	size_t start = 0;
	while (start < subject.n && strchr("[(*<\"'-=", subject.p[start]) != NULL)
		start++;
	if (hit->at <= start)
		return true;
	char before = subject.p[hit->at - 1];
	return hit->end + 2 >= subject.n && (before == '(' || before == '[');
}

/* An autoresponder's own header or the usual words before the subject, from somebody who is no mail system: it is one, whatever its
 * text says of delivery. */
static bool names_itself(const struct mail_parts *parts, struct span subject, const struct reading *r, struct arena *arena)
{
	struct says_hit hit;
	if (is_report_of(parts, "delivery-status") || headers_value(&parts->headers, "X-Failed-Recipients") != NULL ||
	    bounce_from_system(&r->from, arena))
		return false;
	return says_header(HEADER_AUTO_REPLY, &parts->headers) || (says_find(SAYS_AUTO_SUBJECT, subject, &hit) && stands_out(subject, &hit));
}

/* A header that only autoresponders write is enough; the words in the subject need a mail that is not plainly a person's:
 * it must stand out. */
static bool is_auto_reply(const struct mail_parts *parts, struct span subject, bool automated, const struct reading *r,
                          struct arena *arena)
{
	struct says_hit hit;
	const char *automatic = headers_value(&parts->headers, "Auto-Submitted");
	if (says_header(HEADER_AUTO_REPLY, &parts->headers) || (automatic != NULL && strcasestr(automatic, "auto-replied") != NULL))
		return true;
	bool subject_says = says_find(SAYS_AUTO_SUBJECT, subject, &hit);
	if (subject_says && (automated || stands_out(subject, &hit)))
		return true;
	if (automated && says_any(SAYS_RECEIPT, subject)) /* without a disposition part */
		return true;
	bool answers = r->in_reply_to != NULL || r->references.n > 0;
	if (!automated || mass_is_sure(parts, r))
		return false;
	return (subject_says || answers || says_any(SAYS_AUTO_PERHAPS, subject)) && says_any(SAYS_AUTO_BODY, first_words(r, arena));
}

/* ---- the order of suspicion: the surest form first */

static enum mail_kind machine_kind(const struct mail_parts *parts, const struct body *body, const struct split *split, struct arena *arena,
                                   struct reading *r)
{
	struct span subject = says_fold(span_of(r->subject), 500, arena);
	bool automated = r->automated;
	enum mail_kind kind = notice_read(parts, arena, r);
	if (kind != MAIL_KIND_COUNT)
		return kind;
	if (is_feedback(parts, subject, arena, r))
		return MAIL_FEEDBACK;
	if (is_receipt(parts) || is_calendar_answer(parts) || is_reaction(parts, subject, r, arena))
		return MAIL_AUTO_REPLY;
	if (is_challenge(parts, subject, automated, r, arena))
		return MAIL_CHALLENGE;
	if (names_itself(parts, subject, r, arena))
		return MAIL_AUTO_REPLY;
	kind = bounce_read(parts, body, split, arena, r);
	if (kind != MAIL_KIND_COUNT)
		return kind;
	return is_auto_reply(parts, subject, automated, r, arena) ? MAIL_AUTO_REPLY : MAIL_KIND_COUNT;
}

static enum mail_kind human_kind(const struct mail_parts *parts, const struct split *split, const struct reading *r,
                                 struct arena *arena)
{
	bool forward = split != NULL && split->forwarded != NULL, sure = mass_is_sure(parts, r);
	if ((!forward || sure || r->automated) && mass_confirms(parts, r, arena))
		return MAIL_CONFIRMATION;
	if (forward && !sure)
		return MAIL_FORWARD;
	bool quotes = split != NULL && split->reply;
	bool answers = r->in_reply_to != NULL || quotes || span_starts_nocase(span_of(r->subject), "re:");
	if (sure || (!answers && mass_is_mail(parts, r)))
		return MAIL_NEWSLETTER;
	if (mass_transacts(parts, r, arena))
		return MAIL_TRANSACTIONAL;
	if (quotes)
		return MAIL_REPLY;
	return answers && (span_starts_nocase(span_of(r->subject), "re:") || r->references.n > 0) ? MAIL_REPLY : MAIL_NOTE;
}

/* A mass mail that dresses up as a forward: all of it is its sender's. On a discussion list somebody may really have forwarded. */
static void drop_pretence(const struct mail_parts *parts, struct reading *r)
{
	bool list = headers_value(&parts->headers, "List-Post") != NULL || headers_value(&parts->headers, "X-BeenThere") != NULL;
	if (r->forwarded == NULL || list || (r->kind != MAIL_NEWSLETTER && r->kind != MAIL_CONFIRMATION))
		return;
	r->forwarded = NULL;
	r->own = r->text == NULL ? "" : r->text;
	r->quoted = "";
	r->signature = r->after = NULL;
	for (size_t i = 0; i < r->n_links; i++)
		r->links[i].where = WHERE_OWN;
}

void machine_read(const struct mail_parts *parts, const struct body *body, const struct split *split, struct arena *arena, struct reading *r)
{
	r->automated = is_automated(parts);
	r->kind = machine_kind(parts, body, split, arena, r);
	if (r->kind != MAIL_KIND_COUNT)
		r->automated = true;
	else
		r->kind = human_kind(parts, split, r, arena);
	drop_pretence(parts, r);
}
