#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

#include "rules/ruleset.h"

/* A ruleset as text, and what it makes of one mail. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct link links[] = {{"https://www.edutopia.org/a", "", "", WHERE_OWN, ROLE_CONTENT}};
static struct attachment files[] = {{"certificate.pdf", "application/pdf", 10}};

static void use(const struct ruleset *rs, struct arena *arena)
{
	struct reading r = {.subject = "Exit tickets #pln", .from = {"Ana Lee", "ana@school.org"}, .own = "Lab notebooks, 20m yesterday #talk", .quoted = "", .text = "Exit tickets\nare short", .links = links,
	                    .n_links = 1, .attachments = files, .n_attachments = 1, .date_day = 20778};
	struct person person = {.id = 1};
	struct rule_row *rows;
	struct verdict v;
	said_parse(&r.said, &(struct said_input){r.subject, NULL, r.own, 20778, false}, arena);
	ruleset_match(rs, &r, arena);
	ruleset_judge(rs, &r, &(struct judged){&person, true, ANSWERS_NOTHING, false}, arena, &v);
	if (v.why == NULL || v.action >= ACTION_COUNT || (v.action == ACTION_LOG && v.credited < 0))
		abort();
	ruleset_rows(rs, arena, &rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static bool ready;
	struct arena arena = {0};
	struct err err = {0};
	if (!ready)
		ready = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
	struct ruleset *rs = ruleset_parse("fuzz", (struct span){(const char *)data, n}, &err);
	if (rs == NULL && err.text[0] == '\0')
		abort();
	if (rs != NULL)
		use(rs, &arena);
	ruleset_close(rs);
	arena_release(&arena);
	return 0;
}
