#include <ctype.h>
#include <strings.h>

#include "gateway/read/machine.h"

/* RFC 3464: groups of "Name: value" fields, one for each recipient. They are looked for in every line, because many systems
 * put them into plain text, and they are told apart by their recipient fields, not by empty lines, which get lost. */

bool bounce_field(struct span line, const char *name, struct span *value)
{
	size_t n = strlen(name);
	if (line.n <= n || line.p[n] != ':' || strncasecmp(line.p, name, n) != 0)
		return false;
	*value = span_trim(span_skip(line, n + 1));
	return true;
}

/* "rfc822; someone@example.org (comment)" */
static struct span typed_value(struct span value)
{
	const char *semicolon = memchr(value.p, ';', value.n);
	if (semicolon != NULL && semicolon - value.p < 24)
		value = span_trim(span_skip(value, (size_t)(semicolon - value.p) + 1));
	return value;
}

static const char *recipient_of(struct span value, struct arena *arena)
{
	struct found_address found;
	size_t at = 0;
	value = typed_value(value);
	if (address_next(value, &at, &found))
		return found_lower(arena, found.address);
	return NULL;
}

struct group {
	const char *final, *original, *actual;
	struct span action, status, diagnostic;
	size_t line, end;
	bool any;
};

/* A field of that name begins a new recipient's group when the group has one already. */
static bool starts_anew(const struct group *g, bool is_final)
{
	return is_final ? g->final != NULL : g->original != NULL && (g->final != NULL || g->action.n > 0);
}

/* "deliverable" is what a trial delivery reports. */
static bool arrived(const struct group *g)
{
	static const char *const actions[] = {"deliver", "relayed", "expanded"};
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (span_starts_nocase(g->action, actions[i]))
			return true;
	return g->action.n == 0 && span_starts(g->status, "2.");
}

/* The final recipient where the address is that of a mailbox; a program or a file name ("|/usr/bin/x") says less than the
 * original one. */
static void group_close(struct group *g, struct arena *arena, struct failures *out)
{
	const char *recipient = g->final != NULL ? g->final : g->original != NULL ? g->original : g->actual;
	if (recipient != NULL && (g->action.n > 0 || g->status.n > 0 || g->diagnostic.n > 0 || g->final != NULL)) {
		struct failure f = {.recipient = recipient, .line = g->line, .end = g->end, .action = g->action, .status = g->status,
		                    .diagnostic = g->diagnostic};
		f.delayed = span_starts_nocase(g->action, "delayed");
		f.delivered = arrived(g);
		failures_add(out, arena, &f);
	}
	*g = (struct group){0};
}

/* The field's value and its continuation lines, which are copied together. */
static struct span whole_value(const struct bounce *b, size_t line, struct span value)
{
	struct str all = {.max = 4096};
	str_span(&all, value);
	for (size_t i = line + 1; i < b->n && i < line + 40; i++) {
		struct span more = b->lines[i].text;
		if (more.n == 0 || (more.p[0] != ' ' && more.p[0] != '\t'))
			break;
		str_putc(&all, ' ');
		str_span(&all, span_trim(more));
	}
	struct span copy = {arena_strndup(b->arena, str_c(&all), all.n), all.n};
	str_release(&all);
	return copy;
}

static void group_line(const struct bounce *b, size_t i, struct group *g, struct failures *out)
{
	struct span line = span_trim(b->lines[i].text), value;
	if (line.n == 0 && (g->final != NULL || g->original != NULL) && (g->action.n > 0 || g->status.n > 0))
		group_close(g, b->arena, out);
	bool is_final = bounce_field(line, "Final-Recipient", &value);
	if (is_final || bounce_field(line, "Original-Recipient", &value)) {
		if (starts_anew(g, is_final))
			group_close(g, b->arena, out);
		const char *recipient = recipient_of(whole_value(b, i, value), b->arena);
		if (g->final == NULL && g->original == NULL)
			g->line = i;
		*(is_final ? &g->final : &g->original) = recipient;
	} else if (bounce_field(line, "X-Actual-Recipient", &value)) {
		g->actual = recipient_of(value, b->arena);
	} else if (bounce_field(line, "Action", &value)) {
		g->action = value;
	} else if (bounce_field(line, "Status", &value)) {
		g->status = value;
	} else if (bounce_field(line, "Diagnostic-Code", &value)) {
		g->diagnostic = typed_value(whole_value(b, i, value));
	} else {
		return;
	}
	g->end = i + 1;
}

bool bounce_groups(const struct bounce *b, struct failures *out)
{
	struct group g = {0};
	size_t before = out->n;
	for (size_t i = 0; i < b->n; i++)
		group_line(b, i, &g, out);
	group_close(&g, b->arena, out);
	return out->n > before;
}
