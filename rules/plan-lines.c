#include "rules/plan-said.h"
#include "rules/plan-words.h"
#include "rules/said-parts.h"

/* A plan's text line by line: what is quoted, behind the sign-off, or a greeting is no part of it. */

#define LINES_MAX 4000

static bool is_greeting(struct span line, struct arena *arena)
{
	static const char *const hellos[] = {" hi ", " hello ", " dear ", " hey ", " good morning ", " good afternoon ", " hallo ", " guten tag ", " guten morgen ",
	                                     " liebe ", " lieber ", " sehr geehrte", " bonjour ", " salut ", " cher ", " chere ", " hola ", " buenos dias ", " buenas tardes ",
	                                     " estimad", " querid", " moin "};
	if (line.n == 0 || line.n > 60 || strchr(".:;?", line.p[line.n - 1]) != NULL)
		return false;
	const char *plain = plain_text(arena, line);
	size_t words = 0;
	for (const char *p = plain + 1; *p != '\0'; p++)
		words += *p == ' ';
	for (size_t i = 0; words <= 6 && i < sizeof hellos / sizeof *hellos; i++)
		if (strncmp(plain, hellos[i], strlen(hellos[i])) == 0)
			return true;
	return false;
}

/* "Here is my plan for the year." says nothing of it. */
static bool is_opening(struct span line, struct arena *arena)
{
	static const char *const here[] = {" here is ", " here s ", " here comes ", " this is ", " below is ", " hier ist ", " hier kommt ", " voici ", " aqui esta ", " aqui va "};
	if (line.n > 80)
		return false;
	const char *plain = plain_text(arena, line);
	for (size_t i = 0; i < sizeof here / sizeof *here; i++)
		if (strncmp(plain, here[i], strlen(here[i])) == 0)
			return strstr(plain, " plan ") != NULL && strchr(".!:", line.p[line.n - 1]) != NULL && memchr(line.p, '.', line.n - 1) == NULL;
	return false;
}

/* "-----" under a heading. */
static bool is_underline(struct span line, const struct plan_lines *before)
{
	if (line.n < 3 || before->n == 0 || before->v[before->n - 1].n == 0 || before->v[before->n - 1].n > 60)
		return false;
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != line.p[0] || strchr("-=_~", line.p[i]) == NULL)
			return false;
	return true;
}

/* "Thanks for reading!", and a name below it, are no part of a plan. */
static void drop_thanks(struct plan_lines *lines, struct arena *arena)
{
	static const char *const thanks[] = {" thanks ", " thank you ", " many thanks ", " danke ", " vielen dank ", " merci ", " gracias ", " muchas gracias ", " looking forward "};
	size_t words = 0;
	for (size_t i = lines->n; i > 0 && words < 3; i--) {
		struct span line = lines->v[i - 1];
		if (line.n == 0)
			continue;
		words++;
		if (line.n > 60)
			return;
		const char *plain = plain_text(arena, line);
		for (size_t k = 0; k < sizeof thanks / sizeof *thanks; k++)
			if (strncmp(plain, thanks[k], strlen(thanks[k])) == 0) {
				lines->n = i - 1;
				return;
			}
	}
}

/* The line without #plan and #pln; other hashtags are words. */
static struct span without_tag(struct span line, struct arena *arena)
{
	static const char *const tags[] = {"#plan", "#pln", "\xef\xbc\x83plan"};
	if (memchr(line.p, '#', line.n) == NULL && memchr(line.p, '\xef', line.n) == NULL)
		return line;
	struct str out = {.max = line.n + 1};
	for (size_t i = 0; i < line.n;) {
		size_t cut = 0;
		for (size_t k = 0; k < sizeof tags / sizeof *tags; k++) {
			size_t n = strlen(tags[k]);
			bool ends = i + n == line.n || (i + n < line.n && strchr(" \t.,:;!?)", line.p[i + n]) != NULL);
			if (ends && i + n <= line.n && strncasecmp(line.p + i, tags[k], n) == 0 && (i == 0 || line.p[i - 1] == ' '))
				cut = n;
		}
		if (cut == 0)
			str_putc(&out, line.p[i]);
		i += cut == 0 ? 1 : cut;
	}
	struct span kept = span_trim(span_of(arena_strndup(arena, str_c(&out), out.n)));
	str_release(&out);
	return kept;
}

void plan_lines_of(struct plan_lines *out, const char *own, bool greeting, struct arena *arena)
{
	struct span rest = span_of(own), line;
	bool any = false;
	*out = (struct plan_lines){0};
	rest.n = utf8_prefix(rest.p, rest.n, PLAN_OWN_MAX);
	while (out->n < LINES_MAX && span_line(&rest, &line)) {
		line = span_trim(line);
		struct arena scratch = {0};
		bool under = is_underline(line, out);
		bool stop = !under && line.n < 200 && is_sign_off(said_fold(line, &scratch), rest);
		bool skip = under || (line.n > 0 && line.p[0] == '>') || (greeting && !any && (is_greeting(line, &scratch) || is_opening(line, &scratch)));
		arena_release(&scratch);
		if (stop)
			break;
		if (skip)
			continue;
		line = without_tag(line, arena);
		any = any || line.n > 0;
		*ARENA_PUSH(arena, out->v, out->n) = line;
	}
	if (greeting)
		drop_thanks(out, arena);
}

const char *plan_prose_of(const struct plan_lines *lines, struct arena *arena)
{
	struct str out = {.max = PLAN_OWN_MAX};
	for (size_t i = 0; i < lines->n; i++) {
		bool again = lines->v[i].n == 0 && (out.n == 0 || (i > 0 && lines->v[i - 1].n == 0));
		if (again)
			continue;
		str_span(&out, lines->v[i]);
		str_putc(&out, '\n');
	}
	struct span kept = span_trim((struct span){str_c(&out), out.n});
	const char *prose = kept.n == 0 ? "" : arena_strndup(arena, kept.p, kept.n);
	str_release(&out);
	return prose;
}
