#include <ctype.h>
#include <strings.h>

#include "gateway/read/auth-stamp.h"

/* The grammar of RFC 8601. */

#define PROPS_MAX 50
#define VALUE_MAX 1000

struct scan {
	struct span s;
	struct arena *arena;
	bool broken;
};

/* Blanks and comments, which nest (RFC 5322 CFWS). */
static void skip_cfws(struct scan *c)
{
	int depth = 0;
	while (c->s.n > 0) {
		char ch = c->s.p[0];
		if (depth > 0 && ch == '\\' && c->s.n > 1)
			c->s = span_skip(c->s, 1);
		else if (ch == '(')
			depth++;
		else if (depth > 0 && ch == ')')
			depth--;
		else if (depth == 0 && ch != ' ' && ch != '\t' && ch != '\r' && ch != '\n')
			break;
		c->s = span_skip(c->s, 1);
	}
	c->broken = c->broken || depth > 0;
}

static bool next_is(const struct scan *c, char ch)
{
	return c->s.n > 0 && c->s.p[0] == ch;
}

static const char *take_quoted(struct scan *c)
{
	struct str out = {.max = VALUE_MAX};
	bool closed = false;
	c->s = span_skip(c->s, 1);
	while (c->s.n > 0 && !closed) {
		closed = c->s.p[0] == '"';
		if (c->s.p[0] == '\\' && c->s.n > 1)
			c->s = span_skip(c->s, 1);
		if (!closed)
			str_putc(&out, c->s.p[0]);
		c->s = span_skip(c->s, 1);
	}
	c->broken = c->broken || !closed;
	const char *text = utf8_lower(c->arena, str_c(&out), out.n);
	str_release(&out);
	return text;
}

/* Up to a blank, ';', '(' or one of `ends`. */
static struct span take_bytes(struct scan *c, const char *ends)
{
	size_t n = 0;
	while (n < c->s.n && n < VALUE_MAX && strchr(" \t\r\n;(\"", c->s.p[n]) == NULL && strchr(ends, c->s.p[n]) == NULL)
		n++;
	struct span bytes = {c->s.p, n};
	c->s = span_skip(c->s, n);
	return bytes;
}

/* In lower case. NULL when there is none. */
static const char *take_word(struct scan *c, const char *ends)
{
	struct span word = take_bytes(c, ends);
	return word.n == 0 ? NULL : utf8_lower(c->arena, word.p, word.n);
}

static const char *take_value(struct scan *c)
{
	const char *word = next_is(c, '"') ? take_quoted(c) : take_word(c, "");
	if (word != NULL && next_is(c, '"')) /* local"part"@… */
		word = arena_printf(c->arena, "%s%s", word, take_quoted(c));
	if (word != NULL && next_is(c, '@')) { /* "quoted local part"@example.org */
		const char *rest = take_word(c, "");
		word = arena_printf(c->arena, "%s%s", word, rest == NULL ? "" : rest);
	}
	return word;
}

/* "smtp.mailfrom= smtp.helo=x": the next word is a property, not the value. */
static bool is_empty_value(const struct scan *c)
{
	size_t n = 0;
	bool dot = false;
	if (c->s.n == 0 || next_is(c, ';'))
		return true;
	if (c->s.p[0] != ' ' && c->s.p[0] != '\t')
		return false;
	struct span word = span_trim(c->s);
	while (n < word.n && (isalnum((unsigned char)word.p[n]) || word.p[n] == '.' || word.p[n] == '-' || word.p[n] == '_'))
		dot = dot || word.p[n] == '.', n++;
	return word.n == 0 || word.p[0] == ';' || (dot && n < word.n && word.p[n] == '=');
}

/* A '.' or '/' stands before or behind the blanks or the comment. */
static bool goes_on(const struct scan *c, const struct str *name)
{
	return next_is(c, '.') || next_is(c, '/') || strchr("./", name->p[name->n - 1]) != NULL;
}

/* In lower case; blanks and comments may stand around the dot of ptype.property and the slash of a version. NULL when there is none. */
static const char *take_name(struct scan *c)
{
	struct str name = {.max = 2 * VALUE_MAX};
	struct span more;
	do {
		more = take_bytes(c, "=");
		str_span(&name, more);
		skip_cfws(c);
	} while (more.n > 0 && name.n < VALUE_MAX && !next_is(c, '=') && goes_on(c, &name));
	const char *all = name.n == 0 ? NULL : utf8_lower(c->arena, name.p, name.n);
	str_release(&name);
	return all;
}

/* name CFWS "=" CFWS value */
static bool take_pair(struct scan *c, const char **name, const char **value)
{
	*name = take_name(c);
	if (*name == NULL || !next_is(c, '='))
		return false;
	c->s = span_skip(c->s, 1);
	bool empty = is_empty_value(c);
	skip_cfws(c);
	*value = empty ? "" : take_value(c);
	skip_cfws(c);
	return *value != NULL;
}

/* "dkim/1" is the method dkim, version 1. */
static const char *without_version(struct arena *arena, const char *method)
{
	const char *slash = strchr(method, '/');
	return slash == NULL ? method : arena_strndup(arena, method, (size_t)(slash - method));
}

/* One resinfo: method=result and its properties, up to ';'. 1, 0 for "none", -1 broken. */
static int take_result(struct scan *c, struct auth_result *out)
{
	const char *name, *value;
	*out = (struct auth_result){0};
	if (c->s.n >= 4 && strncasecmp(c->s.p, "none", 4) == 0) {
		struct scan after = {span_skip(c->s, 4), c->arena, false};
		skip_cfws(&after);
		if (after.s.n == 0 || next_is(&after, ';')) {
			c->s = after.s;
			return 0;
		}
	}
	if (!take_pair(c, &name, &value) || value[0] == '\0')
		return -1;
	out->method = without_version(c->arena, name);
	out->result = value;
	while (c->s.n > 0 && !next_is(c, ';')) {
		if (!take_pair(c, &name, &value))
			return -1;
		if (out->n_props < PROPS_MAX)
			*ARENA_PUSH(c->arena, out->props, out->n_props) = (struct auth_prop){name, value};
	}
	return 1;
}

/* authserv-id [version] *(";" resinfo) */
bool stamp_parse(struct arena *arena, const char *value, struct stamp *out)
{
	struct scan c = {span_of(value), arena, false};
	struct auth_result result;
	*out = (struct stamp){0};
	skip_cfws(&c);
	out->authserv = next_is(&c, '"') ? take_quoted(&c) : take_word(&c, "=");
	if (out->authserv == NULL || c.broken)
		return false;
	skip_cfws(&c);
	if (c.s.n > 0 && !next_is(&c, ';') && (take_word(&c, "=") == NULL || next_is(&c, '='))) /* the version */
		return false;
	skip_cfws(&c);
	while (next_is(&c, ';')) {
		c.s = span_skip(c.s, 1);
		skip_cfws(&c);
		if (c.s.n == 0 || next_is(&c, ';'))
			continue;
		int taken = take_result(&c, &result);
		if (taken < 0 || c.broken)
			return false;
		if (taken > 0 && out->n < STAMP_RESULTS)
			*ARENA_PUSH(arena, out->results, out->n) = result;
	}
	return c.s.n == 0 && !c.broken;
}
