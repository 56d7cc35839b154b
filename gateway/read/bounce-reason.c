#include <ctype.h>

#include "gateway/read/machine.h"

#define REGION_MAX 4096

/* A number of three digits that begins with 4 or 5 and stands like a reply code, not inside a word or an address. */
static int reply_at(struct span s, size_t i)
{
	if (s.n - i < 3 || (s.p[i] != '4' && s.p[i] != '5'))
		return 0;
	if (s.p[i + 1] < '0' || s.p[i + 1] > '7' || !isdigit((unsigned char)s.p[i + 2]))
		return 0;
	char before = i > 0 ? s.p[i - 1] : ' ', after = s.n - i > 3 ? s.p[i + 3] : ' ';
	if (before == '\0' || after == '\0' || strchr(" \t\n[(:<\"", before) == NULL || strchr(" \t\r\n-:,", after) == NULL)
		return 0;
	return (s.p[i] - '0') * 100 + (s.p[i + 1] - '0') * 10 + (s.p[i + 2] - '0');
}

int bounce_reply_code(struct span text)
{
	for (size_t i = 0; i + 3 <= text.n; i++) {
		int code = reply_at(text, i);
		if (code != 0)
			return code;
	}
	return 0;
}

static size_t digits(struct span s, size_t i)
{
	size_t n = 0;
	while (i + n < s.n && n < 4 && isdigit((unsigned char)s.p[i + n]))
		n++;
	return n;
}

/* RFC 3463: class.subject.detail; not a piece of an IP address, a version or a date. */
static size_t status_at(struct span s, size_t i)
{
	if (strchr("245", s.p[i]) == NULL || s.p[i] == '\0' || (i > 0 && (isalnum((unsigned char)s.p[i - 1]) || s.p[i - 1] == '.')))
		return 0;
	if (s.n - i < 5 || s.p[i + 1] != '.')
		return 0;
	size_t second = digits(s, i + 2), dot = i + 2 + second;
	if (second == 0 || second > 3 || dot >= s.n || s.p[dot] != '.')
		return 0;
	size_t third = digits(s, dot + 1), end = dot + 1 + third;
	if (third == 0 || third > 3 || (end < s.n && (isalnum((unsigned char)s.p[end]) || (s.p[end] == '.' && digits(s, end + 1) > 0))))
		return 0;
	return end - i;
}

struct span bounce_status_code(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t n = status_at(text, i);
		if (n > 0)
			return (struct span){text.p + i, n};
	}
	return (struct span){text.p, 0};
}

/* All lines that speak of a recipient, as one text. */
static struct span region_text(const struct bounce *b, const struct failure *f, size_t from)
{
	struct str all = {.max = REGION_MAX};
	str_span(&all, f->diagnostic);
	str_putc(&all, '\n');
	str_span(&all, f->status);
	str_putc(&all, '\n');
	for (size_t i = from; f->diagnostic.n == 0 && i < f->end && i < b->n && !all.cut; i++) {
		if (b->lines[i].field)
			continue;
		str_span(&all, span_trim(b->lines[i].text));
		str_putc(&all, '\n');
	}
	struct span copy = {arena_strndup(b->arena, str_c(&all), all.n), all.n};
	str_release(&all);
	return copy;
}

static bool is_vague(struct span status)
{
	return status.n < 4 || (status.p[2] == '0' && status.p[3] == '.');
}

/* What the reply code alone may mean, when neither a phrase nor a status says more. */
static const struct {
	int code;
	const char *reason;
} by_reply[] = {
	{421, "expired"}, {452, "systemfull"}, {500, "syntaxerror"}, {501, "syntaxerror"}, {502, "syntaxerror"}, {503, "syntaxerror"},
	{504, "syntaxerror"}, {521, "notaccept"}, {550, "userunknown"}, {551, "userunknown"}, {552, "mailboxfull"}, {553, "userunknown"},
	{556, "notaccept"},
};

static const char *reply_reason(int code)
{
	for (size_t i = 0; i < sizeof by_reply / sizeof *by_reply; i++)
		if (by_reply[i].code == code)
			return by_reply[i].reason;
	return NULL;
}

static const char *find_reason(const struct bounce *b, struct span text, struct span status, int code, bool *named)
{
	struct says_hit hit;
	struct span folded = says_fold(text, REGION_MAX, b->arena);
	*named = true;
	if (says_best(SAYS_REASON, folded, &hit))
		return hit.name;
	const char *reason = status.n == 0 ? NULL : says_status_reason(status);
	bool perhaps = says_best(SAYS_REASON_PERHAPS, folded, &hit);
	*named = perhaps || code != 0;
	if (reason == NULL)
		reason = perhaps ? hit.name : reply_reason(code);
	return reason != NULL ? reason : "undefined";
}

/* A person who is gone for good, or a place: trying again is useless. */
static bool is_hard(const char *reason)
{
	static const char *const hard[] = {"userunknown", "hostunknown", "hasmoved", "notaccept"};
	for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
		if (strcmp(reason, hard[i]) == 0)
			return true;
	return false;
}

bool bounce_report(const struct bounce *b, const struct failure *f, struct report *out)
{
	struct span text = region_text(b, f, f->line);
	struct span said = bounce_status_code(f->diagnostic.n > 0 ? f->diagnostic : text), status = bounce_status_code(f->status);
	if (is_vague(status) && said.n > 0)
		status = said;
	int code = bounce_reply_code(text);
	bool named = false;
	const char *reason = find_reason(b, text, status, code, &named);
	if (!named && f->alone && f->line > 0 && f->diagnostic.n == 0) { /* what stands before the recipient's line */
		text = region_text(b, f, 0);
		code = code == 0 ? bounce_reply_code(text) : code;
		reason = find_reason(b, text, status, code, &named);
	}
	out->recipient = f->recipient;
	out->status = status.n > 0 ? arena_strndup(b->arena, status.p, status.n) : code >= 500 ? "5.0.0" : code >= 400 ? "4.0.0" : NULL;
	out->reason = f->delivered ? "delivered" : reason;
	out->hard = !f->delayed && !f->delivered && is_hard(out->reason) && (out->status == NULL || out->status[0] != '4');
	return named;
}
