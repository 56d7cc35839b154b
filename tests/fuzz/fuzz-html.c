#include "gateway/read/html.h"
#include "tests/fuzz/fuzz-body.h"
#include "tests/same-body.h"

/* A page; the same when libxml2 reads all of its words itself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_page(const char *text, size_t n, struct arena *arena, struct body *body)
{
	struct body slowly;
	(void)n;
	html_read(span_of(text), arena, body);
	html_page_read(span_of(text), false, arena, &slowly);
	if (body_difference(body, &slowly) != NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	fuzz_body(data, n, read_page);
	return 0;
}
