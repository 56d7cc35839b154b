#include "gateway/mail/robots.h"

#include <ctype.h>

#define PATH_MAX_LOOKED 2048 /* of a path and of a pattern: their product is what matching may cost */

/* ---- the file */

enum word { WORD_OTHER, WORD_AGENT, WORD_ALLOW, WORD_DISALLOW };

/* key: value # comment. Other keys (sitemap, crawl-delay) are no part of a group and do not end one (2.2.4). */
static enum word take_line(struct span line, struct span *value)
{
	struct span key = {"", 0};
	const char *comment = memchr(line.p, '#', line.n);
	if (comment != NULL)
		line.n = (size_t)(comment - line.p);
	if (memchr(line.p, ':', line.n) == NULL)
		return WORD_OTHER;
	span_until(&line, ':', &key);
	key = span_trim(key);
	*value = span_trim(line);
	return span_eq_nocase(key, "user-agent") ? WORD_AGENT : span_eq_nocase(key, "allow") ? WORD_ALLOW : span_eq_nocase(key, "disallow") ? WORD_DISALLOW : WORD_OTHER;
}

/* "plnpost/1.0" is our name with a version: a product token is letters, _ and - only. */
static bool is_agent(struct span value, const char *agent)
{
	size_t n = 0;
	while (n < value.n && (isalpha((unsigned char)value.p[n]) || value.p[n] == '_' || value.p[n] == '-' || value.p[n] == '*'))
		n++;
	return span_eq_nocase((struct span){value.p, n}, agent);
}

static bool is_plain(unsigned char c)
{
	return isalnum(c) || strchr("-._~", c) != NULL;
}

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* One form for what 2.2.2 calls the same: letters and digits unescaped, other escapes in capitals, bytes beyond ASCII escaped. */
static void put_folded(struct span s, struct str *out)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool escape = c == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0;
		if (escape) {
			c = (unsigned char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
			i += 2;
		}
		if (is_plain(c) || (!escape && c > ' ' && c < 0x7f))
			str_putc(out, (char)c);
		else
			str_printf(out, "%%%02X", c);
	}
}

/* The lines of the groups that name agent; answers whether there is one. A group begins with the first user-agent line after a rule. */
static bool take_groups(struct span file, const char *agent, struct str *out)
{
	struct span line, value = {"", 0};
	bool ours = false, in_names = false, any = false;
	while (span_line(&file, &line)) {
		enum word word = take_line(line, &value);
		if (word == WORD_AGENT) {
			ours = (in_names && ours) || is_agent(value, agent);
			any = any || ours;
			in_names = true;
		} else if (word != WORD_OTHER) {
			in_names = false;
			if (!ours || value.n == 0 || value.n > PATH_MAX_LOOKED)
				continue;
			str_putc(out, word == WORD_ALLOW ? '+' : '-');
			put_folded(value, out);
			str_putc(out, '\n');
		}
	}
	return any;
}

void robots_take(struct span file, const char *agent, struct str *out)
{
	if (span_starts(file, "\xef\xbb\xbf"))
		file = span_skip(file, 3);
	if (!take_groups(file, agent, out))
		take_groups(file, "*", out);
	while (out->cut && out->n > 0 && out->p[out->n - 1] != '\n')
		out->n--; /* half a rule would forbid more than it says */
}

/* ---- the rules */

/* Whether pattern matches the beginning of path: * is any run, $ at the end is the path's end. Only the last * is tried again. */
static bool matches(struct span pattern, struct span path)
{
	size_t p = 0, s = 0, star = SIZE_MAX, from = 0;
	bool end = pattern.n > 0 && pattern.p[pattern.n - 1] == '$';
	pattern.n -= end;
	for (;;) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = s;
		} else if (p == pattern.n && (!end || s == path.n)) {
			return true;
		} else if (p < pattern.n && s < path.n && pattern.p[p] == path.p[s]) {
			p++;
			s++;
		} else if (star != SIZE_MAX && from < path.n) {
			p = star + 1;
			s = ++from;
		} else {
			return false;
		}
	}
}

bool robots_allow(struct span rules, struct span path_and_query)
{
	struct str path = {.max = 3 * PATH_MAX_LOOKED};
	struct span line;
	size_t most = 0;
	bool allowed = true;
	put_folded(path_and_query.n > PATH_MAX_LOOKED ? (struct span){path_and_query.p, PATH_MAX_LOOKED} : path_and_query, &path);
	while (span_until(&rules, '\n', &line)) {
		struct span pattern = span_skip(line, 1);
		bool allows = line.p[0] == '+';
		if (pattern.n < most || (pattern.n == most && !allows) || !matches(pattern, (struct span){str_c(&path), path.n}))
			continue;
		most = pattern.n;
		allowed = allows;
	}
	str_release(&path);
	return allowed;
}
