#include "tests/fuzz/fuzz-body.h"

/* A page. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_page(const char *text, size_t n, struct arena *arena, struct body *body)
{
	(void)n;
	html_read(span_of(text), arena, body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	fuzz_body(data, n, read_page);
	return 0;
}
