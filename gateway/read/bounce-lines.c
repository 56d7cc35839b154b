#include <ctype.h>

#include "gateway/read/machine.h"

/* Failed recipients in a report that follows no standard. Each way of naming them is tried on all lines, the surest first;
 * the first that finds one wins. What is certainly somebody else (the sender, postmaster) is left out unless nothing else is there. */

static const char opening[] = "> \t*-•·\"'(<[";

/* "1. ", "2) " */
static size_t numbering(struct span line)
{
	size_t n = 0;
	while (n < line.n && n < 4 && isdigit((unsigned char)line.p[n]))
		n++;
	return n > 0 && line.n > n + 1 && (line.p[n] == '.' || line.p[n] == ')') && line.p[n + 1] == ' ' ? n + 2 : 0;
}

/* Without numbers, bullets, quotation marks, brackets. */
static struct span without_opening(struct span line)
{
	line = span_skip(line, numbering(span_trim(line)) == 0 ? 0 : (size_t)(span_trim(line).p - line.p) + numbering(span_trim(line)));
	while (line.n > 0) {
		size_t step = strchr(opening, line.p[0]) != NULL && line.p[0] != '\0' && (signed char)line.p[0] > 0 ? 1 : 0;
		if (step == 0 && (span_starts(line, "•") || span_starts(line, "·")))
			step = span_starts(line, "•") ? 3 : 2;
		if (step == 0)
			break;
		line = span_skip(line, step);
	}
	return line;
}

/* An address and the text that it stands in. */
struct mention {
	struct found_address found;
	struct span text;
};

static bool mention_next(struct mention *m, struct span text, size_t *at)
{
	m->text = text;
	return address_next(text, at, &m->found);
}

/* "(expanded from" at the end of the line before: this one names another address of the same person. */
static bool is_continued(const struct bounce *b, size_t i)
{
	struct span before = i == 0 ? (struct span){"", 0} : span_trim(b->lines[i - 1].text);
	return span_ends_nocase(before, " from") || span_ends_nocase(before, "(from") || span_ends_nocase(before, " by");
}

/* "someone@example.org: 550 …", "<someone@example.org>", "* someone@example.org on Thu …": begins with the address? */
static bool line_begins(const struct bounce *b, size_t i, struct mention *m)
{
	struct span line = without_opening(b->lines[i].text);
	size_t at = 0;
	line.n = line.n < 512 ? line.n : 512;
	return !b->lines[i].field && mention_next(m, line, &at) && m->found.at == 0 && !is_continued(b, i);
}

/* "Recipient address: someone@example.org", "could not be delivered to <someone@example.org>": behind a phrase that says so. */
static bool line_names(const struct bounce *b, size_t i, struct mention *m)
{
	struct says_hit hit;
	struct span line = b->lines[i].text;
	if (b->lines[i].field || memchr(line.p, '@', line.n) == NULL)
		return false;
	struct span folded = says_fold(line, 1024, b->arena);
	if (!says_find(SAYS_RECIPIENT, folded, &hit))
		return false;
	size_t at = hit.end;
	return mention_next(m, folded, &at) && m->found.at - hit.end < 60;
}

/* "550 5.1.1 <someone@example.org>... User unknown", with or without ">>> " or "<<< " or a server's name before it. */
static bool line_replies(const struct bounce *b, size_t i, struct mention *m)
{
	struct span line = b->lines[i].text;
	size_t at = 0;
	line.n = line.n < 1024 ? line.n : 1024;
	if (b->lines[i].field || bounce_reply_code(line) < 400)
		return false;
	while (mention_next(m, line, &at))
		if (m->found.at > 0 && line.p[m->found.at - 1] == '<')
			return true;
	return false;
}

/* ">>> RCPT TO:<someone@example.org>" */
static bool line_commands(const struct bounce *b, size_t i, struct mention *m)
{
	struct span line = b->lines[i].text;
	const char *rcpt = line.n < 1024 ? memmem(line.p, line.n, "RCPT T", 6) : NULL;
	rcpt = rcpt == NULL && line.n < 1024 ? memmem(line.p, line.n, "RCPT to", 6) : rcpt;
	size_t at = rcpt == NULL ? 0 : (size_t)(rcpt - line.p);
	return rcpt != NULL && !b->lines[i].field && mention_next(m, line, &at);
}

/* Any address in a line that says that something failed. */
static bool line_complains(const struct bounce *b, size_t i, struct mention *m)
{
	struct says_hit hit;
	struct span line = b->lines[i].text;
	if (b->lines[i].field || memchr(line.p, '@', line.n) == NULL)
		return false;
	struct span folded = says_fold(line, 1024, b->arena);
	size_t at = 0;
	return (says_find(SAYS_REASON, folded, &hit) || says_find(SAYS_BOUNCE_BODY, folded, &hit)) && mention_next(m, folded, &at);
}

/* "To: someone@example.org": what is left of the returned mail's header. */
static bool line_addresses(const struct bounce *b, size_t i, struct mention *m)
{
	struct span value;
	size_t at = 0;
	return !b->lines[i].field && bounce_field(span_trim(b->lines[i].text), "To", &value) && mention_next(m, value, &at);
}

typedef bool line_way(const struct bounce *, size_t line, struct mention *);
static line_way *const ways[] = {line_begins, line_names, line_replies, line_commands, line_complains, line_addresses};

static bool is_other(const struct bounce *b, const char *address)
{
	struct span local = span_of(address);
	span_until(&local, '@', &local);
	return strs_has_nocase(&b->others, address) || span_eq(local, "postmaster") || span_eq(local, "mailer-daemon") || span_eq(local, "abuse");
}

