#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/pattern.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 10000
#define HEAP_LIMIT_KIB 8192

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
};

static const uint32_t form_options[] = {
	[PATTERN_WORDS] = PCRE2_LITERAL | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF,
	[PATTERN_REGEX] = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_MULTILINE,
};

static pcre2_code *compile(struct span source, uint32_t options, struct pattern_error *error)
{
	int code = 0;
	PCRE2_SIZE offset = 0;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)source.p, source.n, options, &code, &offset, NULL);
	if (compiled != NULL)
		return compiled;
	error->offset = offset;
	if (pcre2_get_error_message(code, (PCRE2_UCHAR *)error->why, sizeof error->why) < 0)
		snprintf(error->why, sizeof error->why, "error %d", code);
	return NULL;
}

struct pattern *pattern_compile(struct span source, enum pattern_form form, bool caseless, struct pattern_error *error)
{
	pcre2_code *code = compile(source, form_options[form] | (caseless ? PCRE2_CASELESS : 0), error);
	if (code == NULL)
		return NULL;
	struct pattern *p = calloc(1, sizeof *p);
	if (p == NULL)
		abort();
	p->code = code;
	p->match = pcre2_match_data_create_from_pattern(code, NULL);
	p->context = pcre2_match_context_create(NULL);
	if (p->match == NULL || p->context == NULL)
		abort();
	pcre2_set_match_limit(p->context, MATCH_LIMIT);
	pcre2_set_depth_limit(p->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(p->context, HEAP_LIMIT_KIB);
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* not on this machine, or not in this cage: it is interpreted */
	return p;
}

void pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	pcre2_match_data_free(p->match);
	pcre2_match_context_free(p->context);
	pcre2_code_free(p->code);
	free(p);
}

int pattern_match(const struct pattern *p, struct span subject)
{
	size_t n = utf8_prefix(subject.p, subject.n, PATTERN_SUBJECT_MAX);
	int count = pcre2_match(p->code, (PCRE2_SPTR)(n == 0 ? "" : subject.p), n, 0, 0, p->match, p->context);
	return count >= 0 ? 1 : count == PCRE2_ERROR_NOMATCH ? 0 : -1;
}
