#include "tests/fuzz/fuzz-body.h"

/* Plain text in all its forms. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_text(const char *text, size_t n, struct arena *arena, struct body *body)
{
	text_read(&(struct part){.text = span_of(text), .flowed = n % 5 < 2, .delsp = n % 5 == 1}, arena, body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	fuzz_body(data, n, read_text);
	return 0;
}