/* The next of several: nothing but commas, brackets, blanks between them. */
static bool next_of_list(struct mention *m)
{
	size_t at = m->found.end, end = at;
	while (end < m->text.n && strchr(" \t,;<>\"'&", m->text.p[end]) != NULL && m->text.p[end] != '\0')
		end++;
	return end > at && mention_next(m, m->text, &at) && m->found.at == end && memchr(m->text.p, ',', end) != NULL;
}

static bool search_lines(const struct bounce *b, line_way *way, bool others_too, struct failures *out)
{
	size_t before = out->n;
	for (size_t i = 0; i < b->n && out->n - before < 1000; i++) {
		struct mention m;
		for (bool found = way(b, i, &m); found; found = next_of_list(&m)) {
			const char *address = found_lower(b->arena, m.found.address);
			if (others_too || !is_other(b, address))
				failures_add(out, b->arena, &(struct failure){.recipient = address, .line = i});
		}
	}
	return out->n > before;
}

/* All addresses of a header value. */
static bool search_value(const struct bounce *b, struct span value, struct failures *out)
{
	struct found_address found;
	size_t before = out->n;
	for (size_t at = 0; out->n - before < 1000 && address_next(value, &at, &found);)
		failures_add(out, b->arena, &(struct failure){.recipient = found_lower(b->arena, found.address)});
	return out->n > before;
}

/* The To of the returned mail, where there is nothing else. */
static bool search_original(const struct bounce *b, struct failures *out)
{
	static const char *const names[] = {"X-Failed-Recipients", "X-Original-To", "X-Envelope-To", "Envelope-To", "To", "Delivered-To", "Cc"};
	for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
		struct span rest = b->original, line, value;
		for (size_t i = 0; i < 400 && span_line(&rest, &line); i++) {
			if (line.n == 0 && i > 2)
				break;
			if (bounce_field(line, names[k], &value) && search_value(b, value, out))
				return true;
			if (bounce_field(line, names[k], &value) && value.n == 0 && span_line(&rest, &line) && search_value(b, line, out))
				return true;
		}
	}
	return false;
}

/* A line outside of fields that mentions the recipient, for those that were found elsewhere. */
static size_t line_of(const struct bounce *b, const char *recipient)
{
	size_t n = strlen(recipient);
	for (size_t i = 0; i < b->n; i++)
		if (n > 0 && !b->lines[i].field && memmem(b->lines[i].text.p, b->lines[i].text.n, recipient, n) != NULL)
			return i;
	return 0;
}

/* What is said of a recipient reaches from its line to the next one's. */
static void lay_regions(const struct bounce *b, struct failures *out)
{
	if (out->n == 1) {
		out->v[0].end = b->n;
		out->v[0].alone = true;
		return;
	}
	for (size_t i = 0; i < out->n; i++)
		out->v[i].end = i + 1 < out->n && out->v[i + 1].line > out->v[i].line ? out->v[i + 1].line : b->n;
}

void bounce_explain(const struct bounce *b, struct failures *list)
{
	size_t before_fields = 0;
	while (before_fields < b->n && !b->lines[before_fields].field)
		before_fields++;
	size_t n = list->n < 100 ? list->n : 100, at[100];
	for (size_t i = 0; i < n; i++)
		at[i] = line_of(b, list->v[i].recipient);
	for (size_t i = 0; i < n; i++) {
		struct failure *f = &list->v[i];
		size_t letters = 0;
		for (size_t k = 0; k < f->diagnostic.n; k++)
			letters += isalpha((unsigned char)f->diagnostic.p[k]) != 0;
		if (letters > 2)
			continue;
		f->diagnostic.n = 0;
		f->line = n == 1 ? 0 : at[i];
		f->end = n == 1 || f->line + 12 > before_fields ? before_fields : f->line + 12;
		for (size_t k = 0; k < n; k++)
			if (k != i && at[k] > f->line && at[k] < f->end)
				f->end = at[k];
	}
}

static bool names_address(struct span text, const char *address)
{
	struct found_address found;
	size_t at = 0;
	for (int i = 0; i < 200 && address_next(text, &at, &found); i++)
		if (span_eq_nocase(found.address, address))
			return true;
	return false;
}

/* In words that no phrase knows: the only address that the report names, unless the returned mail was for somebody else. */
static bool search_only(const struct bounce *b, struct failures *out)
{
	struct failure only = {0};
	struct found_address found;
	for (size_t i = 0; i < b->n; i++)
		for (size_t at = 0; !b->lines[i].field && address_next(b->lines[i].text, &at, &found);) {
			const char *address = found_lower(b->arena, found.address);
			if (is_other(b, address) || (only.recipient != NULL && strcmp(only.recipient, address) == 0))
				continue;
			if (only.recipient != NULL)
				return false;
			only = (struct failure){.recipient = address, .line = i};
		}
	if (only.recipient == NULL || (b->original.n > 0 && !names_address(b->original, only.recipient)))
		return false;
	failures_add(out, b->arena, &only);
	return true;
}

bool bounce_search(const struct bounce *b, struct failures *out)
{
	bool found = b->failed != NULL && search_value(b, span_of(b->failed), out);
	for (size_t i = 0; found && i < out->n && i < 100; i++)
		out->v[i].line = line_of(b, out->v[i].recipient);
	for (int others_too = 0; others_too <= 1; others_too++) {
		for (size_t i = 0; !found && i < sizeof ways / sizeof *ways; i++)
			found = search_lines(b, ways[i], others_too != 0, out);
		found = found || (others_too == 0 && search_only(b, out));
	}
	lay_regions(b, out);
	return found;
}

bool bounce_guess(const struct bounce *b, struct failures *out)
{
	bool found = search_original(b, out) || (b->list != NULL && search_value(b, span_of(b->list), out));
	lay_regions(b, out);
	return found;
}
