#include <locale.h>
#include <stdlib.h>

#include "gateway/read/mime.h"
#include "gateway/read/rtf.h"

/* A winmail.dat, and the same bytes as RTF. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = {0};
	struct tnef tnef;
	struct span bytes = {(const char *)data, n};
	tnef_read(bytes, &arena, &tnef);
	for (size_t i = 0; i < tnef.n_files; i++)
		if (!utf8_valid(tnef.files[i].filename, strlen(tnef.files[i].filename)) || !utf8_valid(tnef.files[i].type, strlen(tnef.files[i].type)))
			abort();
	const char *text = rtf_text(&arena, bytes);
	if (!utf8_valid(text, strlen(text)))
		abort();
	arena_release(&arena);
	return 0;
}
