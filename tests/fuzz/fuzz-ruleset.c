#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

#include "rules/ruleset.h"

/* A ruleset as text, and what it makes of one mail. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct link links[] = {{"https://www.edutopia.org/a", "", "", WHERE_OWN, ROLE_CONTENT}};
static struct attachment files[] = {{"certificate.pdf", "application/pdf", 10, {"", 0}}};

static int used(void *ctx, const struct cap *cap, int32_t from, int32_t to)
{
	(void)cap;
	if (from >= to)
		abort();
	return *(const int *)ctx;
}

static int outside(void *ctx, int32_t from, int32_t to)
{
	return used(ctx, NULL, from, to);
}

/* Whatever is asked of whomever: nothing below zero, nothing above the year's cap, and always a reason. */
static void credit(const struct ruleset *rs, struct arena *arena)
{
	static const int sums[] = {0, 59, 1000000, INT32_MAX};
	static const struct plan plan = {.parts = {"", "exit tickets", ""}, .goal_words = ""};
	for (int i = 0; i < PERSON_ROLE_COUNT * 8; i++) {
		int sum = sums[i % 4];
		struct terms terms;
		struct grant g = {0};
		struct claim_facts facts = {.today = 20778 + i % 3 * 200, .first_time = i % 2 == 0, .used = used, .outside = outside, .ctx = &sum, .role = (enum person_role)(i / 8),
		                            .joined = i % 4 == 1 ? 20700 : 0, .reopened_until = i % 5 == 0 ? 20900 : 0, .plan = i % 2 == 0 ? &plan : NULL, .shared = i % 3, .entries = i};
		struct entry e = {.title = "Exit tickets", .note = "", .kind = (enum entry_kind)(i % KIND_COUNT), .day = 20770, .minutes = i % 7 == 0 ? MINUTES_NONE : i * 37,
		                  .starred = i % 2 == 1, .is_private = i % 3 == 1, .attachment = i % 5 == 2, .n_links = i % 2 == 0 ? 1 : 0};
		ruleset_credit(rs, &e, &facts, arena, &g);
		ruleset_terms(rs, facts.role, facts.joined, e.day, arena, &terms);
		if (g.credited < 0 || g.reason[0] == '\0' || g.took == NULL || g.cause == NULL || g.flag == NULL || (terms.pln_cap > 0 && g.credited > terms.pln_cap))
			abort();
	}
}

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
	credit(rs, arena);
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
