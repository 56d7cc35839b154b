/* What must hold for every letter, whatever it says. Included behind cmocka.h. */
#ifndef TESTS_DIGEST_CHECK_H
#define TESTS_DIGEST_CHECK_H

#include "digest/letters.h"

#define CLIPPED (102 * 1024) /* where Gmail cuts a message */

static inline size_t count_of(const char *text, const char *what)
{
	size_t n = 0;
	for (const char *p = text; (p = strstr(p, what)) != NULL; p += strlen(what))
		n++;
	return n;
}

/* Nothing is loaded, nothing runs, every link is a web or mail address. */
static inline void check_resources(const char *html)
{
	static const char *const never[] = {"<script", "<img", "<link", "<iframe", "<object", "<form", "<base", "src=", "url(", "@import", "javascript:", "onerror=\"", "onclick=\"", "background=\""};
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (strcasestr(html, never[i]) != NULL)
			fail_msg("the HTML holds %s", never[i]);
	for (const char *p = html; (p = strstr(p, "href=\"")) != NULL; p += 6)
		if (strncasecmp(p + 6, "https://", 8) != 0 && strncasecmp(p + 6, "http://", 7) != 0 && strncmp(p + 6, "mailto:", 7) != 0)
			fail_msg("a link leads to %.40s", p + 6);
}

static inline void check_structure(const char *html)
{
	static const char *const paired[] = {"table", "tr", "td", "p", "div", "span", "a", "b", "h1", "h2", "style", "html", "body", "head"};
	for (size_t i = 0; i < sizeof paired / sizeof *paired; i++) {
		char open[16], bare[16], close[16];
		snprintf(open, sizeof open, "<%s ", paired[i]);
		snprintf(bare, sizeof bare, "<%s>", paired[i]);
		snprintf(close, sizeof close, "</%s>", paired[i]);
		if (count_of(html, open) + count_of(html, bare) != count_of(html, close))
			fail_msg("<%s> is not closed as often as opened", paired[i]);
	}
	assert_int_equal(count_of(html, "<table "), count_of(html, "<table role=\"presentation\""));
	assert_non_null(strstr(html, "<html lang=\"en\""));
	assert_non_null(strstr(html, "name=\"color-scheme\""));
	assert_non_null(strstr(html, "prefers-color-scheme: dark"));
	assert_null(strstr(html, "{{"));
	assert_null(strstr(html, "style=\"\""));
	if (strlen(html) > CLIPPED)
		fail_msg("the HTML has %zu bytes", strlen(html));
	assert_true(utf8_valid(html, strlen(html)));
}

/* Lines of at most 72 columns, but where a word (an address, say) is too long to share a line. */
static inline void check_lines(const char *text)
{
	struct span rest = span_of(text), line, word;
	while (span_until(&rest, '\n', &line)) {
		struct span words = line;
		size_t longest = 0;
		while (span_until(&words, ' ', &word))
			longest = utf8_columns(word.p, word.n) > longest ? utf8_columns(word.p, word.n) : longest;
		if (utf8_columns(line.p, line.n) > 72 && longest < 50)
			fail_msg("too long: %.*s", SPAN_ARG(line));
		if (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t') && !span_eq(line, "-- "))
			fail_msg("blanks at the end of: %.*s", SPAN_ARG(line));
	}
}

static inline void check_controls(const char *text, bool lines)
{
	for (const char *p = text, *end = text + strlen(text); p < end;) {
		uint32_t c = utf8_next(&p, end);
		if ((c < 0x20 && !(lines && (c == '\n' || c == '\t'))) || c == 0x7f || (c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
			fail_msg("holds the character %#x", (unsigned)c);
	}
}

static inline void check_letter(const struct letter *l)
{
	check_resources(l->html);
	check_structure(l->html);
	check_lines(l->text);
	check_controls(l->text, true);
	check_controls(l->html, true);
	check_controls(l->subject, false);
	assert_true(l->subject[0] != '\0');
	assert_null(strstr(l->text, "\n\n\n"));
	assert_null(strstr(l->text, "{{"));
	assert_true(l->text[0] != '\0' && l->text[0] != '\n');
}

#endif
