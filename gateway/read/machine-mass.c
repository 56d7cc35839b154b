#include <ctype.h>
#include <strings.h>

#include "gateway/read/machine.h"

/* Mail to many: newsletters, campaigns, lists. By the headers that mass mailers must write, else by the shape of the mail. */

static bool has_header(const struct mail_parts *parts, const char *name)
{
	return headers_value(&parts->headers, name) != NULL;
}

static bool precedence_is(const struct mail_parts *parts, const char *word)
{
	return span_eq_nocase(span_trim(span_of(headers_value(&parts->headers, "Precedence"))), word);
}

bool mass_is_sure(const struct mail_parts *parts, const struct reading *r)
{
	(void)r;
	return has_header(parts, "List-Unsubscribe") || has_header(parts, "List-Id") || has_header(parts, "List-Post") ||
	       precedence_is(parts, "bulk") || precedence_is(parts, "list") || precedence_is(parts, "junk") ||
	       says_header(HEADER_NEWSLETTER, &parts->headers);
}

static bool has_role(const struct reading *r, enum link_role role)
{
	for (size_t i = 0; i < r->n_links; i++)
		if (r->links[i].role == role && r->links[i].where == WHERE_OWN)
			return true;
	return false;
}

/* A return path with the receiver's address in it (VERP, "bounces+123-ann=school.example@…"), or with a long serial number. What
 * forwarders and filters make of people's addresses (SRS, BATV, Gmail's "+caf_=") looks like it and says nothing. */
static bool has_serial_return(const struct mail_parts *parts, const struct reading *r)
{
	struct span path = span_of(headers_value(&parts->headers, "Return-Path")), local;
	size_t digits = 0;
	if (span_starts(path, "<"))
		path = span_skip(path, 1);
	if (path.n == 0 || span_starts_nocase(path, r->from.addr) || !span_until(&path, '@', &local))
		return false;
	if (span_starts_nocase(local, "srs") || span_starts_nocase(local, "prvs=") || span_starts_nocase(local, "btv1=") ||
	    memmem(local.p, local.n, "+caf_=", 6) != NULL)
		return false;
	for (size_t i = 0; i < local.n; i++)
		digits += local.p[i] >= '0' && local.p[i] <= '9';
	return memchr(local.p, '=', local.n) != NULL || digits >= 6 || span_starts_nocase(local, "bounce");
}

static bool local_part_is(enum saying use, const struct reading *r, struct arena *arena)
{
	struct span addr = span_of(r->from.addr), local;
	return span_until(&addr, '@', &local) && says_any(use, says_fold(local, 100, arena));
}

static bool is_no_reply(const struct reading *r, struct arena *arena)
{
	return local_part_is(SAYS_NO_REPLY, r, arena);
}

static struct span last_words(const struct reading *r, struct arena *arena)
{
	struct span text = span_of(r->text != NULL ? r->text : r->plain);
	size_t skip = text.n > 6000 ? text.n - 6000 : 0;
	while (skip < text.n && ((unsigned char)text.p[skip] & 0xc0) == 0x80)
		skip++;
	return says_fold(span_skip(text, skip), 6000, arena);
}

/* Somebody pasted a newsletter into a mail of theirs and tagged it. */
static bool is_tagged(const struct reading *r)
{
	return (r->subject != NULL && strcasestr(r->subject, "#pln") != NULL) || (r->own != NULL && strcasestr(r->own, "#pln") != NULL);
}

/* What people's own mail programs do not write, though a relay may. */
static int impersonal_points(const struct mail_parts *parts, const struct reading *r)
{
	return 2 * has_serial_return(parts, r) + 2 * has_header(parts, "Feedback-ID") + 2 * says_header(HEADER_MAILER, &parts->headers);
}

/* Without telling headers: ways out, pixels, many links, a sender that is no person. A relay's marks, its pixel and an address that
 * nobody reads are not enough: receipts and notices have them too. */
bool mass_is_mail(const struct mail_parts *parts, const struct reading *r)
{
	struct arena arena = {0};
	if (is_tagged(r))
		return false;
	int sender = 3 * local_part_is(SAYS_MASS_FROM, r, &arena) +
	             2 * says_any(SAYS_MASS_SUBJECT, says_fold(span_of(r->subject), 500, &arena));
	int content = 3 * has_role(r, ROLE_UNSUBSCRIBE) + 2 * has_role(r, ROLE_VIEW_ONLINE) +
	              has_role(r, ROLE_PREFERENCES) + (r->n_links > 15) + (r->n_links > 5);
	int marks = impersonal_points(parts, r) + 2 * has_role(r, ROLE_PIXEL) + 2 * is_no_reply(r, &arena);
	if ((sender + content == 0 || sender + content + marks < 4) && says_any(SAYS_MASS_BODY, last_words(r, &arena)))
		content += 3;
	arena_release(&arena);
	return sender + content > 0 && sender + content + marks >= 4;
}

/* "confirm 0123456789abcdef": the subject that a list manager wants back. */
static bool is_command(struct span subject)
{
	struct span rest = subject, word, token;
	size_t n = 0;
	if (!span_until(&rest, ' ', &word) || !(span_eq(word, "confirm") || span_eq(word, "auth")) || !span_until(&rest, ' ', &token))
		return false;
	while (n < token.n && isxdigit((unsigned char)token.p[n]))
		n++;
	return n == token.n && n >= 8;
}

#define FEW_LINKS 8 /* a mail that wants one thing has not many ways to go */

/* Double opt-in, list managers, address checks, forwarding checks: somebody must act. Campaigns use the same words ("confirm your
 * support"), so that a subject alone is believed only where it speaks of a subscription. */
bool mass_confirms(const struct mail_parts *parts, const struct reading *r, struct arena *arena)
{
	struct span subject = says_fold(span_of(r->subject), 500, arena);
	bool strong = says_any(SAYS_CONFIRM_SUBJECT, subject) || is_command(subject);
	bool weak = strong || says_any(SAYS_CONFIRM_SUBJECT_PERHAPS, subject);
	bool impersonal = r->automated || mass_is_sure(parts, r) || has_serial_return(parts, r) || is_no_reply(r, arena) ||
	                  says_header(HEADER_MAILER, &parts->headers) || says_header(HEADER_MANAGER, &parts->headers);
	if (says_header(HEADER_CONFIRMATION, &parts->headers))
		return true;
	bool few = r->n_links <= FEW_LINKS;
	if (!weak && !(impersonal && few))
		return false;
	struct span words = says_fold(span_of(r->plain != NULL && strlen(r->plain) > 40 ? r->plain : r->text), 6000, arena);
	bool asks = says_any(SAYS_CONFIRM_BODY, words), perhaps = asks || says_any(SAYS_CONFIRM_BODY_PERHAPS, words);
	bool done = says_any(SAYS_CONFIRMED, subject) || says_any(SAYS_CONFIRMED, words);
	if (strong && (asks || perhaps || (impersonal && !done)))
		return true;
	return impersonal && few && ((weak && perhaps) || (asks && !done));
}

/* A notice to one person: a receipt, a password, an alert. */
bool mass_transacts(const struct mail_parts *parts, const struct reading *r, struct arena *arena)
{
	const char *automatic = headers_value(&parts->headers, "Auto-Submitted");
	if (is_no_reply(r, arena) || (automatic != NULL && r->automated && span_starts_nocase(span_trim(span_of(automatic)), "auto-")))
		return true;
	return (r->automated || has_serial_return(parts, r)) &&
	       says_any(SAYS_TRANSACTION, says_fold(span_of(r->subject), 500, arena));
}
