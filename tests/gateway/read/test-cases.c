#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/file.h"
#include "gateway/read/read.h"

/* Golden mails: tests/cases/NAME.eml with NAME.want. Each line of a .want must stand in what explain --json says (\n is a
 * line end in a text); a line that begins with '!' must not. */

static void unescape(struct span line, struct str *out)
{
	str_clear(out);
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '\\' && i + 1 < line.n && line.p[i + 1] == 'n') {
			str_puts(out, "\\u000a");
			i++;
		} else {
			str_putc(out, line.p[i]);
		}
}

static int check(const char *name, const struct str *json, const struct str *want)
{
	struct span rest = {str_c(want), want->n}, line;
	struct str fragment = {0};
	int wrong = 0;
	while (span_line(&rest, &line)) {
		bool absent = line.n > 0 && line.p[0] == '!';
		unescape(span_skip(line, absent), &fragment);
		if (fragment.n == 0 || (strstr(str_c(json), str_c(&fragment)) == NULL) == absent)
			continue;
		print_error("%s: %s %s\n", name, absent ? "should not say" : "does not say", str_c(&fragment));
		wrong++;
	}
	if (wrong > 0)
		print_error("%s\n", str_c(json));
	str_release(&fragment);
	return wrong;
}

static int run_case(const char *name)
{
	struct str raw = {0}, want = {0}, json = {.max = (size_t)64 << 20};
	struct arena arena = {0};
	struct reading reading;
	struct err err;
	const char *stem = arena_printf(&arena, "%s/tests/cases/%.*s", PLN_SOURCE, (int)(strlen(name) - strlen(".eml")), name);
	int wrong = 1;
	if (file_read(arena_printf(&arena, "%s.eml", stem), &raw, &err) < 0 || file_read(arena_printf(&arena, "%s.want", stem), &want, &err) < 0) {
		print_error("%s\n", err.text);
	} else {
		read_mail(&(struct read_options){0}, (struct span){str_c(&raw), raw.n}, &arena, &reading);
		reading_json(&json, name, &reading, NULL);
		wrong = check(name, &json, &want);
	}
	str_release(&raw);
	str_release(&want);
	str_release(&json);
	arena_release(&arena);
	return wrong;
}

static int is_mail(const struct dirent *e)
{
	return span_ends_nocase(span_of(e->d_name), ".eml");
}

static void test_golden_mails(void **state)
{
	(void)state;
	struct dirent **list;
	int n = scandir(PLN_SOURCE "/tests/cases", &list, is_mail, alphasort), wrong = 0;
	assert_true(n >= 25);
	for (int i = 0; i < n; i++) {
		wrong += run_case(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	assert_int_equal(wrong, 0);
}

/* The last cell of each row of ODDITIES.md names golden mails, and every golden mail stands in one. */
static size_t golden_names(struct span text, struct str *names)
{
	size_t n = 0;
	struct span line, name;
	while (span_line(&text, &line)) {
		const char *cell = line.n < 3 || line.p[0] != '|' ? NULL : memrchr(line.p, '|', line.n - 2);
		struct span rest = {cell == NULL ? "" : cell + 1, cell == NULL ? 0 : (size_t)(line.p + line.n - 2 - cell)};
		bool heading = span_eq(span_trim(rest), "mail") || span_starts(rest, "-");
		while (!heading && span_until(&rest, ',', &name)) {
			str_printf(names, " %.*s ", SPAN_ARG(span_trim(name)));
			n++;
		}
	}
	return n;
}

static void test_oddities_have_mails(void **state)
{
	(void)state;
	struct str list = {0}, names = {0};
	struct arena arena = {0};
	struct err err;
	struct dirent **mails;
	int n = scandir(PLN_SOURCE "/tests/cases", &mails, is_mail, alphasort);
	assert_int_equal(file_read(PLN_SOURCE "/gateway/read/ODDITIES.md", &list, &err), 0);
	size_t named = golden_names((struct span){list.p, list.n}, &names);
	for (int i = 0; i < n; i++) {
		const char *name = arena_printf(&arena, " %.*s ", (int)(strlen(mails[i]->d_name) - strlen(".eml")), mails[i]->d_name);
		if (strstr(str_c(&names), name) == NULL)
			fail_msg("no row of ODDITIES.md names%s", name);
		free(mails[i]);
	}
	free(mails);
	assert_int_equal(named, n); /* each once, and none that there is not */
	str_release(&list);
	str_release(&names);
	arena_release(&arena);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden_mails), cmocka_unit_test(test_oddities_have_mails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
