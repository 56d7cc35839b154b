/* Texts against golden/NAME.ENDING; PLN_GOLDEN=write takes them anew. Included behind cmocka.h. */
#ifndef TESTS_DIGEST_GOLDEN_H
#define TESTS_DIGEST_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>

#include "digest/letters.h"
#include "rules/str.h"

static inline void golden_is(const char *name, const char *text)
{
	char path[512], bytes[4096];
	struct str want = {.max = 4 << 20};
	snprintf(path, sizeof path, "%s/tests/digest/golden/%s", PLN_SOURCE, name);
	FILE *file = fopen(path, getenv("PLN_GOLDEN") != NULL ? "wb" : "rb");
	if (file == NULL)
		fail_msg("there is no %s", path);
	if (getenv("PLN_GOLDEN") != NULL)
		fputs(text, file);
	for (size_t n; getenv("PLN_GOLDEN") == NULL && (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
		str_add(&want, bytes, n);
	fclose(file);
	if (getenv("PLN_GOLDEN") == NULL && strcmp(text, str_c(&want)) != 0) {
		size_t at = 0;
		while (text[at] != '\0' && text[at] == str_c(&want)[at])
			at++;
		size_t from = at < 60 ? 0 : at - 60;
		fail_msg("%s is not as in golden/: at byte %zu\n  got:  %.120s\n  want: %.120s", name, at, text + from, str_c(&want) + from);
	}
	str_release(&want);
}

/* NAME.txt: subject line, empty line, text; NAME.html. */
static inline void golden_letter(struct arena *arena, const char *name, const struct letter *letter)
{
	golden_is(arena_printf(arena, "%s.txt", name), arena_printf(arena, "Subject: %s\n\n%s", letter->subject, letter->text));
	golden_is(arena_printf(arena, "%s.html", name), letter->html);
}

#endif
